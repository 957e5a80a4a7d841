"""Where the marks of a picture stand, in percent of its width, so that a picture fits a phone and a print.

Templates draw; nothing here knows a colour or a tag.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from amends.reports import wording
from amends.results import Result
from amends.statistics.estimate import Estimate

_NARROW = 7.0
"""Percent under which a segment does not hold its label on a phone."""


@dataclass(frozen=True, slots=True)
class Block:
    """One level in a stacked bar."""

    level: str
    count: int
    share: str
    x: str
    """Left edge."""
    width: str
    middle: str
    small: bool
    """Too narrow for a label on a phone."""
    tiny: bool
    """Too narrow for a label anywhere."""


@dataclass(frozen=True, slots=True)
class Track:
    """A number on an axis with its interval."""

    at: str
    low: str | None
    """None where there is no interval."""
    span: str | None
    """Width of the interval."""
    high: str | None


def percent(share: float) -> str:
    """A share of the width as an attribute."""
    return f"{100 * min(max(share, 0.0), 1.0):.2f}%"


def reach(result: Result) -> tuple[float, float]:
    """How far the bars of all dimensions reach to the left and right of the middle of level 3.

    One reach for all of them puts their middles in one line, so that they can be compared by eye.
    """
    sides = [_sides(found.levels) for found in result.dimensions.values()]
    return max((left for left, _ in sides), default=0.0), max((right for _, right in sides), default=0.0)


def _sides(levels: Mapping[str, int]) -> tuple[float, float]:
    total = sum(levels.values())
    if not total:
        return 0.0, 0.0
    low, middle, high = (sum(levels.get(level, 0) for level in group) / total for group in ("12", "3", "45"))
    return low + middle / 2, high + middle / 2


def middle(reached: tuple[float, float]) -> str:
    """Where the middle of level 3 stands."""
    left, right = reached
    return percent(left / (left + right)) if left + right else "50.00%"


def stack(levels: Mapping[str, int], reached: tuple[float, float]) -> list[Block]:
    """The level distribution as a bar that diverges from the middle of level 3.

    Args:
        levels: "1".."5" to a count.
        reached: what ``reach`` gave for the whole Result.

    Returns:
        A block for every level that occurs, from 1 to 5.
    """
    total = sum(levels.values())
    whole = sum(reached)
    if not total or not whole:
        return []
    at = (reached[0] - _sides(levels)[0]) / whole
    blocks = []
    for level in "12345":
        count = levels.get(level, 0)
        width = count / total / whole
        if count:
            share = wording.part(count, total)
            place = percent(at), percent(width), percent(at + width / 2)
            blocks.append(Block(level, count, share, *place, 100 * width < _NARROW, 100 * width < _NARROW / 3))
        at += width
    return blocks


def track(estimate: Estimate, lowest: float, highest: float) -> Track | None:
    """A number on an axis.

    Args:
        estimate: with or without an interval.
        lowest: left end of the axis.
        highest: right end.

    Returns:
        None where there is no number: an empty axis is drawn, not a zero.
    """
    if estimate.value is None:
        return None
    width = highest - lowest

    def place(value: float) -> float:
        return min(max((value - lowest) / width, 0.0), 1.0)

    at = percent(place(estimate.value))
    if estimate.low is None or estimate.high is None:
        return Track(at, None, None, None)
    low, high = place(estimate.low), place(estimate.high)
    return Track(at, percent(low), percent(high - low), percent(high))


def top_rate(rates: Iterable[Estimate]) -> float:
    """Right end of the axis that all rates share: the least of 10, 25, 50, 75 and 100 that holds them."""
    highest = max((max(rate.value, rate.high or 0.0) for rate in rates if rate.value is not None), default=0.0)
    return next((float(end) for end in (10, 25, 50, 75) if highest <= end), 100.0)
