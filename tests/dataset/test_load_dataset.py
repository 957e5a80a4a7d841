"""Every configuration and split loads offline, from the folder and through ``amends.load``."""

import json
import re
import shutil
from pathlib import Path

import datasets
import pytest

import amends
from amends.dataset.build import build
from amends.dataset.folder import DataFolder, released
from amends.dataset.load import CONFIGURATIONS
from amends.records import DIMENSIONS

SPLITS = {
    "exchanges": {"train", "validation", "test"},
    "annotations": {"train", "validation", "test"},
    "contrast": {"train", "test"},
    "gaming": {"test"},
    "invariance": {"test"},
    "judgements": {"train", "test"},
    "systems": {"test"},
}


@pytest.fixture(autouse=True)
def offline(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    monkeypatch.setattr(datasets.config, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path_factory.getbasetemp() / "cache")


@pytest.mark.parametrize("configuration", CONFIGURATIONS)
def test_every_configuration_loads_from_the_folder(configuration: str) -> None:
    loaded = datasets.load_dataset(str(released().path), configuration)
    assert set(loaded) == SPLITS[configuration]
    assert all(len(part) for part in loaded.values())


@pytest.mark.parametrize("configuration", CONFIGURATIONS)
def test_no_configuration_holds_the_plan(configuration: str) -> None:
    planned = {"plan", "kind_of_reply", "target", "targets"}
    for part in amends.load(configuration).values():
        assert not planned & set(part.column_names)
        assert not any(planned & set(row.get("meta") or {}) for row in part)


def test_a_split_is_a_name_of_its_own() -> None:
    assert amends.load("test").to_list() == amends.load("exchanges", "test").to_list()


def test_spans_and_gold_survive_the_way() -> None:
    for row in amends.load("train"):
        gold = row["gold"]["model"]
        assert set(gold["levels"]) == set(DIMENSIONS)
        for behaviour in gold["behaviours"]:
            assert row["reply"][behaviour["start"] : behaviour["end"]] == behaviour["quote"]


@pytest.mark.parametrize("configuration", ["annotations", "judgements"])
def test_days_are_those_of_the_records(configuration: str) -> None:
    """The reader of JSON takes a day for a moment: the schema refuses what it would make of it."""
    found = {day for part in amends.load(configuration).values() for day in part["created"]}
    assert found
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", day) for day in found), found


def test_the_version_that_ships_can_be_named() -> None:
    version = released().path.joinpath("versions").glob("*.json")
    names = sorted(path.stem for path in version)
    assert amends.load("test", version=names[-1]).to_list() == amends.load("test").to_list()


def test_a_changed_folder_is_not_answered_from_the_cache(tmp_path: Path) -> None:
    """``load_dataset`` names its cache by the card, so the build stamps the card with what the files hold."""
    folder = DataFolder(tmp_path / "data")
    shutil.copytree(released().path, folder.path)
    before = len(datasets.load_dataset(str(folder.path), "exchanges", split="train"))
    annotations = sorted((folder.path / "annotations").rglob("train.jsonl"))
    gone = json.loads((folder.path / "exchanges" / "train.jsonl").read_text(encoding="utf-8").splitlines()[0])["id"]
    for path in annotations:
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        path.write_text("".join(x for x in lines if json.loads(x)["reply_id"] != gone), encoding="utf-8")
    build(folder, "9.9.9")
    after = datasets.load_dataset(str(folder.path), "exchanges", split="train")
    assert len(after) == before - 1
    assert gone not in after["id"]
