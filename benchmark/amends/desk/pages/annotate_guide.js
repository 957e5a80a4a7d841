"use strict";
// The guideline beside the reply: of the dimension in focus its levels, behaviours and settled doubts; and the whole text.

let guide = { version: "", dimensions: [], flags: [], whole: [] };
let byCode = new Map(); // code to its behaviour
const plus = (code) => byCode.get(code)?.plus ?? true;

function pieced(element, runs) {
  const tags = { strong: "strong", em: "em", code: "code" };
  for (const [text, kind] of runs) element.append(tags[kind] ? made(tags[kind], text) : text);
  return element;
}

function takeGuide(told) {
  guide = told;
  byCode = new Map(guide.dimensions.flatMap((d) => d.behaviours.map((b) => [b.code, { ...b, dimension: d }])));
  $("whole").replaceChildren(...guide.whole.map(block));
}

function block(part) {
  if (part.kind === "table") {
    const table = made("table");
    const [first, ...rows] = part.rows;
    const top = table.createTHead().insertRow();
    for (const cell of first) {
      const heading = pieced(made("th"), cell);
      heading.scope = "col";
      top.append(heading);
    }
    const body = table.createTBody();
    for (const row of rows) {
      const line = body.insertRow();
      row.forEach((cell, i) => {
        const element = pieced(made(i ? "td" : "th"), cell);
        if (!i) element.scope = "row";
        line.append(element);
      });
    }
    const holder = made("div", "", "sideways");
    holder.append(table);
    holder.tabIndex = 0;
    holder.setAttribute("role", "region");
    holder.setAttribute("aria-label", "The levels");
    return holder;
  }
  if (part.kind === "h") return pieced(made(part.level > 1 ? "h3" : "h2"), part.runs);
  return pieced(made("p", "", part.kind === "li" ? "item" : ""), part.runs);
}

function showGuide(code, pick) {
  const dimension = guide.dimensions.find((d) => d.code === code);
  $("guide-title").textContent = `${dimension.name}: ${dimension.question}`;
  const levels = made("ol", "", "levels");
  for (const level of dimension.levels) {
    const item = made("li");
    item.append(made("span", String(level.level), "number"), pieced(made("span"), level.runs));
    levels.append(item);
  }
  const list = made("ul", "", "behaviours");
  for (const behaviour of dimension.behaviours) {
    const item = made("li");
    const button = made("button", behaviour.code, `code ${behaviour.plus ? "plus" : "minus"}`);
    button.type = "button";
    button.tabIndex = -1; // the palette and the keys reach them; 25 more stops for Tab would be in the way
    button.setAttribute("aria-label", `Mark as ${behaviour.code}, ${behaviour.name}`);
    button.addEventListener("pointerdown", (event) => event.preventDefault());
    button.addEventListener("click", () => pick(behaviour.code));
    const text = made("span");
    text.append(made("strong", `${behaviour.plus ? "" : "− "}${behaviour.name}: `));
    item.append(button, pieced(text, behaviour.runs));
    list.append(item);
  }
  const notes = made("ul", "", "notes");
  notes.append(...dimension.notes.map((runs) => pieced(made("li"), runs)));
  $("guide").replaceChildren(levels, made("h3", "Behaviours"), list, made("h3", "Caps and settled doubts"), notes,
    made("p", `Guideline ${guide.version}. Minus behaviours (−) cap. G shows it whole.`, "hint"));
  $("guide-side").scrollTop = 0;
}

function levelWords(code, level) {
  const found = guide.dimensions.find((d) => d.code === code).levels.find((one) => one.level === level);
  return found ? found.runs.map(([text]) => text).join("") : "";
}

// ---- the palette: every code, by dimension

function drawPalette(pick) {
  $("codes").replaceChildren(
    ...guide.dimensions.map((dimension) => {
      const row = made("div", "", "row");
      row.dataset.letter = dimension.letter;
      row.setAttribute("role", "group");
      row.setAttribute("aria-label", dimension.name);
      row.append(made("kbd", dimension.letter));
      for (const behaviour of dimension.behaviours) {
        const button = made("button", "", behaviour.plus ? "plus" : "minus");
        button.type = "button";
        button.append(made("b", behaviour.code.slice(1)), made("span", `${behaviour.plus ? "" : "− "}${behaviour.name}`));
        button.setAttribute("aria-label", `${behaviour.code} ${behaviour.name}`);
        button.title = `${behaviour.code} ${behaviour.name}`;
        button.addEventListener("click", () => pick(behaviour.code));
        row.append(button);
      }
      return row;
    }),
  );
}

// ---- what others said: the gold of one reply in training, figures of agreement at the end

function tableOf(caption, headings, rows) {
  const table = made("table");
  table.createCaption().textContent = caption;
  const top = table.createTHead().insertRow();
  for (const heading of headings) {
    const cell = made("th", heading);
    cell.scope = "col";
    top.append(cell);
  }
  const body = table.createTBody();
  for (const row of rows) {
    const line = body.insertRow();
    row.forEach((cell, i) => {
      const element = made(i ? "td" : "th", String(cell));
      if (!i) element.scope = "row";
      line.append(element);
    });
  }
  const holder = made("div", "", "sideways");
  holder.tabIndex = 0;
  holder.setAttribute("role", "region");
  holder.setAttribute("aria-label", caption);
  holder.append(table);
  return holder;
}

function showGold(gold, mine) {
  $("gold").hidden = !gold;
  if (!gold) return;
  const kinds = { model: "language models", person: "people" };
  const said = Object.entries(gold);
  const level = (value) => (value === null || value === undefined ? "cannot be judged" : String(value));
  $("gold-levels").replaceChildren(
    tableOf("Levels: yours, and the median of the released labels", ["Dimension", "You",
      ...said.map(([kind, one]) => `${kinds[kind] ?? kind} (${one.n})`)],
    guide.dimensions.map((d) => [d.name, level(mine.levels[d.code]), ...said.map(([, one]) => level(one.levels[d.code]))])),
  );
  $("gold-marks").replaceChildren(
    ...said.flatMap(([, one]) => [
      ...one.behaviours.map((mark) => {
        const item = made("li");
        item.append(made("span", mark.code, `code ${plus(mark.code) ? "plus" : "minus"}`),
          ` ${byCode.get(mark.code)?.name ?? ""}: `, made("q", mark.quote));
        return item;
      }),
      ...one.flags.map((flag) => made("li", `flag: ${flag.replaceAll("_", " ")}`)),
    ]),
  );
}

function showAgreement(told) {
  const parts = [["people", "With other people of this team"], ["models", "With language models"]];
  const box = $("agreement");
  box.hidden = false;
  box.replaceChildren(made("h2", "How your labels agree with others’"));
  for (const [kind, title] of parts) {
    const { what, rows, left_out: left } = told[kind];
    box.append(made("h3", title));
    if (rows.length) {
      box.append(
        made("p", `${what.charAt(0).toUpperCase()}${what.slice(1)}.`, "hint"),
        tableOf(title, ["With", "Dimension", "Measure", "Value", "95% interval", "Replies (scenarios)"],
          rows.map((row) => [row.with, row.dimension, row.measure === "alpha" ? "alpha (ordinal)" : "weighted kappa",
            row.value, row.interval, row.n])),
      );
    }
    const none = kind === "people" ? "Nobody else has finished yet." : "These replies have no labels by models that were released.";
    if (!rows.length && !left) box.append(made("p", none));
    if (left) {
      box.append(made("p", `${left} ${left === 1 ? "annotator is" : "annotators are"} left out: fewer than ${told.fewest} replies that both judged.`));
    }
  }
  if (told.signature) box.append(made("p", told.signature, "hint signature"));
}
