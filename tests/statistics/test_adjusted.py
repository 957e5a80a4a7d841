"""Differences at equal mix of cases and against a control group: by hand, by second programs, and without overlap."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.stats
import statsmodels.api

from amends.statistics.adjusted import difference_in_differences, standardised
from amends.statistics.groups import Group

A = Group(np.array([1.0, 2, 2, 3, 3, 4]), list("abcdef"))
B = Group(np.array([2.0, 3, 3, 4, 5, 5, 3]), list("ghijklm"))


def levels(seed: int, n: int, shift: float = 0.0) -> np.ndarray:
    return np.clip(np.round(np.random.default_rng(seed).normal(3 + shift, 1.1, size=n)), 1, 5)


# --- standardised -------------------------------------------------------------------------------------------------


def test_standardised_by_hand() -> None:
    # stratum p: a 1, 3 (2.0)   b 4, 4 (4.0): 4 replies      stratum q: a 2, 2 (2.0)   b 1, 3, 2 (2.0): 5 replies
    # r only in a, s only in b: no counterpart.  w = 4/9, 5/9; difference 4/9 * 2 + 5/9 * 0 = 8/9
    a = Group(np.array([1.0, 3, 2, 2, 5]), list("abcde"))
    b = Group(np.array([4.0, 4, 1, 3, 2, 5]), list("fghijk"))
    made = standardised(a, b, list("ppqqr"), list("ppqqqs"))
    assert made.difference.estimate.value == pytest.approx(8 / 9)
    assert (made.strata, made.covered) == (2, (4 / 5, 5 / 6))
    assert made.difference.estimate.n == 9


def test_a_mix_of_cases_alone_makes_no_standardised_difference() -> None:
    """Easy cases stand at 5, hard ones at 1 on both sides; b only has more easy ones."""
    a = Group(np.array([5.0] * 4 + [1.0] * 16), list(range(20)))
    b = Group(np.array([5.0] * 16 + [1.0] * 4), list(range(20, 40)))
    strata = ["easy"] * 4 + ["hard"] * 16, ["easy"] * 16 + ["hard"] * 4
    assert b.values.mean() - a.values.mean() == pytest.approx(2.4)
    assert standardised(a, b, *strata).difference.estimate.value == pytest.approx(0.0)


def test_its_error_is_that_of_leaving_clusters_out_one_by_one() -> None:
    """The jackknife written out: (G-1)/G times the squares of what each cluster's absence changes, arm by arm."""
    a = Group(levels(3, 40), [i % 9 for i in range(40)])
    b = Group(levels(4, 36), [100 + i % 7 for i in range(36)])
    strata = [i % 3 for i in range(40)], [i % 3 for i in range(36)]
    weight = [(sum(s == k for s in strata[0]) + sum(s == k for s in strata[1])) / 76 for k in range(3)]

    def arm(group: Group, own: list[int], gone: object) -> float:
        kept = [(v, s) for v, s, c in zip(group.values, own, group.clusters, strict=True) if c != gone]
        return sum(w * np.mean([v for v, s in kept if s == k]) for k, w in enumerate(weight))

    expected = 0.0
    for group, own in ((a, strata[0]), (b, strata[1])):
        names = sorted(set(group.clusters))
        whole = arm(group, own, None)
        expected += (len(names) - 1) / len(names) * sum((arm(group, own, c) - whole) ** 2 for c in names)
    assert standardised(a, b, *strata).difference.error == pytest.approx(expected**0.5)


def test_one_stratum_without_clusters_is_welchs_test() -> None:
    """The jackknife's variance of a plain mean is s^2 / n exactly."""
    a, b = Group(levels(5, 15), list(range(15))), Group(levels(6, 20, 0.5), list(range(20, 40)))
    found = standardised(a, b, ["all"] * 15, ["all"] * 20).difference
    welch = scipy.stats.ttest_ind(b.values, a.values, equal_var=False)
    assert found.p == pytest.approx(welch.pvalue)
    ends = welch.confidence_interval()
    assert (found.estimate.low, found.estimate.high) == pytest.approx((ends.low, ends.high))


def test_no_overlap_gives_no_number() -> None:
    made = standardised(A, B, list("pppppp"), list("qqqqqqq"))
    assert made.difference.estimate.value is None
    assert made.difference.estimate.note == "no kind of case occurs in two clusters on both sides"


# --- difference in differences ------------------------------------------------------------------------------------


def four(seed: int) -> list[Group]:
    random = np.random.default_rng(seed)
    made = []
    for arm in "tc":
        for after in (0, 1):
            agents = [f"{arm}{i % 9}" for i in range(36)]
            made.append(Group(random.normal(3 + 0.3 * after + 0.2 * (arm == "t"), 1, 36), agents))
    return made


def test_difference_in_differences_is_the_interaction_of_a_regression() -> None:
    """OLS on treated, after and their product gives the number; its linearised error, clustered by agent
    (statsmodels), is near the jackknife's where agents are many and alike."""
    groups = four(1)
    y = np.concatenate([g.values for g in groups])
    treated = np.repeat([1, 1, 0, 0], 36)
    after = np.repeat([0, 1, 0, 1], 36)
    agents = np.unique(np.concatenate([g.clusters for g in groups]), return_inverse=True)[1]
    x = np.column_stack([np.ones(144), treated, after, treated * after])
    fit = statsmodels.api.OLS(y, x).fit(cov_type="cluster", cov_kwds={"groups": agents, "use_correction": False})
    found = difference_in_differences(groups[:2], groups[2:])
    assert found.estimate.value == pytest.approx(fit.params[3])
    assert found.error == pytest.approx(float(fit.bse[3]) * (9 / 8) ** 0.5, rel=0.02)


def test_its_error_is_that_of_leaving_agents_out_one_by_one() -> None:
    groups = four(3)

    def change(before: Group, after: Group, gone: object) -> float:
        means = [np.mean([v for v, c in zip(g.values, g.clusters, strict=True) if c != gone]) for g in (before, after)]
        return float(means[1] - means[0])

    expected = 0.0
    for arm in (groups[:2], groups[2:]):
        names = sorted(set(arm[0].clusters))
        whole = change(*arm, None)
        expected += (len(names) - 1) / len(names) * sum((change(*arm, c) - whole) ** 2 for c in names)
    assert difference_in_differences(groups[:2], groups[2:]).error == pytest.approx(expected**0.5)


def test_a_change_that_both_groups_share_is_no_effect() -> None:
    before = Group(np.arange(12.0) % 5, list(range(12)))
    after = Group(before.values + 1, list(range(12)))
    control = [Group(g.values, [c + 100 for c in g.clusters]) for g in (before, after)]
    found = difference_in_differences([before, after], control)
    assert found.estimate.value == pytest.approx(0.0)


@pytest.mark.parametrize(
    ("cut", "why"),
    [
        (0, "one of the four groups has no judged reply"),
        (4, "no interval under 5 clusters a side"),
    ],
)
def test_what_cannot_be_computed_says_why(cut: int, why: str) -> None:
    groups = [Group(g.values[:cut], g.clusters[:cut]) for g in four(2)]
    found = difference_in_differences(groups[:2], groups[2:])
    assert (found.estimate.low, found.p, found.estimate.note) == (None, None, why)
