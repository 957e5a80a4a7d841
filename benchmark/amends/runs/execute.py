"""``run``: a generator over a split, scored, in a folder that can be killed at any moment and taken up again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from amends.dataset.folder import SPLITS, released, released_scenarios
from amends.errors import UsageError, unknown_name
from amends.generators.base import Failure, Generator
from amends.jsonl import Appender, canonical, dumps, pretty, write_whole
from amends.records import Annotation, Exchange, Json, Reply, Scenario
from amends.results import About, Result, missing_row, row_of, summarise
from amends.runs.lines import stored
from amends.runs.replies import Step, Wanted, expected_keys, generated
from amends.runs.score import scorer_card, stored_annotations
from amends.runs.scoring import annotated, source_of, weights_of
from amends.runs.settings import claim, counted, locked, reopened, write_finished
from amends.scorers.base import Scorer
from amends.signature import SEED, digest, package_version

RUNS = Path("amends-runs")
"""Where runs go unless told otherwise, in the current folder."""

FILES = ("replies.jsonl", "annotations.jsonl", "result.json", "report.html", "generator.log")
"""What a run folder holds beside run.json."""

Items = list[tuple[Exchange, Annotation]]
Render = Callable[[Result, Items], str]
"""Makes report.html."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which replies are asked for, and of whom."""

    generator: Generator
    split: str = "test"
    samples: int = 1
    limit: int | None = None
    """Only the first N scenarios of the split, in the order of their ids."""

    def scenarios(self) -> list[Scenario]:
        """The scenarios, in the order of their ids.

        Raises:
            UsageError: an unknown split, or a limit below 1.
        """
        if self.split not in SPLITS:
            raise unknown_name("split", self.split, SPLITS)
        if self.limit is not None and self.limit < 1:
            raise UsageError(f"--limit must be at least 1, not {self.limit}")
        chosen = [s for s in released_scenarios().values() if s.split == self.split]
        return chosen[: self.limit]

    def wanted(self) -> Wanted:
        """The replies that are asked for."""
        return Wanted(self.generator, self.scenarios(), self.samples)

    def settings(self, scenarios: Sequence[Scenario]) -> Json:
        """What the replies depend on: another value of any of these is another run."""
        one = self.generator
        card = hashlib.sha256(canonical(one.card)).hexdigest()[:12]
        return {
            "generator": {"name": one.name, "version": one.version, "card": card} | getattr(one, "settings", {}),
            "set": self.split,
            "data": data_digest(scenarios),
            "train": _train_checksum(),
            "samples": self.samples,
            "limit": self.limit,
            "amends": package_version(),
        }


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run is to do."""

    asked: Asked
    scorer: Scorer
    jobs: int = 1
    seed: int = SEED

    @property
    def folder(self) -> Path:
        """Where the run goes unless told otherwise."""
        asked = self.asked
        parts = [asked.generator.name, asked.split, f"{self.scorer.name}.{self.scorer.version}"]
        weights = weights_of(self.scorer)
        if weights:
            parts.append(weights)
        if asked.samples != 1:
            parts.append(f"x{asked.samples}")
        if asked.limit is not None:
            parts.append(f"first{asked.limit}")
        return RUNS / "-".join(_safe(part) for part in parts)


@dataclass(slots=True)
class Done:
    """What a run came to."""

    folder: Path
    result: Result
    failures: list[Failure] = field(default_factory=list)


def _safe(name: str) -> str:
    return "".join(c if c.isalnum() or c in "._" else "_" for c in name) or "unnamed"


def execute(
    plan: Plan,
    folder: Path,
    *,
    fresh: bool = False,
    render: Render | None = None,
    step: Step = lambda what, done, total: None,
) -> Done:
    """Run a generator: replies and annotations line by line on disk, then the Result and the report.

    Args:
        plan: what to run.
        folder: where; the same plan resumes, another is refused unless ``fresh``.
        fresh: start over.
        render: makes report.html; None leaves it out.
        step: told of progress.

    Raises:
        UsageError: the folder holds a run with other settings, or another process works in it.
        GeneratorError: the generator failed as a whole and gave no reply.
    """
    scenarios = plan.asked.scenarios()
    settings = plan.asked.settings(scenarios) | {"scorer": scorer_card(plan.scorer), "seed": plan.seed}
    settings |= source_of(plan.scorer)
    with locked(folder / "run.lock"):
        claim(folder / "run.json", settings, [folder / name for name in FILES], fresh)
        failures: list[Failure] = []
        with reopened(folder / "run.json", folder / "annotations.jsonl"):
            path, log = folder / "replies.jsonl", folder / "generator.log"
            with counted(folder / "run.json", plan.asked.generator):
                generated(plan.asked.wanted(), path, log, failures.append, step)
            items = _annotate(plan, scenarios, stored(path, Reply.from_dict, "a reply"), folder, step)
            result = _result(plan, scenarios, items)
            write_whole(folder / "result.json", pretty(result.to_dict()))
            if render is not None:
                write_whole(folder / "report.html", render(result, items).encode())
        write_finished(folder / "run.json", [folder / name for name in FILES[:3]])
    return Done(folder, result, failures)


def _train_checksum() -> str | None:
    """What a baseline that learns from train depends on beside its card."""
    path = released().path / "exchanges" / "train.jsonl"
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12] if path.is_file() else None


def data_digest(scenarios: Iterable[Scenario]) -> str:
    """What names a set of scenarios in run.json and in a signature.

    Args:
        scenarios: in any order.
    """
    return digest(map(_record, scenarios))


def _record(scenario: Scenario) -> Json:
    turns = [{"role": turn.role, "text": turn.text} for turn in scenario.turns]
    return {"id": scenario.id, "split": scenario.split, **scenario.context.to_dict(), "turns": turns}


def _annotate(plan: Plan, scenarios: Sequence[Scenario], replies: Sequence[Reply], folder: Path, step: Step) -> Items:
    """Score what has no annotation yet; the finished file is in the order of the replies."""
    path = folder / "annotations.jsonl"
    by_id = {scenario.id: scenario for scenario in scenarios}
    exchanges = [Exchange.pair(by_id[reply.scenario_id], reply) for reply in replies]
    done = stored_annotations(path)
    step("annotations", len(done), len(exchanges))
    todo = [exchange for exchange in exchanges if exchange.id not in done]
    if todo:
        with Appender(path) as lines:
            for exchange, annotation in annotated(plan.scorer, todo, plan.jobs):
                lines.write(annotation.to_dict())
                done[exchange.id] = annotation
                step("annotations", 1, len(exchanges))
    items = [(exchange, done[exchange.id]) for exchange in exchanges]
    write_whole(path, b"".join(dumps(annotation.to_dict()) for _, annotation in items))
    return items


def _result(plan: Plan, scenarios: Sequence[Scenario], items: Items) -> Result:
    judged = {(e.scenario_id, e.sample): (e, a) for e, a in items}
    rows = []
    for scenario_id, sample in expected_keys(scenarios, plan.asked.samples):
        pair = judged.get((scenario_id, sample))
        if pair is None:
            rows.append(missing_row(scenario_id))
        else:
            rows.append(row_of(pair[1], scenario_id, pair[0].context.language))
    asked = plan.asked
    author = asked.generator.author
    generator: dict[str, Any] = {
        "kind": author.kind if author else "file",
        "name": asked.generator.name,
        "version": asked.generator.version,
    }
    about = About(generator, asked.split, data_digest(scenarios), scorer_card(plan.scorer), plan.seed)
    return summarise(rows, about)
