"""The multitrait-multimethod matrix (Campbell & Fiske 1959): do the dimensions hold apart across methods?

Traits are the three dimensions, methods the annotators' methods. *Convergent* correlations stand between the same
dimension by different methods and should be high; *discriminant* ones stand between different dimensions by
different methods and should be lower than every convergent one. Spearman's rho, since levels are ordinal.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from amends.agreement.table import Floats, Table
from amends.statistics.correlation import spearman


@dataclass(frozen=True, slots=True)
class Cell:
    """One correlation of the matrix."""

    first: tuple[str, str]
    """(dimension, method)."""
    second: tuple[str, str]
    rho: float | None
    """Spearman's rho, -1..1; None where one side has a single level or fewer than three common replies."""
    n: int
    """Replies that both sides judged."""

    @property
    def convergent(self) -> bool:
        """Same dimension, different methods."""
        return self.first[0] == self.second[0] and self.first[1] != self.second[1]

    @property
    def discriminant(self) -> bool:
        """Different dimensions, different methods."""
        return self.first[0] != self.second[0] and self.first[1] != self.second[1]


@dataclass(frozen=True, slots=True)
class Mtmm:
    """The matrix and what it comes to."""

    cells: tuple[Cell, ...]

    @property
    def smallest_convergent(self) -> float | None:
        """The smallest same-dimension correlation across methods."""
        return min((c.rho for c in self.cells if c.convergent and c.rho is not None), default=None)

    @property
    def largest_discriminant(self) -> float | None:
        """The largest cross-dimension correlation across methods, by absolute value."""
        return max((abs(c.rho) for c in self.cells if c.discriminant and c.rho is not None), default=None)

    @property
    def holds(self) -> bool | None:
        """Every convergent correlation exceeds every discriminant one; None where one kind is missing."""
        low, high = self.smallest_convergent, self.largest_discriminant
        return None if low is None or high is None else low > high


def mtmm(tables: Mapping[str, Table]) -> Mtmm:
    """The matrix of all pairs of (dimension, method).

    Args:
        tables: dimension to its table with methods as rows, over the same units.
    """
    columns = {
        (dimension, method): table.levels[i]
        for dimension, table in tables.items()
        for i, method in enumerate(table.annotators)
    }
    pairs = itertools.combinations(columns, 2)
    return Mtmm(tuple(_cell(first, second, columns[first], columns[second]) for first, second in pairs))


def _cell(first: tuple[str, str], second: tuple[str, str], x: Floats, y: Floats) -> Cell:
    both = ~np.isnan(x) & ~np.isnan(y)
    return Cell(first, second, spearman(x[both], y[both]), int(both.sum()))
