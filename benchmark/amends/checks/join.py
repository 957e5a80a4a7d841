"""Which texts share half of their runs with an earlier one: an exact join by a prefix filter.

A text's *shingles* are its different runs of three words. Two sets with a Jaccard similarity of one half or more share
at least half of either. So if the shingles of all texts stand in one order, each set's first ``n - ceil(n / 2) + k``
hold at least k in common, for any k up to ``ceil(n / 2)`` (k = 1: Chaudhuri, Ganti & Kaushik 2006; larger k, which
leaves fewer pairs to compare: Wang, Li & Feng 2012). With the rarest first, those few are nearly all unique, and unique
ones meet nothing.

Texts made of a few sentences share nearly every run, and no prefix tells them apart: for those the shared runs with
all others are counted at once (``_Counted``), up to ``MOST_WORK``.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice, pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

MOST_WORK = 3_000_000_000
"""Shared runs that are counted one by one at most: half a minute or so."""

_IN_COMMON = 4
_HEAVY = 2_000
"""Places of a text's prefix in others from which all its shared runs are counted at once."""
_AT_ONCE = 32
_PART = 1 << 21
"""Runs that are sorted together."""

_Postings: TypeAlias = "dict[int, array[int]]"


class Join:
    """Each text held to the earlier ones."""

    def __init__(self, sets: Sets, groups: Sequence[int], note: Callable[[str], None]) -> None:
        """Take the texts in.

        Args:
            sets: their runs.
            groups: of each text the number of its group.
            note: told what was not compared.
        """
        self._sets = sets
        self._groups = groups
        self._note = note
        self._counted: _Counted | None = None
        self._skipped: set[int] = set()

    def matches(self) -> Iterator[tuple[int, list[tuple[int, float]]]]:
        """For each text with matches, one earlier text of each group and their similarity."""
        sets, index = self._sets, dict[int, _Postings]()
        for i, own in enumerate(sets.shared):
            # in the common order the shingles of one text alone come first; what they leave of the prefix is looked up
            left = sets.sizes[i] // 2 + sets.wanted(i) - (sets.sizes[i] - len(own))
            if left <= 0:
                continue
            prefix = own[:left]
            found = [match for group in index if (match := self._first(i, prefix, group, index[group]))]
            if found:
                yield i, found
            mine = index.setdefault(self._groups[i], {})
            for shingle in prefix:
                mine.setdefault(shingle, array("I")).append(i)
        if self._skipped:
            self._note(
                f"{len(self._skipped):,} of {len(sets.sizes):,} different texts were compared with a few others only: "
                f"they share too many runs of three words with the others (over {MOST_WORK:,} in all), as texts made "
                "of a few sentences do; check the file in parts"
            )

    def _first(self, i: int, prefix: array[int], group: int, postings: _Postings) -> tuple[int, float] | None:
        """An earlier text of a group that is near, and how near.

        The first few that share anything are tried at once: among many copies of one text that finds a match
        without a look at them all. Then only those are tried that share enough of the prefix.
        """
        lists = [found for shingle in prefix if (found := postings.get(shingle))]
        tried: set[int] = set()
        probe = _Probe(self._sets, i)
        for other in islice(chain.from_iterable(lists), _AT_ONCE):
            if other not in tried:
                tried.add(other)
                if match := probe.compare(other):
                    return match
        if sum(map(len, lists)) > _HEAVY:
            if self._counted is None:
                self._counted = _Counted(self._sets, self._groups)
            if self._counted.work >= MOST_WORK:
                self._skipped.add(i)
                return None
            return self._counted.first(i, group)
        for other, count in Counter(chain.from_iterable(lists)).items():
            enough = count >= min(self._sets.wanted(i), self._sets.wanted(other))
            if enough and other not in tried and (match := probe.compare(other)):
                return match
        return None


class _Counted:
    """Shared shingles of a text with all others, counted at once: for texts of which every other shares some."""

    def __init__(self, sets: Sets, groups: Sequence[int]) -> None:
        """Index every shingle of every text."""
        flat = np.concatenate([np.frombuffer(own, dtype=np.uint32) for own in sets.shared if len(own)])
        texts = np.repeat(np.arange(len(sets.shared), dtype=np.int32), [len(own) for own in sets.shared])
        self._texts = texts[np.argsort(flat, kind="stable")]
        self._starts = np.concatenate([[0], np.cumsum(np.bincount(flat))])
        self._sets = sets
        self._sizes = np.array(sets.sizes)
        self._groups = np.array(groups, dtype=np.int32)
        self._at: tuple[int, NDArray[np.intp], NDArray[np.intp]] = (-1, np.zeros(0, np.intp), np.zeros(0, np.intp))
        self.work = 0
        """Shared runs counted so far."""

    def first(self, i: int, group: int) -> tuple[int, float] | None:
        """The first earlier text of a group that is near, and how near."""
        if self._at[0] != i:
            self._at = i, *self._near(i)
        _, others, common = self._at
        mine = np.flatnonzero(self._groups[others] == group)
        if not len(mine):
            return None
        other, shared = int(others[mine[0]]), int(common[mine[0]])
        return other, shared / (self._sets.sizes[i] + self._sets.sizes[other] - shared)

    def _near(self, i: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Earlier texts that are near, in order, and their common shingles."""
        starts, texts = self._starts, self._texts
        lists = [texts[starts[shingle] : starts[shingle + 1]] for shingle in self._sets.shared[i]]
        lists = [whole[: np.searchsorted(whole, i)] for whole in lists]
        self.work += sum(map(len, lists))
        common = np.bincount(np.concatenate(lists), minlength=i)
        found = np.flatnonzero(3 * common >= self._sizes[:i] + self._sets.sizes[i])
        return found, common[found]


class _Probe:
    """One text that others are compared with."""

    def __init__(self, sets: Sets, text: int) -> None:
        self._sets = sets
        self._members = frozenset(sets.shared[text])
        self._size = sets.sizes[text]

    def compare(self, other: int) -> tuple[int, float] | None:
        """The other text and its similarity, where that is enough."""
        both = self._size + self._sets.sizes[other]
        common = len(self._members.intersection(self._sets.shared[other]))
        if 3 * common >= both:  # common / (both - common) >= 1/2, without a division
            return other, common / (both - common)
        return None


@dataclass(frozen=True, slots=True)
class Sets:
    """What texts share."""

    sizes: list[int]
    """Number of shingles of each text."""
    shared: list[array[int]]
    """Of each text the shingles that stand in another text too, as numbers in the common order."""

    def wanted(self, text: int) -> int:
        """How many shingles of its prefix a match must share: few, and never more than it must share in all."""
        return min(_IN_COMMON, (self.sizes[text] + 1) // 2)


def shared(parts: list[tuple[NDArray[np.int64], NDArray[np.uint64]]]) -> Sets:
    """The shingles of each text that stand in another text too, numbered with the rarest first.

    Nine of ten shingles stand in one text alone, so that little is left of what came in.

    Args:
        parts: of some texts each how many shingles they have and the hashes of these, text after text; emptied as
            they are read.
    """
    names, counts = _twice([hashes for _, hashes in parts])
    rank = np.empty(len(counts), dtype=np.uint64)
    rank[np.argsort(counts, kind="stable")] = np.arange(len(counts), dtype=np.uint64)
    # most shingles are none of the names: a table of bits says so without a search
    mask = np.uint64((1 << max(10, (8 * len(names)).bit_length())) - 1)
    table = np.zeros(int(mask) + 1, dtype=bool)
    table[names & mask] = True
    lengths: list[int] = []
    found: list[array[int]] = []
    parts.reverse()
    while parts:
        sizes, own = parts.pop()
        lengths += sizes.tolist()
        of = np.repeat(np.arange(len(sizes), dtype=np.uint64), sizes)
        maybe = table[own & mask]
        own, of = own[maybe], of[maybe]
        places = np.minimum(np.searchsorted(names, own), max(0, len(names) - 1))
        known = names[places] == own if len(names) else np.zeros(0, dtype=bool)
        keys = np.sort(of[known] << np.uint64(32) | rank[places[known]])
        ends = np.searchsorted(keys, np.arange(1, len(sizes) + 1, dtype=np.uint64) << np.uint64(32)).tolist()
        ranks = array("I", (keys & np.uint64(0xFFFFFFFF)).astype(np.uint32).tobytes())
        found.extend(ranks[a:b] for a, b in pairwise([0, *ends]))
    return Sets(lengths, found)


def _twice(parts: Sequence[NDArray[np.uint64]]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Hashes that come more than once, in ascending order, and how often."""
    bits = (sum(map(len, parts)) // _PART).bit_length()
    names, counts = [np.zeros(0, dtype=np.uint64)], [np.zeros(0, dtype=np.int64)]
    for top in range(1 << bits):
        # by their highest bits, so that no more than a part is sorted at once
        own = np.concatenate([names[0], *[own[own >> np.uint64(64 - bits) == top] if bits else own for own in parts]])
        own.sort()
        again, times = np.unique(own[1:][own[1:] == own[:-1]], return_counts=True)
        names.append(again)
        counts.append(times + 1)
    return np.concatenate(names), np.concatenate(counts)
