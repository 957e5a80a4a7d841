"""Speed of the scorer ``rules``: replies of about 80 words a second on one core, spans included.

Run with ``PYTHONPATH=benchmark python benches/bench_rules.py [N]``. The texts are sentences of
train, recombined by a seed with other numbers and names, so that no two are alike. The last number puts the
rate beside a bare orjson parse of the same lines in the same run.
"""

from __future__ import annotations

import gc
import os
import platform
import random
import sys
import time
from datetime import date
from pathlib import Path

import orjson

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benches import natural

from amends.records import Exchange
from amends.scorers.rules import engine
from amends.scorers.rules.scorer import Rules

BATCH = 1024
"""Replies given at once: as many as the scorer matches together."""
RUNS = 3


def lines(count: int, seed: int = 7) -> list[bytes]:
    """Exchanges as JSON lines, none like another."""
    draw = random.Random(seed)
    made = []
    for number in range(count):
        turns = [{"role": "customer", "text": natural.customer(draw, 60)}]
        exchange = {"id": str(number), "turns": turns, "reply": natural.reply(draw), "company": "Brackley"}
        made.append(orjson.dumps(exchange))
    return made


def _parsing(made: list[bytes]) -> float:
    """CPU seconds of a bare parse of all lines, nothing kept."""
    start = time.process_time()
    for line in made:
        orjson.loads(line)
    return time.process_time() - start


def _run(count: int, seed: int) -> tuple[float, float, float, float]:
    """Replies and plain orjson lines a CPU second, words and behaviours a reply, on texts of their own."""
    made = lines(count, seed)
    parsing = min(_parsing(made) for _ in range(5))
    exchanges = [Exchange.from_dict(orjson.loads(line)) for line in made]
    words = sum(len(e.reply.split()) for e in exchanges) / count
    rules = Rules()
    rules.annotate(exchanges[:BATCH])
    shown = 0
    # the texts of this bench are not the scorer's to keep: without this, each collection walks all of them
    gc.freeze()
    start = time.process_time()
    for at in range(0, count, BATCH):
        shown += sum(len(a.behaviours) for a in rules.annotate(exchanges[at : at + BATCH]))
    scoring = time.process_time() - start
    gc.unfreeze()
    return count / scoring, count / parsing, words, shown / count


def _load() -> str:
    """How busy the machine was in the last minute, where it tells."""
    return f"{os.getloadavg()[0]:.1f} on {os.cpu_count()} processors" if hasattr(os, "getloadavg") else "unknown"


def main() -> None:
    """Measure and print; every run has texts that the runs before it had not."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    engine_name = "re2" if engine.re2 is not None else "plain"
    print(f"rules, {date.today()}, {platform.machine()}, Python {platform.python_version()}, one core, {engine_name}")
    print(f"load before: {_load()}")
    print("run  replies/s  orjson lines/s  times orjson (wanted: 20)  words  behaviours")
    for run in range(1, RUNS + 1):
        rate, parsing, words, shown = _run(count, seed=run)
        print(f"{run:3}  {rate:9,.0f}  {parsing:14,.0f}  {parsing / rate:25.0f}  {words:5.0f}  {shown:10.1f}")
    print(f"{count:,} replies a run, spans included, CPU time; no two texts alike, within a run or between runs")
    print(f"load after: {_load()}")


if __name__ == "__main__":
    main()
