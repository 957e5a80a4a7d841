"use strict";
// One reply at a time. `mine` is the label as it stands on this page, `kept` as the desk has it: every action changes
// `mine`, and `sync` sends it until both are the same.

const PAUSE = 600; // milliseconds without a key after which a reason is kept
const AT_LATEST = 3000; // and while keys keep coming
const AGAIN = 2000; // until a request that found no desk is made again
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
let flying = 0; // labels on their way

const say = (text) => { $("said").textContent = text; };
const calm = () => { $("trouble").textContent = ""; };

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
