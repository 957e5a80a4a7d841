"""How the numbers of a Result print: the same words and digits on the terminal and on the page.

A number never stands without its interval and n, and what could not be computed says so and why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from amends.results import Result
from amends.rubric.definitions import BehaviourDefinition, rubric
from amends.statistics.estimate import Estimate

MEASURES = (
    ("breach", "Breach", "level under 2.5", "share"),
    ("full", "Full", "level 3.5 or more", "share"),
    ("mean", "Mean level", "1 to 5", "level"),
)
"""Field of a DimensionResult, its name, what it counts, and the unit in which it prints."""

LABELS_ARE = (
    "Levels and behaviours are observers' judgement of wording, not the customer's experience. "
    "Nobody here asked the customer."
)
"""What the labels are and are not, in every report."""

NOT_COMPUTABLE = "not computable"


@dataclass(frozen=True, slots=True)
class Printed:
    """An estimate in words."""

    value: str
    """The number with its unit, or "not computable: ..."."""
    interval: str
    """"[low, high]", or why there is none."""
    n: str
    """Replies and, in brackets, the clusters that they come from."""
    known: bool = True
    """There is a number."""
    bounded: bool = True
    """There is an interval."""


def digits(value: float, unit: str) -> str:
    """One number.

    Args:
        value: a share 0..1, a level 1..5, a rate per 100 or a count of steps.
        unit: share, level, rate, steps, delta or slope.
    """
    if unit == "slope":
        return f"{value:+.3g}"
    if unit == "share":
        return f"{100 * value:.1f}%"
    return f"{value:.2f}" if unit in ("level", "steps", "delta") else f"{value:.1f}"


def printed(estimate: Estimate, unit: str) -> Printed:
    """An estimate in words.

    Args:
        estimate: with or without a value, with or without an interval.
        unit: share, level, rate or steps.
    """
    n = f"{estimate.n:,} ({estimate.clusters:,})"
    why = f"{NOT_COMPUTABLE}: {estimate.note}" if estimate.note else NOT_COMPUTABLE
    if estimate.value is None:
        return Printed(why, NOT_COMPUTABLE, n, known=False, bounded=False)
    value = digits(estimate.value, unit)
    if estimate.low is None or estimate.high is None:
        return Printed(value, why, n, bounded=False)
    return Printed(value, f"[{digits(estimate.low, unit)}, {digits(estimate.high, unit)}]", n)


def part(count: int, of: int) -> str:
    """A count as a share of n; of nothing there is no share."""
    return f"{100 * count / of:.0f}%" if of else "no share"


def spoken(name: str) -> str:
    """A code name in words ("names_emotion" to "names emotion")."""
    return name.replace("_", " ")


def signed(definition: BehaviourDefinition) -> str:
    """A behaviour's code with its sign ("+E1", "−E6")."""
    return ("+" if definition.positive else "−") + definition.code


def generator_line(result: Result) -> str:
    """Name, version and kind of the generator."""
    made = result.generator
    name = " ".join(str(made[key]) for key in ("name", "version") if made.get(key) is not None)
    return _with(name or "not named", made.get("kind"))


def set_line(result: Result) -> str:
    """Name, digest and size of the set."""
    chosen = result.set
    name = str(chosen.get("name") or "not named")
    digest = chosen.get("digest")
    named = f"{name}@{digest}" if digest else name
    scenarios = chosen.get("scenarios")
    return named if scenarios is None else _with(named, f"{scenarios:,} scenarios")


def scorer_line(result: Result) -> str:
    """Name and version of the scorer with its weights, or of the annotator with its kind and method."""
    judge = result.scorer
    name = " ".join(str(judge[key]) for key in ("name", "version") if judge.get(key) is not None)
    weights = judge.get("weights")
    if judge.get("role") == "annotator":
        known = (judge.get("kind"), judge.get("method"))
        return _with(name, ", ".join(["annotator", *[str(detail) for detail in known if detail]]))
    return _with(name or "not named", f"weights {weights}" if weights else None)


def in_order(result: Result) -> Estimate:
    """The share in the rubric's order; where it has no reply, though some were judged, with the reason."""
    found = result.steps.in_order
    return replace(found, note="no reply takes two steps") if found.n == 0 and result.steps.mean_steps.n else found


def _with(name: str, detail: object) -> str:
    return f"{name} ({detail})" if detail else name


@dataclass(frozen=True, slots=True)
class Count:
    """How many replies something holds for."""

    name: str
    count: int
    meaning: str
    counted: str = ""
    """What it does to the numbers."""


def _flags() -> Mapping[str, Mapping[str, Any]]:
    return {flag["code"]: flag for flag in rubric()["flags"]}


def flag_counts(result: Result) -> list[Count]:
    """Every flag of the rubric with the replies that carry it; then flags that the rubric does not know."""
    known = _flags()
    listed = [
        Count(spoken(code), result.flags.get(code, 0), flag["meaning"], _treated(flag["counted"]))
        for code, flag in known.items()
    ]
    return listed + [
        Count(spoken(code), count, "Not a flag of this rubric.", "as the scorer left it")
        for code, count in sorted(result.flags.items())
        if code not in known
    ]


def _treated(counted: str) -> str:
    return {
        "kept": "levels count as they are",
        "breach": "counts as no reply: a breach on every dimension",
    }.get(counted, counted)


def left_out(result: Result) -> list[Count]:
    """What has no level: the replies that were not given, and each reason why one could not be judged."""
    known = _flags()
    rows = [
        Count(
            "no reply given",
            result.counts["no_reply"],
            "No record, an empty text, or a text that is no reply.",
            "a breach on every dimension in the shares; outside the mean, which shows its bounds",
        )
    ]
    for reason, count in sorted(result.counts["not_scored"].items()):
        meaning = known[reason]["meaning"] if reason in known else "The scorer gave no level."
        rows.append(Count(spoken(reason), count, meaning, "left out where there is no level"))
    return rows


def methods(result: Result) -> str:
    """The methods of the intervals, each once."""
    estimates = [
        *[getattr(d, field) for d in result.dimensions.values() for field, *_ in MEASURES],
        *result.behaviours.values(),
        *result.steps.shares.values(),
    ]
    names = dict.fromkeys(e.method for e in estimates if e.method)
    return ", ".join(names) or "none could be computed"
