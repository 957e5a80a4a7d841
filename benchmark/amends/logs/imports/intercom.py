"""Intercom conversations with their parts, as the API writes them.

Read are a conversation (``source`` and ``conversation_parts``), a list of them under ``conversations`` (or bare), and
JSON lines of any of these. A list that the API gives holds no parts: each conversation must be retrieved for itself.

Source: developers.intercom.com, REST API: Conversation, Conversation part, Conversation part author.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from amends.errors import Problem
from amends.logs.imports.markup import plain_text
from amends.logs.imports.values import Json, items, listed, obj, text, when
from amends.logs.units import Conversation, Message, identifier, in_order

_CUSTOMERS = ("user", "lead", "contact", "visitor")
_AGENTS = ("admin", "teammate", "team")
_SPOKEN = ("comment", "open", "close", "message", "conversation", "quick_reply")
"""Parts whose text the customer sees: a teammate may write one while he closes or opens."""
_NOT_BY_HAND = ("operator_initiated", "campaigns_initiated", "automated")
_CHANNELS = {
    "conversation": "chat",
    "chat": "chat",
    "inapp": "chat",
    "push": "chat",
    "whatsapp": "chat",
    "sms": "chat",
    "email": "email",
    "twitter": "social",
    "facebook": "social",
    "instagram": "social",
    "phone_call": "phone",
    "phone_switch": "phone",
}


class Intercom:
    """Reads one file's values."""

    def __init__(self, file: str) -> None:
        """Nothing known yet.

        Args:
            file: its name, for the problems.
        """
        self._file = file
        self._teams: dict[str, str] = {}

    def conversations(self, line: int, value: Any) -> Iterator[tuple[int, Conversation | Problem]]:
        """Conversations and problems of one JSON value.

        Args:
            line: where it stands.
            value: a conversation, a page of them, or a list of them.
        """
        page = {"conversations": value} if isinstance(value, list) else obj(value)
        for team in items(page.get("teams")):
            if isinstance(team, dict) and (name := identifier(team.get("id"))) is not None:
                self._teams[name] = text(team.get("name")) or name
        if "conversations" not in page:
            yield line, self._conversation(line, "$", page, line)
            return
        found = listed(page["conversations"], self._file, line, "$.conversations", "conversations")
        for i, one in enumerate(found, start=1):
            place = i if line == 1 else line
            yield place, one if isinstance(one, Problem) else self._conversation(line, *one, place)

    def _conversation(self, line: int, path: str, raw: Json, place: int) -> Conversation | Problem:
        name = identifier(raw.get("id"))
        if name is None:
            found = "nothing" if raw.get("id") is None else "no id"
            return Problem(
                self._file, line, f"{path}.id", found, "the conversation's id", "export it again with its id"
            )
        inside = raw.get("conversation_parts")
        parts = inside if isinstance(inside, list) else obj(inside).get("conversation_parts")
        if not isinstance(parts, list):
            where = f"{path}.conversation_parts"
            remedy = "retrieve each conversation for itself; a list of conversations leaves the parts out"
            return Problem(self._file, line, where, "nothing", "the conversation's parts", remedy)
        source = obj(raw.get("source")) or obj(raw.get("conversation_message"))
        messages, notes = [], []
        if source:
            messages.append(_first(source, raw))
        for part in parts:
            if isinstance(part, dict):
                messages.append(_part(part))
            else:
                notes.append("parts that are no objects: left out")
        total = obj(inside).get("total_count")
        if isinstance(total, int) and total > len(parts):
            notes.append("conversations of which the export holds only some parts (the API gives 500 at most)")
        team = identifier(raw.get("team_assignee_id"))
        kind = source.get("type")
        return Conversation(
            name,
            in_order(messages),
            place,
            self._teams.get(team, team) if team not in (None, "0") else None,
            {"channel": _CHANNELS.get(kind) if isinstance(kind, str) else None},
            _names(raw, [source, *parts]),
            tuple(notes),
        )


def _names(conversation: Json, parts: list[Any]) -> tuple[str, ...]:
    inside = conversation.get("contacts")
    contacts = inside if isinstance(inside, list) else items(obj(inside).get("contacts"))
    people = [obj(one).get("author") for one in parts] + [*contacts, *items(conversation.get("teammates"))]
    return tuple(sorted({name for one in people if (name := text(obj(one).get("name")))}))


def _first(source: Json, conversation: Json) -> Message:
    """The message that began the conversation."""
    message = _part({"part_type": "conversation", "created_at": conversation.get("created_at"), **source})
    if message.role == "agent" and source.get("delivered_as") in _NOT_BY_HAND:
        return Message("agent", message.text, "bot", message.agent, message.time)
    return message


def _part(part: Json) -> Message:
    author = obj(part.get("author"))
    kind, who = part.get("part_type"), author.get("type")
    body = part.get("body")
    said = plain_text(body) if isinstance(body, str) else ""
    role = "customer" if who in _CUSTOMERS else "agent"
    name = identifier(author.get("id")) if role == "agent" else None
    return Message(role, said, _rule(kind, who, author, said), name, when(part.get("created_at")))


def _rule(kind: Any, who: Any, author: Json, said: str) -> str | None:
    if isinstance(kind, str) and kind.startswith("note"):
        return "note"
    if who == "bot" or author.get("from_ai_agent") is True or author.get("is_ai_answer") is True:
        return "bot"
    if not said and kind != "comment" and kind != "conversation":
        return "event"
    if who in _CUSTOMERS:
        return None
    # the text of an assignment is for the colleague who takes over
    return None if kind in _SPOKEN and who in _AGENTS else "note" if who in _AGENTS else "bot"
