"""Means and shares of clustered replies: by hand, by second programs, and at every edge."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from random import Random

import numpy as np
import pytest
import scipy.stats
import statsmodels.api
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from amends.statistics import clusters as module
from amends.statistics import resampling
from amends.statistics.clusters import (
    BOUNDED_METHOD,
    MEAN_METHOD,
    METHODS,
    MIN_CLUSTERS,
    RESAMPLES,
    SHARE_METHOD,
    cluster_sums,
    linearised_variance,
    mean_estimate,
    share_estimate,
)
from amends.statistics.estimate import Estimate

SCALE = (1.0, 5.0)

# Six scenarios of unequal size, used wherever an example will do.
LEVELS = {
    "a": [1.0, 3.0],
    "b": [5.0],
    "c": [2.0, 2.0, 5.0],
    "d": [4.0],
    "e": [1.0, 2.0, 1.5],
    "f": [3.0, 4.0],
}


def laid_out(groups: dict[str, list[float]]) -> tuple[list[float], list[str]]:
    """Values and their clusters, one a reply."""
    return [v for values in groups.values() for v in values], [c for c, values in groups.items() for _ in values]


# --- sums and variance --------------------------------------------------------------------------------------------


def test_sums_and_sizes_stand_in_the_order_of_the_first_reply() -> None:
    sums, sizes = cluster_sums([1, 2, 4, 8], ["z", "a", "z", "m"])
    assert (sums.tolist(), sizes.tolist()) == ([5.0, 2.0, 8.0], [2.0, 1.0, 1.0])


def test_linearised_variance_by_hand() -> None:
    # A: 1, 3   B: 5   C: 2, 2, 5      n = 6, sum = 4 + 5 + 9 = 18, m = 3
    # residuals s - m n:  A 4 - 6 = -2   B 5 - 3 = 2   C 9 - 9 = 0      sum of squares 4 + 4 + 0 = 8
    # V = 3/2 * 8 / 6^2 = 1/3
    sums, sizes = cluster_sums([1, 3, 5, 2, 2, 5], "AABCCC")
    assert linearised_variance(sums, sizes) == pytest.approx(1 / 3)


def test_clusters_of_one_give_the_textbook_variance_of_a_mean() -> None:
    values = [1.0, 2.0, 4.0, 5.0, 5.0]  # m = 3.4, squares 5.76 + 1.96 + 0.36 + 2.56 + 2.56 = 13.2; s^2 / n = 3.3 / 5
    assert linearised_variance(*cluster_sums(values, range(5))) == pytest.approx(0.66)


def test_linearised_variance_is_that_of_a_cluster_robust_regression() -> None:
    """A regression on a constant; statsmodels corrects by G/(G-1) * (n-1)/(n-k), and k = 1 leaves G/(G-1)."""
    values, names = laid_out(LEVELS)
    codes = np.unique(names, return_inverse=True)[1]
    fit = statsmodels.api.OLS(values, np.ones(len(values))).fit(cov_type="cluster", cov_kwds={"groups": codes})
    assert linearised_variance(*cluster_sums(values, names)) == pytest.approx(float(fit.cov_params()[0, 0]), rel=1e-12)
    raw = statsmodels.api.OLS(values, np.ones(len(values))).fit(
        cov_type="cluster", cov_kwds={"groups": codes, "use_correction": False}
    )
    factor = len(LEVELS) / (len(LEVELS) - 1)
    assert fit.cov_params()[0, 0] == pytest.approx(factor * raw.cov_params()[0, 0], rel=1e-12)


# --- means --------------------------------------------------------------------------------------------------------


def naive_bootstrap_t(groups: dict[str, list[float]], seed: int, limits: tuple[float, float]) -> tuple[float, float]:
    """The same draws, reply by reply: every resample is laid out as a list and measured from scratch."""

    def measured(picked: Sequence[list[float]]) -> tuple[float, float]:
        n = sum(map(len, picked))
        mean = sum(map(sum, picked)) / n
        squares = sum((sum(values) - mean * len(values)) ** 2 for values in picked)
        return mean, math.sqrt(len(picked) / (len(picked) - 1) * squares) / n

    pool = sorted(groups.values(), key=lambda values: (len(values), sum(values)))
    mean, error = measured(pool)
    picked = np.random.default_rng(seed).integers(0, len(pool), size=(RESAMPLES, len(pool)))
    draws = np.stack([(picked == c).sum(axis=1) for c in range(len(pool))], axis=1)
    studentised = []
    for weights in draws.tolist():
        star, spread = measured([values for values, times in zip(pool, weights, strict=True) for _ in range(times)])
        off = star - mean
        studentised.append(off / spread if spread > 1e-9 else 0.0 if abs(off) < 1e-9 else math.copysign(math.inf, off))
    studentised.sort()
    # 2.5% and 97.5% of 10,000 values: the 250th and the 9750th
    low_t, high_t = studentised[249], studentised[9749]
    return max(limits[0], mean - high_t * error), min(limits[1], mean - low_t * error)


@pytest.mark.parametrize("seed", [0, 12345])
def test_the_mean_interval_is_that_of_a_plain_loop(seed: int) -> None:
    wide = (-1000.0, 1000.0)
    estimate = mean_estimate(*laid_out(LEVELS), wide, seed)
    assert (estimate.low, estimate.high) == pytest.approx(naive_bootstrap_t(LEVELS, seed, wide), rel=1e-9)


def test_the_mean_interval_agrees_with_other_draws_by_another_program() -> None:
    """Twenty clusters, drawn with the standard library's generator: equal within the error of 10,000 draws."""
    random = Random(7)
    groups = {str(i): [float(random.randint(1, 5)) for _ in range(random.randint(1, 4))] for i in range(20)}
    pool = [(sum(values), len(values)) for values in groups.values()]

    def measured(picked: list[tuple[float, int]]) -> tuple[float, float]:
        n = sum(size for _, size in picked)
        mean = sum(total for total, _ in picked) / n
        return mean, math.sqrt(20 / 19 * sum((total - mean * size) ** 2 for total, size in picked)) / n

    mean, error = measured(pool)
    stars = [measured(random.choices(pool, k=20)) for _ in range(10_000)]
    studentised = sorted((star - mean) / spread for star, spread in stars)
    estimate = mean_estimate(*laid_out(groups), SCALE, 1)
    assert estimate.value == pytest.approx(mean)
    assert estimate.low == pytest.approx(mean - studentised[9749] * error, abs=0.05)
    assert estimate.high == pytest.approx(mean - studentised[249] * error, abs=0.05)


def test_the_same_seed_gives_the_same_interval_and_zero_is_a_seed() -> None:
    values, names = laid_out(LEVELS)
    assert mean_estimate(values, names, SCALE, 3) == mean_estimate(values, names, SCALE, 3)
    many = [float(i * i % 17) for i in range(40)]
    ends = {(e.low, e.high) for e in (mean_estimate(many, range(40), (0, 16), seed) for seed in (0, 1, 12345))}
    assert len(ends) == 3, "seed 0 is no default in disguise"


def test_resampling_in_blocks_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    values, names = laid_out(LEVELS)
    whole = mean_estimate(values, names, SCALE, 5)
    monkeypatch.setattr(resampling, "_BLOCK", 999 * len(LEVELS))
    assert mean_estimate(values, names, SCALE, 5) == whole


def test_the_order_of_replies_and_of_clusters_changes_nothing() -> None:
    """The digest in a signature does not know the order, so neither may the number."""
    values, names = laid_out(LEVELS)
    before = mean_estimate(values, names, SCALE, 12345)
    for seed in range(5):
        order = list(range(len(values)))
        Random(seed).shuffle(order)
        after = mean_estimate([values[i] for i in order], [names[i] for i in order], SCALE, 12345)
        assert (after.value, after.low, after.high) == pytest.approx((before.value, before.low, before.high), rel=1e-12)


def test_the_names_of_clusters_change_nothing() -> None:
    values, names = laid_out(LEVELS)
    renamed = [("any", name) for name in names]
    assert mean_estimate(values, renamed, SCALE, 1) == mean_estimate(values, names, SCALE, 1)


def test_saying_every_reply_twice_adds_no_certainty() -> None:
    values, names = laid_out(LEVELS)
    once, twice = mean_estimate(values, names, SCALE, 1), mean_estimate(values * 2, names * 2, SCALE, 1)
    assert (twice.value, twice.low, twice.high) == pytest.approx((once.value, once.low, once.high))
    assert (once.n, twice.n, once.clusters, twice.clusters) == (12, 24, 6, 6)


def test_another_scale_moves_the_interval_along() -> None:
    values, names = laid_out(LEVELS)
    one = mean_estimate(values, names, SCALE, 1)
    other = mean_estimate([10 * v - 3 for v in values], names, (7.0, 47.0), 1)
    assert (other.low, other.high) == pytest.approx([10 * x - 3 for x in (one.low, one.high) if x is not None])


@pytest.mark.parametrize(
    ("groups", "value", "n", "clusters", "note"),
    [
        ({}, None, 0, 0, "no reply was judged"),
        ({"a": [3.0]}, 3.0, 1, 1, "no interval under 5 clusters"),
        ({"a": [1.0, 5.0, 3.0]}, 3.0, 3, 1, "no interval under 5 clusters"),
        ({"a": [1.0], "b": [2.0, 4.0], "c": [3.0], "d": [5.0]}, 3.0, 5, 4, "no interval under 5 clusters"),
    ],
    ids=["empty", "one reply", "one cluster", "four clusters"],
)
def test_a_mean_without_an_interval_says_why(
    groups: dict[str, list[float]], value: float | None, n: int, clusters: int, note: str
) -> None:
    estimate = mean_estimate(*laid_out(groups), SCALE, 0)
    assert (estimate.low, estimate.high, estimate.method) == (None, None, None)
    assert (estimate.n, estimate.clusters, estimate.note) == (n, clusters, note)
    assert estimate.value == (value if value is None else pytest.approx(value))


@pytest.mark.parametrize(
    ("groups", "why"),
    [
        (dict(zip("abcde", [[1.0], [1.0], [1.0], [1.0], [5.0]], strict=True)), "one cluster off, at the low end"),
        (dict(zip("abcde", [[5.0], [5.0], [5.0], [5.0], [1.0]], strict=True)), "one cluster off, at the high end"),
        (dict(zip("abcdef", [[1.0], [5.0]] * 3, strict=True)), "both ends"),
        ({**{c: [3.0] for c in "abcd"}, "e": [2.0] * 200}, "one cluster that outweighs all"),
        ({c: [1.0] * 9 + [1.01] for c in "abcd"} | {"e": [1.0]}, "hardly any spread"),
    ],
)
def test_a_mean_interval_stays_on_the_scale(groups: dict[str, list[float]], why: str) -> None:
    estimate = mean_estimate(*laid_out(groups), SCALE, 0)
    assert estimate.low is not None and estimate.value is not None and estimate.high is not None
    assert 1.0 <= estimate.low <= estimate.value <= estimate.high <= 5.0, why
    assert (estimate.method, estimate.note) == (BOUNDED_METHOD, None)


@pytest.mark.parametrize(
    ("groups", "value"),
    [
        pytest.param(dict.fromkeys("abcde", [3.0]), 3.0, id="all equal"),
        pytest.param(dict.fromkeys("abcdefg", [3.1, 3.1, 3.1]), 3.1, id="equal up to rounding"),
        pytest.param(dict.fromkeys("abcde", [1.0, 2.0]), 1.5, id="equal means of unequal replies"),
    ],
)
def test_where_all_clusters_agree_the_scale_still_bounds_the_mean(groups: dict[str, list[float]], value: float) -> None:
    """By hand: the added weight is Beta(1, G), so the ends lie 1 - 0.025^(1/G) of the way to the scale's ends."""
    estimate = mean_estimate(*laid_out(groups), SCALE, 0)
    away = 1 - 0.025 ** (1 / len(groups))
    assert estimate.method == BOUNDED_METHOD
    assert estimate.low == pytest.approx(value - away * (value - 1), abs=0.03)
    assert estimate.high == pytest.approx(value + away * (5 - value), abs=0.03)


@pytest.mark.parametrize("count", [0, 1, 14, 16])
def test_gaffkes_bound_of_zeros_and_ones_is_clopper_pearson(count: int) -> None:
    """Gaffke (2005): for a binary variable the bound is the exact one; Monte Carlo error of 10,000 draws."""
    values = [1.0] * count + [0.0] * (16 - count)
    estimate = mean_estimate(values, range(16), (0.0, 1.0), 0)
    low, high = proportion_confint(count, 16, alpha=0.05, method="beta")
    assert estimate.method == BOUNDED_METHOD
    assert (estimate.low, estimate.high) == pytest.approx((low, high), abs=0.01)


def test_a_mean_of_nearly_equal_levels_keeps_a_sober_interval() -> None:
    """Fourteen of sixteen at level 2: a plain bootstrap-t would run to the end of the scale here."""
    estimate = mean_estimate([2.0] * 14 + [3.0, 3.0], range(16), SCALE, 12345)
    assert estimate.method == BOUNDED_METHOD
    assert 1.6 < estimate.low < 2.0 < estimate.high < 3.0  # type: ignore[operator]


grouped = st.lists(
    st.lists(st.integers(100, 500).map(lambda v: v / 100), min_size=1, max_size=5), min_size=MIN_CLUSTERS, max_size=12
)


@settings(derandomize=True, deadline=None, max_examples=40)
@given(grouped, st.integers(0, 2**32 - 1))
def test_any_mean_interval_holds_its_mean_within_the_scale(groups: list[list[float]], seed: int) -> None:
    named = {str(i): values for i, values in enumerate(groups)}
    estimate = mean_estimate(*laid_out(named), SCALE, seed)
    assume(estimate.low is not None)
    assert 1.0 <= estimate.low <= estimate.value <= estimate.high <= 5.0  # type: ignore[operator]
    assert math.isfinite(estimate.high - estimate.low)  # type: ignore[operator]


# --- shares -------------------------------------------------------------------------------------------------------


def korn_graubard(hits: Sequence[bool], names: Sequence[str]) -> tuple[float, float]:
    """Korn & Graubard (1998), eq. 4 to 6, written plainly, by the jackknife and bisected mid-p tails."""
    by_cluster: dict[str, list[int]] = defaultdict(list)
    for hit, name in zip(hits, names, strict=True):
        by_cluster[name].append(int(hit))
    n, clusters = len(hits), len(by_cluster)
    p = sum(hits) / n
    absent = [(sum(hits) - sum(one)) / (n - len(one)) - p for one in by_cluster.values()]
    variance = (clusters - 1) / clusters * sum(a * a for a in absent)
    size = min(n, p * (1 - p) / variance)
    size *= (scipy.stats.t.ppf(0.975, n - 1) / scipy.stats.t.ppf(0.975, clusters - 1)) ** 2
    return bisected(p * size, size, 0.025), bisected(p * size, size, 0.975)


def bisected(x: float, size: float, wanted: float) -> float:
    """Where the mean of P(X >= x) and P(X > x) takes a value; both as beta distribution functions."""
    low, high = 0.0, 1.0
    for _ in range(80):
        p = (low + high) / 2
        tails = scipy.stats.beta.cdf(p, x, size - x + 1) + scipy.stats.beta.cdf(p, x + 1, size - x)
        low, high = (p, high) if tails / 2 < wanted else (low, p)
    return low


def test_effective_size_by_hand() -> None:
    # five clusters of two, with 2, 1, 0, 0, 1 hits: n = 10, p = 0.4
    # residuals s - 0.8:  1.2  0.2  -0.8  -0.8  0.2      squares 1.44 + 0.04 + 0.64 + 0.64 + 0.04 = 2.8
    # V = 5/4 * 2.8 / 100 = 0.035            p (1 - p) / V = 0.24 / 0.035 = 6.857
    # from a table: t(9) = 2.262, t(4) = 2.776, squared ratio 0.664            6.857 * 0.664 = 4.553
    sums, sizes = np.array([2.0, 1, 0, 0, 1]), np.full(5, 2.0)
    assert linearised_variance(sums, sizes) == pytest.approx(0.035)
    assert module._effective(0.4, sums, sizes) == pytest.approx(4.553, abs=0.003)


@pytest.mark.parametrize(
    ("sums", "sizes", "size", "why"),
    [
        ([1, 1, 0, 0, 0], [1] * 5, 4.0, "clusters of one: V = p (1-p) / (n - 1), so n - 1, and no correction"),
        ([0] * 6, [3] * 6, 6.0, "share 0: the clusters are the sample"),
        ([3] * 6, [3] * 6, 6.0, "share 1: the same"),
        ([1] * 6, [2] * 6, 6.0, "every cluster has the same share: the same"),
        ([31] * 59, [59] * 59, 59.0, "the same where rounding leaves a variance of 1e-35"),
        # p = 8 / 20, residuals 0.4 (three times) and -0.6 (twice), squares 3 * 0.16 + 2 * 0.36 = 1.2;
        # V = 5/4 * 1.2 / 20^2 = 0.00375, p (1-p) / V = 64, more than n = 20; t(19) = 2.0930, t(4) = 2.7764
        ([2, 2, 1, 1, 2], [4] * 5, 20 * (2.0930240544 / 2.7764451052) ** 2, "more alike than chance: n at most"),
    ],
)  # fmt: skip
def test_effective_sizes(sums: list[float], sizes: list[float], size: float, why: str) -> None:
    share = sum(sums) / sum(sizes)
    assert module._effective(share, np.array(sums, float), np.array(sizes, float)) == pytest.approx(size), why


@pytest.mark.parametrize(("count", "size"), [(0, 5), (1, 5), (3, 10), (10, 10), (17, 250), (249, 250), (1, 1), (0, 1)])
def test_clopper_pearson_is_that_of_statsmodels(count: int, size: int) -> None:
    expected = proportion_confint(count, size, alpha=0.05, method="beta")
    assert module.clopper_pearson(count / size, float(size)) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(("count", "size"), [(1, 5), (3, 10), (17, 250), (249, 250)])
def test_mid_p_ends_are_where_scipys_binomial_says(count: int, size: int) -> None:
    low, high = module.mid_p(count / size, float(size))
    for end, wanted in ((low, 0.025), (high, 0.025)):
        at = scipy.stats.binom.pmf(count, size, end) / 2
        beyond = scipy.stats.binom.sf(count, size, end) if end == low else scipy.stats.binom.cdf(count - 1, size, end)
        assert at + beyond == pytest.approx(wanted, abs=1e-9)


def test_mid_p_gives_published_values() -> None:
    # Agresti & Gottard (2005), in their discussion of x = 0: half of (1 - p)^n is 0.025, so p = 1 - 0.05^(1/n)
    assert module.mid_p(0.0, 10.0) == pytest.approx((0.0, 1 - 0.05**0.1), abs=1e-9)
    assert module.mid_p(1.0, 10.0) == pytest.approx((0.05**0.1, 1.0), abs=1e-9)


@given(st.integers(1, 60), st.floats(0.01, 0.99))
def test_mid_p_lies_within_clopper_pearson(size: int, share: float) -> None:
    wide, narrow = module.clopper_pearson(share, float(size)), module.mid_p(share, float(size))
    ends = [wide[0] - 1e-12, narrow[0], share, narrow[1], wide[1] + 1e-12]
    assert ends == sorted(ends)


def test_clopper_pearson_gives_published_values() -> None:
    # as binom.test(10, 100) and binom.test(0, 20) of R print them
    assert module.clopper_pearson(0.1, 100.0) == pytest.approx((0.0490, 0.1762), abs=5e-5)
    assert module.clopper_pearson(0.0, 20.0) == pytest.approx((0.0, 0.1684), abs=5e-5)


@pytest.mark.parametrize("clusters", [5, 8, 40])
def test_a_share_of_none_or_all_rests_on_the_clusters(clusters: int) -> None:
    names = [str(i % clusters) for i in range(3 * clusters)]
    none, every = share_estimate([False] * len(names), names), share_estimate([True] * len(names), names)
    assert (none.low, none.high) == pytest.approx((0.0, 1 - 0.05 ** (1 / clusters))), "the closed form at 0"
    assert (every.low, every.high) == pytest.approx((1 - none.high, 1.0))  # type: ignore[operator]


shares = st.lists(st.lists(st.booleans(), min_size=1, max_size=6), min_size=MIN_CLUSTERS, max_size=15)


@settings(derandomize=True, deadline=None, max_examples=100)
@given(shares)
def test_any_share_interval_is_korn_and_graubards(groups: list[list[bool]]) -> None:
    hits = [hit for group in groups for hit in group]
    names = [str(i) for i, group in enumerate(groups) for _ in group]
    p = sum(hits) / len(hits)
    spread = sum((sum(group) - p * len(group)) ** 2 for group in groups)
    assume(spread > 1e-9)
    estimate = share_estimate(hits, names)
    assert (estimate.low, estimate.high) == pytest.approx(korn_graubard(hits, names), abs=1e-9)


@settings(derandomize=True, deadline=None, max_examples=100)
@given(shares)
def test_any_share_interval_holds_its_share_and_mirrors(groups: list[list[bool]]) -> None:
    hits = [hit for group in groups for hit in group]
    names = [str(i) for i, group in enumerate(groups) for _ in group]
    estimate = share_estimate(hits, names)
    low, share, high = estimate.low, estimate.value, estimate.high
    assert 0.0 <= low <= share <= high <= 1.0  # type: ignore[operator]
    assert low < high, "never of width 0"  # type: ignore[operator]
    assert (estimate.n, estimate.clusters) == (len(hits), len(groups))
    mirrored = share_estimate([not hit for hit in hits], names)
    assert (mirrored.low, mirrored.high) == pytest.approx((1 - high, 1 - low), abs=1e-9)  # type: ignore[operator]
    backwards = share_estimate(hits[::-1], names[::-1])
    assert (backwards.low, backwards.high) == pytest.approx((low, high), abs=1e-9)


@pytest.mark.parametrize(
    ("hits", "names", "value", "note"),
    [
        ([], [], None, "no reply was judged"),
        ([True], ["a"], 1.0, "no interval under 5 clusters"),
        ([True, False] * 4, list("abcdabcd"), 0.5, "no interval under 5 clusters"),
    ],
    ids=["empty", "one reply", "four clusters"],
)
def test_a_share_without_an_interval_says_why(
    hits: list[bool], names: list[str], value: float | None, note: str
) -> None:
    assert share_estimate(hits, names) == Estimate(value, None, None, len(hits), len(set(names)), None, note)


def test_like_clusters_widen_and_more_clusters_narrow() -> None:
    def width(hits: list[bool], names: list[str]) -> float:
        estimate = share_estimate(hits, names)
        assert estimate.low is not None and estimate.high is not None
        return estimate.high - estimate.low

    names = [str(i // 4) for i in range(40)]
    alike = width([i // 4 < 5 for i in range(40)], names)
    mixed = width([(i // 4 + i) % 2 == 0 or i % 11 == 0 for i in range(40)], names)
    assert alike > mixed, "replies that say the same within a scenario count less"
    assert width([i // 4 < 10 for i in range(80)], [str(i // 4) for i in range(80)]) < alike


# --- coverage -----------------------------------------------------------------------------------------------------


def drawn(random: np.random.Generator, clusters: int) -> tuple[list[bool], list[str]]:
    """Replies whose chance of a hit differs by cluster (mean 0.3), in clusters of one to four."""
    hits, names = [], []
    for i in range(clusters):
        chance = random.beta(1.5, 3.5)
        for _ in range(int(random.integers(1, 5))):
            hits.append(bool(random.random() < chance))
            names.append(str(i))
    return hits, names


def test_share_intervals_hold_the_truth_as_often_as_they_say() -> None:
    random = np.random.default_rng(2024)
    held = 0
    for _ in range(400):
        estimate = share_estimate(*drawn(random, 25))
        held += estimate.low <= 0.3 <= estimate.high  # type: ignore[operator]
    assert held >= 0.95 * 400 - 4 * math.sqrt(400 * 0.95 * 0.05), "four standard errors below 95%"


def test_mean_intervals_hold_the_truth_as_often_as_they_say() -> None:
    random = np.random.default_rng(2024)
    held = 0
    for seed in range(60):
        hits, names = drawn(random, 25)
        estimate = mean_estimate([1 + 4 * hit for hit in hits], names, SCALE, seed)
        held += estimate.low <= 2.2 <= estimate.high  # type: ignore[operator]
    assert held >= 0.95 * 60 - 4 * math.sqrt(60 * 0.95 * 0.05), "four standard errors below 95%"


# --- estimates ----------------------------------------------------------------------------------------------------


def test_methods_are_named_as_in_a_signature() -> None:
    assert METHODS == f"{MEAN_METHOD}+gaffke+{SHARE_METHOD}" == "cluster-t.10000+gaffke+korn-graubard-mid-p"


@pytest.mark.parametrize(
    "estimate",
    [Estimate(2.5, 2.0, 3.0, 10, 5, "cluster-t.10000"), Estimate(None, None, None, 0, 0, None, "no reply was judged")],
)
def test_estimates_go_round(estimate: Estimate) -> None:
    assert Estimate.from_dict(estimate.to_dict()) == estimate
