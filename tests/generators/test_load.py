"""What a generator may be called, and what is said when there is none."""

from __future__ import annotations

import importlib.metadata
import json
from pathlib import Path

import pytest

import amends.generators
from amends.errors import AmendsError, GeneratorError, InputError, UsageError
from amends.generators import base, load_generator
from amends.generators.program import ProgramGenerator, load_folder
from amends.generators.replies_file import RepliesFileGenerator
from amends.records import Json, Scenario, Turn

CARD = {"name": "mine", "version": "1", "kind": "program", "command": ["{python}", "generate.py"]}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with one of everything."""
    for folder in ("mine", "echo"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "generator.json").write_text(json.dumps(CARD))
    (tmp_path / "bare").mkdir()
    (tmp_path / "replies.jsonl").write_text('{"id": "r", "scenario_id": "s", "text": "t"}\n')
    (tmp_path / "replies.csv").write_text("id,reply\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


GOOD = [
    ("echo", ProgramGenerator, "echo", "a baseline goes before a folder of its name"),
    ("./echo", ProgramGenerator, "mine", "the folder can still be named"),
    ("mine", ProgramGenerator, "mine", "a folder with a card"),
    ("replies.jsonl", RepliesFileGenerator, "replies", "a replies file"),
]


@pytest.mark.parametrize(("spec", "kind", "name", "why"), GOOD, ids=[row[3] for row in GOOD])
def test_found(spec: str, kind: type, name: str, why: str, here: Path) -> None:
    generator = load_generator(spec)
    assert isinstance(generator, kind), why
    assert generator.name == name, why


BAD = [
    ("ecko", UsageError, "Did you mean echo?", "a typo"),
    (
        "nothing",
        UsageError,
        "cheat-constant, cheat-keywords, cheat-note, cheat-rubric, courtesy, echo, excuses, listen-own-act, policy, "
        "retrieval, seven-steps, status",
        "the baselines are listed",
    ),
    ("", UsageError, "unknown generator ''", "nothing"),
    ("gone.jsonl", InputError, "no such file", "a replies file that is not there"),
    ("gone.jsonl.gz", InputError, "no such file", "nor this"),
    ("bare", InputError, "generator.json", "a folder without a card"),
    ("replies.csv", UsageError, ".jsonl", "a file of another kind"),
    ("openai:", UsageError, "openai:MODEL", "an endpoint without a model"),
    ("opnai:gpt-x", UsageError, "unknown generator", "no such kind"),
    ("python:", UsageError, "python:module:function", "kind without a rest"),
]


@pytest.mark.parametrize(("spec", "kind", "words", "why"), BAD, ids=[row[3] for row in BAD])
def test_not_found(spec: str, kind: type[AmendsError], words: str, why: str, here: Path) -> None:
    with pytest.raises(kind) as caught:
        load_generator(spec)
    assert words in str(caught.value), why


CARDS = [
    ("not json", "broken JSON", "no JSON"),
    ('{"name": "x", "version": "1", "kind": "program"}', "command", "neither a command nor replies"),
    ('{"name": "x\\ny", "version": "1", "kind": "program", "command": ["x"]}', "$.name", "control character"),
    ('{"name": "x", "version": "1", "kind": "program", "command": ["x"], "replies": "r.jsonl"}', "both", "both"),
    ('{"name": "x", "version": "1", "kind": "person", "replies": "../r.jsonl"}', "outside", "leaves the folder"),
    ('{"name": "x", "version": "1", "kind": "person", "replies": "r.jsonl"}', "no such file", "file missing"),
    (None, "no such file", "no card"),
]


@pytest.mark.parametrize(("text", "words", "why"), CARDS, ids=[row[2] for row in CARDS])
def test_bad_cards(text: str | None, words: str, why: str, tmp_path: Path) -> None:
    if text is not None:
        (tmp_path / "generator.json").write_text(text)
    with pytest.raises(InputError) as caught:
        load_folder(tmp_path)
    assert words in str(caught.value), why


def test_the_card_changes_with_the_code(tmp_path: Path) -> None:
    def card_of(source: str) -> Json:
        (tmp_path / "generator.json").write_text(json.dumps(CARD))
        (tmp_path / "generate.py").write_text(source)
        return load_folder(tmp_path).card

    # a run resumes under the same card only; another program under the same card would mix two generators
    before = card_of("1")
    assert card_of("1") == before
    assert card_of("2") != before
    assert json.loads(json.dumps(before)) == before


class Plugged:
    """What a plug-in may be."""

    name, version, author = "plugged", "1", None
    card: dict[str, str] = {}

    def generate(self, scenarios: object, samples: int = 1, **how: object) -> list[object]:
        return []


def plug(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    """Install a plug-in for one test."""
    point = importlib.metadata.EntryPoint(name, value, "amends.generators")
    monkeypatch.setattr(amends.generators, "entry_points", lambda group: [point])
    monkeypatch.setattr(importlib.metadata.EntryPoint, "load", lambda self: globals()[self.value.split(":")[1]])


instance = Plugged()
no_generator = object


def factory() -> Plugged:
    """A plug-in made on demand."""
    return Plugged()


def broken() -> Plugged:
    """A plug-in that does not load."""
    raise ImportError("no luck")


@pytest.mark.parametrize("value", ["instance", "factory", "Plugged"])
def test_plug_ins(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plug(monkeypatch, "plugged", f"probe:{value}")
    assert load_generator("plugged").name == "plugged"


@pytest.mark.parametrize(
    ("name", "value", "kind", "words"),
    [
        ("echo", "probe:factory", UsageError, "built-in name"),
        ("plugged", "probe:broken", GeneratorError, "no luck"),
        ("plugged", "probe:no_generator", GeneratorError, "has no name"),
    ],
)
def test_plug_ins_that_do_not_fit(
    name: str, value: str, kind: type[AmendsError], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    plug(monkeypatch, name, value)
    with pytest.raises(kind, match=words):
        load_generator(name)


def test_reply_ids_fit_their_schema() -> None:
    long = ["x" * 999 + end for end in "ab"]
    ids = [base.reply_id(name, "n" * 100, 12) for name in long]
    assert base.reply_id("s", "echo", 0) == "s.echo.0"
    assert ids[0] != ids[1]
    assert {len(name) for name in ids} == {1000}


def test_failures_read_as_sentences() -> None:
    assert str(base.Failure("s", 1, "no reply")) == "scenario s, sample 1: no reply"
    assert str(base.Failure("s", None, "no reply")) == "scenario s: no reply"
    assert str(base.Failure(None, None, "it broke")) == "it broke"
    base.ignore(base.Failure(None, None, "nobody asks"))
    assert Scenario("s", (Turn("customer", "?"),)).for_generator()["company"] is None
