"""Examples, labels and a small data folder that is built and in order."""

from __future__ import annotations

import copy
import hashlib
from pathlib import Path
from typing import Any

import orjson
from tests.checks.conftest import fill, write

from amends.dataset.build import build
from amends.dataset.folder import DataFolder

Json = dict[str, Any]

CONSENT = {"licence": "CC BY 4.0", "agreed": True, "day": "2026-11-22"}
SCENARIO = {
    "language": "en",
    "domain": "kite repair",
    "channel": "chat",
    "fault": "company",
    "relationship": "new",
    "company": "Spindrift Kites",
    "customer_org": None,
    "emotion": "anger",
    "intensity": 4,
    "authority": "May repair again.",
    "turns": [
        {
            "role": "customer",
            "text": "You stitched my sail with fishing line and it burst on the first gust of today.",
        }
    ],
}
OWN: Json = {
    "id": "heron-1",
    "scenario": SCENARIO,
    "reply": "Burst on the first gust: that is our stitching. A new sail leaves our bench on Tuesday, free of charge.",
    "labels": {"levels": {"empathy": 3, "excuse_avoidance": 5}},
    "consent": CONSENT,
    "credit": "heron",
    "written": "person",
}
TO_RELEASED: Json = {
    "id": "heron-2",
    "scenario_id": "s2",
    "reply": "Everyone on the rota was ill, so nobody here could have knocked; look at the portal for news.",
    "consent": CONSENT,
    "credit": "heron",
    "written": "model",
    "model": "some-model 2",
}
EXAMPLES = [OWN, TO_RELEASED]


def example(**more: Any) -> Json:
    """A sound example with other fields; those of None are left out."""
    made = copy.deepcopy(OWN) | more
    return {name: value for name, value in made.items() if value is not None}


def label(key: str, who: str, levels: tuple[int | None, ...] = (3, 4, 5), **more: Any) -> Json:
    """A label as `amends annotate` writes it."""
    annotator = {"role": "annotator", "kind": "person", "name": who, "version": "1"}
    annotator |= {"method": "holistic", "guideline": "1.1"}
    return {
        "reply_id": key,
        "scenario_id": {"heron-2": "s2"}.get(key),
        "annotator": annotator | more.pop("annotator", {}),
        "levels": dict(zip(("empathy", "depersonalization", "excuse_avoidance"), levels, strict=True)),
        "confidence": None,
        "behaviours": [],
        "flags": [],
        "reason": None,
        "created": "2026-11-22",
        "meta": {"seconds": 31.5, "training": False, "order": {"seed": 1, "position": 1}},
    } | more


LABELS = [label("heron-1", "ana"), label("heron-1", "bo", (4, 4, 5)), label("heron-2", "ana", (1, 3, 2)),
          label("heron-2", "bo", (1, 2, 1))]  # fmt: skip


def data_folder(root: Path, examples: list[Json] | None = None, name: str = "heron") -> DataFolder:
    """A built data folder in which a contribution waits; its test is frozen."""
    fill(root)
    folder = DataFolder(root)
    (root / "LICENSE").write_text("CC BY 4.0\n")
    build(folder, "1.2.0")
    frozen = hashlib.sha256((root / "exchanges" / "test.jsonl").read_bytes()).hexdigest()
    (root / "FROZEN.json").write_bytes(orjson.dumps({"test": {"version": "1.2.0", "sha256": frozen}}))
    build(folder, "1.2.0")
    write(root / "pending" / f"{name}.jsonl", EXAMPLES if examples is None else examples)
    return folder


def tree(root: Path) -> dict[str, str]:
    """Every file below a folder with its checksum."""
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }
