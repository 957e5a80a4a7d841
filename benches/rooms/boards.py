"""The leaderboard: made-up entries of ``bench_leaderboard`` checked from their replies and read as a board."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benches.rooms.measuring import Case, Clock, Room

PART = "check and board"


def prepare(folder: Path, case: Case) -> list[Path]:
    from benches.bench_leaderboard import write_entries

    home = folder / f"board-{case.size}"
    names = write_entries(home, case.size)
    return [home / "entries" / name / "replies.jsonl" for name in names]


def work(folder: Path, case: Case, clock: Clock) -> Mapping[str, Any]:
    os.environ["AMENDS_CACHE"] = str(folder / f"board-cache-{case.size}")
    from amends.cli.shared import cores
    from amends.leaderboard.board import read_board
    from amends.leaderboard.check import How, check_entries
    from amends.leaderboard.project import entry_names, read_project

    home = folder / f"board-{case.size}"
    entries, project = home / "entries", read_project(home / "project.json")
    with clock:
        found = list(check_entries(entry_names(entries), How(entries, project, write=True), cores(None)))
        read_board(home)
    refused = [str(problem) for one in found for problem in one.problems]
    if refused:
        raise SystemExit("\n".join(refused[:5]))
    return {}


ROOM = Room(
    "leaderboard",
    "entry",
    [Case(PART, size) for size in (10, 20)],
    [Case(PART, size) for size in (2, 4)],
    prepare,
    work,
)
