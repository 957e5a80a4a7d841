"""Ordinal alpha: by hand, by the krippendorff package, and where it is not computable."""

import math

import krippendorff
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.agreement.cases import NAN, interval_by_loop, table_of

from amends.agreement.alpha import alpha, alpha_estimate


def by_the_package(levels: np.ndarray) -> float:
    return float(krippendorff.alpha(levels, level_of_measurement="ordinal"))


def test_alpha_by_hand() -> None:
    # Units (1,1) (2,2) (1,2) (3,3): n_1 = 3, n_2 = 3, n_3 = 2, n = 8.
    # delta^2: 1-2: (6 - 3)^2 = 9; 1-3: (8 - 2.5)^2 = 30.25; 2-3: (5 - 2.5)^2 = 6.25.
    # Observed above the diagonal: o_12 = 1, so D = 9. Expected: 9*9 + 6*30.25 + 6*6.25 = 300.
    # alpha = 1 - 7 * 9 / 300 = 0.79.
    assert alpha(np.array([[1, 2, 1, 3], [1, 2, 2, 3]], dtype=float)) == pytest.approx(0.79)


def test_alpha_of_a_published_example() -> None:
    # Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, example C with ordinal distances: 0.815
    a = [1, 2, 3, 3, 2, 1, 4, 1, 2, NAN, NAN, NAN]
    b = [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NAN, 3]
    c = [NAN, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NAN]
    d = [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NAN]
    assert alpha(np.array([a, b, c, d], dtype=float)) == pytest.approx(0.815, abs=5e-4)


@pytest.mark.parametrize("places", [pytest.param(0, id="whole levels"), pytest.param(2, id="a scorer's real levels")])
@pytest.mark.parametrize("seed", range(5))
def test_alpha_with_gaps_is_the_packages(seed: int, places: int) -> None:
    random = np.random.default_rng(seed)
    levels = np.round(random.uniform(1, 5, (3, 30)), places)
    levels[random.random((3, 30)) < 0.3] = NAN
    assert alpha(levels) == pytest.approx(by_the_package(levels), abs=1e-12)


@pytest.mark.parametrize("a_scenario", [1, 3])
def test_the_interval_is_that_of_drawing_whole_scenarios_one_by_one(a_scenario: int) -> None:
    random = np.random.default_rng(a_scenario)
    truth = random.integers(1, 6, 36).astype(float)
    levels = np.clip(truth + random.integers(-1, 2, (3, 36)), 1, 5)
    levels[0, ::5] = NAN
    table = table_of(levels, a_scenario)
    estimate = alpha_estimate(table, 7)
    expected = interval_by_loop(table.clusters, 7, lambda columns: by_the_package(levels[:, columns]))
    assert (estimate.low, estimate.high) == pytest.approx(expected, abs=1e-12)
    assert (estimate.n, estimate.clusters) == (36, 36 // a_scenario)


@pytest.mark.parametrize(
    ("levels", "why"),
    [
        pytest.param([[1.0, 2.0]], "one annotator only", id="nobody to agree with"),
        pytest.param([[1.0, NAN], [NAN, 2.0]], "no reply was judged by two", id="nothing is judged twice"),
        pytest.param([[1.0, 2.0], [2.0, NAN]], "one reply only", id="one unit"),
        pytest.param([[3.0] * 3] * 2, "one level only", id="one level throughout: chance is not defined"),
        pytest.param([[3.25] * 3] * 2, "one level only", id="one real level"),
    ],
)
def test_alpha_is_missing_rather_than_a_number_that_looks_fine(levels: list[list[float]], why: str) -> None:
    assert alpha(np.array(levels)) is None
    estimate = alpha_estimate(table_of(levels), 0)
    assert (estimate.value, estimate.low, estimate.high) == (None, None, None)
    assert why in str(estimate.note)


def test_an_empty_table_has_no_alpha() -> None:
    assert alpha_estimate(table_of(np.zeros((0, 0))), 0).note == "no annotator"


@pytest.mark.parametrize(
    ("levels", "why"),
    [
        pytest.param([[1, 2, 3, 4], [1, 2, 4, 4]], "under 5 clusters", id="too few scenarios"),
        pytest.param([[1, 2, 3, 4, 5, 1]] * 2, "differ in 0 of 6", id="full agreement is not certain agreement"),
        pytest.param([[1, 2, 3, 4, 5, 1], [1, 2, 3, 4, 4, 2]], "differ in 2 of 6", id="two differences"),
    ],
)
def test_a_value_without_an_interval_says_why(levels: list[list[float]], why: str) -> None:
    estimate = alpha_estimate(table_of(levels), 0)
    assert estimate.value is not None
    assert (estimate.low, estimate.high, estimate.method) == (None, None, None)
    assert why in str(estimate.note)


def test_replies_repeated_within_their_scenario_add_no_certainty() -> None:
    random = np.random.default_rng(3)
    truth = random.integers(1, 6, 60).astype(float)
    once = table_of(np.stack([truth, np.clip(truth + random.integers(-1, 2, 60), 1, 5)]), 3)
    twice = type(once)(
        once.annotators,
        once.units + tuple(u + "x" for u in once.units),
        once.clusters * 2,
        np.hstack([once.levels] * 2),
    )
    one, two = alpha_estimate(once, 7), alpha_estimate(twice, 7)
    assert one.low < one.value < one.high  # type: ignore[operator]
    assert (two.high - two.low) == pytest.approx(one.high - one.low, abs=0.02)  # type: ignore[operator]


LEVELS = st.lists(
    st.tuples(*[st.one_of(st.just(NAN), st.integers(1, 5).map(float), st.floats(1, 5, width=16))] * 3),
    min_size=2,
    max_size=12,
)


@given(LEVELS, st.randoms(use_true_random=False))
def test_alpha_knows_no_order_and_is_at_most_one(rows, random) -> None:
    levels = np.array(rows).T
    value = alpha(levels)
    assume(value is not None)
    assert not math.isnan(value) and value <= 1
    columns, lines = list(range(len(rows))), [0, 1, 2]
    random.shuffle(columns)
    random.shuffle(lines)
    assert alpha(levels[lines][:, columns]) == pytest.approx(value, abs=1e-9)
    paired = levels[:, (~np.isnan(levels)).sum(axis=0) >= 2]
    agreed = (np.nanmax(paired, axis=0) == np.nanmin(paired, axis=0)).all()
    assert (value == 1) == agreed
