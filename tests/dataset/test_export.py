"""``data export``: every form is read back by the reader that it is for and holds the same records."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import datasets
import pytest

import amends as package
from amends.dataset.convokit import corpus
from amends.dataset.export import export
from amends.dataset.folder import released
from amends.errors import UsageError


@pytest.fixture(autouse=True)
def offline(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    monkeypatch.setattr(datasets.config, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path_factory.getbasetemp() / "cache")


def test_parquet_is_a_folder_that_load_dataset_takes(amends, tmp_path: Path) -> None:
    ended = amends("data", "export", "-o", "out", "--config", "exchanges", "--config", "gaming", "--json")
    assert ended.code == 0, ended.err
    told = json.loads(ended.out)
    assert "exchanges/test.parquet" in told["files"]
    assert {"README.md", "LICENSE", "GUIDELINE.md", "AUDIT.md", "rubric.json"} <= set(told["files"])
    assert "plan" not in " ".join(told["files"]), "what the writers aimed at leaves with no export"
    read = datasets.load_dataset(str(tmp_path / "out"), "exchanges")
    assert read["test"].to_list() == package.load("test").to_list()
    assert read["test"].features == package.load("test").features
    assert datasets.get_dataset_config_names(str(tmp_path / "out")) == ["exchanges", "gaming"]


def test_datasetdict_loads_from_disk(tmp_path: Path) -> None:
    export("datasetdict", tmp_path / "out", ("contrast",))
    read = datasets.load_from_disk(str(tmp_path / "out" / "contrast"))
    assert isinstance(read, datasets.DatasetDict)
    assert read["test"].to_list() == package.load("contrast", "test").to_list()


def test_csv_has_a_row_a_record_and_can_be_scored(amends, tmp_path: Path) -> None:
    export("csv", tmp_path / "out", ("exchanges",))
    with (tmp_path / "out" / "exchanges" / "validation.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    wanted = package.load("validation").to_list()
    assert [r["reply"] for r in rows] == [w["reply"] for w in wanted], "line breaks and quotes survive"
    assert [json.loads(r["turns"]) for r in rows] == [w["turns"] for w in wanted]
    first = wanted[0]["gold"]["model"]
    assert float(rows[0]["gold.model.levels.empathy"]) == first["levels"]["empathy"]
    assert json.loads(rows[0]["gold.model.behaviours"]) == first["behaviours"]
    scored = amends("score", "out/exchanges/validation.csv", "--scorer", "rules", "-o", "scored.jsonl")
    assert scored.code == 0, scored.err
    direct = amends("score", released().path / "exchanges" / "validation.jsonl", "--scorer", "rules", "-o", "d.jsonl")
    assert direct.code == 0, direct.err
    levels = [[json.loads(x)["levels"] for x in Path(f).read_text().splitlines()] for f in ("scored.jsonl", "d.jsonl")]
    assert levels[0] == levels[1]


def test_an_older_version_can_be_exported(tmp_path: Path) -> None:
    export("csv", tmp_path / "out", ("exchanges",), "0.2.0")
    assert (tmp_path / "out" / "exchanges" / "test.csv").is_file()


@pytest.mark.parametrize(
    ("form", "names", "part"),
    [
        pytest.param("xml", ("exchanges",), "unknown form", id="an unknown form"),
        pytest.param("csv", ("exchange",), "unknown configuration", id="an unknown configuration"),
        pytest.param("convokit", ("gaming",), "conversations", id="a corpus without conversations"),
    ],
)
def test_what_cannot_be_exported(form: str, names: tuple[str, ...], part: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=part):
        export(form, tmp_path / "out", names)


def test_a_folder_with_files_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(UsageError, match="not empty"):
        export("csv", tmp_path, ("gaming",))
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]


ROW = {
    "id": "s1.r1", "scenario_id": "s1", "split": "test", "sample": 0, "domain": "trains", "reply": "It left.",
    "turns": [{"role": "customer", "text": "Where?"}, {"role": "agent", "text": "Hm."},
              {"role": "customer", "text": "Well?"}],
    "author": {"kind": "program", "name": "courtesy", "version": "1"}, "gold": {"model": {"n": 3}},
}  # fmt: skip


def test_a_corpus_is_a_tree_of_turns_with_replies_as_branches() -> None:
    files = corpus([ROW, ROW | {"id": "s1.r2", "reply": "It did not.", "gold": None}])
    said = [json.loads(line) for line in files["utterances.jsonl"].splitlines()]
    assert [(u["id"], u["reply-to"], u["speaker"]) for u in said] == [
        ("s1.t1", None, "s1.customer"),
        ("s1.t2", "s1.t1", "s1.agent"),
        ("s1.t3", "s1.t2", "s1.customer"),
        ("s1.r1", "s1.t3", "courtesy 1"),
        ("s1.r2", "s1.t3", "courtesy 1"),
    ]
    assert {u["conversation_id"] for u in said} == {"s1.t1"}
    assert said[3]["meta"]["gold"] == {"model": {"n": 3}}
    assert list(json.loads(files["conversations.json"])) == ["s1.t1"]
    assert json.loads(files["conversations.json"])["s1.t1"]["meta"]["domain"] == "trains"
    assert set(json.loads(files["speakers.json"])) == {"s1.customer", "s1.agent", "courtesy 1"}
    index = json.loads(files["index.json"])
    assert index["utterances-index"]["gold"] == ["<class 'dict'>"]
    assert json.loads(files["corpus.json"])["replies"] == 2
