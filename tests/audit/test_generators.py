"""Whole generators in the audit: standings and the expected order, by hand arithmetic."""

from __future__ import annotations

import pytest

from amends.audit.generators import expected_order, standings
from amends.records import DIMENSIONS, Author, Context, Exchange, Turn

TURNS = (Turn("customer", "Where is it?"),)


def reply(name: str, scenario: int, level: float | None) -> Exchange:
    gold = {"model": {"levels": dict.fromkeys(DIMENSIONS, level), "behaviours": []}}
    author = Author("model", name, "1")
    return Exchange(f"s{scenario}.{name}", TURNS, "x", Context(), f"s{scenario}", 0, "test", author, gold)


def test_standings() -> None:
    # a: levels 2, 4 and one text that is no reply: mean 3 of two, breach 2 of 3, full 1 of 3
    made = [reply("a", 1, 2), reply("a", 2, 4), reply("a", 3, None), *[reply("b", i, 5) for i in (1, 2, 3)]]
    found = standings(made, 1)
    assert list(found) == ["b", "a"], "the higher first"
    one = found["a"]["empathy"]
    assert (one.mean.value, one.mean.n) == (3.0, 2)
    assert (one.breach.value, one.breach.n) == (pytest.approx(2 / 3), 3)
    assert one.full.value == pytest.approx(1 / 3)


def test_the_expected_order_is_compared_on_common_scenarios() -> None:
    made = [reply("prompt-rubric", i, 5) for i in range(1, 8)]
    made += [reply("prompt-short", i, 4) for i in range(1, 7)]  # the seventh is not common
    made += [reply("prompt-none", i, 4.5 if i == 1 else 4) for i in range(1, 7)]
    first, second = expected_order(made, 1)
    assert first[:2] == ("prompt-rubric", "prompt-short")
    assert (first[2]["empathy"].value, first[2]["empathy"].n) == (1.0, 6)
    assert second[2]["empathy"].value == pytest.approx(-0.5 / 6), "an order that did not come is told with its sign"


def test_generators_that_are_not_there_have_no_number() -> None:
    assert all(by["empathy"].value is None for _, _, by in expected_order([reply("echo", 1, 1)], 1))
