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
    assert copies[0].found == 18


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
