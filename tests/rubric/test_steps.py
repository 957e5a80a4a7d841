"""The seven steps: which occur, and in what order of first occurrence."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.records import Behaviour
from amends.rubric.definitions import behaviours as definitions
from amends.rubric.definitions import rubric
from amends.rubric.steps import NUMBERS, StepCoverage, step_coverage


def spans(mix: str) -> list[Behaviour]:
    """Behaviours ten characters apart; a question mark makes one a passing hint."""
    return [
        Behaviour(code.rstrip("?"), 10 * i, 10 * i + 9, "123456789", 0.3 if code.endswith("?") else 1.0)
        for i, code in enumerate(mix.split())
    ]


# replies of a conversation, parted by a stroke; steps in order of first occurrence; do they stand in order; why
TABLE = [
    ("", (), True, "nothing shown"),
    ("D1 D5 D8 X1 X5 E4 E8", (), True, "behaviours that belong to no step"),
    ("E1", (1,), True, "empathy by a feeling"),
    ("E3", (1,), True, "empathy by sympathy"),
    ("E1 E3 E1", (1,), True, "empathy again without expectations between is still step 1"),
    ("D2", (2,), True, "clarity of issue"),
    ("E2", (3,), True, "playback"),
    ("D3", (4,), True, "set expectations"),
    ("D4", (5,), True, "confirm expectations"),
    ("X3", (7,), True, "work and close the issue"),
    ("E1 D2 E2 D3 D4 E3 X3", (1, 2, 3, 4, 5, 6, 7), True, "all seven, in the rubric's order"),
    ("E1 D2 E2 D3 D4 E1 X3", (1, 2, 3, 4, 5, 6, 7), True, "the same feeling may be restated"),
    ("X3 E1", (7, 1), False, "remedy before empathy"),
    ("D3 E1", (4, 1), False, "empathy after step 4 with none before is step 1, not a restatement"),
    ("D3 E1 E3", (4, 1, 6), False, "the second empathy after step 4 restates the first"),
    ("E1 D3 E1 E1 E3", (1, 4, 6), True, "a step counts once"),
    ("E1 D4 X3 E3", (1, 5, 7), True, "confirmation and remedy are not step 4: nothing is restated"),
    ("E1 E3 D3", (1, 4), True, "empathy twice before step 4 restates nothing"),
    ("E1 D2 D3 D2 E3", (1, 2, 4, 6), True, "a second question after step 4 is no new step"),
    ("E1 D3? E3", (1,), True, "a hint of expectations sets none, so nothing is restated"),
    ("E1? D3 E3", (4, 1), False, "a hint of empathy is none, so the later sympathy is the first"),
    ("E1 D3 E3?", (1, 4), True, "a hint of empathy restates nothing"),
    ("E1 D2 | E2 D3 | D4 E3 | X3", (1, 2, 3, 4, 5, 6, 7), True, "the steps of one conversation, over four replies"),
    ("E1 | D3 | E3", (1, 4, 6), True, "restated in a later reply"),
    ("D3 | E1", (4, 1), False, "first empathy in a later reply"),
    ("X3 | E1 D3", (7, 1, 4), False, "a later reply comes later, whatever its offsets"),
    (" | E1 | ", (1,), True, "replies that show nothing"),
]


@pytest.mark.parametrize(("mix", "order", "in_order", "why"), TABLE, ids=[row[0] or "nothing" for row in TABLE])
def test_steps(mix: str, order: tuple[int, ...], in_order: bool, why: str) -> None:
    coverage = step_coverage([spans(reply) for reply in mix.split("|")])
    assert coverage == StepCoverage(order), why
    assert coverage.in_order is in_order, why


def test_no_reply_at_all_takes_no_step() -> None:
    assert step_coverage([]) == StepCoverage(())


@pytest.mark.parametrize(
    ("shown", "order", "why"),
    [
        ([("X3", 0, 9), ("D3", 0, 9)], (4, 7), "one sentence that promises and dates: in the rubric's order"),
        ([("X3", 0, 4), ("D3", 0, 9)], (4, 7), "where a span ends does not matter"),
        ([("E2", 0, 9), ("D2", 0, 9)], (2, 3), "one sentence that clarifies and plays back"),
        ([("E1", 0, 9), ("D3", 10, 19), ("E3", 10, 19)], (1, 4), "sympathy within step 4 does not follow it"),
        ([("D3", 5, 9), ("E1", 0, 9)], (1, 4), "behaviours are read by their place, not by their order in the list"),
    ],
)  # fmt: skip
def test_steps_that_begin_together(shown: list[tuple[str, int, int]], order: tuple[int, ...], why: str) -> None:
    for listed in (shown, shown[::-1]):
        assert step_coverage([[Behaviour(c, s, e, "x" * (e - s)) for c, s, e in listed]]).order == order, why


shown_behaviours = st.builds(
    lambda code, start, strength: Behaviour(code, start, start + 1, "x", strength),
    st.sampled_from(sorted(definitions())),
    st.integers(0, 12),
    st.sampled_from((1.0, 0.5, 0.2)),
)
conversations = st.lists(st.lists(shown_behaviours, max_size=8), max_size=4)
quick = settings(derandomize=True, deadline=None, max_examples=100)


@quick
@given(conversations)
def test_every_step_rests_on_its_behaviour_and_six_follows_one_and_four(conversation: list[list[Behaviour]]) -> None:
    order = step_coverage(conversation).order
    codes = {step["number"]: set(step["behaviours"]) for step in rubric()["steps"]}
    counted = {b.code for reply in conversation for b in reply if b.strength >= 0.5}
    assert len(set(order)) == len(order)
    assert set(order) <= set(NUMBERS)
    assert {n for n in NUMBERS if n != 6 and codes[n] & counted} == set(order) - {6}
    if 6 in order:
        assert {1, 4} <= set(order[: order.index(6)])


@quick
@given(conversations, st.randoms(use_true_random=False))
def test_listing_order_and_hints_change_nothing(conversation: list[list[Behaviour]], random: st.random_module) -> None:
    listed = [[b for b in reply if b.strength >= 0.5] for reply in conversation]
    for reply in listed:
        random.shuffle(reply)  # type: ignore[attr-defined]
    assert step_coverage(listed) == step_coverage(conversation)


@quick
@given(st.lists(st.sampled_from(sorted(definitions())), max_size=12), st.integers(0, 12))
def test_where_a_conversation_is_cut_into_replies_changes_nothing(codes: list[str], cut: int) -> None:
    whole = spans(" ".join(codes))
    assert step_coverage([whole[:cut], whole[cut:]]) == step_coverage([whole])
