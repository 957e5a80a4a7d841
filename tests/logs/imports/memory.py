"""How much memory a process comes to hold while it reads a file: measured from outside, at no cost to the reading."""

import subprocess
import sys
from pathlib import Path

CODE = """
import resource, sys
from amends.logs.reader import Source, read_exchanges
from amends.logs.units import Log
from amends.records import Exchange

def peak():
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024

def read(path):
    log = Log(agent_domains=("shop.example",))
    return sum(isinstance(item, Exchange) for _, item in read_exchanges(Source(path, log=log), dict))

read(sys.argv[1])
before = peak()
print(read(sys.argv[2]), peak() - before)
"""


def growth(small: Path, large: Path) -> tuple[int, int]:
    """Exchanges of a large file, and bytes by which a process that has read a small one grows over it."""
    called = subprocess.run([sys.executable, "-c", CODE, small, large], capture_output=True, text=True, check=True)
    count, grown = called.stdout.split()
    return int(count), int(grown)
