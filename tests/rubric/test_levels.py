"""Levels from behaviours: a table worked out from the rubric by hand, then its laws over all subsets of codes."""

from __future__ import annotations

import dataclasses
import functools
import itertools
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.records import DIMENSIONS, Behaviour
from amends.rubric import levels
from amends.rubric.definitions import behaviours as definitions
from amends.rubric.definitions import rubric
from amends.rubric.levels import HINT, UNSCORED_FLAGS, Decision, Shown, clauses, decide, deciding

E, D, X = DIMENSIONS
CODES = {d: tuple(b.code for b in definitions().values() if b.dimension == d) for d in DIMENSIONS}
PLUS = frozenset(b.code for b in definitions().values() if b.positive)
MINUS = frozenset(definitions()) - PLUS
FAULTS = ("company", "customer", "third_party", "unclear", None)


def spans(mix: str) -> list[Behaviour]:
    """Behaviours in the order of the words, ten characters apart; a question mark makes one a passing hint."""
    return [
        Behaviour(code.rstrip("?"), 10 * i, 10 * i + 9, "some words"[:9], 0.3 if code.endswith("?") else 1.0)
        for i, code in enumerate(mix.split())
    ]


class Case(NamedTuple):
    mix: str
    """Codes in the order in which the reply shows them."""
    levels: tuple[int, int, int]
    """Empathy, depersonalization, excuse avoidance."""
    clauses: str
    """The deciding clauses that the case is about."""
    why: str
    flags: str = ""
    fault: str | None = "company"


# A reply that shows nothing of a dimension stands at (2, 3, 3): the feeling passed over, no conflict but vague, no
# excuse but nothing owned. Each row says what moves it from there.
TABLE = [
    # empathy: what the plus behaviours earn
    Case("", (2, 3, 3), "E-2b D-3 X-3b", "feeling passed over, issue vague, nothing owned or put right"),
    Case("E8", (2, 3, 3), "E-2b", "a stock phrase that is all the empathy there is counts as absent"),
    Case("E1", (3, 3, 3), "E-3a", "recognises the feeling in general words"),
    Case("E3", (3, 3, 3), "E-3a", "recognises the trouble in general words: sympathy alone"),
    Case("E1 E3", (3, 3, 3), "E-3a", "feeling and sympathy, but nothing shows that this situation was understood"),
    Case("E2", (2, 3, 3), "E-2a", "the situation played back as bare fact: 2"),
    Case("E2 E3", (3, 3, 3), "E-3a", "the situation played back with sympathy but no feeling: 3"),
    Case("E3 E2", (3, 3, 3), "E-3a", "the order of sympathy and situation does not matter"),
    Case("E1 E2", (4, 3, 3), "E-4", "relates to the feeling and shows that the situation was understood"),
    Case("E2 E1 E3", (4, 3, 3), "E-4", "with sympathy on top it is still 4: nothing yet stays with the customer"),
    Case("E1 E2 E8", (4, 3, 3), "E-4", "a stock phrase beside specific empathy costs nothing"),
    Case("E1 E8", (3, 3, 3), "E-3a", "a stock phrase caps nothing: here it is not all the empathy there is"),
    Case("E3 E8", (3, 3, 3), "E-3a", "a stock phrase caps nothing beside sympathy either"),
    Case("E2 E8", (2, 3, 3), "E-2a", "bare fact and a stock phrase: no feeling is met"),
    # empathy: the invitation
    Case("E1 E2 E4", (5, 3, 3), "E-5", "an invitation lifts a 4 to 5"),
    Case("E4 E1 E2", (5, 3, 3), "E-5", "wherever the invitation stands"),
    Case("E1 E2 E4 E8", (5, 3, 3), "E-5", "a stock phrase beside specific empathy costs nothing at 5 either"),
    Case("E4", (3, 3, 3), "E-3b", "an invitation lifts a 2 without a minus behaviour to 3"),
    Case("E2 E4", (3, 3, 3), "E-3b", "an invitation lifts the 2 of a bare playback to 3"),
    Case("E4 E8", (2, 3, 3), "E-2b", "a stock phrase is a minus behaviour: the invitation lifts no such 2"),
    Case("E2 E4 E8", (2, 3, 3), "E-2a", "nor the 2 of a bare playback beside a stock phrase"),
    Case("E1 E4", (3, 3, 3), "E-3a", "an invitation lifts nothing but a 4 and a 2: a 3 stays 3"),
    Case("E2 E3 E4", (3, 3, 3), "E-3a", "a 3 of sympathy and situation stays 3 beside an invitation"),
    Case("D6 E4", (3, 2, 3), "E-3b D-cap-2a", "the dimensions are judged on their own: an accusation costs no empathy"),
    Case("D8 E1 E2", (4, 1, 3), "E-4 D-cap-1", "contempt for the person costs depersonalization only"),
    # empathy: the return before closing
    Case("E1 E2 D3 E3", (5, 4, 3), "E-5 D-4a", "returns to the empathy after the handling (expectations set)"),
    Case("E3 E2 X3 E1", (5, 3, 3), "E-5 X-3a", "returns after the remedy, feeling after sympathy"),
    Case("E1 D2 E2 E1", (5, 3, 3), "E-5", "returns after the issue was clarified"),
    Case("E1 E2 E1 X3", (4, 3, 3), "E-4", "said twice in one go, before any handling: no return"),
    Case("E2 D3 E1", (4, 4, 3), "E-4", "a feeling first named at the end is no coming back to it"),
    Case("E1 D3 E2", (4, 4, 3), "E-4", "the situation after the handling is no return to the feeling"),
    Case("X3 E1 E2 E3", (4, 3, 3), "E-4", "handling that stands before any empathy does not part it"),
    Case("E1 E2 D1 X1 E1", (4, 4, 3), "E-4", "issue and impact are no handling: nothing was clarified, set or done"),
    Case("E1 X3 E1", (3, 3, 3), "E-3a", "a return lifts only a 4; general words twice stay general"),
    # empathy: the caps
    Case("E6", (1, 3, 3), "E-cap-1", "playing the trouble down with no acknowledgement beside it: 1"),
    Case("E7", (1, 3, 3), "E-cap-1", "judging the feeling with no acknowledgement beside it: 1"),
    Case("E6 E7 E8", (1, 3, 3), "E-cap-1", "a stock phrase is no acknowledgement"),
    Case("E4 E7", (1, 3, 3), "E-cap-1", "an invitation is no acknowledgement"),
    Case("E1 E6", (2, 3, 3), "E-cap-2a", "playing down beside a feeling: 2"),
    Case("E6 E3", (2, 3, 3), "E-cap-2a", "playing down beside sympathy: 2"),
    Case("E7 E2", (2, 3, 3), "E-2a", "beside a bare playback the cap stands at 2, and 2 is all the playback earned"),
    Case("E1 E2 E4 E7", (2, 3, 3), "E-cap-2a", "judging the feeling caps the fullest empathy at 2"),
    Case("E5", (2, 3, 3), "E-2b", "claiming to know the feeling alone stands where absent empathy stands"),
    Case("E1 E5", (2, 3, 3), "E-cap-2b", "claims to know, beside a feeling in general words: 2"),
    Case("E5 E3 E2", (2, 3, 3), "E-cap-2b", "situation with sympathy is no specific empathy: 2"),
    Case("E5 E4", (2, 3, 3), "E-2b", "a claim to know is a minus behaviour: an invitation lifts no such 2"),
    Case("E5 E1 E2", (3, 3, 3), "E-cap-3", "claims to know, beside specific empathy: 3"),
    Case("E1 E2 E4 E5", (3, 3, 3), "E-cap-3", "an invitation does not lift what the claim caps"),
    Case("E5 E6 E1 E2", (2, 3, 3), "E-cap-2a", "the lower of two caps holds"),
    Case("E5 E7", (1, 3, 3), "E-cap-1", "the lower of two caps holds at 1, too"),
    # depersonalization: what the plus behaviours earn
    Case("D1", (2, 4, 3), "D-4b", "the issue stated with company or order as the actor"),
    Case("D2", (2, 3, 3), "D-3", "an issue stated with I and you as the actors and no accusation: 3"),
    Case("D2 D3", (2, 4, 3), "D-4a", "the same, or 4 if expectations are set"),
    Case("D3", (2, 4, 3), "D-4a", "clear expectations are set"),
    Case("D4", (2, 3, 3), "D-3", "a check with no issue and no expectations to check: vague"),
    Case("D5", (2, 3, 3), "D-3", "welcomed feedback states no issue and sets no expectation"),
    Case("D1 D2", (2, 4, 3), "D-4b", "stated and clarified in neutral terms, but what happens next stays vague"),
    Case("D1 D3", (2, 4, 3), "D-4a", "issue and expectations, not confirmed: not yet full"),
    Case("D1 D4", (2, 4, 3), "D-4b", "a check without expectations: not full"),
    Case("D3 D4", (2, 4, 3), "D-4a", "expectations confirmed, but the issue is not clear: not full"),
    Case("D2 D3 D4", (2, 4, 3), "D-4a", "an issue between I and you stays at 4 even with expectations confirmed"),
    Case("D1 D3 D4", (2, 5, 3), "D-5", "issue clear, expectations set and confirmed"),
    Case("D4 D5 D3 D2 D1", (2, 5, 3), "D-5", "in any order"),
    # depersonalization: the caps
    Case("D8", (2, 1, 3), "D-cap-1", "insult, sarcasm, threat: 1"),
    Case("D1 D3 D4 D8", (2, 1, 3), "D-cap-1", "nothing beside makes up for a counter-attack"),
    Case("D6", (2, 2, 3), "D-cap-2a", "an accusation alone: level 2"),
    Case("D6 D8", (2, 1, 3), "D-cap-1", "with insult, sarcasm or threat it is a counter-attack: 1"),
    Case("D1 D3 D4 D6", (2, 2, 3), "D-cap-2a", "an accusation leaves a trace of you-versus-me"),
    Case("D7", (2, 2, 3), "D-cap-2b", "takes it personally: 2"),
    Case("D7 D1 D3 D4 D5", (2, 2, 3), "D-cap-2b", "whatever stands beside it"),
    Case("D9", (2, 2, 3), "D-cap-2c", "refuses with no way forward: 2"),
    Case("D1 D3 D9", (2, 2, 3), "D-cap-2c", "a refusal told in neutral terms is still one"),
    Case("D7 D9 D8", (2, 1, 3), "D-cap-1", "the lowest cap holds"),
    # excuse avoidance: what the plus behaviours earn
    Case("X1", (2, 3, 3), "X-3b", "impact without a remedy: never above 3"),
    Case("X2", (2, 3, 3), "X-3b", "responsibility without a remedy: never above 3"),
    Case("X1 X2", (2, 3, 3), "X-3b", "both without a remedy: never above 3"),
    Case("X3", (2, 3, 3), "X-3a", "a bare remedy with neither impact nor responsibility: 3"),
    Case("X1 X3", (2, 3, 4), "X-4a", "impact and a remedy"),
    Case("X2 X3", (2, 3, 4), "X-4a", "responsibility and a remedy"),
    Case("X1 X2 X3", (2, 3, 5), "X-5", "impact, responsibility and a concrete remedy"),
    Case("X3 X2 X1", (2, 3, 5), "X-5", "in any order"),
    Case("X4", (2, 3, 4), "X-4b", "ownership and a changed cause: prevention is no concrete remedy, 4 at most"),
    Case("X1 X2 X4", (2, 3, 4), "X-4b", "prevention alone stays at 4 beside impact and responsibility"),
    Case("X3 X4", (2, 3, 4), "X-4a", "ownership explained, the remedy concrete, the impact missing"),
    Case("X1 X3 X4", (2, 3, 5), "X-5", "the explanation carries the ownership and serves the remedy"),
    Case("X1 X2 X3", (2, 3, 5), "X-5", "not at fault: owning the resolution and its impact is full", "", "third_party"),
    Case("X1 X2 X3", (2, 3, 5), "X-5", "customer at fault, blamed by no one: full by the resolution", "", "customer"),
    # excuse avoidance: the caps
    Case("X5", (2, 3, 2), "X-cap-2b", "intent pleaded: 2, and 1 is kept for blame and explaining away"),
    Case("X5 X1 X2 X3", (2, 3, 2), "X-cap-2b", "intent pleaded even beside some remedy: 2"),
    Case("X7", (2, 3, 2), "X-cap-2c", "conditional apology: 2"),
    Case("X7 X1 X2 X3 X4", (2, 3, 2), "X-cap-2c", "hedged even beside a remedy: 2"),
    Case("X6", (2, 3, 1), "X-cap-1", "blame passed on, nothing put right: 1"),
    Case("X8", (2, 3, 1), "X-cap-1", "explained away, nothing put right: 1"),
    Case("X1 X2 X6", (2, 3, 1), "X-cap-1", "ownership puts nothing right"),
    Case("X5 X8", (2, 3, 1), "X-cap-1", "the lower of two caps holds"),
    Case("X6 X3", (2, 3, 2), "X-cap-2a", "blame beside a remedy: 2"),
    Case("X8 X1 X2 X3", (2, 3, 2), "X-cap-2a", "a justification beside the fullest ownership: 2"),
    Case("X8 X4", (2, 3, 2), "X-cap-2a", "prevention counts as a remedy, so something is put right"),
    Case("X6 X7 X3", (2, 3, 2), "X-cap-2a", "two caps of one level: still 2"),
    Case("D6 X1 X2 X3", (2, 2, 4), "X-cap-4", "accusing a customer who is at fault: 4 at most", "", "customer"),
    Case("D6 X1 X3", (2, 2, 4), "X-4a", "a cap at 4 does not lower a 4", "", "customer"),
    Case("D6 X3", (2, 2, 3), "X-3a", "a cap lifts nothing", "", "customer"),
    Case("D6 X1 X2 X3", (2, 2, 5), "X-5", "not known to be at fault: the accusation costs depersonalization", "", None),
    Case("D6 X6 X1 X2 X3", (2, 2, 2), "D-cap-2a X-cap-2a", "an innocent customer blamed: both an accusation and blame"),
    Case("D7 X1 X2 X3", (2, 2, 5), "D-cap-2b X-5", "a self-pitying aside beside full ownership costs no ownership"),
    # flags
    Case("E1 E2 E4", (3, 3, 3), "E-off-topic", "somebody else's problem: at most 3 on empathy", "off_topic"),
    Case("D1 D3 D4", (2, 3, 3), "D-off-topic", "and on depersonalization", "off_topic"),
    Case("X1 X2 X3", (2, 3, 3), "X-off-topic", "and on excuse avoidance", "off_topic"),
    Case("E6 D8 X6", (1, 1, 1), "E-cap-1 D-cap-1 X-cap-1", "off topic lifts nothing", "off_topic"),
    Case("E8", (2, 3, 3), "E-2b", "off topic lifts no 2", "off_topic"),
    Case("", (3, 3, 3), "E-not-upset", "passing over a feeling that is not there is no fault: 3", "not_upset"),
    Case("E8", (3, 3, 3), "E-not-upset", "nor is a stock phrase where no feeling is owed", "not_upset"),
    Case("E2", (3, 3, 3), "E-not-upset", "nor the bare facts", "not_upset"),
    Case("E1 E2", (4, 3, 3), "E-4", "what is given beyond is counted", "not_upset"),
    Case("E6", (1, 3, 3), "E-cap-1", "trouble can be played down though nobody is upset: the cap holds", "not_upset"),
    Case("E5", (2, 3, 3), "E-cap-2b", "and a feeling claimed", "not_upset"),
    Case("E1 E2 E4", (3, 3, 3), "E-off-topic", "both flags: the floor lifts, the cap holds", "off_topic not_upset"),
    Case("E1 E2 D3 X1 X3", (4, 4, 4), "E-4 D-4a X-4a", "what is forbidden was never marked", "unauthorised"),
    Case("E1 E2 D3 X1 X3", (4, 4, 4), "E-4 D-4a X-4a", "what stands before the break is judged", "truncated"),
    # passing hints
    Case("E1 E2 E4 E6?", (5, 3, 3), "E-5", "a passing hint of playing down does not cap"),
    Case("D1 D3 D4 D7?", (2, 5, 3), "D-5", "nor one of taking it personally"),
    Case("X1 X2 X3 X8?", (2, 3, 5), "X-5", "nor one of justifying"),
    Case("E6 E1?", (1, 3, 3), "E-cap-1", "a hint of a feeling acknowledges nothing"),
    Case("X6 X3?", (2, 3, 1), "X-cap-1", "a hint of a remedy puts nothing right"),
    Case("E1 E2 X3? E1", (4, 3, 3), "E-4", "a hint of handling parts no empathy"),
    # whole replies
    Case("E1 E2 X2 X1 X3 D3 D4 E3", (5, 4, 5), "E-5 D-4a X-5", "warm and owning, the issue not stated"),
    Case("E1 D2 E2 D1 D3 D4 E3 X1 X2 X3", (5, 5, 5), "E-5 D-5 X-5", "the seven steps and full ownership"),
    Case("D1 X2 X3", (2, 4, 4), "E-2b D-4b X-4a", "a cold reply may own everything"),
    Case("E1 E2 E4 X8 X6", (5, 3, 1), "E-5 X-cap-1", "a warm one may be full of excuses"),
]  # fmt: skip


@pytest.mark.parametrize("case", TABLE, ids=lambda case: f"{case.mix or 'nothing'} {case.flags}".strip())
def test_level_and_clause(case: Case) -> None:
    decided = decide(spans(case.mix), case.flags.split(), case.fault)
    assert tuple(d.level for d in decided.values()) == case.levels, case.why
    assert set(case.clauses.split()) <= {d.clause for d in decided.values()}, case.why


def test_the_table_is_long_enough_and_no_row_stands_twice() -> None:
    rows = {(case.mix, case.flags, case.fault) for case in TABLE}
    assert len(rows) == len(TABLE) >= 80


def test_every_clause_decides_some_row_that_is_about_it() -> None:
    named = {clause for case in TABLE for clause in case.clauses.split()}
    assert named == {clause.id for clause in clauses()}


def test_clauses_are_named_once_and_tell_their_dimension_and_level() -> None:
    ids = [clause.id for clause in clauses()]
    assert len(set(ids)) == len(ids)
    letters = dict(zip(DIMENSIONS, "EDX", strict=True))
    for clause in clauses():
        assert clause.id.startswith(letters[clause.dimension] + "-")
        assert clause.kind in ("base", "floor", "cap")
        digits = [int(part[0]) for part in clause.id.split("-") if part[0].isdigit()]
        assert digits in ([], [clause.level]), "an id that names a level names its own"


def test_dimensions_stand_in_their_order() -> None:
    assert tuple(decide([])) == DIMENSIONS


@pytest.mark.parametrize(
    ("strength", "level", "why"),
    [
        (0.0, 2, "nothing to notice"),
        (0.49, 2, "under one half: a passing hint"),
        (HINT, 4, "at one half it counts"),
        (1.0, 4, "a plain case"),
    ],
)
def test_the_border_of_a_passing_hint(strength: float, level: int, why: str) -> None:
    shown = [Behaviour("E1", 0, 2, "ab", strength), Behaviour("E2", 3, 5, "cd", strength)]
    assert decide(shown)[E].level == level, why


@pytest.mark.parametrize(
    ("shown", "level", "why"),
    [
        ([("E1", 0), ("E2", 0), ("X3", 5), ("E3", 6)], 5, "a return right after the handling began"),
        ([("E1", 0), ("E2", 0), ("X3", 0), ("E3", 6)], 4, "handling in the same words as the empathy follows nothing"),
        ([("E1", 0), ("E2", 0), ("X3", 5), ("E3", 5)], 4, "sympathy in the same words as the handling is no return"),
        ([("E1", 9), ("E2", 0), ("X3", 5), ("E3", 12)], 4, "the handling stood before the feeling: it never parted it"),
    ],
)
def test_a_return_needs_an_order(shown: list[tuple[str, int]], level: int, why: str) -> None:
    assert decide([Behaviour(code, at, at + 3, "abc") for code, at in shown])[E].level == level, why


def test_flags_without_levels_are_those_of_the_rubric() -> None:
    assert {f["code"] for f in rubric()["flags"] if f["levels"] == "null"} == UNSCORED_FLAGS


# --- the laws, over all subsets ---------------------------------------------------------------------------------


def subsets(codes: Iterable[str]) -> Iterator[frozenset[str]]:
    pool = tuple(codes)
    for size in range(len(pool) + 1):
        yield from map(frozenset, itertools.combinations(pool, size))


def placed(codes: Iterable[str]) -> list[Behaviour]:
    """Plus behaviours of empathy last, so that nothing returns."""
    return spans(" ".join(sorted(codes, key=lambda code: (code[0] == "E", code))))


@functools.cache
def level_of(codes: frozenset[str], dimension: str, fault: str | None = None, flags: tuple[str, ...] = ()) -> int:
    return decide(placed(codes), flags, fault)[dimension].level


def empathy_by_the_rubric(codes: frozenset[str], returns: bool, flags: tuple[str, ...]) -> int:
    """The same rules told another way: earn step by step, then pay."""
    feeling, situation, sympathy = (code in codes for code in ("E1", "E2", "E3"))
    specific = feeling and situation
    earned = 4 if specific else 3 if feeling or sympathy else 2
    if specific and ("E4" in codes or returns):
        earned = 5
    if earned == 2 and "E4" in codes and not codes & {"E5", "E6", "E7", "E8"}:
        earned = 3
    if "not_upset" in flags:
        earned = max(earned, 3)
    if "E5" in codes:
        earned = min(earned, 3 if specific else 2)
    if codes & {"E6", "E7"}:
        earned = min(earned, 2) if feeling or situation or sympathy else 1
    return min(earned, 3) if "off_topic" in flags else earned


def depersonalization_by_the_rubric(codes: frozenset[str], flags: tuple[str, ...]) -> int:
    if "D8" in codes:
        return 1
    if codes & {"D6", "D7", "D9"}:
        return 2
    good = 3 + bool(codes & {"D1", "D3"}) + (codes >= {"D1", "D3", "D4"})
    return min(good, 3) if "off_topic" in flags else good


def excuse_avoidance_by_the_rubric(codes: frozenset[str], fault: str | None, flags: tuple[str, ...]) -> int:
    concrete, prevents = "X3" in codes, "X4" in codes
    if codes & {"X6", "X8"}:
        return 2 if concrete or prevents else 1
    if codes & {"X5", "X7"}:
        return 2
    owned = ("X1" in codes) + bool(codes & {"X2", "X4"})
    # without a remedy never above 3; prevention alone 4 at most; a bare remedy 3
    good = 3 + (owned if concrete else 1 if prevents else 0)
    if "D6" in codes and fault == "customer":
        good = min(good, 4)
    return min(good, 3) if "off_topic" in flags else good


FLAG_SETS = ((), ("not_upset",), ("off_topic",), ("off_topic", "not_upset"))


@pytest.mark.parametrize("flags", FLAG_SETS)
def test_empathy_over_all_subsets(flags: tuple[str, ...]) -> None:
    for codes in subsets(CODES[E]):
        assert level_of(codes, E, None, flags) == empathy_by_the_rubric(codes, False, flags), sorted(codes)
        for again in codes & {"E1", "E3"}:
            returned = spans(" ".join([*sorted(codes), "D2", again]))
            assert decide(returned, flags)[E].level == empathy_by_the_rubric(codes, True, flags), sorted(codes)


@pytest.mark.parametrize("flags", FLAG_SETS)
def test_depersonalization_over_all_subsets(flags: tuple[str, ...]) -> None:
    for codes in subsets(CODES[D]):
        assert level_of(codes, D, None, flags) == depersonalization_by_the_rubric(codes, flags), sorted(codes)


@pytest.mark.parametrize("flags", FLAG_SETS)
@pytest.mark.parametrize("fault", FAULTS)
def test_excuse_avoidance_over_all_subsets(fault: str | None, flags: tuple[str, ...]) -> None:
    for codes in subsets((*CODES[X], "D6")):
        expected = excuse_avoidance_by_the_rubric(codes, fault, flags)
        assert level_of(codes, X, fault, flags) == expected, sorted(codes)


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_the_resolution_is_the_documented_one_and_unique(dimension: str) -> None:
    """min(max(base, floor), caps...), the base the highest that holds: so no order of reading matters."""
    own = [c for c in clauses() if c.dimension == dimension]
    for codes in subsets((*CODES[dimension], *(("D6",) if dimension == X else ()))):
        for flags, returns in itertools.product(FLAG_SETS, (False, True)):
            shown = Shown(codes, frozenset(flags), "customer", returns)
            holding = {
                kind: [c.level for c in own if c.kind == kind and c.holds(shown)] for kind in ("base", "floor", "cap")
            }
            earned = max(holding["base"] + holding["floor"])
            assert 1 <= deciding(shown, dimension).level == min([earned, *holding["cap"]]) <= 5, sorted(codes)


def test_bases_stand_from_high_to_low() -> None:
    """So the first that holds is the highest that holds, and no two bases can disagree."""
    for dimension in DIMENSIONS:
        order = [c.level for c in levels.BASES if c.dimension == dimension]
        assert order == sorted(order, reverse=True)


def test_caps_of_one_behaviour_exclude_each_other() -> None:
    for one, other in (("E-cap-1", "E-cap-2a"), ("E-cap-2b", "E-cap-3"), ("X-cap-1", "X-cap-2a")):
        first, second = (next(c for c in levels.CAPS if c.id == name) for name in (one, other))
        for codes in subsets(CODES[first.dimension]):
            shown = Shown(codes, frozenset(), None, False)
            assert not (first.holds(shown) and second.holds(shown)), (one, other, sorted(codes))


@settings(derandomize=True, deadline=None, max_examples=50)
@given(order=st.permutations(levels.CAPS), data=st.data())
def test_the_order_of_the_caps_does_not_matter(order: list[levels.Clause], data: st.DataObject) -> None:
    codes = data.draw(st.frozensets(st.sampled_from(sorted(definitions()))))
    shown = Shown(
        codes, data.draw(st.sampled_from(FLAG_SETS).map(frozenset)), data.draw(st.sampled_from(FAULTS)), False
    )
    with pytest.MonkeyPatch.context() as patch:
        before = [deciding(shown, d).level for d in DIMENSIONS]
        patch.setattr(levels, "CAPS", tuple(order))
        assert [deciding(shown, d).level for d in DIMENSIONS] == before


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_one_more_behaviour_moves_the_level_its_own_way(dimension: str) -> None:
    """The rubric knows no exception: a plus never lowers (E4 lifts or does nothing), a minus never lifts."""
    pool = (*CODES[dimension], *(("D6",) if dimension == X else ()))
    for codes in subsets(pool):
        for code in set(pool) - codes:
            before, after = (level_of(c, dimension, "customer") for c in (codes, codes | {code}))
            assert (after >= before) if code in PLUS else (after <= before), (sorted(codes), code)


def shown_behaviours(codes: Iterable[str] = tuple(sorted(definitions()))) -> st.SearchStrategy[Behaviour]:
    return st.builds(
        lambda code, start, length: Behaviour(code, start, start + length, "x" * length),
        st.sampled_from(sorted(codes)),
        st.integers(0, 30),
        st.integers(1, 9),
    )


mixes = st.lists(shown_behaviours(), max_size=12)
circumstances = st.tuples(st.sampled_from(FLAG_SETS), st.sampled_from(FAULTS))
quick = settings(derandomize=True, deadline=None, max_examples=150)


@quick
@given(mixes, shown_behaviours(), circumstances)
def test_one_more_behaviour_anywhere_moves_all_three_its_own_way(
    mix: list[Behaviour], more: Behaviour, around: tuple[tuple[str, ...], str | None]
) -> None:
    before, after = (decide(m, *around) for m in (mix, [*mix, more]))
    for dimension in DIMENSIONS:
        change = after[dimension].level - before[dimension].level
        assert change >= 0 if more.code in PLUS else change <= 0


@quick
@given(mixes, circumstances, st.randoms(use_true_random=False))
def test_the_order_in_which_behaviours_are_listed_changes_nothing(
    mix: list[Behaviour], around: tuple[tuple[str, ...], str | None], random: st.random_module
) -> None:
    shuffled = list(mix)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert decide(shuffled, *around) == decide(mix, *around)


@quick
@given(mixes, circumstances, st.data())
def test_where_behaviours_stand_changes_only_the_return_to_empathy(
    mix: list[Behaviour], around: tuple[tuple[str, ...], str | None], data: st.DataObject
) -> None:
    places = data.draw(st.permutations([(b.start, b.end, b.quote) for b in mix]))
    moved = [Behaviour(b.code, *place) for b, place in zip(mix, places, strict=True)]
    before, after = decide(mix, *around), decide(moved, *around)
    assert (before[D], before[X]) == (after[D], after[X])
    if before[E] != after[E]:
        lower, higher = sorted((before[E], after[E]), key=lambda d: d.level)
        assert (lower, higher) == (Decision(4, "E-4"), Decision(5, "E-5"))


@quick
@given(mixes, st.lists(shown_behaviours(), max_size=6), st.floats(0, HINT, exclude_max=True), circumstances)
def test_hints_never_matter(
    mix: list[Behaviour], hints: list[Behaviour], strength: float, around: tuple[tuple[str, ...], str | None]
) -> None:
    hinted = [dataclasses.replace(b, strength=strength) for b in hints]
    assert decide([*hinted, *mix], *around) == decide(mix, *around)


@quick
@given(mixes, circumstances)
def test_levels_are_whole_and_off_topic_never_passes_three(
    mix: list[Behaviour], around: tuple[tuple[str, ...], str | None]
) -> None:
    flags, fault = around
    for decision in decide(mix, flags, fault).values():
        assert decision.level in (1, 2, 3, 4, 5)
    for decision in decide(mix, {*flags, "off_topic"}, fault).values():
        assert decision.level <= 3


@quick
@given(mixes, circumstances)
def test_a_behaviour_shown_twice_in_one_place_counts_once(
    mix: list[Behaviour], around: tuple[tuple[str, ...], str | None]
) -> None:
    assert decide(mix + mix, *around) == decide(mix, *around)
