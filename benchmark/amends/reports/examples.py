"""Which replies a report shows: for each dimension those with the lowest and the highest levels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from amends.records import DIMENSIONS, Annotation, Behaviour, Exchange
from amends.reports import spans, wording
from amends.rubric.definitions import behaviours, dimension_names
from amends.rubric.levels import HINT

K = 5
"""Replies shown at each end of a dimension."""
_OPENING = 96
"""Characters of the customer's words in the line that opens an example."""

Item = tuple[Exchange, Annotation]


@dataclass(frozen=True, slots=True)
class Shown:
    """A behaviour named under a reply."""

    code: str
    """With its sign."""
    kind: str
    """plus or minus."""
    name: str
    remark: str
    """What a reader should know of it ("passing hint"); empty for most."""


@dataclass(frozen=True, slots=True)
class Level:
    """A level beside a reply."""

    dimension: str
    text: str
    """"4", "3.5", or "not judged"."""
    fill: str | None
    """Part of the scale that is filled, in percent; None where it was not judged."""


@dataclass(frozen=True, slots=True)
class Example:
    """One reply as it is shown."""

    anchor: str
    id: str
    opening: tuple[spans.Piece, ...]
    context: str
    earlier: tuple[tuple[str, tuple[spans.Piece, ...]], ...]
    """Role and text of the turns before the customer's last."""
    customer: tuple[spans.Piece, ...]
    reply: list[spans.Segment]
    levels: list[Level]
    behaviours: list[Shown]
    reason: tuple[spans.Piece, ...]
    flags: list[str]
    judge: str
    same: int
    """Further replies, of those that the report was given, in the same words."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A place in a list: the example itself, or a pointer to where it already stands."""

    level: str
    example: Example
    above: str
    """Where it stands already; empty where it is shown here."""


@dataclass(frozen=True, slots=True)
class Group:
    """The examples of one dimension."""

    dimension: str
    name: str
    lowest: list[Entry]
    highest: list[Entry]


def extremes(items: Sequence[Item], dimension: str, k: int = K) -> tuple[list[Item], list[Item]]:
    """The replies with the lowest and the highest levels on a dimension, ties broken by id.

    A text that many replies share is taken once in each list, and no reply is in both.

    Args:
        items: what there is to choose from.
        dimension: whose level counts; replies without one are passed over.
        k: replies in each list at most.
    """
    judged = [
        (level, item[0].id, place, item)
        for place, item in enumerate(items)
        if (level := item[1].levels.get(dimension)) is not None
    ]
    # The place settles what two records of one id would leave open, and keeps items out of the comparison.
    rising = [found[3] for found in sorted(judged, key=lambda found: found[:3])]
    falling = [found[3] for found in sorted(judged, key=lambda found: (-found[0], *found[1:3]))]
    half = (len(judged) + 1) // 2
    lowest = _distinct(rising, min(k, half), set())
    highest = _distinct(falling, min(k, len(judged) - len(lowest)), {id(exchange) for exchange, _ in lowest})
    return lowest, highest


def _distinct(ranked: Sequence[Item], k: int, taken: set[int]) -> list[Item]:
    chosen: list[Item] = []
    texts: set[str] = set()
    for item in ranked:
        if len(chosen) == k:
            break
        if id(item[0]) not in taken and item[0].reply not in texts:
            texts.add(item[0].reply)
            chosen.append(item)
    return chosen


def groups(items: Sequence[Item]) -> list[Group]:
    """The examples of a report; a reply that belongs in several lists is shown in the first and named after.

    Args:
        items: the replies that the report was given; none gives no groups.
    """
    if not items:
        return []
    names = dimension_names()
    same = Counter(exchange.reply for exchange, _ in items)
    made: dict[int, tuple[Example, str]] = {}

    def entries(chosen: Sequence[Item], dimension: str, end: str) -> list[Entry]:
        listed = []
        for exchange, annotation in chosen:
            above = made.get(id(exchange))
            if above is None:
                example = _example(len(made) + 1, exchange, annotation, same[exchange.reply] - 1)
                made[id(exchange)] = example, f"{names[dimension]}, {end}"
            level = _number(annotation.levels[dimension])
            listed.append(Entry(level, made[id(exchange)][0], above[1] if above else ""))
        return listed

    found = []
    for dimension in DIMENSIONS:
        lowest, highest = extremes(items, dimension)
        found.append(
            Group(
                dimension,
                names[dimension],
                entries(lowest, dimension, "lowest"),
                entries(highest, dimension, "highest"),
            )
        )
    return found


def example(exchange: Exchange, annotation: Annotation) -> Example:
    """One reply as it is shown.

    Args:
        exchange: as it was judged.
        annotation: of it.
    """
    return _example(1, exchange, annotation, 0)


def _example(number: int, exchange: Exchange, annotation: Annotation, same: int) -> Example:
    last = exchange.turns[-1].text if exchange.turns else ""
    opening = " ".join(last[: 4 * _OPENING].split())
    if len(opening) > _OPENING:
        opening = opening[:_OPENING].rsplit(" ", 1)[0] + " …"
    who = annotation.annotator
    judge = f"{who.role} {who.name} {who.version} ({who.kind}{', ' + who.method if who.method else ''})"
    return Example(
        f"example-{number}",
        exchange.id,
        spans.pieces(opening),
        _context(exchange),
        tuple((turn.role, spans.pieces(turn.text)) for turn in exchange.turns[:-1]),
        spans.pieces(last),
        spans.segments(exchange.reply, annotation.behaviours),
        _levels(annotation),
        _named(exchange.reply, annotation.behaviours),
        spans.pieces(annotation.reason or ""),
        [wording.spoken(flag) for flag in annotation.flags],
        judge,
        same,
    )


def _context(exchange: Exchange) -> str:
    """What is known of the case that bears on a level, in one line."""
    known = exchange.context
    fault = {
        "company": "company at fault",
        "customer": "customer at fault",
        "third_party": "third party at fault",
    }
    feeling = known.emotion
    if feeling and known.intensity is not None:
        feeling = f"{feeling}, {known.intensity} of 5"
    parts = (
        known.domain,
        known.channel,
        fault.get(known.fault or "", "fault unclear" if known.fault else None),
        f"{known.relationship} customer" if known.relationship else None,
        feeling,
    )
    return " · ".join(part for part in parts if part)


def _number(level: float | None) -> str:
    return "not judged" if level is None else f"{level:g}"


def _levels(annotation: Annotation) -> list[Level]:
    listed = []
    for dimension, name in dimension_names().items():
        level = annotation.levels.get(dimension)
        listed.append(Level(name, _number(level), None if level is None else f"{20 * level:.1f}%"))
    return listed


def _named(text: str, shown: Sequence[Behaviour]) -> list[Shown]:
    """The behaviours of a reply in words, each code once, in the order of their spans."""
    known = behaviours()
    listed: dict[tuple[str, str], Shown] = {}
    for behaviour in sorted(shown, key=lambda b: (b.start, b.end)):
        definition = known.get(behaviour.code)
        if definition is None:
            continue
        remark = "passing hint" if behaviour.strength < HINT else ""
        if not spans.found(text, behaviour):
            remark = "its words do not stand where it says"
        kind = "plus" if definition.positive else "minus"
        listed.setdefault(
            (behaviour.code, remark),
            Shown(wording.signed(definition), kind, wording.spoken(definition.name), remark),
        )
    return list(listed.values())
