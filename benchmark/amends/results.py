"""A Result: one generator on one set by one scorer, computed from stored annotations alone.

Two kinds of missing are kept apart. *No reply was given* (no record, or flagged empty, not_a_reply, or in
another language where the scenario's is supported): a breach on every dimension in the shares; the mean leaves it
out and shows its bounds. *The scorer could not judge* (any other null level): counted, named, left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from amends.records import DIMENSIONS, Annotation, Behaviour
from amends.rubric.definitions import behaviours, flag_codes, supports, version
from amends.rubric.steps import NUMBERS, StepCoverage, step_coverage
from amends.signature import scorer_tag, signature
from amends.statistics.clusters import METHODS, mean_estimate, share_estimate
from amends.statistics.estimate import Estimate

BREACH_BELOW = 2.5
FULL_FROM = 3.5
_LEVELS = ("1", "2", "3", "4", "5")
_NO_REPLY_FLAGS = ("empty", "not_a_reply")
_LANGUAGE = "unsupported_language"


@dataclass(frozen=True, slots=True)
class Row:
    """What a Result needs of one reply."""

    cluster: str
    """Scenario id; of a user's exchange without one, its conversation, else its own id."""
    levels: Mapping[str, float | None]
    behaviours: tuple[Behaviour, ...]
    flags: tuple[str, ...]
    given: bool
    """False where the generator gave no reply."""


def cluster_of(scenario_id: str | None, meta: Mapping[str, Any], own: str) -> str:
    """What is resampled whole: replies to one scenario, or in one conversation, are alike.

    Args:
        scenario_id: of the reply, where it has one.
        meta: of the exchange or of its annotation; ``conversation`` is the help desk's.
        own: the reply's id.
    """
    conversation = meta.get("conversation")
    return scenario_id or (conversation if isinstance(conversation, str) and conversation else own)


def row_of(annotation: Annotation, cluster: str, language: str | None) -> Row:
    """One annotation as a row.

    Args:
        annotation: of a scorer or an annotator.
        cluster: the cluster of its reply.
        language: the scenario's language, or None where it is unknown.
    """
    flags = annotation.flags
    absent = any(flag in flags for flag in _NO_REPLY_FLAGS) or (_LANGUAGE in flags and supports(language))
    return Row(cluster, annotation.levels, annotation.behaviours, flags, not absent)


def missing_row(cluster: str) -> Row:
    """The row of a reply that was asked for and never came."""
    return Row(cluster, dict.fromkeys(DIMENSIONS), (), (), given=False)


@dataclass(frozen=True, slots=True)
class DimensionResult:
    """What one dimension came to."""

    levels: Mapping[str, int]
    """Level distribution of the judged replies: "1".."5" to a count (a scorer's real level rounds half up)."""
    breach: Estimate
    """Share with level < 2.5; a reply that was not given counts as a breach."""
    full: Estimate
    """Share with level >= 3.5."""
    mean: Estimate
    """Mean level of the judged replies."""
    bounds: tuple[float, float] | None
    """The mean if every reply that was not given stood at 1 and at 5; None where none is missing."""
    not_scored: int
    """Replies that the scorer could not judge on this dimension: left out."""


@dataclass(frozen=True, slots=True)
class StepResult:
    """Step coverage over the replies: reported, not scored."""

    shares: Mapping[str, Estimate]
    """Step "1".."7" to the share of replies in which it occurs."""
    mean_steps: Estimate
    """Mean number of steps a reply takes, 0..7."""
    in_order: Estimate
    """Share, of the replies with two steps or more, whose steps stand in the rubric's order."""


@dataclass(frozen=True, slots=True)
class Result:
    """One generator on one set by one scorer."""

    generator: Mapping[str, Any]
    """kind, name, version."""
    set: Mapping[str, Any]
    """name ("data:test", "file:logs.csv"), digest (12 hex), scenarios."""
    scorer: Mapping[str, Any]
    """name, version, weights (or null)."""
    signature: str
    counts: Mapping[str, Any]
    """replies (asked for), clusters, judged, no_reply, not_scored {reason: n}."""
    dimensions: Mapping[str, DimensionResult]
    behaviours: Mapping[str, Estimate]
    """Code to occurrences per 100 judged replies (replies that show it, times 100)."""
    steps: StepResult
    flags: Mapping[str, int]
    """Flag to the number of replies that carry it."""

    def to_dict(self) -> dict[str, Any]:
        """As in result.json."""
        return asdict(self)

    @staticmethod
    def from_dict(raw: Mapping[str, Any]) -> Result:
        """Read it back."""
        steps = raw["steps"]
        return Result(
            raw["generator"],
            raw["set"],
            raw["scorer"],
            raw["signature"],
            raw["counts"],
            {name: _dimension_from(one) for name, one in raw["dimensions"].items()},
            {code: Estimate.from_dict(one) for code, one in raw["behaviours"].items()},
            StepResult(
                {number: Estimate.from_dict(one) for number, one in steps["shares"].items()},
                Estimate.from_dict(steps["mean_steps"]),
                Estimate.from_dict(steps["in_order"]),
            ),
            raw["flags"],
        )


def _dimension_from(raw: Mapping[str, Any]) -> DimensionResult:
    return DimensionResult(
        raw["levels"],
        Estimate.from_dict(raw["breach"]),
        Estimate.from_dict(raw["full"]),
        Estimate.from_dict(raw["mean"]),
        tuple(raw["bounds"]) if raw["bounds"] else None,
        raw["not_scored"],
    )


@dataclass(frozen=True, slots=True)
class About:
    """What a Result is about, beside its rows."""

    generator: Mapping[str, Any]
    set_name: str
    """As in the signature ("data:test")."""
    digest: str
    """Of the records used, 12 hex."""
    scorer: Mapping[str, Any]
    """name, version, weights (or null)."""
    seed: int
    unit: str = "every"


def summarise(rows: Sequence[Row], about: About) -> Result:
    """Compute a Result.

    Args:
        rows: one for each reply asked for.
        about: what they are rows of.

    Returns:
        Every number with n, interval and the signature.
    """
    given = [row for row in rows if row.given]
    unjudged = [row for row in given if any(row.levels[d] is None for d in DIMENSIONS)]
    clusters = len({row.cluster for row in rows})
    missing = len(rows) - len(given)
    line = signature(
        {
            "data": f"{about.set_name.removeprefix('data:')}@{about.digest}",
            "n": f"{len(rows)}/{clusters}",
            "missing": missing,
            "rubric": version(),
            "scorer": scorer_tag(about.scorer["name"], about.scorer["version"], about.scorer.get("weights")),
            "unit": about.unit,
            "ci": METHODS,
            "seed": about.seed,
        }
    )
    counts = {
        "replies": len(rows),
        "clusters": clusters,
        "judged": len(given) - len(unjudged),
        "no_reply": missing,
        "not_scored": _reasons(unjudged),
    }
    return Result(
        about.generator,
        {"name": about.set_name, "digest": about.digest, "scenarios": clusters},
        about.scorer,
        line,
        counts,
        dimension_results(rows, about.seed),
        _behaviours(_read(given)),
        _steps(_read(given), about.seed),
        {code: n for code in flag_codes() if (n := sum(code in row.flags for row in rows))},
    )


def dimension_results(rows: Sequence[Row], seed: int) -> dict[str, DimensionResult]:
    """What each dimension comes to over some replies.

    Args:
        rows: one for each reply.
        seed: of the resampling.
    """
    return {d: _dimension(rows, d, seed) for d in DIMENSIONS}


def _reasons(unjudged: Sequence[Row]) -> dict[str, int]:
    """Replies that were given but not judged in full, by the flag that says why."""
    reasons: dict[str, int] = {}
    for row in unjudged:
        why = next((flag for flag in ("refused_by_judge", _LANGUAGE) if flag in row.flags), "null_level")
        reasons[why] = reasons.get(why, 0) + 1
    return reasons


def _dimension(rows: Sequence[Row], dimension: str, seed: int) -> DimensionResult:
    judged = [(row.cluster, level) for row in rows if row.given and (level := row.levels[dimension]) is not None]
    absent = [row.cluster for row in rows if not row.given]
    levels = [level for _, level in judged]
    clusters = [cluster for cluster, _ in judged]
    both = clusters + absent
    distribution = dict.fromkeys(_LEVELS, 0)
    for level in levels:
        distribution[str(int(level + 0.5))] += 1
    bounds = None
    if absent:
        total = sum(levels)
        bounds = ((total + len(absent)) / len(both), (total + 5 * len(absent)) / len(both))
    return DimensionResult(
        distribution,
        share_estimate([level < BREACH_BELOW for level in levels] + [True] * len(absent), both),
        share_estimate([level >= FULL_FROM for level in levels] + [False] * len(absent), both),
        mean_estimate(levels, clusters, (1.0, 5.0), seed),
        bounds,
        sum(row.given and row.levels[dimension] is None for row in rows),
    )


def _read(given: Sequence[Row]) -> list[Row]:
    """Replies that the scorer judged on some dimension: of the others it says nothing, not even "no behaviour"."""
    return [row for row in given if any(row.levels[d] is not None for d in DIMENSIONS)]


def _behaviours(read: Sequence[Row]) -> dict[str, Estimate]:
    """Replies per 100 that show each behaviour, passing hints included."""
    clusters = [row.cluster for row in read]
    shown = [{b.code for b in row.behaviours} for row in read]
    return {code: share_estimate([code in codes for codes in shown], clusters).scaled(100) for code in behaviours()}


def _steps(read: Sequence[Row], seed: int) -> StepResult:
    taken: list[tuple[str, StepCoverage]] = [(row.cluster, step_coverage([row.behaviours])) for row in read]
    clusters = [cluster for cluster, _ in taken]
    several = [(cluster, steps) for cluster, steps in taken if len(steps.order) > 1]
    return StepResult(
        {str(number): share_estimate([number in s.order for _, s in taken], clusters) for number in NUMBERS},
        mean_estimate([float(len(s.order)) for _, s in taken], clusters, (0.0, 7.0), seed),
        share_estimate([s.in_order for _, s in several], [cluster for cluster, _ in several]),
    )
