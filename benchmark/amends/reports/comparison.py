"""Comparisons as plain text for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

from amends.comparison.control import NAMES, Controlled
from amends.comparison.effects import Comparison, Example
from amends.comparison.several import Several
from amends.reports import wording
from amends.rubric.definitions import behaviours, dimension_names
from amends.statistics.estimate import Estimate
from amends.terminal import WIDTH, plain, table_text


def _cells(estimate: Estimate, unit: str) -> tuple[str, str, str]:
    shown = wording.printed(estimate, unit.removeprefix("change "))
    sign = "+" if unit.startswith("change") and (estimate.value or 0) > 0 else ""
    return sign + shown.value, shown.interval, shown.n


def _p(p: float | None) -> str:
    if p is None:
        return "none"
    return "<0.001" if p < 0.001 else f"{p:.3f}"


def comparison_text(found: Comparison) -> str:
    """B against A.

    Args:
        found: the comparison.
    """
    parts = [_head(found), _lead(found), _changes(found)]
    parts += [_standardised(found)] if found.design["design"] == "unpaired" else []
    parts += [_margin(found)] if any(e.margin for e in found.dimensions.values()) else []
    parts += [_visible(found)]
    parts += [_runs(found)] if found.runs else []
    parts += [_behaviours(found)]
    parts += [_examples(found.examples)] if found.examples else []
    return "\n".join([*parts, notes_text(found.notes), plain(found.signature) + "\n"])


def notes_text(notes: Sequence[str]) -> str:
    """Notes, one a paragraph.

    Args:
        notes: what limits the numbers.
    """
    lines = [textwrap.fill(plain(note), WIDTH, initial_indent="  ", subsequent_indent="  ") for note in notes]
    return "What limits these numbers\n" + "\n".join(lines) + "\n"


def _head(found: Comparison) -> str:
    d = found.design
    groups = d["clusters"]
    if d["design"] == "paired":
        crossed = ", crossed" if d["crossed"] else ""
        how = (
            f"paired by {d['pair_by']}: {d['pairs']:,} pairs, {groups:,} clusters ({', '.join(d['cluster'])}{crossed})"
        )
    else:
        how = f"unpaired: {groups[0]:,} clusters of A, {groups[1]:,} of B, {d['shared_clusters']:,} of them in both"
    lines = (
        ("A", f"{found.a} ({d['replies'][0]:,} replies, {d['missing'][0]:,} not given)"),
        ("B", f"{found.b} ({d['replies'][1]:,} replies, {d['missing'][1]:,} not given)"),
        ("design", how),
        ("intervals", "95%; n is pairs, or replies (clusters)"),
    )
    return "".join(f"{name:<11}{plain(text)}\n" for name, text in lines)


def _lead(found: Comparison) -> str:
    rows: list[tuple[str, ...]] = []
    for dimension, name in dimension_names().items():
        e = found.dimensions[dimension]
        rows.append((name, *_cells(e.better, "share"), _cells(e.cliffs_delta, "delta")[0], _p(e.p), _p(e.p_adjusted)))
    headings = ("Dimension", ">B better", ">95% interval", ">n", ">Cliff's d", ">p", ">p, Holm")
    return table_text(headings, rows, "How often B's reply is better than A's (ties half)")


def _changes(found: Comparison) -> str:
    rows: list[tuple[str, ...]] = []
    for dimension, name in dimension_names().items():
        e = found.dimensions[dimension]
        for measure, title, unit in (
            ("breach", "Breach", "share"),
            ("full", "Full", "share"),
            ("mean", "Mean level", "level"),
        ):
            sides = [wording.NOT_COMPUTABLE if (v := s[measure]) is None else wording.digits(v, unit) for s in e.sides]
            value, interval, _ = _cells(getattr(e, measure), "change " + unit)
            rows.append((name if measure == "breach" else "", title, *sides, value, interval))
    headings = ("Dimension", "Measure", ">A", ">B", ">Change", ">95% interval")
    return table_text(headings, rows, "Change from A to B")


def _standardised(found: Comparison) -> str:
    rows: list[tuple[str, ...]] = []
    for dimension, name in dimension_names().items():
        made = found.dimensions[dimension].standardised or {}
        if made.get("difference") is None:
            rows.append((name, wording.NOT_COMPUTABLE + ": " + str(made.get("note")), "", "", "", ""))
            continue
        value, interval, n = _cells(made["difference"], "change level")
        gone = [f"{100 * share:.0f}%" for share in made["without_counterpart"]]
        rows.append((name, value, interval, n, gone[0], gone[1]))
    over: list[str] = next((e.standardised["over"] for e in found.dimensions.values() if e.standardised), [])
    title = f"Mean level at equal mix of cases (standardised over {', '.join(over) or 'nothing'})"
    return table_text(("Dimension", ">Change", ">95% interval", ">n", ">A without", ">B without"), rows, title)


def _margin(found: Comparison) -> str:
    rows: list[tuple[str, ...]] = []
    for dimension, name in dimension_names().items():
        m = found.dimensions[dimension].margin
        if m is None:
            rows.append((name, wording.NOT_COMPUTABLE, "", ""))
        else:
            verdicts = ["no worse" if m.no_worse else "not shown", "equivalent" if m.equivalent else "not shown"]
            rows.append((name, f"[{m.low:+.2f}, {m.high:+.2f}]", *verdicts))
    size = next(e.margin.margin for e in found.dimensions.values() if e.margin)
    headings = ("Dimension", ">90% interval", f"B no worse by {size:g}", f"Equivalent within {size:g}")
    return table_text(headings, rows, f"Margin of {size:g} levels (two one-sided tests at 5%)")


def _visible(found: Comparison) -> str:
    rows: list[tuple[str, ...]] = []
    for d, name in dimension_names().items():
        visible = found.dimensions[d].visible
        rows.append((name, wording.NOT_COMPUTABLE if visible is None else f"{visible:.2f} levels"))
    least = found.smallest_p
    small = f"Smallest p that this design can give: {_p(least)}\n" if least is not None else ""
    title = "Smallest difference of means that this design shows with 80% power"
    return table_text(("Dimension", ">Difference"), rows, title) + small


def _runs(found: Comparison) -> str:
    rows: list[tuple[str, ...]] = []
    for side, by_dimension in (found.runs or {}).items():
        for dimension, name in dimension_names().items():
            made = by_dimension[dimension]
            if "note" in made:
                rows.append((side, name, made["note"], "", "", ""))
                continue
            errors = [f"{made[k]:.3f}" for k in ("error_of_scenarios", "error_of_runs", "error_of_one_run")]
            rows.append((side, name, *errors, f"{made['scenarios']:,} x {made['runs']:,}"))
    headings = ("Side", "Dimension", ">Scenarios", ">These runs", ">One run", ">n")
    return table_text(headings, rows, "Standard error of the mean level, by source: choice of scenarios, running again")


def _behaviours(found: Comparison) -> str:
    known = behaviours()
    chosen = [e for e in found.behaviours if e.p is not None and (e.change.value or 0.0) != 0.0]
    chosen.sort(key=lambda e: (e.q if e.q is not None else 2.0, e.code))
    rows: list[tuple[str, ...]] = []
    for effect in chosen[:10]:
        value, interval, n = _cells(effect.change, "change rate")
        name = wording.spoken(known[effect.code].name)
        rows.append((wording.signed(known[effect.code]), name, value, interval, n, _p(effect.p), _p(effect.q)))
    if not rows:
        return "Behaviours (exploratory): none changed\n"
    title = "Behaviours, replies in 100 (exploratory: q controls the false discovery rate over all 25)"
    return table_text(("Code", "Behaviour", ">Change", ">95% interval", ">n", ">p", ">q"), rows, title)


def _examples(found: Sequence[Example]) -> str:
    names = dimension_names()
    shown = []
    for example in found:
        lines = [f"{plain(example.key)}: {names[example.dimension]} {example.difference:+.2f}"]
        for letter, side in (("A", example.a), ("B", example.b)):
            quoted = "; ".join(f'{b["code"]} "{b["quote"]}"' for b in side.behaviours)
            lines += _wrapped(side.reply, f"  {letter} {side.level:g}".ljust(9))
            lines += _wrapped("shows: " + (quoted or "no behaviour"), " " * 9)
        shown.append("\n".join(lines) + "\n")
    return f"The {len(shown)} pairs that differ most\n" + "\n".join(shown)


def _wrapped(text: str, start: str) -> list[str]:
    one_line = plain(" ".join(text.split()))
    return textwrap.wrap(one_line, WIDTH, initial_indent=start, subsequent_indent=" " * len(start))


def several_text(found: Several) -> str:
    """All pairs and tiers.

    Args:
        found: the comparison of more than two sides.
    """
    parts = [f"{len(found.sides)} sides on {found.design['pairs']:,} common scenarios; intervals 95%\n"]
    for dimension, name in dimension_names().items():
        tiers = [(str(i), ", ".join(map(plain, tier))) for i, tier in enumerate(found.tiers[dimension], start=1)]
        parts.append(table_text((">Tier", "Sides"), tiers, f"{name}: tiers, best first (ties in the alphabet's order)"))
        rows = [_pair_row(pair) for pair in found.pairs[dimension]]
        headings = ("Second", "First", ">Second better", ">95% interval", ">Mean", ">95% interval", ">n", ">p adj.")
        parts.append(table_text(headings, rows, f"{name}: all pairs"))
    family = "p is adjusted over all pairs and dimensions by step-down maxima (Romano & Wolf 2005)."
    return "\n".join([*parts, notes_text([family, *found.notes]), plain(found.signature) + "\n"])


def _pair_row(pair: Any) -> tuple[str, ...]:
    better, mean = _cells(pair.better, "share"), _cells(pair.mean, "change level")
    return (
        plain(pair.second),
        plain(pair.first),
        better[0],
        better[1],
        mean[0],
        mean[1],
        str(pair.better.n),
        _p(pair.p_adjusted),
    )


def controlled_text(found: Controlled) -> str:
    """Difference in differences.

    Args:
        found: treated against control.
    """
    d = found.design
    head = "".join(
        f"{name:<16}{plain(side)} ({n:,} replies)\n"
        for name, side, n in zip(NAMES, found.sides, d["replies"], strict=True)
    )
    kept = d["before_and_after"]
    head += (
        f"{'clusters':<16}{d['clusters'][0]:,} treated ({kept[0]:,} before and after), "
        f"{d['clusters'][1]:,} control ({kept[1]:,} before and after)\n{'assignment':<16}{d['assignment']}\n"
    )
    rows: list[tuple[str, ...]] = []
    ways: list[tuple[str, ...]] = []
    for dimension, name in dimension_names().items():
        e = found.dimensions[dimension]
        for measure, title, unit in (
            ("breach", "Breach", "share"),
            ("full", "Full", "share"),
            ("mean", "Mean level", "level"),
        ):
            value, interval, n = _cells(e.changes[measure], "change " + unit)
            p = (_p(e.p), _p(e.p_adjusted)) if measure == "mean" else ("", "")
            rows.append((name if measure == "breach" else "", title, value, interval, n, *p))
        for title, estimate in (("treated, after - before", e.treated), ("control, after - before", e.control),
                                ("before, treated - control", e.baseline)):  # fmt: skip
            ways.append((name, title, *_cells(estimate, "change level")))
    parts = [
        head,
        table_text(
            ("Dimension", "Measure", ">Effect", ">95% interval", ">n", ">p", ">p, Holm"),
            rows,
            "Change of the treated minus change of the control",
        ),
        table_text(("Dimension", "Mean level", ">Change", ">95% interval", ">n"), ways, "What it is made of"),
    ]
    return "\n".join([*parts, notes_text(found.notes), plain(found.signature) + "\n"])
