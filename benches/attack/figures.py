"""The numbers of the report: scores of winners, their gold, score minus gold, and the constant beside the baselines."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benches.attack.budget import Levels
from benches.attack.records import Step, Winner

from amends.dataset.gold import gold_of as dataset_gold
from amends.errors import UsageError
from amends.records import Annotation, Annotator
from amends.statistics.clusters import mean_estimate
from amends.statistics.estimate import Estimate

LEVELS, DIFFERENCES = (1.0, 5.0), (-4.0, 4.0)

Gold = Mapping[str, Levels]
"""Id of a winner to its gold level on each dimension."""


@dataclass(frozen=True, slots=True)
class Row:
    """One attack on one dimension."""

    attack: str
    dimension: str
    score: Estimate
    """Mean score of all winners that the scorer gave a level."""
    start: Estimate | None
    """Mean score of the replies before insertion."""
    start_gold: Estimate | None
    judged_score: Estimate
    """Mean score of the winners that were judged."""
    gold: Estimate
    """Mean gold of the same winners."""
    excess: Estimate
    """Mean of score minus gold of the same winners."""


@dataclass(frozen=True, slots=True)
class Constant:
    """The constant reply beside the honest baselines on one dimension."""

    dimension: str
    own: Estimate
    baselines: dict[str, Estimate]
    median: Estimate
    """The middle baseline by its mean, or the mean of the middle two, on the scenarios that it shares with the
    constant."""
    over: Estimate
    """The constant minus the median, scenario by scenario."""

    @property
    def below(self) -> bool | None:
        """Whether the constant's mean stays below the median on the same scenarios; None where there are none."""
        return None if self.over.value is None else self.over.value < 0


def gold_of(annotations: Iterable[Mapping[str, Any]]) -> dict[str, Levels]:
    """Gold of each text by the rule of the dataset.

    Args:
        annotations: of annotators of one kind.

    Raises:
        UsageError: an annotator judged a text twice.
    """
    by_winner: dict[str, list[Annotation]] = {}
    for one in annotations:
        own = by_winner.setdefault(one["winner"], [])
        who = Annotator(**one["annotator"])
        if any(other.annotator == who for other in own):
            raise UsageError(f"{one['winner']}: two annotations by {who.name} {who.version} ({who.method}); keep one.")
        own.append(Annotation(one["winner"], None, who, one["levels"]))
    return {name: judged["levels"] for name, some in by_winner.items() for judged in dataset_gold("", some).values()}


def _estimate(pairs: Sequence[tuple[str, float]], seed: int, limits: tuple[float, float] = LEVELS) -> Estimate:
    """Mean of values, each with the scenario that it belongs to."""
    return mean_estimate([value for _, value in pairs], [cluster for cluster, _ in pairs], limits, seed)


def row(winners: Sequence[Winner], gold: Gold, attack: str, dimension: str, seed: int) -> Row:
    """Numbers of one attack on one dimension.

    Args:
        winners: of one scorer.
        gold: may lack any of them.
        attack: which attack.
        dimension: which dimension.
        seed: of the intervals.
    """
    own = [w for w in winners if w.attack == attack]
    scored = [(w.scenario_id, level) for w in own if (level := w.score[dimension]) is not None]
    both = [
        (w.scenario_id, level, true)
        for w in own
        if (level := w.score[dimension]) is not None and (true := gold.get(w.id, {}).get(dimension)) is not None
    ]
    return Row(
        attack,
        dimension,
        _estimate(scored, seed),
        _started(own, "score", dimension, seed),
        _started(own, "gold", dimension, seed),
        _estimate([(s, level) for s, level, _ in both], seed),
        _estimate([(s, true) for s, _, true in both], seed),
        _estimate([(s, level - true) for s, level, true in both], seed, DIFFERENCES),
    )


def _started(winners: Sequence[Winner], what: str, dimension: str, seed: int) -> Estimate | None:
    starts = [(w.scenario_id, w.start[what][dimension]) for w in winners if w.start is not None]
    return _estimate([(s, level) for s, level in starts if level is not None], seed) if starts else None


def beside_baselines(
    winners: Sequence[Winner], baselines: Sequence[Mapping[str, Any]], dimension: str, seed: int
) -> Constant:
    """The constant and the honest baselines on the same scenarios.

    Args:
        winners: the constant's, one a scenario.
        baselines: records of ``honest.scored``.
        dimension: which dimension.
        seed: of the intervals.
    """
    own = {w.scenario_id: level for w in winners if (level := w.score[dimension]) is not None}
    by_name: dict[str, dict[str, float]] = {}
    for record in baselines:
        if record["score"][dimension] is not None:
            by_name.setdefault(record["generator"], {})[record["scenario_id"]] = record["score"][dimension]
    means = {name: statistics.fmean(levels.values()) for name, levels in by_name.items()}
    order = sorted(means, key=lambda name: (means[name], name))
    middle = order[(len(order) - 1) // 2 : len(order) // 2 + 1]
    shared = [s for s in own if middle and all(s in by_name[name] for name in middle)]
    median = [(s, statistics.fmean(by_name[name][s] for name in middle)) for s in shared]
    return Constant(
        dimension,
        _estimate(list(own.items()), seed),
        {name: _estimate(list(by_name[name].items()), seed) for name in sorted(by_name)},
        _estimate(median, seed),
        _estimate([(s, own[s] - level) for s, level in median], seed, DIFFERENCES),
    )


def drift(gold: Gold, stored: Mapping[str, Levels], dimension: str, seed: int) -> Estimate:
    """Gold by today's annotators minus the gold of the dataset, over the controls.

    Args:
        gold: by id; controls among it.
        stored: gold of the dataset by the same ids, each with the scenario in front of its last full stop.
        dimension: which dimension.
        seed: of the interval.
    """
    both = [
        (name.rpartition(".")[0], today - then)
        for name, levels in stored.items()
        if (then := levels[dimension]) is not None and (today := gold.get(name, {}).get(dimension)) is not None
    ]
    return _estimate(both, seed, DIFFERENCES)


def curve(steps: Sequence[Step], attack: str) -> list[tuple[int, float]]:
    """Best so far by calls on one search, averaged over the searches of an attack.

    Returns:
        (calls, mean best) at every call at which one rises, from the first at which every search has a reply.
    """
    searches: dict[str, list[Step]] = {}
    for step in steps:
        if step.attack == attack:
            searches.setdefault(step.scenario_id, []).append(step)
    if not searches:
        return []
    first = max(own[0].calls for own in searches.values())
    marks = sorted({max(first, step.calls) for own in searches.values() for step in own})
    return [
        (mark, statistics.fmean([s for s in own if s.calls <= mark][-1].best for own in searches.values()))
        for mark in marks
    ]
