"use strict";
// From one reply to the next, the ends of it, and what listens to what.

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
  const meant = at; // pressed twice: the second time is not for what comes next
  if (final && items[at][1] === "done") {
    await inTurn(() => (at === meant ? goOn(`${$("progress-words").textContent}.`) : null));
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
    if (at < 0 || at !== meant || JSON.stringify(mine) !== kept) return;
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
  const meant = at;
  if (!(await sync())) {
    $("skipping").close();
    return;
  }
  await inTurn(async () => {
    if (at !== meant || !$("skipping").open) return;
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

// ---- what listens

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
