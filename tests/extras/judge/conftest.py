"""What tests of the extra ``judge`` share: a model at a local endpoint, and a key that must stay hidden."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from tests.extras.judge.local_server import KEY, Model


@pytest.fixture(scope="session")
def server() -> Iterator[HTTPServer]:
    """One for all tests: each takes half a second to stop."""
    with HTTPServer(threaded=True) as started:
        yield started


@pytest.fixture
def model(server: HTTPServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Model]:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("AMENDS_CACHE", str(tmp_path / "cache"))
    for name in ("OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    server.clear()
    made = Model(server)
    monkeypatch.setenv("OPENAI_BASE_URL", made.url)
    yield made
    server.check()
