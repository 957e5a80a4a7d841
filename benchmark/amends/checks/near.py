"""Near-duplicates, exactly: pairs of texts whose 3-word runs overlap by half or more.

Texts are lists of normalised words; their similarity is that of their sets of runs of three words (the whole of a
shorter text), ``J(a, b) = |a & b| / |a | b|`` (Jaccard): 0 for texts that share no run, 1 for equal sets. ``join``
finds the pairs by the runs' hashes. Of many texts (``MANY``) the extra ``contribute`` first tells which can match at
all (``lsh``); the same join decides. Texts that are word for word the same are told by a digest.

In memory a text takes 8 bytes a run and 300 bytes; of more than ``MOST`` different texts (``MOST_WITH`` with the extra)
only word-for-word repeats are looked for in the rest, which take 28 bytes each. The caller is told what was not
compared. ``against`` holds a few texts to many: only the few are indexed, the many pass by.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice

import numpy as np
from numpy.typing import NDArray

from amends.checks.join import Join, shared
from amends.checks.lsh import installed, may_match
from amends.checks.prints import DIGEST, RUN, Prints, normal_words, prints, word_runs

LEAST = 0.5
"""Jaccard similarity from which two texts are near-duplicates."""

MANY = 20_000
"""Texts from which the extra ``contribute`` is asked first; below, the exact join alone takes a few seconds."""

MOST = 100_000
"""Different texts that are compared with one another without the extra ``contribute``."""

MOST_WITH = 300_000
"""And with it."""

_TOGETHER = 512


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
    taken = Taken()
    pairs = zip(texts, groups, strict=False)
    while some := list(islice(pairs, _TOGETHER)):
        taken.add(prints([text for text, _ in some]), [group for _, group in some])
    yield from taken.matches(note)


class Taken:
    """Texts as they come, by what stands for them."""

    def __init__(self) -> None:
        """None yet."""
        self._most = MOST_WITH if installed() else MOST
        self._count = 0
        self._groups: dict[Hashable, int] = {}
        self._first: dict[tuple[bytes, int], int] = {}
        """Digest and group of the texts that are kept, with the first text that has them."""
        self._kept, self._of = array("q"), array("i")
        """Texts that are compared, and their groups."""
        self._digests = bytearray()
        self._parts: list[tuple[NDArray[np.int64], NDArray[np.uint64]]] = []
        self._repeats: dict[int, int] = {}
        """Texts that are another of their group word for word, each with that one."""
        self._late = bytearray()
        """Digest and group of the texts beyond the most, and which they are."""
        self._late_at = array("q")

    def add(self, some: Prints, groups: Sequence[Hashable]) -> None:
        """Take the next texts.

        Args:
            some: what stands for them.
            groups: of each its group.
        """
        chosen = np.zeros(len(some), dtype=bool)
        for i, (size, group) in enumerate(zip(some.sizes.tolist(), groups, strict=True)):
            if size:  # texts without a word are like nothing
                of = self._groups.setdefault(group, len(self._groups))
                chosen[i] = self._take(self._count + i, some.digests[i * DIGEST : (i + 1) * DIGEST], of)
        self._count += len(some)
        if chosen.any():
            one = some.only(chosen)
            self._parts.append((one.sizes, one.runs))

    def _take(self, at: int, digest: bytes, group: int) -> bool:
        """Whether a text is to be compared."""
        before = self._first.get((digest, group))
        if before is not None:
            self._repeats[at] = before
        elif len(self._kept) < self._most:
            self._first[digest, group] = at
            self._kept.append(at)
            self._of.append(group)
            self._digests += digest
            return True
        else:
            self._late += digest + group.to_bytes(8, "little")
            self._late_at.append(at)
        return False

    def matches(self, note: Callable[[str], None] = lambda _: None) -> Iterator[Match]:
        """Texts that nearly are an earlier one, as ``near`` says; once, since what was taken is used up.

        Args:
            note: told what was not compared.
        """
        beyond = self._repeated_late()
        # with one group every text that is another word for word is a repeat
        firsts, self._first = (self._first if len(self._groups) > 1 else {}), {}
        if beyond:
            more = "" if installed() else f"pip install 'amends[contribute]' compares {MOST_WITH:,}, or "
            note(
                f"{beyond:,} of {beyond + len(self._kept):,} different texts were compared word for word only: "
                f"near-duplicates are looked for among the first {self._most:,}; {more}check the file in parts"
            )
        chosen = self._chosen()
        parts = self._parts
        if chosen is not None:
            ends = np.cumsum([len(sizes) for sizes, _ in parts])[:-1]
            parts = [
                (sizes[mine], runs[np.repeat(mine, sizes)])
                for (sizes, runs), mine in zip(parts, np.split(chosen, ends), strict=True)
            ]
        self._parts = []
        at = np.flatnonzero(chosen) if chosen is not None else np.arange(len(self._kept))
        groups = np.frombuffer(self._of, dtype=np.int32)[at].tolist() if len(at) else []
        yield from self._joined(Join(shared(parts), groups, note), at, firsts)

    def _chosen(self) -> NDArray[np.bool_] | None:
        """Those of the kept texts that may match; None: all."""
        if len(self._kept) < MANY:
            return None
        sizes = np.concatenate([sizes for sizes, _ in self._parts])
        flags = may_match(np.concatenate([runs for _, runs in self._parts]), sizes) if installed() else None
        # of so few runs a signature says little
        return None if flags is None else flags | (sizes < RUN)

    def _repeated_late(self) -> int:
        """Find the repeats among the texts beyond the most; how many different ones these are."""
        late = np.frombuffer(bytes(self._late), dtype=np.uint64).reshape(-1, 3)
        self._late = bytearray()
        if not len(late):
            return 0
        # stable, so that of equal ones the earliest comes first
        order = np.lexsort((late[:, 2], late[:, 1], late[:, 0]))
        new = np.ones(len(late), dtype=bool)
        new[1:] = (late[order[1:]] != late[order[:-1]]).any(axis=1)
        firsts = order[new][np.cumsum(new) - 1]
        at = np.frombuffer(self._late_at, dtype=np.int64)
        self._repeats.update(zip(at[order[~new]].tolist(), at[firsts[~new]].tolist(), strict=True))
        return int(new.sum())

    def _joined(self, join: Join, at: NDArray[np.int64], firsts: Mapping[tuple[bytes, int], int]) -> Iterator[Match]:
        """Matches of the texts that are compared, with the repeats between them, in the order of all texts.

        Of a group that holds a text word for word, that text is named, whichever near one was met first.
        """
        waiting = sorted(self._repeats, reverse=True)
        for own, found in join.matches():
            place = self._kept[at[own]]
            while waiting and waiting[-1] < place:
                yield self._repeat(waiting.pop())
            for other, similarity in found:
                twin = firsts.get((self._digest(at[own]), self._of[at[other]]), place)
                if twin < place:
                    yield Match(place, twin, 1.0, True)
                else:
                    same = self._digest(at[own]) == self._digest(at[other])
                    yield Match(place, self._kept[at[other]], similarity, same)
        while waiting:
            yield self._repeat(waiting.pop())

    def _repeat(self, at: int) -> Match:
        return Match(at, self._repeats[at], 1.0, True)

    def _digest(self, kept: int) -> bytes:
        return bytes(self._digests[kept * DIGEST : (kept + 1) * DIGEST])


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
    sets = [word_runs(own) for own in words]
    counts = Counter(chain.from_iterable(sets))
    index: dict[tuple[str, ...], list[int]] = {}
    for i, own in enumerate(sets):
        for run in sorted(own, key=lambda run: (counts[run], run))[: len(own) // 2 + 1]:
            index.setdefault(run, []).append(i)
    best: dict[int, Match] = {}
    for at, text in enumerate(base):
        other = normal_words(text)
        runs = word_runs(other)
        for i in set(chain.from_iterable([index[run] for run in runs if run in index])):
            common = len(runs & sets[i])
            similarity = common / (len(runs) + len(sets[i]) - common)
            if similarity >= LEAST and (i not in best or similarity > best[i].similarity):
                best[i] = Match(i, at, similarity, other == words[i])
    yield from (best[i] for i in sorted(best))
