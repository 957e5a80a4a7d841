"""Differences of pairs: estimate, standard error and test, clusters taken whole."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from amends.statistics.bins import MOST
from amends.statistics.clusters import (
    BOUNDED_METHOD,
    FLAT_SHARE,
    MEAN_METHOD,
    MIN_CLUSTERS,
    bounded,
    cluster_sums,
    linearised_variance,
    mean_estimate,
    mean_of_sums,
)
from amends.statistics.estimate import Estimate
from amends.statistics.groups import Tested
from amends.statistics.influence import Labels, codes, influence_estimate, outermost, t_p, variance
from amends.statistics.resampling import DRAWN_SINGLY, Floats, flip_p, smallest_p, studentised

_TOGETHER = 20_000
"""Clusters up to which many columns are drawn together where that is quicker."""


def paired(values: Floats, groupings: Sequence[Labels], limits: tuple[float, float], null: float, seed: int) -> Tested:
    """Mean of what each pair says, with the test that it is ``null``.

    One grouping: studentised bootstrap over whole clusters and sign-flip test. Two crossed groupings: the crossed
    cluster-robust variance with Student's interval and test.

    Args:
        values: shape (pairs,).
        groupings: a cluster label a pair, in each grouping; nested ones are reduced to the outermost.
        limits: what a value can be.
        null: the mean under no difference.
        seed: of the draws.
    """
    kept = outermost(groupings)
    n = len(values)
    if not n:
        return Tested(Estimate(None, None, None, 0, 0, None, "no pair could be judged"), None, None, None)
    if len(kept) > 1:
        return _crossed(values, kept, limits, null)
    estimate = mean_estimate(values, kept[0], limits, seed)
    if estimate.clusters < 2:
        return Tested(estimate, None, None, None)
    sums, sizes = cluster_sums(values - null, kept[0])
    order = np.lexsort((sums, sizes))
    p = float(flip_p(sums[order, None], seed)[0])
    plain, sizes = cluster_sums(values, kept[0])
    error = linearised_variance(plain, sizes) ** 0.5
    least = smallest_p(estimate.clusters)
    return Tested(estimate, p, error if error > 1e-12 else None, float(estimate.clusters - 1), least)


def _crossed(values: Floats, groupings: Sequence[Labels], limits: tuple[float, float], null: float) -> Tested:
    value = float(values.mean())
    phi = (values - value) / len(values)
    estimate = influence_estimate(value, phi, groupings, limits, MIN_CLUSTERS)
    found, groups = variance(phi, groupings)
    if estimate.low is None or groups < 2:
        return Tested(estimate, None, None, None)
    p = max(smallest_p(groups), t_p(value - null, found**0.5, groups - 1))
    return Tested(estimate, p, found**0.5, float(groups - 1))


def visible_difference(error: float, freedom: float, power: float = 0.8) -> float:
    """Smallest true difference that a two-sided 5% test shows with so much power: (t_.975 + t_power) * error.

    Args:
        error: standard error of the difference.
        freedom: its degrees of freedom.
        power: 0.5..1.
    """
    from scipy.special import stdtrit

    return float((stdtrit(freedom, 0.975) + stdtrit(freedom, power)) * error)


def columns(values: Floats, labels: Labels, limits: tuple[float, float], seed: int) -> list[Estimate]:
    """Means of many columns over the same clusters, by the same draws: one matrix product instead of a loop.

    Args:
        values: shape (n, P), NaN where a row does not count for a column.
        labels: the cluster of each row.
        limits: what a value can be.
        seed: of the draws.

    Returns:
        One estimate a column, with Gaffke's bound where hardly any cluster differs from another.
    """
    code = codes(labels)
    groups = int(code.max()) + 1 if len(code) else 0
    there = ~np.isnan(values)
    sums, sizes = np.zeros((groups, values.shape[1])), np.zeros((groups, values.shape[1]))
    np.add.at(sums, code, np.where(there, values, 0.0))
    np.add.at(sizes, code, there.astype(np.float64))
    if (sizes > 0).all():
        return _together(sums, sizes, limits, seed)
    # a cluster without a row for a column is none of that column's clusters: columns go together by what they have
    made: list[Estimate | None] = [None] * values.shape[1]
    patterns, which = np.unique(sizes > 0, axis=1, return_inverse=True)
    for k in range(patterns.shape[1]):
        own, rows = np.flatnonzero(which.ravel() == k), np.flatnonzero(patterns[:, k])
        for c, estimate in zip(own, _together(sums[rows][:, own], sizes[rows][:, own], limits, seed), strict=True):
            made[c] = estimate
    return [estimate for estimate in made if estimate is not None]


def _together(sums: Floats, sizes: Floats, limits: tuple[float, float], seed: int) -> list[Estimate]:
    groups, many = sums.shape
    if groups < MIN_CLUSTERS:
        return [_column(sums[:, c], sizes[:, c], None, limits, seed, {}) for c in range(many)]
    if groups > DRAWN_SINGLY and (groups > _TOGETHER or _quicker_by_kinds(sums, sizes)):
        return [mean_of_sums(sums[:, c], sizes[:, c], limits, seed) for c in range(many)]
    # clusters in an order of their own, so that the draws do not depend on the order of the rows
    order = np.lexsort(np.concatenate([sums.T, sizes.T]))
    sums, sizes = sums[order], sizes[order]
    shared = sizes[:, :1] if (sizes == sizes[:, :1]).all() else sizes
    t, flat = studentised(sums, shared, seed, np.float32)
    with np.errstate(invalid="ignore"):
        bounds = np.quantile(t, [0.025, 0.975], axis=0, method="inverted_cdf")
    known: _Bounds = {}
    return [
        _column(sums[:, c], sizes[:, c], None if flat[c] > FLAT_SHARE else bounds[:, c], limits, seed, known)
        for c in range(many)
    ]


def _quicker_by_kinds(sums: Floats, sizes: Floats) -> bool:
    """Whether each column by its kinds costs less than all of them by single draws; real levels have many kinds."""
    groups, many = sums.shape
    kinds = 0
    for s, n in zip(sums.T, sizes.T, strict=True):
        order = np.lexsort((s, n))
        kinds += min(MOST, 1 + int(((np.diff(s[order]) != 0) | (np.diff(n[order]) != 0)).sum()))
    # ten single draws and their 300 products of a matrix cost what one multinomial draw costs
    return bool(10 * kinds < groups * (1 + many / 30))


_Bounds = dict[bytes, tuple[float, float]]
"""Gaffke's bounds by the column: behaviours that nobody shows are all one column."""


def _column(
    sums: Floats, sizes: Floats, t: Floats | None, limits: tuple[float, float], seed: int, known: _Bounds
) -> Estimate:
    n, groups = int(sizes.sum()), len(sizes)
    if not n:
        return Estimate(None, None, None, 0, 0, None, "no pair could be judged")
    mean = float(sums.sum() / n)
    if groups < MIN_CLUSTERS:
        return Estimate(mean, None, None, n, groups, None, f"no interval under {MIN_CLUSTERS} clusters")
    error = linearised_variance(sums, sizes) ** 0.5
    if t is None or error < 1e-12:
        name = sums.tobytes() + sizes.tobytes()
        if name not in known:
            known[name] = bounded(sums, sizes, limits, seed)
        return Estimate(mean, *known[name], n, groups, BOUNDED_METHOD)
    low, high = mean - t[1] * error, mean - t[0] * error
    return Estimate(mean, max(limits[0], float(low)), min(limits[1], float(high)), n, groups, MEAN_METHOD)
