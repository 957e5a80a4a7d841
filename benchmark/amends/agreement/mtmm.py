"""The multitrait-multimethod matrix (Campbell & Fiske 1959): do the dimensions hold apart across methods?

Traits are the three dimensions, methods the annotators' methods. *Convergent* correlations stand between the same
dimension by different methods and should be high; *discriminant* ones stand between different dimensions by
different methods and should be lower than every convergent one. Spearman's rho, since levels are ordinal; its
interval is over whole scenarios. The interval of the smallest or largest cell is that cell's own and knows nothing
of its having been picked.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from amends.agreement.interval import no_interval, numbered, percentile_estimate, weights
from amends.agreement.table import Floats, Table
from amends.records import Json
from amends.statistics.correlation import spearman
from amends.statistics.estimate import Estimate

Column = tuple[str, str]
"""(dimension, method)."""

_BLOCK = 2_000_000
"""Numbers held at a time."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One correlation of the matrix."""

    first: Column
    second: Column
    rho: Estimate
    """Spearman's rho, -1..1, over the replies that both sides judged."""

    @property
    def convergent(self) -> bool:
        """Same dimension, different methods."""
        return self.first[0] == self.second[0] and self.first[1] != self.second[1]

    @property
    def discriminant(self) -> bool:
        """Different dimensions, different methods."""
        return self.first[0] != self.second[0] and self.first[1] != self.second[1]

    def to_dict(self) -> Json:
        """As JSON."""
        return {"first": list(self.first), "second": list(self.second), "rho": self.rho.to_dict()}


@dataclass(frozen=True, slots=True)
class Mtmm:
    """The matrix and what it comes to."""

    cells: tuple[Cell, ...]

    @property
    def smallest_convergent(self) -> Cell | None:
        """The smallest same-dimension correlation across methods."""
        return min((c for c in self.cells if c.convergent and c.rho.value is not None), key=_rho, default=None)

    @property
    def largest_discriminant(self) -> Cell | None:
        """The largest cross-dimension correlation across methods, by absolute value."""
        some = (c for c in self.cells if c.discriminant and c.rho.value is not None)
        return max(some, key=lambda c: abs(_rho(c)), default=None)

    @property
    def holds(self) -> bool | None:
        """Every convergent correlation exceeds every discriminant one; None where one kind is missing."""
        low, high = self.smallest_convergent, self.largest_discriminant
        return None if low is None or high is None else _rho(low) > abs(_rho(high))

    def to_dict(self) -> Json:
        """As JSON."""
        low, high = self.smallest_convergent, self.largest_discriminant
        return {
            "smallest_convergent": low.to_dict() if low else None,
            "largest_discriminant": high.to_dict() if high else None,
            "holds": self.holds,
            "cells": [cell.to_dict() for cell in self.cells],
        }


def _rho(cell: Cell) -> float:
    return float("nan") if cell.rho.value is None else cell.rho.value


def mtmm(tables: Mapping[str, Table], seed: int) -> Mtmm:
    """The matrix of all pairs of (dimension, method).

    Args:
        tables: dimension to its table with methods as rows, over the same units.
        seed: of the resampling.
    """
    columns = {
        (dimension, method): table.levels[i]
        for dimension, table in tables.items()
        for i, method in enumerate(table.annotators)
    }
    clusters = next(iter(tables.values())).clusters
    return Mtmm(
        tuple(
            Cell(one, other, rho_estimate(columns[one], columns[other], clusters, seed))
            for one, other in itertools.combinations(columns, 2)
        )
    )


def rho_estimate(x: Floats, y: Floats, clusters: tuple[str, ...], seed: int) -> Estimate:
    """Spearman's rho of two columns with an interval over whole scenarios.

    Args:
        x: shape (n,), NaN where there is no level.
        y: shape (n,).
        clusters: the cluster of each unit.
        seed: of the resampling.
    """
    both = ~np.isnan(x) & ~np.isnan(y)
    codes = numbered([c for c, used in zip(clusters, both, strict=True) if used])
    x, y = x[both], y[both]
    n, groups = len(x), len(np.unique(codes))
    value = spearman(x, y)
    if value is None:
        why = "under three replies that both judged" if n < 3 else "one level only on one side"
        return Estimate(None, None, None, n, groups, None, why)
    # ranks that differ are no disagreement, so that every scenario counts as one that may differ
    why_none = no_interval(groups, groups)
    if why_none:
        return Estimate(value, None, None, n, groups, None, why_none)
    return percentile_estimate(value, _rhos(x, y, weights(groups, seed), codes), n, groups)


def _rhos(x: Floats, y: Floats, drawn: Floats, codes: np.ndarray[tuple[int], np.dtype[np.intp]]) -> Floats:
    """Spearman's rho under each row of weights, shape (R, G): the weighted correlation of weighted midranks.

    Worked out over the distinct pairs of levels, of which whole levels have 25 at most.
    """
    kinds, kind = np.unique(np.stack([x, y], axis=1), axis=0, return_inverse=True)
    order = np.argsort(kind, kind="stable")
    first = np.searchsorted(kind[order], np.arange(len(kinds)))
    found = []
    step = max(1, _BLOCK // len(x))
    for w in (drawn[start : start + step] for start in range(0, len(drawn), step)):
        counts = np.add.reduceat(w[:, codes[order]], first, axis=1)
        a, b = (_midranks(column, counts) for column in kinds.T)
        below = (counts * a**2).sum(axis=1) * (counts * b**2).sum(axis=1)
        above = (counts * a * b).sum(axis=1)
        found.append(np.divide(above, np.sqrt(below), out=np.full(len(w), np.nan), where=below > 0))
    return np.concatenate(found)


def _midranks(levels: Floats, counts: Floats) -> Floats:
    """Midranks of each kind of pair by one side's level, centred; both of shape (R, kinds) but ``levels`` (kinds,)."""
    order = np.argsort(levels, kind="stable")
    ends = np.flatnonzero(np.append(np.diff(levels[order]) > 0, True))
    up_to = np.cumsum(counts[:, order], axis=1)[:, ends]
    ranks = up_to - np.diff(up_to, prepend=0.0, axis=1) / 2 - up_to[:, -1:] / 2
    return np.asarray(ranks[:, np.searchsorted(levels[order][ends], levels)])
