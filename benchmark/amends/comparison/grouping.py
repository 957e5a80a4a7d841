"""One grouping for sides that are not paired, decided over all at once, and their replies as groups."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np

from amends.comparison.matching import value
from amends.comparison.sides import Side, Unit
from amends.errors import UsageError
from amends.statistics.groups import Group
from amends.statistics.influence import outermost


def labels_of(sides: Sequence[Side]) -> list[list[Hashable]]:
    """A cluster label for each reply of each side.

    The grouping that was named; of nested ones the outermost over all sides; where none was named the pairing key,
    else the conversation, else the reply itself.

    Args:
        sides: two or more.

    Raises:
        UsageError: the groupings cross; these numbers take one.
    """
    named = max((len(u.clusters) for side in sides for u in side.units), default=0)
    if not named:
        return [
            [u.key if u.key is not None else (place, u.conversation or u.id) for u in side.units]
            for place, side in enumerate(sides)
        ]
    whole = [[u.clusters[g] for side in sides for u in side.units] for g in range(named)]
    kept = outermost(whole)
    if len(kept) > 1:
        raise UsageError(
            "the --cluster fields cross one another (neither lies within the other), and what is not paired takes one: "
            "name the one whose members are most alike"
        )
    chosen, made, start = list(kept[0]), [], 0
    for side in sides:
        made.append(chosen[start : start + len(side.units)])
        start += len(side.units)
    return made


def group_of(side: Side, labels: Sequence[Hashable], dimension: str, measure: str) -> Group:
    """The replies of a side that count on a measure, with their clusters.

    Args:
        side: what is compared.
        labels: the cluster of each of its replies.
        dimension: whose level counts.
        measure: breach, full or mean; or rank: the level, below every level where no reply was given.
    """
    chosen, values = [], []
    for unit, label in zip(side.units, labels, strict=True):
        one = _rank(unit, dimension) if measure == "rank" else value(unit, dimension, measure)
        if one is not None:
            chosen.append(label)
            values.append(one)
    return Group(np.array(values, dtype=np.float64), chosen)


def _rank(unit: Unit, dimension: str) -> float | None:
    return -1.0 if not unit.given else unit.levels[dimension]
