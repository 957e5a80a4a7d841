"""Schemas: the examples beside them, the words of the problems, one verdict from two validators."""

from __future__ import annotations

import copy
import json
import unicodedata
from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amends import schema
from amends.errors import Problem
from amends.resources import shipped
from amends.schema import KINDS, problems, valid

EXAMPLES = shipped("schemas", "examples")


def lines(kind: str, sort: str) -> list[Any]:
    return [orjson.loads(line) for line in (EXAMPLES / f"{kind}.{sort}.jsonl").read_bytes().splitlines()]


def words_verdict(record: Any, kind: str) -> bool:
    """What jsonschema, the one that finds the words, says of a record."""
    return bool(schema._wordy(kind).is_valid(record))


def is_visible(text: str) -> bool:
    return all(char.isprintable() or unicodedata.category(char) == "Zs" for char in text)


GOOD = [(kind, number, record) for kind in KINDS for number, record in enumerate(lines(kind, "valid"), start=1)]
BAD = [(kind, example) for kind in KINDS for example in lines(kind, "invalid")]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_examples(kind: str) -> None:
    good = lines(kind, "valid")
    assert len(good) >= 2
    assert len(lines(kind, "invalid")) >= 3
    known, required = set(schema.document(kind)["properties"]), set(schema.document(kind)["required"])
    assert any(set(record) - {"command", "replies", "scenario_id"} == required - {"scenario_id"} for record in good), (
        "a minimal one"
    )
    assert {name for record in good for name in record} >= known - {"supersedes"}, "every field stands in one"


def test_every_schema_is_a_kind_and_a_schema() -> None:
    import jsonschema

    names = {path.name.removesuffix(".schema.json") for path in shipped("schemas").glob("*.schema.json")}
    assert names == {*KINDS, "common"}
    for name in sorted(names):
        jsonschema.Draft202012Validator.check_schema(schema.document(name))


@pytest.mark.parametrize(("kind", "number", "record"), GOOD, ids=[f"{kind}:{n}" for kind, n, _ in GOOD])
def test_valid_examples_pass(kind: str, number: int, record: Any) -> None:
    assert problems(record, kind, "f", number) == []
    assert valid(record, kind)
    assert words_verdict(record, kind)


@pytest.mark.parametrize(("kind", "example"), BAD, ids=[f"{kind}: {e['why']}" for kind, e in BAD])
def test_invalid_examples_fail_at_their_path(kind: str, example: dict[str, Any]) -> None:
    record = example["record"]
    found = problems(record, kind, "f.jsonl", 7)
    assert example["path"] in [problem.path for problem in found], example["why"]
    for problem in found:
        assert (problem.file, problem.line) == ("f.jsonl", 7)
        assert problem.found and problem.expected and problem.remedy
        assert is_visible(str(problem))
    assert len(set(found)) == len(found), "nothing is said twice"
    assert valid(record, kind) == words_verdict(record, kind)


T = [{"role": "customer", "text": "Where is it?"}]
WHO = {"role": "annotator", "kind": "person", "name": "p", "version": "1"}
LEVELS = {"empathy": 4, "depersonalization": 3, "excuse_avoidance": 5}
R = {"id": "r", "scenario_id": "s", "text": "t"}
X = {"id": "x", "turns": T, "reply": "y"}
A = {"reply_id": "r", "annotator": WHO, "levels": LEVELS}
CARD = {"name": "g", "version": "1", "kind": "program"}
REPLY_FIELDS = "id, scenario_id, sample, text, author, supersedes, meta"

WORDS = [
    ("reply", {"id": "r", "text": "t"}, "$.scenario_id: found nothing, expected the field 'scenario_id'; add it"),
    ("reply", [1], "$: found [1], expected an object; change the value"),
    ("reply", {**R, "text": 5}, "$.text: found 5, expected a text; change the value"),
    ("reply", {**R, "sample": 0.5}, "$.sample: found 0.5, expected a whole number; change the value"),
    ("reply", {**R, "sample": -1}, "$.sample: found -1, expected 0 to 1000000000; change the number"),
    ("reply", {**R, "id": ""}, "$.id: found nothing in it, expected at least one character or item; fill it in"),
    ("reply", {**R, "id": "a\x1b[31m"},
     '$.id: found "a\\u001b[31m", expected no control characters; take them out'),
    ("reply", {**R, "id": "x" * 1001},
     "$.id: found 1001 characters, expected at most 1000 characters; shorten it"),
    ("reply", {**R, "txt": 1},
     f"$.txt: found the unknown field 'txt', expected one of {REPLY_FIELDS}; rename it, or move it into meta"),
    ("reply", {**R, "a\nb": 1},
     f"$['a\\nb']: found the unknown field 'a\\nb', expected one of {REPLY_FIELDS}; rename it, or move it into meta"),
    ("reply", {**R, "author": "ada"}, '$.author: found "ada", expected an object or null; change the value'),
    ("reply", {**R, "author": {"kind": "robot", "name": "a", "version": "1"}},
     '$.author.kind: found "robot", expected one of person, model, program; use one of these'),
    ("exchange", {**X, "turns": []},
     "$.turns: found nothing in it, expected at least one character or item; fill it in"),
    ("exchange", {**X, "turns": [{"role": "customer", "text": " "}]},
     '$.turns[0].text: found blank text " ", expected visible text; fill it in'),
    ("exchange", {**X, "turns": [{"role": "bot", "text": "x"}]},
     '$.turns[0].role: found "bot", expected one of customer, agent; use one of these'),
    ("exchange", {**X, "turns": [*T, {"role": "agent", "text": "Soon."}]},
     '$.turns[1].role: found "agent", expected customer (the turns end where an agent must answer); '
     "move the agent's last turn into the reply, or drop it"),
    ("exchange", {**X, "intensity": 6}, "$.intensity: found 6, expected 1 to 5; change the number"),
    ("exchange", {**X, "reply": {"text": "x"}},
     "$.reply: found an object with text, expected a text; change the value"),
    ("annotation", {**A, "levels": {**LEVELS, "empathy": 2.5}},
     "$.levels.empathy: found 2.5, expected a whole number or null; change the value"),
    ("annotation", {**A, "scenario_id": 5}, "$.scenario_id: found 5, expected a text or null; change the value"),
    ("annotation", {**A, "created": "22/11/26"},
     '$.created: found "22/11/26", expected a date like 2026-11-22; write it in ISO 8601'),
    ("annotation", {**A, "probabilities": {"empathy": [1]}},
     "$.probabilities.empathy: found 1 items, expected at least 5 items; add what is missing"),
    ("annotation", {**A, "flags": ["empty", "empty"]},
     '$.flags: found ["empty","empty"], expected each item once; take the repeated ones out'),
    ("annotation", {**A, "behaviours": [{"code": "E1", "start": 0, "end": 2, "quote": "😡"}]},
     "$.behaviours[0]: found start 0, end 2 and a quote of 1 characters, "
     "expected quote == text[start:end], counted in Unicode code points; count again"),
    ("generator", CARD, "$: found an object with name, version, kind, "
     "expected the field 'command' or the field 'replies'; add one of them"),
    ("generator", {**CARD, "command": ["x"], "seconds_per_reply": 0},
     "$.seconds_per_reply: found 0, expected more than 0; change the number"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "record", "words"), WORDS, ids=[words[:50] for _, _, words in WORDS])
def test_words(kind: str, record: Any, words: str) -> None:
    assert [str(problem) for problem in problems(record, kind, "f", 3)] == [f"f:3 {words}"]


def test_all_problems_at_once_in_the_order_of_their_paths() -> None:
    record = {"turns": [{"role": "bot"}], "reply": 5, "channel": "fax", "extra": 1}
    paths = [problem.path for problem in problems(record, "exchange", "f", 1)]
    assert paths == ["$.channel", "$.extra", "$.id", "$.reply", "$.turns[0].role", "$.turns[0].text"]


def test_a_file_without_lines_is_named_alone() -> None:
    assert str(Problem("f", None, "$", "a", "b", "c")) == "f $: found a, expected b; c"


SHOWN = [
    ("a\nb", "a\\nb", "one problem is one line"),
    ("\x1b[2J", "\\x1b[2J", "a terminal is never steered"),
    ("\u202ereversed", "\\u202ereversed", "nor is the direction of the text"),
    ("\ud800", "\\ud800", "a lone surrogate can be printed"),
    ("é\u00a0日本😡", "é\u00a0日本😡", "whatever is visible stays"),
]


@pytest.mark.parametrize(("shown", "expected", "why"), SHOWN, ids=[why for *_, why in SHOWN])
def test_a_problem_is_one_line_of_visible_characters(shown: str, expected: str, why: str) -> None:
    assert f"found {expected}, " in str(Problem("f", 1, "$", shown, "b", "c")), why


NO_JSON = [
    (b"x", "a bytes", "bytes from Parquet"),
    (float("nan"), "NaN", "not a number"),
    (10**30, "a int", "more than 64 bits"),
    ({1, 2}, "a set", "a set"),
]


@pytest.mark.parametrize(("value", "found", "why"), NO_JSON, ids=[why for *_, why in NO_JSON])
def test_values_that_json_does_not_have_are_problems_too(value: Any, found: str, why: str) -> None:
    [problem] = problems({**R, "text": value}, "reply", "f", 1)
    assert (problem.path, problem.found) == ("$.text", found), why


def test_a_value_too_deep_to_write_is_worded() -> None:
    deep: list[Any] = []
    for _ in range(900):
        deep = [deep]
    [problem] = problems({**R, "text": deep}, "reply", "f", 1)
    assert (problem.path, problem.found) == ("$.text", "a list")


# ---- one verdict ----------------------------------------------------------------------------------------------

ODD_TEXT = st.one_of(
    st.text(max_size=5),
    st.sampled_from(
        ["", " ", "\u00a0", "\u200b", "\ufeff", "\u0085", "\x00", "\x7f", "\u2028", "\u180e", "\U0001f621", "é",
         "e\u0301", "2026-11-22", "2026-11-22\n", "２０２６-11-22", "2026-11-22T10:00:00Z", "a" * 1001, "E1", "model"]
    ),
)  # fmt: skip
ODD_NUMBER = st.one_of(
    st.integers(-3, 7),
    st.integers(-3, 7).map(float),
    st.sampled_from([0.5, -0.0, 1e300, -1e300, 1e-300, 2**53, 2**63, 2**64, -(2**63), 10**30, 4.999999999999999]),
    st.booleans(),
    st.floats(allow_nan=False, allow_infinity=False),
)
ODD = st.recursive(
    st.one_of(st.none(), ODD_TEXT, ODD_NUMBER),
    lambda inner: st.one_of(st.lists(inner, max_size=6), st.dictionaries(ODD_TEXT, inner, max_size=3)),
    max_leaves=6,
)
SEEDS = [(kind, record) for kind, _, record in GOOD] + [(kind, example["record"]) for kind, example in BAD]


def places(value: Any, parent: Any = None, key: Any = None) -> Iterator[tuple[Any, Any]]:
    """Every (container, key) in a JSON value."""
    if parent is not None:
        yield parent, key
    if isinstance(value, dict):
        for name in value:
            yield from places(value[name], value, name)
    elif isinstance(value, list):
        for index, one in enumerate(value):
            yield from places(one, value, index)


def as_other_type(value: Any) -> Any:
    """The same thing in another type: what loose programs write."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int):
        return float(value) if value % 2 else bool(value)
    if isinstance(value, float):
        return str(value)
    if isinstance(value, str):
        return [value]
    return json.dumps(value)


@st.composite
def mutated(draw: st.DrawFn) -> tuple[str, Any]:
    kind, seed = draw(st.sampled_from(SEEDS))
    record = copy.deepcopy(seed)
    for _ in range(draw(st.integers(1, 3))):
        spots = list(places(record))
        if not spots:
            return kind, draw(ODD)
        container, key = draw(st.sampled_from(spots))
        match draw(st.sampled_from(["drop", "replace", "type", "add", "repeat"])):
            case "drop":
                del container[key]
            case "replace":
                container[key] = draw(ODD)
            case "type":
                container[key] = as_other_type(container[key])
            case "add" if isinstance(container, dict):
                container[draw(ODD_TEXT)] = draw(ODD)
            case _ if isinstance(container, list):
                container.insert(0, copy.deepcopy(container[key]))
    return kind, record


@settings(derandomize=True, deadline=None, max_examples=500)
@given(mutated())
def test_both_validators_give_one_verdict(case: tuple[str, Any]) -> None:
    kind, record = case
    verdict = valid(record, kind)
    assert verdict == words_verdict(record, kind)
    found = problems(record, kind, "f", 1)
    if not verdict:
        assert found, "what fails is worded"
    for problem in found:
        assert problem.path.startswith("$")
        assert problem.found and problem.expected and problem.remedy
        assert is_visible(str(problem))


def test_good_records_never_meet_the_slow_validator(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []
    monkeypatch.setattr(schema, "_wordy", calls.append)
    turns = [{"role": "customer", "text": "Where is it?"}]
    for number in range(100_000):
        assert not problems({"id": f"x{number}", "turns": turns, "reply": "Here."}, "exchange", "f", number)
    assert calls == []
