"""Where a span stands: code points, UTF-16 units, line ends, and what cannot be told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.labelstudio.studio import units

from amends.labelstudio.shown import POINTS, UNITS, Lost, Span, anchored, readings, shown

POO = "\U0001f4a9"
FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"


@pytest.mark.parametrize(
    ("text", "span", "counted", "expected"),
    [
        # issue 1347 of Label Studio: code points are 12 to 22, units 13 to 23, of the same word
        (f"{POO}This is an annotation.", Span(12, 22, "annotation"), None, (12, 22)),
        (f"{POO}This is an annotation.", Span(13, 23, "annotation"), None, (12, 22)),
        ("plain words", Span(6, 11, "words"), None, (6, 11)),
        # no words saved: in a text of single units both ways of counting agree
        ("plain words", Span(6, 11, None), None, (6, 11)),
        # five code points, eight units, one picture
        (f"{FAMILY} is it", Span(6, 8, "is"), None, (6, 8)),
        (f"{FAMILY} is it", Span(9, 11, "is"), None, (6, 8)),
        # combining marks are code points of their own, in both ways
        ("cafe\u0301 noir", Span(0, 5, "cafe\u0301"), None, (0, 5)),
        # a line end comes as a backslash and an n
        ("one\ntwo", Span(0, 7, "one\\ntwo"), None, (0, 7)),
        # a text that holds a backslash and an n is not a line end
        ("C:\\new\\names", Span(2, 6, "\\new"), None, (2, 6)),
        # the browser folds blanks and cuts them at the ends
        ("so   sorry here", Span(0, 10, "so sorry"), None, (0, 10)),
        ("so sorry ", Span(0, 9, "so sorry"), None, (0, 9)),
        # both ways of counting lead to "ha": what the rest of the export says decides
        (f"{POO}hahaha", Span(3, 5, "ha"), POINTS, (3, 5)),
        (f"{POO}{POO}hahaha", Span(4, 6, "ha"), POINTS, (4, 6)),
        (f"{POO}{POO}hahaha", Span(4, 6, "ha"), UNITS, (2, 4)),
    ],
)
def test_a_span_is_where_its_offsets_and_its_words_agree(text, span, counted, expected) -> None:
    assert anchored(text, span, counted) == (expected, False)


@pytest.mark.parametrize(
    ("text", "span", "expected"),
    [
        # offsets that some version got wrong; the words stand once
        ("We are sorry.", Span(8, 13, "sorry"), (7, 12)),
        ("We are sorry.", Span(700, 705, "sorry"), (7, 12)),
        ("We are\n very sorry.", Span(0, 3, "are very"), (3, 12)),
    ],
)
def test_a_span_whose_offsets_lead_elsewhere_is_found_by_its_words(text, span, expected) -> None:
    assert anchored(text, span, None) == (expected, True)


@pytest.mark.parametrize(
    ("text", "span", "why"),
    [
        ("sorry, so sorry", Span(3, 8, "sorry"), "stands at 2 places"),
        ("aaa", Span(9, 11, "aa"), "stands at 2 places"),  # places may overlap
        ("We are sorry.", Span(0, 5, "happy"), "does not stand in the reply"),
        ("We are sorry.", Span(0, 500, None), "outside the reply of 13 characters"),
        ("We are sorry.", Span(5, 5, None), "outside"),
        ("We are sorry.", Span(-3, 5, None), "outside"),
        ("We are sorry.", Span(3, 3, ""), "does not stand"),
        ("", Span(0, 1, "x"), "does not stand"),
        (f"{POO}{POO}hahaha", Span(4, 6, "ha"), "two places"),  # nothing says how this export counts
        (f"{POO}hahaha", Span(3, 5, None), "two places"),  # no words to tell by
        (f"{POO}x", Span(1, 2, "y"), "does not stand"),
    ],
)
def test_what_cannot_be_told_is_refused(text, span, why) -> None:
    with pytest.raises(Lost, match=why):
        anchored(text, span, None)


@pytest.mark.parametrize(
    ("stored", "text", "span", "quote"),
    [
        ("a\r\nb", "a\nb", (0, 3), "a\r\nb"),
        ("a\r\nb", "a\nb", (2, 3), "b"),
        ("a\r\nb", "a\nb", (0, 1), "a"),
        ("a\rb", "a\nb", (1, 3), "\rb"),
        ("a\x00b", "a\ufffdb", (0, 2), "a\x00"),
        ("\r\n\r\n", "\n\n", (1, 2), "\r\n"),
        ("", "", (0, 0), ""),
    ],
)
def test_line_ends_and_nul_are_shown_otherwise_and_led_back(stored, text, span, quote) -> None:
    there = shown(stored)
    assert there.text == text
    start, end = there.stored(*span)
    assert stored[start:end] == quote


@given(st.text(st.sampled_from(f"ab \r\n\x00{POO}\u0301"), max_size=30), st.data())
def test_every_span_of_the_shown_text_leads_back(stored: str, data: st.DataObject) -> None:
    there = shown(stored)
    start = data.draw(st.integers(0, len(there.text)))
    end = data.draw(st.integers(start, len(there.text)))
    s, e = there.stored(start, end)
    assert shown(stored[s:e]).text == there.text[start:end]
    assert (there.places[0], there.places[-1], len(there.places)) == (0, len(stored), len(there.text) + 1)


@given(st.text(st.sampled_from(f"ab{POO}\u0301\u00e9\U0001f1e9"), min_size=1, max_size=20), st.data())
def test_the_way_it_was_counted_is_always_among_the_readings(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    assert readings(text, Span(start, end, text[start:end]))[POINTS] == (start, end)
    counted = Span(units(text, start), units(text, end), text[start:end])
    assert readings(text, counted)[UNITS] == (start, end)


@pytest.mark.parametrize(
    ("text", "words"),
    [("a" * 50_000, "a" * 25_000 + "b"), ("a " * 50_000, "a " * 25_000 + "b"), ("a " * 50_000, "a  " * 25_000 + "b")],
    ids=["one word", "many words", "other blanks"],
)
def test_words_made_to_be_looked_for_long_are_not(text, words) -> None:
    """Whoever labels sends the words; with a regular expression one such span took twelve seconds."""
    with pytest.raises(Lost, match="does not stand"):
        anchored(text, Span(1, 2, words), None)


def test_places_are_counted_up_to_some_only() -> None:
    with pytest.raises(Lost, match="stands at 20 places or more"):
        anchored("a" * 5000, Span(6000, 6002, "aa"), None)
