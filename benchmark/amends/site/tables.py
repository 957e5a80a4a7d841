"""A table of entries as a page shows it: rows, tiers in place of ranks, dots, behaviours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from amends.leaderboard.board import Board, Row, Table
from amends.leaderboard.rows import CHEAT
from amends.records import DIMENSIONS
from amends.reports import picture, wording
from amends.rubric.definitions import behaviours, dimension_names, rubric
from amends.site import names
from amends.site.shown import Cell, Words, cell, cells, words
from amends.statistics.estimate import Estimate

TONES = 7
"""Colours of tiers, from the best to the last."""
FEW_TIERS = 5
"""With fewer tiers neighbours keep the colours that they would have with so many."""
FIRST_DOTS = 25
"""Entries of a picture before the rest is folded away."""
SEEN = {"no": "says test unseen", "yes": "says test seen", "unknown": "test seen: unknown"}
_AXES = {"share": (0.0, 1.0), "level": (1.0, 5.0)}


@dataclass(frozen=True, slots=True)
class Tier:
    """Where an entry stands on one dimension."""

    number: int
    """1 is the best."""
    tone: int


@dataclass(frozen=True, slots=True)
class Line:
    """An entry in a table."""

    name: str
    page: str
    kind: str
    verified: bool
    project: bool
    seen: str
    n: str
    judged: str
    """How many were judged, where that is not all; else empty."""
    tiers: tuple[Tier | None, ...]
    dimensions: list[list[Cell]]
    """Breach, full and mean of each dimension."""
    why: Words
    """Why it is in no tier; empty where it is in one."""


@dataclass(frozen=True, slots=True)
class Dot:
    """An entry in a picture."""

    name: str
    page: str
    cells: list[Cell]
    tracks: list[picture.Track | None]


@dataclass(frozen=True, slots=True)
class Band:
    """The entries of one tier in a picture."""

    tier: Tier
    dots: list[Dot]
    entries: int
    """In the whole tier: a fold may part it."""


@dataclass(frozen=True, slots=True)
class Panel:
    """One dimension as a picture."""

    code: str
    name: str
    question: str
    first: list[Band]
    rest: list[Band]
    hidden: int
    """Entries in ``rest``."""


def tone(number: int, tiers: int) -> int:
    """The colour of a tier, 0 (the best) to 6.

    Args:
        number: of the tier, from 1.
        tiers: how many there are.
    """
    return round((TONES - 1) * (number - 1) / max(tiers - 1, FEW_TIERS - 1))


def tiers_of(table: Table, scorer: str) -> dict[str, dict[str, Tier]]:
    """Dimension to entry to its tier."""
    found = {}
    for dimension in DIMENSIONS:
        tiers = table.tiers.get(scorer, {}).get(dimension, ())
        found[dimension] = {
            name: Tier(number, tone(number, len(tiers))) for number, tier in enumerate(tiers, start=1) for name in tier
        }
    return found


def lines(board: Board, table: Table, scorer: str) -> tuple[list[Line], list[Line]]:
    """Entries in tiers, by the first dimension's and then by name, and entries outside them, by name, cheats last."""
    tiers = tiers_of(table, scorer)
    first = tiers[DIMENSIONS[0]]
    made = [_line(board, row, scorer, tiers) for row in table.rows if scorer in row.results]
    ranked = [line for line in made if not line.why]
    ranked.sort(key=lambda line: (first[line.name].number if line.name in first else len(first), line.name))
    cheats = {row.name for row in table.rows if row.unranked == CHEAT}
    return ranked, sorted((line for line in made if line.why), key=lambda line: (line.name in cheats, line.name))


def _line(board: Board, row: Row, scorer: str, tiers: Mapping[str, Mapping[str, Tier]]) -> Line:
    result = row.results[scorer]
    counts = result.counts
    return Line(
        row.name,
        names.entry_page(board, row.name, scorer),
        row.kind,
        row.verified is not None,
        row.project,
        SEEN.get(seen_of(row), SEEN["unknown"]),
        f"{counts['replies']:,} ({counts['clusters']:,})",
        "" if counts["judged"] == counts["replies"] else f"{counts['judged']:,} judged",
        tuple(tiers[d].get(row.name) if row.unranked is None else None for d in DIMENSIONS),
        [cells(result.dimensions[d]) for d in DIMENSIONS],
        words(row.unranked or ""),
    )


def seen_of(row: Row) -> str:
    """What an entry says of contamination: no, yes or unknown."""
    stated = row.entry.get("contamination")
    return str(stated.get("seen")) if isinstance(stated, Mapping) else "unknown"


def panels(board: Board, table: Table, scorer: str) -> list[Panel]:
    """The picture: for each dimension its own order, best tier first, names within a tier by the alphabet."""
    rows = {row.name: row for row in table.rows}
    found = tiers_of(table, scorer)
    made = []
    for dimension in rubric()["dimensions"]:
        code = dimension["code"]
        tiers = table.tiers.get(scorer, {}).get(code, ())
        bands = [
            Band(found[code][tier[0]], [_dot(board, rows[name], scorer, code) for name in tier], len(tier))
            for tier in tiers
            if tier
        ]
        first, rest = _parted(bands, FIRST_DOTS)
        hidden = sum(len(band.dots) for band in rest)
        made.append(Panel(code, dimension["name"], dimension["question"], first, rest, hidden))
    return made


def _dot(board: Board, row: Row, scorer: str, dimension: str) -> Dot:
    result = row.results[scorer].dimensions[dimension]
    tracks = [picture.track(getattr(result, field), *_AXES[unit]) for field, _, _, unit in wording.MEASURES]
    return Dot(row.name, names.entry_page(board, row.name, scorer), cells(result), tracks)


def _parted(bands: Sequence[Band], many: int) -> tuple[list[Band], list[Band]]:
    """The first so many dots, and the rest; of a few more than that, all."""
    if sum(len(band.dots) for band in bands) <= many + 5:
        return list(bands), []
    first: list[Band] = []
    rest: list[Band] = []
    for band in bands:
        room = many - sum(len(one.dots) for one in first)
        if room > 0:
            first.append(replace(band, dots=band.dots[:room]))
        if room < len(band.dots):
            rest.append(replace(band, dots=band.dots[max(room, 0) :]))
    return first, rest


@dataclass(frozen=True, slots=True)
class Rates:
    """The behaviours of one dimension, an entry a row."""

    name: str
    heads: list[tuple[str, str, bool]]
    """Signed code, name, and whether it is a plus."""
    rows: list[tuple[Line, list[Cell]]]


def rates(table: Table, scorer: str, listed: Sequence[Line]) -> list[Rates]:
    """Behaviours per 100 replies.

    Args:
        table: whose.
        scorer: by which.
        listed: the entries, in the order in which they stand.
    """
    known = behaviours()
    rows = {row.name: row for row in table.rows}
    made = []
    for dimension, name in dimension_names().items():
        codes = [code for code, definition in known.items() if definition.dimension == dimension]
        heads = [(wording.signed(known[c]), wording.spoken(known[c].name), known[c].positive) for c in codes]
        found = [(line, [_rate(rows[line.name].results[scorer].behaviours.get(c)) for c in codes]) for line in listed]
        made.append(Rates(name, heads, found))
    return made


def _rate(estimate: Estimate | None) -> Cell:
    if estimate is None:
        return Cell("rate", "none", "not counted", "0 (0)", "", False, False)
    made = cell("rate", estimate, "rate")
    if estimate.value is None:
        return made
    # the eye tells shares of the darkest ground best on a root scale, since most rates are small
    return replace(made, heat=round(6 * min(1.0, max(0.0, estimate.value / 100)) ** 0.5))


def scorer_of(board: Board, name: str) -> Mapping[str, Any]:
    """An official scorer by its name."""
    return next(one for one in board.scorers if one["name"] == name)
