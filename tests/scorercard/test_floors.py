"""Floors: what they are, and that none of them has seen the reply it is held to."""

import numpy as np
import pytest
from tests.scorercard.cases import Told, annotation, exchange, text

from amends.scorercard.floors import FLOORS, floors
from amends.scorercard.items import items_of, scored_by

SEED = 7


def replies(rows, prefix=""):
    """Exchanges from (words of the reply, gold level), two a scenario."""
    made = []
    for i, (words, level) in enumerate(rows):
        key = f"{prefix}s{i // 2}.r{i % 2}"
        made.append(exchange(key, words, [annotation(key, [level] * 3)]))
    return made


def items(exchanges):
    return items_of(exchanges, scored_by(Told(), exchanges), {}, "model")


TRAIN = replies([("sorry " * (1 + i % 10), 1 + (i % 10) // 2) for i in range(40)], "t")


def error(table, name):
    return table[name]["empathy"]["error"].value


def test_fitted_on_train_and_held_to_the_replies():
    judged = replies([("sorry " * (1 + i % 10), 1 + (i % 10) // 2) for i in range(20)])
    found = floors(items(judged), TRAIN, False, "within scenarios", SEED)
    assert tuple(found.table) == tuple(FLOORS) == ("constant", "length", "sentiment", "words")
    # the median of train is 3: distances 2 1 0 1 2, each as often
    assert error(found.table, "constant") == pytest.approx(1.2)
    # gold is a function of the length here: the length must do better than the constant, and order all of it
    assert error(found.table, "length") < 0.6
    assert found.table["length"]["empathy"]["spearman"].value > 0.95
    assert "40 replies of the train split" in found.fitted


def test_sentiment_reads_kind_and_harsh_words_only():
    rows = [("we are sorry and grateful", 5), ("this is all ridiculous nonsense", 1)] * 20
    found = floors(items(replies(rows)), replies(rows, "t"), False, "within scenarios", SEED)
    assert error(found.table, "sentiment") == pytest.approx(0, abs=0.01)
    # both have five words
    assert error(found.table, "length") > 1.5


def test_on_train_itself_no_floor_knows_the_scenario_that_it_predicts():
    """Each scenario has a word of its own and a level drawn at random: who knows the word knows the level."""
    generator = np.random.default_rng(5)
    level = generator.integers(1, 6, 40)
    rows = [(f"name{i // 2} name{i // 2} and more", int(level[i // 2])) for i in range(80)]
    train = replies(rows)
    inside = floors(items(train), train, False, "within scenarios", SEED)
    outside = floors(items(train), train, True, "within scenarios", SEED)
    assert inside.table["words"]["empathy"]["spearman"].value > 0.8
    assert abs(outside.table["words"]["empathy"]["spearman"].value or 0.0) < 0.5
    assert "out of fold" in outside.fitted


def test_what_the_scorer_adds_is_taken_on_the_same_replies():
    exchanges = [
        exchange(f"s{i}.r0", text([1 + i % 5, 3, 3]), [annotation(f"s{i}.r0", [1 + i % 5, 3, 3])]) for i in range(20)
    ]
    found = floors(items(exchanges), TRAIN, False, "all", SEED)
    # the scorer is right throughout, the constant (3) off by 1.2 on average
    assert found.gain["constant"]["empathy"]["error"].value == pytest.approx(-1.2)
    assert found.gain["constant"]["empathy"]["kappa"].value == pytest.approx(1.0)
    assert found.gain["constant"]["empathy"]["spearman"].value is None
    assert found.gain["constant"]["empathy"]["error"].high < 0


def test_floors_are_held_to_the_replies_that_the_scorer_judged():
    judged = replies([("sorry " * (1 + i % 10), 1 + (i % 10) // 2) for i in range(20)])
    judged[0] = exchange("s0.r0", text([None, 3, 3]), [annotation("s0.r0", [3, 3, 3])])
    found = floors(items(judged), TRAIN, False, "within scenarios", SEED)
    assert [found.table["constant"][d]["error"].n for d in ("empathy", "depersonalization")] == [19, 20]


def test_dimensions_that_lack_gold_on_other_replies_are_fitted_on_their_own():
    """What is fitted on the same replies is fitted together; that must not be seen."""
    levels = [1 + (i % 10) // 2 for i in range(40)]
    words = ["sorry " * (1 + i % 10) for i in range(40)]
    key = [f"ts{i // 2}.r{i % 2}" for i in range(40)]

    def train(gold):
        return [exchange(key[i], words[i], [annotation(key[i], gold(i))]) for i in range(40)]

    judged = items(replies([("sorry " * (1 + i % 7), 1 + (i % 10) // 2) for i in range(20)]))
    gaps = train(lambda i: [levels[i], None if i >= 30 else levels[i], 6 - levels[i]])
    found = floors(judged, gaps, False, "all", SEED)
    alone = floors(judged, train(lambda i: [levels[i]] * 3), False, "all", SEED)
    fewer = floors(judged, train(lambda i: [levels[i]] * 3)[:30], False, "all", SEED)
    for name in FLOORS:
        assert list(found.table[name]) == list(alone.table[name])
        assert found.table[name]["empathy"] == alone.table[name]["empathy"]
        assert found.table[name]["depersonalization"] == fewer.table[name]["depersonalization"]
        assert found.gain[name]["depersonalization"] == fewer.gain[name]["depersonalization"]
        assert name == "constant" or found.table[name]["excuse_avoidance"] != alone.table[name]["excuse_avoidance"]


def test_twice_gives_the_same():
    judged = items(TRAIN)
    assert floors(judged, TRAIN, True, "all", SEED) == floors(judged, TRAIN, True, "all", SEED)


@pytest.mark.parametrize(
    ("train", "why"),
    [
        pytest.param(None, "no exchanges/train.jsonl", id="no file"),
        pytest.param([exchange("a.r1", "Hello there.")], "no exchanges/train.jsonl with gold", id="no gold"),
        pytest.param(TRAIN[:6], "6 train replies with gold; 20", id="too few"),
    ],
)
def test_without_train_there_are_none(train, why):
    found = floors(items(TRAIN), train, False, "all", SEED)
    assert why in found.why
    assert not found.table
