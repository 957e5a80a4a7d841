"""What is done with a chunk of a file, in whatever process: decode, check, score, write, count.

Everything here can be pickled. What one chunk cannot know (whether an id stood in an earlier one) is settled by the
process that puts the outcomes into order (``runs.ordered``).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from amends.dataset.folder import released_scenarios
from amends.errors import InputError, Problem
from amends.jsonl import dumps
from amends.logs.reader import Reader, Source
from amends.records import Annotation, Exchange
from amends.runs.chunks import Chunk, Exchanges, values_of
from amends.runs.columns import Table, asked, judged
from amends.runs.scoring import annotate
from amends.runs.seen import Keys, keys_of
from amends.scorers.base import Scorer

_TOGETHER = 2048
"""Exchanges that a scorer is given at once; a chunk has fewer, unless its texts are very short."""


@dataclass(frozen=True, slots=True)
class Task:
    """A chunk and what is known of the lines before it."""

    place: int
    """Chunks before it."""
    chunk: Chunk
    kind: str | None
    """exchange or reply, as the lines before decided; None where nothing is decided."""
    skip: int = 0
    """Exchanges at its head whose annotations stand already."""


@dataclass(slots=True)
class Outcome:
    """What became of a chunk."""

    place: int
    kind: str | None
    """What is decided behind it."""
    problems: list[tuple[int, Problem]] = field(default_factory=list)
    """Each with its line, in order."""
    ids: list[str] = field(default_factory=list)
    """Of the lines that are good if their id is new."""
    numbers: list[int] = field(default_factory=list)
    """The line of each id."""
    good: list[bool] = field(default_factory=list)
    """Whether it gave an exchange; a reply to a scenario that nobody knows gave a problem."""
    told_apart: bool = False
    """The ids are known to be new."""
    keys: Keys = field(default_factory=lambda: keys_of([]))
    """Of the ids."""
    asked: Table = field(default_factory=lambda: asked([]))
    """Columns of the exchanges."""
    judged: Table = field(default_factory=lambda: judged([]))
    """Columns of the annotations: of the exchanges behind those that were skipped."""
    lines: bytes = b""
    """Those annotations, a line each."""
    failure: tuple[Problem, ...] = ()
    """Why the file fails as a whole."""


class Work:
    """Takes tasks, one by one; the same object serves this process, a pool and a cluster."""

    def __init__(self, source: Source, scorer: Scorer | None) -> None:
        """Nothing loaded yet.

        Args:
            source: the file.
            scorer: None only reads.
        """
        self.source = source
        self.scorer = scorer

    def __call__(self, task: Task) -> Outcome:
        """Read and score a chunk.

        Args:
            task: the chunk.
        """
        outcome = Outcome(task.place, task.kind)
        try:
            exchanges = list(self._read(task, outcome))
        except InputError as error:
            return Outcome(task.place, task.kind, failure=tuple(error.problems))
        outcome.keys = keys_of(outcome.ids)
        outcome.asked = asked(exchanges)
        if self.scorer is not None:
            annotations = list(_annotated(self.scorer, exchanges[task.skip :]))
            outcome.judged = judged(annotations)
            outcome.lines = b"".join([dumps(annotation.to_dict()) for annotation in annotations])
        return outcome

    def _read(self, task: Task, outcome: Outcome) -> Iterator[Exchange]:
        """The exchanges of a chunk; ids and problems go to the outcome."""
        if isinstance(task.chunk, Exchanges):
            outcome.told_apart = True
            for number, item in task.chunk.items:
                if isinstance(item, Problem):
                    outcome.problems.append((number, item))
                else:
                    outcome.ids.append(item.id)
                    outcome.numbers.append(number)
                    outcome.good.append(True)
                    yield item
            return

        def once(name: str, number: int) -> int:
            outcome.ids.append(name)
            outcome.numbers.append(number)
            outcome.good.append(False)
            return number

        reader = Reader(self.source.file, released_scenarios, task.kind, once)
        for number, value in values_of(task.chunk, self.source):
            for item in [value] if isinstance(value, Problem) else reader.judge(number, value):
                if isinstance(item, Problem):
                    outcome.problems.append((number, item))
                else:
                    outcome.good[-1] = True
                    yield item
        outcome.kind = reader.kind


def _annotated(scorer: Scorer, exchanges: list[Exchange]) -> Iterator[Annotation]:
    for start in range(0, len(exchanges), _TOGETHER):
        yield from annotate(scorer, exchanges[start : start + _TOGETHER])


def repeated(outcome: Outcome, firsts: np.ndarray[tuple[int], np.dtype[np.int64]]) -> list[tuple[int, str, int]]:
    """Ids of an outcome that an earlier line has: line, id, first line.

    Args:
        outcome: of a chunk.
        firsts: the line that had each id first.
    """
    lines = zip(outcome.numbers, outcome.ids, firsts.tolist(), strict=True)
    return [(number, name, first) for number, name, first in lines if first != number]


def without(outcome: Outcome, lines: set[int], skip: int) -> Outcome:
    """An outcome without some of its lines.

    Args:
        outcome: of a chunk.
        lines: numbers of the lines that do not count.
        skip: as in its task.
    """
    kept = [number not in lines for number in outcome.numbers]
    mine = np.array(list(itertools.compress(kept, outcome.good)), dtype=bool)
    written = outcome.lines.splitlines(keepends=True)
    outcome.asked = outcome.asked[mine]
    outcome.judged = outcome.judged[mine[skip:]] if len(outcome.judged) else outcome.judged
    outcome.lines = b"".join(itertools.compress(written, mine[skip:].tolist()))
    # of a line whose id is taken nothing else is said
    outcome.problems = [(number, problem) for number, problem in outcome.problems if number not in lines]
    outcome.ids = list(itertools.compress(outcome.ids, kept))
    outcome.good = list(itertools.compress(outcome.good, kept))
    outcome.numbers = list(itertools.compress(outcome.numbers, kept))
    outcome.keys = outcome.keys[np.array(kept, dtype=bool)]
    return outcome
