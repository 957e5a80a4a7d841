"""The entries of this repository: each as its replies come to, the cheats last."""

from pathlib import Path

import pytest

from amends.leaderboard.board import Board, read_board
from amends.leaderboard.check import How, check_entries
from amends.leaderboard.project import read_project
from amends.site.tables import lines

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "leaderboard"
NAMES = sorted(path.name for path in (FOLDER / "entries").iterdir())


@pytest.fixture(scope="module")
def board() -> Board:
    return read_board(FOLDER)


def test_every_entry_is_what_its_replies_come_to() -> None:
    how = How(FOLDER / "entries", read_project(FOLDER / "project.json"), None, cached=False)
    for found in check_entries(NAMES, how):
        assert not found.problems and not found.differences, (found.name, found.problems, found.differences)


def test_every_baseline_and_every_system_has_an_entry() -> None:
    baselines = {path.parent.name for path in (ROOT / "baselines").glob("*/generator.json")}
    assert baselines | {"reference"} == {name for name in NAMES if not name.startswith("systems-")}
    assert len([name for name in NAMES if name.startswith("systems-")]) == 10


@pytest.mark.parametrize("scorer", ["trained", "rules"])
@pytest.mark.parametrize("chosen", ["test", "systems"])
def test_cheats_come_last(board: Board, chosen: str, scorer: str) -> None:
    ranked, outside = lines(board, board.tables[chosen], scorer)
    cheats = [line.name for line in outside if "cheat-" in line.name]
    assert cheats == [line.name for line in outside][-len(cheats) :]
    assert not [line.name for line in ranked if "cheat-" in line.name]


def test_nothing_is_verified_that_the_project_did_not_verify(board: Board) -> None:
    assert not [row.name for table in board.tables.values() for row in table.rows if row.verified]
