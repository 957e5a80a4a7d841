"""From a row of numbers to probabilities over the five levels, and to a level."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from amends.records import DIMENSIONS

Array = np.ndarray[Any, np.dtype[Any]]
PLACES = 2
"""Decimals of a level."""
POWER = 3
"""The plain mean draws the poorest and the best replies to the middle, and moves wherever a doubt moves. Chosen on
validation and held-out writers: a third power costs no rank and brings levels nearer to gold."""


@dataclass(frozen=True, slots=True)
class Odds:
    """Proportional odds (McCullagh 1980): P(level > k) = sigmoid(slope (w x - theta_k)) for each dimension."""

    weights: Array
    """Dimensions by columns."""
    thetas: Array
    """Dimensions by four, rising."""
    slopes: Array
    """Per dimension: above 1 surer, below 1 less sure; fitted on replies that were not learnt from."""

    def probabilities(self, row: Array) -> Array:
        """Dimensions by five; each row of them sums to 1.

        Args:
            row: from ``features.whole``.
        """
        score = self.weights @ row
        above = 1 / (1 + np.exp(-np.clip((score[:, None] - self.thetas) * self.slopes[:, None], -40, 40)))
        edges = np.concatenate([np.ones((len(score), 1)), above, np.zeros((len(score), 1))], 1)
        return np.asarray(edges[:, :-1] - edges[:, 1:])


def rounded(probabilities: Array) -> list[float]:
    """Five probabilities to four decimals that sum to 1: what rounding leaves goes to the largest."""
    made = [round(float(p), 4) for p in probabilities]
    top = max(range(5), key=made.__getitem__)
    made[top] = round(made[top] + 1 - sum(made), 4)
    return made


def level_of(probabilities: list[float], power: int = 1) -> float:
    """The mean of the five levels under their probabilities to a power: 1 is the plain mean, more nears the likeliest.

    Args:
        probabilities: of the five levels.
        power: 1 or more; the scorer takes ``POWER``.
    """
    sharp = [p**power for p in probabilities]
    return round(sum((number + 1) * p for number, p in enumerate(sharp)) / sum(sharp), PLACES)


def confidence_of(probabilities: list[float], level: float) -> float:
    """How probable a level within one half of what is given is, between whole levels by shares."""
    near = sum(p * max(0.0, 1 - abs(number + 1 - level)) for number, p in enumerate(probabilities))
    return round(min(1.0, max(0.0, near)), PLACES)


def by_dimension(values: list[float]) -> dict[str, float | None]:
    """Values in the order of DIMENSIONS as a mapping."""
    return dict(zip(DIMENSIONS, values, strict=True))
