"""What of a log is no reply of a person to a customer: each rule with its name, and what it costs counted.

A rule fires on what an export says of a message (a note, a bot, a header) and on wording only where the wording
leaves no doubt: an automatic text names itself in its first words. "Please do not reply" in a footer is no proof,
since help desks put it under what people write.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from amends.errors import UsageError, unknown_name

RULES: Mapping[str, str] = {
    "note": "internal notes",
    "bot": "turns of bots and of the help desk itself",
    "auto_reply": "automatic replies",
    "closing_notice": "closing notices",
    "event": "parts without a message (assigned, snoozed, closed)",
    "empty": "turns without visible text",
    "duplicate": "messages that stand in the log twice",
    "unprompted": "agent turns with no customer turn before them",
    "follow_up": "agent turns that follow an agent's turn and are no part of it",
}
"""Name of a rule to what it drops, in the order in which they are tried."""

KEEPABLE = ("note", "bot", "auto_reply", "closing_notice", "empty", "follow_up")
"""Rules that ``--keep`` can switch off; what the others drop cannot be a reply to a customer."""

FIRST = 200
"""Characters in which an automatic text must name itself."""

_AUTOMATIC = re.compile(
    r"(?i)\A\W{0,8}(?:(?:hello|hi|dear|good\s\w+)\b[^.!?\n]{0,40}[,.!\n]\s*)?(?:thank\syou[^.!?\n]{0,80}[.!]\s*)?"
    r"(?:please\snote[:,]?\s(?:that\s)?)?"
    r"(?:this\s(?:is|was)\san\s(?:auto(?:mat(?:ed|ic)|-?generated)|automatically\sgenerated)\s(?:[\w-]+\s){0,2}"
    r"(?:reply|response|message|e-?mail|acknowledge?ment|confirmation|notification|notice)\b"
    r"|this\s(?:reply|response|message|e-?mail|acknowledge?ment|confirmation|notification)\s"
    r"(?:is|was|has\sbeen)\s(?:sent|generated|created)\sautomatically\b"
    r"|(?:automatic|automated|auto)[ -](?:reply|response)\s*[:\n]"
    r"|your\s(?:request|ticket|case|message)\s\(?#?\s?[\w-]{2,20}\)?\shas\sbeen\s(?:received|created|logged)\b"
    r"|diese\s(?:e-?mail|nachricht|antwort)\swurde\sautomatisch\s(?:erstellt|generiert|versendet)\b)"
)
_THING = r"(?:ticket|case|request|conversation|chat|enquiry|inquiry|issue)"
_NUMBER = r"(?:\s\(?(?:#|no\.?\s?|number\s)?[A-Z]*-?\d[\w-]{0,19}\)?)?"
_SHUT = r"(?:closed|solved|resolved|archived|ended)"
_CLOSING = re.compile(
    rf"(?i)\A\W{{0,4}}(?:(?:hello|hi|dear)\b[^.!?\n]{{0,40}}[,.!\n]\s*)?"
    rf"(?:(?:this|your|the)\s(?:support\s)?{_THING}{_NUMBER}\s(?:has\sbeen|was|is\snow|will\sbe|is\sbeing)\s"
    rf"(?:automatically\s{_SHUT}\b|(?:marked\s(?:as\s)?)?{_SHUT}\s(?:automatically\b|due\sto\s(?:inactivity|no\sresponse)\b"
    rf"|by\sthe\ssystem\b))"
    rf"|(?:this|your|the)\s(?:support\s)?{_THING}{_NUMBER}\s(?:has\sbeen|was|is\snow)\s(?:marked\s(?:as\s)?)?{_SHUT}\W*\Z"
    rf"|(?:the\s)?(?:chat|conversation)\s(?:has\s)?ended(?:\sby\s[\w ]{{1,30}})?\W*\Z)"
)


def worded(text: str) -> str | None:
    """The rule that an agent's text falls under by its own words; None for any text that leaves a doubt.

    Args:
        text: of an agent's turn.
    """
    head = text[:FIRST]
    if _AUTOMATIC.match(head):
        return "auto_reply"
    return "closing_notice" if _CLOSING.match(head if len(text) > FIRST else text) else None


def parse_keep(names: Iterable[str]) -> frozenset[str]:
    """Read ``--keep note,bot``.

    Raises:
        UsageError: an unknown rule, or one whose turns can be no replies.
    """
    asked = [name.strip() for part in names for name in part.split(",") if name.strip()]
    for name in asked:
        if name not in RULES:
            raise unknown_name("rule in --keep", name, RULES)
        if name not in KEEPABLE:
            raise UsageError(
                f"--keep {name}: {RULES[name]} cannot be kept, since they are no replies to a customer; "
                f"can be kept: {', '.join(KEEPABLE)}"
            )
    return frozenset(asked)


@dataclass(slots=True)
class Tally:
    """What became of one log's messages; every message is counted once."""

    file: str
    form: str
    """zendesk, intercom, mbox or messages."""
    unit: str
    conversations: int = 0
    units: int = 0
    """Exchanges made."""
    turns: int = 0
    """Agents' turns in the replies of those exchanges (several in one where a reply came in parts)."""
    customers: int = 0
    """Customers' turns read."""
    without: int = 0
    """Conversations that gave no exchange."""
    passed: int = 0
    """Agents' turns passed over by ``--unit first`` or ``last``; they stay context."""
    dropped: Counter[str] = field(default_factory=Counter)
    """Rule to turns dropped."""
    kept: Counter[str] = field(default_factory=Counter)
    """Rule to turns that ``--keep`` kept."""
    notes: Counter[str] = field(default_factory=Counter)
    """What had to be guessed, with how often."""
    missing: Counter[str] = field(default_factory=Counter)
    """Context field to the exchanges that do not have it."""

    def to_dict(self) -> dict[str, Any]:
        """As ``--json`` prints it."""
        return {
            "file": self.file,
            "form": self.form,
            "unit": self.unit,
            "conversations": self.conversations,
            "without_exchange": self.without,
            "exchanges": self.units,
            "agent_turns": self.turns,
            "customer_turns": self.customers,
            "passed_over": self.passed,
            "dropped": {rule: self.dropped.get(rule, 0) for rule in RULES},
            "kept": dict(self.kept),
            "notes": dict(self.notes),
        }

    def lines(self) -> list[str]:
        """As standard error prints it: what was read, then a line for each rule that dropped something."""
        head = (
            f"{self.file}: {_many(self.conversations, 'conversation')} ({self.form}), {_many(self.units, 'exchange')} "
            f"of {_many(self.turns, 'agent turn')} (--unit {self.unit})"
        )
        told = [head]
        if self.without:
            told.append(f"  {_many(self.without, 'conversation')} gave no exchange")
        if self.passed:
            told.append(f"  {_many(self.passed, 'agent turn')} passed over by --unit {self.unit}")
        told += [f"  dropped, {rule}: {self.dropped[rule]:,} {RULES[rule]}" for rule in RULES if self.dropped[rule]]
        told += [f"  kept, {rule}: {count:,} {RULES[rule]}" for rule, count in self.kept.items()]
        return told + [f"  {count:,} {note}" for note, count in self.notes.items()]


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
