"""Whole clusters resampled for many columns at once: studentised bootstrap, sign flips, step-down adjustment.

A *column* is one number to be estimated (a generator's mean, a difference of two generators); all columns are
resampled by the same draws, so that their joint distribution is kept and one matrix product serves them all. The draws
follow from the seed and the number of clusters alone: up to ``DRAWN_SINGLY`` the last ones are remembered, since the
numbers of one table are mostly over the same clusters.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from amends.statistics.bins import MOST, gathered

RESAMPLES = 10_000

DRAWN_SINGLY = 2_500
"""Clusters up to which each is drawn on its own; more are drawn by their kinds (``statistics.kinds``)."""

Floats = NDArray[np.float64]

_BLOCK = 4_000_000
_FLAT = {8: 1e-12, 4: 1e-5}
"""Bytes of a float to the share of the sum of squares below which a resample has no spread: the rest is rounding."""
_NONE = 1e-6
"""A resampled mean this close to the observed one, in a resample without spread, is that mean."""
_DEARER = 16
"""What a binomial draw costs, in single signs."""
EXACT_FLIPS = 13
"""Up to so many clusters every one of the 2^G sign patterns is taken, above it RESAMPLES random ones."""


def blocks(groups: int) -> list[int]:
    """Sizes of the blocks in which RESAMPLES draws of so many weights fit in memory."""
    block = max(1, _BLOCK // groups)
    return [min(block, RESAMPLES - start) for start in range(0, RESAMPLES, block)]


def studentised(sums: Floats, sizes: Floats, seed: int, precision: type = np.float64) -> tuple[Floats, Floats]:
    """RESAMPLES values of t* for each column (Efron & Tibshirani 1993, 12.5).

    t* = (m* - m) / sqrt(V*), where m is the ratio mean sum(s) / sum(n) over the clusters and V* its linearised
    variance in the resample.

    Args:
        sums: shape (G, P), cluster sums of P columns.
        sizes: shape (G, P), or (G, 1) where all columns share them.
        seed: of the draws.
        precision: of the products; single precision halves the time of a large family and moves an interval's end
            in its sixth digit.

    Returns:
        t* of shape (RESAMPLES, P) (0 or infinite where a resample has no spread), and of shape (P,) the share of
        such resamples.
    """
    groups, columns = sums.shape
    mean = sums.sum(axis=0) / sizes.sum(axis=0)
    residuals = sums - mean * sizes
    # where every cluster has the same size, n* does not vary and two of the moments are known
    equal = sizes.shape[1] == 1 and bool((sizes == sizes[0, 0]).all())
    moments = [residuals, residuals**2] if equal else [residuals, residuals**2, residuals * sizes, sizes, sizes**2]
    edges = np.cumsum([part.shape[1] for part in moments])[:-1]
    stacked: Any = np.concatenate(moments, axis=1).astype(precision)
    parts, flats = [], np.zeros(columns)
    for counts in _draws(groups, seed):
        found = np.split(counts.astype(precision) @ stacked, edges, axis=1)
        t, flat = _t(found, groups, float(sizes[0, 0]) if equal else None)
        flats += flat.sum(axis=0)
        parts.append(t)
    return np.concatenate(parts), np.asarray(flats / RESAMPLES, dtype=np.float64)


def drawn(generator: np.random.Generator, rows: int, groups: int, precision: type) -> Floats:
    """How often each cluster is drawn, for so many resamples.

    Args:
        generator: of the draws.
        rows: resamples.
        groups: clusters.
        precision: of the counts as floats.

    Returns:
        Shape (rows, groups), whole numbers that sum to ``groups`` in each row.
    """
    return _counted(generator, rows, groups).astype(precision)


def _counted(generator: np.random.Generator, rows: int, groups: int) -> NDArray[np.intp]:
    picked = generator.integers(0, groups, size=(rows, groups), dtype=np.int64)
    picked += np.arange(rows, dtype=np.int64)[:, None] * groups
    return np.bincount(picked.ravel(), minlength=rows * groups).reshape(rows, groups)


def _draws(groups: int, seed: int) -> Iterable[NDArray[Any]]:
    """Counts of RESAMPLES draws in blocks of shape (rows, groups)."""
    return _kept_draws(groups, seed) if groups <= DRAWN_SINGLY else _drawn_now(groups, seed)


def _drawn_now(groups: int, seed: int) -> Iterator[NDArray[Any]]:
    generator = np.random.default_rng(seed)
    for rows in blocks(groups):
        counts = _counted(generator, rows, groups)
        yield counts.astype(np.min_scalar_type(int(counts.max())))


@functools.lru_cache(maxsize=2)
def _kept_draws(groups: int, seed: int) -> tuple[NDArray[Any], ...]:
    """25 MB at most: no cluster is drawn more often than a byte can count."""
    return tuple(_drawn_now(groups, seed))


def _t(moments: Sequence[Any], groups: int, size: float | None) -> tuple[Floats, NDArray[np.bool_]]:
    """t* and where there is none, from sums of residuals r = s - m n, their squares and what goes with sizes."""
    r, rr = moments[0], moments[1]
    if size is not None:
        n: Any = groups * size
        off = r / n
        # sum w (r - off n_c)^2 = rr - off^2 G size^2, since sum w r = off G size
        squares = rr - off * off * (groups * size * size)
    else:
        rn, n, nn = moments[2:]
        off = r / n
        squares = rr - 2 * off * rn + off * off * nn
    flat = squares <= _FLAT[r.dtype.itemsize] * rr
    error = np.sqrt(np.maximum(squares, 0.0, out=squares), out=squares)
    error *= (groups / (groups - 1)) ** 0.5
    error /= n
    if not flat.any():
        off /= error
        return off, flat
    t = np.divide(off, error, out=np.where(np.abs(off) < _NONE, 0.0, np.copysign(np.inf, off)), where=~flat)
    return t, flat


def signs(groups: int, seed: int) -> Iterator[Floats]:
    """Sign patterns over clusters: all 2^G of them up to EXACT_FLIPS clusters, else RESAMPLES random ones.

    Yields:
        Blocks of shape (patterns, G), of -1 and 1; the observed pattern (all 1) is the first row of the first.
    """
    if groups <= EXACT_FLIPS:
        codes = np.arange(2**groups)
        yield np.asarray(1.0 - 2.0 * ((codes[:, None] >> np.arange(groups)) & 1), dtype=np.float64)
        return
    yield np.ones((1, groups))
    for block in _kept_signs(groups, seed) if groups <= DRAWN_SINGLY else _signs_now(groups, seed):
        yield block.astype(np.float64)


def _signs_now(groups: int, seed: int) -> Iterator[NDArray[np.int8]]:
    generator = np.random.default_rng(seed)
    for rows in blocks(groups):
        block = generator.integers(0, 2, size=(rows, groups), dtype=np.int8)
        block *= 2
        block -= 1
        yield block


@functools.lru_cache(maxsize=1)
def _kept_signs(groups: int, seed: int) -> tuple[NDArray[np.int8], ...]:
    return tuple(_signs_now(groups, seed))


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
    parts = [np.abs(block) / scale for block in _flipped(contributions, seed)]
    flipped = np.concatenate(parts)
    return flipped[0], flipped


def _flipped(contributions: Floats, seed: int) -> Iterator[Floats]:
    """Sums of each column under each pattern, in blocks; the observed ones first."""
    groups, columns = contributions.shape
    if groups > DRAWN_SINGLY:
        kinds, counts = np.unique(contributions, axis=0, return_counts=True)
        if len(kinds) > MOST and columns == 1:
            yield contributions.sum(axis=0, keepdims=True)
            kinds, counts = _alike(contributions[:, 0])
            yield from (block @ kinds for block in itertools.islice(_signs_of_kinds(counts, seed), 1, None))
            return
        if _DEARER * len(kinds) <= groups:
            yield from (block @ kinds for block in _signs_of_kinds(counts, seed))
            return
    yield from (block @ contributions for block in signs(groups, seed))


def _alike(contributions: Floats) -> tuple[Floats, NDArray[np.intp]]:
    """Contributions of one column by bins of their size: the root mean square of each, shape (bins, 1), and its number.

    What is flipped loses its own sign, and the variance of a flipped sum, sum(x_c^2), stays what it is.
    """
    sizes, counts = np.unique(np.abs(contributions), return_counts=True)
    starts = gathered(sizes, counts.astype(np.float64))
    many = np.add.reduceat(counts, starts)
    return np.sqrt(np.add.reduceat(counts * sizes**2, starts) / many)[:, None], many


def _signs_of_kinds(counts: NDArray[np.intp], seed: int) -> Iterator[Floats]:
    """As ``signs``, summed over clusters of one contribution: of n signs, 2 B - n with B binomial (n, 1/2)."""
    yield counts[None, :].astype(np.float64)
    generator = np.random.default_rng(seed)
    for rows in blocks(len(counts)):
        heads = generator.binomial(counts, 0.5, size=(rows, len(counts)))
        yield (2 * heads - counts).astype(np.float64)


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
