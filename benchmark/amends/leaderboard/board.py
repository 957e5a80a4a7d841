"""The leaderboard as ``check --write`` left it, read back: rows, and tiers of significance computed from their levels.

Files of entries are opened as in ``check`` (no link is followed, nothing is run), and an entry that is not as check
left it is refused: what the pages show was computed here, or is shown as what a submitter says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from amends.comparison.several import ALPHA
from amends.comparison.wording import SAMPLING_ONLY
from amends.errors import InputError, Problem
from amends.leaderboard.files import REPLIES, read_entry
from amends.leaderboard.material import SETS, read_sets
from amends.leaderboard.project import FILE, entries_folder, entry_names, read_project
from amends.leaderboard.reading import AS_LEFT, REMEDY, Known, Read, annotations_of, read_row, records, tag
from amends.leaderboard.rows import Board, Overlap, Row, Slices, Table
from amends.leaderboard.tiers import compared, least_p, tiers_of
from amends.records import DIMENSIONS, Annotation, Exchange, Json, Reply, Scenario
from amends.rubric.definitions import version as rubric_version
from amends.runs.score import scorer_card
from amends.scorers import load_scorer
from amends.signature import SEED, digest, package_version, signature
from amends.statistics.resampling import RESAMPLES

__all__ = ["Board", "Overlap", "Row", "Slices", "Table", "entry_items", "read_board"]


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
    known = Known(entries, project, *read_sets(data), scorers)
    read: list[Read] = []
    problems: list[Problem] = []
    for name in entry_names(entries):
        found = read_row(name, known)
        if isinstance(found, Read):
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
        raise InputError(files.problems or [Problem(shown, None, "$", "nothing", AS_LEFT, REMEDY)])
    judged = {scorer: {a.reply_id: a for a in annotations_of(files, scorer)} for scorer in row.results}
    place = {name: i for i, name in enumerate(scenarios)}
    replies = [Reply.from_dict(raw) for raw in records(files, REPLIES, "reply")]
    replies = [reply for reply in replies if reply.scenario_id in place]
    for reply in sorted(replies, key=lambda one: (place[one.scenario_id], one.sample)):
        by_scorer = {scorer: some[reply.id] for scorer, some in judged.items() if reply.id in some}
        yield Exchange.pair(scenarios[reply.scenario_id], reply), by_scorer


_read_once: dict[Path | None, Mapping[str, Mapping[str, Scenario]]] = {}


def _sets(data: Path | None) -> Mapping[str, Mapping[str, Scenario]]:
    if data not in _read_once:
        _read_once[data] = read_sets(data)[1]
    return _read_once[data]


def _table(name: str, read: Sequence[Read], known: Known) -> Table:
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


def _signature(name: str, ranked: Sequence[Read], card: Json, known: Known) -> str:
    records = [{"name": one.row.name, "replies": one.replies} for one in ranked]
    counts = [one.row.results[card["name"]].counts for one in ranked]
    return signature(
        {
            "data": f"leaderboard-{name}@{digest([*records, {'data': known.digests[name]}])}",
            "n": f"{sum(c['replies'] for c in counts)}/{len(known.sets[name])}",
            "missing": sum(c["no_reply"] for c in counts),
            "rubric": rubric_version(),
            "scorer": tag(card),
            "unit": "every",
            "ci": f"step-down.{RESAMPLES}",
            "seed": SEED,
        }
    )


def _notes(ranked: Sequence[Read], rows: Sequence[Row], scenarios: int) -> tuple[str, ...]:
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
