"""Scored items: a reply with its gold, its annotators and what the scorer said; and how near that comes to gold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from amends.dataset.gold import ADJUDICATION, kind_that_counts
from amends.records import DIMENSIONS, Annotation, Context, Exchange, Json
from amends.results import BREACH_BELOW
from amends.runs.scoring import annotated
from amends.scorercard.sections import ByDimension, Measures
from amends.scorers.base import Scorer
from amends.statistics.clusters import mean_estimate
from amends.statistics.concordance import concordance_drawn
from amends.statistics.estimate import Estimate
from amends.statistics.groups import Group, superiority
from amends.statistics.pairwise import ALL, WITHIN, pair_scores
from amends.statistics.percentile import Drawn, Resampling, spearman_drawn
from amends.statistics.resampling import Floats

UPPER = 3.0
"""From here on all replies are decent; telling them apart is the harder task."""
WIDEST = 4.0
"""Levels 1 and 5 lie so far apart."""


@dataclass(frozen=True, slots=True)
class Item:
    """One reply."""

    exchange: Exchange
    gold: Json | None
    """Of the kind that counts; None where nobody of that kind judged it."""
    scored: Annotation
    annotators: Mapping[str, Annotation]
    """Annotators of that kind, adjudications left out: by method, people by name."""

    @property
    def cluster(self) -> str:
        """The scenario, else the reply itself."""
        return self.exchange.scenario_id or self.exchange.id


@dataclass(frozen=True, slots=True)
class Column:
    """Gold and another's levels on one dimension, of the replies that have both."""

    gold: Floats
    other: Floats
    clusters: tuple[str, ...]
    known: dict[int, dict[str, Drawn]] = field(default_factory=dict, repr=False, compare=False)
    """By seed what ``drawn_measures`` gave: a column is measured, and compared with others."""


def gold_kind(exchanges: Iterable[Exchange]) -> str | None:
    """Whose gold counts: people's where it stands on at least half of the replies with gold, else models'."""
    return kind_that_counts(exchange.gold for exchange in exchanges)


def scored_by(scorer: Scorer, exchanges: Sequence[Exchange]) -> list[Annotation]:
    """The scorer's annotations, in order; it sees turns, reply and context only."""
    return [annotation for _, annotation in annotated(scorer, exchanges, 1)]


def without_context(exchanges: Iterable[Exchange]) -> list[Exchange]:
    """The same with every context field unknown."""
    return [replace(exchange, context=Context()) for exchange in exchanges]


def items_of(
    exchanges: Sequence[Exchange],
    scored: Sequence[Annotation],
    annotations: Mapping[str, Sequence[Annotation]],
    kind: str | None,
) -> list[Item]:
    """Put replies, gold, annotators and the scorer's annotations together.

    Args:
        exchanges: with gold where they have it.
        scored: the scorer's annotation of each.
        annotations: of any annotators, by reply id.
        kind: whose gold counts.
    """
    own = {exchange.id: [a for a in annotations.get(exchange.id, ()) if _counts(a, kind)] for exchange in exchanges}
    key = _naming(a for some in own.values() for a in some)
    return [
        Item(exchange, (exchange.gold or {}).get(kind or ""), judged, {key(a): a for a in own[exchange.id]})
        for exchange, judged in zip(exchanges, scored, strict=True)
    ]


def _counts(annotation: Annotation, kind: str | None) -> bool:
    who = annotation.annotator
    return who.role == "annotator" and who.kind == kind and who.method != ADJUDICATION


def _naming(annotations: Iterable[Annotation]) -> Callable[[Annotation], str]:
    """By method, unless several annotators share one (people do): then by name."""
    names: dict[str | None, set[str]] = {}
    for annotation in annotations:
        names.setdefault(annotation.annotator.method, set()).add(annotation.annotator.name)
    if any(len(some) > 1 for some in names.values()) or None in names:
        return lambda a: a.annotator.name
    return lambda a: str(a.annotator.method)


def column(items: Iterable[Item], dimension: str, other: Callable[[Item], float | None]) -> Column:
    """Gold beside another's levels.

    Args:
        items: replies.
        dimension: one of DIMENSIONS.
        other: gives the other's level of an item, None where there is none.
    """
    rows = [
        (float(level), float(theirs), item.cluster)
        for item in items
        if item.gold and (level := item.gold["levels"][dimension]) is not None and (theirs := other(item)) is not None
    ]
    return Column(np.array([r[0] for r in rows]), np.array([r[1] for r in rows]), tuple(r[2] for r in rows))


def of_scorer(dimension: str) -> Callable[[Item], float | None]:
    """What gives the scorer's level."""
    return lambda item: item.scored.levels[dimension]


def nothing(note: str) -> Estimate:
    """An estimate over no reply."""
    return Estimate(None, None, None, 0, 0, None, note)


NO_GOLD = "no reply has both gold and a level"


def measures(found: Column, seed: int, pairs: str | None = None) -> tuple[Measures, str]:
    """All of MEASURES for one column, and which pairs the pairwise ones are over.

    Args:
        found: gold and the other's levels.
        seed: of the resampling.
        pairs: which pairs, where that is not for this column to say.
    """
    if not len(found.gold):
        none = nothing(NO_GOLD)
        return dict.fromkeys(("spearman", "pairs", "ordered", "kappa", "error", "auc", "upper"), none), pairs or WITHIN
    alike = drawn_measures(found, seed)
    pair = pair_scores(found.gold, found.other, found.clusters, seed)
    return {
        "spearman": alike["spearman"].estimate(),
        "pairs": pair.right,
        "ordered": pair.ordered,
        "kappa": alike["kappa"].estimate(),
        "error": error_estimate(found, seed),
        "auc": _auc(found),
        "upper": _upper(found, seed),
    }, pair.which


def drawn_measures(found: Column, seed: int) -> dict[str, Drawn]:
    """Spearman's rho and kappa with their resamples, so that differences can be taken."""
    if seed not in found.known:
        resampling = Resampling.of(found.clusters, seed)
        found.known[seed] = {
            "spearman": spearman_drawn(found.gold, found.other, resampling),
            "kappa": concordance_drawn(found.gold, found.other, resampling),
        }
    return found.known[seed]


def error_estimate(found: Column, seed: int) -> Estimate:
    """Mean absolute error in levels."""
    return mean_estimate(np.abs(found.gold - found.other).tolist(), found.clusters, (0.0, WIDEST), seed)


def _auc(found: Column) -> Estimate:
    """P(a breach of gold has the lower level) + half of ties."""
    breach = found.gold < BREACH_BELOW
    sides = [
        Group(found.other[side], [c for c, keep in zip(found.clusters, side, strict=True) if keep])
        for side in (breach, ~breach)
    ]
    if not breach.any() or breach.all():
        n, groups = len(found.gold), len(set(found.clusters))
        return Estimate(None, None, None, n, groups, None, "gold holds only breaches, or none")
    return superiority(*sides).estimate


def _upper(found: Column, seed: int) -> Estimate:
    keep = found.gold >= UPPER
    clusters = [c for c, one in zip(found.clusters, keep, strict=True) if one]
    if not clusters:
        return nothing("no gold level of 3 or more")
    return spearman_drawn(found.gold[keep], found.other[keep], Resampling.of(clusters, seed)).estimate()


def against_gold(items: Sequence[Item], seed: int) -> tuple[ByDimension, str]:
    """The item-level card, and which pairs it is over."""
    found = {d: measures(column(items, d, of_scorer(d)), seed) for d in DIMENSIONS}
    which = ALL if any(pairs == ALL for _, pairs in found.values()) else WITHIN
    return {d: one for d, (one, _) in found.items()}, which


def difference(first: Column, second: Column, seed: int) -> Measures:
    """LIKE_WITH_LIKE of the first minus those of the second, over the same replies."""
    if not len(first.gold):
        return dict.fromkeys(("spearman", "kappa", "error"), nothing(NO_GOLD))
    a, b = drawn_measures(first, seed), drawn_measures(second, seed)
    gap = np.abs(first.gold - first.other) - np.abs(second.gold - second.other)
    return {
        "spearman": a["spearman"].minus(b["spearman"]).estimate(),
        "kappa": a["kappa"].minus(b["kappa"]).estimate(),
        "error": mean_estimate(gap.tolist(), first.clusters, (-WIDEST, WIDEST), seed),
    }
