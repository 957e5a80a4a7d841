"""What tests of the extra ``desk`` share."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
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


@pytest.fixture
def certificate(tmp_path) -> tuple[Path, Path]:
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    cert, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    command += ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", str(key), "-out", str(cert)]
    subprocess.run(command, check=True, capture_output=True)
    return cert, key


@pytest.fixture
def shown(chromium):
    """Opens pages in contexts of their own; whatever they say to the console is kept."""
    with contextlib.ExitStack() as stack:

        def make(scheme: str = "light", width: int = 1280, **more):
            context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, **more)
            stack.callback(context.close)
            page = context.new_page()
            page.set_default_timeout(15_000)
            page.said, page.asked = [], []
            page.on("console", lambda message: page.said.append(message.text))
            page.on("pageerror", lambda error: page.said.append(str(error)))
            page.on("request", lambda request: page.asked.append(request.url))
            return page

        yield make
