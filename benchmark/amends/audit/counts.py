"""How much there is of what: scenarios, replies, levels, behaviours, and what is thin."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from amends.audit.material import SPLITS, Material, level, shown
from amends.records import DIMENSIONS, Scenario
from amends.rubric.definitions import behaviours, dimension_names

LEVEL_SHARE = 0.08
"""Least share of test that each level of each dimension is to have."""
LEAST_BEHAVIOUR = 40
"""Replies that each behaviour is to occur in."""
FEW_SCENARIOS = 3
"""Scenarios of a domain in test under which nothing can be said of it."""

Row = tuple[str, ...]


def scenario_rows(material: Material) -> list[Row]:
    """What the scenarios of each split are like, in counts and shares.

    Args:
        material: the dataset.
    """
    by_split = {split: [s for s in material.scenarios if s.split == split] for split in SPLITS}

    def row(name: str, of: dict[str, str]) -> Row:
        return (name, *[of[split] for split in SPLITS])

    def share(name: str, holds: object) -> Row:
        return row(name, {s: _share(sum(map(holds, some)), len(some)) for s, some in by_split.items()})  # type: ignore[call-overload]

    rows = [
        row("scenarios", {s: str(len(some)) for s, some in by_split.items()}),
        row("replies", {s: str(len(material.of(s))) for s in SPLITS}),
        row("domains", {s: str(len({x.context.domain for x in some})) for s, some in by_split.items()}),
    ]
    rows += [share(f"fault: {f}", lambda x, f=f: x.context.fault == f) for f in _values(material, "fault")]
    rows += [share(f"channel: {c}", lambda x, c=c: x.context.channel == c) for c in _values(material, "channel")]
    rows += [
        share("established customer", lambda x: x.context.relationship == "established"),
        share("customer not upset", lambda x: x.context.emotion == "none"),
        share("several turns", lambda x: len(x.turns) > 1),
        share("authority given", lambda x: x.context.authority is not None),
    ]
    rows += [share(f"intensity {i}", lambda x, i=i: x.context.intensity == i) for i in range(1, 6)]
    return rows


def _values(material: Material, field: str) -> list[str]:
    return sorted({str(v) for s in material.scenarios if (v := getattr(s.context, field)) is not None})


def _share(count: int, of: int) -> str:
    return f"{count} ({100 * count / of:.0f}%)" if of else "none"


def level_counts(material: Material, split: str, kind: str | None = None) -> dict[str, list[int]]:
    """Replies at each level, a mean of two rounded half up.

    Args:
        material: the dataset.
        split: whose.
        kind: planned or ordinary; None for both.

    Returns:
        Dimension to five counts.
    """
    counts = {d: [0] * 5 for d in DIMENSIONS}
    for exchange in material.of(split):
        if kind is not None and material.kind(exchange.id) != kind:
            continue
        for dimension in DIMENSIONS:
            value = level(exchange, dimension)
            if value is not None:
                counts[dimension][int(value + 0.5) - 1] += 1
    return counts


def behaviour_counts(material: Material) -> dict[str, Counter[str]]:
    """Split to behaviour to the replies of gold that show it.

    Args:
        material: the dataset.
    """
    return {split: Counter(code for e in material.of(split) for code in shown(e)) for split in SPLITS}


def thin(material: Material) -> list[str]:
    """What there is too little of, in sentences.

    Args:
        material: the dataset.
    """
    names, found = dimension_names(), []
    for dimension, counts in level_counts(material, "test").items():
        total = sum(counts)
        low = [
            f"level {i} ({100 * n / total:.0f}%)" for i, n in enumerate(counts, 1) if total and n / total < LEVEL_SHARE
        ]
        if low:
            found.append(f"{names[dimension]} in test: {', '.join(low)} under {100 * LEVEL_SHARE:.0f}%.")
    totals: Counter[str] = sum(behaviour_counts(material).values(), Counter())
    rare = [f"{code} ({totals[code]})" for code in behaviours() if totals[code] < LEAST_BEHAVIOUR]
    if rare:
        found.append(f"Behaviours in fewer than {LEAST_BEHAVIOUR} replies: {', '.join(rare)}.")
    test = [s for s in material.scenarios if s.split == "test"]
    scarce = sorted(str(d) for d, n in Counter(s.context.domain for s in test).items() if n < FEW_SCENARIOS)
    if scarce:
        found.append(f"Domains with fewer than {FEW_SCENARIOS} test scenarios: {', '.join(scarce)}.")
    ordinary = [e for e in material.of("test") if material.kind(e.id) == "ordinary"]
    for dimension in DIMENSIONS:
        levels = Counter(int((level(e, dimension) or 0) + 0.5) for e in ordinary)
        top, count = levels.most_common(1)[0] if levels else (0, 0)
        if ordinary and count / len(ordinary) > 0.6:
            found.append(
                f"Ordinary replies of test are alike on {names[dimension].lower()}: "
                f"{100 * count / len(ordinary):.0f}% stand at level {top}."
            )
    return found


def test_only(scenarios: Sequence[Scenario]) -> list[str]:
    """Domains that occur in test alone.

    Args:
        scenarios: all of them.
    """
    seen = {s.context.domain for s in scenarios if s.split != "test"}
    return sorted({str(s.context.domain) for s in scenarios if s.split == "test" and s.context.domain not in seen})
