"""Duplicates: no two customers say nearly the same, and no two replies; least of all in two splits.

A text of one split that nearly stands in another is a leak. A generator may repeat itself, and so may people at
a desk; so a file of replies that comes without its scenarios, and replies of whole generators (``systems/``), are
not compared. Exchanges outside a data folder are compared as customer and reply together.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from amends.checks.base import customer_text
from amends.checks.files import Group, Place, shown
from amends.checks.near import Match, near
from amends.checks.references import superseded
from amends.errors import Problem


@dataclass(frozen=True, slots=True)
class Text:
    """A text that should be like no other."""

    place: Place
    path: str
    """JSON path of the text in its record."""
    text: str
    split: str | None
    """None where the record is of no split."""


def problems(group: Group) -> Iterator[Problem]:
    """Near and exact duplicates among customers' texts, among replies, and among exchanges."""
    for texts in (_customers(group), _replies(group), _exchanges(group)):
        for match in near([t.text for t in texts], [t.split for t in texts]):
            yield _problem(texts[match.later], texts[match.earlier], match)


def split_of_scenario(group: Group) -> dict[str, str | None]:
    """Scenario id to its split."""
    return {line.record["id"]: line.record.get("split") for _, line in group.good("scenario")}


def _customers(group: Group) -> list[Text]:
    gone = superseded(group, "scenario")
    return [
        Text(place, "$.turns", customer_text(place[1].record), place[1].record.get("split"))
        for place in group.good("scenario")
        if place[1].record["id"] not in gone
    ]


def _replies(group: Group) -> list[Text]:
    gone = superseded(group, "reply")
    splits = split_of_scenario(group)
    return [
        Text(place, "$.text", place[1].record["text"], splits[place[1].record["scenario_id"]])
        for place in group.good("reply")
        if place[1].record["id"] not in gone and place[1].record["scenario_id"] in splits and not place[0].of_systems
    ]


def _exchanges(group: Group) -> list[Text]:
    """Users' own; those of a data folder are built from texts that are compared already."""
    return [
        Text(place, "$", f"{customer_text(place[1].record)}\n{place[1].record['reply']}", place[1].record.get("split"))
        for place in group.good("exchange")
    ]


def _problem(later: Text, earlier: Text, match: Match) -> Problem:
    file, line = earlier.place
    where = f"{shown(line.record['id'])} ({file.name}:{line.number})"
    near_by = "the same words as" if match.same else f"{match.similarity:.0%} of its 3-word runs shared with"
    if later.split == earlier.split:
        expected = "a text of its own (under 50% shared with any other)"
        remedy = "remove or rewrite one of the two"
    else:
        near_by = f"in {later.split or 'no split'} {near_by} {earlier.split or 'no split'}'s"
        expected = "no text of one split in another"
        remedy = "remove one of the two, or put both scenarios into one split"
    number = later.place[1].number
    return Problem(later.place[0].name, number, later.path, f"{near_by} {where}", expected, remedy)
