"""Calibration of scorers that give probabilities of the five levels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from amends.records import DIMENSIONS
from amends.results import BREACH_BELOW
from amends.scorercard.items import Item, nothing
from amends.scorercard.sections import Calibration, Measures
from amends.statistics.calibration import calibration_error, gold_masses, ranked_probability_scores
from amends.statistics.clusters import mean_estimate
from amends.statistics.percentile import Resampling


def calibration(items: Sequence[Item], seed: int) -> Calibration:
    """Expected calibration error of the likeliest level and of a breach, and the ranked probability score.

    Args:
        items: scored items.
        seed: of the resampling.
    """
    if not any(item.scored.probabilities for item in items):
        return Calibration("no probabilities: this scorer gives levels only", {})
    return Calibration(None, {d: _dimension(items, d, seed) for d in DIMENSIONS})


def _dimension(items: Sequence[Item], dimension: str, seed: int) -> Measures:
    used = [
        (item, given, item.gold["levels"][dimension])
        for item in items
        if item.gold
        and item.gold["levels"][dimension] is not None
        and (given := (item.scored.probabilities or {}).get(dimension)) is not None
    ]
    if not used:
        return dict.fromkeys(("top", "breach", "rps"), nothing("no reply with probabilities and gold"))
    given = np.array([p for _, p, _ in used], dtype=np.float64)
    given = given / given.sum(axis=1, keepdims=True)
    gold = np.array([level for _, _, level in used], dtype=np.float64)
    clusters = [item.cluster for item, _, _ in used]
    masses = gold_masses(gold)
    resampling = Resampling.of(clusters, seed)
    likeliest = given.argmax(axis=1)
    rows = np.arange(len(used))
    rps = ranked_probability_scores(given, gold)
    return {
        "top": calibration_error(given[rows, likeliest], masses[rows, likeliest], resampling).estimate(),
        # what lies under 2.5 is what stands on levels 1 and 2
        "breach": calibration_error(
            given[:, :2].sum(axis=1), (gold < BREACH_BELOW).astype(np.float64), resampling
        ).estimate(),
        "rps": mean_estimate(rps.tolist(), clusters, (0.0, 1.0), seed),
    }
