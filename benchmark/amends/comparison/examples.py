"""The pairs of a comparison that a reader should look at first."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator

import numpy as np

from amends.comparison.effects import Example, Shown
from amends.comparison.matching import Pairs
from amends.comparison.sides import Unit
from amends.records import DIMENSIONS
from amends.statistics.influence import Codes

TOP = 10
"""Pairs shown."""
_FIRST = 1_000
"""Pairs looked at before all of one difference are put in order."""


def examples(found: Pairs) -> tuple[Example, ...]:
    """The pairs that differ most on any dimension, largest first, ties by key.

    A text that stands in many replies is shown once; pairs whose texts are not at hand, or which do not differ, are
    passed over. Only the texts of those that are shown are read.

    Args:
        found: the pairs.
    """
    a, b = found.a.units, found.b.units
    pair, left, right = found.couples()
    gap, worst = np.zeros(len(pair)), np.zeros(len(pair), dtype=np.uint8)
    for place, dimension in enumerate(DIMENSIONS):
        own = np.nan_to_num(b.level(dimension)[right] - a.level(dimension)[left], nan=0.0)
        larger = np.abs(own) > np.abs(gap)
        gap[larger], worst[larger] = own[larger], place
    able = np.flatnonzero((gap != 0.0) & (a.texts[left] != 0) & (b.texts[right] != 0))
    chosen: list[Example] = []
    texts: set[int] = set()
    for size in np.unique(np.abs(gap[able]))[::-1]:
        same = able[np.abs(gap[able]) == size]
        for i in _in_order(same, lambda i: (str(a.key.name(int(left[i]))), a.ids[int(left[i])])):
            both = {int(a.texts[left[i]]), int(b.texts[right[i]])}
            if both & texts:
                continue
            dimension, units = DIMENSIONS[worst[i]], (a[int(left[i])], b[int(right[i])])
            sides = [_shown(unit, dimension) for unit in units]
            chosen.append(Example(str(units[0].key), dimension, float(gap[i]), sides[0], sides[1]))
            texts |= both
            if len(chosen) == TOP:
                return tuple(chosen)
    return tuple(chosen)


def _in_order(places: Codes, key: Callable[[int], tuple[str, str]]) -> Iterator[int]:
    """Sorted, the first of them without a list of all: of a million pairs many differ equally."""
    yield from heapq.nsmallest(_FIRST, (int(place) for place in places), key)
    if len(places) > _FIRST:
        yield from sorted(places.tolist(), key=key)[_FIRST:]


def _shown(unit: Unit, dimension: str) -> Shown:
    if unit.item is None:
        raise ValueError("a reply without a text cannot be shown")
    exchange, annotation = unit.item
    level = annotation.levels[dimension]
    return Shown(exchange.id, level or 0.0, exchange.reply, tuple(b.to_dict() for b in annotation.behaviours))
