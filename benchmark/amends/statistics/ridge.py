"""Ridge regression in its dual form, for more columns than rows: only inner products of rows are needed."""

from __future__ import annotations

import numpy as np

from amends.statistics.resampling import Floats


def ridge_predicted(gram: Floats, levels: Floats, cross: Floats, penalty: float) -> Floats:
    """Predictions of the b that minimises sum (y - a - x b)^2 + penalty |b|^2 (Hoerl & Kennard 1970).

    Dual form with the intercept a not penalised (Saunders, Gammerman & Vovk 1998):
    y_new = mean(y) + k_c (K_c + penalty I)^-1 (y - mean(y)), K_c and k_c the inner products of rows centred on the
    fitted rows' mean.

    Args:
        gram: shape (n, n), X X' of the fitted rows.
        levels: shape (n,), their y.
        cross: shape (m, n), X_new X'.
        penalty: above 0.

    Returns:
        Shape (m,).
    """
    columns, whole, level = gram.mean(axis=0), float(gram.mean()), float(levels.mean())
    centred = gram - columns - columns[:, None] + whole
    dual = np.linalg.solve(centred + penalty * np.eye(len(levels)), levels - level)
    new = cross - cross.mean(axis=1, keepdims=True) - columns + whole
    return np.asarray(level + new @ dual, dtype=np.float64)
