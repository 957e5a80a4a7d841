"""The leaderboard as ``check --write`` left it, read back: rows, and tiers of significance computed from their levels.

Files of entries are opened as in ``check`` (no link is followed, nothing is run), and an entry that is not as check
left it is refused: what the pages show was computed here, or is shown as what a submitter says.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from amends.comparison.several import ALPHA
from amends.comparison.wording import SAMPLING_ONLY
from amends.errors import InputError, Problem
from amends.leaderboard.copies import RETRIEVAL_ABOVE
from amends.leaderboard.files import REPLIES, EntryFiles, document, lines, read_entry
from amends.leaderboard.judged import slices_from_dict
from amends.leaderboard.material import SETS, read_sets
from amends.leaderboard.names import NAME
from amends.leaderboard.project import FILE, Project, entries_folder, entry_names, read_project
from amends.leaderboard.recomputed import annotations_file
from amends.leaderboard.replies import UNRANKED_ABOVE
from amends.leaderboard.rows import Board, Overlap, Row, Slices, Table
from amends.leaderboard.tiers import compared, least_p, tiers_of
from amends.records import DIMENSIONS, Annotation, Exchange, Json, Reply, Scenario
from amends.results import Result, row_of
from amends.rubric.definitions import version as rubric_version
from amends.runs.score import scorer_card
from amends.schema import valid
from amends.scorers import load_scorer
from amends.signature import SEED, digest, package_version, scorer_tag, signature
from amends.statistics.resampling import RESAMPLES, Floats

__all__ = ["Board", "Overlap", "Row", "Slices", "Table", "entry_items", "read_board"]

_AS_LEFT = "an entry as `amends leaderboard check --write` leaves it"
_REMEDY = "run `amends leaderboard check NAME --write`"


@dataclass(frozen=True, slots=True)
class _Known:
    """What entries are read by."""

    entries: Path
    project: Project
    version: str
    sets: Mapping[str, Mapping[str, Scenario]]
    digests: Mapping[str, str]
    scorers: tuple[Json, ...]


@dataclass(frozen=True, slots=True)
class _Read:
    """An entry's row with what its tiers need."""

    row: Row
    set: str
    replies: str
    """SHA-256 of its replies."""
    samples: int
    levels: Mapping[str, Floats]
    """Scorer to shape (dimensions, scenarios, samples)."""


def read_board(folder: Path, data: Path | None = None) -> Board:
    """Read the leaderboard as ``check`` wrote it.

    Args:
        folder: of the leaderboard, with ``entries/`` and ``project.json``.
        data: a data folder; by default the released one.

    Returns:
        Every entry as a row, tiers computed from the stored annotations.

    Raises:
        InputError: an entry is damaged, or is not as ``check --write`` leaves it.
        UsageError: no leaderboard folder.
    """
    entries = entries_folder(folder)
    project = read_project(entries.parent / FILE)
    scorers = tuple(scorer_card(load_scorer(name)) for name in project.official)
    known = _Known(entries, project, *read_sets(data), scorers)
    read: list[_Read] = []
    problems: list[Problem] = []
    for name in entry_names(entries):
        found = _read(name, known)
        if isinstance(found, _Read):
            read.append(found)
        else:
            problems += found
    if problems:
        raise InputError(problems)
    by_set = {name: [one for one in read if one.set == name] for name in SETS}
    tables = {name: _table(name, some, known) for name, some in by_set.items() if some}
    return Board(tables, scorers, known.version, package_version())


def entry_items(
    folder: Path, row: Row, data: Path | None = None
) -> Iterator[tuple[Exchange, Mapping[str, Annotation]]]:
    """What an entry's page takes its examples from.

    Args:
        folder: of the leaderboard.
        row: of the entry.
        data: a data folder; by default the released one.

    Yields:
        Each reply beside its scenario, with each official scorer's annotation by the scorer's name; in the order
        of the scenarios, samples in order.

    Raises:
        InputError: a line of a file was damaged.
    """
    entries = entries_folder(folder)
    scenarios = _sets(data)[row.entry["set"]]
    files = read_entry(entries, row.name, tuple(row.results))
    shown = files.file(REPLIES)
    if REPLIES not in files.data:
        raise InputError(files.problems or [Problem(shown, None, "$", "nothing", _AS_LEFT, _REMEDY)])
    judged = {scorer: {a.reply_id: a for a in _annotations(files, scorer)} for scorer in row.results}
    place = {name: i for i, name in enumerate(scenarios)}
    replies = [Reply.from_dict(raw) for raw in _records(files, REPLIES, "reply")]
    replies = [reply for reply in replies if reply.scenario_id in place]
    for reply in sorted(replies, key=lambda one: (place[one.scenario_id], one.sample)):
        by_scorer = {scorer: some[reply.id] for scorer, some in judged.items() if reply.id in some}
        yield Exchange.pair(scenarios[reply.scenario_id], reply), by_scorer


_read_once: dict[Path | None, Mapping[str, Mapping[str, Scenario]]] = {}


def _sets(data: Path | None) -> Mapping[str, Mapping[str, Scenario]]:
    if data not in _read_once:
        _read_once[data] = read_sets(data)[1]
    return _read_once[data]


def _records(files: EntryFiles, name: str, kind: str) -> Iterator[Json]:
    for number, raw in lines(files, name):
        if isinstance(raw, Problem):
            raise InputError([raw])
        if not valid(raw, kind):
            raise InputError([Problem(files.file(name), number, "$", f"no {kind}", _AS_LEFT, _REMEDY)])
        yield raw


def _annotations(files: EntryFiles, scorer: str) -> Iterator[Annotation]:
    name = annotations_file(scorer)
    if name not in files.data:
        raise InputError([Problem(files.file(name), None, "$", "nothing", _AS_LEFT, _REMEDY)])
    return map(Annotation.from_dict, _records(files, name, "annotation"))


def _read(name: str, known: _Known) -> _Read | list[Problem]:
    files = read_entry(known.entries, name, tuple(known.project.official))
    if files.problems:
        return files.problems
    if not NAME.fullmatch(name):
        return [Problem(files.shown, None, "$", repr(name[:60]), "the name of an entry", "rename or remove it")]
    try:
        raw = {one: _object(files, one) for one in ("entry.json", "generator.json", "result.json", "check.json")}
        if wrong := _not_as_left(files, raw["entry.json"], raw["generator.json"], raw["check.json"], known):
            return [wrong]
        return _made(name, files, raw, known)
    except InputError as error:
        return error.problems
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        found = f"something else ({type(error).__name__}: {str(error)[:80]})"
        return [Problem(files.shown, None, "$", found, _AS_LEFT, _REMEDY)]


def _object(files: EntryFiles, name: str) -> Json:
    raw = document(files, name)
    if isinstance(raw, Problem):
        raise InputError([raw])
    if not isinstance(raw, dict):
        raise InputError([Problem(files.file(name), None, "$", "no object", _AS_LEFT, _REMEDY)])
    return raw


def _not_as_left(files: EntryFiles, entry: Json, card: Json, check: Json, known: _Known) -> Problem | None:
    for name, kind, one in (("entry.json", "entry", entry), ("generator.json", "generator", card)):
        if not valid(one, kind):
            return Problem(files.file(name), None, "$", f"no {kind} by its schema", _AS_LEFT, _REMEDY)
    wanted = {"dataset": known.version, "data": known.digests[entry["set"]]}
    for name, value in wanted.items():
        if check.get(name) != value:
            remedy = "run `amends leaderboard rescore`"
            found = repr(check.get(name))[:60]
            return Problem(files.file("check.json"), None, f"$.{name}", found, repr(value), remedy)
    sums = {REPLIES: check["replies"]}
    sums |= {annotations_file(one["name"]): check["annotations"].get(one["name"]) for one in known.scorers}
    for name, wanted_sum in sums.items():
        if hashlib.sha256(files.data.get(name, b"")).hexdigest() != wanted_sum:
            found = "other bytes than check saw" if name in files.data else "nothing"
            return Problem(files.file(name), None, "$", found, _AS_LEFT, _REMEDY)
    return None


def _made(name: str, files: EntryFiles, raw: Mapping[str, Json], known: _Known) -> _Read | list[Problem]:
    entry, check = raw["entry.json"], raw["check.json"]
    results = {one["name"]: Result.from_dict(raw["result.json"][one["name"]]) for one in known.scorers}
    for one in known.scorers:
        by = dict(results[one["name"]].scorer)
        if by != one:
            found, expected = _tag(by), _tag(one)
            remedy = "run `amends leaderboard rescore`"
            return [Problem(files.file("result.json"), None, f"$.{one['name']}.scorer", found, expected, remedy)]
    overlap = Overlap(check["overlap"]["sequences"], check["overlap"]["found"])
    retrieval = (overlap.share or 0.0) > RETRIEVAL_ABOVE
    without = check["without"] / check["asked"]
    unranked = "retrieval" if retrieval else None
    if unranked is None and without > UNRANKED_ABOVE:
        unranked = f"{100 * without:.1f}% without a reply"
    row = Row(
        name,
        entry["kind"],
        entry,
        raw["generator.json"],
        known.project.verified.get(name),
        name in known.project.own,
        overlap,
        retrieval,
        unranked,
        results,
        _by_field({one: slices_from_dict(check["slices"][one]) for one in results}),
    )
    scenarios = known.sets[entry["set"]]
    levels = {one: _levels(files, one, scenarios, check["samples"]) for one in results} if unranked is None else {}
    return _Read(row, entry["set"], check["replies"], check["samples"], levels)


def _tag(scorer: Mapping[str, Any]) -> str:
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


def _table(name: str, read: Sequence[_Read], known: _Known) -> Table:
    ranked = [one for one in read if one.row.unranked is None]
    names = [one.row.name for one in ranked]
    samples = max((one.samples for one in ranked), default=1)
    tiers, signatures = {}, {}
    for card in known.scorers:
        scorer = card["name"]
        stacked = np.full((len(DIMENSIONS), len(ranked), len(known.sets[name]), samples), np.nan)
        for i, one in enumerate(ranked):
            stacked[:, i, :, : one.samples] = one.levels[scorer]
        found = compared(stacked, SEED)
        tiers[scorer] = {d: tiers_of(names, found.better[i], found.p[i]) for i, d in enumerate(DIMENSIONS)}
        signatures[scorer] = _signature(name, ranked, card, known)
    rows = tuple(one.row for one in read)
    return Table(name, rows, tiers, _notes(ranked, rows, len(known.sets[name])), signatures)


def _signature(name: str, ranked: Sequence[_Read], card: Json, known: _Known) -> str:
    records = [{"name": one.row.name, "replies": one.replies} for one in ranked]
    counts = [one.row.results[card["name"]].counts for one in ranked]
    return signature(
        {
            "data": f"leaderboard-{name}@{digest([*records, {'data': known.digests[name]}])}",
            "n": f"{sum(c['replies'] for c in counts)}/{len(known.sets[name])}",
            "missing": sum(c["no_reply"] for c in counts),
            "rubric": rubric_version(),
            "scorer": _tag(card),
            "unit": "every",
            "ci": f"step-down.{RESAMPLES}",
            "seed": SEED,
        }
    )


def _notes(ranked: Sequence[_Read], rows: Sequence[Row], scenarios: int) -> tuple[str, ...]:
    pairs = len(ranked) * (len(ranked) - 1) // 2
    notes = [
        "Tiers, not ranks: every entry of a tier is better, at 5% after adjustment, than every one of the tiers below "
        f"it on that dimension ({pairs:,} pairs on {len(DIMENSIONS)} dimensions judged together, {scenarios} "
        "scenarios). Entries of one tier could not be told apart.",
        SAMPLING_ONLY,
    ]
    if least_p(scenarios) > ALPHA:
        notes.append(f"{scenarios} scenarios cannot show a difference at 5%: there is one tier whatever the replies.")
    if len({one.samples for one in ranked}) > 1:
        notes.append("Entries differ in the number of replies to a scenario; each scenario counts once in every pair.")
    if apart := [row for row in rows if row.unranked is not None]:
        some = "entry stands" if len(apart) == 1 else "entries stand"
        notes.append(f"{len(apart)} {some} outside the tiers: {', '.join(f'{r.name} ({r.unranked})' for r in apart)}.")
    return tuple(notes)
