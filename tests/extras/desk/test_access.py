"""Keys alone, screen readers, contrast and width in a real Chromium."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from tests.extras.desk.page import come, focused, texts, title

VIEWS = [(scheme, width) for scheme in ("light", "dark") for width in (1280, 320)]
CONTRAST = (Path(__file__).parents[2] / "browser" / "contrast.js").read_text(encoding="utf-8")


# ---- keys alone


def test_everything_by_keys_alone(desk, shown) -> None:
    page = shown()
    page.goto(desk.link())
    page.locator("#consent").wait_for()
    page.keyboard.press("Tab")
    page.keyboard.type("heron")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    title(page, 1)
    assert focused(page) == "title", "what has changed is read first"
    page.keyboard.press("Tab")
    assert focused(page) == "reply"
    page.keyboard.type("one")
    page.keyboard.press("Control+Enter")
    title(page, 2)
    page.keyboard.press("Alt+ArrowLeft")
    title(page, 1)
    page.keyboard.press("Tab")
    page.keyboard.press("End")
    page.keyboard.type(" more")
    page.keyboard.press("Alt+ArrowRight")
    title(page, 2)
    page.keyboard.press("Alt+ArrowUp")
    title(page, 1)
    assert page.locator("#reply").input_value() == "one more"
    page.keyboard.press("Control+Enter")
    title(page, 2)
    for _ in range(5):
        page.keyboard.press("Tab")
    assert focused(page) == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    page.locator("#skipping").wait_for(state="hidden")
    assert focused(page) == "skip", "and back where it came from"
    page.keyboard.press("Enter")
    page.keyboard.press("Space")
    while focused(page) != "skip-now":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    title(page, 3)
    page.keyboard.press("Tab")
    page.keyboard.type("three")
    page.keyboard.press("Control+Enter")
    page.locator("#done").wait_for()
    assert focused(page) == "done-title"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    title(page, 1)
    assert texts(desk) == ["one more", "three"]


def test_every_control_is_reached_by_tab_and_its_focus_is_seen(desk, shown) -> None:
    page = come(shown(), desk)
    page.locator("#reply").fill("x")
    page.locator("#save").click()
    title(page, 2)
    reached = []
    for _ in range(5):
        page.keyboard.press("Tab")
        reached.append(focused(page))
        outline = page.evaluate(
            "(s => [s.outlineStyle, parseFloat(s.outlineWidth)])(getComputedStyle(document.activeElement))"
        )
        assert outline == ["solid", 3], reached[-1]
    assert reached == ["reply", "save", "previous", "next", "skip"]


def test_an_empty_reply_is_not_saved(desk, shown) -> None:
    page = come(shown(), desk)
    page.keyboard.press("Control+Enter")
    assert "no reply yet" in page.locator("#trouble").inner_text()
    assert focused(page) == "reply"
    assert desk.replies() == []


def test_what_is_said_is_said_to_screen_readers(desk, shown) -> None:
    page = come(shown(), desk)
    page.locator("#reply").fill("x")
    page.keyboard.press("Control+Enter")
    title(page, 2)
    assert page.get_by_role("status").inner_text() == "Saved. 1 of 3 answered."
    assert page.locator("#trouble").get_attribute("role") == "alert"
    assert page.get_by_role("textbox", name="Your reply").is_visible()
    assert page.get_by_role("progressbar", name="1 of 3 answered").count() == 1


# ---- everybody can use it


@pytest.mark.parametrize(("scheme", "width"), VIEWS)
def test_accessible_legible_and_no_wider_than_the_screen(desk, shown, scheme, width) -> None:
    page = shown(scheme, width, bypass_csp=True)
    page.goto(f"http://127.0.0.1:{desk.port}/")
    sound(page, "outside")
    page.goto(desk.link())
    page.locator("#consent").wait_for()
    sound(page, "consent")
    page.locator("#begin").click()
    sound(page, "consent refused")
    page.locator("#name").fill("heron")
    page.locator("#agreed").check()
    page.locator("#begin").click()
    title(page, 1)
    sound(page, "scenario")
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == ("rgb(255, 255, 255)" if scheme == "light" else "rgb(17, 22, 28)")
    page.evaluate("() => { $('reply').value = 'a'.repeat(100005); typed(); }")
    page.locator("#save").click()
    page.locator("#trouble", has_text="at most").wait_for()
    sound(page, "too long")
    page.locator("#skip").click()
    sound(page, "skip")
    page.locator("#skip-now").click()
    sound(page, "skip without a reason")
    page.locator("#skip-not").click()
    for number in (1, 2, 3):
        title(page, number)
        page.locator("#reply").fill("x")
        page.locator("#save").click()
    page.locator("#done").wait_for()
    sound(page, "done")


def sound(page, where: str) -> None:
    """No finding of axe that is serious or critical, every text legible, nothing over the side."""
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    wrong = [(v["id"], v["impact"], [n["html"] for n in v["nodes"]]) for v in found]
    assert [one for one in wrong if one[1] in ("serious", "critical")] == [], where
    assert page.evaluate(CONTRAST)["poor"] == [], where
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), where


def test_axe_finds_what_is_wrong(desk, shown) -> None:
    """The check above can fail."""
    page = shown(bypass_csp=True)
    page.goto(f"http://127.0.0.1:{desk.port}/enter")
    page.evaluate("() => { const b = document.createElement('button'); document.body.append(b); }")
    with pytest.raises(AssertionError, match="button-name"):
        sound(page, "a button without a name")
