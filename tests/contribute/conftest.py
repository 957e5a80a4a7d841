"""What tests of contributions share."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.contribute.cases import data_folder

from amends.dataset.folder import DataFolder


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    """A built data folder in which the contribution heron waits."""
    return data_folder(tmp_path / "data")
