"""Whole generators in the audit: standings and the expected order, by hand arithmetic."""

from __future__ import annotations

import pytest

from amends.audit.generators import expected_order, not_below, standings
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
    assert (first.high, first.low) == ("prompt-rubric", "prompt-short")
    assert (first.mean["empathy"].value, first.mean["empathy"].n) == (1.0, 6)
    assert first.full["empathy"].value == 0.0, "both are full throughout"
    assert second.mean["empathy"].value == pytest.approx(-0.5 / 6), "an order that did not come is told with its sign"


def test_who_does_not_stand_above_a_cheat_is_named() -> None:
    made = [reply(name, i, level) for i in (1, 2, 3) for name, level in
            (("cheat-note", 2), ("cheat-keywords", 3), ("courtesy", 2), ("excuses", 1), ("retrieval", 3))]  # fmt: skip
    found = not_below(standings([*made, *[reply("echo", i, None) for i in (1, 2, 3)]], 1), "cheat-note")
    assert found["empathy"] == ["courtesy", "excuses"], "a tie is not above; other cheats and silent ones do not count"


def test_generators_that_are_not_there_have_no_number() -> None:
    assert all(one.mean["empathy"].value is None for one in expected_order([reply("echo", 1, 1)], 1))
