"""Two sides compared: paired where they share keys, else as two groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from amends.comparison import matching
from amends.comparison.effects import MEASURES, BehaviourEffect, Comparison, DimensionEffect, Margin
from amends.comparison.examples import examples
from amends.comparison.grouping import group_of, labels_of
from amends.comparison.matching import Pairs
from amends.comparison.sides import STRATA, Side
from amends.comparison.spread import runs_apart
from amends.comparison.units import Units
from amends.comparison.wording import notes_on, signature_of
from amends.errors import UsageError
from amends.records import DIMENSIONS
from amends.rubric.definitions import behaviours
from amends.statistics.adjusted import standardised
from amends.statistics.clusters import BOUNDED_METHOD, mean_estimate, share_estimate
from amends.statistics.estimate import Estimate
from amends.statistics.groups import Group, Tested, difference, smallest_p, superiority, two_sided_variance
from amends.statistics.influence import Codes, codes, distinct, outermost, t_interval
from amends.statistics.multiplicity import benjamini_hochberg, holm_of
from amends.statistics.paired import columns, paired, visible_difference
from amends.statistics.resampling import DRAWN_SINGLY, flip_p
from amends.statistics.resampling import smallest_p as smallest_flip_p

_TOGETHER = 20_000
"""Pairs up to which a table of all behaviours is laid out."""
LIMITS = {"breach": (-1.0, 1.0), "full": (-1.0, 1.0), "mean": (-4.0, 4.0)}


@dataclass(frozen=True, slots=True)
class Asked:
    """How two sides are to be compared."""

    pair_by: str | None = None
    cluster: tuple[str, ...] = ()
    margin: float | None = None
    seed: int = 12345


def compare_two(a: Side, b: Side, asked: Asked) -> Comparison:
    """B against A.

    Args:
        a: the first side ("before").
        b: the second ("after").
        asked: how.

    Returns:
        Every number with n and interval; what cannot be computed says why.

    Raises:
        UsageError: a key was asked for and no value of it stands on both sides.
    """
    found = matching.pairs(a, b)
    if found is None and asked.pair_by:
        raise UsageError(f"no value of {asked.pair_by} stands on both sides, so nothing can be paired by it")
    if found is None:
        return _finish((a, b), asked, None, _unpaired(a, b, asked))
    crossed = len(outermost(found.groupings))
    if crossed > 2:
        raise UsageError(f"{crossed} --cluster fields cross one another, and compare takes two at most: leave some out")
    return _finish((a, b), asked, found, _paired(found, asked))


_Effects = tuple[dict[str, DimensionEffect], list[BehaviourEffect], dict[str, Any]]
"""By dimension, by behaviour, and the design."""


def _finish(sides: tuple[Side, Side], asked: Asked, found: Pairs | None, made: _Effects) -> Comparison:
    (a, b), (effects, exploratory, design) = sides, made
    adjusted = holm_of({d: e.p for d, e in effects.items()})
    primary = {d: replace(effects[d], p_adjusted=adjusted.get(d)) for d in DIMENSIONS}
    asked_of = [e for e in exploratory if e.p is not None]
    q = dict(zip([e.code for e in asked_of], benjamini_hochberg([e.p or 0.0 for e in asked_of]), strict=True))
    return Comparison(
        a.name,
        b.name,
        design,
        primary,
        tuple(replace(e, q=q.get(e.code)) for e in exploratory),
        design["smallest_p"],
        runs_apart(a, b),
        () if found is None else examples(found),
        notes_on(a, b, design, primary),
        signature_of([a, b], design, asked.seed),
    )


def _paired(found: Pairs, asked: Asked) -> _Effects:
    effects = {d: _paired_dimension(found, d, asked) for d in DIMENSIONS}
    exploratory = _paired_behaviours(found, asked.seed)
    kept = outermost(found.groupings)
    groups = min(distinct(labels) for labels in kept)
    # dimensions that could be judged on fewer clusters can give less
    judged = min([groups, *[e.better.clusters for e in effects.values() if e.better.clusters]])
    design = {
        "design": "paired",
        "pair_by": asked.pair_by or "scenario_id",
        "cluster": list(asked.cluster) or [asked.pair_by or "scenario_id"],
        "crossed": len(kept) > 1,
        "pairs": found.count,
        "clusters": groups,
        "joined": found.joined,
        "replies": [len(half.rows) for half in (found.a, found.b)],
        "without_counterpart": list(found.only),
        "missing": [int((~half.units.given[half.rows]).sum()) for half in (found.a, found.b)],
        "smallest_p": smallest_flip_p(judged) if judged > 1 else None,
    }
    return effects, exploratory, design


def _paired_behaviours(found: Pairs, seed: int) -> list[BehaviourEffect]:
    """Every behaviour's change; one product for all where clusters are not crossed and not too many."""
    known = list(behaviours())
    kept = outermost(found.groupings)
    if len(kept) > 1 or found.count > _TOGETHER or distinct(kept[0]) > DRAWN_SINGLY:
        tested = [
            paired(e.values, e.groupings, (-1.0, 1.0), 0.0, seed) for e in (matching.shown(found, c) for c in known)
        ]
        return [BehaviourEffect(c, t.estimate.scaled(100), t.p, None) for c, t in zip(known, tested, strict=True)]
    table = matching.shown_table(found, known)
    estimates = columns(table, kept[0], (-1.0, 1.0), seed)
    sums = np.zeros((distinct(kept[0]), len(known)))
    np.add.at(sums, codes(kept[0]), np.nan_to_num(table))
    p = flip_p(sums, seed)
    return [
        BehaviourEffect(c, e.scaled(100), float(p[i]) if e.n else None, None)
        for i, (c, e) in enumerate(zip(known, estimates, strict=True))
    ]


def _paired_dimension(found: Pairs, dimension: str, asked: Asked) -> DimensionEffect:
    each = matching.wins(found, dimension)
    better = paired(each.values, each.groupings, (0.0, 1.0), 0.5, asked.seed)
    moved = {}
    for measure in MEASURES:
        change = matching.changes(found, dimension, measure)
        moved[measure] = paired(change.values, change.groupings, LIMITS[measure], 0.0, asked.seed)
    sides = tuple(_side_values(half.units, half.rows, dimension) for half in (found.a, found.b))
    return _effect(better, moved, (sides[0], sides[1]), each.left_out, asked)


def _side_values(units: Units, rows: Codes | slice, dimension: str) -> dict[str, float | None]:
    made: dict[str, float | None] = {}
    for measure in MEASURES:
        values = matching.values(units, dimension, measure)[rows]
        values = values[~np.isnan(values)]
        made[measure] = float(np.mean(values)) if len(values) else None
    return made


def _effect(
    better: Tested,
    moved: Mapping[str, Tested],
    sides: tuple[Mapping[str, float | None], Mapping[str, float | None]],
    left_out: int,
    asked: Asked,
) -> DimensionEffect:
    mean = moved["mean"]
    visible = None
    # where the test cannot reach 5% at all, no difference would be shown
    can = better.least is None or better.least <= 0.05
    if can and mean.error is not None and mean.freedom is not None and mean.estimate.low is not None:
        visible = visible_difference(mean.error, mean.freedom)
    return DimensionEffect(
        better.estimate,
        # Cliff's delta (1993): 2 P - 1
        better.estimate.scaled(2, -1),
        better.p if better.estimate.low is not None else None,
        None,
        moved["breach"].estimate,
        moved["full"].estimate,
        mean.estimate,
        visible,
        sides,
        left_out,
        _margin(mean, asked.margin),
    )


def _margin(mean: Tested, margin: float | None) -> Margin | None:
    value = mean.estimate.value
    if margin is None or value is None or mean.estimate.low is None or mean.estimate.high is None:
        return None
    if mean.error is None or mean.freedom is None or mean.estimate.method == BOUNDED_METHOD:
        # Gaffke's 95% ends, which are wider than 90% ones: the verdict errs on the careful side
        low, high = mean.estimate.low, mean.estimate.high
    else:
        low, high = t_interval(value, mean.error, mean.freedom, LIMITS["mean"], 0.90)
    return Margin(margin, low, high, low > -margin, -margin < low and high < margin)


def _unpaired(a: Side, b: Side, asked: Asked) -> _Effects:
    labels = labels_of((a, b))
    effects = {d: _unpaired_dimension(a, b, labels, d, asked) for d in DIMENSIONS}
    exploratory = []
    for code in behaviours():
        groups, shares = [], []
        for side, own in zip((a, b), labels, strict=True):
            read = side.table.read
            shown, labels_read = side.table.shows(code), own
            if not read.all():
                shown, labels_read = shown[read], own[read]
            groups.append(Group(shown.astype(np.float64), labels_read))
            shares.append(share_estimate(shown, groups[-1].clusters))
        tested = difference(shares[0], shares[1], *groups)
        exploratory.append(BehaviourEffect(code, tested.estimate.scaled(100), tested.p, None))
    counts = [distinct(own) for own in labels]
    zero = np.zeros
    parts = two_sided_variance(zero(len(labels[0])), labels[0], zero(len(labels[1])), labels[1])
    design = {
        "design": "unpaired",
        "pair_by": None,
        "cluster": list(asked.cluster) or ["scenario_id or id"],
        "crossed": False,
        "pairs": 0,
        "clusters": counts,
        "shared_clusters": parts.shared,
        "replies": [len(a.units), len(b.units)],
        "without_counterpart": [len(a.units), len(b.units)],
        "missing": [int((~side.table.given).sum()) for side in (a, b)],
        "smallest_p": smallest_p(parts) if min(counts) > 0 else None,
    }
    return effects, exploratory, design


def _unpaired_dimension(a: Side, b: Side, labels: Sequence[Codes], dimension: str, asked: Asked) -> DimensionEffect:
    better = superiority(*[group_of(s, own, dimension, "rank") for s, own in zip((a, b), labels, strict=True)])
    moved = {}
    for measure in MEASURES:
        groups = [group_of(s, own, dimension, measure) for s, own in zip((a, b), labels, strict=True)]
        of_a, of_b = (_of_group(g, measure, asked.seed) for g in groups)
        moved[measure] = difference(of_a, of_b, *groups)
    sides = tuple(_side_values(side.table, slice(None), dimension) for side in (a, b))
    left_out = sum(int((~side.table.judged(dimension)).sum()) for side in (a, b))
    effect = _effect(better, moved, (sides[0], sides[1]), left_out, asked)
    return replace(effect, standardised=_standardised(a, b, labels, dimension))


def _of_group(group: Group, measure: str, seed: int) -> Estimate:
    if measure == "mean":
        return mean_estimate(group.values, group.clusters, (1.0, 5.0), seed)
    return share_estimate(group.values != 0.0, group.clusters)


def _standardised(a: Side, b: Side, labels: Sequence[Codes], dimension: str) -> dict[str, Any]:
    kinds = [kind for side in (a, b) for kind in side.table.kinds]
    used = [i for i in range(len(STRATA)) if any(kind[i] is not None for kind in kinds)]
    over = [STRATA[i] for i in used]
    if not used:
        return {
            "over": [],
            "difference": None,
            "without_counterpart": [],
            "note": "none of channel, domain, fault, intensity is known",
        }
    groups, strata = [], []
    number: dict[tuple[Any, ...], int] = {}
    of_kinds = [
        [number.setdefault(tuple(kind[j] for j in used), len(number)) for kind in side.table.kinds] for side in (a, b)
    ]
    for side, own, of_kind in zip((a, b), labels, of_kinds, strict=True):
        table = side.table
        levels = matching.values(table, dimension, "mean")
        chosen = ~np.isnan(levels)
        every = bool(chosen.all())
        groups.append(Group(levels, own) if every else Group(levels[chosen], own[chosen]))
        numbers: Any = np.array(of_kind, dtype=np.min_scalar_type(len(number)))
        strata.append(numbers[table.stratum if every else table.stratum[chosen]])
    made = standardised(groups[0], groups[1], strata[0], strata[1])
    return {
        "over": over,
        "difference": made.difference.estimate,
        "p": made.difference.p,
        "strata": made.strata,
        "without_counterpart": [1 - made.covered[0], 1 - made.covered[1]],
        "note": "a value that is not known is a kind of its own",
    }
