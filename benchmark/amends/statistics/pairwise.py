"""Pairs of replies: does a scorer put them in the order that gold puts them in, ties included?

For a pair, gold says first, second or tie, and so does the scorer. With C pairs that both order alike, D that they
order against each other, T_g ties of gold only, T_s ties of the scorer only and T_gs ties of both:

- *pairs right*, acc_eq = (C + T_gs) / (C + D + T_g + T_s + T_gs) (Deutsch, Foster & Freitag 2023, eq. 8). A tie of
  both counts as right, a tie of one side as wrong. **Without tie calibration**: levels tie where they are equal
  (their epsilon is 0). Their calibration picks the epsilon that flatters a metric most; gold of annotators and whole
  levels need none. A scorer of real levels hardly ever ties, and so can earn no T_gs; a scorer with one level for
  everything earns them all. That is why the second number stands beside it:
- *ordered right*, (C + T_s / 2) / (C + D + T_s): of the pairs that gold separates, the share that the scorer
  orders likewise, its ties half. Chance is 1/2, for a constant too.

Which pairs: those **within a scenario** (their "group-by-item"), because a reader compares replies to the same
customer, and because easy and hard scenarios then cannot make the number. Where no scenario has two replies, all
pairs; the caller says which.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from amends.statistics.clusters import MIN_CLUSTERS, mean_estimate, share_estimate
from amends.statistics.estimate import Estimate
from amends.statistics.influence import influence_estimate
from amends.statistics.resampling import Floats

WITHIN = "within scenarios"
ALL = "all"

_TIE = 1e-9
"""Levels closer than this are equal; a level has two digits after the point."""


@dataclass(frozen=True, slots=True)
class PairScores:
    """Two numbers over the same pairs; their n counts pairs."""

    right: Estimate
    """Pairs right (acc_eq)."""
    ordered: Estimate
    """Ordered right, of the pairs that gold separates."""
    which: str
    """WITHIN or ALL."""


def pair_scores(gold: Floats, scored: Floats, clusters: Sequence[Hashable], seed: int) -> PairScores:
    """Both numbers, over pairs within a cluster where one has two replies, else over all pairs.

    Args:
        gold: shape (n,), no NaN.
        scored: shape (n,), no NaN.
        clusters: the scenario of each.
        seed: of the resampling.
    """
    members: dict[Hashable, list[int]] = {}
    for i, cluster in enumerate(clusters):
        members.setdefault(cluster, []).append(i)
    several = [np.array(own, dtype=np.intp) for own in members.values() if len(own) > 1]
    if not several:
        return PairScores(*_all_pairs(gold, scored), ALL)
    pairs = {size: np.triu_indices(size, 1) for size in {len(at) for at in several}}
    first, second = (np.concatenate([at[pairs[len(at)][side]] for at in several]) for side in (0, 1))
    homes = np.repeat(np.arange(len(several), dtype=np.intp), [len(pairs[len(at)][0]) for at in several])
    own, their = _sign(gold[first] - gold[second]), _sign(scored[first] - scored[second])
    found = share_estimate(own == their, homes)
    apart = own != 0
    if not apart.any():
        return PairScores(found, _none(0, 0), WITHIN)
    ordered = (1 + own * their)[apart] / 2
    return PairScores(found, mean_estimate(ordered, homes[apart], (0.0, 1.0), seed), WITHIN)


def _none(n: int, clusters: int) -> Estimate:
    return Estimate(None, None, None, n, clusters, None, "gold separates no pair")


def _sign(x: Floats) -> Floats:
    return np.where(np.abs(x) < _TIE, 0.0, np.sign(x))


def _all_pairs(gold: Floats, scored: Floats) -> tuple[Estimate, Estimate]:
    """Over all pairs; U-statistics, with the interval of their first projection (Hoeffding 1948)."""
    n = len(gold)
    if n < 2:
        none = Estimate(None, None, None, 0, n, None, "there is no pair")
        return none, none
    right, pairs, ordered, apart = (np.zeros(n) for _ in range(4))
    for i in range(n):
        own, their = _sign(gold[i] - gold), _sign(scored[i] - scored)
        right[i] = float((own == their).sum()) - 1
        pairs[i] = n - 1
        apart[i] = float((own != 0).sum())
        ordered[i] = float(((1 + own * their) / 2)[own != 0].sum())
    return _projected(right, pairs), _projected(ordered, apart)


def _projected(above: Floats, below: Floats) -> Estimate:
    n, whole = len(above), float(below.sum())
    if whole == 0.0:
        return _none(0, n)
    value = float(above.sum()) / whole
    # each pair stands in two rows, so a reply's part of the error is twice its row's
    phi = 2 * (above - value * below) / whole
    found = influence_estimate(value, phi, [range(n)], (0.0, 1.0), MIN_CLUSTERS)
    return Estimate(found.value, found.low, found.high, round(whole / 2), n, found.method, found.note)
