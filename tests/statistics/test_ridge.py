"""Ridge regression: by hand, and as least squares on rows that pull the slopes to 0."""

import numpy as np
import pytest

from amends.statistics.ridge import ridge_predicted


def predicted(x, y, new, penalty):
    x, y, new = (np.array(one, dtype=float) for one in (x, y, new))
    return ridge_predicted(x @ x.T, y[:, None], new @ x.T, [penalty])[0, :, 0]


def test_by_hand():
    # x = -1, 0, 1; y = 1, 2, 6: centred sum xy = 5, sum xx = 2; slope 5 / (2 + 3), intercept the mean of y, 3
    assert predicted([[-1], [0], [1]], [1, 2, 6], [[2], [0]], 3.0) == pytest.approx([5.0, 3.0])


def test_a_shift_of_all_columns_changes_nothing():
    assert predicted([[9], [10], [11]], [1, 2, 6], [[12], [10]], 3.0) == pytest.approx([5.0, 3.0])


def test_against_least_squares_with_penalty_rows():
    """Minimising |y - Xb|^2 + p |b|^2 is least squares with sqrt(p) I below X and zeros below y (numpy's lstsq)."""
    generator = np.random.default_rng(1)
    x, y, new = generator.normal(size=(8, 20)), generator.normal(size=8), generator.normal(size=(3, 20))
    rows = np.vstack([x - x.mean(axis=0), np.sqrt(2.5) * np.eye(20)])
    slopes = np.linalg.lstsq(rows, np.concatenate([y - y.mean(), np.zeros(20)]), rcond=None)[0]
    assert predicted(x, y, new, 2.5) == pytest.approx(y.mean() + (new - x.mean(axis=0)) @ slopes)


def test_several_levels_and_penalties_at_once_are_each_of_them_alone():
    generator = np.random.default_rng(2)
    x, y, new = generator.normal(size=(9, 12)), generator.normal(size=(9, 3)), generator.normal(size=(4, 12))
    together = ridge_predicted(x @ x.T, y, new @ x.T, [0.5, 4.0])
    assert together.shape == (2, 4, 3)
    for at, penalty in enumerate((0.5, 4.0)):
        for column in range(3):
            assert together[at, :, column] == pytest.approx(predicted(x, y[:, column], new, penalty), abs=1e-12)


def test_what_is_given_is_left_as_it_was():
    x, y = np.random.default_rng(3).normal(size=(6, 8)), np.arange(6.0)[:, None]
    gram, cross = x @ x.T, x[:2] @ x.T
    before = gram.copy(), y.copy(), cross.copy()
    ridge_predicted(gram, y, cross, [1.0, 2.0])
    for one, was in zip((gram, y, cross), before, strict=True):
        assert (one == was).all()
