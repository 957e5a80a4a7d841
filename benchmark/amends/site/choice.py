"""Which replies of an entry its page shows: the best, the median and the worst on each dimension."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from amends.records import Annotation, Exchange
from amends.reports import examples
from amends.site.shown import dimensions

RULE = (
    "Of all replies that have a level on a dimension, in the order of the level and then of the id: the last (best), "
    "the one in the middle (of an even number the lower), the first (worst). A reply in the words of one that stands "
    "above it under the same dimension is passed over for the next in that order. Nobody chose them."
)
"""How they are chosen, in every page."""
LONGEST = 8_000
"""Characters of a reply that a page shows: one of 100,000, each of them unseen, would fill it ten times over."""
PLACES = ("Best", "Median", "Worst")


@dataclass(frozen=True, slots=True)
class Chosen:
    """One place under a dimension."""

    place: str
    level: str
    example: examples.Example
    above: str
    """Where the same reply stands already; empty where it is shown here."""
    anchor: str
    left_out: int
    """Characters of the reply that are not shown."""


@dataclass(frozen=True, slots=True)
class Group:
    """The replies of one dimension."""

    name: str
    chosen: list[Chosen]


def picked(items: Sequence[examples.Item], dimension: str) -> list[tuple[str, examples.Item]]:
    """Best, median and worst reply on a dimension, by ``RULE``.

    Args:
        items: replies with their annotations.
        dimension: whose level counts.
    """
    judged = [
        (level, exchange.id, place, (exchange, annotation))
        for place, (exchange, annotation) in enumerate(items)
        if (level := annotation.levels.get(dimension)) is not None
    ]
    ranked = [one[3] for one in sorted(judged, key=lambda one: one[:3])]
    middle = (len(ranked) - 1) // 2
    orders = (list(reversed(ranked)), ranked[middle::-1] + ranked[middle + 1 :] if ranked else [], ranked)
    found: list[tuple[str, examples.Item]] = []
    texts: set[str] = set()
    for place, order in zip(PLACES, orders, strict=True):
        item = next((item for item in order if item[0].reply not in texts), None)
        if item is not None:
            texts.add(item[0].reply)
            found.append((place, item))
    return found


def groups(items: Sequence[tuple[Exchange, Annotation]]) -> list[Group]:
    """The replies of a page; one that belongs in two places is shown in the first and named in the second."""
    made: dict[int, tuple[str, str]] = {}
    listed = []
    for code, name in dimensions():
        chosen = []
        for place, (exchange, annotation) in picked(items, code):
            anchor, above = made.get(id(exchange), ("", ""))
            if not above:
                anchor = f"{code.replace('_', '-')}-{place.lower()}"
                made[id(exchange)] = anchor, f"{name}, {place.lower()}"
            level = annotation.levels[code]
            left_out = max(0, len(exchange.reply) - LONGEST)
            chosen.append(Chosen(place, f"{level:g}", _example(exchange, annotation), above, anchor, left_out))
        listed.append(Group(name, chosen))
    return listed


def _example(exchange: Exchange, annotation: Annotation) -> examples.Example:
    """One reply as it is shown, and of a very long one its beginning."""
    if len(exchange.reply) > LONGEST:
        exchange = replace(exchange, reply=exchange.reply[:LONGEST])
        kept = tuple(b for b in annotation.behaviours if b.end <= LONGEST)
        annotation = replace(annotation, behaviours=kept)
    return examples.example(exchange, annotation)
