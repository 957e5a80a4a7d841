"""Whatever an export holds: an exchange that fits its schema, or a problem with its place. Never an exception."""

import tempfile
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.checks.masking import Masks
from amends.errors import InputError, Problem
from amends.logs.reader import Source, read_exchanges
from amends.logs.units import Log
from amends.records import Exchange
from amends.schema import problems

SCALAR = st.one_of(st.none(), st.booleans(), st.integers(-5, 10**12), st.floats(allow_nan=False), st.text(max_size=8))
JUNK = st.recursive(
    SCALAR, lambda x: st.lists(x, max_size=3) | st.dictionaries(st.text(max_size=5), x, max_size=3), max_leaves=6
)
BIG = st.integers(-5, 10**12)
WORDS = st.sampled_from(
    ["Where is it?", "Sorry.", "", " ", "<p>x</p>", "This is an automated reply.", "\x00", "\u200b"]
)


def maybe(value: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(value, value, value, JUNK)


def record(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional={name: maybe(value) for name, value in fields.items()})


PERSON = record(id=st.integers(1, 3), role=st.sampled_from(["agent", "end-user"]), name=st.just("Ada Wolf"))
COMMENT = record(
    id=st.integers(1, 9),
    author_id=st.sampled_from([-1, 1, 2, 3]),
    body=WORDS,
    html_body=WORDS,
    public=st.booleans(),
    created_at=st.sampled_from(["2026-03-02T09:00:00Z", "2026-03-02", "x"]),
    author=PERSON,
    via=record(channel=st.sampled_from(["email", "rule", 8]), source=record(rel=st.just("trigger"))),
    metadata=record(flags=st.lists(st.integers(0, 5), max_size=2)),
)
TICKET = record(
    id=st.integers(1, 3),
    comments=st.lists(maybe(COMMENT), max_size=5),
    requester_id=st.integers(1, 3),
    requester=PERSON,
    group=record(id=BIG, name=WORDS),
    collaborator_ids=st.lists(BIG),
    via=record(channel=st.just("chat")),
    users=st.lists(PERSON, max_size=2),
)
AUTHOR = record(type=st.sampled_from(["user", "admin", "bot", "lead"]), id=st.integers(1, 3), name=st.just("Tom"))
PART = record(
    part_type=st.sampled_from(["comment", "note", "close", "assignment"]),
    body=WORDS,
    author=AUTHOR,
    created_at=st.integers(1_600_000_000, 1_700_000_000),
)
TALK = record(
    id=st.integers(1, 3),
    source=PART,
    created_at=st.integers(0, 1_700_000_000),
    conversation_parts=record(conversation_parts=st.lists(maybe(PART), max_size=5), total_count=BIG),
    team_assignee_id=BIG,
    teams=st.lists(PERSON, max_size=2),
)
ROW = record(
    conversation=st.sampled_from(["1", "2", 3]),
    role=st.sampled_from(["customer", "agent", "bot"]),
    text=WORDS,
    public=st.sampled_from([True, "no", 1]),
    time=st.just("2026-03-02"),
    agent=WORDS,
    channel=st.just("chat"),
    intensity=st.integers(0, 9),
    other=JUNK,
)

FORMS = {
    "zendesk": st.one_of(
        TICKET, record(tickets=st.lists(maybe(TICKET), max_size=3), users=st.lists(PERSON, max_size=2))
    ),
    "intercom": st.one_of(TALK, record(conversations=st.lists(maybe(TALK), max_size=3))),
    "messages": ROW,
}


def judged(body: bytes, name: str, log: Log) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(body)
        try:
            items = [item for _, item in read_exchanges(Source(str(path), log=log), dict)]
        except InputError:
            return  # the file as a whole
    ids = [item.id for item in items if isinstance(item, Exchange)]
    assert len(set(ids)) == len(ids)
    for item in items:
        if isinstance(item, Problem):
            assert str(item)
        else:
            assert not problems(orjson.loads(orjson.dumps(item.to_dict())), "exchange", name, 1)
    tally = log.tallies.get(str(path))
    if tally is not None:
        assert tally.units == len(ids)


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=60)
@given(data=st.data(), mask=st.booleans())
def test_exports(form: str, mask: bool, data: st.DataObject) -> None:
    values = data.draw(st.lists(FORMS[form], min_size=1, max_size=3))
    lines = b"".join(orjson.dumps(value) + b"\n" for value in values)
    judged(lines, "f.jsonl", Log(form=form, mask=Masks() if mask else None))


HEADERS = st.sampled_from(
    [
        b"From: Ada <a@c.example>",
        b"From: t@shop.example",
        b"From: =?utf-8?q?=C3?= <x@y.example>",
        b"From: nobody",
        b"To: t@shop.example",
        b"Subject: Re: x",
        b"Subject: =?x-unknown?b?AAAA?=",
        b"Message-ID: <1@x>",
        b"Message-ID: <2@x>",
        b"In-Reply-To: <1@x>",
        b"References: <1@x> <2@x",
        b"Date: Mon, 02 Mar 2026 09:00:00 +0000",
        b"Date: never",
        b"Date: Mon, 99 Foo 20260 09:00",
        b"Content-Type: text/html; charset=latin1",
        b"Content-Type: multipart/mixed",
        b"Content-Type: multipart/alternative; boundary=b",
        b"Content-Transfer-Encoding: base64",
        b"Auto-Submitted: no",
        b"Content-Type: text/plain; charset=nonsense",
        b"\xff\xfe: \x00",
    ]
)
BODIES = st.one_of(
    st.binary(max_size=60), st.sampled_from([b"Where?", b"> old", b"--b\n\nx\n--b--", b"", b"\xed\xa0\x80"])
)


@settings(max_examples=100)
@given(st.lists(st.tuples(st.lists(HEADERS, max_size=7), BODIES), min_size=1, max_size=5))
def test_mailboxes(mails: list[tuple[list[bytes], bytes]]) -> None:
    box = b"".join(b"From x\n" + b"\n".join(headers) + b"\n\n" + body + b"\n\n" for headers, body in mails)
    judged(box, "f.mbox", Log(agent_domains=("shop.example",)))
