"""The page for labelling in a real Chromium: keys alone, mouse, reload, a server that is killed, two people."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from tests.extras.desk.annot_served import EXCHANGES, LEVELS, exchange, labelled

VIEWS = [(scheme, width) for scheme in ("light", "dark") for width in (1400, 390)]
CONTRAST = (Path(__file__).parents[2] / "browser" / "contrast.js").read_text(encoding="utf-8")


@pytest.fixture
def desk(tmp_path):
    with labelled(tmp_path / "desk") as made:
        yield made


def come(page, desk, which: int = 0, name: str = "heron"):
    page.goto(desk.link(which))
    page.locator("#name").fill(name)
    page.locator("#agreed").check()
    page.locator("#begin").click()
    page.locator("#labels").wait_for()
    return page


def title(page, number: int, of: int = 3) -> None:
    page.locator("#title", has_text=f"Reply {number} of {of}").wait_for()


def kept(page) -> None:
    page.wait_for_function("() => JSON.stringify(mine) === kept && $('saved').textContent === 'Saved'")


def press(page, keys: str) -> None:
    for key in keys.split():
        page.keyboard.press(key)


def judge(page, keys: str = "e 3 d 4 x 0") -> None:
    press(page, keys)
    kept(page)


def words(page, start: int, end: int) -> None:
    """Select by mouse, from one character to another."""
    places = page.evaluate(
        """([start, end]) => [start, end - 1].map((unit, i) => {
          const range = document.createRange();
          range.setStart(...spot(unit)); range.setEnd(...spot(unit + 1));
          const rect = range.getBoundingClientRect();
          return [i ? rect.right - 1 : rect.left + 1, rect.top + rect.height / 2];
        })""",
        [start, end],
    )
    page.mouse.move(*places[0])
    page.mouse.down()
    page.mouse.move(*places[1], steps=4)
    page.mouse.up()


def focused(page) -> str:
    return page.evaluate("document.activeElement.id || document.activeElement.textContent")


# ---- labelling


def test_by_keys_alone_from_the_link_to_the_figures(desk, shown) -> None:
    page = shown()
    page.goto(desk.link())
    page.locator("#consent").wait_for()
    press(page, "Tab")
    page.keyboard.type("heron")
    press(page, "Tab Space Tab Enter")
    title(page, 1)
    assert focused(page) == "title"
    press(page, "2 d 5 x - u")
    assert page.locator("#said").inner_text() == "Excuse avoidance: not sure."
    # "We are sorry that parcel 1 is late, it comes by Friday."
    press(page, "r Control+ArrowRight Control+ArrowRight ArrowRight")
    press(page, "Shift+Control+ArrowRight e 3")
    assert page.locator("#said").inner_text() == "E3, expresses sympathy, marked: sorry"
    press(page, "Control+End Shift+Control+ArrowLeft Shift+Control+ArrowLeft h d 3")
    press(page, "f")
    while focused(page) != "flag-truncated":
        press(page, "Tab")
    press(page, "Space t")
    page.keyboard.type("I hesitated, e 2 d 3.")
    press(page, "Escape")
    assert focused(page) == "reply"
    press(page, "Control+Enter")
    title(page, 2)
    assert page.locator("#said").inner_text() == "Saved. 1 of 3 done."
    judge(page, "e 1 d 1 x 1")
    press(page, "Alt+ArrowLeft")
    title(page, 1)
    assert "Done." in page.locator("#standing").inner_text()
    press(page, "Alt+ArrowRight")
    title(page, 2)
    press(page, "Control+Enter")
    title(page, 3)
    press(page, "s")
    page.locator("#skipping").wait_for()
    press(page, "Space")
    while focused(page) != "skip-now":
        press(page, "Tab")
    press(page, "Enter")
    page.locator("#done").wait_for()
    assert focused(page) == "done-title"
    press(page, "Tab")
    assert focused(page) == "look"
    press(page, "Enter")
    page.locator("#agreement").wait_for()
    assert "Nobody else has finished yet." in page.locator("#agreement").inner_text()
    first, second = desk.records()
    assert first["levels"] == {"empathy": 2, "depersonalization": 5, "excuse_avoidance": None}
    assert first["confidence"] == {"empathy": None, "depersonalization": None, "excuse_avoidance": 0.5}
    assert first["behaviours"] == [
        {"code": "E3", "start": 7, "end": 12, "quote": "sorry", "strength": 1.0},
        {"code": "D3", "start": 45, "end": 55, "quote": "by Friday.", "strength": 0.3},
    ]
    assert (first["flags"], first["reason"]) == (["truncated"], "I hesitated, e 2 d 3.")
    assert second["levels"] == dict.fromkeys(LEVELS, 1)
    assert first["annotator"]["name"] == "heron"
    assert page.said == []
    assert all(url.startswith(f"http://127.0.0.1:{desk.port}/") for url in page.asked)


def test_every_code_is_reached_by_typing_it(desk, shown) -> None:
    page = come(shown(), desk)
    codes = [f"{letter}{n}" for letter, most in (("E", 8), ("D", 9), ("X", 8)) for n in range(1, most + 1)]
    assert len(codes) == 25
    press(page, "r Control+ArrowRight")
    for code in codes:
        press(page, f"Control+Home Shift+Control+ArrowRight {code[0].lower()} {code[1]}")
    kept(page)
    marks = desk.labels[""].stands(EXCHANGES[0].id).label["behaviours"]
    assert sorted(mark["code"] for mark in marks) == sorted(codes)
    assert {mark["quote"] for mark in marks} == {"We"}
    assert page.locator("#marks li").count() == 25


def test_by_mouse(desk, shown) -> None:
    page = come(shown(), desk)
    words(page, 7, 12)
    page.locator("#palette").wait_for()
    assert page.locator("#chosen").inner_text() == "“sorry”"
    page.get_by_role("button", name="E3 expresses sympathy").click()
    page.locator("#palette").wait_for(state="hidden")
    words(page, 12, 19)
    page.get_by_role("button", name="Mark as E1, names emotion").click()
    words(page, 3, 12)
    page.locator("#as-hint").click()
    page.get_by_role("button", name="X2 takes responsibility").click()
    for code, level in (("empathy", 2), ("depersonalization", 3), ("excuse_avoidance", 0)):
        page.locator(f".dimension[data-code={code}] [data-level='{level}']").click()
    page.locator("#flag-off_topic").check()
    page.locator("#reason").fill("by mouse")
    page.locator("#finish").click()
    title(page, 2)
    (record,) = desk.records()
    assert [(m["code"], m["quote"], m["strength"]) for m in record["behaviours"]] == [
        ("X2", "are sorry", 0.3), ("E3", "sorry", 1.0), ("E1", "that p", 1.0),
    ]  # fmt: skip
    assert list(record["levels"].values()) == [2, 3, None]
    assert (record["flags"], record["reason"]) == (["off_topic"], "by mouse")


def test_selecting_over_the_edge_of_the_reply_takes_what_is_inside(desk, shown) -> None:
    page = come(shown(), desk)
    page.evaluate("() => getSelection().setBaseAndExtent($('turns'), 0, ...spot(6))")
    page.locator("#chosen", has_text="“We are”").wait_for()
    page.evaluate("() => getSelection().setBaseAndExtent(...spot(51), $('reply-hint'), 0)")
    page.locator("#chosen", has_text="“day.”").wait_for()
    page.evaluate("() => getSelection().selectAllChildren($('turns'))")
    page.locator("#palette").wait_for(state="hidden")


def test_digits_never_mark_without_the_letter(desk, shown) -> None:
    page = come(shown(), desk)
    press(page, "r Shift+Control+ArrowRight 4")
    assert "type the letter first" in page.locator("#said").inner_text()
    press(page, "d 0")
    assert "no behaviour D0" in page.locator("#said").inner_text()
    press(page, "Escape 4")
    kept(page)
    label = desk.labels[""].stands(EXCHANGES[0].id).label
    assert (label["levels"], label["behaviours"]) == ({"depersonalization": 4}, [])


def test_undo_and_redo_over_every_kind_of_action(desk, shown) -> None:
    page = come(shown(), desk)

    def stands():
        return desk.labels[""].stands(EXCHANGES[0].id).label

    press(page, "e 3 u r Shift+Control+ArrowRight x 8")
    page.locator("#reason").fill("stays")
    page.locator("#flag-truncated").check()
    kept(page)
    whole = stands()
    assert whole["flags"] == ["truncated"]
    for _ in range(4):
        page.locator("#title").focus()
        press(page, "Control+z")
    kept(page)
    assert stands() == {"levels": {}, "behaviours": [], "flags": [], "unsure": [], "reason": "stays"}
    press(page, "Control+z")
    assert page.locator("#said").inner_text() == "There is nothing to undo."
    press(page, "Control+y Control+Shift+z Control+y Control+y")
    kept(page)
    assert stands() == whole


def test_marks_are_turned_and_removed_in_their_rows_and_in_the_text(desk, shown) -> None:
    page = come(shown(), desk)
    press(page, "r Shift+Control+ArrowRight e 1 Shift+Control+ArrowRight e 2 Shift+Control+ArrowRight e 3")
    assert page.locator("#marks li").count() == 3
    page.get_by_role("button", name="Passing hint: E1 We").focus()
    press(page, "Space")
    assert page.locator("[aria-pressed=true]", has_text="Hint").count() == 1
    assert "Passing hint: E1" in page.evaluate("document.activeElement.ariaLabel"), "the focus stays in its place"
    press(page, "Tab Enter")
    assert "Remove E2" in page.evaluate("document.activeElement.ariaLabel")
    press(page, "Delete")
    press(page, "r End ArrowLeft")
    press(page, "Control+Home Control+ArrowRight Control+ArrowRight ArrowRight ArrowRight h")
    kept(page)
    (left,) = desk.labels[""].stands(EXCHANGES[0].id).label["behaviours"]
    assert (left["code"], left["strength"]) == ("E3", 0.3)
    press(page, "Delete")
    kept(page)
    assert desk.labels[""].stands(EXCHANGES[0].id).label["behaviours"] == []


def test_arrows_in_a_scale_choose_nothing(desk, shown) -> None:
    page = come(shown(), desk)
    page.locator(".dimension[data-code=empathy] [data-level='1']").focus()
    press(page, "ArrowRight ArrowRight ArrowDown")
    where = "[document.activeElement.dataset.level, document.activeElement.closest('.dimension').dataset.code]"
    assert page.evaluate(where) == ["3", "depersonalization"]
    assert page.evaluate("JSON.stringify(mine.levels)") == "{}"
    press(page, "Enter")
    kept(page)
    assert desk.labels[""].stands(EXCHANGES[0].id).label["levels"] == {"depersonalization": 3}


def test_single_keys_can_be_turned_off(desk, shown) -> None:
    page = come(shown(), desk)
    press(page, "?")
    page.locator("#single").uncheck()
    press(page, "Escape e 3 s g")
    assert page.evaluate("JSON.stringify(mine.levels)") == "{}"
    page.reload()
    title(page, 1)
    press(page, "3")
    assert page.evaluate("JSON.stringify(mine.levels)") == "{}"
    assert page.locator("dialog[open]").count() == 0


def test_the_guideline_follows_the_dimension_and_is_there_whole(desk, shown) -> None:
    page = come(shown(), desk)
    assert page.locator("#guide-title").inner_text() == "Empathy: Is the feeling met?"
    press(page, "x")
    assert "Excuse avoidance" in page.locator("#guide-title").inner_text()
    assert page.locator("#guide .behaviours li").count() == 8
    assert "Guideline 1.1" in page.locator("#guide").inner_text()
    press(page, "g")
    assert "Settled in the trial of this guideline" in page.locator("#whole").inner_text()
    press(page, "Escape")
    title(page, 1)


def test_what_is_missing_is_said_and_shown(desk, shown) -> None:
    page = come(shown(), desk)
    judge(page, "e 3")
    press(page, "Control+Enter")
    assert "judged: Depersonalization, Excuse avoidance." in page.locator("#trouble").inner_text()
    assert page.evaluate("document.activeElement.closest('.dimension').dataset.code") == "depersonalization"
    page.locator("#flag-empty").check()
    judge(page, "e 3")
    press(page, "Control+Enter")
    page.locator("#trouble", has_text="gets no levels").wait_for()
    assert desk.records() == []


def test_training_shows_the_gold_after_each_and_then_it_is_final(tmp_path, shown) -> None:
    with labelled(tmp_path / "desk", training=True) as desk:
        page = shown()
        page.goto(desk.link())
        page.locator("#training-words").wait_for()
        page.locator("#name").fill("heron")
        page.locator("#agreed").check()
        page.locator("#begin").click()
        title(page, 1)
        judge(page)
        assert page.locator("#gold").is_hidden()
        press(page, "Control+Enter")
        page.locator("#gold").wait_for()
        told = page.locator("#gold").inner_text()
        assert "language models (2)" in told
        assert "not by people" in told
        assert "E3" in told
        press(page, "e 1")
        assert "final" in page.locator("#said").inner_text()
        assert desk.records()[0]["levels"] == {"empathy": 3, "depersonalization": 4, "excuse_avoidance": None}
        press(page, "Control+Enter")
        title(page, 2)
        assert page.locator("#gold").is_hidden()


# ---- reload, crash, two windows, two people


def test_everything_survives_a_reload(desk, shown) -> None:
    page = come(shown(), desk)
    press(page, "e 3 u r Shift+Control+ArrowRight x 8")
    page.locator("#reason").press_sequentially("quick")
    page.reload()  # the pause after the last key is not over: the page sends it as it goes
    title(page, 1)
    assert page.locator("#reason").input_value() == "quick"
    assert page.locator(".mark").inner_text() == "We"
    assert page.locator(".dimension[data-code=empathy] [aria-checked=true]").inner_text() == "3"
    assert page.locator(".dimension[data-code=empathy] .unsure").get_attribute("aria-pressed") == "true"


def test_the_server_is_gone_for_a_while(tmp_path, shown) -> None:
    page = shown()
    with labelled(tmp_path / "desk") as desk:
        come(page, desk)
        port = desk.port
        judge(page, "e 3")
    press(page, "d 4")
    page.locator("#trouble", has_text="Not saved").wait_for()
    assert page.locator("#saved").inner_text() == "Not saved"
    press(page, "x 2 Control+Enter")
    page.wait_for_timeout(300)
    assert page.locator("#title").inner_text() == "Reply 1 of 3"
    with labelled(tmp_path / "desk", port=port) as desk:
        kept(page)
        assert page.locator("#trouble").inner_text() == ""
        press(page, "Control+Enter")
        title(page, 2)
        assert list(desk.records()[0]["levels"].values()) == [3, 4, 2]


def test_a_full_disk_is_said(desk, shown, monkeypatch) -> None:
    page = come(shown(), desk)

    def full(self, data):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("amends.desk.journal.Lines.append", full)
        press(page, "e 3")
        page.locator("#trouble", has_text="No space left").wait_for()
        assert desk.labels[""].stands(EXCHANGES[0].id).revision == 0
    kept(page)
    assert desk.labels[""].stands(EXCHANGES[0].id).label["levels"] == {"empathy": 3}


def test_two_people_at_once(tmp_path, shown) -> None:
    with labelled(tmp_path / "desk", people=["Ana", "Bo"]) as desk:
        pages = [come(shown(), desk, which, name) for which, name in enumerate(("heron", "otter"))]
        for number in (1, 2, 3):
            for page, level in zip(pages, (1, 5), strict=True):
                title(page, number)
                judge(page, f"e {level} d {level} x {level}")
            for page in pages:
                press(page, "Control+Enter")
        for page in pages:
            page.locator("#done").wait_for()
        for which, (name, level) in enumerate((("heron", 1), ("otter", 5))):
            records = desk.records(which)
            assert len(records) == 3
            assert {record["annotator"]["name"] for record in records} == {name}
            assert [list(record["levels"].values()) for record in records] == [[level] * 3] * 3


@pytest.mark.parametrize("choice", ["take-theirs", "keep-mine"])
def test_two_windows_of_one_person_overwrite_nothing_unseen(desk, shown, choice) -> None:
    page = come(shown(), desk)
    other = page.context.new_page()
    other.goto(f"http://127.0.0.1:{desk.port}/")
    title(other, 1)
    judge(page, "e 3 d 4")
    press(other, "e 1")
    other.locator("#conflict", has_text="another window").wait_for()
    press(other, "x 1 Control+Enter")
    assert desk.labels[""].stands(EXCHANGES[0].id).label["levels"] == {"empathy": 3, "depersonalization": 4}
    other.locator(f"#{choice}").click()
    other.locator("#conflict").wait_for(state="hidden")
    if choice == "keep-mine":
        kept(other)
    title(other, 1)
    theirs, mine = {"empathy": 3, "depersonalization": 4}, {"empathy": 1, "excuse_avoidance": 1}
    expected = theirs if choice == "take-theirs" else mine
    assert desk.labels[""].stands(EXCHANGES[0].id).label["levels"] == expected
    assert other.evaluate("mine.levels") == expected


def test_a_page_never_labels_as_somebody_who_came_in_after_it(tmp_path, shown) -> None:
    with labelled(tmp_path / "desk", people=["Ana", "Bo"]) as desk:
        page = come(shown(), desk, 0, "heron")
        other = page.context.new_page()
        come(other, desk, 1, "otter")
        press(page, "e 3")
        page.locator("#trouble", has_text="Somebody else came in").wait_for()
        judge(other, "e 5")
        assert [desk.labels[p.folder].stands(EXCHANGES[0].id).label["levels"] for p in desk.people] == [
            {},
            {"empathy": 5},
        ]


def test_seconds_are_counted_while_somebody_is_there(desk, shown) -> None:
    page = come(shown(), desk)
    page.wait_for_timeout(2500)
    judge(page)
    press(page, "Control+Enter")
    title(page, 2)
    assert 1 <= desk.records()[0]["meta"]["seconds"] <= 30


# ---- everybody can use it


@pytest.mark.parametrize(("scheme", "width"), VIEWS)
def test_accessible_legible_and_no_wider_than_the_screen(tmp_path, shown, scheme, width) -> None:
    page = shown(scheme, width, bypass_csp=True)
    with labelled(tmp_path / "desk", [exchange(1), exchange(2)], training=True) as desk:
        page.goto(desk.link())
        page.locator("#consent").wait_for()
        sound(page, "consent")
        page.locator("#name").fill("heron")
        page.locator("#agreed").check()
        page.locator("#begin").click()
        title(page, 1, 2)
        sound(page, "open")
        press(page, "e 3 d 4 r Shift+Control+ArrowRight h e 1 Shift+Control+ArrowRight x 8 Shift+Control+ArrowRight")
        sound(page, "words selected")
        press(page, "d")
        sound(page, "a letter typed")
        press(page, "2 u x")
        kept(page)
        press(page, "Control+Enter")
        sound(page, "marked, and something missing")
        for key, dialog in (("?", "keys"), ("g", "guideline"), ("s", "skipping")):
            press(page, key)
            page.locator(f"#{dialog}").wait_for()
            sound(page, dialog)
            press(page, "Escape")
        judge(page, "x 2")
        press(page, "Control+Enter")
        page.locator("#gold").wait_for()
        sound(page, "gold")
        press(page, "Control+Enter")
        title(page, 2, 2)
        judge(page)
        press(page, "Control+Enter")
        page.locator("#gold").wait_for()
        press(page, "Control+Enter")
        page.locator("#agreement").wait_for()
        page.evaluate(
            """() => { const row = { with: "otter", dimension: "Empathy", measure: "alpha", value: "0.71",
              interval: "[0.5, 0.8]", n: "9 (9)" };
              const part = { what: "agreement between people", rows: [row], left_out: 1 };
              showAgreement({ people: part, models: part, fewest: 5, signature: "amends|n:9/9" }); }"""
        )
        sound(page, "figures")


def test_two_windows_are_legible_too(desk, shown) -> None:
    page = come(shown("dark", 390, bypass_csp=True), desk)
    other = page.context.new_page()
    other.goto(f"http://127.0.0.1:{desk.port}/")
    title(other, 1)
    judge(page, "e 3")
    press(other, "e 1")
    other.locator("#conflict").wait_for()
    sound(other, "conflict")


def sound(page, where: str) -> None:
    """No finding of axe that is serious or critical, every text legible, nothing over the side."""
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    wrong = [(v["id"], v["impact"], [n["html"] for n in v["nodes"]]) for v in found]
    assert [one for one in wrong if one[1] in ("serious", "critical")] == [], where
    assert page.evaluate(CONTRAST)["poor"] == [], where
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), where


def test_every_control_is_reached_by_tab_and_its_focus_is_seen(desk, shown) -> None:
    page = come(shown(), desk)
    press(page, "r Shift+Control+ArrowRight e 1")
    page.locator("#title").focus()
    reached = []
    for _ in range(40):
        press(page, "Tab")
        reached.append(
            page.evaluate("(e => e.id || e.ariaLabel || e.dataset.level || e.tagName)(document.activeElement)")
        )
        if reached[-1] == "BODY":
            break
        outline = page.evaluate(
            "(s => [s.outlineStyle, parseFloat(s.outlineWidth)])(getComputedStyle(document.activeElement))"
        )
        assert outline == ["solid", 3], reached[-1]
    wanted = {"reply", "Not sure of Empathy", "1", "Remove E1 We", "flag-empty", "flag-truncated", "reason", "finish"}
    assert wanted | {"undo", "next", "skip", "guide-side"} <= set(reached)


def test_what_is_done_is_said_to_screen_readers(desk, shown) -> None:
    page = come(shown(), desk)
    press(page, "4")
    assert page.get_by_role("status").inner_text() == "Empathy 4."
    assert page.get_by_role("radio", name="4", exact=True).first.get_attribute("aria-checked") == "true"
    assert page.get_by_role("radiogroup", name="E Empathy").count() == 1
    assert page.get_by_role("textbox", name="The reply that you judge").count() == 1
    press(page, "r Shift+Control+ArrowRight")
    page.locator("#said", has_text="Selected: We").wait_for()
    assert page.get_by_role("region", name="Mark the selected words").count() == 1
    assert page.locator("#trouble").get_attribute("role") == "alert"


# ---- in haste


def whole_but_open(page, number: int) -> None:
    """Give a reply its levels without finishing it."""
    title(page, number)
    judge(page, "e 2 d 2 x 2")


def test_two_presses_finish_one_reply(desk, shown) -> None:
    page = come(shown(), desk)
    for number in (1, 2):
        whole_but_open(page, number)
        press(page, "Alt+ArrowRight")
    title(page, 3)
    press(page, "Alt+ArrowLeft")
    title(page, 2)
    press(page, "Alt+ArrowLeft")
    title(page, 1)
    page.evaluate("() => { finish(); finish(); }")
    title(page, 2)
    page.wait_for_timeout(400)
    assert [state for _, state in page.evaluate("items")] == ["done", "open", "open"]
    assert page.locator("#trouble").inner_text() == ""
    page.locator("#finish").dblclick()
    title(page, 3)
    page.wait_for_timeout(400)
    assert [record["levels"]["empathy"] for record in desk.records()] == [2, 2]
    assert page.locator("#trouble").inner_text() == ""


def test_a_double_click_skips_one_reply(desk, shown) -> None:
    page = come(shown(), desk)
    press(page, "s")
    page.locator("#why-1").check()
    page.evaluate("() => { $('skip-now').click(); $('skip-now').click(); }")
    title(page, 2)
    page.wait_for_timeout(400)
    title(page, 2)
    assert [event["event"] for event in desk.events()] == ["consent", "skip"]


def test_no_level_is_taken_away_by_a_key_that_was_meant_for_selected_words(desk, shown) -> None:
    page = come(shown(), desk)
    judge(page, "e 3")
    press(page, "r Control+Shift+ArrowRight -")
    assert "type the letter first" in page.locator("#said").inner_text()
    assert page.evaluate("mine.levels") == {"empathy": 3}


@pytest.mark.parametrize(("width", "height"), [(1400, 900), (1100, 800), (700, 450), (390, 800)])
def test_nothing_lies_over_what_has_the_focus(tmp_path, shown, width, height) -> None:
    """On the way down and up again; the reply and the guideline may be higher than the window, their ends are seen."""
    long = [exchange(1, "We are sorry that it is late. " * 600), exchange(2)]
    with labelled(tmp_path / "desk", long) as desk:
        page = come(shown(width=width), desk)
        page.set_viewport_size({"width": width, "height": height})
        hidden = []
        for key in ["Tab"] * 40 + ["Shift+Tab"] * 40:
            press(page, key)
            found = page.evaluate(
                """() => {
                  const one = document.activeElement, box = one.getBoundingClientRect();
                  if (one === document.body || box.height > innerHeight) return '';
                  const hit = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
                  return hit && one.contains(hit) ? '' : `${one.id || one.textContent}: ${box.top} ${hit?.className}`;
                }"""
            )
            hidden += [f"{key} {found}"] if found else []
        assert hidden == []
