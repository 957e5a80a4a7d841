"""Each bad thing, planted alone into a good data folder, is named with file, line, path and remedy."""

# ruff: noqa: E501 - a row of the table is a line, so that it can be read down

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from tests.checks.conftest import AUTHOR, CUSTOMERS, REPLIES, Change, annotation, read, spoil, turns, write

from amends.checks import check
from amends.dataset.build import build
from amends.dataset.folder import DataFolder

Json = dict[str, Any]


def test_a_clean_folder_has_no_problem(folder: Path) -> None:
    report = check([str(folder)])
    assert report.problems == ()
    assert report.notes == ()
    assert report.records[str(folder / "replies.jsonl")] == len(REPLIES)
    assert "personal data" in report.checks


def test_checking_writes_nothing(folder: Path) -> None:
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.rglob("*") if path.is_file()}
    check([str(folder)])
    after = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.rglob("*") if path.is_file()}
    assert after == before


def put(index: int, *path: Any, value: Any) -> Change:
    """A change that sets one field of one record."""

    def change(records: list[Json]) -> None:
        at: Any = records[index]
        for key in path[:-1]:
            at = at[key]
        at[path[-1]] = value

    return change


def drop(index: int, field: str) -> Change:
    """A change that takes a field out of one record."""
    return lambda records: records[index].pop(field)


def add(record: Json) -> Change:
    """A change that appends a record."""
    return lambda records: records.append(record)


def reply(key: str, scenario: str, text: str, **more: Any) -> Json:
    """A sound reply."""
    return {"id": key, "scenario_id": scenario, "sample": 0, "text": text, "author": AUTHOR, **more}


NEW = "The depot is closed on Sundays, so expect the van on Monday between eight and noon."
ALMOST = REPLIES["r1"][1].replace("a rotten start", "a horrid start")
SPAN = {"code": "X3", "start": 0, "end": 1, "quote": "A", "strength": 1.0}
ANN = "annotations/ann-1.jsonl"

BAD = [
    (ANN, put(0, "behaviours", 0, value={**SPAN, "start": 500, "end": 501}), 1, "$.behaviours[0]", "start 0, end 1", "span outside the reply"),
    (ANN, put(1, "behaviours", 0, "quote", value="send a photo of the damage!!"), 2, "$.behaviours[0].quote", "copy it from the text", "quote that stands nowhere"),
    (ANN, put(0, "behaviours", 0, value={**SPAN, "start": 0, "end": 5, "quote": "today"}), 1, "$.behaviours[0].quote", "--fix does it", "quote that stands elsewhere"),
    (ANN, put(0, "behaviours", 0, value={**SPAN, "start": 9, "end": 9}), 1, "$.behaviours[0]", "start 0, end 1", "empty span"),
    (ANN, put(2, "levels", "empathy", value=6), 3, "$.levels.empathy", "change the number", "level 6"),
    (ANN, put(2, "levels", "empathy", value=2.5), 3, "$.levels.empathy", "change the value", "half a level from a person"),
    (ANN, put(3, "behaviours", 0, "code", value="Q9"), 4, "$.behaviours[0].code", "use one of these", "unknown behaviour"),
    (ANN, drop(0, "annotator"), 1, "$.annotator", "add it", "label without maker"),
    (ANN, put(0, "annotator", "version", value=" "), 1, "$.annotator.version", "name it", "maker without version"),
    (ANN, put(0, "annotator", "method", value=None), 1, "$.annotator.method", "name it", "label without method"),
    (ANN, put(0, "annotator", "guideline", value=None), 1, "$.annotator.guideline", "name it", "label without guideline"),
    (ANN, drop(0, "id"), 1, "$.id", "add one", "annotation without id"),
    (ANN, put(0, "scenario_id", value=None), 1, "$.scenario_id", "add it", "annotation without its scenario"),
    (ANN, put(4, "reply_id", value="r99"), 5, "$.reply_id", "add the reply", "annotation of no reply"),
    (ANN, put(0, "scenario_id", value="s2"), 1, "$.scenario_id", "use that id", "annotation of another scenario"),
    (ANN, add({**annotation("r1", "ann-1"), "id": "again"}), 7, "$.reply_id", "supersede", "one annotator twice"),
    (ANN, put(1, "supersedes", value="gone"), 2, "$.supersedes", "mend the id", "supersedes an unknown id"),
    (ANN, put(0, "supersedes", value="r1.ann-1"), 1, "$.supersedes", "leave it out", "supersedes itself"),
    ("replies.jsonl", drop(0, "author"), 1, "$.author", "name who wrote it", "reply without author"),
    ("replies.jsonl", add(reply("r7", "s77", NEW)), 7, "$.scenario_id", "add the scenario", "reply without scenario"),
    ("replies.jsonl", add(reply("r6", "s4", NEW)), 7, "$.id", "new id", "duplicate id"),
    ("replies.jsonl", add(reply("r7", "s1", REPLIES["r3"][1])), 7, "$.text", "rewrite one", "exact duplicate in a split"),
    ("replies.jsonl", add(reply("r7", "s2", ALMOST)), 7, "$.text", "rewrite one", "near-duplicate in a split"),
    ("replies.jsonl", add(reply("r7", "s4", ALMOST)), 7, "$.text", "into one split", "near-duplicate across splits"),
    ("replies.jsonl", add(reply("r7", "s4", REPLIES["r1"][1].upper())), 7, "$.text", "into one split", "train reply in test"),
    ("replies.jsonl", put(0, "meta", value={"plan": {"empathy": 3}}), 1, "$.meta.plan", "plan.jsonl alone", "plan in a reply"),
    ("replies.jsonl", put(0, "meta", value={"a": [{"aim": {"empathy": 3}}]}), 1, "$.meta.a[0].aim", "take it out", "levels in meta"),
    ("replies.jsonl", put(0, "meta", value={"aim": ["E1", "X3"]}), 1, "$.meta.aim", "take it out", "codes in meta"),
    ("replies.jsonl", add(reply("r7", "s1", f"{NEW} [empathy: 4]")), 7, "$.text", "take it out", "level in the text"),
    ("replies.jsonl", put(5, "text", value=7), 6, "$.text", "change the value", "text that is a number"),
    ("scenarios.jsonl", put(1, "split", value="dev"), 2, "$.split", "use one of these", "unknown split"),
    ("scenarios.jsonl", drop(1, "split"), 2, "$.split", "name the scenario's split", "scenario without split"),
    ("scenarios.jsonl", add({"id": "s1", "split": "test", "turns": turns(NEW)}), 5, "$.split", "move it to train", "one scenario in two splits"),
    ("scenarios.jsonl", add({"id": "s5", "split": "test", "turns": turns(CUSTOMERS["s1"][1])}), 5, "$.turns", "into one split", "customer in two splits"),
    ("scenarios.jsonl", add({"id": "s5", "split": "train", "turns": turns(f"{REPLIES['r6'][1]} they wrote, twice over.")}), 5, "$.turns[0].text", "rewrite one", "test reply inside train"),
    ("scenarios.jsonl", add({"id": "s5", "split": "test", "supersedes": "s1", "turns": turns(NEW)}), 5, "$.split", "move it to train", "a correction changes the split"),
    ("plan.jsonl", add({"reply_id": "r0", "kind": "planned"}), 7, "$.reply_id", "add the reply", "plan of no reply"),
    ("plan.jsonl", add({"reply_id": "r1", "kind": "planned"}), 7, "$.reply_id", "new id", "two plans of one reply"),
    ("comparisons.jsonl", put(0, "ranking", value=[["r1", "r0"]]), 1, "$.ranking[0][1]", "add the reply", "ranking of no reply"),
    ("contrast.jsonl", put(0, "expects", value={}), 1, "$.expects.empathy", "add it", "contrast pair that expects nothing"),
    ("robustness/gaming.jsonl", put(0, "dimensions", value=["warmth"]), 1, "$.dimensions[0]", "use one of these", "unknown dimension"),
    ("exchanges/train.jsonl", put(2, "meta", value={"plan": "planned"}), 3, "$.meta.plan", "run amends data build", "plan in an exchange"),
    ("exchanges/train.jsonl", put(0, "gold", "person", "levels", "empathy", value=5.0), 1, "$.gold", "run amends data build", "gold typed in"),
    ("exchanges/train.jsonl", put(0, "gold", "person", "behaviours", 0, "start", value=0), 1, "$.gold.person.behaviours[0].quote", "stands at", "gold span that does not quote"),
    ("exchanges/test.jsonl", put(0, "split", value="train"), 1, "$.split", "data build", "exchange of another split"),
    ("exchanges/test.jsonl", lambda records: records.clear(), 1, "$", "run amends data build", "exchanges are missing"),
    ("contrast/train.jsonl", put(0, "worse", value="No."), 1, "$.worse", "run amends data build", "built contrast set edited"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "change", "line", "path", "remedy", "why"), BAD, ids=[row[-1] for row in BAD])
def test_each_bad_thing_is_named(
    folder: Path, name: str, change: Change, line: int, path: str, remedy: str, why: str
) -> None:
    spoil(folder, name, change)
    found = check([str(folder)]).problems
    hits = [p for p in found if (p.file, p.line, p.path) == (str(folder / name), line, path)]
    assert any(remedy in p.remedy for p in hits), f"{why}: {[str(p) for p in found]}"
    assert any(p.file == str(folder / name) and "SHA-256" in p.found for p in found), "the manifest knows"


def test_problems_come_in_one_order_and_once(folder: Path) -> None:
    spoil(folder, "replies.jsonl", add(reply("r6", "s77", REPLIES["r3"][1])))
    spoil(folder, ANN, put(2, "levels", "empathy", value=6))
    once, twice = check([str(folder)]).problems, check([str(folder)]).problems
    assert once == twice
    assert len(set(once)) == len(once)
    within = [(p.file, p.line or 0) for p in once]
    assert within == sorted(within)


def test_the_build_is_not_compared_while_records_are_broken(folder: Path) -> None:
    spoil(folder, ANN, put(2, "levels", "empathy", value=6))
    report = check([str(folder)])
    assert not any("exchanges" in p.file for p in report.problems)
    assert any(note.startswith("build:") for note in report.notes)
    assert "build" not in report.checks


def test_a_correction_supersedes_and_is_no_duplicate(folder: Path) -> None:
    better = {**annotation("r1", "ann-1"), "id": "r1.ann-1.b", "supersedes": "r1.ann-1"}
    spoil(folder, ANN, add(better), rebuild=True)
    assert check([str(folder)]).problems == ()


def test_what_names_a_superseded_record_is_told_to_follow(folder: Path) -> None:
    corrected = reply("r1b", "s1", REPLIES["r1"][1] + " Sorry.", supersedes="r1")
    spoil(folder, "replies.jsonl", add(corrected))
    found = [p for p in check([str(folder)]).problems if "superseded by" in p.found]
    assert {(Path(p.file).name, p.line) for p in found} == {("ann-1.jsonl", 1), ("ann-2.jsonl", 1)}
    assert all("r1b" in p.remedy for p in found), "the duplicate of what it corrects is none"


def test_a_released_record_is_never_edited(folder: Path) -> None:
    spoil(folder, "replies.jsonl", put(0, "text", value=REPLIES["r1"][1] + " Good."))
    found = [str(p) for p in check([str(folder)]).problems if "version 1.0.0" in p.expected]
    assert len(found) == 1
    assert "replies.jsonl:1" in found[0]
    assert "supersedes" in found[0]


def test_a_released_record_that_is_gone_is_missed(folder: Path) -> None:
    spoil(folder, ANN, lambda records: records.pop())
    assert any("no such record" in p.found and "versions" in p.file for p in check([str(folder)]).problems)


def freeze(folder: Path) -> None:
    held = hashlib.sha256((folder / "exchanges" / "test.jsonl").read_bytes()).hexdigest()
    frozen = {"test": {"version": "1.0.0", "sha256": held}}
    (folder / "FROZEN.json").write_text(json.dumps(frozen), encoding="utf-8")
    build(DataFolder(folder), "1.0.0")


def test_a_frozen_split_stays(folder: Path) -> None:
    freeze(folder)
    assert not check([str(folder)]).problems
    scenario = json.loads((folder / "scenarios.jsonl").read_text(encoding="utf-8").splitlines()[-1])
    assert scenario["split"] == "test"
    spoil(folder, ANN, lambda records: records[-1]["levels"].update(empathy=1))
    (folder / "versions" / "1.0.0.json").unlink()
    build(DataFolder(folder), "1.0.1")
    found = [p for p in check([str(folder)]).problems if "frozen" in p.expected]
    assert len(found) == 1, "a rebuilt test split is in order with itself and not with what was frozen"
    assert "raise the major version" in found[0].remedy


def test_the_manifest_knows_every_file(folder: Path) -> None:
    (folder / "contrast.jsonl").unlink()
    (folder / "NOTES.md").write_text("new")
    found = {Path(p.file).name: p.found for p in check([str(folder)]).problems if p.line is None}
    assert found["contrast.jsonl"] == "no such file"
    assert "does not list" in found["NOTES.md"]


@pytest.mark.parametrize("content", [b"{}", b"[]", b"", b"\xff\xfe", b'{"version": "1", "files": {"a": 3}}'])
def test_a_broken_manifest_is_a_problem(folder: Path, content: bytes) -> None:
    (folder / "manifest.json").write_bytes(content)
    assert any("data build" in p.remedy for p in check([str(folder)]).problems)


def test_a_system_may_repeat_itself(folder: Path) -> None:
    texts = [
        reply(key, "s4", "Thank you for your message. We will look into it and come back.") for key in ("r1", "r2")
    ]
    for name in ("one", "two"):
        write(folder / "systems" / f"{name}.jsonl", texts)
    assert {p.found for p in check([str(folder)]).problems} == {"a file that the manifest does not list"}


def test_a_folder_with_a_split_without_records_is_in_order(tmp_path: Path) -> None:
    from amends.dataset.build import build
    from amends.dataset.folder import DataFolder

    write(tmp_path / "scenarios.jsonl", [{"id": "s", "split": "train", "turns": turns(NEW)}])
    write(tmp_path / "replies.jsonl", [reply("r", "s", "Monday suits.")])
    build(DataFolder(tmp_path), "1.0.0")
    assert (tmp_path / "exchanges" / "test.jsonl").stat().st_size == 0
    assert check([str(tmp_path)]).problems == ()


def test_records_are_counted(folder: Path) -> None:
    counts = check([str(folder)]).records
    assert counts[str(folder / "exchanges" / "train.jsonl")] == len(read(folder / "exchanges" / "train.jsonl"))
