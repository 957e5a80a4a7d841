"""Ray against this machine's own processes: the same file, scorer and number of processes, with ``score``.

Throughput is exchanges by wall clock less the time of a file of one exchange, which is what starting takes. Asked of
the engine: 0.8 of local throughput with ``trained``; for ``rules`` the ratio is reported. The outputs are compared.

    python benches/bench_ray.py [--trained 4000] [--rules 100000]        (an environment with the extra ``ray``)
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import tempfile
from datetime import date
from pathlib import Path

from bench_scale import used, write

ENGINES = ("local", "ray")


def measured(folder: Path, scorer: str, size: int, cores: int) -> dict[str, float]:
    """Exchanges a second by engine, starting taken off."""
    few, many = folder / "1.jsonl", folder / f"{size}.jsonl"
    write(few, 1)
    write(many, size)
    rates: dict[str, float] = {}
    outputs: dict[str, bytes] = {}
    for engine in ENGINES:
        out = folder / f"{engine}.jsonl"
        how = ("--scorer", scorer, "--engine", engine, "--jobs", cores, "-o", out, "--fresh")
        start = used("score", few, *how)["seconds"]
        whole = used("score", many, *how)["seconds"]
        rates[engine] = size / (whole - start)
        outputs[engine] = out.read_bytes()
        print(f"{scorer:8}  {engine:6}  {size:9,}  {start:8.1f}  {whole:8.1f}  {rates[engine]:12,.0f}", flush=True)
    if outputs["ray"] != outputs["local"]:
        raise SystemExit(f"{scorer}: the engines' annotations differ")
    return rates


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser()
    options.add_argument("--trained", type=int, default=4_000)
    options.add_argument("--rules", type=int, default=100_000)
    given = options.parse_args()
    cores = len(os.sched_getaffinity(0))
    print(f"ray, {date.today()}, {cores} cores, {platform.machine()}, Python {platform.python_version()}")
    print(f"load before: {os.getloadavg()[0]:.1f}")
    print("scorer    engine  exchanges  start s  seconds  exchanges/s")
    folder = Path(tempfile.mkdtemp(prefix="amends-ray-"))
    try:
        for scorer, size in (("trained", given.trained), ("rules", given.rules)):
            rates = measured(folder, scorer, size, cores)
            print(f"{scorer:8}  ray / local: {rates['ray'] / rates['local']:.2f}; same bytes", flush=True)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
