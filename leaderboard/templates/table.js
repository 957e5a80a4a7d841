"use strict";
(() => {
  const status = document.getElementById("status");
  const say = (words) => { status.textContent = words; };
  const DASH = "\u2013";

  // ---- sorting: ties by name, what has no number last

  const compareNames = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

  function sortTable(table, column, down) {
    const body = table.tBodies[0];
    const rows = [...body.rows].map((row) => {
      const raw = row.cells[column].dataset.v;
      return { row, name: row.dataset.name, none: raw === undefined || raw === "", key: column ? Number(raw) : raw };
    });
    rows.sort((a, b) => {
      if (a.none !== b.none) return a.none ? 1 : -1;
      const by = a.none ? 0 : column ? a.key - b.key : compareNames(a.key, b.key);
      return (down ? -by : by) || compareNames(a.name, b.name);
    });
    const all = document.createDocumentFragment();
    for (const one of rows) all.append(one.row);
    body.append(all);
    for (const head of table.tHead.querySelectorAll("th[data-col]")) {
      const own = Number(head.dataset.col) === column;
      if (own) head.setAttribute("aria-sort", down ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    }
  }

  const sorted = new Map();

  function sortBy(table, head, down) {
    const column = Number(head.dataset.col);
    sorted.set(table, [column, down]);
    sortTable(table, column, down);
    say(`Sorted by ${head.dataset.label}, ${down ? "highest" : column ? "lowest" : "A"} first; ties by name.`);
  }

  for (const table of document.querySelectorAll("table.sortable")) {
    for (const head of table.tHead.querySelectorAll("th[data-col]")) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      button.append(...head.childNodes);
      head.append(button);
      if (head.hasAttribute("aria-sort")) sorted.set(table, [Number(head.dataset.col), false]);
      button.addEventListener("click", () => {
        const now = sorted.get(table);
        const own = now && now[0] === Number(head.dataset.col);
        sortBy(table, head, own ? !now[1] : "down" in head.dataset);
      });
    }
  }

  const controls = document.querySelector(".controls");
  if (!controls) return;
  controls.hidden = false;

  // on a phone the headings are not shown: the same choice as a list
  const choice = document.getElementById("sort-by");
  const main = document.getElementById("ranked") || document.getElementById("apart");
  if (main) {
    for (const head of main.tHead.querySelectorAll("th[data-col]")) {
      choice.add(new Option(head.dataset.label, head.dataset.col, false, head.hasAttribute("aria-sort")));
    }
    choice.addEventListener("change", () => {
      for (const table of document.querySelectorAll("table.sortable")) {
        const head = table.tHead.querySelector(`th[data-col="${Number(choice.value)}"]`);
        sortBy(table, head, "down" in head.dataset);
      }
    });
  }

  // ---- slices: numbers that were computed when the page was built

  const data = JSON.parse(document.getElementById("data").textContent);
  const place = new Map(data.names.map((name, i) => [name, i]));
  const tables = [...document.querySelectorAll("table.sortable")];
  const numbers = (row) => [...row.querySelectorAll("td.num:not(.n)")];
  const kept = new Map();
  for (const table of tables) {
    for (const row of table.tBodies[0].rows) {
      const cells = [...numbers(row), row.querySelector("td.n")];
      kept.set(row, cells.map((cell) => ({
        cell, value: cell.querySelector("b").textContent, small: cell.querySelector("small").textContent,
        v: cell.dataset.v, thin: cell.classList.contains("thin"),
      })));
    }
  }

  function put(cell, value, small, v, thin) {
    cell.querySelector("b").textContent = value;
    cell.querySelector("small").textContent = small;
    if (v !== undefined) cell.dataset.v = v;
    cell.classList.toggle("thin", thin);
  }

  const share = (x) => `${(x / 10).toFixed(1)}`;
  const level = (x) => (x / 100).toFixed(2);

  function show(row, found) {
    const cells = kept.get(row);
    const last = cells[cells.length - 1].cell;
    if (!found) {
      for (const { cell } of cells.slice(0, -1)) put(cell, DASH, "no reply", "", true);
      put(last, "0 (0)", "", undefined, true);
      return 0;
    }
    found.forEach((one, d) => {
      for (let m = 0; m < 3; m += 1) {
        const [value, low, high] = one.slice(3 * m, 3 * m + 3);
        const told = m < 2 ? share : level;
        const { cell } = cells[3 * d + m];
        if (value === null) put(cell, DASH, "none judged", "", true);
        else if (low === null) put(cell, told(value) + (m < 2 ? "%" : ""), "no interval", String(value), true);
        else put(cell, told(value) + (m < 2 ? "%" : ""), `${told(low)}${DASH}${told(high)}`, String(value), false);
      }
    });
    const judged = Math.min(...found.map((one) => one[10]));
    put(last, `${found[0][9]} (${found[0][11]})`, judged < found[0][9] ? `${judged} judged` : "", undefined, false);
    return found[0][11];
  }

  const slice = document.getElementById("slice");
  slice.addEventListener("change", () => {
    const cut = slice.value.indexOf("/");
    const values = cut < 0 ? null : data.slices[slice.value.slice(0, cut)][slice.value.slice(cut + 1)];
    let most = 0;
    for (const table of tables) {
      table.classList.toggle("sliced", Boolean(values));
      for (const row of table.tBodies[0].rows) {
        if (values) most = Math.max(most, show(row, values[place.get(row.dataset.name)]));
        else for (const { cell, value, small, v, thin } of kept.get(row)) put(cell, value, small, v, thin);
      }
      const now = sorted.get(table);
      if (now) sortTable(table, now[0], now[1]);
    }
    const small = most < 5 ? " That is too few for an interval: read no difference into it."
      : most < 10 ? " That is few: a difference means little." : "";
    say(values ? `${slice.value.slice(0, cut)}: ${slice.selectedOptions[0].text}, ${most} scenario${most === 1 ? "" : "s"}.${small} Tiers are those of the whole set.` : "The whole set.");
    document.getElementById("status").classList.toggle("warns", Boolean(small));
  });

  const find = document.getElementById("find");
  find.addEventListener("input", () => {
    const part = find.value.trim().toLowerCase();
    let many = 0;
    for (const row of kept.keys()) {
      row.hidden = !row.dataset.name.includes(part);
      many += row.hidden ? 0 : 1;
    }
    say(part ? `${many} of ${kept.size} entries.` : "");
  });

  // a browser that comes back to the page keeps what was chosen
  if (slice.value) slice.dispatchEvent(new Event("change"));
  if (find.value) find.dispatchEvent(new Event("input"));
})();
