"""Zendesk tickets with their comments, as the API and the JSON export write them.

Read are a ticket with ``comments`` in it, ``{"ticket": ..., "comments": [...]}``, a list of tickets under
``tickets`` (or bare), and JSON lines of any of these; ``users`` and ``groups`` beside them, or people inside the
ticket (``requester``, ``assignee``, ``submitter``, ``group``), say who is an agent and of what team.

Source: developer.zendesk.com, Ticketing API: Tickets, Ticket Comments, Users, Incremental Exports, Via object.
"""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import Any

from amends.errors import Problem
from amends.logs.imports.markup import plain_text
from amends.logs.imports.values import Json, items, listed, obj, text, when
from amends.logs.units import Conversation, Message, identifier, in_order

_AGENTS = ("agent", "admin")
_SYSTEM = "-1"
"""The author of what Zendesk itself writes."""
_AUTOMATIC = 4
"""The comment flag of mail that named itself automatic."""
_CHANNELS = {
    "email": "email",
    "web": "ticket",
    "web_form": "ticket",
    "web_widget": "ticket",
    "mobile": "ticket",
    "mobile_sdk": "ticket",
    "help_center": "ticket",
    "chat": "chat",
    "native_messaging": "chat",
    "messaging": "chat",
    "whatsapp": "chat",
    "line": "chat",
    "sms": "chat",
    "voice": "phone",
    "phone": "phone",
    "facebook": "social",
    "twitter": "social",
    "instagram_dm": "social",
}


class Zendesk:
    """Reads one file's values; what pages said of users and groups holds for the pages behind them."""

    def __init__(self, file: str) -> None:
        """Nothing known of anybody.

        Args:
            file: its name, for the problems.
        """
        self._file = file
        self._users: dict[str, Json] = {}
        self._groups: dict[str, str] = {}

    def conversations(self, line: int, value: Any) -> Iterator[tuple[int, Conversation | Problem]]:
        """Conversations and problems of one JSON value.

        Args:
            line: where it stands.
            value: a ticket, a page of tickets, or a list of them.
        """
        page = {"tickets": value} if isinstance(value, list) else obj(value)
        self._know(page)
        if "tickets" in page:
            for i, found in enumerate(listed(page["tickets"], self._file, line, "$.tickets", "tickets"), start=1):
                place = i if line == 1 else line
                yield place, found if isinstance(found, Problem) else self._ticket(line, *found, place)
            return
        ticket = obj(page.get("ticket"))
        ticket = {"comments": page.get("comments"), **ticket} if ticket else page
        yield line, self._ticket(line, "$", ticket, line)

    def _know(self, page: Json) -> None:
        for user in items(page.get("users")):
            if isinstance(user, dict) and (name := identifier(user.get("id"))) is not None:
                self._users[name] = {"role": user.get("role"), "name": user.get("name")}
        for group in items(page.get("groups")):
            if isinstance(group, dict) and (name := identifier(group.get("id"))) is not None:
                self._groups[name] = text(group.get("name")) or name

    def _ticket(self, line: int, path: str, ticket: Json, place: int) -> Conversation | Problem:
        name = identifier(ticket.get("id"))
        if name is None:
            found = "nothing" if ticket.get("id") is None else "no id"
            return Problem(self._file, line, f"{path}.id", found, "the ticket's id", "export it again with its id")
        if not isinstance(ticket.get("comments"), list):
            expected = "the ticket's comments, oldest first"
            remedy = "export tickets with comments (JSON export, or the comments of each ticket)"
            return Problem(self._file, line, f"{path}.comments", "nothing", expected, remedy)
        people = self._people(ticket)
        notes: list[str] = []
        messages = [m for one in ticket["comments"] if (m := self._comment(one, ticket, people, notes)) is not None]
        wrong = sum(not isinstance(one, dict) for one in ticket["comments"])
        if wrong:
            notes += ["comments that are no objects: left out"] * wrong
        group = obj(ticket.get("group"))
        team = identifier(ticket.get("group_id")) or identifier(group.get("id"))
        channel = obj(ticket.get("via")).get("channel")
        return Conversation(
            name,
            in_order(_once(messages)),
            place,
            text(group.get("name")) or (self._groups.get(team, team) if team else None),
            {"channel": _CHANNELS.get(channel) if isinstance(channel, str) else None},
            tuple(sorted({str(p["name"]) for p in people.values() if text(p.get("name"))})),
            tuple(notes),
        )

    def _people(self, ticket: Json) -> dict[str, Json]:
        """Who is who in a ticket: users of the export, then those inside the ticket."""
        people: dict[str, Json] = {}
        for comment in items(ticket.get("comments")):
            author = identifier(obj(comment).get("author_id"))
            if author in self._users:
                people[author] = self._users[author]
        for field in ("requester", "submitter", "assignee"):
            name = identifier(ticket.get(f"{field}_id"))
            if name in self._users:
                people[name] = self._users[name]
        inside = [ticket.get(field) for field in ("requester", "submitter", "assignee")]
        for person in map(obj, [*inside, *items(ticket.get("collaborator"))]):
            own = identifier(person.get("id"))
            if own is not None:
                people.setdefault(own, {"role": person.get("role"), "name": person.get("name")})
        return people

    def _role(self, author: str | None, ticket: Json, people: dict[str, Json], notes: list[str]) -> str:
        role = people.get(author or "", {}).get("role")
        if isinstance(role, str):
            return "agent" if role in _AGENTS else "customer"
        requester = identifier(ticket.get("requester_id")) or identifier(obj(ticket.get("requester")).get("id"))
        copied = [*items(ticket.get("collaborator_ids")), *items(ticket.get("email_cc_ids"))]
        if author is not None and author in [requester, *map(identifier, copied)]:
            return "customer"
        notes.append("comments of people of unknown role: taken for agents, since they are not the requester")
        return "agent"

    def _comment(self, comment: Any, ticket: Json, people: dict[str, Json], notes: list[str]) -> Message | None:
        if not isinstance(comment, dict):
            return None
        author = identifier(comment.get("author_id"))
        embedded = obj(comment.get("author"))
        if embedded and author is None:
            author = identifier(embedded.get("id"))
        if author is not None and embedded:
            people.setdefault(author, {"role": embedded.get("role"), "name": embedded.get("name")})
        rule = _rule(comment, author)
        # a note is an agent's, whoever he is
        role = "agent" if rule in ("note", "bot") else self._role(author, ticket, people, notes)
        return Message(
            role,
            _body(comment),
            rule,
            author if role == "agent" else None,
            when(comment.get("created_at")),
            meta={"comment": identifier(comment.get("id"))} if comment.get("id") is not None else {},
        )


def _rule(comment: Json, author: str | None) -> str | None:
    if comment.get("public") is False:
        return "note"
    if author == _SYSTEM:
        return "bot"
    via = obj(comment.get("via"))
    if via.get("channel") in ("rule", 8) or obj(via.get("source")).get("rel") in ("trigger", "automation"):
        return "auto_reply"
    flags = items(obj(comment.get("metadata")).get("flags"))
    return "auto_reply" if _AUTOMATIC in flags else None


def _body(comment: Json) -> str:
    """The comment's text; its HTML only where there is no other."""
    for field in ("body", "plain_body"):
        if text(comment.get(field)):
            body = str(comment[field]).strip()
            return html.unescape(body).replace("\u00a0", " ") if field == "plain_body" else body
    markup = comment.get("html_body")
    return plain_text(markup) if isinstance(markup, str) else ""


def _once(messages: list[Message]) -> list[Message]:
    """Comments that an export holds twice are marked where they come again."""
    seen: set[str] = set()
    made = []
    for message in messages:
        name = message.meta.get("comment")
        if name is not None and name in seen:
            message = Message(message.role, message.text, "duplicate", message.agent, message.time)
        elif name is not None:
            seen.add(name)
        made.append(message)
    return made
