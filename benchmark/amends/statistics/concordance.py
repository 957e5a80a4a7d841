"""Agreement in level, not only in order: quadratic weighted kappa, which for real levels is Lin's concordance.

kappa_w = 1 - sum(w o) / sum(w e) with weights w = (x - y)^2, o the observed pairs and e the product of the
marginals (Cohen 1968). The mean of (x - y)^2 over the product of the marginals is
s_x^2 + s_y^2 + (mean x - mean y)^2 with variances over n, so that

kappa_w = 1 - mean((x - y)^2) / (s_x^2 + s_y^2 + (mean x - mean y)^2) = 2 s_xy / (s_x^2 + s_y^2 + (mean x - mean y)^2),

Lin's concordance coefficient (1989; Krippendorff 1970 for the identity). It needs no categories. 1 where both agree
throughout, 0 where either is constant, below 0 where they run against each other.
"""

from __future__ import annotations

import numpy as np

from amends.statistics.percentile import Drawn, Resampling, undrawn
from amends.statistics.resampling import Floats

_FLAT = 1e-12


def concordance(x: Floats, y: Floats) -> float | None:
    """Quadratic weighted kappa (module docstring).

    Args:
        x: shape (n,), no NaN.
        y: shape (n,), no NaN.

    Returns:
        -1..1; None for fewer than two pairs, or where both sides hold one and the same level throughout.
    """
    if len(x) < 2:
        return None
    return _from_sums(_moments(x, y).sum(axis=0)[None, :])[0]


def concordance_drawn(x: Floats, y: Floats, resampling: Resampling) -> Drawn:
    """Quadratic weighted kappa with its resampled values.

    Args:
        x: shape (n,), no NaN.
        y: shape (n,), no NaN.
        resampling: of the same replies.
    """
    value = concordance(x, y)
    if value is None:
        return undrawn(len(x), resampling.groups, "both sides hold one and the same level, or there is one reply")
    draws = np.array([np.nan if v is None else v for v in _from_sums(resampling.sums(_moments(x, y)))])
    return Drawn(value, draws, len(x), resampling.groups)


def _moments(x: Floats, y: Floats) -> Floats:
    # about a common middle, so that the sums of squares lose no digits
    middle = (float(x.mean()) + float(y.mean())) / 2
    x, y = x - middle, y - middle
    return np.column_stack([np.ones(len(x)), x, y, x**2, y**2, x * y])


def _from_sums(sums: Floats) -> list[float | None]:
    n, x, y, xx, yy, xy = sums.T
    chance = xx / n - (x / n) ** 2 + yy / n - (y / n) ** 2 + (x / n - y / n) ** 2
    joint = 2 * (xy / n - x / n * y / n)
    return [None if c <= _FLAT else float(j / c) for j, c in zip(joint, chance, strict=True)]
