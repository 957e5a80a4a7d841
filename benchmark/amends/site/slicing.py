"""Slices of a table as compact numbers, for the filter of its page: the page computes nothing, it shows them."""

from __future__ import annotations

from typing import Any

from amends.leaderboard.board import Row, Table
from amends.records import DIMENSIONS
from amends.results import DimensionResult
from amends.statistics.estimate import Estimate

FIELDS = ("domain", "channel", "fault")
"""What a table can be filtered by."""
_SHARE, _LEVEL = 1000, 100
Numbers = list[int | None]


def values(table: Table) -> dict[str, list[str]]:
    """Field to its values in the order of the alphabet."""
    return {field: sorted({v for row in table.rows for v in row.slices.get(field, {})}) for field in FIELDS}


def packed(table: Table, scorer: str) -> dict[str, Any]:
    """Every slice of every entry, in whole numbers.

    Returns:
        ``names`` (entries) and, for each field and value, a list in that order; of an entry for each dimension
        ``[breach, low, high, full, low, high, mean, low, high, n, n of the mean, clusters]``, shares in
        thousandths, levels in hundredths, null where there is none; null for an entry without such replies.
    """
    rows = [row for row in table.rows if scorer in row.results]
    return {
        "names": [row.name for row in rows],
        "slices": {
            field: {value: [_slice(row, scorer, field, value) for row in rows] for value in found}
            for field, found in values(table).items()
        },
    }


def _slice(row: Row, scorer: str, field: str, value: str) -> list[Numbers] | None:
    found = row.slices.get(field, {}).get(value, {}).get(scorer)
    return None if found is None else [_numbers(found[d]) for d in DIMENSIONS]


def _numbers(found: DimensionResult) -> Numbers:
    shares = [*_ends(found.breach, _SHARE), *_ends(found.full, _SHARE)]
    return [*shares, *_ends(found.mean, _LEVEL), found.breach.n, found.mean.n, found.breach.clusters]


def _ends(estimate: Estimate, scale: int) -> Numbers:
    return [None if x is None else round(x * scale) for x in (estimate.value, estimate.low, estimate.high)]
