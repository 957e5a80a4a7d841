"""`amends agreement` says what would make its figures look better than they are."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from amends.cli.agreement import command

TABLE = [
    ("two annotators, each reply once", [("ann", "r1", False), ("bea", "r1", False)], []),
    (
        "two people under one name: which of their labels counts is chance",
        [("ann", "r1", False), ("ann", "r1", False), ("bea", "r1", False)],
        ["1 annotations are of a reply that the same annotator judged before"],
    ),
    (
        "training shows the gold after each label",
        [("ann", "r1", True), ("bea", "r1", True)],
        ["2 annotations were made in training mode"],
    ),
]


@pytest.mark.parametrize(("why", "labels", "said"), TABLE, ids=[row[0] for row in TABLE])
def test_cautions(tmp_path: Path, why: str, labels: list[tuple[str, str, bool]], said: list[str]) -> None:
    file = tmp_path / "labels.jsonl"
    records = [
        {
            "reply_id": reply,
            "annotator": {"role": "annotator", "kind": "person", "name": name, "version": "1", "method": "holistic"},
            "levels": {"empathy": 3, "depersonalization": 3, "excuse_avoidance": 2},
            "meta": {"training": True} if training else {},
        }
        for name, reply, training in labels
    ]
    file.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    done = CliRunner().invoke(command, [str(file)], standalone_mode=False)
    assert done.exception is None
    assert all(words in done.stderr for words in said), why
    assert ("annotations are" in done.stderr or "annotations were" in done.stderr) == bool(said)
