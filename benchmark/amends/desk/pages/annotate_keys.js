"use strict";
// Keys: what each does, wherever the focus is.

const dialogOpen = () => document.querySelector("dialog[open]") !== null;
const typing = () => ["TEXTAREA", "INPUT"].includes(document.activeElement?.tagName) && document.activeElement.type !== "checkbox";

addEventListener("keydown", (event) => {
  if (event.isComposing || at < 0 || dialogOpen() || $("labels").inert) return;
  const mod = event.ctrlKey || event.metaKey;
  const inReply = document.activeElement === $("reply");
  if (event.key === "Enter" && mod && !event.altKey) {
    event.preventDefault();
    if (!event.repeat) finish();
  } else if (inReply && moveCaret(event)) {
    event.preventDefault();
    sayChosen();
  } else if (event.altKey && !mod && !event.shiftKey) {
    const back = event.key === "ArrowLeft" || event.key === "ArrowUp";
    const on = event.key === "ArrowRight" || event.key === "ArrowDown";
    // on a Mac these belong to the text that is being typed
    if (!(back || on) || (onMac && typing() && /Left|Right/.test(event.key))) return;
    event.preventDefault();
    move(back ? -1 : 1);
  } else if (mod && !event.altKey && !typing()) {
    const key = event.key.toLowerCase();
    if (key === "z" || key === "y") {
      event.preventDefault();
      if (key === "y" || event.shiftKey) redo();
      else undo();
    }
  } else if (!mod && !event.altKey && plainKey(event)) event.preventDefault();
});

function plainKey(event) {
  if (typing()) {
    if (event.key !== "Escape") return false;
    $("reply").focus();
    return true;
  }
  if (event.key === "Escape") {
    if (!chosen()) return false;
    letGo();
    selected();
    say("Let go.");
    return true;
  }
  if (arrowInScale(event)) return true;
  const inReply = document.activeElement === $("reply");
  if (inReply && (event.key === "Delete" || event.key === "Backspace")) {
    const found = chosen() ? null : markHere();
    if (found) removeMark(found);
    return true;
  }
  return $("single").checked && singleKey(event.key.toLowerCase());
}

function singleKey(key) {
  const dimension = guide.dimensions.find((d) => d.letter.toLowerCase() === key);
  if (dimension) {
    focusDimension(dimension.code, !chosen());
    if (chosen()) {
      armed = dimension.letter;
      selected();
      say(`${armed}: now the number of the behaviour.`);
    }
    return true;
  }
  if (/^[0-9-]$/.test(key) && chosen()) {
    const code = armed + key;
    if (byCode.has(code)) markAs(code);
    else say(armed ? `There is no behaviour ${code}.` : "Words are selected: type the letter first, E, D or X. Escape lets go of them.");
    return true;
  }
  if (/^[0-5]$/.test(key) || key === "-") {
    setLevel(focusOn, /^[1-5]$/.test(key) ? Number(key) : null);
    return true;
  }
  const does = {
    r: () => { $("reply").focus(); },
    t: () => $("reason").focus(),
    f: () => $(`flag-${guide.flags[0].code}`).focus(),
    g: () => $("guideline").showModal(),
    u: () => toggleUnsure(focusOn),
    h: toggleHint,
    s: openSkip,
    "?": () => $("keys").showModal(),
  }[key];
  if (does) does();
  return Boolean(does);
}

function toggleHint() {
  if (chosen()) {
    asHint = !asHint;
    selected();
    say(asHint ? "The next mark is a passing hint." : "The next mark is a plain case.");
    return;
  }
  const found = document.activeElement === $("reply") ? markHere() : null;
  if (found) turnHint(found);
}

// In a scale left and right move, up and down lead to the dimension beside; nothing is chosen on the way.
function arrowInScale(event) {
  const inside = document.activeElement?.closest?.(".dimension");
  const sideways = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  const updown = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (!inside || (!sideways && !updown)) return false;
  const scale = (one) => [...one.querySelectorAll("[role=radio]")];
  const place = scale(inside).indexOf(document.activeElement);
  if (sideways) {
    if (place >= 0) scale(inside)[Math.min(5, Math.max(0, place + sideways))].focus();
    return true;
  }
  const beside = DIMENSIONS[Math.min(2, Math.max(0, DIMENSIONS.indexOf(inside.dataset.code) + updown))];
  const there = card(beside);
  (place >= 0 ? scale(there)[place] : there.querySelector(".unsure")).focus();
  return true;
}

let speaking = 0;
function sayChosen() {
  clearTimeout(speaking);
  speaking = setTimeout(() => {
    const words = chosen();
    if (words) say(`Selected: ${short(words.quote, 200)}`);
  }, 400);
}
