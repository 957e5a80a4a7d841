"""The alternative annotator test: may a scorer stand in for a person?

Calderon, Reichart & Dror (2025). For each person j and each reply i that j and others judged: S(x, i, j) = -RMSE of
x's level to the levels of the other persons. W^f_ij = 1 where S(scorer) >= S(person j), W^h_ij = 1 where S(person j)
>= S(scorer); a tie counts for both. rho^f_j and rho^h_j are their means. For each j, H0: rho^f_j <= rho^h_j -
epsilon, tested one-sidedly by Student's test on d_ij = W^h_ij - W^f_ij (H1: mean(d) < epsilon); here with the
cluster-robust variance over scenarios, which is the paper's own where each scenario has one reply. The p-values are
adjusted by Benjamini & Yekutieli (2001). The *winning rate* omega is the share of persons whose H0 is rejected at
0.05; the scorer may stand in where omega >= 0.5. The *advantage probability* rho is the mean of rho^f_j.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from amends.statistics.clusters import mean_estimate, share_estimate
from amends.statistics.estimate import Estimate
from amends.statistics.influence import cluster_variance
from amends.statistics.multiplicity import benjamini_hochberg
from amends.statistics.resampling import Floats

Bools = NDArray[np.bool_]

LEAST_PERSONS = 3
LEAST_ITEMS = 50
EPSILON = 0.15
"""What a person costs more than a scorer, as a difference in probability: the paper's value for skilled annotators
(0.2 for experts, 0.1 for crowds)."""
LEVEL = 0.05


@dataclass(frozen=True, slots=True)
class Against:
    """The scorer against one person."""

    advantage: Estimate
    """rho^f_j: share of replies on which the scorer is as near to the others as the person, or nearer."""
    person: Estimate
    """rho^h_j."""
    p: float
    """Adjusted."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """What the test came to."""

    persons: tuple[Against, ...]
    winning_rate: float
    """omega, 0..1."""
    advantage: Estimate
    """rho, 0..1."""

    @property
    def passed(self) -> bool:
        """Whether the scorer may stand in for a person."""
        return self.winning_rate >= 0.5


def alternative_test(
    persons: Floats, scored: Floats, clusters: Sequence[Hashable], seed: int, epsilon: float = EPSILON
) -> Alternative:
    """Run the test.

    Args:
        persons: shape (persons, n), levels; every person judged every reply.
        scored: shape (n,).
        clusters: the scenario of each reply.
        seed: of the interval of rho.
        epsilon: 0..1.

    Raises:
        ValueError: fewer than LEAST_PERSONS persons or LEAST_ITEMS replies.
    """
    count, n = persons.shape
    if count < LEAST_PERSONS or n < LEAST_ITEMS:
        raise ValueError(f"the test needs {LEAST_PERSONS} persons on {LEAST_ITEMS} common replies")
    near = [_near(persons, j, scored) for j in range(count)]
    raw = [_p_below(h.astype(np.float64) - f.astype(np.float64), clusters, epsilon) for f, h in near]
    rows = tuple(
        Against(share_estimate(f.tolist(), clusters), share_estimate(h.tolist(), clusters), p)
        for (f, h), p in zip(near, benjamini_yekutieli(raw), strict=True)
    )
    advantage = np.mean([f for f, _ in near], axis=0)
    rho = mean_estimate(advantage.tolist(), clusters, (0.0, 1.0), seed)
    return Alternative(rows, sum(row.p < LEVEL for row in rows) / count, rho)


def benjamini_yekutieli(p: Sequence[float]) -> list[float]:
    """Benjamini & Yekutieli's adjustment (2001), valid under any dependence: Benjamini & Hochberg's times sum 1/i.

    Args:
        p: raw p-values, 0..1.
    """
    harmonic = sum(1 / i for i in range(1, len(p) + 1))
    return [min(1.0, harmonic * q) for q in benjamini_hochberg(p)]


def _near(persons: Floats, j: int, scored: Floats) -> tuple[Bools, Bools]:
    """W^f and W^h of one person, each of shape (n,)."""
    others = np.delete(persons, j, axis=0)
    scorer = np.sqrt(((scored - others) ** 2).mean(axis=0))
    person = np.sqrt(((persons[j] - others) ** 2).mean(axis=0))
    same = np.abs(scorer - person) < 1e-9
    return same | (scorer < person), same | (person < scorer)


def _p_below(d: Floats, clusters: Sequence[Hashable], epsilon: float) -> float:
    """One-sided p of H0 mean(d) >= epsilon."""
    from scipy.special import stdtr

    mean = float(d.mean())
    found, groups = cluster_variance((d - mean) / len(d), clusters)
    if found <= 1e-24:
        # nobody differs from anybody: the mean is known as well as it can be
        return 0.0 if mean < epsilon else 1.0
    return float(stdtr(groups - 1, (mean - epsilon) / found**0.5))
