"""Annotations in Parquet, as ``score`` writes them and as others make them of the same JSON lines."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from amends.errors import InputError, Problem
from amends.logs.annotations import read_annotations
from amends.records import DIMENSIONS, Annotation

DAY = datetime.date(2026, 11, 22)
BASE = {
    "reply_id": "r",
    "annotator": {"role": "annotator", "kind": "person", "name": "ann", "version": "1"},
    "levels": dict.fromkeys(DIMENSIONS, 3),
}
DRAW = {"weight": 2.5}
ROWS = [
    ({}, {}, "what is required alone"),
    ({"id": None, "supersedes": None, "reason": None, "confidence": None}, {}, "columns that other rows have filled"),
    ({"meta": '{"draw":{"weight":2.5}}'}, {"meta": {"draw": DRAW}}, "meta as score writes it"),
    ({"meta": {"draw": DRAW, "note": None}}, {"meta": {"draw": DRAW}}, "meta as an object: the weights of a draw"),
    ({"meta": None}, {}, "no meta"),
    ({"created": "2026-11-22"}, {"created": "2026-11-22"}, "a day"),
    ({"created": DAY}, {"created": "2026-11-22"}, "a date (duckdb)"),
    ({"created": datetime.datetime(2026, 11, 22)}, {"created": "2026-11-22"}, "a moment (pandas)"),
    ({"created": "2026-11-22 00:00:00"}, {"created": "2026-11-22"}, "a moment as text (load_dataset)"),
]


@pytest.mark.parametrize(("columns", "fields", "why"), ROWS, ids=[why for *_, why in ROWS])
def test_a_row_of_parquet(columns: dict[str, Any], fields: dict[str, Any], why: str, tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.Table.from_pylist([BASE | columns]), path)
    assert list(read_annotations(str(path))) == [Annotation.from_dict(BASE | fields)], why


WRONG = [
    (pa.array(["2026-11-22", "in May"]), "created", "no date"),
    (pa.array([[], [("team", "n")]], pa.map_(pa.string(), pa.string())), "meta", "a map of Parquet is no object"),
]


@pytest.mark.parametrize(("column", "name", "why"), WRONG, ids=[why for *_, why in WRONG])
def test_what_is_no_annotation_is_a_problem_of_its_row(column: pa.Array, name: str, why: str, tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.Table.from_pylist([BASE, BASE]).append_column(name, column), path)
    _, wrong = read_annotations(str(path))
    assert isinstance(wrong, Problem)
    assert (wrong.line, wrong.path) == (2, f"$.{name}"), why


def test_no_rows_are_said(tmp_path: Path) -> None:
    """``report`` printed nothing at all, and ended with 0."""
    path = tmp_path / "a.parquet"
    pq.write_table(pa.Table.from_pylist([BASE]).slice(0, 0), path)
    with pytest.raises(InputError, match="no rows"):
        list(read_annotations(str(path)))
