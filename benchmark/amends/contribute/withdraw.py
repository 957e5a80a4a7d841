"""``contribute withdraw``: later versions no longer list a contributed example.

Its records stay in the files, because earlier versions list them by checksum and must stay loadable, and because
whoever has a copy of those has the text. What is kept and what is not is said to whoever asks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from amends.contribute.accept import Progress, finish, next_version
from amends.contribute.card import contributed
from amends.contribute.swap import changed
from amends.dataset.build import manifest
from amends.dataset.folder import WITHDRAWN, DataFolder, read_records
from amends.errors import UsageError
from amends.jsonl import dumps, write_whole
from amends.records import Json


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What a withdrawal came to."""

    version: str
    before: str
    records: tuple[tuple[str, str], ...]
    """Kind and id of what the new version no longer lists."""
    change: str


def withdraw(
    folder: DataFolder, ids: Sequence[str], *, day: str, reason: str | None = None, tell: Progress = lambda words: None
) -> Withdrawal:
    """Make a version without some contributed replies.

    Args:
        folder: of the dataset, built.
        ids: of replies that were contributed.
        day: today, ISO.
        reason: kept beside the ids.
        tell: told what is being done.

    Raises:
        UsageError: a reply that was not contributed, is withdrawn already, or is of the frozen test.
        InputError: problems of the folder that would come of it.
    """
    known = {str(record["id"]): record for record in contributed(folder)}
    for key in ids:
        if key not in known:
            raise UsageError(
                f"{key!r} is no contributed reply that is listed; contributed and listed are: "
                f"{', '.join(sorted(known)) or 'none'}. Other records are corrected by a new line with supersedes"
            )
    splits = {scenario.id: scenario.split for scenario in folder.scenarios()}
    if frozen := [key for key in ids if splits.get(known[key]["scenario_id"]) == "test"]:
        raise UsageError(f"{', '.join(frozen)}: test is frozen")
    with changed(folder.path) as copy:
        new = DataFolder(copy)
        before = str(manifest(new)["version"])
        version = next_version(before)
        gone = _gone(new, list(dict.fromkeys(ids)), known)
        path = copy / WITHDRAWN
        there = [r for _, r in read_records(path, "withdrawn")] if path.is_file() else []
        more = [{"id": key, "kind": kind, "withdrawn": day, "version": version, "reason": reason} for kind, key in gone]
        write_whole(path, b"".join(dumps(record) for record in [*there, *more]))
        count = f"{len(set(ids))} contributed repl{'y' if len(set(ids)) == 1 else 'ies'}"
        sentence = f"{count} withdrawn ({', '.join(dict.fromkeys(ids))}); earlier versions still list them."
        finish(new, version, day, [sentence], tell)
        return Withdrawal(version, before, tuple(gone), f"Dataset {version}: {sentence}")


def _gone(folder: DataFolder, ids: Sequence[str], known: dict[str, Json]) -> list[tuple[str, str]]:
    """The replies, their annotations, and contributed scenarios that no other reply answers."""
    found = [("reply", key) for key in ids]
    found += [("annotation", str(a.id)) for a in folder.annotations() if a.reply_id in ids]
    answered = {reply.scenario_id for reply in folder.replies() if reply.id not in ids}
    own = {str(record["scenario_id"]) for record in known.values() if record["new_scenario"]}
    touched = dict.fromkeys(str(known[key]["scenario_id"]) for key in ids)
    return found + [("scenario", key) for key in touched if key in own and key not in answered]
