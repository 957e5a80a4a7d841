"""Do the dimensions come apart, and does anything cheap give a level away? Gold against the writers' plan."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from amends.audit.material import Material, level
from amends.records import DIMENSIONS, Exchange
from amends.statistics.clusters import mean_estimate, share_estimate
from amends.statistics.estimate import Estimate
from amends.statistics.percentile import Resampling, spearman_drawn

CUES: dict[str, Callable[[str], float]] = {
    "words": lambda text: float(len(text.split())),
    "digits": lambda text: float(sum(c.isdigit() for c in text)),
    "question marks": lambda text: float(text.count("?")),
    "exclamation marks": lambda text: float(text.count("!")),
    '"sorry"': lambda text: float(len(re.findall(r"\bsorry\b", text.lower()))),
    '"you"': lambda text: float(len(re.findall(r"\byou\b", text.lower()))),
}
"""Cheap cues: name to how much of it a reply has."""


@dataclass(frozen=True, slots=True)
class Correlation:
    """Spearman's rho of two things over replies."""

    first: str
    second: str
    rho: Estimate


def _rho(pairs: Sequence[tuple[float | None, float | None]], clusters: Sequence[str], seed: int) -> Estimate:
    kept = [(x, y, c) for (x, y), c in zip(pairs, clusters, strict=True) if x is not None and y is not None]
    if not kept:
        return Estimate(None, None, None, 0, 0, None, "no reply has both")
    x, y = np.array([k[0] for k in kept], dtype=np.float64), np.array([k[1] for k in kept], dtype=np.float64)
    return spearman_drawn(x, y, Resampling.of([k[2] for k in kept], seed)).estimate()


def between_dimensions(exchanges: Sequence[Exchange], seed: int) -> list[Correlation]:
    """Correlation of gold levels of each two dimensions.

    Args:
        exchanges: with gold.
        seed: of the resampling.
    """
    clusters = [e.scenario_id or e.id for e in exchanges]
    return [
        Correlation(a, b, _rho([(level(e, a), level(e, b)) for e in exchanges], clusters, seed))
        for a, b in itertools.combinations(DIMENSIONS, 2)
    ]


def with_cues(exchanges: Sequence[Exchange], seed: int) -> list[Correlation]:
    """Correlation of each cheap cue with the gold level of each dimension.

    Args:
        exchanges: with gold.
        seed: of the resampling.
    """
    clusters = [e.scenario_id or e.id for e in exchanges]
    return [
        Correlation(cue, d, _rho([(of(e.reply), level(e, d)) for e in exchanges], clusters, seed))
        for cue, of in CUES.items()
        for d in DIMENSIONS
    ]


@dataclass(frozen=True, slots=True)
class Against:
    """Gold against the writers' plan on one dimension."""

    exact: Estimate
    """Share of replies at the planned level (a mean of two rounded half up)."""
    near: Estimate
    """Share within one level."""
    shift: Estimate
    """Gold minus plan, mean."""


def against_plan(material: Material, exchanges: Sequence[Exchange], seed: int) -> dict[str, Against]:
    """How far gold follows the writers' plan.

    Args:
        material: holds the plan.
        exchanges: replies, of which the planned ones count.
        seed: of the resampling.
    """
    made = {}
    for dimension in DIMENSIONS:
        gaps, clusters = [], []
        for exchange in exchanges:
            plan = material.plan.get(exchange.id, {}).get("levels")
            gold = level(exchange, dimension)
            if plan and gold is not None:
                gaps.append(gold - plan[dimension])
                clusters.append(exchange.scenario_id or exchange.id)
        made[dimension] = Against(
            share_estimate([-0.5 <= gap < 0.5 for gap in gaps], clusters),
            share_estimate([abs(gap) <= 1 for gap in gaps], clusters),
            mean_estimate(gaps, clusters, (-4.0, 4.0), seed),
        )
    return made
