"""A file that only grows: each line is there whole and on the disk, or not at all."""

from __future__ import annotations

import datetime
import errno
import os
from collections.abc import Callable
from pathlib import Path

from amends.errors import InputError, Problem, UsageError
from amends.jsonl import cut_torn_line, dumps, parse, read, write_whole
from amends.records import Json

_LONGEST_CONSENT = 10_000


def now() -> str:
    """The moment, UTC, in seconds."""
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")


def no_link(path: Path) -> None:
    """Refuse a link where a file or folder of the desk should be.

    Raises:
        UsageError: it is one.
    """
    if path.is_symlink():
        raise UsageError(
            f"{path} is a link; the desk writes only what lies in its own folder: remove it, or name another folder "
            "with -o"
        )


class Lines:
    """A file of lines of which one process alone is the writer."""

    def __init__(self, path: Path) -> None:
        """Take up a file: cut a torn last line.

        Args:
            path: the file; it is made at the first line.

        Raises:
            UsageError: it is a link.
        """
        no_link(path)
        self.path = path
        self._half = False
        cut_torn_line(path)
        self.size = self._there()

    def _there(self) -> int:
        return self.path.stat().st_size if self.path.exists() else 0

    @property
    def touched(self) -> bool:
        """Another program has changed or removed the file since its last line."""
        return self._there() != self.size

    def append(self, data: bytes) -> None:
        """Append one line with its end; it is on the disk when this comes back.

        Raises:
            OSError: the disk refused it, or another program changed the file; then no line is added.
        """
        if self._half:
            os.truncate(self.path, self.size)
            self._half = False
        if self.touched:
            words = f"{self.path.name} was removed or changed by another program; stop the desk and put it back"
            raise OSError(errno.EIO, words, str(self.path))
        try:
            with self.path.open("ab", buffering=0) as stream:
                if stream.write(data) != len(data):
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self.path))
                os.fsync(stream.fileno())
        except OSError:
            if self.path.exists():
                self._half = True  # until the cut has succeeded, now or before the next line
                os.truncate(self.path, self.size)
                self._half = False
            raise
        self.size += len(data)

    def replace(self, data: bytes) -> None:
        """Write all lines anew; the file is there as it was or as it shall be, never between."""
        write_whole(self.path, data)
        self.size, self._half = len(data), False


class Journal:
    """Events of one person's work, in their order."""

    def __init__(self, path: Path) -> None:
        """Take up a file: cut a torn last line.

        Args:
            path: the file.

        Raises:
            UsageError: it is a link.
        """
        self._lines = Lines(path)

    @property
    def empty(self) -> bool:
        """No event yet."""
        return self._lines.size == 0

    def write(self, event: Json) -> None:
        """Append an event; it is on the disk when this comes back.

        Raises:
            OSError: the disk refused it, or another program changed the file; then the event is not in it.
        """
        self._lines.append(dumps(event))

    def replay(self, take: Callable[[Json], None]) -> None:
        """Hand over every event.

        Args:
            take: raises KeyError, TypeError or ValueError for an event that cannot be.

        Raises:
            InputError: a line was changed by hand and cannot be read.
        """
        path = str(self._lines.path)
        for number, event in () if self.empty else read(path):
            if isinstance(event, Problem):
                raise InputError([event])
            try:
                take(event)
            except (KeyError, TypeError, ValueError):
                wrong = Problem(
                    path, number, "$", "a line that the desk did not write", "an event of the desk",
                    "put the line back as it was, or name another folder with -o",
                )  # fmt: skip
                raise InputError([wrong]) from None


def name_in(path: Path) -> str | None:
    """The name that a person chose in an earlier start; None where there is none to be read.

    Args:
        path: the person's journal.
    """
    try:
        with path.open("rb") as stream:
            said = parse(stream.readline(_LONGEST_CONSENT))
        return str(said["name"]) if said["event"] == "consent" else None
    except (OSError, ValueError, KeyError, TypeError):
        return None
