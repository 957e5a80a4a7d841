"""Conversations as exchanges: which agent turns are replies, what stands before them, and that none is lost."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.logs.rules import KEEPABLE, Tally
from amends.logs.units import UNITS, Conversation, Log, Message, units
from amends.schema import problems


def said(script: str) -> list[Message]:
    """``c`` a customer, ``a`` and ``b`` agents, ``n`` a note, ``o`` a bot, ``e`` an empty agent turn, ``x`` an empty
    customer turn, ``.`` an hour."""
    messages, hour = [], 9
    for place, letter in enumerate(script):
        time = f"2026-03-02T{hour:02}:00:{place:02}Z"
        words = f"{letter}{place}"
        match letter:
            case ".":
                hour += 1
            case "c" | "x":
                messages.append(Message("customer", words if letter == "c" else " \u200b", time=time))
            case "a" | "b":
                messages.append(Message("agent", words, agent=letter, time=time))
            case "e":
                messages.append(Message("agent", "\n", agent="a", time=time))
            case "n" | "o":
                messages.append(Message("agent", words, "note" if letter == "n" else "bot", "a", time))
    return messages


def run(script: str, log: Log | None = None) -> tuple[list[str], Tally]:
    log = log or Log()
    tally = Tally("f", "messages", log.unit)
    found = list(units(Conversation("7", said(script), 1), log, tally))
    for exchange in found:
        assert not problems(exchange.to_dict(), "exchange", "f", 1)
    shown = [f"{e.id} {'/'.join(t.text for t in e.turns)} > {e.reply.replace(chr(10) * 2, '+')}" for e in found]
    return shown, tally


SCRIPTS = [
    # what was said, the exchanges, what was dropped, why
    ("ca", ["7#1 c0 > a1"], {}, "one question, one reply"),
    ("caca", ["7#1 c0 > a1", "7#2 c0/a1/c2 > a3"], {}, "earlier turns are the context"),
    ("cca", ["7#1 c0/c1 > a2"], {}, "two customer turns, one reply"),
    ("caa", ["7#1 c0 > a1+a2"], {}, "the same agent seconds later: one reply in two parts"),
    ("ca.a", ["7#1 c0 > a1"], {"follow_up": 1}, "an hour later it is another message, and answers nobody"),
    ("cab", ["7#1 c0 > a1"], {"follow_up": 1}, "another agent's words are not counted as the first one's"),
    ("cabcb", ["7#1 c0 > a1", "7#2 c0/a1/b2/c3 > b4"], {"follow_up": 1}, "a follow-up is context all the same"),
    ("aca", ["7#1 a0/c1 > a2"], {"unprompted": 1}, "an agent who begins answers nobody; it is context"),
    ("aa", [], {"unprompted": 2}, "no customer at all"),
    ("c", [], {}, "no agent at all"),
    ("", [], {}, "nothing"),
    ("cna", ["7#1 c0 > a2"], {"note": 1}, "a note between does not part them"),
    ("oca", ["7#1 c1 > a2"], {"bot": 1}, "a bot's greeting is no context"),
    ("coa", ["7#1 c0 > a2"], {"bot": 1}, "nor its answer"),
    ("cea", ["7#1 c0 > a2"], {"empty": 1}, "an empty agent turn"),
    ("xca", ["7#1 c1 > a2"], {"empty": 1}, "an empty customer turn"),
    ("cx.a", ["7#1 c0 > a3"], {"empty": 1}, "an empty customer turn after another"),
    ("ca.xa", ["7#1 c0 > a1"], {"empty": 1, "follow_up": 1}, "an empty customer turn asks nothing"),
]


@pytest.mark.parametrize(("script", "shown", "dropped", "why"), SCRIPTS, ids=[why for *_, why in SCRIPTS])
def test_units(script: str, shown: list[str], dropped: dict[str, int], why: str) -> None:
    found, tally = run(script)
    assert found == shown, why
    assert dict(tally.dropped) == dropped, why
    assert tally.conversations == 1
    assert tally.without == (not shown)


CHOICES = [
    ("every", ["7#1", "7#2", "7#3"], 0, "all"),
    ("first", ["7#1"], 2, "the first keeps its number"),
    ("last", ["7#3"], 2, "and so does the last: the number is the place in the conversation"),
]


@pytest.mark.parametrize(("unit", "ids", "passed", "why"), CHOICES, ids=[unit for unit, *_ in CHOICES])
def test_first_and_last(unit: str, ids: list[str], passed: int, why: str) -> None:
    found, tally = run("caca.ca", Log(unit))
    assert [one.split()[0] for one in found] == ids, why
    assert tally.passed == passed
    assert not tally.dropped, "what is passed over is not dropped"


KEEPS = [
    ("cna", "note", ["7#1 c0 > n1+a2"], "a note counts as a public turn"),
    ("co.a", "bot", ["7#1 c0 > o1"], "a bot's turn is the reply, and the agent's comes after it"),
    ("ce", "empty", ["7#1 c0 > \n"], "an empty reply is one, and the scorer flags it"),
    ("cab", "follow_up", ["7#1 c0 > a1+b2"], "what follows is part of the reply"),
    ("cec.a", "empty", ["7#1 c0 > \n", "7#2 c0/c2 > a4"], "an empty turn is no context even when it is kept"),
]


@pytest.mark.parametrize(("script", "rule", "shown", "why"), KEEPS, ids=[why for *_, why in KEEPS])
def test_keep_switches_a_rule_off(script: str, rule: str, shown: list[str], why: str) -> None:
    found, tally = run(script, Log(keep=frozenset({rule})))
    assert found == shown, why
    assert rule not in tally.dropped
    assert Log("first", keep=frozenset({rule})).tag == f"first+keep-{rule}"


def test_meta_and_context_come_from_the_reply_and_what_stands_before_it() -> None:
    messages = [
        Message("customer", "Where is it?", fields={"emotion": "anger", "intensity": 4}),
        Message("agent", "Here.", agent="21", time="2026-03-02T09:00:00Z", team="East", meta={"csat": 2}),
        Message("customer", "It is not!", fields={"emotion": "fury", "intensity": None}),
        Message("agent", "Sorry.", agent="22"),
    ]
    talk = Conversation("7", messages, 1, "West", {"channel": "chat"})
    first, second = units(talk, Log(), Tally("f", "messages", "every"))
    assert first.meta == {
        "csat": 2,
        "conversation": "7",
        "agent": "21",
        "team": "East",
        "time": "2026-03-02T09:00:00Z",
    }
    assert second.meta == {"conversation": "7", "agent": "22", "team": "West"}, "no time is known, so none is given"
    assert (first.context.channel, first.context.emotion, first.context.intensity) == ("chat", "anger", 4)
    assert (second.context.emotion, second.context.intensity) == ("fury", 4), "an empty value leaves what was known"


def test_context_that_is_missing_is_counted() -> None:
    tally = Tally("f", "messages", "every")
    list(units(Conversation("7", said("caca"), 1, context={"channel": "chat"}), Log(), tally))
    assert tally.missing["fault"] == 2
    assert tally.missing["channel"] == 0


SCRIPT = st.text("caabnoex.", max_size=30)


@given(SCRIPT, st.sampled_from(UNITS), st.sets(st.sampled_from(KEEPABLE)))
def test_no_agent_turn_is_lost_or_doubled(script: str, unit: str, keep: set[str]) -> None:
    """Every message is in exactly one reply, or counted by a rule, or passed over by the unit, or a customer's turn."""
    messages = [
        replace(m, text=m.text + f"|{i}") if m.text.strip(" \n\u200b") else m for i, m in enumerate(said(script))
    ]
    log = Log(unit, keep=frozenset(keep))
    tally = Tally("f", "messages", unit)
    found = list(units(Conversation("7", messages, 1), log, tally))
    parts = Counter(part for e in found for part in e.reply.split("\n\n") if part.strip(" \n\u200b"))
    assert all(count == 1 for count in parts.values()), "no turn in two replies"
    assert set(parts) <= {m.text for m in messages if m.role == "agent"}
    assert tally.turns + tally.passed + sum(tally.dropped.values()) + tally.customers == len(messages)
    assert len(found) == tally.units
    for exchange in found:
        assert not problems(exchange.to_dict(), "exchange", "f", 1)
        texts = [t.text for t in exchange.turns]
        assert texts == [t for t in (m.text for m in messages) if t in texts], "context in the order of the log"
        assert not set(texts) & set(exchange.reply.split("\n\n")), "a reply is not in its own context"


@given(SCRIPT)
def test_first_and_last_are_two_of_every(script: str) -> None:
    every, first, last = (run(script, Log(unit))[0] for unit in UNITS)
    assert first == every[:1]
    assert last == every[-1:]
