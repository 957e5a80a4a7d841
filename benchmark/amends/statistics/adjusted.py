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
from amends.statistics.influence import Codes, Labels, cells, codes, distinct, t_interval, t_p, together
from amends.statistics.resampling import DRAWN_SINGLY, Floats

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
    strata = codes(together(a_strata, b_strata))
    many = int(strata.max()) + 1 if len(strata) else 0
    parts = strata[: len(a_strata)], strata[len(a_strata) :]
    both = np.logical_and(*[_clusters_in(g, own, many) >= 2 for g, own in zip((a, b), parts, strict=True)])
    # only strata of both sides are laid out: a log of 20,000 clusters and 2,000 kinds of cases would not fit
    place = np.cumsum(both) - 1
    sides = [
        _Cells(g, np.where(both[own], place[own], -1), int(both.sum())) for g, own in zip((a, b), parts, strict=True)
    ]
    inside = [side.replies.sum() for side in sides]
    covered = float(inside[0] / max(len(a_strata), 1)), float(inside[1] / max(len(b_strata), 1))
    n, groups = int(sum(inside)), distinct(together(a.clusters, b.clusters))
    if not both.any():
        none = Estimate(None, None, None, 0, groups, None, "no kind of case occurs in two clusters on both sides")
        return Standardised(Tested(none, None, None, None), 0, covered)
    weight = (sides[0].replies + sides[1].replies) / n
    del strata, parts
    # a million clusters a side: each is let go when its number is known
    arms = []
    while sides:
        side = sides.pop(0)
        arms.append(_Arm.of(side.names, *side.left_out(weight)))
    del side
    return Standardised(_judged(arms, n, groups, (-4.0, 4.0)), int(both.sum()), covered)


def _clusters_in(group: Group, strata: Codes, many: int) -> Codes:
    """Clusters with a reply in each stratum."""
    if not len(strata):
        return np.zeros(many, dtype=np.intp)
    own = codes(group.clusters)
    return np.bincount(np.unique(cells(own, strata)) % (int(strata.max()) + 1), minlength=many)


class _Cells:
    """Sums and sizes of one group by cluster and stratum."""

    def __init__(self, group: Group, strata: Codes, many: int) -> None:
        """Take a group in; strata of -1 are left out."""
        code = codes(group.clusters)
        self.names = _firsts(group.clusters, code)
        inside = strata >= 0
        self._code, self._strata, self._values = code, strata, group.values
        if not inside.all():
            self._code, self._strata, self._values = code[inside], strata[inside], group.values[inside]
        self._many = many
        self.replies = np.bincount(self._strata, minlength=many).astype(np.float64)
        """Shape (strata,)."""

    def left_out(self, weight: Floats) -> tuple[float, Floats]:
        """The weighted mean of the strata's means, whole and with each cluster left out."""
        shape = len(self.names), self._many
        # a table of very many clusters would not fit, and each of them lies in a stratum or two
        return self._of_cells(weight) if shape[0] > DRAWN_SINGLY else self._of_table(weight, shape)

    def _of_table(self, weight: Floats, shape: tuple[int, int]) -> tuple[float, Floats]:
        sums, sizes = np.zeros(shape), np.zeros(shape)
        np.add.at(sums, (self._code, self._strata), self._values)
        np.add.at(sizes, (self._code, self._strata), 1.0)
        whole = float(weight @ (sums.sum(axis=0) / sizes.sum(axis=0)))
        return whole, ((sums.sum(axis=0) - sums) / (sizes.sum(axis=0) - sizes)) @ weight

    def _of_cells(self, weight: Floats) -> tuple[float, Floats]:
        total = np.bincount(self._strata, weights=self._values, minlength=self._many)
        means = total / self.replies
        whole = float(weight @ means)
        names, place = np.unique(cells(self._code, self._strata), return_inverse=True)
        sums, sizes = np.bincount(place, weights=self._values), np.bincount(place)
        del place
        cluster, stratum = np.divmod(names, int(self._strata.max()) + 1)
        del names
        without = (total[stratum] - sums) / (self.replies[stratum] - sizes)
        del sums, sizes
        moved = weight[stratum] * (without - means[stratum])
        changes = np.bincount(cluster, weights=moved, minlength=len(self.names)).astype(np.float64)
        return whole, whole + changes


def _firsts(labels: Labels, code: Codes) -> Labels:
    """The label of each cluster, in the order of their first replies."""
    if isinstance(labels, np.ndarray):
        # numbered as they come: a cluster's first reply is where the numbers reach a new height
        return labels[np.flatnonzero(np.diff(np.maximum.accumulate(code), prepend=-1))]
    return list(dict.fromkeys(labels))


@dataclass(frozen=True, slots=True)
class _Arm:
    """One part of a difference: its number, and what each of its clusters adds to that number's error."""

    names: Labels
    whole: float
    phi: Floats
    """Influence values by the jackknife, shape (clusters,)."""

    @staticmethod
    def of(names: Labels, whole: float, without: Floats) -> _Arm:
        """From the number with each cluster left out, shape (clusters,)."""
        # G - 1 times what a cluster's absence changes, over G; two_sided_variance has the G / (G-1)
        return _Arm(names, whole, (whole - without) * (len(names) - 1) / len(names))


def _judged(arms: Sequence[_Arm], n: int, groups: int, limits: tuple[float, float]) -> Tested:
    """Second arm minus first."""
    value = arms[1].whole - arms[0].whole
    parts = two_sided_variance(-arms[0].phi, arms[0].names, arms[1].phi, arms[1].names)
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
    count = distinct(together(*[g.clusters for g in groups]))
    if any(not len(g.values) for g in groups):
        none = Estimate(None, None, None, n, count, None, "one of the four groups has no judged reply")
        return Tested(none, None, None, None)
    if any(distinct(g.clusters) < 2 for g in groups):
        value = sum(s * float(g.values.mean()) for g, s in zip(groups, (-1, 1, 1, -1), strict=True))
        note = f"no interval under {MIN_CLUSTERS} clusters a side"
        return Tested(Estimate(value, None, None, n, count, None, note), None, None, None)
    return _judged([_change(*control), _change(*treated)], n, count, (-8.0, 8.0))


def _change(before: Group, after: Group) -> _Arm:
    whole = together(before.clusters, after.clusters)
    code = codes(whole)
    size = int(code.max()) + 1
    means = []
    for group, own in ((before, code[: len(before.values)]), (after, code[len(before.values) :])):
        sums, sizes = np.bincount(own, weights=group.values, minlength=size), np.bincount(own, minlength=size)
        means.append((float(group.values.mean()), (sums.sum() - sums) / (sizes.sum() - sizes)))
    return _Arm.of(_firsts(whole, code), means[1][0] - means[0][0], np.asarray(means[1][1] - means[0][1]))
