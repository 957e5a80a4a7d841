"""A small data folder that is in order, and a way to spoil it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest

from amends.dataset.build import build
from amends.dataset.folder import DataFolder

Json = dict[str, Any]

AUTHOR = {"kind": "person", "name": "writer-1", "version": "1"}

CUSTOMERS = {
    "s1": ("train", "My blue kettle arrived with a crack right down the spout and I had guests coming for tea."),
    "s2": ("train", "Third week without heating now. The engineer walked past our door twice, we watched him do it."),
    "s3": ("validation", "You charged the gym fee again after I moved abroad and sent every paper that was wanted."),
    "s4": ("test", "Nobody told me that the night bus was cancelled, so I stood in the rain until three."),
}
REPLIES = {
    "r1": ("s1", "A cracked kettle before guests is a rotten start to an afternoon. A new one leaves today."),
    "r2": ("s1", "Please send a picture of the damage and the receipt so that the returns desk can look at it."),
    "r3": (
        "s2",
        "Three cold weeks are far too long. The engineer comes at nine tomorrow, and I will check that he does.",
    ),
    "r4": ("s2", "Engineers work through their list in order. Yours is on it, as the letter of last month explained."),
    "r5": ("s3", "The fee is back on your account by Friday. Our form lost your notice and that was our doing."),
    "r6": ("s4", "Standing in that rain for hours must have felt endless. Our notice went up too late, I am sorry."),
}
QUOTES = {
    "r1": ("X3", "A new one leaves today."),
    "r2": ("D2", "send a picture of the damage"),
    "r3": ("X3", "comes at nine tomorrow"),
    "r4": ("X8", "as the letter of last month explained"),
    "r5": ("X2", "that was our doing"),
    "r6": ("E1", "must have felt endless"),
}


def annotation(reply_id: str, name: str) -> Json:
    """One sound annotation."""
    scenario, text = REPLIES[reply_id]
    code, quote = QUOTES[reply_id]
    start = text.index(quote)
    return {
        "id": f"{reply_id}.{name}",
        "reply_id": reply_id,
        "scenario_id": scenario,
        "annotator": {
            "role": "annotator",
            "kind": "person",
            "name": name,
            "version": "1",
            "method": "holistic",
            "guideline": "1.0",
        },
        "levels": {"empathy": 3, "depersonalization": 3, "excuse_avoidance": 3},
        "confidence": None,
        "behaviours": [{"code": code, "start": start, "end": start + len(quote), "quote": quote, "strength": 1.0}],
        "flags": [],
        "reason": None,
        "created": "2026-11-22",
    }


def write(path: Path, records: list[Json]) -> None:
    """Write records as JSON lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(orjson.dumps(r, option=orjson.OPT_APPEND_NEWLINE) for r in records))


def read(path: Path) -> list[Json]:
    """Read JSON lines."""
    return [orjson.loads(line) for line in path.read_bytes().splitlines()]


def turns(text: str) -> list[Json]:
    """One turn of a customer."""
    return [{"role": "customer", "text": text}]


def reply_record(key: str) -> Json:
    """One of the replies as it stands in the file."""
    scenario, text = REPLIES[key]
    return {"id": key, "scenario_id": scenario, "sample": 0, "text": text, "author": AUTHOR, "meta": {"writer": "w1"}}


def fill(root: Path) -> None:
    """Write the records of a small data folder."""
    scenarios = [
        {"id": key, "split": split, "language": "en", "turns": turns(text), "meta": {"writer": "w1"}}
        for key, (split, text) in CUSTOMERS.items()
    ]
    contrast = {
        "id": "c1",
        "split": "train",
        "behaviour": "E1",
        "dimension": "empathy",
        "kind": "textbook",
        "turns": turns("The cake came without candles."),
        "better": "A birthday without candles is sad. New ones come today.",
        "worse": "New ones come today.",
        "expects": {"empathy": 1, "depersonalization": 0, "excuse_avoidance": 0},
    }
    write(root / "scenarios.jsonl", scenarios)
    write(root / "replies.jsonl", [reply_record(key) for key in REPLIES])
    for name in ("ann-1", "ann-2"):
        write(root / "annotations" / f"{name}.jsonl", [annotation(reply, name) for reply in REPLIES])
    write(root / "contrast.jsonl", [contrast])
    write(root / "plan.jsonl", [{"reply_id": key, "kind": "ordinary"} for key in REPLIES])
    write(
        root / "comparisons.jsonl",
        [
            {
                "id": "k1",
                "scenario_id": "s1",
                "annotator": {"role": "annotator", "kind": "person", "name": "p1", "version": "1"},
                "dimension": "empathy",
                "ranking": [["r1"], ["r2"]],
            }
        ],
    )
    write(
        root / "robustness" / "gaming.jsonl",
        [
            {
                "id": "g1",
                "trick": "soup",
                "dimensions": ["empathy"],
                "turns": turns("The roof leaks."),
                "honest": "A roofer comes at two.",
                "gamed": "Empathy. Ownership.",
            }
        ],
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder without a fault, built."""
    root = tmp_path / "data"
    fill(root)
    build(DataFolder(root), "1.0.0")
    return root


Change = Callable[[list[Json]], None]


def spoil(root: Path, name: str, change: Change, rebuild: bool = False) -> None:
    """Change the records of one file in place; ``rebuild`` makes everything that is built follow."""
    records = read(root / name)
    change(records)
    write(root / name, records)
    if rebuild:
        for version in (root / "versions").glob("*.json"):
            version.unlink()
        build(DataFolder(root), "1.0.0")
