"""The report as a page: one HTML file that asks for nothing from anywhere and runs no script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from amends import html
from amends.records import Annotation, Exchange
from amends.reports import examples, picture, wording
from amends.results import DimensionResult, Result
from amends.rubric.definitions import BehaviourDefinition, behaviours, rubric
from amends.statistics.estimate import Estimate

_TEMPLATES = Path(__file__).resolve().parent / "templates"
_AXES = {"share": (0.0, 1.0), "level": (1.0, 5.0)}


@dataclass(frozen=True, slots=True)
class Measure:
    """A number with its picture."""

    name: str
    counts: str
    """What it counts."""
    unit: str
    number: wording.Printed
    track: picture.Track | None
    kind: str = ""
    """For the colour: breach, full, mean, plus or minus."""
    code: str = ""
    """A behaviour's code with its sign."""
    bounds: picture.Track | None = None


@dataclass(frozen=True, slots=True)
class Panel:
    """One dimension."""

    code: str
    name: str
    question: str
    total: int
    """Judged replies."""
    stack: list[picture.Block]
    levels: list[dict[str, Any]]
    """Number, name, anchor, count and share of each level."""
    measures: list[Measure]
    bounds: tuple[str, str] | None
    missing: int
    """Replies that were not given."""
    not_scored: int


@dataclass(frozen=True, slots=True)
class Step:
    """One of the seven steps."""

    number: int
    name: str
    personal: bool
    printed: wording.Printed
    fill: str | None
    """Share as a part of the cell; None where there is none."""


def report(result: Result, items: Sequence[tuple[Exchange, Annotation]] = (), customers: str = "") -> str:
    """A Result as one HTML file that reads without a network and without scripts.

    Args:
        result: what is reported.
        items: replies with their judgements, for the examples; without them the page says that it has none.
        customers: which customers it covers, where that needs a word.
    """
    reached = picture.reach(result)
    top = picture.top_rate(result.behaviours.values())
    return html.render(
        _TEMPLATES / "report.html.j2",
        result=result,
        generator=wording.generator_line(result),
        name=str(result.generator.get("name") or "Generator not named"),
        set=wording.set_line(result),
        scorer=wording.scorer_line(result),
        labels_are=wording.LABELS_ARE,
        customers=customers,
        methods=wording.methods(result),
        style_hash=html.style_hash(_TEMPLATES / "report.css"),
        panels=_panels(result, reached),
        middle=picture.middle(reached),
        top=f"{top:g}",
        plus=_rates(result, True, top),
        minus=_rates(result, False, top),
        definitions=list(behaviours().values()),
        signed=wording.signed,
        spoken=wording.spoken,
        steps=_steps(result),
        mean_steps=wording.printed(result.steps.mean_steps, "steps"),
        in_order=wording.printed(wording.in_order(result), "share"),
        flags=wording.flag_counts(result),
        left_out=wording.left_out(result),
        not_scored=sum(result.counts["not_scored"].values()),
        groups=examples.groups(items),
        given=len(items),
    )


def _panels(result: Result, reached: tuple[float, float]) -> list[Panel]:
    """The dimensions in the rubric's order."""
    missing = result.counts["no_reply"]
    return [_panel(result.dimensions[d["code"]], d, reached, missing) for d in rubric()["dimensions"]]


def _panel(found: DimensionResult, dimension: dict[str, Any], reached: tuple[float, float], missing: int) -> Panel:
    total = sum(found.levels.values())
    levels = []
    for level in dimension["levels"]:
        count = found.levels.get(str(level["level"]), 0)
        levels.append(
            {
                "number": level["level"],
                "name": level["name"],
                "anchor": level["anchor"],
                "count": count,
                "share": wording.part(count, total),
            }
        )
    bounds = None
    if found.bounds is not None:
        low, high = found.bounds
        bounds = wording.digits(low, "level"), wording.digits(high, "level")
    return Panel(
        dimension["code"],
        dimension["name"],
        dimension["question"],
        total,
        picture.stack(found.levels, reached),
        levels,
        _measures(found),
        bounds,
        missing,
        found.not_scored,
    )


def _measures(found: DimensionResult) -> list[Measure]:
    measures = []
    for field, name, counts, unit in wording.MEASURES:
        estimate: Estimate = getattr(found, field)
        shown = picture.track(estimate, *_AXES[unit])
        bounds = None
        if field == "mean" and found.bounds is not None:
            bounds = picture.track(_interval(found.mean, *found.bounds), *_AXES[unit])
        measures.append(Measure(name, counts, unit, wording.printed(estimate, unit), shown, field, bounds=bounds))
    return measures


def _interval(mean: Estimate, low: float, high: float) -> Estimate:
    """The mean's bounds in the form that a picture takes."""
    return Estimate(mean.value, low, high, mean.n, mean.clusters, None)


def _rates(result: Result, positive: bool, top: float) -> list[Measure]:
    """Behaviours per 100 replies of one sign, the most frequent first, what could not be computed last."""
    known = behaviours()
    chosen = [(known[code], rate) for code, rate in result.behaviours.items() if known[code].positive == positive]
    chosen.sort(key=lambda pair: -1.0 if pair[1].value is None else pair[1].value, reverse=True)
    return [_rate(definition, rate, top) for definition, rate in chosen]


def _rate(definition: BehaviourDefinition, rate: Estimate, top: float) -> Measure:
    return Measure(
        wording.spoken(definition.name),
        definition.definition,
        "rate",
        wording.printed(rate, "rate"),
        picture.track(rate, 0.0, top),
        "plus" if definition.positive else "minus",
        wording.signed(definition),
    )


def _steps(result: Result) -> list[Step]:
    steps = []
    for step in rubric()["steps"]:
        share = result.steps.shares[str(step["number"])]
        steps.append(
            Step(
                step["number"],
                step["name"],
                step["kind"] == "personal",
                wording.printed(share, "share"),
                None if share.value is None else picture.percent(share.value),
            )
        )
    return steps
