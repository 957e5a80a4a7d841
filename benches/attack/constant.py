"""The best constant reply: a seeded hill climb over fragments, raced on a fixed panel of train scenarios.

A draft is one fragment for each place. From the vendor's first draft (the first fragment of each place) one place is
changed at a time, in random order; when every single change has been tried, two or three at once. A changed draft is
scored on the first scenarios of the panel, and on more of them only while its mean is above that of the best draft on
the same ones (a race as in Maron & Moore 1994, without their bounds), so that most changes cost eight calls. It takes
the best draft's place when it is above it on the whole panel.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from benches.attack.budget import Counted, mean_aim
from benches.attack.fragments import SLOTS, joined
from benches.attack.records import ATTACKS, Step

from amends.records import Scenario

HEATS = (8, 24, 48)
"""Scenarios of the panel on which a draft has been scored after each heat; the last is the panel."""

HIGHEST = 5.0
"""There is nothing to seek above it."""

Draft = tuple[int, ...]
"""The number of a fragment for each place."""

Places = Sequence[tuple[str, tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class Found:
    """What the search came to."""

    text: str
    best: float
    """Mean over the panel of what is maximised."""
    calls: int
    """When it had this text."""
    steps: tuple[Step, ...]


def text_of(draft: Draft, places: Places = SLOTS) -> str:
    """The reply that a draft stands for."""
    return joined([fragments[number] for number, (_, fragments) in zip(draft, places, strict=True)])


def search(counted: Counted, panel: Sequence[Scenario], seed: int, places: Places = SLOTS) -> Found | None:
    """Seek the constant reply until the next heat cannot be paid for, or there is nothing left to try or to gain.

    Args:
        counted: scorer with its budget.
        panel: as many scenarios as the last heat, or fewer.
        seed: of the order of changes.
        places: what drafts are made of.

    Returns:
        The best reply found, or None where the budget does not pay for the first draft.
    """
    rng = random.Random(f"{seed}:constant")
    best: Draft = tuple(0 for _ in places)
    asked = [(scenario, text_of(best, places)) for scenario in panel]
    if counted.cost(asked) > counted.left:
        return None
    value = mean_aim(counted.levels(asked))
    found_at, steps = counted.calls, [Step(ATTACKS[0], "", counted.calls, value)]
    tried = {best}
    while value < HIGHEST and (draft := changed(best, places, tried, rng)) is not None:
        tried.add(draft)
        raced = race(counted, panel, text_of(best, places), text_of(draft, places))
        if raced is None:
            break
        if raced > value:
            best, value, found_at = draft, raced, counted.calls
            steps.append(Step(ATTACKS[0], "", counted.calls, value))
    steps.append(Step(ATTACKS[0], "", counted.calls, value))
    return Found(text_of(best, places), value, found_at, tuple(steps))


def race(counted: Counted, panel: Sequence[Scenario], best: str, text: str) -> float | None:
    """Score a text heat by heat while it is above the best one on the same scenarios.

    Returns:
        Its mean where it was above to the end of the panel; minus infinity where it fell behind; None where the
        budget does not pay for the next heat.
    """
    mean = float("-inf")
    for heat in dict.fromkeys(min(heat, len(panel)) for heat in HEATS):
        asked = [(scenario, text) for scenario in panel[:heat]]
        if counted.cost(asked) > counted.left:
            return None
        mean = mean_aim(counted.levels(asked))
        if mean <= mean_aim(counted.levels([(scenario, best) for scenario in panel[:heat]])):
            return float("-inf")
    return mean


def changed(best: Draft, places: Places, tried: set[Draft], rng: random.Random) -> Draft | None:
    """A draft that has not been tried: one place changed where such is left, else two or three.

    Returns:
        The draft; None where chance finds no untried one.
    """
    singles = [
        (*best[:at], number, *best[at + 1 :])
        for at, (_, fragments) in enumerate(places)
        for number in range(len(fragments))
    ]
    untried = [draft for draft in singles if draft not in tried]
    if untried:
        return rng.choice(untried)
    for _ in range(1000):
        several = list(best)
        for at in rng.sample(range(len(places)), min(len(places), rng.choice((2, 3)))):
            several[at] = rng.randrange(len(places[at][1]))
        if tuple(several) not in tried:
            return tuple(several)
    return None
