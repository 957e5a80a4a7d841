"""Gold: medians, majorities, spans; adjudication where levels lie wide apart; scorers never count."""

from __future__ import annotations

import itertools
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.dataset.gold import gold_of, joined_behaviours, spread
from amends.records import DIMENSIONS, Annotation, Annotator, Behaviour

TEXT = "I don't see why. We're sorry, Zoë."
FUZZ = settings(derandomize=True, deadline=None, max_examples=150)
N = None
_NAMES = itertools.count()


def by(
    *levels: int | None,
    kind: str = "model",
    role: str = "annotator",
    method: str = "holistic",
    spans: tuple[Behaviour, ...] = (),
    flags: tuple[str, ...] = (),
) -> Annotation:
    """An annotation by somebody new; one level stands for all three dimensions."""
    given_levels = levels * 3 if len(levels) == 1 else levels
    who = Annotator(role, kind, f"a{next(_NAMES):06}", "1", method, "1.0")
    return Annotation("r", "s", who, dict(zip(DIMENSIONS, given_levels, strict=True)), spans, flags)


def the_gold(*annotations: Annotation, kind: str = "model", text: str = TEXT) -> dict[str, Any]:
    found: dict[str, Any] = gold_of(text, annotations)[kind]
    return found


LEVELS = [
    ([4], 4.0, [0, 0, 0, 1, 0], "one annotator"),
    ([2, 3], 2.5, [0, 1, 1, 0, 0], "of two the mean"),
    ([1, 5], 3.0, [1, 0, 0, 0, 1], "of two far apart the mean, until they are adjudicated"),
    ([1, 2, 5], 2.0, [1, 1, 0, 0, 1], "of three the median"),
    ([5, 1, 5], 5.0, [1, 0, 0, 0, 2], "the order says nothing"),
    ([1, 2, 3, 5], 2.5, [1, 1, 1, 0, 1], "of four the mean of the middle two"),
    ([N], None, [0, 0, 0, 0, 0], "one who cannot judge"),
    ([N, N], None, [0, 0, 0, 0, 0], "none can judge"),
    ([4, N], 4.0, [0, 0, 0, 1, 0], "half null is not most"),
    ([3, N, N], None, [0, 0, 1, 0, 0], "most are null"),
    ([3, 4, N], 3.5, [0, 0, 1, 1, 0], "the null is left out, never a nought"),
    ([1, 1, N, N], 1.0, [2, 0, 0, 0, 0], "half of four"),
    ([1, 1, N, N, N], None, [2, 0, 0, 0, 0], "three of five"),
]


@pytest.mark.parametrize(("levels", "expected", "distribution", "why"), LEVELS, ids=[why for *_, why in LEVELS])
def test_levels(levels: list[int | None], expected: float | None, distribution: list[int], why: str) -> None:
    found = the_gold(*[by(level) for level in levels])
    assert found["levels"] == dict.fromkeys(DIMENSIONS, expected), why
    assert all(level is None or type(level) is float for level in found["levels"].values()), "always a real number"
    assert found["distribution"] == dict.fromkeys(DIMENSIONS, distribution), why
    assert found["n"] == len(levels), "all who judged it, those with null levels too"


def test_dimensions_are_apart() -> None:
    found = the_gold(by(1, 2, N), by(2, 5, N), by(3, 5, 4))
    assert found["levels"] == {"empathy": 2.0, "depersonalization": 5.0, "excuse_avoidance": None}


def adjudicated(*levels: int | None, **how: Any) -> Annotation:
    return by(*levels, method="adjudication", **how)


ADJUDICATED = [
    ([by(1), by(3)], [adjudicated(3)], 3.0, "two apart: the adjudicator's level stands"),
    ([by(1), by(2)], [adjudicated(5)], 1.5, "one apart: it does not"),
    ([by(2), by(2)], [adjudicated(5)], 2.0, "no distance"),
    ([by(1), by(2), by(5)], [adjudicated(4)], 4.0, "the widest pair counts"),
    ([by(1), by(5)], [adjudicated(N)], None, "the adjudicator cannot judge it either"),
    ([by(4), by(N)], [adjudicated(1)], 4.0, "a null is no distance"),
    ([by(1), by(5)], [], 3.0, "not adjudicated yet"),
]


@pytest.mark.parametrize(("judged", "last", "expected", "why"), ADJUDICATED, ids=[why for *_, why in ADJUDICATED])
def test_adjudication(judged: list[Annotation], last: list[Annotation], expected: float | None, why: str) -> None:
    found = the_gold(*last, *judged)
    assert found["levels"] == dict.fromkeys(DIMENSIONS, expected), why
    assert all(level is None or type(level) is float for level in found["levels"].values())
    without = the_gold(*judged)
    for name in ("n", "distribution", "behaviours", "flags"):
        assert found[name] == without[name], f"an adjudication is in no {name}"


def test_adjudication_replaces_the_wide_dimensions_alone() -> None:
    found = the_gold(by(1, 3, 4), by(4, 4, 5), adjudicated(2, 1, 1))
    assert found["levels"] == {"empathy": 2.0, "depersonalization": 3.5, "excuse_avoidance": 4.5}


def test_adjudication_of_the_other_kind_says_nothing() -> None:
    found = gold_of(TEXT, [by(1), by(5), adjudicated(5, kind="person")])
    assert found["model"]["levels"]["empathy"] == 3.0
    assert "person" not in found, "an adjudication alone is no gold"


WHO = [
    ([by(1, kind="person"), by(5)], {"person": 1.0, "model": 5.0}, "people and models are never pooled"),
    ([by(3, kind="person")], {"person": 3.0}, "a person alone"),
    ([by(2), by(5, role="scorer", kind="program"), by(5, role="scorer", kind="model")], {"model": 2.0},
     "scorers never count, a judge model neither"),
    ([by(5, role="scorer", kind="person")], {}, "whatever kind a scorer says it is"),
    ([by(5, kind="program")], {}, "a program is no annotator for gold"),
    ([], {}, "nobody"),
]  # fmt: skip


@pytest.mark.parametrize(("annotations", "expected", "why"), WHO, ids=[why for *_, why in WHO])
def test_whose_levels_count(annotations: list[Annotation], expected: dict[str, float], why: str) -> None:
    found = gold_of(TEXT, annotations)
    assert {kind: gold["levels"]["empathy"] for kind, gold in found.items()} == expected, why
    assert all(gold["n"] == 1 for gold in found.values())


FLAGS = [
    ([("off_topic",), ("off_topic",)], ["off_topic"], "both"),
    ([("off_topic",), ()], [], "half is not more than half"),
    ([("off_topic", "truncated"), ("truncated",), ("off_topic",)], ["off_topic", "truncated"], "two of three, sorted"),
    ([("empty",), (), ()], [], "one of three"),
]


@pytest.mark.parametrize(("flags", "expected", "why"), FLAGS, ids=[why for *_, why in FLAGS])
def test_flags(flags: list[tuple[str, ...]], expected: list[str], why: str) -> None:
    assert the_gold(*[by(3, flags=some) for some in flags])["flags"] == expected, why


def span(text: str, quote: str, code: str = "E1", strength: float = 1.0, after: int = 0) -> Behaviour:
    start = text.index(quote, after)
    return Behaviour(code, start, start + len(quote), quote, strength)


def joined(text: str, *marks: list[tuple[str, str] | str]) -> list[str]:
    """``code quote`` of gold spans from each annotator's quotes."""
    annotations = [
        by(3, spans=tuple(span(text, m) if isinstance(m, str) else span(text, m[1], m[0]) for m in some))
        for some in marks
    ]
    found = joined_behaviours(text, annotations)
    assert all(text[b.start : b.end] == b.quote for b in found)
    return [f"{b.code} {b.quote}" for b in found]


SPANS = [
    (TEXT, [["don't see"], ["don't see"]], ["E1 don't see"], "the same span"),
    (TEXT, [["don't"], []], [], "half is not more than half"),
    (TEXT, [["don't"], ["don't"], []], ["E1 don't"], "two of three"),
    (TEXT, [["don't"], [("E2", "don't")]], [], "another code is another behaviour"),
    (TEXT, [["I don't"], ["don't see"]], ["E1 I don't see"], "spans that overlap are joined"),
    (TEXT, [["I don't"], ["see why"]], ["E1 I don't", "E1 see why"], "spans that do not overlap stay two"),
    (TEXT, [["I don't", "sorry"], ["see"]], ["E1 I don't", "E1 see", "E1 sorry"], "all spans of a code that counts"),
    (TEXT, [["sorry", "why"], []], [], "two marks by one annotator are one voice"),
    (TEXT, [["orr"], ["sorr"]], ["E1 sorry"], "widened to the word, then joined"),
    (TEXT, [["ee why. W"]] * 2, ["E1 see why. We're"], "both ends"),
    (TEXT, [["don"]] * 2, ["E1 don't"], "an apostrophe is inside the word"),
    (TEXT, [["'t see"]] * 2, ["E1 don't see"], "a span that begins at the apostrophe"),
    (TEXT, [["re sorry"]] * 2, ["E1 We're sorry"], "a span that begins behind the apostrophe"),
    (TEXT, [["why"]] * 2, ["E1 why"], "the full stop is no part of the word"),
    (TEXT, [["Zo"]] * 2, ["E1 Zoë"], "a letter with its mark"),
    ("It’s ours.", [["s ours"]] * 2, ["E1 It’s ours"], "a curly apostrophe"),
    ("the 'best' ever", [["bes"]] * 2, ["E1 best"], "quotation marks are no apostrophes"),
    ("the drivers' fault", [["driver"]] * 2, ["E1 drivers"], "nor is one at the end of a word"),
    ("Zoe\u0308 is", [["Zoe"]] * 2, ["E1 Zoe\u0308"], "a combining mark stays with its letter"),
    ("e\u0301te\u0301 chaud", [["\u0301t"]] * 2, ["E1 e\u0301te\u0301"], "a span that begins at a combining mark"),
    ("नमस्ते दुनिया", [["नम"]] * 2, ["E1 नमस्ते"], "vowel signs are inside the word"),
    ("Прос за", [["рос"]] * 2, ["E1 Прос"], "Cyrillic"),
    ("im\u00adpossible", [["im"]] * 2, ["E1 im\u00adpossible"], "a soft hyphen is inside the word"),
    ("well-known", [["know"]] * 2, ["E1 known"], "a hyphen parts words"),
    ("so sorry 😡😡 now", [["😡"]] * 2, ["E1 😡"], "an emoji is no word"),
    ("abc", [["abc"]] * 2, ["E1 abc"], "the whole text"),
    (TEXT, [[("X1", "sorry"), ("E1", "sorry"), ("D1", "don't")]] * 2, ["D1 don't", "E1 sorry", "X1 sorry"],
     "in the order of start, then code"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "marks", "expected", "why"), SPANS, ids=[why for *_, why in SPANS])
def test_behaviours(text: str, marks: list[list[Any]], expected: list[str], why: str) -> None:
    assert joined(text, *marks) == expected, why


def test_strength_is_the_mean_of_each_annotators_strongest_mark() -> None:
    first = by(3, spans=(span(TEXT, "sorry", strength=0.2), span(TEXT, "don't", strength=0.4)))
    second = by(3, spans=(span(TEXT, "sorry", strength=0.9),))
    silent = by(3)
    found = joined_behaviours(TEXT, [first, second, silent])
    assert [(b.quote, b.strength) for b in found] == [("don't", 0.65), ("sorry", 0.65)]  # (0.4 + 0.9) / 2


def test_spread() -> None:
    assert spread([by(1), by(4), by(N)], "empathy") == 3
    assert spread([by(2)], "empathy") == 0
    assert spread([by(N), by(N)], "empathy") == 0
    assert spread([], "empathy") == 0


LEVEL = st.one_of(st.none(), st.integers(1, 5))
WORDS = st.text(st.sampled_from("ab'’ é\u0301-.😡"), min_size=1, max_size=15)


@FUZZ
@given(st.lists(st.tuples(LEVEL, LEVEL, LEVEL), min_size=1, max_size=7), st.randoms(use_true_random=False))
def test_properties_of_levels(levels: list[tuple[int | None, ...]], order: random.Random) -> None:
    annotations = [by(*some) for some in levels]
    found = the_gold(*annotations)
    shuffled = annotations.copy()
    order.shuffle(shuffled)
    assert the_gold(*shuffled) == found, "the order says nothing"
    for index, dimension in enumerate(DIMENSIONS):
        own = sorted(some[index] for some in levels if some[index] is not None)
        level = found["levels"][dimension]
        assert sum(found["distribution"][dimension]) == len(own)
        assert (level is None) == (not own or len(levels) - len(own) > len(levels) / 2)
        assert level is None or own[0] <= level <= own[-1]


@FUZZ
@given(WORDS, st.data())
def test_properties_of_spans(text: str, draw: st.DataObject) -> None:
    ends = st.tuples(st.integers(0, len(text) - 1), st.integers(1, len(text))).filter(lambda pair: pair[0] < pair[1])
    marked = draw.draw(st.lists(st.lists(ends, max_size=3), min_size=1, max_size=4))
    annotations = [by(3, spans=tuple(Behaviour("E1", a, b, text[a:b]) for a, b in own)) for own in marked]
    found = joined_behaviours(text, annotations)
    assert bool(found) == (2 * sum(map(bool, marked)) > len(marked))
    assert all(text[b.start : b.end] == b.quote for b in found)
    assert all(one.end <= other.start for one, other in itertools.pairwise(found)), "no two overlap"
    if found:
        assert all(any(b.start <= a and e <= b.end for b in found) for own in marked for a, e in own), "none is lost"
    again = [by(3, spans=tuple(found))] * 2
    assert joined_behaviours(text, again) == found, "joined and widened once is enough"
