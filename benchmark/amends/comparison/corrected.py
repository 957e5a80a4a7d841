"""People's labels on a drawn part of the replies correct what a scorer says of all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from amends.comparison.effects import MEASURES
from amends.comparison.grouping import labels_of
from amends.comparison.matching import measured, values
from amends.comparison.sides import Side
from amends.errors import UsageError
from amends.logs.labels import LabelFile
from amends.records import DIMENSIONS
from amends.rubric.definitions import version
from amends.signature import signature
from amends.statistics import ppi
from amends.statistics.groups import Tested
from amends.statistics.influence import Codes, distinct
from amends.statistics.multiplicity import holm_of

LIMITS = {"breach": (0.0, 1.0), "full": (0.0, 1.0), "mean": (1.0, 5.0)}


@dataclass(frozen=True, slots=True)
class CorrectedSide:
    """One side, corrected by labels."""

    name: str
    labeled: int
    """Labeled replies of the side."""
    makers: tuple[str, ...]
    """Kinds of their annotators."""
    unmatched: int
    """Labeled replies that are not in the log."""
    unanswered: int
    """Drawn replies of the log that nobody labeled."""
    dimensions: Mapping[str, Mapping[str, ppi.Corrected]]
    """Dimension to breach, full and mean."""
    signature: str

    def to_dict(self) -> dict[str, Any]:
        """As in --json."""
        return asdict(self)


def corrected_side(side: Side, labels: LabelFile, assume_random: bool, others: Sequence[Side] = ()) -> CorrectedSide:
    """Breach, full and mean of one side, from its scorer and its labels together.

    Args:
        side: what was scored.
        labels: of some of its replies.
        assume_random: labels of unknown selection count as drawn by lot.
        others: what else the labels are of; theirs fit, if not here.

    Raises:
        UsageError: no label fits, or the selection is unknown.
    """
    chances = _chances(side, labels, assume_random)
    own = side, labels_of([side])[0]
    found = {
        d: {m: ppi.corrected(log_of(own, labels, chances, d, m), LIMITS[m], m != "mean") for m in MEASURES}
        for d in DIMENSIONS
    }
    ids = side.table.rows_of({*labels.levels, *labels.probabilities})
    line = signature(
        {
            "data": side.tag,
            "n": f"{len(side.units)}/{distinct(own[1])}",
            "missing": int((~side.table.given).sum()),
            "gold": f"{'+'.join(labels.makers)}.{len(chances)}",
            "rubric": version(),
            "scorer": f"{side.judge['name']}.{side.judge['version']}",
            "ci": ppi.METHOD,
        }
    )
    elsewhere = {i for other in others for i in other.table.rows_of(labels.levels)}
    outside = len([i for i in labels.levels if i not in ids and i not in elsewhere])
    silent = len([i for i in labels.probabilities if i in ids and i not in labels.levels])
    return CorrectedSide(side.name, len(chances), labels.makers, outside, silent, found, line)


def _chances(side: Side, labels: LabelFile, assume_random: bool) -> dict[str, float]:
    ids = [name for name in side.table.ids if name in labels.levels]
    if not ids:
        raise UsageError(f"no label is of a reply of {side.name}: the ids of the labels are not among its ids")
    return labels.weights(ids, assume_random, int(side.table.given.sum()))


def log_of(
    labeled: tuple[Side, Codes],
    labels: LabelFile,
    chances: Mapping[str, float],
    dimension: str,
    measure: str,
) -> ppi.Log:
    """One measure of one side as scores and labels.

    A reply that was not given needs no label: it is a breach whoever looks, and it counts once. The weights of the
    labeled are scaled to the number of replies that were given, so that drawn replies which nobody labeled do not
    shift the balance between the two. What the scorer could not judge is left out, labeled or not.

    Args:
        labeled: what was scored, and the cluster of each of its replies.
        labels: of some of its replies.
        chances: inclusion probability of each labeled reply.
        dimension: whose levels count.
        measure: breach, full or mean.
    """
    side, clusters = labeled
    table = side.table
    scores = values(table, dimension, measure)
    own, raw = np.where(table.given, np.nan, np.nan_to_num(scores)), np.full(len(table), np.nan)
    read = table.read
    for row, name in enumerate(table.ids):
        if name in chances:
            raw[row] = chances[name]
        if table.given[row] and read[row] and name in labels.levels:
            level = labels.levels[name].get(dimension)
            own[row] = np.nan if level is None else measured(level, measure)
    kept = ~np.isnan(scores)
    scores, own, raw, given = scores[kept], own[kept], raw[kept], table.given[kept]
    drawn = given & ~np.isnan(own)
    probabilities = np.ones(len(scores))
    if drawn.any():
        scale = given.sum() / (1.0 / raw[drawn]).sum()
        probabilities[drawn] = raw[drawn] / scale
    return ppi.Log(scores, own, probabilities, clusters[kept])


def corrected_changes(
    a: Side, b: Side, labels: LabelFile, assume_random: bool
) -> tuple[dict[str, dict[str, Tested]], dict[str, float]]:
    """Change from a to b, each side corrected by its labels.

    Args:
        a: the first side.
        b: the second.
        labels: of some replies of both.
        assume_random: labels of unknown selection count as drawn by lot.

    Returns:
        Dimension to breach, full and mean with their tests; dimension to Holm's p of the mean.

    Raises:
        UsageError: no label fits a side, the selection is unknown, or a label's id stands on both sides.
    """
    twice = a.table.rows_of(labels.levels).keys() & b.table.rows_of(labels.levels).keys()
    if twice:
        raise UsageError(
            f"{len(twice):,} labels name an id of both sides, e.g. {min(twice)!r}: nobody can say which was "
            "labeled. Give the replies of A and B ids of their own"
        )
    chances = [_chances(side, labels, assume_random) for side in (a, b)]
    both = list(zip((a, b), labels_of((a, b)), strict=True))
    found: dict[str, dict[str, Tested]] = {}
    for d in DIMENSIONS:
        found[d] = {}
        for m in MEASURES:
            logs = [log_of(one, labels, own, d, m) for one, own in zip(both, chances, strict=True)]
            limits = (LIMITS[m][0] - LIMITS[m][1], LIMITS[m][1] - LIMITS[m][0])
            found[d][m] = ppi.corrected_difference(logs[0], logs[1], limits)
    return found, holm_of({d: by["mean"].p for d, by in found.items()})
