"""Adjusted p-values: by hand and by statsmodels."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from amends.statistics.multiplicity import benjamini_hochberg, holm


def test_by_hand() -> None:
    # Holm: 3 * 0.01 = 0.03; 2 * 0.03 = 0.06; 1 * 0.04 = 0.04, raised to 0.06
    assert holm([0.03, 0.01, 0.04]) == pytest.approx([0.06, 0.03, 0.06])
    # Benjamini & Hochberg: 3/3 * 0.04 = 0.04; 3/2 * 0.03 = 0.045, lowered to 0.04; 3/1 * 0.01 = 0.03
    assert benjamini_hochberg([0.03, 0.01, 0.04]) == pytest.approx([0.04, 0.03, 0.04])


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_by_statsmodels(p: list[float]) -> None:
    assert holm(p) == pytest.approx(multipletests(p, method="holm")[1].tolist())
    assert benjamini_hochberg(p) == pytest.approx(multipletests(p, method="fdr_bh")[1].tolist())


def test_an_empty_family_is_empty() -> None:
    assert holm([]) == [] == benjamini_hochberg([])
