"""One entry read back as ``check --write`` left it: its row, and the levels that its tiers are computed from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from amends.errors import InputError, Problem
from amends.leaderboard.files import REPLIES, EntryFiles, read_entry
from amends.leaderboard.judged import slices_from_dict
from amends.leaderboard.names import NAME
from amends.leaderboard.project import Project
from amends.leaderboard.recomputed import CHECK_SCHEMA, annotations_file, sums
from amends.leaderboard.rows import Overlap, Row, Slices, unranked
from amends.leaderboard.values import document, lines
from amends.records import DIMENSIONS, Annotation, Json, Scenario
from amends.results import BREACH_BELOW, FULL_FROM, Result, row_of
from amends.schema import valid
from amends.signature import scorer_tag
from amends.statistics.resampling import Floats

AS_LEFT = "an entry as `amends leaderboard check --write` leaves it"
REMEDY = "run `amends leaderboard check NAME --write`"
_SAME = 1e-6
"""A stored number that differs by more is not that of the annotations beside it."""


@dataclass(frozen=True, slots=True)
class Known:
    """What entries are read by."""

    entries: Path
    project: Project
    version: str
    sets: Mapping[str, Mapping[str, Scenario]]
    digests: Mapping[str, str]
    scorers: tuple[Json, ...]


@dataclass(frozen=True, slots=True)
class Read:
    """An entry's row with what its tiers need."""

    row: Row
    set: str
    replies: str
    """SHA-256 of its replies."""
    samples: int
    levels: Mapping[str, Floats]
    """Scorer to shape (dimensions, scenarios, samples)."""


def records(files: EntryFiles, name: str, kind: str) -> Iterator[Json]:
    """Lines of a file of an entry.

    Args:
        files: of the entry.
        name: of a file that is there.
        kind: whose schema they are held to.

    Raises:
        InputError: one is damaged.
    """
    for number, raw in lines(files, name):
        if isinstance(raw, Problem):
            raise InputError([raw])
        if not valid(raw, kind):
            raise InputError([Problem(files.file(name), number, "$", f"no {kind}", AS_LEFT, REMEDY)])
        yield raw


def annotations_of(files: EntryFiles, scorer: str) -> Iterator[Annotation]:
    """A scorer's annotations of an entry.

    Args:
        files: of the entry.
        scorer: an official one.

    Raises:
        InputError: there are none, or one is damaged.
    """
    name = annotations_file(scorer)
    if name not in files.data:
        raise InputError([Problem(files.file(name), None, "$", "nothing", AS_LEFT, REMEDY)])
    return map(Annotation.from_dict, records(files, name, "annotation"))


def read_row(name: str, known: Known) -> Read | list[Problem]:
    """Read an entry back.

    Args:
        name: of its folder.
        known: what it is read by.

    Returns:
        Its row, or why it is not as ``check --write`` leaves one.
    """
    files = read_entry(known.entries, name, tuple(known.project.official))
    if files.problems:
        return files.problems
    if not NAME.fullmatch(name):
        return [Problem(files.shown, None, "$", repr(name[:60]), "the name of an entry", "rename or remove it")]
    try:
        raw = {one: _object(files, one) for one in ("entry.json", "generator.json", "result.json", "check.json")}
        if raw["entry.json"].get("name") != name:
            found = repr(raw["entry.json"].get("name"))[:60]
            return [Problem(files.file("entry.json"), None, "$.name", found, repr(name), "give both one name")]
        if wrong := _not_as_left(files, raw["entry.json"], raw["generator.json"], raw["check.json"], known):
            return [wrong]
        return _made(name, files, raw, known)
    except InputError as error:
        return error.problems
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        found = f"something else ({type(error).__name__}: {str(error)[:80]})"
        return [Problem(files.shown, None, "$", found, AS_LEFT, REMEDY)]


def _object(files: EntryFiles, name: str) -> Json:
    raw = document(files, name)
    if isinstance(raw, Problem):
        raise InputError([raw])
    if not isinstance(raw, dict):
        raise InputError([Problem(files.file(name), None, "$", "no object", AS_LEFT, REMEDY)])
    return raw


def _not_as_left(files: EntryFiles, entry: Json, card: Json, check: Json, known: Known) -> Problem | None:
    for name, kind, one in (("entry.json", "entry", entry), ("generator.json", "generator", card)):
        if not valid(one, kind):
            return Problem(files.file(name), None, "$", f"no {kind} by its schema", AS_LEFT, REMEDY)
    wanted = {"schema": CHECK_SCHEMA, "dataset": known.version, "data": known.digests[entry["set"]]}
    for name, value in wanted.items():
        if check.get(name) != value:
            remedy = "run `amends leaderboard rescore`"
            found = repr(check.get(name))[:60]
            return Problem(files.file("check.json"), None, f"$.{name}", found, repr(value), remedy)
    stored = check["sums"]
    for name, found_sum in sums(files.data, [one["name"] for one in known.scorers]).items():
        if stored.get(name) != found_sum:
            found = "other bytes than check saw" if name in files.data else "nothing"
            return Problem(files.file(name), None, "$", found, AS_LEFT, REMEDY)
    return None


def _made(name: str, files: EntryFiles, raw: Mapping[str, Json], known: Known) -> Read | list[Problem]:
    entry, check = raw["entry.json"], raw["check.json"]
    results = {one["name"]: Result.from_dict(raw["result.json"][one["name"]]) for one in known.scorers}
    for one in known.scorers:
        by = dict(results[one["name"]].scorer)
        if by != one:
            found, expected = tag(by), tag(one)
            remedy = "run `amends leaderboard rescore`"
            return [Problem(files.file("result.json"), None, f"$.{one['name']}.scorer", found, expected, remedy)]
    scenarios = known.sets[entry["set"]]
    levels = {one: _levels(files, one, scenarios, check["samples"]) for one in results}
    for scorer, result in results.items():
        if path := _other(result, levels[scorer]):
            found, expected = "another number", f"that of {annotations_file(scorer)}"
            return [Problem(files.file("result.json"), None, f"$.{scorer}.{path}", found, expected, REMEDY)]
    overlap = Overlap(**check["overlap"])
    row = Row(
        name,
        entry["kind"],
        entry,
        raw["generator.json"],
        known.project.verified.get(name),
        name in known.project.own,
        overlap,
        overlap.retrieval,
        unranked(overlap, check["without"], check["asked"], name in known.project.cheats),
        results,
        _by_field({one: slices_from_dict(check["slices"][one]) for one in results}),
    )
    return Read(row, entry["set"], check["sums"][REPLIES], check["samples"], levels)


def _other(result: Result, levels: Floats) -> str | None:
    """The first number of a result that is not that of the annotations, by which the tiers are made."""
    for d, dimension in enumerate(DIMENSIONS):
        judged, absent = levels[d][np.isfinite(levels[d])], int(np.isneginf(levels[d]).sum())
        shares = len(judged) + absent
        breach, full = int((judged < BREACH_BELOW).sum()) + absent, int((judged >= FULL_FROM).sum())
        wanted = {
            "breach": breach / shares if shares else None,
            "full": full / shares if shares else None,
            "mean": float(judged.mean()) if len(judged) else None,
        }
        for measure, right in wanted.items():
            stored = getattr(result.dimensions[dimension], measure).value
            if (stored is None) != (right is None) or (stored is not None and abs(stored - right) > _SAME):
                return f"dimensions.{dimension}.{measure}.value"
    return None


def tag(scorer: Mapping[str, Any]) -> str:
    """A scorer of a Result or of the board, as signatures name it."""
    return scorer_tag(str(scorer.get("name")), scorer.get("version"), scorer.get("weights"))


def _by_field(by_scorer: Mapping[str, Any]) -> Slices:
    """Scorer to field to value, turned into field to value to scorer."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for scorer, fields in by_scorer.items():
        for field, values in fields.items():
            for value, dimensions in values.items():
                found.setdefault(field, {}).setdefault(value, {})[scorer] = dimensions
    return found


def _levels(files: EntryFiles, scorer: str, scenarios: Mapping[str, Scenario], samples: int) -> Floats:
    place = {name: i for i, name in enumerate(scenarios)}
    where = {raw["id"]: (raw["scenario_id"], int(raw.get("sample") or 0)) for _, raw in lines(files, REPLIES)}
    found = np.full((len(DIMENSIONS), len(scenarios), samples), -np.inf)
    for _, raw in lines(files, annotations_file(scorer)):
        scenario, sample = where[raw["reply_id"]]
        # only what a row takes of it: spans are half of the work of reading one
        slim = Annotation.from_dict(raw | {"behaviours": ()})
        row = row_of(slim, scenario, scenarios[scenario].context.language)
        if row.given:
            for d, dimension in enumerate(DIMENSIONS):
                level = row.levels[dimension]
                found[d, place[scenario], sample] = np.nan if level is None else level
    return found
