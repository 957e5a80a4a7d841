"""``check``: an entry recomputed from its replies, with everything that is wrong with it; one entry or all of them."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from amends.errors import Problem
from amends.jsonl import dumps, pretty, write_whole
from amends.leaderboard.cache import Cache
from amends.leaderboard.copies import Copy
from amends.leaderboard.entry import Around, about_generator, read_documents
from amends.leaderboard.files import REPLIES, EntryFiles, read_entry
from amends.leaderboard.judged import (
    Asked,
    judge,
    result_of,
    rows_of,
    slice_values,
    slices_of,
    slices_to_dict,
)
from amends.leaderboard.material import Material, read_material
from amends.leaderboard.project import Project, entry_names
from amends.leaderboard.recomputed import (
    CHECK_SCHEMA,
    annotation_differences,
    annotations_file,
    document_differences,
    sums,
)
from amends.leaderboard.replies import Replies, read_replies
from amends.leaderboard.rows import Overlap, unranked
from amends.records import Annotation, Exchange, Json
from amends.results import Result
from amends.runs.pool import pool_of
from amends.scorers import SCORERS, load_scorer
from amends.scorers.base import Scorer
from amends.signature import package_version

POOL_FROM = 4
"""Fewer entries than this are checked in this process."""
_COPIES_SHOWN = 5


@dataclass(frozen=True, slots=True)
class How:
    """How entries are checked."""

    entries: Path
    """The folder of entries."""
    project: Project
    data: Path | None = None
    """A data folder; None for the released one."""
    cached: bool = True
    """Whether the user's cache may give annotations of a slow scorer."""
    write: bool = False
    """Put what was recomputed in the place of what stands there, where nothing is refused."""
    rescore: bool = False
    """Take an entry of another version of the dataset along, where its scenarios are the same."""
    around: Path | None = None
    """Folder of the entries that names are compared with; None for ``entries``."""


@dataclass(slots=True)
class Checked:
    """What check found of one entry."""

    name: str
    problems: list[Problem] = field(default_factory=list)
    """Why it is refused."""
    differences: list[Problem] = field(default_factory=list)
    """Where it is not what its replies come to; replaced where ``written``."""
    written: bool = False
    set: str | None = None
    overlap: Overlap | None = None
    unranked: str | None = None
    results: dict[str, Result] = field(default_factory=dict)
    """Recomputed: official scorer to Result; empty where nothing could be computed."""

    @property
    def good(self) -> bool:
        """Whether the entry may stand on the board as it lies there."""
        return not self.problems and (self.written or not self.differences)


def check_entries(names: Sequence[str], how: How, jobs: int = 1) -> Iterator[Checked]:
    """Check entries, in order.

    Args:
        names: of the entries.
        how: how.
        jobs: processes at most.

    Yields:
        What was found of each.
    """
    if jobs <= 1 or len(names) < POOL_FROM:
        checker = Checker(how)
        yield from map(checker.check, names)
        return
    with _one_thread_each(), pool_of(min(jobs, len(names)), _checks, how) as pool:
        yield from pool.map(names)


@contextlib.contextmanager
def _one_thread_each() -> Iterator[None]:
    """Processes that start in the block multiply matrices on one thread each.

    As many processes as cores with as many threads each wait for one another: a third of the time. The libraries read
    these variables when they are loaded, which in a spawned process is after this.
    """
    names = [name for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS") if name not in os.environ]
    os.environ.update(dict.fromkeys(names, "1"))
    try:
        yield
    finally:
        for name in names:
            os.environ.pop(name, None)


def _checks(how: How) -> Callable[[str], Checked]:
    return Checker(how).check


class Checker:
    """Holds what every entry is checked against."""

    def __init__(self, how: How) -> None:
        """Read the data and load the official scorers.

        Args:
            how: how.

        Raises:
            InputError: the data folder is damaged.
        """
        self._how = how
        self._material: Material = read_material(how.data)
        self._scorers: list[Scorer] = [load_scorer(name) for name in how.project.official]
        self._values = {name: slice_values(some.values()) for name, some in self._material.sets.items()}
        self._names = entry_names(how.around or how.entries)
        self._cache = Cache() if how.cached else None

    def check(self, name: str) -> Checked:
        """Check one entry.

        Args:
            name: of its folder.
        """
        found = Checked(name)
        files = read_entry(self._how.entries, name, tuple(self._how.project.official))
        found.problems += files.problems
        if not files.data:
            return found
        own = self._how.project.own
        around = Around(
            name, [n for n in self._names if n != name], own, self._material.version, self._material.digests
        )
        entry, card, problems = read_documents(files, around)
        if self._how.rescore and entry is not None:
            problems = [p for p in problems if p.path != "$.dataset"]
        found.problems += problems
        if entry is None:
            return found
        found.set = entry["set"]
        replies, problems = read_replies(files, self._material.sets[entry["set"]], entry)
        found.problems += problems
        if replies is None or not replies.replies:
            return found
        texts, answered = zip(*((reply.text, reply.scenario_id) for reply in replies.replies), strict=True)
        found.overlap, copies = self._material.released.look(texts, answered)
        if name not in own:
            found.problems += _copied(files, replies, copies)
        found.unranked = unranked(found.overlap, replies.without, replies.asked, name in self._how.project.cheats)
        if card is None or entry["data"] != self._material.digests[entry["set"]] or found.problems:
            return found
        self._recompute(found, files, entry, card, replies)
        return found

    def _recompute(self, found: Checked, files: EntryFiles, entry: Json, card: Json, replies: Replies) -> None:
        scenarios = self._material.sets[entry["set"]]
        exchanges = tuple(Exchange.pair(scenarios[reply.scenario_id], reply) for reply in replies.replies)
        digest = self._material.digests[entry["set"]]
        asked = Asked(entry["set"], digest, scenarios, replies.samples, exchanges, about_generator(card))
        made: dict[str, list[Annotation]] = {}
        slices: Json = {}
        for scorer in self._scorers:
            made[scorer.name] = judge(scorer, exchanges, self._cache)
            rows = rows_of(asked, made[scorer.name])
            found.results[scorer.name] = result_of(asked, rows, scorer)
            slices[scorer.name] = slices_to_dict(slices_of(rows, self._values[entry["set"]]))
            found.differences += annotation_differences(files, scorer.name, made[scorer.name])
        without = max(replies.without, *(one.counts["no_reply"] for one in found.results.values()))
        overlap = found.overlap or Overlap(0, 0)
        found.unranked = unranked(overlap, without, replies.asked, found.name in self._how.project.cheats)
        result = {name: one.to_dict() for name, one in found.results.items()}
        found.differences += document_differences(files, "result.json", result)
        about = self._about(entry, replies) | {"without": without, "overlap": asdict(overlap), "slices": slices}
        there = sums(files.data, list(made))
        found.differences += document_differences(files, "check.json", about | {"sums": there})
        if self._how.write:
            if self._how.rescore and entry["dataset"] != self._material.version:
                entry = entry | {"dataset": self._material.version}
            self._write(found, files, entry, made, result, about)

    def _about(self, entry: Json, replies: Replies) -> Json:
        return {
            "schema": CHECK_SCHEMA,
            "dataset": self._material.version,
            "data": self._material.digests[entry["set"]],
            "amends": package_version(),
            "samples": replies.samples,
            "asked": replies.asked,
        }

    def _write(
        self,
        found: Checked,
        files: EntryFiles,
        entry: Json,
        made: Mapping[str, list[Annotation]],
        result: Json,
        about: Json,
    ) -> None:
        folder = self._how.entries / found.name
        new = {annotations_file(name): b"".join(dumps(a.to_dict()) for a in some) for name, some in made.items()}
        new["result.json"] = pretty(result)
        if self._how.rescore:
            new["entry.json"] = pretty(entry)
        for old in SCORERS.keys() - made.keys():
            (folder / annotations_file(old)).unlink(missing_ok=True)
        about = about | {"sums": sums({**files.data, **new}, list(made))}
        # check.json last: where writing stops half way, its sums say so
        for name, data in (*new.items(), ("check.json", dumps(about))):
            write_whole(folder / name, data)
        found.written = True


def _copied(files: EntryFiles, replies: Replies, copies: Mapping[int, Copy]) -> list[Problem]:
    shown = files.file(REPLIES)
    found = []
    for i, copy in list(copies.items())[:_COPIES_SHOWN]:
        reply = replies.replies[i]
        what = copy.how if copy.share is None else f"{100 * copy.share:.0f}% {copy.how}"
        expected = "no copy of a reply of validation, test or the systems set"
        remedy = "take the copied replies out; a generator may not read those sets"
        found.append(Problem(shown, replies.lines[reply.id], "$.text", what, expected, remedy))
    if len(copies) > _COPIES_SHOWN:
        more = f"{len(copies) - _COPIES_SHOWN:,} more copies"
        found.append(Problem(shown, None, "$.text", more, "none", "take them out"))
    return found
