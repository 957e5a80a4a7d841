"use strict";
// One reply at a time. `mine` is the label as it stands on this page, `kept` as the desk has it: every action changes
// `mine`, and `sync` sends it until both are the same.

const PAUSE = 600; // milliseconds without a key after which a reason is kept
const AT_LATEST = 3000; // and while keys keep coming
const AGAIN = 2000; // until a request that found no desk is made again
const PATIENCE = 15000; // for an answer of the desk
const ABSENT = 60000; // without a key, a click or a scroll: the time no longer counts
const HINT = 0.3;
const DIMENSIONS = ["empathy", "depersonalization", "excuse_avoidance"];

let items = []; // [key, state] in this person's order
let limits = { reason: 0, why: 0, name: 0, marks: 0 };
let training = false;
let at = -1; // index of what is shown; -1: none
let mine = null;
let kept = "";
let revision = 0;
let final = false;
let elsewhere = null; // the revision that another window saved; null: none
let focusOn = "empathy"; // the dimension in focus
let armed = ""; // letter that was typed with words selected
let asHint = false;
let language = "";
let past = [];
let future = [];
let seconds = 0;
const spent = new Map(); // seconds by key, also of what was only read
let active = performance.now();
let pause = 0;
let latest = 0;
let mark = ""; // whose page this is, as the desk said first: another who comes in with this browser is not written as
let flying = 0; // labels on their way
let turn = Promise.resolve(); // requests go out one after the other

class Trouble extends Error {
  constructor(status, body) {
    super(body.error || "The desk did not understand.");
    this.status = status;
    this.body = body;
  }
}

async function ask(path, body, keepalive = false) {
  // some browsers send no origin with no referrer
  const request = { signal: AbortSignal.timeout(PATIENCE), keepalive, referrerPolicy: "same-origin", headers: {} };
  if (mark) request.headers["Desk-Person"] = mark;
  if (body !== undefined) {
    request.method = "POST";
    request.headers["Content-Type"] = "application/json";
    request.body = JSON.stringify(body);
  }
  let answer;
  let told;
  try {
    answer = await fetch(`/api${path}`, request);
    told = await answer.json();
  } catch {
    throw new Trouble(0, { error: "The desk does not answer." });
  }
  if (!answer.ok) throw new Trouble(answer.status, told);
  mark ||= answer.headers.get("Desk-Person") || "";
  return told;
}

function inTurn(work) {
  turn = turn.then(work, work);
  return turn;
}

const say = (text) => { $("said").textContent = text; };
const calm = () => { $("trouble").textContent = ""; };
const passing = (error) => error.status === 0 || error.status === 401 || error.status >= 500;

function complain(error) {
  let text = error.message;
  if (error.status === 0 || error.status === 401) {
    text = `Not saved. ${text} Your labels stay on this page and are saved as soon as that is mended.`;
  }
  if ($("trouble").textContent !== text) $("trouble").textContent = text;
}

const count = (state) => items.filter((item) => item[1] === state).length;

function showProgress() {
  const done = count("done");
  const skipped = count("skip");
  $("progress-words").textContent = `${done} of ${items.length} done` + (skipped ? `, ${skipped} skipped` : "");
  $("progress").max = items.length;
  $("progress").value = done + skipped;
}

function show(section) {
  for (const id of ["consent", "labels", "done"]) $(id).hidden = id !== section;
}

// half of a character that takes two places cannot be stored
const whole = (text) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(new TextEncoder().encode(text));

// ---- saving

function sync(leaving = false) {
  clearTimeout(pause);
  clearTimeout(latest);
  latest = 0;
  return inTurn(() => syncNow(leaving));
}

async function syncNow(leaving) {
  // what is on its way will have been saved before what the page sends as it goes
  const before = leaving ? flying : 0;
  while (at >= 0 && elsewhere === null && !final) {
    const sent = JSON.stringify(mine);
    if (sent === kept) break;
    showSaved("Saving…");
    flying += 1;
    try {
      // a page that goes away may send 64 KB
      const body = { ...mine, seconds, revision: revision + before };
      take(await ask(`/items/${items[at][0]}/label`, body, sent.length < 15000), sent);
    } catch (error) {
      refused(error);
      return false;
    } finally {
      flying -= 1;
    }
  }
  return elsewhere === null;
}

function take(told, sent) {
  kept = sent;
  revision = told.revision;
  final = told.final;
  items[at][1] = told.state;
  calm();
  showSaved("Saved");
  showProgress();
  showStanding();
}

function refused(error) {
  showSaved("Not saved");
  if (error.status === 409) {
    elsewhere = error.body.revision;
    $("conflict-words").textContent = error.message;
    $("conflict").hidden = false;
    $("take-theirs").focus();
    return;
  }
  if (error.body?.final) final = true;
  complain(error);
  if (passing(error)) {
    clearTimeout(pause);
    pause = setTimeout(sync, AGAIN);
  }
}

function showSaved(text) {
  if ($("saved").textContent !== text) $("saved").textContent = text;
}

function showStanding() {
  const state = items[at][1];
  $("standing").textContent =
    final ? "Final: it can no longer be changed."
    : state === "done" ? "Done. A change is saved at once and keeps it done."
    : state === "skip" ? `You skipped this one: ${skippedWhy}`
    : "";
}

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

// ---- moving

async function open(number, words = "") {
  $("labels").inert = true; // what is pressed while the next one is on its way would go to the wrong one
  for (let told; !told;) {
    try {
      told = await ask(`/items/${items[number][0]}`);
      fill(number, told);
    } catch (error) {
      complain(error);
      if (error.status === 404) location.reload();
      await new Promise((go) => setTimeout(go, AGAIN));
    }
  }
  $("labels").inert = false;
  calm();
  say(words);
  show("labels");
  draw();
  scrollTo(0, 0);
  $("title").focus({ preventScroll: true });
}

function fill(number, told) {
  leave();
  at = number;
  mine = { ...told.label, behaviours: sorted(told.label.behaviours) };
  kept = JSON.stringify(mine);
  ({ revision, final } = told);
  language = told.language;
  items[at][1] = told.state;
  elsewhere = null;
  $("conflict").hidden = true;
  past = [];
  future = [];
  seconds = Math.max(told.seconds, spent.get(items[at][0]) ?? 0);
  takeText(told.reply);
  getSelection().removeAllRanges();
  selected();
  $("title").textContent = `Reply ${number + 1} of ${items.length}`;
  document.title = `${number + 1} of ${items.length} · amends`;
  history.replaceState(null, "", `#${number + 1}`);
  $("context").replaceChildren(...told.context.flatMap(([heading, text]) => [made("dt", heading), made("dd", text)]));
  $("turns").replaceChildren(...told.turns.map(drawTurn));
  $("reason").value = mine.reason;
  $("reason").readOnly = final;
  skippedWhy = told.why;
  showGold(told.gold, mine);
  showSaved("");
  showProgress();
  showStanding();
  focusOn = "";
  focusDimension("empathy", false);
  $("previous").disabled = number === 0;
  $("next").disabled = number === items.length - 1;
}

function leave() {
  if (at >= 0) spent.set(items[at][0], seconds);
}

function drawTurn({ role, text }) {
  const item = made("li", "", `turn ${role === "agent" ? "agent" : "customer"}`);
  const said = made("p", text, "text");
  said.dir = "auto";
  if (language) said.lang = language;
  item.append(made("h3", role === "agent" ? "Agent of the company" : "Customer"), said);
  return item;
}

async function move(step) {
  const number = at + step;
  if (at < 0 || number < 0 || number >= items.length) return;
  if (!(await sync())) return;
  await inTurn(() => open(number));
}

function nextOpen() {
  const after = items.findIndex((item, i) => i > at && item[1] === "open");
  return after >= 0 ? after : items.findIndex((item) => item[1] === "open");
}

async function goOn(words) {
  if (nextOpen() < 0) await learn().catch(() => null); // another window may have opened one again
  const number = nextOpen();
  if (number >= 0) {
    await open(number, words);
    return;
  }
  leave();
  at = -1;
  selected();
  history.replaceState(null, "", location.pathname);
  $("done-words").textContent = `${count("done")} done, ${count("skip")} skipped.`;
  show("done");
  say(words);
  $("done-title").focus();
  if (looked) look();
}

// ---- finishing, skipping, agreement

let looked = false;
let skippedWhy = "";

async function finish() {
  if (at < 0 || elsewhere !== null) return;
  if (final && items[at][1] === "done") {
    await inTurn(() => goOn(`${$("progress-words").textContent}.`));
    return;
  }
  const missing = DIMENSIONS.filter((code) => !(code in mine.levels));
  if (missing.length) {
    complain(new Trouble(400, { error: `No level yet, and not said that it cannot be judged: ${missing.map(nameOf).join(", ")}.` }));
    focusDimension(missing[0], false);
    card(missing[0]).querySelector("[role=radio][tabindex='0']").focus();
    return;
  }
  if (!(await sync())) return;
  await inTurn(async () => {
    if (at < 0 || JSON.stringify(mine) !== kept) return;
    let told;
    try {
      told = await ask(`/items/${items[at][0]}/done`, { seconds, revision });
    } catch (error) {
      refused(error);
      return;
    }
    take(told, kept);
    if (told.gold) {
      showGold(told.gold, mine);
      $("reason").readOnly = true;
      selected();
      say("Saved. Below the reply stands what the released dataset says; Ctrl+Enter goes on.");
      $("gold-title").focus();
      return;
    }
    await goOn(`Saved. ${$("progress-words").textContent}.`);
  });
}

async function saveSkip() {
  const choice = document.querySelector("input[name=why]:checked");
  const reason = whole(choice && choice.value ? choice.value : $("why-words").value.trim());
  if (!reason) {
    $("skip-trouble").textContent = "Choose a reason, or write one.";
    return;
  }
  if ([...reason].length > limits.why) {
    $("skip-trouble").textContent = `At most ${limits.why} characters.`;
    return;
  }
  if (!(await sync())) {
    $("skipping").close();
    return;
  }
  await inTurn(async () => {
    try {
      const told = await ask(`/items/${items[at][0]}/skip`, { reason, seconds, revision });
      skippedWhy = reason;
      take(told, kept);
    } catch (error) {
      if (error.status === 409) $("skipping").close();
      else $("skip-trouble").textContent = error.message;
      refused(error);
      return;
    }
    $("skipping").close();
    await goOn(`Skipped. ${$("progress-words").textContent}.`);
  });
}

function openSkip() {
  if (at < 0 || final) return;
  for (const choice of document.querySelectorAll("input[name=why]")) choice.checked = false;
  $("why-words").value = "";
  $("skip-trouble").textContent = "";
  $("skipping").showModal();
}

async function look() {
  $("look").disabled = true;
  say("The figures are being computed.");
  try {
    let told = { pending: true };
    while (told.pending) {
      told = await ask("/agreement", {});
      if (told.pending) await new Promise((go) => setTimeout(go, 500));
    }
    looked = true;
    $("looking").hidden = true;
    $("done-hint").textContent = "Everything is saved, and final. You may close this page.";
    showAgreement(told);
    calm();
    say("The figures stand below.");
  } catch (error) {
    $("trouble").textContent = error.message;
    say("");
  }
  $("look").disabled = false;
}

async function agree() {
  try {
    if (!$("agreed").checked) throw new Trouble(400, { error: "Nothing starts without your consent." });
    if (!$("name").value.trim()) throw new Trouble(400, { error: "Choose a name first." });
    await ask("/consent", { name: whole($("name").value), agreed: true });
    calm();
    await start();
  } catch (error) {
    $("trouble").textContent = error.message;
  }
}

// ---- the start, the clock, the keys

async function learn() {
  const told = await ask("/state");
  ({ items, limits, training, looked } = told);
  showProgress();
  return told;
}

async function start() {
  if (!("Segmenter" in Intl)) {
    $("trouble").textContent = "This browser is too old to select words with care; use one of 2024 or later.";
    return;
  }
  let told;
  try {
    told = await learn();
    if (!guide.version) {
      takeGuide(await ask("/guideline"));
      drawOnce();
    }
  } catch (error) {
    complain(error);
    setTimeout(start, AGAIN);
    return;
  }
  calm();
  if (!told.name) {
    $("consent-words").textContent = told.consent;
    $("name").value = told.offered;
    $("training-words").hidden = !training;
    show("consent");
    $("consent-title").focus();
    return;
  }
  const asked = Number(location.hash.slice(1)) - 1;
  if (Number.isInteger(asked) && asked >= 0 && asked < items.length) await inTurn(() => open(asked));
  else await inTurn(() => goOn(""));
}

setInterval(() => {
  const here = document.visibilityState === "visible" && document.hasFocus();
  if (at >= 0 && here && performance.now() - active < ABSENT) seconds += 1;
}, 1000);

for (const kind of ["keydown", "pointerdown", "pointermove", "scroll"]) {
  addEventListener(kind, () => { active = performance.now(); }, { passive: true, capture: true });
}

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
  if (/^[0-9]$/.test(key) && chosen()) {
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

document.addEventListener("selectionchange", readSelection);
$("reply").addEventListener("focus", () => select(anchor, head));
$("reply").addEventListener("blur", () => drawCaret(false));
addEventListener("resize", () => drawCaret(false));

$("reason").addEventListener("input", () => {
  if (at < 0 || final) return;
  const text = whole($("reason").value);
  const length = [...text].length;
  if (length > limits.reason) {
    $("trouble").textContent = `The reason has ${length.toLocaleString("en")} characters, and what is over ${limits.reason.toLocaleString("en")} is not saved.`;
  } else if ($("trouble").textContent.startsWith("The reason has")) calm();
  mine.reason = [...text].slice(0, limits.reason).join("");
  showSaved("");
  clearTimeout(pause);
  pause = setTimeout(sync, PAUSE);
  if (!latest) latest = setTimeout(sync, AT_LATEST);
});

addEventListener("pagehide", () => { syncNow(true); });
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

for (const [id, work] of Object.entries({
  begin: agree,
  finish,
  undo,
  previous: () => move(-1),
  next: () => move(1),
  skip: openSkip,
  "skip-now": saveSkip,
  "skip-not": () => $("skipping").close(),
  "open-guideline": () => $("guideline").showModal(),
  "close-guideline": () => $("guideline").close(),
  "open-keys": () => $("keys").showModal(),
  "close-keys": () => $("keys").close(),
  "take-theirs": () => inTurn(() => open(at, "This is what is saved.")),
  "keep-mine": () => {
    revision = elsewhere;
    elsewhere = null;
    $("conflict").hidden = true;
    kept = ""; // also where both are the same by now
    sync();
    $("title").focus();
  },
  "as-hint": toggleHint,
  "let-go": () => { letGo(); selected(); $("reply").focus(); },
  look,
  back: () => inTurn(() => open(0)),
})) $(id).addEventListener("click", work);

$("palette").addEventListener("pointerdown", (event) => event.preventDefault()); // or the words would be let go
$("why-words").addEventListener("input", () => { $("why-4").checked = true; });
try {
  $("single").checked = localStorage.getItem("amends-single-keys") !== "off";
  $("single").addEventListener("change", () => localStorage.setItem("amends-single-keys", $("single").checked ? "on" : "off"));
} catch {} // a browser that keeps nothing: the choice holds for this page

start();
