"""A politeness-marker extractor of this bench's own, as a user would write one after reading the paper.

The strategies are those of Danescu-Niculescu-Mizil, Sudhof, Jurafsky, Leskovec & Potts (2013), table 3, by regular
expressions over the text alone: no parse (ConvoKit, whose extractor reads dependency parses, is 6.5 GB installed), and
the two sentiment lists are short ones of this bench. It is here to be timed, not to be trusted.
"""

from __future__ import annotations

import re

_POSITIVE = "good great nice glad happy pleased appreciate wonderful excellent perfect helpful thanks love kind"
_NEGATIVE = "bad wrong terrible awful broken fail failed failure unfortunately problem worst useless angry late lost"
_HEDGES = "think thought suppose believe guess seem seems appear appears perhaps maybe possibly probably likely rather"
_START = r"(?:^|(?<=[.!?])\s+)"


def _any(words: str) -> str:
    return rf"\b(?:{'|'.join(words.split())})\b"


STRATEGIES: dict[str, re.Pattern[str]] = {
    name: re.compile(pattern, re.IGNORECASE)
    for name, pattern in {
        "gratitude": r"\b(?:thank(?:s| you)|i(?: really)? appreciate|grateful)\b",
        "deference": rf"{_START}(?:great|good|nice|interesting|cool|excellent|awesome)\b",
        "greeting": rf"{_START}(?:hi|hello|hey|dear)\b",
        "positive": _any(_POSITIVE),
        "negative": _any(_NEGATIVE),
        "apology": r"\b(?:sorry|apolog(?:y|ies|ise|ize)|forgive|excuse me|woops|oops)\b",
        "please": r"(?<=\w )please\b",
        "please at the start": rf"{_START}please\b",
        "indirect": r"\bby the way\b|\bbtw\b",
        "direct question": rf"{_START}(?:what|why|who|how|where|when)\b[^.!?]*\?",
        "direct start": rf"{_START}(?:so|then|and|but|or)\b",
        "could, would": r"\b(?:could|would) you\b",
        "can, will": r"\b(?:can|will) you\b",
        "I at the start": rf"{_START}i\b",
        "we": r"\b(?:we|our|us|ourselves)\b",
        "I": r"(?<=\w )(?:i|my|mine|myself|me)\b",
        "you": r"(?<=\w )(?:you|your|yours|yourself)\b",
        "you at the start": rf"{_START}(?:you|your|yours|yourself)\b",
        "hedges": _any(_HEDGES),
        "factuality": r"\b(?:in fact|actually|really|honestly|surely|the (?:fact|point|truth|reality) is)\b",
    }.items()
}


def markers(text: str) -> dict[str, int]:
    """How often each of the twenty strategies is marked in a text."""
    return {name: len(pattern.findall(text)) for name, pattern in STRATEGIES.items()}
