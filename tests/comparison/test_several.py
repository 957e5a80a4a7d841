"""More than two sides: all pairs, and tiers."""

from __future__ import annotations

import numpy as np
import pytest
from tests.comparison.conftest import MISSING, side

from amends.comparison.several import PairEffect, compare_several, tiers_of
from amends.comparison.two import Asked, compare_two
from amends.errors import UsageError
from amends.statistics.estimate import Estimate


def drawn(seed: int, shift: float, n: int = 40) -> list[float]:
    return np.clip(np.round(np.random.default_rng(seed).normal(3 + shift, 1, n)), 1, 5).tolist()


def test_a_pair_among_several_has_the_numbers_of_the_pair_alone() -> None:
    sides = [side("a", drawn(1, 0)), side("b", drawn(2, 0.8)), side("c", drawn(3, -0.5))]
    several = compare_several(sides, 12345)
    for pair, (i, j) in zip(several.pairs["empathy"], ((0, 1), (0, 2), (1, 2)), strict=True):
        alone = compare_two(sides[i], sides[j], Asked()).dimensions["empathy"]
        assert pair.better.value == pytest.approx(alone.better.value)
        assert pair.mean.value == pytest.approx(alone.mean.value)
        # the same draws over clusters in another order: equal within the error of 10,000 resamples
        assert (pair.mean.low, pair.mean.high) == pytest.approx((alone.mean.low, alone.mean.high), abs=0.03)
        assert pair.p_adjusted is not None
        assert alone.p is not None
        assert pair.p_adjusted >= alone.p - 0.02


def test_missing_replies_and_unjudged_ones_count_as_with_two_sides() -> None:
    sides = [side("a", [1, MISSING, 3, 3, 2, 4]), side("b", [MISSING, 1, 4, None, 2, 5]), side("c", [2] * 6)]
    pair = compare_several(sides, 1).pairs["empathy"][0]
    alone = compare_two(sides[0], sides[1], Asked()).dimensions["empathy"]
    assert (pair.better.value, pair.better.n) == (alone.better.value, alone.better.n)
    assert (pair.mean.value, pair.mean.n) == (alone.mean.value, alone.mean.n)


def test_several_samples_are_averaged() -> None:
    keys = [0, 0, 1, 2, 3, 4]
    sides = [side("a", [1, 3, 2, 2, 3, 2], keys=keys), side("b", [2, 2, 4, 2, 2]), side("c", [1, 2, 3, 4, 5])]
    pair = compare_several(sides, 1).pairs["empathy"][0]
    alone = compare_two(sides[0], sides[1], Asked()).dimensions["empathy"]
    assert (pair.better.value, pair.mean.value) == (alone.better.value, alone.mean.value)


def pair(first: str, second: str, better: float, p: float) -> PairEffect:
    nothing = Estimate(0.0, None, None, 9, 9, None)
    return PairEffect(first, second, Estimate(better, None, None, 9, 9, None), nothing, p)


@pytest.mark.parametrize(
    ("found", "tiers"),
    [
        # c beats both for sure, b and a are not told apart
        ([pair("a", "b", 0.6, 0.3), pair("a", "c", 0.9, 0.01), pair("b", "c", 0.8, 0.01)], (("c",), ("a", "b"))),
        # c beats a only: no boundary holds for all above against all below
        ([pair("a", "b", 0.6, 0.3), pair("a", "c", 0.9, 0.01), pair("b", "c", 0.6, 0.3)], (("a", "b", "c"),)),
        # all apart
        ([pair("a", "b", 0.9, 0.01), pair("a", "c", 0.9, 0.01), pair("b", "c", 0.9, 0.01)], (("c",), ("b",), ("a",))),
        # nothing is sure: one tier, in the alphabet's order
        ([pair("a", "b", 0.9, 0.5), pair("a", "c", 0.9, 0.5), pair("b", "c", 0.9, 0.5)], (("a", "b", "c"),)),
    ],
)
def test_a_tier_ends_where_all_above_beat_all_below(
    found: list[PairEffect], tiers: tuple[tuple[str, ...], ...]
) -> None:
    assert tiers_of(["a", "b", "c"], found) == tiers


def test_only_common_scenarios_count_and_that_is_said() -> None:
    sides = [side("a", [1] * 9), side("b", [2] * 8), side("c", [3] * 7)]
    found = compare_several(sides, 1)
    assert found.design["pairs"] == 7
    assert any("Only the 7 scenarios" in note for note in found.notes)


@pytest.mark.parametrize(
    ("sides", "why"),
    [
        ([side("a", [1] * 6), side("a", [2] * 6), side("c", [3] * 6)], "the same name"),
        ([side("a", [1] * 6), side("b", [2] * 6), side("c", [3] * 6, keys=range(10, 16))], "have 0"),
        ([side("a", [1] * 4), side("b", [2] * 4), side("c", [3] * 4)], "have 4"),
    ],
)
def test_what_cannot_be_compared_is_refused(sides: list[object], why: str) -> None:
    with pytest.raises(UsageError, match=why):
        compare_several(sides, 1)  # type: ignore[arg-type]
