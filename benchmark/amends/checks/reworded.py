"""Texts that are another text reworded: words exchanged, misspelt, moved, names and numbers replaced.

Each change of a word breaks three of the 3-word runs that ``near`` counts; a text with every eighth word changed
shares few of them. Here a text is the bag of the 4-letter pieces of its words (blanks at both ends), each weighted by
``w(g) = (1 + ln tf) * sqrt(ln(1 + N / df))``, tf its count in the text, df the number of the N texts of the base that
have it (Salton & Buckley 1988; the root, so that a name that is replaced does not outweigh the sentence around it).
Two texts are alike by the cosine of their vectors, 0..1, whatever the order of words.

``LIKE`` was set on the train split: of its replies one in a thousand is as near to any other (benches/README.md).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from math import log, sqrt

import numpy as np
from numpy.typing import NDArray

from amends.checks.prints import normal_words

LIKE = 0.7
"""Cosine from which a text is another reworded."""

LEAST_WORDS = 8
"""Shorter texts are alike by chance."""

_PIECE = 4


@lru_cache(maxsize=200_000)
def pieces(word: str) -> tuple[str, ...]:
    """The 4-letter pieces of a word with a blank at both ends; the whole where it is shorter."""
    padded = f" {word} "
    return tuple([padded[i : i + _PIECE] for i in range(max(1, len(padded) - _PIECE + 1))])


def _counts(text: str) -> Counter[str]:
    words = normal_words(text)
    if len(words) < LEAST_WORDS:
        return Counter()
    return Counter([piece for word in words for piece in pieces(word)])


class Index:
    """Texts in which reworded ones are looked up; weights come from them, or from another index."""

    def __init__(self, texts: Sequence[str], weights: Index | None = None) -> None:
        """Index texts.

        Args:
            texts: of any number, none too.
            weights: the index whose texts say how rare a piece is; None: this one.
        """
        counted = [_counts(text) for text in texts]
        if weights is None:
            df = Counter([piece for counts in counted for piece in counts])
            n = max(1, len(counted))
            self._rarity = {piece: sqrt(log(1 + n / number)) for piece, number in df.items()}
            self._rarest = sqrt(log(1 + n))
        else:
            self._rarity, self._rarest = weights._rarity, weights._rarest
        self._ids: dict[str, int] = {}
        self._rows = [self._row(counts) for counts in counted]
        self._build()

    def _row(self, counts: Counter[str]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        ids = np.array([self._ids.setdefault(piece, len(self._ids)) for piece in counts], dtype=np.int64)
        return ids, self._vector(counts)

    def _vector(self, counts: Counter[str]) -> NDArray[np.float64]:
        """Weights of a text's pieces, of norm 1."""
        rarity, rarest = self._rarity, self._rarest
        vector = np.array([rarity.get(piece, rarest) for piece in counts], dtype=np.float64)
        vector *= 1 + np.log(np.array(list(counts.values()), dtype=np.float64))
        return vector / (np.linalg.norm(vector) or 1.0)

    def _build(self) -> None:
        """Postings: for each piece the texts that have it."""
        sizes = [len(ids) for ids, _ in self._rows]
        empty_ids, empty = np.zeros(0, dtype=np.int64), np.zeros(0)
        ids = np.concatenate([empty_ids, *[ids for ids, _ in self._rows]])
        weights = np.concatenate([empty, *[weights for _, weights in self._rows]])
        order = np.argsort(ids, kind="stable")
        self._texts = np.repeat(np.arange(len(sizes)), sizes)[order]
        self._weights = weights[order]
        self._starts = np.searchsorted(ids[order], np.arange(len(self._ids) + 1))

    def like(self, text: str, before: int | None = None) -> list[tuple[int, float]]:
        """Indexed texts that a text is a rewording of, the nearest first.

        Args:
            text: any.
            before: look only at the texts of a lower index.

        Returns:
            Pairs of index and cosine (``LIKE``..1).
        """
        counts = _counts(text)
        if not counts or not self._rows:
            return []
        own = self._vector(counts)
        ids = np.array([self._ids.get(piece, -1) for piece in counts], dtype=np.int64)
        own, ids = own[ids >= 0], ids[ids >= 0]
        starts, sizes = self._starts[ids], self._starts[ids + 1] - self._starts[ids]
        ends = np.cumsum(sizes)
        # the postings of all its pieces, one after the other
        places = np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts - (ends - sizes), sizes)
        scores = np.bincount(
            self._texts[places], weights=self._weights[places] * np.repeat(own, sizes), minlength=len(self._rows)
        )
        found = np.flatnonzero(scores[:before] >= LIKE)
        return sorted([(int(i), min(1.0, float(scores[i]))) for i in found], key=lambda pair: (-pair[1], pair[0]))
