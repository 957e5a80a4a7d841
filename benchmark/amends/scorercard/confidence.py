"""Does a scorer know when it is right? Its error on the replies of which it is surest."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from amends.records import DIMENSIONS
from amends.scorercard.items import NO_GOLD, WIDEST, Item, nothing
from amends.scorercard.sections import Confidence, Measures
from amends.statistics.clusters import mean_estimate

SURER = {"half": 0.5, "four_fifths": 0.8, "all": 1.0}
"""Share of the replies, surest first. At least so many: replies as sure as the last of them are taken with it, so that
no order among equals is made up. Nothing is tested between the shares, which hold the same replies."""


def confidence(items: Sequence[Item], seed: int) -> Confidence:
    """Mean absolute error in levels on the surest half, four fifths and all of the replies with a confidence.

    Args:
        items: scored items.
        seed: of the resampling.
    """
    if not any(given is not None for item in items for given in (item.scored.confidence or {}).values()):
        return Confidence("no confidence: this scorer gives none", {})
    return Confidence(None, {d: _dimension(items, d, seed) for d in DIMENSIONS})


def _dimension(items: Sequence[Item], dimension: str, seed: int) -> Measures:
    rows = [
        (float(sure), abs(float(gold) - float(level)), item.cluster)
        for item in items
        if item.gold
        and (gold := item.gold["levels"][dimension]) is not None
        and (level := item.scored.levels[dimension]) is not None
        and (sure := (item.scored.confidence or {}).get(dimension)) is not None
    ]
    if not rows:
        return dict.fromkeys(SURER, nothing(NO_GOLD))
    sure = np.sort(np.array([row[0] for row in rows]))[::-1]
    found = {}
    for name, share in SURER.items():
        cut = sure[math.ceil(share * len(rows)) - 1]
        kept = [row for row in rows if row[0] >= cut]
        found[name] = mean_estimate([row[1] for row in kept], [row[2] for row in kept], (0.0, WIDEST), seed)
    return found
