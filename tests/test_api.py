"""The Python side: load, score, run."""

import functools
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

import amends
from amends.errors import AmendsError, InputError, UsageError
from amends.jsonl import dumps
from amends.records import DIMENSIONS, Annotation, Annotator, Exchange, Json

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


@pytest.mark.parametrize("name", ["exchanges", "systems"])
def test_score_takes_the_rows_that_load_gives(name: str) -> None:
    """A row has every field of the set: what a record leaves out is null there."""
    splits = amends.load(name)
    rows = splits["train" if name == "exchanges" else "test"].select(range(2))
    judged = amends.score(rows, "rules")
    assert [a.reply_id for a in judged] == list(rows["id"])
    assert "person" not in (Exchange.from_dict(rows[0]).gold or {})


class Sensible:
    name, version = "sensible", 1

    def annotate(self, exchanges: Sequence[Exchange]) -> list[Annotation]:
        who = Annotator("scorer", "program", "sensible", "1")
        return [Annotation(e.id, e.scenario_id, who, dict.fromkeys(DIMENSIONS, 3.0)) for e in exchanges]


@pytest.mark.parametrize(
    ("items", "said"),
    [
        pytest.param(GOOD, "a list of exchanges or replies, or a file, not a dict", id="one exchange that is no list"),
        pytest.param(b"logs.jsonl", "not a bytes", id="bytes"),
        pytest.param(None, "not a NoneType", id="nothing"),
        pytest.param(["text"], r"items:1 \$: found a str, expected a record", id="texts, or a table: its columns"),
        pytest.param([{**GOOD, "turns": np.array(GOOD["turns"])}], "found a ndarray, expected a list", id="an array"),
        pytest.param([{**GOOD, 1: 2}], r"\$\[1\]: found the unknown field 1", id="a key that is a number"),
    ],
)
def test_what_is_no_item_is_named(items: Any, said: str) -> None:
    with pytest.raises(AmendsError, match=said):
        amends.score(items, "rules")


@pytest.mark.parametrize("scorer", [Sensible, None, abs, "rulez"], ids=str)
def test_what_is_no_scorer_is_named(scorer: Any, tmp_path: Path) -> None:
    for call in (
        lambda: amends.score([GOOD], scorer),
        lambda: amends.validity(scorer),
        lambda: amends.run(abs, "validation", scorer=scorer, out=tmp_path / "run"),
        lambda: amends.compare("a.jsonl", "b.jsonl", scorer=scorer),
    ):
        with pytest.raises(UsageError, match="scorer"):
            call()


def test_run_and_compare_take_a_scorer_of_ones_own(tmp_path: Path) -> None:
    for name in "ab":
        done = amends.run(lambda scenario: "Sorry.", "validation", scorer=Sensible(), limit=3, out=tmp_path / name)
    assert done.scorer["name"] == "sensible"
    found = amends.compare(tmp_path / "a", tmp_path / "b", scorer=Sensible())
    assert "sensible.1" in found.signature


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
        pytest.param(("train", "validation"), "train is a split", id="two splits"),
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


def made(text: str) -> Callable[[Json], str]:
    return lambda scenario: text


@dataclass(slots=True)
class Desk:
    """Answers what it is told to."""

    text: str

    def __call__(self, scenario: Json) -> str:
        return self.text

    def answer(self, scenario: Json) -> str:
        return self.text


def told(text: str, scenario: Json) -> str:
    return text


def typed(text: str) -> Callable[[Json], str]:
    """A function of a prompt or notebook: its module has no file, and its text stands in a global."""
    module = ModuleType("__typed__")
    exec(f"TEXT = {text!r}\ndef bot(scenario): return shown()\ndef shown(): return TEXT", module.__dict__)
    sys.modules["__typed__"] = module
    bot: Callable[[Json], str] = module.__dict__["bot"]
    return bot


@pytest.mark.parametrize(
    "of",
    [
        pytest.param(made, id="a function that closes over a text"),
        pytest.param(Desk, id="an object that is called"),
        pytest.param(lambda text: Desk(text).answer, id="a method of an object"),
        pytest.param(lambda text: functools.partial(told, text), id="a partial function"),
        pytest.param(lambda text: lambda scenario, said=text: said, id="a default"),
        pytest.param(typed, id="a cell of a notebook that was run again"),
    ],
)
def test_another_function_is_another_run(of: Callable[[str], Callable[[Json], str]], tmp_path: Path) -> None:
    """One name and one file: the second would get the first one's replies for its own."""
    run = functools.partial(amends.run, limit=2, scorer="rules", out=tmp_path / "run")
    first = run(of("Sorry."))
    assert run(of("Sorry.")).generator == first.generator
    with pytest.raises(UsageError, match="holds a run with other settings"):
        run(of("Calm down."))
    assert run(of("Calm down."), fresh=True).generator["version"] != first.generator["version"]
    sys.modules.pop("__typed__", None)


@pytest.mark.parametrize(
    ("generator", "more", "said"),
    [
        pytest.param(None, {}, "not a NoneType", id="nothing"),
        pytest.param(["Sorry."], {}, "not a list", id="texts"),
        pytest.param(Path("no-such-folder"), {}, "unknown generator", id="a path, like the command"),
        pytest.param("echo", {"samples": 0}, "samples must be at least 1", id="no samples: an empty Result"),
    ],
)
def test_run_says_what_is_no_generator(generator: Any, more: dict[str, Any], said: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=said):
        amends.run(generator, "validation", scorer="rules", limit=2, out=tmp_path / "run", **more)


def test_run_warns_of_replies_that_were_not_given(tmp_path: Path) -> None:
    """They are breaches: a mistake in the function would look like a bad generator."""

    def mistaken(scenario: Json) -> str:
        return str(scenario["no such field"])

    with pytest.warns(UserWarning, match="problems while replies were made: 2 .*KeyError: 'no such field'"):
        result = amends.run(mistaken, "validation", scorer="rules", limit=2, out=tmp_path / "run")
    assert result.counts["no_reply"] == 2


def test_compare_takes_one_cluster_field(tmp_path: Path) -> None:
    path = tmp_path / "logs.jsonl"
    path.write_bytes(b"".join(dumps({**GOOD, "id": str(n), "domain": f"d{n % 3}"}) for n in range(6)))
    found = [amends.compare(path, path, scorer="rules", cluster=one) for one in ("domain", ["domain"])]
    assert found[0].design == found[1].design
    with pytest.raises(UsageError, match="margin must be above 0"):
        amends.compare(path, path, scorer="rules", margin=-1)
