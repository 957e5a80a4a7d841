"""Best of 32: replies drawn from templates that are filled with the customer's own words, and the best kept."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from benches.attack.budget import Counted, Levels, aim
from benches.attack.fragments import joined
from benches.attack.records import ATTACKS, Step
from benches.attack.templates import TEMPLATES
from benches.attack.words import filled, read

from amends.records import Scenario

DRAWS = 32


@dataclass(frozen=True, slots=True)
class Kept:
    """The best reply to one scenario."""

    scenario: Scenario
    text: str
    levels: Levels
    calls: int
    """Made by the whole attack when this scenario was done."""
    steps: tuple[Step, ...]


def drafts(scenario: Scenario, seed: int, draws: int = DRAWS) -> list[str]:
    """Replies, no two alike: one fragment for each place, of those that the customer's words can fill.

    Args:
        scenario: whom they answer.
        seed: of the draws.
        draws: how many.
    """
    rng = random.Random(f"{seed}:best-of:{scenario.id}")
    slots = read(scenario)
    places = [filled(fragments, slots) for fragments in TEMPLATES]
    made: dict[str, None] = {}
    while len(made) < draws:
        made[joined([rng.choice(place) for place in places])] = None
    return list(made)


def search(counted: Counted, scenarios: Sequence[Scenario], seed: int) -> list[Kept]:
    """The best of 32 for each scenario that the budget pays for.

    Args:
        counted: scorer with its budget.
        scenarios: whom to answer, in order.
        seed: of the draws.
    """
    kept = []
    for scenario in scenarios:
        texts = drafts(scenario, seed)
        asked = [(scenario, text) for text in texts]
        if counted.cost(asked) > counted.left:
            break
        levels = counted.levels(asked)
        values = [aim(one) for one in levels]
        best = values.index(max(values))
        rising = [Step(ATTACKS[1], scenario.id, n, max(values[:n])) for n in range(1, DRAWS + 1)]
        kept.append(Kept(scenario, texts[best], levels[best], counted.calls, _corners(rising)))
    return kept


def _corners(steps: Sequence[Step]) -> tuple[Step, ...]:
    """Steps at which the best rose, and the last."""
    return tuple(s for n, s in enumerate(steps) if n in (0, len(steps) - 1) or s.best > steps[n - 1].best)
