"""Weighted kappa: by hand, by its table of categories, by statsmodels, and where it is not computable."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from statsmodels.stats.inter_rater import cohens_kappa
from tests.agreement.cases import NAN, interval_by_loop, table_of

from amends.agreement.kappa import kappa_estimate, kappas, weighted_kappa


def shares(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Categories, and the joint shares of x (rows) and y (columns)."""
    categories = np.unique(np.concatenate([x, y]))
    joint = np.zeros((len(categories), len(categories)))
    for a, b in zip(x, y, strict=True):
        joint[np.searchsorted(categories, a), np.searchsorted(categories, b)] += 1 / len(x)
    return categories, joint


def by_table(x: np.ndarray, y: np.ndarray) -> float:
    """Cohen (1968) as written: 1 - sum w o / sum w e over the cells of the contingency table."""
    categories, joint = shares(x, y)
    weight = (categories[:, None] - categories[None, :]) ** 2
    chance = np.outer(joint.sum(axis=1), joint.sum(axis=0))
    return float(1 - (weight * joint).sum() / (weight * chance).sum())


def by_statsmodels(x: np.ndarray, y: np.ndarray) -> float:
    categories, joint = shares(x, y)
    return float(cohens_kappa(joint * len(x), weights=categories, wt="quadratic", return_results=False))


def test_kappa_by_hand() -> None:
    # means 2.5 and 3, variances 1.25 and 2.5, covariance 37/4 - 7.5 = 1.75: 2*1.75 / (1.25 + 2.5 + 0.25) = 0.875;
    # as Cohen has it: mean squared distance 2/4 = 0.5 against 4 by chance, 1 - 0.5/4 = 0.875
    assert weighted_kappa(np.array([1.0, 2, 3, 4]), np.array([1.0, 2, 4, 5])) == pytest.approx(0.875)


@pytest.mark.parametrize("places", [pytest.param(0, id="whole levels"), pytest.param(2, id="real levels")])
@pytest.mark.parametrize("seed", range(4))
def test_kappa_is_that_of_the_table_and_of_statsmodels(seed: int, places: int) -> None:
    random = np.random.default_rng(seed)
    x = np.round(random.uniform(1, 5, 40), places)
    y = np.clip(np.round(x + random.normal(0.3, 1, 40), places), 1, 5)
    assert weighted_kappa(x, y) == pytest.approx(by_table(x, y), abs=1e-12)
    assert weighted_kappa(x, y) == pytest.approx(by_statsmodels(x, y), abs=1e-12)


def test_a_person_and_a_scorer_go_through_one_function() -> None:
    # (1, 1.5) (3, 3) (5, 4.5): means 3, variances 8/3 and 1.5, covariance 2: 4 / (8/3 + 3/2) = 0.96
    assert weighted_kappa(np.array([1.0, 3, 5]), np.array([1.5, 3, 4.5])) == pytest.approx(0.96)


def test_the_interval_is_that_of_drawing_whole_scenarios_one_by_one() -> None:
    random = np.random.default_rng(2)
    x = random.integers(1, 6, 45).astype(float)
    y = np.clip(x + random.integers(-1, 2, 45), 1, 5)
    x[4] = NAN
    y[9] = NAN
    table = table_of([x, y], 3)
    estimate = kappa_estimate(table, 0, 1, 11)
    assert (estimate.n, estimate.clusters) == (43, 15)

    def again(columns: np.ndarray) -> float:
        kept = [i for i in columns if i not in (4, 9)]
        return by_table(x[kept], y[kept])

    expected = interval_by_loop(table.clusters, 11, again)
    assert (estimate.low, estimate.high) == pytest.approx(expected, abs=1e-12)


def test_resamples_in_which_one_annotator_gives_one_level_are_left_out() -> None:
    # b leaves level 3 on 4 of 20 scenarios only, so that a hundredth of the resamples, (16/20)^20, hold none of them
    x = np.array([1.0, 2, 3, 4, 5] * 4)
    y = np.where(np.arange(20) % 5 == 0, 1.0, 3.0)
    table = table_of([x, y])

    def again(columns: np.ndarray) -> float | None:
        return by_table(x[columns], y[columns]) if min(len(np.unique(v[columns])) for v in (x, y)) > 1 else None

    expected = pytest.approx(interval_by_loop(table.clusters, 0, again), abs=1e-12)
    for first, second in ((0, 1), (1, 0)):
        estimate = kappa_estimate(table, first, second, 0)
        assert (estimate.low, estimate.high) == expected, "a zero for each of them would draw the lower end down"


def test_every_pair_on_every_dimension() -> None:
    table = table_of(np.random.default_rng(0).integers(1, 6, (3, 20)).astype(float))
    found = kappas({"empathy": table, "excuse_avoidance": table}, 0)
    assert [(pair.first, pair.second) for pair in found] == [("a", "b"), ("a", "c"), ("b", "c")]
    assert all(list(pair.kappa) == ["empathy", "excuse_avoidance"] for pair in found)
    assert found[1].kappa["empathy"].value == pytest.approx(by_table(table.levels[0], table.levels[2]))


@pytest.mark.parametrize(
    ("levels", "why"),
    [
        pytest.param([[1, NAN], [NAN, 2]], "no reply that both judged", id="nothing in common"),
        pytest.param([[3, 3, 3], [1, 2, 3]], "one level only by a", id="0 by the formula, whatever b says"),
        pytest.param([[2, 4, 3], [3.7, 3.7, 3.7]], "one level only by b", id="a scorer stuck at one real level"),
        pytest.param([[3, 3, 3], [3, 3, 3]], "one level only by a and by b", id="0 / 0"),
        pytest.param([[3], [4]], "one level only by a and by b", id="one reply"),
    ],
)
def test_kappa_is_missing_rather_than_a_number_that_looks_fine(levels: list[list[float]], why: str) -> None:
    estimate = kappa_estimate(table_of(levels), 0, 1, 0)
    assert (estimate.value, estimate.low, estimate.high) == (None, None, None)
    assert why in str(estimate.note)


def test_one_annotator_makes_no_pair() -> None:
    assert kappas({"empathy": table_of([[1, 2, 3]])}, 0) == ()


@pytest.mark.parametrize(
    ("second", "why"),
    [
        pytest.param([1, 2, 3, 4, 5, 1], "differ in 0 of 6", id="full agreement"),
        pytest.param([1, 2, 3, 4, 4, 2], "differ in 2 of 6", id="two differences"),
    ],
)
def test_a_value_without_an_interval_says_why(second: list[float], why: str) -> None:
    estimate = kappa_estimate(table_of([[1, 2, 3, 4, 5, 1], second]), 0, 1, 0)
    assert estimate.value is not None
    assert estimate.low is None and why in str(estimate.note)


@given(st.lists(st.tuples(st.integers(100, 500), st.integers(100, 500)), min_size=2, max_size=20))
def test_kappa_is_symmetric_and_one_only_for_equal_levels(pairs: list[tuple[int, int]]) -> None:
    x, y = np.array(pairs).T / 100
    value = weighted_kappa(x, y)
    assume(value is not None)
    assert weighted_kappa(y, x) == pytest.approx(value, abs=1e-9)
    assert -1 - 1e-9 <= value <= 1 + 1e-9
    if (x == y).all():
        assert value == pytest.approx(1)
    else:
        assert value < 1
