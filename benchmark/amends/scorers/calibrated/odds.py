"""From the members' levels on one dimension to probabilities over the five levels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from amends.statistics.ordinal import exceedances

PARTS = 10_000
"""Probabilities are whole numbers of these parts: they sum to 1, and what rises before rounding does not fall."""
PLACES = 2
"""Decimals of a level."""


@dataclass(frozen=True, slots=True)
class Odds:
    """Proportional odds (McCullagh 1980) for one pattern of members that judged."""

    weights: Mapping[str, float]
    """Member to its weight, 0 or more, a level of it."""
    centre: Mapping[str, float]
    """Member to the mean of its levels where the odds were fitted."""
    thresholds: tuple[float, ...]
    """Four, rising."""
    n: int
    """Replies that they were fitted on."""
    scenarios: int

    def parts_above(self, levels: Mapping[str, float]) -> list[int]:
        """P(level > k), k = 1..4, in parts of ``PARTS``; falling, and not lower for a higher level of any member.

        Args:
            levels: of every member of the pattern, 1..5.
        """
        score = sum(weight * (levels[name] - self.centre[name]) for name, weight in self.weights.items())
        above = exceedances(np.array([[score]]), np.ones(1), np.array(self.thresholds))[0]
        return [round(PARTS * float(p)) for p in above]


def at_most(parts: list[int], highest: int) -> list[int]:
    """P(level > k) when no level above ``highest`` may be given: what lay above it stands on it."""
    return [part if level < highest else 0 for level, part in enumerate(parts, start=1)]


def probabilities(parts: list[int]) -> list[float]:
    """Of the five levels, to four decimals.

    Args:
        parts: from ``Odds.parts_above``.
    """
    edges = [PARTS, *parts, 0]
    return [(above - beyond) / PARTS for above, beyond in zip(edges, edges[1:], strict=False)]


def level(parts: list[int]) -> float:
    """The mean of the five levels under their probabilities: 1 + sum_k P(level > k).

    Args:
        parts: from ``Odds.parts_above``.
    """
    return round((PARTS + sum(parts)) / PARTS, PLACES)
