"""The report page in a real Chromium: it fits, it is legible, it asks for nothing and says nothing to the console."""

import shutil
from pathlib import Path

import pytest
from tests.reports import example

from amends.records import Annotation, Exchange, Turn
from amends.reports import REPORTS

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
VIEWS = [(scheme, width) for scheme in ("light", "dark") for width in (1280, 320)]

CONTRAST = (Path(__file__).parent / "contrast.js").read_text(encoding="utf-8")
"""Every visible text whose contrast with what lies behind it is under WCAG AA (4.5, or 3 where it is large)."""

OVERFLOW = """() => [...document.querySelectorAll("body *")]
  .filter((e) => e.getClientRects().length && !e.closest(".away, thead, svg"))
  .filter((e) => e.getBoundingClientRect().right > innerWidth + 0.5)
  .map((e) => e.outerHTML.slice(0, 120))"""


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
def address(tmp_path_factory):
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_bytes(REPORTS["html"](example.result(), example.items()).encode())
    return path.as_uri()


@pytest.fixture(params=VIEWS, ids=[f"{scheme}-{width}" for scheme, width in VIEWS])
def page(browser, address, request):
    scheme, width = request.param
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    shown = context.new_page()
    shown.said, shown.asked = [], []
    shown.on("console", lambda message: shown.said.append(message.text))
    shown.on("pageerror", lambda error: shown.said.append(str(error)))
    shown.on("request", lambda request: shown.asked.append(request.url))
    shown.goto(address)
    yield shown
    context.close()


def open_all(page):
    page.evaluate("document.querySelectorAll('details').forEach((d) => d.setAttribute('open', ''))")


def test_it_asks_for_nothing_and_says_nothing(page, address):
    open_all(page)
    page.mouse.wheel(0, 20000)
    page.wait_for_timeout(50)
    assert [url for url in page.asked if url != address and not url.startswith("data:")] == []
    assert page.said == []


def test_its_style_applies_and_follows_the_scheme(page):
    light = page.evaluate("matchMedia('(prefers-color-scheme: light)').matches")
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == ("rgb(255, 255, 255)" if light else "rgb(17, 22, 28)")


def test_nothing_runs_over_the_side(page):
    open_all(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate(OVERFLOW) == []


@pytest.mark.parametrize("width", [1280, 800, 320])
def test_a_report_without_numbers_fits_too(browser, tmp_path, width):
    path = tmp_path / "bare.html"
    path.write_bytes(REPORTS["html"](example.bare(), ()).encode())
    shown = browser.new_page(viewport={"width": width, "height": 900})
    shown.goto(path.as_uri())
    assert shown.evaluate(OVERFLOW) == []
    assert shown.evaluate(CONTRAST)["poor"] == []
    shown.close()


def test_every_text_is_legible(page):
    open_all(page)
    checked = page.evaluate(CONTRAST)
    assert checked["texts"] > 500
    assert checked["poor"] == []


def test_examples_open_by_keyboard_and_pointers_lead_to_them(page):
    closed = page.locator("details.example:not([open])").first
    closed.locator("> summary").focus()
    page.keyboard.press("Enter")
    assert page.locator("details.example[open]").count() > 1
    target = page.locator("p.pointer a").first.get_attribute("href")
    page.locator("p.pointer a").first.click()
    assert page.locator(target).is_visible()


def test_one_click_selects_the_signature(page):
    page.locator("pre.signature").click()
    assert page.evaluate("getSelection().toString().trim()") == example.SIGNATURE


def test_direction_marks_stay_in_their_place(browser, tmp_path):
    """A text that turns the direction moves nothing outside itself: it is labelled and kept from the layout."""
    words = "\u202eevil\u2066 text\u200b <b>"
    exchange = Exchange("x", (Turn("customer", words),), words)
    annotation = Annotation("x", None, example.WHO, {"empathy": 1.0, "depersonalization": 2, "excuse_avoidance": 3})
    path = tmp_path / "hostile.html"
    path.write_bytes(REPORTS["html"](example.result(), [(exchange, annotation)]).encode())
    shown = browser.new_page()
    shown.goto(path.as_uri())
    reply = shown.locator(".turn.reply .text")
    assert reply.evaluate("e => e.textContent") == words
    assert reply.evaluate("e => e.innerText") == "evil text <b>"
    labels = "e => [...e.querySelectorAll('.unseen')].map((u) => getComputedStyle(u, '::before').content)"
    assert reply.evaluate(labels) == ['"U+202E"', '"U+2066"', '"U+200B"']
    shown.close()
