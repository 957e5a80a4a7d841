"""Personal data and what only looks like it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.checks.conftest import turns, write

from amends.checks import check
from amends.checks.personal import FINDERS, iban, ibans, luhn

EMAIL, CARD, IBAN, PHONE, IP, WEB, STREET = FINDERS

PERSONAL = [
    (EMAIL, "Write to jane.doe@gmail.com please", "jane.doe@gmail.com", "plain"),
    (EMAIL, "jane.doe+x@mail.co.uk.", "jane.doe+x@mail.co.uk", "with a tag, before a stop"),
    (EMAIL, "jürgen@müller-bäder.de", "jürgen@müller-bäder.de", "letters beyond ASCII"),
    (EMAIL, "jane [at] gmail [dot] com", "jane [at] gmail [dot] com", "spelled out"),
    (EMAIL, "jane (at) gmail dot com", "jane (at) gmail dot com", "spelled out by half"),
    (EMAIL, "it is jane.doe at gmail dot com", "jane.doe at gmail dot com", "said aloud"),
    (EMAIL, "jane.doe @ gmail.com", "jane.doe @ gmail.com", "with gaps"),
    (PHONE, "call me on 2128675309", "2128675309", "a word says so"),
    (PHONE, "My number is 020 7123 4567.", "020 7123 4567", "London"),
    (PHONE, "ring 07911 123456 tonight", "07911 123456", "British mobile"),
    (PHONE, "07911123456", "07911123456", "without gaps"),
    (PHONE, "as I said, 07911 123456", "07911 123456", "after a word that ends like a code (said: id)"),
    (PHONE, "+44 20 7123 4567", "+44 20 7123 4567", "international"),
    (PHONE, "+4915112345678", "+4915112345678", "international without gaps"),
    (PHONE, "(212) 867-5309", "(212) 867-5309", "North American"),
    (PHONE, "1-800-867-5309", "1-800-867-5309", "North American with its 1"),
    (PHONE, "06 12 34 56 78", "06 12 34 56 78", "French"),
    (PHONE, "089/1234567", "089/1234567", "German"),
    (PHONE, "(02) 9374 4000", "(02) 9374 4000", "Australian"),
    (PHONE, "020 7123 4567 24 hours a day", "020 7123 4567", "more digits behind it"),
    (CARD, "my card 4111 1111 1111 1111 was charged", "4111 1111 1111 1111", "in fours"),
    (CARD, "5555555555554444", "5555555555554444", "without gaps"),
    (CARD, "3782-822463-10005", "3782-822463-10005", "fifteen digits"),
    (IBAN, "to DE89 3704 0044 0532 0130 00 today", "DE89 3704 0044 0532 0130 00", "in fours, before a word"),
    (IBAN, "GB29NWBK60161331926819", "GB29NWBK60161331926819", "without gaps"),
    (IP, "from 81.2.69.160 at night", "81.2.69.160", "IPv4"),
    (IP, "from 2a00:1450:4001:81b::200e", "2a00:1450:4001:81b::200e", "IPv6"),
    (WEB, "see https://acme-returns.com/x?id=1", "https://acme-returns.com", "with https"),
    (WEB, "www.acme-returns.shop", "www.acme-returns.shop", "with www"),
    (WEB, "go to acme-returns.co.uk now", "acme-returns.co.uk", "bare"),
    (WEB, "bit.ly/3xYz", "bit.ly", "a short link"),
    (STREET, "I live at 221B Baker Street, London.", "221B Baker Street, London", "with a town"),
    (STREET, "12 Mill Lane, Leeds LS1 4AP", "12 Mill Lane, Leeds LS1 4AP", "with a British postcode"),
    (STREET, "Send it to 1600 Elm Avenue, Springfield, IL 62704", "1600 Elm Avenue, Springfield, IL 62704", "American"),
    (STREET, "Hauptstraße 12, 10115 Berlin", "Hauptstraße 12, 10115 Berlin", "German"),
]

NONE = [
    ("jane@example.com, jane@shop.example.org, jane@shop.test, jane@x.invalid", "reserved domains"),
    ("@QuillhopParcels your driver", "a handle"),
    ("2 kg @ 3.50 each", "a price"),
    ("order 2128675309", "order number of ten digits"),
    ("Order no. 400-867-5309", "order number in groups"),
    ("ref: 020 7123 4567", "reference"),
    ("ticket #4839201948", "ticket"),
    ("case 0055-1234-567", "case"),
    ("my membership 0123 4567 890, customer number 0123 456 789", "numbers of customers"),
    ("0034 0434 1234 5678 9012", "tracking number"),
    ("1Z 999 AA1 01 2345 6784", "tracking number with letters"),
    ("on 01.02.2026 14:30, 2026-11-22, 12/11/2026 and 13/11/2026, 01-02-2026 0930", "dates"),
    ("£1,234,567.89, EUR 1.234.567,00, 10 000 000 visits", "amounts"),
    ("open 0900-1700, 2019-2020 2021", "hours and years"),
    ("212-555-0134, (415) 555-0199, +1 202 555 0143, 1-800-555-0199", "North American numbers for fiction"),
    ("07700 900123, +44 7700 900123, 01632 960961, 020 7946 0958", "British numbers for fiction"),
    ("0491 570 156, (02) 5550 1234", "Australian numbers for fiction"),
    ("000000000000", "a placeholder"),
    ("4111 1111 1111 1112", "wrong check digit"),
    ("tracking number 4111111111111111", "one in ten tracking numbers passes"),
    ("0000 0000 0000 0000", "a placeholder card"),
    ("card ending 1111", "last four digits"),
    ("DE89 3704 0044 0532 0130 01", "wrong check digits"),
    ("the GB29 road at the A4", "a road"),
    ("192.0.2.1, 203.0.113.9, 192.168.0.1, 10.0.0.1, 127.0.0.1, 2001:db8::1", "documentation and private ranges"),
    ("version 4.12.3.81, firmware 8.1.2.3, v1.2.3.4", "versions"),
    ("999.1.2.3 and 1.2.3", "no address"),
    ("10:30:45, 12:00:00:00", "times"),
    ("It came late.it was broken.So I left.me and him", "missing blanks"),
    ("https://example.com/help, www.shop.example", "reserved domains"),
    ("e.g. this, i.e. that, approx.5 kg, Node.js, and/or", "dots and slashes"),
    ("14 Alder Lane", "a street alone"),
    ("5 Star Way, Thursday.", "a day is no town"),
    ("I waited 20 minutes on Mill Road, Leeds", "no house number before the street"),
    ("3 Large Place settings, Please", "things"),
]


@pytest.mark.parametrize(("what", "text", "span", "why"), PERSONAL, ids=[f"{r[0]}: {r[-1]}" for r in PERSONAL])
def test_personal_data_is_found(what: str, text: str, span: str, why: str) -> None:
    assert span in [text[start:end] for start, end in FINDERS[what][0](text)], why


@pytest.mark.parametrize(("text", "why"), NONE, ids=[row[-1] for row in NONE])
def test_what_only_looks_like_it_is_left_alone(text: str, why: str) -> None:
    found = {what: [text[a:b] for a, b in finder(text)] for what, (finder, _, _) in FINDERS.items()}
    assert not {what: spans for what, spans in found.items() if spans}, why


@pytest.mark.parametrize(("what", "text", "span", "why"), PERSONAL, ids=[f"{r[0]}: {r[-1]}" for r in PERSONAL])
def test_each_is_one_problem_of_its_line(tmp_path: Path, what: str, text: str, span: str, why: str) -> None:
    file = tmp_path / "logs.jsonl"
    write(file, [{"id": "a", "turns": turns("hello"), "reply": "hi"}, {"id": "b", "turns": turns(text), "reply": "no"}])
    found = [p for p in check([str(file)]).problems if p.found.startswith(what)]
    assert [(p.line, p.path) for p in found] == [(2, "$.turns[0].text")], why
    assert "write [" in found[0].remedy
    assert span not in found[0].found, "a report does not spread what it finds"


def test_a_card_number_is_not_a_telephone_number_too(tmp_path: Path) -> None:
    file = tmp_path / "logs.jsonl"
    write(file, [{"id": "a", "turns": turns("call about 4111 1111 1111 1111"), "reply": "hi"}])
    assert len(check([str(file)]).problems) == 1


def test_meta_is_read_and_ids_are_not(tmp_path: Path) -> None:
    file = tmp_path / "logs.jsonl"
    write(file, [{"id": "jane@gmail.com", "turns": turns("x"), "reply": "y", "meta": {"from": ["jane@gmail.com"]}}])
    assert [p.path for p in check([str(file)]).problems] == ["$.meta.from[0]"]


# published examples: ISO/IEC 7812 (79927398713), the SWIFT IBAN registry
@pytest.mark.parametrize(("digits", "right"), [("79927398713", True), ("79927398710", False), ("0", True)])
def test_luhn(digits: str, right: bool) -> None:
    assert luhn(digits) is right


@pytest.mark.parametrize(
    ("number", "right"),
    [
        ("GB33BUKB20201555555555", True),
        ("FR1420041010050500013M02606", True),
        ("NO9386011117947", True),
        ("GB34BUKB20201555555555", False),
        ("ZZ33BUKB20201555555555", False),
    ],
)
def test_iban(number: str, right: bool) -> None:
    assert iban(number) is right


@pytest.mark.parametrize("letter", ["\u212a", "\u0130"])
def test_letters_that_only_look_like_a_bank_account_number_are_none(letter: str) -> None:
    # [a-z] without case finds the sign of kelvin and the dotted capital I, which are no digits of base 36
    text = f"GB29NWB{letter}60161331926819"
    assert list(ibans(text)) == []
    assert not iban(text)


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="0123456789 +().-/@:wab.co", max_size=80))
def test_spans_lie_in_the_text(text: str) -> None:
    for finder, _, _ in FINDERS.values():
        assert all(0 <= start < end <= len(text) for start, end in finder(text))


def test_a_long_hostile_text_comes_to_an_end() -> None:
    """With a pattern that backtracks it would not."""
    for piece in ("a.", "1 ", "1-", "A ", "a:", "1.", "AB12", "@", "www.", "0", "12 Mill "):
        text = piece * (200_000 // len(piece))
        for finder, _, _ in FINDERS.values():
            for _ in finder(text):
                pass
