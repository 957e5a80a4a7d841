"""The page in a real Chromium: write, move, reload, a server that is killed."""

from __future__ import annotations

import json

from tests.extras.desk.page import come, kept, texts, title
from tests.extras.desk.served import scenario, served

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
    from amends.desk.journal import Lines

    page = come(shown(), desk)

    def full(self, data):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Lines, "append", full)
        page.locator("#reply").fill("no room")
        page.locator("#save").click()
        page.locator("#trouble", has_text="NOT saved: No space left").wait_for()
        assert page.locator("#title").inner_text() == "Scenario 1 of 3"
    page.locator("#save").click()
    title(page, 2)
    assert texts(desk) == ["no room"]


def test_two_presses_save_one_reply_and_skip_one_scenario(desk, shown) -> None:
    page = come(shown(), desk)
    title(page, 1)
    page.keyboard.press("Alt+ArrowRight")
    title(page, 2)
    page.locator("#reply").fill("half a thou")
    kept(page)
    page.keyboard.press("Alt+ArrowLeft")
    title(page, 1)
    page.locator("#reply").fill("whole")
    page.evaluate("() => { saveAnswer(); saveAnswer(); }")
    title(page, 2)
    page.wait_for_timeout(400)
    assert texts(desk) == ["whole"]
    page.locator("#skip").click()
    page.locator("#why-1").check()
    page.evaluate("() => { $('skip-now').click(); $('skip-now').click(); }")
    title(page, 3)
    page.wait_for_timeout(400)
    title(page, 3)
    assert page.evaluate("states") == ["answer", "skip", "open"]
