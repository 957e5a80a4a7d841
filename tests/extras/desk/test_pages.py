"""The page in a real Chromium: write, reload, a server that is killed, two people, hostile texts, keys alone."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from tests.extras.desk.served import scenario, served

VIEWS = [(scheme, width) for scheme in ("light", "dark") for width in (1280, 320)]
CONTRAST = (Path(__file__).parents[2] / "browser" / "contrast.js").read_text(encoding="utf-8")
HOSTILE = [
    "<script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">",
    "\u202eyalp ot eunitnoc \u2066 مرحبا بالعالم \u05e9\u05dc\u05d5\u05dd",
    "👩‍👩‍👧‍👦🏳️‍🌈 e\u0301\u0301\u0301 \U000e0041 \u200b",
    "a\x00b\x07c\ufffe",
    "</textarea></p><style>*{display:none}</style>&amp;&lt;{{7*7}}${7*7}",
    "line one\n\n\tline two\n   ",
]


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


# ---- writing


def test_from_the_link_to_the_last_reply(desk, shown) -> None:
    page = come(shown(), desk)
    assert page.url == f"http://127.0.0.1:{desk.port}/#1", "no code in the address"
    for number in (1, 2, 3):
        title(page, number)
        page.locator("#reply").fill(f"reply {number}")
        page.locator("#save").click()
    page.locator("#done").wait_for()
    assert page.locator("#said").inner_text() == "Saved. 3 of 3 answered."
    assert texts(desk) == ["reply 1", "reply 2", "reply 3"]
    assert {json.dumps(reply["author"]) for reply in desk.replies()} == {
        '{"kind": "person", "name": "heron", "version": "1"}'
    }
    assert page.said == []
    assert all(url.startswith(f"http://127.0.0.1:{desk.port}/") for url in page.asked)


def test_the_scenario_in_words(tmp_path, shown) -> None:
    asked = [scenario(1, "It broke.", "What broke?", "Everything.")]
    with served(tmp_path / "desk", asked) as desk:
        page = come(shown(), desk)
        context = page.locator("#context").inner_text()
        for words in ("an agent of Acme", "by e-mail", "a new customer", "May refund 20 pounds."):
            assert words in context
        turns = page.locator(".turn").all_inner_texts()
        assert [" ".join(turn.split()) for turn in turns] == [
            "Customer It broke.",
            "Agent of the company What broke?",
            "Customer Everything.",
        ]


def test_nothing_is_sent_without_consent(desk, shown) -> None:
    page = shown()
    page.goto(desk.link())
    page.locator("#name").fill("heron")
    page.locator("#begin").click()
    page.locator("#trouble", has_text="consent").wait_for()
    assert page.locator("#work").is_hidden()
    page.locator("#agreed").check()
    page.locator("#begin").click()
    title(page, 1)
    page.reload()
    title(page, 1)
    assert page.locator("#consent").is_hidden(), "asked once"
    said = json.loads((desk.folder / "work.jsonl").read_bytes())
    assert said["event"] == "consent"
    assert "I agree" in said["text"]


def test_a_draft_survives_a_reload_and_moves(desk, shown) -> None:
    page = come(shown(), desk)
    page.locator("#reply").press_sequentially("half a rep")
    kept(page)
    page.reload()
    title(page, 1)
    assert page.locator("#reply").input_value() == "half a rep"
    page.locator("#next").click()
    title(page, 2)
    page.locator("#previous").click()
    title(page, 1)
    assert page.locator("#reply").input_value() == "half a rep"
    assert texts(desk) == [], "a draft is no reply"


def test_a_draft_that_was_typed_just_before_a_reload(desk, shown) -> None:
    """The pause after the last key is not over: the page sends it as it goes."""
    page = come(shown(), desk)
    page.locator("#reply").press_sequentially("quick")
    page.reload()
    title(page, 1)
    assert page.locator("#reply").input_value() == "quick"


def test_a_reply_is_changed(desk, shown) -> None:
    page = come(shown(), desk)
    page.locator("#reply").fill("first")
    page.locator("#save").click()
    title(page, 2)
    page.locator("#previous").click()
    title(page, 1)
    assert "is saved" in page.locator("#standing").inner_text()
    page.locator("#reply").fill("second")
    kept(page)
    assert texts(desk) == ["first"]
    page.reload()
    title(page, 1)
    assert "have not saved the change" in page.locator("#standing").inner_text()
    page.locator("#save").click()
    title(page, 2)
    assert texts(desk) == ["second"]


def test_skipping_with_a_reason(desk, shown) -> None:
    page = come(shown(), desk)
    page.locator("#skip").click()
    page.locator("#skip-now").click()
    assert "Choose a reason" in page.locator("#skip-trouble").inner_text()
    page.locator("#why-words").fill("I know this <b>company</b>")
    page.locator("#skip-now").click()
    title(page, 2)
    assert page.locator("#progress-words").inner_text() == "0 of 3 answered, 1 skipped"
    page.locator("#previous").click()
    title(page, 1)
    assert page.locator("#standing").inner_text() == "You skipped this one: I know this <b>company</b>"
    said = [json.loads(line) for line in (desk.folder / "work.jsonl").read_bytes().splitlines()]
    assert [event["event"] for event in said] == ["consent", "skip"]
    assert desk.replies() == []


def test_seconds_are_counted_while_somebody_is_there(desk, shown) -> None:
    page = come(shown(), desk)
    page.locator("#reply").press_sequentially("slow")
    page.wait_for_timeout(2500)
    page.locator("#save").click()
    title(page, 2)
    spent = desk.replies()[0]["meta"]["seconds"]
    assert 1 <= spent <= 30
    page.locator("#previous").click()
    title(page, 1)
    assert page.evaluate("seconds") >= spent, "going back goes on from there"


# ---- the server is killed


def test_the_server_is_gone_for_a_while(tmp_path, shown) -> None:
    page = shown()
    with served(tmp_path / "desk") as desk:
        come(page, desk)
        port = desk.port
        page.locator("#reply").fill("before")
        kept(page)
    page.locator("#reply").fill("while nobody was there")
    page.locator("#trouble", has_text="Not saved").wait_for()
    page.keyboard.press("Control+Enter")
    page.wait_for_timeout(300)
    assert page.locator("#reply").input_value() == "while nobody was there"
    assert page.locator("#title").inner_text() == "Scenario 1 of 3"
    with served(tmp_path / "desk", port=port) as desk:
        kept(page)
        assert page.locator("#trouble").inner_text() == "", "and says so no longer"
        page.keyboard.press("Control+Enter")
        title(page, 2)
        assert texts(desk) == ["while nobody was there"]


def test_a_page_that_is_no_longer_in_keeps_its_text(tmp_path, shown) -> None:
    page = shown()
    with served(tmp_path / "desk") as desk:
        come(page, desk)
        port = desk.port
    (tmp_path / "desk" / "sessions.json").unlink()
    with served(tmp_path / "desk", port=port) as desk:
        page.locator("#reply").fill("kept here")
        page.locator("#trouble", has_text="new link").wait_for()
        other = page.context.new_page()
        other.goto(desk.link())
        title(other, 1)
        other.close()
        kept(page)
        page.locator("#save").click()
        title(page, 2)
        assert texts(desk) == ["kept here"]


def test_a_full_disk_is_said(desk, shown, monkeypatch) -> None:
    from amends.desk.work import Work

    page = come(shown(), desk)

    def full(self, path, record):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Work, "_append", full)
        page.locator("#reply").fill("no room")
        page.locator("#save").click()
        page.locator("#trouble", has_text="NOT saved: No space left").wait_for()
        assert page.locator("#title").inner_text() == "Scenario 1 of 3"
    page.locator("#save").click()
    title(page, 2)
    assert texts(desk) == ["no room"]


# ---- two people, two windows


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


# ---- hostile texts


@pytest.mark.parametrize("words", HOSTILE, ids=["script", "rtl", "emoji", "nul", "tags", "blanks"])
def test_hostile_words_in_scenario_and_reply(tmp_path, shown, words) -> None:
    asked = [scenario(1, words), scenario(2, "x")]
    with served(tmp_path / "desk", asked) as desk:
        page = come(shown(), desk)
        text = page.locator(".turn .text")
        assert text.evaluate("e => e.textContent") == words
        assert text.locator("*").count() == 0
        page.evaluate("words => { $('reply').value = words; typed(); }", words)
        kept(page)
        page.reload()
        title(page, 1, 2)
        assert page.locator("#reply").input_value() == words
        page.locator("#save").click()
        title(page, 2, 2)
        assert texts(desk) == [words]
        page.locator("#previous").click()
        title(page, 1, 2)
        assert page.locator("#reply").input_value() == words
        assert page.title() == "1 of 2 · amends"
        assert page.said == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("character", ["a", "💥", "\x00"], ids=["a", "emoji", "nul"])
def test_fifty_thousand_characters(tmp_path, shown, character) -> None:
    words = character * 50_000
    with served(tmp_path / "desk", [scenario(1, words), scenario(2, "x")]) as desk:
        page = come(shown(), desk)
        page.evaluate("words => { $('reply').value = words; typed(); }", words)
        assert page.locator("#count").inner_text() == "50,000 characters"
        kept(page)
        page.locator("#save").click()
        title(page, 2, 2)
        assert texts(desk) == [words]


def test_half_a_character_is_mended_and_too_many_are_named(desk, shown) -> None:
    page = come(shown(), desk)
    page.evaluate("() => { $('reply').value = 'a\\ud800b'; typed(); }")
    kept(page)
    page.evaluate("() => { $('reply').value = 'a'.repeat(100005); typed(); }")
    assert page.locator("#count").inner_text() == "100,005 characters: 5 too many to be saved"
    page.locator("#save").click()
    page.locator("#trouble", has_text="at most 100,000").wait_for()
    assert texts(desk) == []
    page.evaluate("() => { $('reply').value = 'a\\ud800b'; typed(); }")
    page.locator("#save").click()
    title(page, 2)
    assert texts(desk) == ["a\ufffdb"]


def test_a_hostile_name_and_direction_marks_stay_in_their_place(desk, shown) -> None:
    page = shown()
    page.goto(desk.link())
    page.locator("#name").fill("\u202eana")
    page.locator("#agreed").check()
    page.locator("#begin").click()
    page.locator("#trouble", has_text="visible characters").wait_for()
    page.locator("#name").fill("<b>ana</b> مرحبا")
    page.locator("#begin").click()
    title(page, 1)
    page.locator("#reply").fill("x")
    page.locator("#save").click()
    title(page, 2)
    assert desk.replies()[0]["author"]["name"] == "<b>ana</b> مرحبا"


def test_a_script_that_slipped_in_would_not_run(desk, shown) -> None:
    """The policy itself, not only that no text becomes markup."""
    page = come(shown(), desk)
    page.evaluate("""() => {
      const inline = document.createElement('script');
      try { inline.text = "document.title = 'taken'"; document.body.append(inline); } catch {}
      try { document.body.insertAdjacentHTML('beforeend', '<img src=x onerror="document.title=1">'); } catch {}
      const style = document.createElement('style');
      style.textContent = '* { display: none }';
      document.head.append(style);
    }""")
    page.wait_for_timeout(200)
    assert page.title() == "1 of 3 · amends"
    assert page.locator("#reply").is_visible()


def test_no_page_can_frame_it_and_no_foreign_page_can_post(desk, shown, httpserver) -> None:
    """A foreign page of the same machine: same site to a browser, another origin."""
    page = come(shown(), desk)
    where = f"http://127.0.0.1:{desk.port}"
    httpserver.expect_request("/").respond_with_data(f'<iframe src="{where}/"></iframe>', content_type="text/html")
    evil = page.context.new_page()
    evil.goto(httpserver.url_for("/"))
    assert evil.frames[1].url.startswith("chrome-error")
    sent = evil.evaluate(
        """async (where) => {
          const body = JSON.stringify({ text: "forged", seconds: 1, revision: 0 });
          const said = [];
          for (const way of ["no-cors text/plain", "cors application/json", "cors text/plain"]) {
            const [mode, type] = way.split(" ");
            try {
              const got = await fetch(`${where}/api/scenarios/1/answer`,
                { method: "POST", mode, credentials: "include", headers: { "Content-Type": type }, body });
              said.push(got.type);
            } catch { said.push("refused"); }
          }
          try { said.push((await (await fetch(`${where}/api/scenarios/1`, { credentials: "include" })).text())); }
          catch { said.push("refused"); }
          return said;
        }""",
        where,
    )
    assert sent[1:] == ["refused"] * 3
    assert texts(desk) == []
    assert page.evaluate("fetch('/api/scenarios/1').then((r) => r.json()).then((s) => s.text)") == ""


def test_a_used_link_says_so(desk, shown) -> None:
    link = desk.link()
    come(shown(), desk)
    first = shown()
    first.goto(link)
    first.locator("#said", has_text="used already").wait_for()
    assert "#" not in first.url
    bare = shown()
    bare.goto(f"http://127.0.0.1:{desk.port}/")
    assert "not open in this browser" in bare.locator("h1").inner_text()


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


def focused(page) -> str:
    return page.evaluate("document.activeElement.id")


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
