"""The scorer ``rules``: patterns, guards, combination rules, and the rubric's clauses for the levels."""

from __future__ import annotations

from collections.abc import Sequence

from amends.records import DIMENSIONS, Annotation, Annotator, Behaviour, Exchange
from amends.rubric.levels import Decision, decide
from amends.scorers.rules.combine import Found, combined
from amends.scorers.rules.engine import Matcher, shipped_matcher
from amends.scorers.rules.flags import forbidden, other_flags, unscored_flag
from amends.scorers.rules.guards import kept
from amends.scorers.rules.reading import Reading

_ANNOTATOR = Annotator("scorer", "program", "rules", "1")
_WHY_NOT = {
    "empty": "Nothing is visible in the reply.",
    "not_a_reply": "The text is no reply: it holds no words of an agent.",
    "unsupported_language": "The reply is not in English.",
}


class Rules:
    """Behaviours by patterns; what cannot be seen in words it does not see."""

    name = "rules"
    version = 1

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
        matcher = self._matcher or shipped_matcher()
        return [_annotation(exchange, matcher) for exchange in exchanges]


def _annotation(exchange: Exchange, matcher: Matcher) -> Annotation:
    reading = Reading(exchange)
    hits = matcher.hits(reading.text)
    flag = unscored_flag(reading, len(hits))
    if flag is not None:
        levels: dict[str, float | None] = dict.fromkeys(DIMENSIONS)
        return Annotation(exchange.id, exchange.scenario_id, _ANNOTATOR, levels, (), (flag,), reason=_WHY_NOT[flag])
    found = combined(kept(hits, reading), reading)
    flags = other_flags(reading, found)
    if "unauthorised" in flags:
        banned = forbidden(reading, found)
        found = [f for f in found if not any(_touch(f, b) for b in banned)]
    behaviours = _behaviours(found, reading)
    decisions = decide(behaviours, flags, exchange.context.fault)
    return Annotation(
        exchange.id,
        exchange.scenario_id,
        _ANNOTATOR,
        {dimension: float(decisions[dimension].level) for dimension in DIMENSIONS},
        behaviours,
        tuple(flags),
        reason=_reason(decisions, behaviours),
    )


def _touch(found: Found, banned: Found) -> bool:
    """A promise (X3, D3) that shares words with one that is ruled out."""
    return found.code in ("X3", "D3") and found.start < banned.end and banned.start < found.end


def _behaviours(found: list[Found], reading: Reading) -> tuple[Behaviour, ...]:
    """Found behaviours with their spans in the stored text, ordered by place."""
    text = reading.exchange.reply
    made: list[Behaviour] = []
    for one in found:
        start, end = reading.folded.span(one.start, one.end)
        while start < end and text[start] in " \t\r\n.,;:!?-":
            start += 1
        if start < end:
            made.append(Behaviour(one.code, start, end, text[start:end], one.strength))
    return tuple(sorted(made, key=lambda b: (b.start, b.code, b.end)))


def _reason(decisions: dict[str, Decision], behaviours: tuple[Behaviour, ...]) -> str:
    """One sentence that names the deciding clauses and what was seen."""
    parts = [
        f"{dimension.replace('_', ' ')} {decisions[dimension].level} by {decisions[dimension].clause}"
        for dimension in DIMENSIONS
    ]
    codes = ", ".join(sorted({b.code for b in behaviours}))
    return f"{', '.join(parts)}; seen: {codes or 'no behaviour'}."
