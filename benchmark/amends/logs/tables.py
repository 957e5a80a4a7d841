"""CSV and Parquet rows as records: named columns become fields, every other column goes to ``meta``."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson

from amends.arrow import parquet_rows
from amends.errors import Problem, UsageError, unknown_name
from amends.jsonl import check_path, long_line, raw_lines, utf8_problem, whole_file
from amends.records import CONTEXT_FIELDS

EXCHANGE_COLUMNS = ("id", "customer", "turns", "reply", *CONTEXT_FIELDS)
REPLY_COLUMNS = ("id", "scenario_id", "sample", "text")
_INTEGERS = ("intensity", "sample")
_DELIMITERS = ",;\t"


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
        known = {*EXCHANGE_COLUMNS, *REPLY_COLUMNS}
        if name.strip() not in known:
            raise unknown_name("field in --columns", name.strip(), known)
        mapping[name.strip()] = column.strip()
    return mapping


def _fields(file: str, header: Iterable[str], columns: Mapping[str, str]) -> dict[str, str]:
    """Column to field. Fails as a whole where the columns that a record needs are not there."""
    names = list(header)
    missing = [f"{f}={c}" for f, c in columns.items() if c not in names]
    if missing:
        raise UsageError(f"--columns {', '.join(missing)}: {file} has the columns {', '.join(names)}")
    taken = set(columns.values())
    is_reply = "scenario_id" in names and "text" in names and "reply" not in names
    known = REPLY_COLUMNS if is_reply and "reply" not in columns else EXCHANGE_COLUMNS
    fields = {c: f for f, c in columns.items()}
    fields |= {c: c for c in names if c in known and c not in taken and c not in columns}
    have = set(fields.values())
    lacking = {"id"} - have
    if known is EXCHANGE_COLUMNS:
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


def _record(
    file: str, row: int, cells: Mapping[str, Any], fields: Mapping[str, str]
) -> dict[str, Any] | Problem:
    """One row as a record: an exchange or a reply."""
    record: dict[str, Any] = {}
    meta: dict[str, Any] = {}
    for column, value in cells.items():
        name = fields.get(column)
        if name is None:
            meta[column] = _plain(value)
        elif name in ("reply", "text"):
            record[name] = "" if value is None else value
        elif value is not None and value != "":
            record[name] = _whole(value) if name in _INTEGERS else value
    customer = record.pop("customer", None)
    if isinstance(record.get("turns"), str):
        try:
            record["turns"] = orjson.loads(record["turns"])
        except orjson.JSONDecodeError as error:
            found = f"broken JSON ({error})"
            return Problem(
                file, row, "$.turns", found, 'a list like [{"role": "customer", "text": "..."}]', "mend it"
            )
    elif "turns" not in record and "scenario_id" not in record:
        record["turns"] = [{"role": "customer", "text": "" if customer is None else customer}]
    if isinstance(record.get("id"), int):
        record["id"] = str(record["id"])
    if meta:
        record["meta"] = meta
    return record


def _whole(value: Any) -> Any:
    """A whole number typed as text; anything else is left for the schema to name."""
    try:
        return int(value) if isinstance(value, str) else value
    except ValueError:
        return value


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | float | bool | list | dict | None) else str(value)


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
                fields = _fields(file, cells, columns)
            yield number, _record(file, number, cells, fields)
    except ValueError as error:
        raise whole_file(file, f"no readable Parquet ({error})", "a Parquet file", "write it again") from None
    if fields is None:
        raise whole_file(file, "no rows", "at least one record", "check how the file was written")


class _Lines:
    """Text lines for the csv module; remembers which of the row's lines were too long or not UTF-8."""

    def __init__(self, file: str, max_line: int) -> None:
        self._lines = raw_lines(file, max_line)
        self._file = file
        self._max_line = max_line
        self.problem: Problem | None = None
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        for number, line in self._lines:
            self.number = number
            if line is None:
                self.problem = self.problem or long_line(self._file, number, self._max_line)
                yield "\n"
                continue
            try:
                yield line.decode("utf-8")
            except UnicodeDecodeError as error:
                self.problem = self.problem or utf8_problem(self._file, number, error)
                yield line.decode("utf-8", "replace")


def _delimiter(header: str) -> str:
    return max(_DELIMITERS, key=header.count)


def read_csv(file: str, columns: Mapping[str, str], max_line: int) -> Iterator[tuple[int, Any]]:
    """Rows of a CSV file (comma, semicolon or tab, by its header) as records, numbered by the row's first line.

    Raises:
        InputError: the file fails as a whole.
        UsageError: ``columns`` names a column that is not there.
    """
    csv.field_size_limit(2**31 - 1)
    lines = _Lines(file, max_line)
    feed = iter(lines)
    first = next((line for line in feed if line.strip()), None)
    if first is None:
        raise whole_file(
            file, "an empty file", "a header and at least one row", "check how the file was written"
        )
    if lines.problem is not None:
        raise whole_file(file, lines.problem.found, "a header in UTF-8", "save the file as UTF-8")
    delimiter = _delimiter(first)
    header = next(csv.reader([first], delimiter=delimiter))
    fields = _fields(file, header, columns)
    count = 0
    for number, row in _rows(file, csv.reader(feed, delimiter=delimiter, strict=True), lines):
        count += 1
        if isinstance(row, Problem):
            yield number, row
        elif len(row) != len(header):
            found = f"{len(row)} cells"
            yield (
                number,
                Problem(
                    file, number, "$", found, f"{len(header)} as in the header", "quote cells with commas"
                ),
            )
        else:
            yield number, _record(file, number, dict(zip(header, row, strict=True)), fields)
    if not count:
        raise whole_file(
            file, "a header and no rows", "at least one record", "check how the file was written"
        )


def _rows(file: str, reader: Iterator[list[str]], lines: _Lines) -> Iterator[tuple[int, list[str] | Problem]]:
    """Rows with the number of their first line; blank ones passed over, damaged ones as their problem."""
    while True:
        start = lines.number + 1
        try:
            row = next(reader, None)
        except csv.Error as error:
            yield start, Problem(file, start, "$", f"broken CSV ({error})", "a row", "close its quotes")
            continue
        if row is None:
            return
        problem, lines.problem = lines.problem, None
        if problem is not None:
            yield start, problem
        elif row:
            yield start, row
