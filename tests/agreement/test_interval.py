"""Whole scenarios resampled."""

import numpy as np
import pytest
import scipy.stats

from amends.agreement.interval import RESAMPLES, expanded_tail, numbered, percentile_estimate, weights


def test_weights_are_the_draws_one_by_one() -> None:
    generator = np.random.default_rng(5)
    expected = [np.bincount(generator.integers(0, 13, 13), minlength=13) for _ in range(RESAMPLES)]
    assert (weights(13, 5) == np.array(expected)).all()


@pytest.mark.parametrize(
    ("groups", "tail"),
    [
        # t_(0.975, 4) = 2.776, sqrt(5/4) = 1.118: Phi(-3.104) = 0.00095
        pytest.param(5, 0.00095, id="five scenarios"),
        # t_(0.975, 29) = 2.045, sqrt(30/29) = 1.017: Phi(-2.080) = 0.0188
        pytest.param(30, 0.0188, id="thirty"),
        pytest.param(100_000, 0.025, id="many: the plain percentile"),
    ],
)
def test_tails_are_hesterbergs(groups: int, tail: float) -> None:
    assert expanded_tail(groups) == pytest.approx(tail, rel=0.01)
    exact = scipy.stats.norm.cdf(-np.sqrt(groups / (groups - 1)) * scipy.stats.t.ppf(0.975, groups - 1))
    assert expanded_tail(groups) == pytest.approx(exact)


def test_clusters_are_numbered_by_name() -> None:
    assert numbered(["s2", "s10", "s2", "s1"]).tolist() == [2, 1, 2, 0]
    assert numbered([]).tolist() == []


@pytest.mark.parametrize(
    ("drawn", "why"),
    [
        pytest.param(np.r_[np.full(51, np.nan), np.linspace(0, 1, 949)], "too many resamples", id="often not defined"),
        pytest.param(np.full(1000, 0.5), "do not differ", id="an interval has a width"),
    ],
)
def test_resamples_that_say_nothing_give_no_interval(drawn: np.ndarray, why: str) -> None:
    estimate = percentile_estimate(0.5, drawn, 40, 20)
    assert (estimate.value, estimate.low, estimate.high) == (0.5, None, None)
    assert why in str(estimate.note)


def test_a_few_undefined_resamples_are_left_out() -> None:
    # 975 values 0..974 and G = 1000 (tail 0.0249): the 25th smallest is 24, the 951st is 950
    estimate = percentile_estimate(500.0, np.r_[np.arange(975.0), np.full(25, np.nan)], 4000, 1000)
    assert (estimate.low, estimate.high, estimate.note) == (24.0, 950.0, None)
