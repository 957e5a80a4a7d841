"""Annotations that an earlier run of ``score`` left, read back beside the exchanges that they are about."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from amends.arrow import batch_rows, parquet_batches
from amends.errors import InputError, Problem
from amends.jsonl import parse
from amends.logs.annotations import unpacked
from amends.records import Annotation
from amends.runs.blocks import Block, blocks
from amends.runs.columns import Table, judged
from amends.runs.engine import Local, in_order
from amends.runs.head import Tasks
from amends.runs.ordered import Ordered, good_keys
from amends.runs.output import is_parquet
from amends.runs.seen import Keys, keys_of
from amends.runs.work import Work

Found = tuple[Keys, Table]
"""Keys of the reply ids, and columns."""


class _Recalled:
    """Reads annotations of one file, block by block."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __call__(self, block: Block | bytes) -> Found | Problem:
        try:
            read = list(self._records(block))
        except _Damaged as damaged:
            return damaged.problem
        return keys_of([one.reply_id for one in read]), judged(read)

    def _records(self, block: Block | bytes) -> Iterator[Annotation]:
        if isinstance(block, bytes):
            for row in batch_rows(block):
                yield self._made(None, unpacked(row))
            return
        for number, line in enumerate((block.body or b"").split(b"\n"), start=block.first):
            if line.strip():
                try:
                    yield self._made(number, parse(line))
                except orjson.JSONDecodeError as error:
                    raise self._damaged(number, f"broken JSON ({error.msg}, column {error.colno})") from None

    def _made(self, line: int | None, raw: Any) -> Annotation:
        try:
            return Annotation.from_dict(raw)
        except (KeyError, TypeError, AttributeError):
            raise self._damaged(line, "not an annotation") from None

    def _damaged(self, line: int | None, found: str) -> _Damaged:
        return _Damaged(_foreign(self._path, line, found))


class _Damaged(Exception):
    def __init__(self, problem: Problem) -> None:
        self.problem = problem


def _foreign(path: Path, line: int | None, found: str) -> Problem:
    return Problem(str(path), line, "$", found, "what an earlier run wrote", "use --fresh")


class _Stream:
    """Annotations of a file, taken a few at a time."""

    def __init__(self, path: Path, jobs: int) -> None:
        parts: Iterator[Any] = parquet_batches(str(path)) if is_parquet(path) else blocks(str(path))
        self._path = path
        self._blocks = in_order(_Recalled(path), parts, jobs)
        self._keys, self._table = keys_of([]), judged([])

    def take(self, count: int) -> Found:
        """The next so many, fewer at the end."""
        while len(self._table) < count and (found := next(self._blocks, None)) is not None:
            if isinstance(found, Problem):
                raise InputError([found])
            self._keys = np.concatenate([self._keys, found[0]])
            self._table = np.concatenate([self._table, found[1]])
        taken = self._keys[:count], self._table[:count]
        self._keys, self._table = self._keys[count:], self._table[count:]
        return taken


def recalled(work: Work, tasks: Tasks, path: Path, ordered: Ordered, jobs: int) -> Tasks | None:
    """Count what stands already; output is in the order of the input, so it is a head.

    Args:
        work: of the run; it scores nothing here.
        tasks: of the whole file.
        path: the annotations, whole lines.
        ordered: counts them.
        jobs: processes at most.

    Returns:
        The tasks that are left; None where nothing is.

    Raises:
        InputError: a line was damaged, or is about another reply than the input has there.
    """
    stored, done = _Stream(path, jobs), 0
    for read in Local(jobs)(Work(work.source, None), tasks):
        raw = np.array(read.good, dtype=bool)
        numbers = np.array(read.numbers, dtype=np.int64)[raw]
        outcome = ordered.take(read)
        keys, table = stored.take(len(outcome.asked))
        if not np.array_equal(keys, good_keys(outcome)[: len(keys)]):
            line = done + 1 + int(np.argmin((keys == good_keys(outcome)[: len(keys)]).all(axis=1)))
            raise InputError([_foreign(path, line, "an annotation of another reply than the input has there")])
        done += len(table)
        ordered.count(outcome.asked[: len(table)], table)
        if len(table) < len(outcome.asked):
            # places of the exchanges that count, among all that the chunk was read as
            left = np.flatnonzero(np.isin(numbers, np.array(outcome.numbers)[np.array(outcome.good, dtype=bool)]))
            skip = int(left[len(table)]) if not outcome.told_apart else len(table)
            return tasks.since(outcome.place, skip)
    if len(stored.take(1)[0]):
        raise InputError([_foreign(path, done + 1, "more annotations than the input has replies")])
    return None
