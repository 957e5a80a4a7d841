"""What ``trained`` learns from: material, variants and the fits that need no torch, held to hand arithmetic."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from amends.records import DIMENSIONS
from amends.scorers.trained.pieces import parts
from amends.training.compose import composed, sentences
from amends.training.material import CODES, Item, bare, pair_items
from amends.training.settle import fit_relevance, fit_runs, fit_shown
from amends.training.variants import HARMLESS, tricked
from amends.training.vocabulary import kept_entries

SCENARIO = {
    "id": "sc-1",
    "turns": [{"role": "customer", "text": "My kettle leaks on the worktop and the shop will not answer."}],
    "fault": "company",
    "emotion": "anger",
    "channel": "chat",
}
PLACE = {code: number for number, code in enumerate(CODES)}


def item(text: str, spans: dict[str, str], levels: tuple[int, int, int] = (3, 3, 3), scenario: str = "sc-1") -> Item:
    """A reply with codes on stretches of its text."""
    base = bare({**SCENARIO, "id": scenario}, text)
    marks = np.zeros((len(base.words), len(CODES)), np.float32)
    for code, quote in spans.items():
        start = text.lower().index(quote.lower())
        for number, (_, first, _) in enumerate(base.words):
            if start <= first < start + len(quote):
                marks[number, PLACE[code]] = 1
    shares = np.eye(5, dtype=np.float32)[[level - 1 for level in levels]]
    return replace(
        base, marks=marks, shown=marks.max(0), levels=shares, gold=tuple(map(float, levels)), scenario=scenario, key="k"
    )


OWNED = item(
    "We sent you a cracked kettle, that is our fault. A new one leaves today.",
    {"D1": "We sent you a cracked kettle", "X2": "that is our fault", "X3": "A new one leaves today"},
    (2, 4, 4),
)
BLAMED = item("The courier broke it. You are a silly man.", {"X6": "The courier broke it", "D8": "You are a silly man"},
              (2, 1, 1), "sc-2")  # fmt: skip


def test_sentences_cover_every_word_once() -> None:
    covered = [n for first, last in sentences(OWNED) for n in range(first, last)]
    assert covered == list(range(len(OWNED.words)))


@pytest.mark.parametrize("seed", range(30))
def test_what_is_put_together_shows_what_its_words_show(seed: int) -> None:
    made = composed(OWNED, [], [BLAMED], np.random.default_rng(seed))
    words = [word for word, _, _ in made.words]
    assert len(made.marks) == len(made.kinds) == len(words)
    assert ("silly" in words) == (made.shown[PLACE["D8"]] == 1)
    if made is not OWNED:
        levels = (made.levels * np.arange(1, 6)).sum(1)
        if "silly" in words:
            # rubric clause D-cap-1: counter-attacks, level 1
            assert levels[DIMENSIONS.index("depersonalization")] == pytest.approx(1)
        if "courier" in words and "leaves" in words:
            # rubric clause X-cap-2a: deflects beside a remedy, level 2
            assert levels[DIMENSIONS.index("excuse_avoidance")] == pytest.approx(2)
    assert made.levels.sum(1) == pytest.approx([1, 1, 1])


@pytest.mark.parametrize("change", HARMLESS)
@pytest.mark.parametrize("seed", range(5))
def test_harmless_changes_keep_what_is_shown(change, seed: int) -> None:  # type: ignore[no-untyped-def]
    made = change(OWNED, np.random.default_rng(seed))
    assert (made.levels == OWNED.levels).all()
    assert len(made.marks) == len(made.words) == len(made.kinds)
    assert set(np.flatnonzero(made.marks.max(0))) == set(np.flatnonzero(OWNED.marks.max(0)))


@pytest.mark.parametrize("seed", range(60))
def test_tricks_never_lift_a_level_beyond_the_better_source(seed: int) -> None:
    made = tricked(BLAMED, OWNED, np.random.default_rng(seed))
    levels = (made.levels * np.arange(1, 6)).sum(1)
    assert len(made.marks) == len(made.words) == len(made.kinds)
    assert made.levels.sum(1) == pytest.approx([1, 1, 1])
    assert levels.max() <= 3 + 1e-6


def test_pairs_mark_the_code_on_the_side_that_has_it_and_there_alone() -> None:
    raw = {
        **SCENARIO, "id": "co-1", "behaviour": "X8", "dimension": "excuse_avoidance",
        "better": "We sent the wrong one. It leaves today.", "worse": "It is a busy season. It leaves today.",
    }  # fmt: skip
    better, worse = pair_items([raw])
    assert (better.shown[PLACE["X8"]], worse.shown[PLACE["X8"]]) == (0, 1)
    marked = [worse.words[n][0] for n in np.flatnonzero(worse.marks[:, PLACE["X8"]] > 0)]
    assert marked == ["it", "is", "a", "busy", "season"]
    assert np.isnan(better.shown[PLACE["E1"]])
    assert better.pair == ("co-1", 1, (0, 0, 1))
    assert worse.pair == ("co-1", -1, (0, 0, 1))


def test_the_dual_ridge_is_the_primal_one() -> None:
    texts = ["we own it", "we own it fully", "we blame you", "you own it", "we own you", "we blame it"]
    items = [item(text, {}, (1 + n % 5, 2, 3)) for n, text in enumerate(texts)]
    fitted = fit_runs(items)
    grams = fitted.grams()
    found = np.array([grams.levels(one.words) for one in items])
    table = np.array([[grams.levels(parts(run))[0] * 0 for run in fitted.runs] for _ in items])
    from amends.scorers.trained.ngrams import grams as counted

    for row, one in enumerate(items):
        for column, run in enumerate(fitted.runs):
            n = counted(one.words)[run]
            table[row, column] = (1 + np.log(n)) * fitted.rarity[column] if n else 0
    table /= np.linalg.norm(table, axis=1, keepdims=True)
    gold = np.array([one.gold for one in items])
    # primal: w = (X'X + 2 I)^-1 X' (y - mean)
    weights = np.linalg.solve(table.T @ table + 2 * np.eye(table.shape[1]), table.T @ (gold - gold.mean(0)))
    assert found - found.mean(0) == pytest.approx(table @ weights - (table @ weights).mean(0), abs=2e-3)
    assert found.mean(0) == pytest.approx(gold.mean(0), abs=2e-3)


def test_relevance_parts_replies_from_their_own_scenarios() -> None:
    random = np.random.default_rng(0)
    nouns = ["kettle", "ladder", "violin", "garage", "pharmacy", "lantern", "bicycle", "curtain", "freezer", "sandal"]
    items = []
    for n in range(40):
        noun = nouns[n % 10]
        raw = {
            **SCENARIO,
            "id": f"sc-{n % 10}",
            "turns": [{"role": "customer", "text": f"My {noun} broke, the {noun}!"}],
        }
        one = bare(raw, f"The {noun} was packed badly and a new {noun} leaves tomorrow at {int(random.integers(9))}.")
        items.append(replace(one, gold=(4.0, 4.0, 4.0), levels=np.eye(5)[[3, 3, 3]]))
    grams = fit_runs(items).grams()
    fitted = fit_relevance(items, grams, 1)
    from amends.scorers.trained.relevance import overlap

    own = [fitted.aside(overlap(one.words, one.stems, grams.rarity), 9) for one in items]
    other = [fitted.aside(overlap(a.words, b.stems, grams.rarity), 9) for a, b in zip(items, items[1:], strict=False)]
    assert max(own) < 0.2 < 0.5 < min(other)


def test_a_threshold_stands_where_f1_is_highest() -> None:
    shown = np.full((40, len(CODES)), -3.0)
    shown[:10, 0] = 2.0
    targets = np.zeros((40, len(CODES)))
    targets[:10, 0] = 1
    cut = fit_shown(shown, targets, np.ones(40))[0]
    assert -3 < cut <= 2


def test_the_small_vocabulary_keeps_the_train_texts_whole() -> None:
    whole = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "kettle", "zebra", "##s", "a", "##a", "we", "é"]
    kept = kept_entries(whole, [OWNED])
    assert {whole[n] for n in kept} >= {"kettle", "we", "[UNK]", "[CLS]", "[SEP]", "##s"}
    assert "é" not in {whole[n] for n in kept}
