"""More than two generators on the same scenarios: all pairs, and tiers of significance."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from amends.comparison import matching
from amends.comparison.sides import Side
from amends.comparison.units import common_codes
from amends.comparison.wording import SAMPLING_ONLY, signature_of
from amends.errors import UsageError
from amends.records import DIMENSIONS
from amends.rubric.definitions import dimension_names
from amends.runs.estimates import codes_of
from amends.statistics.clusters import MIN_CLUSTERS
from amends.statistics.estimate import Estimate
from amends.statistics.influence import Codes
from amends.statistics.paired import columns
from amends.statistics.resampling import Floats, smallest_p, step_down

ALPHA = 0.05


@dataclass(frozen=True, slots=True)
class PairEffect:
    """Second against first on one dimension."""

    first: str
    second: str
    better: Estimate
    """P(second's reply is better) + half of P(tie)."""
    mean: Estimate
    """Mean level, second minus first."""
    p_adjusted: float | None
    """Step-down maxima over all pairs and dimensions (Romano & Wolf 2005)."""


@dataclass(frozen=True, slots=True)
class Several:
    """All pairs of several sides."""

    sides: tuple[str, ...]
    design: Mapping[str, Any]
    pairs: Mapping[str, tuple[PairEffect, ...]]
    """Dimension to its pairs."""
    tiers: Mapping[str, tuple[tuple[str, ...], ...]]
    """Dimension to tiers, best first; names within a tier in the order of the alphabet."""
    notes: tuple[str, ...]
    signature: str

    def to_dict(self) -> dict[str, Any]:
        """As in --json."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class _Table:
    """One dimension: a column a pair of sides, a row a scenario."""

    wins: Floats
    """Shape (keys, pairs): 1, 0.5, 0 for the second of the pair; NaN where it cannot be judged."""
    means: Floats
    """Shape (keys, pairs): level of the second minus that of the first."""


def compare_several(sides: Sequence[Side], seed: int) -> Several:
    """All pairs of sides over the scenarios that all of them have.

    Args:
        sides: three or more.
        seed: of the draws.

    Raises:
        UsageError: two sides of one name, or too few keys in common.
    """
    names = [side.name for side in sides]
    if len(set(names)) < len(names):
        raise UsageError("two of the sides have the same name: " + ", ".join(names))
    couples = list(itertools.combinations(range(len(sides)), 2))
    common = _common(sides)
    keys = np.arange(common.count)
    if len(keys) < MIN_CLUSTERS:
        raise UsageError(
            f"more than two sides need {MIN_CLUSTERS} common scenarios or more, and these have {len(keys)}; "
            "compare them two by two"
        )
    tables = {d: _table(sides, couples, common, d) for d in DIMENSIONS}
    centred = [np.where(np.isnan(t.wins), 0.0, t.wins - 0.5) for t in tables.values()]
    adjusted = step_down(np.concatenate(centred, axis=1), seed).reshape(len(DIMENSIONS), len(couples))
    found, tiers = {}, {}
    for row, (dimension, table) in enumerate(tables.items()):
        better = columns(table.wins, keys, (0.0, 1.0), seed)
        mean = columns(table.means, keys, (-4.0, 4.0), seed)
        found[dimension] = tuple(
            PairEffect(names[i], names[j], better[c], mean[c], float(adjusted[row, c]) if better[c].n else None)
            for c, (i, j) in enumerate(couples)
        )
        tiers[dimension] = tiers_of(names, found[dimension])
    design = {
        "design": "paired",
        "pairs": len(keys),
        "clusters": len(keys),
        "replies": [len(side.units) for side in sides],
        "missing": [int((~side.table.given).sum()) for side in sides],
        "smallest_p": smallest_p(len(keys)),
    }
    notes = (*_by_scorer(sides), *_differing(sides, len(keys)), *_thin(found, len(keys)))
    return Several(tuple(names), design, found, tiers, notes, signature_of(sides, design, seed))


def _by_scorer(sides: Sequence[Side]) -> list[str]:
    return [SAMPLING_ONLY] if any(side.judge.get("kind", "program") != "person" for side in sides) else []


def _thin(found: Mapping[str, Sequence[PairEffect]], common: int) -> list[str]:
    """Pairs that rest on fewer scenarios than the others, because some replies could not be judged."""
    names, notes = dimension_names(), []
    for dimension, pairs in found.items():
        fewest = min(pair.better.n for pair in pairs)
        if fewest < common:
            notes.append(
                f"{names[dimension]}: not all replies could be judged; pairs rest on {fewest} to {common} scenarios."
            )
    return notes


def _differing(sides: Sequence[Side], common: int) -> list[str]:
    notes = []
    if len({repr(sorted(side.judge.items())) for side in sides}) > 1:
        notes.append("Not all sides were judged by the same scorer or annotator.")
    wider = [side.name for side in sides if _keys(side) > common]
    if wider:
        notes.append(f"Only the {common} scenarios that all sides have are compared; more have: {', '.join(wider)}.")
    return notes


def _keys(side: Side) -> int:
    """Kinds of keys, none among them."""
    keyed = side.table.keyed
    return len(np.unique(codes_of(side.table.key.keys[keyed]))) + (not keyed.all())


@dataclass(frozen=True, slots=True)
class _Common:
    """The keys that all sides have, in the order of their names."""

    count: int
    places: list[Codes]
    """Of each reply of each side the number of its key among them; -1 for another, or for none."""


def _common(sides: Sequence[Side]) -> _Common:
    tables = [side.table for side in sides]
    rows = [np.flatnonzero(table.keyed) for table in tables]
    names = common_codes(table.key.keys[own] for table, own in zip(tables, rows, strict=True))
    many = max([int(own.max()) + 1 for own in names if len(own)], default=0)
    everywhere = np.flatnonzero(np.logical_and.reduce([np.bincount(own, minlength=many) > 0 for own in names]))
    first = np.zeros(many, dtype=np.intp)
    first[names[0][::-1]] = rows[0][::-1]
    order = sorted(everywhere.tolist(), key=lambda name: tables[0].key.names[int(first[name])])
    place = np.full(many, -1, dtype=np.intp)
    place[np.array(order, dtype=np.intp)] = np.arange(len(order))
    made = []
    for table, own, name in zip(tables, rows, names, strict=True):
        of_side = np.full(len(table), -1, dtype=np.intp)
        of_side[own] = place[name]
        made.append(of_side)
    return _Common(len(order), made)


def _table(sides: Sequence[Side], couples: Sequence[tuple[int, int]], common: _Common, dimension: str) -> _Table:
    wins = np.full((common.count, len(couples)), np.nan)
    means = np.full((common.count, len(couples)), np.nan)
    single = [_column(side, place, common.count, dimension) for side, place in zip(sides, common.places, strict=True)]
    for c, (i, j) in enumerate(couples):
        a, b = single[i], single[j]
        if a is not None and b is not None:
            wins[:, c] = np.where(np.isnan(a) | np.isnan(b), np.nan, (b > a) + 0.5 * (b == a))
            with np.errstate(invalid="ignore"):
                gap = b - a
            means[:, c] = np.where(np.isinf(gap), np.nan, gap)
            continue
        found = matching.pairs(sides[i], sides[j])
        if found is None:
            continue
        at = common.places[i][found.a.rows[found.a.starts]]
        for target, each in (
            (wins, matching.wins(found, dimension)),
            (means, matching.changes(found, dimension, "mean")),
        ):
            kept = at[each.pairs] >= 0
            target[at[each.pairs][kept], c] = each.values[kept]
    return _Table(wins, means)


def _column(side: Side, place: Codes, count: int, dimension: str) -> Floats | None:
    """Level of each key (-inf where no reply was given, NaN where it cannot be judged); None with several samples."""
    if side.samples > 1:
        return None
    column = np.full(count, np.nan)
    column[place[place >= 0]] = matching.rank(side.table, dimension)[place >= 0]
    return column


def tiers_of(names: Sequence[str], found: Sequence[PairEffect]) -> tuple[tuple[str, ...], ...]:
    """Tiers: every side of a tier is significantly better than every side of the tiers below it.

    As the clusters of the conference on machine translation (Bojar et al. 2014): sides are ordered by the mean of
    P(better) over the others, and a boundary stands where all above beat all below at 5% after adjustment.

    Args:
        names: the sides.
        found: all pairs of one dimension.
    """
    better: dict[tuple[str, str], tuple[float, bool]] = {}
    for pair in found:
        p = 0.5 if pair.better.value is None else pair.better.value
        sure = pair.p_adjusted is not None and pair.p_adjusted <= ALPHA
        better[pair.second, pair.first] = p, sure
        better[pair.first, pair.second] = 1 - p, sure
    average = {n: sum(better[n, m][0] for m in names if m != n) / (len(names) - 1) for n in names}
    order = sorted(names, key=lambda n: (-average[n], n))
    tiers: list[list[str]] = [[]]
    for place, name in enumerate(order):
        tiers[-1].append(name)
        above, below = order[: place + 1], order[place + 1 :]
        if below and all(better[x, y][0] > 0.5 and better[x, y][1] for x in above for y in below):
            tiers.append([])
    return tuple(tuple(sorted(tier)) for tier in tiers)
