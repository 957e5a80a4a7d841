"""Mailboxes: threads, agents by domain, quoted history, automatic mail, bad mails."""

import mailbox
import sys
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from tests.logs.imports.memory import growth

from amends.checks.masking import Masks
from amends.errors import InputError, Problem, UsageError
from amends.logs.imports.mbox import is_agent
from amends.logs.reader import Source, read_exchanges
from amends.logs.units import Log
from amends.records import Exchange

ADA, TOM = "Ada Wolf <ada@customer.example>", "Tom Reed <tom@shop.example>"


def mail(number: int, sender: str, body: str, refers: int | None = None, **headers: Any) -> EmailMessage:
    made = EmailMessage()
    made["From"] = sender
    made["To"] = TOM if sender == ADA else ADA
    made["Subject"] = headers.pop("subject", "Broken lamp" if refers is None else "Re: Broken lamp")
    made["Date"] = f"Mon, 02 Mar 2026 09:{number:02}:00 +0000"
    made["Message-ID"] = f"<m{number}@x.example>"
    if refers is not None:
        made["In-Reply-To"] = f"<m{refers}@x.example>"
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(body)
    return made


def write(path: Path, *mails: EmailMessage | bytes) -> Path:
    box = mailbox.mbox(path)
    for one in mails:
        box.add(one)
    box.close()
    return path


def read(path: Path, log: Log | None = None) -> tuple[list[Exchange], list[Problem], Log]:
    log = log or Log(agent_domains=("shop.example",))
    items = [item for _, item in read_exchanges(Source(str(path), log=log), dict)]
    good = [item for item in items if isinstance(item, Exchange)]
    return good, [item for item in items if isinstance(item, Problem)], log


THREAD = (
    mail(1, ADA, "The lamp came in pieces."),
    mail(2, TOM, "I am sorry, Ada.", 1),
    mail(3, ADA, "And now?", 2),
    mail(4, TOM, "A new one is on the van.", 3),
)


@pytest.mark.parametrize("name", ["box.mbox", "export"])
def test_a_thread_is_a_conversation(name: str, tmp_path: Path) -> None:
    """Known by its ending, and without one by its first line."""
    first, second = read(write(tmp_path / name, *THREAD))[0]
    assert first.reply == "I am sorry, Ada."
    assert [t.text for t in second.turns] == ["The lamp came in pieces.", "I am sorry, Ada.", "And now?"]
    assert first.id.startswith("mail-")
    assert second.id == first.id.replace("#1", "#2")
    assert first.meta == {
        "subject": "Re: Broken lamp",
        "conversation": first.id[:-2],
        "agent": "tom@shop.example",
        "time": "2026-03-02T09:02:00+00:00",
    }
    assert first.context.channel == "email"
    assert "@" not in first.id, "a Message-ID may hold an address; the conversation's id does not"


def test_mails_in_any_order_and_through_references_alone(tmp_path: Path) -> None:
    late = mail(4, TOM, "A new one is on the van.", References="<m1@x.example> <m2@x.example>")
    one = {e.reply: [t.text for t in e.turns] for e in read(write(tmp_path / "a.mbox", *THREAD))[0]}
    other = {e.reply: [t.text for t in e.turns] for e in read(write(tmp_path / "b.mbox", late, *THREAD[:3][::-1]))[0]}
    assert one == other


def test_strangers_with_the_same_subject_stay_apart(tmp_path: Path) -> None:
    other = "Bo <bo@customer.example>"
    found, _, log = read(
        write(
            tmp_path / "a.mbox",
            *THREAD[:2],
            mail(5, other, "Mine too."),
            mail(6, other, "Hello?", subject="Re: Broken lamp"),
        )
    )
    assert len(found) == 1
    (tally,) = log.tallies.values()
    assert tally.conversations == 2, "Bo's two mails are one conversation, joined by subject and customer"
    assert "joined to their thread by subject" in "\n".join(tally.lines())


RULES = [
    (mail(2, TOM, "We have your mail.", 1, Auto_Submitted="auto-replied"), "auto_reply", "RFC 3834"),
    (mail(2, TOM, "We have your mail.", 1, Auto_Submitted="auto-generated; x=1"), "auto_reply", "with a parameter"),
    (mail(2, TOM, "We have your mail.", 1, X_Autoreply="yes"), "auto_reply", "an older header"),
    (mail(2, TOM, "We have your mail.", 1, Precedence="auto_reply"), "auto_reply", "another"),
    (mail(2, TOM, "I am away.", 1, subject="Automatic reply: Broken lamp"), "auto_reply", "the subject's own mark"),
    (mail(2, TOM, "> quoted and nothing else\n", 1), "empty", "nothing of his own"),
    (mail(1, ADA, "The lamp came in pieces."), "duplicate", "sent and received copies"),
]


@pytest.mark.parametrize(("extra", "rule", "why"), RULES, ids=[f"{rule}: {why}" for _, rule, why in RULES])
def test_automatic_mail_is_dropped(extra: EmailMessage, rule: str, why: str, tmp_path: Path) -> None:
    answer = mail(3, TOM, "I am sorry, Ada.", 1)
    found, wrong, log = read(write(tmp_path / "a.mbox", THREAD[0], extra, answer))
    assert [one.reply for one in found] == ["I am sorry, Ada."], why
    assert not wrong
    assert dict(next(iter(log.tallies.values())).dropped) == {rule: 1}


KEPT = [
    (mail(2, TOM, "I am sorry.", 1, Auto_Submitted="no"), "a person, says the header"),
    (mail(2, TOM, "I am sorry.", 1, X_Auto_Response_Suppress="All"), "help desks set it on what people write"),
    (mail(2, TOM, "I am sorry.", 1, Precedence="bulk"), "a list, or a person behind one"),
]


@pytest.mark.parametrize(("answer", "why"), KEPT, ids=[why for _, why in KEPT])
def test_headers_that_prove_nothing(answer: EmailMessage, why: str, tmp_path: Path) -> None:
    assert len(read(write(tmp_path / "a.mbox", THREAD[0], answer))[0]) == 1, why


def test_bodies_of_every_kind(tmp_path: Path) -> None:
    both = mail(2, TOM, "The plain part.", 1)
    both.add_alternative("<p>The HTML part.</p>", subtype="html")
    both.add_attachment(b"not this", maintype="text", subtype="plain", filename="note.txt")
    html = EmailMessage()
    for name, value in mail(4, TOM, "x", 3).items():
        if not name.lower().startswith("content"):
            html[name] = value
    html.set_content("<p>Only <b>HTML</b>.</p><blockquote type='cite'>old words</blockquote>", subtype="html")
    latin = (
        b"From: " + TOM.encode() + b"\nMessage-ID: <m6@x.example>\nIn-Reply-To: <m5@x.example>\n"
        b"Date: Mon, 02 Mar 2026 09:06:00 +0000\nContent-Type: text/plain; charset=latin1\n\nZ\xfcrich\n"
    )
    mails = (THREAD[0], both, mail(3, ADA, "And?", 2), html, mail(5, ADA, "And?", 4), latin)
    assert [one.reply for one in read(write(tmp_path / "a.mbox", *mails))[0]] == [
        "The plain part.",
        "Only HTML.",
        "Zürich",
    ]


def test_a_mail_without_a_sender_is_named_and_the_others_kept(tmp_path: Path) -> None:
    bad = b"Subject: Re: Broken lamp\nMessage-ID: <m9@x.example>\n\nwho am I\n"
    found, (problem,), _ = read(write(tmp_path / "a.mbox", THREAD[0], bad, THREAD[1]))
    assert (problem.line, problem.path) == (2, "$.From")
    assert [one.reply for one in found] == ["I am sorry, Ada."]


def test_wrong_use(tmp_path: Path) -> None:
    path = write(tmp_path / "a.mbox", *THREAD)
    with pytest.raises(UsageError, match="--agent-domain"):
        read(path, Log())
    (tmp_path / "empty.mbox").write_bytes(b"")
    with pytest.raises(InputError, match="no mail"):
        read(tmp_path / "empty.mbox")
    with pytest.raises(InputError, match="no such file"):
        read(tmp_path / "nowhere.mbox")


DOMAINS = [
    ("tom@shop.example", ["shop.example"], True, "the domain"),
    ("tom@mail.shop.example", ["shop.example"], True, "below it"),
    ("tom@myshop.example", ["shop.example"], False, "another that ends alike"),
    ("TOM@SHOP.example", ["@Shop.Example"], True, "letters and a leading @"),
    ("tom@shop.example", ["tom@shop.example"], True, "a whole address"),
    ("ada@shop.example", ["tom@shop.example"], False, "and no other"),
]


@pytest.mark.parametrize(("address", "domains", "expected", "why"), DOMAINS, ids=[why for *_, why in DOMAINS])
def test_agents_by_their_domain(address: str, domains: list[str], expected: bool, why: str) -> None:
    assert is_agent(address, domains) == expected, why


def large_box(path: Path, mails: int) -> Path:
    with path.open("w") as stream:
        for n in range(mails):
            talk, turn = divmod(n, 2)
            reply = f"In-Reply-To: <m{talk}.0@x.example>\n" if turn else ""
            stream.write(
                f"From x Mon Mar  2 09:00:00 2026\nFrom: {TOM if turn else f'c{talk}@y.example'}\nTo: {ADA}\n"
                f"Subject: s\nMessage-ID: <m{talk}.{turn}@x.example>\n{reply}"
                f"Date: Mon, 02 Mar 2026 09:00:0{turn} +0000\n\n{'words words ' * 800}\n\n"
            )
    return path


@pytest.mark.skipif(sys.platform == "win32", reason="the operating system does not tell the most memory held")
def test_a_large_mailbox_holds_one_thread_at_a_time(tmp_path: Path) -> None:
    small, large = large_box(tmp_path / "small.mbox", 20), large_box(tmp_path / "big.mbox", 2000)
    assert large.stat().st_size > 19_000_000
    count, grown = growth(small, large)
    assert count == 1000
    assert grown < 6_000_000


def test_lines_of_a_text_that_begin_with_from(tmp_path: Path) -> None:
    """A mailbox quotes them with ">" or, written carelessly, not at all: both are the agent's own words."""
    first = b"From a Sat Jan  3 10:00:00 2026\nFrom: ada@c.example\nMessage-ID: <1@x>\nSubject: Lamp\n\nBroken.\n\n"
    head = b"From t Sat Jan  3 11:00:00 2026\nFrom: tom@shop.example\nIn-Reply-To: <1@x>\nSubject: Re: Lamp\n\n"
    body = b"Sorry.\n\n>From here it looks bad.\n\nFrom what we know\nit left.\n\n> From: an older quote\n"
    (tmp_path / "a.mbox").write_bytes(first + head + body)
    found, problems, log = read(tmp_path / "a.mbox")
    assert [e.reply for e in found] == ["Sorry.\n\nFrom here it looks bad.\n\nFrom what we know\nit left."]
    assert not problems
    assert log.tallies[str(tmp_path / "a.mbox")].turns == 1


def test_what_follows_a_mail_without_a_sender_goes_to_nobody_else(tmp_path: Path) -> None:
    first = b"From a Sat Jan  3 10:00:00 2026\nFrom: ada@c.example\nMessage-ID: <1@x>\n\nBroken.\n\n"
    answer = b"From t Sat Jan  3 11:00:00 2026\nFrom: tom@shop.example\nIn-Reply-To: <1@x>\n\nSorry.\n\n"
    (tmp_path / "a.mbox").write_bytes(first + answer + b"From q\nSubject: lost\n\nNo.\n\nFrom lost\nwords\n")
    found, problems, _ = read(tmp_path / "a.mbox")
    assert [e.reply for e in found] == ["Sorry."]
    assert len(problems) == 2, "the mail, and its words behind the From line"


def test_names_in_encoded_words_are_masked_whole(tmp_path: Path) -> None:
    """=2C is a comma: decoded before it is taken apart, "Halvorsen, Ingrid" would lose its first half."""
    coded = "From: =?utf-8?q?Halvorsen=2C_Ingrid?= <ada@c.example>"
    first = f"From a Sat Jan  3 10:00:00 2026\n{coded}\nMessage-ID: <1@x>\n\nit is for Halvorsen\n\n"
    answer = "From t Sat Jan  3 11:00:00 2026\nFrom: tom@shop.example\nIn-Reply-To: <1@x>\n\nWe see, of course.\n"
    (tmp_path / "a.mbox").write_text(first + answer, encoding="utf-8")
    found, _, _ = read(tmp_path / "a.mbox", Log(agent_domains=("shop.example",), mask=Masks()))
    assert found[0].turns[0].text == "it is for ⟨name⟩"
