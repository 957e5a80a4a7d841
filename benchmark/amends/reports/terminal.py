"""The report for a terminal: plain text of at most 100 columns, the signature last."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from amends.records import Annotation, Exchange
from amends.reports import wording
from amends.results import DimensionResult, Result
from amends.rubric.definitions import behaviours, rubric
from amends.terminal import WIDTH, plain, table_text

_BAR = 40
"""Columns of a bar that stands for every reply."""


def report(result: Result, items: Sequence[tuple[Exchange, Annotation]] = ()) -> str:
    """A Result as plain text.

    Args:
        result: what is reported.
        items: not used: a terminal shows numbers, the page shows texts.
    """
    sections = [
        _head(result),
        _dimensions(result),
        *[_levels(result.dimensions[d["code"]], d) for d in rubric()["dimensions"]],
        _behaviours(result, True),
        _behaviours(result, False),
        _steps(result),
        _flags(result),
        _left_out(result),
        textwrap.fill(wording.LABELS_ARE, WIDTH) + "\n",
        # The line is cited by copying it: it goes past the width rather than break.
        plain(result.signature) + "\n",
    ]
    return "\n".join(sections)


def _head(result: Result) -> str:
    counts = result.counts
    lines = (
        ("generator", wording.generator_line(result)),
        ("set", wording.set_line(result)),
        ("judged by", wording.scorer_line(result)),
        (
            "replies",
            f"{counts['replies']:,} asked for, {counts['judged']:,} judged, "
            f"{counts['no_reply']:,} not given, {sum(counts['not_scored'].values()):,} not scored",
        ),
        ("intervals", f"95%, {wording.methods(result)}; n is replies (clusters)"),
    )
    return "".join(f"{name:<11}{plain(text)}\n" for name, text in lines)


def _dimensions(result: Result) -> str:
    rows: list[tuple[str, ...]] = []
    for dimension in rubric()["dimensions"]:
        found = result.dimensions[dimension["code"]]
        for field, name, counts, unit in wording.MEASURES:
            number = wording.printed(getattr(found, field), unit)
            first = dimension["name"] if field == "breach" else ""
            rows.append((first, f"{name} ({counts})", number.value, number.interval, number.n))
    return table_text(("Dimension", "Measure", ">Value", ">95% interval", ">n"), rows)


def _levels(found: DimensionResult, dimension: dict[str, object]) -> str:
    total = sum(found.levels.values())
    names = {str(level["level"]): level["name"] for level in _entries(dimension)}
    lines = [f"{dimension['name']}: levels of the judged replies, n={total:,}"]
    for level, name in names.items():
        count = found.levels.get(level, 0)
        share = wording.part(count, total)
        lines.append(f"  {level} {name:<14}{count:>7,} {share:>8}  {_bar(count, total)}".rstrip())
    if found.bounds is not None:
        low, high = (wording.digits(bound, "level") for bound in found.bounds)
        lines.append(f"  mean {low} to {high} with what was not given at 1, or at 5 (n={found.breach.n:,})")
    if found.not_scored:
        lines.append(f"  {found.not_scored:,} of {found.not_scored + total:,} could not be judged here: left out")
    return "\n".join(lines) + "\n"


def _entries(dimension: dict[str, object]) -> list[dict[str, object]]:
    entries = dimension["levels"]
    return list(entries) if isinstance(entries, list) else []


def _bar(count: int, total: int) -> str:
    """A bar; what occurs at all is never drawn as nothing."""
    if not count:
        return ""
    return "█" * round(_BAR * count / total) or "▏"


def _behaviours(result: Result, positive: bool) -> str:
    known = behaviours()
    chosen = [(code, rate) for code, rate in result.behaviours.items() if known[code].positive == positive]
    chosen.sort(key=lambda pair: -1.0 if pair[1].value is None else pair[1].value, reverse=True)
    rows = []
    for code, rate in chosen:
        number = wording.printed(rate, "rate")
        name = wording.spoken(known[code].name)
        rows.append((wording.signed(known[code]), name, number.value, number.interval, number.n))
    title = f"{'Plus' if positive else 'Minus'} behaviours: replies in 100 that show one"
    return table_text(("Code", "Behaviour", ">Per 100", ">95% interval", ">n"), rows, title)


def _steps(result: Result) -> str:
    rows = []
    for step in rubric()["steps"]:
        number = wording.printed(result.steps.shares[str(step["number"])], "share")
        rows.append((f"{step['number']} {step['name']}", number.value, number.interval, number.n))
    for name, estimate, unit in (
        ("steps in a reply, mean of 7", result.steps.mean_steps, "steps"),
        ("in the rubric's order", wording.in_order(result), "share"),
    ):
        number = wording.printed(estimate, unit)
        rows.append((name, number.value, number.interval, number.n))
    title = "Step coverage: replies that take the step (reported, not scored)"
    return table_text(("Step", ">Value", ">95% interval", ">n"), rows, title)


def _flags(result: Result) -> str:
    of = result.counts["replies"]
    rows = [(c.name, f"{c.count:,} of {of:,}", c.meaning) for c in wording.flag_counts(result) if c.count]
    if not rows:
        return f"Flags: none, on n={of:,} replies\n"
    return table_text(("Flag", ">Replies", "What it means"), rows, "Flags")


def _left_out(result: Result) -> str:
    of = result.counts["replies"]
    rows = [(c.name, f"{c.count:,} of {of:,}", c.counted) for c in wording.left_out(result)]
    return table_text(("What has no level", ">Replies", "How it counts"), rows, "Not scored")
