"""Ridge regression in its dual form, for more columns than rows: only inner products of rows are needed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from amends.statistics.resampling import Floats


def ridge_predicted(gram: Floats, levels: Floats, cross: Floats, penalties: Sequence[float]) -> Floats:
    """Predictions of the b that minimises sum (y - a - x b)^2 + penalty |b|^2 (Hoerl & Kennard 1970).

    Dual form with the intercept a not penalised (Saunders, Gammerman & Vovk 1998):
    y_new = mean(y) + k_c (K_c + penalty I)^-1 (y - mean(y)), K_c and k_c the inner products of rows centred on the
    fitted rows' mean. K_c + penalty I is positive definite, so that one Cholesky factor a penalty serves every y.

    Args:
        gram: shape (n, n), X X' of the fitted rows.
        levels: shape (n, k), k times y.
        cross: shape (m, n), X_new X'.
        penalties: each above 0.

    Returns:
        Shape (len(penalties), m, k).
    """
    from scipy.linalg import cho_factor, cho_solve

    columns, whole, level = gram.mean(axis=0), float(gram.mean()), levels.mean(axis=0)
    centred = gram - columns
    centred -= columns[:, None] - whole
    new = cross - cross.mean(axis=1, keepdims=True)
    new -= columns - whole
    found = np.empty((len(penalties), len(cross), levels.shape[1]))
    diagonal = np.diag_indices(len(gram))
    for at, penalty in enumerate(penalties):
        penalised = centred.copy()
        penalised[diagonal] += penalty
        # transposed, since LAPACK goes by columns: the matrix is its own transpose, and no copy is made
        factor = cho_factor(penalised.T, lower=True, overwrite_a=True, check_finite=False)
        found[at] = level + new @ cho_solve(factor, levels - level, check_finite=False)
    return found
