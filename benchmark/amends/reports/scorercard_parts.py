"""A scorer card as sections of tables: what the terminal and the page both print.

A *listing* is one number a row, with a picture on the page; a *grid* is several numbers a row. What cannot be
computed stands as "none" or "no interval" with a letter, and the letter is explained under the table.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from amends.reports import picture, wording
from amends.statistics.estimate import Estimate

_NEGATIVE_ZERO = re.compile(r"-(0\.0+)(?![0-9])")

NAMES = {
    "spearman": ("Spearman's rho", "order over all replies"),
    "pairs": ("Pairs right", "ties included (acc_eq)"),
    "ordered": ("Pairs ordered right", "of those that gold separates"),
    "kappa": ("Weighted kappa", "level and order"),
    "error": ("Mean error", "levels; lower is better"),
    "auc": ("AUC for breach", "gold under 2.5"),
    "upper": ("Rho, gold 3 to 5", "order among decent replies"),
}
"""Measure to its name and what it is about."""

FLOORS = {"constant": "constant", "length": "length", "sentiment": "sentiment", "words": "reply's words"}
"""Floor to its name."""

ALIKE = ("spearman", "kappa", "error")
"""Measures that can be compared like with like."""


def measured(found: Mapping[str, Estimate]) -> tuple[tuple[Estimate, str], ...]:
    """The measures that can be compared like with like, with their units."""
    return tuple((found[m], "level") for m in ALIKE)


@dataclass(frozen=True, slots=True)
class Mark:
    """A floor beside a number."""

    name: str
    at: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One number in words."""

    value: str
    interval: str
    n: str
    known: bool
    bounded: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a listing."""

    label: str
    detail: str
    cell: Cell
    track: picture.Track | None
    ends: tuple[str, ...]
    """Labels of the axis, evenly spread."""
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """One number a row."""

    caption: str
    heading: str
    lines: tuple[Line, ...]
    notes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class GridRow:
    """One row of a grid."""

    label: str
    code: str
    """A behaviour's code with its sign, or nothing."""
    cells: tuple[Cell, ...]
    n: str
    """Of the whole row, where the grid has a column for it."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Several numbers a row."""

    caption: str
    heading: str
    columns: tuple[str, ...]
    rows: tuple[GridRow, ...]
    notes: tuple[tuple[str, str], ...]
    one_n: bool
    """The cells of a row rest on the same replies: one column of n."""
    aside: bool = False
    """On the page, behind a click: a picture shows it already."""


@dataclass(frozen=True, slots=True)
class Words:
    """A table of words."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Part = Listing | Grid | Words


@dataclass(frozen=True, slots=True)
class Section:
    """One heading with what stands under it."""

    id: str
    title: str
    lede: str
    parts: tuple[tuple[str, tuple[Part, ...]], ...] = field(default=())
    """(subheading or nothing, tables)."""
    sums: tuple[str, ...] = ()
    """Sentences under the tables."""


class Notes:
    """Letters for the reasons why numbers are missing."""

    def __init__(self) -> None:
        """No letter given yet."""
        self._letters: dict[str, str] = {}

    def letter(self, note: str | None) -> str:
        """The letter of a reason, the same for the same reason."""
        why = (note or "no reason was given").removeprefix("no interval: ")
        return self._letters.setdefault(why, chr(ord("a") + len(self._letters) % 26))

    def all(self) -> tuple[tuple[str, str], ...]:
        """(letter, reason), in the order of their first use."""
        return tuple((letter, why) for why, letter in self._letters.items())


def cell(estimate: Estimate, unit: str, notes: Notes) -> Cell:
    """One number in words.

    Args:
        estimate: with or without a value, with or without an interval.
        unit: as for ``wording.digits``.
        notes: take the reason where something is missing.
    """
    shown = wording.printed(estimate, unit)
    if not shown.known:
        return Cell(f"none ({notes.letter(estimate.note)})", "", shown.n, False, False)
    value = _unsigned(shown.value)
    if not shown.bounded:
        return Cell(value, f"no interval ({notes.letter(estimate.note)})", shown.n, True, False)
    return Cell(value, _unsigned(shown.interval), shown.n, True, True)


def _unsigned(text: str) -> str:
    """Zero without the sign that rounding leaves on it."""
    return _NEGATIVE_ZERO.sub(r"\1", text)


@dataclass(frozen=True, slots=True)
class Axis:
    """Where a picture begins and ends."""

    low: float
    high: float
    unit: str

    @property
    def ends(self) -> tuple[str, ...]:
        """Three labels: both ends and the middle."""
        middle = (self.low + self.high) / 2
        if self.unit == "share":
            return tuple(f"{100 * x:g}%" for x in (self.low, middle, self.high))
        return tuple(f"{x:g}" for x in (self.low, middle, self.high))


SHARE = Axis(0.0, 1.0, "share")
RHO = Axis(-1.0, 1.0, "level")
UNIT = Axis(0.0, 1.0, "level")


def up_to(estimates: Sequence[Estimate]) -> Axis:
    """An axis from 0 for errors in levels: to the least of 1, 2 and 4 that holds them all."""
    highest = max((max(e.value, e.high or 0.0) for e in estimates if e.value is not None), default=0.0)
    return Axis(0.0, next((end for end in (1.0, 2.0) if highest <= end), 4.0), "level")


@dataclass(frozen=True, slots=True)
class Entry:
    """What a line of a listing is made of."""

    label: str
    estimate: Estimate
    axis: Axis
    detail: str = ""
    beside: Mapping[str, Estimate] = field(default_factory=dict)
    """Floors: name to estimate."""


def listing(caption: str, heading: str, entries: Sequence[Entry]) -> Listing:
    """Put numbers under each other."""
    notes = Notes()
    lines = []
    for entry in entries:
        axis = entry.axis
        marks = tuple(
            Mark(name, track.at)
            for name, one in entry.beside.items()
            if (track := picture.track(one, axis.low, axis.high)) is not None
        )
        track = picture.track(entry.estimate, axis.low, axis.high)
        made = cell(entry.estimate, axis.unit, notes)
        lines.append(Line(entry.label, entry.detail, made, track, axis.ends, marks))
    return Listing(caption, heading, tuple(lines), notes.all())


@dataclass(frozen=True, slots=True)
class Row:
    """What a row of a grid is made of."""

    label: str
    estimates: tuple[tuple[Estimate, str], ...]
    """(number, unit) of each column."""
    code: str = ""


def grid(
    caption: str, heading: str, columns: Sequence[str], rows: Sequence[Row], one_n: bool, aside: bool = False
) -> Grid:
    """Put rows of numbers under each other.

    Args:
        caption: what it shows.
        heading: over the first column.
        columns: over the others.
        rows: as many numbers each as there are columns.
        one_n: the numbers of a row rest on the same replies.
        aside: on the page, behind a click.
    """
    notes = Notes()
    made = []
    for row in rows:
        cells = tuple(cell(estimate, unit, notes) for estimate, unit in row.estimates)
        rests = " / ".join(dict.fromkeys(one.n for one in cells)) if one_n else ""
        made.append(GridRow(row.label, row.code, cells, rests))
    return Grid(caption, heading, tuple(columns), tuple(made), notes.all(), one_n, aside)
