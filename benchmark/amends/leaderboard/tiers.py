"""Tiers of significance for a whole board: every pair of entries on every dimension, adjusted together.

The same design as ``comparison.several`` (a test holds the two to each other): for each scenario the chance that one
entry's reply is better than the other's, less a half; sign flips over scenarios common to all columns; p adjusted for
all pairs and dimensions by step-down maxima (Romano & Wolf 2005, algorithm 4.1 with Westfall & Young's 1993 common
resamples); tiers as the clusters of Bojar et al. (2014). No interval of a pair is computed here, which is what makes
200 entries (19,900 pairs on 3 dimensions) a matter of seconds: one matrix product in single precision, block by block,
with the running maximum taken in place over columns that stand in the order of their statistics.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from amends.comparison.several import ALPHA
from amends.statistics.resampling import Floats, signs, smallest_p

_BLOCK = 4_000_000
"""Numbers of a block of flipped statistics: 16 MB."""
_ROUNDING = 1e-5
"""Statistics this close are equal: single precision."""

Tiers = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """All pairs of entries."""

    better: Floats
    """Shape (dimensions, entries, entries): share of scenarios in which the row's reply is better, ties half."""
    p: Floats
    """Shape (dimensions, entries, entries): adjusted; 1 on the diagonal and where a pair cannot be judged."""


def compared(levels: Floats, seed: int) -> Compared:
    """Compare all entries with each other.

    Args:
        levels: shape (dimensions, entries, scenarios, samples): a level, -inf where no reply was given, NaN where it
            could not be judged or was not asked for. A reply that was not given is worse than any that was.
        seed: of the sign patterns.
    """
    dimensions, entries = levels.shape[:2]
    pairs = [(i, j) for i in range(entries) for j in range(i + 1, entries)]
    wins = np.stack([_wins(one) for one in levels])
    better = np.full((dimensions, entries, entries), 0.5)
    p = np.ones((dimensions, entries, entries))
    if not pairs:
        return Compared(better, p)
    first, second = np.array(pairs).T
    judged = ~np.isnan(wins)
    centred = np.where(judged, wins - np.float32(0.5), np.float32(0.0))
    counts = judged.sum(axis=1)
    mean = 0.5 + np.divide(centred.sum(axis=1, dtype=np.float64), counts, out=np.zeros(counts.shape), where=counts > 0)
    flat = centred.transpose(1, 0, 2).reshape(centred.shape[1], -1)
    adjusted = np.where(counts > 0, step_down_32(flat, seed).reshape(counts.shape), 1.0)
    better[:, first, second], better[:, second, first] = mean, 1.0 - mean
    p[:, first, second] = p[:, second, first] = adjusted
    return Compared(better, p)


def _wins(levels: Floats) -> NDArray[np.float32]:
    """For each scenario and pair i < j: the chance that a reply of i is better than one of j; NaN where unjudged.

    Args:
        levels: shape (entries, scenarios, samples).

    Returns:
        Shape (scenarios, pairs).
    """
    there = ~np.isnan(levels)
    counts = there.sum(axis=2)
    by_sample = np.ascontiguousarray(levels.transpose(2, 0, 1))
    parts = []
    for i in range(len(levels) - 1):
        halves = np.zeros((len(levels) - 1 - i, levels.shape[1]), dtype=np.int32)
        for own in by_sample[:, i]:
            for others in by_sample[:, i + 1 :]:
                # more than the other's: two halves; the same: one
                halves += own > others
                halves += own >= others
        tried = counts[i][None, :] * counts[i + 1 :]
        won = np.divide(halves, 2 * tried, out=np.full(tried.shape, np.nan), where=tried > 0)
        parts.append(won.astype(np.float32))
    if not parts:
        return np.zeros((levels.shape[1], 0), dtype=np.float32)
    return np.concatenate(parts).T


def step_down_32(contributions: NDArray[np.float32], seed: int) -> Floats:
    """``statistics.resampling.step_down`` in single precision and flat memory, for families of any size.

    Args:
        contributions: shape (scenarios, columns).
        seed: of the sign patterns.

    Returns:
        Shape (columns,): p adjusted for the family.
    """
    scenarios, columns = contributions.shape
    scale = np.sqrt((contributions.astype(np.float64) ** 2).sum(axis=0))
    scale[scale == 0.0] = np.inf
    observed = np.abs(contributions.sum(axis=0, dtype=np.float64)) / scale
    # from the least to the largest: the running maximum is that over the hypotheses not yet rejected
    order = np.argsort(observed, kind="stable")
    scaled = np.ascontiguousarray((contributions / scale).astype(np.float32)[:, order].T)
    least = (observed[order] - _ROUNDING).astype(np.float32)
    flips = np.concatenate(list(signs(scenarios, seed))).astype(np.float32).T
    patterns = flips.shape[1]
    reached = np.zeros(columns, dtype=np.int64)
    most = np.zeros(patterns, dtype=np.float32)
    rows = max(1, _BLOCK // patterns)
    for start in range(0, columns, rows):
        flipped = scaled[start : start + rows] @ flips
        np.abs(flipped, out=flipped)
        # a row a hypothesis, a number a pattern: the maximum of two rows is one pass in vectors, unlike ``accumulate``
        for row in flipped:
            most = np.maximum(row, most, out=row)
        reached[start : start + rows] = np.count_nonzero(flipped >= least[start : start + rows, None], axis=1)
    raw = reached / patterns
    adjusted = np.empty(columns)
    adjusted[order] = np.maximum.accumulate(raw[::-1])[::-1]
    return adjusted


def tiers_of(names: Sequence[str], better: Floats, p: Floats) -> Tiers:
    """Tiers of one dimension: every entry of a tier is significantly better than every entry of the tiers below.

    Args:
        names: of the entries.
        better: shape (entries, entries), as in ``Compared``.
        p: shape (entries, entries).

    Returns:
        Best first; within a tier the names in the order of the alphabet.
    """
    if not names:
        return ()
    size = len(names)
    average = (better.sum(axis=1) - np.diag(better)) / max(1, size - 1)
    order = sorted(range(size), key=lambda i: (-float(average[i]), names[i]))
    beats = ((better > 0.5) & (p <= ALPHA))[np.ix_(order, order)]
    tiers: list[list[str]] = [[]]
    for place, i in enumerate(order):
        tiers[-1].append(names[i])
        if place + 1 < size and beats[: place + 1, place + 1 :].all():
            tiers.append([])
    return tuple(tuple(sorted(tier)) for tier in tiers)


def least_p(scenarios: int) -> float:
    """The smallest adjusted p that so many scenarios can give; above ALPHA there can be one tier only.

    Args:
        scenarios: in common.
    """
    return smallest_p(scenarios)
