"""The pairs of a comparison that a reader should look at first."""

from __future__ import annotations

import numpy as np

from amends.comparison.effects import Example, Shown
from amends.comparison.matching import Pairs
from amends.comparison.sides import Unit
from amends.records import DIMENSIONS

TOP = 10
"""Pairs shown."""


def examples(found: Pairs) -> tuple[Example, ...]:
    """The pairs that differ most on any dimension, largest first, ties by key.

    A text that stands in many replies is shown once; pairs whose texts are not at hand, or which do not differ, are
    passed over. Only the texts of those that are shown are read.

    Args:
        found: the pairs.
    """
    a, b = found.a.units, found.b.units
    pair, left, right = found.couples()
    gaps = np.nan_to_num(b.levels[right] - a.levels[left], nan=0.0)
    worst = np.argmax(np.abs(gaps), axis=1)
    gap = gaps[np.arange(len(gaps)), worst]
    able = np.flatnonzero((gap != 0.0) & (a.texts[left] != 0) & (b.texts[right] != 0))
    chosen: list[Example] = []
    texts: set[int] = set()
    for size in np.unique(np.abs(gap[able]))[::-1]:
        same = able[np.abs(gap[able]) == size]
        for i in sorted(same.tolist(), key=lambda i: (str(found.key(int(pair[i]))), a.ids[int(left[i])])):
            own = {int(a.texts[left[i]]), int(b.texts[right[i]])}
            if own & texts:
                continue
            dimension, units = DIMENSIONS[worst[i]], (a[int(left[i])], b[int(right[i])])
            sides = [_shown(unit, dimension) for unit in units]
            chosen.append(Example(str(units[0].key), dimension, float(gap[i]), sides[0], sides[1]))
            texts |= own
            if len(chosen) == TOP:
                return tuple(chosen)
    return tuple(chosen)


def _shown(unit: Unit, dimension: str) -> Shown:
    if unit.item is None:
        raise ValueError("a reply without a text cannot be shown")
    exchange, annotation = unit.item
    level = annotation.levels[dimension]
    return Shown(exchange.id, level or 0.0, exchange.reply, tuple(b.to_dict() for b in annotation.behaviours))
