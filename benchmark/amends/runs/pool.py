"""A pool of processes that ends with the process that started it, and says so when one of them dies."""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from amends.errors import WorkerError

_OBJECTS = 50_000
"""New objects after which a worker looks for cycles, which a user's own scorer may make."""


@contextlib.contextmanager
def pool_of(jobs: int, start: Callable[[Any], None], given: Any) -> Iterator[ProcessPoolExecutor]:
    """A pool for the block.

    Args:
        jobs: processes.
        start: called once in each.
        given: to it; can be pickled.

    Raises:
        WorkerError: a process died.
    """
    # spawn, not fork: scorers may hold native threads, and forking those can hang
    context = multiprocessing.get_context("spawn")
    try:
        with ProcessPoolExecutor(jobs, mp_context=context, initializer=_begin, initargs=(start, given)) as pool:
            yield pool
    except BrokenProcessPool:
        raise WorkerError(
            "a worker process died: the system may have killed it for its memory, or it could not start. In a script, "
            "call amends under if __name__ == '__main__': (each worker imports the script), and keep a scorer of your "
            "own in a file; or take one process (--jobs 1, jobs=1). What was written stays"
        ) from None


def _begin(start: Callable[[Any], None], given: Any) -> None:
    # Ctrl+C reaches the whole group of processes: the one that has the pool ends it
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    start(given)
    # records and annotations have no cycles: looking for some at every 700 new objects took 7% of the time of rules
    gc.freeze()
    gc.set_threshold(_OBJECTS)


def _end_with_parent() -> None:
    """A killed parent closes nothing, and a worker would wait for work for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
