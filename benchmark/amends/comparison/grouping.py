"""One grouping for sides that are not paired, decided over all at once, and their replies as groups."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from amends.comparison.matching import rank, values
from amends.comparison.sides import Side
from amends.comparison.units import common_codes
from amends.errors import UsageError
from amends.runs.seen import Keys
from amends.statistics.groups import Group
from amends.statistics.influence import Codes, outermost


def labels_of(sides: Sequence[Side]) -> list[Codes]:
    """The number of a cluster for each reply of each side; equal clusters have one number on all sides.

    The grouping that was named; of nested ones the outermost over all sides; where none was named the pairing key,
    else the conversation, else the reply itself.

    Args:
        sides: two or more.

    Raises:
        UsageError: the groupings cross; these numbers take one.
    """
    tables = [side.table for side in sides]
    named = max(len(table.clusters) for table in tables)
    if not named:
        return common_codes(_own(side, place) for place, side in enumerate(sides))
    made = [common_codes(table.clusters[g].keys for table in tables if len(table)) for g in range(named)]
    kept = outermost([np.concatenate(own) for own in made])
    if len(kept) > 1:
        raise UsageError(
            "the --cluster fields cross one another (neither lies within the other), and what is not paired takes one: "
            "name the one whose members are most alike"
        )
    ends = np.cumsum([len(table) for table in tables])[:-1]
    return np.split(np.asarray(kept[0], dtype=np.intp), ends)


def _own(side: Side, place: int) -> Keys:
    """The pairing key, else what stands alone on its side."""
    table = side.table
    keys = table.own
    keys ^= np.uint64(place + 1)
    if table.keyed.any():
        keys[table.keyed] = table.key.keys[table.keyed]
    return keys


def group_of(side: Side, labels: Codes, dimension: str, measure: str) -> Group:
    """The replies of a side that count on a measure, with their clusters.

    Args:
        side: what is compared.
        labels: the cluster of each of its replies.
        dimension: whose level counts.
        measure: breach, full or mean; or rank: the level, below every level where no reply was given.
    """
    table = side.table
    whole = rank(table, dimension) if measure == "rank" else values(table, dimension, measure)
    if measure == "rank":
        whole = np.where(table.given, whole, -1.0)
    chosen = ~np.isnan(whole)
    return Group(whole, labels) if chosen.all() else Group(whole[chosen], labels[chosen])
