"""The audit's pictures beside that of levels: rows of dots with their intervals, one colour a series."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from amends import html
from amends.agreement.report import Agreement
from amends.audit.generators import Standing
from amends.records import DIMENSIONS
from amends.rubric.definitions import dimension_names
from amends.statistics.estimate import Estimate

_TEMPLATE = Path(__file__).resolve().parent / "templates" / "dots.svg.j2"
TOLD_NOTHING = (0.45, 0.55)
"""A cue whose share lies here does not tell the texts of a pair apart."""

Row = tuple[str, Sequence[Estimate | None]]


def _dots(  # noqa: PLR0913 what a picture consists of
    title: str,
    rows: Sequence[Row],
    series: Sequence[str],
    ends: tuple[float, float],
    ticks: Sequence[float],
    note: str,
    band: tuple[float, float] | None = None,
    tick_text: Callable[[float], str] = lambda tick: f"{tick:g}",
) -> str:
    drawn = [{"name": name, "dots": [_dot(e, ends) for e in found]} for name, found in rows]
    return html.render(
        _TEMPLATE,
        title=title,
        rows=drawn,
        series=series,
        low=ends[0],
        high=ends[1],
        ticks=ticks,
        note=note,
        band=band,
        tick_text=tick_text,
    )


def _dot(estimate: Estimate | None, ends: tuple[float, float]) -> dict[str, float | int | None] | None:
    if estimate is None or estimate.value is None:
        return None

    def inside(x: float | None) -> float | None:
        return None if x is None else min(max(x, ends[0]), ends[1])

    value = inside(estimate.value)
    return {"value": value, "low": inside(estimate.low), "high": inside(estimate.high), "n": estimate.n}


def agreement_picture(found: Sequence[Agreement]) -> str:
    """Alpha of each set of replies on each dimension.

    Args:
        found: one a set.
    """
    rows = [(one.name, [one.alpha[d] for d in DIMENSIONS]) for one in found]
    rows += [(f"{one.name}, levels 2 to 4", [one.alpha_middle[d] for d in DIMENSIONS]) for one in found]
    return _dots(
        "Agreement of methods: Krippendorff's alpha, ordinal",
        rows,
        list(dimension_names().values()),
        (0.0, 1.0),
        (0, 0.2, 0.4, 0.6, 0.8, 1),
        "One model family under three methods: consistency, not agreement between people.",
    )


def cue_picture(by_kind: Mapping[str, Mapping[str, Estimate]]) -> str:
    """What each cue alone tells of pairs.

    Args:
        by_kind: kind of pair to cue to share.
    """
    cues = list(dict.fromkeys(cue for found in by_kind.values() for cue in found))
    rows = [(cue, [found.get(cue) for found in by_kind.values()]) for cue in cues]
    return _dots(
        "Does a cue alone tell the two texts of a pair apart? (ties half)",
        rows,
        [f"{kind} pairs" for kind in by_kind],
        (0.0, 1.0),
        (0, 0.25, 0.5, 0.75, 1),
        "In the shaded band (45 to 55%) it tells next to nothing.",
        TOLD_NOTHING,
        lambda tick: f"{100 * tick:.0f}%",
    )


def system_picture(found: Mapping[str, Mapping[str, Standing]]) -> str:
    """Mean gold level of each generator.

    Args:
        found: generator to dimension to its numbers.
    """
    rows = [(name, [by[d].mean for d in DIMENSIONS]) for name, by in found.items()]
    return _dots(
        "Mean gold level of each generator on the same 40 test scenarios",
        rows,
        list(dimension_names().values()),
        (1.0, 5.0),
        (1, 2, 3, 4, 5),
        "Gold by annotators of the same model family as the prompted generators.",
    )
