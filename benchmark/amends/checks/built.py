"""What is computed from a data folder's records is what stands there: manifest, versions, exchanges, contrast sets."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import orjson

from amends.checks.files import File, Group, Place, shown, step
from amends.dataset.build import built, joined, manifest_of
from amends.dataset.folder import DataFolder, current
from amends.dataset.versions import PARTS, WITHDRAWABLE, Index, checksum, part_of
from amends.errors import Problem
from amends.records import Json

BUILD = "run amends data build"


def manifest_problems(group: Group) -> Iterator[Problem]:
    """Files that differ from the manifest's checksums, that it lists in vain, or that it does not list."""
    if group.folder is None:
        return
    path = group.folder.path / "manifest.json"
    listed = _object(path)
    files = listed.get("files")
    if not isinstance(files, dict) or not isinstance(listed.get("version"), str):
        yield Problem(str(path), None, "$", shown(listed), "a version and the files with their checksums", BUILD)
        return
    try:
        now: Json = manifest_of(group.folder, listed["version"])["files"]
    except OSError as error:
        yield Problem(str(path), None, "$.files", f"a file that cannot be read ({error})", "readable files", "mend it")
        return
    for name in sorted({*files, *now}):
        expected = files.get(name)
        if now.get(name) != expected:
            yield _listed(group.folder, name, now.get(name), expected)


def _listed(folder: DataFolder, name: str, now: Any, listed: Any) -> Problem:
    file = str(folder.path / name)
    if now is None:
        remedy = f"restore it, or {BUILD}"
        return Problem(file, None, "$", "no such file", "the file that the manifest lists", remedy)
    if listed is None:
        return Problem(file, None, "$", "a file that the manifest does not list", "a manifest of all files", BUILD)
    found = f"content with SHA-256 {now['sha256'][:12]}"
    listed_sum = listed.get("sha256") if isinstance(listed, dict) else None
    expected = f"{str(listed_sum)[:12]} as in the manifest"
    return Problem(file, None, "$", found, expected, f"restore it, or {BUILD}")


def _object(path: Path) -> Json:
    """A JSON file's object; an empty one where it holds none."""
    try:
        loaded = orjson.loads(path.read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return {}
    return loaded if isinstance(loaded, dict) else {}


def indices(folder: DataFolder) -> Iterator[tuple[Path, Index]]:
    """Lists of the released versions, oldest name first; a broken one is empty."""
    for path in sorted((folder.path / "versions").glob("*.json")):
        listed = _object(path).get("records")
        parts = listed.items() if isinstance(listed, dict) else ()
        yield path, {part: sums for part, sums in parts if part in PARTS and isinstance(sums, dict)}


def version_problems(group: Group) -> Iterator[Problem]:
    """Records of a released version that are gone or were edited."""
    if group.folder is None:
        return
    places = {
        part: {str(place[1].record.get("id")): place for place in _sources(group, part, group.folder.path)}
        for part in PARTS
    }
    for path, index in indices(group.folder):
        if not index:
            yield Problem(str(path), None, "$.records", "no list of records", "ids with checksums", "restore the file")
        for part, sums in index.items():
            for key, expected in sums.items():
                place = places[part].get(key)
                if place is None:
                    where = step(f"$.records.{part}", key)
                    expects = f"the record that version {path.stem} holds"
                    yield Problem(str(path), None, where, "no such record", expects, "restore the record")
                elif _sum(place[1].record) != expected:
                    found = f"{shown(key)} with checksum {_sum(place[1].record)}"
                    expects = f"{expected} as in version {path.stem}"
                    remedy = "restore it; a correction is a new line with a new id and supersedes"
                    yield Problem(place[0].name, place[1].number, "$", found, expects, remedy)


def frozen_problems(group: Group) -> Iterator[Problem]:
    """A split that FROZEN.json names and that is not what it was: scorers were tuned knowing that it stays."""
    if group.folder is None:
        return
    for split, stood in sorted(_object(group.folder.path / "FROZEN.json").items()):
        path = group.folder.path / "exchanges" / f"{split}.jsonl"
        now = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "none"
        wanted = stood.get("sha256") if isinstance(stood, dict) else None
        if now != wanted:
            found = f"content with SHA-256 {now[:12]}"
            expected = f"{str(wanted)[:12]}, as it was frozen in version {_version(stood)}"
            remedy = "restore it; if it must change, freeze it anew in FROZEN.json and raise the major version"
            yield Problem(str(path), None, "$", found, expected, remedy)


def _version(stood: object) -> str:
    return str(stood.get("version")) if isinstance(stood, dict) else "unknown"


def _sum(record: Json) -> str:
    try:
        return checksum(record)
    except TypeError:  # nested deeper than can be written; the schema check says so
        return "none"


def built_problems(group: Group) -> Iterator[Problem]:
    """Exchanges and contrast sets that differ from what the records come to.

    Only for records that are sound in themselves: what rests on a broken record cannot be built at all.
    """
    if group.folder is None:
        return
    root = group.folder.path
    expected: dict[str, list[bytes]] = {}
    records = {part: _current(group, part, root) for part in PARTS}
    if records["scenarios"] or records["contrast"] or any(file.area == "exchanges" for file in group.files):
        expected = built(records, joined(records, str(root)), str(root))
    there = {Path(file.name).relative_to(root).as_posix(): file for file in group.files if file.built}
    for name in sorted({*expected, *there}):
        yield from _difference(str(root / name), there.get(name), expected.get(name))


def _sources(group: Group, part: str, root: Path) -> Iterator[Place]:
    """Records of the files that hold a part; a build reads no others."""
    for file, line in group.lines(PARTS[part].kind):
        if part_of(Path(file.name).relative_to(root).as_posix()) == part:
            yield file, line


def _current(group: Group, part: str, root: Path) -> list[Json]:
    """Current records of a part, in the order of their ids."""
    every = [line.record for _, line in _sources(group, part, root)]
    gone = {line.record["id"] for _, line in group.good("withdrawn") if line.record["kind"] == PARTS[part].kind}
    if part not in WITHDRAWABLE:
        gone = set()
    return sorted((r for r in current(every) if r.get("id") not in gone), key=lambda record: str(record.get("id")))


def _difference(name: str, file: File | None, expected: Sequence[bytes] | None) -> Iterator[Problem]:
    """One problem a file: the first line that differs."""
    if expected is None:
        yield Problem(name, None, "$", "a file that no build writes", "no such file", "remove it")
        return
    path = Path(name)
    if file is None or not path.is_file():
        yield Problem(name, None, "$", "no such file", f"the {len(expected)} records of a build", BUILD)
        return
    lines = path.read_bytes().splitlines(keepends=True)
    if lines == list(expected):
        return
    at = next((i for i, (a, b) in enumerate(zip(lines, expected, strict=False)) if a != b), None)
    if at is None:
        found, wanted = f"{len(lines)} lines", f"{len(expected)} as a build writes them"
        yield Problem(name, min(len(lines), len(expected)) + 1, "$", found, wanted, BUILD)
        return
    where, found = _field(lines[at], expected[at])
    yield Problem(name, at + 1, where, found, "what a build of the records writes", BUILD)


def _field(line: bytes, expected: bytes) -> tuple[str, str]:
    """Where a line first differs from the built one, and what stands there."""
    try:
        found, wanted = orjson.loads(line), orjson.loads(expected)
    except orjson.JSONDecodeError:
        return "$", "broken JSON"
    if isinstance(found, dict):
        for key in {**wanted, **found}:
            if found.get(key) != wanted.get(key):
                return step("$", key), shown(found[key]) if key in found else "nothing"
    return "$", "the same fields, written otherwise"
