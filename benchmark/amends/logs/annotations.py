"""Annotations of a file, line by line: the good ones, and the problems of the others."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

import orjson

from amends.arrow import parquet_rows
from amends.errors import Problem
from amends.jsonl import MAX_LINE, check_path, read, whole_file
from amends.logs.cells import filled
from amends.records import Annotation, Json
from amends.schema import problems

_NEVER_NULL = ("id", "supersedes")


def annotation_records(file: str, max_line: int = MAX_LINE) -> Iterator[tuple[int, Any]]:
    """Numbered records of a file of annotations, or Problems.

    Args:
        file: as ``read_annotations`` takes it.
        max_line: bytes a line may have.

    Raises:
        InputError: the file fails as a whole.
    """
    if not file.lower().endswith(".parquet"):
        yield from read(file, max_line)
        return
    check_path(file)
    number = 0
    try:
        for number, row in enumerate(parquet_rows(file), start=1):
            yield number, unpacked(row)
    except ValueError as error:
        raise whole_file(file, f"no readable Parquet ({error})", "a Parquet file", "write it again") from None
    if not number:
        raise whole_file(file, "no rows", "at least one record", "check how the file was written")


def unpacked(row: Json) -> Json:
    """An annotation as JSON has it, from a row of Parquet: as ``score`` writes it, or as others made it of JSON lines.

    Args:
        row: by column.
    """
    meta, day = row.get("meta"), row.get("created")
    row = {name: one for name, one in row.items() if one is not None or name not in _NEVER_NULL}
    if isinstance(meta, dict):
        row["meta"] = filled(meta)
    else:
        row["meta"] = orjson.loads(meta) if isinstance(meta, str) and meta else meta or {}
    if day is not None:
        # pandas and datasets make a moment of a date
        row["created"] = str(day).removesuffix(" 00:00:00")
    return row


def hold_annotations(columns: Collection[str]) -> bool:
    """Whether a record, or a table, with these fields is of annotations.

    Args:
        columns: names of its fields.
    """
    return "annotator" in columns and "levels" in columns


def read_annotations(file: str, max_line: int = MAX_LINE) -> Iterator[Annotation | Problem]:
    """Read a file of annotations.

    Args:
        file: JSON Lines, Parquet as ``score -o OUT.parquet`` writes it, or ``-`` for standard input.
        max_line: bytes a line may have.

    Yields:
        Each good line's annotation, and each problem of the others (a line may have several).

    Raises:
        InputError: the file fails as a whole.
    """
    for line, record in annotation_records(file, max_line):
        wrong = [record] if isinstance(record, Problem) else problems(record, "annotation", file, line)
        if wrong:
            yield from wrong
        else:
            yield Annotation.from_dict(record)
