"""Overlap of spans."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.agreement.cases import marked

from amends.agreement.spans import jaccard, joined, pairs, span_agreement
from amends.rubric.definitions import behaviours

SPANS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=6)


@pytest.mark.parametrize(
    ("first", "second", "index", "why"),
    [
        ([(0, 10)], [(0, 10)], 1.0, "the same words"),
        ([(0, 10)], [(10, 20)], 0.0, "the end is exclusive: side by side is not in common"),
        ([(0, 10)], [(5, 15)], 5 / 15, "half of each"),
        ([(0, 20)], [(5, 10)], 5 / 20, "one within the other"),
        ([(0, 5), (10, 15)], [(0, 15)], 10 / 15, "two spans of one code count together"),
        ([(0, 6), (4, 10)], [(0, 10)], 1.0, "own spans that overlap count once"),
        ([(0, 2), (8, 10)], [(4, 6)], 0.0, "a gap is no span"),
        ([(0, 4), (6, 9), (20, 30)], [(2, 8), (25, 40)], 9 / (17 + 21 - 9), "2 + 2 + 5 in common of 17 and 21"),
    ],
)
def test_jaccard_by_hand(first, second, index: float, why: str) -> None:
    assert jaccard(joined(first), joined(second)) == pytest.approx(index), why
    assert jaccard(joined(second), joined(first)) == pytest.approx(index), why


@given(SPANS, SPANS)
def test_jaccard_is_that_of_the_sets_of_characters(first, second) -> None:
    a, b = ({at for start, end in spans for at in range(start, end)} for spans in (first, second))
    assert {at for start, end in joined(first) for at in range(start, end)} == a
    if a | b:
        assert jaccard(joined(first), joined(second)) == pytest.approx(len(a & b) / len(a | b))


def test_spans_that_touch_or_overlap_are_one() -> None:
    assert joined([(5, 9), (0, 5), (12, 14), (13, 20), (13, 15), (30, 30)]) == ((0, 9), (12, 20))


def test_pairs_are_of_annotators_who_both_mark_the_code() -> None:
    a = marked("a", {"s1.r1": [("E1", 0, 10), ("X3", 20, 30)], "s1.r2": [("E1", 0, 4)], "s2.r3": []})
    b = marked("b", {"s1.r1": [("E1", 5, 15)], "s1.r2": [("E2", 0, 4)], "s2.r3": [("E1", 0, 4)]})
    c = marked("c", {"s1.r1": [("E1", 0, 10), ("X3", 40, 50)]})
    found = [(pair.reply, pair.code, round(pair.jaccard, 4)) for pair in pairs(a + b + c)]
    assert found == [
        ("s1.r1", "E1", 0.3333),  # a with b
        ("s1.r1", "E1", 1.0),  # a with c
        ("s1.r1", "E1", 0.3333),  # b with c
        ("s1.r1", "X3", 0.0),  # a with c: both mark it, on other words
    ]


@pytest.mark.parametrize(
    ("second", "why"),
    [
        pytest.param(marked("b", {"s1.r1": [("E1", 4, 4)]}), "no character", id="a span without characters"),
        pytest.param(marked("b", {"s1.r1": [("E1", 0, 9)]}, (None,) * 3), "refused", id="who could not judge"),
        pytest.param(marked("a", {"s1.r1": [("E1", 0, 9)]}), "again", id="one annotator twice: the last counts"),
    ],
)
def test_what_makes_no_pair(second, why: str) -> None:
    assert pairs(marked("a", {"s1.r1": [("E1", 0, 9)]}) + second) == [], why


def test_agreement_over_all_and_by_code() -> None:
    a = marked("a", {f"s{i}.r": [("E1", 0, 10), ("X3", 20, 30)] for i in range(6)})
    b = marked("b", {f"s{i}.r": [("E1", 0, 2 if i < 3 else 10), ("X3", 30 if i == 0 else 20, 40)] for i in range(6)})
    found = span_agreement(pairs(a + b), 0)
    assert list(found) == ["all", *behaviours()]
    # E1: three of 0.2 and three of 1; X3: 0 once, 10/20 five times
    assert found["E1"].jaccard.value == pytest.approx(0.6)
    assert found["X3"].jaccard.value == pytest.approx(2.5 / 6)
    assert found["all"].jaccard.value == pytest.approx((3.6 + 2.5) / 12)
    assert (found["E1"].overlapping.value, found["X3"].overlapping.value) == (1.0, pytest.approx(5 / 6))
    assert found["all"].overlapping.value == pytest.approx(11 / 12)
    every = found["all"]
    assert (every.jaccard.n, every.jaccard.clusters, every.replies) == (12, 6, 6)
    assert every.jaccard.low < every.jaccard.value < every.jaccard.high
    assert found["E1"].overlapping.low < 1, "six of six is not certainty"


def test_a_code_without_a_pair_says_so() -> None:
    found = span_agreement([], 0)["all"]
    assert (found.jaccard.value, found.overlapping.value, found.replies) == (None, None, 0)
    assert "no two annotators marked it" in str(found.jaccard.note)
    assert "no two annotators marked it" in str(found.overlapping.note)
