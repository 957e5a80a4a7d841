"use strict";
// One example at a time. Every text is set with textContent or value: nothing that was written is ever markup.

const field = (name) => $(`f-${name}`);
const PAUSE = 500; // milliseconds without a key after which the fields are saved
asking.patience = 30000;
asking.silence = "The desk does not answer. Your texts stay on this page; try again when it is back.";

let questions = {};
let revision = 0;
let last = ""; // the fields as the desk has them
let pause = 0;
let saved = ""; // id of the example that was finished last
let released = ""; // id of the released scenario that was chosen
let names = [];
let file = "";
let stopped = false; // changed in another window: nothing is sent any more

function complain(error) {
  if (error.status === 409) stopped = true;
  $("trouble").textContent = error.message;
  $("saved").textContent = "Not saved";
}

function made(tag, text, more = {}) {
  const element = document.createElement(tag);
  if (text) element.textContent = text;
  for (const [name, value] of Object.entries(more)) element.setAttribute(name, value);
  return element;
}

// ---- fields

function labelled(place, name, control) {
  const label = made("label", questions[name].ask, { for: `f-${name}` });
  const hint = made("span", "", { class: "hint", id: `${name}-hint` });
  hint.textContent = questions[name].explain;
  const unclear = made("p", "", { class: "unclear", id: `${name}-unclear` });
  control.id = `f-${name}`;
  control.setAttribute("aria-describedby", `${name}-hint ${name}-unclear`);
  const long = questions[name].explain.length > 160;
  let help = hint;
  if (long) {
    help = made("details");
    help.append(made("summary", "What this means"), hint);
  }
  place.append(label, help, control, unclear);
}

function build() {
  $("agreed-words").textContent = questions.agreed.explain;
  for (const place of document.querySelectorAll("[data-field]")) {
    labelled(place, place.dataset.field, made("input", "", { spellcheck: "true", dir: "auto", maxlength: "1000" }));
  }
  for (const place of document.querySelectorAll("[data-text]")) {
    const rows = place.dataset.rows;
    labelled(place, place.dataset.text, made("textarea", "", { rows, dir: "auto", spellcheck: "true" }));
  }
  for (const place of document.querySelectorAll("[data-choice]")) {
    const select = made("select");
    for (const one of place.dataset.values.split("|")) {
      const [value, words] = one.includes("=") ? one.split("=") : [one, one];
      select.append(made("option", words, { value }));
    }
    labelled(place, place.dataset.choice, select);
  }
}

function noModel() {
  return ["", "person"].includes(field("written").value);
}

function typed() {
  const found = {};
  if (field("agreed").checked) found.agreed = "yes";
  for (const name of Object.keys(questions)) {
    if (name === "agreed") continue;
    if (name === "scenario") found.scenario = field("scenario").value === "new" ? "new" : released || "-";
    else if (name === "model" && noModel()) continue;
    else found[name] = field(name).value;
  }
  return found;
}

function fill(values) {
  field("agreed").checked = values.agreed === "yes";
  for (const name of Object.keys(questions)) {
    if (name === "agreed" || name === "scenario") continue;
    field(name).value = values[name] ?? (field(name).tagName === "SELECT" ? field(name).options[0].value : "");
  }
  const scenario = values.scenario || "new";
  released = scenario === "new" || scenario === "-" ? "" : scenario;
  field("scenario").value = scenario === "new" ? "new" : "released";
  $("chosen-scenario").hidden = true;
  if (released) inTurn(() => look(released, true)).catch(complain);
  arrange();
}

function arrange() {
  $("own").hidden = field("scenario").value !== "new";
  $("released").hidden = !$("own").hidden;
  field("model").parentElement.hidden = noModel();
}

// ---- saving

function changed() {
  arrange();
  clearTimeout(pause);
  $("saved").textContent = "";
  pause = setTimeout(() => inTurn(() => keep()).then(check).catch(complain), PAUSE);
}

async function keep(leaving = false) {
  clearTimeout(pause);
  if (!Object.keys(questions).length || $("form").hidden) return;
  const now = typed();
  const text = JSON.stringify(now);
  if (text === last || stopped) return;
  const told = await ask("/draft", { typed: now, revision }, leaving);
  revision = told.revision;
  last = text;
  $("trouble").textContent = "";
  $("saved").textContent = "Kept";
}

async function check() {
  if (stopped || $("form").hidden) return;
  const told = await ask("/check", {});
  show(told, false);
}

const PARTS = { scenario: "Scenario", scenario_id: "Scenario", turns: "Scenario", reply: "Reply", labels: "Your labels", behaviours: "Your labels", names: "Names" };

// the part of the page that a problem's path belongs to
function partOf(path) {
  return PARTS[path.split(/[.[]/)[1]] || "Who writes";
}

function show(told, all) {
  for (const name of Object.keys(questions)) {
    const place = $(`${name}-unclear`);
    if (!place) continue;
    const filled = name === "agreed" ? field("agreed").checked : field(name).value;
    place.textContent = told.unclear[name] && (all || (filled && name !== "scenario")) ? told.unclear[name] : "";
    if (name !== "agreed") field(name).toggleAttribute("aria-invalid", Boolean(place.textContent));
  }
  if (told.problems) {
    $("problems").replaceChildren(...told.problems.map((one) => made("li", `${partOf(one.field)}: ${one.words}`)));
    names = told.names;
    $("names").hidden = !names.length;
    $("names-words").textContent = `These may be names of people: ${names.join(", ")}. If one of them is real, write another.`;
  }
}

// ---- released scenarios

async function look(text, take) {
  const told = await ask("/search", { text });
  if (take && told.scenarios.length) {
    choose(told.scenarios[0], false);
    return;
  }
  const items = told.scenarios.map((one) => {
    const item = made("li");
    const shortly = one.turns[one.turns.length - 1].text;
    const button = made("button", `${one.id}, ${one.domain}: ${shortly.slice(0, 90)}${shortly.length > 90 ? "…" : ""}`, { type: "button" });
    button.addEventListener("click", () => choose(one, true));
    item.append(button);
    return item;
  });
  $("found").replaceChildren(...(items.length ? items : [made("li", "No scenario of train has all these words.")]));
}

function choose(one, byHand) {
  released = one.id;
  $("found").replaceChildren();
  $("chosen-title").textContent = `${one.id}: ${one.company || "a company"}, ${one.domain}`;
  $("chosen-authority").textContent = `The agent may and may not: ${one.authority || "not stated"}`;
  $("turns").replaceChildren(
    ...one.turns.map((part) => {
      const item = made("li", "", { class: part.role });
      item.append(made("span", part.role === "agent" ? "Agent" : "Customer", { class: "who" }), made("p", part.text, { dir: "auto" }));
      return item;
    }),
  );
  $("chosen-scenario").hidden = false;
  if (byHand) {
    $("chosen-title").focus();
    changed();
  }
}

// ---- an example is finished

async function finish() {
  await keep();
  if (stopped) return;
  let told;
  try {
    told = await ask("/finish", { revision });
  } catch (error) {
    if (!error.body?.unclear) throw error;
    show(error.body, true);
    const first = Object.keys(error.body.unclear)[0];
    if (!first) {
      $("trouble").textContent = error.message;
      $("checks").focus();
      return;
    }
    $("trouble").textContent = `${error.message} See: ${Object.keys(error.body.unclear).map((name) => questions[name].ask).join(" ")}`;
    if (first === "scenario") $("look").focus();
    else field(first).focus();
    return;
  }
  revision = told.revision;
  saved = told.id;
  count(told.count);
  $("trouble").textContent = "";
  await done();
}

async function done() {
  $("form").hidden = true;
  $("done").hidden = false;
  $("done-title").textContent = `Saved as ${saved}`;
  $("readings").replaceChildren();
  $("read").hidden = false;
  $("done-title").focus();
  const told = await ask("/pull");
  $("pull-problems").replaceChildren(...told.problems.map((words) => made("li", words)));
  $("pull").textContent = told.words || "When these problems are mended, the words for the pull request stand here.";
}

async function readings() {
  $("readings").replaceChildren(made("p", "One moment."));
  const told = await ask("/reading", { id: saved });
  $("read").hidden = true;
  $("readings").replaceChildren(
    ...told.readings.map((one) => {
      const part = made("section");
      const levels = Object.entries(one.levels).map(([name, level]) => `${name.replace("_", " ")} ${level === null ? "cannot say" : level.toFixed(2)}`);
      part.append(made("h3", one.scorer), made("p", levels.join(", ")));
      const list = made("ul", "", { class: "plain" });
      list.append(...one.behaviours.map((mark) => made("li", `${mark.code} “${mark.quote}”`)));
      part.append(list);
      return part;
    }),
  );
}

function count(number) {
  $("progress-words").textContent = `${file}: ${number} ${number === 1 ? "example" : "examples"} finished`;
}

async function start() {
  const told = await ask("/state");
  questions = told.questions;
  // the same words as on the terminal, without its keys
  questions.scenario = { ask: "Whose scenario?", explain: "Released ones are those of train; others are held out." };
  for (const name of ["channel", "fault"]) questions[name].ask = questions[name].ask.replace(/ \(.*\)/, "");
  questions.written = { ask: "Who writes the texts?", explain: questions.written.explain };
  if (!$("agreed-words").textContent) build();
  revision = told.revision;
  $("wanted-list").replaceChildren(...told.wanted.map((line) => made("li", line)));
  file = told.file;
  count(told.finished.length);
  fill(told.typed);
  last = JSON.stringify(typed());
  show({ unclear: {}, problems: [], names: [] }, false);
  $("done").hidden = true;
  $("form").hidden = false;
  $("title").focus();
  if (told.typed.reply || told.typed.turns) await check();
}

$("form").addEventListener("input", changed);
$("form").addEventListener("submit", (event) => event.preventDefault());
$("form").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    inTurn(finish).catch(complain);
  } else if (event.key === "Enter" && event.target.id === "look") {
    event.preventDefault();
    inTurn(() => look($("look").value, false)).catch(complain);
  }
});
$("look-now").addEventListener("click", () => inTurn(() => look($("look").value, false)).catch(complain));
$("finish").addEventListener("click", () => inTurn(finish).catch(complain));
$("another").addEventListener("click", () => inTurn(start).catch(complain));
$("read").addEventListener("click", () => inTurn(readings).catch(complain));
$("names-yes").addEventListener("click", () => inTurn(() => ask("/names", { names })).then(check).then(() => $("finish").focus()).catch(complain));
// what was typed since the last save goes out with the page
addEventListener("pagehide", () => keep(true).catch(() => {}));
inTurn(start).catch(complain);
