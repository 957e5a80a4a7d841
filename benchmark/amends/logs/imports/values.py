"""Fields of records that nobody vouches for: read as what they should be, else not at all."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from typing import Any

from amends.errors import Problem

Json = Mapping[str, Any]


def obj(value: Any) -> Json:
    """The value where it is an object, else an empty one.

    Args:
        value: any JSON value.
    """
    return value if isinstance(value, dict) else {}


def items(value: Any) -> list[Any]:
    """The value where it is a list, else an empty one.

    Args:
        value: any JSON value.
    """
    return value if isinstance(value, list) else []


def text(value: Any) -> str | None:
    """A text that is not blank, or a whole number as text; else None.

    Args:
        value: any JSON value.
    """
    if isinstance(value, str):
        return value.strip() or None
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else None


def when(value: Any) -> str | None:
    """A moment as ISO 8601: a text as it stands, seconds since 1970 as UTC; None where there is none.

    Args:
        value: any JSON value.
    """
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 32_503_680_000:
        return None
    return datetime.datetime.fromtimestamp(value, datetime.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def listed(records: Any, file: str, line: int, path: str, expected: str) -> Iterator[tuple[str, Json] | Problem]:
    """Objects of a list with their paths; anything else in it as its problem.

    Args:
        records: should be a list.
        file: the file's name, for the problems.
        line: its line.
        path: of the list.
        expected: what its items should be.
    """
    if not isinstance(records, list):
        yield Problem(file, line, path, _kind(records), f"a list of {expected}", "export it again")
        return
    for i, record in enumerate(records):
        if isinstance(record, dict):
            yield f"{path}[{i}]", record
        else:
            yield Problem(file, line, f"{path}[{i}]", _kind(record), expected, "remove it, or export it again")


def _kind(value: Any) -> str:
    names = {str: "a text", bool: "true or false", list: "a list", dict: "an object", type(None): "nothing"}
    return names.get(type(value), "a number")
