"""Levels against what happened after the reply: CSAT, re-contact, escalation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from amends.comparison.sides import STRATA, Side, Unit
from amends.errors import UsageError
from amends.logs.fields import reader
from amends.records import DIMENSIONS
from amends.rubric.definitions import version
from amends.signature import SEED, signature
from amends.statistics.estimate import Estimate
from amends.statistics.groups import Tested
from amends.statistics.multiplicity import holm_of
from amends.statistics.percentile import Resampling, spearman_drawn
from amends.statistics.regression import METHOD, slope_within

HELD = ("fault", "intensity")
"""What is held fixed: an angrier customer gets other replies and gives other marks."""
UNKNOWN = ("none", "nan", "inf", "-inf", "")
"""Texts and values that stand for no outcome."""
CAUTION = (
    "A slope is how outcomes differ among replies that differ in level, not what raising a level would do: agents and "
    "cases differ in more than fault and intensity."
)


@dataclass(frozen=True, slots=True)
class OutcomeEffect:
    """One dimension."""

    slope: Tested
    """Outcome per level, fault and intensity held fixed."""
    p_adjusted: float | None
    """Holm over the three dimensions."""
    rho: Estimate
    """Spearman's rank correlation, nothing held fixed."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Levels of one log against an outcome."""

    name: str
    field: str
    held: tuple[str, ...]
    """Which of fault and intensity are known."""
    strata: int
    """Kinds of cases."""
    without: int
    """Replies that have no outcome: left out."""
    dimensions: Mapping[str, OutcomeEffect]
    signature: str

    def to_dict(self) -> dict[str, Any]:
        """As in --json."""
        return asdict(self)


def outcome(side: Side, field: str) -> Outcome:
    """Regress an outcome on each dimension's level.

    Args:
        side: what was scored, with its texts or at least its fields.
        field: a FIELD that holds numbers, or true and false.

    Raises:
        UsageError: no reply has it, or it holds something else.
    """
    of = reader(field)
    units = [u for u in side.units if u.item is not None]
    raw = [of(u.item[0]) for u in units if u.item is not None]
    values = [_number(v) for v in raw]
    pairs = zip(raw, values, strict=True)
    wrong = sorted({repr(v) for v, x in pairs if x is None and str(v).strip().lower() not in UNKNOWN})
    if wrong:
        shown = ", ".join(wrong[:5])
        raise UsageError(f"{field} must hold numbers, or true and false; {side.name} has: {shown}")
    if all(v is None for v in values):
        own = sorted({f"meta.{key}" for u in units if u.item is not None for key in u.item[0].meta})
        raise UsageError(f"no reply of {side.name} has {field}; fields of its own: {', '.join(own) or 'none'}")
    places = [i for i, name in enumerate(STRATA) if name in HELD and any(u.stratum[i] is not None for u in units)]
    effects = {d: _effect(units, values, d, places) for d in DIMENSIONS}
    adjusted = holm_of({d: e.slope.p for d, e in effects.items()})
    kinds = {tuple(u.stratum[i] for i in places) for u in units}
    return Outcome(
        side.name,
        field,
        tuple(STRATA[i] for i in places),
        len(kinds),
        sum(v is None for v in values) + len(side.units) - len(units),
        {d: OutcomeEffect(e.slope, adjusted.get(d), e.rho) for d, e in effects.items()},
        signature(
            {
                "data": side.tag,
                "n": f"{len(side.units)}/{len({_cluster(u) for u in side.units})}",
                "rubric": version(),
                "scorer": f"{side.judge['name']}.{side.judge['version']}",
                "ci": METHOD,
            }
        ),
    )


def _number(value: Any) -> float | None:
    if isinstance(value, bool):
        return float(value)
    if isinstance(value, (int, float)) and np.isfinite(value):
        return float(value)
    if isinstance(value, str):
        text = value.strip().lower()
        if text in ("true", "false", "yes", "no"):
            return float(text in ("true", "yes"))
        try:
            number = float(text) if text else None
        except ValueError:
            return None
        return number if number is not None and np.isfinite(number) else None
    return None


def _cluster(unit: Unit) -> Any:
    return unit.clusters[0] if unit.clusters else unit.key if unit.key is not None else unit.conversation or unit.id


def _effect(units: list[Unit], values: list[float | None], dimension: str, places: list[int]) -> OutcomeEffect:
    kept = [
        (u, float(level), v)
        for u, v in zip(units, values, strict=True)
        if v is not None and u.given and (level := u.levels[dimension]) is not None
    ]
    x, y = np.array([k[1] for k in kept]), np.array([k[2] for k in kept])
    strata = [tuple(k[0].stratum[i] for i in places) for k in kept]
    clusters = [_cluster(k[0]) for k in kept]
    slope = slope_within(x, y, strata, clusters)
    rho = Estimate(None, None, None, 0, 0, None, "no reply has both a level and an outcome")
    if kept:
        rho = spearman_drawn(x, y, Resampling.of(clusters, SEED)).estimate()
    return OutcomeEffect(slope, None, rho)
