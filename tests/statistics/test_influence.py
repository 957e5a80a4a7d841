"""Influence values over one and two groupings: by hand and by statsmodels."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.stats
import statsmodels.api

from amends.statistics.clusters import linearised_variance
from amends.statistics.influence import influence_estimate, outermost, t_interval, t_p, variance

VALUES = np.array([1.0, 3.0, 5.0, 2.0, 2.0, 5.0, 4.0, 1.0, 3.0, 4.0])
FIRST = list("aabbccddee")
SECOND = list("xyzxyzxyzx")
PHI = (VALUES - VALUES.mean()) / len(VALUES)


def test_one_grouping_is_the_linearised_variance_of_a_mean() -> None:
    sums = np.array([VALUES[np.array(FIRST) == c].sum() for c in "abcde"])
    assert variance(PHI, [FIRST]) == (pytest.approx(linearised_variance(sums, np.full(5, 2.0))), 5)


def test_two_crossed_groupings_are_statsmodels_two_way_clusters() -> None:
    """Cameron, Gelbach & Miller (2011); statsmodels corrects each part by its own G/(G-1), as here."""
    groups = np.column_stack([np.unique(g, return_inverse=True)[1] for g in (FIRST, SECOND)])
    fit = statsmodels.api.OLS(VALUES, np.ones(10)).fit(cov_type="cluster", cov_kwds={"groups": groups})
    expected = float(fit.cov_params()[0, 0])
    found, fewest = variance(PHI, [FIRST, SECOND])
    single = max(variance(PHI, [FIRST])[0], variance(PHI, [SECOND])[0])
    assert (found, fewest) == (pytest.approx(max(expected, single)), 3)


@pytest.mark.parametrize(
    ("groupings", "kept"),
    [
        ([FIRST], [FIRST]),
        ([list(range(10)), FIRST], [FIRST]),  # replies within agents: agents
        ([FIRST, list(range(10))], [FIRST]),  # in whatever order they were named
        ([FIRST, FIRST], [FIRST]),  # named twice
        ([FIRST, SECOND], [FIRST, SECOND]),  # crossed: both stay
        ([FIRST, ["t"] * 4 + ["u"] * 6, list(range(10))], [["t"] * 4 + ["u"] * 6]),  # reply < agent < team
    ],
)
def test_nested_groupings_reduce_to_the_outermost(groupings: list[list[object]], kept: list[list[object]]) -> None:
    assert outermost(groupings) == kept


def test_three_crossed_groupings_are_refused() -> None:
    with pytest.raises(ValueError, match="two crossed"):
        variance(PHI, [FIRST, SECOND, list("pqrsppqqrs")])


def test_students_interval_and_p_are_scipys() -> None:
    test = scipy.stats.ttest_1samp(VALUES, 2.0)
    ci = test.confidence_interval()
    error = VALUES.std(ddof=1) / 10**0.5
    assert t_interval(VALUES.mean(), error, 9, (-9, 9)) == pytest.approx((ci.low, ci.high))
    assert t_p(VALUES.mean() - 2.0, error, 9) == pytest.approx(test.pvalue)
    ninety = test.confidence_interval(0.9)
    assert t_interval(VALUES.mean(), error, 9, (-9, 9), 0.9) == pytest.approx((ninety.low, ninety.high))


@pytest.mark.parametrize(
    ("phi", "labels", "why"),
    [
        (PHI, ["a"] * 10, "no interval under 5 clusters"),  # one cluster: nothing is known of the spread
        (PHI, SECOND, "no interval under 5 clusters"),
        (np.zeros(10), FIRST, "no interval: the clusters do not differ"),  # equal levels
    ],
)
def test_what_has_no_interval_says_why(phi: np.ndarray, labels: list[str], why: str) -> None:
    estimate = influence_estimate(3.0, phi, [labels], (1, 5), 5)
    assert (estimate.value, estimate.low, estimate.high, estimate.note) == (3.0, None, None, why)
