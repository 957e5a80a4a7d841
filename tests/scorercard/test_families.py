"""Families of invariance pairs: which way a scorer leans, by hand arithmetic."""

import pytest
from tests.scorercard.cases import Told, text

from amends.scorercard.families import OTHER, family_of
from amends.scorercard.robustness import invariance, scored_sides

SEED = 7


@pytest.mark.parametrize(
    ("change", "family", "group"),
    [
        pytest.param("names:slavic", "names", "slavic", id="a family and a group"),
        pytest.param("whitespace", OTHER, "whitespace", id="no colon: a change of form"),
        pytest.param(":x", OTHER, ":x", id="no family before the colon"),
        pytest.param("names:", OTHER, "names:", id="no group after it"),
        pytest.param("a:b:c", "a", "b:c", id="the first colon counts"),
    ],
)
def test_family(change, family, group):
    assert family_of(change) == (family, group)


def pair(number, change, before, after, turns=None):
    said = [{"role": "customer", "text": f"message {turns if turns is not None else number}"}]
    return {"id": f"i{number}", "change": change, "turns": said, "reply": text(before), "variant": text(after)}


def found(records):
    return invariance(scored_sides(Told(), records, ("reply", "variant")), "invariance", SEED)


def test_groups_on_the_same_replies_are_compared_there():
    # a: +1 on empathy in every reply; b: -0.5; so the largest difference is 1.5, a over b
    records = [pair(f"a{i}", "names:a", [3, 3, 3], [4, 3, 3], i) for i in range(6)]
    records += [pair(f"b{i}", "names:b", [3, 3, 3], [2.5, 3, 3], i) for i in range(6)]
    made = found(records)
    assert made.lean["names"]["a"].shift["empathy"].value == pytest.approx(1.0)
    assert made.lean["names"]["b"].shift["empathy"].value == pytest.approx(-0.5)
    assert made.farthest["names"].largest["empathy"].value == pytest.approx(1.5)
    assert made.farthest["names"].between["empathy"] == ("a", "b")
    assert made.farthest["names"].largest["depersonalization"].value == 0.0
    assert made.farthest["names"].between["depersonalization"] == (), "nobody is named where no two differ"
    assert made.by_family["names"].unchanged.value == 0.0
    assert made.by_family["names"].unchanged.n == 12


def test_groups_on_different_replies_lean_and_are_not_compared():
    records = [pair(f"{g}{i}", f"english:{g}", [3, 3, 3], [3, 3, 3]) for g in "ab" for i in range(6)]
    made = found(records)
    assert set(made.lean["english"]) == {"a", "b"}
    assert "english" not in made.farthest, "a difference between groups would be one between replies"


def test_changes_of_form_are_one_family_without_groups():
    made = found([pair(1, "whitespace", [3, 3, 3], [3, 3, 3]), pair(2, "curly_quotes", [3, 3, 3], [4, 3, 3])])
    assert set(made.by_family) == {OTHER}
    assert made.by_family[OTHER].unchanged.value == 0.5
    assert made.lean == {}


def test_a_level_that_is_missing_leans_nowhere():
    made = found([pair(1, "names:a", [None, 3, 3], [4, 3, 3])])
    assert made.lean["names"]["a"].shift["empathy"].n == 0
    assert made.lean["names"]["a"].shift["depersonalization"].value == 0.0


def test_a_small_group_silences_nobody():
    records = [pair(f"a{i}", "names:a", [3, 3, 3], [4, 3, 3], i) for i in range(6)]
    records += [pair(f"b{i}", "names:b", [3, 3, 3], [3, 3, 3], i) for i in range(6)]
    records += [pair("c0", "names:c", [3, 3, 3], [5, 3, 3], 0)]
    records += [pair(f"d{i}", "names:d", [None, 3, 3], [None, 3, 3], i) for i in range(6)]
    made = found(records).farthest["names"]
    assert (made.between["empathy"], made.largest["empathy"].value) == (("a", "b"), pytest.approx(1.0))
