"""A generator's variance between runs apart from that between scenarios."""

from __future__ import annotations

from typing import Any

import numpy as np

from amends.comparison.sides import Side
from amends.comparison.units import Units
from amends.records import DIMENSIONS
from amends.runs.estimates import codes_of
from amends.statistics.components import components


def runs_apart(*sides: Side) -> dict[str, Any] | None:
    """For each side that answered scenarios several times: the error of its mean, by source; None where none did.

    Scenarios that lack a level in some run are left out and counted: the table must be complete.

    Args:
        sides: what is compared.
    """
    made = {side.name: _of_side(side.table) for side in sides if side.samples > 1}
    return made or None


def _of_side(units: Units) -> dict[str, Any]:
    code = codes_of(units.key.keys[units.keyed])
    order = np.flatnonzero(units.keyed)[np.argsort(code, kind="stable")]
    counts = np.bincount(code)
    runs = int(counts.max())
    complete = np.repeat(counts == runs, counts)
    made: dict[str, Any] = {}
    for dimension in DIMENSIONS:
        rows = units.level(dimension)[order][complete].reshape(-1, runs)
        whole = rows[~np.isnan(rows).any(axis=1)]
        found = components(whole) if len(whole) > 1 else None
        if found is None:
            made[dimension] = {"note": f"fewer than two scenarios have all {runs} runs judged"}
            continue
        made[dimension] = {
            "scenarios": found.scenarios,
            "incomplete": len(counts) - len(whole),
            "runs": found.runs,
            "error_of_scenarios": found.error_of_scenarios,
            "error_of_runs": found.error_of_runs,
            "error_of_one_run": found.error_of_one_run,
        }
    return made
