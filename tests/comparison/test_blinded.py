"""Pairs with the origin hidden, and what raters said of them."""

from __future__ import annotations

import json

import pytest
from tests.comparison.conftest import side

from amends.comparison.blinded import blinded, rated
from amends.errors import UsageError

A = side("a", [1, 2, 3, 4, 2, 3, 1, 2])
B = side("b", [3, 3, 4, 4, 1, 5, 2, 3])


def answers(prefer_b: float, **more: str) -> list[dict[str, str]]:
    """A sheet in which B wins the first share of pairs, by their number, and A the others."""
    made = blinded(A, B, 1)
    rows = []
    for number, pair in made.key["pairs"].items():
        wins = int(number) <= prefer_b * len(made.key["pairs"])
        cell = pair["b_is"] if wins else {"1": "2", "2": "1"}[pair["b_is"]]
        rows.append({"pair": number, "empathy": cell, "depersonalization": "=", "excuse avoidance": "", **more})
    return rows


def test_nothing_in_the_sheet_tells_the_origin() -> None:
    made = blinded(A, B, 1)
    assert {len(row) for row in made.sheet.rows} == {len(made.sheet.headings)}
    # the fixture's texts name their side; take those out, and no other cell may
    for row in made.sheet.rows:
        told = json.dumps([cell for i, cell in enumerate(row) if i not in (2, 3)])
        assert A.name not in told.replace("hello", "").split() and B.name not in told.split()
    first = [row[2].startswith("b") for row in made.sheet.rows]
    assert 0 < sum(first) < len(first)  # both orders occur


def test_the_key_says_which_reply_is_whose() -> None:
    made = blinded(A, B, 7)
    for row in made.sheet.rows:
        pair = made.key["pairs"][row[0]]
        assert row[1 + int(pair["b_is"])].startswith("b says")


def test_orders_follow_the_seed() -> None:
    assert blinded(A, B, 3).key == blinded(A, B, 3).key
    assert blinded(A, B, 3).key["pairs"] != blinded(A, B, 4).key["pairs"]


def test_ratings_by_hand() -> None:
    # 6 of 8 pairs for B on empathy, all ties on depersonalization, nothing on excuse avoidance
    found = rated(A, B, blinded(A, B, 1).key, [answers(0.75)], 1)
    assert found.dimensions["empathy"].better.estimate.value == pytest.approx(0.75)
    assert found.dimensions["depersonalization"].better.estimate.value == pytest.approx(0.5)
    assert found.dimensions["excuse_avoidance"].better.estimate.value is None
    assert found.empty == {"empathy": 0, "depersonalization": 0, "excuse_avoidance": 8}
    # 2 signs of 8 against: sums of +-1/2 as large as 2 in size: (1 + 8 + 28) * 2 / 256
    assert found.dimensions["empathy"].better.p == pytest.approx(74 / 256)


def test_the_scorer_is_compared_where_both_prefer_one() -> None:
    # the scorer prefers B in six pairs, A in one, and ties in one; a rater who always prefers B agrees in six of seven
    found = rated(A, B, blinded(A, B, 1).key, [answers(1.0)], 1)
    assert found.dimensions["empathy"].same_as_scorer == (7, 6)
    assert found.dimensions["depersonalization"].same_as_scorer == (0, 0)


def test_several_raters_of_a_pair_are_averaged() -> None:
    found = rated(A, B, blinded(A, B, 1).key, [answers(1.0), answers(0.0)], 1)
    assert (found.raters, found.dimensions["empathy"].better.estimate.value) == (2, 0.5)
    assert found.dimensions["empathy"].better.estimate.n == 8


def test_every_wrong_cell_is_named() -> None:
    rows = answers(1.0)
    rows[0]["empathy"], rows[1]["pair"] = "both", "99"
    with pytest.raises(UsageError) as error:
        rated(A, B, blinded(A, B, 1).key, [rows], 1)
    assert "pair 1, empathy: 'both', expected 1, 2 or =" in str(error.value)
    assert "pair '99': not in the key" in str(error.value)


def test_a_key_of_other_data_is_refused() -> None:
    other = type(B)(B.name, B.units, B.judge, "f" * 12, 1)
    with pytest.raises(UsageError, match="has changed since the sheet was made"):
        rated(A, other, blinded(A, B, 1).key, [answers(1.0)], 1)


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (side("b", [1] * 3, keys=range(50, 53)), "share no key"),
        (side("b", [1] * 8, texts=False), "no pair has both texts"),
    ],
)
def test_without_pairs_there_is_no_sheet(other: object, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        blinded(A, other, 1)  # type: ignore[arg-type]


def test_a_sheet_that_lost_a_column_or_doubled_a_row_is_refused() -> None:
    key = blinded(A, B, 1).key
    with pytest.raises(UsageError, match="lacks the columns: excuse avoidance"):
        rated(A, B, key, [[{k: v for k, v in row.items() if k != "excuse avoidance"} for row in answers(1.0)]], 1)
    rows = answers(1.0)
    with pytest.raises(UsageError, match="pair 1: a second row in one sheet"):
        rated(A, B, key, [[*rows, rows[0]]], 1)
