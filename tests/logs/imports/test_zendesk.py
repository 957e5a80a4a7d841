"""Zendesk tickets: who is an agent, what is no reply, in every documented form of an export."""

import json
from pathlib import Path
from typing import Any

import pytest

from amends.checks.masking import Masks
from amends.errors import Problem
from amends.logs.reader import Source, read_exchanges
from amends.logs.units import Log
from amends.records import Exchange

CUSTOMER, TOM, MIA = 11, 21, 22
USERS = [
    {"id": CUSTOMER, "role": "end-user", "name": "Dana Wolf"},
    {"id": TOM, "role": "agent", "name": "Tom Reed"},
    {"id": MIA, "role": "admin", "name": "Mia Ott"},
]


def comment(number: int, author: int | None, body: str, **more: Any) -> dict[str, Any]:
    at = f"2026-03-02T09:{number:02}:00Z"
    return {"id": number, "author_id": author, "body": body, "public": True, "created_at": at} | more


def ticket(*comments: Any, **more: Any) -> dict[str, Any]:
    return {"id": 901, "requester_id": CUSTOMER, "comments": list(comments), "via": {"channel": "email"}} | more


def read(path: Path, value: Any, log: Log | None = None) -> tuple[list[Exchange], list[Problem], Log]:
    log = log or Log()
    path.write_text(value if isinstance(value, str) else json.dumps(value))
    items = [item for _, item in read_exchanges(Source(str(path), log=log), dict)]
    good = [item for item in items if isinstance(item, Exchange)]
    return good, [item for item in items if isinstance(item, Problem)], log


ASKED, ANSWERED = comment(1, CUSTOMER, "Where is it?"), comment(2, TOM, "On the van.")
PAIR = ticket(ASKED, ANSWERED)
FORMS = [
    (PAIR | {"users": USERS}, "a ticket"),
    ({"ticket": PAIR, "users": USERS}, "a ticket in its wrapper"),
    (
        {"ticket": {k: v for k, v in PAIR.items() if k != "comments"}, "comments": PAIR["comments"], "users": USERS},
        "comments beside the ticket",
    ),
    ({"tickets": [PAIR], "users": USERS, "next_page": None}, "a page with users beside it"),
    ([PAIR], "a bare list, roles by the requester"),
    (
        PAIR | {"requester": {"id": CUSTOMER, "role": "end-user"}, "assignee": {"id": TOM, "role": "agent"}},
        "people inside the ticket",
    ),
    (json.dumps({"tickets": [PAIR], "users": USERS}, indent=1), "a document over many lines"),
    (json.dumps(PAIR) + "\n" + json.dumps(PAIR | {"id": 902, "comments": []}) + "\n", "JSON lines"),
]


@pytest.mark.parametrize(("value", "why"), FORMS, ids=[why for _, why in FORMS])
def test_every_form_gives_the_same_exchange(value: Any, why: str, tmp_path: Path) -> None:
    (one,), wrong, log = read(tmp_path / "t.json", value)
    assert not wrong
    assert (one.id, one.reply, [t.text for t in one.turns]) == ("901#1", "On the van.", ["Where is it?"])
    assert one.context.channel == "email"
    assert one.meta["agent"] == str(TOM)
    assert next(iter(log.tallies.values())).form == "zendesk"


DROPPED = [
    (comment(3, TOM, "lost by the carrier", public=False), "note", "an internal note"),
    (comment(3, CUSTOMER, "forwarded for the file", public=False), "note", "a customer's mail kept inside"),
    (comment(3, -1, "Assigned to East."), "bot", "Zendesk itself"),
    (
        comment(3, TOM, "We have your mail.", via={"channel": "rule", "source": {"rel": "trigger"}}),
        "auto_reply",
        "a trigger",
    ),
    (comment(3, TOM, "We have your mail.", via={"channel": 8}), "auto_reply", "a rule by its number"),
    (
        comment(3, TOM, "Still there?", via={"channel": "api", "source": {"rel": "automation"}}),
        "auto_reply",
        "an automation",
    ),
    (comment(3, CUSTOMER, "I am away.", metadata={"flags": [4]}), "auto_reply", "a customer's own auto-reply"),
    (comment(3, TOM, "This is an automated response."), "auto_reply", "by its words"),
    (comment(3, TOM, "This ticket has been closed."), "closing_notice", "by its words"),
    (comment(3, TOM, "  "), "empty", "a picture alone"),
    (comment(2, TOM, "On the van."), "duplicate", "the same comment again"),
]


@pytest.mark.parametrize(("extra", "rule", "why"), DROPPED, ids=[f"{rule}: {why}" for _, rule, why in DROPPED])
def test_what_is_no_reply_is_dropped_and_counted(extra: dict[str, Any], rule: str, why: str, tmp_path: Path) -> None:
    found, wrong, log = read(tmp_path / "t.json", {"tickets": [ticket(ASKED, ANSWERED, extra)], "users": USERS})
    assert [one.reply for one in found] == ["On the van."], why
    assert not wrong
    (tally,) = log.tallies.values()
    assert dict(tally.dropped) == {rule: 1}


def test_a_role_is_the_users_not_the_requesters(tmp_path: Path) -> None:
    """An agent opened the ticket for a customer who wrote later; one copied in is a customer too."""
    talk = ticket(
        comment(1, TOM, "You called us."),
        comment(2, 12, "I am his wife."),
        comment(3, MIA, "Hello."),
        requester_id=TOM,
    )
    users = [*USERS, {"id": 12, "role": "end-user", "name": "Ada"}]
    (one,), _, log = read(tmp_path / "t.json", {"tickets": [talk], "users": users})
    assert [(t.role, t.text) for t in one.turns] == [("agent", "You called us."), ("customer", "I am his wife.")]
    assert one.meta["agent"] == str(MIA)
    assert not next(iter(log.tallies.values())).notes


def test_an_unknown_role_is_guessed_and_said(tmp_path: Path) -> None:
    copied = ticket(ASKED, comment(2, 77, "Me too."), comment(3, TOM, "On the van."), collaborator_ids=[77])
    (one,), _, log = read(tmp_path / "t.json", copied)
    assert [t.text for t in one.turns] == ["Where is it?", "Me too."]
    (tally,) = log.tallies.values()
    assert sum(tally.notes.values()) == 1, "Tom's role was guessed, once"
    assert "unknown role" in "\n".join(tally.lines())


def test_people_inside_the_ticket_have_roles_too(tmp_path: Path) -> None:
    """The JSON export puts people into the ticket; one copied in may be an agent."""
    inside = {"collaborator": [{"id": MIA, "role": "agent"}], "collaborator_ids": [MIA]}
    (one,), _, log = read(tmp_path / "t.json", ticket(ASKED, comment(2, MIA, "On the van."), **inside))
    assert one.meta["agent"] == str(MIA)
    assert not next(iter(log.tallies.values())).notes


def test_the_team_is_the_groups_name_where_the_export_has_it(tmp_path: Path) -> None:
    groups = [{"id": 5, "name": "Kitchens"}]
    page = {"tickets": [ticket(ASKED, ANSWERED, group_id=5)], "users": USERS}
    assert read(tmp_path / "t.json", page)[0][0].meta["team"] == "5"
    assert read(tmp_path / "t.json", page | {"groups": groups})[0][0].meta["team"] == "Kitchens"


BODIES = [
    ({"body": "plain"}, "plain", "the body"),
    ({"body": None, "plain_body": "a &amp; b&nbsp;c"}, "a & b c", "the plain body, whose entities are resolved"),
    ({"body": None, "html_body": "<p>one</p><ul><li>two</li></ul>&lt;3"}, "one\n\n- two\n<3", "HTML alone"),
    ({"body": "**not** &amp; resolved"}, "**not** &amp; resolved", "a body is as it was written"),
]


@pytest.mark.parametrize(("fields", "text", "why"), BODIES, ids=[why for *_, why in BODIES])
def test_the_text_of_a_comment(fields: dict[str, Any], text: str, why: str, tmp_path: Path) -> None:
    (one,), _, _ = read(tmp_path / "t.json", ticket(ASKED, ANSWERED | fields))
    assert one.reply == text, why


BAD = [
    ({"tickets": [{"comments": []}]}, "$.tickets[0].id", "the ticket's id", "no id"),
    ({"tickets": [{"id": 1}]}, "$.tickets[0].comments", "comments of each ticket", "a list of the API has no comments"),
    ({"tickets": ["x"]}, "$.tickets[0]", "tickets", "no object"),
    ({"tickets": [{"id": "a\nb", "comments": []}]}, "$.tickets[0].id", "the ticket's id", "a control character"),
    ({"tickets": [PAIR, PAIR]}, "$.id", "newest form", "a page of an incremental export repeats a ticket"),
]


@pytest.mark.parametrize(("value", "path", "words", "why"), BAD, ids=[why for *_, why in BAD])
def test_bad_tickets_are_named_and_good_ones_kept(
    value: dict[str, Any], path: str, words: str, why: str, tmp_path: Path
) -> None:
    value["tickets"] = [*value["tickets"], PAIR | {"id": 777}]
    found, wrong, _ = read(tmp_path / "t.json", value)
    assert [problem.path for problem in wrong] == [path], why
    assert words in str(wrong[0])
    assert "777#1" in [one.id for one in found]


def test_a_bad_line_among_good_ones(tmp_path: Path) -> None:
    text = json.dumps(PAIR) + "\n{nonsense\n" + json.dumps(PAIR | {"id": 3}) + "\n"
    found, wrong, _ = read(tmp_path / "t.jsonl", text)
    assert [one.id for one in found] == ["901#1", "3#1"]
    assert [(p.line, p.path) for p in wrong] == [(2, "$")]


def test_the_name_of_an_author_without_a_role_is_masked_too(tmp_path: Path) -> None:
    named = {"author": {"id": CUSTOMER, "name": "ingrid halvorsen"}}
    log = Log(mask=Masks())
    found, _, _ = read(tmp_path / "a.json", ticket(ASKED | named, comment(2, TOM, "We told Ingrid so.")), log)
    assert found[0].reply == "We told ⟨name⟩ so."
