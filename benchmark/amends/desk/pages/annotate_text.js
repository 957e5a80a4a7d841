"use strict";
// The reply: its text with the marks in it, a caret for the keyboard, and what is selected. The browser counts UTF-16
// units, records count Unicode code points: every place inside this file is in units, `toPoints` and `toUnits` lead over.
// Every text is set with textContent: nothing that was written is ever markup.

const made = (tag, words = "", name = "") => {
  const element = document.createElement(tag);
  if (words !== "") element.textContent = words;
  if (name) element.className = name;
  return element;
};

const onMac = /Mac|iP(hone|ad)/.test(navigator.platform);
let words = ""; // the reply
let starts = null; // unit in which each code point begins; null where none takes two
let graphemes = null;
let anchor = 0;
let head = 0;
let pieces = []; // [{ start, node }]: text nodes of the reply in order
let places = []; // the marks, in units: [{ start, end, mark }]
let selected = () => {}; // told when what is selected has changed

function takeText(text) {
  words = text;
  starts = null;
  if (/[\ud800-\udfff]/.test(text)) {
    starts = [];
    for (let unit = 0; unit < text.length; unit += text.codePointAt(unit) > 0xffff ? 2 : 1) starts.push(unit);
    starts.push(text.length);
  }
  graphemes = new Intl.Segmenter("en", { granularity: "grapheme" }).segment(text);
  anchor = head = 0;
}

const toUnits = (point) => (starts ? starts[Math.min(point, starts.length - 1)] : point);

function toPoints(unit) {
  if (!starts) return unit;
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle] <= unit) low = middle;
    else high = middle - 1;
  }
  return low;
}

// ---- the text with its marks

function drawReply(marks, language) {
  places = marks.map((mark) => ({ start: toUnits(mark.start), end: toUnits(mark.end), mark }));
  const cuts = [...new Set([0, words.length, ...places.flatMap((place) => [place.start, place.end])])];
  cuts.sort((a, b) => a - b);
  pieces = [];
  const drawn = cuts.slice(0, -1).map((start, i) => {
    const node = document.createTextNode(words.slice(start, cuts[i + 1]));
    pieces.push({ start, node });
    const here = places.filter((place) => place.start <= start && cuts[i + 1] <= place.end);
    if (!here.length) return node;
    const span = made("span", "", "mark");
    span.append(node);
    for (const { mark } of here) span.classList.add(plus(mark.code) ? "plus" : "minus");
    if (here.every(({ mark }) => mark.strength < 1)) span.classList.add("passing");
    const begun = here.filter((place) => place.start === start).map(({ mark }) => mark.code);
    if (begun.length) span.dataset.codes = begun.join(" ");
    return span;
  });
  const box = $("reply");
  box.lang = language;
  box.replaceChildren(...drawn);
}

// ---- the selection

function unitOf(node, offset) {
  const range = document.createRange();
  range.selectNodeContents($("reply"));
  const side = range.comparePoint(node, offset);
  if (side < 0) return 0;
  if (side > 0) return words.length;
  range.setEnd(node, offset);
  return range.toString().length;
}

function spot(unit) {
  for (let i = pieces.length - 1; i >= 0; i -= 1) {
    if (pieces[i].start <= unit) return [pieces[i].node, unit - pieces[i].start];
  }
  return [$("reply"), 0];
}

function select(from, to) {
  anchor = from;
  head = to;
  getSelection().setBaseAndExtent(...spot(from), ...spot(to));
  drawCaret(true);
}

function readSelection() {
  const now = getSelection();
  const box = $("reply");
  if (!now.anchorNode || box.closest("[hidden]")) return;
  if (!box.contains(now.anchorNode) && !box.contains(now.focusNode)) {
    if (!now.isCollapsed) anchor = head; // words of something else
  } else {
    anchor = unitOf(now.anchorNode, now.anchorOffset);
    head = unitOf(now.focusNode, now.focusOffset);
  }
  drawCaret(false);
  selected();
}

// What is selected, whole characters without the blanks around it; null where that is nothing.
function chosen() {
  let [start, end] = anchor < head ? [anchor, head] : [head, anchor];
  if (start === end) return null;
  start = graphemes.containing(start)?.index ?? start;
  const last = end < words.length ? graphemes.containing(end) : undefined;
  if (last && last.index < end) end = last.index + last.segment.length;
  const cut = words.slice(start, end);
  start += cut.length - cut.trimStart().length;
  end -= cut.length - cut.trimEnd().length;
  return start < end ? { start, end, quote: words.slice(start, end) } : null;
}

const letGo = () => select(head, head);

// The shortest mark around the caret.
function markHere() {
  const around = places.filter((place) => place.start <= head && head <= place.end);
  around.sort((a, b) => a.end - a.start - (b.end - b.start));
  return around.length ? around[0].mark : null;
}

// ---- the caret

function drawCaret(follow) {
  const caret = $("caret");
  const box = $("reply");
  caret.hidden = document.activeElement !== box || !words;
  if (caret.hidden) return;
  const after = head < words.length && words[head] !== "\n";
  const range = document.createRange();
  const [from, to] = after ? [head, head + 1] : [Math.max(head - 1, 0), head];
  range.setStart(...spot(from));
  range.setEnd(...spot(to));
  const rects = range.getClientRects();
  const rect = after ? rects[0] : rects[rects.length - 1];
  if (!rect) return;
  const frame = box.parentElement.getBoundingClientRect();
  const forward = getComputedStyle(box).direction === "ltr";
  const newline = !after && words[head - 1] === "\n";
  const x = newline ? box.getBoundingClientRect().left + 14 : after === forward ? rect.left : rect.right;
  caret.style.left = `${x - frame.left}px`;
  caret.style.top = `${rect.top - frame.top + (newline ? rect.height * 1.3 : 0)}px`;
  caret.style.height = `${Math.max(rect.height, 14)}px`;
  if (follow) caret.scrollIntoView({ block: "nearest" });
}

function stepCharacter(unit, forward) {
  if (forward) {
    const here = graphemes.containing(unit);
    return here ? here.index + here.segment.length : words.length;
  }
  return unit > 0 ? graphemes.containing(unit - 1).index : 0;
}

function stepWord(unit, forward) {
  // a long reply is not cut into words whole at every key
  const from = Math.max(0, unit - 2000);
  const part = words.slice(from, unit + 2000);
  const found = [...new Intl.Segmenter("en", { granularity: "word" }).segment(part)].filter((one) => one.isWordLike);
  if (forward) {
    const next = found.find((one) => from + one.index + one.segment.length > unit);
    return next ? from + next.index + next.segment.length : Math.min(words.length, unit + 2000);
  }
  const last = found.findLast((one) => from + one.index < unit);
  return last ? from + last.index : from;
}

// A key in the reply; true where it was one of its own.
function moveCaret(event) {
  const { key, shiftKey: extend, altKey: alt, ctrlKey: ctrl, metaKey: meta } = event;
  const byWord = onMac ? alt && !ctrl && !meta : ctrl && !alt && !meta;
  const plain = !alt && !ctrl && !meta;
  const forward = getComputedStyle($("reply")).direction === "ltr" ? "ArrowRight" : "ArrowLeft";
  let to = null;
  if (key === "ArrowLeft" || key === "ArrowRight") {
    const onward = key === forward;
    if (plain && !extend && anchor !== head) to = onward ? Math.max(anchor, head) : Math.min(anchor, head);
    else if (plain) to = stepCharacter(head, onward);
    else if (byWord) to = stepWord(head, onward);
  } else if ((key === "Home" || key === "End") && ctrl) to = key === "Home" ? 0 : words.length;
  else if (key === "a" && (ctrl || meta) && !alt && !extend) {
    select(0, words.length);
    return true;
  } else if (plain && ["ArrowUp", "ArrowDown", "Home", "End"].includes(key)) {
    const onward = key === "ArrowDown" || key === "End";
    const by = key.startsWith("Arrow") ? "line" : "lineboundary";
    getSelection().modify(extend ? "extend" : "move", onward ? "forward" : "backward", by);
    const now = getSelection();
    const inside = now.focusNode && $("reply").contains(now.focusNode);
    to = inside ? unitOf(now.focusNode, now.focusOffset) : onward ? words.length : 0;
  }
  if (to === null) return false;
  select(extend ? anchor : to, to);
  return true;
}
