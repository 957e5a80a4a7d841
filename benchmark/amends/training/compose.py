"""Replies put together anew from marked sentences: what they show is known, and so are their levels by the rubric."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from amends.records import DIMENSIONS, Behaviour
from amends.rubric.definitions import behaviours
from amends.rubric.levels import decide
from amends.scorers.trained.inputs import shared_kinds
from amends.training.material import CODES, Array, Item

Random = np.random.Generator
_ANYWHERE = frozenset(("E4", "E5", "E6", "E7", "D4", "D5", "D6", "D7", "D8", "D9", "X5", "X6", "X7", "X8"))
"""Codes whose sentences fit a reply to another scenario."""
_NEGATIVE = frozenset(code for code in _ANYWHERE if not behaviours()[code].positive)
_MINUS, _DRAWS = 0.5, 8
"""Share of sentences put in that must show a minus behaviour, as few do and each moves a level; draws to find one."""
_PLACE = {code: number for number, code in enumerate(CODES)}
_SURE = 0.8
"""Share of the level by the marks that all annotators gave; the rest is by all marks."""


def sentences(item: Item) -> list[tuple[int, int]]:
    """Sentences of an item as (first, after last) word."""
    found: list[tuple[int, int]] = []
    first = 0
    for number, (word, _, _) in enumerate(item.words):
        if word[0] in ".!?" or number + 1 == len(item.words):
            found.append((first, number + 1))
            first = number + 1
    return found


def composed(item: Item, mates: Sequence[Item], others: Sequence[Item], random: Random) -> Item:
    """A reply with a sentence left out, or with one or two of other replies put in.

    Args:
        item: with its marks.
        mates: replies to the same scenario.
        others: replies to any scenario; of those only sentences that fit anywhere are taken.
        random: of the fit.
    """
    rows: list[tuple[Item, int]] = [(item, n) for n in range(len(item.words))]
    own = sentences(item)
    if len(own) > 1 and random.random() < 0.6:
        first, last = own[int(random.integers(len(own)))]
        rows = rows[:first] + rows[last:]
    for _ in range(int(random.integers(0, 3))):
        sentence = _taken(mates if mates and random.random() < 0.5 else others, bool(mates), item, random)
        if sentence:
            ends = [0, *(n + 1 for n, (owner, at) in enumerate(rows) if owner.words[at][0][0] in ".!?"), len(rows)]
            place = ends[int(random.integers(len(ends)))]
            rows = rows[:place] + sentence + rows[place:]
    return _made(item, rows) if len(rows) > 3 else item


def _taken(pool: Sequence[Item], same: bool, item: Item, random: Random) -> list[tuple[Item, int]]:
    """A sentence with marks out of a pool; nothing where a few draws find none that fits."""
    minus = random.random() < _MINUS
    for _ in range(_DRAWS):
        other = pool[int(random.integers(len(pool)))]
        whole = sentences(other)
        if not whole or not len(other.marks):
            continue
        first, last = whole[int(random.integers(len(whole)))]
        shown = {CODES[n] for n in np.flatnonzero(np.nanmax(other.marks[first:last], 0) >= 0.5)}
        if minus and shown.isdisjoint(_NEGATIVE):
            continue
        if shown and (other.scenario == item.scenario or shown <= _ANYWHERE):
            return [(other, n) for n in range(first, last)]
    return []


def _made(item: Item, rows: Sequence[tuple[Item, int]]) -> Item:
    words = [owner.words[at] for owner, at in rows]
    marks = np.stack([owner.marks[at] for owner, at in rows])
    shown = np.nanmax(marks, 0)
    _formulas(item, marks, shown)
    if shown[_PLACE["X4"]] > 0 and shown[_PLACE["X2"]] == 0 and item.shown[_PLACE["X2"]] > 0:
        shown[_PLACE["X4"]] = np.nan
    levels = _SURE * _levels(item, marks, 1.0) + (1 - _SURE) * _levels(item, marks, 0.5)
    kinds = shared_kinds([word for word, _, _ in words], item.said, item.stems)
    return replace(item, words=words, marks=marks, shown=shown, levels=levels.astype(np.float32), kinds=kinds, gold=())


def _formulas(item: Item, marks: Array, shown: Array) -> None:
    """A stock phrase counts only where it is all the empathy there is."""
    stock = _PLACE["E8"]
    if max(shown[_PLACE[code]] for code in ("E1", "E2", "E3")) >= 0.5:
        marks[:, stock] = 0
        shown[stock] = 0
    elif shown[stock] == 0 and max(item.shown[_PLACE[code]] for code in ("E1", "E2", "E3")) >= 0.5:
        marks[:, stock] = np.nan
        shown[stock] = np.nan


def _levels(item: Item, marks: Array, floor: float) -> Array:
    """Levels by the rubric's clauses of the marks at or above a floor, each as five shares."""
    seen = [
        Behaviour(CODES[code], int(start), int(start) + 1, "")
        for code in range(len(CODES))
        for start in _starts(np.nan_to_num(marks[:, code]) >= floor)
    ]
    flags = ("not_upset",) if item.record.get("emotion") == "none" else ()
    decided: Mapping[str, object] = decide(seen, flags, item.record.get("fault"))
    made = np.zeros((len(DIMENSIONS), 5), np.float32)
    for row, dimension in enumerate(DIMENSIONS):
        made[row, int(decided[dimension].level) - 1] = 1  # type: ignore[attr-defined]
    return made


def _starts(inside: Array) -> list[int]:
    """Where runs of marked words begin."""
    return [int(n) for n in np.flatnonzero(inside & ~np.concatenate([[False], inside[:-1]]))]
