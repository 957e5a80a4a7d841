"""A slope with other things held fixed: least squares within strata, errors clustered."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np

from amends.statistics.clusters import MIN_CLUSTERS
from amends.statistics.estimate import Estimate
from amends.statistics.groups import Tested
from amends.statistics.influence import Labels, cluster_variance, codes, t_interval, t_p
from amends.statistics.resampling import Floats

METHOD = "within-strata-ols.cluster-t"
_HUGE = 1e12


def slope_within(x: Floats, y: Floats, strata: Sequence[Hashable], clusters: Labels) -> Tested:
    """Slope of y on x among replies of the same stratum.

    Both are centred within strata, which is the regression with a constant for each stratum (Frisch & Waugh 1933):
    b = sum x~ y~ / sum x~^2. Influence x~_i e_i / sum x~^2, summed by cluster, with the small-sample factor
    (n - 1) / (n - k), k = strata + 1 (Cameron & Miller 2015); Student's interval with the clusters minus one degrees
    of freedom. A binary y makes it a difference of probabilities (linear probability model).

    Args:
        x: shape (n,), no NaN.
        y: shape (n,), no NaN.
        strata: what is held fixed, one label a reply.
        clusters: the cluster of each.
    """
    n, groups = len(x), len(set(clusters))
    if not n:
        return _none(n, groups, "no reply has both a level and an outcome")
    code = codes(strata)
    if not np.isfinite(y).all() or float(np.abs(y).max()) > _HUGE:
        return _none(n, groups, f"an outcome is beyond {_HUGE:g}: no measure that a slope could be of")
    own_x, own_y = _centred(x, code), _centred(y, code)
    below = float(own_x @ own_x)
    k = int(code.max()) + 2
    if below <= 1e-12:
        return _none(n, groups, "the level does not vary among cases of one kind")
    if float(own_y @ own_y) <= 1e-12:
        return _none(n, groups, "the outcome does not vary among cases of one kind")
    if n <= k:
        return _none(n, groups, f"{n} replies are too few for {k - 1} kinds of cases")
    slope = float(own_x @ own_y) / below
    if groups < MIN_CLUSTERS:
        estimate = Estimate(slope, None, None, n, groups, None, f"no interval under {MIN_CLUSTERS} clusters")
        return Tested(estimate, None, None, None)
    phi = own_x * (own_y - slope * own_x) / below
    found = cluster_variance(phi, clusters)[0] * (n - 1) / (n - k)
    if found <= 1e-24:
        estimate = Estimate(slope, None, None, n, groups, None, "no interval: the outcome follows the level exactly")
        return Tested(estimate, None, None, None)
    error = found**0.5
    low, high = t_interval(slope, error, groups - 1, (-np.inf, np.inf))
    return Tested(
        Estimate(slope, low, high, n, groups, METHOD), t_p(slope, error, groups - 1), error, float(groups - 1)
    )


def _none(n: int, groups: int, why: str) -> Tested:
    return Tested(Estimate(None, None, None, n, groups, None, why), None, None, None)


def _centred(values: Floats, code: np.ndarray[tuple[int], np.dtype[np.intp]]) -> Floats:
    sizes = np.bincount(code)
    return np.asarray(values - (np.bincount(code, weights=values) / sizes)[code])
