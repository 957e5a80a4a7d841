"""What every harness shares: the set, the chat, one reply judged, the figures. With a harness: tests/extras."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest
from tests.harness.cases import LIMIT, SCORER, figures, replies, run

from amends.dataset.folder import released_scenarios
from amends.errors import UsageError
from amends.harness import LM_EVAL
from amends.harness.judging import cited, judge, messages_of, names, scenarios_of, system_prompt
from amends.harness.judging import figures as figures_of
from amends.records import DIMENSIONS, Context, Exchange, Scenario, Turn
from amends.runs.execute import data_digest
from amends.scorers import load_scorer

ROOT = Path(__file__).parents[2]
HARNESS = ROOT / "benchmark" / "amends" / "harness"


def test_the_numbers_and_the_signature_are_those_of_a_run(tmp_path: Path) -> None:
    texts = replies()
    broken = list(texts)[7]
    with pytest.warns(UserWarning, match="problems while replies were made: 1 "):
        result = run({key: text for key, text in texts.items() if key != broken}, tmp_path)
    # half a character is in no file: a generator that gives it has given no reply
    texts[broken] = "Sorry \ud800"
    scorer = load_scorer(SCORER)
    rows = [judge(scorer, released_scenarios()[i], text, n).row for (i, n), text in texts.items()]
    assert {name: number for d in DIMENSIONS for name, number in figures_of(rows, d).items()} == figures(result)
    missing = sum(not row.given for row in rows)
    # 40 replies: 5 empty, 5 in Spanish, 1 broken
    assert missing == 11
    assert result.counts["not_scored"].keys() == {"refused_by_judge", "null_level"}
    data = data_digest(scenarios_of("validation", LIMIT))
    assert cited("validation", data, scorer, f"{LIMIT}/{LIMIT}", missing) == result.signature


@pytest.mark.parametrize("name", ["rules", "trained"])
def test_a_reply_judged_alone_is_judged_as_in_a_batch(name: str) -> None:
    # a harness gives one reply at a time, a run 512
    scorer, texts = load_scorer(name), list(replies().items())[:10]
    alone = [judge(scorer, released_scenarios()[i], text, n).annotation for (i, n), text in texts]
    exchanges = [
        Exchange("", released_scenarios()[i].turns, text, released_scenarios()[i].context) for (i, _), text in texts
    ]
    batch = scorer.annotate(exchanges)
    assert [(a.levels, a.behaviours, a.flags) for a in alone if a] == [(a.levels, a.behaviours, a.flags) for a in batch]


def test_what_was_never_judged_is_no_number() -> None:
    found = figures_of([], "empathy")
    assert list(found) == names("empathy")
    assert [name for name, number in found.items() if number is not None] == ["empathy_n"]
    assert found["empathy_n"] == 0


@pytest.mark.parametrize(
    ("split", "limit", "said"),
    [
        pytest.param("valid", None, "validation", id="an unknown split names the known ones"),
        pytest.param("train", 0, "at least 1", id="no scenarios at all"),
    ],
)
def test_a_set_that_does_not_exist(split: str, limit: int | None, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        scenarios_of(split, limit)


def test_the_scenarios_are_in_the_order_of_a_run() -> None:
    ids = [scenario.id for scenario in scenarios_of("validation")]
    assert ids == sorted(ids)
    assert [scenario.id for scenario in scenarios_of("validation", 3)] == ids[:3]


def test_a_model_is_told_what_a_generator_may_see() -> None:
    hidden = Context(fault="POISON", emotion="POISON", intensity=5, company="Acme", channel="chat", authority="10 EUR")
    turns = (Turn("customer", "It broke."), Turn("agent", "When?"), Turn("customer", "Today."))
    scenario = Scenario("POISON", turns, "test", hidden, {"POISON": "POISON"})
    messages = messages_of(scenario, system_prompt(None))
    assert [message["role"] for message in messages] == ["system", "user", "assistant", "user"]
    assert [message["content"] for message in messages[1:]] == ["It broke.", "When?", "Today."]
    assert "Acme" in messages[0]["content"]
    assert "10 EUR" in messages[0]["content"]
    assert "POISON" not in str(messages)


def test_the_harnesses_alone_import_their_modules() -> None:
    for path in sorted((ROOT / "benchmark" / "amends").rglob("*.py")):
        if "_shipped" in path.parts or path.parent == HARNESS:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            named = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            named += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not [name for name in named if name.startswith("amends.harness")], path


def test_what_the_harnesses_look_up_is_there() -> None:
    [named] = re.findall(r"!function amends\.harness\.(\S+)\.(\S+)", (LM_EVAL / "amends.yaml").read_text("utf-8"))
    module, name = named
    tree = ast.parse((HARNESS / f"{module}.py").read_text(encoding="utf-8"))
    assert name in [node.name for node in tree.body if isinstance(node, ast.ClassDef)]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    # the name before the colon of `inspect eval amends/amends` is the distribution's
    assert project["entry-points"]["inspect_ai"] == {"amends": "amends.harness.inspect_task"}
    assert project["name"] == "amends"
    assert (HARNESS / "inspect_task.py").is_file()
