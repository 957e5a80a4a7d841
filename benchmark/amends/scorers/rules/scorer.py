"""The scorer ``rules``: patterns, guards, combination rules, and the rubric's clauses for the levels."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence

from amends.records import DIMENSIONS, Annotation, Annotator, Behaviour, Exchange
from amends.rubric.levels import Decision, decide
from amends.scorers.rules.combine import combined
from amends.scorers.rules.engine import Hit, Matcher, shipped_matcher
from amends.scorers.rules.flags import WHY_NOT, forbidden, other_flags, ruled_out, unscored_flag
from amends.scorers.rules.guards import kept
from amends.scorers.rules.reading import Reading
from amends.text import fold

_ANNOTATOR = Annotator("scorer", "program", "rules", "3")
_CHUNK = 2048
"""Replies that are matched together."""


class Rules:
    """Behaviours by patterns; what cannot be seen in words it does not see."""

    name = "rules"
    version = 3

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
            some = exchanges[start : start + _CHUNK]
            folded = [fold(exchange.reply) for exchange in some]
            found = matcher.hits_many([one.text for one in folded])
            for exchange, one, hits in zip(some, folded, found, strict=True):
                # A reply is taken apart when its turn comes: what was made for all of them first would be out of
                # the processor's cache by then.
                reading = Reading(exchange, one)
                yield reading, _annotation(reading, hits)

    def flagged(self, exchanges: Sequence[Exchange]) -> Iterator[tuple[Reading, tuple[str, ...]]]:
        """What was read and the flags alone, equal to those of ``read``, for a scorer that finds behaviours itself.

        No pattern is looked for, but in the few replies that name what their authority rules out: whether they
        promise it, only the behaviours tell.

        Args:
            exchanges: as for ``annotate``.
        """
        for exchange in exchanges:
            reading = Reading(exchange)
            yield reading, self._flags(reading)

    def _flags(self, reading: Reading) -> tuple[str, ...]:
        flag = unscored_flag(reading)
        if flag is not None:
            return (flag,)
        banned = False
        if any(noun in reading.text for noun in ruled_out(reading)):
            hits = (self._matcher or shipped_matcher()).hits(reading.text)
            banned = bool(forbidden(reading, combined(kept(hits, reading), reading)))
        return tuple(other_flags(reading, banned))


def _annotation(reading: Reading, hits: list[Hit]) -> Annotation:
    exchange = reading.exchange
    flag = unscored_flag(reading)
    if flag is not None:
        none: dict[str, float | None] = dict.fromkeys(DIMENSIONS)
        return Annotation(exchange.id, exchange.scenario_id, _ANNOTATOR, none, (), (flag,), reason=WHY_NOT[flag])
    found = combined(kept(hits, reading), reading)
    banned = forbidden(reading, found)
    if banned:
        found = [f for f in found if not any(_touch(f, b) for b in banned)]
    flags = other_flags(reading, bool(banned))
    behaviours = _behaviours(found, reading)
    levels, clauses = _settled(tuple(decide(behaviours, flags, exchange.context.fault).values()))
    return Annotation(
        exchange.id,
        exchange.scenario_id,
        _ANNOTATOR,
        dict(levels),
        behaviours,
        tuple(flags),
        reason=f"{clauses}; seen: {_seen(behaviours)}.",
    )


def _touch(found: Hit, banned: Hit) -> bool:
    """A promise (X3, D3) that shares words with one that is ruled out."""
    return found.code in ("X3", "D3") and found.start < banned.end and banned.start < found.end


def _behaviours(found: list[Hit], reading: Reading) -> tuple[Behaviour, ...]:
    """Behaviours with their spans in the stored text, ordered by place."""
    text = reading.exchange.reply
    span = reading.folded.span
    made: list[Behaviour] = []
    for first, last, code, strength, _ in found:
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
def _settled(decisions: tuple[Decision, ...]) -> tuple[dict[str, float | None], str]:
    """The levels, and in words the clauses that decide them."""
    decided = list(zip(DIMENSIONS, decisions, strict=True))
    clauses = ", ".join(
        [f"{name.replace('_', ' ')} {decision.level} by {decision.clause}" for name, decision in decided]
    )
    return {name: float(decision.level) for name, decision in decided}, clauses


def _seen(behaviours: tuple[Behaviour, ...]) -> str:
    return ", ".join(sorted({b.code for b in behaviours})) or "no behaviour"
