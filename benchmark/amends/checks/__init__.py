"""The checks that later data is refused by: from schema, ids and references to leakage, pairs and personal data.

Every problem is found at once and said with file, line, path, what was expected, and what to do. New check: one
module with a function from a group of files to problems, and one line in ``CHECKS``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from amends.checks import contribution, duplicates, files, ids, leakage, mend, pairs, personal, references, spans
from amends.checks.base import Base
from amends.checks.built import built_problems, frozen_problems, manifest_problems, version_problems
from amends.checks.files import Group
from amends.checks.reading import Spread, read_groups
from amends.errors import Problem

Check = Callable[[Group], Iterable[Problem]]

CHECKS: dict[str, Check] = {
    "schema": files.problems,
    "form": mend.form_problems,
    "ids": ids.problems,
    "references": references.problems,
    "spans": spans.problems,
    "duplicates": duplicates.problems,
    "leakage": leakage.problems,
    "pairs": pairs.problems,
    "personal data": personal.problems,
    "manifest": manifest_problems,
    "versions": version_problems,
    "frozen": frozen_problems,
    "build": built_problems,
}
"""Name to check, in the order in which they run."""

_SOUND = ("schema", "ids", "references", "spans")
"""What must be clean before the build can be compared: exchanges cannot be built from broken records."""


@dataclass(frozen=True, slots=True)
class Report:
    """What was looked at, and everything that is wrong with it."""

    problems: tuple[Problem, ...]
    """By file in the order given, then by line."""
    records: dict[str, int]
    """File to the number of its records."""
    checks: tuple[str, ...]
    """Names of the checks that ran on every file."""
    notes: tuple[str, ...]
    """What was not looked at, and why."""
    mended: tuple[str, ...] = ()
    """What ``fix`` did, before the checks ran."""


def check(paths: Sequence[str], *, fix: bool = False, base: Base | None = None, spread: Spread = map) -> Report:
    """Check files and folders.

    Args:
        paths: files of any kind of record (``-`` is standard input), data folders (with manifest.json), and
            folders of files.
        fix: mend first what is safe to mend; otherwise nothing is written.
        base: a dataset with which the scenarios and replies of files outside data folders are compared, as
            contributions to it.
        spread: does what is done record by record, in order; ``map`` does it here.

    Raises:
        WorkerError: a process died, of those that ``spread`` has.
    """
    groups = read_groups(paths, spread)
    mended = tuple(mend.mend(groups)) if fix else ()
    if mended:
        groups = read_groups(paths, spread)
    found: list[Problem] = []
    notes: list[str] = []
    for group in groups:
        beside = contribution.problems(group, base) if base is not None and group.folder is None else ()
        found += _of_group(group, notes, beside)
    records = {file.name: len(file.lines) for group in groups for file in group.files if file.kind is not None}
    ran = tuple(name for name in CHECKS if not any(note.startswith(f"{name}:") for note in notes))
    return Report(tuple(found), records, ran, tuple(notes), mended)


def _of_group(group: Group, notes: list[str], beside: Iterable[Problem] = ()) -> list[Problem]:
    built = {file.name for file in group.files if file.built}
    found: list[Problem] = list(beside)
    sound = True
    for name, run in CHECKS.items():
        if name == "build" and group.folder is not None and not sound:
            notes.append("build: exchanges were not compared with their records, which have problems of their own")
            continue
        own = list(run(group))
        sound = sound and (name not in _SOUND or all(problem.file in built for problem in own))
        found += own
    notes += group.notes
    _note_lone_annotations(group, notes)
    order = {file.name: i for i, file in enumerate(group.files)}
    # a file that is missing stands in no order and comes last
    unique = dict.fromkeys(found)
    return sorted(unique, key=lambda p: (order.get(p.file, len(order)), p.file, p.line or 0, p.path, p.found))


def _note_lone_annotations(group: Group, notes: list[str]) -> None:
    if group.folder is None and any(group.lines("annotation")) and not any(group.lines("reply", "exchange")):
        notes.append("spans: quotes were not compared with texts; name the file of the replies too")
    if any(file.name == "-" and file.kind == "contribution" for file in group.files):
        notes.append("contribution: it was not compared with the dataset; save it and name the file")
