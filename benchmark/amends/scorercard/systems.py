"""Generators compared by the scorer and by gold, on the scenarios that all of them answered."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

import numpy as np

from amends.records import DIMENSIONS
from amends.scorercard.items import WIDEST, Item
from amends.scorercard.sections import SystemDimension, Systems
from amends.statistics.clusters import MIN_CLUSTERS, mean_estimate
from amends.statistics.percentile import Resampling
from amends.statistics.systems import pairs_ordered, soft_pairwise_accuracy

Cells = Mapping[str, Mapping[str, tuple[float, float]]]
"""Generator to scenario to (gold, scored), means over the generator's replies to it."""


def systems(items: Sequence[Item], gold: str, seed: int) -> Systems:
    """The system level, or why there is none.

    Args:
        items: replies by several generators; the author's name says whose.
        gold: whose gold counts.
        seed: of the draws.
    """
    cells = {d: _cells(items, d) for d in DIMENSIONS}
    named = sorted({item.exchange.author.name for item in items if item.exchange.author})
    names = [name for name in named if _answers(items, cells, name)]
    silent = tuple(name for name in named if name not in names)
    if len(names) < 2:
        found = f"one generator ({names[0]})" if names else "no generator is named"
        why = f"not applicable: {found}; two or more on common scenarios are needed"
        return Systems(why, gold, tuple(names), 0, {}, silent)
    common = {d: _common(one, names) for d, one in cells.items()}
    fewest = min(len(scenarios) for scenarios in common.values())
    if fewest < MIN_CLUSTERS:
        why = f"not applicable: {len(names)} generators with {fewest} common scenarios; {MIN_CLUSTERS} are needed"
        return Systems(why, gold, tuple(names), fewest, {}, silent)
    dimensions = {d: _dimension(cells[d], names, common[d], seed) for d in DIMENSIONS}
    return Systems(None, gold, tuple(names), fewest, dimensions, silent)


def _answers(items: Sequence[Item], cells: Mapping[str, Cells], name: str) -> bool:
    """Whether half of a generator's replies or more have levels, by gold and scorer, on every dimension.

    One that answers with no reply at all has no mean; kept, it would leave the others without a common scenario.
    """
    own = {i.exchange.scenario_id for i in items if i.exchange.author and i.exchange.author.name == name}
    return all(2 * len(one.get(name, {})) >= len(own) for one in cells.values())


def _cells(items: Sequence[Item], dimension: str) -> Cells:
    rows: dict[str, dict[str, list[tuple[float, float]]]] = {}
    for item in items:
        author, scenario = item.exchange.author, item.exchange.scenario_id
        gold = item.gold["levels"][dimension] if item.gold else None
        scored = item.scored.levels[dimension]
        if author and scenario and gold is not None and scored is not None:
            rows.setdefault(author.name, {}).setdefault(scenario, []).append((float(gold), float(scored)))
    return {
        name: {
            s: (float(np.mean([g for g, _ in some])), float(np.mean([x for _, x in some]))) for s, some in own.items()
        }
        for name, own in rows.items()
    }


def _common(cells: Cells, names: Sequence[str]) -> list[str]:
    shared = set.intersection(*[set(cells.get(name, {})) for name in names])
    return sorted(shared)


def _dimension(cells: Cells, names: Sequence[str], scenarios: Sequence[str], seed: int) -> SystemDimension:
    both = np.array([[cells[name][s] for name in names] for s in scenarios])
    gold, scored = both[:, :, 0], both[:, :, 1]
    gap = scored - gold
    bias = {
        name: mean_estimate(gap[:, i].tolist(), list(scenarios), (-WIDEST, WIDEST), seed)
        for i, name in enumerate(names)
    }
    first, second = max(itertools.permutations(range(len(names)), 2), key=lambda p: _apart(gap, p))
    largest = mean_estimate((gap[:, first] - gap[:, second]).tolist(), list(scenarios), (-8.0, 8.0), seed)
    weights = Resampling.of(scenarios, seed).weights
    return SystemDimension(
        pairs_ordered(gold, scored, weights).estimate(),
        soft_pairwise_accuracy(gold, scored, seed).estimate(),
        {name: float(gold[:, i].mean()) for i, name in enumerate(names)},
        {name: float(scored[:, i].mean()) for i, name in enumerate(names)},
        bias,
        largest,
        (names[first], names[second]),
    )


def _apart(gap: np.ndarray[tuple[int, ...], np.dtype[np.float64]], pair: tuple[int, int]) -> float:
    return round(float(gap[:, pair[0]].mean() - gap[:, pair[1]].mean()), 9)
