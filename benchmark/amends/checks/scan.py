"""What can be said of a record alone, said as its file is read: a chunk at a time, in whatever process.

Everything here can be pickled. What takes more than one record (an id used twice, a text like another) is found by
the process that puts the chunks into order (``reading``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from amends.checks import leakage, personal, spans
from amends.checks.base import exchange_text
from amends.checks.chunks import Chunk, Lines, values_of
from amends.checks.files import File, Line, Look, kind_by_keys, put_away
from amends.checks.prints import Prints, prints
from amends.errors import InputError, Problem
from amends.records import Json
from amends.schema import problems as schema_problems
from amends.schema import valid

EACH: Mapping[str, Look] = {
    "spans": spans.of_line,
    "leakage": leakage.of_line,
    "personal data": personal.of_line,
}
"""Checks of single records, by the names that they have among all checks."""

_NAMES = {"exchange": "an exchange", "reply": "a reply", "annotation": "an annotation"}


@dataclass(frozen=True, slots=True)
class Task:
    """A chunk and what is known of its file."""

    place: int
    """Which of all files."""
    file: File
    """Its name and kind, without lines."""
    mixed: bool
    """The kind was told by its first record, so that a later one may be of another."""
    keep: bool
    """Its records stay in memory."""
    chunk: Chunk


@dataclass(slots=True)
class Outcome:
    """What became of a chunk."""

    place: int
    wrong: list[Problem] = field(default_factory=list)
    """Lines that are no records, and records that break their schema."""
    told: dict[str, list[Problem]] = field(default_factory=dict)
    """What the checks of single records found."""
    count: int = 0
    """Records."""
    bad: list[int] = field(default_factory=list)
    """Lines of the records that break their schema."""
    lines: list[tuple[int, Json, bool]] = field(default_factory=list)
    """Number, record and whether it is good, where records are kept: tuples travel at a third of a Line's cost."""
    brief: bytes = b""
    """What is brief of them, where they are not."""
    superseding: bool = False
    """Some of them supersede another."""
    numbers: list[int] = field(default_factory=list)
    """Lines of the good exchanges of users."""
    splits: list[str | None] = field(default_factory=list)
    prints: Prints | None = None
    """And what stands for their texts."""


def scan(task: Task) -> Outcome:
    """Look at the records of a chunk, each alone.

    Args:
        task: the chunk.
    """
    outcome = Outcome(task.place)
    lines = list(_lines(task, outcome))
    outcome.count = len(lines)
    outcome.bad = [line.number for line in lines if not line.good]
    for name, look in EACH.items():
        outcome.told[name] = [problem for line in lines for problem in look(task.file, line)]
    if task.keep:
        outcome.lines = [(line.number, line.record, line.good) for line in lines]
    else:
        outcome.brief = put_away(lines)
        outcome.superseding = any("supersedes" in line.record for line in lines)
    if task.file.kind == "exchange" and not task.file.built:
        good = [line for line in lines if line.good]
        outcome.numbers = [line.number for line in good]
        outcome.splits = [line.record.get("split") for line in good]
        outcome.prints = prints(exchange_text(line.record) for line in good)
    return outcome


def _lines(task: Task, outcome: Outcome) -> Iterator[Line]:
    """The records of a chunk; what is wrong with them goes to the outcome."""
    file, parsed = task.file, isinstance(task.chunk, Lines)
    try:
        for number, record in values_of(file.name, task.chunk):
            if isinstance(record, Problem):
                outcome.wrong.append(record)
                continue
            against: list[Problem] = []
            if file.kind and not (parsed or _is_json(record)):
                expected = "JSON values, at most 250 deep"
                found = "a value that no JSON file can hold"
                against = [Problem(file.name, number, "$", found, expected, "flatten or remove it")]
            elif file.kind:
                against = list(_against_schema(file.name, number, record, file.kind, task.mixed))
            outcome.wrong.extend(against)
            if isinstance(record, dict):
                yield Line(number, record, file.kind is not None and not against)
    except InputError as error:
        outcome.wrong.extend(error.problems)


def _is_json(record: Any) -> bool:
    try:
        orjson.dumps(record)
    except TypeError:
        return False
    return True


def _against_schema(file: str, number: int, record: Any, kind: str, mixed: bool) -> Iterator[Problem]:
    """What the schema says of one record.

    What it says of spans alone is left to the check of spans, which knows the text and so the remedy.
    """
    other = kind_by_keys(record)
    if mixed and other != kind and other in _NAMES and kind in _NAMES and valid(record, other):
        expected = f"{_NAMES[kind]} as in the lines before"
        yield Problem(file, number, "$", _NAMES[other], expected, "put the two kinds into two files")
        return
    spans_alone = kind == "annotation" and valid(record, kind)
    if not spans_alone:
        yield from schema_problems(record, kind, file, number)
