"""Answers of an endpoint on disk: one file an answer, under the SHA-256 of all that was asked."""

from __future__ import annotations

import hashlib
import os
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

import orjson

from amends.errors import UsageError
from amends.jsonl import canonical, parse, write_whole
from amends.records import Json

_FORMAT = 1
"""Version of a file's contents; a file of another version is asked again."""


def cache_folder(
    environ: Mapping[str, str] = os.environ, platform: str = sys.platform, home: Path | None = None
) -> Path:
    """The user's cache folder for this package, by the platform's rules.

    ``AMENDS_CACHE`` overrides; else ``%LOCALAPPDATA%`` on Windows, ``~/Library/Caches`` on macOS, and elsewhere
    ``XDG_CACHE_HOME`` (XDG Base Directory Specification 0.8: a relative path is ignored) or ``~/.cache``.

    Args:
        environ: the environment.
        platform: as ``sys.platform``.
        home: the user's home folder; None for the real one.

    Raises:
        UsageError: ``AMENDS_CACHE`` begins with the home folder of nobody.
    """
    if chosen := environ.get("AMENDS_CACHE"):
        try:
            return Path(chosen).expanduser()
        except RuntimeError:
            raise UsageError(f"AMENDS_CACHE is {chosen!r}, and there is no such home folder; write it out.") from None
    home = home or Path.home()
    if platform == "win32":
        return Path(environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "amends" / "Cache"
    if platform == "darwin":
        return home / "Library" / "Caches" / "amends"
    named = environ.get("XDG_CACHE_HOME") or ""
    return (Path(named) if Path(named).is_absolute() else home / ".cache") / "amends"


def key_of(asked: Json) -> str:
    """64 hex: the SHA-256 over the canonical bytes of what was asked.

    Args:
        asked: model, base URL, messages, schema, parameters and sample number. A string with a lone surrogate
            is hashed by its escapes.
    """
    try:
        data = canonical(asked)
    except orjson.JSONEncodeError:
        data = ascii(sorted(asked.items())).encode("ascii")
    return hashlib.sha256(data).hexdigest()


class Cache:
    """Answers by key. A file that cannot be read or is broken counts as absent and is written anew."""

    def __init__(self, folder: Path | None = None) -> None:
        """Name the folder; it is made when the first answer is kept.

        Args:
            folder: None for ``endpoint`` under the user's cache folder.
        """
        self.folder = folder if folder is not None else cache_folder() / "endpoint"

    def path(self, key: str) -> Path:
        """Where the answer to a key is kept."""
        return self.folder / key[:2] / f"{key}.json"

    def get(self, key: str) -> Json | None:
        """The answer that was kept, or None."""
        try:
            kept = parse(self.path(key).read_bytes())
        except (OSError, ValueError):
            return None
        whole = isinstance(kept, dict) and kept.get("format") == _FORMAT and kept.get("key") == key
        answer = kept["answer"] if whole and isinstance(kept.get("answer"), dict) else None
        return answer

    def put(self, key: str, answer: Json) -> bool:
        """Keep an answer; False where the disk would not take it (the answer itself is not lost by that).

        Args:
            key: of ``key_of``.
            answer: any JSON object.
        """
        path = self.path(key)
        # A name of its own for each writer: two processes that ask the same thing do not cut each other's file.
        own = path.with_name(f"{key}.{os.getpid()}-{threading.get_ident()}")
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_whole(own, orjson.dumps({"format": _FORMAT, "key": key, "answer": answer}))
            own.replace(path)
        except (OSError, orjson.JSONEncodeError):
            return False
        return True
