"""The board as it is read back: rows, tiers, slices, and what is not as check left it."""

# ruff: noqa: E501  (tables read best a row a line)
from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.leaderboard.cases import TRAIN, Board, restamped

from amends.errors import InputError, UsageError
from amends.leaderboard.board import entry_items, read_board
from amends.records import DIMENSIONS
from amends.results import dimension_results, row_of
from amends.signature import SEED, parse

BAD = "Calm down, it is only a {}. You should have read the label, and the courier is to blame, not us, number {}."


def poor(board: Board, chosen: str = "test") -> list[dict[str, Any]]:
    own = board.replies(chosen)
    for i, reply in enumerate(own):
        reply["text"] = BAD.format("parcel", i)
    return own


def test_rows_tiers_and_tables(board: Board) -> None:
    board.good("good-clerk")
    board.good("poor-clerk", replies=poor(board))
    copied = board.replies()
    for i, reply in enumerate(copied):
        reply["text"] = f"{TRAIN} Number {i}."
    board.good("looker-up", replies=copied)
    board.good("gap-clerk", replies=board.replies()[1:])
    board.good("sys-clerk", set="systems")
    board.good("sys-poor", replies=poor(board, "systems"), set="systems")
    found = read_board(board.folder, board.data)
    test, systems = found.tables["test"], found.tables["systems"]
    assert [row.name for row in test.rows] == ["gap-clerk", "good-clerk", "looker-up", "poor-clerk"]
    assert [row.name for row in systems.rows] == ["sys-clerk", "sys-poor"], "sets are never mixed"
    unranked = {row.name: row.unranked for row in test.rows}
    assert unranked == {
        "gap-clerk": "10.0% without a reply", "good-clerk": None, "looker-up": "retrieval", "poor-clerk": None,
    }  # fmt: skip
    assert [row.retrieval for row in test.rows] == [False, False, True, False]
    for dimension in DIMENSIONS:
        assert test.tiers["rules"][dimension] == (("good-clerk",), ("poor-clerk",))
    # the same on 6 scenarios: 2 of 64 sign patterns, so 3 equal dimensions stay at 0.031
    assert systems.tiers["rules"]["depersonalization"] == (("sys-clerk",), ("sys-poor",))
    assert "looker-up (retrieval)" in " ".join(test.notes)
    line = parse(test.signatures["rules"])
    assert line["n"] == "20/10" and line["scorer"].startswith("rules.") and line["data"].startswith("leaderboard-test@")
    assert test.signatures["rules"] != systems.signatures["rules"]
    assert found.dataset == "9.9.9" and [one["name"] for one in found.scorers] == ["rules"]
    assert read_board(board.folder, board.data) == found


def test_slices_are_those_of_the_same_rows(board: Board) -> None:
    board.good(replies=board.replies(samples=2)[1:])
    row = read_board(board.folder, board.data).tables["test"].rows[0]
    assert {field: list(values) for field, values in row.slices.items()} == {
        "domain": ["bank", "shop"], "channel": ["email"], "fault": ["company", "unclear"],
    }  # fmt: skip
    items = list(entry_items(board.folder, row, board.data))
    rows = [
        row_of(by["rules"], exchange.scenario_id or "", exchange.context.language)
        for exchange, by in items
        if exchange.context.domain == "shop"
    ]
    second = dimension_results(rows, SEED)
    for dimension, one in row.slices["domain"]["shop"]["rules"].items():
        other = second[dimension]
        assert (one.breach, one.full, one.levels) == (other.breach, other.full, other.levels)
        assert one.mean.value == pytest.approx(other.mean.value)
        assert one.mean.low == pytest.approx(other.mean.low, abs=0.05), "draws of their own"
        assert (one.mean.n, one.mean.clusters) == (10, 5)
    # the reply that is not there is one of a bank (t0)
    bank = row.slices["domain"]["bank"]["rules"]["empathy"]
    assert bank.bounds is not None and bank.breach.n == 10 and bank.mean.n == 9


def test_items_are_in_order_with_each_annotation(board: Board) -> None:
    board.good(replies=list(reversed(board.replies(samples=2))))
    row = read_board(board.folder, board.data).tables["test"].rows[0]
    items = list(entry_items(board.folder, row, board.data))
    assert [(e.scenario_id, e.sample) for e, _ in items] == [(f"t{i}", s) for i in range(10) for s in range(2)]
    assert all(by["rules"].reply_id == e.id and e.turns for e, by in items)


def test_verified_and_project_come_from_the_project_alone(board: Board) -> None:
    board.good(meta={"verified": {"by": "me"}})
    assert read_board(board.folder, board.data).tables["test"].rows[0].verified is None
    said = {"by": "the maintainers", "date": "2026-11-22", "how": "run again from its card"}
    document = {"official": ["rules"], "project": ["honest-clerk"], "verified": {"honest-clerk": said}}
    (board.folder / "project.json").write_text(json.dumps(document))
    row = read_board(board.folder, board.data).tables["test"].rows[0]
    assert row.verified == said and row.project


def edited(path: Path, edit: Callable[[Any], object]) -> None:
    raw = json.loads(path.read_bytes())
    edit(raw)
    path.write_text(json.dumps(raw))


def restamp(path: Path, edit: Callable[[Any], object]) -> None:
    edited(path, edit)
    restamped(path.parent)


@pytest.mark.parametrize(
    ("spoil", "words", "why"),
    [
        (lambda p: (p / "replies.jsonl").write_bytes((p / "replies.jsonl").read_bytes() + b"\n"), "other bytes", "replies changed after the check"),
        (lambda p: (p / "annotations" / "rules.jsonl").unlink(), "nothing", "annotations are gone"),
        (lambda p: (p / "check.json").unlink(), "check.json", "never checked"),
        (lambda p: (p / "check.json").write_text("{}"), "rescore", "no check at all"),
        (lambda p: edited(p / "check.json", lambda r: r.update(dataset="1.0.0")), "rescore", "other data"),
        (lambda p: edited(p / "check.json", lambda r: r.update(schema=1)), "$.schema: found 1, expected 2", "a check by an older amends"),
        (lambda p: edited(p / "check.json", lambda r: r.pop("overlap")), "KeyError", "a field is gone"),
        (lambda p: edited(p / "check.json", lambda r: r.update(slices=[])), "leaves it", "something else"),
        (lambda p: restamp(p / "result.json", lambda r: r["rules"]["scorer"].update(version=1)), "rescore", "an older scorer"),
        (lambda p: restamp(p / "result.json", lambda r: r["rules"].pop("steps")), "KeyError", "half a result"),
        (lambda p: edited(p / "result.json", lambda r: r["rules"]["counts"].update(replies=7)), "result.json", "a result changed after the check"),
        (lambda p: edited(p / "entry.json", lambda r: r.update(credit="A better team")), "other bytes", "what the submitter says changed after the check"),
        (lambda p: edited(p / "generator.json", lambda r: r.update(description="Another")), "other bytes", "and the card"),
        (lambda p: restamp(p / "entry.json", lambda r: r.update(name="another-clerk")), "give both one name", "an entry of another name"),
        (lambda p: restamp(p / "result.json", lambda r: r["rules"]["dimensions"]["empathy"]["breach"].update(value=0.099)), "empathy.breach.value", "a breach that is not that of the annotations"),
        (lambda p: restamp(p / "result.json", lambda r: r["rules"]["dimensions"]["excuse_avoidance"]["mean"].update(value=4.9)), "excuse_avoidance.mean", "a mean that is not"),
        (lambda p: edited(p / "entry.json", lambda r: r.update(kind="robot")), "no entry by its schema", "a kind that is none"),
        (lambda p: (p / "x.html").write_text("<script>"), "unknown file", "a stray page"),
        (lambda p: [(p / "result.json").unlink(), (p / "result.json").symlink_to("check.json")], "symbolic link", "a link"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_not_as_check_left_it(board: Board, spoil: Callable[[Path], object], words: str, why: str) -> None:
    spoil(board.good())
    board.good("other-clerk")
    with pytest.raises(InputError) as refused:
        read_board(board.folder, board.data)
    assert words in str(refused.value), why


def test_what_is_no_board(tmp_path: Path, board: Board) -> None:
    with pytest.raises(UsageError, match="no leaderboard"):
        read_board(tmp_path / "nowhere", board.data)
    assert read_board(board.folder, board.data).tables == {}, "no entry yet"
    (board.entries / "Stray Folder").mkdir()
    with pytest.raises(InputError, match="name of an entry"):
        read_board(board.folder, board.data)


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ("[]", "an object"),
        ("{", "broken JSON"),
        ('{"official": ["os:system"]}', "one of rules, trained"),
        ('{"official": "rules"}', "a list of names"),
        ('{"project": [1]}', "a list of names"),
        ('{"verified": {"x": true}}', "by, date, how"),
        ('{"verified": []}', "an object"),
        ('{"reviewers": []}', "unknown field"),
    ],
)
def test_project_json_is_held_to_its_form(board: Board, document: str, words: str) -> None:
    (board.folder / "project.json").write_text(document)
    with pytest.raises(InputError, match=words):
        read_board(board.folder, board.data)
