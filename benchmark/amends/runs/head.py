"""The head of a file: up to its first good line, which says what the others must be; and the tasks from there on."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from amends.jsonl import is_read_once
from amends.logs.reader import Source
from amends.runs.chunks import Chunk, Opened, opened
from amends.runs.work import Outcome, Task, Work


@dataclass(frozen=True, slots=True)
class Tasks:
    """Chunks of a file as tasks. Can be pickled, save for standard input."""

    way: Opened
    at: int
    """Place of the chunk with the first good line; those before it are done with."""
    before: str | None
    """The kind that was decided before that chunk."""
    after: str | None
    """And behind it."""
    start: int
    """Place of the first task."""
    skip: int = 0
    """Exchanges at the head of the first task whose annotations stand already."""
    rest: Iterator[Chunk] | None = None
    """Of standard input or a pipe, the chunks from ``at`` on."""

    def __iter__(self) -> Iterator[Task]:
        """Read the file again, from its start."""
        chunks = self.rest or itertools.islice(self.way.chunks(), self.at, None)
        for place, chunk in enumerate(chunks, start=self.at):
            if place >= self.start:
                kind = self.before if place == self.at else self.after
                yield Task(place, chunk, kind, self.skip if place == self.start else 0)

    def since(self, start: int, skip: int) -> Tasks:
        """The tasks from a later chunk on.

        Args:
            start: its place.
            skip: exchanges at its head whose annotations stand already.
        """
        return replace(self, start=start, skip=skip)


def tasks_of(source: Source, passed: Callable[[Outcome], object]) -> Tasks | None:
    """Look for the first good line of a file.

    Args:
        source: the file.
        passed: given what became of the chunks before it, which have no good line.

    Returns:
        The chunks from there on; None where no line is good.

    Raises:
        InputError: the file fails as a whole.
        UsageError: options and file do not go together.
    """
    way = opened(source)
    read = Work(source, None)
    kind: str | None = None
    chunks = way.chunks()
    for place, chunk in enumerate(chunks):
        outcome = read(Task(place, chunk, kind))
        if any(outcome.good):
            rest = itertools.chain([chunk], chunks) if is_read_once(source.file) else None
            return Tasks(way, place, kind, outcome.kind, place, 0, rest)
        passed(outcome)
        kind = outcome.kind
    return None
