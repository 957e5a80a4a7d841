"""A generator's variance between runs apart from that between scenarios."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from amends.comparison.sides import Side, Unit
from amends.records import DIMENSIONS
from amends.statistics.components import components


def runs_apart(*sides: Side) -> dict[str, Any] | None:
    """For each side that answered scenarios several times: the error of its mean, by source; None where none did.

    Scenarios that lack a level in some run are left out and counted: the table must be complete.

    Args:
        sides: what is compared.
    """
    made = {side.name: _of_side(side.units) for side in sides if side.samples > 1}
    return made or None


def _of_side(units: Sequence[Unit]) -> dict[str, Any]:
    by_key: dict[Any, list[Unit]] = {}
    for unit in units:
        if unit.key is not None:
            by_key.setdefault(unit.key, []).append(unit)
    runs = max(map(len, by_key.values()))
    made: dict[str, Any] = {}
    for dimension in DIMENSIONS:
        rows = [[u.levels[dimension] for u in some] for some in by_key.values()]
        whole = [row for row in rows if len(row) == runs and None not in row]
        found = components(np.array(whole, dtype=np.float64)) if len(whole) > 1 else None
        if found is None:
            made[dimension] = {"note": f"fewer than two scenarios have all {runs} runs judged"}
            continue
        made[dimension] = {
            "scenarios": found.scenarios,
            "incomplete": len(rows) - len(whole),
            "runs": found.runs,
            "error_of_scenarios": found.error_of_scenarios,
            "error_of_runs": found.error_of_runs,
            "error_of_one_run": found.error_of_one_run,
        }
    return made
