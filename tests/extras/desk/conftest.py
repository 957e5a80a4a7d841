"""What tests of the extra ``desk`` share."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from tests.browser.test_report_page import FLAGS
from tests.extras.desk.served import Browser, Served, served

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture
def desk(tmp_path) -> Iterator[Served]:
    """A desk for one."""
    with served(tmp_path / "desk") as made:
        yield made


@pytest.fixture(scope="module")
def standing(tmp_path_factory) -> Iterator[Browser]:
    """Somebody who is in at a desk that stands for many tests; none of them may change anything."""
    with served(tmp_path_factory.mktemp("standing") / "desk") as made:
        yield made.browser(name="ana")


@pytest.fixture
def pair(tmp_path) -> Iterator[Served]:
    """A desk for two."""
    with served(tmp_path / "desk", people=["Ana Silva", "Bo"]) as made:
        yield made


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip("chromium is not installed")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()
