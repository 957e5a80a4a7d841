"""Behaviours: how many of those that a scorer names are there (precision), and how many of those there it names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from amends.records import DIMENSIONS
from amends.rubric.definitions import behaviours
from amends.scorercard.items import Item
from amends.scorercard.sections import Detection
from amends.statistics.clusters import share_estimate
from amends.statistics.estimate import Estimate
from amends.statistics.percentile import Resampling, ratio


def detection(items: Sequence[Item], seed: int) -> Mapping[str, Detection]:
    """Precision, recall and F1 of every behaviour, reply by reply; passing hints count on both sides.

    Args:
        items: replies; those without gold, and those on which the scorer gave no level at all, are left out.
        seed: of the resampling.
    """
    read = [i for i in items if i.gold and any(i.scored.levels[d] is not None for d in DIMENSIONS)]
    clusters = [item.cluster for item in read]
    gold = [{b["code"] for b in (item.gold or {})["behaviours"]} for item in read]
    found = [{b.code for b in item.scored.behaviours} for item in read]
    return {code: _one([code in g for g in gold], [code in f for f in found], clusters, seed) for code in behaviours()}


def _one(gold: Sequence[bool], found: Sequence[bool], clusters: Sequence[str], seed: int) -> Detection:
    there, named = np.array(gold, dtype=bool), np.array(found, dtype=bool)
    both = there & named
    precision = _share(both[named], [c for c, one in zip(clusters, named, strict=True) if one], "the scorer never")
    recall = _share(both[there], [c for c, one in zip(clusters, there, strict=True) if one], "gold never")
    return Detection(
        precision, recall, _f1(there, named, clusters, seed), int(there.sum()), int(named.sum()), int(both.sum())
    )


def _share(hits: np.ndarray[tuple[int], np.dtype[np.bool_]], clusters: Sequence[str], who: str) -> Estimate:
    if not len(hits):
        return Estimate(None, None, None, 0, 0, None, f"{who} marks it")
    return share_estimate(hits.tolist(), clusters)


def _f1(
    there: np.ndarray[tuple[int], np.dtype[np.bool_]],
    named: np.ndarray[tuple[int], np.dtype[np.bool_]],
    clusters: Sequence[str],
    seed: int,
) -> Estimate:
    """2 tp / (2 tp + fp + fn) = 2 tp / (gold + found)."""
    if not there.any():
        # where gold never marks it, any F1 would be 0 whatever the scorer does
        return Estimate(None, None, None, len(there), len(set(clusters)), None, "gold never marks it")
    above = 2.0 * (there & named).astype(np.float64)
    below = there.astype(np.float64) + named.astype(np.float64)
    return ratio(above, below, Resampling.of(clusters, seed), "nobody marks it").estimate()
