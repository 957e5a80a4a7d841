"""A run's folder or output file: its settings, its lock, and what resuming means.

Same settings resume; other settings are refused with the field that differs named; ``fresh`` starts over.
"""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from amends.errors import UsageError
from amends.jsonl import pretty, write_whole
from amends.records import Json


def read_settings(path: Path) -> Json | None:
    """The settings that stand in a run.json; None where there is none yet.

    Raises:
        UsageError: the file is there and is no run.json.
    """
    if not path.is_file():
        return None
    try:
        settings = orjson.loads(path.read_bytes())["settings"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        settings = None
    if not isinstance(settings, dict):
        raise UsageError(f"{path} is not a run.json; use --fresh to start over, or another -o")
    return settings


def write_settings(path: Path, settings: Json) -> None:
    """Write run.json; it is the only file that holds a time."""
    now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    write_whole(path, pretty({"settings": settings, "started": now}))


def write_finished(path: Path, files: Sequence[Path] = ()) -> None:
    """Note in run.json that the run came to its end.

    Args:
        path: the run.json.
        files: beside it, whose checksums are noted too: judgements of another text, or numbers of other judgements,
            would look fine.
    """
    document: Json = orjson.loads(path.read_bytes())
    document["finished"] = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    if files:
        document["files"] = {file.name: _checksum(file) for file in files}
    write_whole(path, pretty(document))


def check_finished(folder: Path) -> None:
    """Refuse a run folder that is not as a run left it when it came to its end.

    Args:
        folder: with a run.json that ``read_settings`` takes.

    Raises:
        UsageError: the run goes on or was stopped, or a file was changed since.
    """
    document: Json = orjson.loads((folder / "run.json").read_bytes())
    if "finished" not in document or not (folder / "result.json").is_file():
        raise UsageError(f"{folder} is not finished; run the same command again")
    if changed := _changed(folder, document):
        raise UsageError(
            f"{folder}: {', '.join(changed)} changed after the run, so that replies, judgements and numbers no longer "
            "belong together; run the same command again, which scores what stands there"
        )


def _changed(folder: Path, document: Json) -> list[str]:
    """Files that are not as they were at the end of the run; an older run noted none."""
    files: Json = document.get("files", {})
    return [name for name, there in files.items() if _checksum(folder / name) != there]


def _checksum(file: Path) -> str | None:
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else None


@contextlib.contextmanager
def reopened(path: Path, judgements: Path) -> Iterator[None]:
    """Take the note of its end out of run.json while a run goes on; it comes back where nothing came of that.

    Args:
        path: the run.json.
        judgements: removed where they or the replies were changed after the run: they may be of other texts. Numbers
            are made anew from what stands there, and a judge that is paid is not asked twice for them.
    """
    document: Json = orjson.loads(path.read_bytes())
    if set(_changed(path.parent, document)).difference(("result.json",)):
        judgements.unlink(missing_ok=True)
    note: Json = {name: document.pop(name) for name in ("finished", "files") if name in document}
    if note:
        write_whole(path, pretty(document))
    try:
        yield
    except BaseException:
        if note and not _changed(path.parent, note):
            write_whole(path, pretty(orjson.loads(path.read_bytes()) | note))
        raise


@contextlib.contextmanager
def counted(path: Path, generator: object) -> Iterator[None]:
    """Add to run.json what the block used: requests, tokens and cost, over every start of the run that was not killed.

    A generator that counts has ``usage()``: names to numbers that only grow, None where one is not known. An unknown
    number stays unknown.

    Args:
        path: the run.json.
        generator: who works in the block.
    """
    usage: Callable[[], Mapping[str, float | None]] | None = getattr(generator, "usage", None)
    if usage is None:
        yield
        return
    before = usage()
    try:
        yield
    finally:
        document: Json = orjson.loads(path.read_bytes())
        so_far = document.get("usage") or {}
        document["usage"] = {
            name: _sum(so_far.get(name, 0), _sum(now, before[name], -1)) for name, now in usage().items()
        }
        write_whole(path, pretty(document))


def _sum(a: float | None, b: float | None, sign: int = 1) -> float | None:
    return None if a is None or b is None else a + sign * b


def claim(path: Path, settings: Json, outputs: list[Path], fresh: bool) -> None:
    """Take up a run: resume it, start it, or refuse.

    Args:
        path: the run.json.
        settings: of the run that is asked for.
        outputs: files that a fresh start removes.
        fresh: start over whatever stands there.

    Raises:
        UsageError: other settings stand there, or output without settings, and ``fresh`` is not given.
    """
    if fresh:
        for file in outputs:
            file.unlink(missing_ok=True)
        path.unlink(missing_ok=True)
    before = read_settings(path)
    if before is None:
        stray = [file.name for file in outputs if file.exists()]
        if stray:
            raise UsageError(
                f"{path.parent} holds {', '.join(stray)} but no {path.name}: not a run to go on with. "
                "Use --fresh to replace it, or another -o."
            )
        write_settings(path, settings)
        return
    differing = _differences(before, settings)
    if differing:
        raise UsageError(
            f"{_output(path)} holds a run with other settings:\n"
            + "\n".join(f"  {name}: there {old!r}, asked for {new!r}" for name, old, new in differing)
            + "\nUse --fresh to start it over, or another -o."
        )


def _output(path: Path) -> Path:
    """What a run.json stands for: its folder, or the file that it stands beside."""
    return path.parent if path.name == "run.json" else path.with_name(path.name.removesuffix(".run.json"))


def _differences(before: Json, now: Json, prefix: str = "") -> list[tuple[str, Any, Any]]:
    found: list[tuple[str, Any, Any]] = []
    for name in sorted(set(before) | set(now)):
        old, new = before.get(name), now.get(name)
        if isinstance(old, dict) and isinstance(new, dict):
            found.extend(_differences(old, new, f"{prefix}{name}."))
        elif old != new:
            found.append((prefix + name, old, new))
    return found


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Keep a second run out while the block runs; the lock dies with the process that holds it.

    Raises:
        UsageError: another process holds it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as stream:
        try:
            _lock(stream)
        except OSError:
            raise UsageError(f"another run is working in {path.parent} (it holds {path.name}); wait for it") from None
        try:
            yield
        finally:
            # on Windows an open file cannot be removed; elsewhere it goes while it is still held
            with contextlib.suppress(OSError):
                path.unlink()


if sys.platform == "win32":
    import msvcrt

    def _lock(stream: BinaryIO) -> None:
        msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(stream: BinaryIO) -> None:
        fcntl.flock(stream.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        # the file may have been unlinked by its last holder between our open and our lock
        here = os.fstat(stream.fileno())
        if here.st_nlink == 0:
            raise OSError("the lock file is gone")
