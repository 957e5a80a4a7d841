"""What there is to learn from: replies with soft marks on words, behaviours and levels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson

from amends.records import DIMENSIONS, Context, Exchange, Json
from amends.rubric.definitions import behaviours
from amends.scorers.rules.reading import Reading
from amends.scorers.trained.inputs import context_words, kinds_of, said_of, words_of
from amends.scorers.trained.pieces import Part
from amends.text import Folded

if TYPE_CHECKING:
    from amends.training.pairs import Pair

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
    pair: Pair | None = None
    """What it owes to the other side, of a contrast pair."""


def read_lines(path: Path) -> list[Json]:
    """Records of a JSON Lines file; none where the file is absent."""
    if not path.is_file():
        return []
    return [orjson.loads(line) for line in path.read_bytes().splitlines() if line.strip()]


def exchange_items(data: Path, split: str) -> list[Item]:
    """Replies of a split with their annotations; all replies to a scenario stand under the writer of its first.

    Folds by writer then hold scenarios together, though later replies to a scenario come from another hand.

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
    items = [item for item in made if item is not None]
    writers: dict[str, str] = {}
    for item in items:
        writers.setdefault(item.scenario, item.writer)
    return [replace(item, writer=writers[item.scenario]) for item in items]


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
    found = words_of(reading)
    nothing = np.full((len(found), len(CODES)), np.nan, np.float32)
    return Item(
        found,
        kinds_of(found, reading),
        context_words(Context.from_dict(raw)),
        said_of(reading),
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
