"""What a pull request does to the leaderboard, taken as data: nothing of the request is checked out, run or followed.

It is the base branch's copy that runs, before anything is installed: the standard library and git alone.

    request.py take --remote URL --number N --head SHA [--merge SHA] --out FOLDER    the one entry that it changes
    request.py workflows --remote URL --number N --head SHA --out FOLDER            whether it changes .github/
    request.py artifact LIST.json                                       id of the artifact that may be downloaded

Trees are fetched without any file; names, kinds and number of files are judged by them; then the files of the one
entry are fetched, packed and with a limit; sizes are judged before a byte is unpacked. Each file is written by git's
object id to a name out of a closed list, so that no path of the request is ever opened.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import subprocess
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path

ENTRIES = "leaderboard/entries"
NAME = re.compile(r"[a-z0-9][a-z0-9-]{1,40}")
SHA = re.compile(r"[0-9a-f]{40}")
NUMBER = re.compile(r"[1-9][0-9]{0,8}")
KNOWN = re.compile(
    r"(?:entry\.json|generator\.json|replies\.jsonl|result\.json|check\.json|annotations/[a-z0-9_-]{1,60}\.jsonl)"
)
"""Files that an entry may hold; `amends leaderboard check` names the scorers."""
FOLDERS = ("annotations",)
DOCUMENTS = ("entry.json", "generator.json")

MAX_ENTRY = 50_000_000
"""Bytes of all files of an entry, as in benchmark/amends/leaderboard/files.py."""
MAX_DOCUMENT = 1_000_000
"""Bytes of entry.json or generator.json, as there."""
MAX_FILES = 20
"""Files of an entry."""
MAX_TOLD = 32_000_000
"""Bytes of what git lists."""
MAX_PACK = 51_000_000
"""Bytes of any file that a fetch may write."""
MAX_ARTIFACT = 100_000
"""Bytes of the artifact as the hosting service packs it."""
ARTIFACT = "leaderboard-check"
SECONDS = 240
"""Of one fetch."""
SHOWN = 10

_POINTER = b"version https://git-lfs.github.com/spec/"
_KINDS = {"120000": "a symbolic link", "160000": "a submodule", "040000": "a folder"}
_QUIET = ("-c", "gc.auto=0", "-c", "core.hooksPath=/dev/null", "-c", "core.bigFileThreshold=1m")
_OFFLINE = ("-c", "protocol.allow=never")
_ONLINE = ("-c", "protocol.allow=never", "-c", "protocol.https.allow=always", "-c", "protocol.file.allow=always")


class Failed(Exception):
    """What is wrong is not the request's entry: the call, the network, a request that moved on."""


class Moved(Failed):
    """The request's head is another commit by now; its own run will follow."""


@dataclass(slots=True)
class Found:
    """What a request does to the leaderboard."""

    state: str = "none"
    """none: no entry is touched; refused: see problems; taken: the entry's files lie in the folder."""
    name: str | None = None
    change: str | None = None
    """new or changed."""
    other_files: int = 0
    """Files outside leaderboard/entries/ that the request changes: not looked at, of no effect."""
    problems: list[str] = field(default_factory=list)

    def refuse(self, place: str, found: str, expected: str, remedy: str) -> None:
        """Note a problem, worded as the package words them."""
        self.state = "refused"
        self.problems.append(visible(f"{place} $: found {found}, expected {expected}; {remedy}"))


@dataclass(frozen=True, slots=True)
class File:
    """One line of a tree."""

    mode: str
    object: str
    path: str
    """Below the entry."""


def visible(text: str) -> str:
    """A text in printable ASCII: paths of a request reach logs and comments."""
    return "".join(c if " " <= c <= "~" else ascii(c)[1:-1] for c in text)[:600]


def limited() -> None:
    """In the child: no file grows beyond MAX_PACK, whatever the other side sends."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (MAX_PACK, MAX_PACK))


def git(folder: Path, *arguments: str, told: bytes = b"", online: bool = False, out: Path | None = None) -> bytes:
    """Run git in a bare repository and give back what it prints.

    Args:
        folder: the repository.
        arguments: of git.
        told: its standard input.
        online: whether it may speak to the remote; else a missing object is an error, never a download.
        out: a new file for what it prints, however long; then nothing is given back.
    """
    command = ["git", "-C", str(folder), *_QUIET, *(_ONLINE if online else _OFFLINE), *arguments]
    # what it prints goes to a file, which the limit on file sizes holds
    listed = folder / "told"
    try:
        with listed.open("wb") if out is None else out.open("xb") as file:
            done = subprocess.run(
                command,
                input=told,
                stdout=file,
                stderr=subprocess.PIPE,
                timeout=SECONDS,
                preexec_fn=limited,
                check=False,
            )
    except subprocess.TimeoutExpired:
        raise Failed(f"git {arguments[0]} took more than {SECONDS} seconds") from None
    if done.returncode:
        said = visible(" ".join(done.stderr.decode("utf-8", "replace").split())[-300:])
        raise Failed(f"git {arguments[0]} ended with {done.returncode}: {said}")
    if out is not None:
        return b""
    if listed.stat().st_size > MAX_TOLD:
        raise Failed(f"git {arguments[0]} lists more than {MAX_TOLD:,} bytes")
    return listed.read_bytes()


@dataclass(frozen=True, slots=True)
class Request:
    """Where a request is found."""

    remote: str
    head: str
    """Its commit."""
    merge: str
    """What the hosting service made of base branch and head: a commit, or refs/pull/N/merge."""


def fetch(folder: Path, request: Request) -> tuple[str, str]:
    """Fetch the commits and trees of a request, without a single file.

    The hosting service makes the merge: its first parent is the base branch, its second the request's head. What lies
    between first parent and merge is what the request changes, however far behind it is.

    Returns:
        The base commit and the merge.

    Raises:
        Moved: the request's head is another commit.
    """
    folder.mkdir(parents=True)
    git(folder, "init", "--quiet", "--bare", "--template=")
    git(folder, "config", "remote.origin.url", request.remote)
    spec = f"+{request.merge}:refs/merge"
    plain = ("--quiet", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head")
    git(folder, "fetch", *plain, "--depth=2", "--filter=blob:none", "origin", spec, online=True)
    commits = git(folder, "rev-list", "--parents", "--max-count=1", "refs/merge").decode().split()
    if len(commits) != 3:
        raise Failed(f"{request.merge} has {len(commits) - 1} parents, not two")
    merge, base, there = commits
    if there != request.head:
        raise Moved(f"the request's head is {there} by now, not {request.head}")
    return base, merge


def changes(folder: Path, base: str, merge: str) -> list[tuple[str, str]]:
    """Path and status (A, M, D, T) of every file that the request changes."""
    listed = git(folder, "diff-tree", "-r", "-z", "--raw", "--no-renames", "--full-index", base, merge)
    parts = listed.decode("utf-8", "backslashreplace").split("\0")
    return [(path, about.rsplit(" ", 1)[1][:1]) for about, path in zip(parts[0:-1:2], parts[1::2], strict=True)]


def named(found: Found, changed: list[tuple[str, str]]) -> str | None:
    """The one entry that the request changes, or None where there is none or not one."""
    inside = {path for path, _ in changed if path.startswith(f"{ENTRIES}/")}
    found.other_files = len(changed) - len(inside)
    for path in sorted({ENTRIES, ENTRIES.split("/", 1)[0]}.intersection(path for path, _ in changed)):
        found.refuse(path, "something in the place of the folder", "the folder as it is", "leave it as it is")
    names = sorted({path.split("/")[2] for path in inside})
    loose = sorted(path for path in inside if path.count("/") == 2)
    for path in loose[:SHOWN]:
        found.refuse(path, "no folder of an entry", f"files in {ENTRIES}/NAME/", "put it there")
    if len(names) > 1:
        some = ", ".join(repr(name[:60]) for name in names[:SHOWN]) + (", ..." if len(names) > SHOWN else "")
        found.refuse(ENTRIES, f"{len(names)} entries ({some})", "one entry a request", "send each in its own request")
    for name in names[:SHOWN]:
        if not NAME.fullmatch(name):
            expected = "2 to 41 of a-z, 0-9 and -, a letter or digit first"
            found.refuse(ENTRIES, f"the name {name[:60]!r}", expected, "choose another name")
    if found.problems or not names:
        return None
    return names[0]


def tree_of(folder: Path, commit: str, name: str) -> str | None:
    """Object id of an entry's folder in a commit; None where it is not there, or is no folder."""
    listed = git(folder, "ls-tree", "-z", commit, "--", f"{ENTRIES}/{name}").decode("utf-8", "backslashreplace")
    for line in filter(None, listed.split("\0")):
        mode, kind, rest = line.split(" ", 2)
        if mode == "040000" and kind == "tree":
            return rest.split("\t", 1)[0]
    return None


def files_of(folder: Path, found: Found, tree: str) -> list[File]:
    """The files of an entry's folder, every one of a kind and name that may stand there; else problems."""
    shown = f"{ENTRIES}/{found.name}"
    listed = git(folder, "ls-tree", "-r", "-t", "-z", tree).decode("utf-8", "backslashreplace")
    files, seen = [], set()
    for line in filter(None, listed.split("\0")):
        about, path = line.split("\t", 1)
        mode, _, number = about.split(" ")
        if len(found.problems) >= 2 * SHOWN:
            found.refuse(shown, "more that may not be there", "nothing else", "remove it")
            break
        if path in seen:
            found.refuse(f"{shown}/{path}", "two of one name", "one", "make the commit with git itself")
        seen.add(path)
        if mode == "040000":
            if path not in FOLDERS:
                found.refuse(f"{shown}/{path}", "an unknown folder", f"only {', '.join(FOLDERS)}", "remove it")
        elif mode not in ("100644", "100755"):
            kind = _KINDS.get(mode, f"mode {mode}")
            found.refuse(f"{shown}/{path}", kind, "a plain file", "put the file itself there")
        elif not KNOWN.fullmatch(path):
            found.refuse(f"{shown}/{path}", "an unknown file", "the files of an entry alone", "remove it")
        else:
            files.append(File(mode, number, path))
    if len(files) > MAX_FILES:
        found.refuse(shown, f"{len(files)} files", f"at most {MAX_FILES}", "remove some")
    return files


def fetch_files(folder: Path, found: Found, files: list[File]) -> dict[str, int]:
    """Fetch the files, still packed, and give their sizes; a problem where they are too large."""
    shown = f"{ENTRIES}/{found.name}"
    wanted = "".join(f"{number}\n" for number in sorted({file.object for file in files})).encode()
    lazy = ("-c", "fetch.negotiationAlgorithm=noop")
    plain = ("--quiet", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head", "--filter=blob:none")
    try:
        git(folder, *lazy, "fetch", *plain, "--stdin", "origin", told=wanted, online=True)
    except Failed as error:
        expected = f"files that come in {SECONDS} seconds and {MAX_PACK:,} packed bytes"
        found.refuse(shown, f"none that could be fetched ({error})", expected, "make them smaller, or run it again")
        return {}
    listed = git(folder, "cat-file", "--batch-check", told=wanted).decode().splitlines()
    sizes = {}
    for line in listed:
        number, kind, *size = line.split(" ")
        if kind != "blob":
            raise Failed(f"the object {number} is a {kind}")
        sizes[number] = int(size[0])
    for file in files:
        if file.path in DOCUMENTS and sizes[file.object] > MAX_DOCUMENT:
            what, most = f"{sizes[file.object]:,} bytes", f"at most {MAX_DOCUMENT:,} bytes in this file"
            found.refuse(f"{shown}/{file.path}", what, most, "make it smaller")
    total = sum(sizes[file.object] for file in files)
    if total > MAX_ENTRY:
        largest = max(files, key=lambda file: sizes[file.object])
        what = f"{total:,} bytes in all, {sizes[largest.object]:,} of them in {largest.path}"
        found.refuse(shown, what, f"at most {MAX_ENTRY:,} bytes in all files of the entry", "make it smaller")
    return sizes


def unpack(folder: Path, found: Found, files: list[File], out: Path) -> None:
    """Write the files, each to its known name."""
    out.mkdir(parents=True)
    for file in files:
        path = out / file.path
        path.parent.mkdir(exist_ok=True)
        git(folder, "cat-file", "blob", file.object, out=path)
        with path.open("rb") as opened:
            is_pointer = opened.read(len(_POINTER)) == _POINTER
        if is_pointer:
            place = f"{ENTRIES}/{found.name}/{file.path}"
            found.refuse(place, "a pointer of Git LFS", "the file itself", "commit it without LFS")


def take(request: Request, out: Path) -> Found:
    """Take the one entry of a request into ``out/entry``; what there is to say is written to ``out/found.json``."""
    found = Found()
    folder = out / "git"
    base, merge = fetch(folder, request)
    name = named(found, changes(folder, base, merge))
    if name is not None:
        found.name = name
        _take(folder, found, (base, merge, request.head), out / "entry")
    (out / "found.json").write_text(json.dumps(asdict(found)) + "\n", encoding="utf-8")
    return found


def _take(folder: Path, found: Found, commits: tuple[str, str, str], out: Path) -> None:
    base, merge, head = commits
    name = found.name or ""
    shown = f"{ENTRIES}/{name}"
    found.change = "new" if tree_of(folder, base, name) is None else "changed"
    tree = tree_of(folder, head, name)
    if tree_of(folder, merge, name) is None:
        remedy = "leave it; a maintainer takes an entry down when its submitter asks"
        found.refuse(shown, "an entry that is deleted, or is no folder any more", "the entry", remedy)
        return
    if tree is None or tree != tree_of(folder, merge, name):
        remedy = "merge the base branch into the request's branch"
        found.refuse(shown, "an entry that the base branch has changed meanwhile", "the base branch's", remedy)
        return
    files = files_of(folder, found, tree)
    if found.problems:
        return
    if not files:
        found.refuse(shown, "no file", "the files of an entry", "`amends leaderboard add` makes them")
        return
    fetch_files(folder, found, files)
    if not found.problems:
        unpack(folder, found, files, out)
    if not found.problems:
        found.state = "taken"


def workflows(request: Request, out: Path) -> str:
    """Whether a request changes what its own check ran by: ``same``, ``changed``, or ``moved`` where it moved on.

    The hosting service takes the workflow of a `pull_request` run from the merge, so that a request that changes it
    may have reported anything.
    """
    try:
        base, merge = fetch(out / "git", request)
    except Moved:
        return "moved"
    changed = changes(out / "git", base, merge)
    return "changed" if any(path == ".github" or path.startswith(".github/") for path, _ in changed) else "same"


def artifact(listed: Path) -> str:
    """Id of the run's newest artifact of the name, an empty text where there is none.

    Raises:
        Failed: it is too large to be what the check writes.
    """
    some = [one for one in json.loads(listed.read_bytes())["artifacts"] if one["name"] == ARTIFACT]
    if not some:
        return ""
    newest = max(some, key=lambda one: int(one["id"]))
    if int(newest["size_in_bytes"]) > MAX_ARTIFACT:
        raise Failed(f"the artifact has {int(newest['size_in_bytes']):,} bytes, more than {MAX_ARTIFACT:,}")
    return str(int(newest["id"]))


def _asked(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="What a pull request does to the leaderboard.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    for verb in ("take", "workflows"):
        one = verbs.add_parser(verb)
        one.add_argument("--remote", required=True)
        one.add_argument("--number", required=True)
        one.add_argument("--head", required=True)
        one.add_argument("--merge")
        one.add_argument("--out", required=True, type=Path)
    verbs.add_parser("artifact").add_argument("listed", type=Path)
    asked = parser.parse_args(arguments)
    if asked.verb != "artifact":
        if not NUMBER.fullmatch(asked.number):
            parser.error("--number takes the number of a pull request")
        if not SHA.fullmatch(asked.head) or not SHA.fullmatch(asked.merge or asked.head):
            parser.error("--head and --merge take a commit, 40 hex")
        if not asked.remote.startswith(("https://", "file://")):
            parser.error("--remote takes an https address")
    return asked


def _request(asked: argparse.Namespace) -> Request:
    return Request(asked.remote, asked.head, asked.merge or f"refs/pull/{asked.number}/merge")


def main(arguments: list[str] | None = None) -> int:
    """The command line: what a later step takes goes to standard output, what a person reads to standard error."""
    asked = _asked(arguments)
    os.environ |= {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_TERMINAL_PROMPT": "0"}
    try:
        if asked.verb == "artifact":
            sys.stdout.write(artifact(asked.listed) + "\n")
        elif asked.verb == "workflows":
            sys.stdout.write(workflows(_request(asked), asked.out) + "\n")
        else:
            found = take(_request(asked), asked.out)
            sys.stdout.write(f"state={found.state}\nname={found.name or ''}\n")
            sys.stderr.write("".join(f"refused: {problem}\n" for problem in found.problems))
    except Failed as error:
        sys.stderr.write(f"request.py: {error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
