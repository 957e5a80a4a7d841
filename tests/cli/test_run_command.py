"""``run`` and ``generate``: what they say of what went wrong is so, and helps."""

import importlib
import json
import shutil
import sys
from pathlib import Path

import pytest
from tests.conftest import Called

QUICK = ("--split", "train", "--limit", 6, "--scorer", "rules")
ID = "s['id']"
ANSWER = "'We refund it by Friday.'"


def program(name: str, *lines: str) -> str:
    """A folder with a program that writes these lines for each scenario."""
    folder = Path(name)
    folder.mkdir()
    said = "".join(f"    print(json.dumps({line}))\n" for line in lines)
    code = f"import json, sys\nfor line in sys.stdin:\n    s = json.loads(line)\n{said}"
    (folder / "generate.py").write_text(code, encoding="utf-8")
    made = {"name": name, "version": "1", "kind": "program", "command": ["{python}", "generate.py"]}
    (folder / "generator.json").write_text(json.dumps(made), encoding="utf-8")
    return f"./{name}"


@pytest.mark.parametrize(
    ("lines", "said", "not_said"),
    [
        pytest.param(
            [f"{{'scenario_id': {ID}, 'text': {ANSWER}}}"] * 2,
            "all 6 replies are there; what is named above was left out",
            "asks for the missing ones",
            id="answered twice: nothing is missing, and asking again would change nothing",
        ),
        pytest.param(
            [f"{{'scenario_id': {ID}, 'text': None}}"],
            "6 of 6 replies are missing or are none",
            "all 6 replies are there",
            id="no text",
        ),
    ],
)
def test_the_end_of_a_run_says_what_is_missing(amends, lines: list[str], said: str, not_said: str) -> None:
    called = amends("run", program("made", *lines), *QUICK, "-o", "out")
    assert called.code == 1
    assert said in called.err and not_said not in called.err


@pytest.mark.parametrize(
    ("command", "options", "named"),
    [
        pytest.param("run", QUICK, "out", id="a run is a folder"),
        pytest.param("generate", QUICK[:-2], "out", id="replies are a file, and its folder may hold many"),
    ],
)
def test_other_settings_name_the_output(amends, command: str, options: tuple, named: str) -> None:
    assert amends(command, "courtesy", *options, "-o", "out").code == 0
    called = amends(command, "courtesy", *options, "--samples", 2, "-o", "out")
    assert called.code == 2
    assert called.err.startswith(f"amends: {named} holds a run with other settings:\n  samples: there 1, asked for 2")


def test_no_order_of_steps_is_not_for_want_of_judgements(amends) -> None:
    called = amends("run", program("thanks", f"{{'scenario_id': {ID}, 'text': 'Thank you for writing.'}}"), *QUICK)
    assert "6 judged" in called.out
    assert "no reply was judged" not in called.out
    assert "no reply takes two steps" in " ".join(called.out.split())


def test_rows_by_a_field_count_what_was_not_given(amends) -> None:
    """The first two of six scenarios get a kind reply and the rest none: by any field as many breaches as in all."""
    Path("two.jsonl").write_text(
        "".join(
            json.dumps({"id": name, "scenario_id": name, "text": "We refund it by Friday; does that suit you?"}) + "\n"
            for name in ("sc-0001", "sc-0002")
        ),
        encoding="utf-8",
    )
    assert amends("run", "two.jsonl", *QUICK, "-o", "out").code == 1
    found = json.loads(amends("report", "out", "--by", "split", "--json").out)
    whole = found["dimensions"]["depersonalization"]["breach"]
    assert whole["value"] == pytest.approx(4 / 6)
    assert found["by"]["groups"]["train"]["depersonalization"]["breach"] == whole


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(("run", "courtesy", *QUICK[:-2], "-o", "out"), id="run"),
        pytest.param(("score", "texts.jsonl", "-o", "judged.jsonl"), id="score"),
    ],
)
def test_a_scorer_of_ones_own_that_was_edited_is_asked_anew(
    amends, monkeypatch: pytest.MonkeyPatch, command: tuple
) -> None:
    """Its name and version are what they were; the judgements on disk are of the code before."""
    Path("texts.jsonl").write_text('{"id": "1", "scenario_id": "sc-0001", "text": "Sorry."}\n', encoding="utf-8")
    code = (
        "from amends.records import DIMENSIONS, Annotation, Annotator\n"
        "class Own:\n"
        "    name, version = 'own', 1\n"
        "    def annotate(self, exchanges):\n"
        "        who = Annotator('scorer', 'program', 'own', '1')\n"
        "        return [Annotation(e.id, None, who, dict.fromkeys(DIMENSIONS, LEVEL)) for e in exchanges]\n"
    )
    monkeypatch.syspath_prepend(".")

    def edited(level: float) -> Called:
        Path("own_scorer.py").write_text(code.replace("LEVEL", str(level)), encoding="utf-8")
        monkeypatch.delitem(sys.modules, "own_scorer", raising=False)
        importlib.invalidate_caches()
        shutil.rmtree("__pycache__", ignore_errors=True)
        return amends(*command, "--scorer", "own_scorer:Own", "--jobs", 1)

    assert edited(2.0).code == 0
    assert edited(2.0).code == 0, "the same code resumes"
    refused = edited(4.0)
    assert refused.code == 2 and "scorer_source: there" in refused.err
