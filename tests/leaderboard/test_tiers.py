"""Tiers against the comparison of a few, and against plain double-precision step-down."""

from __future__ import annotations

import numpy as np
import pytest

from amends.comparison.several import compare_several
from amends.comparison.sides import Side, Unit
from amends.leaderboard.tiers import compared, least_p, step_down_32, tiers_of
from amends.records import DIMENSIONS
from amends.signature import SEED
from amends.statistics.resampling import step_down


def made(entries: int, scenarios: int, samples: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    skill = np.linspace(1.2, 4.8, entries)[None, :, None, None]
    levels = np.round(np.clip(skill + rng.normal(size=(3, entries, scenarios, samples)), 1, 5), 1)
    levels[rng.random(levels.shape) < 0.03] = -np.inf
    levels[rng.random(levels.shape) < 0.03] = np.nan
    return levels


def sides(levels: np.ndarray) -> list[Side]:
    found = []
    for e in range(levels.shape[1]):
        units = []
        for s in range(levels.shape[2]):
            for k in range(levels.shape[3]):
                cell = levels[:, e, s, k]
                given = not np.isinf(cell).any()
                own = {d: None if not np.isfinite(x) else float(x) for d, x in zip(DIMENSIONS, cell, strict=True)}
                units.append(Unit(f"{s}.{k}", f"{s:03}", (), (), own, frozenset(), given, None))
        found.append(Side(f"e{e}", units, {"name": "rules", "version": 3}, "0" * 12, levels.shape[3]))
    return found


@pytest.mark.parametrize(("samples", "seed"), [(1, 1), (3, 2)])
def test_as_compare_does(samples: int, seed: int) -> None:
    """The same pairs, p and tiers as ``amends compare A B C D E`` on the same replies."""
    levels = made(5, 60, samples, seed)
    # a reply that was not given has no level on any dimension
    gone = np.isinf(levels).any(axis=0)
    levels[:, gone] = -np.inf
    own, theirs = compared(levels, SEED), compare_several(sides(levels), SEED)
    names = [f"e{e}" for e in range(5)]
    for d, dimension in enumerate(DIMENSIONS):
        for pair in theirs.pairs[dimension]:
            i, j = names.index(pair.first), names.index(pair.second)
            assert own.better[d, j, i] == pytest.approx(pair.better.value, abs=1e-6)
            assert own.better[d, i, j] == pytest.approx(1 - (pair.better.value or 0), abs=1e-6)
            assert own.p[d, i, j] == pytest.approx(pair.p_adjusted, abs=2e-4), "one pattern in 10,001 may round"
        assert tiers_of(names, own.better[d], own.p[d]) == theirs.tiers[dimension]
    assert len(theirs.tiers["empathy"]) > 1, "a test that could fail"


@pytest.mark.parametrize(("scenarios", "columns"), [(8, 5), (60, 300)])
def test_step_down_in_single_precision(scenarios: int, columns: int) -> None:
    rng = np.random.default_rng(3)
    contributions = rng.choice([-0.5, 0.0, 0.5], size=(scenarios, columns), p=[0.3, 0.2, 0.5])
    contributions[:, 0] = 0.0
    assert step_down_32(contributions.astype(np.float32), SEED) == pytest.approx(
        step_down(contributions, SEED), abs=3e-4
    )


def square(better: list[list[float]]) -> np.ndarray:
    return np.array(better)


def test_tiers_by_hand() -> None:
    names = ["b", "a", "c"]
    better = square([[0.5, 0.5, 0.9], [0.5, 0.5, 0.8], [0.1, 0.2, 0.5]])
    sure = square([[1, 1, 0.01], [1, 1, 0.05], [0.01, 0.05, 1]])
    assert tiers_of(names, better, sure) == (("a", "b"), ("c",)), "c is beaten by both; a and b stand by the alphabet"
    unsure = square([[1, 1, 0.01], [1, 1, 0.06], [0.01, 0.06, 1]])
    assert tiers_of(names, better, unsure) == (("a", "b", "c"),), "one of the two is not sure to beat c"
    assert tiers_of(["x"], square([[0.5]]), square([[1]])) == (("x",),)
    assert tiers_of([], square([[]]), square([[]])) == ()


def test_what_few_scenarios_can_show() -> None:
    assert least_p(4) == 2 / 16
    levels = np.array([[[[1.0]] * 4, [[5.0]] * 4]] * 3)
    found = compared(levels, SEED)
    assert found.better[0, 1, 0] == 1.0
    assert found.p[0, 1, 0] == pytest.approx(2 / 16), "all four patterns one way, of 16; three equal dimensions"


def test_a_pair_that_cannot_be_judged_is_not_sure() -> None:
    levels = np.full((3, 2, 10, 1), np.nan)
    levels[:, 0] = 3.0
    found = compared(levels, SEED)
    assert found.p[0, 0, 1] == 1.0 and found.better[0, 0, 1] == 0.5


def test_no_reply_is_worse_than_any() -> None:
    levels = np.full((3, 2, 10, 1), -np.inf)
    levels[:, 1] = 1.0
    assert compared(levels, SEED).better[0, 1, 0] == 1.0


def test_one_entry_is_one_tier() -> None:
    found = compared(np.full((3, 1, 10, 1), 3.0), SEED)
    assert tiers_of(["only"], found.better[0], found.p[0]) == (("only",),)
