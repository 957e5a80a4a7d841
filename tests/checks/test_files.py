"""What a file holds, users' own files, and files that are no files of records."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import orjson
import pytest
from tests.checks.conftest import annotation, reply_record, turns, write

from amends.checks import check, files, reading
from amends.checks.files import kind_by_keys, kind_by_name

Json = dict[str, Any]

NAMES = [
    ("scenarios.jsonl", "scenario"),
    ("replies.jsonl", "reply"),
    ("annotations/ann.jsonl", "annotation"),
    ("annotations/ann/train-1.jsonl", "annotation"),
    ("contrast.jsonl", "contrast"),
    ("contrast/test.jsonl", "contrast"),
    ("exchanges/train.jsonl", "exchange"),
    ("robustness/gaming.jsonl", "gaming"),
    ("robustness/invariance.jsonl", "invariance"),
    ("robustness/degenerate.jsonl", "degenerate"),
    ("plan.jsonl", "plan"),
    ("pending/x/replies.jsonl", None),
    ("systems/echo.jsonl", None),
]


@pytest.mark.parametrize(("name", "kind"), NAMES)
def test_a_name_in_a_data_folder_says_the_kind(name: str, kind: str | None) -> None:
    assert kind_by_name(name) == kind


KEYS = [
    ("id turns", "scenario", "a scenario"),
    ("id scenario_id text", "reply", "a reply"),
    ("id turns reply", "exchange", "an exchange"),
    ("id turns reply gold scenario_id", "exchange", "an exchange of the dataset"),
    ("reply_id annotator levels", "annotation", "an annotation"),
    ("reply_id levels", "annotation", "an annotation without its maker"),
    ("annotator levels", "annotation", "an annotation without its reply"),
    ("reply_id kind levels", "plan", "a plan line"),
    ("id turns better worse expects", "contrast", "a contrast pair"),
    ("id turns honest gamed", "gaming", "a gaming pair"),
    ("id turns reply variant change", "invariance", "an invariance pair"),
    ("id turns reply case expect", "degenerate", "a degenerate input, not an exchange"),
    ("id body", None, "anything"),
]


@pytest.mark.parametrize(("keys", "kind", "why"), KEYS, ids=[row[-1] for row in KEYS])
def test_keys_say_the_kind(keys: str, kind: str | None, why: str) -> None:
    assert kind_by_keys(dict.fromkeys(keys.split())) == kind, why


OWN = {"id": "a", "turns": turns("Where is my parcel?"), "reply": "On its way, it says here."}


def problems(*paths: Path) -> list[tuple[int | None, str, str]]:
    """Line, path and found of every problem."""
    return [(p.line, p.path, p.found) for p in check([str(path) for path in paths]).problems]


def test_own_exchanges_in_any_form_are_fine(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", [OWN])
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress((tmp_path / "a.jsonl").read_bytes()))
    (tmp_path / "c.csv").write_text("id,customer,reply,plan\n1,Hello there,Good day,premium\n2,x,y,basic\n")
    for name in ("a.jsonl", "b.jsonl.gz", "c.csv"):
        assert problems(tmp_path / name) == [], name
    assert check([str(tmp_path / "c.csv")]).records == {str(tmp_path / "c.csv"): 2}


def test_own_exchanges_in_parquet(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    table = pyarrow.table({"id": ["1", "2"], "customer": ["x", "mail jane@gmail.com"], "reply": ["a", "b"]})
    parquet.write_table(table, tmp_path / "a.parquet")
    assert [(line, path) for line, path, _ in problems(tmp_path / "a.parquet")] == [(2, "$.turns[0].text")]


def test_annotations_in_parquet(tmp_path: Path) -> None:
    """As ``score -o OUT.parquet`` writes them; rows are checked as lines are."""
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    good = annotation("r1", "ann") | {"scenario_id": None, "created": None, "meta": '{"draw":{}}'}
    rows = [good | {"id": None}, good | {"reply_id": "r2", "levels": good["levels"] | {"empathy": 7}}]
    parquet.write_table(pyarrow.Table.from_pylist(rows), tmp_path / "a.parquet")
    assert [(line, path) for line, path, _ in problems(tmp_path / "a.parquet")] == [(2, "$.levels.empathy")]


def test_tables_in_a_folder_are_named_where_they_are_passed_over(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", [OWN])
    assert check([str(tmp_path)]).notes == ()
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "b.csv").write_text("id,customer,reply\n1,Hello there,\n")
    report = check([str(tmp_path)])
    assert list(report.records) == [str(tmp_path / "a.jsonl")]
    [note] = report.notes
    assert note.startswith("tables: 1 ") and str(tmp_path / "sub" / "b.csv") in note
    assert "schema" in report.checks


def test_a_table_without_a_column_is_told_what_check_can_do(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,customer,body\n1,Hello there,Good day\n")
    [problem] = check([str(tmp_path / "a.csv")]).problems
    assert (problem.path, problem.remedy) == ("$", "rename the columns"), "check has no --columns"


def test_canned_replies_to_different_customers_are_no_duplicates(tmp_path: Path) -> None:
    texts = ["Where is my parcel? It was due on Monday.", "The tap you fitted drips and the floor is wet through."]
    records = [{**OWN, "id": str(i), "turns": turns(text)} for i, text in enumerate(texts)]
    write(tmp_path / "a.jsonl", records)
    assert problems(tmp_path / "a.jsonl") == []
    write(tmp_path / "a.jsonl", [*records, {**records[0], "id": "2"}])
    assert [(line, path) for line, path, _ in problems(tmp_path / "a.jsonl")] == [(3, "$")]


def test_a_generators_replies_may_repeat_themselves(tmp_path: Path) -> None:
    from amends.dataset.folder import released_scenarios

    known = list(released_scenarios())[:2]
    write(tmp_path / "a.jsonl", [{"id": s, "scenario_id": s, "text": "Thank you for your patience."} for s in known])
    assert problems(tmp_path / "a.jsonl") == []


def test_replies_to_no_scenario_are_named(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", [{"id": "1", "scenario_id": "nowhere", "text": "Thank you."}])
    assert [(line, path) for line, path, _ in problems(tmp_path / "a.jsonl")] == [(1, "$.scenario_id")]


def test_lone_annotations_say_what_was_not_looked_at(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    write(file, [{**annotation("r1", "me"), "scenario_id": None}])
    report = check([str(file)])
    assert report.problems == ()
    assert [note.split(":")[0] for note in report.notes] == ["spans"]
    bad = annotation("r1", "me")
    bad["behaviours"][0]["end"] += 1
    write(file, [{**bad, "scenario_id": None}])
    assert [(line, path) for line, path, _ in problems(file)] == [(1, "$.behaviours[0]")]


def test_annotations_beside_their_replies_are_compared(tmp_path: Path) -> None:
    write(tmp_path / "replies.jsonl", [reply_record("r1")])
    write(tmp_path / "scenarios.jsonl", [{"id": "s1", "turns": turns("hello")}])
    bad = annotation("r1", "me")
    bad["behaviours"][0]["quote"] = "A new one leaves now!.."[: len(bad["behaviours"][0]["quote"])].ljust(
        len(bad["behaviours"][0]["quote"])
    )
    write(tmp_path / "mine.jsonl", [bad])
    assert [(line, path) for line, path, _ in problems(tmp_path)] == [(1, "$.behaviours[0].quote")]


def test_a_mixed_file_is_one_problem_a_line(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", [OWN, {"id": "b", "scenario_id": "s", "text": "t"}])
    assert problems(tmp_path / "a.jsonl") == [(2, "$", "a reply")]


def test_a_file_named_twice_is_read_once(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    write(file, [OWN])
    assert check([str(file), str(tmp_path), str(tmp_path / "." / "a.jsonl")]).problems == ()


DEEP = b'{"id": "a", "turns": [{"role": "customer", "text": "x"}], "reply": "y", "meta": {"a": %s}}'

BROKEN = [
    (b"", None, "an empty file", "empty"),
    (b"\n\n \n", None, "an empty file", "blank lines"),
    ('{"id": "a"}'.encode("utf-16"), None, "UTF-16 text", "UTF-16"),
    (b"\xff\xfe\x00\x00", None, "UTF-", "UTF-32"),
    (b"\x00" * 5000, 1, "broken JSON", "NUL bytes"),
    (b"\x80\x81\x82\n\xc3\n", None, "no line that is UTF-8", "no text at all"),
    (b'{"id": "a", "turns": [], "reply": "\\ud800"}', 1, "broken JSON", "a lone surrogate"),
    (b'{"id": "a"', 1, "broken JSON", "a torn line"),
    (b"[1, 2]\n", 1, "[1,2]", "no object"),
    (b"[" * 100_000, 1, "broken JSON", "brackets"),
    (DEEP % (b"[" * 600 + b"]" * 600), 1, "broken JSON", "meta too deep"),
    (DEEP % (b"[" * 150 + b"]" * 150), None, "", "meta that is deep"),
    (b'{"id": 1, "body": "x"}\n', 1, "a record with the fields id, body", "unknown fields"),
    (b'{"id": "a", "turns": 3, "reply": {}}', 1, "", "wrong types"),
    (b'{"reply_id": ["x"], "levels": 3, "supersedes": {}}', 1, "", "wrong types in ids"),
    (b'{"id": {}, "scenario_id": [], "text": null, "author": 3, "meta": []}', 1, "", "wrong types in a reply"),
    (b'{"id": "a", "split": [], "turns": [{"role": 1}]}', 1, "", "wrong types in a scenario"),
]


@pytest.mark.parametrize(("content", "line", "found", "why"), BROKEN, ids=[row[-1] for row in BROKEN])
def test_a_bad_file_is_a_problem_and_no_crash(
    tmp_path: Path, folder: Path, content: bytes, line: int | None, found: str, why: str
) -> None:
    file = tmp_path / "bad.jsonl"
    file.write_bytes(content)
    reported = check([str(file)], fix=True).problems
    if why == "meta that is deep":
        assert reported == ()
    else:
        assert any(p.line == line and p.found.startswith(found) for p in reported), [str(p) for p in reported]
    for name in ("scenarios.jsonl", "replies.jsonl", "annotations/ann-1.jsonl", "exchanges/train.jsonl", "plan.jsonl"):
        (folder / name).write_bytes(content)
        assert check([str(folder)]).problems, name


def test_a_line_of_200_megabytes_is_refused_unread(tmp_path: Path) -> None:
    file = tmp_path / "big.jsonl"
    with file.open("wb") as stream:
        stream.truncate(200_000_000)
        stream.seek(0, 2)
        stream.write(b'\n{"id": "a", "turns": [{"role": "customer", "text": "x"}], "reply": "y"}\n')
    report = check([str(file)], fix=True)
    assert [(p.line, p.found) for p in report.problems] == [(1, "a line of more than 10,000,000 bytes")]
    assert report.records == {str(file): 1}
    assert file.stat().st_size > 200_000_000


def test_what_is_not_there_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file.csv").write_text("a,b\n1,2\n")
    (tmp_path / "file.parquet").write_bytes(b"PAR1")
    assert [f for _, _, f in problems(tmp_path / "none.jsonl")] == ["no such file"]
    assert [f for _, _, f in problems(tmp_path / "empty")] == ["no .jsonl file in it"]
    assert len(problems(tmp_path / "file.csv")) == 1
    assert len(problems(tmp_path / "file.parquet")) == 1
    (tmp_path / "empty" / "manifest.json").write_text("{}")
    assert problems(tmp_path / "empty")


def test_a_large_file_is_read_again_and_says_the_same(tmp_path, monkeypatch) -> None:
    turns = [{"role": "customer", "text": "My lamp came broken and nobody answers."}]
    good = [
        {"id": f"x{i % 7}", "turns": turns, "reply": f"I am sorry, number {i}, write to me@real.org."} for i in range(9)
    ]
    path = tmp_path / "large.jsonl"
    path.write_bytes(
        b"".join(orjson.dumps(one) + b"\n" for one in [*good, {"id": 1, "turns": turns, "reply": "x"}]) + b"{\n"
    )
    kept = check([str(path)])
    monkeypatch.setattr(reading, "LARGE", 1)
    again = check([str(path)])
    assert isinstance(reading.read_groups([str(path)])[0].files[0].lines, files.Again)
    assert again == kept and len(kept.problems) > 12 and kept.records == {str(path): 10}
