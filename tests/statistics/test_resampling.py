"""Columns resampled together, sign flips and step-down maxima: by plain loops, by scipy, and at the edges."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.statistics.clusters import mean_estimate
from amends.statistics.resampling import (
    EXACT_FLIPS,
    RESAMPLES,
    flip_p,
    flip_statistics,
    signs,
    smallest_p,
    step_down,
    studentised,
)


def test_many_columns_are_what_each_is_alone() -> None:
    random = np.random.default_rng(1)
    sums = random.normal(size=(12, 3))
    sizes = random.integers(1, 4, size=(12, 3)).astype(float)
    together, flat = studentised(sums, sizes, 7)
    for c in range(3):
        alone, flat_alone = studentised(sums[:, [c]], sizes[:, [c]], 7)
        assert together[:, c] == pytest.approx(alone[:, 0], rel=1e-9)
        assert flat[c] == flat_alone[0]


def test_shared_sizes_are_equal_sizes() -> None:
    sums = np.random.default_rng(2).normal(size=(9, 4))
    shared, _ = studentised(sums, np.ones((9, 1)), 3)
    own, _ = studentised(sums, np.ones((9, 4)), 3)
    assert shared == pytest.approx(own, rel=1e-9)


def test_a_column_gives_the_interval_of_mean_estimate() -> None:
    values = np.array([0.5, -1.0, 2.0, 0.0, 1.5, 3.0, -0.5, 1.0])
    ordered = np.sort(values)  # mean_estimate draws over clusters ordered by size and sum
    t, _ = studentised(ordered[:, None], np.ones((8, 1)), 12345)
    low, high = np.quantile(t[:, 0], [0.025, 0.975], method="inverted_cdf")
    error = values.std(ddof=1) / 8**0.5
    estimate = mean_estimate(values.tolist(), range(8), (-100, 100), 12345)
    assert (estimate.low, estimate.high) == pytest.approx((values.mean() - high * error, values.mean() - low * error))


# --- sign flips ---------------------------------------------------------------------------------------------------


def test_sign_flips_by_hand() -> None:
    # x = 1, 2, 3: sums of +-1+-2+-3 over 8 patterns: 6 4 2 0 0 -2 -4 -6; |6| is reached by 2 of 8
    assert flip_p(np.array([[1.0], [2.0], [3.0]]), 0)[0] == pytest.approx(2 / 8)
    # x = 1, 2, -3: the sum is 0, and every pattern reaches that
    assert flip_p(np.array([[1.0], [2.0], [-3.0]]), 0)[0] == 1.0


@pytest.mark.parametrize("groups", [4, 9, 12])
def test_exact_sign_flips_are_scipys_paired_permutation_test(groups: int) -> None:
    values = np.random.default_rng(groups).normal(0.4, 1, size=groups)
    other = scipy.stats.permutation_test(
        (values, np.zeros(groups)),
        lambda x, y, axis: np.mean(x - y, axis=axis),
        permutation_type="samples",
        n_resamples=np.inf,
        vectorized=True,
    )
    assert flip_p(values[:, None], 0)[0] == pytest.approx(float(other.pvalue))


def test_random_sign_flips_agree_with_scipy_within_the_error_of_the_draws() -> None:
    values = np.random.default_rng(5).normal(0.3, 1, size=40)
    other = scipy.stats.permutation_test(
        (values, np.zeros(40)),
        lambda x, y, axis: np.mean(x - y, axis=axis),
        permutation_type="samples",
        n_resamples=20_000,
        vectorized=True,
        rng=np.random.default_rng(6),
    )
    p = float(other.pvalue)
    assert flip_p(values[:, None], 9)[0] == pytest.approx(p, abs=4 * (2 * p * (1 - p) / RESAMPLES) ** 0.5)


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        (2, 0.5),  # 4 patterns, two of them as extreme
        (5, 0.0625),  # so no p under 0.05 with five clusters
        (6, 0.03125),
        (EXACT_FLIPS + 1, 1 / (RESAMPLES + 1)),  # drawn: the observed pattern among 10,001
    ],
)
def test_the_smallest_p_is_that_of_clusters_that_all_agree(groups: int, expected: float) -> None:
    assert smallest_p(groups) == pytest.approx(expected)
    p = flip_p(np.arange(1.0, groups + 1)[:, None], 0)[0]
    assert p >= expected - 1e-12
    if groups <= EXACT_FLIPS:
        assert p == pytest.approx(expected)


def test_the_first_pattern_is_the_observed_one() -> None:
    for groups in (3, EXACT_FLIPS, EXACT_FLIPS + 1):
        assert (next(signs(groups, 1))[0] == 1).all()


def test_no_difference_anywhere_is_p_1() -> None:
    assert flip_p(np.zeros((20, 2)), 1).tolist() == [1.0, 1.0]


# --- step-down ----------------------------------------------------------------------------------------------------


def naive_step_down(contributions: np.ndarray) -> list[float]:
    """Romano & Wolf's procedure written out: maxima over the hypotheses that still stand, then kept monotone."""
    groups, columns = contributions.shape
    scale = np.sqrt((contributions**2).sum(axis=0))
    observed = np.abs(contributions.sum(axis=0)) / scale
    flipped = [
        np.abs((np.array(e)[:, None] * contributions).sum(axis=0)) / scale
        for e in itertools.product([1, -1], repeat=groups)
    ]
    order = sorted(range(columns), key=lambda c: -observed[c])
    adjusted, last = [0.0] * columns, 0.0
    for k, c in enumerate(order):
        remaining = order[k:]
        p = np.mean([max(row[r] for r in remaining) >= observed[c] - 1e-12 for row in flipped])
        last = max(last, float(p))
        adjusted[c] = last
    return adjusted


def test_step_down_is_the_procedure_written_out() -> None:
    contributions = np.random.default_rng(3).normal([0.9, 0.0, 0.5, -0.7], 1.0, size=(8, 4))
    assert step_down(contributions, 0) == pytest.approx(naive_step_down(contributions))


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_step_down_never_falls_below_the_raw_p_and_keeps_its_order(seed: int) -> None:
    contributions = np.random.default_rng(seed).normal(0.3, 1.0, size=(7, 5))
    raw, adjusted = flip_p(contributions, 0), step_down(contributions, 0)
    observed, _ = flip_statistics(contributions, 0)
    assert (adjusted >= raw - 1e-12).all()
    assert (np.diff(adjusted[np.argsort(-observed)]) >= -1e-12).all()


def test_one_column_needs_no_adjustment() -> None:
    contributions = np.random.default_rng(4).normal(0.5, 1.0, size=(10, 1))
    assert step_down(contributions, 0) == pytest.approx(flip_p(contributions, 0))
