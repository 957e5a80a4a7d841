"""Like with like: each annotator and the scorer against the median of the other annotators.

An annotator cannot be held to gold that they helped to make; so each is held to the others, and the scorer to the
same others on the same replies. What the scorer reaches there can be read beside what a person or model reaches.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence

import numpy as np

from amends.records import DIMENSIONS
from amends.scorercard.items import Column, Item, difference, drawn_measures, error_estimate
from amends.scorercard.sections import LikeWithLike, Measures, Peer


def like_with_like(items: Sequence[Item], seed: int) -> LikeWithLike:
    """The table, a row for each dimension and annotator.

    Args:
        items: replies with the annotators that counted.
        seed: of the resampling.
    """
    names = sorted({name for item in items for name in item.annotators})
    if len(names) < 2:
        found = f"only {names[0]}" if names else "none"
        return LikeWithLike(f"not applicable: needs two annotators on the same replies, found {found}", ())
    rows = [row for d in DIMENSIONS for name in names if (row := _row(items, d, name, seed)) is not None]
    if not rows:
        return LikeWithLike("not applicable: no reply was judged by two annotators and the scorer", ())
    return LikeWithLike(None, tuple(rows))


def _row(items: Sequence[Item], dimension: str, name: str, seed: int) -> Peer | None:
    used: list[tuple[float, float, float, str]] = []
    most = 0
    for item in items:
        own = item.annotators.get(name)
        theirs = [
            float(level)
            for other, a in item.annotators.items()
            if other != name and (level := a.levels[dimension]) is not None
        ]
        level, scored = own.levels[dimension] if own else None, item.scored.levels[dimension]
        if level is not None and scored is not None and theirs:
            used.append((statistics.median(theirs), float(level), float(scored), item.cluster))
            most = max(most, len(theirs))
    if not used:
        return None
    reference, annotator, scorer = (np.array([row[i] for row in used]) for i in range(3))
    clusters = tuple(row[3] for row in used)
    first, second = Column(reference, annotator, clusters), Column(reference, scorer, clusters)
    return Peer(dimension, name, most, _measures(first, seed), _measures(second, seed), difference(second, first, seed))


def _measures(found: Column, seed: int) -> Measures:
    drawn = drawn_measures(found, seed)
    return {**{name: one.estimate() for name, one in drawn.items()}, "error": error_estimate(found, seed)}
