"""Everything that is named on the command line, read once and in order: here, or by whoever spreads the work.

A bad line is a problem of its line and a bad file is a problem of the file; neither keeps the other lines from being
read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from math import inf
from pathlib import Path
from typing import Any

from amends.checks.alike import Alike
from amends.checks.chunks import Chunk, Stamp, chunks, grouped, stamp_of, values
from amends.checks.files import Again, File, Group, Line, kind_by_keys, kind_by_name, shown
from amends.checks.scan import EACH, Outcome, Task, scan
from amends.dataset.folder import DataFolder
from amends.errors import InputError, Problem
from amends.jsonl import is_read_once, whole_file
from amends.logs.cells import is_table
from amends.logs.reader import Source, records

Spread = Callable[[Callable[[Task], Outcome], Iterator[Task]], Iterable[Outcome]]
"""``map``, or one that works in several processes and keeps the order."""

LARGE = 4_000_000
"""Bytes of JSON lines from which a user's records are not kept in memory but read again where they are needed."""
_PACKED = 8
"""Of how many bytes one of a packed file comes."""
_LINES = (".jsonl", ".jsonl.gz", ".jsonl.zst")


@dataclass(slots=True)
class _Reading:
    """A file that is being read."""

    file: File
    """Its name, and once it is opened its kind."""
    named: bool
    """Its name says its kind: the file is one of a data folder."""
    place: int = 0
    keep: bool = True
    stamp: Stamp = None
    wrong: list[Problem] = field(default_factory=list)
    told: dict[str, list[Problem]] = field(default_factory=lambda: {name: [] for name in EACH})
    lines: list[Line] = field(default_factory=list)
    brief: list[bytes] = field(default_factory=list)
    bad: list[int] = field(default_factory=list)
    superseding: bool = False
    count: int = 0

    def tasks(self) -> Iterator[Task]:
        """The file in chunks, each with what is known by then; what is wrong with the whole of it is kept here."""
        name, kind = self.file.name, self.file.kind
        if self.file.built and Path(name).stat().st_size == 0:
            return  # a split without records is built as an empty file
        self.keep = self.named or is_read_once(name) or _size(name) < LARGE
        self.stamp = stamp_of(name) if not self.keep else None
        held = list(self._values()) if is_read_once(name) else None
        if kind is None:
            kind = self._kind(values(name) if held is None else iter(held))
        self.file = File(name, kind, (), (), self.file.area, self.file.ours)
        for chunk in self._chunks() if held is None else grouped(held):
            yield Task(self.place, self.file, not self.named, self.keep, chunk)

    def _kind(self, stream: Iterator[tuple[int, Any]]) -> str | None:
        """The kind that the first record says whose keys say one."""
        first = None
        for number, record in stream:
            if (kind := kind_by_keys(record)) is not None:
                return kind
            if first is None and not isinstance(record, Problem):
                first = number, record
        if first is not None:
            self.wrong.append(_unknown(self.file.name, *first))
        return None

    def _values(self) -> Iterator[tuple[int, Any]]:
        try:
            yield from records(Source(self.file.name))
        except (InputError, OSError, ValueError) as error:
            self.wrong.extend(_failed(self.file.name, error))

    def _chunks(self) -> Iterator[Chunk]:
        try:
            yield from chunks(self.file.name)
        except (InputError, OSError, ValueError) as error:
            self.wrong.extend(_failed(self.file.name, error))

    def take(self, outcome: Outcome) -> None:
        """Take what became of the next chunk."""
        self.wrong.extend(outcome.wrong)
        for name, found in outcome.told.items():
            self.told[name].extend(found)
        self.count += outcome.count
        if self.keep:
            self.lines.extend([Line(*line) for line in outcome.lines])
        else:
            self.brief.append(outcome.brief)
            self.bad.extend(outcome.bad)
            self.superseding = self.superseding or outcome.superseding

    def done(self) -> File:
        """The file as it was read."""
        name, kind = self.file.name, self.file.kind
        lines: tuple[Line, ...] | Again = tuple(self.lines)
        if not self.keep:
            lines = Again(name, self.count, frozenset(self.bad), kind, self.superseding, tuple(self.brief), self.stamp)
        return File(name, kind, lines, tuple(self.wrong), self.file.area, self.file.ours, self.told)


@dataclass(slots=True)
class _Gathering:
    """A group that is being read."""

    files: list[_Reading]
    folder: DataFolder | None = None
    lone: File | None = None
    """Says that a folder holds no files."""
    alike: Alike = field(default_factory=Alike)
    notes: list[str] = field(default_factory=list)

    def done(self) -> Group:
        """The group as it was read."""
        files = (self.lone,) if self.lone else tuple([one.done() for one in self.files])
        return Group(files, self.folder, self.notes, self.alike)


def read_groups(paths: Sequence[str], spread: Spread = map) -> list[Group]:
    """Read everything named, each file once.

    Args:
        paths: files (``-`` is JSON lines on standard input) and folders.
        spread: does the work on the chunks of all files, in order.

    Returns:
        One group for each folder and one for all files, in the order in which they were named.
    """
    seen: set[Path] = set()
    found: list[_Gathering] = []
    single: list[_Reading] = []
    for path in dict.fromkeys(paths):
        if path != "-" and Path(path).is_dir():
            found.append(_folder(path, seen))
        elif _first_time(path, seen):
            single.append(_reading(path))
    found += [_Gathering(single)] if single else []
    _read(found, spread)
    return [one.done() for one in found]


def _read(found: Sequence[_Gathering], spread: Spread) -> None:
    readings = [(group, i, one) for group in found for i, one in enumerate(group.files)]
    for place, (_, _, one) in enumerate(readings):
        one.place = place
    for outcome in spread(scan, (task for _, _, one in readings for task in one.tasks())):
        group, i, one = readings[outcome.place]
        one.take(outcome)
        if outcome.prints is not None:
            group.alike.add(i, outcome.numbers, outcome.prints, outcome.splits)


def _reading(file: str, relative: str | None = None) -> _Reading:
    """A file that is to be read.

    Args:
        file: its path; ``.jsonl`` (also ``.gz``, ``.zst``), ``.csv``, ``.parquet``, or ``-``.
        relative: its path below the data folder that it belongs to; None for a file of any other kind.
    """
    named = kind_by_name(relative) if relative else None
    area = relative.split("/")[0] if relative and "/" in relative else ""
    return _Reading(File(file, named, (), (), area, relative is not None), named is not None)


def weight(paths: Sequence[str]) -> float:
    """Bytes of JSON lines that files and folders hold, about; endless where nobody can know (standard input, a pipe).

    Args:
        paths: as on the command line.
    """
    if any(map(is_read_once, paths)):
        return inf
    files = [file for path in paths for file in (Path(path).rglob("*.jsonl*") if Path(path).is_dir() else [path])]
    return sum([_size(str(file)) for file in files])


def _size(file: str) -> int:
    path = Path(file)
    if not path.is_file():
        return 0
    packed = not file.lower().endswith((".jsonl", ".csv"))
    return path.stat().st_size * (_PACKED if packed else 1)


def _first_time(path: str, seen: set[Path]) -> bool:
    where = Path(path) if path == "-" else Path(path).resolve()
    if where in seen:
        return False
    seen.add(where)
    return True


def _folder(path: str, seen: set[Path]) -> _Gathering:
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
        return _Gathering([], folder, File(path, None, (), (problem,)))
    new = [name for name in found if _first_time(str(root / name), seen)]
    made = [_reading(str(root / name), name if folder else None) for name in new]
    return _Gathering(made, folder, notes=[] if folder else _left_out(root))


def _left_out(root: Path) -> list[str]:
    """What a folder holds that may be records, and is read only where it is named."""
    tables = sorted(str(file) for file in root.rglob("*") if is_table(str(file)) and file.is_file())
    kind = f"{len(tables):,} .csv or .parquet files"
    return [f"tables: {kind} in {root} were not looked at, e.g. {tables[0]}; name each"] if tables else []


def _failed(file: str, error: InputError | OSError | ValueError) -> Sequence[Problem]:
    """What is wrong with a file as a whole."""
    if isinstance(error, InputError):
        return [_without_options(problem) for problem in error.problems]
    remedy = "check its rights and how it was written"
    return whole_file(file, f"a file that cannot be read ({error})", "a readable file", remedy).problems


def _without_options(problem: Problem) -> Problem:
    """The problem with a remedy that ``check`` has: it takes columns by their names alone."""
    return replace(problem, remedy="rename the columns") if "--columns" in problem.remedy else problem


def _unknown(file: str, number: int, record: Any) -> Problem:
    """The problem of a file whose records are of no kind, told by the first."""
    fields = ", ".join(map(str, record)) or "none" if isinstance(record, dict) else None
    found = f"a record with the fields {fields}"[:200] if fields else shown(record)
    expected = "scenarios, replies, exchanges, annotations, contrast pairs or robustness records"
    return Problem(file, number, "$", found, expected, "rename the fields as schemas/ has them")
