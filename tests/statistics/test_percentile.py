"""Percentile intervals over whole clusters: the resamples are what writing them out gives."""

import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from amends.statistics.percentile import (
    PERCENTILE_RESAMPLES,
    Drawn,
    Resampling,
    ratio,
    spearman_drawn,
    undrawn,
)

SEED = 7
GENERATOR = np.random.default_rng(1)
CLUSTERS = [f"s{i // 3}" for i in range(30)]
X = GENERATOR.integers(1, 6, 30).astype(float)
Y = np.clip(X + GENERATOR.integers(-1, 2, 30), 1, 5)


def written_out(resampling: Resampling, r: int) -> list[int]:
    """The replies of one resample, each as often as its cluster was drawn."""
    return [i for i, code in enumerate(resampling.codes) for _ in range(int(resampling.weights[r, code]))]


def test_every_resample_holds_as_many_clusters_as_there_are():
    drawn = Resampling.of(CLUSTERS, SEED)
    assert drawn.groups == 10
    assert drawn.weights.shape == (PERCENTILE_RESAMPLES, 10)
    assert (drawn.weights.sum(axis=1) == 10).all()


def test_draws_are_those_of_the_seed_and_nobody_can_change_them_for_the_next():
    expected = np.random.default_rng(SEED).multinomial(10, np.full(10, 0.1), size=PERCENTILE_RESAMPLES)
    for _ in range(2):
        drawn = Resampling.of(CLUSTERS, SEED)
        assert drawn.weights.dtype == np.float64
        assert (drawn.weights == expected).all()
        drawn.weights[:] = 0.0
    assert (Resampling.of(CLUSTERS, SEED + 1).weights != expected).any()


@pytest.mark.parametrize("r", [0, 1, 17, 999])
def test_spearman_of_a_resample_is_that_of_the_replies_written_out(r):
    drawn = Resampling.of(CLUSTERS, SEED)
    rows = written_out(drawn, r)
    expected = scipy.stats.spearmanr(X[rows], Y[rows]).statistic
    assert spearman_drawn(X, Y, drawn).draws[r] == pytest.approx(expected, abs=1e-12)


def test_a_resample_of_one_level_has_no_rho():
    x = np.array([1.0, 1.0, 1.0, 2.0, 2.0, 2.0])
    drawn = Resampling.of(["a", "a", "a", "b", "b", "b"], SEED)
    found = spearman_drawn(x, x, drawn)
    one_sided = (drawn.weights == 0).any(axis=1)
    assert np.isnan(found.draws[one_sided]).all()
    assert found.draws[~one_sided] == pytest.approx(1.0)


def test_the_interval_holds_the_quantiles_of_the_resamples():
    drawn = spearman_drawn(X, Y, Resampling.of(CLUSTERS, SEED))
    estimate = drawn.estimate()
    # 1,000 values: the 25th and the 975th of them in order
    ordered = np.sort(drawn.draws)
    assert (estimate.low, estimate.high) == (ordered[24], ordered[974])
    assert estimate.low < estimate.value < estimate.high
    assert (estimate.n, estimate.clusters, estimate.method) == (30, 10, "cluster-percentile.1000")


@given(st.permutations(range(30)))
def test_the_order_of_the_replies_does_not_matter(order):
    at = list(order)
    before = spearman_drawn(X, Y, Resampling.of(CLUSTERS, SEED)).estimate()
    after = spearman_drawn(X[at], Y[at], Resampling.of([CLUSTERS[i] for i in at], SEED)).estimate()
    assert after.value == pytest.approx(before.value, abs=1e-12)
    assert (after.low, after.high) == pytest.approx((before.low, before.high), abs=1e-12)


def test_a_ratio_by_hand():
    # F1 of 3 hits, 5 marked by gold and 4 by the scorer: 2 * 3 / (5 + 4)
    hits = np.array([1, 1, 1, 0, 0, 0], dtype=float)
    gold = np.array([1, 1, 1, 1, 1, 0], dtype=float)
    found = np.array([1, 1, 1, 0, 0, 1], dtype=float)
    drawn = Resampling.of(list("abcdef"), SEED)
    made = ratio(2 * hits, gold + found, drawn, "nobody marks it")
    assert made.value == pytest.approx(2 * 3 / 9)
    rows = written_out(drawn, 5)
    assert made.draws[5] == pytest.approx((2 * hits[rows].sum()) / (gold[rows] + found[rows]).sum())


@pytest.mark.parametrize(
    ("drawn", "note"),
    [
        pytest.param(undrawn(0, 0, "why"), "why", id="nothing could be computed"),
        pytest.param(Drawn(0.5, np.ones(1000), 9, 4), "no interval under 5 clusters", id="too few clusters"),
        pytest.param(
            Drawn(1.0, np.ones(1000), 9, 9), "no interval: every resample gives the same number", id="no spread"
        ),
        pytest.param(
            Drawn(0.5, np.where(np.arange(1000) < 51, np.nan, np.arange(1000.0)), 9, 9),
            "no interval: too many resamples hold one level only",
            id="more than one in twenty without a value",
        ),
    ],
)
def test_what_has_no_interval_says_why(drawn, note):
    estimate = drawn.estimate()
    assert (estimate.low, estimate.high, estimate.method, estimate.note) == (None, None, None, note)


def test_a_difference_is_taken_resample_by_resample():
    drawn = Resampling.of(CLUSTERS, SEED)
    first, second = spearman_drawn(X, Y, drawn), spearman_drawn(X, X, drawn)
    gap = second.minus(first)
    assert gap.value == pytest.approx(1 - first.value)
    assert gap.draws == pytest.approx(second.draws - first.draws)
    assert first.minus(undrawn(3, 1, "why")).estimate().note == "why"
