"""Greedy insertion: an honest poor or ordinary reply, and up to four sentences that the scorer likes best."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from benches.attack.budget import Counted, Levels, aim
from benches.attack.fragments import INSERTS
from benches.attack.material import Honest, Train, hashed
from benches.attack.records import ATTACKS, Step

from amends.records import Scenario

INSERTIONS = 4
ORDINARY = 3.34
"""Replies of which the mean gold level is at most this are poor or ordinary (half of the train split)."""
_GREETING_WORDS, _SIGNATURE_WORDS = 5, 4


@dataclass(frozen=True, slots=True)
class Grown:
    """A reply with what was inserted."""

    scenario: Scenario
    start: Honest
    start_levels: Levels
    text: str
    levels: Levels
    calls: int
    """Made by the whole attack when this reply was done."""
    steps: tuple[Step, ...]


def starts(train: Train, n: int, seed: int) -> list[tuple[Scenario, Honest]]:
    """Poor or ordinary honest replies without flags, one of each of ``n`` scenarios.

    Args:
        train: the split.
        n: how many, at most.
        seed: of the draw.
    """
    fit = {
        name: {reply.id: reply for reply in replies if _is_ordinary(reply)} for name, replies in train.replies.items()
    }
    drawn = train.drawn(n, seed, "insertion", [name for name, some in fit.items() if some])
    return [(s, fit[s.id][hashed(fit[s.id], seed, "start")[0]]) for s in drawn]


def _is_ordinary(reply: Honest) -> bool:
    return reply.mean_gold is not None and reply.mean_gold <= ORDINARY and not reply.flags


def inserted(text: str, place: str, sentence: str) -> str:
    """A reply with one more sentence: after a greeting line, before a signature line.

    Args:
        text: the reply.
        place: ``front`` or ``end``.
        sentence: what goes in.
    """
    lines = text.split("\n")
    if place == "front":
        at = 1 if len(lines) > 1 and len(lines[0].split()) <= _GREETING_WORDS else 0
        at += sum(1 for _ in _blank(lines[at:]))
        return "\n".join([*lines[:at], f"{sentence} {lines[at]}", *lines[at + 1 :]])
    at = len(lines) - 1
    if at and len(lines[at].split()) <= _SIGNATURE_WORDS:
        at -= 1
    while at and not lines[at].strip():
        at -= 1
    return "\n".join([*lines[:at], f"{lines[at].rstrip()} {sentence}", *lines[at + 1 :]])


def _blank(lines: Sequence[str]) -> list[str]:
    """Empty lines at the beginning, never all of them."""
    count = next((n for n, line in enumerate(lines) if line.strip()), 0)
    return list(lines[:count])


def grow(counted: Counted, scenario: Scenario, start: Honest) -> Grown | None:
    """Insert the sentence that lifts most, while one lifts, four times at most.

    Args:
        counted: scorer with its budget.
        scenario: what the reply answers.
        start: the reply.

    Returns:
        The reply it came to; None where the budget does not pay for the whole of it.
    """
    if counted.left < most_calls():
        return None
    before, text = counted.calls, start.text
    levels = first = counted.levels([(scenario, text)])[0]
    steps, pool = [Step(ATTACKS[2], scenario.id, 1, aim(first))], list(INSERTS)
    for _ in range(INSERTIONS):
        texts = [inserted(text, place, sentence) for place, sentence in pool]
        scored = counted.levels([(scenario, one) for one in texts])
        values = [aim(one) for one in scored]
        best = values.index(max(values))
        better = values[best] > aim(levels)
        if better:
            text, levels = texts[best], scored[best]
            del pool[best]
        steps.append(Step(ATTACKS[2], scenario.id, counted.calls - before, aim(levels)))
        if not better:
            break
    return Grown(scenario, start, first, text, levels, counted.calls, tuple(steps))


def most_calls() -> int:
    """Calls that one reply takes at most: the start, and at each step every sentence that is left."""
    return 1 + sum(len(INSERTS) - n for n in range(INSERTIONS))


def search(counted: Counted, chosen: Sequence[tuple[Scenario, Honest]]) -> list[Grown]:
    """Grow replies one after the other until the budget does not pay for a further one."""
    grown = []
    for scenario, start in chosen:
        one = grow(counted, scenario, start)
        if one is None:
            break
        grown.append(one)
    return grown
