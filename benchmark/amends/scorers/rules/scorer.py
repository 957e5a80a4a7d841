"""The scorer ``rules``: patterns, guards, combination rules, and the rubric's clauses for the levels."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence

from amends.records import DIMENSIONS, Annotation, Annotator, Behaviour, Exchange
from amends.rubric.levels import Decision, decide
from amends.scorers.rules.combine import Found, combined
from amends.scorers.rules.engine import Hit, Matcher, shipped_matcher
from amends.scorers.rules.flags import forbidden, other_flags, unscored_flag
from amends.scorers.rules.guards import kept
from amends.scorers.rules.reading import Reading

_ANNOTATOR = Annotator("scorer", "program", "rules", "2")
_CHUNK = 512
"""Replies that are matched together."""
_WHY_NOT = {
    "empty": "Nothing is visible in the reply.",
    "not_a_reply": "The text is no reply: it holds no words of an agent.",
    "unsupported_language": "The reply is not in English.",
}


class Rules:
    """Behaviours by patterns; what cannot be seen in words it does not see."""

    name = "rules"
    version = 2

    def __init__(self, matcher: Matcher | None = None) -> None:
        """Use the shipped patterns, compiled at first use, unless a matcher is given.

        Args:
            matcher: for tests; it is not pickled.
        """
        self._matcher = matcher

    def __getstate__(self) -> dict[str, None]:
        """Compiled patterns stay behind; each process compiles its own once."""
        return {"_matcher": None}

    def annotate(self, exchanges: Sequence[Exchange]) -> list[Annotation]:
        """Judge a batch of blinded exchanges, in order.

        Args:
            exchanges: only turns, reply and context are read; ids are passed through.
        """
        return [annotation for _, annotation in self.read(exchanges)]

    def read(self, exchanges: Sequence[Exchange]) -> Iterator[tuple[Reading, Annotation]]:
        """The same with what was read, for a scorer that goes on from there.

        Args:
            exchanges: as for ``annotate``.
        """
        matcher = self._matcher or shipped_matcher()
        for start in range(0, len(exchanges), _CHUNK):
            readings = [Reading(exchange) for exchange in exchanges[start : start + _CHUNK]]
            found = matcher.hits_many([reading.text for reading in readings])
            for reading, hits in zip(readings, found, strict=True):
                yield reading, _annotation(reading, hits)


def _annotation(reading: Reading, hits: list[Hit]) -> Annotation:
    exchange = reading.exchange
    flag = unscored_flag(reading, len(hits))
    if flag is not None:
        levels: dict[str, float | None] = dict.fromkeys(DIMENSIONS)
        return Annotation(exchange.id, exchange.scenario_id, _ANNOTATOR, levels, (), (flag,), reason=_WHY_NOT[flag])
    found = combined(kept(hits, reading), reading)
    banned = forbidden(reading, found)
    if banned:
        found = [f for f in found if not any(_touch(f, b) for b in banned)]
    flags = other_flags(reading, bool(banned))
    behaviours = _behaviours(found, reading)
    decisions = tuple(decide(behaviours, flags, exchange.context.fault).values())
    return Annotation(
        exchange.id,
        exchange.scenario_id,
        _ANNOTATOR,
        {dimension: float(decision.level) for dimension, decision in zip(DIMENSIONS, decisions, strict=True)},
        behaviours,
        tuple(flags),
        reason=f"{_decided_by(decisions)}; seen: {_seen(behaviours)}.",
    )


def _touch(found: Found, banned: Found) -> bool:
    """A promise (X3, D3) that shares words with one that is ruled out."""
    return found.code in ("X3", "D3") and found.start < banned.end and banned.start < found.end


def _behaviours(found: list[Found], reading: Reading) -> tuple[Behaviour, ...]:
    """Found behaviours with their spans in the stored text, ordered by place."""
    text = reading.exchange.reply
    span = reading.folded.span
    made: list[Behaviour] = []
    for first, last, code, strength in found:
        start, end = span(first, last)
        while start < end and text[start] in " \t\r\n.,;:!?-":
            start += 1
        if start < end:
            made.append(Behaviour(code, start, end, text[start:end], strength))
    made.sort(key=_by_place)
    return tuple(made)


def _by_place(behaviour: Behaviour) -> tuple[int, str, int]:
    return behaviour.start, behaviour.code, behaviour.end


@functools.lru_cache(maxsize=4096)
def _decided_by(decisions: tuple[Decision, ...]) -> str:
    """The levels with the clauses that decide them, in words."""
    parts = [
        f"{dimension.replace('_', ' ')} {decision.level} by {decision.clause}"
        for dimension, decision in zip(DIMENSIONS, decisions, strict=True)
    ]
    return ", ".join(parts)


def _seen(behaviours: tuple[Behaviour, ...]) -> str:
    return ", ".join(sorted({b.code for b in behaviours})) or "no behaviour"
