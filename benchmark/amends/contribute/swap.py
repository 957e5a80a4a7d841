"""A folder that changes as a whole or not at all: work in a copy beside it, then exchange the two.

Where the system can exchange two names in one step (Linux ``renameat2``, macOS ``renamex_np``) there is no moment
without the folder. Elsewhere there are two renames, and whoever opens the folder next finishes what was broken off.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from amends.errors import UsageError
from amends.runs.settings import locked

_EXCHANGE = 2
_HERE = -100


def _next(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.next")


def _last(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.last")


def _lock(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.lock")


def recover(folder: Path) -> None:
    """Finish or undo what a killed change left beside a folder; the folder itself is whole before and after.

    What lies beside it while another process changes it is that one's work, and stays.

    Args:
        folder: as its user names it.

    Raises:
        UsageError: there is no such folder, nor anything to restore it from.
    """
    rests = [rest for rest in (_next(folder), _last(folder)) if rest.is_dir()]
    if folder.is_dir():
        if rests:
            with contextlib.suppress(UsageError), locked(_lock(folder)):
                _recover(folder)
    elif not rests:
        raise UsageError(f"{folder} is no data folder")
    else:
        with locked(_lock(folder)):
            _recover(folder)


def _recover(folder: Path) -> None:
    if not folder.is_dir():
        if not _last(folder).is_dir():
            raise UsageError(f"{folder} is no data folder")
        _last(folder).rename(folder)  # killed between the two renames
    for rest in (_next(folder), _last(folder)):
        if rest.is_dir():
            shutil.rmtree(rest)


@contextlib.contextmanager
def changed(folder: Path) -> Iterator[Path]:
    """Change a folder in the block; it stays as it was if the block raises, or the process dies.

    Args:
        folder: the data folder; links to it are followed.

    Yields:
        A copy beside it, to be worked on; its files take the place of the folder's when the block ends.

    Raises:
        UsageError: another change is going on, or somebody wrote into the folder meanwhile: their work would be lost.
    """
    folder = folder.resolve()
    with locked(_lock(folder)):
        _recover(folder)
        copy = _next(folder)
        try:
            before = _state(folder)
            shutil.copytree(folder, copy, symlinks=True)
            yield copy
            _to_disk(copy)
            if touched := sorted(name for name, _ in before ^ _state(folder)):
                raise UsageError(
                    f"{touched[0]} was written in {folder} meanwhile; nothing was changed. "
                    "Run it again when nobody works there"
                )
            exchange(folder, copy)
        finally:
            shutil.rmtree(copy, ignore_errors=True)


def _state(folder: Path) -> set[tuple[str, tuple[int, int, int]]]:
    """Every file with its size, time and number."""
    found = set()
    for path in folder.rglob("*"):
        if not path.is_dir() or path.is_symlink():
            told = path.lstat()
            found.add((path.relative_to(folder).as_posix(), (told.st_size, told.st_mtime_ns, told.st_ino)))
    return found


def _to_disk(folder: Path) -> None:
    """What was written is on the disk before it takes a place."""
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as stream, contextlib.suppress(OSError):
                os.fsync(stream.fileno())


def exchange(folder: Path, other: Path) -> None:
    """Let two folders take each other's names.

    Args:
        folder: the one that must always be there.
        other: a folder on the same file system.

    Raises:
        OSError: the system refuses; both are as they were.
    """
    if _at_once(folder, other):
        return
    last = _last(folder)
    folder.rename(last)
    try:
        other.rename(folder)
    except OSError:
        last.rename(folder)
        raise
    last.rename(other)


def _at_once(folder: Path, other: Path) -> bool:
    """Exchange in one step; False where the system cannot."""
    names = os.fsencode(folder), os.fsencode(other)
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        if sys.platform == "darwin":
            return int(libc.renamex_np(*names, _EXCHANGE)) == 0
        return int(libc.renameat2(_HERE, names[0], _HERE, names[1], _EXCHANGE)) == 0
    except (OSError, AttributeError, TypeError):
        return False
