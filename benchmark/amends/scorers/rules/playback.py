"""E2 by comparison with the customer's turns: a sentence that takes up facts of the case in other words."""

from __future__ import annotations

import functools
import re

from amends.scorers.rules.reading import Reading
from amends.text import words

_COMMON = frozenset(
    (  # noqa: SIM905
        "about after again also another anything back because been before being both cannot come could does doing"
        " done down each else even ever every from gone have having here into just know like made make many more"
        " most much must need never nobody nothing once only other over please really said same shall should since"
        " some someone something still such take than thank thanks that their them then there these they thing"
        " things this those though through today told tomorrow under until upon very want well went were what when"
        " where which while will with within without would your yours yourself you're you've you'll don't didn't"
        " can't won't it's that's i'm i've we're we've we'll sorry apologise apologies hello dear regards team help"
        " thing time times call number email message order customer service company refund money reply contact look"
        " hear understand matter issue problem feel left right sent send work worked working case details"
    ).split()
)
_NUMBERS = {
    word: str(value)
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen".split()  # noqa: SIM905
    )
} | {"twenty": "20", "thirty": "30", "forty": "40", "fifty": "50", "sixty": "60", "hundred": "100"}
_FORWARD = re.compile(
    r"\b(?:will|'ll|shall|please|could you|can you|would you|let me|going to|can i|if you)\b"
    r"|\b(?:i've|i have|we've|we have|i'm|i am|can be|may be|has to be|have asked|as per|terms|thank you|thanks)\b"
    r"|\b(?:refund|replac|reimburs|credit)\w{0,6}\b|\?"
)
_FRAME = re.compile(
    r"\b(?:you|your|you'd|you've|you're|yours|after|left|then|alone|again|before|just|still|without|only|while|instead)\b"
)
_TURNED = {"i": "you", "me": "you", "my": "your", "mine": "yours", "we": "you", "our": "your", "us": "you"}
_TURNED |= {
    "i'm": "you're",
    "i've": "you've",
    "i'd": "you'd",
    "i'll": "you'll",
    "am": "are",
    "we've": "you've",
}
_TURNED |= {"your": "our", "you": "we"}
MOST_SENTENCES = 60
"""Sentences that are compared; a longer reply is no plainer for it."""


@functools.lru_cache(maxsize=65_536)
def _stem(token: str) -> str:
    """A content word cut to five letters, a number as digits, anything else as nothing."""
    word = _NUMBERS.get(token, token)
    if word[:1].isdigit() or word[:1] == "$":
        return word.strip("$")
    if len(word) < 4 or word in _COMMON:
        return ""
    word = word.removesuffix("'s")
    return word[:5] if len(word) > 5 else word.removesuffix("s")


def stems(tokens: list[str]) -> set[str]:
    """Content words cut to a stem of five letters; number words as digits."""
    found = set(map(_stem, tokens))
    found.discard("")
    return found


def playback_spans(reading: Reading) -> list[tuple[int, int]]:
    """Sentences of the reply that play the customer's situation back, as (start, end) in the folded text.

    A sentence counts with three content words of the customer's, or two and a frame (second person, or a word
    that orders events), unless it looks forward, asks, or echoes the customer's own wording.
    """
    if not reading.exchange.turns:
        return []
    said = stems(reading.customer_words)
    if not said:
        return []
    found: list[tuple[int, int]] = []
    trigrams: set[tuple[str, ...]] | None = None
    for start, end in reading.sentences[:MOST_SENTENCES]:
        sentence = reading.text[start:end]
        if end - start < 24 or _FORWARD.search(sentence):
            continue
        tokens = words(sentence)
        shared = stems(tokens) & said
        enough = len(shared) >= 3 or (len(shared) == 2 and _FRAME.search(sentence))
        if not enough or len(tokens) > 12 * len(shared):
            continue
        if trigrams is None:
            trigrams = _trigrams(reading.customer_words)
        if not _echoes(tokens, trigrams):
            found.append((start, end))
    return found


def _trigrams(tokens: list[str]) -> set[tuple[str, ...]]:
    turned = [_TURNED.get(token, token) for token in tokens]
    return {
        *zip(tokens, tokens[1:], tokens[2:], strict=False),
        *zip(turned, turned[1:], turned[2:], strict=False),
    }


def _echoes(tokens: list[str], trigrams: set[tuple[str, ...]]) -> bool:
    """Most of a sentence's runs of three words are the customer's (also with the persons turned)."""
    own = list(zip(tokens, tokens[1:], tokens[2:], strict=False))
    return bool(own) and sum(run in trigrams for run in own) > 0.7 * len(own)
