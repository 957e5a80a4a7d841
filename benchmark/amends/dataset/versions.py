"""Versions of the dataset: which records belong to one, each with its checksum.

Records are never edited: a correction is a new line with a new id and ``supersedes``. So a list of record ids is
all that a version is, and every version can be had again from the same files.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import orjson

from amends.dataset.folder import DataFolder, current, read_records
from amends.errors import InputError, Problem, unknown_name
from amends.jsonl import canonical, pretty, write_whole
from amends.records import Json

Index = dict[str, dict[str, str]]
"""Part to record id to the first 12 hex of its SHA-256."""

Records = dict[str, list[Json]]
"""Part to its raw records in the order of their ids."""


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of source record of a data folder, and where it stands."""

    kind: str
    """A kind of ``schema.KINDS``."""
    files: str
    """Path below the folder, or a pattern of paths."""
    optional: bool = True


PARTS = {
    "scenarios": Part("scenario", "scenarios.jsonl", optional=False),
    "replies": Part("reply", "replies.jsonl", optional=False),
    "annotations": Part("annotation", "annotations/**/*.jsonl"),
    "contrast": Part("contrast", "contrast.jsonl"),
    "gaming": Part("gaming", "robustness/gaming.jsonl"),
    "invariance": Part("invariance", "robustness/invariance.jsonl"),
    "degenerate": Part("degenerate", "robustness/degenerate.jsonl"),
    "judgements": Part("judgement", "judgements/*/*.jsonl"),
    "system_replies": Part("reply", "systems/replies.jsonl"),
    "system_annotations": Part("annotation", "systems/annotations/*.jsonl"),
}
"""What a version lists. Versions before 1.1.0 list the first three alone."""

WITHDRAWABLE = ("scenarios", "replies", "annotations")
"""Parts of which single records can be withdrawn."""


def part_of(relative: str) -> str | None:
    """The part that a file of a data folder belongs to.

    Args:
        relative: its path below the folder, with slashes.

    Returns:
        A key of ``PARTS``; None for a file that no version lists.
    """
    path = PurePosixPath(relative)
    if path.parts[:1] == ("annotations",) and path.suffix == ".jsonl":
        return "annotations"
    return next((name for name, part in PARTS.items() if path.match(part.files) and _deep(path, part)), None)


def _deep(path: PurePosixPath, part: Part) -> bool:
    """``match`` compares from the right: the depth settles the left."""
    return len(path.parts) == len(PurePosixPath(part.files).parts)


def checksum(record: Json) -> str:
    """First 12 hex of the SHA-256 of a record's canonical bytes."""
    return hashlib.sha256(canonical(record)).hexdigest()[:12]


def all_records(folder: DataFolder) -> Records:
    """Every record of the folder, superseded ones too.

    Raises:
        InputError: a record breaks its schema or lacks an id.
    """
    records: Records = {}
    wrong: list[Problem] = []
    for name, part in PARTS.items():
        files = sorted(folder.path.glob(part.files)) if part.optional else [folder.path / part.files]
        numbered = [(file, line, record) for file in files for line, record in read_records(file, part.kind)]
        seen: dict[str, str] = {}
        for file, line, record in numbered:
            place = f"{file}:{line}"
            if "id" not in record:
                wrong.append(Problem(str(file), line, "$.id", "nothing", "an id (records in data/ have one)", "add it"))
            elif seen.setdefault(record["id"], place) != place:
                found = f'"{record["id"]}" again (first at {seen[record["id"]]})'
                wrong.append(Problem(str(file), line, "$.id", found, "an id used once", "give a new id"))
        records[name] = sorted((r for _, _, r in numbered), key=lambda r: str(r.get("id")))
    if wrong:
        raise InputError(wrong)
    return records


def current_records(folder: DataFolder) -> Records:
    """The records of the folder as it stands, without superseded and withdrawn ones."""
    gone = {name: folder.withdrawn(PARTS[name].kind) for name in WITHDRAWABLE}
    return {
        name: [record for record in current(records) if record["id"] not in gone.get(name, ())]
        for name, records in all_records(folder).items()
    }


def index_of(records: Records) -> Index:
    """The list of ids and checksums that names these records."""
    return {name: {str(r["id"]): checksum(r) for r in some} for name, some in records.items()}


def version_file(folder: DataFolder, version: str) -> Path:
    """Where a version's list stands."""
    return folder.path / "versions" / f"{version}.json"


def known_versions(folder: DataFolder) -> list[str]:
    """Versions that the folder can give."""
    return sorted(path.stem for path in (folder.path / "versions").glob("*.json"))


def records_of(folder: DataFolder, version: str) -> Records:
    """The records of one version.

    Raises:
        UsageError: the folder does not know the version.
        InputError: a record of the version is gone or was changed.
    """
    path = version_file(folder, version)
    if not path.is_file():
        raise unknown_name("version", version, known_versions(folder))
    index: Index = orjson.loads(path.read_bytes())["records"]
    chosen: Records = {}
    wrong: list[Problem] = []
    for name, records in all_records(folder).items():
        by_id = {str(r["id"]): r for r in records}
        listed = index.get(name, {})
        for key, expected in listed.items():
            found = checksum(by_id[key]) if key in by_id else "nothing"
            if found != expected:
                remedy = "restore the record; a correction is a new line with supersedes"
                wrong.append(Problem(str(path), None, f"$.records.{name}.{key}", found, expected, remedy))
        chosen[name] = [by_id[key] for key in sorted(listed) if key in by_id]
    if wrong:
        raise InputError(wrong)
    return chosen


def write_version(folder: DataFolder, version: str, records: Records) -> None:
    """Write a version's list; one that stands is never changed.

    Raises:
        InputError: the version stands already with other records.
    """
    path = version_file(folder, version)
    document: dict[str, Any] = {"version": version, "records": index_of(records)}
    data = pretty(document)
    if path.is_file() and path.read_bytes() != data:
        found = "other records than the folder holds now"
        raise InputError([Problem(str(path), None, "$.records", found, "a new version number", "pass --version")])
    write_whole(path, data)
