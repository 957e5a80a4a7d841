"""Two sides compared: by hand, by property, and where there is nothing to compute."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.comparison.conftest import MISSING, side

from amends.comparison.two import Asked, compare_two
from amends.comparison.wording import SAMPLING_ONLY
from amends.errors import UsageError
from amends.signature import parse

ASKED = Asked()


def test_a_paired_comparison_by_hand() -> None:
    # differences 1 0 2 -1 1 0: better 3, ties 2, worse 1: P = (3 + 1) / 6 = 2/3, Cliff's delta 1/3, mean 0.5
    # breach (< 2.5): A 1 1 0 0 0 1, B 0 1 0 0 0 1: -1/6        full (>= 3.5): A 0 0 0 1 0 0, B 0 0 1 0 1 0: +1/6
    a, b = side("a", [2, 1, 3, 4, 3, 2]), side("b", [3, 1, 5, 3, 4, 2])
    effect = compare_two(a, b, ASKED).dimensions["empathy"]
    assert effect.better.value == pytest.approx(2 / 3)
    assert effect.cliffs_delta.value == pytest.approx(1 / 3)
    assert (effect.breach.value, effect.full.value, effect.mean.value) == pytest.approx((-1 / 6, 1 / 6, 0.5))
    assert (effect.better.n, effect.better.clusters) == (6, 6)
    # sign flips of P - 1/2: +.5 0 +.5 -.5 +.5 0, sum 1; |sum| >= 1 unless two of the four stand against two: 10/16
    assert effect.p == pytest.approx(10 / 16)
    assert effect.p_adjusted == pytest.approx(1.0)


def test_a_reply_that_was_not_given_loses_against_any_and_ties_with_none() -> None:
    # pairs: 1 against none: worse; none against 1: better; none against none: tie; 3 3: tie; 3 4: better; 2 2: tie
    a, b = side("a", [1, MISSING, MISSING, 3, 3, 2]), side("b", [MISSING, 1, MISSING, 3, 4, 2])
    effect = compare_two(a, b, ASKED).dimensions["empathy"]
    assert effect.better.value == pytest.approx((0 + 1 + 0.5 + 0.5 + 1 + 0.5) / 6)
    assert effect.mean.n == 3  # the mean knows only pairs of levels
    # breach: A 1 1 1 0 0 1, B 1 1 1 0 0 1: what was not given is a breach on either side
    assert effect.breach.value == 0.0


def test_what_could_not_be_judged_is_left_out_and_counted() -> None:
    a, b = side("a", [1, None, 2, 3, 4, 2, 3]), side("b", [2, 3, None, 4, 4, 3, 4])
    found = compare_two(a, b, ASKED)
    effect = found.dimensions["empathy"]
    assert (effect.better.n, effect.left_out) == (5, 2)
    assert any("2 could not be judged" in note for note in found.notes)


def test_failing_on_purpose_does_not_pay() -> None:
    """B drops its two worst replies: it must not come out better than the B that kept them."""
    a = side("a", [3, 3, 3, 3, 3, 3])
    honest = compare_two(a, side("b", [1, 1, 4, 4, 4, 4]), ASKED).dimensions["empathy"]
    dropping = compare_two(a, side("b", [MISSING, MISSING, 4, 4, 4, 4]), ASKED).dimensions["empathy"]
    assert dropping.better.value == honest.better.value
    assert dropping.breach.value == honest.breach.value


def test_samples_are_averaged_within_their_scenario() -> None:
    # key 0: A 1 3, B 2: wins 1 of 2 = 0.5; mean 2 - 2 = 0; other keys tie
    keys = [0, 0, 1, 2, 3, 4]
    a, b = side("a", [1, 3, 2, 2, 2, 2], keys=keys), side("b", [2, 2, 2, 2, 2])
    found = compare_two(a, b, ASKED)
    assert found.dimensions["empathy"].better.value == pytest.approx(0.5)
    assert found.dimensions["empathy"].better.n == 5
    assert found.runs is not None
    assert set(found.runs) == {"a"}


def test_unpaired_sides_are_compared_as_groups() -> None:
    # no common key: P over all 30 pairs of replies, A 1 2 2 3 3, B 2 3 3 4 5 1: hand count below
    a = side("a", [1, 2, 2, 3, 3])
    b = side("b", [2, 3, 3, 4, 5, 1], keys=range(10, 16))
    # 2 beats 1, ties 2 2: 2; 3 beats 1 2 2, ties 3 3: 4, twice: 8; 4 and 5 beat 5 each: 10; 1 ties 1: 0.5 -> 20.5 / 30
    found = compare_two(a, b, ASKED)
    assert found.design["design"] == "unpaired"
    assert found.dimensions["empathy"].better.value == pytest.approx(20.5 / 30)
    assert any("share no key" in note for note in found.notes)


def test_partly_matching_sides_pair_what_matches_and_count_the_rest() -> None:
    a, b = side("a", [1] * 8), side("b", [2] * 7, keys=range(3, 10))
    found = compare_two(a, b, ASKED)
    assert (found.design["pairs"], found.design["without_counterpart"]) == (5, [3, 2])
    assert any("3 of A and 2 of B" in note for note in found.notes)


@pytest.mark.parametrize(
    ("clusters", "crossed", "groups"),
    [
        ([[0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5]], False, 6),
        # agents within teams: teams are resampled
        ([[0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5], [0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2]], False, 3),
        # agents and weeks cross: both count, the fewer limits
        ([[0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5], [0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5]], True, 6),
    ],
)
def test_clusters_nested_or_crossed(clusters: list[list[int]], crossed: bool, groups: int) -> None:
    a = side("a", [1, 2, 3, 2, 1, 3, 2, 2, 3, 1, 2, 3], clusters=clusters)
    b = side("b", [2, 2, 4, 2, 3, 3, 1, 2, 5, 1, 4, 3], clusters=clusters)
    design = compare_two(a, b, Asked(cluster=tuple("xy"[: len(clusters)]))).design
    assert (design["crossed"], design["clusters"]) == (crossed, groups)


def test_a_pair_of_two_agents_joins_their_clusters() -> None:
    a = side("a", [1, 2, 3, 2, 1, 3], clusters=[["p", "q", "r", "s", "t", "u"]])
    b = side("b", [2, 2, 4, 2, 3, 3], clusters=[["q", "q", "r", "s", "t", "u"]])
    found = compare_two(a, b, Asked(cluster=("meta.agent",)))
    assert (found.design["clusters"], found.design["joined"]) == (5, 1)


@pytest.mark.parametrize(
    ("a", "b", "why"),
    [
        ([3], [4], "no interval under 5 clusters"),  # one item
        ([3, 2], [4, 4], "no interval under 5 clusters"),
        ([None] * 6, [3] * 6, "no pair could be judged"),  # a dimension that one side lacks
    ],
)
def test_what_cannot_be_computed_says_why(a: list[Any], b: list[Any], why: str) -> None:
    effect = compare_two(side("a", a), side("b", b), ASKED).dimensions["empathy"]
    assert (effect.better.low, effect.p, effect.visible) == (None, None, None)
    assert effect.better.note == why


def test_equal_sides_show_no_difference_and_keep_an_interval_of_shares() -> None:
    levels = [1, 2, 3, 4, 5, 3, 3, 2]
    found = compare_two(side("a", levels), side("b", levels), Asked(margin=0.5))
    effect = found.dimensions["empathy"]
    assert (effect.better.value, effect.mean.value, effect.p) == (0.5, 0.0, 1.0)
    # no pair differs: there is no standard error, so no smallest visible difference; the margin rests on the bound
    assert effect.visible is None
    assert effect.margin is not None
    assert (effect.margin.low, effect.margin.high) == (effect.mean.low, effect.mean.high)
    assert effect.better.low is not None
    assert effect.better.low < 0.5


@pytest.mark.parametrize(
    ("shift", "no_worse", "equivalent"),
    [
        ([0, 0.1, -0.1, 0, 0.1, -0.1, 0, 0.1, -0.1, 0], True, True),
        ([1, 1.1, 0.9, 1, 1.1, 0.9, 1, 1.1, 0.9, 1], True, False),  # better by one level is not equivalent
        ([-1, -1.1, -0.9, -1, -1.1, -0.9, -1, -1.1, -0.9, -1], False, False),
        ([-2, 2, -2, 2, -1, 1, -2, 2, 0, 0], False, False),  # too noisy to say either
    ],
)
def test_margin_verdicts(shift: list[float], no_worse: bool, equivalent: bool) -> None:
    a = side("a", [3.0] * 10)
    found = compare_two(a, side("b", [3.0 + s for s in shift]), Asked(margin=0.5)).dimensions["empathy"].margin
    assert found is not None
    assert (found.no_worse, found.equivalent) == (no_worse, equivalent)


def test_the_pairs_that_differ_most_come_first_with_spans_and_each_text_once() -> None:
    a = side("a", [3, 3, 3, 3, 1], codes=["E1"])
    b = side("b", [3, 5, 2, 3, 5], codes=["E2"])
    shown = compare_two(a, b, ASKED).examples
    assert [(e.key, e.difference) for e in shown] == [("4", 4), ("1", 2), ("2", -1)]
    assert shown[0].b.behaviours[0]["quote"] == "b say"


def test_behaviours_are_exploratory_and_their_q_is_never_below_p() -> None:
    a, b = side("a", [1] * 12), side("b", [2] * 12, codes=["E1", "X3"])
    found = {e.code: e for e in compare_two(a, b, ASKED).behaviours}
    assert found["E1"].change.value == pytest.approx(100)
    assert found["D6"].change.value == 0
    assert all(e.q is not None and e.p is not None and e.q >= e.p for e in found.values())


def test_notes_say_what_limits_the_numbers() -> None:
    few = compare_two(side("a", [1, 2, 3, 4]), side("b", [2, 3, 4, 5]), ASKED).notes
    assert few[0] == SAMPLING_ONLY
    assert any("no interval under" in n for n in few)
    assert any("nothing can reach 0.05" in n for n in few)  # 2 / 2^4 = 0.125
    other = side("b", [2, 3, 4, 5, 1])
    other = type(other)(other.name, other.units, {"name": "x", "version": "2", "kind": "person"}, other.digest, 1)
    assert any("judged by" in n for n in compare_two(side("a", [1, 2, 3, 4, 1]), other, ASKED).notes)


def test_the_signature_names_both_sides_and_the_seed() -> None:
    parts = parse(compare_two(side("a", [1] * 6), side("b", [2] * 6), Asked(seed=7)).signature)
    assert (parts["data"], parts["n"], parts["seed"]) == ("a@000000000000+b@000000000000", "6/6", "7")


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5)), min_size=5, max_size=20))
def test_swapping_the_sides_mirrors_every_number(levels: list[tuple[int, int]]) -> None:
    a, b = side("a", [x for x, _ in levels]), side("b", [y for _, y in levels])
    one, other = (compare_two(x, y, ASKED).dimensions["empathy"] for x, y in ((a, b), (b, a)))
    assert one.better.value == pytest.approx(1 - (other.better.value or 0))
    assert one.mean.value == pytest.approx(-(other.mean.value or 0))
    # random sign patterns fall on clusters in another order: equal within the error of 10,000 draws
    assert one.p == pytest.approx(other.p, abs=0.03)


@settings(max_examples=25, deadline=None)
@given(st.permutations(range(9)))
def test_the_order_of_the_replies_changes_nothing(order: list[int]) -> None:
    x, y = [1, 2, 3, 4, 5, 3, 2, 1, 4], [2, 2, 4, 4, 4, 3, 1, 3, 5]
    plain = compare_two(side("a", x), side("b", y), ASKED)
    mixed = compare_two(side("a", [x[i] for i in order], keys=order), side("b", y), ASKED)
    assert plain.dimensions["empathy"].better == mixed.dimensions["empathy"].better
    assert plain.dimensions["empathy"].p == mixed.dimensions["empathy"].p


# --- found by an adversarial review ---------------------------------------------------------------------------------


def test_thousands_of_clusters_a_side_are_compared() -> None:
    """The number of ways to deal 1,400 clusters is no float."""
    a, b = side("a", [1, 2, 3, 4] * 175), side("b", [2, 3, 4, 5] * 175, keys=range(5000, 5700))
    effect = compare_two(a, b, ASKED).dimensions["empathy"]
    assert effect.p is not None
    assert effect.p < 1e-6
    shared = [list(range(700)) * 2]
    a = side("a", [1, 2] * 700, clusters=shared, keys=range(1400))
    b = side("b", [2, 2] * 700, clusters=shared, keys=range(5000, 6400))
    assert compare_two(a, b, Asked(cluster=("meta.agent",))).dimensions["empathy"].p is not None


@pytest.mark.parametrize("fields", [("meta.x", "meta.y"), ("meta.y", "meta.x")])
def test_unpaired_groupings_are_decided_over_both_sides(fields: tuple[str, ...]) -> None:
    """Agents lie within teams on one side and move between teams on the other: over both they cross."""
    agents, teams = list(range(12)), [i % 4 for i in range(12)]
    groups = (agents, teams) if fields[0] == "meta.x" else (teams, agents)
    moved = (agents, [3] * 12) if fields[0] == "meta.x" else ([3] * 12, agents)
    a = side("a", [1, 2, 3] * 4, clusters=groups)
    b = side("b", [2, 3, 4] * 4, clusters=moved, keys=range(20, 32))
    with pytest.raises(UsageError, match="cross one another"):
        compare_two(a, b, Asked(cluster=fields))
    nested = side("b", [2, 3, 4] * 4, clusters=groups, keys=range(20, 32))
    assert compare_two(a, nested, Asked(cluster=fields)).design["clusters"] == [4, 4]


def test_three_crossed_groupings_are_refused() -> None:
    groups = [[0, 0, 1, 1, 2, 2], [0, 1, 2, 0, 1, 2], [0, 1, 1, 2, 2, 0]]
    a, b = side("a", [1, 2, 3, 1, 2, 3], clusters=groups), side("b", [2, 2, 3, 3, 2, 1], clusters=groups)
    with pytest.raises(UsageError, match="two at most"):
        compare_two(a, b, Asked(cluster=("x", "y", "z")))


def test_five_clusters_promise_no_visible_difference() -> None:
    """Sign flips of five clusters cannot go below 0.0625: no difference would ever be shown."""
    found = compare_two(side("a", [1, 2, 3, 2, 1]), side("b", [2, 3, 3, 4, 2]), Asked(margin=0.5))
    assert found.dimensions["empathy"].visible is None
