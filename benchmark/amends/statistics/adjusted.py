"""Differences that take something else into account: the mix of cases, or a control group.

Both leave whole clusters out one at a time. The jackknife's variance, over arms V = sum (G-1)/G * sum_c (T_(-c) - T)^2
(CV3; MacKinnon, Nielsen & Webb 2023), keeps its level where clusters are few and unequal, where the linearised one is
too small (benches/COVERAGE.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from amends.statistics.clusters import MIN_CLUSTERS
from amends.statistics.estimate import Estimate
from amends.statistics.groups import Group, Tested, smallest_p, two_sided_variance
from amends.statistics.influence import Labels, codes, t_interval, t_p
from amends.statistics.resampling import Floats

METHOD = "cluster-jackknife-t"


@dataclass(frozen=True, slots=True)
class Standardised:
    """A difference between groups at equal mix of cases."""

    difference: Tested
    strata: int
    """Strata that both groups have."""
    covered: tuple[float, float]
    """Share of each group's replies that lie in them."""


def standardised(a: Group, b: Group, a_strata: Labels, b_strata: Labels) -> Standardised:
    """Second minus first within strata, weighted by the strata's share of both groups together.

    Direct standardisation (Breslow & Day 1987, ch. 2): sum_k w_k (m_bk - m_ak), w_k the share of stratum k among
    the replies of both groups in strata where each group has two clusters or more; other replies have no
    counterpart and are counted, not extrapolated.

    Args:
        a: the first group.
        b: the second.
        a_strata: the stratum of each reply of a.
        b_strata: of b.
    """
    strata = codes([*a_strata, *b_strata])
    many = int(strata.max()) + 1 if len(strata) else 0
    parts = strata[: len(a_strata)], strata[len(a_strata) :]
    both = np.logical_and(*[_clusters_in(g, own, many) >= 2 for g, own in zip((a, b), parts, strict=True)])
    # only strata of both sides are laid out: a log of 20,000 clusters and 2,000 kinds of cases would not fit
    place = np.cumsum(both) - 1
    sides = [
        _table(g, np.where(both[own], place[own], -1), int(both.sum())) for g, own in zip((a, b), parts, strict=True)
    ]
    inside = [side.sizes.sum() for side in sides]
    covered = float(inside[0] / max(len(a_strata), 1)), float(inside[1] / max(len(b_strata), 1))
    n, groups = int(sum(inside)), len(set(a.clusters) | set(b.clusters))
    if not both.any():
        none = Estimate(None, None, None, 0, groups, None, "no kind of case occurs in two clusters on both sides")
        return Standardised(Tested(none, None, None, None), 0, covered)
    weight = sum(side.sizes.sum(axis=0) for side in sides) / n
    arms = [_Arm(side.names, *_left_out(side.sums, side.sizes, weight)) for side in sides]
    return Standardised(_judged(arms, n, groups, (-4.0, 4.0)), int(both.sum()), covered)


@dataclass(frozen=True, slots=True)
class _Table:
    names: list[object]
    sums: Floats
    """Shape (clusters, strata)."""
    sizes: Floats


def _clusters_in(
    group: Group, strata: np.ndarray[tuple[int], np.dtype[np.intp]], many: int
) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """Clusters with a reply in each stratum."""
    if not len(strata):
        return np.zeros(many, dtype=np.intp)
    pairs = np.unique(np.stack([strata, codes(group.clusters)]), axis=1)
    return np.bincount(pairs[0], minlength=many)


def _table(group: Group, strata: np.ndarray[tuple[int], np.dtype[np.intp]], many: int) -> _Table:
    code = codes(group.clusters)
    count = int(code.max()) + 1 if len(code) else 0
    sums, sizes = np.zeros((count, many)), np.zeros((count, many))
    inside = strata >= 0
    np.add.at(sums, (code[inside], strata[inside]), group.values[inside])
    np.add.at(sizes, (code[inside], strata[inside]), 1.0)
    return _Table(list(dict.fromkeys(group.clusters)), sums, sizes)


def _left_out(sums: Floats, sizes: Floats, weight: Floats) -> tuple[float, Floats]:
    """The weighted mean of the strata's means, whole and with each cluster left out."""
    whole = float(weight @ (sums.sum(axis=0) / sizes.sum(axis=0)))
    return whole, ((sums.sum(axis=0) - sums) / (sizes.sum(axis=0) - sizes)) @ weight


@dataclass(frozen=True, slots=True)
class _Arm:
    """One part of a difference: its number, and that number with each of its clusters left out."""

    names: list[object]
    whole: float
    without: Floats
    """Shape (clusters,)."""


def _judged(arms: Sequence[_Arm], n: int, groups: int, limits: tuple[float, float]) -> Tested:
    """Second arm minus first."""
    value = arms[1].whole - arms[0].whole
    # as influence values: G - 1 times what a cluster's absence changes, over G; two_sided_variance has the G / (G-1)
    phi = [
        sign * (arm.whole - arm.without) * (len(arm.names) - 1) / len(arm.names)
        for sign, arm in zip((-1.0, 1.0), arms, strict=True)
    ]
    parts = two_sided_variance(phi[0], arms[0].names, phi[1], arms[1].names)
    if min(parts.groups) < MIN_CLUSTERS:
        note = f"no interval under {MIN_CLUSTERS} clusters a side"
        return Tested(Estimate(value, None, None, n, groups, None, note), None, None, None)
    error = parts.whole**0.5
    if error <= 1e-12:
        note = "no interval: the clusters do not differ"
        return Tested(Estimate(value, None, None, n, groups, None, note), None, None, None)
    low, high = t_interval(value, error, parts.freedom, limits)
    p = max(smallest_p(parts), t_p(value, error, parts.freedom))
    return Tested(Estimate(value, low, high, n, groups, METHOD), p, error, parts.freedom)


def difference_in_differences(treated: Sequence[Group], control: Sequence[Group]) -> Tested:
    """(after - before) of the treated minus (after - before) of the control, clusters (agents) taken whole.

    Card & Krueger (1994) as means of four groups; clusters are the unit (Bertrand, Duflo & Mullainathan 2004).

    Args:
        treated: before, after.
        control: before, after.
    """
    groups = [*treated, *control]
    n = sum(len(g.values) for g in groups)
    count = len({c for g in groups for c in g.clusters})
    if any(not len(g.values) for g in groups):
        none = Estimate(None, None, None, n, count, None, "one of the four groups has no judged reply")
        return Tested(none, None, None, None)
    if any(len(set(g.clusters)) < 2 for g in groups):
        value = sum(s * float(g.values.mean()) for g, s in zip(groups, (-1, 1, 1, -1), strict=True))
        note = f"no interval under {MIN_CLUSTERS} clusters a side"
        return Tested(Estimate(value, None, None, n, count, None, note), None, None, None)
    return _judged([_change(*control), _change(*treated)], n, count, (-8.0, 8.0))


def _change(before: Group, after: Group) -> _Arm:
    code = codes([*before.clusters, *after.clusters])
    size = int(code.max()) + 1
    means = []
    for group, own in ((before, code[: len(before.values)]), (after, code[len(before.values) :])):
        sums, sizes = np.bincount(own, weights=group.values, minlength=size), np.bincount(own, minlength=size)
        means.append((float(group.values.mean()), (sums.sum() - sums) / (sizes.sum() - sizes)))
    names = list(dict.fromkeys([*before.clusters, *after.clusters]))
    return _Arm(names, means[1][0] - means[0][0], np.asarray(means[1][1] - means[0][1]))
