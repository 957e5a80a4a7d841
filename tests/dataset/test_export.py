"""``data export``: every form is read back by the reader that it is for and holds the same records."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import datasets
import pytest

import amends as package
from amends.dataset.build import manifest
from amends.dataset.card import read_card
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


# replies by the split of their scenario, counted from the ids in versions/0.2.0.json, which never changes
OLD = {"train": 408, "validation": 300, "test": 500}


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_an_export_is_not_answered_from_the_cache_of_an_older_one(form: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    export(form, out, version="0.2.0")
    old = datasets.load_dataset(str(out))
    shutil.rmtree(out)
    export(form, out, ("exchanges",))
    new = datasets.load_dataset(str(out), "exchanges")
    assert {split: len(rows) for split, rows in old.items()} == OLD
    wanted = package.load("exchanges")
    assert {split: rows["id"][:] for split, rows in new.items()} == {s: rows["id"][:] for s, rows in wanted.items()}
    assert len(new["train"]) > OLD["train"]


def test_the_stamp_names_version_and_data_and_nothing_else(tmp_path: Path) -> None:
    stamps = []
    for name, config in (("a", "gaming"), ("b", "gaming"), ("c", "invariance")):
        export("parquet", tmp_path / name, (config,))
        head, _ = read_card(tmp_path / name / "README.md")
        stamps.append(head["dataset_info"][0]["description"])
    version = manifest(released())["version"]
    assert all(len(s.removeprefix(f"amends {version}, export ")) == 12 for s in stamps), stamps
    assert stamps[0] == stamps[1], "the same data"
    assert stamps[0] != stamps[2], "other data"


@pytest.mark.parametrize("form", ["parquet", "csv", "datasetdict", "convokit"])
def test_the_card_of_an_older_version_says_that_its_counts_are_not_of_it(form: str, amends, tmp_path: Path) -> None:
    ended = amends("data", "export", "--format", form, "--version", "0.2.0", "-o", "out", "--json")
    assert ended.code == 0, ended.err
    written = json.loads(ended.out)["files"]
    assert not [name for name in written if "audit" in name.lower()]
    assert {"LICENSE", "GUIDELINE.md", "CONSTRUCTS.md", "rubric.json"} <= set(written)
    head, body = read_card(tmp_path / "out" / "README.md")
    first = body.strip().splitlines()[0]
    assert "exchanges of version 0.2.0" in first
    assert "counts below are those of the newest version" in first
    assert "not of this export" in first
    assert [one["config_name"] for one in head.get("configs", [])] == (
        ["exchanges"] if form in ("parquet", "csv") else []
    )


def test_the_card_of_the_newest_version_is_as_it_ships(tmp_path: Path) -> None:
    export("parquet", tmp_path / "out", ("gaming",), manifest(released())["version"])
    assert read_card(tmp_path / "out" / "README.md")[1] == read_card(released().path / "README.md")[1]
    assert (tmp_path / "out" / "AUDIT.md").is_file()
    assert list((tmp_path / "out" / "audit").glob("*.svg"))


def test_load_dataset_takes_every_configuration_of_a_csv_export(tmp_path: Path) -> None:
    out = tmp_path / "out"
    export("csv", out)
    head, _ = read_card(out / "README.md")
    assert "dataset_info" not in head, "features differ: lists are text"
    names = [one["config_name"] for one in head["configs"]]
    assert names == datasets.get_dataset_config_names(str(released().path))
    for name in names:
        read, wanted = datasets.load_dataset(str(out), name), package.load(name)
        assert {s: len(rows) for s, rows in read.items()} == {s: len(rows) for s, rows in wanted.items()}
        if name == "exchanges":
            assert [json.loads(x) for x in read["validation"]["turns"]] == wanted["validation"]["turns"][:]


@pytest.mark.parametrize(
    ("form", "names"),
    [
        pytest.param("datasetdict", ("gaming",), id="Arrow files are for load_from_disk"),
        pytest.param("convokit", ("systems",), id="a corpus is for ConvoKit"),
    ],
)
def test_no_card_names_files_that_are_not_there(form: str, names: tuple[str, ...], tmp_path: Path) -> None:
    export(form, tmp_path / "out", names)
    head, body = read_card(tmp_path / "out" / "README.md")
    assert not {"configs", "dataset_info"} & set(head)
    assert head["license"] == "cc-by-4.0"
    assert "# amends" in body


def test_a_corpus_holds_exchanges_and_systems_or_of_an_older_version_exchanges(tmp_path: Path) -> None:
    export("convokit", tmp_path / "new")
    export("convokit", tmp_path / "old", version="0.2.0")
    told = {name: json.loads((tmp_path / name / "corpus.json").read_text())["replies"] for name in ("new", "old")}
    both = sum(len(rows) for name in ("exchanges", "systems") for rows in package.load(name).values())
    assert told == {"new": both, "old": sum(OLD.values())}


@pytest.mark.parametrize(
    ("into", "said"),
    [
        pytest.param("afile/x", "amends: afile/x: Not a directory; ", id="below a file"),
        pytest.param("n" * 300, "File name too long; ", id="a name that no file system takes"),
    ],
)
def test_a_folder_that_cannot_be_made_is_one_line(into: str, said: str, amends, tmp_path: Path) -> None:
    (tmp_path / "afile").write_text("mine")
    ended = amends("data", "export", "--config", "gaming", "-o", into)
    assert ended.code == 2
    assert said in ended.err
    assert ended.err.endswith("; name another path or check its rights\n")
    assert ended.err.count("\n") == 1
    assert (tmp_path / "afile").read_text() == "mine"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        # raised by hand: root, as which some run the tests, may write anywhere
        pytest.param(PermissionError(13, "Permission denied", "closed/x"),
                     "amends: closed/x: Permission denied; name another path or check its rights\n", id="no right"),
        pytest.param(OSError(5, "Input/output error"), "amends: OSError: [Errno 5] Input/output error\n",
                     id="no file is named, so no path is to blame"),
        pytest.param(ConnectionError("gone\naway"), "amends: ConnectionError: gone away\n", id="always one line"),
        pytest.param(ValueError("a fault of ours"), None, id="what is no OSError keeps its traceback"),
    ],
)  # fmt: skip
def test_only_what_the_system_refuses_becomes_a_line(
    error: Exception, said: str | None, amends, monkeypatch: pytest.MonkeyPatch
) -> None:
    def raised(*_: object) -> None:
        raise error

    monkeypatch.setattr("amends.cli.data.export", raised)
    if said is None:
        with pytest.raises(ValueError, match="a fault of ours"):
            amends("data", "export", "-o", "out")
        return
    ended = amends("data", "export", "-o", "out")
    assert (ended.code, ended.err) == (2, said)


@pytest.mark.parametrize(
    ("form", "names", "version", "part"),
    [
        pytest.param("xml", ("exchanges",), None, "unknown form", id="an unknown form"),
        pytest.param("csv", ("exchange",), None, "unknown configuration", id="an unknown configuration"),
        pytest.param("convokit", ("exchange",), None, "unknown configuration", id="an unknown one for a corpus"),
        pytest.param("csv", ("exchanges",), "0.0.9", "unknown version", id="an unknown version"),
        pytest.param("csv", ("gaming",), "0.0.9", "unknown version", id="an unknown version of pairs"),
        pytest.param("csv", (), "", "unknown version", id="an empty version is not the newest"),
        pytest.param("convokit", ("gaming",), None, "conversations", id="a corpus without conversations"),
        pytest.param("convokit", ("exchanges", "gaming"), None, "gaming has none", id="a corpus with more beside"),
        pytest.param("convokit", ("systems",), "0.2.0", "`--config exchanges`$", id="an older corpus of systems"),
        pytest.param("parquet", ("exchanges", "gaming"), "0.2.0", "`--config exchanges`$", id="pairs ship once"),
    ],
)
def test_what_cannot_be_exported(
    form: str, names: tuple[str, ...], version: str | None, part: str, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match=part):
        export(form, tmp_path / "out", names, version)
    assert not (tmp_path / "out").exists(), "no folder is made"


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
