"""leaderboard/project.json: which scorers are official, which entries are the project's own, which were verified.

In a pull request it is read from the base branch: nothing in it is for a submission to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from amends.errors import InputError, Problem, UsageError
from amends.jsonl import parse
from amends.scorers import DEFAULT, SCORERS

FILE = "project.json"
ENTRIES = "entries"
OFFICIAL = ("trained", "rules")
"""Where project.json names none."""
_FIELDS = ("official", "project", "cheats", "verified")
_VERIFIED = ("by", "date", "how")


@dataclass(frozen=True, slots=True)
class Project:
    """What the project alone says."""

    official: tuple[str, ...] = OFFICIAL
    """Scorers whose tables there are; the default scorer first."""
    own: frozenset[str] = frozenset()
    """Entries that may hold replies of the released sets and sound official."""
    cheats: frozenset[str] = frozenset()
    """The project's entries that were made to fool scorers: they answer nobody, and stand in no tier."""
    verified: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Entry to by, date and how."""


def entries_folder(folder: Path) -> Path:
    """The folder of entries of a leaderboard.

    Args:
        folder: the leaderboard's, or that of its entries.

    Raises:
        UsageError: it is neither.
    """
    if (folder / ENTRIES).is_dir():
        return folder / ENTRIES
    if folder.name == ENTRIES and folder.is_dir():
        return folder
    raise UsageError(f"{folder} is no leaderboard: it has no folder {ENTRIES}; name one with --entries")


def entry_names(folder: Path) -> list[str]:
    """Names of what stands in the folder of entries, hidden files left out.

    Args:
        folder: of entries.
    """
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))


def read_project(file: Path) -> Project:
    """Read project.json; a leaderboard without one has nothing of its own.

    Args:
        file: its path.

    Raises:
        InputError: with every problem of the file.
    """
    if not file.is_file():
        return Project()
    try:
        raw = parse(file.read_bytes())
    except ValueError as error:
        raise InputError([Problem(str(file), None, "$", f"broken JSON ({error})", "JSON", "mend it")]) from None
    problems = list(_problems(raw, str(file)))
    if problems:
        raise InputError(problems)
    official = raw.get("official") or list(OFFICIAL)
    first = sorted(official, key=lambda name: (name != DEFAULT, official.index(name)))
    return Project(
        tuple(first), frozenset(raw.get("project", ())), frozenset(raw.get("cheats", ())), raw.get("verified", {})
    )


def _problems(raw: Any, file: str) -> list[Problem]:
    def wrong(path: str, found: str, expected: str) -> Problem:
        return Problem(file, None, path, found, expected, "correct it")

    if not isinstance(raw, dict):
        return [wrong("$", f"a {type(raw).__name__}", "an object")]
    found = [wrong(f"$.{key}", "an unknown field", ", ".join(_FIELDS)) for key in raw if key not in _FIELDS]
    for key in ("official", "project", "cheats"):
        names = raw.get(key, [])
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            found.append(wrong(f"$.{key}", repr(names)[:60], "a list of names"))
        elif key == "official":
            # a file names no code: no module:object, no plug-in, no judge that would have to be paid
            unknown = [name for name in names if name not in SCORERS]
            found += [wrong("$.official", repr(name), f"one of {', '.join(SCORERS)}") for name in unknown]
    verified = raw.get("verified", {})
    if not isinstance(verified, dict):
        return [*found, wrong("$.verified", repr(verified)[:60], "an object")]
    for name, said in verified.items():
        whole = isinstance(said, dict) and sorted(said) == sorted(_VERIFIED)
        if not whole or not all(isinstance(value, str) for value in said.values()):
            found.append(wrong(f"$.verified.{name}", repr(said)[:60], f"texts {', '.join(_VERIFIED)}"))
    return found
