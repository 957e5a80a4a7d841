"""Means and shares of clustered replies with 95% intervals.

Replies to one scenario are not independent, so a scenario (the cluster) is the unit. With G clusters, n replies,
cluster sums s_c and sizes n_c, the mean is m = sum(s_c) / n and its linearised variance
V = G/(G-1) * sum((s_c - m n_c)^2) / n^2 (Cochran 1977, ch. 6, ratio estimator; Cameron & Miller 2015).

- *Means*: studentised (bootstrap-t) interval over whole clusters (Efron & Tibshirani 1993, 12.5; Davison & Hinkley
  1997, 5.2.1): resampled t* = (m* - m) / sqrt(V*), interval m - t*_(0.975) sqrt(V) .. m - t*_(0.025) sqrt(V).
  Where almost all clusters agree, resamples without any spread occur and t* has no distribution to speak of; then
  the bound of Gaffke (2005; Learned-Miller & Thomas 2020) for means on a bounded scale: quantiles of the mean under
  Dirichlet(1, ..., 1) weights on the clusters and one more at the scale's end. For zeros and ones it is
  Clopper-Pearson; it is conservative. Over 2,500 clusters are resampled by kinds (``statistics.kinds``).
- *Shares*: Korn & Graubard (1998): the binomial interval at the effective sample size m(1-m)/V, corrected for the
  degrees of freedom, with V by the jackknife and with mid-p tails (Lancaster 1961; Agresti & Gottard 2005) in the
  place of Clopper-Pearson's, which cover 98 to 99% where a share is rare (benches/COVERAGE.md). At 0 or 1, or where
  all clusters have one share, the clusters are the sample. Never leaves [0, 1], never has width 0.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from amends.statistics.estimate import Estimate
from amends.statistics.influence import Labels, codes
from amends.statistics.kinds import DRAWN_SINGLY, Kinds, resampled
from amends.statistics.resampling import RESAMPLES, Floats, blocks

MIN_CLUSTERS = 5
"""With fewer clusters there is no interval: nothing can be said of the spread between scenarios."""

MEAN_METHOD = f"cluster-t.{RESAMPLES}"
BOUNDED_METHOD = f"gaffke.{RESAMPLES}"
SHARE_METHOD = "korn-graubard-mid-p"
METHODS = f"{MEAN_METHOD}+gaffke+{SHARE_METHOD}"
"""As in a signature's ``ci``."""

_NOISE = 1e-12
"""A standard error below this is rounding: the clusters do not differ."""
FLAT_SHARE = 0.005
"""With more resamples than this without spread, the bootstrap's t is not trusted. Simulated: at 2.4% paired differences
of 12 clusters are covered in 92%, at 0.1% means of 30 clusters of which 80% stand at one level in over 99%."""


def cluster_sums(values: Sequence[float] | Floats, clusters: Labels) -> tuple[Floats, Floats]:
    """Sums and sizes by cluster.

    Args:
        values: one a reply.
        clusters: the cluster of each, of the same length.

    Returns:
        Two arrays of shape (G,), clusters in the order of their first reply.
    """
    code = codes(clusters)
    sums = np.bincount(code, weights=np.asarray(values, dtype=np.float64)).astype(np.float64, copy=False)
    return sums, np.bincount(code).astype(np.float64)


def linearised_variance(sums: Floats, sizes: Floats) -> float:
    """V of the mean (module docstring); needs two clusters or more."""
    groups, n = len(sums), sizes.sum()
    residuals = sums - sums.sum() / n * sizes
    return float(groups / (groups - 1) * (residuals**2).sum() / n**2)


def jackknife_variance(sums: Floats, sizes: Floats) -> float:
    """(G-1)/G * sum_c (m_(-c) - m)^2: V where clusters are alike in size, larger where few large ones carry the mean.

    CV3 of MacKinnon, Nielsen & Webb (2023). With unequal clusters the linearised V is too small for a share
    (coverage 92% at 30 clusters of 1 to 12 replies; benches/COVERAGE.md).

    Args:
        sums: shape (G,).
        sizes: shape (G,), G of 2 or more.
    """
    groups = len(sums)
    without = (sums.sum() - sums) / (sizes.sum() - sizes)
    return float((groups - 1) / groups * ((without - sums.sum() / sizes.sum()) ** 2).sum())


def mean_estimate(
    values: Sequence[float] | Floats, clusters: Labels, limits: tuple[float, float], seed: int
) -> Estimate:
    """Mean of clustered values with a studentised cluster bootstrap interval, or Gaffke's where that has none.

    Args:
        values: one a reply; may be empty.
        clusters: the cluster of each.
        limits: the scale's ends; the interval does not leave them.
        seed: of the resampling.
    """
    return mean_of_sums(*cluster_sums(values, clusters), limits, seed)


def mean_of_sums(sums: Floats, sizes: Floats, limits: tuple[float, float], seed: int) -> Estimate:
    """``mean_estimate`` from cluster sums.

    Args:
        sums: shape (G,), in any order of the clusters.
        sizes: shape (G,), replies of each.
        limits: the scale's ends.
        seed: of the resampling.
    """
    n, groups = int(sizes.sum()), len(sums)
    if n == 0:
        return Estimate(None, None, None, 0, 0, None, "no reply was judged")
    mean = float(sums.sum() / n)
    if groups < MIN_CLUSTERS:
        return Estimate(mean, None, None, n, groups, None, f"no interval under {MIN_CLUSTERS} clusters")
    # the digest in a signature does not know the order of the replies, so the draws must not depend on it
    order = np.lexsort((sums, sizes))
    sums, sizes = sums[order], sizes[order]
    error = linearised_variance(sums, sizes) ** 0.5
    t, flat_share = resampled(sums, sizes, seed) if error >= _NOISE else (np.zeros(0), 1.0)
    if flat_share > FLAT_SHARE:
        low, high = bounded(sums, sizes, limits, seed)
        return Estimate(mean, low, high, n, groups, BOUNDED_METHOD)
    low_t, high_t = np.quantile(t, [0.025, 0.975], method="inverted_cdf")
    low, high = float(mean - high_t * error), float(mean - low_t * error)
    return Estimate(mean, max(limits[0], low), min(limits[1], high), n, groups, MEAN_METHOD)


def bounded(sums: Floats, sizes: Floats, limits: tuple[float, float], seed: int) -> tuple[float, float]:
    """Gaffke's bounds; the added cluster has the mean size and stands at the scale's end.

    Args:
        sums: shape (G,).
        sizes: shape (G,).
        limits: the scale's ends.
        seed: of the weights.
    """
    if len(sums) > DRAWN_SINGLY:
        order = np.lexsort((sums, sizes))
        return Kinds(sums[order], sizes[order]).bounded(limits, seed)
    generator = np.random.default_rng(seed)
    size = float(sizes.mean())
    lows, highs = [], []
    for rows in blocks(len(sums) + 1):
        weights = generator.standard_exponential((rows, len(sums) + 1))
        own, added = weights[:, 1:], weights[:, 0] * size
        below = own @ sums
        whole = own @ sizes + added
        lows.append((below + added * limits[0]) / whole)
        highs.append((below + added * limits[1]) / whole)
    low = np.quantile(np.concatenate(lows), 0.025, method="inverted_cdf")
    high = np.quantile(np.concatenate(highs), 0.975, method="inverted_cdf")
    return float(low), float(high)


def share_estimate(hits: Sequence[bool] | NDArray[np.bool_], clusters: Labels) -> Estimate:
    """Share of clustered replies with a Korn-Graubard interval.

    Args:
        hits: one a reply; may be empty.
        clusters: the cluster of each.
    """
    return share_of_sums(*cluster_sums(np.asarray(hits, dtype=np.float64), clusters))


def share_of_sums(sums: Floats, sizes: Floats) -> Estimate:
    """``share_estimate`` from cluster sums.

    Args:
        sums: shape (G,), hits of each cluster.
        sizes: shape (G,), replies of each.
    """
    n, groups = int(sizes.sum()), len(sums)
    if n == 0:
        return Estimate(None, None, None, 0, 0, None, "no reply was judged")
    share = float(sums.sum() / n)
    if groups < MIN_CLUSTERS:
        return Estimate(share, None, None, n, groups, None, f"no interval under {MIN_CLUSTERS} clusters")
    low, high = mid_p(share, _effective(share, sums, sizes))
    return Estimate(share, low, high, n, groups, SHARE_METHOD)


def _effective(share: float, sums: Floats, sizes: Floats) -> float:
    """Effective sample size, corrected for G - 1 degrees of freedom, at most n."""
    from scipy.special import stdtrit

    groups, n = len(sums), float(sizes.sum())
    if share in (0.0, 1.0):
        return float(groups)
    variance = jackknife_variance(sums, sizes)
    if variance**0.5 < _NOISE:
        return float(groups)
    raw = min(n, share * (1 - share) / variance)
    if n == groups:
        return raw
    return float(min(n, raw * (stdtrit(n - 1, 0.975) / stdtrit(groups - 1, 0.975)) ** 2))


def mid_p(share: float, size: float) -> tuple[float, float]:
    """Binomial interval with mid-p tails at a real-valued sample size.

    Ends solve P(X > x) + P(X = x) / 2 = 0.025 and 0.975, with tails as incomplete beta functions, so that x and n
    may be real: P(X >= x) = I_p(x, n - x + 1).

    Args:
        share: 0..1.
        size: above 0.
    """
    from scipy.optimize import brentq
    from scipy.special import betainc

    x = share * size

    def tail(p: float) -> float:
        at_least = 1.0 if x <= 0 else float(betainc(x, size - x + 1, p))
        above = 0.0 if x >= size else float(betainc(x + 1, size - x, p))
        return (at_least + above) / 2

    low = 0.0 if share == 0.0 else float(brentq(lambda p: tail(p) - 0.025, 0.0, 1.0, xtol=1e-13))
    high = 1.0 if share == 1.0 else float(brentq(lambda p: tail(p) - 0.975, 0.0, 1.0, xtol=1e-13))
    return low, high


def clopper_pearson(share: float, size: float) -> tuple[float, float]:
    """Exact binomial interval at a real-valued sample size (Clopper & Pearson 1934), by beta quantiles."""
    from scipy.special import betaincinv

    x = share * size
    low = 0.0 if share == 0.0 else float(betaincinv(x, size - x + 1, 0.025))
    high = 1.0 if share == 1.0 else float(betaincinv(x + 1, size - x, 0.975))
    return low, high
