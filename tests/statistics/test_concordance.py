"""Quadratic weighted kappa: by hand, by statsmodels, and as Lin's concordance."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.inter_rater import cohens_kappa

from amends.statistics.concordance import concordance, concordance_drawn
from amends.statistics.percentile import Resampling

LEVELS = st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5)), min_size=2, max_size=40)


@pytest.mark.parametrize(
    ("x", "y", "expected"),
    [
        # mean (x-y)^2 = 1/4; variances 5/4 and 11/16; means 2.5 and 2.25: 1 - 0.25 / (1.25 + 0.6875 + 0.0625)
        pytest.param([1, 2, 3, 4], [1, 2, 3, 3], 1 - 0.25 / 2.0, id="one level off, once"),
        pytest.param([1, 2, 3], [1, 2, 3], 1.0, id="the same"),
        pytest.param([1, 2, 3], [3, 2, 1], -1.0, id="the reverse"),
        # all one level higher: 1 - 1 / (2/3 + 2/3 + 1)
        pytest.param([1, 2, 3], [2, 3, 4], 1 - 1 / (4 / 3 + 1), id="order without level"),
        pytest.param([1, 2, 3], [2, 2, 2], 0.0, id="a constant"),
        pytest.param([2, 2], [2, 2], None, id="one level on both sides"),
        pytest.param([2, 2], [3, 3], 0.0, id="two constants that differ"),
        pytest.param([2], [3], None, id="one reply"),
    ],
)
def test_by_hand(x, y, expected):
    found = concordance(np.array(x, dtype=float), np.array(y, dtype=float))
    assert found == (None if expected is None else pytest.approx(expected))


@given(LEVELS)
def test_against_statsmodels(pairs):
    """cohens_kappa(wt="quadratic") of statsmodels, on the table of whole levels."""
    x, y = (np.array([p[i] for p in pairs], dtype=float) for i in (0, 1))
    if len(set(x) | set(y)) < 2:
        return
    table = np.zeros((5, 5))
    for a, b in pairs:
        table[a - 1, b - 1] += 1
    expected = cohens_kappa(table, wt="quadratic", return_results=False)
    assert concordance(x, y) == pytest.approx(expected, abs=1e-9)


def test_real_levels_are_lin_s_concordance():
    """2 s_xy / (s_x^2 + s_y^2 + (mean x - mean y)^2), variances over n (Lin 1989)."""
    x, y = np.array([1.25, 2.5, 3.1, 4.75]), np.array([1.5, 2.0, 3.6, 4.0])
    joint = np.cov(x, y, bias=True)
    expected = 2 * joint[0, 1] / (joint[0, 0] + joint[1, 1] + (x.mean() - y.mean()) ** 2)
    assert concordance(x, y) == pytest.approx(expected)


def test_a_resample_is_that_of_the_replies_written_out():
    generator = np.random.default_rng(3)
    x = generator.integers(1, 6, 24).astype(float)
    y = np.clip(x + generator.integers(-1, 2, 24), 1, 5)
    drawn = Resampling.of([i // 3 for i in range(24)], 7)
    found = concordance_drawn(x, y, drawn)
    for r in (0, 10, 500):
        rows = [i for i, code in enumerate(drawn.codes) for _ in range(int(drawn.weights[r, code]))]
        assert found.draws[r] == pytest.approx(concordance(x[rows], y[rows]))
    assert found.estimate().low < found.value
    assert concordance_drawn(x * 0 + 2, x * 0 + 2, drawn).estimate().note.startswith("both sides hold one")
