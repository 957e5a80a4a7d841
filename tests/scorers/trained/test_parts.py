"""The parts of ``trained`` that need no weights, held to hand arithmetic."""

from __future__ import annotations

import math

import numpy as np
import pytest

from amends.records import DIMENSIONS, Behaviour
from amends.rubric.definitions import behaviours as definitions
from amends.rubric.levels import decide
from amends.scorers.trained.decode import Marks, Spans, behaviours, clauses
from amends.scorers.trained.features import expected
from amends.scorers.trained.inputs import ECHO, PLAIN, SHARED, shared_kinds
from amends.scorers.trained.levels import Odds, confidence_of, level_of, rounded
from amends.scorers.trained.ngrams import Grams, grams
from amends.scorers.trained.pieces import Pieces, parts
from amends.scorers.trained.relevance import Relevance, capped, overlap
from amends.text import fold

VOCABULARY = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "un", "##able", "##b", "able", "a", "'", "t", "don", "!"]


@pytest.mark.parametrize(
    ("word", "expected", "why"),
    [
        ("able", ["able"], "a whole word first"),
        ("unable", ["un", "##able"], "the longest beginning, then the longest rest"),
        ("ab", ["a", "##b"], "single letters"),
        ("zz", ["[UNK]"], "nothing fits"),
        ("a" * 500, ["[UNK]"], "no word is so long"),
    ],
)
def test_pieces_are_greedy(word: str, expected: list[str], why: str) -> None:
    assert [VOCABULARY[n] for n in Pieces(VOCABULARY).of(word)] == expected, why


def test_parts_are_words_and_runs_of_one_mark() -> None:
    assert parts("don't!!! ok") == [("don", 0, 3), ("'", 3, 4), ("t", 4, 5), ("!", 5, 8), ("ok", 9, 11)]


def test_kinds_tell_the_customers_words_from_the_agents() -> None:
    words = ["the", "crib", "and", "our", "van", "never", "came", "to", "my", "door", "at", "all"]
    kinds = shared_kinds(words, "my van never came to my door", {"crib"})
    # van never came to my door: six words in a row are the customer's; "crib" is one content word of theirs
    assert kinds == [PLAIN, SHARED, PLAIN, PLAIN, *[ECHO] * 6, PLAIN, PLAIN]


def test_grams_count_runs_of_up_to_three_words() -> None:
    assert grams(parts("we own it. we own")) == {
        "we": 2, "own": 2, "it": 1, "we own": 2, "own it": 1, "it we": 1, "we own it": 1, "own it we": 1,
        "it we own": 1,
    }  # fmt: skip


def test_levels_of_grams_by_hand() -> None:
    table = Grams(["we", "own"], np.array([1.0, 2.0]), np.array([[1.0, 0, 0], [0, 1.0, 0]]), np.array([3.0, 3, 3]))
    # "we we own": values (1 + ln 2) * 1 and 1 * 2, divided by their length
    first, second = 1 + math.log(2), 2.0
    length = math.hypot(first, second)
    assert table.levels(parts("we we own")) == pytest.approx([3 + first / length, 3 + second / length, 3])
    assert table.levels(parts("nothing known")) == pytest.approx([3, 3, 3])


def test_odds_by_hand() -> None:
    odds = Odds(np.array([[2.0]]), np.array([[-1.0, 0.0, 1.0, 2.0]]), np.array([1.0]))
    (found,) = odds.probabilities(np.array([0.5]))
    # score 1: above = sigmoid(2), sigmoid(1), sigmoid(0), sigmoid(-1)
    above = [1 / (1 + math.exp(-x)) for x in (2, 1, 0, -1)]
    assert found == pytest.approx(
        [1 - above[0], above[0] - above[1], above[1] - above[2], above[2] - above[3], above[3]]
    )


def test_rounded_probabilities_sum_to_one() -> None:
    assert sum(rounded(np.full(5, 0.2))) == 1
    assert rounded(np.array([1 / 3, 1 / 3, 1 / 3, 0, 0])) == [0.3334, 0.3333, 0.3333, 0, 0]


@pytest.mark.parametrize(
    ("spread", "expected", "why"),
    [
        ([0, 0, 1, 0, 0], 3, "sure"),
        ([0, 0.5, 0.5, 0, 0], 2.5, "even odds lie between"),
        ([0.2, 0.2, 0.2, 0.2, 0.2], 3, "nothing known: the middle"),
        # 0.8^3 = 0.512, 0.2^3 = 0.008: (0.512 * 1 + 0.008 * 2) / 0.52
        ([0.8, 0.2, 0, 0, 0], 1.02, "a doubt hardly moves it"),
        # 0.6^3 = 0.216, 0.4^3 = 0.064: (0.216 * 4 + 0.064 * 5) / 0.28
        ([0, 0, 0, 0.6, 0.4], 4.23, "near odds do"),
    ],
)
def test_a_level_is_the_sharpened_mean(spread: list[float], expected: float, why: str) -> None:
    assert level_of(spread, 3) == pytest.approx(expected, abs=0.005), why


def test_without_a_power_a_level_is_the_mean() -> None:
    assert level_of([0.8, 0.2, 0, 0, 0]) == pytest.approx(1.2)


def test_confidence_is_the_share_near_the_level() -> None:
    assert confidence_of([0, 0, 1, 0, 0], 3) == 1
    assert confidence_of([0, 0.5, 0.5, 0, 0], 2.5) == 0.5
    assert confidence_of([0.5, 0, 0, 0, 0.5], 3) == 0


def test_clauses_end_at_marks_but_not_inside_words_and_sums() -> None:
    found = parts("we own it, fully. a signed-for box, 2.50 back")
    assert [" ".join(w for w, _, _ in found[a : b + 1]) for a, b in clauses(found)] == [
        "we own it ,", "fully .", "a signed - for box ,", "2 . 50 back",
    ]  # fmt: skip


def test_behaviours_cover_the_clauses_whose_words_are_marked() -> None:
    text = "Hello there. We own it, fully. Bye now."
    folded = fold(text)
    found = parts(folded.text)
    pieces = np.full((len(found), 2), -5.0, np.float32)
    for number, (word, _, _) in enumerate(found):
        if word in ("we", "own", "fully"):
            pieces[number, 1] = 3.0
    cut = Spans(np.zeros(2, np.float32), np.zeros(2, np.float32), 2.0, 0.5)
    marks = Marks(found, list(range(len(found))), pieces, np.array([-1.0, 2.0], np.float32))
    (one,) = behaviours(marks, cut, folded, ("E1", "X2"))
    assert (one.code, one.quote, one.start) == ("X2", "We own it, fully.", 13)
    assert text[one.start : one.end] == one.quote


def test_relevance_counts_what_the_customer_named() -> None:
    columns = overlap(parts("the crib comes with the mattress"), {"crib", "pram"}, lambda word: 2.0)
    # telling words: crib, comes, mattress; one of three is shared, weight 2
    assert columns == pytest.approx([1, 1 / 3, math.log(2), math.log(3)])
    sure, even = Relevance(np.array([50.0, 0, 0, 0])), Relevance(np.zeros(4))
    assert sure.aside(columns, 8) == pytest.approx(1)
    assert sure.aside(columns, 5) == pytest.approx(2 / 5)
    assert sure.aside(columns, 0) == 0
    assert even.aside(columns, 8) == 0


def test_what_is_off_the_topic_reaches_three_at_most() -> None:
    spread = np.array([[0, 0, 0.2, 0.3, 0.5]])
    assert capped(spread, 1.0).tolist() == [[0, 0, 1, 0, 0]]
    assert capped(spread, 0.0).tolist() == spread.tolist()
    assert capped(spread, 0.5)[0] == pytest.approx([0, 0, 0.6, 0.15, 0.25])


CODES = tuple(definitions())


def seen(**logits: float) -> Marks:
    """Marks of a reply of three words that shows codes with given logits, all others not at all."""
    shown = np.full(len(CODES), -30.0)
    for code, logit in logits.items():
        shown[CODES.index(code)] = logit
    return Marks(parts("we own it"), [0, 1, 2], np.zeros((3, len(CODES))), shown)


CUT = Spans(np.zeros(len(CODES)), np.zeros(len(CODES)), 1.0, 0.5)


def test_expected_levels_are_the_rubrics_where_behaviours_are_sure() -> None:
    # E1 and E2: empathy 4 (E-4); nothing else: depersonalization 3 (D-3); no ownership and no remedy: 3 or less
    found = expected(seen(E1=30, E2=30, D8=-30), CUT, (), "company")
    decided = decide([Behaviour(code, 0, 1, "") for code in ("E1", "E2")], (), "company")
    assert found == [decided[d].level - 3 for d in DIMENSIONS]
    assert found[0] == 1


def test_expected_levels_lie_between_where_a_behaviour_is_in_doubt() -> None:
    # E1 is sure and E2 at its threshold: 3 in half of the draws (E-3a) and 4 in the other half (E-4)
    assert expected(seen(E1=30, E2=0), CUT, (), "company")[0] == pytest.approx(0.5, abs=0.13)
    # a counter-attack at odds of one to three: 3 in three quarters (D-3), 1 in one quarter
    assert expected(seen(D8=-math.log(3)), CUT, (), "company")[1] == pytest.approx(-0.5, abs=0.26)


def test_expected_levels_of_a_reply_without_words_are_the_middle() -> None:
    nothing = Marks([], [], np.zeros((0, len(CODES))), np.full(len(CODES), 30.0))
    assert expected(nothing, CUT, (), None) == [0, 0, 0]
