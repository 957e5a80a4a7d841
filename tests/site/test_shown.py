"""Numbers and submitted texts as a page shows them."""

from __future__ import annotations

import pytest

from amends.site.shown import cell, fields, words
from amends.site.tables import tone
from amends.statistics.estimate import Estimate


def plain(found) -> str:
    return "".join(piece.text for piece in found)


@pytest.mark.parametrize(
    ("field", "estimate", "value", "interval", "sort", "why"),
    [
        ("breach", Estimate(0.123, 0.1, 0.15, 50, 10, "m"), "12.3%", "10.0–15.0", "0.123000", "a share in percent"),
        ("mean", Estimate(3.456, 3.0, 4.0, 50, 10, "m"), "3.46", "3.00–4.00", "3.456000", "a level"),
        ("rate", Estimate(12.0, 10.0, 15.0, 50, 10, "m"), "12.0", "10.0–15.0", "12.000000", "per 100"),
        ("full", Estimate(0.5, None, None, 4, 2, None, "few"), "50.0%", "no interval", "0.500000", "too few clusters"),
        ("mean", Estimate(None, None, None, 0, 0, None, "none judged"), "none", "none judged", "", "never a zero"),
    ],
)
def test_a_cell(field: str, estimate: Estimate, value: str, interval: str, sort: str, why: str) -> None:
    unit = "rate" if field == "rate" else None
    made = cell(field, estimate, unit)
    assert (made.value, made.interval, made.sort) == (value, interval, sort), why
    assert made.n == f"{estimate.n} ({estimate.clusters})"


@pytest.mark.parametrize(
    ("raw", "expected", "why"),
    [
        ({}, [], "nothing is given"),
        ({"b": 1, "a": None}, [("a", "not given"), ("b", "1")], "by name; null is not zero"),
        ({"seed_set": True}, [("seed set", "yes")], "in words"),
        ({"a": {"y": 1, "x": [2]}}, [("a", '{"x":[2],"y":1}')], "what is nested stands as JSON, always the same"),
    ],
)
def test_fields_of_an_object(raw: dict, expected: list[tuple[str, str]], why: str) -> None:
    assert [(plain(name), plain(value)) for name, value in fields(raw)] == expected, why


def test_very_many_fields_and_very_long_texts_are_cut_and_it_is_said() -> None:
    found = fields({f"f{k:04}": k for k in range(1000)})
    assert len(found) == 61 and plain(found[-1][1]) == "940 more fields stand in the JSON file"
    assert plain(words("x" * 25_000)).endswith("(5,000 more characters stand in the JSON file)")


@pytest.mark.parametrize(
    ("number", "tiers", "expected", "why"),
    [
        (1, 1, 0, "one tier is the best"),
        (2, 2, 2, "of two the second is no alarm"),
        (5, 5, 6, "of five the last has the last colour"),
        (20, 20, 6, "of twenty too"),
        (10, 20, 3, "and the middle one the middle"),
    ],
)
def test_the_colour_of_a_tier(number: int, tiers: int, expected: int, why: str) -> None:
    assert tone(number, tiers) == expected, why
