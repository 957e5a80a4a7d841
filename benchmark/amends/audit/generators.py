"""The systems set by gold alone: levels of each generator, and the order of prompts that was expected beforehand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from amends.audit.material import level
from amends.records import DIMENSIONS, Exchange
from amends.results import BREACH_BELOW, FULL_FROM
from amends.statistics.clusters import mean_estimate, share_estimate
from amends.statistics.estimate import Estimate

EXPECTED = ("prompt-rubric", "prompt-short", "prompt-none")
"""Best first: written down in systems/README.md before any of these replies was written."""


CHEATS = ("cheat-keywords", "cheat-note", "echo")
"""Expected last."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One generator on one dimension."""

    mean: Estimate
    breach: Estimate
    full: Estimate


def standings(systems: Sequence[Exchange], seed: int) -> dict[str, dict[str, Standing]]:
    """Generators by gold, those with the highest mean over the dimensions first (for the eye alone: no total is told).

    Args:
        systems: replies of whole generators, with gold.
        seed: of the resampling.

    Returns:
        Generator to dimension to its numbers; a reply that is none is a breach, its level missing from the mean.
    """
    names = sorted({e.author.name for e in systems if e.author})
    found = {name: {d: _standing(_own(systems, name), d, seed) for d in DIMENSIONS} for name in names}
    return dict(sorted(found.items(), key=lambda item: (-sum(s.mean.value or 1.0 for s in item[1].values()), item[0])))


def _own(systems: Sequence[Exchange], name: str) -> list[Exchange]:
    return [e for e in systems if e.author and e.author.name == name]


def _standing(own: Sequence[Exchange], dimension: str, seed: int) -> Standing:
    levels = [(level(e, dimension), e.scenario_id or e.id) for e in own]
    clusters = [c for _, c in levels]
    return Standing(
        mean_estimate([v for v, _ in levels if v is not None], [c for v, c in levels if v is not None], (1, 5), seed),
        share_estimate([v is None or v < BREACH_BELOW for v, _ in levels], clusters),
        share_estimate([v is not None and v >= FULL_FROM for v, _ in levels], clusters),
    )


Level = Callable[[float], float]
"""What is compared: the level itself, or 1 for a full one."""


@dataclass(frozen=True, slots=True)
class Step:
    """Two generators of which one was expected above the other; differences on their common scenarios."""

    high: str
    low: str
    mean: Mapping[str, Estimate]
    """Dimension to the difference in gold level."""
    full: Mapping[str, Estimate]
    """Dimension to the difference in the share of full replies."""


def expected_order(systems: Sequence[Exchange], seed: int) -> list[Step]:
    """What the expected order of the prompts came to, one step after another.

    Args:
        systems: replies of whole generators, with gold.
        seed: of the resampling.
    """
    return [step(systems, high, low, seed) for high, low in (EXPECTED[:2], EXPECTED[1:])]


def step(systems: Sequence[Exchange], high: str, low: str, seed: int) -> Step:
    """Compare two generators.

    Args:
        systems: replies of whole generators, with gold.
        high: the generator expected above.
        low: the one expected below.
        seed: of the resampling.
    """
    by = {(e.author.name, str(e.scenario_id)): e for e in systems if e.author}
    common = sorted(s for name, s in by if name == high and (low, s) in by)
    pairs = [(by[high, s], by[low, s], s) for s in common]
    return Step(
        high,
        low,
        {d: _difference(pairs, d, float, (-4.0, 4.0), seed) for d in DIMENSIONS},
        {d: _difference(pairs, d, lambda level: float(level >= FULL_FROM), (-1.0, 1.0), seed) for d in DIMENSIONS},
    )


def _difference(
    pairs: Sequence[tuple[Exchange, Exchange, str]],
    dimension: str,
    of: Level,
    limits: tuple[float, float],
    seed: int,
) -> Estimate:
    values, clusters = [], []
    for high, low, scenario in pairs:
        a, b = level(high, dimension), level(low, dimension)
        if a is not None and b is not None:
            values.append(of(a) - of(b))
            clusters.append(scenario)
    return mean_estimate(values, clusters, limits, seed)


def not_below(found: Mapping[str, Mapping[str, Standing]], cheat: str) -> dict[str, list[str]]:
    """Honest generators that do not stand above a cheat, which was expected last.

    Args:
        found: generator to dimension to its numbers.
        cheat: a generator.

    Returns:
        Dimension to the generators whose mean gold level is not above the cheat's; those without any level are left
        out, and so are other cheats.
    """
    made: dict[str, list[str]] = {}
    for dimension in DIMENSIONS:
        own = found[cheat][dimension].mean.value
        others = {n: by[dimension].mean.value for n, by in found.items() if n not in CHEATS}
        made[dimension] = [n for n, v in others.items() if v is not None and own is not None and v <= own]
    return made
