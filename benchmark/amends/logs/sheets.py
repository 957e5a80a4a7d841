"""Tables for people: XLSX (the only user of openpyxl, extra ``sheets``) and CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from amends.errors import UsageError
from amends.jsonl import write_whole

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins so is a formula to a spreadsheet: customers' texts are never to run."""
WIDTHS = {"customer": 60, "reply 1": 60, "reply 2": 60, "note": 40}
_NARROW = 18
_SIGNS = {",": "comma", ";": "semicolon", "\t": "tab"}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with the words that explain it."""

    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    choices: dict[str, Sequence[str]] = field(default_factory=dict)
    """Heading to the values that its cells may take."""
    about: Sequence[str] = ()
    """Lines that tell the reader what to do."""


def write_sheet(path: Path, sheet: Sheet) -> None:
    """Write a table.

    Args:
        path: .xlsx or .csv.
        sheet: what it holds.

    Raises:
        UsageError: another ending, or .xlsx without the extra.
    """
    if path.suffix.lower() == ".csv":
        write_whole(path, _csv(sheet))
    elif path.suffix.lower() == ".xlsx":
        write_whole(path, _xlsx(sheet))
    else:
        raise UsageError(f"{path} must end in .xlsx or .csv")


def read_sheet(path: Path) -> list[dict[str, str]]:
    """Rows of a table by heading; empty cells are empty texts.

    Args:
        path: .xlsx or .csv.

    Raises:
        UsageError: another ending, no such file, no table in it, or .xlsx without the extra.
    """
    return [row for _, row in numbered_rows(path)]


def numbered_rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    """The same with the number that a spreadsheet shows beside each row; the headings are row 1.

    Args:
        path: .xlsx or .csv.

    Raises:
        UsageError: as ``read_sheet``.
    """
    if not path.is_file():
        raise UsageError(f"{path} is not there")
    if path.suffix.lower() == ".csv":
        table = _rows(path)
    elif path.suffix.lower() == ".xlsx":
        table = _cells(path)
    else:
        raise UsageError(f"{path} must end in .xlsx or .csv")
    if not table:
        raise UsageError(f"{path} holds no table")
    headings = [cell.strip().lower() for cell in table[0]]
    numbered = ((number, [*row, *[""] * (len(headings) - len(row))]) for number, row in enumerate(table[1:], start=2))
    return [(number, dict(zip(headings, row, strict=False))) for number, row in numbered if any(map(str.strip, row))]


def _rows(path: Path) -> list[list[str]]:
    """Rows of a CSV file as spreadsheets save it: comma, semicolon or tab."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError(f"{path} is not UTF-8; save it as CSV UTF-8, or as .xlsx") from None
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    rows: list[list[str]] = []
    csv.field_size_limit(2**31 - 1)  # a conversation may be longer than 128 kB, which ``write_sheet`` writes
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            rows.append(row)
    except csv.Error as error:  # read on, an open quote would take all rows after it into one cell
        quotes = 'each text in quotes must end with one, and a quote within it be written twice: "so ""quoted"" stays"'
        raise UsageError(f"{path}, row {len(rows) + 1}: {error}; {quotes}") from None
    wide = len(rows[0]) if rows and sum(map(bool, rows[0])) > 1 else None  # a line of headings, not something before it
    for number, row in enumerate(rows, start=1):
        if wide and any(map(str.strip, row[wide:])):
            found = f"{path}, row {number}: {len(row)} cells under {wide} headings"
            raise UsageError(f"{found}; put quotes around texts that hold a {_SIGNS[delimiter]}")
    return rows


def _openpyxl() -> Any:
    try:
        import openpyxl
    except ImportError:
        raise UsageError(
            "XLSX needs the extra sheets: pip install 'amends[sheets]'; or use a .csv file, which needs nothing"
        ) from None
    return openpyxl


def _shown(text: str) -> str:
    """The text without characters that XLSX cannot hold."""
    return "".join(c if c in "\t\n\r" or ord(c) >= 32 and not 0xFFFE <= ord(c) <= 0xFFFF else "\ufffd" for c in text)


def _csv(sheet: Sheet) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(sheet.headings)
    for row in sheet.rows:
        writer.writerow(["'" + cell if cell.startswith(FORMULA) else cell for cell in row])
    # spreadsheets take a file for UTF-8 by its mark only
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _xlsx(sheet: Sheet) -> bytes:
    openpyxl = _openpyxl()
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    book = openpyxl.Workbook()
    page = book.active
    page.title = "ratings"
    page.append(list(sheet.headings))
    for row in sheet.rows:
        page.append([""] * len(row))
        for column, text in enumerate(row, start=1):
            cell = page.cell(page.max_row, column)
            # the type is set after the value, which openpyxl would take for a formula where it begins with =
            cell.value, cell.data_type = _shown(text), "s"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    for column, heading in enumerate(sheet.headings, start=1):
        page.cell(1, column).font = Font(bold=True)
        page.column_dimensions[get_column_letter(column)].width = WIDTHS.get(heading, _NARROW)
        if heading in sheet.choices:
            listed = '"' + ",".join(sheet.choices[heading]) + '"'
            rule = DataValidation(type="list", formula1=listed, allow_blank=True, showErrorMessage=True)
            rule.add(f"{get_column_letter(column)}2:{get_column_letter(column)}{len(sheet.rows) + 1}")
            page.add_data_validation(rule)
    page.freeze_panes = "B2"
    told = book.create_sheet("how")
    for line in sheet.about:
        told.append([line])
    told.column_dimensions["A"].width = 110
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cells(path: Path) -> list[list[str]]:
    openpyxl = _openpyxl()
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        rows = [["" if cell is None else str(cell) for cell in row] for row in book.worksheets[0].values]
        book.close()
    except Exception:  # of zipfile, zlib, the parser of XML or openpyxl, by where the file is damaged
        raise UsageError(f"{path} is not a workbook that can be read; save it as .xlsx or .csv") from None
    return rows
