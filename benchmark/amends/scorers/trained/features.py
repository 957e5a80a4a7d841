"""Everything that is known of a reply when its levels are settled, as one row of numbers."""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from amends.records import DIMENSIONS, Behaviour
from amends.rubric.definitions import behaviours
from amends.rubric.levels import decide
from amends.scorers.rules.reading import Reading
from amends.scorers.trained.decode import Marks, Spans
from amends.scorers.trained.inputs import ECHO, SHARED

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
    *(f"expected {d}" for d in DIMENSIONS),
    *(f"words {d}" for d in DIMENSIONS),
    "length", "shared", "echo", "distinct", "function", "questions", "sentence", "calm", "fault company",
    "fault customer",
)  # fmt: skip
"""Columns before those of the codes."""
_DRAWS = 16


def _primes(count: int) -> list[int]:
    found: list[int] = []
    number = 2
    while len(found) < count:
        if all(number % prime for prime in found):
            found.append(number)
        number += 1
    return found


@functools.cache
def _chances() -> tuple[tuple[str, ...], Array]:
    """The codes, and draws by codes, spread evenly over 0..1: multiples of the roots of primes (Kronecker 1884)."""
    codes = tuple(behaviours())
    return codes, np.outer(np.arange(1, _DRAWS + 1), np.sqrt(_primes(len(codes)))) % 1


def expected(marks: Marks, cut: Spans, flags: Sequence[str], fault: str | None) -> list[float]:
    """Levels by the rubric's clauses in the mean over what the reply may show: a code near its threshold half counts.

    Args:
        marks: of the encoder.
        cut: thresholds.
        flags: of the reply.
        fault: of the case.
    """
    if not len(marks.words):
        return [0.0] * len(DIMENSIONS)
    chance = 1 / (1 + np.exp(-np.clip(marks.shown - cut.shown, -30, 30)))
    places = np.asarray(marks.words)[marks.pieces.argmax(0)].tolist()
    codes, draws = _chances()
    able = [Behaviour(code, at, at + 1, "") for code, at in zip(codes, places, strict=True)]
    total = [0] * len(DIMENSIONS)
    for drawn in chance > draws:
        decided = decide([able[number] for number in np.flatnonzero(drawn).tolist()], flags, fault)
        for number, dimension in enumerate(DIMENSIONS):
            total[number] += decided[dimension].level
    return [level / _DRAWS - 3 for level in total]


def row(
    reading: Reading, marks: Marks, kinds: Sequence[int], flags: Sequence[str], shown: Sequence[Behaviour], cut: Spans
) -> list[float]:
    """Columns that need no network beyond its behaviours: rubric and counts.

    Args:
        reading: of the exchange.
        marks: of the encoder.
        kinds: of each word or mark.
        flags: of the reply.
        shown: behaviours by the encoder.
        cut: thresholds.
    """
    context = reading.exchange.context
    decided = decide(shown, flags, context.fault)
    words = [word for word, _, _ in marks.parts if word[0].isalnum()]
    count = max(1, len(words))
    return [
        *(float(decided[d].level) - 3 for d in DIMENSIONS),
        *expected(marks, cut, flags, context.fault),
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
    rubric = 2 * len(DIMENSIONS)
    return np.concatenate(
        [score / 2, own[:rubric], np.clip(words, 0, 6) - 3, own[rubric:], 1 / (1 + np.exp(-np.clip(shown, -30, 30)))]
    ).astype(np.float64)
