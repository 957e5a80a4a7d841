"""From marks on pieces to behaviours with spans."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from amends.records import Behaviour
from amends.scorers.trained.pieces import Part
from amends.text.folding import Folded

Array = np.ndarray[Any, np.dtype[Any]]
Runs = list[tuple[int, int]]
_BREAKS = ',;:!?.-()"'
_EDGES = " \t\r\n,;:-\"'()"
HINT = 0.5
"""Strength from which a behaviour counts; a code below its threshold is not given at all."""


@dataclass(frozen=True, slots=True)
class Marks:
    """What the encoder says of one reply."""

    parts: Sequence[Part]
    """Words and marks of the folded reply."""
    words: Sequence[int]
    """For each piece the number of its part."""
    pieces: Array
    """Pieces by codes: logits."""
    shown: Array
    """Codes: logits that the reply shows them."""


@dataclass(frozen=True, slots=True)
class Spans:
    """How spans are cut, chosen on replies that were not learnt from."""

    shown: Array
    """Per code the logit from which it is given."""
    inner: Array
    """Per code the logit from which a word is in a span."""
    reach: float
    """A word this far under the code's highest logit is in a span only if it passes ``inner``."""
    share: float
    """A clause is in a span if this share of its words is."""


def by_word(marks: Marks) -> Array:
    """Words by codes: the highest logit of each word's pieces; words that were not read are far below."""
    found = np.full((len(marks.parts), marks.pieces.shape[1]), -30.0, np.float32)
    np.maximum.at(found, np.asarray(marks.words, np.intp), marks.pieces)
    return found


def clauses(found: Sequence[Part]) -> list[tuple[int, int]]:
    """Clauses of a reply as (first, last) word; a mark ends one unless a word follows it without a blank.

    Args:
        found: words and marks of the folded reply.
    """
    made: list[tuple[int, int]] = []
    first = 0
    for number, (word, _, end) in enumerate(found):
        last = number + 1 == len(found)
        if last or (word[0] in _BREAKS and not (word in "-.," and found[number + 1][1] == end)):
            made.append((first, number))
            first = number + 1
    return made


def stretches(column: Array, found: Sequence[Part], parted: Sequence[tuple[int, int]], cut: Spans, code: int) -> Runs:
    """Clauses that show a code as (first, last) word, those of one sentence that touch joined; at least one.

    Args:
        column: logits of the words for the code.
        found: words and marks of the folded reply.
        parted: its clauses.
        cut: thresholds.
        code: its number.
    """
    floor = min(float(cut.inner[code]), float(column.max()) - cut.reach)
    inside = [pair for pair in parted if _share(column, found, pair, floor) >= cut.share]
    if not inside:
        top = int(column.argmax())
        return [pair for pair in parted if pair[0] <= top <= pair[1]]
    made: Runs = []
    for first, last in inside:
        if made and first == made[-1][1] + 1 and found[made[-1][1]][0][0] not in ".!?":
            made[-1] = (made[-1][0], last)
        else:
            made.append((first, last))
    return made


def _share(column: Array, found: Sequence[Part], pair: tuple[int, int], floor: float) -> float:
    """Share of a clause's words at or above a floor."""
    words = [n for n in range(pair[0], pair[1] + 1) if found[n][0][0].isalnum()]
    return sum(float(column[n]) >= floor for n in words) / len(words) if words else 0.0


def behaviours(marks: Marks, cut: Spans, folded: Folded, codes: Sequence[str]) -> tuple[Behaviour, ...]:
    """Behaviours with spans in the stored text, in the order of place and code.

    Args:
        marks: of the encoder.
        cut: thresholds.
        folded: the reply.
        codes: in the order of the marks.
    """
    given = np.flatnonzero(marks.shown >= cut.shown)
    if not len(given) or not len(marks.words):
        return ()
    words = by_word(marks)
    parted = clauses(marks.parts)
    made: list[Behaviour] = []
    for number in given.tolist():
        sure = 1 / (1 + float(np.exp(cut.shown[number] - marks.shown[number])))
        for first, last in stretches(words[:, number], marks.parts, parted, cut, number):
            span = _trimmed(folded, marks.parts[first][1], marks.parts[last][2])
            if span:
                start, end = span
                made.append(Behaviour(codes[number], start, end, folded.source[start:end], round(max(HINT, sure), 2)))
    return tuple(sorted(made, key=lambda b: (b.start, b.code, b.end)))


def _trimmed(folded: Folded, first: int, last: int) -> tuple[int, int] | None:
    """The stretch of the stored text, without blanks and loose marks at its ends."""
    start, end = folded.span(first, last)
    text = folded.source
    while start < end and text[start] in _EDGES + ".!?":
        start += 1
    while end > start and text[end - 1] in _EDGES:
        end -= 1
    return (start, end) if start < end else None
