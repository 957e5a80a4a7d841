"""What a comparison of two sides comes to: a record of estimates with their tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from amends.statistics.estimate import Estimate

MEASURES = ("breach", "full", "mean")


@dataclass(frozen=True, slots=True)
class Margin:
    """Is B no worse than A by more than a margin, and are they equivalent within it?"""

    margin: float
    """Levels."""
    low: float
    """90% interval of the mean difference; its ends are one-sided 95% bounds."""
    high: float
    no_worse: bool
    """low > -margin (non-inferiority, one-sided 5%)."""
    equivalent: bool
    """-margin < low and high < margin (two one-sided tests, Schuirmann 1987)."""


@dataclass(frozen=True, slots=True)
class DimensionEffect:
    """One dimension."""

    better: Estimate
    """P(B's reply is better than A's) + half of P(tie), 0..1."""
    cliffs_delta: Estimate
    """2 P - 1, -1..1."""
    p: float | None
    """Two-sided p that P is one half."""
    p_adjusted: float | None
    """Adjusted for the primary family."""
    breach: Estimate
    """Change in the share of breaches, B minus A."""
    full: Estimate
    mean: Estimate
    """Change in the mean level."""
    visible: float | None
    """Smallest difference of means that this design shows with 80% power at 5% (from its standard error)."""
    sides: tuple[Mapping[str, float | None], Mapping[str, float | None]]
    """breach, full and mean of A and of B, over what was compared."""
    left_out: int
    """Pairs (replies, where unpaired) that the scorer could not judge on this dimension."""
    margin: Margin | None = None
    standardised: Mapping[str, Any] | None = None
    """Unpaired: the mean difference at equal mix of cases, with overlap."""


@dataclass(frozen=True, slots=True)
class BehaviourEffect:
    """One behaviour, exploratory."""

    code: str
    change: Estimate
    """Replies per 100 that show it, B minus A."""
    p: float | None
    q: float | None
    """Benjamini-Hochberg over all behaviours."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One reply of an example."""

    reply_id: str
    level: float
    """On the dimension where the pair differs most."""
    reply: str
    behaviours: tuple[Mapping[str, Any], ...]
    """Code, start, end, quote and strength of each."""


@dataclass(frozen=True, slots=True)
class Example:
    """A pair that differs much."""

    key: str
    dimension: str
    """Where it differs most."""
    difference: float
    """Levels, B minus A."""
    a: Shown
    b: Shown


@dataclass(frozen=True, slots=True)
class Comparison:
    """B against A."""

    a: str
    b: str
    design: Mapping[str, Any]
    """paired or unpaired, the key, clusters and their number, counts, what has no counterpart."""
    dimensions: Mapping[str, DimensionEffect]
    behaviours: tuple[BehaviourEffect, ...]
    smallest_p: float | None
    """The smallest p that the design can give."""
    runs: Mapping[str, Any] | None
    """Variance between runs and between scenarios, where a side has several samples."""
    examples: tuple[Example, ...]
    notes: tuple[str, ...]
    """What limits the numbers."""
    signature: str

    def to_dict(self) -> dict[str, Any]:
        """As in --json."""
        return asdict(self)
