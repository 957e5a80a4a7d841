"""The page as text: whole, closed, harmless, and every number with its n."""

import dataclasses
import re

import pytest
from tests.reports import example
from tests.reports.reading import Page

from amends.records import Annotation, Annotator, Behaviour, Exchange, Turn
from amends.reports import REPORTS, page
from amends.results import About, row_of, summarise

report = REPORTS["html"]
WHO = Annotator("annotator", "person", "ada", "1", "holistic", "1.0")


@pytest.fixture(scope="module")
def source(result, items):
    return report(result, items)


@pytest.fixture(scope="module")
def read(source):
    return Page(source)


def test_elements_are_closed_and_ids_are_unique(read):
    ids = [attributes["id"] for _, attributes in read.tags if "id" in attributes]
    assert not read.open
    assert len(ids) == len(set(ids))
    named = [one for _, a in read.tags for one in (a.get("aria-labelledby") or "").split()]
    assert set(named) <= set(ids)
    assert {a["href"][1:] for a in read.named("a")} <= set(ids)


def test_nothing_is_asked_for_and_nothing_runs(read, source):
    tags = {tag for tag, _ in read.tags}
    assert not tags & {"script", "img", "iframe", "object", "embed", "form", "base", "video", "audio"}
    assert not [name for _, attributes in read.tags for name in attributes if name.startswith("on") or name == "style"]
    assert [a["href"] for a in read.named("link")] == ["data:,"]
    assert "url(" not in source
    assert "@import" not in source
    policy = next(a["content"] for a in read.named("meta") if a.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'; style-src 'sha256-")


def test_attributes_are_whole(read):
    """A quote that was escaped where a tag was meant would make an attribute of it."""
    assert all(re.fullmatch("[a-z][a-z0-9-]*", name) for _, attributes in read.tags for name in attributes)
    assert {"class": "zero"} in read.named("tr")


def test_headings_are_in_order(read):
    levels = [int(tag[1]) for tag, _ in read.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False))


def test_tables_and_pictures_are_named(read, source):
    assert source.count("<caption") == len(read.named("table"))
    assert all("scope" in attributes for attributes in read.named("th"))
    roots = [a for a in read.named("svg") if "x" not in a]
    assert all(a["role"] == "img" and ("aria-labelledby" in a or "aria-label" in a) for a in roots)
    # The diamond of a mean is a picture inside a picture, for its place.
    assert len(read.named("title")) == 1 + len(roots)


def test_no_total(read):
    assert not re.search(r"\b(overall|total|composite)\b", read.text, re.IGNORECASE)


def test_every_number_has_n(source):
    for table in ("measures", "rates"):
        for rows in re.findall(rf'<table class="{table}">.*?<tbody>(.*?)</tbody>', source, re.DOTALL):
            for row in rows.split("</tr>")[:-1]:
                assert re.search(r'<span class="lead">n </span>\d+ \(\d+\)</td>\s*$', row), row
    steps = re.findall(r'<p class="detail">(.*?)</p>', source)
    assert len(steps) == 7
    assert all(re.search(r"<span>n \d+ \(\d+\)</span>", step) for step in steps)
    assert len(re.findall(r"Levels of the judged replies, n = \d+", source)) == 3


def test_head_says_generator_set_scorer(read, result):
    for part in ("warm-template 3 (program)", "data:test@9f3c12aa01bc", "trained 2 (weights c0ffee)"):
        assert part in read.text
    assert read.text.count(result.signature) == 2


def test_without_texts_it_says_so(result):
    assert "was given no texts" in Page(report(result, ())).text


def test_not_computable_is_never_zero():
    text = Page(report(example.bare(), ())).seen
    # Nine measures, the seven steps, their number and order, and one behaviour of two.
    assert text.count("not computable: no reply was judged") == 9 + 7 + 2 + 1
    assert text.count("not computable: one cluster gives no interval") == 1
    assert "0.0" not in text.split("Behaviours")[1].split("How to read")[0]


HOSTILE = [
    "<script>alert(1)</script>",
    "{{ 7 * 7 }} {% raw %} {# x #}",
    "]]> --> </style></svg></title><img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)" x="',
    "&lt;b&gt; &amp;amp; javascript:alert(1)",
    "\u202e\u2066 \x00\x1b[2J",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_harmless_everywhere(result, text):
    """The same words as customer, reply, reason, ids and names add no element and no attribute."""

    def made(words):
        exchange = Exchange(words, (Turn("customer", words), Turn("agent", words), Turn("customer", words)), words)
        shown = (Behaviour("E1", 0, len(words), words), Behaviour("X7", 1, len(words) - 1, words[1:-1]))
        levels = dict.fromkeys(result.dimensions, 1.0)
        who = dataclasses.replace(WHO, name=words)
        annotation = Annotation(words, None, who, levels, shown, (words,), words)
        named = dataclasses.replace(result, generator={"name": words}, signature=words, flags={words: 1})
        return Page(report(named, [(exchange, annotation)]))

    def bones(read):
        return [(tag, sorted(a)) for tag, a in read.tags if "data-shown" not in a and a != {"hidden": None}]

    hostile = made(text)
    assert bones(hostile) == bones(made("plain words"))
    assert text.replace("\x00", "\ufffd") in hostile.text


def test_a_result_made_by_the_package_prints(items):
    """From stored annotations to all three reports."""
    rows = [row_of(a, e.scenario_id, e.context.language) for e, a in items]
    about = About(
        {"kind": "program", "name": "x", "version": "1"}, "data:test", "0" * 12, {"name": "r", "version": 1}, 1
    )
    made = summarise(rows, about)
    for name, written in REPORTS.items():
        assert made.signature in written(made, items), name


def test_templates_never_call_a_text_safe():
    for path in page._TEMPLATES.iterdir():
        assert not re.search(r"\|\s*safe|autoescape|Markup", path.read_text(encoding="utf-8")), path
