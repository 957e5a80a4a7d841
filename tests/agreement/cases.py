"""Annotations to agree on, and the slow way to an interval."""

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import scipy.stats

from amends.agreement.interval import RESAMPLES
from amends.agreement.table import Table
from amends.records import DIMENSIONS, Annotation, Annotator, Behaviour

NAN = math.nan

Level = float | None


def judged(
    name: str, method: str | None, levels: Mapping[str, Sequence[Level]], kind: str = "model"
) -> list[Annotation]:
    """What one annotator says of some replies; a reply "s1.r2" belongs to scenario "s1"."""
    who = Annotator("annotator", kind, name, "1", method, "1.0")
    return [
        Annotation(reply, reply.split(".")[0], who, dict(zip(DIMENSIONS, given, strict=True)))
        for reply, given in levels.items()
    ]


def scored(name: str, levels: Mapping[str, Sequence[Level]], version: str = "1") -> list[Annotation]:
    """A scorer's output for a user's own exchanges: no id, no scenario."""
    who = Annotator("scorer", "program", name, version)
    return [Annotation(r, None, who, dict(zip(DIMENSIONS, given, strict=True))) for r, given in levels.items()]


def marked(name: str, marks: Mapping[str, Sequence[tuple[str, int, int]]], levels: Sequence[Level] = (3, 3, 3)):
    """What one annotator marks, as code, start, end; every reply has the same levels."""
    who = Annotator("annotator", "person", name, "1", "holistic", "1.0")
    return [
        Annotation(
            reply,
            reply.split(".")[0],
            who,
            dict(zip(DIMENSIONS, levels, strict=True)),
            tuple(Behaviour(code, start, end, "x" * (end - start)) for code, start, end in spans),
        )
        for reply, spans in marks.items()
    ]


def table_of(levels: Sequence[Sequence[float]] | np.ndarray, a_scenario: int = 1) -> Table:
    """A table with annotators a, b, ... and so many replies a scenario."""
    array = np.array(levels, dtype=float)
    clusters = tuple(f"s{i // a_scenario:03d}" for i in range(array.shape[1]))
    units = tuple(f"{c}.r{i:03d}" for i, c in enumerate(clusters))
    return Table(tuple("abcdef"[: len(array)]), units, clusters, array)


def interval_by_loop(
    clusters: Sequence[str], seed: int, statistic: Callable[[np.ndarray], float | None]
) -> tuple[float, float]:
    """Scenarios drawn one resample at a time and their replies laid side by side; ``statistic`` takes columns."""
    names = sorted(set(clusters))
    members = [np.flatnonzero(np.array(clusters) == name) for name in names]
    generator = np.random.default_rng(seed)
    drawn = []
    for _ in range(RESAMPLES):
        one = statistic(np.concatenate([members[i] for i in generator.integers(0, len(names), len(names))]))
        if one is not None:
            drawn.append(one)
    groups = len(names)
    tail = scipy.stats.norm.cdf(-math.sqrt(groups / (groups - 1)) * scipy.stats.t.ppf(0.975, groups - 1))
    low, high = np.quantile(drawn, [tail, 1 - tail], method="inverted_cdf")
    return float(low), float(high)
