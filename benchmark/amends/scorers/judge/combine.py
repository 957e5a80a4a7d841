"""Several answers about one reply as one judgement: medians, shares, majorities."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from amends.records import DIMENSIONS, Behaviour, Json
from amends.scorers.judge.answer import Judged

LEVELS = (1, 2, 3, 4, 5)


@dataclass(frozen=True, slots=True)
class Combined:
    """What the samples come to together."""

    levels: dict[str, float | None]
    behaviours: tuple[Behaviour, ...]
    flags: tuple[str, ...]
    reason: str | None
    probabilities: Json | None
    """Dimension to the share of samples at each of the five levels; None for a single sample."""
    confidence: Json | None
    """Dimension to the share of samples at the commonest level; None for a single sample, of which the share says
    nothing."""
    spread: Json | None
    """Dimension to highest less lowest level; None for a single sample."""


def combined(samples: Sequence[Judged]) -> Combined:
    """Combine the usable samples.

    A level is the median of the samples that give one (of an even number the mean of the middle two), and None where
    half of the samples or more give none. A flag or a behaviour holds where more than half of the samples have it; a
    behaviour's spans are those of the first sample that has it.

    Args:
        samples: at least one.
    """
    given = {d: [level for one in samples if (level := one.levels[d]) is not None] for d in DIMENSIONS}
    judged = {d: levels for d, levels in given.items() if _most(len(levels), samples)}
    levels = {d: float(statistics.median(judged[d])) if d in judged else None for d in DIMENSIONS}
    several = len(samples) > 1
    return Combined(
        levels,
        _behaviours(samples),
        tuple(_majority(samples, lambda one: one.flags)),
        _reason(samples, levels),
        {d: [judged[d].count(level) / len(judged[d]) for level in LEVELS] for d in judged} if several else None,
        {d: max(Counter(judged[d]).values()) / len(samples) for d in judged} if several else None,
        {d: max(judged[d]) - min(judged[d]) for d in judged} if several else None,
    )


def _most(count: int, samples: Sequence[Judged]) -> bool:
    return 2 * count > len(samples)


def _majority(samples: Sequence[Judged], codes: Callable[[Judged], Sequence[str]]) -> list[str]:
    """Codes that more than half of the samples have, in the order in which they are met."""
    counts = Counter(code for one in samples for code in dict.fromkeys(codes(one)))
    return [code for code, count in counts.items() if _most(count, samples)]


def _behaviours(samples: Sequence[Judged]) -> tuple[Behaviour, ...]:
    kept: list[Behaviour] = []
    for code in _majority(samples, lambda one: [b.code for b in one.behaviours]):
        first = next(one for one in samples if any(b.code == code for b in one.behaviours))
        kept += [b for b in first.behaviours if b.code == code]
    return tuple(sorted(kept, key=lambda b: (b.start, b.code, b.end)))


def _reason(samples: Sequence[Judged], levels: dict[str, float | None]) -> str | None:
    """The reason of the first sample whose levels lie nearest to those that are given."""

    def distance(one: Judged) -> float:
        gaps = [abs(a - b) for d in DIMENSIONS if (a := one.levels[d]) is not None and (b := levels[d]) is not None]
        return sum(gaps) + 5.0 * sum((one.levels[d] is None) != (levels[d] is None) for d in DIMENSIONS)

    return min(samples, key=distance).reason or None
