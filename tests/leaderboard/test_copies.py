"""Sequences of eight words, by hand, and what counts as a copy."""

from __future__ import annotations

import numpy as np
import pytest

from amends.leaderboard.copies import Released, Sequences, words_of

TEN = "one two three four five six seven eight nine ten"
LONG = " ".join(f"word{i}" for i in range(40))


def released() -> Released:
    return Released([TEN], [LONG, "We are so very sorry.", "Thank you."])


@pytest.mark.parametrize(
    ("texts", "sequences", "found", "why"),
    [
        ([TEN], 3, 3, "ten words have three runs of eight"),
        (["one two three four five six seven"], 0, 0, "seven words have none"),
        ([TEN, TEN], 3, 3, "distinct ones count once"),
        ([TEN.upper() + "!"], 3, 3, "case and punctuation make no difference"),
        ([TEN.replace("o", "\u043e")], 3, 3, "Cyrillic look-alikes make no difference"),
        ([TEN.replace("two", "t\u200bwo")], 3, 3, "nor does what is not seen"),
        (["zero " + TEN], 4, 3, "one run begins with another word: 3 of 4"),
        (["a b c d e f g h"], 1, 0, "another text"),
        ([], 0, 0, "nothing"),
    ],
)
def test_overlap_with_train(texts: list[str], sequences: int, found: int, why: str) -> None:
    overlap, _ = released().look(texts)
    assert (overlap.sequences, overlap.found) == (sequences, found), why
    assert overlap.share == (found / sequences if sequences else None)


HALF = " ".join(LONG.split()[:20])  # 13 runs of LONG


@pytest.mark.parametrize(
    ("text", "copied", "why"),
    [
        (LONG, True, "word for word"),
        (LONG.upper(), True, "in capitals"),
        ("We are so very sorry!", True, "five words, all the same"),
        ("Thank you.", False, "two words are nobody's"),
        (HALF + " " + " ".join(f"own{i}" for i in range(13)), True, "13 of 26 runs: half of them"),
        (HALF + " " + " ".join(f"own{i}" for i in range(14)), False, "13 of 27 runs: less than half"),
        (" ".join(LONG.split()[:14]), False, "7 runs are a phrase"),
        (" ".join(LONG.split()[:15]), True, "8 runs, all of them"),
        (TEN, False, "train may be copied; it is counted, not refused"),
    ],
)
def test_copies(text: str, copied: bool, why: str) -> None:
    _, copies = released().look(["something of its own", text])
    assert set(copies) == ({1} if copied else set()), why


def test_a_reply_stitched_from_two_is_a_copy() -> None:
    other = " ".join(f"second{i}" for i in range(40))
    both = Released([], [LONG, other])
    text = f"{' '.join(LONG.split()[:16])} {' '.join(other.split()[:16])} {' '.join(f'own{i}' for i in range(4))}"
    # 36 words, 29 runs; 9 + 9 of them stand in one or the other: neither is half, both are
    _, copies = both.look([text])
    assert copies[0].share == pytest.approx(18 / 29)


@pytest.mark.parametrize(
    ("text", "copied", "why"),
    [
        (TEN, False, "a held-out reply that is a train reply: retrieval, which is counted"),
        (LONG, False, "a held-out reply that echoes the customer"),
        ("My lamp is broken again.", False, "and one of five words"),
        (f"{LONG} {TEN}", False, "nor both of them"),
        (
            "some words that stand in the held out reply alone and nowhere else at all",
            True,
            "its own words still count",
        ),
    ],
)
def test_what_everybody_has_makes_no_copy(text: str, copied: bool, why: str) -> None:
    own = "some words that stand in the held out reply alone and nowhere else at all"
    both = Released([TEN], [TEN, LONG, "My lamp is broken again.", own], [LONG, "My lamp is broken again."])
    _, copies = both.look([text])
    assert bool(copies) is copied, why


def reworded(words: list[str], every: int, by: str = "other{}") -> str:
    return " ".join(by.format(i) if i % every == 0 else word for i, word in enumerate(words))


@pytest.mark.parametrize(
    ("text", "scenario", "copied", "why"),
    [
        (reworded(LONG.split(), 4), "t1", True, "every fourth word replaced: three of four are left"),
        (reworded(LONG.split(), 3), "t1", False, "every third: too much is its own"),
        (reworded(LONG.split(), 4), "t2", False, "another scenario's replies are compared by sequences alone"),
        (reworded(LONG.split(), 7, "w\u0585rd{}"), "t1", True, "a look-alike that no folding knows, in every seventh"),
        (LONG.replace("o", "\u0585"), "t1", True, "and in every word"),
        (LONG.replace("w", "\ua4e4"), "t1", True, "and in the first letter"),
        (LONG.replace("o", "\u2605"), "t1", False, "a star is no letter, and nobody reads w*rd1"),
        (" ".join(reversed(LONG.split())), "t1", True, "all words in another order"),
        (" ".join(LONG.split()[i] for i in (*range(20, 40), *range(20))), "t1", True, "two halves the other way"),
        (LONG + " " + " ".join(f"own{i}" for i in range(400)), "t2", True, "whole, and ten times as much of its own"),
        (
            " ".join(f"own{i}" for i in range(300)) + " " + HALF,
            "t2",
            False,
            "13 of its 33 sequences are less than half",
        ),
        (TEN + " " + TEN, "t3", False, "what is train's word for word may be said in any order"),
        (" ".join(reversed((TEN + " " + TEN).split())), "t3", False, "and its words"),
    ],
)
def test_a_copy_in_other_words(text: str, scenario: str, copied: bool, why: str) -> None:
    held = Released([f"{TEN} {TEN}"], [LONG, "Only a short one.", f"{TEN} {TEN}"], (), ["t1", "t2", "t3"])
    _, copies = held.look(["something of its own", text], ["t2", scenario])
    assert set(copies) == ({1} if copied else set()), why


def test_one_long_reply_does_not_thin_out_what_was_looked_up() -> None:
    padding = " ".join(f"own{i}" for i in range(5000))
    overlap, _ = released().look([TEN, TEN + " eleven", "zero " + TEN, padding])
    assert overlap.share is not None and overlap.share < 0.01
    assert (overlap.replies, overlap.retrieved, overlap.retrieval) == (4, 3, True)
    assert not released().look([TEN, padding])[0].retrieval, "half of the replies are not over half"


def test_sequences_are_those_of_plain_tuples() -> None:
    """Second source: sets of tuples."""
    rng = np.random.default_rng(1)
    words = [[f"w{i}" for i in rng.integers(0, 6, size=60)] for _ in range(20)]
    table = Sequences()
    hashed = [set(table.of(some).tolist()) for some in words]
    tuples = [{tuple(some[i : i + 8]) for i in range(len(some) - 7)} for some in words]
    for a in range(20):
        assert len(hashed[a]) == len(tuples[a])
        for b in range(20):
            assert len(hashed[a] & hashed[b]) == len(tuples[a] & tuples[b])


def test_words() -> None:
    assert words_of("Don\u2019t worry: it\u2019s £20, caf\u00e9!") == ["dont", "worry", "its", "20", "cafe"]
    assert words_of("\u2022one \u2192two~three \u4f60\u597d fo\u0585ur") == ["one", "two", "three", "fo~ur"]
