"""E2 by comparison with the customer's turns: a sentence that takes up facts of the case in other words."""

from __future__ import annotations

import re

from amends.scorers.rules.reading import Reading
from amends.scorers.rules.stems import stem
from amends.text import words

_FORWARD = re.compile(
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
    # A stem begins its word, so that it stands in a sentence that holds the word; a number may be written out.
    letters = [cut for cut in shared if cut[0] > "9"]
    numbers = len(shared) - len(letters)
    found: list[tuple[int, int]] = []
    for start, end in reading.sentences[:MOST_SENTENCES]:
        if end - start < 24:
            continue
        sentence = reading.text[start:end]
        if sum(map(sentence.__contains__, letters)) + numbers >= 2 and _plays_back(sentence, reading):
            found.append((start, end))
    return found


def _plays_back(sentence: str, reading: Reading) -> bool:
    tokens = words(sentence)
    shared = len(reading.customer.stems.intersection(map(stem, tokens)))
    if shared < 2 or len(tokens) > 12 * shared or (shared == 2 and _FRAME.search(sentence) is None):
        return False
    return _FORWARD.search(sentence) is None and not reading.customer.echoes(tokens)
