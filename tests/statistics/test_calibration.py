"""Calibration: by hand and by the definitions written out."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.statistics.calibration import calibration_error, gold_masses, ranked_probability_scores
from amends.statistics.percentile import Resampling


def error(probabilities, came):
    n = len(probabilities)
    drawn = Resampling.of([f"s{i}" for i in range(n)], 7)
    return calibration_error(np.array(probabilities), np.array(came, dtype=float), drawn)


@pytest.mark.parametrize(
    ("probabilities", "came", "expected"),
    [
        # bin 0.8..0.9: (0.8 + 0.85) - (1 + 0) = 0.65; bin 0.2..0.3: 0.25 - 0 = 0.25; over 3
        pytest.param([0.8, 0.85, 0.25], [1, 0, 0], (0.65 + 0.25) / 3, id="two bins"),
        pytest.param([0.0, 1.0, 1.0], [0, 1, 1], 0.0, id="certain and right; 1 is in the last bin"),
        pytest.param([1.0, 1.0], [0, 0], 1.0, id="certain and wrong"),
        pytest.param([0.5, 0.5], [1, 0], 0.0, id="half and half"),
        # two bins that are off in opposite directions do not cancel
        pytest.param([0.2, 0.8], [1, 0], 0.8, id="no cancelling between bins"),
    ],
)
def test_calibration_error_by_hand(probabilities, came, expected):
    assert error(probabilities, came).value == pytest.approx(expected)


def test_a_resample_is_that_of_the_replies_written_out():
    generator = np.random.default_rng(4)
    p, y = generator.random(12), generator.integers(0, 2, 12).astype(float)
    drawn = Resampling.of([i // 2 for i in range(12)], 7)
    found = calibration_error(p, y, drawn)
    rows = [i for i, code in enumerate(drawn.codes) for _ in range(int(drawn.weights[9, code]))]
    assert found.draws[9] == pytest.approx(error(p[rows], y[rows]).value)


def test_gold_masses():
    assert gold_masses(np.array([2.0, 2.5, 5.0])).tolist() == [[0, 1, 0, 0, 0], [0, 0.5, 0.5, 0, 0], [0, 0, 0, 0, 1]]


@pytest.mark.parametrize(
    ("probabilities", "gold", "expected"),
    [
        pytest.param([0, 0, 1, 0, 0], 3, 0.0, id="certain and right"),
        pytest.param([1, 0, 0, 0, 0], 5, 1.0, id="certain, as far off as can be"),
        # one level off: the cumulated differ by 1 on one of four steps
        pytest.param([0, 1, 0, 0, 0], 3, 0.25, id="certain, one level off"),
        # F = .2 .4 .6 .8, O = 0 0 1 1: (.04 + .16 + .16 + .04) / 4
        pytest.param([0.2] * 5, 3, 0.1, id="knows nothing"),
        # O = 0 0.5 1 1 of gold 2.5
        pytest.param([0, 1, 0, 0, 0], 2.5, 0.25 / 4, id="half a level off"),
    ],
)
def test_ranked_probability_score_by_hand(probabilities, gold, expected):
    found = ranked_probability_scores(np.array([probabilities], dtype=float), np.array([gold], dtype=float))
    assert found[0] == pytest.approx(expected)


@given(st.lists(st.floats(0.01, 1), min_size=5, max_size=5), st.integers(1, 5))
def test_ranked_probability_score_is_a_sum_of_brier_scores(weights, gold):
    """RPS over K - 1 is the mean of the Brier scores of "at most k", k = 1..4 (Epstein 1969)."""
    p = np.array(weights) / sum(weights)
    brier = [(p[:k].sum() - (gold <= k)) ** 2 for k in (1, 2, 3, 4)]
    found = ranked_probability_scores(p[None, :], np.array([float(gold)]))[0]
    assert found == pytest.approx(np.mean(brier))
    assert 0 <= found <= 1
