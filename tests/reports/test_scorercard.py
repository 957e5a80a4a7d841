"""The scorer card on the terminal and as a page: the same numbers, with n and interval or the reason why not."""

import base64
import hashlib
import html
import re
from dataclasses import replace

import pytest
from tests.scorercard.cases import TURNS, Told, contrast_pair, folder, text, write

from amends.records import DIMENSIONS
from amends.reports import wording
from amends.reports.scorercard import MODEL_GOLD, page, terminal
from amends.reports.scorercard_parts import Axis, Notes, cell, grid, listing, up_to

from amends.reports.scorercard_parts import Entry, Row  # isort: skip
from amends.reports.scorercard_sections import sections
from amends.scorercard.card import validity
from amends.statistics.estimate import Estimate
from amends.terminal import WIDTH

HOSTILE = '<script>alert("x")</script>'


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    path = folder(tmp_path_factory.mktemp("data"))
    write(path / "contrast" / "validation.jsonl", contrast_pair("c1", text([4, 3, 3], ["E1"]), text([2, 3, 3])))
    write(
        path / "robustness" / "gaming.jsonl",
        {"id": "g", "trick": HOSTILE, "dimensions": ["empathy"], "turns": TURNS, "honest": text([4, 3, 3]),
         "gamed": text([3, 3, 3])},
    )  # fmt: skip
    write(
        path / "robustness" / "invariance.jsonl",
        {"id": "i", "change": "case", "turns": TURNS, "reply": text([3, 3, 3]), "variant": text([3, 3, 3])},
    )
    write(
        path / "robustness" / "degenerate.jsonl",
        {"id": "d", "case": HOSTILE, "turns": TURNS, "reply": "words",
         "expect": {"flags": ["empty"], "levels": None, "error": False}},
    )  # fmt: skip
    return path


@pytest.fixture(scope="module")
def card(data):
    """Every section that models can fill; generators come from the authors of the replies."""
    found = validity(Told(probabilities=True), data=data)
    return replace(found, speed=None)


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """A card of one invariance pair."""
    path = tmp_path_factory.mktemp("bare")
    record = {"id": "i", "change": "case", "turns": TURNS, "reply": text([3, 3, 3]), "variant": text([3, 3, 3])}
    write(path / "robustness" / "invariance.jsonl", record)
    return validity(Told(), data=path)


def seen(source: str) -> str:
    """What a reader of the page sees."""
    return html.unescape(re.sub(r"<[^>]*>", " ", source.split("</style>")[1]))


def test_the_terminal_is_as_wide_as_it_says_and_ends_with_the_signature(card):
    *lines, last = terminal(card).splitlines()
    assert max(map(len, lines)) <= WIDTH
    assert last == card.signature


def test_both_hold_the_same_numbers(card):
    shown, printed = seen(page(card)), terminal(card)
    for d in DIMENSIONS:
        for estimate in card.items[d].values():
            number = wording.printed(estimate, "level")
            for part in (number.value, number.interval, number.n):
                assert part in shown
                assert part in printed


def test_what_the_scorer_adds_to_each_floor_stands_in_both(card):
    for shown in (seen(page(card)), terminal(card)):
        for floor in ("constant", "length", "sentiment", "reply's words"):
            assert shown.count(f"scorer minus {floor}") == 3


def test_every_number_stands_with_n_and_an_interval_or_a_letter(card):
    for section in sections(card):
        for _, parts in section.parts:
            for part in parts:
                letters = {letter for letter, _ in getattr(part, "notes", ())}
                rows = [row.cells for row in getattr(part, "rows", ()) if hasattr(row, "cells")]
                cells = [c for row in rows for c in row] + [line.cell for line in getattr(part, "lines", ())]
                for one in cells:
                    assert re.fullmatch(r"[\d,]+ \([\d,]+\)", one.n)
                    said = re.findall(r"\((\w)\)", one.value + one.interval)
                    assert one.bounded == (not said)
                    assert set(said) <= letters


def test_the_page_asks_for_nothing_and_its_style_is_the_one_that_is_named(card):
    source = page(card)
    style = re.search(r"<style>(.*?)</style>", source, re.DOTALL).group(1)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in source
    assert "default-src 'none'" in source
    assert not re.search(r"""(?:src|href)=["'](?!#|data:,)|url\(|@import|<script""", source)


def test_ids_are_unique_and_links_lead_somewhere(card):
    source = page(card)
    ids = re.findall(r'\sid="([^"]+)"', source)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', source)) <= set(ids)
    for names in re.findall(r'aria-labelledby="([^"]+)"', source):
        assert set(names.split()) <= set(ids)


def test_words_of_others_are_escaped(card):
    hostile = replace(card, scorer={"name": HOSTILE, "version": 1, "weights": None})
    source = page(hostile)
    assert HOSTILE not in source
    assert source.count(html.escape(HOSTILE)) == 0  # jinja2 writes &#34; where html.escape writes &quot;
    assert "&lt;script&gt;alert(&#34;x&#34;)&lt;/script&gt;" in source
    assert "\x1b" not in terminal(replace(card, scorer={"name": "\x1b[31m", "version": 1, "weights": None}))


def test_model_gold_is_called_what_it_is(card):
    assert MODEL_GOLD in seen(page(card))
    assert "language-model annotators are held to one another, not to people" in " ".join(terminal(card).split())
    people = replace(card, gold="person")
    assert MODEL_GOLD not in seen(page(people))


def test_what_was_not_measured_is_said(card, bare):
    for shown in (seen(page(bare)), terminal(bare)):
        assert "no reply with gold" in shown
        assert "exchanges/validation.jsonl" in shown
        assert "Invariance" in shown
    assert "annotators are models" in terminal(card)
    assert [s.id for s in sections(bare)] == ["robustness"]


def test_failures_are_shown_with_what_was_owed(card):
    shown = " ".join(terminal(card).split())
    assert "flags empty; no levels" in shown
    assert "flags none; levels 3, 3, 3" in seen(page(card))


def test_speed_is_of_the_moment_and_on_no_deterministic_line(card, data):
    timed = validity(Told(probabilities=True), data=data)
    assert "replies a second on 24 replies, this machine, this moment" in terminal(timed)
    assert "not measured" in terminal(card)
    without = [line for line in terminal(timed).splitlines() if not line.startswith("speed")]
    assert without == [line for line in terminal(card).splitlines() if not line.startswith("speed")]


@pytest.mark.parametrize(
    ("estimate", "value", "interval", "notes"),
    [
        pytest.param(Estimate(0.5, 0.25, 0.75, 9, 6, "m"), "0.50", "[0.25, 0.75]", (), id="whole"),
        pytest.param(Estimate(-0.001, -0.004, 0.75, 9, 6, "m"), "0.00", "[0.00, 0.75]", (), id="no negative zero"),
        pytest.param(Estimate(-0.01, -0.1, 0.0, 9, 6, "m"), "-0.01", "[-0.10, 0.00]", (), id="a negative number"),
        pytest.param(Estimate(None, None, None, 0, 0, None, "why"), "none (a)", "", (("a", "why"),), id="none"),
        pytest.param(
            Estimate(0.5, None, None, 9, 6, None, "no interval: so"), "0.50", "no interval (a)", (("a", "so"),),
            id="no interval",
        ),
    ],
)  # fmt: skip
def test_a_number_in_words(estimate, value, interval, notes):
    letters = Notes()
    found = cell(estimate, "level", letters)
    assert (found.value, found.interval, letters.all()) == (value, interval, notes)


def test_one_letter_for_one_reason():
    gone, other = (Estimate(None, None, None, 0, 0, None, why) for why in ("so", "thus"))
    made = grid(
        "c", "h", ("x", "y"), [Row("r", ((gone, "level"), (other, "level"))), Row("s", ((gone, "level"),))], True
    )
    assert [c.value for row in made.rows for c in row.cells] == ["none (a)", "none (b)", "none (a)"]
    assert made.notes == (("a", "so"), ("b", "thus"))


def test_numbers_of_one_row_that_rest_on_different_replies_say_so():
    first, second = (Estimate(0.5, 0.25, 0.75, n, 6, "m") for n in (9, 8))
    made = grid("c", "h", ("x", "y"), [Row("r", ((first, "level"), (second, "level")))], True)
    assert made.rows[0].n == "9 (6) / 8 (6)"


def test_a_picture_has_no_mark_for_what_is_not_known():
    known, gone = Estimate(0.5, 0.25, 0.75, 9, 6, "m"), Estimate(None, None, None, 0, 0, None, "so")
    (line,) = listing(
        "c", "h", [Entry("e", gone, Axis(0, 1, "share"), beside={"constant": gone, "length": known})]
    ).lines
    assert line.track is None
    assert [(mark.name, mark.at) for mark in line.marks] == [("length", "50.00%")]
    assert line.ends == ("0%", "50%", "100%")


@pytest.mark.parametrize(("high", "end"), [(0.4, 1.0), (1.2, 2.0), (2.5, 4.0)])
def test_the_axis_of_errors_holds_them_all(high, end):
    assert up_to([Estimate(0.3, 0.1, high, 9, 6, "m")]).high == end
