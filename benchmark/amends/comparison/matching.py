"""Replies of two sides paired by a key, and the clusters that pairs fall into."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from amends.comparison.sides import Side
from amends.comparison.units import Mask, Units, common_codes
from amends.results import BREACH_BELOW, FULL_FROM
from amends.statistics.influence import Codes, codes
from amends.statistics.resampling import Floats


@dataclass(frozen=True, slots=True)
class Half:
    """The replies of one side that have a counterpart, those of a pair together, pairs in their order."""

    units: Units
    rows: Codes
    """Rows of ``units``."""
    pair: Codes
    """Number of the pair that each belongs to, growing."""

    @property
    def starts(self) -> Codes:
        """Where each pair begins in ``rows``."""
        return np.flatnonzero(np.diff(self.pair, prepend=-1))

    def of(self, column: Floats) -> Floats:
        """A column of the side, of these replies alone."""
        return np.asarray(column[self.rows])


@dataclass(frozen=True, slots=True)
class Pairs:
    """Keys that both sides have, with the replies of each."""

    count: int
    """Keys."""
    a: Half
    """Replies of the first side; several of a pair where it has several samples."""
    b: Half
    groupings: tuple[Codes, ...]
    """A cluster for each key, in each grouping; the keys themselves where none was asked for."""
    only: tuple[int, int]
    """Replies of each side without a counterpart."""
    joined: int
    """Clusters that became one because a pair lies in two of them."""

    @property
    def single(self) -> bool:
        """Whether each pair has one reply of either side."""
        return len(self.a.rows) == self.count == len(self.b.rows)

    def couples(self) -> tuple[Codes, Codes, Codes]:
        """First samples together, second samples together ...: their pair, and the row of either."""
        if self.single:
            return self.a.pair, self.a.rows, self.b.rows
        order = [np.arange(len(half.rows)) - half.starts[half.pair] for half in (self.a, self.b)]
        width = int(max(order[0].max(), order[1].max())) + 1
        names = [half.pair * width + own for half, own in zip((self.a, self.b), order, strict=True)]
        found, left, right = np.intersect1d(names[0], names[1], assume_unique=True, return_indices=True)
        return found // width, self.a.rows[left], self.b.rows[right]


def pairs(a: Side, b: Side) -> Pairs | None:
    """Pair two sides; None where they share no key.

    Args:
        a: the first side.
        b: the second.
    """
    tables = a.table, b.table
    rows = [np.flatnonzero(table.keyed) for table in tables]
    names = common_codes(table.key.keys[own] for table, own in zip(tables, rows, strict=True))
    many = max([int(own.max()) + 1 for own in names if len(own)], default=0)
    both = np.logical_and(*[np.bincount(own, minlength=many) > 0 for own in names])
    if not both.any():
        return None
    number = np.cumsum(both) - 1
    halves = []
    for table, own, code in zip(tables, rows, names, strict=True):
        kept = both[code]
        pair = number[code[kept]]
        order = np.argsort(pair, kind="stable")
        halves.append(Half(table, own[kept][order], pair[order]))
    first, second = halves
    groupings, joined = _groupings(first, second, int(both.sum()))
    only = (len(tables[0]) - len(first.rows), len(tables[1]) - len(second.rows))
    return Pairs(int(both.sum()), first, second, groupings, only, joined)


def on_both(a: Side, b: Side) -> int:
    """Replies of b that stand in a too, with one id and one text; 0 where the texts are not at hand.

    Args:
        a: the first side.
        b: the second.
    """
    # of replies without a text nobody knows whether they are the same
    named = [(t.ids.keys()[:, 0] ^ t.texts)[t.texts != 0] for t in (a.table, b.table)]
    return int(np.isin(named[1], named[0]).sum())


def _groupings(a: Half, b: Half, count: int) -> tuple[tuple[Codes, ...], int]:
    if not a.units.clusters:
        return (np.arange(count, dtype=np.intp),), 0
    made, joined = [], 0
    for g in range(len(a.units.clusters)):
        labels = common_codes(half.units.clusters[g].keys[half.rows] for half in (a, b))
        union = _union(np.concatenate([a.pair, b.pair]), np.concatenate(labels), count)
        joined += len(np.unique(np.concatenate(labels))) - len(np.unique(union))
        made.append(codes(union))
    return tuple(made), joined


def _union(pair: Codes, labels: Codes, count: int) -> Codes:
    """One label a pair; clusters that a pair joins (agent X wrote before, agent Y after) are resampled as one."""
    first = np.empty(count, dtype=np.intp)
    first[pair[::-1]] = labels[::-1]
    parent = np.arange(int(labels.max()) + 1)

    def root(x: int) -> int:
        while parent[x] != x:
            parent[x] = parent[parent[x]]
            x = int(parent[x])
        return x

    apart = np.flatnonzero(labels != first[pair])
    for one, other in np.unique(np.stack([first[pair[apart]], labels[apart]], axis=1), axis=0).tolist():
        parent[root(other)] = root(one)
    roots = np.array([root(x) for x in range(len(parent))], dtype=np.intp)
    return np.asarray(roots[first])


@dataclass(frozen=True, slots=True)
class Differences:
    """What each pair says on one measure; a pair that cannot be judged on it is left out."""

    values: Floats
    """Shape (pairs,)."""
    groupings: tuple[Codes, ...]
    left_out: int
    pairs: Codes
    """Number of each pair that is not."""


def wins(found: Pairs, dimension: str) -> Differences:
    """For each pair: 1 where the second side's reply is better, 0.5 for a tie, 0; averaged over samples.

    A reply that was not given is worse than any that was; two of them tie.

    Args:
        found: the pairs.
        dimension: whose levels count.
    """
    a, b = (half.of(rank(half.units, dimension)) for half in (found.a, found.b))

    def win(theirs: Floats, ours: Floats) -> Floats:
        return np.where(np.isnan(ours) | np.isnan(theirs), np.nan, (ours > theirs) + 0.5 * (ours == theirs))

    def many(theirs: Floats, ours: Floats) -> float:
        return float(((ours[:, None] > theirs) + 0.5 * (ours[:, None] == theirs)).mean())

    return _differences(found, _each(found, a, b, win(*_firsts(found, a, b)), many))


def rank(units: Units, dimension: str) -> Floats:
    """Level of each reply, below every level where none was given, NaN where it could not be judged.

    Args:
        units: of a side.
        dimension: whose levels count.
    """
    return np.where(units.given, units.level(dimension), -np.inf)


def changes(found: Pairs, dimension: str, measure: str) -> Differences:
    """For each pair: second side minus first, of breach, full or mean level; averaged over samples.

    Args:
        found: the pairs.
        dimension: whose levels count.
        measure: breach, full or mean (a reply that was not given has no level and is left out of the mean).
    """
    a, b = (half.of(values(half.units, dimension, measure)) for half in (found.a, found.b))
    return _differences(found, _changes(found, a, b))


def _changes(found: Pairs, a: Floats, b: Floats) -> Floats:
    one, other = _firsts(found, a, b)
    return _each(found, a, b, other - one, lambda theirs, ours: float(np.mean(ours) - np.mean(theirs)))


def _firsts(found: Pairs, a: Floats, b: Floats) -> tuple[Floats, Floats]:
    """The first reply of each pair on either side."""
    return (a, b) if found.single else (a[found.a.starts], b[found.b.starts])


def _each(found: Pairs, a: Floats, b: Floats, single: Floats, many: Callable[[Floats, Floats], float]) -> Floats:
    """One value a pair: ``single`` where either side has one reply, else what ``many`` says of those that count."""
    whole = np.asarray(single, dtype=np.float64)
    if found.single:
        return whole
    spans = [np.append(half.starts, len(half.rows)) for half in (found.a, found.b)]
    for pair in np.flatnonzero((np.diff(spans[0]) > 1) | (np.diff(spans[1]) > 1)):
        sides = [own[at[pair] : at[pair + 1]] for own, at in zip((a, b), spans, strict=True)]
        sides = [own[~np.isnan(own)] for own in sides]
        whole[pair] = many(sides[0], sides[1]) if len(sides[0]) and len(sides[1]) else np.nan
    return whole


def values(units: Units, dimension: str, measure: str) -> Floats:
    """What each reply counts on a measure; NaN where it does not count.

    Args:
        units: of a side.
        dimension: whose level counts.
        measure: breach, full or mean.
    """
    level = units.level(dimension)
    known = {
        "breach": np.where(np.isnan(level), np.nan, level < BREACH_BELOW),
        "full": np.where(np.isnan(level), np.nan, level >= FULL_FROM),
        "mean": level,
    }[measure]
    return np.where(units.given, known, {"breach": 1.0, "full": 0.0}.get(measure, np.nan))


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
    return _differences(found, _shown(found, code))


def _shown(found: Pairs, code: str) -> Floats:
    a, b = (half.of(np.where(half.units.read, half.units.shows(code), np.nan)) for half in (found.a, found.b))
    return _changes(found, a, b)


def shown_table(found: Pairs, known: Sequence[str]) -> Floats:
    """``shown`` of many behaviours at once.

    Args:
        found: the pairs.
        known: the behaviours.

    Returns:
        Shape (pairs, behaviours), -1..1; NaN in the rows of pairs of which a side was not judged.
    """
    return np.stack([_shown(found, code) for code in known], axis=1)


def _differences(found: Pairs, each: Floats) -> Differences:
    kept: Mask = ~np.isnan(each)
    if kept.all():
        return Differences(each, found.groupings, 0, np.arange(len(each), dtype=np.intp))
    groupings = tuple(labels[kept] for labels in found.groupings)
    return Differences(each[kept], groupings, int((~kept).sum()), np.flatnonzero(kept))
