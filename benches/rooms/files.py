"""``score FILE -o OUT`` whole: what the process that writes takes and what its workers take, and the disk it needs."""

from __future__ import annotations

import gzip
import os
import sys
from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from benches.bench_scale import SCORERS, WORDS
from benches.rooms.commands import command
from benches.rooms.material import exchanges, write_lines
from benches.rooms.measuring import Case, Clock, Room, peak_mb

PACKED = 10_000
"""Lines of which the size in other forms is told."""
FORMS = (".jsonl", ".jsonl.gz", ".jsonl.zst", ".parquet")


def prepare(folder: Path, case: Case) -> list[Path]:
    return [write_lines(folder / f"file-{case.size}.jsonl", exchanges(case.size, WORDS))]


def work(folder: Path, case: Case, clock: Clock) -> Mapping[str, Any]:
    # trivial.py stands beside the benches, and workers find it by the path
    here = str(Path(__file__).parents[1])
    sys.path.insert(0, here)
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [here, os.environ.get("PYTHONPATH")]))
    source, out = folder / f"file-{case.size}.jsonl", folder / f"out-{case.part}-{case.size}.jsonl"
    with clock:
        command("score", source, "--scorer", SCORERS.get(case.part, case.part), "-o", out)
    # before the other forms are made, which is not the command's work
    used = {"peak_mb": peak_mb(), "parent_cpu": clock.cpu - clock.children}
    return used | {"given": _sizes(source), "written": _sizes(out)}


def _sizes(lines: Path) -> dict[str, float]:
    """Bytes a record in each form, of the first records."""
    from amends.runs.output import lines_of, pack

    with lines.open("rb") as stream:
        head = list(islice(stream, PACKED))
    body = b"".join(head)
    found = {".jsonl": len(body) / len(head), ".jsonl.gz": len(gzip.compress(body, 6)) / len(head)}
    if b'"reply_id"' not in head[0]:
        return found
    for form in FORMS[2:]:
        out = lines.with_name(f"packed{form}")
        lines_of(out).write_bytes(body)
        pack(out, 1)
        found[form] = out.stat().st_size / len(head)
    return found


ROOM = Room(
    "score",
    "exchange",
    [Case(name, size) for name in SCORERS for size in (30_000, 100_000)] + [Case("trained", 500)],
    [Case(name, size) for name in SCORERS for size in (25_000, 50_000)] + [Case("trained", 100)],
    prepare,
    work,
)
