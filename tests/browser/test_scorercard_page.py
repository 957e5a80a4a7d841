"""The scorer card in a real Chromium: it fits, it is legible, it asks for nothing."""

import shutil
from pathlib import Path

import pytest
from tests.browser.test_report_page import FLAGS, OVERFLOW, VIEWS
from tests.scorercard.cases import TURNS, Told, contrast_pair, folder, text, write

from amends.reports.scorercard import page as card_page
from amends.scorercard.card import validity

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
CONTRAST = (Path(__file__).parent / "contrast.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def browser():
    if CHROMIUM is None:
        pytest.skip("chromium is not installed")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def card(tmp_path_factory):
    path = folder(tmp_path_factory.mktemp("data"))
    write(path / "contrast" / "validation.jsonl", contrast_pair("c1", text([4, 3, 3], ["E1"]), text([2, 3, 3])))
    write(
        path / "robustness" / "degenerate.jsonl",
        {"id": "a-long-id-without-a-break-" * 4, "case": "c", "turns": TURNS, "reply": "words",
         "expect": {"flags": ["empty"], "levels": None, "error": False}},
    )  # fmt: skip
    return validity(Told(probabilities=True), data=path)


@pytest.fixture(params=VIEWS, ids=[f"{scheme}-{width}" for scheme, width in VIEWS])
def page(browser, card, request, tmp_path):
    scheme, width = request.param
    path = tmp_path / "card.html"
    path.write_bytes(card_page(card).encode())
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    shown = context.new_page()
    shown.said, shown.asked = [], []
    shown.on("console", lambda message: shown.said.append(message.text))
    shown.on("request", lambda request: shown.asked.append(request.url))
    shown.goto(path.as_uri())
    shown.evaluate("document.querySelectorAll('details').forEach((d) => d.setAttribute('open', ''))")
    yield shown
    context.close()


def test_it_asks_for_nothing_fits_and_is_legible(page):
    assert [url for url in page.asked if not url.startswith(("data:", "file:"))] == []
    assert page.said == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate(OVERFLOW) == []
    checked = page.evaluate(CONTRAST)
    assert checked["texts"] > 300
    assert checked["poor"] == []


def test_one_click_selects_the_signature(page, card):
    page.locator("pre.signature").click()
    assert page.evaluate("getSelection().toString().trim()") == card.signature
