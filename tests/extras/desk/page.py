"""The page in a browser, as tests use it."""

from __future__ import annotations


def come(page, desk, which: int = 0, name: str = "heron"):
    page.goto(desk.link(which))
    page.locator("#name").fill(name)
    page.locator("#agreed").check()
    page.locator("#begin").click()
    page.locator("#work").wait_for()
    return page


def title(page, number: int, of: int = 3) -> None:
    page.locator("#title", has_text=f"Scenario {number} of {of}").wait_for()


def kept(page) -> None:
    page.locator("#draft", has_text="Draft kept").wait_for()


def texts(desk, which: int = 0) -> list[str]:
    return [reply["text"] for reply in desk.replies(which)]


def focused(page) -> str:
    return page.evaluate("document.activeElement.id")
