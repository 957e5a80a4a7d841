"""Whether a reply is about this customer's matter: how much of what it names the customer named too."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from amends.rubric.levels import OFF_TOPIC_MOST
from amends.scorers.rules.stems import stem
from amends.scorers.trained.inputs import is_telling
from amends.scorers.trained.pieces import Part

Array = np.ndarray[Any, np.dtype[Any]]
COLUMNS = 4
_FEW, _ENOUGH = 3, 8
"""Telling words up to which a reply cannot be off the topic, and from which it can in full."""
_DOUBT = 0.75
"""Up to this probability nothing is capped: chosen on validation, where a lower one costs depersonalization ranks."""


def overlap(found: Sequence[Part], stems: Iterable[str], rarity: Callable[[str], float]) -> list[float]:
    """What a logistic regression asks of a reply.

    Args:
        found: words and marks of the folded reply.
        stems: of the customer's words.
        rarity: of a word, its idf.

    Returns:
        1, the share of telling words that the customer used too (weighed by rarity), and two logarithms: how many
        they are, and their weight.
    """
    theirs = set(stems)
    telling = {word for word, _, _ in found if is_telling(word)}
    weights = {word: rarity(word) for word in sorted(telling)}
    shared = [weight for word, weight in weights.items() if stem(word) in theirs]
    share = sum(shared) / sum(weights.values()) if weights else 0.0
    return [1.0, share, math.log1p(len(shared)), math.log1p(sum(shared))]


@dataclass(frozen=True, slots=True)
class Relevance:
    """Logistic regression of "answers another scenario" on ``overlap``."""

    weights: Array
    """One for each column."""

    def aside(self, columns: Sequence[float], telling: int) -> float:
        """How surely a good reply with these columns answers somebody else's problem, 0..1.

        A doubt is no ground for a cap, and a reply that names next to nothing is poor for other reasons: the
        probability counts from three in four on, and in full from eight telling words on.

        Args:
            columns: from ``overlap``.
            telling: telling words of the reply; 0 where the customer said nothing to hold them against.
        """
        p = 1 / (1 + math.exp(-max(-40.0, min(40.0, float(self.weights @ np.array(columns))))))
        return max(0.0, (p - _DOUBT) / (1 - _DOUBT)) * min(1.0, max(0.0, (telling - _FEW) / (_ENOUGH - _FEW)))


def capped(probabilities: Array, aside: float) -> Array:
    """Probabilities of levels of a reply that is off the topic with some probability.

    Args:
        probabilities: dimensions by five.
        aside: from ``Relevance.aside``.
    """
    low = probabilities.copy()
    low[:, OFF_TOPIC_MOST - 1] += low[:, OFF_TOPIC_MOST:].sum(1)
    low[:, OFF_TOPIC_MOST:] = 0
    return np.asarray(aside * low + (1 - aside) * probabilities)
