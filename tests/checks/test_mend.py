"""``--fix`` mends what is safe and nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.checks.conftest import Json, annotation, read, reply_record, spoil, turns, write

from amends.checks import check
from amends.checks.spans import fits, places
from amends.dataset.build import build
from amends.dataset.folder import DataFolder

SCENARIO = {"id": "s1", "turns": turns("hello")}

FORMS = [
    (lambda b: b"\xef\xbb\xbf" + b, "a UTF-8 mark", "mark"),
    (lambda b: b.replace(b"\n", b"\r\n"), "CRLF line ends", "CRLF"),
    (lambda b: b.replace(b"\n", b" \t\n"), "blanks at line ends", "blanks"),
    (lambda b: b[:-1], "no final line end", "no final line end"),
    (lambda b: b"\xef\xbb\xbf" + b.replace(b"\n", b" \r\n")[:-2], "a UTF-8 mark", "all together"),
]


@pytest.mark.parametrize(("spoiled", "fault", "why"), FORMS, ids=[row[-1] for row in FORMS])
def test_the_form_of_a_file_is_mended(folder: Path, spoiled: object, fault: str, why: str) -> None:
    file = folder / "replies.jsonl"
    good = file.read_bytes()
    file.write_bytes(spoiled(good))  # type: ignore[operator]
    named = [p for p in check([str(folder)]).problems if p.found == fault]
    assert [(p.file, p.remedy) for p in named] == [(str(file), "run amends check --fix")], why
    assert file.read_bytes() != good, "nothing is written without --fix"
    report = check([str(folder)], fix=True)
    assert report.problems == ()
    assert file.read_bytes() == good
    assert any(fault in line for line in report.mended)
    assert check([str(folder)], fix=True).mended == (), "a second run has nothing to do"


def beside(tmp_path: Path, *annotations: Json) -> Path:
    """A folder with one reply and annotations of it."""
    write(tmp_path / "scenarios.jsonl", [SCENARIO])
    write(tmp_path / "replies.jsonl", [reply_record("r1")])
    write(tmp_path / "annotations.jsonl", list(annotations))
    return tmp_path


def moved(by: int, quote: str | None = None) -> Json:
    """An annotation whose span stands wrong."""
    record = annotation("r1", "me")
    span = record["behaviours"][0]
    if quote is not None:
        span.update(quote=quote, start=0, end=len(quote))
    else:
        span.update(start=span["start"] + by, end=span["end"] + by)
    return record


def test_a_span_whose_quote_stands_once_is_moved(tmp_path: Path) -> None:
    root = beside(tmp_path, annotation("r1", "you"), moved(-3))
    before = (root / "replies.jsonl").read_bytes()
    report = check([str(root)], fix=True)
    assert report.problems == ()
    assert report.mended[0].startswith(f"{root / 'annotations.jsonl'}:2 $.behaviours[0]: ")
    assert read(root / "annotations.jsonl")[1] == annotation("r1", "me")
    assert (root / "replies.jsonl").read_bytes() == before


def test_a_span_outside_with_a_wrong_length_is_moved_too(tmp_path: Path) -> None:
    record = annotation("r1", "me")
    record["behaviours"][0].update(start=900, end=950)
    root = beside(tmp_path, record)
    assert check([str(root)], fix=True).problems == ()


LEFT = [
    (moved(0, "nowhere at all"), "a quote that stands nowhere"),
    (moved(0, "e"), "a quote that stands in many places"),
]


@pytest.mark.parametrize(("record", "why"), LEFT, ids=[row[-1] for row in LEFT])
def test_what_needs_a_judgement_stays(tmp_path: Path, record: Json, why: str) -> None:
    root = beside(tmp_path, record)
    before = (root / "annotations.jsonl").read_bytes()
    report = check([str(root)], fix=True)
    assert report.mended == ()
    assert len(report.problems) == 1, why
    assert (root / "annotations.jsonl").read_bytes() == before


def test_a_released_annotation_stays(folder: Path) -> None:
    def change(records: list[Json]) -> None:
        records[0]["behaviours"][0]["start"] += 1
        records[0]["behaviours"][0]["end"] += 1

    spoil(folder, "annotations/ann-1.jsonl", change)
    assert check([str(folder)], fix=True).mended == ()
    for version in (folder / "versions").iterdir():
        version.unlink()
    assert len(check([str(folder)], fix=True).mended) == 1
    build(DataFolder(folder), "1.0.0")
    assert check([str(folder)]).problems == ()


def test_a_number_that_would_be_lost_stays(tmp_path: Path) -> None:
    root = beside(tmp_path, moved(-3))
    file = root / "annotations.jsonl"
    line = json.loads(file.read_text())
    file.write_text(json.dumps({**line, "meta": {"n": 10**25}}) + "\n")
    assert check([str(root)], fix=True).mended == ()
    file.write_text(json.dumps(line).replace('"flags"', '"flags": [], "flags"') + "\n")
    assert check([str(root)], fix=True).mended == (), "a key that stands twice"


def test_built_files_are_left_to_the_build(folder: Path) -> None:
    file = folder / "exchanges" / "train.jsonl"
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    report = check([str(folder)], fix=True)
    assert report.mended == ()
    assert "run amends data build" in {p.remedy for p in report.problems}


def test_a_file_that_cannot_be_written_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, data: bytes) -> None:
        raise PermissionError("read-only")

    monkeypatch.setattr("amends.checks.mend.write_whole", refuse)
    report = check([str(beside(tmp_path, moved(-3)))], fix=True)
    assert "cannot be written" in report.mended[0]
    assert len(report.problems) == 1


TEXT = st.text(alphabet="aé😀 \n", min_size=1, max_size=20)


@settings(max_examples=300, deadline=None)
@given(TEXT, st.integers(-3, 25), st.integers(-3, 25), TEXT)
def test_a_span_fits_exactly_where_python_slices_the_quote(text: str, start: int, end: int, quote: str) -> None:
    span = {"start": start, "end": end, "quote": quote}
    inside = start in range(len(text)) and end in range(start + 1, len(text) + 1)
    assert fits(span, text) is (inside and "".join(list(text)[start:end]) == quote)


@settings(max_examples=300, deadline=None)
@given(TEXT, TEXT)
def test_places_are_all_places(quote: str, text: str) -> None:
    every = [i for i in range(len(text)) if text.startswith(quote, i)]
    assert places(quote, text) == every[:5]
    assert all(fits({"start": at, "end": at + len(quote), "quote": quote}, text) for at in every)
