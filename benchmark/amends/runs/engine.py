"""A function over a stream, in order: here or in a pool of processes, never more in memory than the pool can take."""

from __future__ import annotations

import itertools
import multiprocessing
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from typing import Any, Protocol, TypeVar

from amends.runs.head import Tasks
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


_function: Callable[[Any], Any] | None = None


def _start(function: Callable[[Any], Any]) -> None:
    global _function
    _function = function


def _call(item: Any) -> Any:
    if _function is None:
        raise RuntimeError("the pool's worker was not started with a function")
    return _function(item)


def in_order(function: Callable[[Item], Made], items: Iterator[Item], jobs: int) -> Iterator[Made]:
    """``map`` on several cores.

    Args:
        function: can be pickled; each process gets it once.
        items: can be pickled; taken as they are needed.
        jobs: processes at most; with one, or for a few items, all is done here.
    """
    head = list(itertools.islice(items, POOL_FROM)) if jobs > 1 else []
    if len(head) < POOL_FROM:
        yield from map(function, itertools.chain(head, items))
        return
    # spawn, not fork: scorers may hold native threads, and forking those can hang
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=_start, initargs=(function,)) as pool:
        waiting: deque[Future[Made]] = deque()
        try:
            for item in itertools.chain(head, items):
                waiting.append(pool.submit(_call, item))
                if len(waiting) > 3 * jobs:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()
