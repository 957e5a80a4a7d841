"""Means and shares of ``statistics.clusters`` from sums and sizes by cluster, for millions of clusters.

The numbers are those of ``mean_estimate`` and ``share_estimate``, to the bit, up to ``DRAWN_SINGLY`` clusters. A mean
over more of them is resampled by *kinds*: clusters of one sum and one size cannot be told apart, so how often each
kind is drawn is multinomial, and ten thousand resamples of a million clusters cost what its few hundred kinds cost
(Davison & Hinkley 1997, 9.6, for the weights of a resample as multinomial counts). The distribution is the same; the
draws, and so the last digits of the two ends, are others.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from amends.runs.seen import Keys
from amends.statistics.clusters import (
    BOUNDED_METHOD,
    FLAT_SHARE,
    MEAN_METHOD,
    MIN_CLUSTERS,
    SHARE_METHOD,
    bounded,
    jackknife_variance,
    linearised_variance,
    mid_p,
)
from amends.statistics.estimate import Estimate
from amends.statistics.influence import t_interval
from amends.statistics.resampling import Floats, blocks, studentised

Codes = NDArray[np.intp]
"""Number of each reply's cluster."""

DRAWN_SINGLY = 20_000
"""Clusters up to which each is drawn on its own."""

_NOISE = 1e-12
"""As in ``statistics.clusters``: a standard error below this is rounding."""


def codes_of(keys: Keys) -> Codes:
    """Clusters by number, in the order of the first reply of each.

    Args:
        keys: shape (n, 2), the key of each reply's cluster.
    """
    order = np.lexsort((keys[:, 1], keys[:, 0]))
    own = keys[order]
    new = np.ones(len(order), dtype=bool)
    new[1:] = (own[1:] != own[:-1]).any(axis=1)
    del own
    codes = np.empty(len(order), dtype=np.intp)
    codes[order] = np.cumsum(new) - 1
    return numbered(codes)


def numbered(codes: Codes) -> Codes:
    """The same clusters, numbered in the order of their first reply.

    Args:
        codes: whole numbers from 0, of which some may be missing.
    """
    if not len(codes):
        return codes
    first = np.full(int(codes.max()) + 1, len(codes), dtype=np.intp)
    # of several values for one place the last is kept, so the replies go by backwards
    first[codes[::-1]] = np.arange(len(codes), dtype=np.intp)[::-1]
    rank = np.empty(len(first), dtype=np.intp)
    rank[np.argsort(first, kind="stable")] = np.arange(len(first), dtype=np.intp)
    return rank[codes]


def _summed(values: Floats, codes: Codes) -> tuple[Floats, Floats]:
    return np.bincount(codes, weights=values).astype(np.float64), np.bincount(codes).astype(np.float64)


def share_of(hits: NDArray[np.bool_], codes: Codes) -> Estimate:
    """``share_estimate`` of columns.

    Args:
        hits: one a reply; may be empty.
        codes: cluster of each, as ``numbered``.
    """
    n = len(hits)
    if n == 0:
        return Estimate(None, None, None, 0, 0, None, "no reply was judged")
    sums, sizes = _summed(hits.astype(np.float64), codes)
    share, groups = float(sums.sum() / n), len(sums)
    if groups < MIN_CLUSTERS:
        return Estimate(share, None, None, n, groups, None, f"no interval under {MIN_CLUSTERS} clusters")
    low, high = mid_p(share, _effective(share, sums, sizes))
    return Estimate(share, low, high, n, groups, SHARE_METHOD)


def _effective(share: float, sums: Floats, sizes: Floats) -> float:
    """Effective sample size, corrected for G - 1 degrees of freedom, at most n (Korn & Graubard 1998)."""
    groups, n = len(sums), float(sizes.sum())
    if share in (0.0, 1.0):
        return float(groups)
    variance = jackknife_variance(sums, sizes)
    if variance**0.5 < _NOISE:
        return float(groups)
    raw = min(n, share * (1 - share) / variance)
    if n == groups:
        return raw
    return float(min(n, raw * (_quantile(n - 1) / _quantile(groups - 1)) ** 2))


def _quantile(freedom: float) -> float:
    """97.5% of Student's t."""
    return t_interval(0.0, 1.0, freedom, (-np.inf, np.inf))[1]


def mean_of(values: Floats, codes: Codes, limits: tuple[float, float], seed: int) -> Estimate:
    """``mean_estimate`` of columns.

    Args:
        values: one a reply; may be empty.
        codes: cluster of each, as ``numbered``.
        limits: the scale's ends.
        seed: of the resampling.
    """
    n = len(values)
    if n == 0:
        return Estimate(None, None, None, 0, 0, None, "no reply was judged")
    sums, sizes = _summed(values, codes)
    mean, groups = float(sums.sum() / n), len(sums)
    if groups < MIN_CLUSTERS:
        return Estimate(mean, None, None, n, groups, None, f"no interval under {MIN_CLUSTERS} clusters")
    order = np.lexsort((sums, sizes))
    sums, sizes = sums[order], sizes[order]
    error = linearised_variance(sums, sizes) ** 0.5
    kinds = _Kinds(sums, sizes) if groups > DRAWN_SINGLY else None
    t, flat_share = _t(sums, sizes, kinds, seed) if error >= _NOISE else (np.zeros(0), 1.0)
    if flat_share > FLAT_SHARE:
        low, high = kinds.bounded(limits, seed) if kinds else bounded(sums, sizes, limits, seed)
        return Estimate(mean, low, high, n, groups, BOUNDED_METHOD)
    low_t, high_t = np.quantile(t, [0.025, 0.975], method="inverted_cdf")
    low, high = float(mean - high_t * error), float(mean - low_t * error)
    return Estimate(mean, max(limits[0], low), min(limits[1], high), n, groups, MEAN_METHOD)


def _t(sums: Floats, sizes: Floats, kinds: _Kinds | None, seed: int) -> tuple[Floats, float]:
    """Resampled t*, and the share of resamples without spread."""
    if kinds is not None:
        return kinds.studentised(seed)
    t, flat = studentised(sums[:, None], sizes[:, None], seed)
    return t[:, 0], float(flat[0])


class _Kinds:
    """Clusters by what a resample can tell of them: their sum and their size."""

    def __init__(self, sums: Floats, sizes: Floats) -> None:
        """Clusters in the order of size, then sum."""
        new = np.ones(len(sums), dtype=bool)
        new[1:] = (sums[1:] != sums[:-1]) | (sizes[1:] != sizes[:-1])
        self._groups = len(sums)
        self._sums, self._sizes = sums[new], sizes[new]
        self._counts = np.diff(np.append(np.flatnonzero(new), len(sums))).astype(np.float64)

    def studentised(self, seed: int) -> tuple[Floats, float]:
        """t* of each resample, 0 or infinite where it has no spread, and the share of those."""
        s, n, groups = self._sums, self._sizes, self._groups
        mean = (self._counts @ s) / (self._counts @ n)
        r = s - mean * n
        moments = np.stack([r, r * r, r * n, n, n * n], axis=1)
        generator, share = np.random.default_rng(seed), self._counts / groups
        parts, flats = [], 0
        for rows in blocks(len(s)):
            drawn = generator.multinomial(groups, share, size=rows).astype(np.float64) @ moments
            off = drawn[:, 0] / drawn[:, 3]
            squares = drawn[:, 1] - 2 * off * drawn[:, 2] + off * off * drawn[:, 4]
            flat = squares <= _NOISE * drawn[:, 1]
            error = np.sqrt(np.where(flat, 1.0, squares) * groups / (groups - 1)) / drawn[:, 3]
            parts.append(np.where(flat, np.where(np.abs(off) < 1e-6, 0.0, np.copysign(np.inf, off)), off / error))
            flats += int(flat.sum())
        t = np.concatenate(parts)
        return t, flats / len(t)

    def bounded(self, limits: tuple[float, float], seed: int) -> tuple[float, float]:
        """Gaffke's bounds: the weights of k clusters of one kind sum to a gamma variate of shape k."""
        generator = np.random.default_rng(seed)
        size = float(self._counts @ self._sizes) / self._groups
        lows, highs = [], []
        for rows in blocks(len(self._sums) + 1):
            own = generator.standard_gamma(self._counts, size=(rows, len(self._counts)))
            added = generator.standard_exponential(rows) * size
            below, whole = own @ self._sums, own @ self._sizes + added
            lows.append((below + added * limits[0]) / whole)
            highs.append((below + added * limits[1]) / whole)
        low = np.quantile(np.concatenate(lows), 0.025, method="inverted_cdf")
        high = np.quantile(np.concatenate(highs), 0.975, method="inverted_cdf")
        return float(low), float(high)
