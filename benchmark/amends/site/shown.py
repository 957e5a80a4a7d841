"""What a page shows of an estimate and of a text that somebody submitted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from amends.jsonl import canonical
from amends.records import DIMENSIONS
from amends.reports import spans, wording
from amends.results import DimensionResult
from amends.rubric.definitions import dimension_names
from amends.statistics.estimate import Estimate

Words = tuple[spans.Piece, ...]
"""A text whose unseen characters are labelled."""

UNITS = {field: unit for field, _, _, unit in wording.MEASURES}
"""breach, full and mean to the unit in which they print."""
_DASH = "–"
_LONGEST = 20_000
"""Characters of one field that a page shows; its JSON file holds the rest."""

_FIELDS, _NAME = 60, 100
"""Fields of an object that a page shows, and characters of a field's name."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A number of a table."""

    field: str
    """breach, full, mean or rate: for the colour and the order of sorting."""
    value: str
    interval: str
    """"10.1–14.8", or why there is none."""
    n: str
    """Replies and, in brackets, the scenarios that they come from."""
    sort: str
    """What the column is sorted by; empty where there is no number."""
    known: bool
    bounded: bool
    heat: int = 0
    """0..6, how dark the ground is; of behaviours."""


def words(text: object) -> Words:
    """A submitted text as a page shows it.

    Args:
        text: any value; cut at 20,000 characters, and said so.
    """
    plain = text if isinstance(text, str) else str(text)
    if len(plain) > _LONGEST:
        plain = plain[:_LONGEST] + f" … ({len(plain) - _LONGEST:,} more characters stand in the JSON file)"
    return spans.pieces(plain)


def fields(raw: Mapping[str, Any]) -> list[tuple[Words, Words]]:
    """Name and value of each field of a submitted object, in the order of their names; of very many the first."""
    names = sorted(raw, key=str)
    shown = [(words(wording.spoken(str(name)[:_NAME])), words(_plain(raw[name]))) for name in names[:_FIELDS]]
    more = len(names) - len(shown)
    return [*shown, (words("more"), words(f"{more:,} more fields stand in the JSON file"))] if more else shown


def _plain(value: object) -> str:
    if value is None or isinstance(value, bool):
        return {None: "not given", True: "yes", False: "no"}[value]
    return str(value) if isinstance(value, str | int | float) else canonical(value).decode()


def cell(field: str, estimate: Estimate, unit: str | None = None) -> Cell:
    """A number of a table: its value, its interval without the unit, its n.

    Args:
        field: breach, full, mean, or rate.
        estimate: with or without a value, with or without an interval.
        unit: as of ``wording.digits``; by default the field's.
    """
    unit = unit or UNITS[field]
    n = f"{estimate.n:,} ({estimate.clusters:,})"
    if estimate.value is None:
        return Cell(field, "none", estimate.note or wording.NOT_COMPUTABLE, n, "", False, False)
    value = wording.digits(estimate.value, unit)
    sort = f"{estimate.value:.6f}"
    if estimate.low is None or estimate.high is None:
        return Cell(field, value, "no interval", n, sort, True, False)
    low, high = (wording.digits(end, unit).removesuffix("%") for end in (estimate.low, estimate.high))
    return Cell(field, value, f"{low}{_DASH}{high}", n, sort, True, True)


def cells(found: DimensionResult) -> list[Cell]:
    """Breach, full and mean of one dimension."""
    return [cell(field, getattr(found, field)) for field, *_ in wording.MEASURES]


def dimensions() -> list[tuple[str, str]]:
    """Code and name of the dimensions, in the order in which everything prints them."""
    names = dimension_names()
    return [(code, names[code]) for code in DIMENSIONS]
