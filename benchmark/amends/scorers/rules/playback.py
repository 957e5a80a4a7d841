"""E2 by comparison with the customer's turns: a sentence that takes up facts of the case in other words."""

from __future__ import annotations

import re

from amends.scorers.rules.phrases import Phrase
from amends.scorers.rules.reading import Reading
from amends.scorers.rules.stems import stems
from amends.text import words

_FORWARD = Phrase(
    r"\b(?:will|'ll|shall|please|could you|can you|would you|let me|going to|can i|if you)\b"
    r"|\b(?:i've|i have|we've|we have|i'm|i am|can be|may be|has to be|have asked|as per|terms|thank you|thanks)\b"
    r"|\b(?:refund|replac|reimburs|credit)\w{0,6}\b|\?"
)
_FRAME = re.compile(
    r"\b(?:you|your|you'd|you've|you're|yours|after|left|then|alone|again|before|just|still|without|only|while|instead)\b"
)
MOST_SENTENCES = 60
"""Sentences that are compared; a longer reply is no plainer for it."""


def playback_spans(reading: Reading) -> list[tuple[int, int]]:
    """Sentences of the reply that play the customer's situation back, as (start, end) in the folded text.

    A sentence counts with three content words of the customer's, or two and a frame (second person, or a word
    that orders events), unless it looks forward, asks, or echoes the customer's own wording.
    """
    shared = reading.shared
    if len(shared) < 2:
        return []
    found: list[tuple[int, int]] = []
    for index in _likely(reading):
        start, end = reading.sentences[index]
        if end - start >= 24 and _plays_back(reading.text[start:end], reading):
            found.append((start, end))
    return found


def _likely(reading: Reading) -> list[int]:
    """Sentences that may hold two of the customer's stems: the letters of two stand in them.

    A stem begins its word, so that it stands in a sentence that holds the word; a number may be written out.
    """
    text, rows = reading.text, reading.sentences
    letters = [cut for cut in reading.shared if cut[0] > "9"]
    held = [len(reading.shared) - len(letters)] * min(len(rows), MOST_SENTENCES)
    for cut in letters:
        at = text.find(cut)
        while at >= 0:
            index = reading.sentence(at)
            if index >= len(held):
                break
            held[index] += 1
            at = text.find(cut, rows[index][1])
    return [index for index, count in enumerate(held) if count >= 2]


def _plays_back(sentence: str, reading: Reading) -> bool:
    if _FORWARD.occurs(sentence):
        return False
    tokens = words(sentence)
    shared = len(reading.shared & stems(set(tokens)))
    if shared < 2 or len(tokens) > 12 * shared or (shared == 2 and _FRAME.search(sentence) is None):
        return False
    return not reading.customer.echoes(tokens)
