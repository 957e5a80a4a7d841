"""The card's front matter as it may stand in anyone's data folder: read, refused by name, or not described."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from amends.dataset.card import card_text, read_card
from amends.dataset.croissant import croissant, describable
from amends.dataset.folder import released
from amends.errors import InputError

TURNS = [{"role": "customer", "text": "Hm?"}]
FILES = [{"split": "train", "path": "exchanges/train.jsonl"}]
CONFIG = {"config_name": "exchanges", "data_files": FILES}
INFO = {"config_name": "exchanges", "features": [{"name": "id", "dtype": "string"}]}
HEAD: dict[str, Any] = {"amends": {"published": "2026-01-01"}, "configs": [CONFIG], "dataset_info": [INFO]}


def folder(path: Path) -> Path:
    """A data folder of one scenario in train, without a card."""
    path.mkdir()
    author = {"kind": "model", "name": "m", "version": "1"}
    who = {"role": "annotator", "kind": "model", "name": "ann", "version": "1", "method": "holistic"}
    levels = {"empathy": 2, "depersonalization": 3, "excuse_avoidance": 3}
    for name, record in (
        ("scenarios", {"id": "s1", "split": "train", "turns": TURNS}),
        ("replies", {"id": "s1.r1", "scenario_id": "s1", "text": "a", "author": author}),
        ("annotations/ann", {"id": "a1", "reply_id": "s1.r1", "annotator": who, "levels": levels}),
    ):
        file = path / f"{name}.jsonl"
        file.parent.mkdir(exist_ok=True)
        file.write_text(json.dumps(record) + "\n")
    return path


def configured(**changes: Any) -> dict[str, Any]:
    return HEAD | {"configs": [CONFIG | changes]}


def featured(*features: Any) -> dict[str, Any]:
    return HEAD | {"dataset_info": [INFO | {"features": list(features)}]}


# ---- read_card ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "head", "body"),
    [
        pytest.param("---\na: 1\n---\ntext\n", {"a": 1}, "text\n", id="a mapping"),
        pytest.param("---\n---\ntext\n", {}, "text\n", id="nothing between the lines"),
        pytest.param("---\n\n# later\n---\n", {}, "", id="a comment alone"),
        pytest.param("---\n{}\n---\n", {}, "", id="an empty mapping"),
    ],
)
def test_a_card_that_can_be_read(text: str, head: dict[str, Any], body: str, tmp_path: Path) -> None:
    card = tmp_path / "README.md"
    card.write_text(text)
    assert read_card(card) == (head, body)


@pytest.mark.parametrize(
    ("text", "line", "part"),
    [
        pytest.param(None, 1, "no front matter", id="no card"),
        pytest.param("# amends\n", 1, "no front matter", id="text alone"),
        pytest.param("---\na: 1\n", 1, "no front matter", id="a line of dashes that nothing closes"),
        # the bracket opens in line 3; the parser misses its end where the YAML ends, in line 4
        pytest.param("---\nb: 2\na: [1\n---\n", 4, "broken YAML", id="a bracket that nothing closes"),
        pytest.param("---\na: b: c\n---\n", 2, "broken YAML", id="two colons"),
        pytest.param("---\na: 2026-13-45\n---\n", 1, "broken YAML", id="a day that no calendar has"),
        pytest.param("---\na: !!python/name:os.system\n---\n", 2, "broken YAML", id="a tag that would run code"),
        pytest.param("---\n- a\n---\n", 2, "a front matter that is a list", id="a list"),
        pytest.param("---\nhello\n---\n", 2, "a front matter that is a str", id="text between two rules"),
    ],
)
def test_a_card_that_cannot_be_read_is_named(text: str | None, line: int, part: str, tmp_path: Path) -> None:
    card = tmp_path / "README.md"
    if text is not None:
        card.write_text(text)
    with pytest.raises(InputError, match=re.escape(part)) as raised:
        read_card(card)
    (problem,) = raised.value.problems
    assert (problem.file, problem.line) == (str(card), line)
    assert problem.remedy


# ---- describable, and the build that asks it ------------------------------------------------------------------

SHORT = [
    pytest.param({}, id="nothing in it"),
    pytest.param({k: v for k, v in HEAD.items() if k != "configs"}, id="no configs"),
    pytest.param({k: v for k, v in HEAD.items() if k != "dataset_info"}, id="no dataset_info"),
    pytest.param({k: v for k, v in HEAD.items() if k != "amends"}, id="no amends"),
    pytest.param(HEAD | {"amends": None}, id="amends left empty"),
    pytest.param(HEAD | {"amends": "1.0"}, id="amends is text"),
    pytest.param(HEAD | {"amends": {"canary": "x"}}, id="no day of publication"),
    pytest.param(HEAD | {"amends": {"published": None}}, id="day of publication left empty"),
    pytest.param(HEAD | {"configs": None}, id="configs left empty"),
    pytest.param(HEAD | {"configs": []}, id="no configuration"),
    pytest.param(HEAD | {"configs": CONFIG}, id="one configuration without a list"),
    pytest.param(HEAD | {"configs": ["exchanges"]}, id="configurations by name alone"),
    pytest.param(HEAD | {"configs": [{"data_files": FILES}]}, id="a configuration without a name"),
    pytest.param(configured(config_name=["exchanges"]), id="a name that is a list"),
    pytest.param(configured(config_name="other"), id="a configuration without features"),
    pytest.param(HEAD | {"configs": [{"config_name": "exchanges"}]}, id="no data_files"),
    pytest.param(configured(data_files="exchanges/*.jsonl"), id="data_files is a pattern"),
    pytest.param(configured(data_files={"train": "exchanges/train.jsonl"}), id="data_files is a mapping"),
    pytest.param(configured(data_files=["exchanges/train.jsonl"]), id="data_files lists paths alone"),
    pytest.param(configured(data_files=[]), id="data_files lists nothing"),
    pytest.param(configured(data_files=[{"split": "train"}]), id="a split without a path"),
    pytest.param(configured(data_files=[{"path": "exchanges/train.jsonl"}]), id="a path without a split"),
    pytest.param(configured(data_files=[*FILES, None]), id="one of data_files left empty"),
    pytest.param(configured(data_files=[{"split": "train", "path": ["a.jsonl"]}]), id="several paths of a split"),
    pytest.param(configured(data_files=[{"split": "train", "path": "/a.jsonl"}]), id="a path from the root"),
    pytest.param(configured(data_files=[{"split": "train", "path": "../a.jsonl"}]), id="a path out of the folder"),
    pytest.param(configured(data_files=[{"split": "train", "path": "**.jsonl"}]), id="a pattern of the hub alone"),
    pytest.param(configured(data_files=[{"split": "train", "path": "README.md"}]), id="no JSON Lines"),
    pytest.param(HEAD | {"dataset_info": INFO}, id="dataset_info without a list"),
    pytest.param(HEAD | {"dataset_info": [{"features": INFO["features"]}]}, id="features of no configuration"),
    pytest.param(HEAD | {"dataset_info": [{"config_name": "exchanges"}]}, id="a configuration without its features"),
    pytest.param(featured(), id="no feature"),
    pytest.param(featured({"dtype": "string"}), id="a feature without a name"),
    pytest.param(featured({"name": "id"}), id="a feature without a type"),
    pytest.param(featured({"name": "id", "dtype": ["string"]}), id="a type that is a list"),
    pytest.param(featured({"name": "id", "dtype": "audio"}), id="a type that no record here has"),
    pytest.param(featured({"name": "id", "list": "audio"}), id="a list of them"),
    pytest.param(featured({"name": "id", "struct": [{"name": "a", "dtype": "audio"}]}), id="a struct of them"),
]


@pytest.mark.parametrize("head", SHORT)
def test_a_card_that_says_too_little_is_not_described_and_the_build_goes_on(
    head: dict[str, Any], amends, tmp_path: Path
) -> None:
    data = folder(tmp_path / "data")
    (data / "README.md").write_text(card_text(head, "text\n"))
    assert describable(data) is False
    ended = amends("data", "build", "--data", data, "--version", "0.1.0")
    assert ended.code == 0, ended.err
    assert not (data / "croissant.json").exists()


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(HEAD, id="all that is needed"),
        pytest.param(HEAD | {"tags": ["a"]}, id="with tags"),
        pytest.param(configured(data_files=[{"split": "train", "path": "exchanges/*.jsonl"}]), id="a pattern of paths"),
        pytest.param(featured({"name": "id", "dtype": "string"}, {"name": "turns", "list": [
            {"name": "role", "dtype": "string"}, {"name": "tags", "list": "string"}]}), id="a list within a list"),
        pytest.param(HEAD | {"dataset_info": [INFO, {"config_name": "more"}]}, id="more described than there is"),
    ],
)  # fmt: skip
def test_a_card_that_says_enough_is_described_by_the_build(head: dict[str, Any], amends, tmp_path: Path) -> None:
    data = folder(tmp_path / "data")
    (data / "README.md").write_text(card_text(head, "text\n"))
    assert describable(data) is True
    ended = amends("data", "build", "--data", data, "--version", "0.1.0")
    assert ended.code == 0, ended.err
    made = json.loads((data / "croissant.json").read_text())
    assert made["datePublished"] == "2026-01-01"
    assert made["keywords"] == head.get("tags", [])
    assert "exchanges/train.jsonl" in [one["@id"] for one in made["distribution"]]


@pytest.mark.parametrize("text", [None, "# amends\n"], ids=["no card", "a card without front matter"])
def test_without_front_matter_nothing_is_described(text: str | None, tmp_path: Path) -> None:
    if text is not None:
        (tmp_path / "README.md").write_text(text)
    assert describable(tmp_path) is False


def test_broken_front_matter_stops_the_build_with_the_name_of_the_card(amends, tmp_path: Path) -> None:
    data = folder(tmp_path / "data")
    (data / "README.md").write_text("---\na: [1\n---\n")
    ended = amends("data", "build", "--data", data, "--version", "0.1.0")
    assert ended.code == 1
    assert ended.err.startswith(f"amends: {data / 'README.md'}:3 $: found broken YAML")


def test_the_released_card_is_described_as_it_ships() -> None:
    data = released().path
    assert describable(data)
    shipped = json.loads((data / "croissant.json").read_text(encoding="utf-8"))
    assert croissant(data, shipped["version"]) == shipped
