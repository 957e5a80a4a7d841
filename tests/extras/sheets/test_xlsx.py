"""The extra ``sheets``: a blinded sheet as XLSX, filled in and read back."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import openpyxl
import pytest

from amends.errors import UsageError
from amends.logs.sheets import Sheet, read_sheet, write_sheet


def test_a_sheet_is_written_filled_and_read_back(amends) -> None:
    for name in ("courtesy", "seven-steps"):
        assert amends("run", name, "--split", "train", "--limit", 12, "-o", name).code == 0
    made = amends("compare", "courtesy", "seven-steps", "--sheet", "s.xlsx")
    assert made.code == 0, made.err
    key = json.loads(Path("s.xlsx.key.json").read_text(encoding="utf-8"))["pairs"]
    book = openpyxl.load_workbook("s.xlsx")
    page = book.worksheets[0]
    assert page.max_row == 13
    assert {str(rule.sqref) for rule in page.data_validations.dataValidation} == {"E2:E13", "F2:F13", "G2:G13"}
    for row in range(2, 14):
        page.cell(row, 5).value = int(key[page.cell(row, 1).value]["b_is"])  # typed as a number, as people do
        page.cell(row, 6).value = "="
    book.save("filled.xlsx")
    read = amends(
        "compare", "courtesy", "seven-steps", "--ratings", "filled.xlsx", "--key", "s.xlsx.key.json", "--json"
    )
    assert read.code == 0, read.err
    found = json.loads(read.out)
    assert found["dimensions"]["empathy"]["better"]["estimate"]["value"] == 1.0
    assert found["dimensions"]["depersonalization"]["better"]["estimate"]["value"] == 0.5
    assert found["empty"]["excuse_avoidance"] == 12


@pytest.mark.parametrize("text", ["=1+1", "+1", "a\x00b\x07c", "x" * 500])
def test_texts_stay_texts(tmp_path: Path, text: str) -> None:
    write_sheet(tmp_path / "s.xlsx", Sheet(["pair", "customer"], [["1", text]]))
    cell = openpyxl.load_workbook(tmp_path / "s.xlsx").worksheets[0].cell(2, 2)
    assert cell.data_type == "s"
    assert cell.value == text.replace("\x00", "\ufffd").replace("\x07", "\ufffd")


def test_a_file_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    (tmp_path / "s.xlsx").write_text("no workbook", encoding="utf-8")
    with pytest.raises(UsageError, match="is not a workbook"):
        read_sheet(tmp_path / "s.xlsx")


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"])
def test_a_damaged_workbook_is_refused(tmp_path: Path, part: str) -> None:
    write_sheet(tmp_path / "s.xlsx", Sheet(["pair"], [["1"]]))
    with zipfile.ZipFile(tmp_path / "s.xlsx") as whole, zipfile.ZipFile(tmp_path / "cut.xlsx", "w") as cut:
        for name in whole.namelist():
            cut.writestr(name, whole.read(name)[: 60 if name == part else None])
    with pytest.raises(UsageError, match="is not a workbook that can be read"):
        read_sheet(tmp_path / "cut.xlsx")
