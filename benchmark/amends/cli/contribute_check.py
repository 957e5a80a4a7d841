"""``check`` of contributions: told from other files by their first record, and looked at against a dataset."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable, Sequence
from pathlib import Path

import orjson

from amends.checks import Report
from amends.checks.files import kind_by_keys
from amends.dataset.folder import DataFolder, released
from amends.dataset.pending import KIND, PENDING, stranger
from amends.errors import InputError, Problem
from amends.jsonl import raw_lines

CHECKS = ("schema", "ids", "quotes", "scenario", "near-duplicates", "leakage", "personal data", "length", "names")
"""What is looked at in a contribution."""
_ENDINGS = (".jsonl", ".jsonl.gz", ".jsonl.zst")
_LOOKED = 100
"""Lines that are tried before a file is taken for another."""


def is_contribution(file: str) -> bool:
    """Tell a contribution by the first of its lines that can be read.

    Args:
        file: any path; what cannot be read is none.
    """
    if file == "-" or not file.endswith(_ENDINGS) or not Path(file).is_file():
        return False
    try:
        for number, line in raw_lines(file):
            if line is not None and line.strip():
                with contextlib.suppress(orjson.JSONDecodeError):
                    return kind_by_keys(orjson.loads(line)) == KIND
            if number >= _LOOKED:
                return False
    except (InputError, OSError):
        return False
    return False


def waiting(path: str) -> list[str]:
    """Contributions in the pending/ of a data folder; none of any other path."""
    root = Path(path)
    if path == "-" or not (root / "manifest.json").is_file():
        return []
    return sorted(str(file) for file in (root / PENDING).glob("*.jsonl"))


def within(path: str) -> list[str]:
    """Contributions in a folder that is no data folder, wherever in it; none of any other path."""
    root = Path(path)
    if path == "-" or not root.is_dir() or (root / "manifest.json").is_file():
        return []
    return sorted(str(file) for file in root.rglob("*.jsonl*") if is_contribution(str(file)))


def checked(paths: Sequence[str], fix: bool, check: Callable[..., Report]) -> Report:
    """What ``check`` says of all paths, contributions among them.

    Args:
        paths: as on the command line.
        fix: mend first what is safe.
        check: of everything that is no contribution.

    Raises:
        InputError: the dataset that contributions are compared with cannot be read.
    """
    named = [path for path in dict.fromkeys(paths) if is_contribution(path)]
    rest = [path for path in dict.fromkeys(paths) if path not in named]
    below = [file for path in rest for file in within(path) if file not in named]
    there = [(Path(file), DataFolder(Path(path))) for path in rest for file in waiting(path)]
    strange = [problem for file, _ in there if (problem := stranger(file))]
    inside = [(str(file), folder) for file, folder in there if stranger(file) is None]
    if not named and not below and not there:
        return check(paths, fix=fix)
    from amends.contribute.mend import mend_file

    files = [*((file, released()) for file in dict.fromkeys([*named, *below])), *inside]
    mended = [str(one) for file, _ in files if fix and file.endswith(".jsonl") for one in mend_file(file)]
    report = check(rest, fix=fix) if rest else Report((), {}, CHECKS, ())
    problems: dict[Problem, None] = dict.fromkeys([*report.problems, *strange])
    records = dict(report.records)
    for file, folder in files:
        found, records[file] = of_file(file, folder)
        problems |= dict.fromkeys(found)
    return dataclasses.replace(report, problems=tuple(problems), records=records, mended=(*mended, *report.mended))


def of_file(file: str, folder: DataFolder) -> tuple[list[Problem], int]:
    """All problems of a contribution file, and how many examples it holds.

    Args:
        file: JSON Lines of examples.
        folder: the dataset that it is compared with, without itself.
    """
    from amends.contribute.examine import base_of, examined, name_in, read_items

    items, wrong = read_items(file)
    found = examined(items, base_of(folder, name_in(folder, Path(file)))).problems
    return [*wrong, *found], len(items)
