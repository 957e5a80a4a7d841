"""Reworded texts: what the cosine finds and what it leaves alone."""

from __future__ import annotations

from math import log, sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.checks.reworded import LEAST_WORDS, LIKE, Index, pieces

TEXT = "Third week without heating now and the engineer walked past our door twice while we watched him do it"
OTHER = "You charged the gym fee again after I had moved abroad and had sent every paper that was ever wanted"

ALIKE = [
    (TEXT, True, "the same"),
    (" ".join(reversed(TEXT.split())), True, "in any order"),
    (TEXT.replace("engineer", "enginer").replace("walked", "wallked").replace("heating", "haeting"), True, "misspelt"),
    (f"Hello there, {TEXT}, kind regards", True, "greeted"),
    (OTHER, False, "another text"),
    (f"{OTHER} {TEXT[:40]} {OTHER[::-1]}", False, "a quotation in a longer text"),
    ("Third week without heating now", False, "too short to tell"),
]


@pytest.mark.parametrize(("text", "like", "why"), ALIKE, ids=[row[-1] for row in ALIKE])
def test_what_is_reworded(text: str, like: bool, why: str) -> None:
    assert bool([i for i, _ in Index([OTHER[::-1], TEXT]).like(text) if i == 1]) is like, why


def test_pieces_of_a_word() -> None:
    assert pieces("cat") == (" cat", "cat ")
    assert pieces("a") == (" a ",)


def plain_cosine(one: str, two: str, texts: list[str]) -> float:
    """The definition, word by word: a second reading."""

    def vector(text: str) -> dict[str, float]:
        counts: dict[str, int] = {}
        for word in text.split():
            for piece in pieces(word):
                counts[piece] = counts.get(piece, 0) + 1
        df = {p: sum(any(p in pieces(w) for w in t.split()) for t in texts) for p in counts}
        return {p: (1 + log(n)) * sqrt(log(1 + len(texts) / max(1, df[p]))) for p, n in counts.items()}

    a, b = vector(one), vector(two)
    dot = sum(value * b.get(piece, 0.0) for piece, value in a.items())
    return dot / sqrt(sum(v * v for v in a.values()) * sum(v * v for v in b.values()))


LONG = st.lists(
    st.sampled_from(["kettle", "spout", "teapot", "boiler", "gym", "fee", "rain", "bus"]),
    min_size=LEAST_WORDS,
    max_size=14,
)


@settings(max_examples=200, deadline=None)
@given(st.lists(LONG.map(" ".join), min_size=1, max_size=6), LONG.map(" ".join))
def test_the_index_finds_what_the_definition_says(texts: list[str], text: str) -> None:
    got = dict(Index(texts).like(text))
    wanted = {i: plain_cosine(text, other, texts) for i, other in enumerate(texts)}
    for i, cosine in wanted.items():
        if abs(cosine - LIKE) > 1e-9:
            assert (i in got) is (cosine >= LIKE)
        if i in got:
            assert got[i] == pytest.approx(min(1.0, cosine))


def test_only_texts_before_are_looked_at() -> None:
    assert [i for i, _ in Index([TEXT, TEXT, TEXT]).like(TEXT, before=2)] == [0, 1]


def test_an_empty_index_and_an_empty_text() -> None:
    assert Index([]).like(TEXT) == []
    assert Index([TEXT]).like("") == []
    assert Index(["", "..."]).like(TEXT) == []
