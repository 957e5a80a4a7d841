"""Cells of CSV and Parquet files, row by row, by the names of their columns; damaged rows as their problems."""

from __future__ import annotations

import csv
import math
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from amends.arrow import parquet_names, parquet_rows
from amends.errors import Problem
from amends.jsonl import MAX_LINE, check_path, long_line, raw_lines, utf8_problem, whole_file

TABLES = (".csv", ".parquet")
"""Files whose columns can be named."""
_DELIMITERS = ",;\t"
_RECOVERED = 100
"""Lines that a row may have while the lines behind an unclosed quote are read again."""


def plain(value: Any) -> Any:
    """A cell as JSON has it: no number as null, bytes as hexadecimal, moments and the like as text.

    Args:
        value: as a library gave it.
    """
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, dict):
        return {str(name): plain(one) for name, one in value.items()}
    return value.hex() if isinstance(value, bytes) else str(value)


def filled(value: dict[str, Any]) -> dict[str, Any]:
    """An object without its null fields: a column of Parquet has every row's keys in each row.

    Args:
        value: of one row.
    """
    return {name: one for name, one in value.items() if one is not None}


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


def csv_cells(
    file: str, max_line: int, told: Callable[[list[str]], object] = lambda header: None
) -> Iterator[tuple[int, dict[str, Any] | Problem]]:
    """Rows of a CSV file by column, numbered by the row's first line.

    Args:
        file: its path.
        max_line: bytes a line may have, and characters a row.
        told: told of the header before the first row.

    Raises:
        InputError: the file fails as a whole.
    """
    csv.field_size_limit(2**31 - 1)
    lines = _Lines(file, max_line)
    rows = _rows(file, lines, _delimiter(file, lines))
    header: list[str] | None = None
    count = 0
    for number, row in rows:
        if header is None:
            header = _header(file, row)
            told(header)
            continue
        count += 1
        if isinstance(row, Problem):
            yield number, row
        elif len(row) != len(header):
            expected = f"{len(header)} as in the header"
            remedy = "put cells that hold the delimiter into quotes"
            yield number, Problem(file, number, "$", f"{len(row)} cells", expected, remedy)
        else:
            yield number, dict(zip(header, row, strict=True))
    if not count:
        raise whole_file(file, "a header and no rows", "at least one record", "check how the file was written")


def is_table(file: str) -> bool:
    """Whether a file's columns can be named: it is CSV or Parquet.

    Args:
        file: its path.
    """
    return file.lower().endswith(TABLES)


def table_names(file: str) -> list[str]:
    """The columns of a table.

    Args:
        file: a .csv or .parquet file.

    Raises:
        InputError: the file fails as a whole.
    """
    if file.lower().endswith(".csv"):
        lines = _Lines(file, MAX_LINE)
        return _header(file, next(row for _, row in _rows(file, lines, _delimiter(file, lines))))
    check_path(file)
    try:
        return parquet_names(file)
    except ValueError as error:
        raise whole_file(file, f"no readable Parquet ({error})", "a Parquet file", "write it again") from None


def table_rows(file: str, max_line: int) -> Iterator[tuple[int, Any]]:
    """Rows of a table by column, as JSON has the cells; or their problems.

    Args:
        file: a .csv or .parquet file.
        max_line: bytes a line of CSV may have.

    Raises:
        InputError: the file fails as a whole.
    """
    if file.lower().endswith(".csv"):
        yield from csv_cells(file, max_line)
        return
    check_path(file)
    number = 0
    try:
        for number, cells in enumerate(parquet_rows(file), start=1):
            yield number, {name: plain(_decoded(value)) for name, value in cells.items()}
    except ValueError as error:
        raise whole_file(file, f"no readable Parquet ({error})", "a Parquet file", "write it again") from None
    if not number:
        raise whole_file(file, "no rows", "at least one record", "check how the file was written")


def _decoded(value: Any) -> Any:
    """Bytes as the text that they are in UTF-8, where they are one."""
    try:
        return value.decode("utf-8") if isinstance(value, bytes) else value
    except UnicodeDecodeError:
        return value


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
