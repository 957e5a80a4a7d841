"""The parts of ``trained`` that need no weights, held to hand arithmetic."""

from __future__ import annotations

import math

import numpy as np
import pytest

from amends.scorers.trained.decode import Marks, Spans, behaviours, clauses
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
    assert level_of(rounded(found)) == pytest.approx(1 + sum(above), abs=0.006)


def test_rounded_probabilities_sum_to_one() -> None:
    assert sum(rounded(np.full(5, 0.2))) == 1
    assert rounded(np.array([1 / 3, 1 / 3, 1 / 3, 0, 0])) == [0.3334, 0.3333, 0.3333, 0, 0]


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
