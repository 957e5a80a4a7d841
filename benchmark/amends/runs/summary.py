"""A Result from columns: the numbers of ``results.summarise``, without a record in memory for each reply."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from amends.records import DIMENSIONS
from amends.results import BREACH_BELOW, FULL_FROM, About, DimensionResult, Result, StepResult
from amends.rubric.definitions import behaviours, flag_codes, version
from amends.rubric.steps import NUMBERS
from amends.runs.columns import Table, flag_bit
from amends.runs.estimates import Codes, mean_of, numbered, share_of
from amends.signature import scorer_tag, signature
from amends.statistics.clusters import METHODS
from amends.statistics.estimate import Estimate

Mask = NDArray[np.bool_]

_LANGUAGE, _REFUSED = "unsupported_language", "refused_by_judge"


@dataclass(frozen=True, slots=True)
class Judged:
    """Columns of replies, one row a reply."""

    table: Table
    """Of dtype ``columns.JUDGED``."""
    codes: Codes
    """Cluster of each, numbered in the order of their first reply."""
    supported: Mask
    """Where a reply in another language counts as none."""

    @property
    def given(self) -> Mask:
        """Where the generator gave a reply (``results.row_of``)."""
        flags = self.table["flags"]
        absent = (flags & (flag_bit("empty") | flag_bit("not_a_reply"))) != 0
        absent |= ((flags & flag_bit(_LANGUAGE)) != 0) & self.supported
        return np.asarray(~absent)


def summarised(replies: Judged, about: About) -> Result:
    """What ``results.summarise`` computes of the same replies.

    Args:
        replies: one row a reply, at least one.
        about: what they are rows of.
    """
    given = replies.given
    null = np.isnan(replies.table["levels"])
    unjudged = given & null.any(axis=1)
    read = given & ~null.all(axis=1)
    clusters, missing = int(replies.codes.max()) + 1, int((~given).sum())
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
        _signature(about, len(given), clusters, missing),
        counts,
        {d: _dimension(replies, place, given, about.seed) for place, d in enumerate(DIMENSIONS)},
        _behaviours(replies, read),
        _steps(replies, read, about.seed),
        {code: n for code in flag_codes() if (n := int(((flags & flag_bit(code)) != 0).sum()))},
    )


def _signature(about: About, replies: int, clusters: int, missing: int) -> str:
    return signature(
        {
            "data": f"{about.set_name.removeprefix('data:')}@{about.digest}",
            "n": f"{replies}/{clusters}",
            "missing": missing,
            "rubric": version(),
            "scorer": scorer_tag(about.scorer["name"], about.scorer["version"], about.scorer.get("weights")),
            "unit": about.unit,
            "ci": METHODS,
            "seed": about.seed,
        }
    )


def _reasons(flags: NDArray[np.uint16]) -> Mapping[str, int]:
    """Replies that were given but not judged in full, by the flag that says why, the first met first."""
    refused = (flags & flag_bit(_REFUSED)) != 0
    language = ~refused & ((flags & flag_bit(_LANGUAGE)) != 0)
    found = {_REFUSED: refused, _LANGUAGE: language, "null_level": ~refused & ~language}
    met = sorted((int(np.argmax(where)), why) for why, where in found.items() if where.any())
    return {why: int(found[why].sum()) for _, why in met}


def _dimension(replies: Judged, place: int, given: Mask, seed: int) -> DimensionResult:
    column = replies.table["levels"][:, place]
    judged = given & ~np.isnan(column)
    levels, absent = column[judged], int((~given).sum())
    both = np.concatenate([replies.codes[judged], replies.codes[~given]])
    counts = np.bincount((levels + 0.5).astype(np.int64), minlength=6)
    bounds = None
    if absent:
        total = sum(levels.tolist())
        bounds = ((total + absent) / len(both), (total + 5 * absent) / len(both))
    both = numbered(both)
    return DimensionResult(
        {str(level): int(counts[level]) for level in range(1, 6)},
        share_of(np.append(levels < BREACH_BELOW, np.ones(absent, dtype=bool)), both),
        share_of(np.append(levels >= FULL_FROM, np.zeros(absent, dtype=bool)), both),
        mean_of(levels, numbered(replies.codes[judged]), (1.0, 5.0), seed),
        bounds,
        int((given & np.isnan(column)).sum()),
    )


def _behaviours(replies: Judged, read: Mask) -> dict[str, Estimate]:
    codes, shown = numbered(replies.codes[read]), replies.table["behaviours"][read]
    return {
        code: share_of((shown & np.uint64(1 << place)) != 0, codes).scaled(100)
        for place, code in enumerate(behaviours())
    }


def _steps(replies: Judged, read: Mask, seed: int) -> StepResult:
    codes, steps = numbered(replies.codes[read]), replies.table["steps"][read]
    taken = np.zeros(len(steps))
    for number in NUMBERS:
        taken += (steps & (1 << number)) != 0
    several = taken > 1
    return StepResult(
        {str(number): share_of((steps & (1 << number)) != 0, codes) for number in NUMBERS},
        mean_of(taken, codes, (0.0, 7.0), seed),
        share_of(replies.table["in_order"][read][several], numbered(codes[several])),
    )
