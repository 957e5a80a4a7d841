"""Parts of the replies apart, and the same replies without their context."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from amends.records import DIMENSIONS, Annotation, Context
from amends.scorercard.items import (
    NO_GOLD,
    Column,
    Item,
    column,
    difference,
    error_estimate,
    measures,
    nothing,
    of_scorer,
)
from amends.scorercard.sections import ContextCost, Measures, Slice
from amends.statistics.percentile import Resampling, spearman_drawn

_ORDER = {"length": ("short", "middle", "long"), "writing": ("planned", "ordinary"), "domain": ("seen", "unseen")}


def brief_measures(found: Column, seed: int) -> Measures:
    """Spearman's rho and the mean absolute error: what a slice shows."""
    if not len(found.gold):
        return dict.fromkeys(("spearman", "error"), nothing(NO_GOLD))
    resampling = Resampling.of(found.clusters, seed)
    rho = spearman_drawn(found.gold, found.other, resampling).estimate()
    return {"spearman": rho, "error": error_estimate(found, seed)}


def slices(
    items: Sequence[Item], seen: frozenset[str] | None, plan: Mapping[str, str] | None, seed: int
) -> tuple[Slice, ...]:
    """Parts of the replies: domain, channel, fault, length in thirds, planned and ordinary.

    Args:
        items: replies; those without gold are left out.
        seen: domains of the train split; None where it is not known.
        plan: reply id to planned or ordinary.
        seed: of the resampling.
    """
    judged = [item for item in items if item.gold]
    labels: dict[str, Callable[[Item], str | None]] = {}
    if seen is not None:
        labels["domain"] = lambda i: None if i.exchange.context.domain is None else _seen(i, seen)
    labels["channel"] = lambda i: i.exchange.context.channel
    labels["fault"] = lambda i: i.exchange.context.fault
    thirds = _thirds(judged)
    labels["length"] = lambda i: thirds[i.exchange.id]
    if plan is not None:
        labels["writing"] = lambda i: plan.get(i.exchange.id)
    found = []
    for by, label in labels.items():
        groups: dict[str, list[Item]] = {}
        for item in judged:
            value = label(item)
            if value is not None:
                groups.setdefault(value, []).append(item)
        order = list(dict.fromkeys([*_ORDER.get(by, ()), *sorted(groups)]))
        found += [
            Slice(by, value, {d: brief_measures(column(groups[value], d, of_scorer(d)), seed) for d in DIMENSIONS})
            for value in order
            if value in groups
        ]
    return tuple(found)


def _seen(item: Item, seen: frozenset[str]) -> str:
    return "seen" if item.exchange.context.domain in seen else "unseen"


def _thirds(items: Sequence[Item]) -> dict[str, str]:
    """Reply id to short, middle or long, a third each by words; equal lengths by id."""
    ranked = sorted(items, key=lambda item: (len(item.exchange.reply.split()), item.exchange.id))
    names = ("short", "middle", "long")
    return {item.exchange.id: names[3 * rank // len(ranked)] for rank, item in enumerate(ranked)}


def context_cost(items: Sequence[Item], blank: Sequence[Annotation], seed: int) -> ContextCost:
    """What missing context costs: the same replies scored with every context field unknown.

    Args:
        items: replies as scored with their context.
        blank: the annotation of each without it.
        seed: of the resampling.
    """
    if not any(item.exchange.context != Context() for item in items):
        return ContextCost("not applicable: no reply has any context field", {}, {})
    bare = {id(item): annotation for item, annotation in zip(items, blank, strict=True)}
    without = {}
    cost = {}
    for d in DIMENSIONS:
        both = [item for item in items if item.scored.levels[d] is not None and bare[id(item)].levels[d] is not None]
        with_it = column(both, d, of_scorer(d))
        no_context = column(both, d, lambda item, d=d: bare[id(item)].levels[d])  # type: ignore[misc]
        without[d], _ = measures(no_context, seed)
        cost[d] = difference(with_it, no_context, seed)
    return ContextCost(None, without, cost)
