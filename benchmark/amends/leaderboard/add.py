"""``add``: an entry from a run folder or a file of replies; what only its maker can say is asked for by name."""

from __future__ import annotations

import datetime
import re
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from amends.errors import InputError, UsageError
from amends.jsonl import dumps, pretty, write_whole
from amends.leaderboard.check import Checked, Checker, How
from amends.leaderboard.files import REPLIES
from amends.leaderboard.material import SYSTEM_REPLIES, read_sets
from amends.leaderboard.names import NAME, wrong_name
from amends.leaderboard.project import ENTRIES, FILE, Project, entry_names, read_project
from amends.leaderboard.sources import Source, Submission, of_file, of_run, of_systems, read_replies
from amends.records import Json, Reply
from amends.resources import shipped

__all__ = ["SEEN", "Submission", "add", "add_systems"]

SEEN = ("no", "yes", "unknown")
"""Whether the generator, or whoever made it, saw replies or labels of the set."""


def add(what: Path, folder: Path, submission: Submission, data: Path | None = None, cached: bool = True) -> Checked:
    """Make an entry and check it; nothing is left behind where it is refused.

    Args:
        what: a run folder, or a replies file (which needs a card).
        folder: of the leaderboard; made where there is none.
        submission: what the submitter says.
        data: a data folder; None for the released one.
        cached: whether the user's cache may give annotations.

    Returns:
        What ``check`` found of it, written.

    Raises:
        UsageError: something must still be said (the option is named), or the entry is there already.
        InputError: check refuses it.
    """
    source = of_run(what, submission, data) if what.is_dir() else of_file(what, submission)
    return _added(source, folder, submission, data, cached)


def _said(submission: Submission) -> tuple[str, str]:
    lacking = []
    if not submission.statement:
        lacking.append("--contamination-statement TEXT (where it may have met the set's scenarios, replies or labels)")
    if submission.seen not in SEEN:
        lacking.append(f"--seen {'|'.join(SEEN)} (whether it, or whoever made it, saw replies or labels of the set)")
    if lacking:
        raise UsageError("an entry says where its generator may have met the data; add " + " and ".join(lacking))
    return submission.statement or "", submission.seen or ""


def _added(source: Source, folder: Path, submission: Submission, data: Path | None, cached: bool) -> Checked:
    statement, seen = _said(submission)
    version, sets, digests = read_sets(data)
    chosen = submission.set or "test"
    if chosen not in sets:
        raise UsageError(f"the leaderboard has no set {chosen!r}; --set takes {', '.join(sets)}")
    project = read_project(folder / FILE)
    entries = folder / ENTRIES
    entries.mkdir(parents=True, exist_ok=True)
    name = _named(submission.name or _fit(source.card["name"]), entry_names(entries), project)
    place = {scenario: i for i, scenario in enumerate(sets[chosen])}
    replies = [reply for reply in source.replies if reply.scenario_id in place]
    if not replies:
        raise UsageError(f"none of the {len(source.replies)} replies is to a scenario of {chosen}")
    replies.sort(key=lambda reply: (place[reply.scenario_id], reply.sample))
    entry = {
        "schema": 1,
        "name": name,
        "set": chosen,
        "dataset": version,
        "data": digests[chosen],
        "kind": source.card["kind"],
        "submitted": submission.submitted or datetime.datetime.now(datetime.UTC).date().isoformat(),
        "credit": submission.credit,
        "contamination": {"seen": seen, "statement": statement},
        "settings": {**source.settings, "samples": 1 + max(r.sample for r in replies), **submission.settings},
        "meta": {},
    }
    return _placed(entry, source.card, replies, How(entries, project, data, cached, write=True, around=entries))


def _named(name: str, others: Sequence[str], project: Project) -> str:
    """The entry's name, or why it cannot be that."""
    if name in others:
        raise UsageError(f"there is an entry {name!r} already; name this one with --name, or remove that folder first")
    if not NAME.fullmatch(name):
        rule = "2 to 41 of a-z, 0-9 and -, a letter or digit first"
        raise UsageError(f"{name!r} is no name for an entry: {rule}; use --name")
    if wrong := wrong_name(name, others, project.own):
        raise UsageError(f"found {wrong[0]}, expected {wrong[1]}; {wrong[2]} with --name")
    return name


def _placed(entry: Json, card: Json, replies: Sequence[Reply], how: How) -> Checked:
    """Made and checked beside the entries, then moved among them whole."""
    final = how.entries / entry["name"]
    with tempfile.TemporaryDirectory(prefix=".adding-", dir=how.entries.parent) as made:
        part = Path(made) / entry["name"]
        write_whole(part / "entry.json", pretty(entry))
        write_whole(part / "generator.json", pretty(card))
        write_whole(part / REPLIES, b"".join(dumps(reply.to_dict()) for reply in replies))
        checked = Checker(replace(how, entries=Path(made))).check(entry["name"])
        if checked.problems:
            shown = [replace(p, file=p.file.removeprefix(Path(made).as_posix() + "/")) for p in checked.problems]
            raise InputError(shown)
        part.replace(final)
    return checked


def _fit(name: str) -> str:
    """A generator's name as an entry's, where that takes no more than case and punctuation."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:41]


_SYSTEMS_STATEMENT = (
    "The project's own: its replies are the systems set itself, written before they were judged; see "
    "data/systems/README.md."
)
_FAMILY = " The model is of the same family as the annotators of the dataset."


def add_systems(folder: Path, data: Path | None = None, submitted: str | None = None) -> list[Checked]:
    """An entry ``systems-NAME`` for every generator of the systems set that has none yet.

    Args:
        folder: of the leaderboard; its project.json must name them, as they hold released replies.
        data: a data folder; None for the released one.
        submitted: day; None: today.

    Raises:
        InputError: check refuses one.
        UsageError: the data folder has no systems set.
    """
    path = (shipped("data") if data is None else data).joinpath(*SYSTEM_REPLIES)
    by_author: dict[str, list[Reply]] = {}
    for reply in read_replies(path) if path.is_file() else []:
        if reply.author is not None:
            by_author.setdefault(reply.author.name, []).append(reply)
    if not by_author:
        raise UsageError(f"{path} holds no replies whose author is named")
    made = []
    for name, replies in sorted(by_author.items()):
        entry = f"systems-{_fit(name)}"
        if (folder / ENTRIES / entry).exists():
            continue
        source = of_systems(name, replies)
        is_model = source.card["kind"] == "model"
        statement = _SYSTEMS_STATEMENT + (_FAMILY if is_model else "")
        submission = Submission(statement, "unknown" if is_model else "no", entry, "systems", submitted=submitted)
        made.append(_added(source, folder, submission, data, cached=True))
    return made
