"""``report`` of stored annotations: the tables of the terminal, and the page with texts from ``--source``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benches.rooms.commands import command
from benches.rooms.material import exchanges, judgements, write_lines
from benches.rooms.measuring import Case, Clock, Room

TERMINAL, PAGE = "terminal", "html"


def _files(folder: Path, case: Case) -> list[Path]:
    texts, judged = folder / f"report-{case.size}.jsonl", folder / f"report-annotations-{case.size}.jsonl"
    return [judged] if case.part == TERMINAL else [judged, texts]


def prepare(folder: Path, case: Case) -> list[Path]:
    judged, *texts = _files(folder, case)
    write_lines(judged, judgements(exchanges(case.size, 80)))
    for file in texts:
        write_lines(file, exchanges(case.size, 80))
    return [judged, *texts]


def work(folder: Path, case: Case, clock: Clock) -> Mapping[str, Any]:
    judged, *texts = _files(folder, case)
    out = folder / "report.html"
    more = ["--source", texts[0], "--html", out] if texts else []
    with clock:
        command("report", judged, *more)
    return {"page_kb": out.stat().st_size / 1e3} if texts else {}


ROOM = Room(
    "report",
    "reply",
    [Case(part, size) for part in (TERMINAL, PAGE) for size in (1_000, 25_000, 50_000)],
    [Case(TERMINAL, 1_000), Case(PAGE, 25_000), Case(PAGE, 40_000)],
    prepare,
    work,
)
