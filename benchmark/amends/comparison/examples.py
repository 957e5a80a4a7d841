"""The pairs of a comparison that a reader should look at first."""

from __future__ import annotations

from amends.comparison.effects import Example, Shown
from amends.comparison.matching import Pairs
from amends.comparison.sides import Unit
from amends.records import DIMENSIONS

TOP = 10
"""Pairs shown."""


def examples(found: Pairs) -> tuple[Example, ...]:
    """The pairs that differ most on any dimension, largest first, ties by key.

    A text that stands in many replies is shown once; pairs whose texts are not at hand, or which do not differ, are
    passed over.

    Args:
        found: the pairs.
    """
    made = [
        example
        for key, ours, theirs in zip(found.keys, found.a, found.b, strict=True)
        for u, v in zip(ours, theirs, strict=False)
        if (example := _example(str(key), u, v)) is not None
    ]
    chosen: list[Example] = []
    texts: set[str] = set()
    for example in sorted(made, key=lambda e: (-abs(e.difference), e.key, e.a.reply_id)):
        if len(chosen) < TOP and not {example.a.reply, example.b.reply} & texts:
            chosen.append(example)
            texts |= {example.a.reply, example.b.reply}
    return tuple(chosen)


def _example(key: str, a: Unit, b: Unit) -> Example | None:
    if a.item is None or b.item is None:
        return None
    best: tuple[float, str] | None = None
    for dimension in DIMENSIONS:
        low, high = a.levels[dimension], b.levels[dimension]
        if low is not None and high is not None and high != low and (best is None or abs(high - low) > abs(best[0])):
            best = high - low, dimension
    if best is None:
        return None
    return Example(key, best[1], best[0], _shown(a, best[1]), _shown(b, best[1]))


def _shown(unit: Unit, dimension: str) -> Shown:
    if unit.item is None:
        raise ValueError("a reply without a text cannot be shown")
    exchange, annotation = unit.item
    level = annotation.levels[dimension]
    return Shown(exchange.id, level or 0.0, exchange.reply, tuple(b.to_dict() for b in annotation.behaviours))
