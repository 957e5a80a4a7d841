"""The scorer card over every released set, on a copy of the data folder: no text is printed, no use is written down.

The copy is not the shipped folder, so ``validity`` leaves data/TEST_USE.md alone: nothing is learnt of a scorer here
but how long its card takes.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benches.rooms.measuring import Case, Clock, Room

SPLITS = ("train", "validation", "test")
SCORERS = ("rules", "trained")
LEFT_OUT = ("rules", "train")
"""Minutes of the same statistics as on the card of ``trained`` on train, which is measured."""


def part(scorer: str, split: str) -> str:
    return f"{scorer}, {split}"


def prepare(folder: Path, case: Case) -> list[Path]:
    """The files that the card of a split reads."""
    from amends.dataset.folder import released

    copy, split = folder / "data", case.part.split(", ")[1]
    if not copy.exists():
        shutil.copytree(released().path, copy, ignore=shutil.ignore_patterns("versions", "pending", "audit"))
    names = {f"exchanges/{split}.jsonl", "exchanges/train.jsonl", f"contrast/{split}.jsonl"}
    names |= {f"robustness/{name}.jsonl" for name in ("gaming", "invariance", "degenerate")}
    names |= {"scenarios.jsonl", "plan.jsonl"}
    others = [*copy.glob(f"annotations/*/{split}.jsonl"), *copy.glob("systems/**/*.jsonl")]
    return [file for file in [*(copy / name for name in sorted(names)), *sorted(others)] if file.is_file()]


def work(folder: Path, case: Case, clock: Clock) -> Mapping[str, Any]:
    import amends

    scorer, split = case.part.split(", ")
    with clock:
        card = amends.validity(scorer, split=split, data=folder / "data")
    return {"size": card.counts["replies"], "scorer": scorer, "split": split}


ROOM = Room(
    "validity",
    "reply",
    [Case(part(scorer, split), 0) for scorer in SCORERS for split in SPLITS if (scorer, split) != LEFT_OUT],
    [Case(part("rules", "validation"), 0)],
    prepare,
    work,
)
