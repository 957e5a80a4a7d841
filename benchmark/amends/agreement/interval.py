"""Whole scenarios resampled: weights, and the interval of a statistic that was computed under each row of them.

Percentile intervals (Zapf et al. 2016 recommend the bootstrap for agreement), expanded for few scenarios: the tails
are Phi(-sqrt(G/(G-1)) t_(0.975, G-1)) instead of 0.025 (Hesterberg 2015). The plain interval is too
narrow by a factor of sqrt((G-1)/G) and by the normal's tails: in simulation with 8 scenarios kappa's held the
truth in 88 to 91 of 100 samples where this one did in 94 to 96; with 80 scenarios they are the same.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from amends.agreement.table import Floats
from amends.statistics.clusters import MIN_CLUSTERS
from amends.statistics.estimate import Estimate
from amends.statistics.influence import t_interval
from amends.statistics.resampling import drawn

RESAMPLES = 1_000
METHOD = f"cluster-expanded-percentile.{RESAMPLES}"
MIN_DIFFERING = 3
"""With a difference in fewer scenarios, most resamples hold hardly one, and their spread says nothing."""

_DEFINED = 0.95
"""Share of the resamples in which the statistic has to be defined."""


def numbered(clusters: Sequence[str]) -> NDArray[np.intp]:
    """Number of each unit's cluster, in the order of the clusters' names, so that the files' order changes nothing.

    Args:
        clusters: one a unit.
    """
    return np.unique(np.asarray(clusters, dtype=np.str_), return_inverse=True)[1].astype(np.intp)


def weights(groups: int, seed: int) -> Floats:
    """How often each cluster is drawn.

    Args:
        groups: number of clusters G, at least 1.
        seed: of the draws.

    Returns:
        Shape (RESAMPLES, G); each row sums to G.
    """
    return drawn(np.random.default_rng(seed), RESAMPLES, groups, np.float64)


def expanded_tail(groups: int) -> float:
    """The quantile of the resamples that is the interval's lower end; 0.025 in the limit of many clusters."""
    lower_t, _ = t_interval(0.0, 1.0, groups - 1, (-math.inf, math.inf))
    return NormalDist().cdf(math.sqrt(groups / (groups - 1)) * lower_t)


def no_interval(groups: int, differing: int) -> str | None:
    """Why there can be no interval, before anything is drawn.

    Args:
        groups: number of clusters.
        differing: clusters that hold a difference between annotators.
    """
    if groups < MIN_CLUSTERS:
        return f"no interval under {MIN_CLUSTERS} clusters"
    if differing < MIN_DIFFERING:
        return f"no interval: they differ in {differing} of {groups} clusters"
    return None


def percentile_estimate(value: float, resampled: Floats, n: int, groups: int) -> Estimate:
    """An estimate with the interval of its resamples.

    Args:
        value: the statistic.
        resampled: shape (RESAMPLES,), the statistic in each resample; NaN where it is not defined.
        n: replies.
        groups: clusters.
    """
    defined = resampled[~np.isnan(resampled)]
    if len(defined) < _DEFINED * len(resampled):
        return Estimate(value, None, None, n, groups, None, "no interval: too many resamples hold one level only")
    tail = expanded_tail(groups)
    low, high = np.quantile(defined, [tail, 1 - tail], method="inverted_cdf")
    if high - low < 1e-12:
        return Estimate(value, None, None, n, groups, None, "no interval: the resamples do not differ")
    return Estimate(value, float(low), float(high), n, groups, METHOD)
