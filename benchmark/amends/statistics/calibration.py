"""Do a scorer's probabilities keep their word?

- *Expected calibration error* (Naeini, Cooper & Hauskrecht 2015; ten bins of equal width):
  ECE = sum_b |sum_{i in b} (p_i - y_i)| / n, p_i the probability given, y_i what came (0..1). 0 is best. It is a sum
  of absolute values and so not 0 for a calibrated scorer on few replies.
- *Ranked probability score* (Epstein 1969, over K - 1): RPS_i = sum_k (F_ik - O_ik)^2 / (K - 1), F the cumulated
  probabilities of the five levels, O the cumulated gold: a step at a whole gold level, half a step on either side
  of a half one. 0 is best, 1 worst; distance counts.
"""

from __future__ import annotations

import numpy as np

from amends.statistics.percentile import Drawn, Resampling, undrawn
from amends.statistics.resampling import Floats

BINS = 10
LEVELS = np.arange(1.0, 6.0)


def calibration_error(probabilities: Floats, came: Floats, resampling: Resampling) -> Drawn:
    """Expected calibration error (module docstring).

    Args:
        probabilities: shape (n,), 0..1.
        came: shape (n,), 0..1.
        resampling: of the same replies.
    """
    n = len(probabilities)
    if n == 0:
        return undrawn(0, 0, "no reply with probabilities")
    bins = np.minimum((probabilities * BINS).astype(np.intp), BINS - 1)
    columns = np.zeros((n, BINS + 1))
    columns[np.arange(n), bins] = probabilities - came
    columns[:, BINS] = 1.0

    def error(sums: Floats) -> Floats:
        gaps: Floats = np.abs(sums[:, :BINS]).sum(axis=1) / sums[:, BINS]
        return gaps

    value = float(error(columns.sum(axis=0)[None, :])[0])
    return Drawn(value, error(resampling.sums(columns)), n, resampling.groups)


def gold_masses(levels: Floats) -> Floats:
    """Gold levels as masses on the five levels: 1 on a whole level, halves on either side of a half one.

    Args:
        levels: shape (n,), 1..5; other fractions are shared out in proportion.

    Returns:
        Shape (n, 5), rows of sum 1.
    """
    masses: Floats = np.maximum(0.0, 1 - np.abs(levels[:, None] - LEVELS[None, :]))
    return masses


def ranked_probability_scores(probabilities: Floats, levels: Floats) -> Floats:
    """RPS of each reply.

    Args:
        probabilities: shape (n, 5), rows of sum 1.
        levels: shape (n,), gold levels.

    Returns:
        Shape (n,), 0..1.
    """
    gap = np.cumsum(probabilities, axis=1) - np.cumsum(gold_masses(levels), axis=1)
    scores: Floats = (gap[:, :-1] ** 2).sum(axis=1) / (len(LEVELS) - 1)
    return scores
