"""The systems set by gold alone: levels of each generator, and the order of prompts that was expected beforehand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from amends.audit.material import level
from amends.records import DIMENSIONS, Exchange
from amends.results import BREACH_BELOW, FULL_FROM
from amends.statistics.clusters import mean_estimate, share_estimate
from amends.statistics.estimate import Estimate

EXPECTED = ("prompt-rubric", "prompt-short", "prompt-none")
"""Best first: written down in systems/README.md before any of these replies was written."""


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


def expected_order(systems: Sequence[Exchange], seed: int) -> list[tuple[str, str, Mapping[str, Estimate]]]:
    """What the expected order came to, one step after another.

    Args:
        systems: replies of whole generators, with gold.
        seed: of the resampling.

    Returns:
        The generator expected higher, the one expected lower, and by dimension the mean over their common scenarios of
        the difference in gold level.
    """
    by = {(e.author.name, e.scenario_id): e for e in systems if e.author}
    steps: list[tuple[str, str, Mapping[str, Estimate]]] = []
    for high, low in (EXPECTED[:2], EXPECTED[1:]):
        common = sorted({s for name, s in by if name == high and (low, s) in by}, key=str)
        steps.append(
            (high, low, {d: _difference(by, high, low, [str(s) for s in common], d, seed) for d in DIMENSIONS})
        )
    return steps


def _difference(
    by: Mapping[tuple[str, str | None], Exchange], high: str, low: str, common: Sequence[str], dimension: str, seed: int
) -> Estimate:
    values, clusters = [], []
    for scenario in common:
        a, b = level(by[high, scenario], dimension), level(by[low, scenario], dimension)
        if a is not None and b is not None:
            values.append(a - b)
            clusters.append(scenario)
    return mean_estimate(values, clusters, (-4.0, 4.0), seed)
