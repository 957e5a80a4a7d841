"""Two people, two windows of one person, two desks: nothing is overwritten unseen, in a real Chromium."""

from __future__ import annotations

from tests.extras.desk.page import come, kept, texts, title
from tests.extras.desk.served import served


def test_two_people_at_once(pair, shown) -> None:
    ana, bo = come(shown(), pair, 0, "heron"), come(shown(), pair, 1, "otter")
    for number in (1, 2, 3):
        for page, who in ((ana, "Ana"), (bo, "Bo")):
            title(page, number)
            page.locator("#reply").fill(f"{who} {number}")
        for page in (ana, bo):
            page.keyboard.press("Control+Enter")
    for page in (ana, bo):
        page.locator("#done").wait_for()
    assert texts(pair, 0) == ["Ana 1", "Ana 2", "Ana 3"]
    assert texts(pair, 1) == ["Bo 1", "Bo 2", "Bo 3"]


def test_two_windows_of_one_person_overwrite_nothing_unseen(desk, shown) -> None:
    page = come(shown(), desk)
    other = page.context.new_page()
    other.goto(f"http://127.0.0.1:{desk.port}/")
    title(other, 1)
    page.locator("#reply").fill("from the first")
    page.locator("#save").click()
    title(page, 2)
    other.locator("#reply").fill("from the second")
    other.locator("#save").click()
    other.locator("#trouble", has_text="another window").wait_for()
    assert texts(desk) == ["from the first"]
    assert other.locator("#reply").input_value() == "from the second"
    other.locator("#save").click()
    title(other, 2)
    assert texts(desk) == ["from the second"]


def test_an_idle_window_does_not_wipe_out_a_draft(desk, shown) -> None:
    """Its seconds count while it is looked at, and used to be sent with the text that it does not have."""
    page = come(shown(), desk)
    other = page.context.new_page()
    other.goto(f"http://127.0.0.1:{desk.port}/")
    title(other, 1)
    page.locator("#reply").fill("a long draft")
    kept(page)
    other.evaluate("() => { seconds += 3; return keep(); }")
    other.locator("#trouble", has_text="in another window").wait_for()
    other.evaluate("() => { seconds += 3; return keep(); }")
    page.reload()
    title(page, 1)
    assert page.locator("#reply").input_value() == "a long draft"


def test_what_another_window_did_is_said_until_it_is_answered(desk, shown) -> None:
    """A draft that is kept a moment later does not take the words away before they are read."""
    page = come(shown(), desk)
    other = page.context.new_page()
    other.goto(f"http://127.0.0.1:{desk.port}/")
    title(other, 1)
    page.locator("#reply").fill("from the first")
    page.locator("#save").click()
    title(page, 2)
    other.locator("#reply").press_sequentially("from the second")
    other.locator("#trouble", has_text="another window").wait_for()
    other.locator("#reply").press_sequentially(", going on")
    kept(other)
    assert "another window" in other.locator("#trouble").inner_text()
    assert texts(desk) == ["from the first"]
    other.locator("#save").click()
    title(other, 2)
    assert other.locator("#trouble").inner_text() == ""
    assert texts(desk) == ["from the second, going on"]


def test_a_save_does_not_replace_unseen_what_another_window_typed(desk, shown) -> None:
    page = come(shown(), desk)
    other = page.context.new_page()
    other.goto(f"http://127.0.0.1:{desk.port}/")
    title(other, 1)
    page.locator("#reply").fill("an hour's work")
    kept(page)
    other.locator("#reply").fill("short")
    other.locator("#save").click()
    other.locator("#trouble", has_text="in another window").wait_for()
    assert texts(desk) == []
    page.reload()
    title(page, 1)
    assert page.locator("#reply").input_value() == "an hour's work"
    other.locator("#save").click()
    title(other, 2)
    assert texts(desk) == ["short"]


def test_a_page_does_not_write_as_who_came_in_after(pair, shown) -> None:
    """Bo opens a link in the browser in which Ana's page stands."""
    page = come(shown(), pair, 0, "heron")
    other = come(page.context.new_page(), pair, 1, "otter")
    page.locator("#reply").fill("Ana's words")
    page.locator("#trouble", has_text="Somebody else came in").wait_for()
    page.keyboard.press("Control+Enter")
    other.reload()
    title(other, 1)
    assert other.locator("#reply").input_value() == ""
    assert texts(pair, 0) == texts(pair, 1) == []
    third = page.context.new_page()
    third.goto(pair.link(0))
    kept(page)
    page.locator("#save").click()
    title(page, 2)
    assert (texts(pair, 0), texts(pair, 1)) == (["Ana's words"], [])


def test_a_page_does_not_write_into_another_desk_on_its_port(tmp_path, shown) -> None:
    page = shown()
    with served(tmp_path / "one") as desk:
        come(page, desk)
        port = desk.port
    with served(tmp_path / "two", port=port) as desk:
        other = come(page.context.new_page(), desk)
        page.locator("#reply").fill("for the first desk")
        page.locator("#trouble", has_text="Somebody else came in").wait_for()
        other.reload()
        title(other, 1)
        assert other.locator("#reply").input_value() == ""


def test_going_back_and_forth_in_the_browser(desk, shown) -> None:
    page = come(shown(), desk)
    page.locator("#reply").fill("half")
    kept(page)
    page.goto("about:blank")
    page.go_back()
    title(page, 1)
    assert page.locator("#reply").input_value() == "half"
    page.locator("#save").click()
    title(page, 2)
    assert texts(desk) == ["half"]
    assert "enter" not in page.evaluate("performance.getEntriesByType('navigation')[0].name")
