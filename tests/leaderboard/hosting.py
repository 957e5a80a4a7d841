"""A hosting service of one folder: a repository with pull requests, and its CI running a job of a workflow file.

Steps run as the service runs them: the shell that they name, an environment of what they name, outputs through
GITHUB_OUTPUT, conditions before each. Three things are stood in for: the action that uploads, ``gh`` (canned answers,
and a record of what was asked), and the installation (a wrapper around this very package with a data folder of tests).
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parent.parent.parent
WORKFLOWS = ROOT / ".github" / "workflows"
INSTALL = "make --directory=base .venv/core"
PLAIN, LINK, MODULE = "100644", "120000", "160000"
OBJECT = "object"
"""Not a mode: a plain file whose object is there already."""

Files = Mapping[str, bytes | tuple[str, bytes] | None]
"""Path to its bytes; with a mode; or None: removed."""


def workflow(name: str) -> dict[str, Any]:
    """A workflow file. YAML 1.1 reads the key ``on`` as true."""
    loaded = yaml.safe_load((WORKFLOWS / f"{name}.yml").read_text(encoding="utf-8"))
    return {"on" if key is True else key: value for key, value in loaded.items()}


def clean() -> dict[str, str]:
    """An environment without this machine's git configuration."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "GITHUB_"))}
    return kept | {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "LC_ALL": "C.UTF-8"}


class Server:
    """The repository ``o/r`` of a service, with a base branch and pull requests."""

    def __init__(self, folder: Path, base: Files) -> None:
        self.folder = folder
        self.path = folder / "o" / "r"
        self.path.mkdir(parents=True)
        self.blobs: dict[bytes, str] = {}
        self.git("init", "--quiet", "--bare", "--initial-branch=main")
        for key in ("uploadpack.allowFilter", "uploadpack.allowAnySHA1InWant"):
            self.git("config", key, "true")
        self.base = self.land(base)
        self.number = 0

    def git(self, *arguments: str, told: bytes = b"", **more: str) -> str:
        who = {f"GIT_{one}_{what}": "t" for one in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        done = subprocess.run(
            ["git", "-C", str(self.path), *arguments],
            input=told,
            env=clean() | who | more,
            check=True,
            capture_output=True,
        )
        return done.stdout.decode().strip()

    def blob(self, data: bytes) -> str:
        if data not in self.blobs:
            self.blobs[data] = self.git("hash-object", "-w", "--stdin", told=data)
        return self.blobs[data]

    def tree(self, files: Files, on: str | None = None) -> str:
        """A tree of files, on top of those of a commit."""
        index = str(self.path / "scratch-index")
        Path(index).unlink(missing_ok=True)
        if on is not None:
            self.git("read-tree", on, GIT_INDEX_FILE=index)
        lines = []
        for path, what in files.items():
            mode, data = (PLAIN, what) if isinstance(what, bytes) else what or ("0", b"")
            number = "0" * 40 if what is None else data.decode() if mode in (MODULE, OBJECT) else self.blob(data)
            lines.append(f"{PLAIN if mode == OBJECT else mode} {number}\t{path}\0")
        self.git("update-index", "-z", "--index-info", told="".join(lines).encode(), GIT_INDEX_FILE=index)
        return self.git("write-tree", GIT_INDEX_FILE=index)

    def commit(self, tree: str, *parents: str) -> str:
        given = [part for parent in parents for part in ("-p", parent)]
        return self.git("commit-tree", tree, *given, "-m", "::set-output name=state::taken")

    def land(self, files: Files) -> str:
        """A commit on the base branch."""
        on = self.base if hasattr(self, "base") else None
        self.base = self.commit(self.tree(files, on), *([on] if on else []))
        self.git("update-ref", "refs/heads/main", self.base)
        return self.base

    def request(self, files: Files) -> Request:
        """A pull request that makes these changes to the base branch."""
        return self.request_of(self.tree(files, self.base))

    def request_of(self, tree: str, merged: str | None = None, behind: str | None = None) -> Request:
        """A pull request of a tree, made by hand: as git itself would not make one."""
        self.number += 1
        head = self.commit(tree, behind or self.base)
        merge = self.commit(merged or tree, self.base, head)
        self.git("update-ref", f"refs/pull/{self.number}/head", head)
        self.git("update-ref", f"refs/pull/{self.number}/merge", merge)
        return Request(self, self.number, head, merge)


@dataclass(frozen=True)
class Request:
    """A pull request."""

    server: Server
    number: int
    head: str
    merge: str


@dataclass
class Job:
    """One run of a job."""

    folder: Path
    outputs: dict[str, dict[str, str]] = field(default_factory=dict)
    log: str = ""
    failed: str | None = None
    """The step that failed."""
    ran: list[str] = field(default_factory=list)
    used: list[dict[str, Any]] = field(default_factory=list)
    """Steps that use an action."""

    @property
    def summary(self) -> str:
        return (self.folder / "summary.md").read_text(encoding="utf-8")

    @property
    def artifact(self) -> dict[str, Any]:
        kept: dict[str, Any] = json.loads((self.folder / "leaderboard-check.json").read_bytes())
        return kept

    @property
    def found(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.folder / "request" / "found.json").read_bytes())
        return found


@dataclass
class Service:
    """What a job runs in."""

    server: Server
    tmp: Path
    data: Path

    def values(self, request: Request) -> dict[str, str]:
        """What expressions of the workflows come to."""
        return {
            "github.token": "ghs_scratch",
            "github.event.pull_request.number": str(request.number),
            "github.event.pull_request.head.sha": request.head,
            "github.event.workflow_run.id": "4711",
            "github.event.workflow_run.head_sha": request.head,
            "github.event.workflow_run.head_repository.full_name": "stranger/r",
        }

    def check(self, request: Request, until: str | None = None) -> Job:
        """Run the job of leaderboard-check.yml, up to a step's id."""
        return self.run("leaderboard-check", "check", request, {}, request.merge, until)

    def run(
        self, name: str, job: str, request: Request, values: Mapping[str, str], sha: str, until: str | None = None
    ) -> Job:
        """Run one job."""
        made = Job(self.tmp / f"{name}-{job}-{request.number}")
        made.folder.mkdir()
        self._program("python3", f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
        file = workflow(name)
        known = self.values(request) | values
        for step in file["jobs"][job]["steps"]:
            if "if" in step and not _holds(step["if"], made.outputs):
                continue
            made.ran.append(step["name"])
            if "uses" in step:
                made.used.append(step)
                continue
            if step["run"].strip() == INSTALL:
                self._install(made.folder)
                continue
            env = {
                **file.get("env", {}),
                **{key: _filled(value, known, made) for key, value in step.get("env", {}).items()},
            }
            if not self._step(step, env, sha, made):
                made.failed = step["name"]
                break
            if until is not None and step.get("id") == until:
                break
        return made

    def _install(self, folder: Path) -> None:
        program = folder / "base" / ".venv" / "bin" / "amends"
        program.parent.mkdir(parents=True)
        run = f'exec "{sys.executable}" -m amends "$@"'
        program.write_text(f'#!/bin/sh\n[ "$2" = check ] && {run} --data "{self.data}"\n{run}\n')
        program.chmod(0o755)

    def _step(self, step: Mapping[str, Any], env: Mapping[str, str], sha: str, made: Job) -> bool:
        script = made.folder / "step"
        script.write_text(step["run"], encoding="utf-8")
        out = made.folder / "step-output"
        out.write_bytes(b"")
        shell = step.get("shell", "bash")
        called = "bash --noprofile --norc -eo pipefail {0}" if shell == "bash" else shell
        done = subprocess.run(
            [part.replace("{0}", str(script)) for part in called.split()],
            cwd=made.folder,
            env=clean()
            | {
                "PATH": f"{self.tmp / 'bin'}{os.pathsep}{os.environ['PATH']}",
                "GITHUB_SERVER_URL": self.server.folder.as_uri(),
                "GITHUB_REPOSITORY": "o/r",
                "GITHUB_BASE_REF": "main",
                "GITHUB_SHA": sha,
                "GITHUB_OUTPUT": str(out),
                "GITHUB_STEP_SUMMARY": str(made.folder / "summary.md"),
                "GH_FOLDER": str(self.tmp / "gh"),
            }
            | dict(env),
            capture_output=True,
        )
        made.log += (done.stdout + done.stderr).decode()
        pairs = [line.partition("=") for line in out.read_text().splitlines()]
        made.outputs[step.get("id", "")] = {key: value for key, _, value in pairs}
        return done.returncode == 0

    def _program(self, name: str, text: str) -> None:
        """Put a program before those of this machine."""
        program = self.tmp / "bin" / name
        program.parent.mkdir(exist_ok=True)
        program.write_text(text)
        program.chmod(0o755)

    # what gh answers

    def answers(self, **paths: Any) -> None:
        """Install a gh that answers by path, and forget what was asked."""
        folder = self.tmp / "gh"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        (folder / "answers.json").write_text(json.dumps(paths))
        self._program("gh", f"#!{sys.executable} -I\n{_GH}")

    def archive(self, data: bytes, name: str = "leaderboard-check.json") -> None:
        """Put the artifact's archive there."""
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(name, data)
        (self.tmp / "gh" / "archive.zip").write_bytes(packed.getvalue())

    def calls(self) -> list[dict[str, Any]]:
        """What gh was asked to write."""
        file = self.tmp / "gh" / "calls.jsonl"
        return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


_GH = """
import json, os, pathlib, sys
folder = pathlib.Path(os.environ["GH_FOLDER"])
assert os.environ["GH_TOKEN"] == "ghs_scratch" and sys.argv[1] == "api", sys.argv
rest = sys.argv[2:]
method = "GET"
if rest[0] == "--method":
    method, rest = rest[1], rest[2:]
path = rest.pop(0).removeprefix("repos/o/r/")
if path.endswith("/zip"):
    sys.stdout.buffer.write((folder / "archive.zip").read_bytes())
    sys.stdout.flush()
elif method == "GET":
    print(json.dumps(json.loads((folder / "answers.json").read_text())[path]))
else:
    assert rest == ["--input", "-"], rest
    call = {"method": method, "path": path, "told": json.load(sys.stdin)}
    with (folder / "calls.jsonl").open("a") as file:
        file.write(json.dumps(call) + "\\n")
    print("{}")
"""


def _holds(condition: str, outputs: Mapping[str, Mapping[str, str]]) -> bool:
    """The one form of condition that steps have here."""
    found = re.fullmatch(r"steps\.(\w+)\.outputs\.(\w+) (==|!=) '(\w*)'", condition)
    assert found, f"a condition of another form: {condition}"
    same = outputs.get(found[1], {}).get(found[2], "") == found[4]
    return same if found[3] == "==" else not same


def _filled(value: str, known: Mapping[str, str], made: Job) -> str:
    """An environment value, which is an expression or a text."""
    found = re.fullmatch(r"\$\{\{ ([\w.]+) \}\}", value)
    if not found:
        assert "${{" not in value
        return value
    step = re.fullmatch(r"steps\.(\w+)\.outputs\.(\w+)", found[1])
    return made.outputs.get(step[1], {}).get(step[2], "") if step else known[found[1]]
