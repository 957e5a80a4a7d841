"""Logs with one row a message: CSV, Parquet, or JSON lines of objects.

A file is read twice: first for how many messages each conversation has, then for the messages themselves, so that
only conversations that are still going on are held, in whatever order the rows stand. Nothing is written meanwhile.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from amends.errors import Problem, UsageError
from amends.jsonl import whole_file
from amends.logs.imports.values import text, when
from amends.logs.tables import MESSAGE_COLUMNS
from amends.logs.units import Conversation, Message, identifier, in_order, moment
from amends.records import CONTEXT_FIELDS

REQUIRED = ("conversation", "role", "text")
COLUMNS = (*MESSAGE_COLUMNS, *CONTEXT_FIELDS)
"""Fields of a message; every other column goes to ``meta`` by itself."""

ROLES = {
    "customer": ("customer", None),
    "client": ("customer", None),
    "user": ("customer", None),
    "end-user": ("customer", None),
    "visitor": ("customer", None),
    "requester": ("customer", None),
    "contact": ("customer", None),
    "lead": ("customer", None),
    "inbound": ("customer", None),
    "agent": ("agent", None),
    "admin": ("agent", None),
    "staff": ("agent", None),
    "support": ("agent", None),
    "operator": ("agent", None),
    "outbound": ("agent", None),
    "bot": ("agent", "bot"),
    "system": ("agent", "bot"),
    "automation": ("agent", "bot"),
    "note": ("agent", "note"),
    "internal": ("agent", "note"),
}
"""What ``role`` may say to the role and the rule that it stands for."""
_TRUTH = {
    **dict.fromkeys((True, "true", "1", "yes", "y", "t", "public"), True),
    **dict.fromkeys((False, "false", "0", "no", "n", "f", "private", "internal"), False),
}
_CONTEXT_VALUES = {
    "channel": ("email", "chat", "phone", "social", "ticket"),
    "fault": ("company", "customer", "third_party", "unclear"),
    "relationship": ("new", "established"),
}
_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[ '’.-]){1,60}")
AS_THEY_STAND = (
    "conversations with a time that is missing or cannot be read (2026-03-02T09:05 can be): their messages were taken "
    "in the order of the rows, so that a table with the newest on top pairs replies with the wrong messages"
)

Rows = Callable[[], Iterator[tuple[int, Any]]]
"""Gives the file's rows anew: number, and an object or a Problem."""


def fields_of(file: str, names: list[str], columns: Mapping[str, str]) -> dict[str, str]:
    """Field to column.

    Args:
        file: its name, for the error.
        names: the columns that are there.
        columns: the columns that were named for fields.

    Raises:
        UsageError: a named column is not there.
        InputError: no column for a field that a message needs.
    """
    absent = [f"{field}={column}" for field, column in columns.items() if column not in names]
    if absent:
        raise UsageError(f"--columns {', '.join(absent)}: {file} has the columns {', '.join(names)}")
    taken = set(columns.values())
    fields = {name: name for name in names if name in COLUMNS and name not in columns and name not in taken}
    fields |= {field: column for field, column in columns.items() if field in COLUMNS}
    lacking = [field for field in REQUIRED if field not in fields]
    if lacking:
        raise whole_file(
            file,
            f"the columns {', '.join(names)}",
            f"a column for {', '.join(lacking)} (one row a message: {', '.join(REQUIRED)})",
            "name it with --columns FIELD=COLUMN",
        )
    return fields


def conversations(
    file: str, rows: Rows, fields_for: Callable[[Mapping[str, Any]], Mapping[str, str]], twice: bool
) -> Iterator[tuple[int, Conversation | Problem]]:
    """Conversations, each as soon as its last message was read, and the problems of bad rows.

    Args:
        file: its name, for the problems.
        rows: gives the rows.
        fields_for: gives field to column of a row.
        twice: whether the rows can be read twice; else all are held.
    """
    left: Counter[str] | None = None
    if twice:
        left = Counter()
        for _, row in rows():
            if isinstance(row, dict) and (name := _name(row, fields_for(row))) is not None:
                left[name] += 1
    held: dict[str, list[tuple[int, Message]]] = {}
    for number, row in rows():
        if isinstance(row, Problem):
            yield number, row
            continue
        if not isinstance(row, dict):
            yield number, Problem(file, number, "$", "no object", "a message (conversation, role, text)", "mend it")
            continue
        fields = fields_for(row)
        name = _name(row, fields)
        message = _message(file, number, row, fields) if name is not None else _no_name(file, number, fields)
        if isinstance(message, Problem):
            yield number, message
        elif name is not None:
            held.setdefault(name, []).append((number, message))
        if left is not None and name is not None:
            left[name] -= 1
            if not left[name]:
                del left[name]
                yield from _whole(name, held.pop(name, []))
    for name, messages in held.items():
        yield from _whole(name, messages)


def _whole(name: str, rows: list[tuple[int, Message]]) -> Iterator[tuple[int, Conversation]]:
    if not rows:
        return
    messages = [message for _, message in rows]
    times = [message.time for message in messages]
    notes = (AS_THEY_STAND,) if any(times) and None in map(moment, times) else ()
    first = rows[0][0]
    yield first, Conversation(name, in_order(messages), first, names=_people(messages), notes=notes)


def _people(messages: Iterable[Message]) -> tuple[str, ...]:
    """Agents that go by a name; a number, an address or one small word ("billing") tells none."""
    agents = {m.agent for m in messages if m.agent is not None and (" " in m.agent or not m.agent.islower())}
    return tuple(sorted(agent for agent in agents if _NAME.fullmatch(agent)))


def _name(row: Mapping[str, Any], fields: Mapping[str, str]) -> str | None:
    return identifier(row.get(fields.get("conversation", "conversation")))


def _no_name(file: str, number: int, fields: Mapping[str, str]) -> Problem:
    column = fields.get("conversation", "conversation")
    return Problem(file, number, f"$.{column}", "nothing, or no id", "the id of the conversation", "fill it in")


def _message(file: str, number: int, row: Mapping[str, Any], fields: Mapping[str, str]) -> Message | Problem:
    def value(field: str) -> Any:
        return row.get(fields[field]) if field in fields else None

    said = value("role")
    known = ROLES.get(said.strip().lower().replace("_", "-")) if isinstance(said, str) else None
    if known is None:
        found = "nothing" if said is None or said == "" else repr(said)[:60]
        expected = "customer, agent, bot or note"
        return Problem(file, number, f"$.{fields.get('role', 'role')}", found, expected, "use one of these")
    words = value("text")
    if words is not None and not isinstance(words, str):
        return Problem(file, number, f"$.{fields.get('text', 'text')}", "no text", "a text", "write it as text")
    role, rule = known
    public = _public(value("public"))
    if public is None:
        found = repr(value("public"))[:60]
        return Problem(file, number, f"$.{fields['public']}", found, "true or false", "use one of these")
    if not public:
        role, rule = "agent", rule or "note"
    context = {name: _context(name, value(name)) for name in CONTEXT_FIELDS if name in fields}
    wrong = [name for name, found in context.items() if found is _BAD]
    if wrong:
        column, allowed = fields[wrong[0]], _CONTEXT_VALUES.get(wrong[0])
        expected = f"one of {', '.join(allowed)}" if allowed else "1 to 5" if wrong[0] == "intensity" else "a text"
        found = repr(row.get(column))[:60]
        return Problem(file, number, f"$.{column}", found, expected, "use one of these, or leave it empty")
    used = set(fields.values())
    return Message(
        role,
        words or "",
        rule,
        text(value("agent")) if role == "agent" else None,
        # kept as it stands where it is no moment, so that it is known to be there
        when(value("time")) or text(value("time")),
        text(value("team")),
        context,
        {name: found for name, found in row.items() if name not in used} if role == "agent" else {},
    )


_BAD: Any = object()


def _public(value: Any) -> bool | None:
    """Whether the customer saw it; a message of which nothing is said was seen. None where it cannot be told."""
    if value is None or value == "":
        return True
    if isinstance(value, str):
        return _TRUTH.get(value.strip().lower())
    return bool(value) if isinstance(value, bool) or value in (0, 1) else None


def _context(name: str, value: Any) -> Any:
    """A context field's value; None where it is empty, ``_BAD`` where it is none that the field takes."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if name == "intensity":
        try:
            number = int(value) if isinstance(value, str | int) and not isinstance(value, bool) else _BAD
        except ValueError:
            return _BAD
        return number if number is not _BAD and 1 <= number <= 5 else _BAD
    if not isinstance(value, str):
        return _BAD
    allowed = _CONTEXT_VALUES.get(name)
    return value if allowed is None or value in allowed else _BAD
