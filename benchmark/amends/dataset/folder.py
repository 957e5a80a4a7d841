"""A data folder (data/, or one of the same form): its records, checked by their schemas as they are read."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from amends.errors import InputError, Problem
from amends.jsonl import read
from amends.records import Annotation, Json, Reply, Scenario
from amends.resources import shipped
from amends.schema import problems

SPLITS = ("train", "validation", "test")

_Record = TypeVar("_Record")


def read_records(path: Path, kind: str) -> list[tuple[int, Json]]:
    """All records of a file of one kind, each with its line.

    Raises:
        InputError: with every problem of the file.
    """
    found: list[Problem] = []
    good: list[tuple[int, Json]] = []
    for line, record in read(str(path)):
        wrong = [record] if isinstance(record, Problem) else problems(record, kind, str(path), line)
        found.extend(wrong)
        if not wrong:
            good.append((line, record))
    if found:
        raise InputError(found)
    return good


def current(records: list[Json]) -> list[Json]:
    """Records without those that a later line supersedes."""
    gone = {record["supersedes"] for record in records if record.get("supersedes")}
    return [record for record in records if record.get("id") not in gone]


WITHDRAWN = "withdrawn.jsonl"
"""Records that later versions no longer list, by kind and id; the records themselves stay where they are."""


@dataclass(frozen=True)
class DataFolder:
    """A folder with scenarios.jsonl, replies.jsonl and annotations/."""

    path: Path

    def withdrawn(self, kind: str) -> frozenset[str]:
        """Ids of the records of a kind that were withdrawn.

        Args:
            kind: scenario, reply or annotation.
        """
        path = self.path / WITHDRAWN
        if not path.is_file() or not path.stat().st_size:
            return frozenset()
        return frozenset(str(r["id"]) for _, r in read_records(path, "withdrawn") if r["kind"] == kind)

    def scenarios(self, split: str | None = None) -> list[Scenario]:
        """Current scenarios, in the order of their ids, of one split or of all."""
        chosen = self._typed(self.path / "scenarios.jsonl", "scenario", Scenario.from_dict)
        return [s for s in chosen if split is None or s.split == split]

    def replies(self) -> list[Reply]:
        """Current replies, in the order of their ids."""
        return self._typed(self.path / "replies.jsonl", "reply", Reply.from_dict)

    def annotation_files(self) -> list[Path]:
        """Files and shards below annotations/, in the order of their names."""
        return sorted((self.path / "annotations").rglob("*.jsonl"))

    def annotations(self) -> list[Annotation]:
        """Current annotations of every annotator, in the order of their ids."""
        raw = [record for file in self.annotation_files() for _, record in read_records(file, "annotation")]
        gone = self.withdrawn("annotation")
        kept = sorted((r for r in current(raw) if r.get("id") not in gone), key=lambda record: record.get("id") or "")
        return [Annotation.from_dict(record) for record in kept]

    def _typed(self, path: Path, kind: str, make: Callable[[Mapping[str, Any]], _Record]) -> list[_Record]:
        gone = self.withdrawn(kind)
        kept = [r for r in current([record for _, record in read_records(path, kind)]) if r["id"] not in gone]
        return [make(record) for record in sorted(kept, key=lambda record: str(record["id"]))]


def released() -> DataFolder:
    """The data folder that ships with the package."""
    return DataFolder(shipped("data"))


@functools.cache
def released_scenarios() -> Mapping[str, Scenario]:
    """Scenarios of every released split by id, read once."""
    return {scenario.id: scenario for scenario in released().scenarios()}
