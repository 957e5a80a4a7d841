"""The small data folder that tests of builds and versions work on."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.dataset.cases import REPLIES, SCENARIOS, annotation, append

from amends.dataset.folder import DataFolder


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    """Three scenarios, six replies, two annotators; one of them in shards."""
    path = tmp_path / "data"
    append(path / "scenarios.jsonl", *SCENARIOS[::-1])
    append(path / "replies.jsonl", *REPLIES[::-1])
    append(path / "annotations" / "ann.jsonl", *[annotation(str(r["id"]), "ann", 2) for r in REPLIES])
    for shard, some in (("a", REPLIES[:3]), ("b", REPLIES[3:])):
        append(path / "annotations" / "bob" / f"{shard}.jsonl", *[annotation(str(r["id"]), "bob", 3) for r in some])
    return DataFolder(path)
