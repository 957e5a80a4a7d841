"""Means and shares of ``statistics.clusters`` over columns, where the clusters of millions of replies are numbers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from amends.runs.seen import Keys
from amends.statistics.clusters import mean_estimate, share_estimate
from amends.statistics.estimate import Estimate
from amends.statistics.influence import Codes, numbered
from amends.statistics.kinds import DRAWN_SINGLY
from amends.statistics.kinds import Kinds as _Kinds
from amends.statistics.resampling import Floats

__all__ = ["DRAWN_SINGLY", "Codes", "_Kinds", "codes_of", "mean_of", "numbered", "share_of"]


def codes_of(keys: Keys) -> Codes:
    """Clusters by number, in the order of the first reply of each.

    Args:
        keys: shape (n, 2), the key of each reply's cluster.
    """
    order = np.argsort(keys[:, 0], kind="stable")
    new = _begins(keys[order, 0], keys[order, 1])
    if new is None:
        order = np.lexsort((keys[:, 1], keys[:, 0]))
        new = np.ones(len(order), dtype=bool)
        new[1:] = (keys[order[1:]] != keys[order[:-1]]).any(axis=1)
    if new.all():
        return np.arange(len(order), dtype=np.intp)
    # both sorts keep the order of equal keys, so that the first of each is its first reply
    number = np.empty(int(new.sum()), dtype=np.intp)
    number[np.argsort(order[new])] = np.arange(len(number), dtype=np.intp)
    codes = np.empty(len(order), dtype=np.intp)
    codes[order] = number[np.cumsum(new) - 1]
    return codes


def _begins(high: Keys, low: Keys) -> NDArray[np.bool_] | None:
    """Where another key begins, of keys in the order of their high halves; None where two of them share theirs."""
    new = np.ones(len(high), dtype=bool)
    new[1:] = high[1:] != high[:-1]
    return None if (~new[1:] & (low[1:] != low[:-1])).any() else new


def share_of(hits: NDArray[np.bool_], codes: Codes) -> Estimate:
    """``share_estimate`` of columns.

    Args:
        hits: one a reply; may be empty.
        codes: cluster of each.
    """
    return share_estimate(hits, codes)


def mean_of(values: Floats, codes: Codes, limits: tuple[float, float], seed: int) -> Estimate:
    """``mean_estimate`` of columns.

    Args:
        values: one a reply; may be empty.
        codes: cluster of each.
        limits: the scale's ends.
        seed: of the resampling.
    """
    return mean_estimate(values, codes, limits, seed)
