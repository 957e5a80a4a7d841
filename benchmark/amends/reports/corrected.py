"""Numbers corrected by labels, as plain text."""

from __future__ import annotations

from collections.abc import Mapping

from amends.comparison.corrected import CorrectedSide
from amends.reports import wording
from amends.rubric.definitions import dimension_names
from amends.statistics.groups import Tested
from amends.statistics.ppi import Corrected
from amends.terminal import plain, table_text

UNIT = {"breach": "share", "full": "share", "mean": "level"}


def corrected_text(found: CorrectedSide) -> str:
    """One side, corrected by its labels.

    Args:
        found: labels and scorer together.
    """
    who = _spoken(found.makers)
    whole = max(one.estimate.n for by in found.dimensions.values() for one in by.values())
    title = f"Corrected by {found.labeled:,} labels of {who}: {plain(found.name)}, {whole:,} replies (n: labels)"
    rows: list[tuple[str, ...]] = []
    for dimension, name in dimension_names().items():
        for measure, shown, _, unit in wording.MEASURES:
            rows.append((name if measure == "breach" else "", shown, *_row(found.dimensions[dimension][measure], unit)))
    headings = ("Dimension", "Measure", ">Scorer", ">Labels", ">95% interval", ">n", ">Both", ">95% interval")
    told = [table_text(headings, rows, title), _more(found)]
    if found.makers != ("person",):
        told.append("These labels are a language model's, not people's: they correct toward that model's judgement.\n")
    absent = max(by["breach"].estimate.n - by["mean"].estimate.n for by in found.dimensions.values())
    if absent:
        told.append(f"{absent:,} replies were not given: breaches that need no label, in the n of the shares.\n")
    if found.unanswered:
        told.append(
            f"{found.unanswered:,} drawn replies have no label: if they differ from the others, this is biased.\n"
        )
    if found.unmatched:
        told.append(f"{found.unmatched:,} labeled replies are not in the log: left out.\n")
    return "\n".join([*told, found.signature + "\n"])


def _spoken(makers: tuple[str, ...]) -> str:
    return " and ".join({"person": "people", "model": "language models"}.get(maker, maker) for maker in makers)


def _row(one: Corrected, unit: str) -> tuple[str, ...]:
    scorer = wording.NOT_COMPUTABLE if one.scorer_only is None else wording.digits(one.scorer_only, unit)
    own, both = wording.printed(one.labels_only, unit), wording.printed(one.estimate, unit)
    return scorer, own.value, own.interval, f"{one.labels_only.n:,}", both.value, both.interval


def _more(found: CorrectedSide) -> str:
    lines = []
    for dimension, name in dimension_names().items():
        more = found.dimensions[dimension]["mean"].more_to_halve
        told = "no number of labels of this log would" if more is None else f"{more:,} more labels"
        lines.append(f"  {name}: {told}")
    return "To halve the mean's interval\n" + "\n".join(lines) + "\n"


def corrected_changes_text(
    found: Mapping[str, Mapping[str, Tested]], adjusted: Mapping[str, float], makers: tuple[str, ...]
) -> str:
    """Change from A to B, each corrected by its labels.

    Args:
        found: dimension to measure to its change.
        adjusted: dimension to Holm's p of the mean.
        makers: kinds of the annotators.
    """
    rows: list[tuple[str, ...]] = []
    for dimension, name in dimension_names().items():
        for measure, shown, _, unit in wording.MEASURES:
            one = found[dimension][measure]
            number = wording.printed(one.estimate, unit)
            sign = "+" if (one.estimate.value or 0) > 0 else ""
            p = f"{adjusted[dimension]:.3f}" if measure == "mean" and dimension in adjusted else ""
            rows.append((name if measure == "breach" else "", shown, sign + number.value, number.interval, number.n, p))
    who = _spoken(makers)
    headings = ("Dimension", "Measure", ">Change", ">95% interval", ">n", ">p, Holm")
    return table_text(headings, rows, f"Change from A to B, scorer corrected by labels of {who}")
