"""Boards made by hand: some entries on two sets by two scorers, with texts, hostile ones among them."""

from __future__ import annotations

import dataclasses
import functools
import random
from collections.abc import Iterator

from tests.reports.cases import CASES

from amends.leaderboard.board import Board, Overlap, Row, Table
from amends.records import DIMENSIONS, Annotation, Annotator, Behaviour, Exchange
from amends.results import About, cluster_of, dimension_results, missing_row, row_of, summarise

SCORERS = (
    {"name": "trained", "version": 2, "weights": "9805f62970ff"},
    {"name": "rules", "version": 3, "weights": None},
)
FIELDS = ("domain", "channel", "fault")
SAMPLES = 2
PLAIN = (
    "seven-steps", "courtesy", "excuses", "policy", "status", "prompt-none", "prompt-short", "prompt-rubric",
    "warm-template", "people-desk", "listen-own-act", "retrieval",
)  # fmt: skip
FEW = ("courtesy", "hostile", "prompt-rubric", "retrieval", "seven-steps")
SKILL = {"prompt-rubric": 1.6, "people-desk": 1.2, "prompt-short": 1.1, "seven-steps": 0.7, "listen-own-act": 0.6,
         "prompt-none": 0.5, "excuses": -1.2, "policy": -0.6, "status": -0.4, "courtesy": -0.3}  # fmt: skip
HOSTILE = (
    "<script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">",
    "\u202eyalp ot eunitnoc \u2066 \u0645\u0631\u062d\u0628\u0627 \u200b",
    "a\x00b\x07c </textarea></p><style>*{display:none}</style>&amp;{{7*7}}${7*7}{% x %}",
    '=HYPERLINK("http://example.invalid","click")',
    "</script><script>document.title='taken'</script><!--",
)


def kind_of(name: str) -> str:
    return "model" if name.startswith("prompt") else "person" if "people" in name else "program"


def scenarios(chosen: str) -> list[str]:
    return [f"{chosen}-{k:03}" for k in range(30 if chosen == "test" else 12)]


@functools.cache
def items(name: str, chosen: str) -> tuple[tuple[Exchange, dict[str, Annotation]], ...]:
    """Replies of an entry: words of the cases of the reports, levels drawn around a skill."""
    draw = random.Random(f"{name} {chosen}")
    made = []
    for place, scenario in enumerate(scenarios(chosen)):
        context, turns, reply, _, _, _, _ = CASES[place % len(CASES)]
        hard = random.Random(scenario).gauss(0, 0.5)
        for sample in range(SAMPLES):
            text = f"{reply} ({name}, {sample})"
            if name == "hostile":
                text = HOSTILE[(place + sample) % len(HOSTILE)] + f" {place}"
            raw = {
                "id": f"{name}-{scenario}-{sample}", "scenario_id": scenario, "sample": sample, **context,
                "turns": [{"role": role, "text": words} for role, words in turns], "reply": text,
            }  # fmt: skip
            exchange = Exchange.from_dict(raw)
            made.append((exchange, {str(s["name"]): judged(draw, s, exchange, name, hard) for s in SCORERS}))
    return tuple(made)


def judged(draw: random.Random, scorer: dict, exchange: Exchange, name: str, hard: float) -> Annotation:
    skill = 3 + SKILL.get(name, 0.0) + (0.2 if scorer["name"] == "rules" else 0)
    levels = {d: round(min(5, max(1, draw.gauss(skill + hard, 0.8))), 2) for d in DIMENSIONS}
    text = exchange.reply
    end = min(24, len(text))
    shown = [Behaviour(draw.choice(("E1", "D2", "X2", "X7", "E8")), 0, end, text[:end], draw.choice((1.0, 0.3)))]
    who = Annotator("scorer", "program", str(scorer["name"]), str(scorer["version"]))
    return Annotation(exchange.id, exchange.scenario_id, who, levels, tuple(shown), (), None)


@functools.cache
def row(name: str, chosen: str, sliced: bool = True) -> Row:
    """One entry."""
    found = items(name, chosen)
    results, slices = {}, {field: {} for field in FIELDS}
    for scorer in SCORERS:
        rows = [row_of(by[scorer["name"]], cluster_of(e.scenario_id, {}, e.id), "en") for e, by in found]
        about = About(
            {"kind": kind_of(name), "name": name, "version": "1"}, f"data:{chosen}", "0123456789ab", scorer, 12345
        )
        results[str(scorer["name"])] = summarise(rows, about)
        for field in FIELDS if sliced else ():
            for value in sorted({str(getattr(e.context, field)) for e, _ in found}):
                part = [r for r, (e, _) in zip(rows, found, strict=True) if str(getattr(e.context, field)) == value]
                slices[field].setdefault(value, {})[str(scorer["name"])] = dimension_results(part, 12345)
    words = HOSTILE[0] if name == "hostile" else "A template that says what it knows."
    entry = {
        "schema": 1, "name": name, "set": chosen, "dataset": "1.2.0", "kind": kind_of(name),
        "submitted": "2026-11-22", "credit": HOSTILE[1] if name == "hostile" else None,
        "contamination": {"seen": "no", "statement": HOSTILE[3] if name == "hostile" else "Written before the test."},
        "settings": {"temperature": 0.2, "prompt": HOSTILE[2]} if name == "hostile" else {"temperature": 0.2},
        "meta": {},
    }  # fmt: skip
    card = {"name": words, "version": HOSTILE[4] if name == "hostile" else "1", "description": words,
            "licence": "Apache-2.0", "kind": "program", "command": ["sh", "-c", words]}  # fmt: skip
    away = name in ("retrieval",)
    return Row(
        name, kind_of(name), entry, card,
        {"by": "the project", "date": "2026-11-22", "how": "run again"} if name == "seven-steps" else None,
        name in ("seven-steps", "retrieval"), Overlap(1000, 800 if away else 12), away,
        "retrieval" if away else None, results, slices,
    )  # fmt: skip


def silent(one: Row) -> Row:
    """The same entry, had it said nothing that a scorer takes for a reply."""
    rows = [missing_row(f"c{i}") for i in range(30)]
    results = {}
    for scorer in SCORERS:
        about = About({"kind": one.kind, "name": one.name, "version": "1"}, "data:test", "0123456789ab", scorer, 12345)
        results[str(scorer["name"])] = summarise(rows, about)
    return dataclasses.replace(one, results=results, slices={}, unranked="100.0% without a reply")


def table(chosen: str, rows: tuple[Row, ...]) -> Table:
    """Tiers cut by the mean: what a page does with tiers is tested here, not how they come about."""
    tiers = {}
    for scorer in rows[0].results if rows else ():
        tiers[scorer] = {}
        for d in DIMENSIONS:
            ranked = [r for r in rows if r.unranked is None]
            level = {r.name: int(2 * (r.results[scorer].dimensions[d].mean.value or 0)) for r in ranked}
            steps = sorted(set(level.values()), reverse=True)
            tiers[scorer][d] = tuple(tuple(sorted(n for n in level if level[n] == step)) for step in steps)
    lines = {
        str(s["name"]): f"amends|data:{chosen}@0123456789ab|scorer:{s['name']}.{s['version']}|v:0.5.0" for s in SCORERS
    }
    return Table(chosen, rows, tiers, (f"Tiers of {len(rows)} entries.",), lines)


@functools.cache
def board(*names: str) -> Board:
    """Two sets; the systems set has the first four entries, under names of their own."""
    chosen = names or FEW
    test = tuple(row(name, "test") for name in sorted(chosen))
    systems = tuple(dataclasses.replace(row(name, "systems"), name=f"{name}-sys") for name in sorted(chosen)[:3])
    return Board({"test": table("test", test), "systems": table("systems", systems)}, SCORERS, "1.2.0", "0.5.0")


def replies(one: Row) -> Iterator[tuple[Exchange, dict[str, Annotation]]]:
    """As ``entry_items`` gives them."""
    yield from items(one.name.removesuffix("-sys"), str(one.entry["set"]))


def many(n: int, sliced: bool = False, scorers: int = 2) -> tuple[Board, dict[str, str]]:
    """A board of so many entries on one set, and whose words each of them has."""
    base = [name for name in (*PLAIN, "hostile") if name != "retrieval"]
    source = {f"entry-{k:03}": base[k % len(base)] for k in range(n)}
    rows = tuple(
        dataclasses.replace(row(base_name, "test", sliced), name=name) for name, base_name in sorted(source.items())
    )
    kept = SCORERS[:scorers]
    rows = tuple(
        dataclasses.replace(one, results={str(s["name"]): one.results[str(s["name"])] for s in kept}) for one in rows
    )
    return Board({"test": table("test", rows)}, kept, "1.2.0", "0.5.0"), source
