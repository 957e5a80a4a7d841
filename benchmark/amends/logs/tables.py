"""CSV and Parquet rows as records: named columns become fields, every other column goes to ``meta``."""

from __future__ import annotations

import csv
import math
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from amends.arrow import parquet_rows
from amends.errors import Problem, UsageError, unknown_name
from amends.jsonl import check_path, long_line, parse, raw_lines, utf8_problem, whole_file
from amends.records import CONTEXT_FIELDS

EXCHANGE_COLUMNS = ("id", "customer", "turns", "reply", *CONTEXT_FIELDS)
REPLY_COLUMNS = ("id", "scenario_id", "sample", "text")
_INTEGERS = ("intensity", "sample")
_DELIMITERS = ",;\t"
_RECOVERED = 100
"""Lines that a row may have while the lines behind an unclosed quote are read again."""


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
    mapped = {c: f for f, c in columns.items()}
    possible = {*mapped.values(), *(c for c in names if c not in mapped)}
    is_reply = {"scenario_id", "text"} <= possible and "reply" not in possible
    known = REPLY_COLUMNS if is_reply else EXCHANGE_COLUMNS
    fields = mapped | {c: c for c in names if c in known and c not in mapped and c not in columns}
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


def _record(file: str, row: int, cells: Mapping[str, Any], fields: Mapping[str, str]) -> dict[str, Any] | Problem:
    """One row as a record: an exchange or a reply."""
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
        value = _plain(value)
        if name is None:
            meta[column] = value
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


def _whole(value: Any) -> Any:
    """A whole number typed as text; anything else is left for the schema to name."""
    try:
        number = int(value) if isinstance(value, str) else value
    except ValueError:
        return value
    return value if isinstance(number, int) and abs(number) >= 2**63 else number


def _plain(value: Any) -> Any:
    """A cell as JSON has it: no number as null, bytes as hexadecimal, moments and the like as text."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {str(name): _plain(one) for name, one in value.items()}
    return value.hex() if isinstance(value, bytes) else str(value)


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


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a CSV file, fit for the csv module."""

    number: int
    text: str
    problem: Problem | None


class _Lines:
    """Text lines for the csv module; keeps those of the row at hand, so that they can be read again."""

    def __init__(self, file: str, max_line: int) -> None:
        self._source = raw_lines(file, max_line)
        self._file = file
        self._max_line = max_line
        self._again: deque[_Line] = deque()
        self._size = 0
        self._most: int | None = None
        self.taken: list[_Line] = []

    def begin(self, most: int | None) -> None:
        """Start a row of at most so many lines."""
        self.taken, self._size, self._most = [], 0, most

    def is_reading_again(self) -> bool:
        """Whether the next line was read before."""
        return bool(self._again)

    def put_back(self, keep: int) -> None:
        """Hand out the row's lines again, save for the first ``keep``."""
        self._again.extendleft(reversed(self.taken[keep:]))

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else self._decoded(*next(self._source))
        self.taken.append(line)
        self._size += len(line.text)
        if len(self.taken) > 1 and self._size > self._max_line:
            raise csv.Error(f"a row of more than {self._max_line:,} characters")
        if self._most is not None and len(self.taken) > self._most:
            raise csv.Error("a quote that is not closed")
        return line.text

    def _decoded(self, number: int, line: bytes | None) -> _Line:
        if line is None:
            return _Line(number, "\n", long_line(self._file, number, self._max_line))
        try:
            return _Line(number, line.decode("utf-8"), None)
        except UnicodeDecodeError as error:
            return _Line(number, line.decode("utf-8", "replace"), utf8_problem(self._file, number, error))


def _delimiter(file: str, lines: _Lines) -> str:
    """The one of comma, semicolon and tab that the header has most of; the lines stay unread."""
    lines.begin(None)
    for text in lines:
        if text.strip() or lines.taken[-1].problem:
            break
    else:
        raise whole_file(file, "an empty file", "a header and at least one row", "check how the file was written")
    lines.put_back(0)
    return max(_DELIMITERS, key=text.count)


def _header(file: str, row: list[str] | Problem) -> list[str]:
    """The names of the columns; one without a name is called by its place."""
    if isinstance(row, Problem):
        raise whole_file(file, row.found, "a header of column names in UTF-8", row.remedy)
    names = [name if name.strip() else f"column {place}" for place, name in enumerate(row, start=1)]
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise whole_file(file, f"two columns named {twice[0]!r}", "each name once", "rename or remove one")
    return names


def read_csv(file: str, columns: Mapping[str, str], max_line: int) -> Iterator[tuple[int, Any]]:
    """Rows of a CSV file (comma, semicolon or tab, by its header) as records, numbered by the row's first line.

    Raises:
        InputError: the file fails as a whole.
        UsageError: ``columns`` names a column that is not there.
    """
    csv.field_size_limit(2**31 - 1)
    lines = _Lines(file, max_line)
    rows = _rows(file, lines, _delimiter(file, lines))
    header: list[str] | None = None
    fields: dict[str, str] = {}
    count = 0
    for number, row in rows:
        if header is None:
            header = _header(file, row)
            fields = _fields(file, header, columns)
            continue
        count += 1
        if isinstance(row, Problem):
            yield number, row
        elif len(row) != len(header):
            expected = f"{len(header)} as in the header"
            remedy = "put cells that hold the delimiter into quotes"
            yield number, Problem(file, number, "$", f"{len(row)} cells", expected, remedy)
        else:
            yield number, _record(file, number, dict(zip(header, row, strict=True)), fields)
    if not count:
        raise whole_file(file, "a header and no rows", "at least one record", "check how the file was written")


def _rows(file: str, lines: _Lines, delimiter: str) -> Iterator[tuple[int, list[str] | Problem]]:
    """Rows with the number of their first line; blank ones passed over, damaged ones as their problem.

    A quote that is not closed swallows the lines behind it: they are read again, so that it costs its own alone.
    """
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        lines.begin(_RECOVERED if lines.is_reading_again() else None)
        try:
            row = next(reader, None)
        except csv.Error as error:
            start = lines.taken[0].number
            lines.put_back(1)
            yield start, lines.taken[0].problem or _broken(file, start, str(error))
            continue
        if row is None:
            return
        start = lines.taken[0].number
        problem = next((line.problem for line in lines.taken if line.problem), None)
        if problem is not None:
            yield start, problem
        elif any(cell.strip() for cell in row):
            yield start, row


def _broken(file: str, line: int, error: str) -> Problem:
    if "new-line" in error:  # the csv module's words for a carriage return that ends no line
        found, remedy = "a carriage return inside the row", "save the file with ordinary line ends"
        return Problem(file, line, "$", found, "a row of cells", remedy)
    return Problem(file, line, "$", f"broken CSV ({error})", "a row of cells", "close its quotes, or double them")
