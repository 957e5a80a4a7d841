"""Whole clusters resampled for many columns at once: studentised bootstrap, sign flips, step-down adjustment.

A *column* is one number to be estimated (a generator's mean, a difference of two generators); all columns are
resampled by the same draws, so that their joint distribution is kept and one matrix product serves them all.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 10_000

Floats = NDArray[np.float64]

_BLOCK = 4_000_000
_FLAT = 1e-9
"""A resampled standard error below this: the resample has no spread."""
EXACT_FLIPS = 13
"""Up to so many clusters every one of the 2^G sign patterns is taken, above it RESAMPLES random ones."""


def blocks(groups: int) -> list[int]:
    """Sizes of the blocks in which RESAMPLES draws of so many weights fit in memory."""
    block = max(1, _BLOCK // groups)
    return [min(block, RESAMPLES - start) for start in range(0, RESAMPLES, block)]


def studentised(sums: Floats, sizes: Floats, seed: int) -> tuple[Floats, Floats]:
    """RESAMPLES values of t* for each column (Efron & Tibshirani 1993, 12.5).

    t* = (m* - m) / sqrt(V*), where m is the ratio mean sum(s) / sum(n) over the clusters and V* its linearised
    variance in the resample.

    Args:
        sums: shape (G, P), cluster sums of P columns.
        sizes: shape (G, P), or (G, 1) where all columns share them.
        seed: of the draws.

    Returns:
        t* of shape (RESAMPLES, P) (0 or infinite where a resample has no spread), and of shape (P,) the share of
        such resamples.
    """
    groups, columns = sums.shape
    shared = sizes.shape[1]
    mean = sums.sum(axis=0) / sizes.sum(axis=0)
    moments = np.concatenate([sums, sizes, sums**2, sums * sizes, sizes**2], axis=1)
    edges = np.cumsum([columns, shared, columns, columns])
    generator = np.random.default_rng(seed)
    parts, flats = [], np.zeros(columns)
    for size in blocks(groups):
        weights = generator.multinomial(groups, np.full(groups, 1 / groups), size=size).astype(np.float64)
        s, n, ss, sn, nn = np.split(weights @ moments, edges, axis=1)
        star = s / n
        squares = np.maximum(ss - 2 * star * sn + star**2 * nn, 0.0)
        error = np.sqrt(groups / (groups - 1) * squares) / n
        off = star - mean
        flat = error < _FLAT
        flats += flat.sum(axis=0)
        t = np.divide(off, error, out=np.where(np.abs(off) < _FLAT, 0.0, np.copysign(np.inf, off)), where=~flat)
        parts.append(t)
    return np.concatenate(parts), np.asarray(flats / RESAMPLES, dtype=np.float64)


def signs(groups: int, seed: int) -> NDArray[np.float64]:
    """Sign patterns over clusters: all 2^G of them up to EXACT_FLIPS clusters, else RESAMPLES random ones.

    Returns:
        Shape (patterns, G), of -1 and 1; the observed pattern (all 1) is the first row.
    """
    if groups <= EXACT_FLIPS:
        codes = np.arange(2**groups)
        return np.asarray(1.0 - 2.0 * ((codes[:, None] >> np.arange(groups)) & 1), dtype=np.float64)
    drawn = np.random.default_rng(seed).integers(0, 2, size=(RESAMPLES, groups))
    return np.concatenate([np.ones((1, groups)), 2.0 * drawn - 1.0])


def smallest_p(groups: int) -> float:
    """The smallest p that a two-sided sign-flip test over so many clusters can give."""
    return 2.0 / 2**groups if groups <= EXACT_FLIPS else 1.0 / (RESAMPLES + 1)


def flip_statistics(contributions: Floats, seed: int) -> tuple[Floats, Floats]:
    """|T| under sign flips for each column, T = sum(e_c x_c) / sqrt(sum(x_c^2)).

    The root does not change under flips, so T orders patterns as the plain sum does; it makes columns comparable.
    Exact where each cluster's contribution is symmetric about 0 under the null (Fisher 1935, ch. 3); with many
    clusters it holds for any distribution (Canay, Romano & Shaikh 2017).

    Args:
        contributions: shape (G, P), cluster sums of what is 0 on average under the null.
        seed: of the patterns.

    Returns:
        Observed |T| of shape (P,), and |T| of every pattern of shape (patterns, P), the observed one first.
    """
    scale = np.sqrt((contributions**2).sum(axis=0))
    scale[scale == 0.0] = np.inf
    flipped = np.abs(signs(contributions.shape[0], seed) @ contributions) / scale
    return flipped[0], flipped


def flip_p(contributions: Floats, seed: int) -> Floats:
    """Two-sided sign-flip p of each column: the share of patterns with |T| at least as large as observed.

    Args:
        contributions: shape (G, P).
        seed: of the patterns.
    """
    observed, flipped = flip_statistics(contributions, seed)
    # a sum of the same numbers in another order may differ in its last digit
    return np.asarray((flipped >= observed - 1e-12).mean(axis=0))


def step_down(contributions: Floats, seed: int) -> Floats:
    """P of each column, adjusted for the family of all columns by step-down maxima (Romano & Wolf 2005).

    The columns' dependence is used through common sign patterns, so that a large family (all pairs of many
    generators) can be judged with RESAMPLES patterns, where Holm's procedure would need far smaller raw p.

    Args:
        contributions: shape (G, P).
        seed: of the patterns.

    Returns:
        Shape (P,), not below the raw p.
    """
    observed, flipped = flip_statistics(contributions, seed)
    order = np.argsort(-observed, kind="stable")
    # from the least to the largest: the running maximum is the maximum over the hypotheses not yet rejected
    highest = np.maximum.accumulate(flipped[:, order[::-1]], axis=1)[:, ::-1]
    raw = (highest >= observed[order] - 1e-12).mean(axis=0)
    adjusted = np.empty(len(raw))
    adjusted[order] = np.maximum.accumulate(raw)
    return adjusted
