"""Rankings against levels: does whoever ranks replies beside one another order them as levels do?"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from amends.audit.material import Material
from amends.dataset.gold import ADJUDICATION
from amends.records import DIMENSIONS
from amends.statistics.clusters import share_estimate
from amends.statistics.estimate import Estimate


@dataclass(frozen=True, slots=True)
class Ranked:
    """One dimension."""

    rankings: int
    ordered: Estimate
    """Of the pairs that a ranking puts apart and the other annotators' median level too: share in the same order."""
    level_ties: Estimate
    """Of the pairs that a ranking puts apart: share that the median level of the others does not."""


def rankings(material: Material) -> dict[str, Ranked]:
    """Rankings against the median level of the annotators who used another method, pair by pair.

    Args:
        material: holds both.
    """
    levels: dict[str, dict[str, list[float]]] = {d: {} for d in DIMENSIONS}
    for a in material.annotations:
        if a.annotator.method in ("comparative", ADJUDICATION):
            continue
        for d in DIMENSIONS:
            value = a.levels[d]
            if value is not None:
                levels[d].setdefault(a.reply_id, []).append(value)
    return {d: _of([r for r in material.comparisons if r["dimension"] == d], levels[d]) for d in DIMENSIONS}


def _of(records: Sequence[Mapping[str, object]], levels: Mapping[str, Sequence[float]]) -> Ranked:
    same, apart, tied, every = [], [], [], []
    for record in records:
        groups: list[list[str]] = record["ranking"]  # type: ignore[assignment]
        scenario = str(record["scenario_id"])
        for better, worse in itertools.combinations(groups, 2):
            for x, y in itertools.product(better, worse):
                if x not in levels or y not in levels:
                    continue
                high, low = float(np.median(levels[x])), float(np.median(levels[y]))
                tied.append(high == low)
                every.append(scenario)
                if high != low:
                    same.append(high > low)
                    apart.append(scenario)
    return Ranked(len(records), share_estimate(same, apart), share_estimate(tied, every))
