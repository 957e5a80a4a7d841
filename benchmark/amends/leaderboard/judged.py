"""An entry's replies judged by an official scorer, its Result and its slices: nothing that it says is believed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from amends.leaderboard.cache import Cache, key_of, packed, taken
from amends.records import DIMENSIONS, Annotation, Exchange, Json, Scenario
from amends.results import (
    BREACH_BELOW,
    FULL_FROM,
    About,
    DimensionResult,
    Result,
    Row,
    missing_row,
    row_of,
    summarise,
)
from amends.runs.replies import expected_keys
from amends.runs.score import scorer_card
from amends.runs.scoring import annotate, weights_of
from amends.scorers.base import Scorer
from amends.signature import SEED, scorer_tag
from amends.statistics.clusters import MIN_CLUSTERS, share_estimate
from amends.statistics.estimate import Estimate
from amends.statistics.paired import columns
from amends.statistics.resampling import Floats

SLICED = ("domain", "channel", "fault")
"""Context fields that an entry is looked at by."""
FEWEST = MIN_CLUSTERS
"""Values of fewer scenarios are no slice: there would be no interval."""

Slices = dict[str, dict[str, dict[str, DimensionResult]]]
"""Field to value to dimension, of one scorer."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What an entry was asked for and what came."""

    set: str
    digest: str
    scenarios: Mapping[str, Scenario]
    samples: int
    exchanges: tuple[Exchange, ...]
    generator: Mapping[str, Any]
    """kind, name, version."""


def judge(scorer: Scorer, exchanges: Sequence[Exchange], cache: Cache | None) -> list[Annotation]:
    """Annotations of replies, from the cache where it has them.

    A scorer without weights is as quick as the cache and is asked every time.

    Args:
        scorer: an official one.
        exchanges: the replies beside their scenarios.
        cache: None asks the scorer every time.
    """
    if cache is None or weights_of(scorer) is None:
        return annotate(scorer, exchanges)
    tag = scorer_tag(scorer.name, scorer.version, weights_of(scorer))
    keys = [key_of(exchange, tag) for exchange in exchanges]
    kept = cache.get(keys)
    found: list[Annotation | None] = [
        taken(kept[key], exchange, scorer.name, str(scorer.version)) if key in kept else None
        for key, exchange in zip(keys, exchanges, strict=True)
    ]
    todo = [i for i, one in enumerate(found) if one is None]
    made = dict(zip(todo, annotate(scorer, [exchanges[i] for i in todo]), strict=True))
    if made:
        # ids of one entry are nothing to another that holds the same reply
        cache.put({keys[i]: packed(replace(one, reply_id="-", scenario_id=None)) for i, one in made.items()})
    return [one if one is not None else made[i] for i, one in enumerate(found)]


def rows_of(asked: Asked, annotations: Sequence[Annotation]) -> list[Row]:
    """A row for every reply that was asked for, in the order of the scenarios.

    Args:
        asked: what was asked for.
        annotations: of its exchanges, in their order.
    """
    there = {(e.scenario_id, e.sample): (e, a) for e, a in zip(asked.exchanges, annotations, strict=True)}
    rows = []
    for key in expected_keys(asked.scenarios.values(), asked.samples):
        pair = there.get(key)
        rows.append(missing_row(key[0]) if pair is None else row_of(pair[1], key[0], pair[0].context.language))
    return rows


def result_of(asked: Asked, rows: Sequence[Row], scorer: Scorer) -> Result:
    """The Result, as `amends run` computes it.

    Args:
        asked: what was asked for.
        rows: of ``rows_of``.
        scorer: who judged.
    """
    return summarise(rows, About(asked.generator, asked.set, asked.digest, scorer_card(scorer), SEED))


def slice_values(scenarios: Iterable[Scenario]) -> dict[str, dict[str, frozenset[str]]]:
    """Field to value to the scenarios that have it; only values of FEWEST scenarios or more.

    Args:
        scenarios: of a set.
    """
    found: dict[str, dict[str, set[str]]] = {field: {} for field in SLICED}
    for scenario in scenarios:
        for field, values in found.items():
            value = getattr(scenario.context, field)
            if value is not None:
                values.setdefault(str(value), set()).add(scenario.id)
    return {
        field: {value: frozenset(ids) for value, ids in sorted(values.items()) if len(ids) >= FEWEST}
        for field, values in found.items()
    }


def slices_of(rows: Sequence[Row], values: Mapping[str, Mapping[str, frozenset[str]]]) -> Slices:
    """What each dimension comes to in each slice.

    Means of slices with the same number of scenarios are resampled by the same draws: half of the time.

    Args:
        rows: of ``rows_of``.
        values: of ``slice_values``.
    """
    own = {
        (field, value): [row for row in rows if row.cluster in ids]
        for field, of in values.items()
        for value, ids in of.items()
    }
    sizes: dict[int, list[tuple[str, str]]] = {}
    for key, some in own.items():
        sizes.setdefault(len(some), []).append(key)
    found: Slices = {field: {value: {} for value in of} for field, of in values.items()}
    for alike in sizes.values():
        tables = [_table(own[key]) for key in alike]
        # as many replies to each scenario in every slice: the clusters of the first stand for those of all
        means = _means(np.concatenate(tables, axis=1), [row.cluster for row in own[alike[0]]])
        for i, (field, value) in enumerate(alike):
            for d, dimension in enumerate(DIMENSIONS):
                mean = means[i * len(DIMENSIONS) + d]
                found[field][value][dimension] = _dimension(own[field, value], tables[i][:, d], mean)
    return found


def _table(rows: Sequence[Row]) -> Floats:
    """Levels of given replies: a row a reply, a column a dimension, NaN where there is none."""
    table = np.full((len(rows), len(DIMENSIONS)), np.nan)
    for r, row in enumerate(rows):
        for d, dimension in enumerate(DIMENSIONS):
            level = row.levels[dimension] if row.given else None
            if level is not None:
                table[r, d] = level
    return table


def _means(table: Floats, clusters: Sequence[str]) -> list[Estimate]:
    judged = np.flatnonzero((~np.isnan(table)).any(axis=0))
    made = [Estimate(None, None, None, 0, 0, None, "no reply was judged")] * table.shape[1]
    if len(judged):
        for column, estimate in zip(judged, columns(table[:, judged], clusters, (1.0, 5.0), SEED), strict=True):
            made[column] = estimate
    return made


def _dimension(rows: Sequence[Row], levels: Floats, mean: Estimate) -> DimensionResult:
    """As ``results.dimension_results`` counts, with a mean that was made together with others."""
    there = [(row.cluster, float(level)) for row, level in zip(rows, levels, strict=True) if not np.isnan(level)]
    absent = [row.cluster for row in rows if not row.given]
    distribution = dict.fromkeys(("1", "2", "3", "4", "5"), 0)
    for _, level in there:
        distribution[str(int(level + 0.5))] += 1
    both = [cluster for cluster, _ in there] + absent
    total = sum(level for _, level in there)
    bounds = ((total + len(absent)) / len(both), (total + 5 * len(absent)) / len(both)) if absent else None
    return DimensionResult(
        distribution,
        share_estimate([level < BREACH_BELOW for _, level in there] + [True] * len(absent), both),
        share_estimate([level >= FULL_FROM for _, level in there] + [False] * len(absent), both),
        mean,
        bounds,
        len(rows) - len(both),
    )


def slices_to_dict(slices: Slices) -> Json:
    """As in check.json."""
    return _deep(slices, lambda one: _dimension_to_dict(one), 3)


def slices_from_dict(raw: Json) -> Slices:
    """Read them back.

    Raises:
        KeyError, TypeError, AttributeError: it is something else.
    """
    return _deep(raw, _dimension_from_dict, 3)


def _deep(raw: Mapping[str, Any], make: Callable[[Any], Any], depth: int) -> dict[str, Any]:
    return {key: make(one) if depth == 1 else _deep(one, make, depth - 1) for key, one in raw.items()}


def _dimension_to_dict(one: DimensionResult) -> Json:
    estimates = {"breach": one.breach.to_dict(), "full": one.full.to_dict(), "mean": one.mean.to_dict()}
    return {"levels": dict(one.levels), **estimates, "bounds": one.bounds, "not_scored": one.not_scored}


def _dimension_from_dict(raw: Mapping[str, Any]) -> DimensionResult:
    breach, full, mean = (Estimate.from_dict(raw[name]) for name in ("breach", "full", "mean"))
    bounds = (float(raw["bounds"][0]), float(raw["bounds"][1])) if raw["bounds"] else None
    return DimensionResult(raw["levels"], breach, full, mean, bounds, raw["not_scored"])
