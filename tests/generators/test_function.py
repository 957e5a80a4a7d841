"""Python functions as generators: one bad answer costs one reply."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from amends.errors import AmendsError, GeneratorError, UsageError
from amends.generators import Failure, load_generator
from amends.records import Author, Context, Scenario, Turn

MODULE = """
import sys
__version__ = "7"
NOT_CALLABLE = 3

class Desk:
    @staticmethod
    def answer(scenario):
        return "from the desk"

def good(scenario):
    return f"hello {scenario['id']}"

def odd(scenario):
    name = scenario["id"]
    if name == "raises":
        raise ValueError("no\\nsuch luck")
    if name == "exits":
        sys.exit(9)
    if name == "none":
        return None
    if name == "bytes":
        return b"bytes"
    if name == "surrogate":
        return "\\ud800"
    if name == "ugly":
        raise RuntimeError("\\udfff" * 500)
    return "fine"

def shows(scenario):
    print("chatter")
    return repr(sorted(scenario))

def spoils(scenario):
    scenario["turns"].clear()
    scenario["mark"] = 1
    return str(len(scenario))

def counts(scenario):
    counts.calls = getattr(counts, "calls", 0) + 1
    return str(counts.calls)

async def later(scenario):
    return "later"
"""


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A module in the working folder, which alone makes it importable."""
    (tmp_path / "probe_answers.py").write_text(MODULE)
    (tmp_path / "probe_broken.py").write_text("1 / 0\n")
    (tmp_path / "probe_lacking.py").write_text("import there_is_no_such_module_at_all\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [p for p in sys.path if p not in ("", ".")])
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    yield "probe_answers"
    for name in ("probe_answers", "probe_broken", "probe_lacking"):
        sys.modules.pop(name, None)


def scenario(name: str) -> Scenario:
    """One scenario."""
    return Scenario(name, (Turn("customer", "Where is it?"),), "test", Context(fault="company"), {"x": 1})


def test_replies_carry_the_function_and_its_version(module: str) -> None:
    generator = load_generator(f"python:{module}:good")
    [reply] = generator.generate([scenario("s1")])
    assert (reply.text, reply.id) == ("hello s1", "s1.probe_answers:good.0")
    assert reply.author == Author("program", "probe_answers:good", "7")
    assert generator.card["function"] == "probe_answers:good"


TABLE = [
    ("raises", "raised ValueError: no such luck", "an exception, on one line"),
    ("exits", "raised SystemExit: 9", "sys.exit ends one reply, not the run"),
    ("none", "returned NoneType", "nothing returned"),
    ("bytes", "returned bytes", "bytes are no text"),
    ("surrogate", "lone surrogate", "what cannot be written as UTF-8"),
    ("ugly", "\\udfff", "a message that cannot be written is escaped and cut"),
]


@pytest.mark.parametrize(("name", "words", "why"), TABLE, ids=[row[2] for row in TABLE])
def test_one_failure_leaves_the_rest(name: str, words: str, why: str, module: str, tmp_path: Path) -> None:
    failures: list[Failure] = []
    generator = load_generator(f"python:{module}:odd")
    given = [scenario("before"), scenario(name), scenario("after")]
    replies = list(generator.generate(given, report=failures.append, log=tmp_path / "log" / "generator.log"))
    assert [reply.scenario_id for reply in replies] == ["before", "after"], why
    assert [(f.scenario_id, f.sample) for f in failures] == [(name, 0)], why
    assert words in str(failures[0]), why
    assert len(str(failures[0]).encode()) < 500, why
    assert (tmp_path / "log" / "generator.log").exists() == ("raised" in failures[0].what), why


def test_it_sees_what_a_generator_may_see_and_prints_beside(module: str, capsys: pytest.CaptureFixture[str]) -> None:
    [reply] = load_generator(f"python:{module}:shows").generate([scenario("s1")])
    assert "fault" not in reply.text
    assert "meta" not in reply.text
    assert capsys.readouterr() == ("", "chatter\n")


def test_what_it_does_to_its_input_stays_there(module: str) -> None:
    given = [scenario("s1")]
    replies = list(load_generator(f"python:{module}:spoils").generate(given, 2))
    assert [reply.text for reply in replies] == ["10", "10"]
    assert len(given[0].turns) == 1


def test_samples_and_done(module: str) -> None:
    generator = load_generator(f"python:{module}:counts")
    replies = list(generator.generate([scenario("a"), scenario("b")], 2, done={("a", 0)}))
    assert [(reply.key, reply.text) for reply in replies] == [
        (("b", 0), "1"),
        (("a", 1), "2"),
        (("b", 1), "3"),
    ]


def test_replies_stream(module: str) -> None:
    # the caller writes each reply to disk before the next is asked for
    generator = load_generator(f"python:{module}:counts")
    next(iter(generator.generate([scenario("a"), scenario("b")])))
    assert sys.modules[module].counts.calls == 1


def test_a_method_of_a_class(module: str) -> None:
    [reply] = load_generator(f"python:{module}:Desk.answer").generate([scenario("a")])
    assert reply.text == "from the desk"


BAD = [
    ("probe_answers", UsageError, "python:module:function", "no function named"),
    (":good", UsageError, "python:module:function", "no module named"),
    ("probe_answers:goood", UsageError, "Did you mean good", "a function that is close"),
    ("probe_answers:NOT_CALLABLE", UsageError, "is int", "no function"),
    ("probe_answers:later", UsageError, "async", "async function"),
    ("there_is_no_module:f", UsageError, "no module", "no such module"),
    ("probe_answers.inner:f", UsageError, "no module", "a module is no package"),
    ("probe_broken:f", GeneratorError, "ZeroDivisionError", "it raises on import"),
    ("probe_lacking:f", GeneratorError, "there_is_no_such_module_at_all", "what it imports is missing"),
]


@pytest.mark.parametrize(("spec", "kind", "words", "why"), BAD, ids=[row[3] for row in BAD])
def test_wrong_specs(spec: str, kind: type[AmendsError], words: str, why: str, module: str) -> None:
    with pytest.raises(kind) as caught:
        load_generator(f"python:{spec}")
    assert words in str(caught.value), why
