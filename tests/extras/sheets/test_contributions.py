"""Contributions from a workbook."""

from __future__ import annotations

import datetime
from pathlib import Path

import openpyxl
import pytest
from tests.checks.conftest import read
from tests.contribute.cases import OWN, data_folder

from amends.contribute.table import read_table
from amends.errors import UsageError
from amends.logs.sheets import Sheet, read_sheet, write_sheet

ABOUT = {"credit": "heron", "written": "person", "agreed": "yes"}


def book(path: Path, *rows: list[object]) -> Path:
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    made.save(path)
    return path


def test_the_template_is_a_contribution(amends, tmp_path: Path) -> None:
    folder = data_folder(tmp_path / "data", []).path
    for ending in ("csv", "xlsx"):
        assert amends("contribute", "--template", f"t.{ending}").code == 0
        (row,) = read_sheet(tmp_path / f"t.{ending}")
        own = row | {"reply": row["reply"].replace("leaves our bench", "is with you")}
        write_sheet(tmp_path / f"t.{ending}", Sheet(list(own), [list(own.values())]))
        told = amends("contribute", "--from-file", f"t.{ending}", "-o", f"{ending}.jsonl", "--data", folder)
        assert told.code == 0, told.err
    assert read(tmp_path / "csv.jsonl") == read(tmp_path / "xlsx.jsonl")


def test_numbers_blank_rows_and_texts_of_several_lines(tmp_path: Path) -> None:
    text = "My kite burst.\n\nTwice. 😡"
    rows = [["reply", "customer", "empathy", "intensity", "id"], [OWN["reply"], text, 4, 3.0, 17], [None] * 5,
            [OWN["reply"], text, 4.5, None, None]]  # fmt: skip
    items, wrong = read_table(book(tmp_path / "t.xlsx", *rows), {}, ABOUT, "2026-11-22")
    assert [item.line for item in items] == [2, 4], "as the spreadsheet numbers them"
    one = items[0].example
    assert one["id"] == "17" and one["labels"] == {"levels": {"empathy": 4}} and one["scenario"]["intensity"] == 3
    assert one["scenario"]["turns"][0]["text"] == text
    assert [(problem.line, problem.path) for problem in wrong] == [(4, "$.empathy")]


def test_a_formula_is_no_text_that_runs(tmp_path: Path) -> None:
    rows = [["reply", "customer"], ["=1+1", "@SpindriftKites my kite burst"]]
    items, _ = read_table(book(tmp_path / "t.xlsx", *rows), {}, ABOUT, "2026-11-22")
    assert items[0].example["reply"] == "", "a formula that no spreadsheet has computed has no value"
    assert items[0].example["scenario"]["turns"][0]["text"].startswith("@")


def test_other_cells_are_texts(tmp_path: Path) -> None:
    rows = [["reply", "customer", "reason"], [OWN["reply"], True, datetime.date(2026, 11, 22)]]
    items, wrong = read_table(book(tmp_path / "t.xlsx", *rows), {}, ABOUT, "2026-11-22")
    assert wrong == [] and items[0].example["labels"]["reason"].startswith("2026-11-22")


def test_what_is_no_workbook(tmp_path: Path) -> None:
    (tmp_path / "t.xlsx").write_bytes(b"PK no")
    with pytest.raises(UsageError, match="workbook"):
        read_table(tmp_path / "t.xlsx", {}, ABOUT, "2026-11-22")
