"""Percentile intervals of numbers that are no means: whole clusters drawn with replacement.

Each statistic is computed for all resamples at once from cluster weights w_c (how often cluster c was drawn), so
that rank correlations and the like cost milliseconds. The interval holds the 2.5% and 97.5% quantiles of the
resampled numbers (Efron & Tibshirani 1993, ch. 13; clusters taken whole: Field & Welsh 2007). Two numbers over the
same replies can be subtracted resample by resample: their difference then has its own interval.
"""

from __future__ import annotations

import functools
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from amends.statistics.clusters import MIN_CLUSTERS
from amends.statistics.estimate import Estimate
from amends.statistics.resampling import DRAWN_SINGLY, Floats

PERCENTILE_RESAMPLES = 1_000
METHOD = f"cluster-percentile.{PERCENTILE_RESAMPLES}"

_BLOCK = 2_000_000
_MISSING = 0.05
"""With more resamples than this without a value there is no interval."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A number with its resampled values."""

    value: float | None
    """None where nothing could be computed."""
    draws: Floats
    """Shape (PERCENTILE_RESAMPLES,), NaN where a resample has no value; empty where there are no resamples."""
    n: int
    clusters: int
    note: str | None = None
    """Why there is no value."""

    def estimate(self) -> Estimate:
        """The number with its percentile interval, or with the reason why it has none."""
        if self.value is None:
            return Estimate(None, None, None, self.n, self.clusters, None, self.note)
        if self.clusters < MIN_CLUSTERS:
            note = f"no interval under {MIN_CLUSTERS} clusters"
            return Estimate(self.value, None, None, self.n, self.clusters, None, note)
        known = self.draws[~np.isnan(self.draws)]
        if len(known) < (1 - _MISSING) * PERCENTILE_RESAMPLES:
            note = "no interval: too many resamples hold one level only"
            return Estimate(self.value, None, None, self.n, self.clusters, None, note)
        low, high = (float(x) for x in np.quantile(known, [0.025, 0.975], method="inverted_cdf"))
        if high - low < 1e-12:
            note = "no interval: every resample gives the same number"
            return Estimate(self.value, None, None, self.n, self.clusters, None, note)
        return Estimate(self.value, low, high, self.n, self.clusters, METHOD)

    def minus(self, other: Drawn) -> Drawn:
        """The difference, resample by resample.

        Args:
            other: over the same replies in the same clusters, drawn with the same seed.
        """
        if self.value is None or other.value is None:
            return Drawn(None, np.zeros(0), self.n, self.clusters, self.note or other.note)
        return Drawn(self.value - other.value, self.draws - other.draws, self.n, self.clusters)


def undrawn(n: int, clusters: int, note: str) -> Drawn:
    """A number that cannot be computed, and why."""
    return Drawn(None, np.zeros(0), n, clusters, note)


@dataclass(frozen=True, slots=True)
class Resampling:
    """How often each cluster was drawn in each resample; the clusters are ordered by name, not by first reply."""

    codes: np.ndarray[tuple[int], np.dtype[np.intp]]
    """Shape (n,), the cluster of each reply."""
    groups: int
    weights: Floats
    """Shape (PERCENTILE_RESAMPLES, groups)."""

    @staticmethod
    def of(clusters: Sequence[Hashable], seed: int) -> Resampling:
        """Draw.

        Args:
            clusters: the cluster of each reply, at least one.
            seed: of the draws.
        """
        names = {name: i for i, name in enumerate(sorted(set(clusters), key=str))}
        codes = np.fromiter(map(names.__getitem__, clusters), dtype=np.intp, count=len(clusters))
        groups = len(names)
        drawn = _kept(groups, seed) if groups <= DRAWN_SINGLY else _counts(groups, seed)
        return Resampling(codes, groups, drawn.astype(np.float64))

    def sums(self, columns: Floats) -> Floats:
        """Column sums in each resample.

        Args:
            columns: shape (n, k), one row a reply.

        Returns:
            Shape (PERCENTILE_RESAMPLES, k).
        """
        by_cluster = np.zeros((self.groups, columns.shape[1]))
        np.add.at(by_cluster, self.codes, columns)
        return np.asarray(self.weights @ by_cluster, dtype=np.float64)

    def replies(self) -> Iterator[Floats]:
        """Weight of each reply in each resample, in blocks of shape (resamples, n) that fit in memory."""
        block = max(1, _BLOCK // len(self.codes))
        for start in range(0, PERCENTILE_RESAMPLES, block):
            yield self.weights[start : start + block, self.codes]


def _counts(groups: int, seed: int) -> NDArray[Any]:
    drawn = np.random.default_rng(seed).multinomial(groups, np.full(groups, 1 / groups), size=PERCENTILE_RESAMPLES)
    return drawn.astype(np.min_scalar_type(int(drawn.max())))


@functools.lru_cache(maxsize=4)
def _kept(groups: int, seed: int) -> NDArray[Any]:
    """Draws that are wanted again, since the numbers of one table are mostly over the same clusters; 10 MB at most."""
    return _counts(groups, seed)


def ratio(above: Floats, below: Floats, resampling: Resampling, note: str) -> Drawn:
    """sum(above) / sum(below) over replies, e.g. F1 = 2 tp / (2 tp + fp + fn).

    Args:
        above: shape (n,).
        below: shape (n,), not negative.
        resampling: of the same replies.
        note: said where sum(below) is 0.
    """
    n, whole = len(above), float(below.sum())
    if whole == 0.0:
        return undrawn(n, resampling.groups, note)
    sums = resampling.sums(np.column_stack([above, below]))
    return Drawn(float(above.sum()) / whole, _divided(sums[:, 0], sums[:, 1]), n, resampling.groups)


def _divided(above: Floats, below: Floats) -> Floats:
    return np.divide(above, below, out=np.full_like(above, np.nan), where=below > 0)


def spearman_drawn(x: Floats, y: Floats, resampling: Resampling) -> Drawn:
    """Spearman's rho with its resampled values.

    In a resample reply i counts w_i times: its mean rank is the weight below it plus (weight at its value + 1) / 2,
    and rho is the weighted correlation of the mean ranks; that is the rho of the resample written out.

    Args:
        x: shape (n,), no NaN.
        y: shape (n,), no NaN.
        resampling: of the same replies.
    """
    from amends.statistics.correlation import spearman

    rho = spearman(x, y)
    if rho is None:
        return undrawn(len(x), resampling.groups, "one side has a single level, or there are fewer than three replies")
    draws = [_correlation(_mean_ranks(x, w), _mean_ranks(y, w), w) for w in resampling.replies()]
    return Drawn(rho, np.concatenate(draws), len(x), resampling.groups)


def _mean_ranks(values: Floats, weights: Floats) -> Floats:
    _, at = np.unique(values, return_inverse=True)
    order = np.argsort(at, kind="stable")
    starts = np.flatnonzero(np.diff(at[order], prepend=-1))
    totals = np.add.reduceat(weights[:, order], starts, axis=1)
    ranks = np.cumsum(totals, axis=1) - (totals - 1) / 2
    return np.asarray(ranks[:, at], dtype=np.float64)


def _correlation(x: Floats, y: Floats, weights: Floats) -> Floats:
    whole = weights.sum(axis=1, keepdims=True)
    x = x - (weights * x).sum(axis=1, keepdims=True) / whole
    y = y - (weights * y).sum(axis=1, keepdims=True) / whole
    spread = (weights * x**2).sum(axis=1) * (weights * y**2).sum(axis=1)
    joint = (weights * x * y).sum(axis=1)
    flat = spread <= 1e-9
    rho = np.divide(joint, np.sqrt(np.where(flat, 1.0, spread)))
    return np.where(flat, np.nan, np.clip(rho, -1.0, 1.0))
