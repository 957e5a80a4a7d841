"""Ids: each used once, each reference leads somewhere, one split a scenario, every label with its maker."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from amends.checks.files import COMPARISON, File, Group, Place, shown, step
from amends.dataset.folder import SPLITS, released_scenarios
from amends.errors import InputError, Problem

_KINDS = ("scenario", "reply", "exchange", "annotation", "contrast", "gaming", "invariance", "degenerate", "plan")
_REFERRING = ("reply", "annotation", "plan", COMPARISON)


def problems(group: Group) -> Iterator[Problem]:
    """Everything wrong with the ids of a group, its splits and its makers."""
    yield from _repeated(group)
    yield from _superseding(group)
    yield from _dangling(group)
    yield from _splits(group)
    if group.folder is not None:
        yield from _twice_judged(group)
        yield from _makers(group)


def superseded(group: Group, kind: str) -> dict[str, str]:
    """Ids of a kind that a later record supersedes, each to the id of that record."""
    return {
        line.record["supersedes"]: str(line.record.get("id"))
        for _, line in group.lines(kind)
        if isinstance(line.record.get("supersedes"), str)
    }


def ids_of(group: Group, *kinds: str) -> set[str]:
    """Ids of the group's records of these kinds, broken records too, so that one fault is named once."""
    return {line.record["id"] for _, line in group.lines(*kinds) if isinstance(line.record.get("id"), str)}


def _problem(place: Place, path: str, found: str, expected: str, remedy: str) -> Problem:
    return Problem(place[0].name, place[1].number, path, found, expected, remedy)


def _scope(group: Group, file: File) -> str:
    """Within what an id may stand once: a data folder; a single file; each file of a system of its own."""
    alone = group.folder is None or file.area in ("systems", "pending")
    return file.name if alone else ""


def _repeated(group: Group) -> Iterator[Problem]:
    first: dict[tuple[str, str, str], Place] = {}
    for kind in _KINDS:
        field = "reply_id" if kind == "plan" else "id"
        for file, line in group.lines(kind):
            key = line.record.get(field)
            if not isinstance(key, str):
                continue
            before = first.setdefault((kind, _scope(group, file), key), (file, line))
            if before[1] is not line:
                found = f"{shown(key)} again (first at {before[0].name}:{before[1].number})"
                remedy = "give it a new id, or remove the line"
                yield _problem((file, line), f"$.{field}", found, "an id used once", remedy)


def _superseding(group: Group) -> Iterator[Problem]:
    for kind in _KINDS[:-1]:
        known = ids_of(group, kind)
        by = {
            line.record["id"]: line.record["supersedes"]
            for _, line in group.lines(kind)
            if isinstance(line.record.get("supersedes"), str) and isinstance(line.record.get("id"), str)
        }
        for file, line in group.lines(kind):
            old = line.record.get("supersedes")
            if not isinstance(old, str) or (group.folder is None and old not in known):
                continue  # a correction may come in a file of its own; the data folder knows the rest
            if old not in known:
                yield _problem(
                    (file, line), "$.supersedes", shown(old), f"the id of another {kind}", "mend the id, or leave it out"
                )
            elif _circle(line.record.get("id"), by):
                expected = f"the id of an earlier {kind}"
                remedy = "of records that supersede each other none would be left; leave it out of one"
                yield _problem((file, line), "$.supersedes", f"{shown(old)}, which leads back here", expected, remedy)


def _circle(start: Any, by: Mapping[str, str]) -> bool:
    seen: set[str] = set()
    at = by.get(start) if isinstance(start, str) else None
    while at is not None and at != start and at not in seen:
        seen.add(at)
        at = by.get(at)
    return at is not None and at == start


def _released(asked: Collection[str]) -> set[str]:
    """Those of the ids that are released scenarios; replies outside a data folder answer these."""
    if not asked:
        return set()
    try:
        return set(released_scenarios()) & set(asked)
    except InputError:
        return set(asked)  # the released folder is itself broken; that is no fault of these files


def _dangling(group: Group) -> Iterator[Problem]:
    scenarios = ids_of(group, "scenario")
    asked = {key for _, line in group.lines(*_REFERRING) if isinstance(key := line.record.get("scenario_id"), str)}
    if group.folder is None:
        scenarios |= _released(asked - scenarios)
    replies = ids_of(group, "reply", "exchange")
    gone = {"scenario_id": superseded(group, "scenario"), "reply_id": superseded(group, "reply")}
    outdated = {kind: superseded(group, kind) for kind in ("reply", "annotation")}
    answers = _answered(group)
    for file, line in group.lines(*_REFERRING):
        record = line.record
        current = record.get("id") not in outdated.get(str(file.kind), {})
        for field, known in (("scenario_id", scenarios), ("reply_id", replies)):
            # without any reply beside them annotations stand alone, like those that a scorer writes
            if isinstance(record.get(field), str) and (known or field == "scenario_id" or group.folder):
                yield from _reference((file, line), field, known, gone[field] if current else {})
        scenario = answers.get(str(record.get("reply_id")))
        if scenario and isinstance(record.get("scenario_id"), str) and record["scenario_id"] not in scenario:
            expected = f"{shown(min(scenario))}, which the reply answers"
            yield _problem((file, line), "$.scenario_id", shown(record["scenario_id"]), expected, "use that id")


def _answered(group: Group) -> dict[str, set[str]]:
    """Reply id to the scenarios that the replies of this id answer."""
    found: dict[str, set[str]] = {}
    for _, line in group.lines("reply", "exchange"):
        key, scenario = line.record.get("id"), line.record.get("scenario_id")
        if isinstance(key, str) and isinstance(scenario, str):
            found.setdefault(key, set()).add(scenario)
    return found


def _reference(place: Place, field: str, known: Collection[str], gone: Mapping[str, str]) -> Iterator[Problem]:
    key, what = place[1].record[field], field.removesuffix("_id")
    if key not in known:
        remedy = f"mend the id, or add the {what}"
        yield _problem(place, f"$.{field}", shown(key), f"the id of a {what}", remedy)
    elif key in gone and place[0].kind in ("reply", "annotation"):
        expected = f"the id of a {what} that still stands"
        remedy = f"add a record that supersedes this one and names {shown(gone[key])}"
        yield _problem(place, f"$.{field}", f"{shown(key)}, superseded by {shown(gone[key])}", expected, remedy)


def _splits(group: Group) -> Iterator[Problem]:
    """One split a scenario: under one id, from a record to its correction, in every exchange."""
    first: dict[str, tuple[str, Place]] = {}
    for place in group.lines("scenario", "exchange", built=True):
        record, kind = place[1].record, place[0].kind
        split = record.get("split")
        keys = [record.get("id"), record.get("supersedes")] if kind == "scenario" else [record.get("scenario_id")]
        if split not in SPLITS:
            if kind == "scenario" and group.folder is not None and split is None:
                yield _problem(place, "$.split", "nothing", f"one of {', '.join(SPLITS)}", "name the scenario's split")
            continue
        for key in (key for key in keys if isinstance(key, str)):
            other, (file, line) = first.setdefault(key, (split, place))
            if other != split:
                found = f"{shown(split)}, but scenario {shown(key)} is in {other} ({file.name}:{line.number})"
                yield _problem(place, "$.split", found, "one split a scenario", f"move it to {other}, or take it out")
    for place in group.lines("exchange", built=True):
        stem = place[0].name.replace("\\", "/").rsplit("/", 1)[-1].removesuffix(".jsonl")
        if place[0].built and place[1].record.get("split") != stem:
            found = f"{shown(place[1].record.get('split'))} in the file of {stem}"
            yield _problem(place, "$.split", found, shown(stem), "run amends data build")


def _twice_judged(group: Group) -> Iterator[Problem]:
    """An annotator judges a reply once; a second line that does not supersede the first would count twice."""
    gone = superseded(group, "annotation")
    first: dict[tuple[Any, ...], Place] = {}
    for file, line in group.good("annotation"):
        who = line.record["annotator"]
        if who["role"] != "annotator" or line.record.get("id") in gone:
            continue
        key = (line.record["reply_id"], who["kind"], who["name"], who.get("method"), _scope(group, file))
        before = first.setdefault(key, (file, line))
        if before[1] is not line:
            found = f"a second judgement of {shown(key[0])} (first at {before[0].name}:{before[1].number})"
            expected = f"one by {who['name']}"
            yield _problem((file, line), "$.reply_id", found, expected, "remove it, or let it supersede the first")


def _makers(group: Group) -> Iterator[Problem]:
    """Who wrote each reply and who made each label: what a record kept in a data folder must say."""
    for file, line in group.good("reply"):
        if line.record.get("author") is None:
            remedy = "name who wrote it: kind, name, version"
            yield _problem((file, line), "$.author", "nothing", "the author of the reply", remedy)
        else:
            yield from _blank((file, line), "$.author", line.record["author"], ("name", "version"))
    for file, line in group.good("annotation"):
        who = line.record["annotator"]
        if line.record.get("id") is None:
            expected = "an id (annotations in a data folder have one)"
            yield _problem((file, line), "$.id", "nothing", expected, "add one")
        wanted = ("method", "guideline") if who["role"] == "annotator" else ()
        yield from _blank((file, line), "$.annotator", who, ("name", "version", *wanted))
        if line.record.get("scenario_id") is None:
            expected = "the id of the scenario that the reply answers"
            yield _problem((file, line), "$.scenario_id", "nothing", expected, "add it")


def _blank(place: Place, path: str, maker: Mapping[str, Any], fields: Collection[str]) -> Iterator[Problem]:
    for field in fields:
        if not (maker.get(field) or "").strip():
            expected = f"the {field} of who made it"
            yield _problem(place, step(path, field), "nothing", expected, "name it; a maker who is not named is refused")
