"""Variance components: by hand, by statsmodels' analysis of variance, and by simulation."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.stats

from amends.statistics.components import components


def test_by_hand() -> None:
    # rows (scenarios) 1 3 | 3 5 | 5 4: row means 2, 4, 4.5; column means 3, 4; grand 3.5
    # MS_s = 2 * (2.25 + 0.25 + 1) / 2 = 3.5   MS_r = 3 * (0.25 + 0.25) / 1 = 1.5
    # residuals: -0.5 0.5 | -0.5 0.5 | 1 -1: squares 0.25 * 4 + 2 = 3; MS_e = 3 / 2 = 1.5
    found = components(np.array([[1.0, 3], [3, 5], [5, 4]]))
    assert found is not None
    assert (found.between_scenarios, found.between_runs, found.residual) == pytest.approx((1.0, 0.0, 1.5))
    # errors: scenarios sqrt(1/3); these two runs sqrt(1.5/6) = 0.5; one run sqrt(1.5/3)
    assert (found.error_of_scenarios, found.error_of_runs, found.error_of_one_run) == pytest.approx(
        ((1 / 3) ** 0.5, 0.5, 0.5**0.5)
    )


def test_the_mean_squares_are_those_of_scipys_anova_when_runs_do_not_differ() -> None:
    """With no run effect taken out, one-way F = MS_s / MS_within; both of its parts follow from the components."""
    table = np.random.default_rng(1).normal(3, 1, size=(20, 4)) + np.random.default_rng(2).normal(0, 1, size=(20, 1))
    table -= table.mean(axis=0) - table.mean()  # equal runs
    found = components(table)
    assert found is not None
    f = scipy.stats.f_oneway(*table).statistic
    ms_s = 4 * found.between_scenarios + found.residual
    within = found.residual * 19 * 3 / (20 * 3)  # degrees of freedom: (S-1)(R-1) here, S(R-1) there
    assert ms_s / within == pytest.approx(f)


def test_it_finds_what_was_put_in() -> None:
    random = np.random.default_rng(3)
    table = 3 + random.normal(0, 0.8, (400, 1)) + random.normal(0, 0.3, (1, 30)) + random.normal(0, 0.5, (400, 30))
    found = components(table)
    assert found is not None
    assert found.between_scenarios**0.5 == pytest.approx(0.8, rel=0.1)
    assert found.between_runs**0.5 == pytest.approx(0.3, rel=0.35)  # thirty runs only
    assert found.residual**0.5 == pytest.approx(0.5, rel=0.03)


@pytest.mark.parametrize("shape", [(1, 5), (5, 1)])
def test_one_scenario_or_one_run_has_no_components(shape: tuple[int, int]) -> None:
    assert components(np.ones(shape)) is None
