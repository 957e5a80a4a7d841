"""``validity``: what it prints, writes and answers with."""

import json
from pathlib import Path

import pytest
from tests.scorercard.cases import TURNS, folder, text, write

from amends import cli
from amends.scorercard.sections import Card

TOLD = "tests.scorercard.cases:Told"


@pytest.fixture(autouse=True)
def registered(monkeypatch):
    monkeypatch.setitem(cli.COMMANDS, "validity", ("amends.cli.validity", "command", "The scorer card."))


@pytest.fixture
def data(tmp_path):
    return folder(tmp_path / "data")


def test_the_card_is_printed(amends, data):
    called = amends("validity", TOLD, "--data", data)
    assert called.code == 0, called.err
    assert "AGAINST GOLD" in called.out
    assert "Looked for and not there: plan.jsonl" in called.out
    assert "|gold:model|" in called.out.splitlines()[-1]


def test_json_alone_on_standard_output_and_the_same_twice(amends, data):
    called = amends("validity", TOLD, "--data", data, "--json")
    assert amends("validity", TOLD, "--data", data, "--json").out == called.out
    card = Card.from_dict(json.loads(called.out))
    assert card.scorer == {"name": "told", "version": 3, "weights": None}
    assert "replies a second" in called.err


def test_a_page_is_written(amends, data):
    called = amends("validity", TOLD, "--data", data, "--html", "out/card.html")
    assert (called.code, "card: out/card.html" in called.err) == (0, True)
    assert Path("out/card.html").read_text(encoding="utf-8").startswith("<!doctype html>")


def test_own_exchanges_with_labels(amends, data):
    who = {"role": "annotator", "kind": "person", "name": "Ada", "version": "1", "method": None, "guideline": None}
    levels = {"empathy": 3, "depersonalization": 3, "excuse_avoidance": 3}
    write(Path("own.jsonl"), {"id": "u1", "turns": TURNS, "reply": text([2, 3, 3])})
    write(
        Path("labels.jsonl"),
        {"reply_id": "u1", "scenario_id": None, "annotator": who, "levels": levels, "confidence": None,
         "behaviours": [], "flags": [], "reason": "so"},
    )  # fmt: skip
    called = amends("validity", TOLD, "--on", "own.jsonl", "--labels", "labels.jsonl", "--data", data, "--json")
    assert called.code == 0, called.err
    card = json.loads(called.out)
    assert (card["gold"], card["items"]["empathy"]["error"]["value"]) == ("person", 1.0)


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        pytest.param(["nobody"], 2, "unknown scorer 'nobody'", id="no such scorer"),
        pytest.param([TOLD, "--data", "nowhere"], 2, "no such folder", id="no such folder"),
        pytest.param([TOLD, "--split", "dev"], 2, "'dev' is not one of", id="no such split"),
        pytest.param([TOLD, "--on", "x.jsonl"], 2, "--labels", id="exchanges without labels"),
        pytest.param([TOLD, "--on", "x.jsonl", "--labels", "y.jsonl"], 1, "no such file", id="no such file"),
    ],
)
def test_wrong_use(amends, args, code, said):
    called = amends("validity", *args)
    assert (called.code, said in called.err) == (code, True), called.err


def test_a_broken_line_is_named_with_its_place(amends, data):
    with (data / "exchanges" / "validation.jsonl").open("a", encoding="utf-8") as stream:
        stream.write('{"id": "x"}\n')
    called = amends("validity", TOLD, "--data", data)
    assert called.code == 1
    assert "validation.jsonl:25 $" in called.err


def test_rules_on_the_released_validation_split(amends):
    """The shipped scorer, on real replies: what is asserted is what must hold, not how good it is."""
    called = amends("validity", "rules", "--json")
    assert called.code == 0, called.err
    card = Card.from_dict(json.loads(called.out))
    assert card.set["split"] == "validation"
    assert card.counts["with_gold"] == card.counts["replies"] > 0
    assert card.items["empathy"]["spearman"].low > 0
    assert card.degenerate.met.n > 0
