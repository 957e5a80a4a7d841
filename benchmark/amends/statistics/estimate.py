"""An estimate: a number with its interval, how many replies and clusters it rests on, and how it was made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number that can be cited."""

    value: float | None
    """None where nothing could be computed."""
    low: float | None
    """Lower end of the 95% interval; None where there is none, and ``note`` says why."""
    high: float | None
    n: int
    """Replies that the number rests on."""
    clusters: int
    """Clusters (scenarios) that they come from."""
    method: str | None
    """Name of the interval's method, as in the signature."""
    note: str | None = None
    """Why a value or an interval is missing."""

    def scaled(self, factor: float, shift: float = 0.0) -> Estimate:
        """``factor`` times the number and its ends, plus ``shift``; ``factor`` above 0."""
        value, low, high = (None if x is None else x * factor + shift for x in (self.value, self.low, self.high))
        return replace(self, value=value, low=low, high=high)

    def to_dict(self) -> dict[str, Any]:
        """As in result.json."""
        return asdict(self)

    @staticmethod
    def from_dict(raw: Mapping[str, Any]) -> Estimate:
        """Read it back."""
        return Estimate(**raw)
