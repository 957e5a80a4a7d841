"""What comparisons of several sizes can show: tables, and power curves as a picture."""

from __future__ import annotations

import textwrap
from pathlib import Path

from amends import html
from amends.comparison.planning import MOST, Planned, Visible
from amends.rubric.definitions import dimension_names
from amends.terminal import WIDTH, plain, table_text

_TEMPLATE = Path(__file__).resolve().parent / "templates" / "power.svg.j2"
_NAMES = {"better": "P(B better)", "breach": "Breach", "full": "Full", "mean": "Mean level"}
_INKS = ("#9fc5e8", "#6fa8dc", "#3d85c6", "#0b5394", "#073763", "#041e36")
_PLOT = (56.0, 300.0, 24.0, 210.0)
"""Left, width, top and height of each panel, in units of the picture."""


def plan_text(found: Planned) -> str:
    """Tables of what can be shown, and how many clusters a wanted difference needs.

    Args:
        found: the plan.
    """
    design = found.design
    unit = "scenarios" if design["design"] == "paired" else "clusters a side"
    parts = [
        f"pilot      {plain(found.pilot)}: {design['design']}, {design['clusters']:,} clusters, "
        f"{design['replies']:,} replies\n"
    ]
    for dimension, name in dimension_names().items():
        by_measure = found.visible[dimension]
        rows = [
            (f"{n:,}", *[_cell(by_measure[m][n], m) for m in MOST if m in by_measure])
            for n in next(iter(by_measure.values()))
        ]
        headings = (f">{unit.capitalize()}", *[f">{_NAMES[m]}" for m in MOST if m in by_measure])
        parts.append(table_text(headings, rows, f"{name}: smallest difference shown with 80% power"))
    parts.append(
        "Alone at 5%; in brackets when the three dimensions are tested together (the first step of Holm's procedure).\n"
    )
    if found.needed is not None:
        rows = [(name, _count(found.needed[d])) for d, name in dimension_names().items()]
        title = f"For 80% power on a difference of {design['difference']:g} levels, three dimensions together"
        parts.append(table_text(("Dimension", f">{unit.capitalize()}"), rows, title))
    low, high = design["size_factors"]
    told = (
        f"From {design['clusters']:,} clusters the spread is known roughly: the truth may need {low:.1f} to {high:.1f} "
        "times as many (95%, for clusters that vary as a normal variable does)."
    )
    parts.append(textwrap.fill(told, WIDTH) + "\n")
    return "\n".join([*parts, plain(found.signature) + "\n"])


def _count(n: int | None) -> str:
    return "more than 20,000" if n is None else f"{n:,}"


def _cell(visible: Visible, measure: str) -> str:
    def number(x: float | None) -> str:
        if x is None:
            return "none"
        return f"{x:.2f}" if measure == "mean" else f"{100 * x:.0f}%"

    return f"{number(visible.alone)} ({number(visible.family)})"


def plan_picture(found: Planned) -> str:
    """Power against the true difference of mean levels, a panel a dimension, a line a size.

    Args:
        found: the plan.

    Returns:
        SVG.
    """
    left, width, top, height = _PLOT
    widest = max(x for by in found.curves.values() for line in by.values() for x, _ in line) or 1.0
    panels = []
    for place, (dimension, name) in enumerate(dimension_names().items()):
        lines = [
            {
                "n": f"{n:,}",
                "ink": _INKS[i % len(_INKS)],
                "points": " ".join(
                    f"{left + width * x / widest:.1f},{top + height * (1 - power):.1f}" for x, power in line
                ),
            }
            for i, (n, line) in enumerate(found.curves[dimension].items())
        ]
        panels.append({"name": name, "x": place * (left + width + 12), "lines": lines})
    ticks = [(f"{widest * i / 4:.2f}", left + width * i / 4) for i in range(5)]
    return html.render(
        _TEMPLATE,
        panels=panels,
        ticks=ticks,
        left=left,
        width=width,
        top=top,
        height=height,
        unit="scenarios" if found.design["design"] == "paired" else "clusters a side",
        title=f"Power to show a difference of mean levels, from {found.pilot}",
        signature=found.signature,
    )
