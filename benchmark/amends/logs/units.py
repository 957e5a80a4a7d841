"""Conversations of a help desk as exchanges: each public agent turn that follows a customer turn, with its context."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from amends.logs.rules import Tally, worded
from amends.records import CONTEXT_FIELDS, Context, Exchange, Json, Turn

UNITS = ("every", "first", "last")
"""What ``--unit`` takes."""

TOGETHER = datetime.timedelta(minutes=10)
"""An agent's next message within this time, with no customer between, belongs to the same reply."""

# what exchange.schema.json takes for blank in a turn
_VISIBLE = re.compile(r"[^\u0000-\u0020\u0085\u00a0\u1680\u2000-\u200f\u2028-\u202f\u205f\u2060\u3000\ufeff]")
_CONTROL = re.compile(r"[\u0000-\u001f\u007f-\u009f]")


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a conversation, as an export holds it."""

    role: str
    """``customer`` or ``agent``."""
    text: str
    rule: str | None = None
    """The rule under which the export itself puts it (note, bot, auto_reply, event ...); None for a public turn."""
    agent: str | None = None
    """Who wrote it; of agents only."""
    time: str | None = None
    team: str | None = None
    """The agent's team, where it is known for the message; else the conversation's."""
    fields: Mapping[str, Any] = field(default_factory=dict)
    """Context fields that the export gives with this message."""
    meta: Mapping[str, Any] = field(default_factory=dict)
    """Whatever else the export gives with it."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """Messages in the order in which they were written."""

    id: str
    messages: Sequence[Message]
    line: int
    """Where it stands in the file: a line, a row, or the place in a list."""
    team: str | None = None
    context: Mapping[str, Any] = field(default_factory=dict)
    """Context fields of the whole conversation."""
    names: tuple[str, ...] = ()
    """Names of its people, as far as the export tells them: for ``--mask``."""
    notes: tuple[str, ...] = ()
    """What had to be guessed of it."""


Mask = Callable[[Exchange, tuple[str, ...]], Exchange]
"""What takes personal data out of an exchange, given the names of its people."""


@dataclass(frozen=True, slots=True)
class Log:
    """How logs are read: what the commands share, and what became of each file."""

    unit: str = "every"
    form: str | None = None
    """zendesk, intercom, mbox or messages; None: told by the file's shape."""
    agent_domains: tuple[str, ...] = ()
    """Whose mail is an agent's, in an mbox."""
    keep: frozenset[str] = frozenset()
    """Rules that drop nothing."""
    mask: Mask | None = None
    tallies: dict[str, Tally] = field(default_factory=dict)
    """File to what became of it; filled while files are read."""

    @property
    def tag(self) -> str:
        """As a signature names the unit: rules that were switched off are part of it."""
        return "+".join([self.unit, *[f"keep-{rule}" for rule in sorted(self.keep)]])

    def settings(self) -> Json:
        """What a resumed run must share; empty where nothing was asked for."""
        asked: Json = {}
        if self.unit != "every":
            asked["unit"] = self.unit
        if self.form is not None:
            asked["from"] = self.form
        if self.agent_domains:
            asked["agent_domain"] = sorted(self.agent_domains)
        if self.keep:
            asked["keep"] = sorted(self.keep)
        if self.mask is not None:
            asked["mask"] = True
        return asked


def identifier(value: Any) -> str | None:
    """An id of an export as records hold ids; None where it is none (nothing, control characters, no end).

    Args:
        value: a text or a whole number.
    """
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    text = str(value).strip()
    return text if 0 < len(text) <= 900 and not _CONTROL.search(text) else None


def visible(text: str) -> bool:
    """Whether a text holds anything that a reader could see.

    Args:
        text: of a turn.
    """
    return _VISIBLE.search(text) is not None


@dataclass(slots=True)
class _Unit:
    """A reply in the making: the agent's messages, and how many turns of context stand before it."""

    context: int
    parts: list[Message]


def units(conversation: Conversation, log: Log, tally: Tally) -> Iterator[Exchange]:
    """Exchanges of one conversation, ``<conversation>#<k>`` with k from 1 over the agent's replies in it.

    A reply is an agent's turn that follows a customer turn; further messages of the same agent within ten minutes (or
    without a time) and with no customer between are parts of it, with a blank line between them. Any other agent turn
    there is dropped as a follow-up; it stays in the context of what comes after it. Every message is counted once.

    Args:
        conversation: messages in order.
        log: unit, and rules that are switched off.
        tally: counts.
    """
    turns, found = _split(conversation, log, tally)
    tally.conversations += 1
    tally.notes.update(conversation.notes)
    numbered = list(enumerate(found, start=1))
    chosen = {"every": numbered, "first": numbered[:1], "last": numbered[-1:]}[log.unit]
    tally.without += not chosen
    tally.units += len(chosen)
    tally.turns += sum(len(unit.parts) for _, unit in chosen)
    tally.passed += sum(len(unit.parts) for unit in found) - sum(len(unit.parts) for _, unit in chosen)
    for number, unit in chosen:
        exchange = _exchange(conversation, turns, number, unit)
        tally.missing.update(name for name in CONTEXT_FIELDS if getattr(exchange.context, name) is None)
        yield exchange


def _split(conversation: Conversation, log: Log, tally: Tally) -> tuple[list[Message], list[_Unit]]:
    """Turns that stay, and the replies among them."""
    turns: list[Message] = []
    found: list[_Unit] = []
    asked = False
    for message in conversation.messages:
        rule = _rule(message)
        if rule is not None and rule not in log.keep:
            tally.dropped[rule] += 1
            continue
        if rule is not None and (rule != "empty" or message.role == "agent"):
            tally.kept[rule] += 1
        if message.role == "customer":
            if not visible(message.text):
                tally.dropped["empty"] += 1
                continue
            asked = True
            tally.customers += 1
        elif not asked:
            tally.dropped["unprompted"] += 1
        elif turns[-1].role == "customer":
            found.append(_Unit(len(turns), [message]))
        elif _together(found[-1].parts[-1], message) or "follow_up" in log.keep:
            found[-1].parts.append(message)
        else:
            tally.dropped["follow_up"] += 1
        turns.append(message)
    return turns, found


def _rule(message: Message) -> str | None:
    if message.rule is not None:
        return message.rule
    if not visible(message.text):
        return "empty"
    return worded(message.text) if message.role == "agent" else None


def _together(before: Message, after: Message) -> bool:
    if before.agent != after.agent:
        return False
    times = moment(before.time), moment(after.time)
    return None in times or abs(times[1] - times[0]) <= TOGETHER  # type: ignore[operator]


def moment(text: str | None) -> datetime.datetime | None:
    """A time as exports write it (ISO 8601; without a zone it counts as UTC); None where it is none.

    Args:
        text: the time.
    """
    try:
        when = datetime.datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    return when.replace(tzinfo=datetime.UTC) if when is not None and when.tzinfo is None else when


def in_order(messages: Sequence[Message]) -> list[Message]:
    """Messages by their time where every one has one, else as they stand.

    Args:
        messages: of one conversation.
    """
    times = [moment(message.time) for message in messages]
    if any(when is None for when in times):
        return list(messages)
    return [messages[i] for i in sorted(range(len(messages)), key=lambda i: times[i])]  # type: ignore[arg-type, return-value]


def _exchange(conversation: Conversation, turns: Sequence[Message], number: int, unit: _Unit) -> Exchange:
    before = turns[: unit.context]
    # an empty turn that --keep kept is no context: a turn there has visible text
    context = tuple([Turn(m.role, m.text) for m in before if visible(m.text)])
    first = unit.parts[0]
    known: Json = {}
    for given in (conversation.context, *[m.fields for m in before], first.fields):
        known |= {name: value for name, value in given.items() if value is not None and value != ""}
    meta: Json = dict(first.meta)
    meta["conversation"] = conversation.id
    for name, value in (("agent", first.agent), ("team", first.team or conversation.team), ("time", first.time)):
        if value is not None:
            meta[name] = value
    reply = "\n\n".join([part.text for part in unit.parts if visible(part.text)] or [first.text])
    return Exchange(f"{conversation.id}#{number}", context, reply, Context.from_dict(known), meta=meta)
