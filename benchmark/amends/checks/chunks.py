"""Files in chunks that one process cuts and others read: JSON lines as bytes, Parquet in Arrow's form, rows of CSV.

A file that fails as a whole (missing, a folder, empty, UTF-16, nothing in it is UTF-8, a damaged archive) raises, as
``logs.reader.records`` does, with which every chunk's values agree.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from amends.arrow import batch_rows, parquet_batches, parquet_names
from amends.errors import InputError
from amends.jsonl import MAX_LINE, check_path, decode, not_utf8, raw_lines, whole_file
from amends.logs.annotations import hold_annotations, unpacked
from amends.logs.reader import Source, records
from amends.logs.tables import fields_of, record_of

BYTES = 1 << 18
"""Bytes of a chunk of JSON lines: some 300 exchanges of 80 words."""
ROWS = 256
"""Rows of a chunk of anything else."""


@dataclass(frozen=True, slots=True)
class Lines:
    """JSON lines that stand together."""

    first: int
    """Number of the first."""
    lines: list[bytes | None]
    """None for one that is too long."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of a Parquet file."""

    first: int
    """Number of the first row."""
    body: bytes
    """As ``arrow.parquet_batches`` gives them."""
    fields: Mapping[str, str] | None
    """Column to field; None for annotations."""


@dataclass(frozen=True, slots=True)
class Items:
    """Numbered values that are decoded already, or Problems."""

    items: list[tuple[int, Any]]


Chunk = Lines | Batch | Items
Stamp = tuple[int, int, int] | None
"""Size, time of the last change, and number of a file on its disk; zeros for one that is gone."""


def chunks(file: str) -> Iterator[Chunk]:
    """A file from its start.

    Args:
        file: path, or ``-`` for standard input.

    Raises:
        InputError: the file fails as a whole; before its first chunk, save for one that breaks off.
        OSError: it cannot be read.
    """
    name = file.lower()
    if name.endswith(".parquet"):
        return _batches(file)
    if name.endswith(".csv"):
        return grouped(records(Source(file)))
    return _lines(file)


def grouped(items: Iterable[tuple[int, Any]]) -> Iterator[Items]:
    """Numbered values in chunks.

    Args:
        items: of a file, in order.
    """
    together: list[tuple[int, Any]] = []
    try:
        for item in items:
            together.append(item)
            if len(together) == ROWS:
                yield Items(together)
                together = []
    except (InputError, OSError, ValueError):
        # what stood before the break counts
        if together:
            yield Items(together)
        raise
    if together:
        yield Items(together)


def _batches(file: str) -> Iterator[Batch]:
    check_path(file)
    first = 1
    try:
        fields: Mapping[str, str] | None = None
        for body in parquet_batches(file, ROWS):
            if first == 1 and not hold_annotations(names := parquet_names(file)):
                fields = fields_of(file, names, {})
            yield Batch(first, body, fields)
            first += ROWS
    except ValueError as error:
        raise _unreadable(file, error) from None
    if first == 1:
        raise whole_file(file, "no rows", "at least one record", "check how the file was written")


def _unreadable(file: str, error: ValueError) -> Exception:
    return whole_file(file, f"no readable Parquet ({error})", "a Parquet file", "write it again")


def _lines(file: str) -> Iterator[Lines | Items]:
    stream = raw_lines(file)
    held: list[tuple[int, Any]] = []
    for number, line in stream:
        if line is not None and not line.strip():
            continue
        wrong = not_utf8(file, number, line or b"")
        if wrong is None:
            if held:
                yield Items(held)
            yield from _cut(itertools.chain([(number, line)], stream))
            return
        held.append((number, wrong))
    if held:
        raise whole_file(file, "no line that is UTF-8", "UTF-8 text", "save the file as UTF-8")
    raise whole_file(file, "an empty file", "at least one record", "check how the file was written")


def _cut(stream: Iterator[tuple[int, bytes | None]]) -> Iterator[Lines]:
    lines: list[bytes | None] = []
    first, size = 1, 0
    try:
        for number, line in stream:
            if not lines:
                first = number
            lines.append(line)
            size += len(line or b"")
            if size >= BYTES:
                yield Lines(first, lines)
                lines, size = [], 0
    except InputError:
        # what stood before the break counts
        if lines:
            yield Lines(first, lines)
        raise
    if lines:
        yield Lines(first, lines)


def values_of(file: str, chunk: Chunk) -> Iterator[tuple[int, Any]]:
    """Numbered values of a chunk, decoded, or Problems; blank lines are passed over.

    Args:
        file: its name, for the problems.
        chunk: of that file.

    Raises:
        InputError: a batch of Parquet that Python cannot hold.
    """
    if isinstance(chunk, Lines):
        for number, line in enumerate(chunk.lines, start=chunk.first):
            if line is None or not line.isspace():
                yield number, decode(file, number, line, MAX_LINE)
    elif isinstance(chunk, Batch):
        try:
            rows = batch_rows(chunk.body)
            if chunk.fields is None:
                rows = [unpacked(row) for row in rows]
        except ValueError as error:
            raise _unreadable(file, error) from None
        for number, cells in enumerate(rows, start=chunk.first):
            yield number, cells if chunk.fields is None else record_of(file, number, cells, chunk.fields)
    else:
        yield from chunk.items


def values(file: str, stamp: Stamp = None) -> Iterator[tuple[int, Any]]:
    """Numbered values of a file, or Problems, up to where it fails: that is told by whoever reads it first.

    Args:
        file: its path; no standard input.
        stamp: what it had when it was read before; None does not compare.

    Raises:
        InputError: it has another stamp now.
    """
    for chunk in _again(file, stamp):
        with contextlib.suppress(InputError):
            yield from values_of(file, chunk)


def stamp_of(file: str) -> Stamp:
    """What tells a file from itself after somebody has written to it.

    Args:
        file: its path.
    """
    try:
        found = Path(file).stat()
    except OSError:
        return 0, 0, 0
    return found.st_size, found.st_mtime_ns, found.st_ino


def _again(file: str, stamp: Stamp) -> Iterator[Chunk]:
    for chunk in _until(chunks(file)):
        _unchanged(file, stamp)
        yield chunk
    _unchanged(file, stamp)


def _unchanged(file: str, stamp: Stamp) -> None:
    if stamp is not None and stamp_of(file) != stamp:
        remedy = "check it once nobody writes to it, or check a copy"
        raise whole_file(file, "a file that changed while it was checked", "the same file to the end", remedy)


def _until(stream: Iterator[Chunk]) -> Iterator[Chunk]:
    with contextlib.suppress(InputError, OSError, ValueError):
        yield from stream


def picked(file: str, numbers: set[int], stamp: Stamp = None) -> Iterator[tuple[int, Any]]:
    """Values of some lines of a file that was read before; the others are not decoded where they need not be.

    Args:
        file: its path; no standard input.
        numbers: of the lines.
        stamp: what it had when it was read before; None does not compare.

    Raises:
        InputError: it has another stamp now.
    """
    last = max(numbers, default=0)
    for chunk in _again(file, stamp) if numbers else ():
        if isinstance(chunk, Lines):
            if numbers.isdisjoint(range(chunk.first, chunk.first + len(chunk.lines))):
                continue
            for number in sorted(numbers.intersection(range(chunk.first, chunk.first + len(chunk.lines)))):
                yield number, decode(file, number, chunk.lines[number - chunk.first], MAX_LINE)
            if chunk.first + len(chunk.lines) > last:
                return
            continue
        with contextlib.suppress(InputError):
            yield from ((number, value) for number, value in values_of(file, chunk) if number in numbers)
