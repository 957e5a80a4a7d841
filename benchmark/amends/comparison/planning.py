"""How much data a comparison needs, from a pilot or from the released dataset."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from amends.comparison import matching
from amends.comparison.grouping import group_of, labels_of
from amends.comparison.sides import Side
from amends.errors import UsageError
from amends.records import DIMENSIONS, Exchange
from amends.rubric.definitions import version
from amends.signature import SEED, digest, signature
from amends.statistics.clusters import MIN_CLUSTERS, cluster_sums
from amends.statistics.influence import Codes, distinct, outermost
from amends.statistics.power import POWER, SIMULATIONS, Draws, Pilot, simulate, simulate_unpaired, size_factors
from amends.statistics.resampling import smallest_p

SIZES = (25, 50, 100, 200, 400, 800)
MOST = {"better": 0.5, "breach": 1.0, "full": 1.0, "mean": 4.0}
"""Largest difference that each measure can have."""
FAMILY = 3
"""Dimensions tested together: the first step of Holm's procedure asks for 0.05 / 3."""
STEPS = 40
LARGEST = 20_000
"""Clusters above which no size is looked for."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of a plan."""

    sizes: Sequence[int] = SIZES
    """Numbers of clusters."""
    difference: float | None = None
    """Of mean levels, to find the size that shows it; None for none."""
    seed: int = SEED
    """Of the draws."""


@dataclass(frozen=True, slots=True)
class _Source:
    """What a plan is made from."""

    name: str
    data: str
    """As in a signature."""
    design: str
    """paired or unpaired."""
    clusters: int
    replies: int


@dataclass(frozen=True, slots=True)
class Visible:
    """Smallest true difference that a comparison of one size shows with 80% power."""

    alone: float | None
    """One dimension tested at 5%; None where no difference that the scale allows would be shown."""
    family: float | None
    """The three dimensions tested together, at Holm's hardest step."""


@dataclass(frozen=True, slots=True)
class Planned:
    """What comparisons of several sizes can show."""

    pilot: str
    design: Mapping[str, Any]
    """paired or unpaired, clusters and replies of the pilot, and how far off sizes may be for so small a one."""
    visible: Mapping[str, Mapping[str, Mapping[int, Visible]]]
    """Dimension to measure to number of clusters to the smallest visible difference."""
    curves: Mapping[str, Mapping[int, Sequence[tuple[float, float]]]]
    """Dimension to number of clusters to (difference of means, power)."""
    needed: Mapping[str, int | None] | None
    """Where a difference was asked for: dimension to clusters for 80% power (family of three)."""
    signature: str

    def to_dict(self) -> dict[str, Any]:
        """As in --json, numbers of clusters as texts."""
        made = asdict(self)
        made["visible"] = {d: {m: _texts(v) for m, v in by.items()} for d, by in made["visible"].items()}
        made["curves"] = {d: _texts(v) for d, v in made["curves"].items()}
        return made


def _texts(by_size: Mapping[int, Any]) -> dict[str, Any]:
    return {str(n): value for n, value in by_size.items()}


Simulate = Callable[[str, str, int], Draws | None]
"""Dimension, measure, clusters -> simulated comparisons; None where the pilot does not vary or has too few clusters."""


def plan_from_pilot(a: Side, b: Side, wanted: Wanted) -> Planned:
    """What comparisons like that of A and B, but of other sizes, can show.

    Args:
        a: the first side.
        b: the second.
        wanted: sizes, difference, seed.

    Raises:
        UsageError: the pilot has too few clusters.
    """
    found = matching.pairs(a, b)
    name = f"{a.name} and {b.name}"
    digests = f"{a.tag}+{b.tag}"
    if found is None:
        pilots = [_groups(side, own) for side, own in zip((a, b), labels_of((a, b)), strict=True)]
        count = [max(len(p["mean"].sums) for p in pilot.values()) for pilot in pilots]

        source = _Source(name, digests, "unpaired", min(count), len(a.units) + len(b.units))

        def unpaired(d: str, m: str, n: int) -> Draws | None:
            sides = pilots[0][d][m], pilots[1][d][m]
            return simulate_unpaired(*sides, n, wanted.seed) if _varies(*sides) else None

        return _planned(source, unpaired, wanted)
    table = {d: {m: _of(found, d, m) for m in MOST} for d in DIMENSIONS}
    groups = min(distinct(labels) for labels in outermost(found.groupings))
    source = _Source(name, digests, "paired", groups, len(found.a.rows) + len(found.b.rows))
    return _planned(source, _paired_draws(table, wanted.seed), wanted)


def plan_from_gold(exchanges: Sequence[Exchange], split: str, wanted: Wanted) -> Planned:
    """What paired comparisons on scenarios like these can show, for systems that answer as the dataset's replies do.

    The differences between two replies drawn by lot for each scenario stand for those between two systems: their
    spread is that of the dataset, which holds more bad and more good replies than two alike systems would give, so
    that the differences found here are on the wide side.

    Args:
        exchanges: with gold.
        split: their name.
        wanted: sizes, difference, seed.
    """
    generator = np.random.default_rng(wanted.seed)
    by_scenario: dict[str, list[Mapping[str, float | None]]] = {}
    for exchange in exchanges:
        gold = (exchange.gold or {}).get("person") or (exchange.gold or {}).get("model")
        if gold and exchange.scenario_id:
            by_scenario.setdefault(exchange.scenario_id, []).append(gold["levels"])
    pairs = []
    for own in by_scenario.values():
        if len(own) > 1:
            i, j = generator.choice(len(own), size=2, replace=False)
            pairs.append((own[int(i)], own[int(j)]))
    pilots = {d: {m: _of_levels([(x[d], y[d]) for x, y in pairs], m) for m in MOST} for d in DIMENSIONS}
    data = f"{split}@{digest(e.to_dict() for e in exchanges)}"
    source = _Source(f"the released {split} set", data, "paired", len(pairs), 2 * len(pairs))
    return _planned(source, _paired_draws(pilots, wanted.seed), wanted)


def _paired_draws(pilots: Mapping[str, Mapping[str, Pilot]], seed: int) -> Simulate:
    return lambda d, m, n: simulate(pilots[d][m], n, seed) if _varies(pilots[d][m]) else None


def _of_levels(pairs: Sequence[tuple[float | None, float | None]], measure: str) -> Pilot:
    known = [(x, y) for x, y in pairs if x is not None and y is not None]
    if measure == "better":
        values = [float(y > x) + 0.5 * (y == x) - 0.5 for x, y in known]
    else:
        values = [matching.measured(y, measure) - matching.measured(x, measure) for x, y in known]
    return Pilot(np.array(values, dtype=np.float64), np.ones(len(values)))


def _of(found: matching.Pairs, dimension: str, measure: str) -> Pilot:
    each = matching.wins(found, dimension) if measure == "better" else matching.changes(found, dimension, measure)
    labels = min(outermost(each.groupings), key=distinct)
    return Pilot(*cluster_sums(each.values, labels))


def _groups(side: Side, clusters: Codes) -> dict[str, dict[str, Pilot]]:
    """Levels of one side by cluster; P(better) is planned for paired comparisons only."""
    made: dict[str, dict[str, Pilot]] = {}
    for dimension in DIMENSIONS:
        made[dimension] = {}
        for measure in ("breach", "full", "mean"):
            group = group_of(side, clusters, dimension, measure)
            made[dimension][measure] = Pilot(*cluster_sums(group.values, group.clusters))
    return made


def _planned(source: _Source, draws: Simulate, wanted: Wanted) -> Planned:
    kind, groups, sizes, difference = source.design, source.clusters, wanted.sizes, wanted.difference
    draws = functools.cache(draws)  # the tables and the curves ask for the same simulations
    if groups < MIN_CLUSTERS:
        raise UsageError(f"a pilot needs {MIN_CLUSTERS} clusters or more, and {source.name} has {groups}")
    measures = [m for m in MOST if kind == "paired" or m != "better"]
    least = {n: smallest_p(n) if kind == "paired" else 0.0 for n in sizes}
    visible = {
        d: {m: {n: _visible(draws(d, m, n), MOST[m], least[n]) for n in sizes} for m in measures} for d in DIMENSIONS
    }
    top = max((v.family or v.alone or 0.0) for d in DIMENSIONS for v in visible[d]["mean"].values()) or MOST["mean"]
    grid = np.linspace(0.0, min(top * 1.2, MOST["mean"]), STEPS + 1)
    curves = {d: {n: _curve(draws(d, "mean", n), grid.tolist()) for n in sizes} for d in DIMENSIONS}
    needed = None if difference is None else {d: _needed(draws, d, difference) for d in DIMENSIONS}
    line = signature(
        {
            "data": source.data,
            "n": f"{source.replies}/{groups}",
            "rubric": version(),
            "ci": f"power.{SIMULATIONS}",
            "seed": wanted.seed,
        }
    )
    design = {
        "design": kind,
        "clusters": groups,
        "replies": source.replies,
        "difference": difference,
        "size_factors": list(size_factors(groups)),
    }
    return Planned(source.name, design, visible, curves, needed, line)


def _visible(draws: Draws | None, most: float, least: float) -> Visible:
    """``least`` is the smallest p that so many clusters can give: below it no difference is ever shown."""
    if draws is None:
        return Visible(None, None)
    alone = draws.visible(most) if least <= 0.05 else None
    family = draws.visible(most, alpha=0.05 / FAMILY) if least <= 0.05 / FAMILY else None
    return Visible(alone, family)


def _varies(*pilots: Pilot) -> bool:
    return all(len(p.sums) >= MIN_CLUSTERS for p in pilots) and any(
        float(np.abs(p.centred().sums).max()) > 1e-12 for p in pilots
    )


def _curve(draws: Draws | None, differences: Sequence[float]) -> list[tuple[float, float]]:
    return [] if draws is None else [(x, draws.power(x)) for x in differences]


def _needed(draws: Simulate, dimension: str, difference: float) -> int | None:
    """Smallest number of clusters with 80% power in the family of three, by doubling and halving; None above 20,000."""

    def enough(n: int) -> bool:
        made = draws(dimension, "mean", n)
        return made is not None and made.power(difference, 0.05 / FAMILY) >= POWER

    high = MIN_CLUSTERS
    while not enough(high):
        high *= 2
        if high > LARGEST:
            return None
    low = high // 2
    while high - low > max(1, high // 50):
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high
