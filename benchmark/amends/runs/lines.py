"""What an earlier run left on disk, read back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from amends.errors import InputError, Problem
from amends.jsonl import read
from amends.records import Json

_Record = TypeVar("_Record")


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
        try:
            records.append(make(record))
        except (KeyError, TypeError, AttributeError):
            found = Problem(str(path), line, "$", f"not {what}", "what an earlier run wrote", "use --fresh")
            raise InputError([found]) from None
    return records
