"""A program as a child process: lines in and lines out at once, a budget of seconds, and nothing left behind.

A thread writes, a thread reads, a thread waits for the end: so neither a full pipe nor a program that answers
before it has read, after it has read, or never, can block. The queue between is short: a program that writes
faster than its lines are used is held back by its pipe and does not fill the memory.
"""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO

from amends.errors import GeneratorError
from amends.jsonl import MAX_LINE

DRAIN_SECONDS = 2.0
"""Silence after which output is over although a child of the ended program still holds the pipe."""

_QUEUED = 16
_SKIP = 1 << 20
_END_OF_OUTPUT = "end of output"
_EXITED = "exited"

Line = tuple[int, bytes | None]
"""Line number from 1, and the line without its end; None for one above ``MAX_LINE``."""


class OutOfTimeError(Exception):
    """The budget is spent; caught by the program room, never seen outside."""


class Budget:
    """Seconds that a program may take; the clock stands still while the caller is busy with a reply."""

    def __init__(self, seconds: float) -> None:
        """Start the clock."""
        self.seconds = seconds
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds left; negative when it is spent."""
        return self._end - time.monotonic()

    def shorten(self, seconds: float) -> None:
        """Leave at most so many seconds from now on."""
        self.seconds = min(self.seconds, seconds)
        self._end = min(self._end, time.monotonic() + seconds)

    @contextlib.contextmanager
    def paused(self) -> Iterator[None]:
        """Stop the clock for a while."""
        start = time.monotonic()
        try:
            yield
        finally:
            self._end += time.monotonic() - start


class Child:
    """One run of a program; a context manager that kills the whole process group on the way out."""

    def __init__(self, command: Sequence[str], folder: Path, environment: Mapping[str, str], log: Path | None) -> None:
        """Start the program.

        Args:
            command: the program and its arguments; no shell reads them.
            folder: the folder to run in.
            environment: its whole environment.
            log: file to which its standard error is appended; None drops it.

        Raises:
            GeneratorError: it does not start.
        """
        if log is not None:
            log.parent.mkdir(parents=True, exist_ok=True)
        self._log: IO[bytes] | None = log.open("ab") if log is not None else None
        try:
            self._process = subprocess.Popen(
                list(command),
                cwd=folder,
                env=dict(environment),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._log or subprocess.DEVNULL,
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            if self._log is not None:
                self._log.close()
            raise GeneratorError(f"{command[0]} does not start in {folder}: {error}") from None
        self._stopped = threading.Event()
        self._queue: queue.Queue[Line | str] = queue.Queue(_QUEUED)

    def __enter__(self) -> Child:
        """Nothing to prepare: it runs already."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Kill what still runs and let go of the threads and files."""
        self._stopped.set()
        self._kill()
        self._process.wait()
        # an emptied queue lets a thread that waits for room look at the stop sign
        with contextlib.suppress(queue.Empty):
            while True:
                self._queue.get_nowait()
        self._join()
        if self._log is not None:
            self._log.close()

    def lines(self, given: Sequence[bytes], budget: Budget) -> Iterator[Line]:
        """Give the program its lines and take its own, until it has closed its output and ended.

        Args:
            given: lines for its standard input, with their line ends.
            budget: seconds it may take.

        Raises:
            OutOfTimeError: the budget is spent.
        """
        jobs = (lambda: self._write(given), self._read, self._wait)
        self._threads = [threading.Thread(target=job, daemon=True) for job in jobs]
        for thread in self._threads:
            thread.start()
        closed = exited = False
        while not (closed and exited):
            left = budget.left()
            try:
                item = self._queue.get(timeout=max(0.0, min(left, DRAIN_SECONDS) if exited else left))
            except queue.Empty:
                if exited:
                    return
                raise OutOfTimeError from None
            if isinstance(item, tuple):
                if budget.left() < 0:
                    raise OutOfTimeError
                yield item
            closed = closed or item == _END_OF_OUTPUT
            exited = exited or item == _EXITED

    def ending(self) -> str:
        """How it ended by itself: nothing if it ended well, else in words."""
        code = self._process.returncode
        if code is not None and code < 0:
            with contextlib.suppress(ValueError):
                return f"killed by {signal.Signals(-code).name}"
        return f"exit code {code}" if code else ""

    def _kill(self) -> None:
        if sys.platform == "win32":
            self._process.kill()
            return
        # the group outlives its leader as long as a member lives; macOS says EPERM of a group of zombies
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def _join(self) -> None:
        """Close the pipes once no thread uses them; what a strayed grandchild holds stays with its thread."""
        for thread in getattr(self, "_threads", ()):
            thread.join(DRAIN_SECONDS)
            if thread.is_alive():
                return
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()

    def _put(self, item: Line | str) -> None:
        while not self._stopped.is_set():
            with contextlib.suppress(queue.Full):
                self._queue.put(item, timeout=0.1)
                return

    def _write(self, given: Sequence[bytes]) -> None:
        stream = self._process.stdin
        assert stream is not None  # noqa: S101 - PIPE was asked for; said for the type checker
        # a program may stop reading whenever it likes
        with contextlib.suppress(OSError):
            for line in given:
                stream.write(line)
        with contextlib.suppress(OSError):
            stream.close()

    def _read(self) -> None:
        stream = self._process.stdout
        assert stream is not None  # noqa: S101 - as above
        number = 0
        while not self._stopped.is_set() and (line := stream.readline(MAX_LINE + 2)):
            number += 1
            ended = line.endswith(b"\n")
            body = line.rstrip(b"\r\n") if ended else line
            if len(body) <= MAX_LINE:
                self._put((number, body))
                continue
            while not ended and (rest := stream.readline(_SKIP)):
                ended = rest.endswith(b"\n")
            self._put((number, None))
        self._put(_END_OF_OUTPUT)

    def _wait(self) -> None:
        self._process.wait()
        self._put(_EXITED)
