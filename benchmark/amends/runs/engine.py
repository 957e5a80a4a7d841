"""A function over a stream, in order: here or in a pool of processes, never more in memory than the pool can take."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Protocol, TypeVar

from amends.errors import InputError
from amends.runs.head import Tasks
from amends.runs.pool import itself, pool_of
from amends.runs.work import Outcome, Work

Item = TypeVar("Item")
Made = TypeVar("Made")

POOL_FROM = 9
"""Chunks from which a pool is worth its start: two megabytes and more."""


class Engine(Protocol):
    """Who scores the chunks of a file."""

    jobs: int
    """Processes of this machine that may help with what is not scoring."""

    def check(self, tasks: Tasks) -> None:
        """Refuse what this engine cannot do, before anything is written.

        Args:
            tasks: of a file.

        Raises:
            UsageError: it cannot.
        """
        ...

    def __call__(self, work: Work, tasks: Tasks) -> Iterator[Outcome]:
        """What became of each task, in their order, each once.

        Args:
            work: done with each.
            tasks: of a file.
        """
        ...


class Local:
    """The cores of this machine."""

    def __init__(self, jobs: int) -> None:
        """No process is started yet.

        Args:
            jobs: processes at most.
        """
        self.jobs = jobs

    def check(self, tasks: Tasks) -> None:
        """Nothing is refused."""

    def __call__(self, work: Work, tasks: Tasks) -> Iterator[Outcome]:
        """What became of each task, in their order."""
        return in_order(work, iter(tasks), self.jobs)


def in_order(function: Callable[[Item], Made], items: Iterator[Item], jobs: int) -> Iterator[Made]:
    """``map`` on several cores.

    Args:
        function: can be pickled; each process gets it once.
        items: can be pickled; taken as they are needed.
        jobs: processes at most; with one, or for a few items, all is done here.

    Raises:
        InputError: of ``items``, once everything before it was given.
        WorkerError: a process of the pool died.
    """
    failed: list[InputError] = []
    yield from _mapped(function, _until(items, failed), jobs)
    if failed:
        raise failed[0]


def _until(items: Iterator[Item], failed: list[InputError]) -> Iterator[Item]:
    """The items up to where the file fails as a whole, say a cut .gz: what came before counts on all cores."""
    try:
        yield from items
    except InputError as error:
        failed.append(error)


def _mapped(function: Callable[[Item], Made], items: Iterator[Item], jobs: int) -> Iterator[Made]:
    head = list(itertools.islice(items, POOL_FROM)) if jobs > 1 else []
    if len(head) < POOL_FROM:
        yield from map(function, itertools.chain(head, items))
        return
    with pool_of(jobs, itself, function) as pool:
        yield from pool.map(itertools.chain(head, items))
