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
    """Where a text stands that should be like no other."""

    file: str
    line: int
    id: str
    path: str
    """JSON path of the text in its record."""
    split: str | None
    """None where the record is of no split."""


Texts = Iterator[tuple[Text, str]]
"""Places with their texts, which are not kept."""


def problems(group: Group) -> Iterator[Problem]:
    """Near and exact duplicates among customers' texts, among replies, and among exchanges."""
    for texts in (_customers(group), _replies(group), _exchanges(group)):
        stood: list[Text] = []
        matches = near(_noted(texts, stood), _splits(stood), lambda note: group.notes.append(f"duplicates: {note}"))
        for match in matches:
            yield _problem(stood[match.later], stood[match.earlier], match)


def _noted(texts: Texts, stood: list[Text]) -> Iterator[str]:
    for place, text in texts:
        stood.append(place)
        yield text


def _splits(stood: list[Text]) -> Iterator[str | None]:
    """The split of the text that was read last."""
    while True:
        yield stood[-1].split


def split_of_scenario(group: Group) -> dict[str, str | None]:
    """Scenario id to its split."""
    return {line.record["id"]: line.record.get("split") for _, line in group.good("scenario")}


def _text(place: Place, path: str, split: str | None) -> Text:
    return Text(place[0].name, place[1].number, place[1].record["id"], path, split)


def _customers(group: Group) -> Texts:
    gone = superseded(group, "scenario")
    for place in group.good("scenario"):
        record = place[1].record
        if record["id"] not in gone:
            yield _text(place, "$.turns", record.get("split")), customer_text(record)


def _replies(group: Group) -> Texts:
    gone = superseded(group, "reply")
    splits = split_of_scenario(group)
    for place in group.good("reply"):
        record = place[1].record
        if record["id"] not in gone and record["scenario_id"] in splits and not place[0].of_systems:
            yield _text(place, "$.text", splits[record["scenario_id"]]), record["text"]


def _exchanges(group: Group) -> Texts:
    """Users' own; those of a data folder are built from texts that are compared already."""
    for place in group.good("exchange"):
        record = place[1].record
        yield _text(place, "$", record.get("split")), f"{customer_text(record)}\n{record['reply']}"


def _problem(later: Text, earlier: Text, match: Match) -> Problem:
    where = f"{shown(earlier.id)} ({earlier.file}:{earlier.line})"
    near_by = "the same words as" if match.same else f"{match.similarity:.0%} of its 3-word runs shared with"
    if later.split == earlier.split:
        expected = "a text of its own (under 50% shared with any other)"
        remedy = "remove or rewrite one of the two"
    else:
        near_by = f"in {later.split or 'no split'} {near_by} {earlier.split or 'no split'}'s"
        expected = "no text of one split in another"
        remedy = "remove one of the two, or put both scenarios into one split"
    return Problem(later.file, later.line, later.path, f"{near_by} {where}", expected, remedy)
