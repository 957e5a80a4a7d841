"""Contrast pairs: both sides as replies to learn from, and what two annotators say that parts them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from amends.records import DIMENSIONS, Json
from amends.rubric.definitions import behaviours
from amends.training.material import CODES, Array, Item, bare, read_lines

_PLACE = {code: number for number, code in enumerate(CODES)}
_MARK = 0.7
"""The mark of a changed word for the behaviour that parts a pair: not each of them need be in its span."""
_SURE = 2
"""So many annotators must name a code before it counts in full."""
SIDES = ("first", "second")
"""Of a judgement: the better and the worse reply."""


@dataclass(frozen=True, slots=True)
class Pair:
    """What an item owes to the other side of its pair."""

    name: str
    side: int
    """+1 the better, -1 the worse."""
    moved: tuple[int, ...]
    """Per dimension 1 where the better must stand higher, 0 where both stand level, -1 where it is not said."""
    gap: tuple[float, ...]
    """Per dimension how many levels the better stands higher, by the annotators; NaN where nobody said."""
    equal: tuple[bool, ...]
    """Per code whether both sides show it alike: no annotator names it for one of them alone."""
    common: tuple[int, int]
    """Words that both sides share at the beginning, and at the end."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Where the two sides of a pair stand in a batch."""

    better: int
    worse: int
    pair: Pair
    """Of the better side."""


def judgements_of(data: Path) -> dict[str, list[Json]]:
    """Judgements of contrast pairs of train by pair; none where the folder has none.

    Args:
        data: a folder of the form of ``data/``; ``judgements/*/train.jsonl`` is read.
    """
    made: dict[str, list[Json]] = {}
    for file in sorted((data / "judgements").glob("*/train.jsonl")):
        for raw in read_lines(file):
            made.setdefault(str(raw["pair_id"]), []).append(raw)
    return made


def pair_items(records: Iterable[Json], judged: Mapping[str, Sequence[Json]] | None = None) -> list[Item]:
    """Both sides of contrast pairs, one after the other: the better, the worse.

    Args:
        records: pairs.
        judged: their judgements by id; a pair without any says which dimension moves and nothing of levels.
    """
    made: list[Item] = []
    for raw in records:
        sides = [bare(raw, raw["better"]), bare(raw, raw["worse"])]
        said = (judged or {}).get(str(raw["id"]), ())
        common = _common(*sides)
        named = _named(raw, said)
        gap = _gap(said)
        for number, side in enumerate(sides):
            shown, marks = _shown(side, number, named, common)
            made.append(
                replace(
                    side,
                    shown=shown,
                    marks=marks,
                    levels=_levels(said, SIDES[number]),
                    pair=Pair(str(raw["id"]), 1 - 2 * number, _moved(raw), gap, _equal(named, said), common),
                    split="contrast",
                )
            )
    return made


def _named(raw: Json, said: Sequence[Json]) -> Array:
    """Sides by codes: how surely one side alone shows the code, 0..1; by the pair's maker where nobody judged it."""
    made = np.zeros((2, len(CODES)), np.float32)
    if not said:
        made[0 if behaviours()[raw["behaviour"]].positive else 1, _PLACE[raw["behaviour"]]] = 1
    for own in said:
        for row, side in enumerate(SIDES):
            for code in own[side]["only"]:
                made[row, _PLACE[code]] += 1 / max(_SURE, len(said))
    return made


def _shown(side: Item, number: int, named: Array, common: tuple[int, int]) -> tuple[Array, Array]:
    """Behaviours and marks of a side: what parts the pair is known, everything else is not."""
    shown, marks = side.shown.copy(), side.marks.copy()
    first, last = common[0], len(side.words) - common[1]
    for code in np.flatnonzero(named.sum(0)).tolist():
        mine, theirs = float(named[number, code]), float(named[1 - number, code])
        shown[code] = np.nan if mine and theirs else mine
        marks[:, code] = 0.0
        if mine:
            marks[first:last, code] = _MARK if mine == 1 and (named[number] > 0).sum() == 1 else np.nan
    return shown, marks


def _equal(named: Array, said: Sequence[Json]) -> tuple[bool, ...]:
    """Codes that nobody names for one side alone; none where nobody judged the pair."""
    return tuple(bool(said) and not named[:, code].any() for code in range(len(CODES)))


def _levels(said: Sequence[Json], side: str) -> Array:
    """Dimensions by five: shares of the annotators."""
    made = np.full((len(DIMENSIONS), 5), np.nan, np.float32)
    for row, dimension in enumerate(DIMENSIONS):
        given = [own[side]["levels"][dimension] for own in said]
        if given and None not in given:
            made[row] = np.bincount([int(level) - 1 for level in given], minlength=5)[:5] / len(given)
    return made


def _gap(said: Sequence[Json]) -> tuple[float, ...]:
    better, worse = (_levels(said, side) @ np.arange(1, 6) for side in SIDES)
    return tuple(float(gap) for gap in better - worse)


def _moved(raw: Mapping[str, Any]) -> tuple[int, ...]:
    """Per dimension 1 where the better reply must stand higher, 0 where both stand level, -1 where it is not said."""
    expects = raw.get("expects")
    if expects is not None:
        return tuple(-1 if d not in expects else int(bool(expects[d])) for d in DIMENSIONS)
    return tuple(int(d == raw["dimension"] and raw["behaviour"] != "D5") for d in DIMENSIONS)


def _common(one: Item, other: Item) -> tuple[int, int]:
    """Words of the common beginning and of the common end of two replies."""
    left, right = [w for w, _, _ in one.words], [w for w, _, _ in other.words]
    shortest = min(len(left), len(right))
    low = 0
    while low < shortest and left[low] == right[low]:
        low += 1
    high = 0
    while high < shortest - low and left[-1 - high] == right[-1 - high]:
        high += 1
    return low, high


def pairs_in(items: Sequence[Item]) -> list[Rows]:
    """Rows of the better and the worse side of every contrast pair."""
    at: dict[str, int] = {}
    found: list[Rows] = []
    for row, item in enumerate(items):
        own = item.pair
        if own is None:
            continue
        if own.name in at:
            better, worse = (at[own.name], row) if own.side < 0 else (row, at[own.name])
            found.append(Rows(better, worse, own))
        at[own.name] = row
    return found


def owed(pairs: Sequence[Rows]) -> Array:
    """Pairs by dimensions: how many levels the better side stands higher; NaN where that is not said.

    Args:
        pairs: from ``pairs_in``.
    """
    gap = np.array([rows.pair.gap for rows in pairs], np.float32).reshape(-1, len(DIMENSIONS))
    moved = np.array([rows.pair.moved for rows in pairs]).reshape(-1, len(DIMENSIONS))
    return np.where(np.isnan(gap) & (moved == 0), np.float32(0), gap)
