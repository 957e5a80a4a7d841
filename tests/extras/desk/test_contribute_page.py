"""The page of contributions in a real Chromium: keys alone, axe, hostile text, reload."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from tests.extras.desk.contribute_served import TYPED, Contributed, contributing

VIEWS = [(scheme, width) for scheme in ("light", "dark") for width in (1280, 390)]


@pytest.fixture
def desk(tmp_path) -> Iterator[Contributed]:
    with contributing(tmp_path) as made:
        yield made


def come(page, desk):
    page.goto(desk.link())
    page.locator("#form").wait_for()
    return page


def fill(page, **more: str) -> None:
    values = TYPED | more
    page.locator("#f-agreed").check()
    for name, value in values.items():
        if name in ("agreed", "scenario"):
            continue
        control = page.locator(f"#f-{name}")
        if control.evaluate("e => e.tagName") == "SELECT":
            control.select_option(value)
        else:
            control.fill(value)
    kept(page)


def kept(page) -> None:
    page.locator("#saved", has_text="Kept").wait_for()


def focused(page) -> str:
    return page.evaluate("document.activeElement.id")


def to(page, name: str) -> None:
    """Tab on until a control has the focus."""
    for _ in range(60):
        if focused(page) == name:
            return
        page.keyboard.press("Tab")
    raise AssertionError(name)


def test_an_example_by_keys_alone(desk, shown) -> None:
    page = come(shown(), desk)
    assert focused(page) == "title"
    to(page, "f-agreed")
    page.keyboard.press("Space")
    for name in ("credit", "domain", "turns", "reply", "behaviours"):
        to(page, f"f-{name}")
        page.keyboard.type(TYPED[name])
        if name == "credit":
            to(page, "f-written")
            page.keyboard.press("ArrowDown")
    page.keyboard.press("Control+Enter")
    page.locator("#done").wait_for()
    assert desk.examples()[0]["written"] == "person"
    assert focused(page) == "done-title"
    to(page, "read")
    page.keyboard.press("Enter")
    page.locator("#readings", has_text="poisoned 9").wait_for()
    assert "git push" in page.locator("#pull").inner_text()
    to(page, "another")
    page.keyboard.press("Enter")
    page.locator("#form").wait_for()
    assert page.locator("#f-credit").input_value() == "heron", "asked once"
    assert page.locator("#f-reply").input_value() == ""
    assert len(desk.examples()) == 1
    assert page.said == []


def test_who_wrote_is_never_said_for_the_contributor(desk, shown) -> None:
    page = come(shown(), desk)
    fill(page, written="")
    assert not page.locator("#f-model").is_visible()
    page.locator("#finish").click()
    page.locator("#written-unclear", has_text="one of person").wait_for()
    assert focused(page) == "f-written" and desk.examples() == [], "it stood as by a person, and nobody had said so"


def test_a_reload_loses_nothing(desk, shown) -> None:
    page = come(shown(), desk)
    fill(page)
    page.reload()
    page.locator("#form").wait_for()
    for name in ("credit", "written", "turns", "reply", "empathy", "behaviours"):
        assert page.locator(f"#f-{name}").input_value() == TYPED[name], name


def test_what_is_missing_is_said_where_it_is_missing(desk, shown) -> None:
    page = come(shown(), desk)
    fill(page, reply="")
    page.locator("#finish").click()
    page.locator("#f-reply-unclear, #reply-unclear").first.wait_for()
    assert "what does the agent reply?" in page.locator("#reply-unclear").inner_text()
    assert focused(page) == "f-reply"
    assert desk.examples() == []


def test_a_released_scenario_is_looked_for_and_answered(desk, shown) -> None:
    page = come(shown(), desk)
    fill(page)
    page.locator("#f-scenario").select_option("released")
    assert not page.locator("#own").is_visible()
    page.locator("#look").fill("kettle")
    page.keyboard.press("Enter")
    page.locator("#found button").click()
    page.locator("#turns", has_text="blue kettle").wait_for()
    page.locator("#finish").click()
    page.locator("#done").wait_for()
    assert desk.examples()[0]["scenario_id"] == "s1" and "scenario" not in desk.examples()[0]


HOSTILE = [
    "<script>document.title='owned'</script><img src=x onerror=document.title='owned'> is what your shop sent.",
    "\u05e9\u05dc\u05d5\u05dd right to left and 😡👩‍👩‍👧 e\u0301 with a letter that says I owe you nine hundred.",
    "Line\nafter line\n" + "of a long complaint about a kite that was never mended " * 8,
]


@pytest.mark.parametrize("text", HOSTILE, ids=["markup", "directions", "long"])
def test_hostile_text_is_text(desk, shown, text: str) -> None:
    page = come(shown(), desk)
    quote = "that is our stitching"
    fill(page, turns=text, reply=f"{text[:90]} {quote}", behaviours=f"X2 {quote}", credit="<b>heron</b>")
    page.locator("#finish").click()
    page.locator("#done").wait_for()
    example = desk.examples()[0]
    assert example["scenario"]["turns"][0]["text"] == text.strip()
    span = example["labels"]["behaviours"][0]
    assert example["reply"][span["start"] : span["end"]] == quote, "code points"
    assert "owned" not in page.title()
    assert page.locator("#pull b").count() == 0
    assert page.said == []


def test_characters_that_turn_the_line_are_named_and_not_saved(desk, shown) -> None:
    page = come(shown(), desk)
    fill(page, turns="\u202eYou stitched my sail with fishing line and it burst on the first gust of today.")
    page.locator("#problems li", has_text="U+202E").wait_for()
    page.locator("#finish").click()
    page.locator("#trouble", has_text="Not saved yet").wait_for()
    assert desk.examples() == []


def test_live_checks_name_leakage_without_the_text(desk, shown) -> None:
    page = come(shown(), desk)
    fill(page, turns="Nobody told me that the night bus was cancelled, so I stood in the rain until three.")
    page.locator("#problems li", has_text="s4").wait_for()
    assert "night bus" not in page.locator("#problems").inner_text()


def test_names_are_asked_about(desk, shown) -> None:
    page = come(shown(), desk)
    fill(page, reply="Burst on the first gust, Marlene: that is our stitching. A new sail leaves on Tuesday, free.")
    page.locator("#names-words", has_text="Marlene").wait_for()
    page.locator("#names-yes").click()
    page.locator("#names").wait_for(state="hidden")
    page.locator("#finish").click()
    page.locator("#done").wait_for()
    assert desk.examples()[0]["names"] == ["Marlene"]


@pytest.mark.parametrize(("scheme", "width"), VIEWS)
def test_axe_finds_nothing_serious_and_nothing_is_cut_off(desk, shown, scheme: str, width: int) -> None:
    page = come(shown(scheme, width), desk)
    for stage in ("form", "done"):
        found = Axe().run(page).response["violations"]
        assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == [], stage
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        if stage == "form":
            fill(page, reply=TYPED["reply"].replace("Burst", "Oh Marlene, burst"))
            page.locator("#names-words", has_text="Marlene").wait_for()
            found = Axe().run(page).response["violations"]
            assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == [], "with problems"
            page.locator("#finish").click()
            page.locator("#trouble", has_text="Not saved yet").wait_for()
            assert desk.examples() == []
            page.locator("#names-yes").click()
            page.locator("#names").wait_for(state="hidden")
            page.locator("#finish").click()
            page.locator("#done").wait_for()


def test_two_windows_do_not_wipe_each_other_out(desk, shown) -> None:
    page = come(shown(), desk)
    other = page.context.new_page()
    other.goto(page.url)
    other.locator("#form").wait_for()
    fill(page)
    other.locator("#f-reply").fill("Another text from another window, which has not seen the first one.")
    other.locator("#trouble", has_text="another window").wait_for()
    page.reload()
    page.locator("#form").wait_for()
    assert page.locator("#f-reply").input_value() == TYPED["reply"]


def test_what_was_typed_just_before_leaving_is_kept(desk, shown) -> None:
    page = come(shown(), desk)
    fill(page)
    page.locator("#f-reason").fill("typed in the last moment")
    page.reload()
    page.locator("#form").wait_for()
    assert page.locator("#f-reason").input_value() == "typed in the last moment"


def test_a_problem_is_named_by_the_part_of_the_page_that_it_is_in(desk, shown) -> None:
    page = come(shown(), desk)
    fill(
        page,
        credit="lena.kruse@gmail.com",
        turns="You charged the gym fee again after I moved abroad and sent every paper.",
    )
    page.locator("#f-reason").fill("as lena.kruse@gmail.com said")
    page.locator("#problems li", has_text="Your labels: Found an e-mail address").wait_for()
    said = page.locator("#problems li").all_text_contents()
    assert sorted(one.split(":")[0] for one in said) == ["Scenario", "Who writes", "Your labels"]
