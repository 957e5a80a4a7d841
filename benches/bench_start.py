"""Start-up: ``amends --help`` beside a bare ``python -c "import click"`` in the same run."""

import os
import platform
import statistics
import subprocess
import sys
import time
from datetime import date

RUNS = 20


def median(arguments: list[str]) -> float:
    """Median seconds of RUNS processes, after one that warms the file cache."""
    seconds = []
    for _ in range(RUNS + 1):
        started = time.perf_counter()
        subprocess.run(arguments, stdout=subprocess.DEVNULL, check=True)
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds[1:])


bare = median([sys.executable, "-c", "import click"])
shown = median([sys.executable, "-m", "amends", "--help"])
cpu = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
print(f"start-up, {date.today()}, {cpu}, median of {RUNS}")
print(f"  python -c 'import click'  {bare * 1000:6.0f} ms")
print(f"  amends --help             {shown * 1000:6.0f} ms   {shown / bare:.2f} times (limit 2.5)")
