"""Bias: whether an annotator places replies higher or lower than the others do."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from amends.agreement.table import Table
from amends.statistics.clusters import mean_estimate
from amends.statistics.estimate import Estimate

LIMITS = (-4.0, 4.0)
"""Levels lie within 1 to 5, so differences of them within these."""


def biases(tables: Mapping[str, Table], seed: int) -> dict[str, dict[str, Estimate]]:
    """The bias of every annotator on every dimension.

    Args:
        tables: dimension to its table, annotators as rows, the same in each.
        seed: of the resampling.

    Returns:
        Annotator to dimension to bias.
    """
    names = next(iter(tables.values())).annotators
    return {name: {d: bias_estimate(t, i, seed) for d, t in tables.items()} for i, name in enumerate(names)}


def bias_estimate(table: Table, row: int, seed: int) -> Estimate:
    """Mean over replies of an annotator's level minus the mean of the others' levels on the same reply.

    The others are all other rows, of whatever kind; replies that nobody else judged are left out. With two
    annotators the biases are each other's negatives.

    Args:
        table: one dimension.
        row: the annotator.
        seed: of the resampling.

    Returns:
        Within -4..4, above 0 for a lenient annotator; the interval is over whole scenarios.
    """
    own, others = table.levels[row], np.delete(table.levels, row, axis=0)
    count = (~np.isnan(others)).sum(axis=0)
    both = ~np.isnan(own) & (count > 0)
    if not both.any():
        why = "no reply that another judged too" if len(table.annotators) > 1 else "one annotator only"
        return Estimate(None, None, None, 0, 0, None, why)
    apart = own[both] - np.nansum(others[:, both], axis=0) / count[both]
    clusters = [c for c, used in zip(table.clusters, both, strict=True) if used]
    return mean_estimate(apart.tolist(), clusters, LIMITS, seed)
