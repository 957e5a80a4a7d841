"use strict";
// How every page of a desk asks it. Loaded before the page's own files.

const $ = (id) => document.getElementById(id);
const asking = { patience: 15000, silence: "The desk does not answer." }; // milliseconds; a page may want others
let turn = Promise.resolve(); // requests go out one after the other
let owner = ""; // whose page this is, as the desk said first: another who comes in with this browser is not written as

class Trouble extends Error {
  constructor(status, body) {
    super(body.error || "The desk did not understand.");
    this.status = status;
    this.body = body;
  }
}

async function ask(path, body, keepalive = false) {
  // some browsers send no origin with no referrer
  const request = { signal: AbortSignal.timeout(asking.patience), keepalive, referrerPolicy: "same-origin", headers: {} };
  if (owner) request.headers["Desk-Person"] = owner;
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
    throw new Trouble(0, { error: asking.silence });
  }
  if (!answer.ok) throw new Trouble(answer.status, told);
  owner ||= answer.headers.get("Desk-Person") || "";
  return told;
}

function inTurn(work) {
  turn = turn.then(work, work);
  return turn;
}

// whether the same request may do later
const passing = (error) => error.status === 0 || error.status === 401 || error.status >= 500;
