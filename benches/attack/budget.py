"""Scorer calls under a budget: every text is paid for once, and the budget is never passed."""

from __future__ import annotations

from collections.abc import Sequence

from amends.records import DIMENSIONS, Exchange, Reply, Scenario
from amends.runs.scoring import annotate
from amends.scorers.base import Scorer

Levels = dict[str, float | None]
"""Dimension to level 1..5; None where the scorer gave none."""

Asked = tuple[Scenario, str]
"""A scenario and the text that is put under it."""

BATCH = 64


class Spent(Exception):
    """The calls that are left do not pay for what was asked; nothing was scored."""


class Counted:
    """A scorer that counts its calls."""

    def __init__(self, scorer: Scorer, limit: int) -> None:
        """Start with no call.

        Args:
            scorer: any scorer.
            limit: replies that it may be asked to score, 0 or more.
        """
        self._scorer = scorer
        self._known: dict[tuple[str, str], Levels] = {}
        self.limit = limit
        self.calls = 0

    @property
    def left(self) -> int:
        """Calls that may still be made."""
        return self.limit - self.calls

    def cost(self, asked: Sequence[Asked]) -> int:
        """Calls that these replies would take: texts scored before, and repeats among them, are free."""
        return len(self._new(asked))

    def levels(self, asked: Sequence[Asked]) -> list[Levels]:
        """Levels of replies, in their order.

        Args:
            asked: scenarios, each with a text.

        Raises:
            Spent: the budget does not pay for all of them.
        """
        new = self._new(asked)
        if len(new) > self.left:
            raise Spent(f"{len(new)} calls asked, {self.left} of {self.limit} left")
        waiting = list(new.items())
        for at in range(0, len(waiting), BATCH):
            batch = waiting[at : at + BATCH]
            # counted before the scorer sees them: one that fails half way has been asked all the same
            self.calls += len(batch)
            judged = annotate(self._scorer, [_exchange(scenario, text) for (_, text), scenario in batch])
            for (key, _), annotation in zip(batch, judged, strict=True):
                self._known[key] = {d: annotation.levels[d] for d in DIMENSIONS}
        return [dict(self._known[scenario.id, text]) for scenario, text in asked]

    def _new(self, asked: Sequence[Asked]) -> dict[tuple[str, str], Scenario]:
        keys = {(scenario.id, text): scenario for scenario, text in asked}
        return {key: scenario for key, scenario in keys.items() if key not in self._known}


def _exchange(scenario: Scenario, text: str) -> Exchange:
    return Exchange.pair(scenario, Reply("attack", scenario.id, text))


def aim(levels: Levels) -> float:
    """What an attack maximises: the mean of the three levels, a level that was not given as 1.

    No score: the dimensions are reported one by one, here as everywhere.
    """
    return sum(1.0 if (level := levels[d]) is None else level for d in DIMENSIONS) / len(DIMENSIONS)


def mean_aim(levels: Sequence[Levels]) -> float:
    """Mean of ``aim`` over one reply or more."""
    return sum(map(aim, levels)) / len(levels)
