"""Levels against an outcome, as plain text."""

from __future__ import annotations

import textwrap

from amends.comparison.outcome import CAUTION, HELD, Outcome
from amends.reports import wording
from amends.rubric.definitions import dimension_names
from amends.terminal import WIDTH, plain, table_text


def outcome_text(found: Outcome) -> str:
    """Slopes of an outcome on levels.

    Args:
        found: one log against one outcome.
    """
    rows: list[tuple[str, ...]] = []
    for dimension, name in dimension_names().items():
        one = found.dimensions[dimension]
        slope = wording.printed(one.slope.estimate, "slope")
        rank = wording.printed(one.rho, "delta")
        p = ["" if x is None else "<0.001" if x < 0.001 else f"{x:.3f}" for x in (one.slope.p, one.p_adjusted)]
        rows.append((name, slope.value, slope.interval, slope.n, *p, rank.value, rank.interval))
    unknown = [name for name in HELD if name not in found.held]
    kinds = f"{' and '.join(found.held)} held fixed ({found.strata:,} kinds of cases)"
    held = kinds if found.held else "nothing held fixed"
    told = [f"{plain(found.field)} per level, {held}."]
    if unknown:
        told.append(f"Not known here, so not held fixed: {', '.join(unknown)}.")
    if found.without:
        told.append(f"{found.without:,} replies have no {plain(found.field)}: left out.")
    told.append(CAUTION)
    headings = ("Dimension", ">Per level", ">95% interval", ">n", ">p", ">p, Holm", ">Rank corr.", ">95% interval")
    text = table_text(headings, rows, f"Levels against {plain(found.field)}: {plain(found.name)}")
    return f"{text}{textwrap.fill(' '.join(told), WIDTH)}\n\n{plain(found.signature)}\n"
