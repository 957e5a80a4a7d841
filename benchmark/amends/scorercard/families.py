"""Families of invariance pairs: changes that differ in a group alone (``names:slavic``, ``english:scottish``).

Beside how steady a scorer is, a family tells whether it leans: the mean of variant minus reply for each group. Where
the groups stand on the same replies, as names put in by substitution do, the largest difference between two groups is
the bias that a customer of the one would meet and a customer of the other would not.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np

from amends.records import DIMENSIONS, Annotation, Json
from amends.scorercard.sections import Family, Lean
from amends.statistics.clusters import MIN_CLUSTERS, mean_estimate
from amends.statistics.estimate import Estimate

SEPARATOR = ":"
OTHER = "form and wording"
"""The family of changes that name none."""

_WIDEST = 4.0


class Pair(Protocol):
    """A reply and its variant, both scored."""

    @property
    def record(self) -> Json:
        """The invariance pair."""

    @property
    def first(self) -> Annotation:
        """Of the reply."""

    @property
    def second(self) -> Annotation:
        """Of the variant."""

    @property
    def cluster(self) -> str:
        """Pairs on the same turns belong together."""


def family_of(change: str) -> tuple[str, str]:
    """Family and group of a change.

    Args:
        change: of an invariance pair.

    Returns:
        What stands before and after the first colon; without one, ``OTHER`` and the change.
    """
    before, colon, after = change.partition(SEPARATOR)
    return (before, after) if colon and before and after else (OTHER, change)


def leaning(pairs: Sequence[Pair], seed: int) -> dict[str, Lean]:
    """Group to its mean shifts, of the pairs of one family.

    Args:
        pairs: of one family.
        seed: of the resampling.

    Returns:
        Group to dimension to the mean of variant minus reply, in levels, over the pairs judged on both sides.
    """
    groups = _groups(pairs)
    return {name: Lean({d: _mean(_shifts(groups[name], d), seed) for d in DIMENSIONS}) for name in sorted(groups)}


def _groups(pairs: Sequence[Pair]) -> dict[str, list[Pair]]:
    groups: dict[str, list[Pair]] = {}
    for pair in pairs:
        groups.setdefault(family_of(str(pair.record["change"]))[1], []).append(pair)
    return groups


def _shifts(pairs: Sequence[Pair], dimension: str) -> list[tuple[float, str]]:
    found = []
    for pair in pairs:
        first, second = pair.first.levels[dimension], pair.second.levels[dimension]
        if first is not None and second is not None:
            found.append((float(second) - float(first), pair.cluster))
    return found


def _mean(shifts: Sequence[tuple[float, str]], seed: int, widest: float = _WIDEST) -> Estimate:
    return mean_estimate([s for s, _ in shifts], [c for _, c in shifts], (-widest, widest), seed)


def farthest(pairs: Sequence[Pair], seed: int) -> Family | None:
    """The largest difference between two groups of a family that stand on the same replies.

    Args:
        pairs: of one family.
        seed: of the resampling.

    Returns:
        By dimension the difference and the two groups, the one that is read higher first; a dimension is left out
        where no two groups share enough judged replies, and all of it is None where none is left. Chosen after
        seeing, which its interval does not know.
    """
    groups = _groups(pairs)
    largest: dict[str, Estimate] = {}
    between: dict[str, tuple[str, ...]] = {}
    for dimension in DIMENSIONS:
        by_cluster = {name: _by_cluster(_shifts(some, dimension)) for name, some in groups.items()}
        gaps: dict[tuple[str, ...], list[tuple[float, str]]] = {}
        for a, b in itertools.permutations(sorted(groups), 2):
            common = sorted(set(by_cluster[a]) & set(by_cluster[b]))
            if len(common) >= MIN_CLUSTERS:
                gaps[a, b] = [(by_cluster[a][c] - by_cluster[b][c], c) for c in common]
        if gaps:
            two = max(gaps, key=lambda pair: (round(float(np.mean([g for g, _ in gaps[pair]])), 9), pair))
            largest[dimension] = _mean(gaps[two], seed, 2 * _WIDEST)
            between[dimension] = two if any(g for some in gaps.values() for g, _ in some) else ()
    return Family(largest, between) if largest else None


def _by_cluster(shifts: Sequence[tuple[float, str]]) -> Mapping[str, float]:
    found: dict[str, list[float]] = {}
    for shift, cluster in shifts:
        found.setdefault(cluster, []).append(shift)
    return {cluster: float(np.mean(some)) for cluster, some in found.items()}
