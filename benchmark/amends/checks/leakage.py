"""Leakage: labels and plan stay out of what scorers and generators are given, held-out replies out of training.

The plan says what a writer aimed at. Passed on in ``meta`` or in the reply itself, it would be read back as a label.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from amends.checks.duplicates import split_of_scenario
from amends.checks.files import File, Group, Line, Place, shown, step
from amends.checks.prints import normal_words
from amends.checks.references import superseded
from amends.errors import Problem
from amends.records import DIMENSIONS, Json
from amends.schema import document

_OURS = re.compile(
    r"(?i)(?:gold|plan|planned|plan_\w+|gold_\w+|target_\w+|levels|behaviours|annotations?|adjudication)\Z"
)
"""Keys that say in a record of ours what they hold; in a user's own logs a ``plan`` may be a tariff."""
_ANYBODYS = re.compile(r"(?i)(?:gold|gold_levels|plan_levels|plan_id|target_levels|target_behaviours)\Z")
_GIVEN = ("exchange", "reply", "scenario")
"""Kinds of record that scorers and generators are given."""
_PLAN_KINDS = ("planned", "ordinary")
_IN_TEXT = re.compile(
    r"(?i)\b(?:empathy|depersonali[sz]ation|excuse[_ ]avoidance)\b[\"']?\s{0,3}[:=]\s{0,3}[1-5]\b"
    r"|[\"'](?:levels|behaviours|target_levels|gold|plan)[\"']\s{0,3}:"
)
_WHOLE = 8
"""Words from which a reply that stands whole inside another text is no chance."""
_OPENING = 5


def problems(group: Group) -> Iterator[Problem]:
    """Plan and gold where they must not be, and held-out replies that stand whole in texts of the training split."""
    for file in group.files:
        yield from file.each("leakage", of_line)
    yield from _held_out(group)


def of_line(file: File, line: Line) -> Iterator[Problem]:
    """Plan and gold where they must not be, in one record of a file.

    Args:
        file: where it stands.
        line: the record.
    """
    if file.kind in _GIVEN:
        yield from of_record((file, line), file.ours or line.record.get("gold") is not None)


def of_record(place: Place, strict: bool = True) -> Iterator[Problem]:
    """Plan and gold in the meta or the text of one exchange, reply or scenario.

    Args:
        place: where it stands.
        strict: the record is ours, so that a key ``plan`` is the plan and no tariff.
    """
    record = place[1].record
    yield from _in_meta(place, strict)
    text = record.get("reply", record.get("text"))
    if place[0].of_systems:
        return  # a cheat may well write scores: that is what it is kept for
    if isinstance(text, str) and (":" in text or "=" in text) and (found := _IN_TEXT.search(text)):
        expected = "the text that the customer is sent, without levels or plan"
        yield _problem(place, "$.reply" if "reply" in record else "$.text", shown(found[0]), expected)


def _problem(place: Place, path: str, found: str, expected: str) -> Problem:
    remedy = "take it out; the plan belongs in plan.jsonl alone, labels in annotations"
    if place[0].built:
        remedy += "; then run amends data build"
    return Problem(place[0].name, place[1].number, path, found, expected, remedy)


def _in_meta(place: Place, strict: bool) -> Iterator[Problem]:
    waiting: list[tuple[str, Any]] = [("$.meta", place[1].record.get("meta"))]
    while waiting:  # no recursion: meta may be nested as deep as JSON allows
        path, value = waiting.pop()
        if isinstance(value, list):
            waiting.extend((step(path, i), item) for i, item in enumerate(value) if isinstance(item, dict | list))
            continue
        for key, inner in value.items() if isinstance(value, dict) else ():
            below = step(path, key)
            if (_OURS if strict else _ANYBODYS).match(key) or _tells(key, inner):
                found = f"{shown(key)} with {shown(inner)}"
                yield _problem(place, below, found, "nothing of the plan or of the labels in meta")
            elif isinstance(inner, dict | list):
                waiting.append((below, inner))


def _codes() -> frozenset[str]:
    return frozenset(document("common")["$defs"]["code"]["enum"])


def _tells(key: str, value: Any) -> bool:
    """Tell whether a value is a plan or a label by its form, whatever its key."""
    if isinstance(value, dict):
        return any(d in value for d in DIMENSIONS)
    if isinstance(value, list):
        return bool(value) and all(isinstance(v, str) for v in value) and _codes().issuperset(value)
    if key.lower() in DIMENSIONS:
        return isinstance(value, int | float)
    return key.lower() == "kind" and value in _PLAN_KINDS


def _held_out(group: Group) -> Iterator[Problem]:
    """Replies of validation and test that stand whole inside a longer text of train."""
    splits = split_of_scenario(group)
    if not {"validation", "test"}.intersection(splits.values()):
        return
    gone = superseded(group, "reply")
    openings: dict[tuple[str, ...], list[tuple[Place, list[str]]]] = {}
    for place in group.good("reply"):
        record = place[1].record
        if splits.get(record["scenario_id"]) in ("validation", "test") and record["id"] not in gone:
            words = normal_words(record["text"])
            if len(words) >= _WHOLE and not place[0].of_systems:
                openings.setdefault(tuple(words[:_OPENING]), []).append((place, words))
    if not openings:
        return
    for place, path, text in _training_texts(group, splits):
        words = normal_words(text)
        for at, run in enumerate(zip(*[words[i:] for i in range(_OPENING)], strict=False)):
            for held, whole in openings.get(run, ()):
                if words[at : at + len(whole)] == whole and not _near(place, whole, words):
                    yield _contained(place, path, held, splits)


def _near(place: Place, whole: list[str], words: list[str]) -> bool:
    """Two replies that are nearly the same are already named as duplicates."""
    return place[0].kind == "reply" and 2 * (len(whole) - 2) >= len(words) - 2


def _contained(place: Place, path: str, held: Place, splits: dict[str, str | None]) -> Problem:
    record = held[1].record
    split = splits[record["scenario_id"]]
    found = f"the whole of {shown(record['id'])} of {split} ({held[0].name}:{held[1].number})"
    expected = f"no text of {split} in train"
    return Problem(place[0].name, place[1].number, path, found, expected, "rewrite one of the two")


def _training_texts(group: Group, splits: dict[str, str | None]) -> Iterator[tuple[Place, str, str]]:
    for place in group.good("scenario", "reply", "contrast"):
        record: Json = place[1].record
        split = splits.get(record["scenario_id"]) if place[0].kind == "reply" else record.get("split")
        if split == "train":
            for i, turn in enumerate(record.get("turns") or ()):
                yield place, f"$.turns[{i}].text", turn["text"]
            for name in ("text", "better", "worse"):
                if name in record:
                    yield place, f"$.{name}", record[name]
