import json
from pathlib import Path

import pytest
from tests.leaderboard.cases import Board, data_folder


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return data_folder(tmp_path_factory.mktemp("data") / "data")


@pytest.fixture
def board(tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch) -> Board:
    """An empty leaderboard with one official scorer, and a cache of its own."""
    monkeypatch.setenv("AMENDS_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "leaderboard"
    (folder / "entries").mkdir(parents=True)
    (folder / "project.json").write_text(json.dumps({"official": ["rules"], "project": [], "verified": {}}))
    return Board(folder, data)
