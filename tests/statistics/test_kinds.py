"""Very many clusters are drawn by their kinds: other draws of the same distribution."""

import numpy as np
import pytest

from amends.statistics import adjusted, paired, resampling
from amends.statistics.groups import Group
from amends.statistics.influence import cells, codes, distinct, outermost, together, variance


def test_signs_by_kind_give_the_p_of_signs_one_by_one(monkeypatch) -> None:
    """Of 10,000 patterns the error of a p of one half is 0.005; of a difference 0.007; four of those are 0.028."""
    draw = np.random.default_rng(3)
    sums = draw.choice([-1.0, -0.5, 0.0, 0.5, 1.0], (400, 2)) + np.array([0.055, 0.04])
    plain = resampling.flip_p(sums, 1)
    monkeypatch.setattr(resampling, "DRAWN_SINGLY", 100)
    assert resampling.flip_p(sums, 1) == pytest.approx(plain, abs=0.028)
    assert 0.02 < plain.min() < plain.max() < 0.9
    every = draw.normal(size=(400, 2))
    assert (resampling.flip_p(every, 1) == resampling.flip_p(every, 1)).all(), "no two alike: drawn one by one"


def test_many_columns_are_each_drawn_by_kind(monkeypatch) -> None:
    draw = np.random.default_rng(4)
    values = draw.choice([-1.0, 0.0, 0.0, 1.0], (500, 3))
    values[:40, 1] = np.nan
    labels = np.arange(500)
    plain = paired.columns(values, labels, (-1.0, 1.0), 1)
    for module in (paired, paired.mean_of_sums.__globals__):
        if isinstance(module, dict):
            monkeypatch.setitem(module, "DRAWN_SINGLY", 100)
        else:
            monkeypatch.setattr(module, "DRAWN_SINGLY", 100)
    for one, other in zip(plain, paired.columns(values, labels, (-1.0, 1.0), 1), strict=True):
        assert (one.value, one.n, one.clusters) == (other.value, other.n, other.clusters)
        assert (other.low, other.high) == pytest.approx((one.low, one.high), abs=0.006)


def test_a_mix_of_very_many_clusters_is_laid_out_by_cell(monkeypatch) -> None:
    """The same sums in another order: equal but for rounding."""
    draw = np.random.default_rng(5)
    sides = [Group(draw.choice([1.0, 2.5, 4.0, 5.0], n), draw.integers(0, 60, n)) for n in (500, 450)]
    strata = [draw.integers(0, 5, 500), draw.integers(0, 6, 450)]
    table = adjusted.standardised(sides[0], sides[1], strata[0], strata[1])
    monkeypatch.setattr(adjusted, "DRAWN_SINGLY", 3)
    by_cell = adjusted.standardised(sides[0], sides[1], strata[0], strata[1])
    assert by_cell.strata == table.strata == 5 and by_cell.covered == table.covered
    assert by_cell.difference.error == pytest.approx(table.difference.error, rel=1e-9)
    assert by_cell.difference.estimate.value == pytest.approx(table.difference.estimate.value, rel=1e-12)


def test_labels_by_number_are_labels_by_name() -> None:
    draw = np.random.default_rng(6)
    inner, other = draw.integers(0, 30, 200), draw.integers(0, 7, 200)
    outer = inner // 3
    phi = draw.normal(size=200)
    names = [[f"n{x}" for x in labels] for labels in (inner, outer, other)]
    assert codes(inner).tolist() == codes(names[0]).tolist()
    assert distinct(together(inner, other + 20)) == len({*inner.tolist(), *(other + 20).tolist()})
    assert together(inner[:2], ["a"]) == [inner[0], inner[1], "a"]
    kept = outermost([inner, outer, other])
    assert [k is outer or k is other for k in kept] == [True, True]
    assert variance(phi, [inner, outer, other]) == variance(phi, names)
    assert len(np.unique(cells(inner, other))) == len(set(zip(inner.tolist(), other.tolist(), strict=True)))
