"""Whether a reply answers somebody else's problem: it is about a thing that nobody in the exchange spoke of.

Words in common do not tell it: one real reply in thirty shares no telling word with what it answers. So a reply that
shares none is off topic only where it feels with somebody for a case that it tells, and one that shares next to none
where it names things of trades that the exchange is not about and none of those that it is about, or speaks to nobody
and of what no complaint is about.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable
from pathlib import Path

from amends.records import Turn
from amends.scorers.rules.phrases import Phrase
from amends.scorers.rules.reading import Reading
from amends.scorers.rules.stems import stem
from amends.text import plain, words

_PERSONS = frozenset(
    (  # noqa: SIM905
        "i i'm i've i'll me my we we're we've we'll us our you your you're you've you'll yours sorry please thank"
        " thanks apologies apologise apologize"
    ).split()
)
"""With none of these nobody is spoken to."""
_CASE = 10
"""Telling words that a case takes."""
_FELT = Phrase(
    r"\b(?:must (?:have|be|hurt|feel)|would (?:drive|make|have|unsettle|wear)|i'd be|so sad|awful|horrible|horrid"
    r"|rotten|dreadful|unsettling|worrying|maddening|miserable|wearing|rubbish|vexing|unpleasant|upsetting"
    r"|frightening|distressing|regrets? (?:the|that)|sorry (?:that|about|for|to (?:hear|read|learn))|grinds)\b"
)
_STOCK = Phrase(
    r"\b(?:(?:thanks|thank you|thanks a million)(?: so much)? for|feedback|valued?|hearing from our|relevant team"
    r"|matters to us|important to us|look into|any inconvenience)\b"
)
"""Phrases of replies that fit any case, and so are about none."""


@functools.cache
def _topics() -> dict[str, str]:
    """Word to topic."""
    rows = _file()["trades"] | _file()["general"]
    return {word: topic for topic, line in rows.items() for word in line.split()}


@functools.cache
def _file() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = json.loads(Path(__file__).with_name("topics.json").read_text("utf-8"))
    return found


@functools.cache
def _words() -> frozenset[str]:
    """The words of all topics, with and without a final ``s``."""
    return frozenset(word + end for word in _topics() for end in ("", "s"))


def _topic(word: str) -> str:
    topics = _topics()
    return topics.get(word) or topics[word.removesuffix("s")]


def named(vocabulary: Iterable[str]) -> dict[str, set[str]]:
    """Topics with the different words that name them.

    Args:
        vocabulary: words of a folded text.
    """
    found: dict[str, set[str]] = {}
    for word in _words().intersection(vocabulary):
        found.setdefault(_topic(word), set()).add(word.removesuffix("s"))
    return found


@functools.lru_cache(maxsize=256)
def _beside(turns: tuple[Turn, ...], company: str | None, domain: str | None) -> list[str]:
    """The words of an exchange that are not the customer's."""
    said = [turn.text for turn in turns if turn.role != "customer"]
    return words(plain(" ".join([*said, company or "", domain or ""])))


def off_topic(reading: Reading) -> bool:
    """Tell whether a reply is about another case or another trade than the exchange.

    Args:
        reading: of the reply.
    """
    return _other_case(reading) or _other_trade(reading)


def _other_case(reading: Reading) -> bool:
    """It feels with somebody for something of which nobody spoke: no telling word is shared, and it is no formula."""
    if len(reading.customer.stems) < _CASE or any(cut[0] > "9" for cut in reading.shared):
        return False
    context = reading.exchange.context
    telling = _telling(reading)
    if len(telling) < _CASE or not telling.isdisjoint(
        map(stem, _beside(reading.exchange.turns, context.company, context.domain))
    ):
        return False
    return _FELT.occurs(reading.text) and not _STOCK.occurs(reading.text)


def _telling(reading: Reading) -> set[str]:
    """The stems of the reply but for numbers."""
    return {cut for cut in reading.stems if not cut[0].isdigit()}


def _other_trade(reading: Reading) -> bool:
    mine = named(reading.vocabulary)
    if not mine:
        return False
    strange = sum(map(len, mine.values()))
    unspoken = not mine.keys().isdisjoint(_file()["general"]) and _PERSONS.isdisjoint(reading.vocabulary)
    if strange < 2 and not unspoken and not _handed(reading.words):
        return False
    context = reading.exchange.context
    customer = reading.customer
    beside = _beside(reading.exchange.turns, context.company, context.domain)
    topics = named(customer.vocabulary) | named(beside)
    if not topics.keys().isdisjoint(mine):
        return False
    telling = _telling(reading)
    shared = len(telling.intersection(customer.stems.union(map(stem, beside))))
    if strange < 2 or (unspoken and shared == 0):
        return shared == 0
    if strange == 2 or len(telling) < 8:
        return shared == 0 or (shared == 1 and len(telling) >= 8 and bool(topics))
    return shared <= 2 and shared * 6 <= len(telling)


def _handed(tokens: list[str]) -> bool:
    """A thing of a trade is called the customer's own ("your flight")."""
    if "your" not in tokens:
        return False
    return any(word == "your" and not _words().isdisjoint(tokens[at : at + 4]) for at, word in enumerate(tokens))
