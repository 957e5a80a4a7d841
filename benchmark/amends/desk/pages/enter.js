"use strict";
// Swaps the code behind the # for a cookie; the code leaves the address bar before anything else happens.
(async () => {
  const code = location.hash.slice(1);
  history.replaceState(null, "", location.pathname);
  let words = "This link holds no code. Open it as the terminal shows it, whole.";
  if (code) {
    try {
      const answer = await fetch("/api/enter", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ code }),
        referrerPolicy: "same-origin", // some browsers send no origin without one
      });
      if (answer.ok) {
        location.replace("/");
        return;
      }
      words = (await answer.json()).error;
    } catch {
      words = "The desk does not answer. Is it still running?";
    }
  }
  document.querySelector("h1").textContent = "The desk did not open";
  document.getElementById("said").textContent = words;
})();
