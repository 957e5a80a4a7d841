"""Size of the core install by package: a new environment, ``pip install`` of the checkout, what it grew by."""

import json
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

ROOT = Path(__file__).parent.parent

LIST = """
import importlib.metadata, json, pathlib
sizes = {}
for one in importlib.metadata.distributions():
    files = [pathlib.Path(one.locate_file(f)) for f in one.files or ()]
    sizes[one.metadata["Name"].lower()] = sum(f.stat().st_size for f in files if f.is_file())
print(json.dumps(sizes))
"""


def sizes(python: Path) -> dict[str, int]:
    """Bytes by distribution."""
    found = subprocess.run([python, "-c", LIST], capture_output=True, text=True, check=True).stdout
    return json.loads(found)


with tempfile.TemporaryDirectory() as home:
    subprocess.run([sys.executable, "-m", "venv", home], check=True)
    python = Path(home) / "bin" / "python"
    before = sizes(python)
    pip = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check", "-c", ROOT / "constraints.txt", ROOT]
    subprocess.run(pip, check=True)
    after = sizes(python)
    grown = {name: size for name, size in after.items() if name not in before}
    mb = 1_000_000
    rest = [size for size in grown.values() if size < 5 * mb]
    print(f"Core install, {date.today()}, Python {sys.version.split()[0]}, {sys.platform}: ", end="")
    print(f"{sum(grown.values()) / mb:.0f} MB in {len(grown)} packages (limit 800).\n")
    print("| package | MB |\n|---|---:|")
    for name, size in sorted(grown.items(), key=lambda item: -item[1]):
        if size >= 5 * mb:
            print(f"| {name} | {size / mb:.0f} |")
    print(f"| {len(rest)} others under 5 MB each | {sum(rest) / mb:.0f} |")
