"""The linear half: runs of one to three words, weighed as in tf-idf (Salton and Buckley 1988), for three levels."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from amends.scorers.trained.pieces import Part

Array = np.ndarray[Any, np.dtype[Any]]
LONGEST = 3
"""Words in a run."""
_MOST = 2_000
"""Words of a reply that are read."""


def grams(found: Sequence[Part]) -> Counter[str]:
    """Runs of one to three words with how often they stand in a reply.

    Args:
        found: words and marks of the folded reply; of the marks only ? and ! count.
    """
    words = [word if word[0].isalnum() else word[0] for word, _, _ in found if word[0].isalnum() or word[0] in "?!"]
    words = words[:_MOST]
    counted: Counter[str] = Counter(words)
    for size in range(2, LONGEST + 1):
        counted.update(" ".join(words[at : at + size]) for at in range(len(words) - size + 1))
    return counted


class Grams:
    """A table of runs with their rarity and their weights."""

    def __init__(self, runs: Sequence[str], rarity: Array, weights: Array, base: Array) -> None:
        """Index the runs.

        Args:
            runs: each once.
            rarity: idf of each.
            weights: runs by dimensions.
            base: what a reply without any of them gets, by dimension.
        """
        self._place = {run: number for number, run in enumerate(runs)}
        self._rarity = rarity.astype(np.float64)
        self._weights = weights.astype(np.float64)
        self._base = base.astype(np.float64)

    def rarity(self, word: str) -> float:
        """The idf of one word; of a word that is not in the table that of the rarest.

        Args:
            word: folded.
        """
        place = self._place.get(word)
        return float(self._rarity.max(initial=1.0) if place is None else self._rarity[place])

    def levels(self, found: Sequence[Part]) -> Array:
        """Three levels, not bounded: base + sum over runs of (1 + ln count) idf weight / length."""
        known = [(self._place[run], 1 + math.log(n)) for run, n in grams(found).items() if run in self._place]
        if not known:
            return self._base.copy()
        places = np.array([place for place, _ in known])
        values = np.array([value for _, value in known]) * self._rarity[places]
        return np.asarray(self._base + (values / math.sqrt(float(values @ values))) @ self._weights[places])
