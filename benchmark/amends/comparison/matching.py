"""Replies of two sides paired by a key, and the clusters that pairs fall into."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from amends.comparison.sides import Side, Unit
from amends.results import BREACH_BELOW, FULL_FROM
from amends.statistics.resampling import Floats


@dataclass(frozen=True, slots=True)
class Pairs:
    """Keys that both sides have, with the replies of each."""

    keys: tuple[Hashable, ...]
    a: tuple[tuple[Unit, ...], ...]
    """Replies of the first side to each key; several where it has several samples."""
    b: tuple[tuple[Unit, ...], ...]
    groupings: tuple[tuple[Hashable, ...], ...]
    """A cluster label for each key, in each grouping; the keys themselves where none was asked for."""
    only: tuple[int, int]
    """Replies of each side without a counterpart."""
    joined: int
    """Clusters that became one because a pair lies in two of them."""


def pairs(a: Side, b: Side) -> Pairs | None:
    """Pair two sides; None where they share no key.

    Args:
        a: the first side.
        b: the second.
    """
    sides = _by_key(a.units), _by_key(b.units)
    keys = [key for key in sides[0] if key in sides[1]]
    if not keys:
        return None
    chosen = [tuple(tuple(side[key]) for key in keys) for side in sides]
    groupings, joined = _groupings(keys, chosen[0], chosen[1])
    only = (len(a.units) - sum(map(len, chosen[0])), len(b.units) - sum(map(len, chosen[1])))
    return Pairs(tuple(keys), chosen[0], chosen[1], groupings, only, joined)


def _by_key(units: Sequence[Unit]) -> dict[Hashable, list[Unit]]:
    found: dict[Hashable, list[Unit]] = {}
    for unit in units:
        if unit.key is not None:
            found.setdefault(unit.key, []).append(unit)
    return found


def _groupings(
    keys: Sequence[Hashable], a: Sequence[Sequence[Unit]], b: Sequence[Sequence[Unit]]
) -> tuple[tuple[tuple[Hashable, ...], ...], int]:
    named = len(a[0][0].clusters)
    if not named:
        return (tuple(keys),), 0
    made, joined = [], 0
    for g in range(named):
        labels = [{u.clusters[g] for u in [*x, *y]} for x, y in zip(a, b, strict=True)]
        union = _union(labels)
        joined += len({label for some in labels for label in some}) - len(set(union))
        made.append(tuple(union))
    return tuple(made), joined


def _union(labels: Sequence[set[Hashable]]) -> list[Hashable]:
    """One label a pair; clusters that a pair joins (agent X wrote before, agent Y after) are resampled as one."""
    parent: dict[Hashable, Hashable] = {}

    def root(x: Hashable) -> Hashable:
        while parent.setdefault(x, x) != x:
            parent[x] = parent[parent[x]]
            x = parent[x]
        return x

    for some in labels:
        first, *rest = sorted(some, key=repr)
        for other in rest:
            parent[root(other)] = root(first)
    return [root(min(some, key=repr)) for some in labels]


@dataclass(frozen=True, slots=True)
class Differences:
    """What each pair says on one measure; a pair that cannot be judged on it is left out."""

    values: Floats
    """Shape (pairs,)."""
    groupings: tuple[tuple[Hashable, ...], ...]
    left_out: int


def wins(found: Pairs, dimension: str) -> Differences:
    """For each pair: 1 where the second side's reply is better, 0.5 for a tie, 0; averaged over samples.

    A reply that was not given is worse than any that was; two of them tie.

    Args:
        found: the pairs.
        dimension: whose levels count.
    """

    def win(a: Sequence[Unit], b: Sequence[Unit]) -> float | None:
        ours = np.array([_rank(u, dimension) for u in b if u.judged(dimension)])
        theirs = np.array([_rank(u, dimension) for u in a if u.judged(dimension)])
        if not len(ours) or not len(theirs):
            return None
        return float(((ours[:, None] > theirs) + 0.5 * (ours[:, None] == theirs)).mean())

    return _each(found, win)


def _rank(unit: Unit, dimension: str) -> float:
    level = unit.levels[dimension]
    return -np.inf if not unit.given or level is None else level


def changes(found: Pairs, dimension: str, measure: str) -> Differences:
    """For each pair: second side minus first, of breach, full or mean level; averaged over samples.

    Args:
        found: the pairs.
        dimension: whose levels count.
        measure: breach, full or mean (a reply that was not given has no level and is left out of the mean).
    """

    def change(a: Sequence[Unit], b: Sequence[Unit]) -> float | None:
        sides = [[v for u in side if (v := value(u, dimension, measure)) is not None] for side in (a, b)]
        return float(np.mean(sides[1]) - np.mean(sides[0])) if all(sides) else None

    return _each(found, change)


def value(unit: Unit, dimension: str, measure: str) -> float | None:
    """What one reply counts on a measure; None where it does not count.

    Args:
        unit: the reply.
        dimension: whose level counts.
        measure: breach, full or mean.
    """
    level = unit.levels[dimension]
    if not unit.given:
        return {"breach": 1.0, "full": 0.0}.get(measure)
    if level is None:
        return None
    return measured(level, measure)


def measured(level: float, measure: str) -> float:
    """What a level counts on a measure.

    Args:
        level: 1..5.
        measure: breach, full or mean.
    """
    return {"breach": float(level < BREACH_BELOW), "full": float(level >= FULL_FROM)}.get(measure, level)


def shown(found: Pairs, code: str) -> Differences:
    """For each pair: share of replies that show a behaviour, second side minus first; in replies that were judged.

    Args:
        found: the pairs.
        code: the behaviour.
    """

    def change(a: Sequence[Unit], b: Sequence[Unit]) -> float | None:
        sides = [[float(code in u.behaviours) for u in side if read(u)] for side in (a, b)]
        return float(np.mean(sides[1]) - np.mean(sides[0])) if all(sides) else None

    return _each(found, change)


def shown_table(found: Pairs, known: Sequence[str]) -> Floats:
    """``shown`` of many behaviours at once.

    Args:
        found: the pairs.
        known: the behaviours.

    Returns:
        Shape (pairs, behaviours), -1..1; NaN in the rows of pairs of which a side was not judged.
    """
    table = np.full((len(found.keys), len(known)), np.nan)
    for row, (a, b) in enumerate(zip(found.a, found.b, strict=True)):
        sides = [[[c in u.behaviours for c in known] for u in side if read(u)] for side in (a, b)]
        if all(sides):
            table[row] = np.mean(sides[1], axis=0) - np.mean(sides[0], axis=0)
    return table


def read(unit: Unit) -> bool:
    """The scorer judged it on some dimension, so that "no behaviour" means none."""
    return unit.given and any(level is not None for level in unit.levels.values())


def _each(found: Pairs, of: Callable[[Sequence[Unit], Sequence[Unit]], float | None]) -> Differences:
    values = [of(a, b) for a, b in zip(found.a, found.b, strict=True)]
    kept = [i for i, v in enumerate(values) if v is not None]
    groupings = tuple(tuple(labels[i] for i in kept) for labels in found.groupings)
    return Differences(np.array([values[i] for i in kept], dtype=np.float64), groupings, len(values) - len(kept))
