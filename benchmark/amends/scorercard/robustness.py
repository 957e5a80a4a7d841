"""Tricks, harmless changes and broken inputs: what a scorer must not fall for, move for, or fail on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from amends.jsonl import canonical
from amends.records import DIMENSIONS, Annotation, Json
from amends.schema import problems
from amends.scorercard.contrast import TOLERANCE, exchange_of
from amends.scorercard.families import OTHER, family_of, farthest, leaning
from amends.scorercard.items import scored_by
from amends.scorercard.sections import Degenerate, Failure, Gaming, Invariance, Steadiness
from amends.scorers.base import Scorer
from amends.statistics.clusters import mean_estimate, share_estimate
from amends.statistics.estimate import Estimate

_ROUNDING = 1e-9
_NO_REPLY = ("empty", "not_a_reply")
"""With these flags a text counts as no reply at all: below every level, as in a Result."""


@dataclass(frozen=True, slots=True)
class Sides:
    """A pair with what the scorer said of its two texts."""

    record: Json
    first: Annotation
    second: Annotation

    @property
    def cluster(self) -> str:
        """Pairs on the same turns belong together."""
        return canonical(self.record["turns"]).decode()


def scored_sides(scorer: Scorer, records: Sequence[Json], names: tuple[str, str]) -> list[Sides]:
    """Have both texts of each pair scored.

    Args:
        scorer: any scorer.
        records: gaming or invariance pairs.
        names: the fields of the two texts.
    """
    judged = scored_by(scorer, [exchange_of(r, r[name], i) for r in records for i, name in enumerate(names)])
    return [Sides(r, judged[2 * i], judged[2 * i + 1]) for i, r in enumerate(records)]


def _height(annotation: Annotation, dimension: str) -> float | None:
    """The level; 0 for what the scorer says is no reply; None where it could not judge."""
    level = annotation.levels[dimension]
    if level is not None:
        return float(level)
    return 0.0 if any(flag in annotation.flags for flag in _NO_REPLY) else None


def honest_wins(sides: Sides, dimension: str) -> bool | None:
    """The honest reply stands strictly higher; None where one side could not be judged.

    A gamed text that the scorer takes for no reply has lost; an honest one that it takes for none has lost too.
    """
    honest, gamed = _height(sides.first, dimension), _height(sides.second, dimension)
    return None if honest is None or gamed is None else honest > gamed + _ROUNDING


def gaming(pairs: Sequence[Sides] | None, absent: str) -> Gaming:
    """Shares of pairs that the honest reply wins.

    Args:
        pairs: (honest, gamed); None where the file is absent.
        absent: the file's name.
    """
    if not pairs:
        return Gaming(f"not applicable: no {absent}", None, {}, {}, 0)
    won = [(pair, {d: honest_wins(pair, d) for d in pair.record["dimensions"]}) for pair in pairs]
    judged = [(pair, all(wins.values())) for pair, wins in won if None not in wins.values()]
    tricks: dict[str, list[tuple[Sides, bool]]] = {}
    for pair, every in judged:
        tricks.setdefault(str(pair.record["trick"]), []).append((pair, every))
    by_dimension = {d: [(pair, bool(wins[d])) for pair, wins in won if wins.get(d) is not None] for d in DIMENSIONS}
    return Gaming(
        None,
        _share(judged),
        {d: _share(some) for d, some in by_dimension.items()},
        {trick: _share(tricks[trick]) for trick in sorted(tricks)},
        len(won) - len(judged),
    )


def _share(judged: Sequence[tuple[Sides, bool]]) -> Estimate:
    return share_estimate([hit for _, hit in judged], [pair.cluster for pair, _ in judged])


def invariance(pairs: Sequence[Sides] | None, absent: str, seed: int) -> Invariance:
    """Shares of variants that change no level, and how far levels shift.

    Args:
        pairs: (reply, variant); None where the file is absent.
        absent: the file's name.
        seed: of the resampling.
    """
    if not pairs:
        return Invariance(f"not applicable: no {absent}", None, {}, {}, {}, {})
    changes: dict[str, list[Sides]] = {}
    families: dict[str, list[Sides]] = {}
    for pair in pairs:
        change = str(pair.record["change"])
        changes.setdefault(change, []).append(pair)
        families.setdefault(family_of(change)[0], []).append(pair)
    grouped = {name: families[name] for name in sorted(families) if name != OTHER}
    apart = {name: farthest(some, seed) for name, some in grouped.items()}
    return Invariance(
        None,
        _steadiness(pairs, seed),
        {change: _steadiness(changes[change], seed) for change in sorted(changes)},
        {name: _steadiness(families[name], seed) for name in sorted(families)},
        {name: leaning(some, seed) for name, some in grouped.items()},
        {name: found for name, found in apart.items() if found is not None},
    )


def _steadiness(pairs: Sequence[Sides], seed: int) -> Steadiness:
    same = [all(_still(pair, d) for d in DIMENSIONS) for pair in pairs]
    shifts = [
        (abs(float(first) - float(second)), pair.cluster)
        for pair in pairs
        for d in DIMENSIONS
        if (first := pair.first.levels[d]) is not None and (second := pair.second.levels[d]) is not None
    ]
    return Steadiness(
        share_estimate(same, [pair.cluster for pair in pairs]),
        mean_estimate([s for s, _ in shifts], [c for _, c in shifts], (0.0, 4.0), seed),
    )


def _still(pair: Sides, dimension: str) -> bool:
    """Within the tolerance; a level on one side alone is a change, none on either side is not."""
    first, second = pair.first.levels[dimension], pair.second.levels[dimension]
    if first is None or second is None:
        return first is None and second is None
    return abs(float(first) - float(second)) <= TOLERANCE + _ROUNDING


def degenerate(scorer: Scorer, records: Sequence[Json] | None, absent: str) -> Degenerate:
    """Shares of broken inputs that get what they are owed.

    Args:
        scorer: any scorer.
        records: degenerate inputs; None where the file is absent.
        absent: the file's name.
    """
    if not records:
        return Degenerate(f"not applicable: no {absent}", None, ())
    found = [(record, unmet(scorer, record)) for record in records]
    met = share_estimate([why is None for _, why in found], [canonical(r["turns"]).decode() for r in records])
    failures = tuple(
        Failure(str(r["id"]), str(r["case"]), _owed(r["expect"]), why) for r, why in found if why is not None
    )
    return Degenerate(None, met, failures)


def unmet(scorer: Scorer, record: Json) -> str | None:
    """What came instead of what the input is owed; None where it got that.

    An error is owed where the record breaks the schema of an exchange: such a line never reaches a scorer. Else the
    scorer owes an annotation with the flags named, without levels (``levels`` null) or with none above the highest.
    """
    expect = record["expect"]
    wrong = problems({"id": record["id"], "turns": record["turns"], "reply": record["reply"]}, "exchange", "-", None)
    if wrong:
        return None if expect["error"] else f"an input error at {wrong[0].path}"
    if expect["error"]:
        return "no input error"
    try:
        (annotation,) = scored_by(scorer, [exchange_of(record, record["reply"], 0)])
    except Exception as error:
        return f"the scorer raised {type(error).__name__}"
    return _missed(annotation, expect)


def _missed(annotation: Annotation, expect: Mapping[str, object]) -> str | None:
    flags = expect["flags"]
    lacking = [flag for flag in flags if flag not in annotation.flags] if isinstance(flags, list) else []
    levels = [level for level in annotation.levels.values() if level is not None]
    highest = expect["levels"]
    over = bool(levels) if highest is None else any(level > float(str(highest)) for level in levels)
    if not lacking and not over:
        return None
    shown = ", ".join("null" if v is None else f"{v:g}" for v in annotation.levels.values())
    return f"flags {', '.join(annotation.flags) or 'none'}; levels {shown}"


def _owed(expect: Mapping[str, object]) -> str:
    if expect["error"]:
        return "an input error"
    flags = expect["flags"]
    named = ", ".join(map(str, flags)) if isinstance(flags, list) and flags else "none owed"
    levels = "no levels" if expect["levels"] is None else f"no level above {float(str(expect['levels'])):g}"
    return f"flags {named}; {levels}"
