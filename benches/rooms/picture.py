"""The picture docs/scale.svg: a reply by its length, and rooms by size, both on logarithmic axes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benches.rooms import boards, checking, reporting, scorers, statistics
from benches.rooms.measuring import Row, of

_TEMPLATE = Path(__file__).resolve().with_name("scale.svg.j2")
WIDE, HIGH = 330.0, 250.0
"""Of a panel, in units of the picture."""
_SECONDS = ("0.1 us", "1 us", "10 us", "100 us", "1 ms", "10 ms", "100 ms", "1 s", "10 s", "100 s", "1,000 s")
_UNITS = dict(zip(range(-7, 4), _SECONDS, strict=True))


def _lengths(rows: Sequence[Row]) -> dict[str, list[tuple[float, float]]]:
    found: dict[str, dict[float, float]] = {}
    for row in sorted((r for r in rows if r["room"] == "scorers"), key=lambda r: r["size"]):
        found.setdefault(row["who"], {})[row["words"]] = row["cpu"] / row["size"]
        found.setdefault("read and parse", {})[row["words"]] = row["parse_cpu"] / row["size"]
    order = ["trained", "rules", scorers.MARKERS, scorers.VADER, "read and parse"]
    return {who: sorted(found[who].items()) for who in order if who in found}


def _sizes(rows: Sequence[Row]) -> dict[str, list[tuple[float, float]]]:
    parts = {
        "compare": ("statistics", statistics.COMPARE),
        "agreement": ("statistics", statistics.AGREEMENT),
        "table of a Result": ("statistics", statistics.SUMMARISE),
        "check": ("check", checking.PART),
        "score, rules": ("score", "rules"),
        "leaderboard (entries)": ("leaderboard", boards.PART),
        "report --html": ("report", reporting.PAGE),
    }
    found = {name: [(row["size"], row["cpu"]) for row in of(rows, *part)] for name, part in parts.items()}
    return {name: points for name, points in found.items() if len(points) > 1}


def _panel(name: str, lines: Mapping[str, Sequence[tuple[float, float]]], unit: str) -> dict[str, Any]:
    """Points scaled to the panel; its axes end at whole powers of ten."""
    xs, ys = ([math.log10(point[axis]) for line in lines.values() for point in line] for axis in (0, 1))
    x0, x1, y0, y1 = math.floor(min(xs)), math.ceil(max(xs)), math.floor(min(ys)), math.ceil(max(ys))

    def x(log: float) -> float:
        return WIDE * (log - x0) / max(1, x1 - x0)

    def y(log: float) -> float:
        return HIGH * (y1 - log) / max(1, y1 - y0)

    made = [
        {"name": who, "points": [(x(math.log10(a)), y(math.log10(b))) for a, b in line]} for who, line in lines.items()
    ]
    return {
        "name": name,
        "unit": unit,
        "lines": _apart(made),
        "columns": [(x(p), f"{10**p:,}") for p in range(x0, x1 + 1)],
        "rows": [(y(p), _UNITS.get(p, f"1e{p} s")) for p in range(y0, y1 + 1)],
    }


def _apart(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Names stand at the end of their lines, 14 units apart at least, in the order of the ends."""
    below = -math.inf
    for line in sorted(lines, key=lambda one: one["points"][-1][1]):
        below = max(line["points"][-1][1], below + 14)
        line["label"] = below
    return lines


def picture(document: Mapping[str, Any]) -> str:
    """The picture as SVG."""
    from amends import html

    rows, machine = document["rows"], document["machine"]
    about = f"{machine['date']}, {machine['cores']} cores, {machine['machine']}, load {machine['load_before']}"
    return html.render(
        _TEMPLATE,
        title="Processor time of what a user waits for",
        panels=[
            _panel("One reply, by its length", _lengths(rows), "words"),
            _panel("A room, by size", _sizes(rows), "replies, or entries"),
        ],
        wide=WIDE,
        high=HIGH,
        note=f"Both axes are logarithmic. {about}{', small sizes' if machine['quick'] else ''}.",
    )
