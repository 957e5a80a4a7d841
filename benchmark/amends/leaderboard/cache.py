"""Annotations that a slow scorer made before, in the user's cache folder: never in the repository.

The key is a hash of all that an annotation depends on: reply, turns, context, and the scorer's name, version and
weights. A value is only taken after a look: it must be an annotation of this scorer by the schema, with spans that
quote this reply. Whatever is wrong with the file, the annotation is made anew. A look cannot tell a level that
somebody with access to the folder changed: ``--no-cache`` is for whoever must be sure, as a CI run is.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import orjson

from amends.endpoint.cache import cache_folder
from amends.jsonl import canonical, parse
from amends.records import Annotation, Exchange
from amends.schema import problems

_FILE = "annotations.sqlite"
_MOST_BYTES = 10_000_000
_WAIT = 30.0


def key_of(exchange: Exchange, tag: str) -> bytes:
    """What an annotation depends on, as 32 bytes.

    Args:
        exchange: ids, author and meta make no difference.
        tag: of the scorer: name, version, weights.
    """
    turns = [[turn.role, turn.text] for turn in exchange.turns]
    return hashlib.sha256(canonical([tag, exchange.reply, turns, exchange.context.to_dict()])).digest()


class Cache:
    """Annotations by key, in one SQLite file; one that is damaged is started over."""

    def __init__(self, folder: Path | None = None) -> None:
        """Name the folder; it is made when something is kept.

        Args:
            folder: None for ``leaderboard`` under the user's cache folder.
        """
        self.folder = folder if folder is not None else cache_folder() / "leaderboard"

    @contextlib.contextmanager
    def _open(self) -> Iterator[Any]:
        import sqlite3

        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with contextlib.closing(sqlite3.connect(self.folder / _FILE, timeout=_WAIT)) as base, base:
            base.execute("CREATE TABLE IF NOT EXISTS annotation (key BLOB PRIMARY KEY, value BLOB) WITHOUT ROWID")
            yield base

    def get(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """Values that were kept; none where the file cannot be read.

        Args:
            keys: of ``key_of``.
        """
        import sqlite3

        asked = "SELECT value FROM annotation WHERE key = ? AND length(value) < ?"
        found: dict[bytes, bytes] = {}
        try:
            with self._open() as base:
                for key in keys:
                    row = base.execute(asked, (key, _MOST_BYTES)).fetchone()
                    if row is not None and isinstance(row[0], bytes):
                        found[key] = row[0]
        except (sqlite3.Error, OSError):
            return {}
        return found

    def put(self, values: dict[bytes, bytes]) -> bool:
        """Keep values; False where the disk would not take them (nothing else is lost by that).

        Args:
            values: by key.
        """
        import sqlite3

        for _ in range(2):
            try:
                with self._open() as base:
                    base.executemany("INSERT OR REPLACE INTO annotation VALUES (?, ?)", values.items())
                return True
            except sqlite3.OperationalError:
                # locked, full or not to be written: not for us to remove
                return False
            except (sqlite3.Error, OSError):
                with contextlib.suppress(OSError):
                    (self.folder / _FILE).unlink(missing_ok=True)
        return False


def packed(annotation: Annotation) -> bytes:
    """An annotation as the cache keeps it."""
    return orjson.dumps(annotation.to_dict())


def taken(value: bytes, exchange: Exchange, name: str, version: str) -> Annotation | None:
    """What the cache held, if it can be an annotation of this reply by this scorer.

    Args:
        value: as ``packed`` made it, or anything.
        exchange: the reply.
        name: of the scorer.
        version: of the scorer.
    """
    try:
        raw = parse(value)
    except ValueError:
        return None
    if not isinstance(raw, dict):
        return None
    # ids are those of whoever was judged first
    raw |= {"reply_id": exchange.id, "scenario_id": exchange.scenario_id}
    if problems(raw, "annotation", "", None):
        return None
    found = Annotation.from_dict(raw)
    whole = all(exchange.reply[b.start : b.end] == b.quote for b in found.behaviours)
    who = found.annotator
    return found if whole and (who.role, who.name, who.version) == ("scorer", name, version) else None
