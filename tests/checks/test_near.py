"""Near-duplicates: the prefix filter finds exactly what comparing all pairs finds."""

from __future__ import annotations

import random
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.checks import join as join_module
from amends.checks import near as near_module
from amends.checks.near import LEAST, against, near
from amends.checks.prints import normal_words, word_runs


def similarity(a: str, b: str) -> float:
    """Jaccard similarity, word runs as strings: a second reading of the definition."""

    def runs(text: str) -> set[str]:
        words = normal_words(text)
        return {" ".join(words[i : i + 3]) for i in range(max(1, len(words) - 2))} if words else set()

    one, two = runs(a), runs(b)
    return len(one & two) / len(one | two) if one and two else 0.0


WORDS = st.lists(st.sampled_from("abcde"), max_size=14).map(" ".join)
"""Five words, so that runs meet often."""


@settings(max_examples=400, deadline=None)
@given(st.lists(WORDS, max_size=12))
def test_with_a_group_each_it_gives_every_pair(texts: list[str]) -> None:
    found = {(m.later, m.earlier): m.similarity for m in near(texts, range(len(texts)))}
    pairs = {(j, i): similarity(texts[i], texts[j]) for j in range(len(texts)) for i in range(j)}
    assert found == pytest.approx({pair: s for pair, s in pairs.items() if s >= LEAST})


@settings(max_examples=400, deadline=None)
@given(st.lists(st.tuples(WORDS, st.sampled_from(["train", "test"])), max_size=14))
def test_with_splits_it_gives_one_of_each_split(items: list[tuple[str, str]]) -> None:
    texts, splits = [t for t, _ in items], [s for _, s in items]
    found = list(near(texts, splits))
    assert all(m.similarity == pytest.approx(similarity(texts[m.later], texts[m.earlier])) for m in found)
    first = {(texts[i], splits[i]): i for i in reversed(range(len(texts)))}
    expected = set()
    for j, text in enumerate(texts):
        repeat = normal_words(text) != [] and first[text, splits[j]] != j
        for i in range(j):
            if similarity(texts[i], text) >= LEAST and (not repeat or (texts[i], splits[i]) == (text, splits[j])):
                expected.add((j, splits[i]))
    assert {(m.later, splits[m.earlier]) for m in found} == expected
    assert [m.later for m in found] == sorted(m.later for m in found)


@settings(max_examples=400, deadline=None)
@given(st.lists(WORDS, max_size=8), st.lists(WORDS, max_size=12))
def test_against_a_base_it_gives_the_nearest(texts: list[str], base: list[str]) -> None:
    found = {m.later: m for m in against(texts, base)}
    for i, text in enumerate(texts):
        all_of_them = [similarity(text, other) for other in base]
        nearest = max(all_of_them, default=0.0)
        assert (i in found) is (nearest >= LEAST)
        if i in found:
            assert found[i].similarity == pytest.approx(nearest)
            assert found[i].earlier == all_of_them.index(nearest)
            assert found[i].same is (normal_words(text) == normal_words(base[found[i].earlier]))


SHINGLES = st.lists(st.sets(st.integers(0, 9).map(lambda i: (i * 0x1F3D5B79A2C4E681) % 2**64), min_size=1), max_size=9)


@settings(max_examples=200, deadline=None)
@given(SHINGLES, st.integers(1, 4), st.integers(1, 40))
def test_what_is_shared_comes_with_the_rarest_first(texts: list[set[int]], together: int, part: int) -> None:
    parts = []
    for start in range(0, len(texts), together):
        some = [np.array(sorted(own), dtype=np.uint64) for own in texts[start : start + together]]
        parts.append((np.array([len(own) for own in some], dtype=np.int64), np.concatenate(some)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(join_module, "_PART", part)
        made = join_module.shared(parts)
    counts = Counter(shingle for own in texts for shingle in own)
    order = sorted((shingle for shingle, count in counts.items() if count > 1), key=lambda one: (counts[one], one))
    assert made.sizes == [len(own) for own in texts]
    assert [own.tolist() for own in made.shared] == [[i for i, one in enumerate(order) if one in own] for own in texts]


def test_the_threshold_is_met_at_one_half() -> None:
    # a b c d: abc bcd. a b c e: abc bce. One shared of three: 1/3. a b c d e: abc bcd cde: two of three: 2/3.
    assert [m.similarity for m in near(["a b c d", "a b c e"], "xx")] == []
    assert [m.similarity for m in near(["a b c d", "a b c d e"], "xx")] == [pytest.approx(2 / 3)]
    # abc against abc bcd: one of two
    assert [m.similarity for m in near(["a b c", "a b c d"], "xx")] == [0.5]


SAME = [
    ("I'M SO SORRY!", "i’m so sorry", "case, punctuation, apostrophe"),
    ("ｗｅ ｃａｎ help", "we can help", "full width"),
    ("one  two\n\nthree four", "one two three four", "blanks"),
    ("ok", "OK.", "a single word"),
]


@pytest.mark.parametrize(("one", "two", "why"), SAME, ids=[row[-1] for row in SAME])
def test_words_are_normalised(one: str, two: str, why: str) -> None:
    assert [m.same for m in near([one, two], "xx")] == [True], why


def test_texts_without_words_are_like_nothing() -> None:
    assert list(near(["...", "!!!", "", " "], "xxxx")) == []
    assert word_runs([]) == set()


def test_copies_are_named_once_each() -> None:
    assert [(m.later, m.earlier) for m in near(["a b c d"] * 50, ["x"] * 50)] == [(i, 0) for i in range(1, 50)]


def test_rewrites_among_ten_thousand_texts() -> None:
    rng = random.Random(7)
    vocabulary = [f"w{i}" for i in range(5000)]
    texts = [" ".join(rng.choices(vocabulary, k=80)) for _ in range(9_000)]
    for i in range(1_000):
        words = texts[i].split()
        for _ in range(4):
            words[rng.randrange(80)] = rng.choice(vocabulary)
        texts.append(" ".join(words))
    found = {(m.later, m.earlier) for m in near(texts, ["x"] * len(texts))}
    assert found == {(9_000 + i, i) for i in range(1_000) if similarity(texts[i], texts[9_000 + i]) >= LEAST}
    assert len(found) > 990


def templates(count: int, seed: int = 3) -> list[str]:
    """Texts of five of fourteen sentences: nearly every run stands in many texts, and few pairs are near."""
    draw = random.Random(seed)
    sentences = [" ".join(draw.choices("abcdefghijklmnopqrstuvwxyz", k=9)) for _ in range(14)]
    return [" ".join(draw.sample(sentences, 5)) for _ in range(count)]


def test_texts_of_a_few_sentences_are_counted_at_once_and_found_exactly(monkeypatch) -> None:
    texts, splits = templates(250), ["ab"[i % 2] for i in range(250)]
    monkeypatch.setattr(join_module, "_AT_ONCE", 0)
    plain = {(m.later, splits[m.earlier]) for m in near(texts, splits)}
    monkeypatch.setattr(join_module, "_HEAVY", 0)
    counted = list(near(texts, splits))
    assert {(m.later, splits[m.earlier]) for m in counted} == plain and len(plain) > 20
    assert all(m.similarity == pytest.approx(similarity(texts[m.later], texts[m.earlier])) for m in counted)


def test_what_was_not_compared_is_said(monkeypatch) -> None:
    told: list[str] = []
    texts = [*templates(60), "one two three four five", "one two three four six", "one two three four five"]
    monkeypatch.setattr(near_module, "installed", lambda: False)
    monkeypatch.setattr(near_module, "MOST", 60)
    found = [(m.later, m.earlier, m.same) for m in near(texts, "x" * 63, told.append) if m.later > 59]
    assert found == [(62, 60, True)], "word for word repeats are found wherever they stand"
    assert len(told) == 1 and told[0].startswith("2 of 62 different texts were compared word for word only")
    assert "the first 60;" in told[0] and "pip install 'amends[contribute]'" in told[0]
    told.clear()
    monkeypatch.setattr(join_module, "_HEAVY", 0)
    monkeypatch.setattr(join_module, "_AT_ONCE", 0)
    monkeypatch.setattr(join_module, "MOST_WORK", 1)
    assert len(list(near(templates(60), "x" * 60, told.append))) <= 1
    assert len(told) == 1 and "compared with a few others only" in told[0] and "(over 1 in all)" in told[0]


def test_a_copy_in_another_group_is_told_before_what_is_only_near() -> None:
    # the longer text shares four of its six runs, and was named although the copy stands there too
    texts = ["a b c d e f g h", "a b c d e f", "a b c d e f"]
    found = [(m.later, m.earlier, m.similarity, m.same) for m in near(texts, ["train", "train", "test"])]
    assert found == [(1, 0, pytest.approx(4 / 6), False), (2, 1, 1.0, True)]
