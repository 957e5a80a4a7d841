"""Bias of each annotator against the others."""

import numpy as np
import pytest
from tests.agreement.cases import NAN, table_of

from amends.agreement.bias import bias_estimate, biases

THREE = [[3, 4, NAN, 5], [2, 4, 3, NAN], [2, NAN, 3, NAN]]


@pytest.mark.parametrize(
    ("row", "bias", "n"),
    [
        # 3 - (2+2)/2 = 1 and 4 - 4 = 0; nobody else judged the last reply
        pytest.param(0, 0.5, 2, id="a"),
        # 2 - (3+2)/2 = -0.5, 4 - 4 = 0, 3 - 3 = 0
        pytest.param(1, -0.5 / 3, 3, id="b"),
        # 2 - (3+2)/2 = -0.5, 3 - 3 = 0
        pytest.param(2, -0.25, 2, id="c"),
    ],
)
def test_bias_by_hand(row: int, bias: float, n: int) -> None:
    estimate = bias_estimate(table_of(THREE), row, 0)
    assert (estimate.value, estimate.n) == (pytest.approx(bias), n)
    assert estimate.low is None and "under 5 clusters" in str(estimate.note)


def test_two_annotators_are_each_others_negatives() -> None:
    levels = np.random.default_rng(1).integers(1, 6, (2, 40)).astype(float)
    a, b = (bias_estimate(table_of(levels, 2), row, 3) for row in (0, 1))
    assert a.value == pytest.approx(-b.value)
    assert a.value == pytest.approx(float((levels[0] - levels[1]).mean()))
    assert (a.low, a.high) == (pytest.approx(-b.high, abs=0.05), pytest.approx(-b.low, abs=0.05))
    assert (a.n, a.clusters) == (40, 20)


def test_a_lenient_annotator_among_four_is_found_and_the_others_are_not() -> None:
    random = np.random.default_rng(4)
    truth = random.uniform(2, 4, 120)
    levels = np.stack([truth + random.normal(0, 0.2, 120) + shift for shift in (0, 0, 0.6, 0)])
    found = biases({"empathy": table_of(levels, 4)}, 0)
    low = {name: own["empathy"].low for name, own in found.items()}
    assert [name for name, end in low.items() if end > 0] == ["c"]
    # c stands 0.6 above the mean of three; each of them 0.2 below the mean of the three others
    assert found["c"]["empathy"].value == pytest.approx(0.6, abs=0.08)
    assert found["a"]["empathy"].value == pytest.approx(-0.2, abs=0.08)


@pytest.mark.parametrize(
    ("levels", "why"),
    [
        pytest.param([[1, 2, 3]], "one annotator only", id="nobody to compare with"),
        pytest.param([[1, NAN], [NAN, 2]], "no reply that another judged", id="nothing in common"),
    ],
)
def test_a_bias_that_cannot_be_computed_says_why(levels: list[list[float]], why: str) -> None:
    estimate = bias_estimate(table_of(levels), 0, 0)
    assert (estimate.value, estimate.n) == (None, 0)
    assert why in str(estimate.note)


def test_equal_levels_have_an_interval_that_is_no_point() -> None:
    estimate = bias_estimate(table_of([[1, 2, 3, 4, 5, 1]] * 2), 0, 0)
    assert estimate.value == 0
    assert estimate.low < 0 < estimate.high
