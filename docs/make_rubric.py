"""Write docs/RUBRIC.md from data/rubric.json and the clauses in ``amends.rubric.levels``.

Run ``python docs/make_rubric.py`` after a change to either; a test fails while the page is stale.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from amends.records import DIMENSIONS, Behaviour
from amends.rubric.definitions import behaviours, dimension_names, rubric
from amends.rubric.levels import clauses, decide
from amends.rubric.steps import step_coverage

PAGE = Path(__file__).with_name("RUBRIC.md")

KINDS = {"base": "earns", "floor": "at least", "cap": "at most"}

SIGNS = {"+": "plus", "-": "minus"}

EXAMPLES = (
    (
        "A reply that mixes",
        "A wardrobe came without its doors; the family's clothes have lain on the floor for two weeks. "
        "The company is at fault.",
        "A room that cannot be put to rights wears anyone down, and I am sorry it has come to that. The order left "
        "the warehouse without its second parcel. To be fair, it has been our busiest month. The doors will be "
        "with you on Friday before noon. Does that suit you?",
        (
            ("E1", "A room that cannot be put to rights wears anyone down"),
            ("E3", "I am sorry it has come to that"),
            ("D1", "The order left the warehouse without its second parcel"),
            ("X8", "it has been our busiest month"),
            ("X3", "The doors will be with you on Friday before noon"),
            ("D3", "The doors will be with you on Friday before noon"),
            ("D4", "Does that suit you?"),
        ),
        "company",
        "Kind words, a clear plan and an excuse stand side by side, and each dimension is read on its own. The "
        "untidy room is one image of the moment, not yet this customer's situation played back (E2), so empathy "
        "stays in general words. The busy month is the only thing that keeps the last dimension down: "
        "leave that sentence out and the remedy alone would make it a 3; own the slip beside it, and it is a 4.",
    ),
    (
        "Three sentences that reach the top",
        "A caterer's van never came to a wake, and the family bought sandwiches at a petrol station. The company "
        "is at fault.",
        "The van never left our yard, and so your family stood at a wake with sandwiches from a petrol station: "
        "that is hurtful on such a day, and it is our doing. The whole 640 euros go back to your card today, and I "
        "ring you tomorrow at ten unless another hour is better. What else would help you now?",
        (
            ("D1", "The van never left our yard"),
            ("X1", "so your family stood at a wake with sandwiches from a petrol station"),
            ("E2", "your family stood at a wake with sandwiches from a petrol station"),
            ("E1", "that is hurtful on such a day"),
            ("X2", "it is our doing"),
            ("X3", "The whole 640 euros go back to your card today"),
            ("D3", "The whole 640 euros go back to your card today"),
            ("D4", "unless another hour is better"),
            ("E4", "What else would help you now?"),
        ),
        "company",
        "One clause may show several things: the sandwiches are the consequence (X1) and the situation played back "
        "(E2) at once. Nothing here is long; every word does some work.",
    ),
)


def short(source: dict[str, str]) -> str:
    """Name a source by its author, or by the head of its title where the page names no author."""
    if not source["author"].startswith("author not named"):
        return source["author"]
    return "“" + re.split(r" – |: ", source["title"])[0] + "”"


def cited(sources: Iterable[dict[str, str]]) -> str:
    """Link to each source in the list at the end of the page."""
    numbers = {s["title"]: n for n, s in enumerate(rubric()["sources"], 1)}
    return "; ".join(f"[{short(s)}](#source-{numbers[s['title']]})" for s in sources)


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """Lay out a table."""
    lines = [head, ["---"] * len(head), *rows]
    return ["| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines] + [""]


def spoken(name: str) -> str:
    """Write a behaviour's name as words."""
    return name.replace("_", " ")


def dimension(one: dict[str, Any]) -> list[str]:
    """Tell a dimension's question and its five levels."""
    rows = [(x["level"], x["name"], x["anchor"], cited(x["sources"])) for x in reversed(one["levels"])]
    head = ("level", "name", "what earns it", "source")
    return [f"### {one['name']}", "", f"*{one['question']}*", "", *table(head, rows)]


def behaviour_table(code: str) -> list[str]:
    """Tell the behaviours of one dimension, each with an example."""
    rows = [
        (
            f"**{b['code']}**",
            SIGNS[b["sign"]],
            spoken(b["name"]),
            f"{b['definition']}<br>*“{b['example']}”*",
            cited(b["sources"]),
        )
        for b in rubric()["behaviours"]
        if b["dimension"] == code
    ]
    head = ("code", "sign", "name", "what it is, with an example", "source")
    return [f"### Behaviours of {dimension_names()[code].lower()}", "", *table(head, rows)]


def clause_table(code: str) -> list[str]:
    """Tell every clause of one dimension."""
    rows = [(f"`{c.id}`", KINDS[c.kind], c.level, c.text) for c in clauses() if c.dimension == code]
    return [f"### {dimension_names()[code]}", "", *table(("clause", "effect", "level", "when"), rows)]


def example(title: str, case: str, text: str, shown: Sequence[tuple[str, str]], fault: str, remark: str) -> list[str]:
    """Work one reply out; levels, clauses and steps are computed, never typed in."""
    marks = [Behaviour(code, text.index(quote), text.index(quote) + len(quote), quote) for code, quote in shown]
    words = {c.id: c.text for c in clauses()}
    decided = decide(marks, (), fault)
    steps = step_coverage([marks]).order
    return [
        f"### {title}",
        "",
        case,
        "",
        f"> {text}",
        "",
        *table(
            ("code", "name", "words that show it"),
            [(f"**{b.code}**", spoken(behaviours()[b.code].name), f"“{b.quote}”") for b in marks],
        ),
        *table(
            ("dimension", "level", "clause", "because"),
            [(dimension_names()[d], f"**{x.level}**", f"`{x.clause}`", words[x.clause]) for d, x in decided.items()],
        ),
        f"Steps taken: {', '.join(map(str, steps))}.",
        "",
        remark,
        "",
    ]


def render() -> str:
    """Write the whole page."""
    whole = rubric()
    lines = [
        f"# The rubric, version {whole['version']}",
        "",
        "<!-- Generated by docs/make_rubric.py from data/rubric.json and amends.rubric.levels: do not edit. -->",
        "",
        "A customer is upset; somebody answers. What is judged is the **reply**: the last thing the agent says, as",
        "the customer would see it. It gets a level from 1 to 5 on each of three **dimensions**, and the",
        "**behaviours** it shows are marked with the words that show them. The three levels stand beside each other",
        "and are never added up.",
        "",
        "Words of the customer that are quoted back, words that are negated or given as a bad example, signatures,",
        "quoted mail and hidden text show no behaviour. How doubts are settled while labeling stands in the",
        "[annotation guideline](../data/GUIDELINE.md).",
        "",
        "On this page: [dimensions](#the-three-dimensions) · [behaviours](#the-25-behaviours) · [flags](#flags) ·",
        "[steps](#the-seven-steps) · [how a level follows](#how-a-level-follows) ·",
        "[two worked examples](#two-worked-examples) · [sources](#sources)",
        "",
        "## The three dimensions",
        "",
        *[line for one in whole["dimensions"] for line in dimension(one)],
        f"A reply *breaches* a dimension below {whole['breach_below']} and meets it in *full* from"
        f" {whole['full_from']} on.",
        "",
        "## The 25 behaviours",
        "",
        f"A plus behaviour earns, a minus behaviour costs. Each mark has a strength from 0 to 1; under"
        f" {whole['passing_hint']} it is a passing hint, which moves no level.",
        "",
        *[line for code in DIMENSIONS for line in behaviour_table(code)],
        "## Flags",
        "",
        "A flag says something about the reply as a whole.",
        "",
        *table(
            ("flag", "what it says", "levels", "how it is counted"),
            [
                (f"`{f['code']}`", f["meaning"], "none" if f["levels"] == "null" else f["levels"], f["counted"])
                for f in whole["flags"]
            ],
        ),
        "## The seven steps",
        "",
        f"A conversation that goes well takes these steps ({cited(whole['steps'][0]['sources'])}). Which of them a",
        "reply takes, and in what order, is reported beside the levels and never scored.",
        "",
        *table(
            ("step", "name", "shown by", "kind"),
            [
                (
                    s["number"],
                    s["name"],
                    " or ".join(s["behaviours"]) + (f", again, after step {s['after']}" if "after" in s else ""),
                    {"personal": "personal", "depersonal": "kept off persons"}[s["kind"]],
                )
                for s in whole["steps"]
            ],
        ),
        "## How a level follows",
        "",
        "Annotators give levels by reading. Programs that find behaviours, and the checklist method, derive them by",
        "the clauses below, and so can you. For each dimension:",
        "",
        "1. of the clauses that *earn* a level, the highest that holds counts (the list runs from high to low);",
        "2. a clause *at least* lifts what was earned to its level;",
        "3. each clause *at most* that holds lowers it to its level.",
        "",
        "The order in which behaviours are listed changes nothing. Where they stand matters once: for the return to",
        "the empathy. A reply returns when it shows feeling or sympathy (E1, E3), then handles the issue (D2, D3 or",
        "X3), then shows feeling or sympathy again.",
        "",
        *[line for code in DIMENSIONS for line in clause_table(code)],
        "## Two worked examples",
        "",
        *[line for one in EXAMPLES for line in example(*one)],
        "## Sources",
        "",
        "The ideas are theirs; the words on this page are ours.",
        "",
        *[
            f'{n}. <a id="source-{n}"></a>*{s["title"]}*. {s["author"][0].upper()}{s["author"][1:].rstrip(".")}.'
            for n, s in enumerate(whole["sources"], 1)
        ],
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(render(), encoding="utf-8", newline="\n")
