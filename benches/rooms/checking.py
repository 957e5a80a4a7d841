"""``check`` of exchanges and their annotations: schema, spans, duplicates and the rest, on texts that differ."""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from benches.rooms.commands import command
from benches.rooms.material import judgements, varied, write_lines
from benches.rooms.measuring import Case, Clock, Room

PART = "schema, spans, duplicates, the rest"


def _files(folder: Path, case: Case) -> list[Path]:
    return [folder / f"check-{case.size}.jsonl", folder / f"check-annotations-{case.size}.jsonl"]


def prepare(folder: Path, case: Case) -> list[Path]:
    exchanges, judged = _files(folder, case)
    write_lines(exchanges, varied(case.size))
    write_lines(judged, judgements(varied(case.size)))
    return [exchanges, judged]


def work(folder: Path, case: Case, clock: Clock) -> Mapping[str, Any]:
    """The command in one process, with the seconds of the reading and of each check apart.

    Reading is schema, leakage, personal data and the hashes of the texts: what --jobs spreads.
    """
    checks: Any = importlib.import_module("amends.checks")
    taken: dict[str, float] = {}

    def timed(name: str, run: Callable[..., Any]) -> Callable[..., list[Any]]:
        def call(*given: Any) -> list[Any]:
            began = time.process_time()
            found = list(run(*given))
            taken[name] = taken.get(name, 0.0) + time.process_time() - began
            return found

        return call

    kept, read = dict(checks.CHECKS), checks.read_groups
    checks.CHECKS.update({name: timed(name, run) for name, run in kept.items()})
    checks.read_groups = timed("reading", read)
    try:
        with clock:
            # 1: the near-repeats among the texts are found
            command("check", *_files(folder, case), "--jobs", 1, fine=(0, 1))
    finally:
        checks.CHECKS.update(kept)
        checks.read_groups = read
    return {"checks": {name: cpu for name, cpu in taken.items() if cpu > 0.02 * clock.cpu}}


ROOM = Room(
    "check",
    "exchange",
    [Case(PART, size) for size in (1_000, 10_000, 100_000)],
    [Case(PART, size) for size in (500, 2_000)],
    prepare,
    work,
)
