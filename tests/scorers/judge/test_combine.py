"""Several samples as one judgement, held to hand arithmetic."""

from __future__ import annotations

from typing import Any

import pytest

from amends.records import DIMENSIONS, Behaviour
from amends.scorers.judge.answer import Judged
from amends.scorers.judge.combine import combined


def one(empathy: int | None, marks: str = "", flags: tuple[str, ...] = (), at: int = 0, reason: str = "") -> Judged:
    levels = dict(zip(DIMENSIONS, (empathy, 3, 3), strict=True))
    return Judged(levels, tuple(Behaviour(code, at, at + 1, "x") for code in marks.split()), flags, reason, 0)


@pytest.mark.parametrize(
    ("levels", "median", "shares", "confidence", "spread", "why"),
    [
        ([4], 4.0, None, None, None, "of one sample the share says nothing"),
        ([2, 3, 3], 3.0, [0, 1 / 3, 2 / 3, 0, 0], 2 / 3, 1, "three"),
        ([1, 5], 3.0, [0.5, 0, 0, 0, 0.5], 0.5, 4, "two that disagree: the mean of the middle two"),
        ([2, 3, 4, 4], 3.5, [0, 0.25, 0.25, 0.5, 0], 0.5, 2, "an even number"),
        ([5, 5, 5], 5.0, [0, 0, 0, 0, 1.0], 1.0, 0, "unanimous"),
        ([4, 4, None], 4.0, [0, 0, 0, 1.0, 0], 2 / 3, 0, "one could not judge: it is in the confidence"),
    ],
)
def test_levels(levels: list[int | None], median: float, shares: Any, confidence: Any, spread: Any, why: str) -> None:
    found = combined([one(level) for level in levels])
    assert found.levels["empathy"] == median, why
    assert (found.probabilities or {}).get("empathy") == shares, why
    assert (found.confidence or {}).get("empathy") == confidence, why
    assert (found.spread or {}).get("empathy") == spread, why


@pytest.mark.parametrize("levels", [[None], [4, None], [4, None, None], [5, 1, None, None]])
def test_half_without_a_level_is_no_level(levels: list[int | None]) -> None:
    found = combined([one(level) for level in levels])
    assert found.levels["empathy"] is None
    assert found.levels["depersonalization"] == 3.0
    for part in (found.probabilities, found.confidence, found.spread):
        assert part is None or "empathy" not in part


def test_behaviours_and_flags_need_more_than_half() -> None:
    found = combined(
        [
            one(3, "X3", ("truncated",), at=5),
            one(3, "E1 X3", ("off_topic",), at=2),
            one(3, "E1 D6", ("off_topic",), at=9),
        ]
    )
    assert [(b.code, b.start) for b in found.behaviours] == [("E1", 2), ("X3", 5)], "spans of the first that has it"
    assert found.flags == ("off_topic",)
    assert combined([one(3, "E1"), one(3)]).behaviours == (), "half is not more than half"


def test_a_code_marked_often_in_one_sample_is_one_sample() -> None:
    assert combined([one(3, "E1 E1 E1"), one(3), one(3)]).behaviours == ()


def test_the_reason_is_of_the_sample_nearest_to_the_levels() -> None:
    assert combined([one(1, reason="far"), one(4, reason="near"), one(5, reason="last")]).reason == "near"
    assert combined([one(None, reason="none"), one(3, reason="has"), one(3, reason="too")]).reason == "has"
    assert combined([one(3)]).reason is None
