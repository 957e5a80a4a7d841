"""What a calibration is worth on replies that it was not fitted on.

Each fold is judged by odds of its own, so that equal levels of a member come out a little higher in one fold than in
another, and higher where the replies that were left out are worse. Over all replies together that would break ties the
wrong way; so rho is taken within folds and averaged by their replies, for every scorer alike. The other measures are
means over replies and need no such care.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from amends.records import DIMENSIONS, Annotation, Json
from amends.scorercard.items import NO_GOLD, WIDEST, nothing
from amends.statistics.calibration import calibration_error, gold_masses, ranked_probability_scores
from amends.statistics.clusters import mean_estimate
from amends.statistics.estimate import Estimate
from amends.statistics.percentile import Drawn, Resampling, spearman_drawn, undrawn
from amends.statistics.resampling import Floats

MEASURES = ("error", "spearman", "rps", "top")
"""Mean absolute error in levels; Spearman's rho within folds; ranked probability score, where a level without
probabilities counts as certain; expected calibration error of the likeliest level."""

GAINS = ("error", "spearman", "rps")
"""Measures that are compared on the same replies."""

LEAST_A_FOLD = 4
"""Scenarios that every fold must have for an interval of rho. Simulated with five folds of replies to scenarios that
differ: with two a fold the nominal 95% cover 86%, with three 92%, with four and more 95%."""


@dataclass(frozen=True, slots=True)
class Held:
    """What replies are measured by."""

    gold: Sequence[Mapping[str, float | None]]
    clusters: Sequence[str]
    folds: Sequence[int]
    seed: int


@dataclass(frozen=True, slots=True)
class _Rows:
    """Replies with gold and a level on one dimension."""

    gold: Floats
    level: Floats
    probabilities: Floats
    """Shape (n, 5); of a level without probabilities its masses."""
    spread: bool
    """Whether every one of them was given."""
    clusters: tuple[str, ...]
    folds: Floats

    @property
    def errors(self) -> Floats:
        """In levels."""
        return np.abs(self.gold - self.level)

    @property
    def scores(self) -> Floats:
        """Ranked probability scores."""
        return ranked_probability_scores(self.probabilities, self.gold)


def measured(held: Held, scored: Mapping[str, Sequence[Annotation]]) -> Json:
    """Every scorer against gold, and the last of them minus each of the others on the replies that both judged.

    Args:
        held: gold, clusters and folds of the replies.
        scored: scorer to its annotation of each reply; the whole last.

    Returns:
        ``levels`` and ``gains``: scorer to dimension to measure to an Estimate as JSON.
    """
    *others, whole = scored
    return {
        "levels": {name: _plain({d: _levels(held, some, d) for d in DIMENSIONS}) for name, some in scored.items()},
        "gains": {
            name: _plain({d: _gains(held, scored[whole], scored[name], d) for d in DIMENSIONS}) for name in others
        },
    }


def _plain(found: Mapping[str, Mapping[str, Estimate]]) -> Json:
    return {d: {name: one.to_dict() for name, one in some.items()} for d, some in found.items()}


def _rows(held: Held, annotations: Sequence[Annotation], dimension: str, beside: Sequence[Annotation]) -> _Rows:
    """Replies with gold to which these annotations, and those beside them, give a level."""
    at = [
        i
        for i, (gold, one, other) in enumerate(zip(held.gold, annotations, beside, strict=True))
        if None not in (gold[dimension], one.levels[dimension], other.levels[dimension])
    ]
    level = np.array([annotations[i].levels[dimension] for i in at], dtype=np.float64)
    given = [(annotations[i].probabilities or {}).get(dimension) for i in at]
    masses = gold_masses(level) if at else np.zeros((0, 5))
    spread = [m if p is None else np.array(p) / sum(p) for m, p in zip(masses, given, strict=True)]
    return _Rows(
        np.array([held.gold[i][dimension] for i in at], dtype=np.float64),
        level,
        np.array(spread, dtype=np.float64).reshape(-1, 5),
        None not in given,
        tuple(held.clusters[i] for i in at),
        np.array([held.folds[i] for i in at], dtype=np.float64),
    )


def _levels(held: Held, annotations: Sequence[Annotation], dimension: str) -> dict[str, Estimate]:
    rows = _rows(held, annotations, dimension, annotations)
    if not len(rows.gold):
        return dict.fromkeys(MEASURES, nothing(NO_GOLD))
    return {
        "error": mean_estimate(rows.errors.tolist(), rows.clusters, (0.0, WIDEST), held.seed),
        "spearman": _told(_rho(rows, held.seed), rows),
        "rps": mean_estimate(rows.scores.tolist(), rows.clusters, (0.0, 1.0), held.seed),
        "top": _top(rows, held.seed) if rows.spread else nothing("this scorer gives levels without probabilities"),
    }


def _gains(held: Held, whole: Sequence[Annotation], other: Sequence[Annotation], dimension: str) -> dict[str, Estimate]:
    a, b = _rows(held, whole, dimension, other), _rows(held, other, dimension, whole)
    if not len(a.gold):
        return dict.fromkeys(GAINS, nothing(NO_GOLD))
    return {
        "error": mean_estimate((a.errors - b.errors).tolist(), a.clusters, (-WIDEST, WIDEST), held.seed),
        "spearman": _told(_rho(a, held.seed).minus(_rho(b, held.seed)), a),
        "rps": mean_estimate((a.scores - b.scores).tolist(), a.clusters, (-1.0, 1.0), held.seed),
    }


def _told(found: Drawn, rows: _Rows) -> Estimate:
    """Rho with its interval, where every fold has scenarios enough to draw from."""
    scenarios = {fold: set[str]() for fold in rows.folds.tolist()}
    for fold, cluster in zip(rows.folds.tolist(), rows.clusters, strict=True):
        scenarios[fold].add(cluster)
    if found.value is None or min(map(len, scenarios.values())) >= LEAST_A_FOLD:
        return found.estimate()
    note = f"no interval: a fold has fewer than {LEAST_A_FOLD} scenarios"
    return Estimate(found.value, None, None, found.n, found.clusters, None, note)


def _rho(rows: _Rows, seed: int) -> Drawn:
    """Spearman's rho within each fold, averaged by replies; clusters are resampled within folds."""
    value, draws = 0.0, np.zeros(1)
    n = len(rows.gold)
    for fold in np.unique(rows.folds):
        own = rows.folds == fold
        clusters = [cluster for cluster, one in zip(rows.clusters, own, strict=True) if one]
        found = spearman_drawn(rows.gold[own], rows.level[own], Resampling.of(clusters, seed + int(fold)))
        if found.value is None:
            return undrawn(n, len(set(rows.clusters)), f"in a fold {found.note}")
        share = float(own.sum()) / n
        value, draws = value + share * found.value, draws + share * found.draws
    return Drawn(value, draws, n, len(set(rows.clusters)))


def _top(rows: _Rows, seed: int) -> Estimate:
    """Expected calibration error of the likeliest level."""
    likeliest = rows.probabilities.argmax(axis=1)
    at = np.arange(len(likeliest))
    came = gold_masses(rows.gold)[at, likeliest]
    return calibration_error(rows.probabilities[at, likeliest], came, Resampling.of(rows.clusters, seed)).estimate()
