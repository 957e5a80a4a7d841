"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const [a, b, form, found, status] = ["a", "b", "two", "found", "status"].map((id) => document.getElementById(id));
  const DRAWS = 10000, SEED = 12345, FEWEST = 5, FLAT_SHARE = 0.005, SCALE = 1000, NONE = -1;
  const DIMENSIONS = ["Empathy", "Depersonalization", "Excuse avoidance"];
  const place = new Map(data.names.map((name, i) => [name, i]));

  // ---- statistics, as in amends.statistics.clusters, a scenario a cluster of size 1

  function random(seed) { // mulberry32: the same numbers in every browser
    let state = seed >>> 0;
    return () => {
      state = (state + 0x6d2b79f5) >>> 0;
      let t = state;
      t = Math.imul(t ^ (t >>> 15), t | 1);
      t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
      return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    };
  }

  const drawn = new Map();
  function draws(n) {
    if (!drawn.has(n)) {
      const next = random(SEED), made = new Uint16Array(DRAWS * n);
      for (let i = 0; i < made.length; i += 1) made[i] = Math.floor(next() * n);
      drawn.set(n, made);
    }
    return drawn.get(n);
  }

  const weighed = new Map();
  function weights(n) {
    if (!weighed.has(n)) {
      const next = random(SEED), made = new Float64Array(DRAWS * n);
      for (let i = 0; i < made.length; i += 1) made[i] = -Math.log(1 - next());
      weighed.set(n, made);
    }
    return weighed.get(n);
  }

  const quantile = (sorted, q) => sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)];

  function bounded(x, limits) { // Gaffke 2005: Dirichlet weights on the values and one at the scale's end
    const n = x.length, w = weights(n + 1), low = new Float64Array(DRAWS), high = new Float64Array(DRAWS);
    for (let r = 0, at = 0; r < DRAWS; r += 1) {
      const added = w[at]; at += 1;
      let sum = 0, whole = added;
      for (let i = 0; i < n; i += 1, at += 1) { sum += w[at] * x[i]; whole += w[at]; }
      low[r] = (sum + added * limits[0]) / whole;
      high[r] = (sum + added * limits[1]) / whole;
    }
    return [quantile(low.sort(), 0.025), quantile(high.sort(), 0.975)];
  }

  function estimate(x, limits) {
    const n = x.length;
    if (!n) return { n, value: null };
    const mean = x.reduce((s, v) => s + v, 0) / n;
    if (n < FEWEST) return { n, value: mean, low: null };
    const centred = Float64Array.from(x, (v) => v - mean);
    const squares = centred.reduce((s, v) => s + v * v, 0);
    const error = Math.sqrt(squares / (n * (n - 1)));
    if (error < 1e-12) { const [low, high] = bounded(x, limits); return { n, value: mean, low, high, method: "gaffke" }; }
    const picked = draws(n), t = new Float64Array(DRAWS);
    let flat = 0;
    for (let r = 0, at = 0; r < DRAWS; r += 1) {
      let sum = 0, square = 0;
      for (let i = 0; i < n; i += 1, at += 1) { const v = centred[picked[at]]; sum += v; square += v * v; }
      const off = sum / n, left = square - n * off * off;
      if (left <= 1e-12 * square || left <= 0) { flat += 1; t[r] = Math.abs(off) < 1e-6 ? 0 : Math.sign(off) * Infinity; }
      else t[r] = off / Math.sqrt(left / (n * (n - 1)));
    }
    if (flat / DRAWS > FLAT_SHARE) { const [low, high] = bounded(x, limits); return { n, value: mean, low, high, method: "gaffke" }; }
    t.sort();
    const low = Math.max(limits[0], mean - quantile(t, 0.975) * error);
    const high = Math.min(limits[1], mean - quantile(t, 0.025) * error);
    return { n, value: mean, low, high, method: "cluster-t" };
  }

  function differences(first, second, d) {
    const pick = (m) => [first[3 * d + m], second[3 * d + m]];
    const both = ([x, y]) => x.map((v, i) => [v, y[i]]).filter(([v, w]) => v !== NONE && w !== NONE);
    const gap = (m) => both(pick(m)).map(([v, w]) => (w - v) / SCALE);
    const means = both(pick(2));
    return [
      { name: "B better", about: "share of scenarios, a tie half", unit: "share", middle: 0.5, good: 1, limits: [0, 1],
        ...estimate(means.map(([v, w]) => (w > v ? 1 : w < v ? 0 : 0.5)), [0, 1]) },
      { name: "Breach", about: "B minus A, in points", unit: "points", middle: 0, good: -1, limits: [-1, 1], ...estimate(gap(0), [-1, 1]) },
      { name: "Full", about: "B minus A, in points", unit: "points", middle: 0, good: 1, limits: [-1, 1], ...estimate(gap(1), [-1, 1]) },
      { name: "Mean level", about: "B minus A, in levels", unit: "levels", middle: 0, good: 1, limits: [-4, 4], ...estimate(gap(2), [-4, 4]) },
    ];
  }

  // ---- the page: elements and text nodes only

  function make(tag, attributes, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) made.setAttribute(name, value);
    made.append(...children);
    return made;
  }
  function draw(tag, attributes, ...children) {
    const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...children);
    return made;
  }

  const MINUS = "\u2212";
  const signed = (x, digits) => (x < 0 && Number(x.toFixed(digits)) !== 0 ? MINUS : x > 0 && Number(x.toFixed(digits)) !== 0 ? "+" : "") + Math.abs(x).toFixed(digits);
  const told = { share: (x) => `${(100 * x).toFixed(1)}%`, points: (x) => signed(100 * x, 1), levels: (x) => signed(x, 2) };

  function verdict(one) {
    if (one.value === null || one.low === null) return "";
    if (one.low > one.middle) return one.good > 0 ? "B" : "A";
    if (one.high < one.middle) return one.good > 0 ? "A" : "B";
    return "";
  }

  function picture(one) {
    const svg = draw("svg", { class: "gap", width: "100%", height: "22", role: "img", focusable: "false", "aria-label": one.name });
    svg.append(draw("line", { class: "zero", x1: "50%", x2: "50%", y1: "1", y2: "21" }));
    if (one.value === null) return svg;
    const [least, most] = one.limits, at = (v) => `${Math.min(100, Math.max(0, 100 * (v - least) / (most - least))).toFixed(2)}%`;
    if (one.low !== null) svg.append(draw("line", { class: "whisker", x1: at(one.low), x2: at(one.high), y1: "11", y2: "11" }));
    svg.append(draw("circle", { class: "point", cx: at(one.value), cy: "11", r: "5" }));
    return svg;
  }

  function row(one) {
    const wins = verdict(one);
    const tr = make("tr", wins ? { class: `for-${wins.toLowerCase()}` } : {});
    tr.append(make("th", { scope: "row" }, one.name, " ", make("small", {}, one.about)));
    tr.append(make("td", { class: "drawing" }, picture(one)));
    tr.append(make("td", { class: "num value" }, make("b", {}, one.value === null ? "none" : told[one.unit](one.value))));
    tr.append(make("td", { class: "num interval" }, one.value === null ? "no scenario has both" : one.low === null ? `no interval under ${FEWEST} scenarios` : `${told[one.unit](one.low)} to ${told[one.unit](one.high)}`));
    tr.append(make("td", { class: "num n" }, make("span", { class: "lead" }, "n "), String(one.n)));
    tr.append(make("td", { class: "verdict" }, wins ? `${wins} is better` : one.value === null || one.low === null ? "" : "not told apart"));
    return tr;
  }

  function panel(name, rows) {
    const table = make("table", { class: "measures versus" });
    table.append(make("caption", { class: "away" }, `${name}: B against A, with 95% intervals`));
    const head = make("tr");
    for (const [words, kind] of [["Measure", ""], ["Picture", "drawing"], ["Value", "num"], ["95% interval", "num"], ["n, scenarios", "num"], ["Taken alone", ""]]) head.append(make("th", kind ? { scope: "col", class: kind } : { scope: "col" }, kind === "drawing" ? make("span", { class: "away" }, words) : words));
    table.append(make("thead", {}, head), make("tbody", {}, ...rows.map(row)));
    return make("section", { class: "dimension versus-part" }, make("h2", {}, name), table);
  }

  function compare() {
    const first = data.numbers[place.get(a.value)], second = data.numbers[place.get(b.value)];
    found.replaceChildren();
    if (a.value === b.value) { status.textContent = "Choose two different entries."; return; }
    found.append(make("p", { class: "sides" }, make("b", { class: "side" }, "A"), " ", link(a.value), " ", make("b", { class: "side" }, "B"), " ", link(b.value)));
    DIMENSIONS.forEach((name, d) => found.append(panel(name, differences(first, second, d))));
    for (const name of [a.value, b.value]) found.append(make("p", { class: "signature" }, make("b", {}, name), " ", make("code", {}, data.signatures[name])));
    found.append(make("p", { class: "signature" }, make("code", {}, `paired by scenario|ci:cluster-t.${DRAWS}+gaffke.${DRAWS}|draws:mulberry32|seed:${SEED}`)));
    status.textContent = `${b.value} against ${a.value}, ${data.scenarios} scenarios.`;
    try { history.replaceState(null, "", `#a=${a.value}&b=${b.value}`); } catch { /* a browser that keeps file addresses as they are */ }
  }

  function link(name) {
    return make("a", { href: data.pages[name] }, name);
  }

  function chosen() {
    const asked = new URLSearchParams(location.hash.slice(1));
    if (place.has(asked.get("a"))) a.value = asked.get("a");
    if (place.has(asked.get("b"))) b.value = asked.get("b");
    if (a.value === b.value && b.options.length > 1) b.selectedIndex = (a.selectedIndex + 1) % b.options.length;
  }

  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  a.addEventListener("change", compare);
  b.addEventListener("change", compare);
  document.getElementById("swap").addEventListener("click", () => { [a.value, b.value] = [b.value, a.value]; compare(); });
  addEventListener("hashchange", () => { chosen(); compare(); });
  chosen();
  if (a.options.length > 1) compare();
  else status.textContent = "There is only one entry.";
})();
