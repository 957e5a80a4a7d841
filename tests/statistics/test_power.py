"""Power by simulation: against the formula where there is one, and its edges."""

from __future__ import annotations

import numpy as np
import pytest
from statsmodels.stats.power import TTestIndPower, TTestPower

from amends.statistics.power import Pilot, simulate, simulate_unpaired, size_factors

NORMAL = np.random.default_rng(1).normal(0.7, 1.0, 4000)  # the mean is taken out: only the spread counts
SPREAD = NORMAL.std()


def test_paired_power_is_that_of_the_t_test() -> None:
    draws = simulate(Pilot(NORMAL, np.ones(4000)), 40, 5)
    for difference in (0.0, 0.2, 0.4, 0.6):
        expected = 0.05 if difference == 0 else TTestPower().power(difference / SPREAD, 40, 0.05)
        assert draws.power(difference) == pytest.approx(expected, abs=0.025)  # 4,000 simulations


def test_unpaired_power_is_that_of_the_two_sample_t_test() -> None:
    pilot = Pilot(NORMAL, np.ones(4000))
    draws = simulate_unpaired(pilot, pilot, 50, 5)
    for difference in (0.3, 0.6):
        expected = TTestIndPower().power(difference / SPREAD, 50, 0.05)
        assert draws.power(difference) == pytest.approx(expected, abs=0.025)


def test_the_visible_difference_is_that_of_the_formula() -> None:
    draws = simulate(Pilot(NORMAL, np.ones(4000)), 60, 5)
    expected = TTestPower().solve_power(None, 60, 0.05, 0.8) * SPREAD
    assert draws.visible(4.0) == pytest.approx(expected, rel=0.04)
    assert draws.visible(4.0, alpha=0.05 / 3) > draws.visible(4.0)


def test_replies_that_share_their_cluster_count_for_less() -> None:
    of = np.repeat(np.arange(400), 5)
    effect = np.random.default_rng(2).normal(0, 1, 400)[of]
    values = effect + np.random.default_rng(3).normal(0, 0.2, 2000)
    together = simulate(Pilot(np.bincount(of, weights=values), np.bincount(of).astype(float)), 20, 1)
    apart = simulate(Pilot(values, np.ones(2000)), 100, 1)  # as many replies, each on its own
    assert together.power(0.4) < apart.power(0.4) - 0.2


FACTORS = [
    # chi-squared, 2.5% and 97.5%, from a printed table: 4 degrees 0.484 and 11.143, 100 degrees 74.222 and 129.561
    (5, 4 / 11.143, 4 / 0.484),
    (101, 100 / 129.561, 100 / 74.222),
]


@pytest.mark.parametrize(("clusters", "low", "high"), FACTORS)
def test_how_far_off_sizes_from_a_small_pilot_are(clusters: int, low: float, high: float) -> None:
    assert size_factors(clusters) == pytest.approx((low, high), rel=2e-3)
    # by simulation: the true variance lies between the factors times the pilot's in 95 of 100 pilots
    found = np.random.default_rng(4).normal(0, 1, (4000, clusters)).var(axis=1, ddof=1)
    assert np.mean((low * found <= 1) & (high * found >= 1)) == pytest.approx(0.95, abs=0.012)


def test_a_difference_that_no_scale_allows_is_none() -> None:
    assert simulate(Pilot(NORMAL * 10, np.ones(4000)), 5, 1).visible(0.5) is None


def test_the_same_seed_gives_the_same_power() -> None:
    pilot = Pilot(NORMAL, np.ones(4000))
    assert simulate(pilot, 30, 9).power(0.3) == simulate(pilot, 30, 9).power(0.3)
    assert simulate(pilot, 30, 9).power(0.3) != simulate(pilot, 30, 10).power(0.3)
