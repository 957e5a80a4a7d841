"""Near-duplicates, exactly: pairs of texts whose 3-word runs overlap by half or more, by a prefix filter.

Texts are lists of normalised words; a text's *shingles* are its runs of three words (the whole of a shorter text).
Their Jaccard similarity is ``J(a, b) = |a & b| / |a | b|``: 0 for texts that share no run, 1 for equal sets.

Two sets with ``J >= 1/2`` share at least half of either. So if the shingles of all texts stand in one order,
each set's first ``n - ceil(n / 2) + k`` hold at least k in common, for any k up to ``ceil(n / 2)`` (k = 1:
Chaudhuri, Ganti & Kaushik 2006; larger k, which leaves fewer pairs to compare: Wang, Li & Feng 2012). With the
rarest first, those few are nearly all unique, and unique ones meet nothing.

Of many texts (``MANY``) the extra ``contribute`` first tells which can match at all (``lsh``); the same join decides.
Texts made of a few sentences share nearly every run, and no prefix tells them apart: for those the shared runs with
all others are counted at once (``_Counted``), up to ``MOST_WORK``. Texts that are word for word the same are told by
a digest. In memory a text takes 4 bytes a word and 500 bytes, and 8 bytes a word more while runs are counted. Of more
than ``MOST`` texts (``MOST_WITH`` with the extra) only word-for-word repeats are looked for in the rest. The caller is
told what was not compared. ``against`` holds a few texts to many: only the few are indexed, the many pass by.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from array import array
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from amends.checks.lsh import hashed_runs, installed, may_match

LEAST = 0.5
"""Jaccard similarity from which two texts are near-duplicates."""

MANY = 20_000
"""Texts from which the extra ``contribute`` is asked first; below, the exact join alone takes a few seconds."""

MOST = 100_000
"""Different texts that are compared with one another without the extra ``contribute``."""

MOST_WITH = 300_000
"""And with it."""

MOST_WORK = 3_000_000_000
"""Shared runs that are counted one by one at most: half a minute or so."""

_RUN = 3
_IN_COMMON = 4
_TOGETHER = 4_096
_HEAVY = 2_000
"""Places of a text's prefix in others from which all its shared runs are counted at once."""
_AT_ONCE = 32
_BUCKETS = 1 << 22
_WORD = re.compile(r"[^\W_]+")

Shingle = tuple[int, ...]
_Postings: TypeAlias = "dict[int, array[int]]"


@dataclass(frozen=True, slots=True)
class Match:
    """A text and an earlier one that it nearly is."""

    later: int
    """Index of the text."""
    earlier: int
    """Index of the text before it."""
    similarity: float
    """Jaccard similarity, 0.5..1."""
    same: bool
    """Word for word the same."""


def normal_words(text: str) -> list[str]:
    """Words of a text without case, punctuation, width and the kind of apostrophe."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return _WORD.findall(text.casefold())


def shingles(words: Sequence[int] | array[int]) -> set[Shingle]:
    """Runs of three words; of a shorter text the one run that it is; none of an empty one."""
    if len(words) < _RUN:
        return {tuple(words)} if words else set()
    return set(zip(words, words[1:], words[2:], strict=False))


def near(
    texts: Iterable[str], groups: Iterable[Hashable], note: Callable[[str], None] = lambda _: None
) -> Iterator[Match]:
    """Texts that nearly are an earlier one.

    A text is matched with one earlier text of each group at most (the first that is found), so that a hundred
    copies give a hundred matches and not five thousand. Which texts are matched with which group is exact. Of
    texts that are word for word the same within one group only the first is compared with the other groups.

    Args:
        texts: in any order; read once.
        groups: of each text its group (the split).
        note: told what was not compared.

    Yields:
        Matches in the order of the texts.
    """
    taken = _Taken(MOST_WITH if installed() else MOST)
    for text, group in zip(texts, groups, strict=False):
        taken.add(text, group)
    if taken.beyond:
        more = "" if installed() else f"pip install 'amends[contribute]' compares {MOST_WITH:,}, or "
        note(
            f"{taken.beyond:,} of {taken.beyond + len(taken.kept):,} different texts were compared word for word only: "
            f"near-duplicates are looked for among the first {taken.most:,}; {more}check the file in parts"
        )
    coded, kept, of = taken.coded, taken.kept, taken.groups
    if len(kept) >= MANY and (flags := may_match(coded)) is not None:
        chosen = np.flatnonzero(flags).tolist()
        coded, kept, of = [coded[i] for i in chosen], [kept[i] for i in chosen], [of[i] for i in chosen]
    for i, match in _joined(_Join(coded, of, note), kept, taken.repeats):
        yield match or Match(i, taken.repeats[i], 1.0, True)


class _Taken:
    """Texts as they come: numbers for words, and a digest for texts that come again."""

    def __init__(self, most: int) -> None:
        """None yet."""
        self.most = most
        self.coded: list[array[int]] = []
        self.kept: list[int] = []
        self.groups: list[Hashable] = []
        self.repeats: dict[int, int] = {}
        """Texts that are another of their group word for word, each with that one."""
        self.beyond = 0
        """Different texts beyond the most."""
        self._first: dict[tuple[bytes, Hashable], int] = {}
        self._codes: dict[str, int] = {}
        self._count = 0

    def add(self, text: str, group: Hashable) -> None:
        """Take the next text."""
        i, words = self._count, normal_words(text)
        self._count += 1
        if not words:
            return  # texts without a word are like nothing
        digest = hashlib.blake2b(" ".join(words).encode("utf-8", "surrogatepass"), digest_size=16).digest()
        before = self._first.setdefault((digest, group), i)
        if before != i:
            self.repeats[i] = before
        elif len(self.kept) < self.most:
            self.kept.append(i)
            self.groups.append(group)
            # numbers, one a word: a twentieth of the memory
            codes = self._codes
            self.coded.append(array("I", [codes.setdefault(word, len(codes)) for word in words]))
        else:
            self.beyond += 1


def against(texts: Sequence[str], base: Iterable[str]) -> Iterator[Match]:
    """Texts that nearly are one of a base, each with the nearest of it; exact.

    A match shares half of a text's shingles, so one of its rarest ``n - ceil(n / 2) + 1``, whatever the base holds.

    Args:
        texts: few; they alone are held in memory.
        base: many, read once.

    Yields:
        Matches in the order of the texts; ``earlier`` counts the texts of the base.
    """
    words = [normal_words(text) for text in texts]
    sets = [_runs(own) for own in words]
    counts = Counter(chain.from_iterable(sets))
    index: dict[tuple[str, ...], list[int]] = {}
    for i, own in enumerate(sets):
        for run in sorted(own, key=lambda run: (counts[run], run))[: len(own) // 2 + 1]:
            index.setdefault(run, []).append(i)
    best: dict[int, Match] = {}
    for at, text in enumerate(base):
        other = normal_words(text)
        runs = _runs(other)
        for i in set(chain.from_iterable([index[run] for run in runs if run in index])):
            common = len(runs & sets[i])
            similarity = common / (len(runs) + len(sets[i]) - common)
            if similarity >= LEAST and (i not in best or similarity > best[i].similarity):
                best[i] = Match(i, at, similarity, other == words[i])
    yield from (best[i] for i in sorted(best))


def _runs(words: Sequence[str]) -> set[tuple[str, ...]]:
    if len(words) < _RUN:
        return {tuple(words)} if words else set()
    return set(zip(words, words[1:], words[2:], strict=False))


def _joined(join: _Join, places: Sequence[int], repeats: dict[int, int]) -> Iterator[tuple[int, Match | None]]:
    """Matches of the texts that are kept, with the repeats between them, in the order of all texts."""
    waiting = sorted(repeats, reverse=True)
    for at, found in join.matches():
        while waiting and waiting[-1] < places[at]:
            yield waiting.pop(), None
        for earlier, similarity in found:
            yield places[at], Match(places[at], places[earlier], similarity, join.coded[at] == join.coded[earlier])
    while waiting:
        yield waiting.pop(), None


class _Join:
    """Each text held to the earlier ones."""

    def __init__(self, coded: Sequence[array[int]], groups: Sequence[Hashable], note: Callable[[str], None]) -> None:
        """Texts as numbers, and the group of each."""
        self.coded = coded
        self._groups = groups
        self._note = note
        self._sets = _shared(coded)
        self._counted: _Counted | None = None
        self._skipped: set[int] = set()

    def matches(self) -> Iterator[tuple[int, list[tuple[int, float]]]]:
        """For each text with matches, one earlier text of each group and their similarity."""
        sets, index = self._sets, dict[Hashable, _Postings]()
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
                f"{len(self._skipped):,} of {len(self.coded):,} different texts were compared with a few others only: "
                f"they share too many runs of three words with the others (over {MOST_WORK:,} in all), as texts made "
                "of a few sentences do; check the file in parts"
            )

    def _first(self, i: int, prefix: array[int], group: Hashable, postings: _Postings) -> tuple[int, float] | None:
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

    def __init__(self, sets: _Sets, groups: Sequence[Hashable]) -> None:
        """Index every shingle of every text."""
        flat = np.concatenate([np.frombuffer(own, dtype=np.uint32) for own in sets.shared if len(own)])
        texts = np.repeat(np.arange(len(sets.shared), dtype=np.int32), [len(own) for own in sets.shared])
        self._texts = texts[np.argsort(flat, kind="stable")]
        self._starts = np.concatenate([[0], np.cumsum(np.bincount(flat))])
        self._sets = sets
        self._sizes = np.array(sets.sizes)
        numbers: dict[Hashable, int] = {}
        self._numbers = numbers
        self._groups = np.array([numbers.setdefault(group, len(numbers)) for group in groups], dtype=np.int32)
        self._at: tuple[int, NDArray[np.intp], NDArray[np.intp]] = (-1, np.zeros(0, np.intp), np.zeros(0, np.intp))
        self.work = 0
        """Shared runs counted so far."""

    def first(self, i: int, group: Hashable) -> tuple[int, float] | None:
        """The first earlier text of a group that is near, and how near."""
        if self._at[0] != i:
            self._at = i, *self._near(i)
        _, others, common = self._at
        mine = np.flatnonzero(self._groups[others] == self._numbers[group])
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

    def __init__(self, sets: _Sets, text: int) -> None:
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
class _Sets:
    sizes: list[int]
    """Number of shingles of each text."""
    shared: list[array[int]]
    """Of each text the shingles that stand in another text too, as numbers in the common order."""

    def wanted(self, text: int) -> int:
        """How many shingles of its prefix a match must share: few, and never more than it must share in all."""
        return min(_IN_COMMON, (self.sizes[text] + 1) // 2)


def _shared(coded: Sequence[array[int]]) -> _Sets:
    """Size of each shingle set, and its shingles that stand in another text too, numbered with the rarest first.

    Nine of ten shingles stand in one text alone. A table of saturating counters tells most of them without keeping
    them: a count of one is proof, and a collision only keeps a shingle that the exact count then meets. Shingles are
    64-bit hashes: among a hundred million two are taken for one with a chance of 1 in 4,000.
    """
    buckets = np.uint64(max(_BUCKETS, 8 * sum(map(len, coded))))
    counters = np.zeros(int(buckets), dtype=np.uint8)
    sizes: list[int] = []
    for own, counts in _hashed(coded):
        sizes += counts.tolist()
        places, met = np.unique(own % buckets, return_counts=True)
        counters[places] = np.minimum(counters[places] + np.minimum(met, 2), 2)
    parts, left = [np.zeros(0, dtype=np.uint64)], []
    for own, counts in _hashed(coded):
        twice = counters[own % buckets] > 1
        parts.append(own[twice])
        left.append(np.add.reduceat(np.append(twice, False), _begins(counts), dtype=np.intp) * (counts > 0))
    del counters
    names, numbers, counts = np.unique(np.concatenate(parts), return_inverse=True, return_counts=True)
    del parts, names
    rank = np.empty(len(counts), dtype=np.uint32)
    rank[np.argsort(counts, kind="stable")] = np.arange(len(counts), dtype=np.uint32)
    shared, at = [], 0
    for size in np.concatenate([np.zeros(0, dtype=np.intp), *left]).tolist():
        mine = numbers[at : at + size]
        at += size
        shared.append(array("I", np.sort(rank[mine[counts[mine] > 1]]).tobytes()))
    return _Sets(sizes, shared)


def _begins(counts: NDArray[np.intp]) -> NDArray[np.intp]:
    """Where each text's shingles begin."""
    return np.concatenate([np.zeros(1, dtype=np.intp), np.cumsum(counts)[:-1]])


def _hashed(coded: Sequence[array[int]]) -> Iterator[tuple[NDArray[np.uint64], NDArray[np.intp]]]:
    """Different shingles of texts as hashes, text after text, and how many each has: some texts at a time."""
    for start in range(0, len(coded), _TOGETHER):
        some = coded[start : start + _TOGETHER]
        own, offsets = hashed_runs(some, _RUN)
        of = np.repeat(np.arange(len(some)), offsets[1:].astype(np.intp) - offsets[:-1].astype(np.intp))
        order = np.lexsort((own, of))
        own, of = own[order], of[order]
        new = np.ones(len(own), dtype=bool)
        new[1:] = (own[1:] != own[:-1]) | (of[1:] != of[:-1])
        yield own[new], np.bincount(of[new], minlength=len(some))
