"""The out-of-fold measures, by hand."""

import numpy as np
import pytest

from amends.calibration.measure import Held, measured
from amends.records import DIMENSIONS, Annotation, Annotator
from amends.statistics.correlation import spearman

WHO = Annotator("scorer", "program", "x", "1")
N = 24
FOLDS = [i // 6 % 2 for i in range(N)]
CLUSTERS = [f"s{i // 3}" for i in range(N)]
GOLD = [1 + (i * 7) % 5 for i in range(N)]


def annotations(levels, spread=None):
    return [
        Annotation("", None, WHO, dict.fromkeys(DIMENSIONS, level),
                   probabilities=None if spread is None or level is None else dict.fromkeys(DIMENSIONS, spread))
        for level in levels
    ]  # fmt: skip


def found(**scored):
    held = Held([dict.fromkeys(DIMENSIONS, g) for g in GOLD], CLUSTERS, FOLDS, 7)
    return measured(held, scored)


def test_levels_by_hand():
    """Always a level above gold, one at 5: certain of it, so RPS is the error over 4 (one step of four)."""
    levels = [min(5, g + 1) for g in GOLD]
    error = sum(a - b for a, b in zip(levels, GOLD, strict=True)) / N
    some = found(a=annotations(levels))["levels"]["a"]["empathy"]
    assert some["error"]["value"] == pytest.approx(error)
    assert some["rps"]["value"] == pytest.approx(error / 4)
    assert (some["error"]["n"], some["error"]["clusters"]) == (N, 8)
    assert some["top"]["value"] is None
    assert some["top"]["note"] == "this scorer gives levels without probabilities"


def test_calibration_error_of_the_likeliest_level_by_hand():
    """Ever 0.6 on level 3: gold is 3 in 5 of 24 replies, so it is off by 0.6 - 5/24."""
    some = found(a=annotations([3.0] * N, [0.1, 0.1, 0.6, 0.1, 0.1]))["levels"]["a"]["empathy"]
    assert GOLD.count(3) == 5
    assert some["top"]["value"] == pytest.approx(0.6 - 5 / 24)
    # cumulated .1 .2 .8 .9: against gold 1 (4 + 5...) by the definition
    scores = [sum((f - (k >= g)) ** 2 for k, f in enumerate([0.1, 0.2, 0.8, 0.9], 1)) / 4 for g in GOLD]
    assert some["rps"]["value"] == pytest.approx(np.mean(scores))


def test_rho_is_taken_within_folds():
    """Levels that are gold in either fold, but 0.3 higher in one: within folds the order is perfect."""
    levels = [g * 0.5 + 0.3 * f for g, f in zip(GOLD, FOLDS, strict=True)]
    pooled = spearman(np.array(GOLD, dtype=float), np.array(levels))
    some = found(a=annotations(levels))["levels"]["a"]["empathy"]["spearman"]
    assert pooled < 0.99
    assert some["value"] == pytest.approx(1)
    assert some["n"] == N


def test_rho_is_weighed_by_the_replies_of_each_fold():
    levels = [g if f else ((i * 5) % 4) + 1.0 for i, (g, f) in enumerate(zip(GOLD, FOLDS, strict=True))]
    levels[0] = None
    rows = [(f, g, x) for f, g, x in zip(FOLDS, GOLD, levels, strict=True) if x is not None]
    own = {k: np.array([(g, x) for f, g, x in rows if f == k], dtype=float) for k in (0, 1)}
    expected = sum(len(some) * spearman(some[:, 0], some[:, 1]) for some in own.values()) / len(rows)
    assert found(a=annotations(levels))["levels"]["a"]["empathy"]["spearman"]["value"] == pytest.approx(expected)


def test_gains_are_over_the_replies_that_both_judged():
    first = [None if i < 3 else g + 0.5 for i, g in enumerate(GOLD)]
    whole = [None if i > 20 else g + 0.25 for i, g in enumerate(GOLD)]
    some = found(first=annotations(first), whole=annotations(whole))["gains"]
    assert list(some) == ["first"]
    gain = some["first"]["empathy"]["error"]
    # rounding of thirds apart every reply gains a quarter of a level; 3..20 are 18 replies of 6 scenarios
    assert (gain["value"], gain["n"], gain["clusters"]) == (pytest.approx(-0.25), 18, 6)


def test_nothing_in_common_is_no_number():
    first, whole = [None if i % 2 else 3.0 for i in range(N)], [3.0 if i % 2 else None for i in range(N)]
    gain = found(first=annotations(first), whole=annotations(whole))["gains"]["first"]["empathy"]["error"]
    assert gain["value"] is None
    assert gain["note"]


def test_a_scorer_without_levels_has_no_numbers_and_says_why():
    some = found(a=annotations([None] * N))["levels"]["a"]["empathy"]
    assert {one["value"] for one in some.values()} == {None}
    assert {one["n"] for one in some.values()} == {0}
    assert all(one["note"] for one in some.values())


def test_a_constant_has_no_rho():
    some = found(a=annotations([3.0] * N))["levels"]["a"]["empathy"]["spearman"]
    assert some["value"] is None
    assert "single level" in some["note"]


@pytest.mark.parametrize(("folds", "interval"), [(2, True), (3, False)])
def test_rho_has_no_interval_where_a_fold_has_few_scenarios(folds, interval):
    """Eight scenarios are four in each of two folds, and two or three in each of three: too few to draw from."""
    levels = [min(5, g + i % 3) for i, g in enumerate(GOLD)]
    own = [i // 3 % folds for i in range(N)]
    held = Held([dict.fromkeys(DIMENSIONS, g) for g in GOLD], CLUSTERS, own, 7)
    scored = {"a": annotations(levels), "b": annotations([5 - g % 2 for g in GOLD])}
    some = measured(held, scored)
    for one in (some["levels"]["a"]["empathy"]["spearman"], some["gains"]["a"]["empathy"]["spearman"]):
        assert one["value"] is not None
        assert (one["low"] is not None) == interval
        assert interval or one["note"] == "no interval: a fold has fewer than 4 scenarios"
