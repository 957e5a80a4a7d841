"""Hostile texts on the page for labelling: shown as they are, never markup, and every place right to the code point."""

from __future__ import annotations

import pytest
from tests.extras.desk.annot_served import exchange, labelled
from tests.extras.desk.test_annot_pages import come, kept, press, title, words

HOSTILE = {
    "script": "<script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\"> sorry",
    "rtl": "\u202eyalp ot eunitnoc \u2066 مرحبا بالعالم \u05e9\u05dc\u05d5\u05dd",
    "emoji": "👩‍👩‍👧‍👦 sorry 🏳️‍🌈 💬💬 Friday",
    "combining": "e\u0301\u0301\u0301 sorry o\u0308h Z\u0335\u0321 Friday",
    "nul": "a\x00b\x07c\ufffe sorry",
    "tags": "</div></p><style>*{display:none}</style>&amp;&lt;{{7*7}}${7*7} sorry",
    "lines": "line one\r\n\r\n\tline two\rline three\n   \n",
    "blanks": "\u3000\u00a0 sorry \u200b\u2003",
}


def stored(desk) -> list[dict]:
    return desk.records()[0]["behaviours"]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_words_in_turn_and_reply(tmp_path, shown, name) -> None:
    """Every character is walked over and marked by keys; what is stored is what Python cuts out of the text."""
    text = HOSTILE[name]
    with labelled(tmp_path / "desk", [exchange(1, text, text), exchange(2)]) as desk:
        page = come(shown(), desk)
        for place in ("#reply", ".turn .text"):
            assert page.locator(place).evaluate("e => e.textContent") == text
        assert page.locator(".turn .text *").count() == 0
        press(page, "r Control+a x 1 Control+Home Control+Shift+ArrowRight e 1 Control+End Shift+ArrowLeft")
        press(page, "Shift+ArrowLeft Shift+ArrowLeft Shift+ArrowLeft Shift+ArrowLeft d 2 e 1 d 1 x 1")
        kept(page)
        press(page, "Control+Enter")
        title(page, 2, 2)
        marks = stored(desk)
        assert {"X1", "E1"} <= {mark["code"] for mark in marks}
        for mark in marks:
            assert mark["quote"] == text[mark["start"] : mark["end"]]
            assert mark["quote"].strip()
        (whole,) = [mark for mark in marks if mark["code"] == "X1"]
        trimmed = text.strip(" \t\r\n\u3000\u00a0\u2003")
        assert whole["quote"].strip("\u200b \u2003") == trimmed.strip("\u200b \u2003")
        press(page, "Alt+ArrowLeft")
        title(page, 1, 2)
        assert page.locator("#reply").evaluate("e => e.textContent") == text, "marked, the text is the same"
        assert page.title() == "1 of 2 · amends"
        assert page.said == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("💬💬 We are sorry 💬 for 👩‍👩‍👧‍👦 it", "sorry 💬 for 👩‍👩‍👧‍👦"),
        ("o\u0308h e\u0301\u0301 sorry Z\u0335\u0321o", "e\u0301\u0301 sorry Z\u0335\u0321"),
        ("a\x00b sorry c", "b sorry"),
    ],
    ids=["emoji", "combining", "nul"],
)
def test_by_mouse_over_characters_of_many_units(tmp_path, shown, text, quote) -> None:
    with labelled(tmp_path / "desk", [exchange(1, text), exchange(2)]) as desk:
        page = come(shown(), desk)
        start = page.evaluate("([text, quote]) => text.indexOf(quote)", [text, quote])
        page.evaluate("([a, b]) => select(a, b)", [start, start + len(quote.encode("utf-16-le")) // 2])
        press(page, "e 3 e 1 d 1 x 1")
        kept(page)
        press(page, "Control+Enter")
        title(page, 2, 2)
        (mark,) = stored(desk)
        assert mark["quote"] == quote
        assert text[mark["start"] : mark["end"]] == quote


def test_a_selection_that_cuts_a_character_takes_it_whole(tmp_path, shown) -> None:
    """Half a surrogate pair, a letter without its accent: what is marked can be read."""
    text = "ab 👩‍👩‍👧‍👦e\u0301 cd"
    with labelled(tmp_path / "desk", [exchange(1, text)]) as desk:
        page = come(shown(), desk)
        for start, end in ((4, 5), (5, 6), (6, 15), (3, 4)):
            page.evaluate("([a, b]) => select(a, b)", [start, end])
            found = page.evaluate("(({ quote }) => quote)(chosen())")
            assert found in ("👩‍👩‍👧‍👦", "👩‍👩‍👧‍👦e\u0301"), (start, end)


def test_the_places_of_units_and_points_agree_with_python(tmp_path, shown) -> None:
    text = "a💬e\u0301👩‍👩‍👧‍👦\x00 𝔘\u202eb"
    units = [len(text[:n].encode("utf-16-le")) // 2 for n in range(len(text) + 1)]
    with labelled(tmp_path / "desk", [exchange(1, text)]) as desk:
        page = come(shown(), desk)
        assert page.evaluate("units => units.map(toPoints)", units) == list(range(len(units)))
        assert page.evaluate("points => points.map(toUnits)", list(range(len(units)))) == units


@pytest.mark.parametrize("character", ["a", "💥", "\x00x", "e\u0301 "], ids=["a", "emoji", "nul", "combining"])
def test_fifty_thousand_characters(tmp_path, shown, character) -> None:
    text = (character * 50_000)[:49_990] + " sorry end"
    with labelled(tmp_path / "desk", [exchange(1, text), exchange(2)]) as desk:
        page = come(shown(), desk)
        press(page, "r Control+a x 1 Control+End Control+ArrowLeft Control+ArrowLeft Shift+Control+ArrowRight e 3")
        press(page, "e 1 d 1 x 1")
        kept(page)
        press(page, "Control+Enter")
        title(page, 2, 2)
        whole, sorry = stored(desk)
        assert (whole["start"], whole["end"]) == (0, 50_000)
        assert (sorry["quote"], sorry["start"], sorry["end"]) == ("sorry", 49_991, 49_996)


def test_an_empty_reply_can_be_judged(tmp_path, shown) -> None:
    from dataclasses import replace

    with labelled(tmp_path / "desk", [replace(exchange(1), reply=""), exchange(2)]) as desk:
        page = come(shown(), desk)
        press(page, "r ArrowRight Control+ArrowRight ArrowDown End Control+a Delete")
        page.locator("#flag-empty").check()
        kept(page)
        press(page, "Control+Enter")
        title(page, 2, 2)
        (record,) = desk.records()
        assert (record["flags"], set(record["levels"].values())) == (["empty"], {None})
        assert page.said == []


def test_overlapping_marks_leave_the_text_as_it_is(tmp_path, shown) -> None:
    with labelled(tmp_path / "desk", [exchange(1)]) as desk:
        page = come(shown(), desk)
        for code, start, end in (("e 1", 0, 12), ("x 8", 7, 24), ("d 2", 7, 12)):
            words(page, start, end)
            press(page, code)
        shown_marks = page.locator(".mark").evaluate_all(
            "all => all.map((e) => [e.textContent, e.dataset.codes ?? ''])"
        )
        assert shown_marks == [["We are ", "E1"], ["sorry", "D2 X8"], [" that parcel", ""]]
        assert page.locator("#reply").evaluate("e => e.textContent") == exchange(1).reply


def test_a_script_that_slipped_in_would_not_run(tmp_path, shown) -> None:
    """The policy itself, not only that no text becomes markup."""
    with labelled(tmp_path / "desk") as desk:
        page = come(shown(), desk)
        page.evaluate("""() => {
          const inline = document.createElement('script');
          try { inline.text = "document.title = 'taken'"; document.body.append(inline); } catch {}
          try { $('reply').insertAdjacentHTML('beforeend', '<img src=x onerror="document.title=1">'); } catch {}
        }""")
        page.wait_for_timeout(200)
        assert page.title() == "1 of 3 · amends"
