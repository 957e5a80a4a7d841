"""What may lie in an entry's folder, and what is refused without being read, followed or unpacked."""

from __future__ import annotations

import gzip
import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from amends.errors import Problem
from amends.leaderboard.files import MAX_DOCUMENT, MAX_ENTRY, read_entry
from amends.leaderboard.values import MAX_DEPTH, MAX_LINES, document, lines


def entry(folder: Path) -> Path:
    path = folder / "entries" / "one"
    (path / "annotations").mkdir(parents=True)
    for name in ("entry.json", "generator.json", "result.json", "check.json"):
        (path / name).write_text("{}")
    (path / "replies.jsonl").write_text("{}\n")
    (path / "annotations" / "rules.jsonl").write_text("{}\n")
    return path


def sparse(path: Path, size: int) -> None:
    with path.open("wb") as stream:
        stream.truncate(size)


def test_a_whole_entry(tmp_path: Path) -> None:
    entry(tmp_path)
    found = read_entry(tmp_path / "entries", "one", ("rules",))
    assert not found.problems
    assert set(found.data) == {
        "entry.json", "generator.json", "result.json", "check.json", "replies.jsonl", "annotations/rules.jsonl",
    }  # fmt: skip


def link(path: Path, target: Path) -> None:
    path.unlink()
    path.symlink_to(target)


SECRET = "what no page may show"


@pytest.mark.parametrize(
    ("spoil", "words", "why"),
    [
        (lambda p, s: link(p / "replies.jsonl", s), "symbolic link", "a link to a file outside"),
        (lambda p, s: link(p / "replies.jsonl", Path("entry.json")), "symbolic link", "a link to a file inside"),
        (lambda p, s: link(p / "replies.jsonl", Path("nowhere")), "symbolic link", "a link to nothing"),
        (lambda p, s: link(p / "replies.jsonl", Path("/dev/zero")), "symbolic link", "a link to a device without end"),
        (lambda p, s: link(p / "annotations" / "rules.jsonl", s), "symbolic link", "one floor down"),
        (lambda p, s: (p / "replies.jsonl").unlink() or os.link(s, p / "replies.jsonl"), "hard links", "a hard link"),
        (lambda p, s: (p / "replies.jsonl").unlink() or os.mkfifo(p / "replies.jsonl"), "a pipe", "a pipe would wait"),
        (lambda p, s: (p / "replies.jsonl").unlink() or (p / "replies.jsonl").mkdir(), "a folder", "a folder"),
        (lambda p, s: sparse(p / "replies.jsonl", 1 << 30), "1,073,741,824 bytes", "a sparse gigabyte"),
        (lambda p, s: sparse(p / "entry.json", MAX_DOCUMENT + 1), "1,000,001 bytes", "a document of a megabyte"),
        (lambda p, s: sparse(p / "replies.jsonl", MAX_ENTRY - 5), "in all files", "the entry as a whole"),
        (lambda p, s: (p / "replies.jsonl.gz").write_bytes(gzip.compress(bytes(10**7))), "unknown file", "a zip bomb"),
        (lambda p, s: (p / "weights.pkl").write_bytes(b"cos\nsystem\n"), "unknown file", "a pickle"),
        (lambda p, s: (p / "generate.py").write_text("raise SystemExit"), "unknown file", "code"),
        (lambda p, s: (p / ".git").mkdir(), "unknown file", "a folder of git's"),
        (lambda p, s: (p / "annotations" / "gold.jsonl").write_text(""), "unknown file", "annotations by nobody known"),
        (lambda p, s: (p / "annotations" / "x").mkdir(), "unknown file", "a folder below"),
        (lambda p, s: [(p / f"{i}.txt").write_text("") for i in range(500)], "480 more", "many files, told of briefly"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_refused(tmp_path: Path, spoil: Callable[[Path, Path], object], words: str, why: str) -> None:
    path, secret = entry(tmp_path), tmp_path / "secret"
    secret.write_text(SECRET)
    spoil(path, secret)
    found = read_entry(tmp_path / "entries", "one", ("rules",))
    assert words in "\n".join(map(str, found.problems)), why
    assert SECRET.encode() not in b"".join(found.data.values()), why
    assert len(found.problems) <= 21


def test_a_socket_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = entry(tmp_path)
    (path / "check.json").unlink()
    monkeypatch.chdir(path)  # a socket's path is short
    with socket.socket(socket.AF_UNIX) as own:
        own.bind("check.json")
        found = read_entry(tmp_path / "entries", "one", ("rules",))
    assert "a socket" in str(found.problems[0])


@pytest.mark.parametrize("name", ["..", ".", "", "../entries/one", "/etc", "one/annotations", "a\\b", "a\0b"])
def test_a_name_is_no_path(tmp_path: Path, name: str) -> None:
    entry(tmp_path)
    found = read_entry(tmp_path / "entries", name, ("rules",))
    assert found.problems and not found.data


def test_a_linked_entry_or_folder_of_annotations_is_not_followed(tmp_path: Path) -> None:
    path = entry(tmp_path)
    (tmp_path / "entries" / "two").symlink_to(path)
    found = read_entry(tmp_path / "entries", "two", ("rules",))
    assert "symbolic link" in str(found.problems[0]) and not found.data
    (path / "annotations").rename(tmp_path / "elsewhere")
    (path / "annotations").symlink_to(tmp_path / "elsewhere")
    found = read_entry(tmp_path / "entries", "one", ("rules",))
    assert "symbolic link" in str(found.problems[0]) and "annotations/rules.jsonl" not in found.data


def nested(depth: int) -> str:
    return '{"a":' * depth + "1" + "}" * depth


@pytest.mark.parametrize(
    ("text", "words", "why"),
    [
        (nested(MAX_DEPTH), None, "as deep as may be"),
        (nested(MAX_DEPTH + 1), "nested more than 20", "one too deep"),
        (nested(100_000), "JSON", "deep enough to end a careless parser"),
        ("[" * 100_000, "broken JSON", "and never closed"),
        ('{"a": NaN}', "broken JSON", "a value that JSON does not have"),
        ('{"a": "\\ud800"}', "broken JSON", "half a character"),
        ("", "broken JSON", "nothing"),
        ("\xff", None, "Latin-1 is written as UTF-8 by this test, and is a text of one character")
    ],
)  # fmt: skip
def test_documents(tmp_path: Path, text: str, words: str | None, why: str) -> None:
    path = entry(tmp_path)
    (path / "entry.json").write_text(text if words or text.startswith("{") else f'"{text}"', encoding="utf-8")
    found = document(read_entry(tmp_path / "entries", "one", ("rules",)), "entry.json")
    assert isinstance(found, Problem) is (words is not None), why
    assert words is None or words in str(found), why


def test_bytes_that_are_no_utf_8(tmp_path: Path) -> None:
    (entry(tmp_path) / "entry.json").write_bytes(b'{"a": "\xff"}')
    assert isinstance(document(read_entry(tmp_path / "entries", "one", ()), "entry.json"), Problem)


def test_a_bad_line_is_told_and_the_others_are_read(tmp_path: Path) -> None:
    (entry(tmp_path) / "replies.jsonl").write_bytes(
        b'{"a":1}\n\n{"a"\n' + b'{"a":"' + b"x" * 1_300_000 + b'"}\n{"a":2}\n'
    )
    found = list(lines(read_entry(tmp_path / "entries", "one", ("rules",)), "replies.jsonl"))
    assert [number for number, _ in found] == [1, 3, 4, 5]
    assert found[0][1] == {"a": 1} and found[3][1] == {"a": 2}
    assert (
        isinstance(found[1][1], Problem) and "broken JSON" in str(found[1][1]) and "1,300,008 bytes" in str(found[2][1])
    )


def test_lines_have_an_end(tmp_path: Path) -> None:
    """Fifty million line ends, or a million bad lines, must not keep a machine busy."""
    (entry(tmp_path) / "replies.jsonl").write_bytes(b"\n" * (MAX_LINES - 1) + b"{}\n" * 50_000)
    found = list(lines(read_entry(tmp_path / "entries", "one", ("rules",)), "replies.jsonl"))
    assert [number for number, _ in found] == [MAX_LINES, MAX_LINES + 1]
    assert "more than 10,000 lines" in str(found[-1][1])
