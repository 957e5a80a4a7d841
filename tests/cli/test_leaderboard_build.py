"""``amends leaderboard build``: from a folder of entries to pages, and wrong use in words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.leaderboard.cases import Board, data_folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A leaderboard that nobody has entered."""
    (tmp_path / "leaderboard" / "entries").mkdir(parents=True)
    project = {"official": ["rules"], "project": [], "verified": {}}
    (tmp_path / "leaderboard" / "project.json").write_text(json.dumps(project), encoding="utf-8")
    return tmp_path / "leaderboard"


def test_an_empty_leaderboard_builds_by_default_into_amends_runs(amends, folder: Path, tmp_path: Path) -> None:
    called = amends("leaderboard", "build")
    assert called.code == 0, called.err
    assert called.out.startswith("0 entries, ") and called.out.rstrip().endswith("index.html")
    assert "no bias or gaming gap of rules." in called.err
    assert "No entries yet" in (tmp_path / "amends-runs/leaderboard/index.html").read_text(encoding="utf-8")
    assert amends("leaderboard", "build").code == 0, "what was built may be built again"


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--entries", "nowhere"), 2, "nowhere"),
        (("-o", "mine"), 2, "holds files that no build wrote"),
        (("-o", "note.txt"), 2, "is no folder"),
        (("--scorers", "gone.json"), 1, "gone.json $: found no such file"),
        (("--jobs", "0"), 2, "--jobs"),
    ],
)
def test_wrong_use_is_told(amends, folder: Path, tmp_path: Path, arguments: tuple, code: int, said: str) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("x", encoding="utf-8")
    (tmp_path / "note.txt").write_text("x", encoding="utf-8")
    called = amends("leaderboard", "build", *arguments)
    assert (called.code, said in called.err) == (code, True), called.err
    assert "Traceback" not in called.err
    assert (tmp_path / "mine" / "thesis.txt").is_file()


def test_from_entries_to_pages(amends, folder: Path, tmp_path: Path) -> None:
    """Entries that check wrote, one of them with a reply full of tags and unseen characters: as in CI, twice."""
    board = Board(folder, data_folder(tmp_path / "data"))
    board.good("honest-clerk")
    replies = board.replies()
    replies[0]["text"] += " <script>alert(1)</script>\u202e\u200b"
    board.good("other-clerk", replies)
    board.good("few-clerk", board.replies("systems"), set="systems")
    for out in ("one", "two"):
        called = amends("leaderboard", "build", "-o", out, "--entries", "leaderboard", "--data", "data", "--jobs", 1)
        assert called.code == 0, called.err
        assert called.out.startswith("3 entries, ")
    names = sorted(path.relative_to("one") for path in Path("one").rglob("*.*"))
    assert [(Path("one") / name).read_bytes() for name in names] == [
        (Path("two") / name).read_bytes() for name in names
    ]
    page = Path("one/entries/other-clerk.html").read_text(encoding="utf-8")
    assert "&lt;script&gt;alert(1)" in page and "<script" not in page
    assert 'data-shown="U+202E"' in page
    index = Path("one/index.html").read_text(encoding="utf-8")
    assert 'data-name="honest-clerk"' in index and 'data-name="few-clerk"' not in index, "tables do not mix sets"
    assert 'data-name="few-clerk"' in Path("one/systems-rules.html").read_text(encoding="utf-8")
    assert "amends|data:leaderboard-test@" in index
