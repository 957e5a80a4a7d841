"""``amends.load`` of the released folder: with an empty cache, again, and every row as Python has it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benches.rooms.measuring import Case, Clock, Room

IMPORT, FIRST, AGAIN, ROWS = "import datasets", "empty cache", "again", "every row as a dict"


def prepare(folder: Path, case: Case) -> list[Path]:
    from amends.dataset.folder import released

    return sorted((released().path / "exchanges").glob("*.jsonl"))


def work(folder: Path, case: Case, clock: Clock) -> Mapping[str, Any]:
    # read by datasets when it is imported; each case has a cache of its own
    os.environ["HF_DATASETS_CACHE"] = str(folder / f"cache-{case.part.replace(' ', '-')}")
    import amends

    if case.part == IMPORT:
        with clock:
            import datasets
    elif case.part == FIRST:
        import datasets  # noqa: F401 - measured on its own

        with clock:
            amends.load()
    elif case.part == AGAIN:
        amends.load()
        with clock:
            amends.load()
    else:
        loaded = amends.load()
        with clock:
            for split in loaded.values():
                for _ in split:
                    pass
    return {"size": sum(len(split) for split in amends.load().values())}


CASES = [Case(name, 0) for name in (IMPORT, FIRST, AGAIN, ROWS)]
ROOM = Room("load", "exchange", CASES, CASES, prepare, work)
