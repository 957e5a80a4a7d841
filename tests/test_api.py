"""The Python side: load, score, run."""

import json
from pathlib import Path

import pytest

import amends
from amends.errors import InputError, UsageError

GOOD = {"id": "a", "turns": [{"role": "customer", "text": "It broke."}], "reply": "Sorry it broke."}


def test_score_takes_exchanges_replies_and_records() -> None:
    reply = {"id": "b", "scenario_id": "sc-0001", "text": "Sorry, we will send another one today."}
    judged = amends.score([GOOD, reply])
    assert [a.reply_id for a in judged] == ["a", "b"]
    assert judged[1].scenario_id == "sc-0001"


def test_score_names_every_problem_at_once() -> None:
    with pytest.raises(InputError) as caught:
        amends.score([{**GOOD, "turns": []}, GOOD, {"id": "b", "scenario_id": "nowhere", "text": "x"}])
    assert [(p.line, p.path) for p in caught.value.problems] == [(1, "$.turns"), (3, "$.scenario_id")]


@pytest.mark.parametrize("kind", [str, Path], ids=["text", "path"])
def test_score_takes_a_file_as_compare_and_validity_do(kind: type, tmp_path: Path) -> None:
    """A text is no sequence of records: it was taken for one, and ended as a ValueError about dictionaries."""
    file = tmp_path / "own.jsonl"
    file.write_text(json.dumps(GOOD) + "\n")
    assert amends.score(kind(file), "rules") == amends.score([GOOD], "rules")
    file.write_text(json.dumps(GOOD) + "\n{}\n")
    with pytest.raises(InputError, match=r"own\.jsonl:2"):
        amends.score(kind(file), "rules")


def test_run_takes_a_function(tmp_path: Path) -> None:
    result = amends.run(lambda scenario: f"Sorry about {scenario['domain']}.", limit=3, out=tmp_path / "run")
    assert result.counts["replies"] == 3
    assert result.signature.startswith("amends|data:test@")
    assert (tmp_path / "run" / "report.html").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(("exchange",), "Did you mean exchanges", id="an unknown configuration"),
        pytest.param(("exchanges", "dev"), "split", id="an unknown split"),
    ],
)
def test_load_says_what_there_is(arguments: tuple[str, ...], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        amends.load(*arguments)


def test_public_names_are_listed_and_load() -> None:
    for name in amends.__all__:
        assert callable(getattr(amends, name))
    with pytest.raises(AttributeError):
        _ = amends.nothing
