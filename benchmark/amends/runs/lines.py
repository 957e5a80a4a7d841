"""What an earlier run left on disk, read back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import orjson

from amends.errors import InputError, Problem
from amends.jsonl import parse, read
from amends.records import Json

_Record = TypeVar("_Record")

_EXPECTED, _REMEDY = "what an earlier run wrote", "use --fresh"


def stored(path: Path, make: Callable[[Json], _Record], what: str) -> list[_Record]:
    """Records of a file that a run wrote; none where there is no file yet.

    Args:
        path: JSON Lines.
        make: reads one record.
        what: its name with its article ("a reply"), for the problems.

    Raises:
        InputError: a line was damaged or is something else.
    """
    if not path.is_file() or path.stat().st_size == 0:
        return []
    records: list[_Record] = []
    for line, record in read(str(path)):
        if isinstance(record, Problem):
            raise InputError([record])
        records.append(_made(path, line, record, make, what))
    return records


def places(path: Path, make: Callable[[Json], _Record], what: str) -> Iterator[tuple[_Record, int]]:
    """Each record of a file that a run wrote, with the place of its line: bytes before it.

    Args:
        path: JSON Lines; none where there is no file yet.
        make: reads one record.
        what: its name with its article ("a reply"), for the problems.

    Raises:
        InputError: a line was damaged or is something else.
    """
    if not path.is_file():
        return
    start = 0
    with path.open("rb") as stream:
        for number, line in enumerate(stream, start=1):
            if line.strip():
                try:
                    raw = parse(line)
                except orjson.JSONDecodeError as error:
                    broken = f"broken JSON ({error.msg}, column {error.colno})"
                    raise InputError([Problem(str(path), number, "$", broken, _EXPECTED, _REMEDY)]) from None
                yield _made(path, number, raw, make, what), start
            start += len(line)


def _made(path: Path, line: int, raw: Json, make: Callable[[Json], _Record], what: str) -> _Record:
    try:
        return make(raw)
    except (KeyError, TypeError, AttributeError):
        raise InputError([Problem(str(path), line, "$", f"not {what}", _EXPECTED, _REMEDY)]) from None
