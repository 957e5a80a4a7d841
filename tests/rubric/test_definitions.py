"""data/rubric.json: complete, sourced, and of one mind with the schemas, the guideline and the code."""

from __future__ import annotations

import json
from typing import Any

import pytest

from amends.dataset.folder import released
from amends.records import DIMENSIONS
from amends.resources import shipped
from amends.results import BREACH_BELOW, FULL_FROM
from amends.rubric import definitions
from amends.rubric.definitions import behaviours, dimension_names, flag_codes, rubric, supports
from amends.rubric.levels import HINT
from amends.rubric.steps import NUMBERS

LEVELS = [(d["code"], level) for d in rubric()["dimensions"] for level in d["levels"]]


def enum(name: str) -> list[str]:
    common = json.loads(shipped("schemas", "common.schema.json").read_bytes())
    codes: list[str] = common["$defs"][name]["enum"]
    return codes


def is_sourced(item: dict[str, Any]) -> bool:
    """At least one source, each with a title and an author that the list of sources knows."""
    known = [(s["title"], s["author"]) for s in rubric()["sources"]]
    named = [(s["title"], s["author"]) for s in item["sources"]]
    return bool(named) and len(set(named)) == len(named) and all(source in known for source in named)


def test_there_are_five_sources_with_title_and_author() -> None:
    assert len(rubric()["sources"]) == 5
    assert all(s["title"].strip() and s["author"].strip() for s in rubric()["sources"])


@pytest.mark.parametrize("behaviour", rubric()["behaviours"], ids=lambda b: b["code"])
def test_each_behaviour_is_defined_shown_and_sourced(behaviour: dict[str, Any]) -> None:
    assert behaviour["name"].replace("_", "").isalpha()
    assert behaviour["definition"].endswith(".")
    assert len(behaviour["example"].split()) >= 4
    assert behaviour["sign"] in "+-"
    assert is_sourced(behaviour)


def test_there_are_25_behaviours_of_three_dimensions() -> None:
    table = behaviours()
    assert len(table) == len({b.name for b in table.values()}) == len({b.example for b in table.values()}) == 25
    letters = dict(zip("EDX", DIMENSIONS, strict=True))
    assert all(b.dimension == letters[code[0]] for code, b in table.items())
    plus = {code for code, b in table.items() if b.positive}
    assert plus == {f"{letter}{n}" for letter, last in (("E", 4), ("D", 5), ("X", 4)) for n in range(1, last + 1)}


@pytest.mark.parametrize(("dimension", "level"), LEVELS, ids=[f"{d} {level['level']}" for d, level in LEVELS])
def test_each_level_is_named_anchored_and_sourced(dimension: str, level: dict[str, Any]) -> None:
    assert dimension in DIMENSIONS
    assert level["name"]
    assert level["anchor"].endswith(".")
    assert is_sourced(level)


def test_dimensions_and_levels_stand_in_order() -> None:
    assert tuple(d["code"] for d in rubric()["dimensions"]) == tuple(dimension_names()) == DIMENSIONS
    assert [level["level"] for _, level in LEVELS] == [1, 2, 3, 4, 5] * 3
    assert all(is_sourced(d) and d["question"].endswith("?") for d in rubric()["dimensions"])


def test_codes_equal_those_of_the_schema() -> None:
    assert list(behaviours()) == enum("code")
    assert list(flag_codes()) == enum("flag")
    assert list(DIMENSIONS) == enum("dimension")


def test_flags_say_what_they_do_to_levels_and_counts() -> None:
    for flag in rubric()["flags"]:
        assert flag["meaning"].endswith("."), flag["code"]
        assert flag["levels"], flag["code"]
        assert flag["counted"], flag["code"]
        if flag["levels"] != "null":
            assert flag["counted"] == "kept", flag["code"]


def test_steps_are_seven_and_rest_on_plus_behaviours() -> None:
    steps = rubric()["steps"]
    assert tuple(step["number"] for step in steps) == NUMBERS
    assert all(behaviours()[code].positive for step in steps for code in step["behaviours"])
    assert all(is_sourced(step) for step in steps)
    assert [step.get("after") for step in steps] == [None] * 5 + [4, None]
    assert {step["kind"] for step in steps} == {"personal", "depersonal"}


def test_numbers_of_the_rubric_are_those_of_the_code() -> None:
    assert (rubric()["passing_hint"], rubric()["breach_below"], rubric()["full_from"]) == (
        HINT,
        BREACH_BELOW,
        FULL_FROM,
    )


def test_the_guideline_knows_every_code_and_flag_and_the_version_that_annotators_name() -> None:
    text = shipped("data", "GUIDELINE.md").read_text("utf-8")
    named = {a.annotator.guideline for a in released().annotations()}
    assert [f"version {v}" in text.splitlines()[0] for v in named] == [True]
    missing = [code for code in behaviours() if f"\n{code} " not in text]
    missing += [flag for flag in flag_codes() if f"`{flag}`" not in text]
    assert not missing


@pytest.mark.parametrize(
    ("language", "supported", "why"),
    [
        ("en", True, "the language itself"),
        ("en-GB", True, "only the primary subtag counts"),
        ("EN-us", True, "tags know no case"),
        ("de", False, "another language"),
        ("eng", False, "another primary subtag, not a prefix"),
        ("de-en", False, "the region is no language"),
        ("", False, "nothing named"),
        (None, False, "unknown is not supported"),
    ],
)
def test_supported_languages(language: str | None, supported: bool, why: str) -> None:
    assert supports(language) is supported, why


def test_the_rubric_is_read_once() -> None:
    assert definitions.rubric() is definitions.rubric()
    assert definitions.behaviours() is definitions.behaviours()
