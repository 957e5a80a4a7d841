"""Intercom conversations: parts that are messages, parts that are none, bots, notes, HTML."""

import json
from pathlib import Path
from typing import Any

import pytest

from amends.checks.masking import Masks
from amends.errors import Problem
from amends.logs.reader import Source, read_exchanges
from amends.logs.units import Log
from amends.records import Exchange


def part(number: int, kind: str, who: str, body: str | None, **more: Any) -> dict[str, Any]:
    author = {"type": who, "id": f"{who}-1", "name": "Ann Lee"}
    return {
        "type": "conversation_part",
        "id": str(number),
        "part_type": kind,
        "body": body,
        "author": author,
        "created_at": 1_700_000_000 + 3600 * number,
    } | more


def talk(*parts: Any, **more: Any) -> dict[str, Any]:
    source = {
        "type": "conversation",
        "id": "s",
        "delivered_as": "customer_initiated",
        "body": "<p>It is <b>broken</b>.</p>",
        "author": {"type": "user", "id": "u", "name": "Bo"},
    }
    inside = {"type": "conversation_part.list", "conversation_parts": list(parts), "total_count": len(parts)}
    return {
        "type": "conversation",
        "id": "55",
        "created_at": 1_700_000_000,
        "source": source,
        "conversation_parts": inside,
    } | more


def read(path: Path, value: Any, log: Log | None = None) -> tuple[list[Exchange], list[Problem], Log]:
    log = log or Log()
    path.write_text(value if isinstance(value, str) else json.dumps(value))
    items = [item for _, item in read_exchanges(Source(str(path), log=log), dict)]
    good = [item for item in items if isinstance(item, Exchange)]
    return good, [item for item in items if isinstance(item, Problem)], log


ANSWER = part(1, "comment", "admin", "<p>I am sorry, Bo.<br>It goes back today.</p>")
FORMS = [
    (talk(ANSWER), "one"),
    ({"type": "conversation.list", "conversations": [talk(ANSWER)]}, "a list"),
    ([talk(ANSWER)], "a bare list"),
    (json.dumps(talk(ANSWER)) + "\n", "JSON lines"),
    (talk() | {"conversation_parts": [ANSWER]}, "parts without their wrapper"),
    (
        {k: v for k, v in talk(ANSWER).items() if k != "source"} | {"conversation_message": talk()["source"]},
        "the older name of the first message",
    ),
]


@pytest.mark.parametrize(("value", "why"), FORMS, ids=[why for _, why in FORMS])
def test_every_form_gives_the_same_exchange(value: Any, why: str, tmp_path: Path) -> None:
    (one,), wrong, log = read(tmp_path / "t.json", value)
    assert not wrong
    assert (one.id, one.reply) == ("55#1", "I am sorry, Bo.\nIt goes back today."), why
    assert [(t.role, t.text) for t in one.turns] == [("customer", "It is broken.")]
    assert one.meta == {"conversation": "55", "agent": "admin-1", "time": "2023-11-14T23:13:20Z"}
    assert one.context.channel == "chat"
    assert next(iter(log.tallies.values())).form == "intercom"


PARTS = [
    (part(2, "note", "admin", "<p>angry one</p>"), "note", "a note"),
    (part(2, "note_and_reopen", "admin", "again"), "note", "a note that opens"),
    (part(2, "assignment", "admin", "take this please"), "note", "what is said on handing over is for the colleague"),
    (part(2, "assignment", "admin", None), "event", "a bare assignment"),
    (part(2, "close", "admin", None), "event", "a bare close"),
    (part(2, "snoozed", "admin", None), "event", "a snooze"),
    (part(2, "comment", "bot", "<p>I am Fin.</p>"), "bot", "a bot"),
    (
        part(2, "comment", "admin", "x", author={"type": "admin", "id": "3", "from_ai_agent": True}),
        "bot",
        "a bot under a teammate's name",
    ),
    (part(2, "comment", "admin", "<p> </p>"), "empty", "no text"),
    (part(2, "comment", "admin", "<p>This conversation has been closed.</p>"), "closing_notice", "a closing notice"),
    (part(2, "default_assignment", "operator", "moved"), "bot", "an author that nobody knows"),
]


@pytest.mark.parametrize(("extra", "rule", "why"), PARTS, ids=[f"{rule}: {why}" for _, rule, why in PARTS])
def test_parts_that_are_no_replies(extra: dict[str, Any], rule: str, why: str, tmp_path: Path) -> None:
    found, wrong, log = read(tmp_path / "t.json", talk(ANSWER, extra))
    assert [one.id for one in found] == ["55#1"], why
    assert not wrong
    assert dict(next(iter(log.tallies.values())).dropped) == {rule: 1}


SPOKEN = [
    (part(2, "close", "admin", "<p>Closed, and sorry.</p>"), "a teammate closes with words"),
    (part(2, "open", "admin", "<p>Back again.</p>"), "or opens"),
]


@pytest.mark.parametrize(("extra", "why"), SPOKEN, ids=[why for _, why in SPOKEN])
def test_parts_that_the_customer_reads(extra: dict[str, Any], why: str, tmp_path: Path) -> None:
    found, _, _ = read(tmp_path / "t.json", talk(ANSWER, part(1, "comment", "user", "No."), extra))
    assert len(found) == 2, why


@pytest.mark.parametrize("who", ["user", "lead", "contact"])
def test_customers_have_several_names(who: str, tmp_path: Path) -> None:
    found, _, _ = read(
        tmp_path / "t.json", talk(ANSWER, part(2, "comment", who, "No."), part(3, "comment", "admin", "A"))
    )
    assert [one.id for one in found] == ["55#1", "55#2"]


def test_a_campaign_is_no_agents_message(tmp_path: Path) -> None:
    source = {
        "type": "conversation",
        "delivered_as": "campaigns_initiated",
        "body": "Try our new app!",
        "author": {"type": "admin", "id": "9"},
    }
    value = talk(part(1, "comment", "user", "It crashes."), part(2, "comment", "admin", "Sorry."), source=source)
    (one,), _, log = read(tmp_path / "t.json", value)
    assert [t.text for t in one.turns] == ["It crashes."]
    assert dict(next(iter(log.tallies.values())).dropped) == {"bot": 1}


def test_the_team_and_what_is_missing(tmp_path: Path) -> None:
    page = {"conversations": [talk(ANSWER, team_assignee_id=8)], "teams": [{"id": "8", "name": "Billing"}]}
    assert read(tmp_path / "t.json", page)[0][0].meta["team"] == "Billing"
    value = talk(ANSWER)
    value["conversation_parts"]["total_count"] = 900
    log = read(tmp_path / "t.json", value)[2]
    assert "only some parts" in "\n".join(next(iter(log.tallies.values())).lines())


BAD = [
    (
        {k: v for k, v in talk().items() if k != "conversation_parts"},
        "$.conversations[0].conversation_parts",
        "for itself",
        "a list of the API leaves the parts out",
    ),
    ({k: v for k, v in talk().items() if k != "id"}, "$.conversations[0].id", "its id", "no id"),
    (7, "$.conversations[0]", "conversations", "no object"),
]


@pytest.mark.parametrize(("one", "path", "words", "why"), BAD, ids=[why for *_, why in BAD])
def test_bad_conversations_are_named(one: Any, path: str, words: str, why: str, tmp_path: Path) -> None:
    found, (problem,), _ = read(tmp_path / "t.json", {"conversations": [one, talk(ANSWER, id="56")]})
    assert (problem.path, words in str(problem)) == (path, True), why
    assert [good.id for good in found] == ["56#1"]


def test_names_of_contacts_are_masked(tmp_path: Path) -> None:
    """The author of a message may be nameless where the contact of the conversation is not."""
    reply = part(1, "comment", "admin", "We told Ingrid so.")
    value = talk(reply) | {"contacts": {"type": "contact.list", "contacts": [{"id": "u", "name": "Ingrid Ek"}]}}
    found, _, _ = read(tmp_path / "a.json", value, Log(mask=Masks()))
    assert found[0].reply == "We told ⟨name⟩ so."
