"""Krippendorff's alpha of levels, with an interval.

alpha = 1 - D_o / D_e (Krippendorff 2019, ch. 12): 1 where annotators agree throughout, 0 where they agree as
chance would, below 0 where they agree less than that. Levels are ordinal: the squared distance of c < k is
delta^2 = (sum_(g=c..k) n_g - (n_c + n_k)/2)^2.

It is our own because a resample is only a weight for each scenario: n_c and the distances follow from weighted
sums, whereas the ``krippendorff`` package (to which the tests hold it) starts from the table each time and builds a
square of all values for each reply, out of reach with a scorer's real levels. With the midrank
R_c = sum_(g<c) n_g + n_c/2, delta^2 = (R_k - R_c)^2, so that over units u with m_u levels each

    alpha = 1 - (n - 1) sum_u (m_u sum_i R_ui^2 - (sum_i R_ui)^2) / (m_u - 1) / (n sum_c n_c (R_c - n/2)^2).
"""

from __future__ import annotations

import numpy as np

from amends.agreement.interval import no_interval, numbered, percentile_estimate, weights
from amends.agreement.table import Floats, Table
from amends.statistics.estimate import Estimate

_BLOCK = 2_000_000
"""Numbers held at a time."""


def alpha(levels: Floats) -> float | None:
    """Ordinal alpha of a reliability table.

    Args:
        levels: shape (annotators, units), real, NaN where there is none.

    Returns:
        At most 1; None where it is not defined (fewer than two units judged twice, or one level throughout).
    """
    paired = levels[:, (~np.isnan(levels)).sum(axis=0) >= 2]
    return None if why_not(paired) else float(_alphas(paired, np.ones((1, paired.shape[1])))[0])


def why_not(paired: Floats) -> str | None:
    """Why alpha is not defined.

    Args:
        paired: shape (annotators, units), the units that two annotators or more judged.
    """
    if len(paired) < 2:
        return "one annotator only" if len(paired) else "no annotator"
    if paired.shape[1] < 2:
        return (
            "one reply only was judged by two annotators"
            if paired.shape[1]
            else "no reply was judged by two annotators"
        )
    if len(np.unique(paired[~np.isnan(paired)])) < 2:
        return "one level only: what chance would give is not defined"
    return None


def alpha_estimate(table: Table, seed: int) -> Estimate:
    """Ordinal alpha with an interval over whole scenarios.

    Args:
        table: one dimension.
        seed: of the resampling.
    """
    used = table.judged_twice()
    n, groups = len(used.units), len(set(used.clusters))
    why = why_not(used.levels)
    if why:
        return Estimate(None, None, None, n, groups, None, why)
    value = float(_alphas(used.levels, np.ones((1, n)))[0])
    differs = np.nanmax(used.levels, axis=0) > np.nanmin(used.levels, axis=0)
    codes = numbered(used.clusters)
    why = no_interval(groups, len(np.unique(codes[differs])))
    if why:
        return Estimate(value, None, None, n, groups, None, why)
    return percentile_estimate(value, _alphas(used.levels, weights(groups, seed)[:, codes]), n, groups)


def _alphas(paired: Floats, drawn: Floats) -> Floats:
    """Alpha under each row of weights (module docstring).

    Args:
        paired: shape (annotators, units), two levels or more a unit.
        drawn: shape (R, units), how often each unit counts.

    Returns:
        Shape (R,), NaN where all levels that count are one.
    """
    given = ~np.isnan(paired.T)
    values, unit, m = paired.T[given], np.nonzero(given)[0], given.sum(axis=1)
    first = np.cumsum(m) - m
    order = np.argsort(values, kind="stable")
    ends = np.flatnonzero(np.append(np.diff(values[order]) > 0, True))
    place = np.searchsorted(values[order][ends], values)
    found = []
    step = max(1, _BLOCK // len(values))
    for w in (drawn[start : start + step] for start in range(0, len(drawn), step)):
        up_to = np.cumsum(w[:, unit[order]], axis=1)[:, ends]
        sizes = np.diff(up_to, prepend=0.0, axis=1)
        n = up_to[:, -1]
        # centred, so that one level throughout gives exactly 0 and large ranks lose no digits
        ranks = up_to - sizes / 2 - n[:, None] / 2
        each = ranks[:, place]
        apart = m * np.add.reduceat(each**2, first, axis=1) - np.add.reduceat(each, first, axis=1) ** 2
        observed = (w * apart / (m - 1)).sum(axis=1)
        chance = n * (sizes * ranks**2).sum(axis=1)
        ratio = np.divide(observed, chance, out=np.full(len(w), np.nan), where=chance > 0)
        found.append(1 - (n - 1) * ratio)
    return np.concatenate(found)
