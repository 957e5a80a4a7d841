"""The scorer ``trained`` on real replies: replies a second on the cores there are, start-up, memory, weights.

Run with ``PYTHONPATH=benchmark python benches/bench_trained.py``. The replies are those of the train split with 60 to
100 words (80 in the middle), spans included; every run judges other ones. Start-up is a new process that judges one
reply.
"""

from __future__ import annotations

import os
import platform
import resource
import subprocess
import sys
import time
from datetime import date

import amends
from amends.records import Exchange
from amends.scorers.trained.scorer import Trained
from amends.scorers.trained.weights import FOLDER

RUNS = 4
ONE = """
import amends
turns = [{"role": "customer", "text": "The lamp broke."}]
amends.score([{"id": "a", "turns": turns, "reply": "I am sending a new one."}])
"""


def replies() -> list[Exchange]:
    """Exchanges of train whose reply has 60 to 100 words, in an order without meaning."""
    found = [Exchange.from_dict(row) for row in amends.load("train") if 60 <= len(row["reply"].split()) <= 100]
    return sorted(found, key=lambda e: e.id[::-1])


def start() -> float:
    """Seconds of a new process that judges one reply, the middle of five."""
    taken = []
    for _ in range(5):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", ONE], check=True)
        taken.append(time.perf_counter() - began)
    return sorted(taken)[2]


def main() -> None:
    """Print the table."""
    scorer = Trained()
    every = replies()
    part = len(every) // RUNS
    print(f"trained.{scorer.version}@{scorer.weights}, {date.today()}, {platform.machine()}, Python ", end="")
    print(f"{platform.python_version()}, {os.cpu_count()} cores, load before: {os.getloadavg()[0]:.1f}")
    scorer.annotate(every[:8])
    print("run  replies  words  replies/s (wanted: 140)")
    for run in range(RUNS):
        own = every[run * part : (run + 1) * part]
        words = sum(len(e.reply.split()) for e in own) / len(own)
        began = time.perf_counter()
        scorer.annotate(own)
        print(f"{run + 1:3}  {len(own):7}  {words:5.0f}  {len(own) / (time.perf_counter() - began):9.0f}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)
    weights = sum(file.stat().st_size for file in FOLDER.iterdir()) / 1e6
    print(f"memory at most {peak:.0f} MB (limit 1,000), weights {weights:.1f} MB (limit 20), ", end="")
    print(f"start-up and one reply {start():.2f} s (limit 3)")
    print(f"load after: {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
