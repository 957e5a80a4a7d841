"""What two entries are compared by: their levels, scenario by scenario, in whole numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from amends.leaderboard.board import Row
from amends.records import DIMENSIONS, Annotation, Exchange
from amends.results import BREACH_BELOW, FULL_FROM, row_of

Item = tuple[Exchange, Mapping[str, Annotation]]
"""A reply with each official scorer's annotation of it."""
NONE = -1
"""Stands where a scenario has nothing to compare."""
SCALE = 1000


@dataclass(frozen=True, slots=True)
class Vectors:
    """One entry by one scorer."""

    name: str
    scenarios: Mapping[str, tuple[int, ...]]
    """Scenario to nine numbers: breach, full and mean of each dimension, in thousandths; -1 for none."""


def vectors(row: Row, scorer: str, items: Iterable[Item]) -> Vectors:
    """An entry's numbers by scenario.

    A reply that was asked for and is not there, or is no reply, is a breach on every dimension and has no level.

    Args:
        row: of the entry.
        scorer: whose annotations count.
        items: its replies.
    """
    asked = _asked(row, scorer)
    levels: dict[str, list[tuple[bool, Mapping[str, float | None]]]] = defaultdict(list)
    for exchange, by_scorer in items:
        annotation = by_scorer.get(scorer)
        if annotation is not None:
            place = exchange.scenario_id or exchange.id
            one = row_of(annotation, place, exchange.context.language)
            levels[place].append((one.given, one.levels))
    return Vectors(row.name, {place: _numbers(found, asked) for place, found in sorted(levels.items())})


def _asked(row: Row, scorer: str) -> int:
    """Replies asked for in each scenario."""
    counts = row.results[scorer].counts
    return round(counts["replies"] / counts["clusters"]) if counts["clusters"] else 0


def _numbers(found: Sequence[tuple[bool, Mapping[str, float | None]]], asked: int) -> tuple[int, ...]:
    absent = max(0, asked - len(found)) + sum(not given for given, _ in found)
    numbers: list[int] = []
    for dimension in DIMENSIONS:
        judged = [level for given, by in found if given and (level := by[dimension]) is not None]
        shares = len(judged) + absent
        breach = sum(level < BREACH_BELOW for level in judged) + absent
        full = sum(level >= FULL_FROM for level in judged)
        numbers += [round(SCALE * x / shares) if shares else NONE for x in (breach, full)]
        numbers.append(round(SCALE * sum(judged) / len(judged)) if judged else NONE)
    return tuple(numbers)


def packed(found: Sequence[Vectors]) -> dict[str, object]:
    """All entries of a table, for the page that compares two.

    A scenario that an entry left without any reply is a breach on every dimension, since all were asked.

    Args:
        found: one an entry.

    Returns:
        ``scenarios`` (how many), ``names`` and ``numbers``: of each entry nine lists as long as the scenarios.
    """
    places = sorted({place for one in found for place in one.scenarios})
    silent = (SCALE, 0, NONE) * len(DIMENSIONS)
    numbers = []
    for one in found:
        rows = [one.scenarios.get(place, silent) for place in places]
        numbers.append([list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in silent])
    return {"scenarios": len(places), "names": [one.name for one in found], "numbers": numbers}
