"""Generators ordered by a scorer as gold orders them: pairs of generators on common scenarios.

- *pairs of generators ordered right*: the share of pairs whose mean levels the scorer orders as gold does (pairwise
  accuracy, Kocmi et al. 2021); a tie of one side alone is wrong.
- *soft pairwise accuracy* (Thompson, Mathur, Deutsch & Khayrallah 2024): the mean over pairs of 1 - |p_g - p_s|,
  p the one-sided p of a paired permutation test that the first generator of the pair is not better: how sure gold
  and scorer are counts, not only the sign. Scenarios are exchanged whole, by the same draws for gold and scorer.
"""

from __future__ import annotations

import itertools

import numpy as np

from amends.statistics.percentile import PERCENTILE_RESAMPLES, Drawn, undrawn
from amends.statistics.resampling import Floats, signs

_PATTERNS = 500
"""Sign patterns inside each resample of soft pairwise accuracy."""


def generator_pairs(generators: int) -> list[tuple[int, int]]:
    """All pairs of column numbers."""
    return list(itertools.combinations(range(generators), 2))


def one_sided_p(differences: Floats, patterns: Floats) -> Floats:
    """One-sided p that the mean of each column is not above 0: the share of sign patterns with a sum as large.

    Args:
        differences: shape (scenarios, P), first minus second generator.
        patterns: shape (patterns, scenarios) of -1 and 1, the observed one (all 1) first.

    Returns:
        Shape (P,), above 0.
    """
    flipped = patterns @ differences
    return np.asarray((flipped >= differences.sum(axis=0) - 1e-9).mean(axis=0))


def pairs_ordered(gold: Floats, scored: Floats, weights: Floats) -> Drawn:
    """Share of generator pairs ordered as by gold.

    Args:
        gold: shape (scenarios, generators), mean gold level of each generator on each common scenario.
        scored: the same of the scorer.
        weights: shape (PERCENTILE_RESAMPLES, scenarios), how often each scenario was drawn.
    """
    scenarios, generators = gold.shape
    if generators < 2:
        return undrawn(0, scenarios, "one generator")
    first, second = np.array(generator_pairs(generators)).T

    def share(w: Floats) -> Floats:
        own, their = (np.round(w @ m, 9) for m in (gold, scored))
        alike = np.sign(own[:, first] - own[:, second]) == np.sign(their[:, first] - their[:, second])
        return np.asarray(alike.mean(axis=1), dtype=np.float64)

    return Drawn(float(share(np.ones((1, scenarios)))[0]), share(weights), len(first), scenarios)


def soft_pairwise_accuracy(gold: Floats, scored: Floats, seed: int) -> Drawn:
    """Soft pairwise accuracy (module docstring); its resamples use fewer sign patterns than the number itself.

    Args:
        gold: shape (scenarios, generators).
        scored: the same of the scorer.
        seed: of the sign patterns and of the resampling.
    """
    scenarios, generators = gold.shape
    if generators < 2:
        return undrawn(0, scenarios, "one generator")
    first, second = np.array(generator_pairs(generators)).T
    mine, its = (m[:, first] - m[:, second] for m in (gold, scored))

    def soft(own: Floats, their: Floats, patterns: Floats) -> float:
        return float(1 - np.abs(one_sided_p(own, patterns) - one_sided_p(their, patterns)).mean())

    value = soft(mine, its, np.concatenate(list(signs(scenarios, seed))))
    generator = np.random.default_rng(seed)
    patterns = np.concatenate([np.ones((1, scenarios)), 2.0 * generator.integers(0, 2, (_PATTERNS, scenarios)) - 1])
    draws = np.empty(PERCENTILE_RESAMPLES)
    for r in range(PERCENTILE_RESAMPLES):
        picked = generator.integers(0, scenarios, scenarios)
        draws[r] = soft(mine[picked], its[picked], patterns)
    return Drawn(value, draws, len(first), scenarios)
