"""What the official scorers make of an example: shown only after its labels are saved, so that it sways nobody."""

from __future__ import annotations

from collections.abc import Sequence

from amends.records import DIMENSIONS, Exchange, Json
from amends.rubric.definitions import dimension_names
from amends.scorers import load_scorer

OFFICIAL = ("rules", "trained")


def reading(exchange: Exchange, scorers: Sequence[str] = OFFICIAL) -> list[Json]:
    """The scorers' reading of one exchange.

    Args:
        exchange: the example.
        scorers: names.

    Returns:
        For each scorer ``scorer``, ``levels`` (dimension to 1..5 or None), ``behaviours`` (code, quote) and ``flags``.
    """
    told = []
    for name in scorers:
        scorer = load_scorer(name)
        made = scorer.annotate([exchange.blinded()])[0]
        told.append(
            {
                "scorer": f"{scorer.name} {scorer.version}",
                "levels": {d: made.levels[d] for d in DIMENSIONS},
                "behaviours": [{"code": b.code, "quote": b.quote} for b in made.behaviours],
                "flags": list(made.flags),
            }
        )
    return told


def reading_lines(told: Sequence[Json]) -> list[str]:
    """The same for a person to read."""
    names = dimension_names()
    lines = []
    for one in told:
        levels = [f"{names[d]} {'cannot say' if v is None else f'{v:.2f}'}" for d, v in one["levels"].items()]
        lines.append(f"{one['scorer']}: {', '.join(levels)}")
        lines += [f'    {b["code"]} "{b["quote"]}"' for b in one["behaviours"]]
        lines += [f"    flag {flag}" for flag in one["flags"]]
    return lines
