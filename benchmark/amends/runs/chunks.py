"""A file of replies or exchanges in chunks that one process cuts and others read: bytes where that is possible.

JSON lines travel as blocks of whole lines and Parquet as batches in Arrow's form; both are decoded where they are
scored. Rows of CSV (whose quotes may span lines), conversations (which are made of many lines) and whatever is masked
(people keep their numbers over a file) are read by the one process that has the file open.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from amends.arrow import batch_rows, parquet_batches, parquet_names
from amends.dataset.folder import released_scenarios
from amends.errors import Problem, UsageError
from amends.jsonl import check_path, is_read_once, whole_file
from amends.logs.imports import forms
from amends.logs.reader import Source, read_exchanges, records, refuse_units
from amends.logs.tables import fields_of, record_of
from amends.records import Exchange
from amends.runs.blocks import Block, blocks, decoded, is_readable

TOGETHER = 256
"""Rows of a chunk that does not travel as bytes."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of a Parquet file."""

    first: int
    """Number of the first row."""
    body: bytes
    """As ``arrow.parquet_batches`` gives them."""
    fields: Mapping[str, str]
    """Column to field."""


@dataclass(frozen=True, slots=True)
class Records:
    """Numbered records that are decoded already, or their Problems."""

    items: list[tuple[int, Any]]


@dataclass(frozen=True, slots=True)
class Exchanges:
    """Numbered exchanges whose ids are told apart already, or Problems."""

    items: list[tuple[int, Exchange | Problem]]


Chunk = Block | Batch | Records | Exchanges


@dataclass(slots=True)
class Opened:
    """How a file is to be cut."""

    source: Source
    whole: bool = False
    """It is read by one process alone: conversations, or a mask."""
    live: Iterator[Block] | None = None
    """The blocks of standard input or a pipe, which cannot be opened again."""

    def chunks(self) -> Iterator[Chunk]:
        """The file from its start; standard input and a pipe once.

        Raises:
            InputError: the file fails as a whole.
            UsageError: options and file do not go together.
        """
        file = self.source.file.lower()
        if self.whole:
            values = None
            if self.live is not None:
                values = (
                    item for block in self.live for item in decoded(self.source.file, block, self.source.max_line)
                )
            return _exchanges(self.source, values)
        if file.endswith(".parquet"):
            return _batches(self.source)
        if file.endswith(".csv"):
            return (Records(items) for items in _grouped(records(self.source)))
        return self.live or blocks(self.source.file, self.source.max_line)


def _exchanges(source: Source, values: Iterator[tuple[int, Any]] | None) -> Iterator[Exchanges]:
    return (Exchanges(items) for items in _grouped(read_exchanges(source, released_scenarios, values)))


def _grouped(items: Iterable[tuple[int, Any]]) -> Iterator[list[tuple[int, Any]]]:
    stream = iter(items)
    while together := list(itertools.islice(stream, TOGETHER)):
        yield together


def _batches(source: Source) -> Iterator[Batch]:
    check_path(source.file)
    first = 1
    try:
        fields = fields_of(source.file, parquet_names(source.file), source.columns)
        for body in parquet_batches(source.file, TOGETHER):
            yield Batch(first, body, fields)
            first += TOGETHER
    except ValueError as error:
        raise unreadable_parquet(source.file, error) from None
    if first == 1:
        raise whole_file(source.file, "no rows", "at least one record", "check how the file was written")


def unreadable_parquet(file: str, error: ValueError) -> Exception:
    """The error of a Parquet file that fails as a whole.

    Args:
        file: its path.
        error: what the library said.
    """
    return whole_file(file, f"no readable Parquet ({error})", "a Parquet file", "write it again")


def opened(source: Source) -> Opened:
    """Look at a file's form: how is it to be cut?

    Args:
        source: the file.

    Raises:
        InputError: the file fails as a whole, as far as its first good line says.
        UsageError: options and file do not go together.
    """
    form = forms.form_of(source.file, source.columns, source.log)
    if form is None:
        return _of_lines(source)
    if form != "table":
        return Opened(source, whole=True)
    refuse_units(source)
    return Opened(source, whole=source.log.mask is not None)


_DOCUMENTS = (".json", ".json.gz", ".json.zst")
"""Files that may be one value rather than a value a line."""


def _of_lines(source: Source) -> Opened:
    if source.file.lower().endswith(_DOCUMENTS):
        return Opened(source, whole=True)
    stream = blocks(source.file, source.max_line)
    once = is_read_once(source.file)
    head: list[Block] = []
    something = readable = False
    shape = None
    for block in stream:
        head = [*head, block] if once else [block]
        something = something or block.body is None or not block.body.isspace()
        readable = readable or is_readable(block)
        first = next((v for _, v in decoded(source.file, block, source.max_line) if not isinstance(v, Problem)), None)
        if first is not None:
            shape = forms.shape_of(first)
            break
    if not readable:
        raise _nothing(source.file, something)
    live = itertools.chain(head, stream) if once else None
    if shape is not None:
        return Opened(source, whole=True, live=live)
    if source.columns:
        raise UsageError("--columns is for .csv and .parquet files")
    refuse_units(source)
    return Opened(source, whole=source.log.mask is not None, live=live)


def _nothing(file: str, something: bool) -> Exception:
    """The error of a file without a line that is text."""
    if something:
        return whole_file(file, "no line that is UTF-8", "UTF-8 text", "save the file as UTF-8")
    return whole_file(file, "an empty file", "at least one record", "check how the file was written")


def values_of(chunk: Chunk, source: Source) -> Iterator[tuple[int, Any]]:
    """Numbered values of a chunk, decoded: records, exchanges, or Problems.

    Args:
        chunk: of the file.
        source: the file.

    Raises:
        InputError: a batch of Parquet that Python cannot hold.
    """
    if isinstance(chunk, Block):
        yield from decoded(source.file, chunk, source.max_line)
    elif isinstance(chunk, Batch):
        try:
            rows = batch_rows(chunk.body)
        except ValueError as error:
            raise unreadable_parquet(source.file, error) from None
        for number, cells in enumerate(rows, start=chunk.first):
            yield number, record_of(source.file, number, cells, chunk.fields)
    else:
        yield from chunk.items
