"""Two groups of replies that are not paired: superiority and difference.

The groups may share clusters (agents who wrote before and after): then what a cluster adds to both is taken
together, and the groups' covariance counts.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from amends.statistics.clusters import MIN_CLUSTERS, clopper_pearson
from amends.statistics.estimate import Estimate
from amends.statistics.influence import Labels, codes, distinct, t_p, together
from amends.statistics.resampling import Floats

SUPERIORITY_METHOD = "obuchowski+clopper-pearson"
DIFFERENCE_METHOD = "mover"


@dataclass(frozen=True, slots=True)
class Group:
    """Replies of one group."""

    values: Floats
    """Shape (n,), no NaN."""
    clusters: Labels
    """The cluster of each."""


@dataclass(frozen=True, slots=True)
class TwoSided:
    """Variance of a statistic of two groups, by parts."""

    first: float
    """What the first group's clusters add."""
    second: float
    joint: float
    """Twice the covariance through clusters that both groups have."""
    groups: tuple[int, int]
    """Clusters of each."""
    shared: int
    """Clusters that both have."""

    @property
    def whole(self) -> float:
        """V."""
        return max(self.first + self.second + self.joint, 0.0)

    @property
    def freedom(self) -> float:
        """Degrees of freedom: Satterthwaite (1946) for groups apart, else the fewer clusters minus one."""
        a, b = (max(g - 1, 1) for g in self.groups)
        if self.shared:
            return float(min(a, b))
        below = self.first**2 / a + self.second**2 / b
        return (self.first + self.second) ** 2 / below if below > 0 else float(min(a, b))


def two_sided_variance(first: Floats, a: Labels, second: Floats, b: Labels) -> TwoSided:
    """V from influence values of two groups (Obuchowski 1997, formula 5, in influence form).

    Args:
        first: influence values of the first group's replies.
        a: their clusters.
        second: those of the second group.
        b: their clusters.
    """
    every = codes(together(a, b))
    size = int(every.max()) + 1
    sums = [
        np.bincount(every[: len(a)], weights=first, minlength=size),
        np.bincount(every[len(a) :], weights=second, minlength=size),
    ]
    counts = [distinct(a), distinct(b)]
    part = [_corrected(float((s**2).sum()), g) for s, g in zip(sums, counts, strict=True)]
    joint = _corrected(float((sums[0] * sums[1]).sum()), size)
    return TwoSided(part[0], part[1], 2 * joint, (counts[0], counts[1]), sum(counts) - size)


def _corrected(squares: float, groups: int) -> float:
    return groups / (groups - 1) * squares if groups > 1 else 0.0


def placements(values: Floats, others: Floats) -> Floats:
    """Share of ``others`` below each value, ties half.

    Args:
        values: shape (n,).
        others: shape (m,), not empty.

    Returns:
        Shape (n,), 0..1.
    """
    ranked = np.sort(others)
    below = np.searchsorted(ranked, values, side="left")
    up_to = np.searchsorted(ranked, values, side="right")
    return np.asarray((below + up_to) / (2 * len(ranked)), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Tested:
    """An estimate with the test that it is no difference."""

    estimate: Estimate
    p: float | None
    """Two-sided; None where none can be computed."""
    error: float | None
    """Standard error."""
    freedom: float | None
    """Degrees of freedom that the standard error has."""
    least: float | None = None
    """Smallest p that the test can give; None where that is no limit."""


def superiority(a: Group, b: Group) -> Tested:
    """P(a reply of b is better than one of a) + half of P(tie): the Mann-Whitney probability.

    Variance by placements for clustered replies (Obuchowski 1997; without clusters DeLong et al. 1988). The
    interval is Clopper-Pearson's at the effective sample size P(1-P)/V, after Korn & Graubard (1998); where every
    reply of one group is better, at the number of the smaller group's clusters. The test is Student's on the
    logit.

    Args:
        a: the first group.
        b: the second.
    """
    n, groups = len(a.values) + len(b.values), distinct(together(a.clusters, b.clusters))
    if not len(a.values) or not len(b.values):
        return Tested(Estimate(None, None, None, n, groups, None, "one side has no judged reply"), None, None, None)
    up, down = placements(b.values, a.values), 1 - placements(a.values, b.values)
    value = float(up.mean())
    parts = two_sided_variance((down - value) / len(down), a.clusters, (up - value) / len(up), b.clusters)
    fewer = min(parts.groups)
    if fewer < MIN_CLUSTERS:
        note = f"no interval under {MIN_CLUSTERS} clusters a side"
        return Tested(Estimate(value, None, None, n, groups, None, note), None, None, None)
    least = smallest_p(parts)
    if parts.whole <= 1e-24:
        low, high = clopper_pearson(value, float(fewer))
        p = least if value in (0.0, 1.0) else 1.0
        return Tested(Estimate(value, low, high, n, groups, SUPERIORITY_METHOD), p, None, None)
    # groups that move together within shared clusters can tell more than n replies that stand apart
    most = math.inf if parts.shared else float(n)
    size = min(most, value * (1 - value) / parts.whole * _shrink(n - 1, parts.freedom))
    low, high = clopper_pearson(value, size)
    odds = math.log(value / (1 - value))
    p = max(least, t_p(odds, math.sqrt(parts.whole) / (value * (1 - value)), parts.freedom))
    return Tested(Estimate(value, low, high, n, groups, SUPERIORITY_METHOD), p, parts.whole**0.5, parts.freedom)


def _shrink(many: float, freedom: float) -> float:
    """Korn & Graubard's correction of the effective size for the design's degrees of freedom."""
    from scipy.special import stdtrit

    return float((stdtrit(many, 0.975) / stdtrit(freedom, 0.975)) ** 2)


def smallest_p(parts: TwoSided) -> float:
    """The smallest p that exchanging whole clusters could give: labels where apart, signs where shared."""
    if parts.shared:
        return 2.0 ** (1 - min(parts.groups))
    whole, own = sum(parts.groups), parts.groups[0]
    # in logarithms: the number of ways to deal thousands of clusters is no float
    ways = math.lgamma(whole + 1) - math.lgamma(own + 1) - math.lgamma(whole - own + 1)
    return min(1.0, 2.0 * math.exp(-ways))


def mean_influence(values: Floats) -> Floats:
    """Influence values of a mean over replies: (y_i - m) / n."""
    return np.asarray((values - values.mean()) / len(values))


def difference(first: Estimate, second: Estimate, a: Group, b: Group) -> Tested:
    """Second minus first, by the method of variance estimates recovery (Newcombe 1998; Zou & Donner 2008).

    L = d - sqrt((y - l_y)^2 + (u_x - x)^2 - 2 r (y - l_y)(u_x - x)), U alike, with r the groups' correlation
    through shared clusters: each group keeps its own, possibly skew, interval.

    Args:
        first: mean or share of the first group.
        second: of the second, of the same kind.
        a: the first group.
        b: the second.
    """
    n, groups = first.n + second.n, distinct(together(a.clusters, b.clusters))
    if first.value is None or second.value is None:
        return Tested(Estimate(None, None, None, n, groups, None, first.note or second.note), None, None, None)
    value = second.value - first.value
    if first.low is None or first.high is None or second.low is None or second.high is None:
        return Tested(Estimate(value, None, None, n, groups, None, first.note or second.note), None, None, None)
    parts = two_sided_variance(-mean_influence(a.values), a.clusters, mean_influence(b.values), b.clusters)
    scale = 2 * math.sqrt(parts.first * parts.second)
    r = max(-1.0, min(1.0, -parts.joint / scale)) if parts.shared and scale > 0 else 0.0
    low = value - _recovered(second.value - second.low, first.high - first.value, r)
    high = value + _recovered(second.high - second.value, first.value - first.low, r)
    error = parts.whole**0.5
    p = max(smallest_p(parts), t_p(value, error, parts.freedom)) if error > 0 else None
    return Tested(Estimate(value, low, high, n, groups, DIFFERENCE_METHOD), p, error, parts.freedom)


def _recovered(x: float, y: float, r: float) -> float:
    return math.sqrt(max(x * x + y * y - 2 * r * x * y, 0.0))
