"use strict";
// One scenario at a time. Every text is set with textContent or value: nothing that was written is ever markup.

const PAUSE = 600; // milliseconds without a key after which a draft is kept
const AT_LATEST = 3000; // and while keys keep coming
const AGAIN = 2000; // until a request that found no desk is made again
const ABSENT = 60000; // without a key, a click or a scroll: the time no longer counts

let states = [];
let limits = { text: 0, reason: 0, name: 0 };
let at = -1; // index of the scenario that is shown; -1: none
let revision = 0;
let kept = ""; // the text as the desk has it
let seconds = 0;
let timed = 0; // the seconds as the desk has them
let active = performance.now();
let pause = 0;
let latest = 0;
let step = 0; // drafts that this window sent
let seen = 0; // number of the draft that it knows
let conflict = ""; // what another window did; stands until this one has saved or gone on
const WINDOW = [...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(36)).join("");

function say(words) {
  $("said").textContent = words;
}

function complain(error) {
  let words = error.message;
  if (error.status === 0 || error.status === 401) {
    words = `Not saved. ${words} Your text stays on this page and is saved as soon as that is mended.`;
  }
  if ($("trouble").textContent !== words) $("trouble").textContent = words;
}

function calm() {
  if ($("trouble").textContent !== conflict) $("trouble").textContent = conflict;
}

function elsewhere(error) {
  conflict = error.message;
  revision = error.body.revision;
  seen = error.body.draft;
}

function counts() {
  const answered = states.filter((state) => state === "answer").length;
  const skipped = states.filter((state) => state === "skip").length;
  return { answered, skipped, done: answered + skipped };
}

function showProgress() {
  const { answered, skipped, done } = counts();
  $("progress-words").textContent =
    `${answered} of ${states.length} answered` + (skipped ? `, ${skipped} skipped` : "");
  $("progress").max = states.length;
  $("progress").value = done;
}

function show(section) {
  for (const id of ["consent", "work", "done"]) $(id).hidden = id !== section;
}

function text() {
  // half of a character that takes two places cannot be stored
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(new TextEncoder().encode($("reply").value));
}

function showCount() {
  const length = [...$("reply").value].length;
  const over = length > limits.text;
  $("count").textContent = over
    ? `${length.toLocaleString("en")} characters: ${(length - limits.text).toLocaleString("en")} too many to be saved`
    : `${length.toLocaleString("en")} characters`;
  $("count").className = over ? "over" : "";
}

// ---- drafts

function typed() {
  showCount();
  $("draft").textContent = "";
  clearTimeout(pause);
  pause = setTimeout(keep, PAUSE);
  if (!latest) latest = setTimeout(keep, AT_LATEST);
}

function hush() {
  clearTimeout(pause);
  clearTimeout(latest);
  latest = 0;
}

function keep() {
  hush();
  return inTurn(() => keepNow(false));
}

async function keepNow(leaving) {
  const draft = { text: text(), seconds, revision, window: WINDOW, step: (step += 1), seen };
  // while another window is ahead, only what is typed here is a reason to write over it
  if (at < 0 || (draft.text === kept && (conflict || draft.seconds === timed))) return true;
  let told;
  try {
    // a page that goes away may send 64 KB
    told = await ask(`/scenarios/${at + 1}/draft`, draft, leaving && draft.text.length < 15000);
  } catch (error) {
    complain(error);
    if (error.status === 409) elsewhere(error);
    else if (passing(error)) again();
    return false;
  }
  if (draft.text !== kept) $("draft").textContent = "Draft kept";
  kept = draft.text;
  timed = draft.seconds;
  seen = told.draft;
  calm();
  return true;
}

function again() {
  clearTimeout(pause);
  pause = setTimeout(keep, AGAIN);
}

// ---- moving

async function open(number, words = "") {
  $("reply").readOnly = true; // what is typed while the next one is on its way would be lost
  for (let told; !told;) {
    try {
      told = await ask(`/scenarios/${number + 1}`);
      fill(number, told);
    } catch (error) {
      complain(error);
      await new Promise((go) => setTimeout(go, AGAIN));
    }
  }
  $("reply").readOnly = false;
  calm();
  say(words);
  show("work");
  scrollTo(0, 0);
  $("title").focus({ preventScroll: true });
}

function fill(number, told) {
  at = number;
  revision = told.revision;
  seen = told.draft;
  conflict = "";
  kept = told.text;
  seconds = told.seconds;
  timed = seconds;
  $("title").textContent = `Scenario ${number + 1} of ${states.length}`;
  document.title = `${number + 1} of ${states.length} · amends`;
  history.replaceState(null, "", `#${number + 1}`);
  const context = told.context.map(([heading, words]) => {
    const row = [document.createElement("dt"), document.createElement("dd")];
    row[0].textContent = heading;
    row[1].textContent = words;
    return row;
  });
  $("context").replaceChildren(...context.flat());
  $("turns").replaceChildren(
    ...told.turns.map(({ role, text: words }) => {
      const item = document.createElement("li");
      item.className = `turn ${role === "agent" ? "agent" : "customer"}`;
      const who = document.createElement("h3");
      who.textContent = role === "agent" ? "Agent of the company" : "Customer";
      const said = document.createElement("p");
      said.className = "text";
      said.dir = "auto";
      if (told.language) said.lang = told.language;
      said.textContent = words;
      item.append(who, said);
      return item;
    }),
  );
  $("reply").value = told.text;
  kept = text(); // as the browser gives it back
  $("standing").textContent =
    told.state === "skip" ? `You skipped this one: ${told.reason}`
    : told.unsaved && told.state === "answer" ? "You changed this reply and have not saved the change."
    : told.state === "answer" ? "This reply is saved. You may change it and save again."
    : "";
  $("draft").textContent = told.unsaved ? "Draft kept" : "";
  $("previous").disabled = number === 0;
  $("next").disabled = number === states.length - 1;
  showCount();
}

async function move(step) {
  const number = at + step;
  if (at < 0 || number < 0 || number >= states.length) return;
  if (!(await keep())) return;
  await inTurn(() => open(number));
}

function nextOpen() {
  const after = states.indexOf("open", at + 1);
  return after >= 0 ? after : states.indexOf("open");
}

async function goOn(words) {
  const number = nextOpen();
  if (number >= 0) {
    await open(number, words);
    return;
  }
  const { answered, skipped } = counts();
  at = -1;
  conflict = "";
  calm();
  history.replaceState(null, "", location.pathname);
  $("done-words").textContent = `${answered} answered, ${skipped} skipped.`;
  show("done");
  say(words);
  $("done-title").focus();
}

// ---- saving

function save(path, body, where) {
  hush();
  const meant = at; // pressed twice: the second time is not for what comes next
  return inTurn(async () => {
    if (at < 0 || at !== meant) return;
    $("reply").readOnly = true;
    try {
      // first as a draft: what another window typed meanwhile is not replaced unseen
      if (path === "answer" && !(await keepNow(false))) return;
      const told = await ask(`/scenarios/${at + 1}/${path}`, { ...body(), seconds, revision });
      states = told.states;
    } catch (error) {
      if (error.status === 409) elsewhere(error);
      if (passing(error)) again();
      if (where) where.textContent = error.message;
      else complain(error);
      return;
    } finally {
      $("reply").readOnly = false;
    }
    if ($("skipping").open) $("skipping").close();
    showProgress();
    await goOn(`Saved. ${$("progress-words").textContent}.`);
  });
}

function saveAnswer() {
  if (at < 0) return;
  if (!text().trim()) {
    $("trouble").textContent = "There is no reply yet: write one, or skip the scenario.";
    $("reply").focus();
    return;
  }
  save("answer", () => ({ text: text() }));
}

function saveSkip() {
  const chosen = document.querySelector("input[name=why]:checked");
  const reason = chosen && chosen.value ? chosen.value : $("why-words").value.trim();
  if (!reason) {
    $("skip-trouble").textContent = "Choose a reason, or write one.";
    return;
  }
  if ([...reason].length > limits.reason) {
    $("skip-trouble").textContent = `At most ${limits.reason} characters.`;
    return;
  }
  save("skip", () => ({ reason }), $("skip-trouble"));
}

function openSkip() {
  for (const choice of document.querySelectorAll("input[name=why]")) choice.checked = false;
  $("why-words").value = "";
  $("skip-trouble").textContent = "";
  $("skipping").showModal();
}

async function agree() {
  try {
    if (!$("agreed").checked) throw new Trouble(400, { error: "Nothing starts without your consent." });
    if (!$("name").value.trim()) throw new Trouble(400, { error: "Choose a name first." });
    await ask("/consent", { name: $("name").value, agreed: true });
    calm();
    await start();
  } catch (error) {
    $("trouble").textContent = error.message;
  }
}

// ---- the start, the clock, the keys

async function start() {
  let told;
  try {
    told = await ask("/state");
  } catch (error) {
    complain(error);
    setTimeout(start, AGAIN);
    return;
  }
  states = told.states;
  limits = told.limits;
  showProgress();
  if (!told.name) {
    $("consent-words").textContent = told.consent;
    $("name").value = told.offered;
    show("consent");
    $("consent-title").focus();
    return;
  }
  const asked = Number(location.hash.slice(1)) - 1;
  if (Number.isInteger(asked) && asked >= 0 && asked < states.length) await inTurn(() => open(asked));
  else await inTurn(() => goOn(""));
}

setInterval(() => {
  const here = document.visibilityState === "visible" && document.hasFocus();
  if (at >= 0 && here && performance.now() - active < ABSENT) seconds += 1;
}, 1000);

for (const kind of ["keydown", "pointerdown", "pointermove", "scroll"]) {
  addEventListener(kind, () => { active = performance.now(); }, { passive: true, capture: true });
}

addEventListener("keydown", (event) => {
  if (event.isComposing || at < 0 || $("skipping").open) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.repeat) {
    event.preventDefault();
    saveAnswer();
  } else if (event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    const sideways = event.key === "ArrowLeft" || event.key === "ArrowRight";
    const typing = /Mac|iPhone|iPad/.test(navigator.platform) && document.activeElement === $("reply");
    if (sideways && typing) return; // there it moves by a word
    const step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
    if (step) {
      event.preventDefault();
      if (!event.repeat) move(step);
    }
  }
});

$("reply").addEventListener("input", typed);
$("save").addEventListener("click", saveAnswer);
$("previous").addEventListener("click", () => move(-1));
$("next").addEventListener("click", () => move(1));
$("skip").addEventListener("click", openSkip);
$("skip-now").addEventListener("click", saveSkip);
$("skip-not").addEventListener("click", () => $("skipping").close());
$("why-words").addEventListener("input", () => { $("why-4").checked = true; });
$("begin").addEventListener("click", agree);
$("name").addEventListener("keydown", (event) => { if (event.key === "Enter") agree(); });
$("back").addEventListener("click", () => inTurn(() => open(0)));
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") keep(); });
addEventListener("pagehide", () => { keepNow(true); });
addEventListener("beforeunload", (event) => { if (at >= 0 && text() !== kept && $("trouble").textContent) event.preventDefault(); });
start();
