"""Memory of ``generate`` over 2,000, 20,000 and 100,000 scenarios: a language model of this process answers at once.

A scenario has 3,000 characters and a reply 2,000; both are made as they are asked for. Each size runs in a process of
its own, through the same code as ``amends generate``: asked, written line by line, put in order.
"""

from __future__ import annotations

import os
import platform
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from amends.endpoint.protocol import Answer, Request
from amends.endpoint.usage import Usage
from amends.generators.endpoint import EndpointGenerator
from amends.generators.options import ModelOptions
from amends.records import Context, Scenario, Turn
from amends.runs.replies import Wanted, generated

SIZES = (2_000, 20_000, 100_000)
GIVEN, SAID = 3_000, 2_000


class Scenarios:
    """Made as they are read, each time anew."""

    def __init__(self, n: int) -> None:
        self.n = n

    def __iter__(self) -> Iterator[Scenario]:
        for number in range(self.n):
            turns = (Turn("customer", f"{number:07d}" * (GIVEN // 7)),)
            yield Scenario(f"sc-{number:07d}", turns, "test", Context("en", "post", "email"))


class Instant:
    """Answers at once."""

    base_url, usage, without = "http://here/v1", Usage(), ()

    def ask(self, request: Request, stop: threading.Event | None = None) -> Answer:
        text = request.messages[-1]["content"][:7] * (SAID // 7)
        return Answer(text, None, "stop", "m-1", 900, 400, "plain", "2026-11-22")


def one(n: int) -> None:
    """Prints seconds, and the process's memory before and at its most, in MB."""
    made = EndpointGenerator("m", ModelOptions(), Instant())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "replies.jsonl"
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        started = time.perf_counter()
        there = generated(Wanted(made, Scenarios(n)), path, Path(folder) / "log", print, lambda *step: None)
        seconds = time.perf_counter() - started
        size = path.stat().st_size
    if there != (n, n):
        raise SystemExit(f"{there} replies instead of {n}")
    print(seconds, before / 1024, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, size / 1e6)


if len(sys.argv) > 1:
    one(int(sys.argv[1]))
    sys.exit()

print(
    f"endpoint, {date.today()}, {os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}: "
    f"scenarios of {GIVEN:,} characters, replies of {SAID:,}, 8 at once"
)
print("  scenarios   seconds   replies/s   before MB   most MB   bytes/scenario   replies.jsonl MB")
for n in SIZES:
    done = subprocess.run([sys.executable, __file__, str(n)], stdout=subprocess.PIPE, check=True, text=True)
    seconds, before, most, size = map(float, done.stdout.split())
    grown = (most - before) * 1024**2 / n
    print(f"{n:11,} {seconds:9.1f} {n / seconds:11,.0f} {before:11.1f} {most:9.1f} {grown:16.0f} {size:18.1f}")
