"""Every room that a user waits for: scorers by reply length, score, check, load, statistics, card, leaderboard, report.

    python benches/bench_rooms.py [--quick] [--rooms scorers,check] [--vader PYTHON] [-o FILE] [--no-pages]

Each case runs in a process of its own, beside a bare read and parse (orjson) of the same records in that process; its
peak memory is that process's. Whole runs write benches/scale.json and then the pages (``bench_scale_costs.py``);
``--quick`` takes small sizes, and ``--quick`` or some rooms alone write no file unless ``-o`` names one.
VADER is timed by an interpreter that has vaderSentiment: ``--vader``, or the variable AMENDS_VADER.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from benches.rooms import boards, cards, checking, files, loading, reporting, scorers, statistics  # noqa: E402
from benches.rooms.measuring import Case, Room, Row, child, measured  # noqa: E402

ROOMS: dict[str, Room] = {
    room.name: room
    for room in (
        scorers.ROOM,
        files.ROOM,
        checking.ROOM,
        loading.ROOM,
        statistics.ROOM,
        cards.ROOM,
        boards.ROOM,
        reporting.ROOM,
    )
}
OUT = HERE / "scale.json"
PACKAGES = ("orjson", "numpy", "onnxruntime", "google-re2", "datasets")


def one(step: str, name: str, case: Case, folder: Path, given: str) -> None:
    """A case in this process: ``prepare`` prints the files for the reference, ``work`` a row."""
    room = ROOMS[name]
    if step == "prepare":
        print(json.dumps([str(file) for file in room.prepare(folder, case)]))
    else:
        print(json.dumps(measured(room, case, folder, [Path(file) for file in json.loads(given)])))


def measure(names: list[str], quick: bool) -> tuple[list[Row], list[str]]:
    """Rows, and why cases that failed have none: hours of others are not lost for them."""
    rows: list[Row] = []
    failed: list[str] = []
    for name in names:
        room = ROOMS[name]
        with tempfile.TemporaryDirectory(prefix="amends-rooms-") as folder:
            for case in filter(room.needs, room.quick if quick else room.cases):
                about = (name, case.part, case.size, case.scaled_to, folder)
                try:
                    given = child(Path(__file__), "--one", "prepare", *about, "[]")
                    row = child(Path(__file__), "--one", "work", *about, json.dumps(given))
                except SystemExit as left:
                    failed.append(f"{name}: {case.part}, {case.size:,}: {left.code}")
                    print(f"FAILED {failed[-1]}", flush=True)
                    continue
                # each row has its own load: on a shared machine it changes from minute to minute
                rows.append(row | {"load": round(os.getloadavg()[0], 1)})
                print(told(rows[-1]), flush=True)
    return rows, failed


def told(row: Row) -> str:
    parse = f"{row['cpu'] / row['parse_cpu']:10,.1f} x parse" if row.get("parse_cpu") else ""
    name = f"{row['room']}: {row['part']}"
    return (
        f"{name:52}{row['size']:10,} {row['seconds']:8.2f} s {row['cpu']:8.2f} s CPU {row['peak_mb']:6.0f} MB"
        f"{parse}  load {row['load']}"
    )


def interpreter(asked: str | None) -> str | None:
    """An interpreter that can import vaderSentiment."""
    for python in filter(None, (asked, os.environ.get(scorers.INTERPRETER), sys.executable)):
        if not subprocess.run([python, "-c", "import vaderSentiment"], capture_output=True).returncode:
            return python
    return None


def machine() -> dict[str, Any]:
    versions = {name: importlib.metadata.version(name) for name in PACKAGES}
    vader = os.environ.get(scorers.INTERPRETER)
    if vader:
        ask = "import importlib.metadata as m; print(m.version('vaderSentiment'))"
        told = subprocess.run([vader, "-c", ask], capture_output=True, text=True, check=True)
        versions["vaderSentiment"] = told.stdout.strip()
    return {
        "date": date.today().isoformat(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "machine": platform.machine(),
        "python": platform.python_version(),
        "packages": versions,
    }


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--quick", action="store_true")
    asked.add_argument("--rooms", default=",".join(ROOMS), help="of " + ", ".join(ROOMS))
    asked.add_argument("--vader", metavar="PYTHON")
    asked.add_argument("-o", dest="out", type=Path, default=None)
    asked.add_argument("--no-pages", action="store_true", help="leave README.md, SCALE.md and scale.svg as they are")
    given = asked.parse_args()
    names = given.rooms.split(",")
    if unknown := [name for name in names if name not in ROOMS]:
        asked.error(f"unknown: {', '.join(unknown)}; there are {', '.join(ROOMS)}")
    vader = interpreter(given.vader)
    if vader is None:
        print("vaderSentiment is in no interpreter that was named: VADER is not measured (see --vader)", flush=True)
    os.environ[scorers.INTERPRETER] = vader or ""
    before = os.getloadavg()[0]
    about = machine()
    head = f"rooms, {about['date']}, {about['cores']} cores, {about['machine']}, Python {about['python']}"
    print(f"{head}, load before: {before:.1f}", flush=True)
    began = time.perf_counter()
    rows, failed = measure(names, given.quick)
    about |= {"quick": given.quick, "load_before": round(before, 1), "load_after": round(os.getloadavg()[0], 1)}
    about["minutes"] = round((time.perf_counter() - began) / 60, 1)
    print(f"load after: {about['load_after']}, {about['minutes']} minutes")
    whole = set(names) == set(ROOMS) and not given.quick
    out = given.out or (OUT if whole else None)
    if out is not None and (given.out or not failed):
        from benches.bench_scale_costs import write_pages
        from benches.rooms.judging import judged_by_tokens

        document = {"machine": about, "rows": rows, "judge": judged_by_tokens()}
        out.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
        if out.resolve() == OUT and not given.no_pages and not failed:
            write_pages()
    if failed:
        raise SystemExit(f"{len(failed)} of {len(rows) + len(failed)} cases failed; the pages are as they were")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        step, name, part, size, scaled, folder, files_given = sys.argv[2:]
        one(step, name, Case(part, int(size), int(scaled)), Path(folder), files_given)
    else:
        main()
