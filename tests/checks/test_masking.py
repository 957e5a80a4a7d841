"""Personal data as placeholders: what goes, what stays, and that no original is left anywhere."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.checks.masking import KINDS, NAME, Masks, masked
from amends.errors import Problem
from amends.logs.reader import Source
from amends.logs.units import Log
from amends.records import Author, Context, Exchange, Turn
from amends.runs.score import masked as masked_problem

TEXTS = [
    ("Dear Jane,\nit left today.", "Dear ⟨name⟩,\nit left today.", "after a greeting"),
    ("hi jane,\nit left.\n\nthanks\ntom", "hi ⟨name⟩,\nit left.\n\nthanks\n⟨name⟩", "in small letters"),
    ("Dear Mr. van der Berg, hello.", "Dear Mr. ⟨name⟩, hello.", "a title and particles"),
    ("Hello Ms Ifeoma Eze!", "Hello Ms ⟨name⟩!", "two names"),
    ("Sehr geehrte Frau Müller,", "Sehr geehrte Frau ⟨name⟩,", "German"),
    (
        "It is done.\n\nKind regards,\nTom Reed\nCustomer Care",
        "It is done.\n\nKind regards,\n⟨name⟩\nCustomer Care",
        "in a signature",
    ),
    ("It is done. Best wishes, Özlem", "It is done. Best wishes, ⟨name⟩", "a sign-off in the line"),
    ("On its way.\n\nJ. R. Smith", "On its way.\n\n⟨name⟩", "a last line of its own"),
    ("My name is Ana Silva and I wait.", "My name is ⟨name⟩ and I wait.", "said so"),
    ("I am Ana Silva <ana@mail.com> and wait", "I am ⟨name⟩ <⟨e-mail⟩> and wait", "said so, before an address"),
    ("This is Tom from the depot.", "This is ⟨name⟩ from the depot.", "said so by an agent"),
    (
        "Hi Jane, so sorry Jane. Jane's box is here.",
        "Hi ⟨name⟩, so sorry ⟨name⟩. ⟨name⟩'s box is here.",
        "and wherever else it stands",
    ),
    (
        "Dear Will,\nwill you be in? I will call Will.",
        "Dear ⟨name⟩,\nwill you be in? I will call ⟨name⟩.",
        "a name that is a word",
    ),
    ("Hello there, thank you for writing.", "Hello there, thank you for writing.", "nobody"),
    ("Dear customer,\nhi all, Dear Sir or Madam", "Dear customer,\nhi all, Dear Sir or Madam", "nobody either"),
    ("Mail tom.reed@shop.example or ada (at) mail (dot) com", "Mail ⟨e-mail⟩ or ⟨e-mail⟩", "mail, spelled out too"),
    ("Call 07700 900123 or +49 30 1234567.", "Call ⟨phone⟩ or ⟨phone⟩.", "telephones, fiction's too"),
    ("Card 4111 1111 1111 1111 please", "Card ⟨card⟩ please", "a card"),
    ("IBAN DE89 3704 0044 0532 0130 00 it is", "IBAN ⟨account⟩ it is", "an account"),
    ("12 Elm Grove Road, Leeds LS1 4AB", "⟨address⟩", "an address"),
    ("Live at 4 Mill Lane now", "Live at ⟨address⟩ now", "a street and number"),
    ("Order #44-1201 and order number AB12345", "Order #⟨reference⟩ and order number ⟨reference⟩", "orders"),
    ("Your ticket 901 123, parcel 1Z999AA10123456784", "Your ticket ⟨reference⟩, parcel ⟨reference⟩", "other numbers"),
    ("See https://shop.com/u/jane?id=7 now", "See ⟨link⟩ now", "an address with its path"),
    (
        "It cost £1,250.00 on 3 March 2026 at 10:30, 14 days ago.",
        "It cost £1,250.00 on 3 March 2026 at 10:30, 14 days ago.",
        "amounts, dates and times",
    ),
    ("You waited 3 weeks for a 42-inch TV, model X200.", "You waited 3 weeks for a 42-inch TV, model X200.", "a thing"),
    ("", "", "nothing"),
]


@pytest.mark.parametrize(("text", "expected", "why"), TEXTS, ids=[why for *_, why in TEXTS])
def test_texts(text: str, expected: str, why: str) -> None:
    assert masked(text) == expected, why


def exchange(**more: Any) -> Exchange:
    base: dict[str, Any] = {"turns": (Turn("customer", "Hi, I am Ada Wolf. Where is order 55-1201?"),)}
    return Exchange(
        "7#1",
        reply="Dear Ada, it is on the van. Tom",
        meta={"conversation": "7", "agent": "tom@s.example"},
        **(base | more),
    )


def test_names_of_one_turn_and_of_the_export_go_everywhere() -> None:
    found = Masks()(exchange(), ("Tom Reed",))
    assert found.turns[0].text == "Hi, I am ⟨name⟩. Where is order ⟨reference⟩?"
    assert found.reply == "Dear ⟨name⟩, it is on the van. ⟨name⟩"


def test_agents_become_numbers_and_keep_them_over_files() -> None:
    masks = Masks()
    agents = [
        masks(Exchange(str(i), (), "x", meta={"agent": a})).meta["agent"] for i, a in enumerate(["tom", "mia", "tom"])
    ]
    assert agents == ["agent-1", "agent-2", "agent-1"]


def test_ids_that_hold_personal_data_become_numbers() -> None:
    masks = Masks()
    one = masks(Exchange("ada@mail.example#1", (), "x", meta={"conversation": "ada@mail.example"}))
    two = masks(Exchange("ada@mail.example#2", (), "x", meta={"conversation": "ada@mail.example"}))
    assert (one.id, two.id, one.meta["conversation"]) == ("masked-1#1", "masked-1#2", "masked-1")
    assert masks(Exchange("901#1", (), "x", meta={"conversation": "901"})).id == "901#1", "a ticket's number is nobody"


def test_what_else_an_exchange_holds() -> None:
    full = exchange(
        context=Context(authority="Refund to DE89370400440532013000 only", customer_org="Wolf & Co", channel="email"),
        author=Author("person", "Tom Reed", "1"),
        gold={"model": {}},
    )
    full.meta["row"] = {"mail": ["ada@mail.example"], "phone": 441632960123, "csat": 4, "time": "2026-03-02T09:00:00Z"}
    found = Masks()(full)
    assert found.context.authority == "Refund to ⟨account⟩ only"
    assert found.context.channel == "email"
    assert found.author == Author("person", "agent-2", "1"), "after the agent of the log"
    assert found.gold is None, "its spans are of the text before"
    assert found.meta["row"]["mail"] == ["⟨e-mail⟩"]
    assert found.meta["row"]["csat"] == 4
    assert "441632960123" not in json.dumps(found.to_dict())


PLANTED = {
    "name": ("Dear {},\nwe are on it.", ["Quillian", "Marisela Okonkwo", "Özgür", "D'Arcy"]),
    "sign": ("Done.\n\nKind regards,\n{}", ["Thaddeus", "Wilhelmina Brackley"]),
    "mail": ("Write to {} today", ["q.okonkwo@mail.com", "x+y@a-b.co.uk", "tom@shop.example"]),
    "card": ("Card {} ends soon", ["4111111111111111", "5500 0000 0000 0004", "3400-000000-00009"]),
    "iban": ("Pay {} back", ["DE89370400440532013000", "GB82 WEST 1234 5698 7654 32"]),
    "phone": ("Call me on {} please", ["07911 123456", "+1 (212) 555-0187", "0033 1 42 68 53 00"]),
    "order": ("order number {} is late", ["55-120144", "AB99120", "#1200455"]),
    "street": ("We live at {} now", ["12 Elm Grove Road, Leeds LS1 4AB", "7 Harbour Street, Cork"]),
}
ONE = st.sampled_from(sorted(PLANTED)).flatmap(
    lambda kind: st.sampled_from(PLANTED[kind][1]).map(lambda value: (PLANTED[kind][0].format(value), value))
)


@given(st.lists(ONE, min_size=1, max_size=6), st.booleans())
def test_no_original_is_left_anywhere(planted: list[tuple[str, str]], in_meta: bool) -> None:
    texts, values = [t for t, _ in planted], [v for _, v in planted]
    turns = tuple(Turn("customer", t) for t in texts)
    meta = {"row": texts, "agent": values[0]} if in_meta else {}
    found = Masks()(Exchange("1", turns, "\n\n".join(texts), meta=meta))
    written = json.dumps(found.to_dict(), ensure_ascii=False)
    for value in values:
        assert value not in written
        assert re.sub(r"\D", "", value) not in re.sub(r"[^\d\"]", "", written) or not any(c.isdigit() for c in value)


@given(st.text(max_size=120))
def test_masking_any_text_twice_changes_no_more(text: str) -> None:
    once = masked(text)
    marks = "|".join(re.escape(mark) for mark in {NAME, *(mark for mark, _ in KINDS)})
    assert len(re.sub(marks, "", once)) <= len(text)
    assert set(once) <= set(text) | set("⟨⟩-namereflikcdpohsut")


def test_spans_are_of_the_masked_text_and_nothing_maps_back(amends: Any) -> None:
    rows = [
        {
            "id": "ada@mail.com",
            "turns": [{"role": "customer", "text": "I am Ada Wolf, ring 07911 123456."}],
            "reply": "Dear Ada,\nI am sorry that nobody rang you back on 07911 123456.\n\nKind regards,\nTom Reed",
            "meta": {"agent": "tom.reed@shop.com"},
        }
    ]
    Path("in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    called = amends("score", "in.jsonl", "--mask", "--scorer", "rules", "-o", "out.jsonl")
    assert called.code == 0
    (line,) = Path("out.jsonl").read_text().splitlines()
    reply = masked(rows[0]["reply"])
    assert line.count("masked-1") == 1
    for behaviour in json.loads(line)["behaviours"]:
        assert reply[behaviour["start"] : behaviour["end"]] == behaviour["quote"]
    assert json.loads(line)["behaviours"], "a reply with something to show"
    drawn = amends("draw", "in.jsonl", "--mask", "--n", 1, "-o", "drawn.jsonl")
    assert drawn.code == 0
    written = "".join(p.read_text() for p in Path().iterdir() if p.name != "in.jsonl") + called.out + called.err
    for secret in ("Ada", "Wolf", "07911", "Tom", "Reed", "mail.com", "shop.com"):
        assert secret not in written


def test_a_problem_does_not_show_what_is_masked(amends: Any) -> None:
    good = {"id": "1", "turns": [{"role": "customer", "text": "Where?"}], "reply": "Here."}
    bad = good | {"id": "2", "turns": "write to ada@mail.com"}
    Path("in.jsonl").write_text(json.dumps(good) + "\n" + json.dumps(bad) + "\n")
    called = amends("score", "in.jsonl", "--mask", "--scorer", "rules")
    assert called.code == 1
    assert "in.jsonl:2 $.turns" in called.err
    assert "ada@mail.com" not in called.err


def test_a_reply_between_two_masks_is_a_reply_to_a_scorer(amends: Any) -> None:
    """In square brackets such a text would look like a machine's list."""
    row = {
        "id": "1",
        "turns": [{"role": "customer", "text": "Third week without a fridge, Tom!"}],
        "reply": "Ada Wolf here. I am sorry that you have been without a fridge for three weeks.\n\nAda",
    }
    Path("in.jsonl").write_text(json.dumps(row) + "\n")
    found = json.loads(amends("score", "in.jsonl", "--mask", "--scorer", "rules", "--json").out)
    assert masked(row["reply"]).startswith(NAME)
    assert masked(row["reply"]).endswith(NAME)
    assert (found["counts"]["judged"], found["flags"]) == (1, {})


NAMED = [
    ("customer_name", "Ingrid Halvorsen", "⟨name⟩ again: ⟨name⟩", "a column that is called so"),
    ("agent", "Ingrid Halvorsen", "⟨name⟩ again: ⟨name⟩", "an agent that goes by a name"),
    ("Kundenname", "Ingrid Halvorsen", "⟨name⟩ again: ⟨name⟩", "a German export's customer"),
    ("Nachname", "Halvorsen", "⟨name⟩ again: ⟨name⟩", "a family name alone"),
    ("firstname", "Ingrid", "Halvorsen again: HALVORSEN", "written in one word"),
    ("Bearbeiter", "Ingrid Halvorsen", "⟨name⟩ again: ⟨name⟩", "a German export's agent"),
    ("Bearbeiter", "zweite Ebene 4", "Halvorsen again: HALVORSEN", "no person, whatever the column is called"),
    ("agent", "halvorsen", "Halvorsen again: HALVORSEN", "one small word, which may be a desk"),
    ("customer_tier", "4 gold", "Halvorsen again: HALVORSEN", "a column of something else"),
]


@pytest.mark.parametrize(("key", "value", "reply", "why"), NAMED, ids=[why for *_, why in NAMED])
def test_names_in_fields_go_everywhere(key: str, value: str, reply: str, why: str) -> None:
    found = Masks()(Exchange("1", (), "Halvorsen again: HALVORSEN", meta={key: value}))
    assert found.reply == reply, why
    assert "Ingrid" not in json.dumps(found.to_dict())


def test_agents_in_columns_of_other_names_are_told_apart_still() -> None:
    """As ⟨name⟩ they would all be one cluster."""
    masks, people = Masks(), ["Ingrid Halvorsen", "Tom Reed", "Ingrid Halvorsen"]
    found = [masks(Exchange(str(i), (), "x", meta={"Bearbeiter": name})).meta for i, name in enumerate(people)]
    assert found == [{"Bearbeiter": "agent-1"}, {"Bearbeiter": "agent-2"}, {"Bearbeiter": "agent-1"}]
    minutes = {"agent_minutes": "42", "agent_team": "billing"}
    assert masks(Exchange("1", (), "x", meta=dict(minutes))).meta == minutes, "no names"


def test_an_agents_number_and_a_time_that_is_none() -> None:
    meta = {"agent": 5550123, "time": "when Dr Halvorsen called"}
    assert Masks()(Exchange("1", (), "x", meta=meta)).meta == {"agent": "agent-1", "time": "when Dr ⟨name⟩ called"}
    for time in ("2026-03-02T09:00:00.123+00:00", "2026-03-02 09:00", "02/03/2026 09:00", "Mon, 02 Mar 2026 09:00:00"):
        assert Masks()(Exchange("1", (), "x", meta={"time": time})).meta == {"time": time}


FOUND = [
    ("'Ingrid Halvorsen'", "'⟨text⟩'", "a cell of a column of names"),
    ("\"Ingrid O'Halvorsen from a very", '"⟨text⟩"', "one that was cut"),
    ('"ada-wolf" again (first in line 1)', '"⟨text⟩" again (first in line 1)', "an id of letters"),
    ('"35436" again (first in line 1)', '"35436" again (first in line 1)', "a ticket's number"),
    ("an object with id, turns", "an object with id, turns", "nothing of the data"),
]


@pytest.mark.parametrize(("found", "shown", "why"), FOUND, ids=[why for *_, why in FOUND])
def test_what_a_masked_problem_quotes(found: str, shown: str, why: str) -> None:
    problem = Problem("a.csv", 2, "$.role", found, "customer", "use one of these")
    plain, hidden = Source("a.csv"), Source("a.csv", log=Log(mask=Masks()))
    assert masked_problem(problem, hidden).found == shown, why
    assert masked_problem(problem, plain) == problem, "without --mask all of it helps"
