"""What every harness needs: scenarios as chats, one reply judged, and the figures over replies, as ``amends run`` has.

A harness asks its own model and counts in its own way. What is ours, whichever harness it is: which scenarios make up
the set, what a model is told, how a reply is judged, what counts as no reply, and the estimators.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from amends.dataset.folder import SPLITS, released_scenarios
from amends.errors import UsageError, unknown_name
from amends.generators.base import has_surrogates, reply_id
from amends.generators.prompt import SystemPrompt, chat
from amends.records import DIMENSIONS, Annotation, Exchange, Reply, Scenario
from amends.results import Row, dimension_results, missing_row, row_of
from amends.rubric.definitions import version
from amends.runs.scoring import annotate, weights_of
from amends.scorers.base import Scorer
from amends.signature import SEED, scorer_tag, signature
from amends.statistics.clusters import METHODS
from amends.statistics.estimate import Estimate

FIGURES = ("", "low", "high", "n", "breach", "breach_low", "breach_high", "full", "full_low", "full_high", "judged")
"""What is reported of each dimension: the mean level with the ends of its interval and the number of replies in it,
breach and full with theirs, and the share of the replies asked for that have a level."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One reply of a harness's model, judged."""

    annotation: Annotation | None
    """None where the text is none that a file could hold."""
    row: Row


def scenarios_of(split: str, limit: int | None = None) -> list[Scenario]:
    """The scenarios of a split in the order of their ids, as ``amends run`` asks them.

    Args:
        split: train, validation or test.
        limit: only the first scenarios.

    Raises:
        UsageError: an unknown split, or a limit below 1.
    """
    if split not in SPLITS:
        raise unknown_name("split", split, SPLITS)
    if limit is not None and limit < 1:
        raise UsageError(f"limit must be at least 1, not {limit}")
    return [scenario for scenario in released_scenarios().values() if scenario.split == split][:limit]


def system_prompt(file: str | None) -> SystemPrompt:
    """The system prompt in a file of the user's own, or the built-in one.

    Args:
        file: path, or None.

    Raises:
        InputError: the file is missing, empty, above 1 MB or not UTF-8.
        UsageError: it has an unknown slot.
    """
    return SystemPrompt(Path(file) if file else None)


def messages_of(scenario: Scenario, system: SystemPrompt) -> list[dict[str, str]]:
    """A scenario as a model is told it: ``role`` (system, user, assistant) and ``content``, ending with the customer.

    Args:
        scenario: of which a generator sees no fault, emotion or intensity.
        system: what stands before the turns.
    """
    return list(chat(scenario, system))


def judge(scorer: Scorer, scenario: Scenario, text: str, sample: int = 0) -> Judged:
    """Judge one reply.

    Args:
        scorer: any scorer.
        scenario: what the reply answers.
        text: the model's words, as the harness gives them.
        sample: number of the reply where a scenario is asked several times.
    """
    if has_surrogates(text):
        return Judged(None, missing_row(scenario.id))
    reply = Reply(reply_id(scenario.id, "harness", sample), scenario.id, text, sample)
    [annotation] = annotate(scorer, [Exchange.pair(scenario, reply)])
    return Judged(annotation, row_of(annotation, scenario.id, scenario.context.language))


def figures(rows: Sequence[Row], dimension: str) -> dict[str, float | None]:
    """What one dimension comes to over replies, by the estimators of a Result.

    Args:
        rows: one for each reply.
        dimension: which.

    Returns:
        ``FIGURES`` to numbers, under the dimension's name (``empathy``, ``empathy_low``, ...); None where something
        cannot be computed (no reply judged; an interval of few scenarios).
    """
    narrow = [Row(r.cluster, _only(r, dimension), (), r.flags, r.given) for r in rows]
    found = dimension_results(narrow, SEED)[dimension]
    numbers: list[float | None] = [*_ends(found.mean), found.mean.n, *_ends(found.breach), *_ends(found.full)]
    numbers.append(found.mean.n / len(rows) if rows else None)
    return dict(zip(names(dimension), numbers, strict=True))


def names(dimension: str) -> list[str]:
    """``FIGURES`` of a dimension as they are called: ``empathy``, ``empathy_low``, ..."""
    return [f"{dimension}_{figure}" if figure else dimension for figure in FIGURES]


def cited(split: str, data: str, scorer: Scorer, n: str | None = None, missing: int | None = None) -> str:
    """The signature, as ``amends run`` has it.

    Args:
        split: of the scenarios.
        data: their digest.
        scorer: that judged.
        n: replies/scenarios; None where the harness counts them elsewhere.
        missing: replies that were not given.
    """
    return signature(
        {
            "data": f"{split}@{data}",
            "n": n,
            "missing": missing,
            "rubric": version(),
            "scorer": scorer_tag(scorer.name, scorer.version, weights_of(scorer)),
            "unit": "every",
            "ci": METHODS,
            "seed": SEED,
        }
    )


def _only(row: Row, dimension: str) -> dict[str, float | None]:
    """Levels without the other dimensions', which would be resampled for nothing."""
    return dict.fromkeys(DIMENSIONS) | {dimension: row.levels[dimension]}


def _ends(estimate: Estimate) -> tuple[float | None, float | None, float | None]:
    return estimate.value, estimate.low, estimate.high
