"""What was named on the command line, read once: which files, what kind of record each holds, each line's schema.

A folder with manifest.json is a data folder, where the name of a file says what it holds. Everywhere else the
keys of the first record say it. A bad line is a problem of its line and a bad file is a problem of the file;
neither keeps the other lines from being read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

import orjson

from amends.dataset.build import SYSTEMS
from amends.dataset.folder import DataFolder
from amends.dataset.versions import PARTS
from amends.errors import InputError, Problem
from amends.jsonl import whole_file
from amends.logs.reader import Source, records
from amends.records import Json
from amends.schema import problems as schema_problems
from amends.schema import valid

BUILT = ("exchanges", "contrast")
"""Folders of a data folder that ``amends data build`` writes."""

_BY_NAME = {part.files: part.kind for part in PARTS.values() if "*" not in part.files} | {
    "plan.jsonl": "plan",
    "comparisons.jsonl": "comparison",
    "contributed.jsonl": "contributed",
    "withdrawn.jsonl": "withdrawn",
}
"""Single files: those that a version lists, and four that none does."""
_BY_FOLDER = {"annotations": "annotation", "judgements": "judgement", "contrast": "contrast", "exchanges": "exchange"}

_BY_KEYS = (
    ("contributed", ("contribution", "example")),
    ("contribution", ("consent", "reply")),
    ("contribution", ("consent", "credit")),
    ("withdrawn", ("kind", "withdrawn")),
    ("contrast", ("better", "worse")),
    ("gaming", ("honest", "gamed")),
    ("invariance", ("reply", "variant")),
    ("degenerate", ("case", "expect")),
    ("plan", ("reply_id", "kind")),
    ("comparison", ("annotator", "ranking")),
    ("judgement", ("pair_id",)),
    ("annotation", ("reply_id",)),
    ("annotation", ("annotator", "levels")),
    ("exchange", ("turns", "reply")),
    ("reply", ("scenario_id", "text")),
    ("scenario", ("turns",)),
    ("exchange", ("reply",)),
    ("reply", ("text",)),
    ("reply", ("scenario_id",)),
)
"""The first row whose keys are all there decides; the later rows say what a record that lacks one was meant to be."""

_NAMES = {"exchange": "an exchange", "reply": "a reply", "annotation": "an annotation"}
_LINES = (".jsonl", ".jsonl.gz", ".jsonl.zst")
_SHOWN = 60
LARGE = 32_000_000
"""Bytes from which the records of a file are not kept in memory but read again for every check."""


@dataclass(frozen=True, slots=True)
class Line:
    """One record of a file."""

    number: int
    """Line or row from 1."""
    record: Json
    good: bool
    """It passed its schema; what is wrong between its fields (a span and its quote) may still stand."""


@dataclass(frozen=True, slots=True)
class Again:
    """Lines of a large file, read from the disk whenever somebody asks: they are not kept."""

    file: str
    count: int
    bad: frozenset[int]
    """Numbers of the lines that break their schema."""
    kind: str | None

    def __len__(self) -> int:
        """Records."""
        return self.count

    def __iter__(self) -> Iterator[Line]:
        """One by one."""
        for number, record in records(Source(self.file)):
            if isinstance(record, dict):
                yield Line(number, record, self.kind is not None and number not in self.bad)


@dataclass(frozen=True, slots=True)
class File:
    """One file of records."""

    name: str
    """As the user gave it, or below the folder that the user gave."""
    kind: str | None
    """A kind of ``schema.KINDS``; None where nothing says it."""
    lines: tuple[Line, ...] | Again
    problems: tuple[Problem, ...]
    """Of the file as a whole, of lines that are no records, of records that break their schema."""
    area: str = ""
    """In a data folder the first folder below it (``annotations``, ``systems``, ...); else empty."""

    @property
    def built(self) -> bool:
        """``amends data build`` writes it, so its faults are those of its sources."""
        return self.area in BUILT

    @property
    def of_systems(self) -> bool:
        """Replies of whole generators, or what a build joined them into."""
        return self.area == "systems" or self.name.replace("\\", "/").endswith(SYSTEMS)


Place = tuple[File, Line]
"""A record and where it stands."""


@dataclass(frozen=True, slots=True)
class Group:
    """Files that belong together: those of one folder, or all that were named one by one."""

    files: tuple[File, ...]
    folder: DataFolder | None = None
    """The data folder that they are; None for files of any other kind."""
    notes: list[str] = field(default_factory=list, compare=False)
    """What a check did not look at and why, with the check's name in front."""

    def lines(self, *kinds: str, built: bool = False) -> Iterator[Place]:
        """Records of these kinds with their places, in order, good or not.

        Args:
            kinds: kinds of record.
            built: also those that ``amends data build`` wrote.
        """
        for file in self.files:
            if file.kind in kinds and (built or not file.built):
                for line in file.lines:
                    yield file, line

    def good(self, *kinds: str, built: bool = False) -> Iterator[Place]:
        """The records among ``lines`` that passed their schema."""
        return (place for place in self.lines(*kinds, built=built) if place[1].good)


def shown(value: Any) -> str:
    """A value as it stands in a problem: JSON on one line, cut to 60 characters."""
    try:
        text = orjson.dumps(value).decode()
    except TypeError:
        text = repr(value)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 3] + "..."


def step(path: str, key: str | int) -> str:
    """JSON path one step further down."""
    if isinstance(key, int):
        return f"{path}[{key}]"
    return f"{path}.{key}" if key.isidentifier() else f"{path}[{shown(key)}]"


def kind_by_name(relative: str) -> str | None:
    """Kind of record that a file of a data folder holds, by its path below the folder; None for other names."""
    return _BY_NAME.get(relative) or _BY_FOLDER.get(relative.split("/")[0] if "/" in relative else "")


def kind_by_keys(record: Any) -> str | None:
    """Kind of a record by its keys; None where they do not say."""
    if not isinstance(record, dict):
        return None
    return next((kind for kind, keys in _BY_KEYS if all(key in record for key in keys)), None)


def read_groups(paths: Sequence[str]) -> list[Group]:
    """Read everything named, each file once.

    Args:
        paths: files (``-`` is JSON lines on standard input) and folders.

    Returns:
        One group for each folder and one for all files, in the order in which they were named.
    """
    seen: set[Path] = set()
    groups: list[Group] = []
    single: list[File] = []
    for path in dict.fromkeys(paths):
        if path != "-" and Path(path).is_dir():
            groups.append(_folder(path, seen))
        elif _first_time(path, seen):
            single.append(read_file(path))
    return [*groups, Group(tuple(single))] if single else groups


def _first_time(path: str, seen: set[Path]) -> bool:
    where = Path(path) if path == "-" else Path(path).resolve()
    if where in seen:
        return False
    seen.add(where)
    return True


def _folder(path: str, seen: set[Path]) -> Group:
    """A data folder, or any other folder with files of records."""
    root = Path(path)
    folder = DataFolder(root) if (root / "manifest.json").is_file() else None
    suffixes = _LINES[:1] if folder else _LINES
    found = sorted(
        name
        for file in root.rglob("*.jsonl*")
        if file.is_file() and (name := file.relative_to(root).as_posix()).endswith(suffixes)
    )
    if not found:
        problem = Problem(path, None, "$", "no .jsonl file in it", "a folder with records", "name the right folder")
        return Group((File(path, None, (), (problem,)),), folder)
    new = [name for name in found if _first_time(str(root / name), seen)]
    return Group(tuple([read_file(str(root / name), name if folder else None) for name in new]), folder)


def read_file(file: str, relative: str | None = None) -> File:
    """Read one file of records.

    Args:
        file: its path; ``.jsonl`` (also ``.gz``, ``.zst``), ``.csv``, ``.parquet``, or ``-``.
        relative: its path below the data folder that it belongs to; None for a file of any other kind.
    """
    named = kind_by_name(relative) if relative else None
    area = relative.split("/")[0] if relative and "/" in relative else ""
    if area in BUILT and Path(file).stat().st_size == 0:
        return File(file, named, (), (), area)  # a split without records is built as an empty file
    wrong: list[Problem] = []
    stream = _values(file, wrong)
    held: list[tuple[int, Any]] = []
    kind = named
    for number, record in () if named else stream:
        held.append((number, record))
        kind = kind_by_keys(record)
        if kind is not None:
            break
    first = next(((n, r) for n, r in held if not isinstance(r, Problem)), None)
    if kind is None and first is not None:
        wrong.append(_unknown(file, *first))
    keep = named is not None or file == "-" or not Path(file).is_file() or Path(file).stat().st_size < LARGE
    lines: list[Line] = []
    bad: set[int] = set()
    count = 0
    for number, record in chain(held, stream):
        if isinstance(record, Problem):
            wrong.append(record)
            continue
        against = list(_against_schema(file, number, record, kind, mixed=named is None)) if kind else []
        wrong.extend(against)
        if isinstance(record, dict):
            count += 1
            if keep:
                lines.append(Line(number, record, kind is not None and not against))
            elif against:
                bad.add(number)
    return File(file, kind, tuple(lines) if keep else Again(file, count, frozenset(bad), kind), tuple(wrong), area)


def _values(file: str, wrong: list[Problem]) -> Iterator[tuple[int, Any]]:
    """Numbered values of a file, and what is wrong with it as a whole."""
    try:
        yield from records(Source(file))
    except InputError as error:
        wrong.extend(error.problems)
    except (OSError, ValueError) as error:
        remedy = "check its rights and how it was written"
        wrong.extend(whole_file(file, f"a file that cannot be read ({error})", "a readable file", remedy).problems)


def _unknown(file: str, number: int, record: Any) -> Problem:
    """The problem of a file whose records are of no kind, told by the first."""
    fields = ", ".join(map(str, record)) or "none" if isinstance(record, dict) else None
    found = f"a record with the fields {fields}"[:200] if fields else shown(record)
    expected = "scenarios, replies, exchanges, annotations, contrast pairs or robustness records"
    return Problem(file, number, "$", found, expected, "rename the fields as schemas/ has them")


def _against_schema(file: str, number: int, record: Any, kind: str, mixed: bool) -> Iterator[Problem]:
    """What the schema says of one record.

    What it says of spans alone is left to the check of spans, which knows the text and so the remedy.
    """
    try:
        orjson.dumps(record)
    except TypeError:
        expected = "JSON values, at most 250 deep"
        yield Problem(file, number, "$", "a value that no JSON file can hold", expected, "flatten or remove it")
        return
    other = kind_by_keys(record)
    if mixed and other != kind and other in _NAMES and kind in _NAMES and valid(record, other):
        expected = f"{_NAMES[kind]} as in the lines before"
        yield Problem(file, number, "$", _NAMES[other], expected, "put the two kinds into two files")
        return
    spans_alone = kind == "annotation" and valid(record, kind)
    if not spans_alone:
        yield from schema_problems(record, kind, file, number)


def problems(group: Group) -> Iterator[Problem]:
    """Everything that was wrong as the files were read."""
    for file in group.files:
        yield from file.problems
