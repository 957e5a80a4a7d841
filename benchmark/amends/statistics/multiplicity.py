"""p-values of a family of tests, adjusted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np


def holm(p: Sequence[float]) -> list[float]:
    """Holm's step-down adjustment (Holm 1979): p~_(i) = max_{j<=i} min(1, (m - j + 1) p_(j)).

    Args:
        p: raw p-values of the family, 0..1.

    Returns:
        Adjusted p-values in the same order; to compare with the family's error rate.
    """
    order = np.argsort(p, kind="stable")
    size = len(p)
    scaled = np.minimum(1.0, (size - np.arange(size)) * np.asarray(p, dtype=np.float64)[order])
    adjusted = np.empty(size)
    adjusted[order] = np.maximum.accumulate(scaled)
    return [float(x) for x in adjusted]


def holm_of(p: Mapping[str, float | None]) -> dict[str, float]:
    """Holm's adjustment over the tests of a family that could be made.

    Args:
        p: name to raw p; None where there is none, which is no member of the family.

    Returns:
        Name to adjusted p, of those that have one.
    """
    made = {name: raw for name, raw in p.items() if raw is not None}
    return dict(zip(made, holm(list(made.values())), strict=True))


def benjamini_hochberg(p: Sequence[float]) -> list[float]:
    """Benjamini & Hochberg's step-up adjustment (1995): q_(i) = min_{j>=i} min(1, m p_(j) / j).

    Args:
        p: raw p-values of the family, 0..1.

    Returns:
        Adjusted p-values in the same order; to compare with the false discovery rate.
    """
    order = np.argsort(p, kind="stable")
    size = len(p)
    scaled = np.minimum(1.0, np.asarray(p, dtype=np.float64)[order] * size / np.arange(1, size + 1))
    adjusted = np.empty(size)
    adjusted[order] = np.minimum.accumulate(scaled[::-1])[::-1]
    return [float(x) for x in adjusted]
