"""A small data folder by hand: scenarios, replies, annotations, a whole generator."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import orjson

from amends.dataset.folder import DataFolder

TEXT = "Sorry. We lost it."
SCENARIOS = [
    {"id": f"s{n}", "split": split, "language": "en", "domain": domain, "turns": [{"role": "customer", "text": "Hm?"}]}
    for n, (split, domain) in enumerate([("train", "parcels"), ("train", "parcels"), ("test", "trains")], start=1)
]
REPLIES = [
    {"id": f"s{n}.r{k}", "scenario_id": f"s{n}", "sample": 0, "text": TEXT,
     "author": {"kind": "model", "name": "m", "version": "1"}, "meta": {"writer": "w"}}
    for n in (1, 2, 3) for k in (1, 2)
]  # fmt: skip


def annotation(reply: str, name: str, level: int | None = 3, **more: Any) -> dict[str, Any]:
    who = {"role": "annotator", "kind": "model", "name": name, "version": "1", "method": "holistic", "guideline": "1.0"}
    levels = {"empathy": level, "depersonalization": 3, "excuse_avoidance": 3}
    spans = [{"code": "E8", "start": 0, "end": 6, "quote": "Sorry.", "strength": 1.0}]
    record = {"id": f"{reply}.{name}", "reply_id": reply, "scenario_id": reply[:2], "annotator": who, "levels": levels}
    return record | {"behaviours": spans} | more


def append(path: Path, *records: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as stream:
        stream.writelines(
            (record if isinstance(record, bytes) else json.dumps(record).encode()) + b"\n" for record in records
        )


def exchanges(folder: DataFolder, split: str = "train") -> list[dict[str, Any]]:
    return [orjson.loads(x) for x in (folder.path / "exchanges" / f"{split}.jsonl").read_bytes().splitlines()]


def system(folder: DataFolder, scenario: str = "s3") -> None:
    reply = {"id": f"{scenario}.echo.0", "scenario_id": scenario, "sample": 0, "text": TEXT,
             "author": {"kind": "program", "name": "echo", "version": "1"}}  # fmt: skip
    append(folder.path / "systems" / "replies.jsonl", reply)
    append(folder.path / "systems" / "annotations" / "ann.jsonl", annotation(f"{scenario}.echo.0", "ann", 2))
