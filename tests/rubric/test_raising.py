"""What would raise a level: the fewest changes, the least put in, and no promise that the rubric breaks."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.records import DIMENSIONS, Behaviour
from amends.rubric.definitions import behaviours as definitions
from amends.rubric.levels import decide
from amends.rubric.raising import ADVICE, raising


def shown(*codes: str, strength: float = 1.0) -> list[Behaviour]:
    return [Behaviour(code, 3 * i, 3 * i + 2, "ab", strength) for i, code in enumerate(codes)]


E, D, X = DIMENSIONS


@pytest.mark.parametrize(
    ("codes", "dimension", "ways"),
    [
        pytest.param([], E, [(3, ["+E1"]), (3, ["+E4"]), (3, ["+E3"])], id="nothing there: one plus lifts 2 to 3"),
        pytest.param(["E1"], E, [(4, ["+E2"])], id="the feeling is named: the own situation is missing"),
        pytest.param(["E1", "E2"], E, [(5, ["+E4"])], id="specific: it has to stay"),
        pytest.param(["E6"], E, [(2, ["-E6"]), (2, ["+E1"]), (2, ["+E2"])], id="out comes before in"),
        pytest.param(["D8"], D, [(3, ["-D8"])], id="a counter-attack goes first"),
        pytest.param(["D1", "D6"], D, [(4, ["-D6"])], id="what was earned comes back when the cap goes"),
        pytest.param(["D1"], D, [(5, ["+D3", "+D4"])], id="two at once where one does nothing"),
        pytest.param(["X6", "X8"], X, [(2, ["+X3"]), (2, ["+X4"])], id="two caps: putting right lifts at once"),
        pytest.param(["X3"], X, [(4, ["+X2"]), (4, ["+X1"]), (4, ["+X4"])], id="a bare remedy lacks ownership"),
        pytest.param(["X1", "X2", "X3"], X, [], id="at 5 there is nothing to raise"),
    ],
)
def test_ways(codes: list[str], dimension: str, ways: list[tuple[int, list[str]]]) -> None:
    found = raising(shown(*codes))[dimension].ways
    told = [(way.level, [("-" if c.takes_out else "+") + c.code for c in way.changes]) for way in found]
    assert told == ways


def test_reproaching_a_customer_at_fault_caps_excuse_avoidance_too() -> None:
    found = raising(shown("X1", "X2", "X3", "D6"), fault="customer")[X]
    assert found.level == 4
    assert [[c.code for c in way.changes] for way in found.ways] == [["D6"]]


def test_what_stands_in_the_way_is_quoted_and_hints_do_not_count() -> None:
    there = [Behaviour("X7", 0, 8, "Sorry if", 1.0), Behaviour("X5", 10, 12, "we", 0.3)]
    (way,) = raising(there)[X].ways
    assert [(c.code, c.quotes) for c in way.changes] == [("X7", ("Sorry if",))]


def test_a_flag_that_allows_no_level_allows_no_advice() -> None:
    assert raising([], ["empty"]) == {}
    assert raising(shown("E1", "E2"), ["off_topic"])[E].ways == (), "nothing lifts an answer to somebody else"


def test_every_behaviour_that_a_way_can_name_has_advice() -> None:
    assert set(ADVICE) | {"D2", "D5"} == set(definitions()), "D2 and D5 move no level by themselves"


@given(st.lists(st.sampled_from(sorted(definitions())), max_size=8, unique=True))
def test_no_way_promises_what_the_rubric_does_not_give(codes: list[str]) -> None:
    there = shown(*codes)
    for dimension, one in raising(there).items():
        assert one.level == decide(there)[dimension].level
        assert one.ways or one.level == 5, (codes, dimension)
        for way in one.ways:
            gone = {c.code for c in way.changes if c.takes_out}
            put = [Behaviour(c.code, 99, 99, "", 1.0) for c in way.changes if not c.takes_out]
            kept = [b for b in there if b.code not in gone]
            assert decide(kept + put)[dimension].level == way.level > one.level
            for fewer in itertools.combinations(way.changes, len(way.changes) - 1):
                gone = {c.code for c in fewer if c.takes_out}
                put = [Behaviour(c.code, 99, 99, "", 1.0) for c in fewer if not c.takes_out]
                assert decide([b for b in there if b.code not in gone] + put)[dimension].level <= one.level
