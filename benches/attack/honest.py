"""What the honest baselines come to by the same scorer on the same train scenarios."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from benches.attack.budget import Asked, Counted

from amends.generators import Failure, baselines, load_generator
from amends.records import Scenario


def honest_baselines() -> list[str]:
    """Baselines that do not cheat, and that give a reply: echo sends the customer's own words back, which is none."""
    return [name for name in baselines() if not name.startswith("cheat-") and name != "echo"]


def scored(counted: Counted, scenarios: Sequence[Scenario]) -> list[dict[str, Any]]:
    """Levels of every baseline on every scenario, one record a reply.

    Args:
        counted: scorer with a budget that pays for them.
        scenarios: what they answer.

    Returns:
        ``{"generator", "version", "scenario_id", "score"}``.

    Raises:
        RuntimeError: a baseline failed.
    """
    by_id = {scenario.id: scenario for scenario in scenarios}
    records = []
    for name in honest_baselines():
        failures: list[Failure] = []
        generator = load_generator(name)
        replies = sorted(generator.generate(scenarios, report=failures.append), key=lambda r: r.scenario_id)
        if failures:
            raise RuntimeError(f"baseline {name}: {failures[0]}")
        asked: list[Asked] = [(by_id[reply.scenario_id], reply.text) for reply in replies]
        records += [
            {"generator": name, "version": generator.version, "scenario_id": scenario.id, "score": levels}
            for (scenario, _), levels in zip(asked, counted.levels(asked), strict=True)
        ]
    return records
