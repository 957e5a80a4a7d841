"""Clusters by kind, for very many of them: of one sum and one size they cannot be told apart.

How often each kind is drawn in a resample is multinomial, and how many of its clusters change their sign in a test is
binomial. So ten thousand resamples of a million clusters cost what its few kinds cost (Davison & Hinkley 1997, 9.6, for
the weights of a resample as multinomial counts). The distribution is that of clusters drawn one by one; the draws, and
so the last digits of an interval's ends, are others. Where there are more kinds than ``bins.MOST`` (real levels, many
sizes), those of nearly one residual are taken together, at the mean of their moments.
"""

from __future__ import annotations

import numpy as np

from amends.statistics.bins import MOST, gathered
from amends.statistics.resampling import DRAWN_SINGLY, Floats, blocks, studentised

__all__ = ["DRAWN_SINGLY", "Kinds", "resampled"]

_NOISE = 1e-12
"""A share of the sum of squares below this is rounding."""
_LARGE = 64
"""A cluster with more than one in so many of all replies stands alone, whatever its residual: whether it is drawn says
how many replies a resample has."""


class Kinds:
    """Clusters by what a resample can tell of them: their sum and their size."""

    def __init__(self, sums: Floats, sizes: Floats) -> None:
        """Clusters in the order of size, then sum."""
        new = np.ones(len(sums), dtype=bool)
        new[1:] = (sums[1:] != sums[:-1]) | (sizes[1:] != sizes[:-1])
        self._groups = len(sums)
        self._sums, self._sizes = sums[new], sizes[new]
        self._counts = np.diff(np.append(np.flatnonzero(new), len(sums))).astype(np.float64)

    def __len__(self) -> int:
        """How many."""
        return len(self._sums)

    def studentised(self, seed: int) -> tuple[Floats, float]:
        """t* of each resample, 0 or infinite where it has no spread, and the share of those."""
        groups = self._groups
        moments, counts = self._moments()
        generator, share = np.random.default_rng(seed), counts / groups
        parts, flats = [], 0
        for rows in blocks(len(counts)):
            drawn = generator.multinomial(groups, share, size=rows).astype(np.float64) @ moments
            off = drawn[:, 0] / drawn[:, 3]
            squares = drawn[:, 1] - 2 * off * drawn[:, 2] + off * off * drawn[:, 4]
            flat = squares <= _NOISE * drawn[:, 1]
            error = np.sqrt(np.where(flat, 1.0, squares) * groups / (groups - 1)) / drawn[:, 3]
            parts.append(np.where(flat, np.where(np.abs(off) < 1e-6, 0.0, np.copysign(np.inf, off)), off / error))
            flats += int(flat.sum())
        t = np.concatenate(parts)
        return t, flats / len(t)

    def _moments(self) -> tuple[Floats, Floats]:
        """Residual r = s - m n, r^2, r n, n and n^2 of each kind or bin, shape (kinds, 5), and its clusters."""
        s, n, counts = self._sums, self._sizes, self._counts
        mean = (counts @ s) / (counts @ n)
        r = s - mean * n
        moments = np.stack([r, r * r, r * n, n, n * n], axis=1)
        if len(s) <= MOST:
            return moments, counts
        order = np.argsort(r, kind="stable")
        counts = counts[order]
        starts = gathered(r[order], counts)
        large = np.flatnonzero(n[order] * _LARGE > self._counts @ n)
        starts = np.union1d(starts, np.concatenate([large, large[large + 1 < len(order)] + 1]))
        together = np.add.reduceat(counts, starts)
        moments = np.add.reduceat(moments[order] * counts[:, None], starts, axis=0) / together[:, None]
        return np.asarray(moments, dtype=np.float64), np.asarray(together, dtype=np.float64)

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


def resampled(sums: Floats, sizes: Floats, seed: int) -> tuple[Floats, float]:
    """t* of one mean in each resample, and the share of resamples without spread: drawn singly or by kinds.

    Args:
        sums: shape (G,), in the order of size, then sum.
        sizes: shape (G,).
        seed: of the draws.
    """
    if len(sums) > DRAWN_SINGLY:
        return Kinds(sums, sizes).studentised(seed)
    t, flat = studentised(sums[:, None], sizes[:, None], seed)
    return t[:, 0], float(flat[0])
