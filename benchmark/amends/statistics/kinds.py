"""Clusters by kind, for millions of them: of one sum and one size they cannot be told apart.

How often each kind is drawn in a resample is multinomial, and how many of its clusters change their sign in a test is
binomial. So ten thousand resamples of a million clusters cost what its few hundred kinds cost (Davison & Hinkley 1997,
9.6, for the weights of a resample as multinomial counts). The distribution is that of clusters drawn one by one; the
draws, and so the last digits of an interval's ends, are others.
"""

from __future__ import annotations

import numpy as np

from amends.statistics.resampling import DRAWN_SINGLY, Floats, blocks

__all__ = ["DRAWN_SINGLY", "Kinds"]

_NOISE = 1e-12
"""A share of the sum of squares below this is rounding."""


class Kinds:
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
