"""What ``trained`` learns from: material, variants and the fits that need no torch, held to hand arithmetic."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from amends.records import DIMENSIONS
from amends.scorers.trained.pieces import parts
from amends.scorers.trained.relevance import overlap
from amends.training.compose import composed, sentences
from amends.training.material import CODES, Item, bare
from amends.training.pairs import judgements_of, owed, pair_items, pairs_in
from amends.training.settle import fit_relevance, fit_runs, fit_shown, ridge_of
from amends.training.variants import HARMLESS, good_words, tricked
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
    assert (better.pair.name, better.pair.side, better.pair.moved) == ("co-1", 1, (0, 0, 1))
    assert (worse.pair.name, worse.pair.side, worse.pair.moved) == ("co-1", -1, (0, 0, 1))
    # nobody judged the pair: levels are not known, no code is owed alike, and what must not move is owed 0
    assert np.isnan(better.levels).all()
    assert not any(better.pair.equal)
    (rows,) = pairs_in([better, worse])
    assert (rows.better, rows.worse) == (0, 1)
    assert owed([rows]).tolist()[0][:2] == [0, 0]
    assert np.isnan(owed([rows])[0, 2])


def judgement(name: str, levels: tuple[tuple[int, ...], tuple[int, ...]], only: tuple[list[str], list[str]]) -> dict:
    sides = {
        side: {"levels": dict(zip(DIMENSIONS, own, strict=True)), "only": codes}
        for side, own, codes in zip(("first", "second"), levels, only, strict=True)
    }
    return {"pair_id": "co-1", "annotator": {"name": name}, **sides}


def test_a_judged_pair_owes_what_its_annotators_say(tmp_path) -> None:  # type: ignore[no-untyped-def]
    raw = {
        **SCENARIO, "id": "co-1", "behaviour": "X8", "dimension": "excuse_avoidance",
        "expects": {"empathy": 0, "depersonalization": 0, "excuse_avoidance": 1},
        "better": "We sent the wrong one. It leaves today.", "worse": "It is a busy season. It leaves today.",
    }  # fmt: skip
    said = [
        judgement("a", ((2, 4, 4), (2, 4, 2)), (["X2", "D1"], ["X8"])),
        judgement("b", ((2, 4, 5), (2, 3, 2)), (["X2"], ["X8"])),
    ]
    better, worse = pair_items([raw], {"co-1": said})
    levels = (better.levels * np.arange(1, 6)).sum(1), (worse.levels * np.arange(1, 6)).sum(1)
    assert levels[0].tolist() == pytest.approx([2, 4, 4.5])
    assert levels[1].tolist() == pytest.approx([2, 3.5, 2])
    assert better.pair.gap == pytest.approx((0, 0.5, 2.5))
    shown = {code: (better.shown[PLACE[code]], worse.shown[PLACE[code]]) for code in ("X2", "X8", "D1")}
    # both name X2 of the better alone and X8 of the worse alone; one of two names D1
    assert shown == {"X2": (1, 0), "X8": (0, 1), "D1": (0.5, 0)}
    assert [code for code in CODES if not better.pair.equal[PLACE[code]]] == ["D1", "X2", "X8"]
    # the words that both sides share carry none of the codes that part them: "." and "it leaves today."
    assert better.pair.common == (0, 5)
    assert not better.marks[-5:, [PLACE["X2"], PLACE["D1"]]].any()
    assert np.isnan(better.marks[0, PLACE["X2"]])
    assert worse.marks[0, PLACE["X8"]] == pytest.approx(0.7)
    folder = tmp_path / "judgements" / "a"
    folder.mkdir(parents=True)
    (folder / "train.jsonl").write_text("\n".join(map(json.dumps, said)) + "\n")
    (folder / "test.jsonl").write_text("not to be read")
    assert judgements_of(tmp_path) == {"co-1": said}
    assert judgements_of(tmp_path / "nowhere") == {}


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


def test_columns_that_a_dimension_does_not_ask_for_are_held_back() -> None:
    columns = ("encoder empathy", "rubric depersonalization", "E1", "D6", "X3", "length")
    held = [[value >= 50 for value in row] for row in ridge_of(columns)]
    # D6 (accuses) is asked for by depersonalization and by excuse avoidance (rubric clause X-cap)
    assert held == [
        [False, True, False, True, True, False],
        [True, False, True, False, True, False],
        [True, True, True, False, False, False],
    ]


@pytest.mark.parametrize("seed", range(40))
def test_good_words_for_any_complaint_reach_no_more_than_three(seed: int) -> None:
    random = np.random.default_rng(seed)
    text = good_words(random)
    assert text
    # nothing of the customer's matter is taken up
    assert not {"kettle", "worktop", "shop", "leaks"} & set(text.split())
    for _ in range(13):
        made = tricked(BLAMED, OWNED, random)
        assert (made.levels * np.arange(1, 6)).sum(1).max() <= 3 + 1e-6
        # what it shows of a minus behaviour is known: it was there, or it is not
        assert not np.isnan(made.shown[PLACE["D8"]])


def test_replies_that_would_fit_any_complaint_stand_aside() -> None:
    random = np.random.default_rng(3)
    nouns = ["kettle", "ladder", "violin", "garage", "pharmacy", "lantern", "bicycle", "curtain", "freezer", "sandal"]
    items = []
    for n in range(60):
        noun = nouns[n % 10]
        raw = {**SCENARIO, "id": f"sc-{n % 10}", "turns": [{"role": "customer", "text": f"My {noun} broke!"}]}
        one = bare(raw, f"The {noun} was packed badly and a new {noun} leaves tomorrow.")
        items.append(replace(one, gold=(4.0, 4.0, 4.0), levels=np.eye(5)[[3, 3, 3]]))
    grams = fit_runs(items).grams()
    fitted = fit_relevance(items, grams, 1)
    texts = [parts(good_words(random)) for _ in range(20)]
    aside = [fitted.aside(overlap(text, items[0].stems, grams.rarity), 9) for text in texts]
    assert np.mean(aside) > 0.6
