"""Rank correlation, held to scipy."""

import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from amends.statistics.correlation import mean_ranks, spearman


@given(st.lists(st.floats(allow_nan=False) | st.integers(1, 5), min_size=1, max_size=40))
def test_mean_ranks_are_scipys_to_the_last_digit(values):
    given_values = np.array(values, dtype=float)
    assert (mean_ranks(given_values) == scipy.stats.rankdata(given_values)).all()


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5)), min_size=3, max_size=40))
def test_rho_is_scipys(pairs):
    x, y = np.array(pairs, dtype=float).T
    if len(set(x)) < 2 or len(set(y)) < 2:
        assert spearman(x, y) is None
    else:
        assert spearman(x, y) == pytest.approx(scipy.stats.spearmanr(x, y).statistic, abs=1e-12)


@pytest.mark.parametrize(
    ("x", "y"),
    [
        pytest.param([1, 2], [1, 2], id="two pairs"),
        pytest.param([3, 3, 3], [1, 2, 3], id="one side constant"),
        pytest.param([1, 2, float("nan")], [1, 2, 3], id="what is missing has no rank"),
    ],
)
def test_where_there_is_no_rho(x, y):
    assert spearman(np.array(x, dtype=float), np.array(y, dtype=float)) is None
    assert spearman(np.array(y, dtype=float), np.array(x, dtype=float)) is None
