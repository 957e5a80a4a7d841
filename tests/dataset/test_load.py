"""``data info``: what the folder holds, in numbers that say what they count."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from amends.dataset.build import build, joined
from amends.dataset.folder import SPLITS, DataFolder, released
from amends.dataset.info import describe, lines
from amends.dataset.versions import current_records
from amends.records import DIMENSIONS

TURNS = [{"role": "customer", "text": "Hm?"}]


def annotation(reply: str, name: str, level: int | None, kind: str) -> dict[str, Any]:
    who = {"role": "annotator", "kind": kind, "name": name, "version": "1", "method": "holistic"}
    return {"id": f"{reply}.{name}", "reply_id": reply, "annotator": who, "levels": dict.fromkeys(DIMENSIONS, level)}


def written(path: Path, records: list[Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(record) + "\n" for record in records))


def small(path: Path, person: bool) -> DataFolder:
    """Two scenarios and three replies in train, one scenario and one reply in test."""
    written(path / "scenarios.jsonl", [
        {"id": "s1", "split": "train", "domain": "trains", "turns": TURNS},
        {"id": "s2", "split": "train", "domain": "trains", "turns": TURNS},
        {"id": "s3", "split": "test", "turns": TURNS},
    ])  # fmt: skip
    author = {"kind": "model", "name": "m", "version": "1"}
    written(path / "replies.jsonl", [
        {"id": "r1", "scenario_id": "s1", "text": "a", "author": author},
        {"id": "r2", "scenario_id": "s1", "text": "a", "author": author | {"kind": "person"}},
        {"id": "r3", "scenario_id": "s2", "text": "a"},
        {"id": "r4", "scenario_id": "s3", "text": "a", "author": author},
    ])  # fmt: skip
    levels = {"r1": (2, 3), "r2": (5, 5), "r3": (None, None), "r4": (1, 4)}
    for index, name in enumerate(("ann", "bob")):
        written(
            path / "annotations" / f"{name}.jsonl",
            [annotation(reply, name, level[index], "model") for reply, level in levels.items()],
        )
    if person:
        written(path / "annotations" / "cy.jsonl", [annotation("r1", "cy", 1, "person")])
    build(DataFolder(path), "0.3.0")
    return DataFolder(path)


def test_describe(tmp_path: Path) -> None:
    found = describe(small(tmp_path / "data", person=False))
    assert found["version"] == "0.3.0"
    train = found["splits"]["train"]
    assert (train["scenarios"], train["replies"], train["domains"]) == (2, 3, 1)
    # r1: mean 2.5, rounded half up to 3; r2: 5; r3: none can judge, which is never a nought
    assert train["gold"] == {"model": dict.fromkeys(DIMENSIONS, {"3": 1, "5": 1, "null": 1})}
    assert found["splits"]["test"]["gold"] == {"model": dict.fromkeys(DIMENSIONS, {"3": 1})}
    assert found["splits"]["validation"] == {"scenarios": 0, "replies": 0, "domains": 0, "gold": {}}
    assert found["reply_authors"] == {"model": 2, "person": 1, "unknown": 1}
    assert found["annotators"] == [
        {"name": name, "kind": "model", "method": "holistic", "replies": 4} for name in ("ann", "bob")
    ]
    assert found["people_among_annotators"] is False


def test_people_and_models_are_counted_apart(tmp_path: Path) -> None:
    found = describe(small(tmp_path / "data", person=True))
    assert found["people_among_annotators"] is True
    assert found["splits"]["train"]["gold"]["person"] == dict.fromkeys(DIMENSIONS, {"1": 1})
    assert sum(found["splits"]["train"]["gold"]["model"]["empathy"].values()) == 3


@pytest.mark.parametrize("person", [True, False])
def test_lines_say_who_judged(person: bool, tmp_path: Path) -> None:
    text = "\n".join(lines(describe(small(tmp_path / "data", person))))
    assert "train: 2 scenarios, 3 replies, 1 domains" in text
    assert "gold (model) empathy: level 3: 1, level 5: 1, level null: 1" in text
    assert "ann (model, holistic): 4 replies" in text
    assert ("cy (person, holistic): 1 replies" in text) is person
    assert ("No label here is by a person" in text) is not person
    assert ("gold (person) empathy: level 1: 1" in text) is person


def test_the_numbers_of_the_released_folder_add_up() -> None:
    found = describe(released())
    records = current_records(released())
    exchanges = joined(records)
    assert sum(part["replies"] for part in found["splits"].values()) == len(exchanges)
    assert len(exchanges) + found["replies_not_labeled_yet"] == len(records["replies"])
    assert sum(part["scenarios"] for part in found["splits"].values()) == len({e.scenario_id for e in exchanges})
    assert sum(found["reply_authors"].values()) == len(records["replies"])
    assert sum(annotator["replies"] for annotator in found["annotators"]) == len(records["annotations"])
    for split in SPLITS:
        part = found["splits"][split]
        for counts in part["gold"].get("model", {}).values():
            assert sum(counts.values()) == part["replies"]


def test_data_info(amends: Any, tmp_path: Path) -> None:
    folder = small(tmp_path / "data", person=False)
    shown = amends("data", "info", "--data", folder.path)
    assert (shown.code, shown.err) == (0, "")
    assert shown.out == "\n".join(lines(describe(folder))) + "\n"
    machine = amends("data", "info", "--data", folder.path, "--json")
    assert (machine.code, machine.err) == (0, "")
    assert json.loads(machine.out) == describe(folder)


def test_data_info_of_the_released_folder(amends: Any) -> None:
    shown = amends("data", "info", "--json")
    assert shown.code == 0
    assert json.loads(shown.out)["version"] == describe(released())["version"]


def test_data_info_of_a_broken_folder_names_the_line(amends: Any, tmp_path: Path) -> None:
    folder = small(tmp_path / "data", person=False)
    with (folder.path / "replies.jsonl").open("a") as stream:
        stream.write('{"id": "r9"}\n')
    shown = amends("data", "info", "--data", folder.path)
    assert shown.code == 1
    assert "replies.jsonl:5 $.text: found nothing" in shown.err
    assert shown.out == ""
