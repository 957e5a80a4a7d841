"""The extra ``export``: croissant.json passes MLCommons' validator and is read record by record."""

from __future__ import annotations

import json
import warnings

import mlcroissant
import pytest

from amends.dataset.folder import released

PATH = released().path / "croissant.json"
NAMES = [one["name"] for one in json.loads(PATH.read_text(encoding="utf-8"))["recordSet"]]


@pytest.fixture(scope="module")
def described() -> mlcroissant.Dataset:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return mlcroissant.Dataset(str(PATH))


def test_the_validator_has_nothing_to_say(described: mlcroissant.Dataset) -> None:
    issues = described.metadata.ctx.issues
    assert issues.errors == set()
    assert issues.warnings == set()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.filterwarnings("ignore")
def test_every_record_set_is_read(name: str, described: mlcroissant.Dataset) -> None:
    config, split, *shard = name.split("/")
    files = {
        "gaming": "robustness/gaming.jsonl",
        "invariance": "robustness/invariance.jsonl",
        "systems": "exchanges/systems.jsonl",
    }
    file = released().path / files.get(config, "/".join([config, *shard, f"{split}.jsonl"]))
    wanted = [json.loads(line)["id"] for line in file.read_text(encoding="utf-8").splitlines()]
    read = list(described.records(name))
    assert [record[f"{name}/id"].decode() for record in read] == wanted


@pytest.mark.filterwarnings("ignore")
def test_gold_is_read_as_numbers(described: mlcroissant.Dataset) -> None:
    lines = (released().path / "exchanges" / "validation.jsonl").read_text(encoding="utf-8").splitlines()
    wanted = [json.loads(line)["gold"]["model"]["levels"]["empathy"] for line in lines]
    read = [r["exchanges/validation/gold.model.levels.empathy"] for r in described.records("exchanges/validation")]
    assert read == wanted
