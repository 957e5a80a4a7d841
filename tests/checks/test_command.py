"""``amends check``: output, exit codes, options."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.checks.conftest import spoil, turns, write

from amends.cli.check import command
from amends.errors import UsageError


def test_a_clean_folder_ends_with_0(folder: Path) -> None:
    done = CliRunner().invoke(command, [str(folder)])
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert len(lines) == 1
    assert lines[0].endswith("files, 0 problems")


def test_problems_stand_on_standard_output_one_a_line(folder: Path) -> None:
    spoil(folder, "annotations/ann-1.jsonl", lambda records: records[2]["levels"].update(empathy=6))
    done = CliRunner().invoke(command, [str(folder)])
    assert done.exit_code == 1
    place = f"{folder / 'annotations' / 'ann-1.jsonl'}:3 $.levels.empathy"
    assert f"{place}: found 6, expected 1 to 5; change the number" in done.stdout.splitlines()
    assert done.stdout.splitlines()[-1].split(", ")[-1].endswith("problems")


def test_json_alone_stands_on_standard_output(folder: Path) -> None:
    spoil(folder, "annotations/ann-1.jsonl", lambda records: records[2]["levels"].update(empathy=6))
    done = CliRunner().invoke(command, [str(folder), "--json"])
    assert done.exit_code == 1
    loaded = json.loads(done.stdout)
    assert loaded["records"][str(folder / "plan.jsonl")] == 6
    one = next(p for p in loaded["problems"] if p["path"] == "$.levels.empathy")
    assert (one["line"], one["found"], one["expected"], one["remedy"]) == (3, "6", "1 to 5", "change the number")


def test_fix_prints_what_it_did(folder: Path) -> None:
    file = folder / "plan.jsonl"
    file.write_bytes(file.read_bytes()[:-1])
    done = CliRunner().invoke(command, [str(folder), "--fix"])
    assert done.exit_code == 0
    assert done.stdout.splitlines()[0] == f"{file}:6: no final line end mended"


def test_wrong_use_ends_with_2() -> None:
    assert CliRunner().invoke(command, []).exit_code == 2
    assert CliRunner().invoke(command, ["x", "--mend"]).exit_code == 2
    with pytest.raises(UsageError, match="standard input"):
        CliRunner().invoke(command, ["-", "--fix"], catch_exceptions=False)


def test_a_file_that_is_missing_ends_with_1(tmp_path: Path) -> None:
    done = CliRunner().invoke(command, [str(tmp_path / "none.jsonl")])
    assert done.exit_code == 1
    assert "no such file" in done.stdout


def test_what_a_record_holds_cannot_steer_the_terminal(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", [{"id": "a", "turns": turns("x"), "reply": "y", "\x1b[2J\nfake:1 $": 1}])
    done = CliRunner().invoke(command, [str(tmp_path / "a.jsonl")])
    assert "\x1b" not in done.stdout
    assert len(done.stdout.splitlines()) == 2


def test_a_file_name_that_is_no_text(tmp_path: Path) -> None:
    name = str(tmp_path / "a\udcff.jsonl")
    for options in ([], ["--json"]):
        assert CliRunner().invoke(command, [name, *options]).exit_code == 1
