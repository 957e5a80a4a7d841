"""References: what a record names is there, still stands, and does not lead in a circle."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from amends.checks.files import Group, Place, shown, step
from amends.checks.hashed import hashed
from amends.dataset.folder import released_scenarios
from amends.errors import InputError, Problem
from amends.records import PAIR_TEXTS

_PAIRS = tuple(PAIR_TEXTS)
_KINDS = ("scenario", "reply", "exchange", "annotation", *_PAIRS, "degenerate", "comparison", "judgement")
_REFERRING = ("reply", "annotation", "plan", "comparison", "judgement")
_BOUND = ("reply", "annotation", "judgement")
"""Kinds of which a current record may not name a superseded one: only what is current is joined and counted."""


def problems(group: Group) -> Iterator[Problem]:
    """References of a group's records that lead nowhere, or to what was superseded."""
    yield from _superseding(group)
    yield from _dangling(group)
    yield from _other_scenario(group)


def superseded(group: Group, kind: str) -> dict[str, str]:
    """Ids of a kind that a later record supersedes, each to the id of that record."""
    return {line.record["supersedes"]: str(line.record.get("id")) for _, line in group.superseding(kind)}


def ids_of(group: Group, *kinds: str) -> Iterator[str]:
    """Ids of the group's records of these kinds, broken records too, so that one fault is named once."""
    return (line.record["id"] for _, line in group.brief(*kinds) if isinstance(line.record.get("id"), str))


def _problem(place: Place, path: str, found: str, expected: str, remedy: str) -> Problem:
    return Problem(place[0].name, place[1].number, path, found, expected, remedy)


def _superseding(group: Group) -> Iterator[Problem]:
    for kind in _KINDS:
        earlier = {new: old for old, new in superseded(group, kind).items()}
        known = set(ids_of(group, kind)) if earlier else set()
        for place in group.superseding(kind):
            old = place[1].record["supersedes"]
            if old not in known:
                # outside a data folder a correction may come in a file of its own
                if group.folder is not None:
                    expected = f"the id of another {kind}"
                    yield _problem(place, "$.supersedes", shown(old), expected, "mend the id, or leave it out")
            elif _circle(place[1].record.get("id"), earlier):
                expected = f"the id of an earlier {kind}"
                remedy = "of records that supersede each other none would be left; leave it out of one"
                yield _problem(place, "$.supersedes", f"{shown(old)}, which leads back here", expected, remedy)


def _circle(start: Any, earlier: Mapping[str, str]) -> bool:
    seen: set[str] = set()
    at = earlier.get(start) if isinstance(start, str) else None
    while at is not None and at != start and at not in seen:
        seen.add(at)
        at = earlier.get(at)
    return at is not None and at == start


@dataclass(frozen=True, slots=True)
class _Target:
    """What one kind of reference may lead to."""

    what: str
    lacking: frozenset[int]
    """Hashes of the ids that are asked for and not there."""
    gone: Mapping[str, str]
    """Superseded ids, each to the id of the record that stands instead."""


def _targets(group: Group) -> dict[str, _Target]:
    """Kinds of reference that can be followed; scorers' annotations alone name replies that are not at hand."""
    scenarios = set(ids_of(group, "scenario"))
    scenarios |= {k for _, line in group.brief("exchange") if isinstance(k := line.record.get("scenario_id"), str)}
    asked = set(_asked(group, "scenario"))
    if group.folder is None:
        scenarios |= _released(asked - scenarios)
    lacking = frozenset(map(hash, asked - scenarios))
    targets = {"scenario": _Target("scenario", lacking, superseded(group, "scenario"))}
    replies = hashed(ids_of(group, "reply", "exchange"))
    if len(replies) or group.folder is not None:
        lacking = hashed(_asked(group, "reply")).without(replies)
        targets["reply"] = _Target("reply", lacking, superseded(group, "reply"))
    pairs = hashed(ids_of(group, *_PAIRS))
    if len(pairs) or group.folder is not None:
        gone = {old: new for kind in _PAIRS for old, new in superseded(group, kind).items()}
        targets["pair"] = _Target("pair", hashed(_asked(group, "pair")).without(pairs), gone)
    return targets


def _asked(group: Group, kind: str) -> Iterator[str]:
    """Ids of a kind that records name."""
    for _, line in group.brief(*_REFERRING):
        yield from (key for _, what, key in _references(line.record) if what == kind)


def _released(asked: Collection[str]) -> set[str]:
    """Those of the ids that are released scenarios; replies outside a data folder answer these."""
    if not asked:
        return set()
    try:
        return set(released_scenarios()) & set(asked)
    except InputError:
        return set(asked)  # the released folder is itself broken; that is no fault of these files


def _references(record: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Path, kind and id of everything that a record names."""
    for what in ("scenario", "reply", "pair"):
        key = record.get(f"{what}_id")
        if isinstance(key, str):
            yield f"$.{what}_id", what, key
    ranking = record.get("ranking")
    for i, tied in enumerate(ranking if isinstance(ranking, list) else ()):
        for j, key in enumerate(tied if isinstance(tied, list) else ()):
            if isinstance(key, str):
                yield step(step("$.ranking", i), j), "reply", key


def _dangling(group: Group) -> Iterator[Problem]:
    if not any(file.kind in _REFERRING for file in group.files):
        return
    targets = _targets(group)
    if not any(target.lacking or target.gone for target in targets.values()):
        return
    old = {kind: superseded(group, kind) for kind in _BOUND}
    for place in group.brief(*_REFERRING):
        bound = place[0].kind in _BOUND and str(place[1].record.get("id")) not in old[place[0].kind]
        for path, what, key in _references(place[1].record):
            if what in targets:
                yield from _followed(place, path, key, targets[what], bound)


def _followed(place: Place, path: str, key: str, target: _Target, bound: bool) -> Iterator[Problem]:
    if hash(key) in target.lacking:
        remedy = f"mend the id, or add the {target.what}"
        yield _problem(place, path, shown(key), f"the id of a {target.what}", remedy)
    elif bound and key in target.gone:
        instead = shown(target.gone[key])
        expected = f"the id of a {target.what} that still stands"
        remedy = f"add a record that supersedes this one and names {instead}"
        yield _problem(place, path, f"{shown(key)}, superseded by {instead}", expected, remedy)


def _other_scenario(group: Group) -> Iterator[Problem]:
    """Annotations that name another scenario than their reply does."""
    answered: dict[str, set[str]] = {}
    if not any(file.kind == "annotation" for file in group.files):
        return
    for _, line in group.brief("reply", "exchange"):
        key, scenario = line.record.get("id"), line.record.get("scenario_id")
        if isinstance(key, str) and isinstance(scenario, str):
            answered.setdefault(key, set()).add(scenario)
    for place in group.brief("annotation"):
        if not place[1].good:
            continue
        named, right = place[1].record.get("scenario_id"), answered.get(place[1].record["reply_id"])
        if named is not None and right and named not in right:
            expected = f"{shown(min(right))}, which the reply answers"
            yield _problem(place, "$.scenario_id", shown(named), expected, "use that id")
