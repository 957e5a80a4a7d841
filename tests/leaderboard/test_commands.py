"""``add``, ``check`` and ``rescore`` as they are called."""

# ruff: noqa: E501  (tables read best a row a line)
from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import Command
from tests.leaderboard.cases import HELD, Board, data_folder, lines, said

from amends.leaderboard.material import read_material, read_sets

SAID = ("--contamination-statement", "Written without a look at any reply.", "--seen", "no")


def where(board: Board) -> tuple[object, ...]:
    return ("--entries", board.folder, "--data", board.data)


def run_folder(board: Board, folder: Path, replies: list[Any] | None = None, **changes: Any) -> Path:
    """A run folder as ``amends run`` leaves it."""
    settings = {
        "generator": {"name": "My Clerk", "version": "2", "card": "0" * 12},
        "set": "test",
        "data": read_sets(board.data)[2]["test"],
        "samples": 1,
        "limit": None,
    } | changes
    folder.mkdir()
    times = {"started": "2026-11-22T00:00:00+00:00", "finished": "2026-11-22T00:01:00+00:00"}
    (folder / "run.json").write_text(json.dumps({"settings": settings} | times))
    (folder / "replies.jsonl").write_bytes(lines(board.replies() if replies is None else replies))
    (folder / "result.json").write_text("{}")
    return folder


def card(folder: Path, **changes: Any) -> Path:
    folder.mkdir(exist_ok=True)
    made = {"name": "My Clerk", "version": "2", "kind": "program", "command": ["x"]} | changes
    (folder / "generator.json").write_text(json.dumps(made))
    return folder / "generator.json"


def test_a_run_becomes_an_entry(amends: Command, board: Board, tmp_path: Path) -> None:
    run = run_folder(board, tmp_path / "run", list(reversed(board.replies(samples=2))))
    made = amends("leaderboard", "add", run, "--card", card(tmp_path / "g"), "--credit", "A & B", *SAID, *where(board))
    assert made.code == 0, made.err
    assert "my-clerk: written" in made.out and "amends|data:test@" in made.out and "n 20/10" in made.out
    entry = json.loads((board.entries / "my-clerk" / "entry.json").read_bytes())
    assert entry["set"] == "test" and entry["settings"] == {"samples": 2} and entry["credit"] == "A & B"
    assert entry["contamination"] == {"seen": "no", "statement": SAID[1]}
    first = json.loads((board.entries / "my-clerk" / "replies.jsonl").read_bytes().splitlines()[0])
    assert (first["scenario_id"], first["sample"]) == ("t0", 0), "in the order of the scenarios"
    assert amends("leaderboard", "check", "my-clerk", *where(board)).code == 0
    assert not list(board.folder.glob(".adding*"))


def test_replies_to_the_systems_set(amends: Command, board: Board, tmp_path: Path) -> None:
    file = tmp_path / "replies.jsonl"
    file.write_bytes(lines(board.replies()))
    asked = ("leaderboard", "add", file, "--card", card(tmp_path / "g"), "--set", "systems", "--name", "sys-clerk")
    made = amends(*asked, *SAID, *where(board))
    assert made.code == 0 and "n 6/6" in made.out, "the four other scenarios of test are left out"


@pytest.mark.parametrize(
    ("missing", "words"),
    [
        ("--contamination-statement", "--contamination-statement TEXT"),
        ("--seen", "--seen no|yes|unknown"),
        ("--card", "add --card FILE"),
    ],
)
def test_what_is_missing_is_asked_for_by_name(
    amends: Command, board: Board, tmp_path: Path, missing: str, words: str
) -> None:
    given = {"--card": str(card(tmp_path / "g")), SAID[0]: SAID[1], SAID[2]: SAID[3]}
    del given[missing]
    options = [part for pair in given.items() for part in pair]
    found = amends("leaderboard", "add", run_folder(board, tmp_path / "run"), *options, *where(board))
    assert found.code == 2 and words in found.err
    assert not list(board.entries.iterdir())


@pytest.mark.parametrize(
    ("changes", "options", "code", "words", "why"),
    [
        ({"set": "validation"}, (), 2, "takes runs on test", "another split"),
        ({"limit": 3}, (), 2, "--limit 3", "a part of the set"),
        ({"data": "0" * 12}, (), 2, "other scenarios", "other data"),
        ({}, ("--name", "../up"), 2, "no name for an entry", "a way out"),
        ({}, ("--name", "rules"), 2, "reads like 'rules'", "a scorer"),
        ({}, ("--setting", "temperature"), 2, "KEY=VALUE", "half a setting"),
        ({}, ("--setting", "key=secret"), 1, "settings are not hidden", "a hidden setting"),
        ({}, ("--submitted", "today"), 1, "a date", "no day"),
        ({}, ("--credit", "a\u202eb"), 1, "U+202E", "a trick"),
        ({"generator": {"name": "other", "version": "1", "card": ""}}, (), 2, "the right one", "another generator's card"),
    ],
)  # fmt: skip
def test_what_add_refuses(
    amends: Command, board: Board, tmp_path: Path, changes: dict[str, Any], options: tuple[str, ...], code: int,
    words: str, why: str,
) -> None:  # fmt: skip
    run = run_folder(board, tmp_path / "run", **changes)
    found = amends("leaderboard", "add", run, "--card", card(tmp_path / "g"), *SAID, *options, *where(board))
    assert (found.code, words in found.err) == (code, True), (why, found.err)
    assert not list(board.entries.iterdir()) and not list(board.folder.glob(".adding*")), "nothing is left behind"


def test_a_copy_is_not_added(amends: Command, board: Board, tmp_path: Path) -> None:
    own = board.replies()
    own[3]["text"] = HELD
    run = run_folder(board, tmp_path / "run", own)
    found = amends("leaderboard", "add", run, "--card", card(tmp_path / "g"), *SAID, *where(board))
    assert found.code == 1 and "my-clerk/replies.jsonl:4 $.text" in found.err


def test_an_entry_is_not_replaced(amends: Command, board: Board, tmp_path: Path) -> None:
    board.good("my-clerk")
    run = run_folder(board, tmp_path / "run")
    found = amends("leaderboard", "add", run, "--card", card(tmp_path / "g"), *SAID, *where(board))
    assert found.code == 2 and "already" in found.err


def test_an_unfinished_run_or_no_run(amends: Command, board: Board, tmp_path: Path) -> None:
    run = run_folder(board, tmp_path / "run")
    (run / "result.json").unlink()
    assert "not finished" in amends("leaderboard", "add", run, *SAID, *where(board)).err
    (tmp_path / "empty").mkdir()
    assert "no run folder" in amends("leaderboard", "add", tmp_path / "empty", *SAID, *where(board)).err
    assert "or use --systems" in amends("leaderboard", "add", *where(board)).err


def test_settings_of_a_model_come_from_its_run(amends: Command, board: Board, tmp_path: Path) -> None:
    from amends.generators.prompt import SystemPrompt

    own = tmp_path / "system.txt"
    own.write_text("You answer for {company}.")
    made = {"name": "some-model", "version": "abcd1234", "card": "0" * 12, "base_url": "http://localhost/v1"}
    made |= {"system_sha256": SystemPrompt(own).sha256, "temperature": 0.5, "max_tokens": None}
    run = run_folder(board, tmp_path / "run", generator=made)
    refused = amends("leaderboard", "add", run, *SAID, *where(board))
    assert refused.code == 2 and "--system FILE" in refused.err
    found = amends("leaderboard", "add", run, "--system", own, *SAID, *where(board))
    assert found.code == 0, found.err
    settings = json.loads((board.entries / "some-model" / "entry.json").read_bytes())["settings"]
    assert settings["system_prompt"] == "You answer for {company}." and settings["temperature"] == 0.5
    built_in = made | {"system_sha256": SystemPrompt().sha256}
    run = run_folder(board, tmp_path / "run2", generator=built_in)
    found = amends("leaderboard", "add", run, "--name", "some-model-plain", *SAID, *where(board))
    assert found.code == 0, found.err
    entry = json.loads((board.entries / "some-model-plain" / "entry.json").read_bytes())
    assert "{company}" in entry["settings"]["system_prompt"]


def test_the_systems_set_in_one_command(amends: Command, board: Board) -> None:
    refused = amends("leaderboard", "add", "--systems", *where(board))
    assert refused.code == 1 and "released reply" in refused.err, "without project.json it copies released replies"
    document = {"official": ["rules"], "project": ["systems-clerk"], "verified": {}}
    (board.folder / "project.json").write_text(json.dumps(document))
    made = amends("leaderboard", "add", "--systems", "--submitted", "2026-11-22", *where(board))
    assert made.code == 0 and "systems-clerk: written" in made.out, made.err
    again = amends("leaderboard", "add", "--systems", *where(board))
    assert again.code == 0 and "0 entries added" in again.err


def test_check_names_file_line_field_and_exits_1(amends: Command, board: Board) -> None:
    board.good()
    own = board.replies()
    own[2]["text"] = HELD
    board.entry("copier", replies=own)
    found = amends("leaderboard", "check", "--all", "--jobs", 1, *where(board))
    assert found.code == 1
    assert "copier/replies.jsonl:3 $.text: found the words of a released reply" in found.err
    assert "copier: refused" in found.out and "honest-clerk: as recomputed" in found.out
    assert HELD not in found.out + found.err, "a released text is not repeated"


def test_check_writes_what_it_recomputed(amends: Command, board: Board) -> None:
    path = board.entry()
    before = amends("leaderboard", "check", path, *where(board))
    assert before.code == 1 and "check NAME --write" in before.err
    assert amends("leaderboard", "check", "honest-clerk", "--write", *where(board)).code == 0
    assert amends("leaderboard", "check", "--all", *where(board)).code == 0


def test_check_as_json(amends: Command, board: Board) -> None:
    board.good()
    found = json.loads(amends("leaderboard", "check", "--all", "--json", *where(board)).out)
    assert found[0]["good"] is True and found[0]["results"]["rules"]["counts"]["replies"] == 10


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("check",), "name entries, or use --all"),
        (("check", "honest-clerk", "--all"), "name entries, or use --all"),
        (("check", "honest-clark"), "Did you mean honest-clerk?"),
        (("check", "../../etc"), "unknown entry"),
        (("check", "/etc"), "unknown entry"),
    ],
)
def test_wrong_use(amends: Command, board: Board, args: tuple[str, ...], words: str) -> None:
    board.good()
    found = amends("leaderboard", *args, *where(board))
    assert found.code == 2 and words in found.err


def test_the_project_file_of_another_place(amends: Command, board: Board, tmp_path: Path) -> None:
    """As in CI: the request's own project.json says nothing."""
    own = board.replies()
    own[0]["text"] = HELD
    board.entry(replies=own)
    sly = {"official": ["rules"], "project": ["honest-clerk"], "verified": {}}
    (board.folder / "project.json").write_text(json.dumps(sly))
    base = tmp_path / "base.json"
    base.write_text(json.dumps({"official": ["rules"], "project": [], "verified": {}}))
    found = amends("leaderboard", "check", "--all", "--project", base, *where(board))
    assert found.code == 1 and "released reply" in found.err


def test_rescore_takes_entries_along_and_says_what_is_not_comparable(
    amends: Command, board: Board, tmp_path: Path
) -> None:
    path = board.good()
    same = amends("leaderboard", "rescore", *where(board))
    assert same.code == 0 and "All scores of 1 entries can be compared" in same.out
    raw = json.loads((path / "result.json").read_bytes())
    raw["rules"]["scorer"]["version"] = 1
    raw["rules"]["dimensions"]["empathy"]["mean"]["value"] -= 0.5
    (path / "result.json").write_text(json.dumps(raw))
    newer = data_folder(tmp_path / "newer", version="10.0.0")
    found = amends("leaderboard", "rescore", "--entries", board.folder, "--data", newer)
    assert found.code == 0, found.err
    assert "Scores of rules.1 cannot be compared with those of rules.3 (1 entry" in found.out
    assert "empathy +0.50 (honest-clerk)" in found.out
    assert json.loads((path / "entry.json").read_bytes())["dataset"] == "10.0.0", "its scenarios are the same"
    assert amends("leaderboard", "check", "--all", "--entries", board.folder, "--data", newer).code == 0


def test_rescore_leaves_an_entry_whose_scenarios_changed(amends: Command, board: Board, tmp_path: Path) -> None:
    path = board.good()
    before = (path / "result.json").read_bytes()
    other = data_folder(tmp_path / "other", version="10.0.0", word=" Still.")
    found = amends("leaderboard", "rescore", "--entries", board.folder, "--data", other)
    assert found.code == 1 and "run it again" in found.err
    assert "Not rescored" in found.out and "honest-clerk" in found.out
    assert (path / "result.json").read_bytes() == before


def test_help_lists_the_commands(amends: Command) -> None:
    shown = amends("leaderboard", "--help").out
    for name in ("add", "check", "rescore", "build"):
        assert f"\n  {name} " in shown


def test_material_of_a_folder(board: Board) -> None:
    material = read_material(board.data)
    assert material.version == "9.9.9"
    assert {name: len(some) for name, some in material.sets.items()} == {"test": 10, "systems": 6}
    overlap, copies = material.released.look([said(0), HELD])
    assert overlap.found == 0 and set(copies) == {1}
