"""JSON of an entry's files: small enough, not too deep, and the same to whoever reads it."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from typing import Any

import orjson

from amends.errors import Problem
from amends.jsonl import parse
from amends.leaderboard.files import DOCUMENTS, REPLIES, EntryFiles

MAX_LINE = 1_300_000
"""Bytes of a line: a reply of 100,000 characters, each written as two escapes."""
MAX_LINES = 10_000
"""Lines of a file: five times what the largest set can use."""
MAX_DEPTH = 20
"""Levels of nesting of any JSON value."""

_KEY = re.compile(rb'"\s*:')
_SUBMITTED = (*DOCUMENTS, REPLIES)


def document(files: EntryFiles, name: str) -> Any:
    """A JSON document of an entry, or its Problem; a Problem too where it is not there.

    Args:
        files: of the entry.
        name: of the file.
    """
    shown = files.file(name)
    if name not in files.data:
        if any(problem.file == shown for problem in files.problems):
            return None
        return Problem(shown, None, "$", "nothing", "the file", "`amends leaderboard add` makes it")
    return _value(files.data[name], shown, None, name in _SUBMITTED)


def lines(files: EntryFiles, name: str) -> Iterator[tuple[int, Any]]:
    """Numbered JSON values of a file of lines, a Problem in the place of each that is none; blank lines left out.

    After MAX_LINES no line is looked at: every bad one costs time.

    Args:
        files: of the entry.
        name: of a file that is there.
    """
    shown = files.file(name)
    for number, whole in enumerate(io.BytesIO(files.data[name]), start=1):
        if number > MAX_LINES:
            found = f"more than {MAX_LINES:,} lines"
            yield number, Problem(shown, number, "$", found, "a line a reply", "send the set alone")
            return
        line = whole.rstrip(b"\r\n")
        if not line.strip():
            continue
        if len(line) > MAX_LINE:
            found = f"a line of {len(line):,} bytes"
            yield number, Problem(shown, number, "$", found, f"at most {MAX_LINE:,} bytes", "shorten the reply")
            continue
        yield number, _value(line, shown, number, name in _SUBMITTED)


def _value(body: bytes, shown: str, number: int | None, submitted: bool) -> Any:
    try:
        value = parse(body)
    except orjson.JSONDecodeError as error:
        found = f"broken JSON ({error.msg}, column {error.colno})"
        return Problem(shown, number, "$", found, "one JSON object in UTF-8", "mend it")
    # what opens no more brackets than that cannot be deeper: most lines need no second look
    if body.count(b"{") + body.count(b"[") > MAX_DEPTH and _too_deep(value):
        return Problem(shown, number, "$", f"JSON nested more than {MAX_DEPTH} deep", f"at most {MAX_DEPTH}", "flatten")
    if submitted and (key := _twice(body, value)) is not None:
        # readers differ in which of the two they take: a person may read one and a program the other
        return Problem(shown, number, "$", f"the field {key[:60]!r} twice", "each field once", "remove one")
    return value


def _twice(body: bytes, value: Any) -> str | None:
    """A key that stands twice in one object, which ``value`` does not show."""
    # every key ends in a quote and a colon, as a stretch of a text may: no more of them than keys, and none is twice
    if len(_KEY.findall(body)) == _keys(value):
        return None
    found: list[str] = []

    def look(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) < len(pairs):
            names = [name for name, _ in pairs]
            found.append(next(name for name in names if names.count(name) > 1))
        return made

    json.loads(body, object_pairs_hook=look)
    return found[0] if found else None


def _keys(value: Any) -> int:
    if isinstance(value, dict):
        return len(value) + sum(map(_keys, value.values()))
    return sum(map(_keys, value)) if isinstance(value, list) else 0


def _too_deep(value: Any) -> bool:
    layer = [value] if type(value) is dict or type(value) is list else []
    for _ in range(MAX_DEPTH):
        layer = [
            one
            for part in layer
            for one in (part.values() if type(part) is dict else part)
            if type(one) is dict or type(one) is list
        ]
        if not layer:
            return False
    return True
