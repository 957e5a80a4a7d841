"""Ids that were seen, with the line of each: 24 bytes an id, in sorted runs, so that millions fit in memory."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Keys = NDArray[np.uint64]

_NONE = np.iinfo(np.int64).max


def keys_of(names: Sequence[str]) -> Keys:
    """128 bits that stand for each name: of a hundred million names two share theirs with a chance of 1 in 10^22.

    Args:
        names: any texts.

    Returns:
        Shape (names, 2).
    """
    whole = b"".join([hashlib.blake2b(n.encode("utf-8", "surrogatepass"), digest_size=16).digest() for n in names])
    return np.frombuffer(whole, dtype=np.uint64).reshape(-1, 2)


class Seen:
    """Which line had an id first."""

    def __init__(self) -> None:
        """None seen."""
        self._runs: list[tuple[Keys, NDArray[np.int64]]] = []

    def first(self, keys: Keys, lines: NDArray[np.int64]) -> NDArray[np.int64]:
        """The line that had each id first, its own where it is new; all are remembered.

        Args:
            keys: shape (n, 2), in the order of the lines.
            lines: shape (n,), growing.
        """
        order = np.argsort(keys[:, 0], kind="stable")
        own, own_lines = keys[order], lines[order]
        new = np.ones(len(order), dtype=bool)
        new[1:] = (own[1:] != own[:-1]).any(axis=1)
        # within the block: of equal ids, which stand together, the first line
        found = own_lines[new][np.cumsum(new) - 1]
        for known, known_lines in self._runs:
            np.minimum(found, _looked_up(known, known_lines, own), out=found)
        self._remember(own[new], own_lines[new])
        firsts = np.empty(len(found), dtype=np.int64)
        firsts[order] = found
        return firsts

    def _remember(self, keys: Keys, lines: NDArray[np.int64]) -> None:
        self._runs.append((keys, lines))
        # runs of like size are joined, so that there are never more than some twenty of them
        while len(self._runs) > 1 and len(self._runs[-2][0]) <= 2 * len(self._runs[-1][0]):
            (a, a_lines), (b, b_lines) = self._runs[-2:]
            joined, joined_lines = np.concatenate([a, b]), np.concatenate([a_lines, b_lines])
            # two runs in order: a stable sort merges them, and of equal ids the earlier line stays before the later
            order = np.argsort(joined[:, 0], kind="stable")
            self._runs[-2:] = [(joined[order], joined_lines[order])]


def _looked_up(known: Keys, lines: NDArray[np.int64], keys: Keys) -> NDArray[np.int64]:
    """The line of each key in a run; the largest number for one that is not there."""
    found = np.full(len(keys), _NONE)
    high: Any = np.ascontiguousarray(known[:, 0])
    place = np.searchsorted(high, keys[:, 0])
    inside = place < len(known)
    same = np.zeros(len(keys), dtype=bool)
    same[inside] = (known[place[inside]] == keys[inside]).all(axis=1)
    found[same] = lines[place[same]]
    return found
