"""The recipes of CONTRIBUTING.md and the README's way to a first contribution, run as they stand in a scratch copy."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import orjson
import pytest

ROOT = Path(__file__).parent.parent
RECIPES = ("An example", "A scorer", "A generator")
MOST_LINES = 15
MOST_COMMANDS = 6

ANSWERS = """\
yes
heron
1
new
kite repair
Spindrift Kites
chat
company
new

anger
4
May repair again free of charge.
You stitched the sail of my stunt kite with fishing line, and on the first gust over the dunes it came apart.
.
Apart on the first gust, and over the dunes: that is our stitching. A new sail leaves our bench on Tuesday.
.
3
4
5
X2 that is our stitching
.
It owns the fault.


"""


def section(page: str, title: str) -> list[str]:
    text = (ROOT / page).read_text(encoding="utf-8")
    found = re.search(rf"^#+ {title}\n(.*?)(?=^## |^### |\Z)", text, flags=re.MULTILINE | re.DOTALL)
    assert found, title
    return found[1].strip().splitlines()


def block(page: str, title: str) -> str:
    found = re.search(r"```sh\n(.*?)```", "\n".join(section(page, title)), re.DOTALL)
    assert found, title
    return found[1]


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    """A copy of what the recipes touch, as a repository with somewhere to push to."""
    copy = tmp_path / "amends"
    for part in ("baselines/echo", "data/exchanges"):
        shutil.copytree(ROOT / part, copy / part, ignore=shutil.ignore_patterns("test.jsonl", "__pycache__"))
    git = ["git", "-c", "init.defaultBranch=main"]
    subprocess.run([*git, "init", "-q", "--bare", str(tmp_path / "origin.git")], check=True)
    subprocess.run([*git, "init", "-q"], cwd=copy, check=True)
    subprocess.run(["git", "remote", "add", "origin", str(tmp_path / "origin.git")], cwd=copy, check=True)
    subprocess.run(["git", "-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-q", "--allow-empty", "-m",
                    "start"], cwd=copy, check=True)  # fmt: skip
    return copy


def run(script: str, where: Path, answers: str = "") -> subprocess.CompletedProcess[str]:
    """Run shell lines, each of which must succeed; `amends` is this package under this Python."""
    tools = where.parent / "bin"
    tools.mkdir(exist_ok=True)
    (tools / "amends").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m amends "$@"\n')
    (tools / "amends").chmod(0o755)
    who = {f"GIT_{part}_{field}": value for part in ("AUTHOR", "COMMITTER")
           for field, value in (("NAME", "heron"), ("EMAIL", "heron@example.com"))}  # fmt: skip
    env = os.environ | who | {"PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"}
    return subprocess.run(["sh", "-e", "-c", script], cwd=where, env=env, input=answers, capture_output=True, text=True,
                          check=False)  # fmt: skip


@pytest.mark.parametrize("title", RECIPES)
def test_a_recipe_is_short(title: str) -> None:
    assert len(section("CONTRIBUTING.md", title)) < MOST_LINES


def test_the_recipe_for_an_example(scratch: Path) -> None:
    done = run(block("CONTRIBUTING.md", "An example"), scratch, ANSWERS)
    assert done.returncode == 0, done.stdout + done.stderr
    written = orjson.loads((scratch / "data" / "pending" / "heron.jsonl").read_bytes())
    assert written["labels"]["levels"] == {"empathy": 3, "depersonalization": 4, "excuse_avoidance": 5}
    shown = subprocess.run(
        ["git", "show", "--stat", "--format=%s"], cwd=scratch, capture_output=True, text=True, check=True
    )
    assert "Contribution heron" in shown.stdout and "data/pending/heron.jsonl" in shown.stdout


def test_the_recipe_for_a_scorer(scratch: Path) -> None:
    done = run(block("CONTRIBUTING.md", "A scorer"), scratch)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "scorer:steady.1" in done.stdout and "n:360/60" in done.stdout


def test_the_recipe_for_a_generator(scratch: Path) -> None:
    done = run(block("CONTRIBUTING.md", "A generator"), scratch)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "echo" in done.stdout and "scorer:rules" in done.stdout


def test_a_first_contribution_takes_six_commands_with_nothing_but_the_readme(scratch: Path) -> None:
    lines = [line.split("#")[0].strip() for line in block("README.md", "You contribute examples").splitlines()]
    commands = [part for line in lines for part in re.split(r"&&|;|\|", line) if part.strip()]
    assert len(commands) <= MOST_COMMANDS
    assert commands[0] == "pip install ."  # what tests/test_wheel.py tries; here the package is there already
    done = run("\n".join(commands[1:]), scratch, ANSWERS)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 example, 0 problems" in done.stderr, "it ends with the check"
    there = subprocess.run(["git", "ls-tree", "-r", "--name-only", "contribution-heron"],
                           cwd=scratch.parent / "origin.git", capture_output=True, text=True, check=True)  # fmt: skip
    assert there.stdout.split() == ["data/pending/heron.jsonl"]
