"""Best, median and worst by the rule that the page prints."""

from __future__ import annotations

import pytest

from amends.records import Annotation, Annotator, Behaviour, Exchange, Turn
from amends.site.choice import LONGEST, groups, picked

WHO = Annotator("scorer", "program", "rules", "3")


def item(name: str, level: float | None, text: str = "") -> tuple[Exchange, Annotation]:
    levels = {"empathy": level, "depersonalization": level, "excuse_avoidance": None}
    exchange = Exchange(name, (Turn("customer", "Why?"),), text or f"reply {name}")
    return exchange, Annotation(name, None, WHO, levels)


@pytest.mark.parametrize(
    ("items", "expected", "why"),
    [
        ([], [], "nothing to show"),
        ([item("a", None)], [], "nothing was judged"),
        ([item("a", 3.0)], ["Best a"], "one reply is shown once"),
        ([item("a", 3.0), item("b", 1.0)], ["Best a", "Median b"], "of two the lower is the middle"),
        ([item("a", 3.0), item("b", 1.0), item("c", 5.0)], ["Best c", "Median a", "Worst b"], "three places"),
        ([item("b", 3.0), item("a", 3.0), item("c", 3.0)], ["Best c", "Median b", "Worst a"], "ties by id"),
        (
            [item("a", 1.0), item("b", 2.0), item("c", 3.0), item("d", 4.0)],
            ["Best d", "Median b", "Worst a"],
            "the lower of two middles",
        ),
        (
            [item("a", 1.0, "same"), item("b", 2.0, "same"), item("c", 5.0, "same"), item("d", 3.0)],
            ["Best c", "Median d"],
            "the median's words stand above: the next that differ",
        ),
    ],
)
def test_the_rule(items: list, expected: list[str], why: str) -> None:
    assert [f"{place} {one[0].id}" for place, one in picked(items, "empathy")] == expected, why


def test_a_reply_of_two_places_is_shown_once() -> None:
    first, second, third = groups([item("a", 3.0), item("b", 1.0), item("c", 5.0)])
    assert [one.above for one in first.chosen] == ["", "", ""]
    assert [one.above for one in second.chosen] == ["Empathy, best", "Empathy, median", "Empathy, worst"]
    assert {one.anchor for one in first.chosen} == {one.anchor for one in second.chosen}
    assert third.chosen == []


def test_of_a_very_long_reply_the_beginning_is_shown() -> None:
    """A hundred thousand characters that are not seen would make a page of ten million."""
    exchange, annotation = item("a", 3.0, "I am sorry. " + "\u200b" * 99_000)
    spans = (Behaviour("E8", 0, 11, "I am sorry."), Behaviour("E3", LONGEST, LONGEST + 1, "\u200b"))
    shown = Annotation("a", None, WHO, annotation.levels, spans)
    (one,) = groups([(exchange, shown)])[0].chosen
    assert one.left_out == len(exchange.reply) - LONGEST
    assert "".join(piece.text for segment in one.example.reply for piece in segment.pieces) == exchange.reply[:LONGEST]
    assert [behaviour.code for behaviour in one.example.behaviours] == ["\u2212E8"]
