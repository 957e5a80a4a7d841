"""Contrast pairs: two replies that differ in one behaviour alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from amends.jsonl import canonical
from amends.records import Annotation, Context, Exchange, Json, turns_of
from amends.rubric.definitions import behaviours
from amends.scorercard.items import scored_by
from amends.scorercard.sections import Contrast, PairScore
from amends.scorers.base import Scorer
from amends.statistics.clusters import mean_estimate, share_estimate

TOLERANCE = 0.25
"""A level that moves by no more than this has not moved."""

_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Pair:
    """A contrast pair with what the scorer said of its replies."""

    record: Json
    better: Annotation
    worse: Annotation

    @property
    def cluster(self) -> str:
        """Pairs on the same turns belong together."""
        return canonical(self.record["turns"]).decode()

    def levels(self, dimension: str) -> tuple[float, float] | None:
        """(better, worse); None where one could not be judged."""
        better, worse = self.better.levels[dimension], self.worse.levels[dimension]
        return None if better is None or worse is None else (float(better), float(worse))


def exchange_of(record: Json, text: str, number: int) -> Exchange:
    """One side of a pair as an exchange."""
    return Exchange(f"{record['id']}/{number}", turns_of(record), text, Context.from_dict(record))


def scored_pairs(scorer: Scorer, records: Sequence[Json]) -> list[Pair]:
    """Have both replies of each pair scored."""
    sides = [exchange_of(r, r[side], i) for r in records for i, side in enumerate(("better", "worse"))]
    judged = scored_by(scorer, sides)
    return [Pair(r, judged[2 * i], judged[2 * i + 1]) for i, r in enumerate(records)]


def contrast(pairs: Sequence[Pair] | None, absent: str, seed: int) -> Contrast:
    """Behaviour accuracy, level accuracy and leakage: whole, by kind and by behaviour.

    Args:
        pairs: None where the file is absent.
        absent: the file's name.
        seed: of the resampling.
    """
    if not pairs:
        return Contrast(f"not applicable: no {absent}", None, {}, {}, 0)
    unjudged = sum(any(pair.levels(d) is None for d in pair.record["expects"]) for pair in pairs)
    return Contrast(
        None,
        pair_score(pairs, seed),
        _by(pairs, lambda pair: str(pair.record["kind"]), seed),
        _by(pairs, lambda pair: str(pair.record["behaviour"]), seed),
        unjudged,
    )


def _by(pairs: Sequence[Pair], label: Callable[[Pair], str], seed: int) -> dict[str, PairScore]:
    groups: dict[str, list[Pair]] = {}
    for pair in pairs:
        groups.setdefault(label(pair), []).append(pair)
    return {name: pair_score(groups[name], seed) for name in sorted(groups)}


def behaviour_right(pair: Pair) -> bool:
    """The behaviour stands where it belongs and not on the other side; passing hints count.

    A plus behaviour belongs to the better reply, a minus behaviour to the worse one. Of a *trap* (a reply that looks
    like the behaviour and is not) the same is owed.
    """
    code = pair.record["behaviour"]
    in_better, in_worse = (any(b.code == code for b in a.behaviours) for a in (pair.better, pair.worse))
    return in_better and not in_worse if behaviours()[code].positive else in_worse and not in_better


def pair_score(pairs: Sequence[Pair], seed: int) -> PairScore:
    """The three numbers over some pairs; n of the last two counts pairs by dimension."""
    read = [p for p in pairs if any(p.levels(d) is not None for d in p.record["expects"])]
    wins: list[tuple[float, str]] = []
    moves: list[tuple[bool, str]] = []
    for pair in read:
        for dimension, owed in pair.record["expects"].items():
            levels = pair.levels(dimension)
            if levels is None:
                continue
            gap = levels[0] - levels[1]
            if owed:
                wins.append((0.5 if abs(gap) <= _ROUNDING else float(gap > 0), pair.cluster))
            else:
                moves.append((abs(gap) > TOLERANCE + _ROUNDING, pair.cluster))
    return PairScore(
        share_estimate([behaviour_right(p) for p in read], [p.cluster for p in read]),
        mean_estimate([w for w, _ in wins], [c for _, c in wins], (0.0, 1.0), seed),
        share_estimate([m for m, _ in moves], [c for _, c in moves]),
        sum(w == 0.5 for w, _ in wins),
    )
