"""What is not ours to mend: Inspect leaves streams of anyio unclosed, which Python says when it collects them."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("filterwarnings", "ignore:Unclosed <MemoryObject:ResourceWarning")


@pytest.fixture(autouse=True, scope="session")
def collected() -> Iterator[None]:
    """Collect them while the filter above holds: after the last test it does not."""
    yield
    gc.collect()
