"""A calibration on the terminal: what it is made of, its weights, and its out-of-fold numbers."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any

from amends.calibration.fit import signature_of
from amends.calibration.measure import GAINS, MEASURES
from amends.records import DIMENSIONS
from amends.reports.scorercard import MODEL_GOLD, part_text
from amends.reports.scorercard_parts import Row, grid
from amends.rubric.definitions import dimension_names
from amends.scorers.calibrated.document import Calibration
from amends.signature import scorer_tag
from amends.statistics.estimate import Estimate
from amends.terminal import WIDTH, plain, table_text

_NAMES = {"error": "Mean error", "spearman": "Spearman's rho", "rps": "RPS", "top": "ECE, likeliest"}
_UNITS = {"error": "level", "spearman": "level", "rps": "share", "top": "share"}

_READING = (
    "Mean error in levels, RPS (ranked probability score; a level without probabilities counts as certain) and ECE "
    "(expected calibration error): lower is better. Rho is taken within folds and averaged: higher is better."
)


def terminal(made: Calibration) -> str:
    """The calibration as plain text of at most 100 columns, the signature last.

    Args:
        made: fitted, or read from a file.
    """
    fitted, names = made.fitted, dimension_names()
    lines = (
        ("members", ", ".join(scorer_tag(m.name, m.version, m.weights) for m in made.members)),
        ("fitted on", f"{fitted.split}@{fitted.digest}, data {fitted.version or 'without a version'}"),
        ("gold", fitted.gold),
        ("replies", f"{fitted.replies:,} ({fitted.scenarios:,} scenarios)"),
        ("intervals", "95%, under each number; n is replies (clusters)"),
    )
    texts = ["".join(_line(name, plain(text)) for name, text in lines), _odds(made)]
    for d in DIMENSIONS:
        levels = made.measured["levels"]
        texts.append(_table(f"{names[d]}: out of fold ({fitted.folds} folds by scenario)", levels, d, MEASURES))
        gains = made.measured["gains"]
        texts.append(_table(f"{names[d]}: {list(levels)[-1]} minus each, same replies", gains, d, GAINS))
    texts.append(textwrap.fill(_READING, WIDTH) + "\n")
    if fitted.gold == "model":
        texts.append(textwrap.fill(MODEL_GOLD, WIDTH) + "\n")
    return "\n".join([*texts, plain(signature_of(made)) + "\n"])


def _line(name: str, text: str) -> str:
    """A line of the heading; what does not fit goes below, under its beginning."""
    return textwrap.fill(f"{name:<11}{text}", WIDTH, subsequent_indent=" " * 11, break_on_hyphens=False) + "\n"


def _odds(made: Calibration) -> str:
    """Weights by pattern of members that judged."""
    names = dimension_names()
    rows = [
        (
            names[d],
            ", ".join(f"{name} {weight:.2f}" for name, weight in one.weights.items()),
            " ".join(f"{threshold:.2f}" for threshold in one.thresholds),
            f"{one.n:,} ({one.scenarios:,})",
        )
        for d in DIMENSIONS
        for one in made.odds[d]
    ]
    heading = ("Dimension", "Weight (log-odds a level) of who judged", "Thresholds", ">n")
    return table_text(heading, rows, "Odds, one row a pattern of members that gave a level")


def _table(caption: str, found: Mapping[str, Any], dimension: str, measures: tuple[str, ...]) -> str:
    rows = [
        Row(plain(name), tuple((Estimate.from_dict(some[dimension][m]), _UNITS[m]) for m in measures))
        for name, some in found.items()
    ]
    return part_text(grid(caption, "Scorer", [_NAMES[m] for m in measures], rows, one_n=False))
