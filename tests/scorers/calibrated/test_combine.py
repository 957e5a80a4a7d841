"""Members' annotations as one: levels by hand, who is missing, flags, behaviours, reasons."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.scorers.calibrated.cases import A_ALONE, BOTH, A, B, calibration, member, said

from amends.records import DIMENSIONS, Annotator
from amends.scorers.calibrated import odds as arithmetic
from amends.scorers.calibrated.combine import combined
from amends.scorers.calibrated.odds import Odds
from amends.scorers.trained.levels import level_of

WHO = Annotator("scorer", "program", "calibrated", "1@x")
BY_HAND = [
    # odds of level > k are e^score / e^theta_k; e^-theta is 4, 2, 1, 1/2; a adds ln 2 a level, b ln 3, both about 3
    pytest.param(said(3), said(3), [4 / 5, 2 / 3, 1 / 2, 1 / 3], id="both at their centres"),
    pytest.param(said(4), said(3), [8 / 9, 4 / 5, 2 / 3, 1 / 2], id="a one level up: odds doubled"),
    pytest.param(said(4), said(2), [8 / 11, 4 / 7, 2 / 5, 1 / 4], id="and b one down: two thirds"),
    # a alone: ln 3 a level about 3
    pytest.param(said(4), said(None), [12 / 13, 6 / 7, 3 / 4, 3 / 5], id="b is missing: the odds of a alone"),
    # b alone: ln 2 a level about 4
    pytest.param(said(None), said(5), [8 / 9, 4 / 5, 2 / 3, 1 / 2], id="a is missing: the odds of b alone"),
    pytest.param(said(None, ("refused_by_judge",)), said(5), [8 / 9, 4 / 5, 2 / 3, 1 / 2], id="a refused"),
]


def together(a, b, **more):
    return combined(calibration(**more), {A: a, B: b}, WHO)


@pytest.mark.parametrize(("a", "b", "above"), BY_HAND)
def test_levels_and_probabilities_by_hand(a, b, above):
    found = together(a, b)
    edges = [1, *above, 0]
    for d in DIMENSIONS:
        assert found.levels[d] == pytest.approx(1 + sum(above), abs=0.0051)
        expected = [x - y for x, y in zip(edges, edges[1:], strict=False)]
        assert found.probabilities[d] == pytest.approx(expected, abs=1e-4)
        near = sum(p * max(0, 1 - abs(k - found.levels[d])) for k, p in enumerate(expected, start=1))
        assert found.confidence[d] == pytest.approx(near, abs=0.0052), "what lies within one half of the level"
    assert found.flags == ()


def test_a_member_that_is_missing_is_no_middle_level():
    found, middle = together(said(4), said(None)), together(said(4), said(3))
    # 1 + 12/13 + 6/7 + 3/4 + 3/5 = 4.13; with b put at 3: 1 + 8/9 + 4/5 + 2/3 + 1/2 = 3.86
    assert (found.levels["empathy"], middle.levels["empathy"]) == (4.13, 3.86)


def test_each_dimension_has_its_own_missing_members():
    found = together(said((3, 4, None)), said((3, None, None)))
    assert found.levels == {"empathy": 3.3, "depersonalization": 4.13, "excuse_avoidance": None}
    assert found.probabilities.keys() == {"empathy", "depersonalization"}
    assert found.confidence["excuse_avoidance"] is None
    assert found.reason.endswith("excuse avoidance none (a none, b none).")


def test_a_pattern_without_odds_gives_no_level_and_says_why():
    found = together(said(4), said(None), odds=(BOTH,))
    assert set(found.levels.values()) == {None}
    assert found.probabilities is None and found.confidence is None
    assert "empathy none, no odds for a alone (a 4, b none)" in found.reason


def test_where_nobody_judged_there_is_no_level_and_the_refusal_stays():
    found = together(said(None, ("refused_by_judge",)), said(None))
    assert set(found.levels.values()) == {None}
    assert found.flags == ("refused_by_judge",)


FLAGS = [
    ((), (), (), True, "none"),
    (("truncated",), ("not_upset",), ("truncated", "not_upset"), True, "all of them, in the order of the members"),
    (("truncated",), ("truncated",), ("truncated",), True, "each once"),
    (("truncated",), ("not_a_reply",), ("not_a_reply", "truncated"), False, "one member decides, and stands first"),
    (("unsupported_language",), (), ("unsupported_language",), False, "whichever member it is"),
    (("empty",), ("empty",), ("empty",), False, "both"),
    (("refused_by_judge",), (), (), True, "a refusal is about a member; the other judged"),
    (("refused_by_judge",), ("not_a_reply",), ("not_a_reply", "refused_by_judge"), False, "no level: both reasons"),
]


@pytest.mark.parametrize(("a", "b", "flags", "levels", "why"), FLAGS, ids=[why for *_, why in FLAGS])
def test_flags_and_what_they_decide(a, b, flags, levels, why):
    nulling = {"empty", "not_a_reply", "unsupported_language", "refused_by_judge"}
    found = together(*[said(None if nulling & set(own) else 4, own, reason="Why.") for own in (a, b)])
    assert found.flags == flags, why
    assert all((level is not None) == levels for level in found.levels.values())
    assert (found.probabilities is not None) == levels
    assert (found.confidence is not None) == levels


def test_a_member_that_decides_is_named_with_its_reason():
    found = together(said(4, behaviours=[("E1", 0, 1.0)]), said(None, ("not_a_reply",), reason="Holds no words."))
    assert found.reason == "not_a_reply by b: Holds no words."
    assert found.behaviours == (), "what is no reply shows nothing"


def test_the_reason_names_the_members_levels():
    found = together(said((3, 4, 2.5)), said((4, None, 1), ("truncated",)))
    # b one level up: e^score = 3: odds 12, 6, 3, 3/2: 1 + 12/13 + 6/7 + 3/4 + 3/5
    assert found.reason.startswith("empathy 4.13 (a 3, b 4); ")
    assert "(a 4, b none (truncated))" in found.reason
    assert "(a 2.5, b 1)" in found.reason


def test_off_topic_holds_levels_at_three_at_most():
    # both at 5: e^score = 4 * 9 = 36: odds 144, 72 of more than 1 and 2; what lay above 3 stands on it
    found = together(said(5, ("off_topic",)), said(5))
    assert found.levels["empathy"] == pytest.approx(1 + 144 / 145 + 72 / 73, abs=0.005)
    assert found.probabilities["empathy"][3:] == [0.0, 0.0]
    assert found.flags == ("off_topic",)


BEHAVIOURS = [
    # (a's marks, b's marks, who votes, what stays)
    ([("E1", 0, 0.9)], [], "ab", [("E1", 0, 0.9)], "one of two is half"),
    ([("E1", 0, 0.6)], [("E1", 5, 0.8)], "ab", [("E1", 5, 0.8)], "spans of the surer one"),
    ([("E1", 9, 0.7)], [("E1", 5, 0.7)], "ab", [("E1", 9, 0.7)], "of equals the first"),
    ([("E1", 4, 0.5), ("E1", 8, 0.9)], [("E1", 5, 0.8)], "ab", [("E1", 4, 0.5), ("E1", 8, 0.9)], "with all its spans"),
    ([("X1", 9, 1.0), ("E1", 2, 1.0)], [("D1", 4, 1.0)], "ab", [("E1", 2, 1.0), ("D1", 4, 1.0), ("X1", 9, 1.0)],
     "in the order of place"),
    ([("E1", 0, 0.9)], [("E1", 1, 1.0)], "b", [("E1", 1, 1.0)], "one that never marks has no say in it"),
]  # fmt: skip


@pytest.mark.parametrize(("a", "b", "votes", "stays", "why"), BEHAVIOURS, ids=[why for *_, why in BEHAVIOURS])
def test_behaviours(a, b, votes, stays, why):
    members = [member(name, behaviours=name in votes) for name in (A, B)]
    found = combined(calibration(members), {A: said(3, behaviours=a), B: said(3, behaviours=b)}, WHO)
    assert [(x.code, x.start, x.strength) for x in found.behaviours] == stays, why


def test_of_three_members_two_are_needed_and_one_that_did_not_judge_has_no_vote():
    odds = Odds(dict.fromkeys("abc", 1.0), dict.fromkeys("abc", 3.0), (-2.0, -1.0, 0.0, 1.0), 30, 10)
    three = calibration("abc", (odds, BOTH))
    marks = {"a": said(3, behaviours=[("E1", 0, 1.0), ("D1", 2, 1.0)]), "b": said(3, behaviours=[("E1", 0, 1.0)])}
    assert [b.code for b in combined(three, marks | {"c": said(3)}, WHO).behaviours] == ["E1"]
    refused = said(None, ("refused_by_judge",))
    assert [b.code for b in combined(three, marks | {"c": refused}, WHO).behaviours] == ["E1", "D1"]


def test_a_member_that_never_marks_does_not_outvote_one_that_does():
    """Of the voters a and b one shows it, which is half; with c, who never marks, it would be a third."""
    odds = Odds(dict.fromkeys("abc", 1.0), dict.fromkeys("abc", 3.0), (-2.0, -1.0, 0.0, 1.0), 30, 10)
    given_marks = {"a": said(3, behaviours=[("E1", 0, 1.0)]), "b": said(3), "c": said(3)}
    for votes, stays in (("ab", ["E1"]), ("abc", [])):
        made = calibration([member(name, behaviours=name in votes) for name in "abc"], (odds,))
        assert [b.code for b in combined(made, given_marks, WHO).behaviours] == stays


def test_the_day_is_the_latest_of_the_members():
    assert together(said(3), said(3)).created is None
    days = [said(3, created=day) for day in ("2026-11-21", "2026-11-22")]
    assert together(*days).created == "2026-11-22"


# ---- what holds for every calibration --------------------------------------------------------------------------

LEVEL = st.integers(100, 500).map(lambda n: n / 100)
ODDS = st.builds(
    lambda weights, start, steps: Odds(
        dict(zip("ab", weights, strict=True)),
        {"a": 3.0, "b": 2.5},
        tuple(start + sum(steps[:k]) for k in range(4)),
        30,
        10,
    ),
    st.lists(st.floats(0, 20), min_size=2, max_size=2),
    st.floats(-10, 10),
    st.lists(st.floats(1e-3, 10), min_size=3, max_size=3),
)


@given(ODDS, st.tuples(LEVEL, LEVEL), st.tuples(LEVEL, LEVEL))
def test_a_higher_level_of_a_member_never_lowers_the_result(odds, first, second):
    low, high = (dict(zip("ab", map(end, first, second), strict=True)) for end in (min, max))
    below, above = odds.parts_above(low), odds.parts_above(high)
    assert all(x <= y for x, y in zip(below, above, strict=True))
    assert arithmetic.level(below) <= arithmetic.level(above)


@given(ODDS, LEVEL, LEVEL, st.booleans())
def test_probabilities_are_some_and_the_level_is_their_mean(odds, a, b, off_topic):
    parts = odds.parts_above({"a": a, "b": b})
    if off_topic:
        parts = arithmetic.at_most(parts, 3)
    spread = arithmetic.probabilities(parts)
    assert all(0 <= p <= 1 for p in spread)
    assert sum(spread) == pytest.approx(1, abs=1e-12)
    # as `trained` rounds; halves of a hundredth may fall to either side
    assert arithmetic.level(parts) == pytest.approx(level_of(spread), abs=0.0100001)
    assert 1 <= arithmetic.level(parts) <= (3 if off_topic else 5)


@given(st.permutations([A, B]), LEVEL, LEVEL)
def test_the_order_of_the_members_does_not_matter(order, a, b):
    given_levels = {A: said(a), B: said(b)}
    found = combined(calibration(order), {name: given_levels[name] for name in order}, WHO)
    assert found.levels == combined(calibration(), given_levels, WHO).levels


def test_one_member_alone():
    found = combined(calibration([A], (A_ALONE,)), {A: said(4)}, WHO)
    assert found.levels["empathy"] == 4.13
