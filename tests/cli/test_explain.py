"""``explain``: a typed exchange, one of a file, JSON and page; wrong uses say what to do."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

CUSTOMER = "Three weeks without a fridge. I'm furious."
REPLY = "Sorry if this upset you, but the courier was very busy. <b>We</b> will deliver on Thursday."


def test_a_typed_exchange(amends) -> None:
    ended = amends("explain", "--customer", CUSTOMER, "--reply", REPLY, "--scorer", "rules")
    assert ended.code == 0, ended.err
    assert "−X7 hedged apology: “Sorry if this upset”" in ended.out
    assert "make the apology whole" in ended.out
    assert ended.out.splitlines()[-1].startswith("amends|data:exchange@")
    assert max(len(line) for line in ended.out.splitlines()[:-1]) <= 100


def test_json_holds_spans_levels_and_ways(amends) -> None:
    found = json.loads(amends("explain", "--customer", CUSTOMER, "--reply", REPLY, "--json").out)
    for behaviour in found["annotation"]["behaviours"]:
        assert REPLY[behaviour["start"] : behaviour["end"]] == behaviour["quote"]
    excuse = found["raising"]["excuse_avoidance"]
    assert excuse["rubric_level"] < 5
    assert all(way["level"] > excuse["rubric_level"] for way in excuse["ways"])


def test_one_of_a_file_and_a_page(amends, tmp_path: Path) -> None:
    turns = [{"role": "customer", "text": "<script>alert(1)</script> help"}]
    lines = [{"id": f"x{i}", "turns": turns, "reply": f"{REPLY} <img src=x onerror=alert({i})>"} for i in range(3)]
    (tmp_path / "f.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    ended = amends("explain", "f.jsonl", "--id", "x1", "--html", "e.html")
    assert ended.code == 0, ended.err
    page = (tmp_path / "e.html").read_text(encoding="utf-8")
    assert "x1" in page
    assert "<script" not in page
    assert "<img" not in page, "texts of others are escaped"
    assert "onerror=alert(1)" in page


def test_what_is_no_reply_gets_no_advice(amends) -> None:
    ended = amends("explain", "--customer", CUSTOMER, "--reply", "...")
    assert ended.code == 0
    assert "no level" in ended.out


@pytest.mark.parametrize(
    ("args", "code", "part"),
    [
        pytest.param((), 2, "name a FILE", id="nothing named"),
        pytest.param(("--customer", "x"), 2, "give both", id="half an exchange"),
        pytest.param(("f.jsonl", "--reply", "x"), 2, "choose one", id="two ways at once"),
        pytest.param(("--customer", " ", "--reply", "x"), 2, "blank", id="a blank customer"),
        pytest.param(("--customer", "x", "--reply", "y", "--id", "a"), 2, "are for a FILE", id="an id of no file"),
        pytest.param(("f.jsonl", "--id", "nobody"), 1, "the ids a", id="an id that the file lacks"),
        pytest.param(("gone.jsonl",), 1, "no such file", id="a file that is not there"),
    ],
)
def test_wrong_uses(args: tuple[str, ...], code: int, part: str, amends, tmp_path: Path) -> None:
    turns = [{"role": "customer", "text": "help"}]
    (tmp_path / "f.jsonl").write_text(json.dumps({"id": "a", "turns": turns, "reply": "Ok."}) + "\n")
    ended = amends("explain", *args)
    assert ended.code == code
    assert part in ended.err


class Flat:
    """A scorer that gives 4 throughout and names nothing."""

    name, version = "flat", 1

    def annotate(self, exchanges):
        from amends.records import DIMENSIONS, Annotation, Annotator

        who = Annotator("scorer", "program", "flat", "1")
        return [Annotation(e.id, None, who, dict.fromkeys(DIMENSIONS, 4.0)) for e in exchanges]


def test_a_level_of_the_scorers_own_is_never_raised_downwards(amends) -> None:
    ended = amends("explain", "--customer", CUSTOMER, "--reply", REPLY, "--scorer", f"{__name__}:Flat")
    assert ended.code == 0, ended.err
    assert "Empathy 4: the scorer's own reading; by the behaviours named the rubric gives 2" in ended.out
    assert "to 3:" not in ended.out
