"""CSV and Parquet rows as records: named columns become fields, every other column goes to ``meta``.

A table of the dataset's own exchanges (``data export``) keeps their scenario, by which replies are clustered and
paired; what Parquet holds as an object stays the object that the same record has in JSON lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson

from amends.arrow import parquet_rows
from amends.errors import Problem, UsageError, unknown_name
from amends.jsonl import check_path, parse, utf8_problem, whole_file
from amends.logs.cells import csv_cells, filled, plain
from amends.records import CONTEXT_FIELDS

EXCHANGE_COLUMNS = ("id", "customer", "turns", "reply", *CONTEXT_FIELDS)
REPLY_COLUMNS = ("id", "scenario_id", "sample", "text")
MESSAGE_COLUMNS = ("conversation", "role", "text", "time", "agent", "team", "public")
"""Fields of a table with one row a message, beside the context fields."""
_INTEGERS = ("intensity", "sample")
_OF_DATASET = ("scenario_id", "sample", "split")
"""Columns that make a table of exchanges one of the dataset's: a scenario id alone is the user's own affair."""
_OBJECTS = {"author": {"kind", "name", "version"}, "gold": {"person", "model"}}
"""Fields that are objects, and their fields; a column of such a name with anything else in it is the user's own."""


def parse_columns(pairs: Iterable[str]) -> dict[str, str]:
    """Read ``--columns reply=body,customer=message``: field to the column that holds it.

    Raises:
        UsageError: a part has no ``=`` or names an unknown field.
    """
    mapping: dict[str, str] = {}
    for part in (p for pair in pairs for p in pair.split(",") if p.strip()):
        name, equals, column = part.partition("=")
        if not equals or not column.strip():
            raise UsageError(f"--columns wants FIELD=COLUMN, found {part!r}")
        known = {*EXCHANGE_COLUMNS, *REPLY_COLUMNS, *MESSAGE_COLUMNS}
        if name.strip() not in known:
            raise unknown_name("field in --columns", name.strip(), known)
        mapping[name.strip()] = column.strip()
    return mapping


def fields_of(file: str, header: Iterable[str], columns: Mapping[str, str]) -> dict[str, str]:
    """Column to field of a table of replies or exchanges.

    Args:
        file: its path.
        header: its columns.
        columns: field to column, as ``--columns`` names them.

    Raises:
        InputError: the columns that a record needs are not there.
        UsageError: ``columns`` names one that is not there.
    """
    names = list(header)
    missing = [f"{f}={c}" for f, c in columns.items() if c not in names]
    if missing:
        raise UsageError(f"--columns {', '.join(missing)}: {file} has the columns {', '.join(names)}")
    mapped = {c: f for f, c in columns.items()}
    possible = {*mapped.values(), *(c for c in names if c not in mapped)}
    is_reply = {"scenario_id", "text"} <= possible and "reply" not in possible
    known: tuple[str, ...] = REPLY_COLUMNS if is_reply else EXCHANGE_COLUMNS
    if is_reply or possible.issuperset(_OF_DATASET):
        known += ("author",) if is_reply else (*_OF_DATASET, *_OBJECTS)
    fields = mapped | {c: c for c in names if c in known and c not in mapped and c not in columns}
    have = set(fields.values())
    lacking = {"id"} - have
    if not is_reply:
        lacking |= {"reply"} - have
        if not have & {"customer", "turns"}:
            lacking.add("customer")
    if lacking:
        raise whole_file(
            file,
            f"the columns {', '.join(names)}",
            f"a column for {', '.join(sorted(lacking))} (id, customer or turns, reply)",
            "name it with --columns FIELD=COLUMN",
        )
    return fields


def record_of(file: str, row: int, cells: Mapping[str, Any], fields: Mapping[str, str]) -> dict[str, Any] | Problem:
    """One row as a record: an exchange or a reply.

    Args:
        file: its path, for the problem.
        row: its number.
        cells: column to value.
        fields: column to field, as ``fields_of`` gives them.
    """
    record: dict[str, Any] = {}
    meta: dict[str, Any] = {}
    for column, value in cells.items():
        name = fields.get(column)
        if isinstance(value, bytes):
            try:
                value = value.decode("utf-8")
            except UnicodeDecodeError as error:
                if name is not None:
                    return utf8_problem(file, row, error)
        value = plain(value)
        if name in _OBJECTS and value is not None and not _is_object(name, value):
            name = None
        if name is None and column == "meta" and isinstance(value, dict):
            meta = filled(value) | meta
        elif name is None:
            meta[column] = value
        elif name in _OBJECTS:
            record |= {name: filled(value)} if value else {}
        elif name in ("reply", "text"):
            record[name] = "" if value is None else value
        elif value is not None and value != "":
            record[name] = _whole(value) if name in _INTEGERS else value
    customer = record.pop("customer", None)
    if isinstance(record.get("turns"), str):
        try:
            record["turns"] = parse(record["turns"])
        except orjson.JSONDecodeError as error:
            found = f"broken JSON ({error})"
            return Problem(file, row, "$.turns", found, 'a list like [{"role": "customer", "text": "..."}]', "mend it")
    elif "turns" not in record and "reply" in record:
        record["turns"] = [{"role": "customer", "text": "" if customer is None else customer}]
    if isinstance(record.get("id"), int):
        record["id"] = str(record["id"])
    if meta:
        record["meta"] = meta
    return record


def _is_object(name: str, value: Any) -> bool:
    """Whether a cell holds the object of that name; gold may have one kind of labels alone."""
    found = value.keys() if isinstance(value, dict) else set()
    return found == _OBJECTS[name] or (name == "gold" and set() < found < _OBJECTS[name])


def _whole(value: Any) -> Any:
    """A whole number typed as text; anything else is left for the schema to name."""
    try:
        number = int(value) if isinstance(value, str) else value
    except ValueError:
        return value
    return value if isinstance(number, int) and abs(number) >= 2**63 else number


def read_parquet(file: str, columns: Mapping[str, str]) -> Iterator[tuple[int, Any]]:
    """Rows of a Parquet file as records, numbered from 1.

    Raises:
        InputError: the file fails as a whole.
    """
    check_path(file)
    fields: dict[str, str] | None = None
    try:
        for number, cells in enumerate(parquet_rows(file), start=1):
            if fields is None:
                fields = fields_of(file, cells, columns)
            yield number, record_of(file, number, cells, fields)
    except ValueError as error:
        raise whole_file(file, f"no readable Parquet ({error})", "a Parquet file", "write it again") from None
    if fields is None:
        raise whole_file(file, "no rows", "at least one record", "check how the file was written")


def read_csv(file: str, columns: Mapping[str, str], max_line: int) -> Iterator[tuple[int, Any]]:
    """Rows of a CSV file (comma, semicolon or tab, by its header) as records, numbered by the row's first line.

    Raises:
        InputError: the file fails as a whole.
        UsageError: ``columns`` names a column that is not there.
    """
    fields: dict[str, str] = {}
    for number, row in csv_cells(file, max_line, lambda header: fields.update(fields_of(file, header, columns))):
        yield number, row if isinstance(row, Problem) else record_of(file, number, row, fields)
