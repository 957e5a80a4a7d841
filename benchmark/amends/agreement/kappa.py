"""Weighted kappa of two annotators, on whole levels and on real ones.

kappa_w = 1 - sum_ij w_ij o_ij / sum_ij w_ij e_ij (Cohen 1968) with w_ij = (i - j)^2, o the observed joint shares and
e the products of the margins: 1 is full agreement, 0 what chance would give, below 0 less than that. The sums are
expectations of (x - y)^2, once over the replies and once with x and y independent:

    sum w o = s_x^2 + s_y^2 - 2 s_xy + (mean x - mean y)^2
    sum w e = s_x^2 + s_y^2          + (mean x - mean y)^2

so that kappa_w = 2 s_xy / (s_x^2 + s_y^2 + (mean x - mean y)^2), moments divided by n: Lin's (1989) concordance
correlation. No category appears in it, so it serves a scorer's real levels and people's whole ones alike.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from amends.agreement.interval import no_interval, numbered, percentile_estimate, weights
from amends.agreement.table import Floats, Table
from amends.records import Json
from amends.statistics.estimate import Estimate

_NOISE = 1e-12
"""A variance below this is rounding (the smallest of levels to 0.01 is 1e-4 / n)."""


@dataclass(frozen=True, slots=True)
class PairKappa:
    """Two annotators."""

    first: str
    second: str
    kappa: Mapping[str, Estimate]
    """Dimension to quadratic weighted kappa, -1..1."""

    def to_dict(self) -> Json:
        """As JSON."""
        return {"first": self.first, "second": self.second, "kappa": {d: e.to_dict() for d, e in self.kappa.items()}}


def weighted_kappa(x: Floats, y: Floats) -> float | None:
    """Quadratic weighted kappa.

    Args:
        x: shape (n,), levels by one annotator, no NaN.
        y: shape (n,), by another on the same replies.

    Returns:
        -1..1; None where there is no reply, or where either gave one level only: the formula then gives 0 / 0 or a
        0 that no agreement could change.
    """
    if not len(x) or len(np.unique(x)) < 2 or len(np.unique(y)) < 2:
        return None
    return float(_kappas(_moments(x, y).sum(axis=0, keepdims=True))[0])


def kappas(tables: Mapping[str, Table], seed: int) -> tuple[PairKappa, ...]:
    """Every pair of annotators on every dimension.

    Args:
        tables: dimension to its table, annotators as rows, the same in each.
        seed: of the resampling.
    """
    names = next(iter(tables.values())).annotators
    return tuple(
        PairKappa(names[i], names[j], {d: kappa_estimate(t, i, j, seed) for d, t in tables.items()})
        for i, j in itertools.combinations(range(len(names)), 2)
    )


def kappa_estimate(table: Table, first: int, second: int, seed: int) -> Estimate:
    """Weighted kappa of two rows with an interval over whole scenarios.

    Args:
        table: one dimension.
        first: row of one annotator.
        second: row of the other.
        seed: of the resampling.
    """
    both = table.columns([int(i) for i in np.flatnonzero(~np.isnan(table.levels[[first, second]]).any(axis=0))])
    x, y = both.levels[first], both.levels[second]
    n, groups = len(both.units), len(set(both.clusters))
    value = weighted_kappa(x, y)
    if value is None:
        flat = [table.annotators[i] for i in (first, second) if len(np.unique(both.levels[i])) < 2]
        why = f"one level only by {' and by '.join(flat)}" if n else "no reply that both judged"
        return Estimate(None, None, None, n, groups, None, why)
    codes = numbered(both.clusters)
    why_none = no_interval(groups, len(np.unique(codes[x != y])))
    if why_none:
        return Estimate(value, None, None, n, groups, None, why_none)
    sums = np.zeros((groups, 6))
    np.add.at(sums, codes, _moments(x, y))
    return percentile_estimate(value, _kappas(weights(groups, seed) @ sums), n, groups)


def _moments(x: Floats, y: Floats) -> Floats:
    """What kappa needs of each reply: shape (n, 6), about the scale's middle so that no digits are lost."""
    u, v = x - 3.0, y - 3.0
    return np.stack([np.ones_like(u), u, v, u * u, v * v, u * v], axis=1)


def _kappas(sums: Floats) -> Floats:
    """Kappa of each row of summed moments, shape (R, 6); NaN where either side has one level."""
    n = sums[:, 0]
    x, y, xx, yy, xy = (sums[:, 1:] / n[:, None]).T
    var_x, var_y, cov = xx - x * x, yy - y * y, xy - x * y
    defined = (var_x > _NOISE) & (var_y > _NOISE)
    below = var_x + var_y + (x - y) ** 2
    return np.asarray(np.divide(2 * cov, below, out=np.full(len(sums), np.nan), where=defined))
