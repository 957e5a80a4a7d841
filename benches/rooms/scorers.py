"""Scorers by reply length, beside what a user would pick instead on the same replies."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import orjson
from benches.rooms.markers import markers
from benches.rooms.material import exchanges, write_lines
from benches.rooms.measuring import Case, Clock, Room

LENGTHS = (20, 80, 300, 1000)
VADER, MARKERS = "VADER", "politeness markers"
INTERPRETER = "AMENDS_VADER"
"""Variable with the interpreter that has vaderSentiment."""
_MANY = {"rules": 400_000, "trained": 40_000, VADER: 200_000, MARKERS: 400_000}
"""Words in all, so that long replies are fewer."""
WHO = tuple(_MANY)
BATCH = 1024


def part(who: str, words: int) -> str:
    return f"{who}, {words:,} words"


def _cases(share: float, more: Mapping[tuple[str, int], tuple[int, ...]]) -> list[Case]:
    made = []
    for who, many in _MANY.items():
        for words in LENGTHS:
            sizes = more.get((who, words)) or (max(20, int(many * share) // words),)
            made += [Case(part(who, words), size) for size in sizes]
    return made


def _read(case: Case) -> tuple[str, int]:
    who, _, words = case.part.partition(", ")
    return who, int(words.removesuffix(" words").replace(",", ""))


def _file(folder: Path, case: Case) -> Path:
    return folder / f"replies-{_read(case)[1]}-{case.size}.jsonl"


def prepare(folder: Path, case: Case) -> list[Path]:
    return [write_lines(_file(folder, case), exchanges(case.size, _read(case)[1]))]


def work(folder: Path, case: Case, clock: Clock) -> Mapping[str, Any]:
    who, words = _read(case)
    file = _file(folder, case)
    if who == VADER:
        command = [os.environ[INTERPRETER], str(Path(__file__).with_name("vader.py")), str(file)]
        used = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
        return {"who": who, "words": words, **used}
    if who != MARKERS:
        return {"who": who, "words": words, **_scored(who, file, clock)}
    for batch in _batches(file):
        with clock:
            for text in batch:
                markers(text["reply"])
    return {"who": who, "words": words}


def _batches(file: Path) -> Iterator[list[dict[str, Any]]]:
    """A file's records, so many at a time: what a scorer holds is measured, and not what a bench holds."""
    with file.open("rb") as stream:
        while batch := [orjson.loads(line) for line in islice(stream, BATCH)]:
            yield batch


def _scored(who: str, file: Path, clock: Clock) -> Mapping[str, Any]:
    from amends.records import Exchange
    from amends.runs.scoring import weights_of
    from amends.scorers import load_scorer

    scorer = load_scorer(who)
    scorer.annotate([Exchange.from_dict(text) for text in next(_batches(file))[:8]])
    for batch in _batches(file):
        made = [Exchange.from_dict(text) for text in batch]
        with clock:
            scorer.annotate(made)
    return {"version": str(scorer.version), "weights": weights_of(scorer)}


def there(case: Case) -> bool:
    """VADER is measured where some interpreter has it."""
    return _read(case)[0] != VADER or bool(os.environ.get(INTERPRETER))


ROOM = Room(
    "scorers",
    "reply",
    _cases(1.0, {("rules", 80): (1_000, 10_000), ("trained", 80): (100, 1_000)}),
    _cases(0.1, {("rules", 80): (200, 1_000), ("trained", 80): (20, 60)}),
    prepare,
    work,
    there,
)
