"""The scorer card for a terminal and as a page: pure functions from a Card to a text."""

from __future__ import annotations

import textwrap
from pathlib import Path

from amends import html
from amends.reports import wording
from amends.reports.scorercard_parts import FLOORS, Cell, Grid, Listing, Part, Section, Words
from amends.reports.scorercard_sections import not_measured, sections
from amends.scorercard.sections import Card
from amends.terminal import WIDTH, plain, table_text

_TEMPLATES = Path(__file__).resolve().parent / "templates"

MODEL_GOLD = (
    "Gold here was made by language-model annotators. A scorer that is near to it is near to them; what people would "
    "say has not been asked."
)
"""Said on every card whose gold is no person's."""


def scorer_line(card: Card) -> str:
    """Name and version of the scorer, with its weights."""
    weights = card.scorer.get("weights")
    return f"{card.scorer['name']} {card.scorer['version']}" + (f" (weights {weights})" if weights else "")


def set_line(card: Card) -> str:
    """What it was measured on."""
    found = card.set
    flattered = ", on which it was fitted: what follows flatters it" if found.get("fitted") else ""
    return f"{found['name']}@{found['digest']} ({found['scenarios']:,} scenarios){flattered}"


def replies_line(card: Card) -> str:
    """How many replies there were, and how many count."""
    counts = card.counts
    lost = counts["not_judged"]
    why = ", ".join(f"{n:,} {wording.spoken(reason)}" for reason, n in lost.items())
    missed = f"{sum(lost.values()):,} not judged in full ({why})" if lost else "all judged"
    return f"{counts['replies']:,} replies, {counts['with_gold']:,} with gold; {missed}"


def gold_line(card: Card) -> str:
    """Who made the gold."""
    who = ", ".join(card.annotators)
    return f"{card.gold} ({who})" if who else card.gold


def speed_line(card: Card) -> str:
    """How fast it was, of the moment."""
    if card.speed is None:
        return "not measured"
    return f"{card.speed.per_second:,.0f} replies a second on {card.speed.replies:,} replies, this machine, this moment"


def cautions(card: Card) -> list[str]:
    """What must be said before the numbers."""
    return [wording.LABELS_ARE, *([MODEL_GOLD] if card.gold == "model" else [])]


def terminal(card: Card) -> str:
    """The card as plain text of at most 100 columns, the signature last."""
    lines = (
        ("scorer", scorer_line(card)),
        ("set", set_line(card)),
        ("gold", gold_line(card)),
        ("replies", replies_line(card)),
        ("speed", speed_line(card)),
        ("intervals", "95%, under each number; n is replies or pairs (clusters)"),
    )
    texts = ["".join(f"{name:<11}{plain(text)}\n" for name, text in lines)]
    texts += [_section(section) for section in sections(card)]
    texts.append(_absent(card))
    texts += [textwrap.fill(words, WIDTH) + "\n" for words in cautions(card)]
    # The line is cited by copying it: it goes past the width rather than break.
    return "\n".join([*texts, plain(card.signature) + "\n"])


def _section(section: Section) -> str:
    title = section.title.upper()
    texts = [f"{title}\n{textwrap.fill(plain(section.lede), WIDTH)}\n"]
    gold = section.id == "gold"
    for _, parts in section.parts:
        # the floors' grid holds the scorer's own column too: its listing would say the same twice
        texts += [part_text(part) for part in parts if not (gold and isinstance(part, Listing))]
    texts += [textwrap.fill(plain(words), WIDTH) + "\n" for words in section.sums]
    return "\n".join(texts)


def part_text(part: Part) -> str:
    """One table of a card as plain text, with the reasons for what is missing under it."""
    if isinstance(part, Words):
        return table_text(part.columns, part.rows, part.caption)
    if isinstance(part, Listing):
        rows = [
            (f"{line.label} ({line.detail})" if line.detail else line.label, *_one_line(line.cell))
            for line in part.lines
        ]
        text = table_text((part.heading, ">Value", ">95% interval", ">n"), rows, part.caption)
    else:
        text = _grid(part)
    return text + "".join(f"({letter}) {plain(why)}\n" for letter, why in part.notes)


def _one_line(cell: Cell) -> tuple[str, str, str]:
    return cell.value, cell.interval, cell.n


def _grid(part: Grid) -> str:
    """Two lines a row: the numbers, and under them their intervals."""
    rows: list[tuple[str, ...]] = []
    for row in part.rows:
        label = f"{row.code} {row.label}".strip()
        if part.one_n:
            rows.append((label, *[cell.value for cell in row.cells]))
            rows.append((f"  n {row.n}", *[cell.interval for cell in row.cells]))
        else:
            rows.append((label, *[f"{cell.value}  n {cell.n}" for cell in row.cells]))
            rows.append(("", *[cell.interval for cell in row.cells]))
    headings = (part.heading, *[f">{column}" for column in part.columns])
    return table_text(headings, rows, part.caption)


def _absent(card: Card) -> str:
    rows = not_measured(card)
    texts = [table_text(("Not measured here", "Why"), rows)] if rows else []
    if card.absent:
        texts.append(textwrap.fill(f"Looked for and not there: {', '.join(card.absent)}.", WIDTH) + "\n")
    return "\n".join(texts)


def page(card: Card) -> str:
    """The card as one HTML file that reads without a network and without scripts."""
    return html.render(
        _TEMPLATES / "scorercard.html.j2",
        style_hash=html.style_hash(_TEMPLATES / "scorercard.css"),
        name=str(card.scorer["name"]),
        scorer=scorer_line(card),
        set=set_line(card),
        gold=gold_line(card),
        replies=replies_line(card),
        speed=speed_line(card),
        cautions=cautions(card),
        sections=sections(card),
        kind=_kind,
        floors=list(FLOORS.values()) if not card.floors.why else [],
        shapes=SHAPES,
        not_measured=not_measured(card),
        absent=card.absent,
        signature=card.signature,
    )


SHAPES = {
    "constant": "M-3.5-3.5h7v7h-7z",
    "length": "M0-4.5 4.5 3.5h-9z",
    "sentiment": "M0-5 5 0 0 5-5 0z",
    "reply's words": "M0-4A4 4 0 1 1 0 4A4 4 0 1 1 0-4z",
}
"""Outline of each floor's mark, about its middle: square, triangle, diamond, circle."""


def _kind(part: Part) -> str:
    return type(part).__name__.lower()
