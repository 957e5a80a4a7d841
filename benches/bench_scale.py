"""Files larger than memory: seconds, memory and growth of ``score`` from 10,000 to 1,000,000 exchanges of 80 words.

Each run is a process of its own (``--one ARGS...`` runs the command line and prints what it used). The reference of
each size is a bare read and parse of the same file on the same number of cores, in the same minute: each process
takes every so-many-th block of lines and decodes it with orjson.

    python benches/bench_scale.py [--sizes 10000,100000,1000000] [--scorers trivial,rules] [--folder DIR]
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import platform
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from pathlib import Path

import orjson

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benches import natural

SEED = 20261122
WORDS = 80
SCORERS = {"trivial": "trivial:Trivial", "rules": "rules"}


def write(path: Path, count: int) -> None:
    """Seeded, and the same head for every size."""
    random_ = random.Random(SEED)
    with path.open("wb") as target:
        for number in range(count):
            turns = [{"role": "customer", "text": natural.customer(random_)}]
            record = {"id": f"x{number}", "channel": random_.choice(("email", "chat")), "turns": turns}
            record["reply"] = natural.reply(random_, WORDS)
            target.write(orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE))


def blocks(path: Path, of: int, mine: int) -> Iterator[bytes]:
    with path.open("rb") as stream:
        for place in itertools.count():
            body = stream.read(1 << 22) + stream.readline()
            if not body:
                return
            if place % of == mine:
                yield body


def parsed(path: Path, of: int, mine: int) -> float:
    """CPU seconds of reading and parsing every so-many-th block."""
    started = time.process_time()
    for body in blocks(path, of, mine):
        for line in body.splitlines():
            orjson.loads(line)
    return time.process_time() - started


def reference(path: Path, cores: int) -> tuple[float, float]:
    """Seconds and CPU seconds of a bare read and parse; the processes' start does not count."""
    with ProcessPoolExecutor(cores) as pool:
        list(pool.map(int, range(cores)))
        started = time.perf_counter()
        cpu = sum(pool.map(parsed, [path] * cores, [cores] * cores, range(cores)))
        return time.perf_counter() - started, cpu


def one(arguments: list[str]) -> None:
    """The command line in this process, and what it and its processes used, on the last line of standard error."""
    from amends.__main__ import main

    started = time.perf_counter()
    sys.argv = ["amends", *arguments]
    code: object = 0
    try:
        main()
    except SystemExit as left:
        code = left.code
    own, others = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    used = {
        "code": code,
        "seconds": time.perf_counter() - started,
        "cpu": own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime,
        "parent_mb": own.ru_maxrss / 1024,
        "worker_mb": others.ru_maxrss / 1024,
    }
    print(json.dumps(used), file=sys.stderr)


def used(*arguments: object) -> dict[str, float]:
    here = str(Path(__file__).parent)
    command = [sys.executable, __file__, "--one", *map(str, arguments)]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([here, os.environ.get("PYTHONPATH", "")])}
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    found: dict[str, float] = json.loads(done.stderr.splitlines()[-1])
    if found["code"]:
        raise SystemExit(done.stderr)
    return found


def measure(folder: Path, sizes: list[int], scorers: list[str]) -> None:
    cores = len(os.sched_getaffinity(0))
    load = os.getloadavg()[0]
    print(f"scale, {date.today()}, {cores} cores, {platform.machine()}, Python {platform.python_version()}")
    print(f"load before: {load:.1f}")
    print("                              wall clock                      CPU                            peak memory")
    print(
        "scorer    exchanges  file MB  seconds  exchanges/s  x parse  seconds  us each  x parse  parent MB  worker MB"
    )
    for size in sizes:
        path = folder / f"{size}.jsonl"
        if not path.exists():
            write(path, size)
        for name in scorers:
            wall, cpu = reference(path, cores)
            out = folder / f"out-{name}.jsonl"
            found = used("score", path, "--scorer", SCORERS[name], "-o", out, "--fresh")
            print(
                f"{name:8}  {size:9,}  {path.stat().st_size / 1e6:7,.0f}  {found['seconds']:7.1f}"
                f"  {size / found['seconds']:11,.0f}  {found['seconds'] / wall:7.1f}  {found['cpu']:7.1f}"
                f"  {found['cpu'] / size * 1e6:7.1f}  {found['cpu'] / cpu:7.1f}"
                f"  {found['parent_mb']:9.0f}  {found['worker_mb']:9.0f}",
                flush=True,
            )
            out.unlink()
    print(f"load after: {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(sys.argv[2:])
        raise SystemExit(0)
    options = argparse.ArgumentParser()
    options.add_argument("--sizes", default="10000,100000,1000000")
    options.add_argument("--scorers", default="trivial,rules")
    options.add_argument("--folder", type=Path, default=None)
    given = options.parse_args()
    place = given.folder or Path(tempfile.mkdtemp(prefix="amends-scale-"))
    place.mkdir(parents=True, exist_ok=True)
    try:
        measure(place, [int(size) for size in given.sizes.split(",")], given.scorers.split(","))
    finally:
        if given.folder is None:
            shutil.rmtree(place)
