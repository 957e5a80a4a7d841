"""A slope within strata: by hand, by statsmodels, and where there is none."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api

from amends.statistics.regression import slope_within


def test_by_hand() -> None:
    # stratum p: x 1 3, y 2 6 (centred -1 1 and -2 2)      stratum q: x 2 4, y 9 9 (centred -1 1 and 0 0)
    # sum x~ y~ = 2 + 2 + 0 + 0 = 4; sum x~^2 = 4; slope 1, though q stands far above p
    found = slope_within(np.array([1.0, 3, 2, 4]), np.array([2.0, 6, 9, 9]), list("ppqq"), list("abcd"))
    assert found.estimate.value == pytest.approx(1.0)


@pytest.mark.parametrize("binary", [False, True])
def test_it_is_statsmodels_regression_with_a_constant_for_each_stratum(binary: bool) -> None:
    random = np.random.default_rng(3)
    n = 120
    strata, clusters = random.integers(0, 4, n), random.integers(0, 17, n)
    x = random.integers(1, 6, n).astype(float)
    y = 0.3 * x + strata + random.normal(0, 1, n) + random.normal(0, 0.5, 17)[clusters]
    if binary:
        y = (y > y.mean()).astype(float)
    dummies = (strata[:, None] == np.arange(4)).astype(float)
    fit = statsmodels.api.OLS(y, np.column_stack([x, dummies])).fit(
        cov_type="cluster", cov_kwds={"groups": clusters}, use_t=True
    )
    found = slope_within(x, y, strata.tolist(), clusters.tolist())
    assert found.estimate.value == pytest.approx(fit.params[0])
    assert found.error == pytest.approx(fit.bse[0])
    assert (found.estimate.low, found.estimate.high) == pytest.approx(tuple(fit.conf_int()[0]))
    assert found.p == pytest.approx(fit.pvalues[0])


@pytest.mark.parametrize(
    ("x", "y", "strata", "clusters", "why"),
    [
        ([], [], [], [], "no reply has both"),
        ([3.0] * 8, list(range(8)), ["a"] * 8, list(range(8)), "does not vary"),  # equal levels
        ([1.0, 2, 1, 2], [1.0, 2, 3, 1], list("aabb"), list(range(4)), "no interval under 5 clusters"),
        ([1.0, 2], [1.0, 2], ["a", "a"], [0, 1], "too few"),
        ([1.0, 2, 3, 4, 5, 1], [1.0, 2, 3, 4, 5, 1], ["a"] * 6, list(range(6)), "follows the level exactly"),
    ],
)
def test_what_cannot_be_computed_says_why(x, y, strata, clusters, why) -> None:
    found = slope_within(np.array(x, float), np.array(y, float), strata, clusters)
    assert (found.estimate.low, found.p) == (None, None)
    assert why in (found.estimate.note or "")
