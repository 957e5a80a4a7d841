"""Flags: what a reply is before it is good or bad. High precision; a doubt raises no flag."""

from __future__ import annotations

import functools
import re

from amends.rubric.levels import OFF_TOPIC
from amends.scorers.rules.breaks import truncated
from amends.scorers.rules.engine import Hit
from amends.scorers.rules.languages import language_of
from amends.scorers.rules.noise import is_unseen, no_reply
from amends.scorers.rules.reading import Reading
from amends.scorers.rules.topics import off_topic

_LETTER = re.compile("[a-z]")
_FORBIDDEN = re.compile(
    r"\b(?:no|may not|cannot|can't|can not|must not|not|nor)\b(?: [\w']{1,12}){0,4}? (refund|discount|compensation"
    r"|voucher|replacement|goodwill|credit|waive)"
)
_ALLOWED = re.compile(r"\b(?:may|can|up to|only|except|unless|beyond|above|over|more than|half|part)\b")


WHY_NOT = {
    "empty": "Nothing is visible in the reply.",
    "not_a_reply": "The text is no reply: it holds no words of an agent.",
    "unsupported_language": "The reply is not in English.",
}
"""What is said of a reply that gets no levels."""


def unscored_flag(reading: Reading) -> str | None:
    """The flag under which a reply gets no levels, or None.

    Args:
        reading: of the reply.
    """
    reply = reading.exchange.reply
    if _LETTER.search(reading.text) is None and all(map(is_unseen, reply)):
        return "empty"
    return "not_a_reply" if no_reply(reading) else language_of(reply, reading.words)


def other_flags(reading: Reading, banned: bool) -> list[str]:
    """Flags that leave the levels standing: not_upset, unauthorised, off_topic, truncated.

    Args:
        reading: of the reply.
        banned: whether it promises what the authority rules out.
    """
    flags = []
    if reading.exchange.context.emotion == "none":
        flags.append("not_upset")
    if banned:
        flags.append("unauthorised")
    if off_topic(reading):
        flags.append(OFF_TOPIC)
    if truncated(reading):
        flags.append("truncated")
    return flags


def forbidden(reading: Reading, found: list[Hit]) -> list[Hit]:
    """Commitments of a kind that the scenario's authority rules out in plain words."""
    nouns = ruled_out(reading)
    if not nouns:
        return []
    return [f for f in found if f.code == "X3" and any(noun in reading.text[f.start : f.end] for noun in nouns)]


def ruled_out(reading: Reading) -> frozenset[str]:
    """What the scenario's authority says may not be given, in single words; empty where it says nothing."""
    authority = reading.exchange.context.authority
    return _ruled_out(authority) if authority else _NOTHING


_NOTHING: frozenset[str] = frozenset()


@functools.lru_cache(maxsize=256)
def _ruled_out(authority: str) -> frozenset[str]:
    """What an authority says may not be given."""
    nouns = set()
    for clause in re.split(r"[.;,]", authority.lower()):
        match = _FORBIDDEN.search(clause)
        if match and not _ALLOWED.search(clause[: match.start()] + clause[match.end() :]):
            nouns.add(match[1])
    return frozenset(nouns)
