"""Pairs: two texts, judged by two, as expected, in the right file; train's own; systems answer the test split alone.

Only data folders are looked at, and in them only what is current and passed its schema.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass

from amends.checks.duplicates import split_of_scenario
from amends.checks.files import Group, Place, shown
from amends.checks.prints import normal_words
from amends.checks.references import superseded
from amends.dataset.gold import ADJUDICATION
from amends.errors import Problem
from amends.jsonl import canonical
from amends.records import DIMENSIONS, PAIR_TEXTS, Json


def _literal(text: str) -> Hashable:
    return text


def _without_blanks(text: str) -> Hashable:
    return tuple(text.split())


_READ: Mapping[str, Callable[[str], Hashable]] = {
    "contrast": _without_blanks,
    "gaming": _literal,
    "invariance": _literal,
}
"""Kind of pair to what makes its two texts one; blanks can be the trick or the change of the last two."""

_TELLING = 8
"""Words from which a single turn that stands in two conversations is no chance."""


@dataclass(frozen=True, slots=True)
class _Pairs:
    """The current pairs of a folder and what was made of them."""

    contrast: tuple[Place, ...]
    splits: Mapping[str, str]
    """Id of a pair to its split, that of every kind of pair."""
    judgements: tuple[Place, ...]
    held: bool
    """The folder holds judgements, of whatever kind and state."""
    unread: frozenset[str]
    """Pairs that a judgement names which broke its schema: that one fault is named already."""


def problems(group: Group) -> Iterator[Problem]:
    """Pairs and judgements of a data folder that are not what they claim, and systems' answers to other splits."""
    if group.folder is None:
        return
    pairs = _read(group)
    yield from _same_texts(group)
    if pairs.held:
        yield from _judged(pairs)
        yield from _misplaced(pairs)
        yield from _twice(pairs)
    yield from _shared(pairs)
    yield from _systems(group)


def _problem(place: Place, path: str, found: str, expected: str, remedy: str) -> Problem:
    return Problem(place[0].name, place[1].number, path, found, expected, remedy)


def _where(place: Place) -> str:
    return f"{place[0].name}:{place[1].number}"


def _current(group: Group, kind: str) -> Iterator[Place]:
    gone = superseded(group, kind)
    return (place for place in group.good(kind) if place[1].record.get("id") not in gone)


def _read(group: Group) -> _Pairs:
    # what is pending has no judgements yet
    contrast = tuple(place for place in _current(group, "contrast") if not place[0].area)
    splits = {str(line.record["id"]): "test" for kind in ("gaming", "invariance") for _, line in _current(group, kind)}
    splits |= {str(line.record["id"]): str(line.record["split"]) for _, line in contrast}
    every = [place for place in group.lines("judgement") if place[0].area == "judgements"]
    current = tuple(place for place in _current(group, "judgement") if place[0].area == "judgements")
    unread = frozenset(str(line.record.get("pair_id")) for _, line in every if not line.good)
    return _Pairs(contrast, splits, current, bool(every), unread)


def _same_texts(group: Group) -> Iterator[Problem]:
    for kind, read in _READ.items():
        first, second = PAIR_TEXTS[kind]
        for place in _current(group, kind):
            if read(place[1].record[first]) == read(place[1].record[second]):
                expected = f"another text than $.{first}"
                remedy = "mend one of the two; if the pair is released, by a new one that supersedes it"
                yield _problem(place, f"$.{second}", f"the same text as $.{first}", expected, remedy)


def _judged(pairs: _Pairs) -> Iterator[Problem]:
    """Contrast pairs that fewer than two judged, or that expect what somebody did not see."""
    own: dict[str, list[Place]] = {}
    for place in pairs.judgements:
        if place[1].record["annotator"].get("method") != ADJUDICATION:
            own.setdefault(place[1].record["pair_id"], []).append(place)
    for place in pairs.contrast:
        record = place[1].record
        judgements = own.get(record["id"], [])
        names = sorted({_name(judgement) for judgement in judgements})
        if len(names) < 2 and record["id"] not in pairs.unread:
            found = f"{shown(record['id'])}, judged by {shown(names[0]) + ' alone' if names else 'nobody'}"
            expected = "judgements by two annotators (an adjudication is none)"
            remedy = f"have it judged blind, in judgements/<annotator>/{record['split']}.jsonl"
            yield _problem(place, "$.id", found, expected, remedy)
        yield from _unseen(place, judgements)


def _name(judgement: Place) -> str:
    return str(judgement[1].record["annotator"]["name"])


def _unseen(pair: Place, judgements: list[Place]) -> Iterator[Problem]:
    for dimension in DIMENSIONS:
        owed = pair[1].record["expects"][dimension]
        others = [place for place in judgements if _order(place[1].record, dimension) != owed]
        if others:
            saw = ", ".join(f"{_name(p)} saw {_levels(p[1].record, dimension)} ({_where(p)})" for p in others)
            expected = "what every annotator saw (1: better higher than worse, 0: equal)"
            remedy = (
                "add a pair that supersedes this one and expects what was seen, or whose texts show what it expects"
            )
            yield _problem(pair, f"$.expects.{dimension}", f"{owed}, but {saw}", expected, remedy)


def _order(judgement: Json, dimension: str) -> int | None:
    """Sign of first minus second; None, which fits nothing, where one side alone has a level."""
    first, second = (judgement[side]["levels"][dimension] for side in ("first", "second"))
    if first is None or second is None:
        return 0 if first is second else None
    return int(first > second) - int(first < second)


def _levels(judgement: Json, dimension: str) -> str:
    first, second = (judgement[side]["levels"][dimension] for side in ("first", "second"))
    return f"{shown(first)} against {shown(second)}"


def _misplaced(pairs: _Pairs) -> Iterator[Problem]:
    """Judgements in the file of another split than their pair's; training on them would be training on test."""
    for place in pairs.judgements:
        pair = place[1].record["pair_id"]
        split = pairs.splits.get(pair)
        name = place[0].name.replace("\\", "/").rsplit("/", 1)[-1]
        if split is not None and name != f"{split}.jsonl":
            found = f"{shown(pair)}, a pair of {split}, in {name}"
            yield _problem(place, "$.pair_id", found, f"{split}.jsonl", f"move the line to {split}.jsonl beside it")


def _twice(pairs: _Pairs) -> Iterator[Problem]:
    """A second line that does not supersede the first would count twice."""
    first: dict[tuple[str, str, str | None], Place] = {}
    for place in pairs.judgements:
        record = place[1].record
        key = (record["pair_id"], _name(place), record["annotator"].get("method"))
        before = first.setdefault(key, place)
        if before is not place:
            found = f"a second judgement of {shown(key[0])} (first at {_where(before)})"
            expected = f"one by {key[1]}" + (f" with the method {key[2]}" if key[2] else "")
            yield _problem(place, "$.pair_id", found, expected, "remove it, or let it supersede the first")


def _shared(pairs: _Pairs) -> Iterator[Problem]:
    """Pairs of train with the turns or the writer of a pair that is held out."""
    held: dict[Hashable, Place] = {}
    for place in pairs.contrast:
        if place[1].record["split"] != "train":
            for key, _ in _marks(place[1].record):
                held.setdefault(key, place)
    for place in pairs.contrast:
        if place[1].record["split"] != "train":
            continue
        said: set[str] = set()
        for key, path in _marks(place[1].record):
            # of a conversation that is shared as a whole each turn need not be named too
            if key in held and said.isdisjoint((path, "$.turns")):
                said.add(path)
                yield _not_its_own(place, path, held[key])


def _marks(record: Json) -> Iterator[tuple[Hashable, str]]:
    """What no pair of another split may have too, with its path: all turns, each longer turn, the writer."""
    # of a turn without a word its signs are all there is
    said = [tuple(normal_words(turn["text"]) or (turn["text"],)) for turn in record["turns"]]
    yield ("turns", *said), "$.turns"
    for i, words in enumerate(said):
        if len(words) >= _TELLING:
            yield ("turn", words), f"$.turns[{i}].text"
    writer = record.get("meta", {}).get("writer")
    if writer:
        yield ("writer", canonical(writer)), "$.meta.writer"


def _not_its_own(place: Place, path: str, other: Place) -> Problem:
    record = other[1].record
    shares = shown(place[1].record["meta"]["writer"]) if path == "$.meta.writer" else "the words"
    found = f"{shares} of {shown(record['id'])} of {record['split']} ({_where(other)})"
    expected = f"nothing in train that pairs of {record['split']} share"
    remedy = "add a pair of its own that supersedes one of the two, or put both into one split"
    return _problem(place, path, found, expected, remedy)


def _systems(group: Group) -> Iterator[Problem]:
    """Replies of whole generators, and their annotations, for scenarios on which scorers may have been tuned."""
    splits = split_of_scenario(group)
    answered = {line.record["id"]: line.record["scenario_id"] for _, line in group.good("reply")}
    for kind in ("reply", "annotation"):
        for place in _current(group, kind):
            if not place[0].of_systems:
                continue
            scenario, path = place[1].record.get("scenario_id"), "$.scenario_id"
            if scenario is None:
                scenario, path = answered.get(place[1].record["reply_id"]), "$.reply_id"
            split = splits.get(scenario) if isinstance(scenario, str) else None
            if split not in (None, "test"):
                found = f"scenario {shown(scenario)} of {split}"
                remedy = "take the line out, or let the generator answer scenarios of the test split"
                yield _problem(place, path, found, "a scenario of the test split", remedy)
