"""The members' annotations of one reply as one annotation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from amends.records import DIMENSIONS, Annotation, Annotator, Behaviour
from amends.rubric.levels import OFF_TOPIC, OFF_TOPIC_MOST, UNSCORED_FLAGS
from amends.scorers.calibrated import odds as arithmetic
from amends.scorers.calibrated.document import Calibration, Member
from amends.scorers.trained.levels import confidence_of

REFUSED = "refused_by_judge"
"""Says something of a member, not of the reply: where another member judged, it is no flag of the whole."""
NO_LEVEL = UNSCORED_FLAGS - {REFUSED}
"""Flags that decide, whoever raises them, that a reply has no levels."""

Given = Mapping[str, Annotation]
"""Member (by the name that loads it) to its annotation of the reply."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One dimension."""

    level: float | None
    probabilities: list[float] | None
    confidence: float | None
    lacks: str | None = None
    """Why there is no level though a member gave one."""


_NONE = Judged(None, None, None)


def combined(calibration: Calibration, given: Given, annotator: Annotator) -> Annotation:
    """Combine.

    Args:
        calibration: members and odds.
        given: an annotation of each member.
        annotator: who the whole is.

    Returns:
        No levels where a member raises a flag of ``NO_LEVEL``. Else on each dimension the mean of the probabilities by
        the odds that were fitted for exactly the members that gave a level; a member that gave none counts in no way.
    """
    first = next(iter(given.values()))
    flags = flags_of(given)
    decided = not NO_LEVEL.isdisjoint(flags)
    judged = {d: _NONE if decided else judge(calibration, given, d, flags) for d in DIMENSIONS}
    if not decided and any(one.level is not None for one in judged.values()):
        flags = tuple(flag for flag in flags if flag != REFUSED)
    known = {d: one for d, one in judged.items() if one.level is not None}
    days = [one.created for one in given.values() if one.created]
    return Annotation(
        first.reply_id,
        first.scenario_id,
        annotator,
        {d: one.level for d, one in judged.items()},
        () if decided else behaviours_of(calibration.members, given),
        flags,
        _reason(given, judged, flags),
        {d: one.probabilities for d, one in known.items()} or None,
        {d: one.confidence for d, one in judged.items()} if known else None,
        max(days) if days else None,
    )


def flags_of(given: Given) -> tuple[str, ...]:
    """Every member's flags, each once; those that decide first, else in the order of the members."""
    flags = dict.fromkeys(flag for annotation in given.values() for flag in annotation.flags)
    return tuple(sorted(flags, key=lambda flag: flag not in NO_LEVEL))


def judge(calibration: Calibration, given: Given, dimension: str, flags: Sequence[str]) -> Judged:
    """One dimension by the odds of the members that judged it.

    Args:
        calibration: members and odds.
        given: an annotation of each member.
        dimension: one of DIMENSIONS.
        flags: of the whole; with ``off_topic`` no level is above 3.
    """
    levels = {name: float(level) for name, one in given.items() if (level := one.levels[dimension]) is not None}
    if not levels:
        return _NONE
    fitted = calibration.pattern(dimension, list(levels))
    if fitted is None:
        return Judged(None, None, None, f"no odds for {' and '.join(levels)} alone")
    parts = fitted.parts_above(levels)
    if OFF_TOPIC in flags:
        parts = arithmetic.at_most(parts, OFF_TOPIC_MOST)
    spread, level = arithmetic.probabilities(parts), arithmetic.level(parts)
    return Judged(level, spread, confidence_of(spread, level))


def behaviours_of(members: Sequence[Member], given: Given) -> tuple[Behaviour, ...]:
    """Behaviours that at least half of the voters show, with the spans of the one that is surest of each.

    Voters are the members that mark behaviours at all and judged this reply.

    Args:
        members: of the calibration.
        given: an annotation of each.
    """
    votes = [given[m.scorer].behaviours for m in members if m.behaviours and _judged(given[m.scorer])]
    kept: list[Behaviour] = []
    for code in dict.fromkeys(b.code for some in votes for b in some):
        shown = [[b for b in some if b.code == code] for some in votes]
        showing = [some for some in shown if some]
        if 2 * len(showing) >= len(votes):
            kept += max(showing, key=lambda some: max(b.strength for b in some))
    return tuple(sorted(kept, key=lambda b: (b.start, b.code, b.end)))


def _judged(annotation: Annotation) -> bool:
    return any(level is not None for level in annotation.levels.values())


def _reason(given: Given, judged: Mapping[str, Judged], flags: Sequence[str]) -> str:
    """What each member said; where there is no level, who decided that and why."""
    deciding = [name for name, one in given.items() if not NO_LEVEL.isdisjoint(one.flags)]
    if deciding:
        said = next((one.reason for name, one in given.items() if name == deciding[0] and one.reason), "")
        found = ", ".join(flag for flag in flags if flag in NO_LEVEL)
        return f"{found} by {' and '.join(deciding)}: {said}".rstrip(": ")
    parts = []
    for dimension, one in judged.items():
        members = ", ".join(f"{name} {_level(a.levels[dimension], a.flags)}" for name, a in given.items())
        given_level = _level(one.level, ()) + (f", {one.lacks}" if one.lacks else "")
        parts.append(f"{dimension.replace('_', ' ')} {given_level} ({members})")
    return "; ".join(parts) + "."


def _level(level: float | None, flags: Sequence[str]) -> str:
    if level is not None:
        return f"{level:g}"
    return f"none ({', '.join(flags)})" if flags else "none"
