"""Replies that tests of harnesses know beforehand: good ones, empty ones, ones that no scorer of ours judges."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import amends
from amends.dataset.folder import released
from amends.records import DIMENSIONS, Annotation, Exchange
from amends.results import Result
from amends.scorers.rules.scorer import Rules

LIMIT = 40
"""Scenarios of validation that the tests use: some have one turn, some three, some five."""
SCORER = "tests.harness.cases:Moody"


class Moody:
    """The scorer ``rules``, which refuses some replies and has no opinion on the empathy of others."""

    name = "moody"
    version = 1

    def __init__(self) -> None:
        self._rules = Rules()

    def annotate(self, exchanges: Sequence[Exchange]) -> list[Annotation]:
        judged = self._rules.annotate(exchanges)
        return [self._moody(e, a) for e, a in zip(exchanges, judged, strict=True)]

    def _moody(self, exchange: Exchange, annotation: Annotation) -> Annotation:
        if not exchange.reply or len(exchange.reply) % 5 > 1:
            return annotation
        if len(exchange.reply) % 5 == 0:
            refused = (*annotation.flags, "refused_by_judge")
            return replace(annotation, levels=dict.fromkeys(DIMENSIONS), behaviours=(), flags=refused)
        return replace(annotation, levels={**annotation.levels, "empathy": None})


def replies(samples: int = 1) -> dict[tuple[str, int], str]:
    """(scenario, sample) to a released reply, some of them replaced by what counts as none."""
    wanted = [scenario.id for scenario in released().scenarios("validation")][:LIMIT]
    texts: dict[str, list[str]] = {scenario_id: [] for scenario_id in wanted}
    for reply in released().replies():
        if reply.scenario_id in texts:
            texts[reply.scenario_id].append(reply.text)
    chosen = {(i, sample): texts[i][sample] for i in wanted for sample in range(samples)}
    for number, key in enumerate(chosen):
        if number % 8 == 1:
            chosen[key] = ""
        elif number % 8 == 3:
            chosen[key] = "Sentimos mucho lo ocurrido con su pedido y le enviaremos otro mañana sin coste alguno."
    return chosen


def run(texts: dict[tuple[str, int], str], folder: Path, samples: int = 1, scorer: str = SCORER) -> Result:
    """``amends run`` over the same replies."""
    lines = [
        {"id": f"{scenario_id}.{sample}", "scenario_id": scenario_id, "sample": sample, "text": text}
        for (scenario_id, sample), text in texts.items()
    ]
    file = folder / "replies.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return amends.run(
        str(file), "validation", scorer=scorer, samples=samples, limit=LIMIT, out=folder / "run", fresh=True
    )


def figures(result: Result) -> dict[str, float | None]:
    """What a harness must show, read from a Result field by field."""
    shown: dict[str, float | None] = {}
    for name in DIMENSIONS:
        one = result.dimensions[name]
        shown |= {name: one.mean.value, f"{name}_low": one.mean.low, f"{name}_high": one.mean.high}
        shown |= {f"{name}_n": one.mean.n, f"{name}_judged": one.mean.n / result.counts["replies"]}
        for share, estimate in (("breach", one.breach), ("full", one.full)):
            shown |= {f"{name}_{share}": estimate.value}
            shown |= {f"{name}_{share}_low": estimate.low, f"{name}_{share}_high": estimate.high}
    return shown
