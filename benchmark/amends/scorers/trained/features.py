"""Everything that is known of a reply when its levels are settled, as one row of numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from amends.records import DIMENSIONS, Behaviour
from amends.rubric.levels import decide
from amends.scorers.rules.reading import Reading
from amends.scorers.trained.inputs import ECHO, SHARED
from amends.scorers.trained.pieces import Part

Array = np.ndarray[Any, np.dtype[Any]]
_FUNCTION = frozenset(
    (  # noqa: SIM905
        "the and you your we our is are was were be been to of for in on at it that this with have has had i not no"
        " do does did will would could can what when where if but or as so from by about there their they he she his"
        " her my me us a an"
    ).split()
)
NAMES = (
    *(f"encoder {d}" for d in DIMENSIONS),
    *(f"rubric {d}" for d in DIMENSIONS),
    *(f"words {d}" for d in DIMENSIONS),
    "length", "shared", "echo", "distinct", "function", "questions", "sentence", "calm", "fault company",
    "fault customer",
)  # fmt: skip
"""Columns before those of the codes."""


def row(
    reading: Reading, found: Sequence[Part], kinds: Sequence[int], flags: Sequence[str], shown: Sequence[Behaviour]
) -> list[float]:
    """Columns that need no network beyond its behaviours: rubric and counts.

    Args:
        reading: of the exchange.
        found: words and marks of the folded reply.
        kinds: of each.
        flags: of the reply.
        shown: behaviours by the encoder.
    """
    context = reading.exchange.context
    decided = decide(shown, flags, context.fault)
    words = [word for word, _, _ in found if word[0].isalnum()]
    count = max(1, len(words))
    return [
        *(float(decided[d].level) - 3 for d in DIMENSIONS),
        math.log(count) - 4,
        sum(kind == SHARED for kind in kinds) / count * 5,
        sum(kind == ECHO for kind in kinds) / count * 3,
        len(set(words)) / count,
        sum(word in _FUNCTION for word in words) / count * 3,
        min(3, reading.text.count("?")) / 2,
        math.log(count / max(1, len(reading.sentences)) + 1) - 2,
        float(context.emotion == "none"),
        float(context.fault == "company"),
        float(context.fault == "customer"),
    ]


def whole(own: Sequence[float], score: Array, words: Array, shown: Array) -> Array:
    """The full row: encoder, rubric, words, counts, codes.

    Args:
        own: from ``row``.
        score: of the encoder, by dimension.
        words: of the n-grams, by dimension.
        shown: of the encoder, logits by code.
    """
    half = len(DIMENSIONS)
    return np.concatenate(
        [score / 2, own[:half], np.clip(words, 0, 6) - 3, own[half:], 1 / (1 + np.exp(-np.clip(shown, -30, 30)))]
    ).astype(np.float64)
