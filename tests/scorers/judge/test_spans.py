"""Quotes to spans: a table, and what holds for every text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.scorers.judge.spans import located

REPLY = "I\u2019m so  sorry \u2014 \u201cthe cot\u201d never came.\n\nSorry again: the Cot is on its way. sorry"


@pytest.mark.parametrize(
    ("quote", "occurrence", "expected", "why"),
    [
        ("never came", 1, "never came", "as it stands"),
        ("  never came\n", 1, "never came", "blanks around a quote are nobody's words"),
        ("sorry", 1, "sorry", "the first"),
        ("sorry", 2, "sorry", "the second as it stands: 'Sorry' has a capital"),
        ("sorry", 3, None, "there are two of them as they stand"),
        ("sorry", 0, "sorry", "counted from 0: the first"),
        ("I'm so sorry", 1, "I\u2019m so  sorry", "a straight apostrophe and one blank"),
        ('"the cot"', 1, "\u201cthe cot\u201d", "straight quotes"),
        ("i\u2019m SO  SORRY", 1, "I\u2019m so  sorry", "case"),
        ("THE COT", 1, "the cot", "case, first place"),
        ("THE COT", 2, "the Cot", "case, second place"),
        ("THE COT", 3, None, "no third"),
        ("never came. Sorry again", 1, "never came.\n\nSorry again", "over the end of a paragraph"),
        ("never ... way", 1, None, "words left out"),
        ("the baby is in the pram", 1, None, "the customer's words"),
        ("", 1, None, "nothing"),
        (" \n", 1, None, "blanks"),
        ("\u2603\u2603", 1, None, "signs that fold to nothing"),
    ],
)
def test_quotes_are_found(quote: str, occurrence: int, expected: str | None, why: str) -> None:
    span = located(REPLY, quote, occurrence)
    assert (REPLY[slice(*span)] if span else None) == expected, why


def test_occurrences_are_places_in_order() -> None:
    spans = [located("a no, no, no", "no", n) for n in (1, 2, 3, 4)]
    assert spans == [(2, 4), (6, 8), (10, 12), None]
    assert located("aaa", "aa", 2) == (1, 3), "places may overlap"
    assert located("no NO no", "no", 10**30) is None


def test_offsets_are_code_points() -> None:
    reply = "\U0001f600\u200b na\u00efve \U0001f600 We\u2019re sorry"
    span = located(reply, "WE'RE SORRY")
    assert span is not None
    assert reply[slice(*span)] == "We\u2019re sorry"


@given(st.text(max_size=60), st.data())
def test_what_is_copied_exactly_is_found_there(reply: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(reply)))
    end = data.draw(st.integers(start, len(reply)))
    quote = reply[start:end].strip(" \t\r\n")
    span = located(reply, reply[start:end])
    assert (span is None) == (not quote)
    if span:
        assert reply[slice(*span)] == quote
        assert span[0] <= start + (end - start)


@given(st.text(max_size=60), st.text(max_size=8), st.integers(-1, 4))
def test_a_span_is_always_one_of_the_reply(reply: str, quote: str, occurrence: int) -> None:
    span = located(reply, quote, occurrence)
    assert span is None or 0 <= span[0] < span[1] <= len(reply)
