() => {
  const parse = (text) => {
    const found = text.match(/[\d.]+/g);
    return found ? found.map(Number) : [0, 0, 0, 0];
  };
  const light = (rgb) => {
    const part = rgb.slice(0, 3).map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * part[0] + 0.7152 * part[1] + 0.0722 * part[2];
  };
  const ratio = (a, b) => {
    const [low, high] = [light(a), light(b)].sort((x, y) => x - y);
    return (high + 0.05) / (low + 0.05);
  };
  // What lies behind an element: the nearest grounds that are not see-through; a gradient counts with all its colours.
  const grounds = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.backgroundImage !== "none") return style.backgroundImage.match(/rgba?\([^)]*\)/g).map(parse);
      const ground = parse(style.backgroundColor);
      if (ground.length === 3 || ground[3] > 0) return [ground];
    }
    return [[255, 255, 255]];
  };
  const poor = [];
  let texts = 0;
  const check = (what, ink, behind, size, weight) => {
    texts += 1;
    const enough = size >= 24 || (size >= 18.66 && weight >= 700) ? 3 : 4.5;
    const worst = Math.min(...behind.map((ground) => ratio(ink, ground)));
    if (worst < enough) poor.push(`${worst.toFixed(2)} ${what.slice(0, 80)}`);
  };
  for (const element of document.querySelectorAll("body *")) {
    if (!element.getClientRects().length || element.closest(".away")) continue;
    const style = getComputedStyle(element);
    const size = parseFloat(style.fontSize);
    const own = [...element.childNodes].filter((n) => n.nodeType === 3).map((n) => n.data).join("").trim();
    if (element.closest("svg")) {
      if (element.tagName === "text") check(own, parse(style.fill), [parse(getComputedStyle(element.previousElementSibling).fill)], size, +style.fontWeight);
      continue;
    }
    if (own) check(own, parse(style.color), grounds(element), size, +style.fontWeight);
    for (const where of ["::before", "::after"]) {
      const made = getComputedStyle(element, where);
      if (made.content === "none" || made.content === "normal") continue;
      const ground = parse(made.backgroundColor);
      const behind = ground.length === 3 || ground[3] > 0 ? [ground] : grounds(element);
      check(made.content, parse(made.color), behind, parseFloat(made.fontSize), +made.fontWeight);
    }
  }
  return { texts, poor };
}
