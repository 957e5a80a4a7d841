"""Rank correlation."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def spearman(x: NDArray[np.float64], y: NDArray[np.float64]) -> float | None:
    """Spearman's rho, the correlation of mean ranks (Spearman 1904; ties by Kendall 1945).

    Args:
        x: shape (n,), no NaN.
        y: shape (n,), no NaN.

    Returns:
        -1..1; None for fewer than three pairs, or where one side is constant.
    """
    if len(x) < 3 or np.isnan(x).any() or np.isnan(y).any():
        return None
    first, second = mean_ranks(x), mean_ranks(y)
    if (first == first[0]).all() or (second == second[0]).all():
        return None
    return max(-1.0, min(1.0, float(np.corrcoef(first, second)[0, 1])))


def mean_ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Ranks from 1, equal values at the mean of the ranks that they share.

    Args:
        values: shape (n,), no NaN.
    """
    _, at, counts = np.unique(values, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(counts) - (counts - 1) / 2)[at], dtype=np.float64)
