"""May the scorer stand in for a person? The alternative annotator test, where there are people to ask."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from amends.records import DIMENSIONS
from amends.scorercard.items import Item
from amends.scorercard.sections import PersonStand, Stand, StandIn
from amends.statistics.alternative import EPSILON, LEAST_ITEMS, LEAST_PERSONS, alternative_test


def stand_in(items: Sequence[Item], kind: str | None, seed: int) -> StandIn:
    """The test on each dimension, or why it cannot be made.

    Args:
        items: replies with the annotators that counted.
        kind: what the annotators are.
        seed: of the resampling.
    """
    if kind != "person":
        who = f"annotators are {kind}s" if kind else "there are no annotators"
        return StandIn(f"not applicable: {who}; the test is about people", EPSILON, {})
    names = sorted({name for item in items for name in item.annotators})
    if len(names) < LEAST_PERSONS:
        return StandIn(f"not applicable: {len(names)} people; {LEAST_PERSONS} are needed", EPSILON, {})
    rows = {d: _rows(items, names, d) for d in DIMENSIONS}
    fewest = min(len(some) for some in rows.values())
    if fewest < LEAST_ITEMS:
        why = f"not applicable: {fewest} replies that all {len(names)} people judged; {LEAST_ITEMS} are needed"
        return StandIn(why, EPSILON, {})
    return StandIn(None, EPSILON, {d: _stand(rows[d], names, seed) for d in DIMENSIONS})


_Row = tuple[list[float], float, str]


def _rows(items: Sequence[Item], names: Sequence[str], dimension: str) -> list[_Row]:
    """Every person's level, the scorer's and the cluster, of replies that all of them judged."""
    found: list[_Row] = []
    for item in items:
        levels = [item.annotators[n].levels[dimension] if n in item.annotators else None for n in names]
        scored = item.scored.levels[dimension]
        known = [float(level) for level in levels if level is not None]
        if scored is not None and len(known) == len(names):
            found.append((known, float(scored), item.cluster))
    return found


def _stand(rows: Sequence[_Row], names: Sequence[str], seed: int) -> Stand:
    persons = np.array([levels for levels, _, _ in rows]).T
    clusters = [cluster for _, _, cluster in rows]
    found = alternative_test(persons, np.array([scored for _, scored, _ in rows]), clusters, seed)
    each = {name: PersonStand(one.advantage, one.person, one.p) for name, one in zip(names, found.persons, strict=True)}
    return Stand(found.winning_rate, found.advantage, found.passed, each)
