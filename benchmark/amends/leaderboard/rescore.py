"""``rescore``: every entry anew after a change of a scorer or of the data, and what to say of it in the change log."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from amends.leaderboard.check import Checked, How, check_entries
from amends.leaderboard.files import read_entry
from amends.leaderboard.values import document
from amends.records import DIMENSIONS
from amends.results import Result
from amends.signature import scorer_tag


@dataclass(frozen=True, slots=True)
class Change:
    """One scorer's Result of one entry, before and after."""

    entry: str
    scorer: str
    before: str | None
    """Scorer as signatures name it; None where there was no Result."""
    after: str | None
    """None where the scorer is not official any more."""
    data: tuple[str, str] | None
    """Digest of the set's scenarios before and after, where there was a Result."""
    moved: Mapping[str, float]
    """Dimension to the mean level after less before."""

    @property
    def comparable(self) -> bool:
        """Whether scores before and after may stand in one table."""
        return self.before == self.after and (self.data is None or self.data[0] == self.data[1])


def rescore(names: Sequence[str], how: How, jobs: int = 1) -> Iterator[tuple[Checked, list[Change]]]:
    """Recompute and write entries; one whose scenarios changed is refused, as its replies answer other texts.

    Args:
        names: of the entries.
        how: how entries are checked.
        jobs: processes at most.

    Yields:
        What check found of each, and what changed.
    """
    scorers = tuple(how.project.official)
    before = {name: _stored(how, name, scorers) for name in names}
    for found in check_entries(names, replace(how, write=True, rescore=True), jobs):
        yield found, _changes(found, before[found.name]) if found.written else []


def _stored(how: How, name: str, scorers: tuple[str, ...]) -> dict[str, Result]:
    files = read_entry(how.entries, name, scorers)
    raw = document(files, "result.json") if "result.json" in files.data else {}
    found = {}
    for scorer, one in raw.items() if isinstance(raw, dict) else ():
        try:
            result = Result.from_dict(one)
            _tag(result)
            found[str(scorer)] = result
        except (KeyError, TypeError, AttributeError, ValueError):
            continue  # damaged: nothing to compare with
    return found


def _changes(found: Checked, before: Mapping[str, Result]) -> list[Change]:
    changes = []
    for scorer in sorted(before.keys() | found.results.keys()):
        old, new = before.get(scorer), found.results.get(scorer)
        data = (str(old.set.get("digest")), str(new.set.get("digest"))) if old and new else None
        moved = _moved(old, new) if old and new else {}
        changes.append(Change(found.name, scorer, _tag(old) if old else None, _tag(new) if new else None, data, moved))
    return changes


def _tag(result: Result) -> str:
    one: Mapping[str, Any] = result.scorer
    # what stood there may be anybody's, and goes to a terminal
    return ascii(scorer_tag(str(one["name"]), one["version"], one.get("weights")))[1:-1]


def _moved(old: Result, new: Result) -> dict[str, float]:
    moved = {}
    for dimension in DIMENSIONS:
        one = old.dimensions.get(dimension)
        a, b = one.mean.value if one else None, new.dimensions[dimension].mean.value
        if isinstance(a, int | float) and b is not None:
            moved[dimension] = b - a
    return moved


def change_log(found: Sequence[tuple[Checked, list[Change]]]) -> list[str]:
    """What belongs into the change log: which scores may not be compared with those from before.

    Args:
        found: of ``rescore``.

    Returns:
        Lines; one that says so where all scores can be compared.
    """
    changes = [change for _, some in found for change in some]
    groups: dict[tuple[str | None, str | None, tuple[str, str] | None], list[Change]] = {}
    for change in changes:
        if not change.comparable:
            groups.setdefault((change.before, change.after, change.data), []).append(change)
    lines = [_line(some) for _, some in sorted(groups.items(), key=lambda pair: repr(pair[0]))]
    left = [one.name for one, _ in found if not one.written]
    if left:
        lines.append(f"Not rescored, and not comparable with the rest until they are run again: {', '.join(left)}.")
    return lines or [f"All scores of {len(found)} entries can be compared with those from before."]


def _line(some: Sequence[Change]) -> str:
    one = some[0]
    entries = f"{len(some)} {'entry' if len(some) == 1 else 'entries'}"
    if one.before is None:
        return f"Scores of {one.after} are new ({entries})."
    if one.after is None:
        return f"Scores of {one.before} are gone: it is not official any more ({entries})."
    what = f"Scores of {one.before} cannot be compared with those of {one.after}"
    if one.before == one.after and one.data is not None:
        what = f"Scores of {one.after} on data {one.data[0]} cannot be compared with those on {one.data[1]}"
    moves = []
    for dimension in DIMENSIONS:
        known = [change for change in some if dimension in change.moved]
        if known:
            most = max(known, key=lambda change: abs(change.moved[dimension]))
            moves.append(f"{dimension.replace('_', ' ')} {most.moved[dimension]:+.2f} ({most.entry})")
    largest = f"; largest changes of a mean: {', '.join(moves)}" if moves else ""
    return f"{what} ({entries}{largest})."
