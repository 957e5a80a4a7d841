"""What there is to learn from: replies with soft marks on words, behaviours and levels; pairs; orders."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from amends.records import DIMENSIONS, Context, Exchange, Json
from amends.rubric.definitions import behaviours
from amends.scorers.rules.reading import Reading
from amends.scorers.trained.inputs import context_words, kinds_of
from amends.scorers.trained.pieces import Part, parts
from amends.text import Folded

CODES = tuple(behaviours())
"""The 25 codes, in the rubric's order."""
_PLACE = {code: number for number, code in enumerate(CODES)}
UNSURE = 0.5
"""The mark of a word on which annotators differ."""
Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, slots=True)
class Item:
    """One reply to learn from."""

    words: list[Part]
    kinds: list[int]
    context: str
    said: str
    """The customer's turns, folded."""
    marks: Array
    """Words by codes, 0..1: how surely the word is in a span of the code; NaN is unknown."""
    shown: Array
    """Codes, 0..1: how surely the reply shows the code; NaN is unknown."""
    levels: Array
    """Dimensions by five: shares of the annotators; NaN is unknown."""
    scenario: str
    writer: str
    split: str = "train"
    weight: float = 1.0
    key: str = ""
    stems: set[str] = field(default_factory=set)
    """Of the customer's words."""
    gold: tuple[float, ...] = ()
    record: Json = field(default_factory=dict)
    """The scenario's fields."""
    text: str = ""
    """The reply as stored."""
    pair: tuple[str, int, tuple[int, ...]] | None = None
    """Of a contrast pair: its id, +1 for the better side or -1, and +1 per dimension that must move, 0 that must not,
    -1 unknown."""


def read_lines(path: Path) -> list[Json]:
    """Records of a JSON Lines file; none where the file is absent."""
    if not path.is_file():
        return []
    return [orjson.loads(line) for line in path.read_bytes().splitlines() if line.strip()]


def exchange_items(data: Path, split: str) -> list[Item]:
    """Replies of a split with their annotations.

    Args:
        data: a folder of the form of ``data/``.
        split: train or validation.
    """
    marks: dict[str, list[Json]] = {}
    for file in sorted((data / "annotations").rglob(f"{split}.jsonl")):
        for raw in read_lines(file):
            if raw["annotator"]["role"] == "annotator":
                marks.setdefault(str(raw["reply_id"]), []).append(raw)
    made = [
        _item(raw, marks.get(str(raw["id"]), []), split) for raw in read_lines(data / "exchanges" / f"{split}.jsonl")
    ]
    return [item for item in made if item is not None]


def _item(raw: Json, judged: Sequence[Json], split: str) -> Item | None:
    gold = raw.get("gold", {}).get("model") or raw.get("gold", {}).get("person")
    if not gold or any(gold["levels"][d] is None for d in DIMENSIONS):
        return None
    base = bare(raw, raw["reply"])
    size = len(base.words)
    marks = np.zeros((size, len(CODES)), np.float32)
    shown = np.zeros(len(CODES), np.float32)
    folded = Reading(Exchange("", (), raw["reply"])).folded
    spread = [b for a in judged for b in a["behaviours"]]
    for some, sure in ((spread, UNSURE), (gold["behaviours"], 1.0)):
        for mark in some:
            place = _PLACE[mark["code"]]
            shown[place] = max(shown[place], sure * (mark["strength"] >= 0.5 or 0.5))
            for number in inside(base, folded, mark["start"], mark["end"]):
                marks[number, place] = max(marks[number, place], sure)
    return replace(
        base,
        marks=marks,
        shown=shown,
        levels=np.stack([_shares(gold, d) for d in DIMENSIONS]),
        split=split,
        gold=tuple(float(gold["levels"][d]) for d in DIMENSIONS),
    )


def _shares(gold: Json, dimension: str) -> Array:
    """Half the annotators' shares, half the gold level (between two levels it is parted)."""
    counted = np.array(gold["distribution"][dimension], np.float32)
    level = float(gold["levels"][dimension]) - 1
    exact = np.zeros(5, np.float32)
    low = int(level)
    exact[low] += 1 - (level - low)
    if level > low:
        exact[low + 1] += level - low
    share = counted / counted.sum() if counted.sum() else exact
    return np.asarray((share + exact) / 2)


def inside(item: Item, folded: Folded, start: int, end: int) -> list[int]:
    """Numbers of the words of an item that lie in a stretch of the stored text."""
    return [
        number
        for number, (_, first, last) in enumerate(item.words)
        if folded.origin(first) < end and folded.origin(last - 1) >= start
    ]


def bare(raw: Json, text: str) -> Item:
    """A reply to the scenario of a record, with nothing known about it."""
    exchange = Exchange.from_dict({**raw, "reply": text, "id": raw["id"]})
    reading = Reading(exchange)
    found = parts(reading.text)
    nothing = np.full((len(found), len(CODES)), np.nan, np.float32)
    return Item(
        found,
        kinds_of(found, reading),
        context_words(Context.from_dict(raw)),
        reading.customer.text,
        nothing,
        np.full(len(CODES), np.nan, np.float32),
        np.full((3, 5), np.nan, np.float32),
        str(raw.get("scenario_id") or raw["id"]),
        str((raw.get("meta") or {}).get("writer")),
        key=str(raw["id"]),
        stems=reading.customer.stems,
        record=raw,
        text=text,
    )


def pair_items(records: Iterable[Json]) -> list[Item]:
    """Both sides of contrast pairs, one after the other: the better, the worse."""
    made: list[Item] = []
    for raw in records:
        better, worse = bare(raw, raw["better"]), bare(raw, raw["worse"])
        place = _PLACE[raw["behaviour"]]
        moved = _moved(raw)
        holder = 0 if behaviours()[raw["behaviour"]].positive else 1
        sides = [better, worse]
        own = _own_words(sides[holder], sides[1 - holder])
        for number, side in enumerate(sides):
            shown, marks = side.shown.copy(), side.marks.copy()
            shown[place] = 1.0 if number == holder else 0.0
            marks[:, place] = 0.0
            if number == holder:
                marks[own, place] = 0.7
            made.append(
                replace(side, shown=shown, marks=marks, pair=(str(raw["id"]), 1 - 2 * number, moved), split="contrast")
            )
    return made


def _moved(raw: Mapping[str, Any]) -> tuple[int, ...]:
    """Per dimension 1 where the better reply must stand higher, 0 where both stand level, -1 where it is not said."""
    expects = raw.get("expects")
    if expects is not None:
        return tuple(-1 if d not in expects else int(bool(expects[d])) for d in DIMENSIONS)
    return tuple(int(d == raw["dimension"] and raw["behaviour"] != "D5") for d in DIMENSIONS)


def _own_words(one: Item, other: Item) -> list[int]:
    """Words between the common beginning and the common end of two replies."""
    left, right = [w for w, _, _ in one.words], [w for w, _, _ in other.words]
    low = 0
    while low < min(len(left), len(right)) and left[low] == right[low]:
        low += 1
    high = 0
    while high < min(len(left), len(right)) - low and left[-1 - high] == right[-1 - high]:
        high += 1
    return list(range(low, len(left) - high))


def pairs_in(items: Sequence[Item]) -> list[tuple[int, int, tuple[int, ...]]]:
    """Rows of the better and the worse side of every contrast pair, with which dimensions move."""
    at: dict[str, int] = {}
    found: list[tuple[int, int, tuple[int, ...]]] = []
    for row, item in enumerate(items):
        if item.pair is None:
            continue
        name, side, moved = item.pair
        if name in at:
            found.append((at[name], row, moved) if side < 0 else (row, at[name], moved))
        at[name] = row
    return found
