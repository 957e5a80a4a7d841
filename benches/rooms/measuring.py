"""How a room is measured: each case in a process of its own, beside a bare read and parse in that same process."""

from __future__ import annotations

import json
import math
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

PASSES = 3
"""Of the bare parse; the quickest counts, so that what it is compared with is not made to look good."""

Row = dict[str, Any]
"""A line of scale.json: room, part, size, unit, seconds, cpu, parse_cpu, peak_mb and what a room adds."""


@dataclass(frozen=True, slots=True)
class Case:
    """What is measured once."""

    part: str
    size: int
    """In the room's unit; 0 where the work itself tells (the released sets)."""
    scaled_to: int = 0
    """Lines to which the parse of fewer lines is scaled; 0: the files are parsed whole."""


class Clock:
    """Seconds and processor seconds of blocks, in sum: of all threads, and of processes that ended within them."""

    seconds = cpu = children = 0.0

    def __enter__(self) -> Clock:
        self._began = (time.perf_counter(), time.process_time(), _of_children())
        return self

    def __exit__(self, *raised: object) -> None:
        began, own, others = self._began
        children = _of_children() - others
        self.seconds += time.perf_counter() - began
        self.children += children
        self.cpu += time.process_time() - own + children


@dataclass(frozen=True, slots=True)
class Room:
    """A subject: what it needs, and what it does."""

    name: str
    unit: str
    """What ``size`` counts, in the singular."""
    cases: Sequence[Case]
    quick: Sequence[Case]
    prepare: Callable[[Path, Case], list[Path]]
    """Writes the input into a folder; gives the files that the reference parses."""
    work: Callable[[Path, Case, Clock], Mapping[str, Any]]
    """Does it, the measured part under the clock; gives what is to stand in the row beside, or instead."""
    needs: Callable[[Case], bool] = field(default=lambda case: True)
    """Whether a case can be measured here."""


def _of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def peak_mb() -> float:
    """The most memory that this process has held.

    Linux hands the peak of a parent to its child in ``ru_maxrss``; VmHWM is the process's own.
    """
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024**2 if sys.platform == "darwin" else 1024)


def parsed(files: Iterable[Path]) -> tuple[float, int, int]:
    """Processor seconds, lines and bytes of a bare read and parse of JSON lines, nothing kept."""
    lines = size = 0
    began = time.process_time()
    for file in files:
        with file.open("rb") as stream:
            for line in stream:
                orjson.loads(line)
                lines += 1
                size += len(line)
    return time.process_time() - began, lines, size


def measured(room: Room, case: Case, folder: Path, files: Sequence[Path]) -> Row:
    """A row: the reference, then the work, in this process."""
    row: Row = {"room": room.name, "part": case.part, "size": case.size, "unit": room.unit}
    if files:
        passes = [parsed(files) for _ in range(PASSES)]
        _, lines, size = passes[0]
        whole = (case.scaled_to or lines) / lines
        row |= {"parse_cpu": min(cpu for cpu, _, _ in passes) * whole, "parse_mb": size * whole / 1e6}
    clock = Clock()
    more = room.work(folder, case, clock)
    row |= {"seconds": clock.seconds, "cpu": clock.cpu, "peak_mb": peak_mb()}
    if clock.children:
        row["children_cpu"] = clock.children
        row["child_peak_mb"] = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return row | dict(more)


def child(script: Path, *arguments: object) -> Any:
    """What a process of this script prints as its last line, read as JSON."""
    command = [sys.executable, str(script), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def slope(rows: Sequence[Row], key: str = "cpu") -> float | None:
    """Growth: slope of log key on log size, by least squares; 1 is linear. None under two sizes."""
    points = [(math.log(row["size"]), math.log(row[key])) for row in rows if row["size"] > 0 and row[key] > 0]
    if len({x for x, _ in points}) < 2:
        return None
    mean_x, mean_y = (sum(axis) / len(points) for axis in zip(*points, strict=True))
    return float(sum((x - mean_x) * (y - mean_y) for x, y in points) / sum((x - mean_x) ** 2 for x, _ in points))


def marginal(rows: Sequence[Row], key: str = "cpu") -> float | None:
    """What one more costs at the end: between the two largest sizes. None under two sizes."""
    ends = sorted(rows, key=lambda row: row["size"])[-2:]
    if len(ends) < 2 or ends[0]["size"] == ends[1]["size"]:
        return None
    return float((ends[1][key] - ends[0][key]) / (ends[1]["size"] - ends[0]["size"]))


def of(rows: Iterable[Row], room: str, part: str) -> list[Row]:
    """Rows of one part of a room, the smallest first."""
    return sorted((r for r in rows if r["room"] == room and r["part"] == part), key=lambda row: row["size"])
