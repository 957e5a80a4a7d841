"""The workflows of the hosting service: what they may do, and what they do with hostile pull requests."""

# ruff: noqa: E501  (tables read best a row a line)
from __future__ import annotations

import base64
import json
import os
import re
import runpy
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.leaderboard.cases import HELD, Board, data_folder
from tests.leaderboard.hosting import (
    INSTALL,
    LINK,
    MODULE,
    OBJECT,
    ROOT,
    WORKFLOWS,
    Files,
    Job,
    Request,
    Server,
    Service,
    workflow,
)

from amends.leaderboard import artifact as artifact_module
from amends.leaderboard import files as files_module
from amends.leaderboard.comment import MARK, MAX_COMMENT
from amends.leaderboard.names import NAME

NAMES = ("ci", "leaderboard-check", "leaderboard-comment")
REQUEST = ROOT / ".github" / "leaderboard" / "request.py"
AT = "leaderboard/entries"


def steps(name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for job, about in workflow(name)["jobs"].items():
        for step in about["steps"]:
            yield job, step


# what the files say


def test_these_are_all_the_workflows() -> None:
    assert sorted(path.name for path in WORKFLOWS.iterdir()) == [f"{name}.yml" for name in NAMES]


@pytest.mark.parametrize(
    ("name", "triggers"),
    [
        ("ci", {"push": {"branches": ["main"]}, "pull_request": None}),
        ("leaderboard-check", {"pull_request": None}),
        ("leaderboard-comment", {"workflow_run": {"workflows": ["leaderboard check"], "types": ["completed"]}}),
    ],
)
def test_triggers(name: str, triggers: dict[str, Any]) -> None:
    assert workflow(name)["on"] == triggers
    assert "pull_request_target" not in (WORKFLOWS / f"{name}.yml").read_text(encoding="utf-8")


def test_the_commenting_workflow_waits_for_the_checking_one() -> None:
    assert workflow("leaderboard-comment")["on"]["workflow_run"]["workflows"] == [workflow("leaderboard-check")["name"]]


@pytest.mark.parametrize(
    ("name", "whole", "jobs"),
    [
        ("ci", {"contents": "read"}, {"run": None}),
        ("leaderboard-check", {"contents": "read"}, {"check": None}),
        # the job that reads what anybody may have written cannot write; the one that writes can do nothing else
        (
            "leaderboard-comment",
            {},
            {"read": {"actions": "read", "contents": "read"}, "comment": {"pull-requests": "write"}},
        ),
    ],
)
def test_permissions(name: str, whole: dict[str, str], jobs: dict[str, Any]) -> None:
    file = workflow(name)
    assert file["permissions"] == whole
    assert {job: about.get("permissions") for job, about in file["jobs"].items()} == jobs


@pytest.mark.parametrize("name", NAMES)
def test_no_secret_no_cache_no_borrowed_workflow(name: str) -> None:
    text = (WORKFLOWS / f"{name}.yml").read_text(encoding="utf-8")
    for word in (
        "secrets.",
        "secrets:",
        "inherit",
        "actions/cache",
        "self-hosted",
        "continue-on-error",
        "set +e",
        "write-all",
    ):
        assert word not in text, word


@pytest.mark.parametrize("name", NAMES)
def test_nothing_of_an_event_is_written_into_a_shell(name: str) -> None:
    for _, step in steps(name):
        assert "${{" not in step.get("run", ""), step["name"]
        assert set(step) <= {"name", "id", "if", "env", "run", "uses", "with", "shell"}, step["name"]


@pytest.mark.parametrize("name", NAMES)
def test_expressions_are_few(name: str) -> None:
    """No title, branch name, label or other text that a stranger chooses, not even in the environment."""
    found = set(re.findall(r"\$\{\{ ?(.*?) ?\}\}", (WORKFLOWS / f"{name}.yml").read_text(encoding="utf-8")))
    assert found <= {
        "github.token",
        "github.ref",
        "github.event_name == 'pull_request'",
        "github.event.pull_request.number",
        "github.event.pull_request.head.sha",
        "github.event.workflow_run.id",
        "github.event.workflow_run.head_sha",
        "github.event.workflow_run.head_repository.full_name",
        "steps.take.outputs.name",
        "steps.keep.outputs.state",
        "steps.say.outputs.number",
        "steps.say.outputs.body",
        "needs.read.outputs.number",
        "needs.read.outputs.body",
    }


@pytest.mark.parametrize("name", NAMES)
def test_actions_are_pinned_to_a_commit(name: str) -> None:
    lines = [line for line in (WORKFLOWS / f"{name}.yml").read_text(encoding="utf-8").splitlines() if "uses:" in line]
    for line in lines:
        assert re.fullmatch(r"\s+uses: actions/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line), line
    assert len(lines) == (1 if name == "leaderboard-check" else 0), "as few as can be: git and gh do the rest"


@pytest.mark.parametrize("name", NAMES)
def test_every_job_ends(name: str) -> None:
    file = workflow(name)
    assert "concurrency" in file
    for job in file["jobs"].values():
        assert 0 < job["timeout-minutes"] <= 120
        assert re.fullmatch(r"ubuntu-\d\d\.\d\d", job["runs-on"]), "one image, not the latest"


def test_the_check_runs_the_base_branch() -> None:
    runs = [step["run"] for _, step in steps("leaderboard-check") if "run" in step]
    assert '"refs/heads/$GITHUB_BASE_REF"' in runs[0], "the base branch is fetched, not the request"
    for run in runs:
        assert not re.search(
            r"(checkout|clone|switch|submodule|lfs|source|eval)\b(?! --quiet --detach FETCH_HEAD)", run
        ), run
        for program in re.findall(r"(?:python3 -I|make --directory=)\s*(\S+)", run):
            assert program.startswith("base"), program
    assert "--project base/leaderboard/project.json" in "".join(runs)


def test_the_commenting_job_runs_nothing_of_a_request() -> None:
    read = "".join(step["run"] for job, step in steps("leaderboard-comment") if job == "read")
    assert '"$GITHUB_SHA"' in read and "git -C base checkout --quiet --detach FETCH_HEAD" in read
    assert "ulimit -f 128" in read and '--head "$HEAD"' in read
    (only,) = [step for job, step in steps("leaderboard-comment") if job == "comment"]
    assert only["shell"] == "python3 -I {0}", "nothing of the working folder is imported"
    for word in ("git", "pip", "make", "checkout", "zip"):
        assert not re.search(rf"\b{word}\b", only["run"].replace("github-actions[bot]", "")), word
    assert MARK in only["run"]
    assert MAX_COMMENT <= 40_000 and "40_000" in only["run"]


def test_ci_runs_what_decides() -> None:
    assert [step["run"] for _, step in steps("ci")][-1] == ".ci/run"
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


def test_limits_are_those_of_the_package() -> None:
    found = runpy.run_path(str(REQUEST))
    assert found["MAX_ENTRY"] == files_module.MAX_ENTRY
    assert found["MAX_DOCUMENT"] == files_module.MAX_DOCUMENT
    assert found["DOCUMENTS"] == files_module.DOCUMENTS
    assert found["NAME"].pattern == NAME.pattern
    assert found["MAX_ARTIFACT"] == artifact_module.MAX_PACKED
    kept = "".join(step["run"] for _, step in steps("leaderboard-check") if step.get("id") == "keep")
    assert f"-le {artifact_module.MAX_ARTIFACT}" in kept
    for name in (*files_module.DOCUMENTS, files_module.REPLIES, *files_module.COMPUTED, "annotations/rules.jsonl"):
        assert found["KNOWN"].fullmatch(name), "an entry's own file"


# what they do


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Server:
    """A base branch with this repository's .github, an entry, and something that is no business of an entry's."""
    tmp = tmp_path_factory.mktemp("hosting")
    board = Board(tmp / "leaderboard", data_folder(tmp / "data"))
    board.entries.mkdir(parents=True)
    old = board.good("old-clerk")
    own = {
        path.relative_to(ROOT).as_posix(): path.read_bytes() for path in (ROOT / ".github").rglob("*") if path.is_file()
    }
    kept = {
        f"{AT}/old-clerk/{path.relative_to(old).as_posix()}": path.read_bytes()
        for path in old.rglob("*")
        if path.is_file()
    }
    project = json.dumps({"official": ["rules"], "project": [], "verified": {}}).encode()
    return Server(tmp / "server", {**own, **kept, "leaderboard/project.json": project, "Makefile": b"all:\n"})


@pytest.fixture
def service(server: Server, tmp_path: Path, data: Path) -> Service:
    return Service(server, tmp_path, data)


@pytest.fixture
def entry(board: Board) -> Callable[..., dict[str, bytes]]:
    """Files of a good entry, by their path in the repository."""

    def make(name: str = "new-clerk", **changes: Any) -> dict[str, bytes]:
        replies = changes.pop("replies", None)
        path = board.good(name, replies, **changes)
        return files_in(path, name)

    return make


def files_in(path: Path, name: str) -> dict[str, bytes]:
    return {
        f"{AT}/{name}/{file.relative_to(path).as_posix()}": file.read_bytes()
        for file in path.rglob("*")
        if file.is_file()
    }


def test_a_good_entry_passes(service: Service, entry: Callable[..., dict[str, bytes]]) -> None:
    made = service.check(service.server.request(entry()))
    assert made.failed is None, made.log
    assert (
        made.artifact["state"] == "good" and made.artifact["name"] == "new-clerk" and made.artifact["change"] == "new"
    )
    assert made.artifact["base"] == service.server.base
    assert made.artifact["row"]["scorers"][0]["scorer"] == "rules.3"
    assert "passes the check" in made.summary
    (upload,) = made.used
    assert upload["with"] == {
        "name": "leaderboard-check", "path": "leaderboard-check.json", "if-no-files-found": "error", "retention-days": 7,
        "overwrite": True,
    }  # fmt: skip
    assert "ghs_scratch" not in "".join(path.read_text() for path in made.folder.rglob("config")), (
        "no token is left behind"
    )


def test_a_request_that_touches_no_entry_is_let_through_at_once(service: Service) -> None:
    made = service.check(service.server.request({"README.md": b"# better"}))
    assert made.failed is None and made.ran == ["Fetch the base branch", "Take the entry from the request"]


def test_a_bad_entry_is_refused_with_its_reasons(
    service: Service, entry: Callable[..., dict[str, bytes]], board: Board
) -> None:
    files = entry(credit="us")
    said = json.loads(files[f"{AT}/new-clerk/entry.json"])
    files[f"{AT}/new-clerk/entry.json"] = json.dumps(said | {"dataset": "0.0.1 @team <b>"}).encode()
    made = service.check(service.server.request(files))
    assert made.failed == "Say whether the entry may stand"
    assert "$.dataset" in made.artifact["problems"][0]
    assert "is refused" in made.summary and "@team" not in made.summary and "<b>" not in made.summary


def test_code_workflow_and_project_file_of_the_request_have_no_effect(
    service: Service, board: Board, tmp_path: Path
) -> None:
    """All of them would let a copied reply pass."""
    replies = board.replies()
    replies[0]["text"] = HELD
    files: Files = {
        **files_in(board.entry("new-clerk", replies), "new-clerk"),
        "leaderboard/project.json": b'{"official": ["rules"], "project": ["new-clerk"], "verified": {"new-clerk": {"by": "me", "date": "x", "how": "y"}}}',
        ".github/leaderboard/request.py": b"raise SystemExit('the code of the request ran')",
        ".github/workflows/leaderboard-check.yml": b"on: pull_request_target",
        "Makefile": b"all: $(shell touch ran)",
        "benchmark/amends/__init__.py": b"raise SystemExit('the code of the request ran')",
        "sitecustomize.py": b"raise SystemExit('the code of the request ran')",
        ".gitattributes": b"* filter=evil diff=evil\n",
        ".gitmodules": b'[submodule "x"]\n\tpath = x\n\turl = ../evil\n',
    }
    made = service.check(service.server.request(files))
    assert made.failed == "Say whether the entry may stand", made.log
    assert "the code of the request ran" not in made.log and not list(tmp_path.rglob("ran"))
    assert any("a released reply" in problem for problem in made.artifact["problems"])
    assert made.artifact["other_files"] == 8
    assert json.loads((made.folder / "base" / "leaderboard" / "project.json").read_bytes())["project"] == []
    assert sorted(path.name for path in (made.folder / "base").iterdir()) == [
        ".git",
        ".github",
        ".venv",
        "Makefile",
        "leaderboard",
    ]


def big(size: int) -> bytes:
    return b"\0" * size


HOSTILE: list[tuple[str, Files, str]] = [
    ("a link in the place of a file", {f"{AT}/new-clerk/replies.jsonl": (LINK, b"/etc/passwd")}, "replies.jsonl $: found a symbolic link"),
    ("a link in the place of the entry", {f"{AT}/new-clerk": (LINK, b"old-clerk")}, "no folder of an entry"),
    ("a link in the place of a folder", {f"{AT}/new-clerk/annotations": (LINK, b"../old-clerk/annotations")}, "annotations $: found a symbolic link"),
    ("a submodule as an entry", {f"{AT}/new-clerk": (MODULE, b"1" * 40)}, "no folder of an entry"),
    ("a submodule in an entry", {f"{AT}/new-clerk/annotations": (MODULE, b"1" * 40)}, "annotations $: found a submodule"),
    ("another file", {f"{AT}/new-clerk/conftest.py": b"import os"}, "conftest.py $: found an unknown file"),
    ("attributes of git", {f"{AT}/new-clerk/.gitattributes": b"* filter=evil"}, "found an unknown file"),
    ("a deep folder", {f"{AT}/new-clerk/a/b/c.json": b"{}"}, "found an unknown folder"),
    ("annotations of a file with a trick", {f"{AT}/new-clerk/annotations/..jsonl": b"{}"}, "found an unknown file"),
    ("many files", {f"{AT}/new-clerk/annotations/s{i}.jsonl": b"" for i in range(21)}, "found 21 files"),
    ("very many unknown files", {f"{AT}/new-clerk/x{i}": b"" for i in range(500)}, "more that may not be there"),
    ("a pointer of LFS", {f"{AT}/new-clerk/replies.jsonl": b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 5\n"}, "a pointer of Git LFS"),
    ("a document of over a megabyte", {f"{AT}/new-clerk/entry.json": big(1_000_001)}, "entry.json $: found 1,000,001 bytes"),
    ("two files over the limit together", {f"{AT}/new-clerk/{name}": big(26_000_000) for name in ("replies.jsonl", "check.json")}, "found 52,000,000 bytes in all"),
    ("two entries", {f"{AT}/{name}/entry.json": b"{}" for name in ("new-a", "new-b")}, "2 entries ('new-a', 'new-b')"),
    ("somebody else's entry deleted", {f"{AT}/old-clerk/{name}": None for name in ("entry.json", "generator.json", "replies.jsonl", "result.json", "check.json", "annotations/rules.jsonl")}, "old-clerk $: found an entry that is deleted"),
    ("an own entry and somebody else's changed", {f"{AT}/new-a/entry.json": b"{}", f"{AT}/old-clerk/entry.json": b"{}"}, "2 entries"),
    ("somebody else's renamed", {f"{AT}/old-clerk/entry.json": None, f"{AT}/old-clerk2/entry.json": b"{}"}, "2 entries"),
    ("a name with shell characters", {f"{AT}/$(touch ran);`id`/entry.json": b"{}"}, "the name '$(touch ran);`id`'"),
    ("a name with a line end and an output", {f"{AT}/x\nstate=taken/entry.json": b"{}"}, "the name 'x\\nstate=taken'"),
    ("a name that is an option", {f"{AT}/--all/entry.json": b"{}"}, "the name '--all'"),
    ("a name with a workflow command", {f"{AT}/::add-mask::x/entry.json": b"{}"}, "the name '::add-mask::x'"),
    ("a name that runs backwards", {f"{AT}/\u202ecle/entry.json": b"{}"}, "the name '\\u202ecle'"),
    ("a name of capitals", {f"{AT}/OLD-CLERK/entry.json": b"{}"}, "the name 'OLD-CLERK'"),
    ("a name that is too long", {f"{AT}/{'x' * 42}/entry.json": b"{}"}, "2 to 41 of a-z, 0-9 and -"),
    ("a file beside the entries", {f"{AT}/README.md": b"hello"}, "README.md $: found no folder of an entry"),
]  # fmt: skip


@pytest.mark.parametrize(("why", "files", "words"), HOSTILE, ids=[why for why, _, _ in HOSTILE])
def test_hostile_requests_are_refused(service: Service, why: str, files: Files, words: str) -> None:
    refused(service, service.server.request(files), words)


def test_a_file_of_a_gigabyte(service: Service) -> None:
    """It packs to one MB, and comes; its size is seen before it is unpacked."""
    file = service.tmp / "sparse"
    with file.open("wb") as opened:
        opened.truncate(1_000_000_000)
    quick = ("-c", "core.compression=1", "-c", "core.bigFileThreshold=1m")
    number = service.server.git(*quick, "hash-object", "-w", str(file))
    path = f"{AT}/new-clerk/replies.jsonl"
    tree = service.server.tree({path: (OBJECT, number.encode())}, service.server.base)
    refused(service, service.server.request_of(tree), "1,000,000,000 of them in replies.jsonl")


def refused(service: Service, request: Request, words: str) -> Job:
    made = service.check(request, until="take")
    assert made.failed is None, made.log
    assert made.outputs["take"]["state"] == "refused", made.log
    assert words in "\n".join(made.found["problems"]), made.found["problems"]
    assert all(problem.isascii() and problem.isprintable() for problem in made.found["problems"])
    assert set(made.outputs["take"]) == {"state", "name"}, "no output but ours"
    assert not list(service.tmp.rglob("ran"))
    assert not [path for path in made.folder.rglob("*") if path.is_symlink()], "no link was made"
    entry = made.folder / "request" / "entry"
    assert not entry.exists() or all(path.stat().st_size < 1_000 for path in entry.rglob("*")), (
        "nothing large was unpacked"
    )
    return made


def crafted(server: Server, *lines: tuple[str, str, str]) -> str:
    """A tree as no git would write it, in the place of leaderboard/entries/new-clerk."""
    raw = b"".join(f"{mode} {name}".encode() + b"\0" + bytes.fromhex(number) for mode, number, name in lines)
    inner = server.git("hash-object", "-w", "-t", "tree", "--literally", "--stdin", told=raw)
    old = server.git("rev-parse", f"{server.base}:{AT}/old-clerk")
    entries = server.git("mktree", told=f"040000 tree {inner}\tnew-clerk\n040000 tree {old}\told-clerk\n".encode())
    project = server.git("rev-parse", f"{server.base}:leaderboard/project.json")
    board = server.git("mktree", told=f"040000 tree {entries}\tentries\n100644 blob {project}\tproject.json\n".encode())
    rest = [line for line in server.git("ls-tree", server.base).splitlines() if not line.endswith("\tleaderboard")]
    return server.git("mktree", told="\n".join([*rest, f"040000 tree {board}\tleaderboard\n"]).encode())


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (("../../../.github/leaderboard/request.py",), "found an unknown file"),
        (("annotations/../../../../x.jsonl",), "found an unknown file"),
        (("..",), "found an unknown file"),
        (("/etc/cron.d/x",), "found an unknown file"),
        (("replies.jsonl", "replies.jsonl"), "found two of one name"),
        (("replies.jsonl\n",), "found an unknown file"),
    ],
    ids=[
        "a way up",
        "a way up behind a known folder",
        "two dots",
        "a path from the root",
        "a name twice",
        "a line end",
    ],
)
def test_a_tree_that_no_git_would_write(service: Service, names: tuple[str, ...], words: str) -> None:
    blob = service.server.blob(b"{}")
    tree = crafted(service.server, *[("100644", blob, name) for name in names])
    refused(service, service.server.request_of(tree), words)


def test_a_folder_that_is_its_own_way_up(service: Service) -> None:
    inner = service.server.git("mktree", told=f"100644 blob {service.server.blob(b'{}')}\tentry.json\n".encode())
    refused(
        service, service.server.request_of(crafted(service.server, ("40000", inner, ".."))), "found an unknown folder"
    )


def test_a_file_that_does_not_pack(service: Service) -> None:
    """A fetch writes 51 MB at most, whatever is sent."""
    refused(
        service,
        service.server.request({f"{AT}/new-clerk/replies.jsonl": os.urandom(52_000_000)}),
        "none that could be fetched",
    )


def test_the_folder_of_entries_replaced(service: Service) -> None:
    old = [line.split("\t")[1] for line in service.server.git("ls-tree", "-r", service.server.base, AT).splitlines()]
    request = service.server.request({**dict.fromkeys(old), AT: (LINK, b"/etc")})
    assert "something in the place of the folder" in "\n".join(refused(service, request, "").found["problems"])


def test_an_entry_that_was_changed_meanwhile(service: Service) -> None:
    """What would stand there after the merge is not what the request holds."""
    server = service.server
    head = server.tree({f"{AT}/old-clerk/entry.json": b"{}"}, server.base)
    merged = server.tree({f"{AT}/old-clerk/entry.json": b"{}", f"{AT}/old-clerk/result.json": b"{}"}, server.base)
    refused(service, server.request_of(head, merged), "that the base branch has changed meanwhile")


def test_a_request_that_is_behind_is_judged_by_what_it_changes(
    server: Server, service: Service, entry: Callable[..., dict[str, bytes]]
) -> None:
    """The base branch has got another entry since: the request does not delete that one."""
    files = entry()
    behind = server.base
    head = server.tree(files, behind)
    server.land({f"{AT}/other-clerk/entry.json": b"{}"})
    try:
        made = service.check(server.request_of(head, server.tree(files, server.base), behind), until="take")
        assert made.outputs["take"] == {"state": "taken", "name": "new-clerk"}, made.log
    finally:
        server.land({f"{AT}/other-clerk/entry.json": None})


def test_a_change_of_an_entry_is_said_to_be_one(service: Service, board: Board) -> None:
    files = files_in(board.good("old-clerk", board.replies(samples=2)), "old-clerk")
    made = service.check(service.server.request(files))
    assert made.failed is None, made.log
    assert made.artifact["change"] == "changed" and "A change of an entry that stands there" in made.summary


def test_a_refusal_reaches_the_artifact(service: Service) -> None:
    made = service.check(service.server.request({f"{AT}/new-clerk/run.sh": b"touch ran"}))
    assert made.failed == "Say whether the entry may stand" and "Check the entry" not in made.ran
    assert made.artifact["state"] == "refused" and made.artifact["row"] is None
    assert "run.sh $: found an unknown file" in made.artifact["problems"][0]


def test_a_request_that_moved_on_is_not_checked(service: Service, entry: Callable[..., dict[str, bytes]]) -> None:
    old, new = service.server.request(entry()), service.server.request({"README.md": b"newer"})
    made = service.check(Request(old.server, old.number, old.head, new.merge))
    assert made.failed == "Take the entry from the request" and "is" in made.log and not made.used


# the commenting side


def answer(request: Request, **changes: Any) -> dict[str, Any]:
    """What the service says of a pull request."""
    return {
        "state": "open",
        "head": {"sha": request.head, "repo": {"full_name": "stranger/r"}},
        "base": {"ref": "main", "repo": {"full_name": "o/r", "default_branch": "main"}},
    } | changes


def listing(size: int = 900, name: str = "leaderboard-check") -> dict[str, Any]:
    return {"actions/runs/4711/artifacts?per_page=100": {"artifacts": [{"id": 5, "name": name, "size_in_bytes": size}]}}


def record(request: Request, **changes: Any) -> dict[str, Any]:
    return {
        "schema": 1, "pull_request": request.number, "head": request.head, "base": "b" * 40, "name": "new-clerk", "change": "new",
        "other_files": 0, "state": "refused", "problems": ["a `reason` of @team"], "left_out": 0, "row": None,
    } | changes  # fmt: skip


def read(service: Service, request: Request, kept: Any, **listed: Any) -> Job:
    service.answers(**listing(**listed))
    service.archive(kept if isinstance(kept, bytes) else json.dumps(kept).encode())
    return service.run("leaderboard-comment", "read", request, {}, service.server.base)


def body_of(made: Job) -> str:
    return base64.b64decode(made.outputs["say"]["body"]).decode()


@pytest.fixture
def request_(service: Service) -> Request:
    return service.server.request({f"{AT}/new-clerk/entry.json": b"{}"})


def test_the_reading_job_hands_on_a_number_and_an_escaped_text(service: Service, request_: Request) -> None:
    made = read(service, request_, record(request_))
    assert made.failed is None, made.log
    assert made.outputs["say"]["number"] == str(request_.number)
    assert body_of(made).startswith(MARK) and "&#64;team" in body_of(made) and "@team" not in body_of(made)
    assert not service.calls(), "it wrote nothing"


def test_what_a_request_that_changes_the_workflows_reports_is_not_repeated(service: Service) -> None:
    request = service.server.request(
        {f"{AT}/new-clerk/entry.json": b"{}", ".github/workflows/leaderboard-check.yml": b"on: push"}
    )
    made = read(service, request, record(request, state="good", problems=[]))
    assert made.failed is None, made.log
    assert (
        "is not repeated here" in body_of(made) and "new-clerk" not in body_of(made) and "passes" not in body_of(made)
    )


@pytest.mark.parametrize(
    ("kept", "listed", "failed", "why"),
    [
        ({}, {"size": 100_001}, "Download the artifact", "the service says that it is too large"),
        (b"x" * 200_000, {}, "Say what was found", "it unpacks to more than it may"),
        (b"{}", {}, "Say what was found", "another record"),
        (b"<b>html</b>", {}, "Say what was found", "no JSON"),
    ],
    ids=lambda value: None,
)
def test_an_artifact_that_is_none(
    service: Service, request_: Request, kept: Any, listed: Any, failed: str, why: str
) -> None:
    made = read(service, request_, kept, **listed)
    assert made.failed == failed, why
    assert "say" not in made.outputs or not made.outputs["say"], why


def test_an_archive_that_is_larger_than_the_service_said(service: Service, request_: Request) -> None:
    service.answers(**listing())
    service.archive(b"{}")
    (service.tmp / "gh" / "archive.zip").write_bytes(os.urandom(1_000_000))
    made = service.run("leaderboard-comment", "read", request_, {}, service.server.base)
    assert made.failed == "Download the artifact", made.log
    assert (made.folder / "leaderboard-check.zip").stat().st_size <= 131_072


def test_an_artifact_of_another_commit(service: Service, request_: Request) -> None:
    made = read(service, request_, record(request_, head="c" * 40))
    assert made.failed == "Say what was found" and "one of" in made.log


def test_a_number_of_another_request(service: Service, request_: Request) -> None:
    """The artifact names a request whose head is another commit: nothing is handed on."""
    other = service.server.request({"README.md": b"somebody else's"})
    made = read(service, request_, record(request_, pull_request=other.number))
    assert made.failed is None and made.outputs["say"] == {}, made.log


def test_a_run_without_an_artifact(service: Service, request_: Request) -> None:
    made = read(service, request_, {}, name="something-else")
    assert made.failed is None and made.ran[-1] == "Download the artifact"


def write(service: Service, request: Request, body: str | bytes = f"{MARK}\nfine", **values: str) -> Job:
    packed = base64.b64encode(body if isinstance(body, bytes) else body.encode()).decode()
    known = {"needs.read.outputs.number": str(request.number), "needs.read.outputs.body": packed} | values
    return service.run("leaderboard-comment", "comment", request, known, service.server.base)


def asked(request: Request, comments: list[Any], **changes: Any) -> dict[str, Any]:
    number = request.number
    return {f"pulls/{number}": answer(request, **changes), f"issues/{number}/comments?per_page=100&page=1": comments}


BOT = {"login": "github-actions[bot]"}


def test_one_comment_is_made_and_then_replaced(service: Service, request_: Request) -> None:
    others = [
        {"id": 1, "user": {"login": "stranger"}, "body": f"{MARK}\nmine"},
        {"id": 2, "user": BOT, "body": f"something else {MARK}"},
        {"id": 3, "user": None, "body": None},
    ]
    service.answers(**asked(request_, others))
    assert write(service, request_).failed is None
    assert service.calls() == [
        {"method": "POST", "path": f"issues/{request_.number}/comments", "told": {"body": f"{MARK}\nfine"}}
    ]


def test_the_bots_own_comment_is_replaced(service: Service, request_: Request) -> None:
    many = [{"id": i, "user": {"login": "x"}, "body": "hello"} for i in range(100)]
    second = {
        f"issues/{request_.number}/comments?per_page=100&page=2": [{"id": 999, "user": BOT, "body": f"{MARK}\nold"}]
    }
    service.answers(**asked(request_, many), **second)
    assert write(service, request_).failed is None
    assert [(call["method"], call["path"]) for call in service.calls()] == [("PATCH", "issues/comments/999")]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"head": {"sha": "d" * 40, "repo": {"full_name": "stranger/r"}}}, "its head"),
        ({"head": {"sha": None, "repo": {"full_name": "stranger/r"}}}, "its head"),
        ({"state": "closed"}, "its state"),
        ({"base": {"ref": "old", "repo": {"full_name": "o/r", "default_branch": "main"}}}, "its base"),
        ({"base": {"ref": "main", "repo": {"full_name": "p/r", "default_branch": "main"}}}, "where it goes"),
    ],
    ids=["another head", "no head", "closed", "another branch", "another repository"],
)
def test_a_number_that_does_not_fit_the_run_gets_no_comment(
    service: Service, request_: Request, changes: dict[str, Any], why: str
) -> None:
    service.answers(**asked(request_, [], **changes))
    made = write(service, request_)
    assert made.failed is None and why in made.log and service.calls() == []


def test_a_head_of_another_fork_gets_no_comment(service: Service, request_: Request) -> None:
    for repository in ({"full_name": "other/r"}, None):
        service.answers(**asked(request_, [], head={"sha": request_.head, "repo": repository}))
        shut = service.tmp / f"leaderboard-comment-comment-{request_.number}"
        made = write(service, request_)
        assert "where it comes from" in made.log and service.calls() == []
        shut.rename(service.tmp / f"done-{repository is None}")


@pytest.mark.parametrize(
    ("number", "body"),
    [("7/../8", MARK), ("7\n8", MARK), ("", MARK), ("7", "no mark"), ("7", f"{MARK}{'x' * 40_000}"), ("7", b"\xff")],
    ids=["a path", "two numbers", "none", "no mark", "too long", "no text"],
)
def test_what_is_no_number_and_text_of_a_comment(
    service: Service, request_: Request, number: str, body: str | bytes
) -> None:
    service.answers()
    made = write(service, request_, body, **{"needs.read.outputs.number": number})
    assert made.failed == "Comment, or replace the comment" and service.calls() == []


def test_the_installation_is_the_makefile_s() -> None:
    """What the stand-in stands in for is a target that there is."""
    assert "$(VENV)/core:" in (ROOT / "Makefile").read_text(encoding="utf-8")
    assert [step["run"] for name in NAMES for _, step in steps(name) if "make" in step.get("run", "")] == [
        INSTALL,
        INSTALL,
    ]
