"""The multitrait-multimethod matrix."""

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
import scipy.stats
from tests.agreement.cases import NAN, interval_by_loop, judged

from amends.agreement.mtmm import Mtmm, mtmm, rho_estimate
from amends.agreement.table import by_method, table
from amends.records import DIMENSIONS
from amends.statistics.correlation import spearman


def matrix_of(second_method: Mapping[str, Sequence[float]], first: Mapping[str, Sequence[float]]) -> Mtmm:
    both = judged("a", "holistic", first) + judged("b", "checklist", second_method)
    return mtmm({d: table(both, d, by_method) for d in DIMENSIONS}, 0)


def test_spearman_is_scipys() -> None:
    random = np.random.default_rng(0)
    x, y = random.integers(1, 6, 50).astype(float), random.integers(1, 6, 50).astype(float)
    assert spearman(x, y) == pytest.approx(scipy.stats.spearmanr(x, y).statistic)
    assert spearman(x[:2], y[:2]) is None
    assert spearman(np.ones(9), y[:9]) is None


def test_dimensions_that_come_apart_hold_and_a_halo_does_not() -> None:
    random = np.random.default_rng(1)
    apart = {f"s{i}.r": random.integers(1, 6, 3).astype(float) for i in range(80)}
    halo = {reply: (levels[0],) * 3 for reply, levels in apart.items()}
    held = matrix_of(apart, apart)
    assert held.smallest_convergent.rho.value == pytest.approx(1.0)  # type: ignore[union-attr]
    assert held.holds is True
    lost = matrix_of(halo, halo)
    assert lost.largest_discriminant.rho.value == pytest.approx(1.0)  # type: ignore[union-attr]
    assert lost.holds is False, "one number in three columns is no three dimensions"
    # 6 columns: 3 convergent, 6 discriminant, 6 within a method
    assert (len(held.cells), sum(c.convergent for c in held.cells), sum(c.discriminant for c in held.cells)) == (
        15,
        3,
        6,
    )


def test_a_strong_negative_correlation_speaks_against_it_too() -> None:
    random = np.random.default_rng(1)
    levels = {f"s{i}.r": (x := float(random.integers(1, 6)), 6 - x, float(random.integers(1, 6))) for i in range(40)}
    found = matrix_of(levels, levels)
    assert found.largest_discriminant.rho.value == pytest.approx(-1)  # type: ignore[union-attr]
    assert found.holds is False


@pytest.mark.parametrize("places", [pytest.param(0, id="whole levels"), pytest.param(2, id="real levels")])
def test_the_interval_is_that_of_drawing_whole_scenarios_one_by_one(places: int) -> None:
    random = np.random.default_rng(6)
    x = np.round(random.uniform(1, 5, 36), places)
    y = np.round(np.clip(x + random.normal(0, 1, 36), 1, 5), places)
    x[3] = NAN
    clusters = tuple(f"s{i // 3:02d}" for i in range(36))
    estimate = rho_estimate(x, y, clusters, 9)
    assert (estimate.n, estimate.clusters) == (35, 12)

    def again(columns: np.ndarray) -> float:
        kept = columns[columns != 3]
        return float(scipy.stats.spearmanr(x[kept], y[kept]).statistic)

    expected = interval_by_loop(clusters, 9, again)
    assert (estimate.low, estimate.high) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    ("x", "y", "value", "why"),
    [
        ([1, 2, NAN, 3], [1, NAN, 2, 3], None, "under three replies"),
        ([1, 2, 3, 4], [3, 3, 3, 3], None, "one level only"),
        ([1, 2, 3, 4], [1, 2, 3, 5], 1.0, "under 5 clusters"),
        ([1, 2, 3, 4, 5, 1], [1, 2, 3, 4, 5, 1], 1.0, "do not differ"),
    ],
)
def test_what_cannot_be_computed_says_why(x, y, value: float | None, why: str) -> None:
    estimate = rho_estimate(np.array(x, dtype=float), np.array(y, dtype=float), tuple("abcdef"[: len(x)]), 0)
    assert (estimate.value, estimate.low) == (value if value is None else pytest.approx(value), None)
    assert why in str(estimate.note)


def test_one_method_makes_no_matrix() -> None:
    found = mtmm({d: table(judged("a", "holistic", {"s1.r": (1, 2, 3)}), d, by_method) for d in DIMENSIONS}, 0)
    assert (found.smallest_convergent, found.largest_discriminant, found.holds) == (None, None, None)
