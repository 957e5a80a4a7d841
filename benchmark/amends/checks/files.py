"""What was named on the command line, as it was read: files, their lines, and what kind of record each holds.

A folder with manifest.json is a data folder, where the name of a file says what it holds. Everywhere else the
keys of the first record say it.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from typing import Any

import orjson

from amends.checks.alike import Alike
from amends.checks.chunks import Stamp, picked, values
from amends.dataset.build import SYSTEMS
from amends.dataset.folder import DataFolder
from amends.dataset.versions import PARTS
from amends.errors import Problem
from amends.records import Json

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

_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Line:
    """One record of a file."""

    number: int
    """Line or row from 1."""
    record: Json
    good: bool
    """It passed its schema; what is wrong between its fields (a span and its quote) may still stand."""


BRIEF = ("id", "supersedes", "scenario_id", "reply_id", "pair_id", "split", "ranking")
"""Fields by which records name each other."""


@dataclass(frozen=True, slots=True)
class Again:
    """Lines of a large file, read from the disk whenever somebody asks: of them only what is brief is kept."""

    file: str
    count: int
    bad: frozenset[int]
    """Numbers of the lines that break their schema."""
    kind: str | None
    superseding: bool = True
    """Some of them supersede another."""
    kept: tuple[bytes, ...] = ()
    """The lines with their fields of ``BRIEF``, some hundred together: 40 bytes an exchange and more."""
    stamp: Stamp = None
    """Of the file before it was read: what lines are read again must be those that were checked."""

    def __len__(self) -> int:
        """Records."""
        return self.count

    def __iter__(self) -> Iterator[Line]:
        """One by one."""
        for number, record in values(self.file, self.stamp):
            if isinstance(record, dict):
                yield Line(number, record, self._good(number))

    def brief(self) -> Iterator[Line]:
        """One by one, with their fields of ``BRIEF`` alone."""
        for some in self.kept:
            for number, record in pickle.loads(some):
                yield Line(number, record, self._good(number))

    def picked(self, numbers: set[int]) -> Iterator[Line]:
        """Some of the lines, whole.

        Args:
            numbers: of the lines.
        """
        for number, record in picked(self.file, numbers, self.stamp):
            yield Line(number, record, self._good(number))

    def _good(self, number: int) -> bool:
        return self.kind is not None and number not in self.bad


def put_away(lines: Sequence[Line]) -> bytes:
    """Lines as ``Again`` keeps them.

    Args:
        lines: some hundred.
    """
    brief = [(line.number, {name: line.record[name] for name in BRIEF if name in line.record}) for line in lines]
    return pickle.dumps(brief, protocol=5)


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
    ours: bool = False
    """It is one of a data folder."""
    told: Mapping[str, Sequence[Problem]] | None = None
    """What the checks of single records found while the file was read, by check; None: they have not looked yet."""

    def each(self, check: str, look: Look) -> Iterable[Problem]:
        """What a check of single records says of the file's, found now where it was not found already.

        Args:
            check: its name.
            look: what it says of one.
        """
        if self.told is not None:
            return self.told.get(check, ())
        return chain.from_iterable([look(self, line) for line in self.lines])

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
Look = Callable[[File, Line], Iterable[Problem]]
"""What is wrong with one record, whatever stands elsewhere."""


@dataclass(frozen=True, slots=True)
class Group:
    """Files that belong together: those of one folder, or all that were named one by one."""

    files: tuple[File, ...]
    folder: DataFolder | None = None
    """The data folder that they are; None for files of any other kind."""
    notes: list[str] = field(default_factory=list, compare=False)
    """What a check did not look at and why, with the check's name in front."""
    alike: Alike | None = field(default=None, compare=False)
    """What stands for the texts of its exchanges, in the order of ``good``; None: nobody has made it."""

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

    def brief(self, *kinds: str, built: bool = False) -> Iterator[Place]:
        """The same records, with nothing but their fields of ``BRIEF`` where the file is large: quick, and held.

        Args:
            kinds: kinds of record.
            built: also those that ``amends data build`` wrote.
        """
        for file in self.files:
            if file.kind in kinds and (built or not file.built):
                yield from _brief(file)

    def superseding(self, kind: str) -> Iterator[Place]:
        """The records among ``brief`` that supersede another.

        Args:
            kind: of record.
        """
        for file in self.files:
            if file.kind == kind and not file.built and (not isinstance(file.lines, Again) or file.lines.superseding):
                yield from (place for place in _brief(file) if isinstance(place[1].record.get("supersedes"), str))

    def good(self, *kinds: str, built: bool = False) -> Iterator[Place]:
        """The records among ``lines`` that passed their schema."""
        return (place for place in self.lines(*kinds, built=built) if place[1].good)


def _brief(file: File) -> Iterator[Place]:
    return ((file, line) for line in (file.lines.brief() if isinstance(file.lines, Again) else file.lines))


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
    return _kind_of_keys(tuple(record)) if isinstance(record, dict) else None


@lru_cache(maxsize=1024)
def _kind_of_keys(have: tuple[str, ...]) -> str | None:
    return next((kind for kind, keys in _BY_KEYS if all(key in have for key in keys)), None)


def problems(group: Group) -> Iterator[Problem]:
    """Everything that was wrong as the files were read."""
    for file in group.files:
        yield from file.problems
