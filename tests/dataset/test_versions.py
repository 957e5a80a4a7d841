"""Versions: which records belong to one, what supersedes what, and that the old ones stay."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from tests.dataset.cases import REPLIES, annotation, append, exchanges, system

from amends.dataset.build import build, joined
from amends.dataset.folder import SPLITS, DataFolder, current
from amends.dataset.versions import (
    all_records,
    checksum,
    current_records,
    index_of,
    known_versions,
    part_of,
    records_of,
)
from amends.errors import InputError, UsageError


@pytest.mark.parametrize(
    ("relative", "part"),
    [
        ("scenarios.jsonl", "scenarios"),
        ("replies.jsonl", "replies"),
        ("systems/replies.jsonl", "system_replies"),
        ("systems/annotations/ann.jsonl", "system_annotations"),
        ("annotations/ann.jsonl", "annotations"),
        ("annotations/ann/train.jsonl", "annotations"),
        ("judgements/ann/test.jsonl", "judgements"),
        ("robustness/gaming.jsonl", "gaming"),
        ("contrast.jsonl", "contrast"),
        ("contrast/train.jsonl", None),  # what a build writes is nobody's source
        ("exchanges/train.jsonl", None),
        ("pending/replies.jsonl", None),
        ("systems/old/replies.jsonl", None),
        ("plan.jsonl", None),
    ],
)
def test_the_part_that_a_file_belongs_to(relative: str, part: str | None) -> None:
    assert part_of(relative) == part


def test_a_version_from_before_there_were_pairs_can_still_be_had(folder: DataFolder) -> None:
    build(folder, "0.1.0")
    path = folder.path / "versions" / "0.1.0.json"
    listed = orjson.loads(path.read_bytes())
    listed["records"] = {name: listed["records"][name] for name in ("scenarios", "replies", "annotations")}
    path.write_bytes(orjson.dumps(listed))
    system(folder)
    found = records_of(folder, "0.1.0")
    assert (len(found["replies"]), found["system_replies"], found["contrast"]) == (6, [], [])


NEW_REPLY = REPLIES[0] | {"id": "s1.r1b", "text": "Sorry. We mislaid it.", "supersedes": "s1.r1"}
CORRECTION = [annotation("s1.r1b", name, 4, supersedes=f"s1.r1.{name}") for name in ("ann", "bob")]


def corrected(folder: DataFolder) -> None:
    append(folder.path / "replies.jsonl", NEW_REPLY)
    append(folder.path / "annotations" / "later.jsonl", *CORRECTION)


def test_superseded_records_drop_out(folder: DataFolder) -> None:
    build(folder, "0.1.0")
    corrected(folder)
    build(folder, "0.2.0")
    by_id = {x["id"]: x for x in exchanges(folder)}
    assert sorted(by_id) == ["s1.r1b", "s1.r2", "s2.r1", "s2.r2"]
    assert by_id["s1.r1b"]["gold"]["model"]["levels"]["empathy"] == 4.0
    assert by_id["s1.r1b"]["gold"]["model"]["n"] == 2
    assert [reply.id for reply in folder.replies() if reply.scenario_id == "s1"] == ["s1.r1b", "s1.r2"]
    assert len(folder.annotations()) == 12
    assert len(all_records(folder)["replies"]) == 7, "the old line stays"


def test_a_superseded_annotation_drops_out(folder: DataFolder) -> None:
    again = annotation("s1.r1", "ann", 5) | {"id": "s1.r1.ann.2", "supersedes": "s1.r1.ann"}
    append(folder.path / "annotations" / "later.jsonl", again)
    build(folder, "0.1.0")
    gold = exchanges(folder)[0]["gold"]["model"]
    assert (gold["n"], gold["distribution"]["empathy"]) == (2, [0, 0, 1, 0, 1])


def test_supersedes_in_a_chain() -> None:
    chain: list[dict[str, Any]] = [{"id": "a"}, {"id": "b", "supersedes": "a"}, {"id": "c", "supersedes": "b"}]
    assert [record["id"] for record in current(chain)] == ["c"]
    assert [record["id"] for record in current(chain[::-1])] == ["c"], "wherever the lines stand"


def test_an_old_version_loads_from_the_same_files(folder: DataFolder) -> None:
    build(folder, "0.1.0")
    before = {split: exchanges(folder, split) for split in SPLITS}
    corrected(folder)
    build(folder, "0.2.0")
    assert known_versions(folder) == ["0.1.0", "0.2.0"]
    old = joined(records_of(folder, "0.1.0"))
    for split in SPLITS:
        assert [x.to_dict() for x in old if x.split == split] == before[split]
    assert [x.to_dict() for x in joined(records_of(folder, "0.2.0")) if x.split == "train"] == exchanges(folder)
    assert index_of(records_of(folder, "0.2.0")) == index_of(current_records(folder))


def test_a_version_that_stands_is_not_written_over(folder: DataFolder) -> None:
    build(folder, "0.1.0")
    before = {path: path.read_bytes() for path in folder.path.rglob("*") if path.suffix == ".json"}
    train = (folder.path / "exchanges" / "train.jsonl").read_bytes()
    corrected(folder)
    with pytest.raises(InputError, match=r"0\.1\.0\.json .*a new version number; pass --version"):
        build(folder, "0.1.0")
    assert {path: path.read_bytes() for path in folder.path.rglob("*") if path.suffix == ".json"} == before
    assert (folder.path / "exchanges" / "train.jsonl").read_bytes() == train


def test_a_changed_or_lost_record_is_refused(folder: DataFolder) -> None:
    build(folder, "0.1.0")
    changed = REPLIES[0] | {"text": "Sorry. We lost it!"}
    kept = [record for record in REPLIES[1:] if record["id"] != "s3.r2"]
    (folder.path / "replies.jsonl").unlink()
    append(folder.path / "replies.jsonl", changed, *kept)
    with pytest.raises(InputError) as raised:
        records_of(folder, "0.1.0")
    assert [(p.path, p.found, p.expected) for p in raised.value.problems] == [
        ("$.records.replies.s1.r1", checksum(changed), checksum(REPLIES[0])),
        ("$.records.replies.s3.r2", "nothing", checksum(REPLIES[-1])),
    ]
    assert all("supersedes" in problem.remedy for problem in raised.value.problems)


def test_the_order_of_keys_is_no_change(folder: DataFolder) -> None:
    build(folder, "0.1.0")
    (folder.path / "replies.jsonl").unlink()
    append(folder.path / "replies.jsonl", *[dict(reversed(record.items())) for record in REPLIES])
    assert len(records_of(folder, "0.1.0")["replies"]) == 6


def test_an_unknown_version(folder: DataFolder) -> None:
    build(folder, "0.1.0")
    with pytest.raises(UsageError, match=r"unknown version '0\.1\.1'\. Did you mean 0\.1\.0\? Known: 0\.1\.0"):
        records_of(folder, "0.1.1")
