"use strict";
// What a person says of a reply: every action changes `mine`, draws it anew, and is sent.

// ---- actions

const sorted = (marks) => [...marks].sort((a, b) => a.start - b.start || a.end - b.end || (a.code < b.code ? -1 : a.code > b.code ? 1 : 0));

function act(words, change) {
  if (at < 0) return;
  if (final) {
    say("This one is final: it can no longer be changed.");
    return;
  }
  past.push(snapshot());
  future = [];
  change();
  changed(words);
}

// the reason has the browser's own undo
const snapshot = () => JSON.stringify({ ...mine, reason: "" });

function changed(words) {
  draw();
  say(words);
  sync();
}

function travel(from, to, word) {
  if (at < 0 || final) return;
  if (!from.length) {
    say(`There is nothing to ${word}.`);
    return;
  }
  to.push(snapshot());
  mine = { ...JSON.parse(from.pop()), reason: mine.reason };
  changed(word === "undo" ? "Undone." : "Done again.");
}

const undo = () => travel(past, future, "undo");
const redo = () => travel(future, past, "redo");
const nameOf = (code) => guide.dimensions.find((d) => d.code === code).name;

function setLevel(code, level) {
  focusDimension(code, false);
  const name = nameOf(code);
  if (code in mine.levels && mine.levels[code] === level) {
    say(`${name} is ${level ?? "not judged"} already.`);
    return;
  }
  act(level === null ? `${name} cannot be judged.` : `${name} ${level}.`, () => {
    mine.levels = Object.fromEntries(DIMENSIONS.filter((d) => d === code || d in mine.levels).map((d) => [d, d === code ? level : mine.levels[d]]));
  });
}

function toggleUnsure(code) {
  const was = mine.unsure.includes(code);
  act(`${nameOf(code)}: ${was ? "nothing said of how sure you are" : "not sure"}.`, () => {
    mine.unsure = was ? mine.unsure.filter((d) => d !== code) : [...mine.unsure, code].sort();
  });
}

function toggleFlag(flag) {
  const was = mine.flags.includes(flag.code);
  const unscored = !was && flag.unscored;
  act(`Flag ${flag.name} ${was ? "off" : "on"}.${unscored ? " Such a reply gets no levels." : ""}`, () => {
    mine.flags = was ? mine.flags.filter((code) => code !== flag.code) : [...mine.flags, flag.code].sort();
    if (unscored) mine.levels = Object.fromEntries(DIMENSIONS.map((d) => [d, null]));
  });
}

const short = (text, most = 60) => ([...text].length > most ? `${[...text].slice(0, most - 1).join("")}…` : text);

function markAs(code) {
  const words = chosen();
  if (!words) {
    say("Select the words in the reply first.");
    return;
  }
  armed = "";
  const [start, end] = [toPoints(words.start), toPoints(words.end)];
  if (mine.behaviours.some((one) => one.code === code && one.start === start && one.end === end)) {
    say(`These words are marked ${code} already.`);
    return;
  }
  if (mine.behaviours.length >= limits.marks) {
    say(`At most ${limits.marks} marks.`);
    return;
  }
  const strength = asHint ? HINT : 1;
  const kind = asHint ? " as a passing hint" : "";
  act(`${code}, ${byCode.get(code).name}, marked${kind}: ${short(words.quote)}`, () => {
    mine.behaviours = sorted([...mine.behaviours, { code, start, end, quote: words.quote, strength }]);
  });
  asHint = false;
  const back = document.activeElement === $("reply") || $("palette").contains(document.activeElement);
  if (back) $("reply").focus({ preventScroll: true });
  select(words.end, words.end);
  selected();
}

function removeMark(mark) {
  act(`${mark.code} removed.`, () => { mine.behaviours = mine.behaviours.filter((one) => one !== mark); });
}

function turnHint(mark) {
  const plain = mark.strength < 1;
  act(`${mark.code} is ${plain ? "a plain case" : "a passing hint"}.`, () => {
    mine.behaviours = mine.behaviours.map((one) => (one === mark ? { ...one, strength: plain ? 1 : HINT } : one));
  });
}

// ---- drawing

function drawOnce() {
  $("dimensions").replaceChildren(...guide.dimensions.map(dimensionCard));
  for (const flag of guide.flags) {
    const line = made("p");
    const box = made("input");
    box.type = "checkbox";
    box.id = `flag-${flag.code}`;
    box.addEventListener("change", () => toggleFlag(flag));
    const label = made("label");
    label.htmlFor = box.id;
    label.append(flag.name);
    box.title = line.title = flag.meaning;
    line.append(box, label);
    $("flags").append(line);
  }
  drawPalette(markAs);
}

function dimensionCard(dimension) {
  const card = made("section", "", "dimension");
  card.dataset.code = dimension.code;
  const title = made("h3");
  title.id = `name-${dimension.code}`;
  title.append(made("kbd", dimension.letter), ` ${dimension.name}`);
  const unsure = made("button", "Not sure", "unsure");
  unsure.type = "button";
  unsure.setAttribute("aria-label", `Not sure of ${dimension.name}`);
  unsure.addEventListener("click", () => toggleUnsure(dimension.code));
  const group = made("div", "", "scale");
  group.setAttribute("role", "radiogroup");
  group.setAttribute("aria-labelledby", title.id);
  for (const level of [1, 2, 3, 4, 5, null]) {
    const button = made("button", level === null ? "can’t judge" : String(level));
    button.type = "button";
    button.setAttribute("role", "radio");
    button.dataset.level = level ?? "0";
    button.title = level === null ? "cannot be judged" : levelWords(dimension.code, level);
    button.addEventListener("click", () => setLevel(dimension.code, level));
    group.append(button);
  }
  const top = made("div", "", "top");
  top.append(title, unsure);
  card.append(top, group, made("p", "", "hint chosen-level"));
  card.addEventListener("focusin", () => focusDimension(dimension.code, false));
  card.addEventListener("click", () => focusDimension(dimension.code, false));
  return card;
}

const card = (code) => document.querySelector(`.dimension[data-code="${code}"]`);

function focusDimension(code, speak = true) {
  if (focusOn !== code) showGuide(code, markAs);
  focusOn = code;
  for (const one of document.querySelectorAll(".dimension")) one.classList.toggle("focus", one.dataset.code === code);
  if (speak) say(`${nameOf(code)} in focus.`);
}

function drawLevels() {
  for (const code of DIMENSIONS) {
    const given = code in mine.levels;
    const level = mine.levels[code];
    const buttons = [...card(code).querySelectorAll("[role=radio]")];
    buttons.forEach((button, i) => {
      const on = given && (level === null ? button.dataset.level === "0" : button.dataset.level === String(level));
      button.setAttribute("aria-checked", String(on));
      button.tabIndex = on || (!given && i === 0) ? 0 : -1;
    });
    card(code).querySelector(".unsure").setAttribute("aria-pressed", String(mine.unsure.includes(code)));
    card(code).querySelector(".chosen-level").textContent =
      !given ? "No level yet" : level === null ? "Cannot be judged" : levelWords(code, level);
  }
}

function drawMarks() {
  $("no-marks").hidden = mine.behaviours.length > 0;
  const rows = mine.behaviours.map((mark) => {
    const row = made("li");
    const text = made("span", "", "words");
    text.append(made("span", mark.code, `code ${plus(mark.code) ? "plus" : "minus"}`), " ", made("q", short(mark.quote, 140)));
    text.title = byCode.get(mark.code)?.name ?? "";
    const hint = made("button", "Hint");
    hint.type = "button";
    hint.setAttribute("aria-pressed", String(mark.strength < 1));
    hint.setAttribute("aria-label", `Passing hint: ${mark.code} ${short(mark.quote)}`);
    hint.addEventListener("click", () => keepFocus(() => turnHint(mark)));
    const remove = made("button", "Remove");
    remove.type = "button";
    remove.setAttribute("aria-label", `Remove ${mark.code} ${short(mark.quote)}`);
    remove.addEventListener("click", () => keepFocus(() => removeMark(mark)));
    row.addEventListener("keydown", (event) => {
      if (event.key === "Delete" || event.key === "Backspace") keepFocus(() => removeMark(mark));
    });
    row.append(text, hint, remove);
    return row;
  });
  $("marks").replaceChildren(...rows);
}

// The rows are drawn anew: the focus goes to where it was, or to what has come there.
function keepFocus(work) {
  const buttons = () => [...$("marks").querySelectorAll("button")];
  const place = buttons().indexOf(document.activeElement);
  work();
  const now = buttons();
  if (place >= 0) (now[place] ?? now[now.length - 1] ?? $("reply")).focus();
}

function draw() {
  const inReply = document.activeElement === $("reply");
  drawReply(mine.behaviours, language);
  if (inReply) select(anchor, head);
  drawLevels();
  drawMarks();
  for (const flag of guide.flags) $(`flag-${flag.code}`).checked = mine.flags.includes(flag.code);
  $("undo").disabled = past.length === 0;
}

selected = () => {
  const words = at >= 0 && !final ? chosen() : null;
  if (!words) {
    armed = "";
    asHint = false;
  }
  $("palette").hidden = !words;
  document.body.classList.toggle("marking", Boolean(words));
  if (words) $("chosen").textContent = `“${short(words.quote, 90)}”`;
  $("as-hint").setAttribute("aria-pressed", String(asHint));
  for (const row of document.querySelectorAll("#codes .row")) row.classList.toggle("armed", row.dataset.letter === armed);
};
