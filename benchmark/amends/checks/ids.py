"""Ids: each used once, one split a scenario, one judgement an annotator, every label with its maker."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from amends.checks.files import File, Group, Place, shown, step
from amends.checks.hashed import hashed
from amends.checks.references import superseded
from amends.dataset.folder import SPLITS
from amends.errors import Problem

_COUNTED = (
    "scenario",
    "reply",
    "exchange",
    "annotation",
    "contrast",
    "gaming",
    "invariance",
    "degenerate",
    "comparison",
    "judgement",
    "plan",
)


def problems(group: Group) -> Iterator[Problem]:
    """Ids used twice, scenarios in two splits, and makers who are not named."""
    yield from _repeated(group)
    yield from _splits(group)
    if group.folder is not None:
        yield from _twice_judged(group)
        yield from _makers(group)


def _problem(place: Place, path: str, found: str, expected: str, remedy: str) -> Problem:
    return Problem(place[0].name, place[1].number, path, found, expected, remedy)


def _scope(group: Group, file: File) -> str:
    """Within what an id may stand once: a data folder; a single file; each file of a system of its own."""
    alone = group.folder is None or file.area in ("systems", "pending")
    return file.name if alone else ""


def _repeated(group: Group) -> Iterator[Problem]:
    for kind in _COUNTED:
        field = "reply_id" if kind == "plan" else "id"
        # most ids come once, and need not be held to know it
        twice = hashed(_keys(group, kind, field)).twice()
        first: dict[str, dict[str, tuple[str, int]]] = {}
        for file, line in group.brief(kind) if twice else ():
            key = line.record.get(field)
            if not isinstance(key, str) or hash((_scope(group, file), key)) not in twice:
                continue
            here = file.name, line.number
            before = first.setdefault(_scope(group, file), {}).setdefault(key, here)
            if before != here:
                found = f"{shown(key)} again (first at {before[0]}:{before[1]})"
                remedy = "give it a new id, or remove the line"
                yield _problem((file, line), f"$.{field}", found, "an id used once", remedy)


def _keys(group: Group, kind: str, field: str) -> Iterator[tuple[str, str]]:
    for file, line in group.brief(kind):
        if isinstance(key := line.record.get(field), str):
            yield _scope(group, file), key


def _splits(group: Group) -> Iterator[Problem]:
    """One split a scenario: under one id, from a record to its correction, in every exchange."""
    first: dict[str, tuple[str, str, int]] = {}
    for place in group.brief("scenario", "exchange", built=True):
        record, kind = place[1].record, place[0].kind
        split = record.get("split")
        keys = [record.get("id"), record.get("supersedes")] if kind == "scenario" else [record.get("scenario_id")]
        if split not in SPLITS:
            if kind == "scenario" and group.folder is not None and split is None:
                yield _problem(place, "$.split", "nothing", f"one of {', '.join(SPLITS)}", "name the scenario's split")
            continue
        for key in (key for key in keys if isinstance(key, str)):
            other, file, line = first.setdefault(key, (split, place[0].name, place[1].number))
            if other != split:
                found = f"{shown(split)}, but scenario {shown(key)} is in {other} ({file}:{line})"
                yield _problem(place, "$.split", found, "one split a scenario", f"move it to {other}, or take it out")
    for place in group.brief("exchange", built=True):
        stem = place[0].name.replace("\\", "/").rsplit("/", 1)[-1].removesuffix(".jsonl")
        if place[0].built and stem in SPLITS and place[1].record.get("split") != stem:
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
            remedy = "name it: nothing is kept without its maker"
            yield _problem(place, step(path, field), "nothing", expected, remedy)
