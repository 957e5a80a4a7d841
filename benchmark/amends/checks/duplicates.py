"""Duplicates: no two customers say nearly the same, and no two replies; least of all in two splits.

A text of one split that nearly stands in another is a leak. A generator may repeat itself, and so may people at
a desk; so a file of replies that comes without its scenarios, and replies of whole generators (``systems/``), are
not compared. Exchanges outside a data folder are compared as customer and reply together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from amends.checks.alike import Alike
from amends.checks.base import customer_text, exchange_text
from amends.checks.files import Again, Group, Place, shown
from amends.checks.near import LEAST, Match, near
from amends.checks.prints import normal_words, similarity
from amends.checks.references import superseded
from amends.errors import Problem

_TOGETHER = 50_000
"""Matches whose texts are read again and held at once: a hundred megabytes."""


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

    def note(what: str) -> None:
        group.notes.append(f"duplicates: {what}")

    for texts in (_customers, _replies) if group.alike else (_customers, _replies, _exchanges):
        stood: list[str | None] = []
        for found in _some(list(near(_noted(texts(group), stood), _last(stood), note))):
            yield from _told(found, _chosen(texts(group), _named(found)))
    if group.alike:
        for found in _some(group.alike.matches(note)):
            yield from _told(found, _picked(group, group.alike, _named(found)))


def _noted(texts: Texts, splits: list[str | None]) -> Iterator[str]:
    for place, text in texts:
        splits[:] = [place.split]
        yield text


def _last(splits: list[str | None]) -> Iterator[str | None]:
    """The split of the text that was read last."""
    while True:
        yield splits[0]


def _some(found: Sequence[Match]) -> Iterator[Sequence[Match]]:
    """Matches whose texts are held together."""
    return (found[start : start + _TOGETHER] for start in range(0, len(found), _TOGETHER))


def _named(found: Sequence[Match]) -> list[int]:
    """Texts of matches, in order."""
    return sorted({text for match in found for text in (match.later, match.earlier)})


def _chosen(texts: Texts, wanted: Sequence[int]) -> dict[int, tuple[Text, str]]:
    """Some of the texts with their places, read again."""
    named = set(wanted)
    return {i: one for i, one in enumerate(texts) if i in named} if named else {}


def _picked(group: Group, alike: Alike, wanted: Sequence[int]) -> dict[int, tuple[Text, str]]:
    """Some of the users' exchanges with their places, read again."""
    by_file: dict[int, dict[int, int]] = {}
    for text in wanted:
        at, number = alike.place(text)
        by_file.setdefault(at, {})[number] = text
    found: dict[int, tuple[Text, str]] = {}
    for at, texts in by_file.items():
        file = group.files[at]
        for line in file.lines.picked(set(texts)) if isinstance(file.lines, Again) else file.lines:
            if line.number in texts and line.good:
                found[texts[line.number]] = _exchange((file, line))
    return found


def _told(found: Sequence[Match], texts: Mapping[int, tuple[Text, str]]) -> Iterator[Problem]:
    """Matches that their texts bear out: hashes stood for these."""
    for match in found:
        if match.later not in texts or match.earlier not in texts:
            continue  # somebody has changed the file since it was read
        (later, text), (earlier, other) = texts[match.later], texts[match.earlier]
        words, others = normal_words(text), normal_words(other)
        if words == others if match.same else similarity(words, others) >= LEAST:
            yield _problem(later, earlier, match)


def split_of_scenario(group: Group) -> dict[str, str | None]:
    """Scenario id to its split."""
    return {line.record["id"]: line.record.get("split") for _, line in group.brief("scenario") if line.good}


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
    return map(_exchange, group.good("exchange"))


def _exchange(place: Place) -> tuple[Text, str]:
    record = place[1].record
    return _text(place, "$", record.get("split")), exchange_text(record)


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
