"""Hostile texts and foreign pages in a real Chromium."""

from __future__ import annotations

import re

import pytest
from tests.extras.desk.page import come, kept, texts, title
from tests.extras.desk.served import scenario, served

HOSTILE = [
    "<script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">",
    "\u202eyalp ot eunitnoc \u2066 مرحبا بالعالم \u05e9\u05dc\u05d5\u05dd",
    "👩‍👩‍👧‍👦🏳️‍🌈 e\u0301\u0301\u0301 \U000e0041 \u200b",
    "a\x00b\x07c\ufffe",
    "</textarea></p><style>*{display:none}</style>&amp;&lt;{{7*7}}${7*7}",
    "line one\n\n\tline two\n   ",
]


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
    evil.frames[1].wait_for_url(re.compile("^chrome-error"), wait_until="commit")  # the load event may come before it
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
          for (const type of ["text/plain", "application/json"]) {
            try { navigator.sendBeacon(`${where}/api/scenarios/1/answer`, new Blob([body], { type })); } catch {}
          }
          const form = document.createElement("form");
          Object.assign(form, { method: "post", enctype: "text/plain", target: "_blank" });
          form.action = `${where}/api/scenarios/1/answer`;
          const field = document.createElement("input");
          field.name = body.slice(0, -1) + ', "x": "';
          field.value = '"}';
          form.append(field);
          document.body.append(form);
          form.submit();
          return said;
        }""",
        where,
    )
    evil.wait_for_timeout(500)
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
