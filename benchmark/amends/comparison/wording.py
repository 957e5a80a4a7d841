"""What limits a comparison, in words, and the line that makes it repeatable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from amends.comparison.effects import DimensionEffect
from amends.comparison.matching import on_both
from amends.comparison.sides import Side
from amends.rubric.definitions import dimension_names, version
from amends.signature import scorer_tag, signature
from amends.statistics.clusters import METHODS, MIN_CLUSTERS

SAMPLING_ONLY = (
    "Without people's labels the intervals cover the sampling of replies only: a scorer that errs differently on A "
    "and on B biases the difference, and no interval here shows that."
)
NOT_RANDOM = (
    "Who got the treatment was not drawn by lot: agents, cases or seasons that differ between the groups can make "
    "such a difference without it."
)
MANY = 20
"""Below this many clusters, intervals lean on few units."""


def notes_on(a: Side, b: Side, design: Mapping[str, Any], effects: Mapping[str, DimensionEffect]) -> tuple[str, ...]:
    """What a reader must know before leaning on the numbers.

    Args:
        a: the first side.
        b: the second.
        design: as in a Comparison.
        effects: its dimensions.
    """
    names = dimension_names()
    notes = [SAMPLING_ONLY] if any(s.judge.get("kind", "program") != "person" for s in (a, b)) else []
    if a.judge != b.judge:
        notes.append(f"A was judged by {_judge(a)}, B by {_judge(b)}: they differ in their judge as well.")
    groups = design["clusters"]
    fewest = min(groups) if isinstance(groups, list) else groups
    if fewest < MIN_CLUSTERS:
        notes.append(f"{fewest} clusters: no interval under {MIN_CLUSTERS}; a difference here is a single case.")
    elif fewest < MANY:
        notes.append(f"Only {fewest} clusters: intervals are wide and lean on few units.")
    least = design["smallest_p"]
    if least is not None and 3 * least > 0.05:
        notes.append(
            f"The smallest p that so few clusters can give is {least:.3f}; adjusted for three dimensions nothing can "
            "reach 0.05."
        )
    if design["design"] == "paired" and any(design["without_counterpart"]):
        left = " and ".join(f"{n:,} of {s}" for n, s in zip(design["without_counterpart"], "AB", strict=True))
        notes.append(f"Replies without a counterpart are left out: {left}.")
    if design["design"] == "unpaired":
        notes.append("The sides share no key: nothing is paired, and differences in the cases are part of the raw one.")
        shared = on_both(a, b)
        if shared:
            notes.append(
                f"{shared:,} replies stand on both sides, with one id and one text: they count twice and pull every "
                "difference towards none. Give each side its own replies alone; two judges of the same replies are "
                "compared pair by pair, with --pair-by id."
            )
    thin = [
        names[d]
        for d, e in effects.items()
        if e.standardised and max(e.standardised["without_counterpart"], default=0.0) > 0.5
    ]
    if thin:
        notes.append(
            "Over half of one side's cases have no counterpart on the other: the number at equal mix speaks for a "
            f"minority ({', '.join(thin)})."
        )
    if design.get("joined"):
        notes.append(f"{design['joined']} clusters were joined, because pairs lie in two of them at once.")
    notes += [f"{names[d]}: {e.left_out:,} could not be judged; left out." for d, e in effects.items() if e.left_out]
    return tuple(notes)


def _judge(side: Side) -> str:
    judge = side.judge
    return f"{judge['name']} {judge['version']}"


def signature_of(sides: Sequence[Side], design: Mapping[str, Any], seed: int) -> str:
    """The citable line of a comparison.

    Args:
        sides: what is compared.
        design: its ``design``, ``replies``, ``clusters`` and ``missing``.
        seed: of the draws.
    """
    groups = design["clusters"]
    n = design["pairs"] or sum(design["replies"])
    judges = sorted({_tagged(side) for side in sides})
    return signature(
        {
            "data": "+".join(side.tag for side in sides),
            "n": f"{n}/{sum(groups) if isinstance(groups, list) else groups}",
            "missing": sum(design["missing"]),
            "rubric": version(),
            "scorer": "+".join(judges),
            "unit": "+".join(sorted({side.unit for side in sides if side.unit is not None})) or None,
            "ci": METHODS + ("" if design["design"] == "paired" else "+obuchowski+mover"),
            "seed": seed,
        }
    )


def _tagged(side: Side) -> str:
    return scorer_tag(side.judge["name"], side.judge["version"], side.judge.get("weights"))
