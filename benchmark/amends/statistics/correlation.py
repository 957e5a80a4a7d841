"""Rank correlation."""

from __future__ import annotations

import math

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
    from scipy.stats import rankdata

    if len(x) < 3 or len(np.unique(x)) < 2 or len(np.unique(y)) < 2:
        return None
    rho = float(np.corrcoef(rankdata(x), rankdata(y))[0, 1])
    return None if math.isnan(rho) else max(-1.0, min(1.0, rho))
