"""An entry's folder, which anybody may have made: known files alone, small enough, and never by way of a link.

Nothing here runs, imports, unpickles or unpacks what it finds. The folder is opened once; every file is opened below
that handle with ``O_NOFOLLOW``, and what the handle says of it (not what a path said before) decides. A file is read
only after its size was found to be in bounds, so that a sparse gigabyte costs nothing.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from amends.errors import Problem
from amends.scorers import SCORERS

MAX_ENTRY = 50_000_000
"""Bytes of all files of an entry."""
MAX_DOCUMENT = 1_000_000
"""Bytes of entry.json or generator.json."""

DOCUMENTS = ("entry.json", "generator.json")
REPLIES = "replies.jsonl"
ANNOTATIONS = "annotations"
COMPUTED = ("result.json", "check.json")
"""What check writes beside the annotations."""

_NOFOLLOW = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
_BINARY = getattr(os, "O_BINARY", 0)
_BELOW = os.open in os.supports_dir_fd
_KINDS = {
    stat.S_IFLNK: "a symbolic link",
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFBLK: "a device",
    stat.S_IFCHR: "a device",
}


@dataclass(slots=True)
class EntryFiles:
    """The files of one entry, read in one go."""

    shown: str
    """The folder as problems name it."""
    data: dict[str, bytes] = field(default_factory=dict)
    """Path below the folder, with slashes, to its bytes."""
    problems: list[Problem] = field(default_factory=list)

    def file(self, name: str) -> str:
        """A file as problems name it."""
        return f"{self.shown}/{name}"


def read_entry(entries: Path, name: str, scorers: tuple[str, ...]) -> EntryFiles:
    """Read every file of an entry that may stand in one.

    Args:
        entries: the folder of entries.
        name: of the entry: one part of a path, no way out of the folder.
        scorers: whose annotations may stand there.

    Returns:
        The files, and a problem for each thing that may not be there.
    """
    shown = (entries / name).as_posix()
    found = EntryFiles(shown)
    if name in ("", ".", "..") or "/" in name or "\\" in name or "\0" in name:
        found.problems.append(Problem(shown, None, "$", f"the name {name!r}", "the name of an entry", "name an entry"))
        return found
    try:
        handle = _folder(entries, name)
    except OSError as error:
        kind = _kind_of(entries / name) or error.strerror or "nothing that opens"
        found.problems.append(Problem(shown, None, "$", kind, "an entry's folder", "name a folder of entries/"))
        return found
    try:
        known = {*DOCUMENTS, REPLIES, *COMPUTED}
        _read_folder(found, handle, "", known, (ANNOTATIONS,))
        if ANNOTATIONS in _names(handle):
            # of a built-in scorer that is not official any more: known, not read by anybody, gone with the next writing
            _read_below(found, handle, {f"{scorer}.jsonl" for scorer in (*scorers, *SCORERS)})
    finally:
        handle.close()
    return found


@dataclass(slots=True)
class _Handle:
    """A folder that is held open, so that it cannot be exchanged for a link between two looks at it."""

    path: Path
    number: int | None

    def open(self, name: str, flags: int) -> int:
        """Open what lies directly below, itself and not what it may point to."""
        if self.number is not None:
            return os.open(name, flags | _NOFOLLOW, dir_fd=self.number)
        if (self.path / name).is_symlink():
            raise OSError(0, "a symbolic link")
        return os.open(self.path / name, flags | _NOFOLLOW)

    def close(self) -> None:
        """Let go of it."""
        if self.number is not None:
            os.close(self.number)


def _folder(above: Path | _Handle, name: str) -> _Handle:
    path = (above.path if isinstance(above, _Handle) else above) / name
    if not _BELOW:
        if path.is_symlink() or not path.is_dir():
            raise OSError(0, "no folder")
        return _Handle(path, None)
    flags = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0)
    if isinstance(above, _Handle):
        return _Handle(path, above.open(name, flags))
    # the folder of entries may be a link that its owner made; what lies in it may not
    return _Handle(path, os.open(path, flags | _NOFOLLOW))


def _names(handle: _Handle) -> list[str]:
    # a Path has no way to list what an open folder holds
    return sorted(os.listdir(handle.path if handle.number is None else handle.number))  # noqa: PTH208


def _kind_of(path: Path) -> str | None:
    try:
        return _KINDS.get(stat.S_IFMT(path.lstat().st_mode))
    except OSError:
        return "nothing"


def _read_below(found: EntryFiles, handle: _Handle, known: set[str]) -> None:
    try:
        below = _folder(handle, ANNOTATIONS)
    except OSError:
        kind = _kind_of(handle.path / ANNOTATIONS) or "a file"
        found.problems.append(Problem(found.file(ANNOTATIONS), None, "$", kind, "a folder", "make it a folder"))
        return
    try:
        _read_folder(found, below, ANNOTATIONS + "/", known, ())
    finally:
        below.close()


def _read_folder(found: EntryFiles, handle: _Handle, prefix: str, known: set[str], folders: tuple[str, ...]) -> None:
    names = [name for name in _names(handle) if name not in folders]
    unknown = [name for name in names if name not in known]
    for name in unknown[:20]:
        expected = f"only {', '.join(prefix + one for one in sorted(known))}"
        found.problems.append(Problem(found.file(prefix + name), None, "$", "an unknown file", expected, "remove it"))
    if len(unknown) > 20:
        more = f"{len(unknown) - 20:,} more unknown files"
        found.problems.append(Problem(found.shown, None, "$", more, "none", "remove them"))
    for name in names:
        if name in known:
            _read_one(found, handle, name, prefix)


def _read_one(found: EntryFiles, handle: _Handle, name: str, prefix: str) -> None:
    shown = found.file(prefix + name)

    def refuse(what: str, expected: str, remedy: str) -> None:
        found.problems.append(Problem(shown, None, "$", what, expected, remedy))

    try:
        number = handle.open(name, os.O_RDONLY | _BINARY)
    except OSError as error:
        kind = _kind_of(handle.path / name) or error.strerror or "a file that does not open"
        refuse(kind, "a plain file", "put the file itself there")
        return
    try:
        data = _within(number, prefix + name, MAX_ENTRY - sum(map(len, found.data.values())), refuse)
    finally:
        os.close(number)
    if data is not None:
        found.data[prefix + name] = data


def _within(number: int, name: str, left: int, refuse: Callable[[str, str, str], None]) -> bytes | None:
    """What an open file holds, if it is a plain file of its own and small enough; nothing is read before that is known.

    Args:
        number: of the open file.
        name: below the entry.
        left: bytes that the entry may still have.
        refuse: told of what is wrong, what is expected and what to do.
    """
    about = os.fstat(number)
    limit = MAX_DOCUMENT if name in DOCUMENTS else left
    if not stat.S_ISREG(about.st_mode):
        refuse(_KINDS.get(stat.S_IFMT(about.st_mode), "no file"), "a plain file", "put the file itself there")
    elif about.st_nlink > 1:
        refuse(f"a file with {about.st_nlink} names (hard links)", "a file of its own", "copy it")
    elif about.st_size > limit or len(data := _read_all(number, limit + 1)) > limit:
        most = MAX_DOCUMENT if name in DOCUMENTS else MAX_ENTRY
        whose = "in this file" if name in DOCUMENTS else "in all files of the entry"
        refuse(f"{about.st_size:,} bytes", f"at most {most:,} bytes {whose}", "make it smaller")
    else:
        return data
    return None


def _read_all(number: int, most: int) -> bytes:
    """All of a file, or its first ``most`` bytes where it grew since it was measured."""
    parts = []
    while most > 0 and (part := os.read(number, min(most, 1 << 20))):
        parts.append(part)
        most -= len(part)
    return b"".join(parts)
