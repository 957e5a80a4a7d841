"""amends as a task of Inspect AI: ``inspect eval amends/amends --model ...`` (entry point ``inspect_ai``).

Inspect asks the model; here are the samples, the scorer and the metrics. Only Inspect imports this module.

- A sample's input is the chat that any generator sees; fault, emotion, intensity and gold are in no sample.
- A score's value holds the three levels; one that could not be given is NaN, which is what Inspect leaves out
  (inspect.aisi.org.uk/scoring-policy.html). Metrics get every epoch (``unreduced``): replies to one scenario are a
  cluster, and are not averaged before they are counted.
"""

from __future__ import annotations

import math
import threading
from functools import partial
from typing import Any

import anyio.to_thread
import inspect_ai.scorer as scoring
from inspect_ai import Task, task
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import ChatMessage, ChatMessageAssistant, ChatMessageSystem, ChatMessageUser
from inspect_ai.scorer import Metric, SampleScore, Score, Scorer, Target, Value
from inspect_ai.solver import TaskState, generate

from amends.dataset.folder import released_scenarios
from amends.errors import UsageError
from amends.harness.judging import Judged, cited, figures, judge, messages_of, scenarios_of, system_prompt
from amends.records import DIMENSIONS, Annotation
from amends.results import Row
from amends.runs.execute import data_digest
from amends.scorers import DEFAULT, load_scorer

_ROLES = {"system": ChatMessageSystem, "user": ChatMessageUser, "assistant": ChatMessageAssistant}
_UNSCORED = {"refused_by_judge": "grader_failed", "unsupported_language": "unsupported_language"}
"""Flags of replies that were given and not judged, as Inspect's reasons."""


@task  # type: ignore[untyped-decorator, unused-ignore]
def amends(split: str = "test", scorer: str = DEFAULT, limit: int | None = None, system: str | None = None) -> Task:
    """Replies to upset customers on empathy, depersonalization and excuse avoidance.

    Args:
        split: train, validation or test.
        scorer: that judges, as ``amends run --scorer`` takes it.
        limit: only the first scenarios; unlike Inspect's own ``--limit`` it is in the signature's digest.
        system: path of a system prompt of your own (docs/GENERATORS.md).

    Raises:
        UsageError: an unknown split or scorer, a limit below 1, or an unknown slot in the system prompt.
        InputError: a system prompt that cannot be read.
    """
    scenarios, prompt = scenarios_of(split, limit), system_prompt(system)
    signed = cited(split, data_digest(scenarios), load_scorer(scorer))
    samples = [
        Sample(id=scenario.id, input=[_message(**message) for message in messages_of(scenario, prompt)])
        for scenario in scenarios
    ]
    return Task(
        dataset=MemoryDataset(samples, name=f"amends:{split}"),
        solver=generate(),
        scorer=levels(scorer),
        metadata={"signature": signed, "system_sha256": prompt.sha256},
    )


def _message(role: str, content: str) -> ChatMessage:
    return _ROLES[role](content=content)


def _figures_of(dimension: str) -> Metric:
    """The metric of one dimension, registered under its name."""

    @scoring.metric(name=dimension, scores="unreduced")  # type: ignore[untyped-decorator, unused-ignore]
    def registered() -> Metric:
        def over(scores: list[SampleScore]) -> Value:
            found = figures([_row(one, dimension) for one in scores], dimension)
            return {name: number for name, number in found.items() if number is not None}

        return over

    return registered()


@scoring.metric(scores="unreduced")  # type: ignore[untyped-decorator, unused-ignore]
def counts() -> Metric:
    """What a signature's ``n`` and ``missing`` are: replies, scenarios, and replies that were not given."""

    def over(scores: list[SampleScore]) -> Value:
        scenarios = {str(one.sample_id) for one in scores}
        missing = sum(not _given(one) for one in scores)
        return {"replies": len(scores), "scenarios": len(scenarios), "no_reply": missing}

    return over


def _row(one: SampleScore, dimension: str) -> Row:
    """A sample's score as the row that its reply was."""
    levels = dict.fromkeys(DIMENSIONS) | {dimension: _number(one.score.as_dict()[dimension])}
    return Row(str(one.sample_id), levels, (), (), _given(one))


def _given(one: SampleScore) -> bool:
    return bool((one.score.metadata or {}).get("given", True))


def _number(level: Any) -> float | None:
    return None if level is None or math.isnan(level) else float(level)


@scoring.scorer(  # type: ignore[untyped-decorator, unused-ignore]
    metrics=[*[_figures_of(dimension) for dimension in DIMENSIONS], counts()]
)
def levels(scorer: str = DEFAULT) -> Scorer:
    """A scorer of amends as a scorer of Inspect, for samples whose ids are scenarios' of the dataset.

    Args:
        scorer: as ``amends run --scorer`` takes it.

    Raises:
        UsageError: an unknown scorer, or (for a sample) an id that is no scenario's.
    """
    judging, one_at_a_time = load_scorer(scorer), threading.Lock()

    def judged(scenario_id: str, text: str, sample: int) -> Judged:
        scenario = released_scenarios().get(scenario_id)
        if scenario is None:
            raise UsageError(f"the sample {scenario_id!r} is no scenario of the dataset; use the task amends/amends")
        with one_at_a_time:
            return judge(judging, scenario, text, sample)

    async def score(state: TaskState, target: Target) -> Score:
        text = state.output.completion
        # scoring is arithmetic for milliseconds to seconds: Inspect's loop has other samples in flight
        found = await anyio.to_thread.run_sync(partial(judged, str(state.sample_id), text, state.epoch - 1))
        scenario = released_scenarios()[str(state.sample_id)]
        signed = cited(scenario.split or "", data_digest([scenario]), judging, "1/1", int(not found.row.given))
        return _score(found, text, signed)

    return score


def _score(found: Judged, text: str, signed: str) -> Score:
    """One judged reply as Inspect stores it."""
    row, annotation = found.row, found.annotation
    value: dict[str, Any] = {d: math.nan if row.levels[d] is None else row.levels[d] for d in DIMENSIONS}
    return Score(
        value=value,
        answer=text,
        explanation=_explained(annotation) if annotation else "the text holds half a character, which is no reply",
        reason=_reason(row),
        metadata={
            "given": row.given,
            "flags": list(row.flags),
            "behaviours": [behaviour.to_dict() for behaviour in row.behaviours],
            "confidence": annotation.confidence if annotation else None,
            "signature": signed,
        },
    )


def _reason(row: Row) -> str | None:
    """Why there are no levels, in Inspect's words; None where there are some."""
    if not row.given:
        return "no_response"
    if any(level is not None for level in row.levels.values()):
        return None
    return next((reason for flag, reason in _UNSCORED.items() if flag in row.flags), "scoring_failed")


def _explained(annotation: Annotation) -> str:
    """The scorer's reason, then each behaviour with the words that show it."""
    shown = [f"{b.code} ({b.start}-{b.end}, strength {b.strength:g}): {b.quote}" for b in annotation.behaviours]
    flags = [f"flags: {', '.join(annotation.flags)}"] if annotation.flags else []
    return "\n".join([annotation.reason or "", *shown, *flags]).strip()
