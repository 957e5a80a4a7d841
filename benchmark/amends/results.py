"""A Result: one generator on one set by one scorer, computed from stored annotations alone.

Two kinds of missing are kept apart. *No reply was given* (no record, or flagged empty, not_a_reply, or in
another language where the scenario's is supported): a breach on every dimension in the shares; the mean leaves it
out and shows its bounds. *The scorer could not judge* (any other null level): counted, named, left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from amends.columns import Table, behaviour_bits, flag_bit, judged
from amends.records import DIMENSIONS, Annotation, Behaviour
from amends.rubric.definitions import flag_codes, supports, version
from amends.rubric.steps import NUMBERS
from amends.signature import scorer_tag, signature
from amends.statistics.clusters import METHODS, mean_estimate, share_estimate
from amends.statistics.estimate import Estimate
from amends.statistics.influence import Codes, codes, distinct

Mask = NDArray[np.bool_]

BREACH_BELOW = 2.5
FULL_FROM = 3.5
_LEVELS = ("1", "2", "3", "4", "5")
_NO_REPLY_FLAGS = ("empty", "not_a_reply")
_LANGUAGE, _REFUSED = "unsupported_language", "refused_by_judge"


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


@dataclass(frozen=True, slots=True)
class Judged:
    """Replies in columns, one row a reply."""

    table: Table
    """Of dtype ``columns.JUDGED``."""
    codes: Codes
    """Cluster of each, by number."""
    given: Mask
    """False where the generator gave no reply."""

    def only(self, chosen: Mask) -> Judged:
        """Those of the replies that are chosen."""
        if chosen.all():
            return self
        return Judged(self.table[chosen], self.codes[chosen], self.given[chosen])


def summarise(rows: Sequence[Row], about: About) -> Result:
    """Compute a Result.

    Args:
        rows: one for each reply asked for.
        about: what they are rows of.

    Returns:
        Every number with n, interval and the signature.
    """
    return summed(_columns(rows), about)


def dimension_results(rows: Sequence[Row], seed: int) -> dict[str, DimensionResult]:
    """What each dimension comes to over some replies.

    Args:
        rows: one for each reply.
        seed: of the resampling.
    """
    return _dimensions(_columns(rows), seed)


def _columns(rows: Sequence[Row]) -> Judged:
    given = np.fromiter((row.given for row in rows), dtype=bool, count=len(rows))
    return Judged(judged(rows), codes([row.cluster for row in rows]), given)


def summed(replies: Judged, about: About) -> Result:
    """Compute a Result of columns.

    Args:
        replies: one row for each reply asked for.
        about: what they are rows of.
    """
    given, null = replies.given, np.isnan(replies.table["levels"])
    unjudged = given & null.any(axis=1)
    # of replies that were judged on no dimension the scorer says nothing, not even "no behaviour"
    read = replies.only(given & ~null.all(axis=1))
    clusters, missing = distinct(replies.codes), int((~given).sum())
    flags = replies.table["flags"]
    counts = {
        "replies": len(given),
        "clusters": clusters,
        "judged": int(given.sum()) - int(unjudged.sum()),
        "no_reply": missing,
        "not_scored": _reasons(flags[unjudged]),
    }
    return Result(
        about.generator,
        {"name": about.set_name, "digest": about.digest, "scenarios": clusters},
        about.scorer,
        _signature(about, counts),
        counts,
        _dimensions(replies, about.seed),
        _behaviours(read),
        _steps(read, about.seed),
        {code: n for code in flag_codes() if (n := int(((flags & flag_bit(code)) != 0).sum()))},
    )


def _signature(about: About, counts: Mapping[str, Any]) -> str:
    return signature(
        {
            "data": f"{about.set_name.removeprefix('data:')}@{about.digest}",
            "n": f"{counts['replies']}/{counts['clusters']}",
            "missing": counts["no_reply"],
            "rubric": version(),
            "scorer": scorer_tag(about.scorer["name"], about.scorer["version"], about.scorer.get("weights")),
            "unit": about.unit,
            "ci": METHODS,
            "seed": about.seed,
        }
    )


def _reasons(flags: Table) -> dict[str, int]:
    """Replies that were given but not judged in full, by the flag that says why, the first met first."""
    refused = (flags & flag_bit(_REFUSED)) != 0
    language = ~refused & ((flags & flag_bit(_LANGUAGE)) != 0)
    found = {_REFUSED: refused, _LANGUAGE: language, "null_level": ~refused & ~language}
    met = sorted((int(np.argmax(where)), why) for why, where in found.items() if where.any())
    return {why: int(found[why].sum()) for _, why in met}


def _dimensions(replies: Judged, seed: int) -> dict[str, DimensionResult]:
    return {d: _dimension(replies, place, seed) for place, d in enumerate(DIMENSIONS)}


def _dimension(replies: Judged, place: int, seed: int) -> DimensionResult:
    column, given = replies.table["levels"][:, place], replies.given
    there = given & ~np.isnan(column)
    levels, absent = column[there], int((~given).sum())
    both = np.concatenate([replies.codes[there], replies.codes[~given]])
    counts = np.bincount((levels + 0.5).astype(np.int64), minlength=6)
    bounds = None
    if absent:
        total = sum(levels.tolist())
        bounds = ((total + absent) / len(both), (total + 5 * absent) / len(both))
    return DimensionResult(
        {level: int(counts[int(level)]) for level in _LEVELS},
        share_estimate(np.append(levels < BREACH_BELOW, np.ones(absent, dtype=bool)), both),
        share_estimate(np.append(levels >= FULL_FROM, np.zeros(absent, dtype=bool)), both),
        mean_estimate(levels, replies.codes[there], (1.0, 5.0), seed),
        bounds,
        int((given & np.isnan(column)).sum()),
    )


def _behaviours(read: Judged) -> dict[str, Estimate]:
    """Replies per 100 that show each behaviour, passing hints included."""
    own, shown = codes(read.codes), read.table["behaviours"]
    return {
        code: share_estimate((shown & np.uint64(bit)) != 0, own).scaled(100) for code, bit in behaviour_bits().items()
    }


def _steps(read: Judged, seed: int) -> StepResult:
    own, steps = codes(read.codes), read.table["steps"]
    taken = np.zeros(len(steps))
    for number in NUMBERS:
        taken += (steps & (1 << number)) != 0
    several = taken > 1
    return StepResult(
        {str(number): share_estimate((steps & (1 << number)) != 0, own) for number in NUMBERS},
        mean_estimate(taken, own, (0.0, 7.0), seed),
        share_estimate(read.table["in_order"][several], own[several]),
    )
