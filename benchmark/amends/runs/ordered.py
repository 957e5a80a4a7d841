"""Outcomes of chunks, put in order: ids told apart over the file, problems told, columns counted."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from amends.errors import InputError, Problem
from amends.logs.reader import Source, repeated_id
from amends.runs.columns import Table
from amends.runs.seen import Keys, Seen
from amends.runs.tally import Tally
from amends.runs.work import Outcome, repeated, without
from amends.signature import SEED

Tell = Callable[[Problem], None]
"""Told of each problem of the input as it is met."""


class Ordered:
    """What the process keeps that has the file and its output: 110 bytes a reply."""

    def __init__(self, source: Source, tell: Tell, step: Callable[[int], None] = lambda done: None) -> None:
        """Nothing came yet.

        Args:
            source: the file.
            tell: told of each problem.
            step: told of progress, in replies.
        """
        self.tally = Tally(SEED)
        self.problems = 0
        """Problems told of."""
        self._source = source
        self._tell = tell
        self._step = step
        self._seen = Seen()
        self._told = -1

    def take(self, outcome: Outcome, skip: int = 0) -> Outcome:
        """Take the next chunk's outcome: what is left of it is good. A chunk that comes again is not told of again.

        Args:
            outcome: in the order of the file.
            skip: as in its task.

        Raises:
            InputError: the file fails as a whole.
        """
        if outcome.failure:
            raise InputError(outcome.failure)
        again = outcome.place <= self._told
        self._told = max(self._told, outcome.place)
        gone: list[tuple[int, str, int]] = []
        if outcome.ids and not outcome.told_apart:
            gone = repeated(outcome, self._seen.first(outcome.keys, np.array(outcome.numbers, dtype=np.int64)))
        if gone:
            outcome = without(outcome, {number for number, _, _ in gone}, skip)
            file = self._source.file
            outcome.problems += [(number, repeated_id(file, number, name, first)) for number, name, first in gone]
            outcome.problems.sort(key=lambda found: found[0])
        if not again:
            self.problems += len(outcome.problems)
            for _, problem in outcome.problems:
                self._tell(problem)
        return outcome

    def count(self, of_exchanges: Table, of_annotations: Table) -> None:
        """Count judged exchanges.

        Args:
            of_exchanges: their columns.
            of_annotations: those of their annotations; the last of the exchanges are meant, where these are fewer.
        """
        self.tally.extend(of_exchanges[len(of_exchanges) - len(of_annotations) :], of_annotations)
        self._step(len(of_annotations))


def good_keys(outcome: Outcome) -> Keys:
    """Keys of the ids of an outcome's exchanges.

    Args:
        outcome: as ``Ordered.take`` gave it.
    """
    return outcome.keys[np.array(outcome.good, dtype=bool)] if outcome.ids else outcome.keys
