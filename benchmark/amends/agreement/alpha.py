"""Krippendorff's alpha with an interval: the only user of the ``krippendorff`` package.

alpha = 1 - D_o / D_e (Krippendorff 2019, ch. 12): 1 where annotators agree throughout, 0 where they agree as
chance would, below 0 where they agree less than that. Levels are ordinal.
"""

from __future__ import annotations

import numpy as np

from amends.agreement.table import Floats, Table
from amends.statistics.clusters import MIN_CLUSTERS
from amends.statistics.estimate import Estimate

RESAMPLES = 1_000
METHOD = f"cluster-percentile.{RESAMPLES}"
_LEVELS = np.arange(1.0, 6.0)


def alpha(levels: Floats) -> float | None:
    """Ordinal alpha of a reliability table.

    Args:
        levels: shape (annotators, units), NaN where there is none.

    Returns:
        At most 1; None where it is not defined (fewer than two units judged twice, or one level throughout).
    """
    import krippendorff

    paired = levels[:, (~np.isnan(levels)).sum(axis=0) >= 2]
    if paired.shape[1] < 2 or len(np.unique(paired[~np.isnan(paired)])) < 2:
        return None
    # real levels (a scorer's) are no fixed set of categories: then every value that occurs is one
    known = np.isin(paired[~np.isnan(paired)], _LEVELS).all()
    domain = _LEVELS if known else np.unique(paired[~np.isnan(paired)])
    return float(krippendorff.alpha(paired, level_of_measurement="ordinal", value_domain=domain))


def alpha_estimate(table: Table, seed: int) -> Estimate:
    """Ordinal alpha with a percentile interval over whole scenarios (Zapf et al. 2016 recommend the bootstrap).

    Args:
        table: one dimension.
        seed: of the resampling.
    """
    twice = (~np.isnan(table.levels)).sum(axis=0) >= 2
    used = table.columns([int(i) for i in np.flatnonzero(twice)])
    members = _members(used.clusters)
    n, groups = len(used.units), len(members)
    value = alpha(used.levels)
    if value is None:
        note = "alpha needs two replies judged twice and two levels"
        return Estimate(None, None, None, n, groups, None, note)
    if groups < MIN_CLUSTERS:
        return Estimate(value, None, None, n, groups, None, f"no interval under {MIN_CLUSTERS} clusters")
    generator = np.random.default_rng(seed)
    drawn: list[float] = []
    for _ in range(RESAMPLES):
        picked = generator.integers(0, groups, groups)
        one = alpha(used.levels[:, np.concatenate([members[i] for i in picked])])
        if one is not None:
            drawn.append(one)
    if len(drawn) < 0.95 * RESAMPLES:
        return Estimate(value, None, None, n, groups, None, "no interval: too many resamples hold one level only")
    low, high = np.quantile(drawn, [0.025, 0.975], method="inverted_cdf")
    return Estimate(value, float(low), float(high), n, groups, METHOD)


def _members(clusters: tuple[str, ...]) -> list[np.ndarray[tuple[int], np.dtype[np.intp]]]:
    """Column numbers of each cluster, clusters in the order of their names."""
    order: dict[str, list[int]] = {}
    for i, cluster in enumerate(clusters):
        order.setdefault(cluster, []).append(i)
    return [np.array(order[name], dtype=np.intp) for name in sorted(order)]
