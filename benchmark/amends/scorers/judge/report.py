"""What a judge did so far, and what it could not judge."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from amends.endpoint.usage import Usage


@dataclass(frozen=True, slots=True)
class JudgeReport:
    """Counts of one judge object in one process."""

    model: str
    prompt: str
    """First 8 hex of the prompt's hash."""
    exchanges: int
    """Annotated so far."""
    judged: int
    """Of these with at least one level."""
    unasked: dict[str, int]
    """Flag (empty, not_a_reply, unsupported_language) to replies that were flagged without asking the model."""
    not_judged: dict[str, tuple[str, ...]]
    """Reason to the exchanges that could not be judged for it: their ids, or ``#7`` for the seventh that was seen
    (a scorer is given no ids)."""
    unusable: dict[str, int]
    """Kind ("half JSON", "refusal", ...) to answers that could not be used, those that were asked again with them."""
    lost_quotes: int
    """Quotes that do not stand in the reply; their behaviours were dropped."""
    answered_by: dict[str, int]
    """The model as the endpoint names it, to answers: more than one name is drift."""
    without: tuple[str, ...]
    """Parameters that the endpoint does not take and that were left out (``temperature``)."""
    usage: Usage
    """Requests, retries, answers, cached, tokens."""
    cost: float | None
    """Of this object's requests, in the currency of the prices; None where prices or tokens are unknown."""

    def __str__(self) -> str:
        """What a person wants to know after a run, in one or two lines."""
        used = self.usage
        cost = "cost unknown" if self.cost is None else f"cost {self.cost:.4f}"
        lines = [
            f"judge {self.model}: {self.judged:,} of {self.exchanges:,} judged; {used.requests:,} requests "
            f"({used.retries:,} retries, {used.cached:,} answers from the cache), {cost}"
        ]
        for reason, ids in self.not_judged.items():
            named = ", ".join(ids[:5]) + (", ..." if len(ids) > 5 else "")
            lines.append(f"not judged, {reason}: {len(ids):,} ({named})")
        return "\n".join(lines)


class Tally:
    """Counts that threads add to."""

    def __init__(self) -> None:
        """Nothing yet."""
        self.lock = threading.Lock()
        self.exchanges = 0
        self.judged = 0
        self.lost_quotes = 0
        self.unasked: dict[str, int] = {}
        self.unusable: dict[str, int] = {}
        self.answered_by: dict[str, int] = {}
        self.not_judged: dict[str, list[str]] = {}

    def add(self, counter: dict[str, int], name: str) -> None:
        """One more under a name."""
        with self.lock:
            counter[name] = counter.get(name, 0) + 1
