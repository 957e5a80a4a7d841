"""Spans: cut at every boundary, nothing lost, nothing hidden."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.reports.reading import Page

from amends import html
from amends.records import Behaviour
from amends.reports import page, spans
from amends.rubric.definitions import behaviours

MACROS = html._environment(page._TEMPLATES).get_template("texts.html.j2").module
TEXT = "abcdefghij"


def behaviour(code, start, end, strength=1.0, text=TEXT):
    return Behaviour(code, start, end, text[start:end], strength)


CUTS = [
    ([], [("abcdefghij", (), "")], "no span"),
    ([("E1", 0, 10)], [("abcdefghij", ("+E1",), "plus")], "the whole text"),
    (
        [("E1", 2, 6), ("X7", 4, 8)],
        [
            ("ab", (), ""),
            ("cd", ("+E1",), "plus"),
            ("ef", ("+E1", "−X7"), "both"),
            ("gh", ("−X7",), "minus"),
            ("ij", (), ""),
        ],
        "an overlap is cut in three",
    ),
    (
        [("D3", 0, 8), ("X3", 2, 4)],
        [
            ("ab", ("+D3",), "plus"),
            ("cd", ("+D3", "+X3"), "plus"),
            ("efgh", ("+D3",), "plus"),
            ("ij", (), ""),
        ],
        "a span inside a span",
    ),
    (
        [("E1", 0, 3), ("E3", 3, 6)],
        [("abc", ("+E1",), "plus"), ("def", ("+E3",), "plus"), ("ghij", (), "")],
        "touching spans stay two",
    ),
]


@pytest.mark.parametrize(("placed", "expected", "why"), CUTS, ids=[case[-1] for case in CUTS])
def test_segments(placed, expected, why):
    cut = spans.segments(TEXT, [behaviour(*one) for one in placed])
    assert [("".join(p.text for p in s.pieces), s.codes, s.kind) for s in cut] == expected, why


def test_labels_stand_where_a_span_ends():
    cut = spans.segments(TEXT, [behaviour("D3", 0, 8), behaviour("X3", 2, 4)])
    assert [(s.opens, s.closes) for s in cut] == [
        (True, ()),
        (True, ("+X3",)),
        (False, ("+D3",)),
        (False, ()),
    ]


def test_passing_hint_only_where_nothing_else_stands():
    cut = spans.segments(TEXT, [behaviour("X5", 0, 6, 0.4), behaviour("X7", 3, 6)])
    assert [s.hint for s in cut] == [True, False, False]


WRONG = [
    (Behaviour("E1", 2, 4, "xx"), "another quote"),
    (Behaviour("E1", -3, 4, "abcd"), "a start before the text"),
    (Behaviour("E1", 8, 99, "ij"), "an end after the text"),
    (Behaviour("E1", 4, 4, ""), "an empty span"),
    (Behaviour("Q9", 0, 2, "ab"), "a code that the rubric does not know"),
]


@pytest.mark.parametrize(("wrong", "why"), WRONG, ids=[case[-1] for case in WRONG])
def test_what_does_not_stand_there_is_not_drawn(wrong, why):
    assert [s.kind for s in spans.segments(TEXT, [wrong])] == [""], why


UNSEEN = [
    ("a\u200bb", ["U+200B"], "zero width space"),
    ("a\u200b\u200b\u200bb", ["U+200B×3"], "a run is one label"),
    ("a\u202eb\u202c", ["U+202E", "U+202C"], "direction override"),
    ("a\u2066b\u2069", ["U+2066", "U+2069"], "direction isolate"),
    ("a\ufeffb", ["U+FEFF"], "mark at the wrong place"),
    ("a\x1b[0m\x00", ["U+001B", "U+0000"], "control characters"),
    ("a\u3164\u2800b", ["U+3164", "U+2800"], "letters that no font draws"),
    ("a\U000e0041b", ["U+E0041"], "tag characters"),
    ("a\ud800b", ["U+D800"], "half a surrogate pair"),
    ("a\u200db", ["U+200D"], "a joiner between letters that do not join"),
    ("a\ufe0fb", ["U+FE0F"], "a selector on a letter"),
    ("👨\u200d👩\u200d👧 ❤\ufe0f\u200d🔥 1\ufe0f\u20e3", [], "emoji keep theirs"),
    ("می\u200cخواهم", [], "Persian keeps its non-joiner"),
    ("a\tb\nc\r\nd é 日本", [], "blanks, line ends and other scripts are seen"),
    ("a\rb", ["U+000D"], "a return that ends no line"),
]


@pytest.mark.parametrize(("text", "labels", "why"), UNSEEN, ids=[case[-1] for case in UNSEEN])
def test_unseen_characters_are_labelled(text, labels, why):
    assert [piece.label for piece in spans.pieces(text) if piece.label] == labels, why


@st.composite
def marked(draw):
    """A text with behaviours anywhere in it."""
    odd = st.sampled_from("<>&\"'{}%#]\n\r\t \u200b\u200d\u202e\u2066\u2069\x00\ufe0f👩é")
    text = draw(st.text(st.one_of(odd, st.characters(codec="utf-8")), max_size=40))
    places = st.tuples(
        st.sampled_from(sorted(behaviours())),
        st.integers(0, len(text)),
        st.integers(0, len(text)),
        st.sampled_from((0.3, 1.0)),
    )
    shown = [
        Behaviour(c, min(a, b), max(a, b), text[min(a, b) : max(a, b)], s) for c, a, b, s in draw(st.lists(places))
    ]
    return text, shown


@given(marked())
def test_text_without_tags_is_the_text(case):
    text, shown = case
    page = Page(str(MACROS.marked(spans.segments(text, shown))))
    # No file of HTML can hold the null character.
    assert page.text == text.replace("\x00", "\ufffd")
    assert {tag for tag, _ in page.tags} <= {"mark", "span"}
    assert not page.open


@given(marked())
def test_segments_join_to_the_text_and_carry_what_covers_them(case):
    text, shown = case
    at = 0
    for segment in spans.segments(text, shown):
        length = sum(len(piece.text) for piece in segment.pieces)
        covering = {b.code for b in shown if b.start <= at and at + length <= b.end and b.start < b.end}
        assert {code[1:] for code in segment.codes} == covering
        at += length
    assert at == len(text)
