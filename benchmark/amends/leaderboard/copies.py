"""Which replies stand in the released sets already: sequences of eight words, and equality of short replies.

Words are runs of letters and digits of the folded text (case, width, accents, look-alikes and characters that are not
seen make no difference), as ``text.folding`` folds it for the scorers. A sequence is eight of them in a row.

- *A copy* of a reply of validation, test or the systems set: every word the same (from five words on: "We are so
  sorry." is nobody's), or at least half of its distinct sequences, and eight or more, stand in those replies taken
  together: a reply that is stitched from two of them is a copy as well. Sequences that stand in train too, or in the
  words of a customer, count for neither.
- *Overlap with train*: distinct sequences of all replies of an entry that stand in a reply of train. Brown et al.
  (2020, appendix C) look for 13-grams between a test set and its training texts; replies here have 80 words and
  templates fewer, so eight.

Sequences are compared by 64-bit polynomial hashes of mixed word numbers; with the 3,000 released replies and a board
of 200 entries an accidental equality is expected once in some ten million boards.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from amends.leaderboard.rows import Overlap
from amends.text.folding import plain

RUN = 8
"""Words in a sequence."""
FEWEST_WORDS = 5
"""Under so many words an equal reply is no copy."""
FEWEST_FOUND = 8
"""Under so many sequences found a reply is no near-copy."""
COPIED = 0.5
"""Share of a reply's sequences from which it is a near-copy."""
RETRIEVAL_ABOVE = 0.5
"""Share of an entry's sequences that stand in train above which the entry is ``retrieval``."""

_WORD = re.compile(r"[a-z0-9]+")
_BASE = np.uint64(0x9E3779B97F4A7C15)

Hashes = NDArray[np.uint64]


def words_of(text: str) -> list[str]:
    """Words of a text, folded.

    Args:
        text: as stored.
    """
    return _WORD.findall(plain(text).replace("'", ""))


class Sequences:
    """Numbers the words that it meets, so that a sequence is one number."""

    def __init__(self) -> None:
        """No word met yet."""
        self._numbers: dict[str, int] = {}
        self._mixed: Hashes = np.zeros(0, dtype=np.uint64)
        # modulo 2^64, as wanted
        powers = [pow(int(_BASE), k, 2**64) for k in range(RUN)]
        self._powers = np.array(powers, dtype=np.uint64)

    def of(self, words: Sequence[str]) -> Hashes:
        """Distinct sequences of a text's words, as sorted numbers.

        Args:
            words: in order.
        """
        if len(words) < RUN:
            return np.zeros(0, dtype=np.uint64)
        numbers = self._numbers
        own = np.fromiter((numbers.setdefault(word, len(numbers)) for word in words), dtype=np.int64, count=len(words))
        if len(numbers) > len(self._mixed):
            self._mixed = _mix(np.arange(2 * len(numbers), dtype=np.uint64))
        mixed = self._mixed[own]
        ends = len(words) - RUN + 1
        total = np.zeros(ends, dtype=np.uint64)
        for k in range(RUN):
            total += mixed[k : k + ends] * self._powers[k]
        return np.unique(_mix(total))


def _mix(numbers: Hashes) -> Hashes:
    """SplitMix64's finaliser (Steele, Lea & Flood 2014)."""
    z = numbers + np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


@dataclass(frozen=True, slots=True)
class Copy:
    """A reply that stands in the released sets already."""

    share: float | None
    """Of its sequences, 0.5..1; None where it is the same word for word."""
    found: int
    """Sequences found."""


class Released:
    """What of the released replies entries are held to."""

    def __init__(self, train: Iterable[str], held_out: Iterable[str], free: Iterable[str] = ()) -> None:
        """Read them once.

        What stands in train or in ``free`` is nobody's secret and makes no copy, though a held-out reply has it too:
        the systems set holds a baseline that gives train replies, and one that echoes the customer.

        Args:
            train: replies of the train split.
            held_out: replies of validation, test and the systems set.
            free: what every generator is given: turns of scenarios.
        """
        self._sequences = Sequences()
        known = [words_of(text) for text in train]
        given = [words_of(text) for text in free]
        held = [words_of(text) for text in held_out]
        self._train = self._union(known)
        open_to_all = np.union1d(self._train, self._union(given))
        short = {tuple(words) for words in (*known, *given) if len(words) < RUN}
        self._held = np.setdiff1d(self._union(held), open_to_all)
        self._equal = frozenset(
            tuple(words)
            for words in held
            if len(words) >= FEWEST_WORDS
            and (
                _among(self._sequences.of(words), self._held).any() if len(words) >= RUN else tuple(words) not in short
            )
        )

    def _union(self, texts: Sequence[Sequence[str]]) -> Hashes:
        parts = [self._sequences.of(words) for words in texts]
        return np.unique(np.concatenate(parts)) if parts else np.zeros(0, dtype=np.uint64)

    def look(self, texts: Sequence[str]) -> tuple[Overlap, dict[int, Copy]]:
        """Overlap of an entry with train, and the replies that are copies.

        Args:
            texts: all its replies.

        Returns:
            The overlap, and the index of each copy.
        """
        parts: list[Hashes] = []
        copies: dict[int, Copy] = {}
        for i, text in enumerate(texts):
            words = words_of(text)
            own = self._sequences.of(words)
            parts.append(own)
            if tuple(words) in self._equal:
                copies[i] = Copy(None, len(own))
            elif len(own):
                found = int(_among(own, self._held).sum())
                if found >= FEWEST_FOUND and found >= COPIED * len(own):
                    copies[i] = Copy(found / len(own), found)
        distinct = np.unique(np.concatenate(parts)) if parts else np.zeros(0, dtype=np.uint64)
        return Overlap(len(distinct), int(_among(distinct, self._train).sum())), copies


def _among(numbers: Hashes, known: Hashes) -> NDArray[np.bool_]:
    """Which of sorted numbers stand among sorted ones."""
    if not len(known):
        return np.zeros(len(numbers), dtype=np.bool_)
    at = np.searchsorted(known, numbers)
    at[at == len(known)] = 0
    return np.asarray(known[at] == numbers)
