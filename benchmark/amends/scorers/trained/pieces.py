"""Word pieces: a folded text as entries of a vocabulary, with their places (WordPiece, Wu et al. 2016)."""

from __future__ import annotations

import re
from collections.abc import Sequence

UNKNOWN, START, END, PAD = "[UNK]", "[CLS]", "[SEP]", "[PAD]"
_PART = re.compile(r"[a-z0-9]+|([^\sa-z0-9])\1*")
"""A word, or a run of one mark: a flood of marks is read as one."""
_LONGEST = 40
"""A longer run of letters is no word; its first letters are read."""
_REMEMBERED = 50_000

Part = tuple[str, int, int]


def parts(folded: str) -> list[Part]:
    """Words and marks of a folded text as (text, start, end).

    Args:
        folded: ``Folded.text``.
    """
    return [(m[1] or m[0], m.start(), m.end()) for m in _PART.finditer(folded)]


class Pieces:
    """Greedy longest-match pieces of words."""

    def __init__(self, vocabulary: Sequence[str]) -> None:
        """Index a vocabulary.

        Args:
            vocabulary: entries by id; pieces inside a word begin with ``##``.
        """
        self._ids = {entry: number for number, entry in enumerate(vocabulary)}
        self._known: dict[str, tuple[int, ...]] = {}
        self.unknown, self.start, self.end = (self._ids[name] for name in (UNKNOWN, START, END))

    def of(self, word: str) -> tuple[int, ...]:
        """Ids of the pieces of one word or mark, at least one.

        Args:
            word: lower-case.
        """
        found = self._known.get(word)
        if found is None:
            found = self._split(word[:_LONGEST])
            if len(self._known) < _REMEMBERED:
                self._known[word] = found
        return found

    def _split(self, word: str) -> tuple[int, ...]:
        ids: list[int] = []
        at = 0
        while at < len(word):
            end = len(word)
            while end > at:
                number = self._ids.get(word[at:end] if at == 0 else "##" + word[at:end])
                if number is not None:
                    break
                end -= 1
            else:
                return (self.unknown,)
            ids.append(number)
            at = end
        return tuple(ids) or (self.unknown,)
