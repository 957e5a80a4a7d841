"""The seven steps of a conversation (rubric, "The seven steps"): which occur, and in what order.

Step coverage is reported, never scored.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from amends.records import Behaviour
from amends.rubric.definitions import rubric
from amends.rubric.levels import HINT

NUMBERS = (1, 2, 3, 4, 5, 6, 7)

_RESTATES = 6
_SETS = 4


@dataclass(frozen=True, slots=True)
class StepCoverage:
    """Which of the seven steps a conversation takes."""

    order: tuple[int, ...]
    """Step numbers in the order of their first occurrence; a step appears once."""

    @property
    def in_order(self) -> bool:
        """The steps that occur stand in the order of the rubric."""
        return list(self.order) == sorted(self.order)


@functools.cache
def _codes() -> Mapping[int, frozenset[str]]:
    """Behaviours of each step."""
    return {step["number"]: frozenset(step["behaviours"]) for step in rubric()["steps"]}


@functools.cache
def _first() -> Mapping[str, int]:
    """The first step that a behaviour may be."""
    return {code: number for number in reversed(NUMBERS) for code in _codes()[number]}


def step_coverage(replies: Iterable[Sequence[Behaviour]]) -> StepCoverage:
    """Steps of a conversation from the behaviours of its agent's replies.

    Args:
        replies: for each reply of the conversation, in order, the behaviours it shows. One reply is a
            conversation of one.

    Returns:
        The steps in order of first occurrence. Step 6 is E1 or E3 again after step 4; the same sympathy never
        counts as step 1 and step 6. Steps that begin at the same character stand in the rubric's order.
    """
    codes, first = _codes(), _first()
    shown = [
        behaviour.code
        for reply in replies
        for behaviour in sorted(reply, key=lambda b: (b.start, first.get(b.code, 0)))
        if behaviour.strength >= HINT
    ]
    order: list[int] = []
    for code in shown:
        for number in NUMBERS:
            if code not in codes[number] or number in order:
                continue
            if number == _RESTATES and (1 not in order or _SETS not in order):
                continue
            order.append(number)
            break
    return StepCoverage(tuple(order))
