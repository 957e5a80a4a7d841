"""Near-duplicates, exactly: pairs of texts whose 3-word runs overlap by half or more, by a prefix filter.

Texts are lists of normalised words; a text's *shingles* are its runs of three words (the whole of a shorter text).
Their Jaccard similarity is ``J(a, b) = |a & b| / |a | b|``: 0 for texts that share no run, 1 for equal sets.

Two sets with ``J >= 1/2`` share at least half of either. So if the shingles of all texts stand in one order,
each set's first ``n - ceil(n / 2) + k`` hold at least k in common, for any k up to ``ceil(n / 2)`` (k = 1:
Chaudhuri, Ganti & Kaushik 2006; larger k, which leaves fewer pairs to compare: Wang, Li & Feng 2012). With the
rarest first, those few are nearly all unique, and unique ones meet nothing.

Of many texts (``MANY``) the extra ``contribute`` first tells which can match at all (``lsh``); the same join decides.
``against`` holds a few texts to many: only the few are indexed, the many pass by.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from amends.checks.lsh import may_match

LEAST = 0.5
"""Jaccard similarity from which two texts are near-duplicates."""

MANY = 20_000
"""Texts from which the extra ``contribute`` is asked first; below, the exact join alone takes a few seconds."""

_RUN = 3
_IN_COMMON = 4
_AT_ONCE = 32
_BUCKETS = 1 << 22
_WORD = re.compile(r"[^\W_]+")

Shingle = tuple[int, ...]
_Postings = dict[int, list[int]]


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


def near(texts: Sequence[str], groups: Sequence[Hashable]) -> Iterator[Match]:
    """Texts that nearly are an earlier one.

    A text is matched with one earlier text of each group at most (the first that is found), so that a hundred
    copies give a hundred matches and not five thousand. Which texts are matched with which group is exact. Of
    texts that are word for word the same within one group only the first is compared with the other groups.

    Args:
        texts: in any order.
        groups: of each text its group (the split).

    Yields:
        Matches in the order of the texts.
    """
    coded = _coded(texts)
    first: dict[tuple[bytes, Hashable], int] = {}
    repeats: dict[int, int] = {}
    kept: list[int] = []
    for i, words in enumerate(coded):
        if not words:
            continue  # texts without a word are like nothing
        before = first.setdefault((words.tobytes(), groups[i]), i)
        if before == i:
            kept.append(i)
        else:
            repeats[i] = before
    if len(kept) >= MANY and (flags := may_match([coded[i] for i in kept])) is not None:
        kept = [i for i, flag in zip(kept, flags, strict=True) if flag]
    for i, match in _joined([coded[i] for i in kept], [groups[i] for i in kept], kept, repeats):
        yield match or Match(i, repeats[i], 1.0, True)


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


def _coded(texts: Sequence[str]) -> list[array[int]]:
    """Texts as numbers, one a word: a twentieth of the memory."""
    codes: dict[str, int] = {}
    return [array("L", [codes.setdefault(word, len(codes)) for word in normal_words(t)]) for t in texts]


def _joined(
    coded: Sequence[array[int]], groups: Sequence[Hashable], places: Sequence[int], repeats: dict[int, int]
) -> Iterator[tuple[int, Match | None]]:
    """Matches of the texts that are kept, with the repeats between them, in the order of all texts."""
    waiting = sorted(repeats, reverse=True)
    for at, found in _prefix_join(coded, groups):
        while waiting and waiting[-1] < places[at]:
            yield waiting.pop(), None
        for earlier, similarity in found:
            same = coded[at] == coded[earlier]
            yield places[at], Match(places[at], places[earlier], similarity, same)
    while waiting:
        yield waiting.pop(), None


def _prefix_join(
    coded: Sequence[array[int]], groups: Sequence[Hashable]
) -> Iterator[tuple[int, list[tuple[int, float]]]]:
    """For each text with matches, one earlier text of each group and their similarity."""
    sets = _shared(coded)
    index: dict[Hashable, _Postings] = {}
    for i, own in enumerate(sets.shared):
        # in the common order the shingles of one text alone come first; what they leave of the prefix is looked up
        left = sets.sizes[i] // 2 + sets.wanted(i) - (sets.sizes[i] - len(own))
        if left <= 0:
            continue
        probe = _Probe(sets, i, own[:left])
        found = [match for postings in index.values() if (match := probe.first(postings))]
        if found:
            yield i, found
        mine = index.setdefault(groups[i], {})
        for shingle in own[:left]:
            mine.setdefault(shingle, []).append(i)


class _Probe:
    """One text on its search for earlier ones."""

    def __init__(self, sets: _Sets, text: int, prefix: array[int]) -> None:
        self._sets = sets
        self._prefix = prefix
        self._members = frozenset(sets.shared[text])
        self._size = sets.sizes[text]
        self._wanted = sets.wanted(text)

    def first(self, postings: _Postings) -> tuple[int, float] | None:
        """An earlier text that is near, and how near.

        The first few that share anything are tried at once: among many copies of one text that finds a match
        without a look at them all. Then only those are tried that share enough of the prefix.
        """
        tried: set[int] = set()
        lists = [found for shingle in self._prefix if (found := postings.get(shingle))]
        for other in islice(chain.from_iterable(lists), _AT_ONCE):
            if other not in tried:
                tried.add(other)
                if match := self._compare(other):
                    return match
        for other, count in Counter(chain.from_iterable(lists)).items():
            enough = count >= min(self._wanted, self._sets.wanted(other))
            if enough and other not in tried and (match := self._compare(other)):
                return match
        return None

    def _compare(self, other: int) -> tuple[int, float] | None:
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

    Nine of ten shingles stand in one text alone. A table of saturating counters by hash tells most of them without
    keeping them: a count of one is proof, and a collision only keeps a shingle that the exact count then meets.
    """
    counters = bytearray(max(_BUCKETS, 8 * sum(map(len, coded))))
    buckets = len(counters)
    sizes = []
    for words in coded:
        own = shingles(words)
        sizes.append(len(own))
        for shingle in own:
            bucket = hash(shingle) % buckets
            if counters[bucket] < 2:
                counters[bucket] += 1
    numbers: dict[Shingle, int] = {}
    counts: list[int] = []
    kept = []
    for words in coded:
        mine = array("L")
        for shingle in sorted(s for s in shingles(words) if counters[hash(s) % buckets] > 1):
            number = numbers.setdefault(shingle, len(counts))
            if number == len(counts):
                counts.append(0)
            counts[number] += 1
            mine.append(number)
        kept.append(mine)
    del numbers
    order = sorted(range(len(counts)), key=counts.__getitem__)
    rank = array("L", bytes(array("L").itemsize * len(counts)))
    for place, number in enumerate(order):
        rank[number] = place
    return _Sets(sizes, [array("L", sorted(rank[n] for n in mine if counts[n] > 1)) for mine in kept])
