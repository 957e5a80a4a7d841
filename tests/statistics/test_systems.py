"""Generators in order: by hand, and the permutation p by scipy."""

import numpy as np
import pytest
import scipy.stats

from amends.statistics.percentile import PERCENTILE_RESAMPLES, Resampling
from amends.statistics.resampling import signs
from amends.statistics.systems import generator_pairs, one_sided_p, pairs_ordered, soft_pairwise_accuracy

SEED = 7
# three generators on six scenarios; means 1.5, 3 and 4.5
GOLD = np.array([[1, 3, 4], [2, 3, 5], [1, 3, 4], [2, 3, 5], [1, 3, 4], [2, 3, 5]], dtype=float)
ONES = np.ones((PERCENTILE_RESAMPLES, 6))


def test_pairs_of_columns():
    assert generator_pairs(3) == [(0, 1), (0, 2), (1, 2)]


def test_one_sided_p_is_that_of_scipy():
    """permutation_test(permutation_type="samples", alternative="greater"): every sign pattern of six pairs."""
    generator = np.random.default_rng(2)
    a, b = generator.integers(1, 6, (2, 6)).astype(float)
    expected = scipy.stats.permutation_test(
        (a, b), lambda x, y: np.mean(x - y), permutation_type="samples", alternative="greater", vectorized=False
    ).pvalue
    assert one_sided_p((a - b)[:, None], np.concatenate(list(signs(6, SEED))))[0] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("columns", "share"),
    [
        pytest.param([0, 1, 2], 1.0, id="as gold"),
        pytest.param([2, 1, 0], 0.0, id="upside down"),
        # the scorer takes the second and the third for one another: pairs (0,1) (0,2) right, (1,2) wrong
        pytest.param([0, 2, 1], 2 / 3, id="two swapped"),
        # a tie of the scorer between the first two is wrong
        pytest.param([1, 1, 2], 2 / 3, id="two tied"),
    ],
)
def test_pairs_ordered_by_hand(columns, share):
    found = pairs_ordered(GOLD, GOLD[:, columns], ONES)
    assert found.value == pytest.approx(share)
    assert found.draws == pytest.approx(share)
    assert (found.n, found.clusters) == (3, 6)


def test_a_resample_orders_the_scenarios_drawn():
    scored = GOLD + np.random.default_rng(5).normal(0, 2, GOLD.shape)
    drawn = Resampling.of(list("abcdef"), SEED)
    found = pairs_ordered(GOLD, scored, drawn.weights)
    for r in (0, 3, 77):
        rows = [i for i in range(6) for _ in range(int(drawn.weights[r, i]))]
        assert found.draws[r] == pairs_ordered(GOLD[rows], scored[rows], np.ones((PERCENTILE_RESAMPLES, 6))).value


def test_soft_accuracy_by_hand():
    # two generators, six scenarios. Gold: first minus second is always -1, so every pattern's sum is at least the
    # observed one: p = 1. A scorer that sees +1 throughout has p = 1/64: soft = 1 - |1 - 1/64|
    gold = np.column_stack([np.ones(6), np.full(6, 2.0)])
    assert soft_pairwise_accuracy(gold, gold, SEED).value == 1.0
    assert soft_pairwise_accuracy(gold, gold[:, ::-1], SEED).value == pytest.approx(1 / 64)
    # a scorer that sees no difference: every sum is 0, p = 1, as gold's; the order is chosen by nobody
    assert soft_pairwise_accuracy(gold[:, ::-1], np.ones((6, 2)), SEED).value == pytest.approx(1 / 64)


def test_soft_accuracy_has_an_interval():
    scored = GOLD + np.random.default_rng(5).normal(0, 2, GOLD.shape)
    estimate = soft_pairwise_accuracy(GOLD, scored, SEED).estimate()
    assert 0 <= estimate.low < estimate.high <= 1


def test_one_generator_has_no_pair():
    assert pairs_ordered(GOLD[:, :1], GOLD[:, :1], ONES).estimate().note == "one generator"
    assert soft_pairwise_accuracy(GOLD[:, :1], GOLD[:, :1], SEED).value is None
