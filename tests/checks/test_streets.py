"""Postal addresses of the countries, and what only looks like one."""

from __future__ import annotations

import pytest

from amends.checks.people import candidates, merged
from amends.checks.streets import addresses_of_houses

ADDRESSES = [
    ("send it to 12 Ridgeview Drive, Apt 4B, Austin, TX 78701 now", "US, with a flat"),
    ("P.O. Box 118, Albany, NY 12207", "US, a box"),
    ("Flat 3, 12 Mill Lane, Leeds LS1 4AP", "UK, with a flat"),
    ("12 Church Close\nYork YO1 7HH", "UK, on two lines"),
    ("Am Lindenring 7, D-20095 Hamburg", "Germany, with the country"),
    ("Bahnhofstrasse 1, 8001 Zürich", "Switzerland"),
    ("12 bis, rue de la Paix, 75002 Paris", "France"),
    ("Calle Mayor, 12, 3º B, 28013 Madrid", "Spain, with a floor"),
    ("Via Garibaldi 12/B - 20121 Milano", "Italy"),
    ("Keizersgracht 12, 1015 CJ Amsterdam", "Netherlands"),
    ("Unit 5, 12 Banksia Parade, Newtown NSW 2042", "Australia"),
    ("12, Nehru Nagar, Sector 5, Pune 411004", "India"),
    ("Rua das Flores, 123, São Paulo - SP, 01310-100", "Brazil"),
]

NONE = [
    ("12 rue de la Paix", "a street alone"),
    ("Calle Mayor 12", "a street alone"),
    ("Via email 12 times, 20121 Points", "no street"),
    ("I called 12 times and waited 75002 seconds", "numbers"),
    ("Order 1015 CJ came", "a code alone"),
    ("I paid 12 in Queen Street, and 4 on Monday", "a number before a street that is none"),
]


@pytest.mark.parametrize(("text", "why"), ADDRESSES, ids=[row[-1] for row in ADDRESSES])
def test_an_address_is_found_once(text: str, why: str) -> None:
    spans = list(addresses_of_houses(text))
    assert len(spans) == 1, why
    numbers = [word for word in text.replace(",", " ").split() if word.isdigit()]
    assert all(number in text[slice(*spans[0])] for number in numbers), "the whole of it"


@pytest.mark.parametrize(("text", "why"), NONE, ids=[row[-1] for row in NONE])
def test_what_only_looks_like_one(text: str, why: str) -> None:
    assert [text[a:b] for a, b in addresses_of_houses(text)] == [], why


def test_a_long_hostile_text_comes_to_an_end() -> None:
    """With a pattern that backtracks it would not."""
    pieces = (
        "Via a ",
        "12 Mill ",
        "Rua a, 1 ",
        "Calle ",
        "1 rue ",
        "A 1 ",
        "Aa 1 1015 ",
        "1, Aa Road ",
        "Box 1 ",
        "12345 a ",
    )
    for piece in pieces:
        list(addresses_of_houses(piece * (100_000 // len(piece)) + " 10115 Aa 400 050 1015 CJ 01310-100"))


NAMES = [
    ("Dear Ms Okafor, it came late. Best wishes, Tom", ["Okafor", "Tom"], "greeting, title and close"),
    ("I spoke with your colleague Sandra Pym twice", ["Sandra Pym"], "a capital inside a sentence"),
    ("It came on Monday, in March, with I'm and English tea", [], "capitals that are no names"),
    ("The people of Quillhop Parcels laughed", [], "the company"),
    ("we met sandra", [], "a small letter in a sentence tells nothing"),
]


@pytest.mark.parametrize(("text", "wanted", "why"), NAMES, ids=[row[-1] for row in NAMES])
def test_candidates_for_names(text: str, wanted: list[str], why: str) -> None:
    found = candidates(text, ["Quillhop Parcels"])
    assert [c.name for c in found] == wanted, why
    assert all(text[c.start : c.end] == c.name for c in found)


def test_a_candidate_comes_once_with_its_count() -> None:
    found = candidates("Hi Maryam, it was Maryam who called, and Maryam again.")
    assert [(c.name, c.times) for c in found] == [("Maryam", 3)]
    assert merged([*found, *candidates("I told Piet and Maryam.")]) == {"Maryam": 4, "Piet": 1}
