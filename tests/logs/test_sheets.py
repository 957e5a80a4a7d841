"""Tables for people as CSV: what goes in comes out, and no text becomes a formula."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from amends.errors import UsageError
from amends.logs.sheets import Sheet, read_sheet, write_sheet

SHEET = Sheet(["pair", "reply 1"], [["1", 'two\nlines, a comma and "quotes"'], ["2", "naïve 😀"]])


def test_rows_survive(tmp_path: Path) -> None:
    write_sheet(tmp_path / "s.csv", SHEET)
    assert read_sheet(tmp_path / "s.csv") == [
        {"pair": "1", "reply 1": 'two\nlines, a comma and "quotes"'},
        {"pair": "2", "reply 1": "naïve 😀"},
    ]
    assert (tmp_path / "s.csv").read_bytes().startswith(b"\xef\xbb\xbf")  # else Excel reads another encoding


@pytest.mark.parametrize("text", ['=HYPERLINK("http://x")', "+1", "-1+2", "@SUM(A1)", "\t=1"])
def test_no_text_becomes_a_formula(tmp_path: Path, text: str) -> None:
    write_sheet(tmp_path / "s.csv", Sheet(["pair", "customer"], [["1", text]]))
    assert read_sheet(tmp_path / "s.csv")[0]["customer"] == "'" + text


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("none.csv", None, "is not there"),
        ("empty.csv", "", "holds no table"),
        ("s.ods", "x", "must end in .xlsx or .csv"),
        ("open.csv", 'a,b\n1,"x\n2,y\n', "row 2: .*each text in quotes must end with one"),  # row 3 went into its cell
        ("wide.csv", "a,b\n1,x\n2,So, sorry\n", "row 3: 3 cells under 2 headings; .*hold a comma"),  # it was dropped
    ],
)
def test_what_cannot_be_read_says_why(tmp_path: Path, name: str, content: str | None, why: str) -> None:
    if content is not None:
        (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(UsageError, match=why):
        read_sheet(tmp_path / name)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])  # a European Excel saves semicolons
def test_csv_as_spreadsheets_save_it(tmp_path: Path, delimiter: str) -> None:
    (tmp_path / "s.csv").write_text(f"pair{delimiter}empathy\n1{delimiter}2\n", encoding="utf-8")
    assert read_sheet(tmp_path / "s.csv") == [{"pair": "1", "empathy": "2"}]


def test_a_text_of_any_length_comes_back(tmp_path: Path) -> None:
    # the limit is the whole process's: whether it was raised hung on which files were read before
    before = csv.field_size_limit(131_072)
    try:
        write_sheet(tmp_path / "s.csv", Sheet(["pair", "customer"], [["1", "x" * 140_000]]))
        assert read_sheet(tmp_path / "s.csv") == [{"pair": "1", "customer": "x" * 140_000}]
    finally:
        csv.field_size_limit(before)


def test_short_and_blank_rows(tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text("a,b,\n1\n , \n2,3,\n", encoding="utf-8")
    assert read_sheet(tmp_path / "s.csv") == [{"a": "1", "b": "", "": ""}, {"a": "2", "b": "3", "": ""}]


def test_another_encoding_is_named(tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_bytes("pair,note\n1,naïve\n".encode("cp1252"))
    with pytest.raises(UsageError, match="is not UTF-8; save it as CSV UTF-8"):
        read_sheet(tmp_path / "s.csv")
