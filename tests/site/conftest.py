"""One site for the tests that only read it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.site import made

from amends.site import build


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("site") / "out"
    build(made.board(), out, made.replies)
    return out
