"""Two groups: superiority, differences, standardisation, difference in differences, by hand and by second programs."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from amends.statistics.estimate import Estimate
from amends.statistics.groups import (
    Group,
    difference,
    placements,
    smallest_p,
    superiority,
    two_sided_variance,
)

A = Group(np.array([1.0, 2, 2, 3, 3, 4]), list("abcdef"))
B = Group(np.array([2.0, 3, 3, 4, 5, 5, 3]), list("ghijklm"))


def levels(seed: int, n: int, shift: float = 0.0) -> np.ndarray:
    return np.clip(np.round(np.random.default_rng(seed).normal(3 + shift, 1.1, size=n)), 1, 5)


# --- superiority --------------------------------------------------------------------------------------------------


def test_superiority_by_hand() -> None:
    # a = 1, 3   b = 2, 3: 2>1 yes, 2>3 no, 3>1 yes, 3=3 half: 2.5 of 4
    a, b = Group(np.array([1.0, 3.0]), "xy"), Group(np.array([2.0, 3.0]), "zw")
    assert superiority(a, b).estimate.value == pytest.approx(0.625)


def test_superiority_is_the_mann_whitney_statistic() -> None:
    u = scipy.stats.mannwhitneyu(B.values, A.values).statistic
    assert superiority(A, B).estimate.value == pytest.approx(u / (6 * 7))


def test_its_variance_is_delongs_without_clusters() -> None:
    """DeLong, DeLong & Clarke-Pearson (1988): s10 / m + s01 / n, with the placements' sample variances."""
    up = np.array([np.mean((x > A.values) + 0.5 * (x == A.values)) for x in B.values])
    down = np.array([np.mean((B.values > x) + 0.5 * (B.values == x)) for x in A.values])
    expected = up.var(ddof=1) / 7 + down.var(ddof=1) / 6
    assert superiority(A, B).error == pytest.approx(expected**0.5)


def test_its_variance_with_shared_clusters_is_obuchowskis() -> None:
    """Obuchowski (1997), formulas 3 to 5, written out over clusters that hold replies of both groups."""
    a_values, b_values = levels(1, 24), levels(2, 30, 0.4)
    a_of, b_of = np.arange(24) % 8, np.arange(30) % 8
    up, down = placements(b_values, a_values), 1 - placements(a_values, b_values)
    value, groups = up.mean(), 8
    s10 = s01 = s11 = 0.0
    for c in range(groups):
        x = (up[b_of == c] - value).sum()
        y = (down[a_of == c] - value).sum()
        s10, s01, s11 = s10 + x * x, s01 + y * y, s11 + x * y
    k = groups / (groups - 1)
    expected = k * s10 / 30**2 + k * s01 / 24**2 + 2 * k * s11 / (30 * 24)
    found = superiority(Group(a_values, a_of.tolist()), Group(b_values, b_of.tolist()))
    assert found.error == pytest.approx(expected**0.5)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 9999))
def test_swapping_the_groups_mirrors_the_number_and_its_interval(seed: int) -> None:
    a, b = Group(levels(seed, 20), list(range(20))), Group(levels(seed + 1, 25, 0.3), list(range(50, 75)))
    one, other = superiority(a, b), superiority(b, a)
    assert one.estimate.value == pytest.approx(1 - other.estimate.value)
    assert (one.estimate.low, one.estimate.high) == pytest.approx((1 - other.estimate.high, 1 - other.estimate.low))
    assert one.p == pytest.approx(other.p)


def test_complete_separation_has_an_interval_and_the_smallest_p() -> None:
    a, b = Group(np.ones(8), list(range(8))), Group(np.full(6, 5.0), list(range(10, 16)))
    found = superiority(a, b)
    # Clopper-Pearson at the smaller group's 6 clusters
    assert (found.estimate.low, found.estimate.high) == pytest.approx(proportion_confint(6, 6, 0.05, "beta"), abs=1e-9)
    assert found.p == pytest.approx(2 / 3003)  # of the 14 over 6 ways to deal the labels, the two extreme ones


@pytest.mark.parametrize(
    ("a", "b", "why"),
    [
        (Group(np.array([]), []), B, "one side has no judged reply"),
        (Group(np.array([1.0, 2.0]), "ab"), B, "no interval under 5 clusters a side"),
        (Group(np.ones(9), ["one"] * 9), B, "no interval under 5 clusters a side"),
    ],
)
def test_superiority_that_cannot_be_judged_says_why(a: Group, b: Group, why: str) -> None:
    found = superiority(a, b)
    assert (found.estimate.low, found.estimate.high, found.p, found.estimate.note) == (None, None, None, why)


def test_equal_levels_everywhere_are_no_difference() -> None:
    same = superiority(Group(np.full(9, 3.0), list(range(9))), Group(np.full(9, 3.0), list(range(9, 18))))
    assert (same.estimate.value, same.p) == (0.5, 1.0)
    assert same.estimate.low is not None
    assert same.estimate.low < 0.5 < (same.estimate.high or 0)


# --- difference ---------------------------------------------------------------------------------------------------


def test_the_difference_of_two_shares_is_newcombes() -> None:
    """Newcombe (1998) method 10 is this recovery with Wilson's intervals; statsmodels calls it newcomb."""
    counts = (7, 20), (14, 22)
    sides, groups = [], []
    for start, (hits, n) in zip((0, 100), counts, strict=True):
        low, high = proportion_confint(hits, n, 0.05, "wilson")
        sides.append(Estimate(hits / n, low, high, n, n, "wilson"))
        groups.append(Group(np.array([1.0] * hits + [0.0] * (n - hits)), list(range(start, start + n))))
    found = difference(sides[0], sides[1], groups[0], groups[1]).estimate
    expected = confint_proportions_2indep(14, 22, 7, 20, method="newcomb", compare="diff")
    assert (found.low, found.high) == pytest.approx(expected, abs=1e-12)


def test_welchs_freedom_where_the_groups_are_apart() -> None:
    phi = [-(A.values - A.values.mean()) / 6, (B.values - B.values.mean()) / 7]
    parts = two_sided_variance(phi[0], A.clusters, phi[1], B.clusters)
    welch = scipy.stats.ttest_ind(B.values, A.values, equal_var=False)
    assert parts.freedom == pytest.approx(welch.df)
    assert (B.values.mean() - A.values.mean()) / parts.whole**0.5 == pytest.approx(welch.statistic)


def test_shared_clusters_lower_the_error_when_they_move_together() -> None:
    clusters = list(range(10))
    base = np.arange(10.0) / 3
    a, b = Group(base, clusters), Group(base + 0.5, clusters)
    both = two_sided_variance(-(base - base.mean()) / 10, clusters, (base - base.mean()) / 10, clusters)
    assert both.whole == pytest.approx(0.0, abs=1e-12)  # each cluster moves by exactly 0.5
    ends = Estimate(1.5, 1.0, 2.0, 10, 10, "any"), Estimate(2.0, 1.5, 2.5, 10, 10, "any")
    found = difference(ends[0], ends[1], a, b).estimate
    assert (found.low, found.high) == pytest.approx((0.5, 0.5))  # r = 1: 0.5^2 + 0.5^2 - 2 * 0.5 * 0.5 = 0


def test_the_smallest_p_is_a_count_of_ways() -> None:
    apart = two_sided_variance(np.ones(6), list("abcdef"), np.ones(3), list("xyz"))
    assert smallest_p(apart) == pytest.approx(2 / 84)  # 9 over 3
    shared = two_sided_variance(np.ones(5), list("abcde"), np.ones(5), list("abcde"))
    assert smallest_p(shared) == pytest.approx(2 / 32)
