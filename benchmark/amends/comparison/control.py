"""A treated group before and after beside a control group before and after: difference in differences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from amends.comparison.effects import MEASURES
from amends.comparison.grouping import group_of, labels_of
from amends.comparison.sides import Side
from amends.comparison.wording import NOT_RANDOM, SAMPLING_ONLY, signature_of
from amends.records import DIMENSIONS
from amends.statistics.adjusted import difference_in_differences
from amends.statistics.clusters import mean_estimate
from amends.statistics.estimate import Estimate
from amends.statistics.groups import Group, difference
from amends.statistics.influence import Codes
from amends.statistics.multiplicity import holm_of

ASSIGNMENTS = ("random", "chosen", "unknown")
"""How agents came into the two groups: by lot, by somebody's choice (or their own), or nobody knows."""
NAMES = ("treated before", "treated after", "control before", "control after")


@dataclass(frozen=True, slots=True)
class ControlledEffect:
    """One dimension."""

    changes: Mapping[str, Estimate]
    """breach, full and mean: change of the treated minus change of the control."""
    p: float | None
    """Two-sided p that the mean's is 0."""
    p_adjusted: float | None
    """Holm over the three dimensions."""
    treated: Estimate
    """Change of the treated group's mean."""
    control: Estimate
    """Change of the control group's mean."""
    baseline: Estimate
    """Mean before: treated minus control."""


@dataclass(frozen=True, slots=True)
class Controlled:
    """Treated against control."""

    sides: tuple[str, ...]
    design: Mapping[str, Any]
    dimensions: Mapping[str, ControlledEffect]
    notes: tuple[str, ...]
    signature: str

    def to_dict(self) -> dict[str, Any]:
        """As in --json."""
        return asdict(self)


def compare_controlled(sides: Sequence[Side], assignment: str, seed: int) -> Controlled:
    """Difference in differences over clusters (agents) taken whole.

    Args:
        sides: treated before, treated after, control before, control after.
        assignment: one of ASSIGNMENTS.
        seed: of the draws.
    """
    labels = labels_of(sides)
    effects = {d: _dimension(sides, labels, d, seed) for d in DIMENSIONS}
    adjusted = holm_of({d: e.p for d, e in effects.items()})
    own = [np.unique(one) for one in labels]
    both = [np.union1d(own[0], own[1]), np.union1d(own[2], own[3])]
    design = {
        "design": "difference in differences",
        "assignment": assignment,
        "pairs": 0,
        "replies": [len(side.units) for side in sides],
        "clusters": [len(arm) for arm in both],
        "before_and_after": [len(np.intersect1d(own[0], own[1])), len(np.intersect1d(own[2], own[3]))],
        "missing": [int((~side.table.given).sum()) for side in sides],
    }
    notes = [SAMPLING_ONLY]
    if assignment != "random":
        how = "Nobody said how the groups were chosen" if assignment == "unknown" else "The groups were chosen"
        notes.append(f"{how}. {NOT_RANDOM}")
    crossing = np.intersect1d(both[0], both[1])
    if len(crossing):
        notes.append(f"{len(crossing)} clusters are in both groups; their covariance is taken into account.")
    notes.append(
        "Without the treatment both groups are taken to have changed alike; the baseline difference says how far "
        "apart they began."
    )
    made = {
        d: ControlledEffect(e.changes, e.p, adjusted.get(d), e.treated, e.control, e.baseline)
        for d, e in effects.items()
    }
    return Controlled(tuple(side.name for side in sides), design, made, tuple(notes), signature_of(sides, design, seed))


def _dimension(sides: Sequence[Side], labels: Sequence[Codes], dimension: str, seed: int) -> ControlledEffect:
    changes: dict[str, Estimate] = {}
    p = None
    groups: list[Group] = []
    for measure in MEASURES:
        groups = [group_of(s, own, dimension, measure) for s, own in zip(sides, labels, strict=True)]
        tested = difference_in_differences(groups[:2], groups[2:])
        changes[measure] = tested.estimate
        p = tested.p
    return ControlledEffect(
        changes, p, None, _change(groups[0], groups[1], seed), _change(groups[2], groups[3], seed),
        _change(groups[2], groups[0], seed),
    )  # fmt: skip


def _change(a: Group, b: Group, seed: int) -> Estimate:
    of = [mean_estimate(g.values, g.clusters, (1.0, 5.0), seed) for g in (a, b)]
    return difference(of[0], of[1], a, b).estimate
