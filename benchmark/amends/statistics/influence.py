"""Estimates from influence values: what each reply adds to the error of a number, summed over whole clusters.

A smooth statistic T has T^ - T ~ sum_i phi_i; with replies in clusters c the variance is
V = G/(G-1) * sum_c (sum_{i in c} phi_i)^2 (Liang & Zeger 1986; Cameron & Miller 2015). Replies that belong to two
crossed groupings (scenario and agent) have V = V_1 + V_2 - V_12, where V_12 is over the cells in which both are
shared (Cameron, Gelbach & Miller 2011). The interval is Student's, with the fewer clusters minus one degrees of
freedom.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray

from amends.statistics.estimate import Estimate
from amends.statistics.resampling import Floats

METHOD = "cluster-robust-t"
CROSSED_METHOD = "crossed-robust-t"

Codes = NDArray[np.intp]
"""Clusters by number, from 0; some numbers may be missing."""
Labels = Sequence[Hashable] | Codes
"""The cluster of each reply, by any name or by number: millions of replies go by number."""


def codes(labels: Labels) -> Codes:
    """Number of each label's cluster, in the order of the first reply of each."""
    if isinstance(labels, np.ndarray):
        return numbered(labels)
    index = {label: number for number, label in enumerate(dict.fromkeys(labels))}
    return np.fromiter(map(index.__getitem__, labels), dtype=np.intp, count=len(labels))


def numbered(codes: Codes) -> Codes:
    """The same clusters, numbered in the order of their first reply.

    Args:
        codes: whole numbers from 0, of which some may be missing.
    """
    if not len(codes):
        return codes
    if (codes[1:] >= codes[:-1]).all():
        # most files: each reply a cluster of its own, or clusters one after the other
        return np.cumsum(np.diff(codes, prepend=codes[:1]) != 0, dtype=np.intp)
    first = np.full(int(codes.max()) + 1, len(codes), dtype=np.intp)
    # of several values for one place the last is kept, so the replies go by backwards
    first[codes[::-1]] = np.arange(len(codes), dtype=np.intp)[::-1]
    rank = np.empty(len(first), dtype=np.intp)
    rank[np.argsort(first, kind="stable")] = np.arange(len(first), dtype=np.intp)
    return rank[codes]


def distinct(labels: Labels) -> int:
    """How many clusters there are."""
    if not isinstance(labels, np.ndarray):
        return len(set(labels))
    if not len(labels) or int(labels.max()) > 8 * len(labels):
        return len(np.unique(labels))
    there = np.zeros(int(labels.max()) + 1, dtype=np.bool_)
    there[labels] = True
    return int(there.sum())


def together(*labels: Labels) -> Labels:
    """Labels of several groups of replies, one group after the other."""
    arrays = [own for own in labels if isinstance(own, np.ndarray)]
    if len(arrays) == len(labels):
        return np.concatenate(arrays)
    return [label for own in labels for label in own]


def outermost(groupings: Sequence[Labels]) -> list[Labels]:
    """Groupings without those that lie within another: resampling the outer one whole resamples the inner ones.

    Args:
        groupings: each holds a label for every reply.

    Returns:
        One grouping, or several that are crossed; of equal ones the first.
    """
    kept: list[Labels] = []
    for place, inner in enumerate(groupings):
        others = [g for i, g in enumerate(groupings) if i != place and not (i > place and _nested(g, inner))]
        if not any(_nested(inner, outer) for outer in others):
            kept.append(inner)
    return kept


def _nested(inner: Labels, outer: Labels) -> bool:
    if isinstance(inner, np.ndarray) and isinstance(outer, np.ndarray):
        return len(np.unique(cells(inner, outer))) == len(np.unique(inner))
    home: dict[Hashable, Hashable] = {}
    return all(home.setdefault(i, o) == o for i, o in zip(inner, outer, strict=True))


def cells(first: Codes, second: Codes) -> Codes:
    """One number for each cell of two groupings."""
    width = int(second.max()) + 1 if len(second) else 1
    return np.asarray(first * width + second, dtype=np.intp)


def cluster_variance(phi: Floats, labels: Labels) -> tuple[float, int]:
    """V over one grouping (module docstring), and its number of clusters.

    Args:
        phi: shape (n,), influence values; they sum to 0 or nearly so.
        labels: the cluster of each.
    """
    sums = np.bincount(codes(labels), weights=phi)
    groups = len(sums)
    return (float(groups / (groups - 1) * (sums**2).sum()) if groups > 1 else 0.0), groups


def variance(phi: Floats, groupings: Sequence[Labels]) -> tuple[float, int]:
    """V over one or two groupings, and the number of clusters that limits it.

    Where V_1 + V_2 - V_12 is below one of its parts, that part stands: the error is not smaller for knowing of a
    second grouping.

    Args:
        phi: shape (n,).
        groupings: nested ones are reduced to the outermost.

    Raises:
        ValueError: more than two crossed groupings.
    """
    kept = outermost(groupings)
    if len(kept) == 1:
        return cluster_variance(phi, kept[0])
    if len(kept) > 2:
        raise ValueError("more than two crossed groupings")
    first, second = (cluster_variance(phi, labels) for labels in kept)
    numbers = [codes(labels) for labels in kept]
    both, _ = cluster_variance(phi, cells(numbers[0], numbers[1]))
    return max(first[0] + second[0] - both, first[0], second[0]), min(first[1], second[1])


def t_interval(
    value: float, error: float, freedom: float, limits: tuple[float, float], coverage: float = 0.95
) -> tuple[float, float]:
    """Student's interval, cut at the ends of the scale.

    Args:
        value: the estimate.
        error: its standard error.
        freedom: degrees of freedom, above 0.
        limits: what the number can be at all.
        coverage: nominal.
    """
    from scipy.special import stdtrit

    half = float(stdtrit(freedom, 0.5 + coverage / 2)) * error
    return max(limits[0], value - half), min(limits[1], value + half)


def t_p(value: float, error: float, freedom: float) -> float:
    """Two-sided p of Student's test that the number is 0; 1 where there is neither a difference nor an error."""
    from scipy.special import stdtr

    if error == 0.0:
        return 1.0 if value == 0.0 else 0.0
    return float(2 * stdtr(freedom, -abs(value) / error))


def influence_estimate(
    value: float, phi: Floats, groupings: Sequence[Labels], limits: tuple[float, float], least: int
) -> Estimate:
    """An estimate with the interval of its influence values.

    Args:
        value: the number.
        phi: shape (n,), what each reply adds to its error.
        groupings: one or two labels a reply.
        limits: what the number can be at all.
        least: fewest clusters with which an interval is given.
    """
    found, groups = variance(phi, groupings)
    crossed = len(outermost(groupings)) > 1
    if groups < least:
        return Estimate(value, None, None, len(phi), groups, None, f"no interval under {least} clusters")
    if found <= 1e-24:
        return Estimate(value, None, None, len(phi), groups, None, "no interval: the clusters do not differ")
    low, high = t_interval(value, found**0.5, groups - 1, limits)
    return Estimate(value, low, high, len(phi), groups, CROSSED_METHOD if crossed else METHOD)
