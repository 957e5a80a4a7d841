"""Worker processes that end with the process that started them; a run says so when one of them dies.

Not ``concurrent.futures.ProcessPoolExecutor``: its processes share two pipes, and one that is killed while it writes
to them (a system short of memory does that) leaves the others and the caller waiting for ever, as do, before Python
3.11.5, long calls that nobody is left to read (CPython issue 94777). Here each process has a pipe of its own, which
breaks when it dies, and a thread that waits for it.
"""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import pickle
import signal
import threading
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from multiprocessing import resource_tracker, util
from multiprocessing.connection import Connection
from multiprocessing.reduction import ForkingPickler
from typing import Any, Generic, TypeVar

from amends.errors import AmendsError, WorkerError

Item = TypeVar("Item")
Made = TypeVar("Made")
Make = Callable[[Any], Callable[[Item], Made]]

_AHEAD = 3
"""Items for each process that wait for it, or are made and wait for their turn."""
_OBJECTS = 50_000
"""New objects after which a worker looks for cycles, which a user's own scorer may make."""


@contextlib.contextmanager
def pool_of(jobs: int, make: Make[Item, Made], given: Any) -> Iterator[Pool[Item, Made]]:
    """A pool for the block; its processes start when there is work for them.

    Args:
        jobs: processes at most.
        make: called once in each process with ``given``; returns the function that is mapped.
        given: can be pickled.
    """
    pool = Pool(jobs, make, given)
    try:
        yield pool
    except (GeneratorExit, KeyboardInterrupt, SystemExit):  # nobody takes what is being worked on
        pool.kill()
        raise
    finally:
        pool.close()


def itself(function: Callable[[Item], Made]) -> Callable[[Item], Made]:
    """The ``make`` of a function that needs no making."""
    return function


class Pool(Generic[Item, Made]):
    """Processes, each with a thread here that gives it one item at a time."""

    def __init__(self, jobs: int, make: Make[Item, Made], given: Any) -> None:
        """See ``pool_of``."""
        self._jobs = jobs
        self._given = _dumped((make, given))
        self._threads = ThreadPoolExecutor(jobs)
        self._own = threading.local()
        self._lock = threading.Lock()
        self._workers: list[_Worker] = []
        self._broken = False
        # Python joins processes before it closes what is held: a stream that an exception holds would wait for ever
        self._at_exit = util.Finalize(None, self.kill, exitpriority=0)

    def map(self, items: Iterable[Item]) -> Iterator[Made]:
        """What the function makes of each item, in their order.

        Args:
            items: can be pickled; taken as they are needed.

        Raises:
            WorkerError: a process died, or could not be given what it needs.
            Exception: of the function; the traceback in its process is a note of it.
        """
        waiting: deque[Future[Made]] = deque()
        try:
            for item in items:
                waiting.append(self._threads.submit(self._call, item))
                if len(waiting) > _AHEAD * self._jobs:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()

    def _call(self, item: Item) -> Made:
        if self._broken:
            raise WorkerError(_DIED)
        new = not hasattr(self._own, "worker")
        if new:
            self._start()
        try:
            if new:
                self._own.worker.begin(self._given)
            good, made = self._own.worker.answer(item)
        except (OSError, EOFError):
            self._broken = True
            raise WorkerError(_DIED) from None
        if not good:
            raise made
        return made  # type: ignore[no-any-return]

    def _start(self) -> None:
        with self._lock:
            if self._broken:
                raise WorkerError(_DIED)
            self._own.worker = _Worker()
            self._workers.append(self._own.worker)

    def kill(self) -> None:
        """End all processes at once."""
        self._broken = True
        with self._lock:
            for worker in self._workers:
                worker.kill()

    def close(self) -> None:
        """Wait for the items that are being worked on, or, where a process died, for none; then end all."""
        if self._broken:
            self.kill()
        try:
            self._threads.shutdown(cancel_futures=True)
        except BaseException:  # Ctrl+C while it waits
            self.kill()
            raise
        finally:
            for worker in self._workers:
                worker.close()
            self._at_exit.cancel()


_DIED = (
    "a worker process died: the system may have killed it for its memory, or it could not start. In a script, call "
    "amends under if __name__ == '__main__': (each worker imports the script, so it must be a file), and keep a scorer "
    "of your own in a file; or take one process (--jobs 1, jobs=1). What was written stays"
)


def _dumped(given: Any) -> bytes:
    try:
        return bytes(ForkingPickler.dumps(given))
    except Exception as error:
        raise WorkerError(
            f"a worker process cannot be given what it needs: {error}. A scorer or function of your own, and what "
            "it holds, must be what pickle can take (a class of a file; no lambda, no open file, no lock); or take "
            "one process (--jobs 1, jobs=1)"
        ) from error


class _Worker:
    def __init__(self) -> None:
        # spawn, not fork: scorers may hold native threads, and forking those can hang
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs,))
        try:
            with _without_interrupts():
                self._process.start()
        finally:
            # the pipe breaks with the worker only if nobody else holds its end
            theirs.close()

    def begin(self, given: bytes) -> None:
        # not as an argument of the process: that pipe does not break, and 64 kB to a process that died wait for ever
        self._pipe.send_bytes(given)

    def answer(self, item: Any) -> tuple[bool, Any]:
        self._pipe.send(item)
        answer: tuple[bool, Any] = self._pipe.recv()
        return answer

    def kill(self) -> None:
        self._process.kill()

    def close(self) -> None:
        self._pipe.close()
        self._process.join()


@contextlib.contextmanager
def _without_interrupts() -> Iterator[None]:
    """Processes that start in the block are not reached by Ctrl+C, also before they can say so."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    # what keeps track of processes starts with the first, and would let interrupts in again
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(pipe: Connection) -> None:
    # Ctrl+C reaches the whole group of processes: the one that has the pool ends it
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        function = _made(pipe.recv_bytes())
        # records and annotations have no cycles: looking for some at every 700 new objects took 7% of the time of rules
        gc.freeze()
        gc.set_threshold(_OBJECTS)
        while True:
            pipe.send_bytes(_answer(function, pipe.recv_bytes()))


def _made(given: bytes) -> Callable[[Any], Any]:
    try:
        make, what = pickle.loads(given)
    except Exception as error:
        said = f"{type(error).__name__}: {error}".rstrip(".")
        return _raising(
            WorkerError(
                f"a worker process cannot load what it needs ({said}). Keep a scorer or function of your own in a file "
                "that Python can import, not in a notebook or at a prompt; or take one process (--jobs 1, jobs=1)"
            )
        )
    try:
        return make(what)  # type: ignore[no-any-return]
    except Exception as error:
        return _raising(error)


def _raising(error: Exception) -> Callable[[Any], Any]:
    def function(_: Any) -> Any:
        raise error

    return function


def _answer(function: Callable[[Any], Any], item: bytes) -> bytes:
    try:
        return pickle.dumps((True, function(pickle.loads(item))))
    except Exception as error:
        told = traceback.format_exc()
        if not isinstance(error, AmendsError):
            error.add_note(f"In the worker process:\n{told}")
        try:
            answer = pickle.dumps((False, error))
            pickle.loads(answer)
        except Exception:  # it cannot travel
            return pickle.dumps((False, WorkerError(f"in a worker process:\n{told}")))
        return answer


def _end_with_parent() -> None:
    """A killed parent closes nothing, and a worker would wait for work for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
