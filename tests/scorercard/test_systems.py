"""Generators, calibration and standing in for a person."""

import numpy as np
import pytest
from tests.scorercard.cases import Told, annotation, exchange, text

from amends.scorercard.calibration import calibration
from amends.scorercard.items import items_of, scored_by
from amends.scorercard.standin import stand_in
from amends.scorercard.systems import systems

SEED = 7


def items(rows, given=None, kind="model", scorer=None):
    """From (reply id, author, gold level, the scorer's level)."""
    exchanges = [
        exchange(key, text([told, 3, 3]), [annotation(key, [gold, 3, 3], kind=kind)], author)
        for key, author, gold, told in rows
    ]
    return items_of(exchanges, scored_by(scorer or Told(), exchanges), given or {}, kind)


def generators(names, scenarios=6):
    """Each name with (gold, told); the level of a generator rises and falls by scenario."""
    return [
        (f"s{s}.{name}", name, gold + s % 2, min(5.0, told + s % 2))
        for s in range(scenarios)
        for name, (gold, told) in names.items()
    ]


def test_generators_by_hand():
    # gold a < b < c; the scorer puts a level on b and one off c: b 4, c 3
    found = systems(items(generators({"a": (1, 1), "b": (3, 4), "c": (4, 3)})), "model", SEED)
    one = found.dimensions["empathy"]
    assert (found.generators, found.scenarios) == (("a", "b", "c"), 6)
    assert one.ordered.value == pytest.approx(2 / 3)
    assert (one.ordered.n, one.ordered.clusters) == (3, 6)
    assert {name: e.value for name, e in one.bias.items()} == pytest.approx({"a": 0, "b": 1 - 0.0, "c": -1}, abs=0.01)
    assert (one.between, one.largest.value) == (("b", "c"), pytest.approx(2))
    assert 0 < one.soft.value < 1
    # depersonalization is 3 throughout: every pair tied by both
    assert found.dimensions["depersonalization"].ordered.value == 1.0


def test_only_scenarios_that_all_answered_count():
    rows = [r for r in generators({"a": (1, 2), "b": (3, 3)}, 8) if r[0] not in ("s6.a", "s7.b")]
    found = systems(items(rows), "model", SEED)
    assert found.scenarios == 6
    assert found.dimensions["empathy"].bias["a"].n == 6


def test_a_generator_that_gives_no_reply_is_left_out_and_named():
    rows = generators({"a": (1, 1), "b": (3, 3)}, 6) + [(f"s{s}.echo", "echo", None, None) for s in range(6)]
    found = systems(items(rows), "model", SEED)
    assert (found.generators, found.silent, found.scenarios) == (("a", "b"), ("echo",), 6)
    # half of the replies is enough; then the scenarios without a level leave the common set
    half = generators({"a": (1, 1), "b": (3, 3)}, 12)
    half = [(key, name, None if name == "b" and int(key[1:].split(".")[0]) % 2 else gold, told)
            for key, name, gold, told in half]  # fmt: skip
    found = systems(items(half), "model", SEED)
    assert (found.silent, found.scenarios) == ((), 6)


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        pytest.param(generators({"a": (1, 2)}), "one generator (a)", id="one"),
        pytest.param([], "no generator is named", id="none"),
        pytest.param(generators({"a": (1, 1), "b": (2, 2)}, 4), "2 generators with 4 common scenarios", id="few"),
    ],
)
def test_what_has_no_system_level_says_why(rows, why):
    assert why in systems(items(rows), "model", SEED).why


def test_calibration_of_certain_probabilities():
    # Told is certain of its level. Right on three of four replies: the error of the likeliest level is 1/4;
    # breach wrong on one of four (gold 2, told 3); RPS of a level off by one: 1/4, over four replies
    rows = [(f"s{i}.r1", "a", gold, told) for i, (gold, told) in enumerate([(1, 1), (2, 3), (4, 4), (5, 5)])]
    found = calibration(items(rows, scorer=Told(probabilities=True)), SEED).dimensions["empathy"]
    assert {k: e.value for k, e in found.items()} == pytest.approx({"top": 0.25, "breach": 0.25, "rps": 1 / 16})
    assert found["rps"].n == 4


def test_a_scorer_without_probabilities_is_not_judged_on_them():
    assert calibration(items(generators({"a": (1, 2)})), SEED).why.startswith("no probabilities")


NAMES = ("Ada", "Bo", "Cy")


def people(n, names=NAMES):
    generator = np.random.default_rng(4)
    true = generator.integers(1, 6, n)
    given = {
        f"s{i}.r1": [
            annotation(f"s{i}.r1", [int(np.clip(t + generator.integers(-1, 2), 1, 5)), 3, 3], kind="person", name=name)
            for name in names
        ]
        for i, t in enumerate(true)
    }
    return items([(f"s{i}.r1", "a", int(t), int(t)) for i, t in enumerate(true)], given, "person")


def test_a_scorer_that_knows_the_truth_may_stand_in():
    found = stand_in(people(60), "person", SEED)
    assert found.why is None
    one = found.dimensions["empathy"]
    assert (one.passed, one.winning_rate, tuple(one.persons)) == (True, 1.0, NAMES)
    assert one.advantage.n == 60
    assert one.advantage.low > 0.5


@pytest.mark.parametrize(
    ("found", "why"),
    [
        pytest.param(lambda: stand_in(people(60), "model", SEED), "annotators are models", id="models"),
        pytest.param(lambda: stand_in([], None, SEED), "there are no annotators", id="nobody"),
        pytest.param(lambda: stand_in(people(60, NAMES[:2]), "person", SEED), "2 people; 3 are needed", id="two"),
        pytest.param(lambda: stand_in(people(49), "person", SEED), "49 replies that all 3 people", id="49 replies"),
    ],
)
def test_where_the_test_cannot_be_made_it_says_why(found, why):
    assert why in found().why
