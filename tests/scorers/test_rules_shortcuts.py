"""The shortcuts of ``rules`` change nothing: each is compared with the plain way of saying the same."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.records import DIMENSIONS, Behaviour, Exchange, Turn
from amends.rubric.levels import Shown, decide, deciding
from amends.scorers.rules import engine, guards, noise, phrases, playback, topics
from amends.scorers.rules.reading import Customer, Reading
from amends.scorers.rules.stems import stem, stems
from amends.text import folding, hidden, sentences, words
from amends.text.literals import Groups

needs_re2 = pytest.mark.skipif(engine.re2 is None, reason="google-re2 is not installed")

_PIECES = [
    "\n", "\n\n", ".", "...", "!?", ".)", '."', "?' ", " ", "  ", "'", " '", "''", "$", "$5", "$$", "a$b",
    "mr.", "e.g.", "no.", "3.5", "J.", "_a.", "etc.", "word", "don't", "X", "-", "é", "’", "🙄", "\x00", "\x0c",
    "\x7f", "\r\n", "\u2028", "\u200b", "İ", "Е", "ﬁ", "ご", "£", "- ", "* ", "&nbsp;", "<b>", "<!--", "-->",
    "> ", "customer: ", "best,\n", "--\n", "this reply should ", "label the ", "unsubscribe ", "from: ", "```",
]  # fmt: skip
_TEXT = st.one_of(
    st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=200),
    st.lists(st.sampled_from(_PIECES), max_size=40).map("".join),
)


def _sentences(folded: str) -> list[tuple[int, int]]:
    """Sentences by one expression."""
    found = []
    start = 0
    abbreviation = r"(?:\b(?:mr|mrs|ms|dr|st|no|approx|ref|e\.g|i\.e|etc|vs|tel|ext|ave|inc|ltd)|\b[a-z])\Z"
    for stop in re.finditer(r"[.!?]+[\"')\]]*(?=[ \n])|\n", folded):
        if stop[0] == "." and re.compile(abbreviation).search(folded, max(start, stop.start() - 8), stop.start()):
            continue
        if folded[start : stop.end()].strip():
            found.append((start, stop.end()))
        start = stop.end()
    if folded[start:].strip():
        found.append((start, len(folded)))
    return found


@settings(max_examples=400, deadline=None)
@given(_TEXT)
def test_text(text: str) -> None:
    """Translation, words and sentences as one expression or table would give them."""
    assert folding._translated(text) == text.translate(folding._TABLE)
    folded = folding.fold(text).text
    assert words(folded) == re.findall(r"[a-z0-9$][a-z0-9']*", folded)
    assert sentences(folded) == _sentences(folded)


def test_marks_without_a_blank_are_read_once() -> None:
    """A long row of marks that ends no sentence costs a look at each."""
    assert sentences("." * 200_000 + "x\n") == [(0, 200_002)]


@needs_re2
@settings(max_examples=200, deadline=None)
@given(_TEXT)
def test_groups(text: str) -> None:
    """The automaton finds the groups that a search for each string finds."""
    groups = [literals for literals, _ in hidden._DETECTORS]
    assert Groups(groups, "re2").present(text) == Groups(groups, "plain").present(text)


@pytest.mark.parametrize("name", ["plain", "auto"])
def test_groups_with_a_lone_surrogate(name: str) -> None:
    """Half a character is like no string and hides none."""
    assert list(Groups([("ab",), ("?",), ("c",)], name).present("\ud800ab c")) == [0, 2]


@pytest.mark.parametrize(
    ("marks", "expression"),
    [
        (guards._NO_MARKS, guards._NEGATED),
        (guards._NO_MARKS, guards._OWN_NEGATION),
        (guards._NO_MARKS, guards._E1_NEGATION),
        ((*guards._NO_MARKS, "refuse to"), guards._REFUSING),
        (guards._REPORT_MARKS, guards._REPORTED),
        (guards._UNSURE_MARKS, guards._UNSURE),
        (guards._REMEDY_MARKS, guards._ISSUE_NOT_REMEDY),
        (guards._IF_MARKS, guards._IF_BEFORE),
    ],
)
def test_marks(marks: tuple[str, ...], expression: re.Pattern[str]) -> None:
    """Whatever an expression matches holds one of the marks that are looked for first."""
    rng = random.Random(3)
    own = re.findall(r"[a-z' ]{2,}", re.sub(r"\\\w|\[[^]]*\]|\{[^}]*\}", " ", expression.pattern))
    vocabulary = sorted({*own, *marks, "we", "wouldn't", "isn't", "dont", "cant", "say", "that"})
    matched = 0
    for _ in range(20_000):
        text = " ".join(piece.strip() for piece in rng.choices(vocabulary, k=rng.randint(1, 4))) + rng.choice(("", " "))
        if expression.search(text):
            matched += 1
            assert any(mark in text for mark in marks), text
            if marks is guards._IF_MARKS:
                assert text.endswith(marks), text
    assert matched > 50


@needs_re2
def test_finders() -> None:
    """The wrapper's search finds what the extension's own finds."""
    options = engine.re2.Options()
    options.never_capture = True
    compiled = engine.re2.compile(rb"\bno (?:way|refund)", options)
    direct = phrases.finder(compiled)
    for data in (b"no way, no refund\n", b"none\n", b"\n"):
        for at in range(len(data)):
            start, end = direct(data, at, len(data))[0]
            assert tuple(phrases.wrapped(compiled, data, at, len(data))[0]) == (start, end)


@pytest.mark.parametrize("name", ["plain", "auto"])
def test_batches(name: str) -> None:
    """Many texts together give what each gives alone."""
    patterns = engine.load_patterns()
    matcher = engine.compile_matcher(patterns, name)
    texts = [folding.fold(f"{p.example} {q.example}").text for p, q in zip(patterns, patterns[7:], strict=False)]
    assert matcher.hits_many(texts) == [matcher.hits(text) for text in texts]
    assert matcher.hits_many([]) == []


@needs_re2
def test_joined_texts() -> None:
    """A pattern that begins or ends where a text does is found in joined texts as in each; none reaches over."""
    made = [
        engine.Pattern(name, "E1", 1.0, expression, "", None, "")
        for name, expression in (
            ("a-start", r"(?:^|, )so sorry\b"),
            ("b-edge", r"\bsorry\b"),
            ("c-over", r"\bsorry[^.]{0,9}"),
            ("d-break", r"[.!?\n] {0,1}so"),
        )
    ]
    texts = ["so sorry\n", "sorry\n", "\n", "no\n", "so, so sorry\n", "sorry sorry\n"]
    fast, plain = (engine.compile_matcher(made, name) for name in ("re2", "plain"))
    found = fast.hits_many(texts)
    assert found == plain.hits_many(texts)
    assert found == [fast.hits(text) for text in texts]
    assert [len(hits) for hits in found] == [3, 2, 0, 0, 3, 3]


@needs_re2
@pytest.mark.parametrize("phrase", [playback._FORWARD, topics._FELT, topics._STOCK, noise._AUTOMATIC])
def test_phrases(phrase: phrases.Phrase) -> None:
    """Both engines see a phrase in the same texts, in some and not in others."""
    plain = phrases.Phrase(phrase.expression, "plain")
    texts = [folding.fold(p.example).text for p in engine.load_patterns()]
    texts += [
        "",
        "this is an automated message\n",
        "i am out of the office until monday\n",
        "undelivered\n",
        "'ll\n",
        "?",
    ]
    seen = [plain.occurs(text) for text in texts]
    assert [phrase.occurs(text) for text in texts] == seen
    assert set(seen) == {True, False}


@settings(max_examples=200, deadline=None)
@given(_TEXT)
def test_stems(text: str) -> None:
    """Putting words without a stem aside loses no stem, at first sight and after."""
    vocabulary = set(words(folding.fold(text).text))
    known = {cut for cut in map(stem, vocabulary) if cut}
    assert stems(vocabulary) == stems(vocabulary) == known


_REPLIES = st.lists(
    st.sampled_from(
        ["my lamp", "broke", "on 3", "three", "friday", "the lampshade", ". ", "! ", "\n", "you", "o'clock"]
    ),
    max_size=30,
).map(" ".join)


@settings(max_examples=300, deadline=None)
@given(_REPLIES, _REPLIES)
def test_likely_playback(reply: str, said: str) -> None:
    """Every sentence that holds two of the customer's stems is looked at."""
    reading = Reading(Exchange("", (Turn("customer", said),), reply))
    likely = playback._likely(reading)
    for index, (start, end) in enumerate(reading.sentences[: playback.MOST_SENTENCES]):
        if len(reading.shared.intersection(map(stem, words(reading.text[start:end])))) >= 2:
            assert index in likely


def test_decide() -> None:
    """Every dimension from its own codes alone is decided as from all of them."""
    rng = random.Random(5)
    codes = [f"{letter}{n}" for letter, top in (("E", 8), ("D", 9), ("X", 8)) for n in range(1, top + 1)]
    for _ in range(4000):
        mix = [Behaviour(c, rng.randint(0, 9), 10, "") for c in rng.choices(codes, k=rng.randint(0, 8))]
        flags = frozenset(rng.sample(["not_upset", "off_topic", "truncated"], rng.randint(0, 2)))
        fault = rng.choice([None, "company", "customer"])
        first = min((b.start for b in mix if b.code in ("E1", "E3")), default=99)
        handled = min((b.start for b in mix if b.code in ("D2", "D3", "X3") and b.start > first), default=99)
        returns = any(b.start > handled for b in mix if b.code in ("E1", "E3"))
        shown = Shown(frozenset(b.code for b in mix), flags, fault, returns)
        clauses = [deciding(shown, dimension) for dimension in DIMENSIONS]
        assert [(d.level, d.clause) for d in decide(mix, flags, fault).values()] == [(c.level, c.id) for c in clauses]


def _echoes(tokens: list[str], said: list[str]) -> bool:
    """More than seven in ten runs of three words stand in what was said, as it is or with the persons turned."""
    from amends.scorers.rules.reading import _TURNED

    turned = [_TURNED.get(word, word) for word in said]
    runs = {*zip(said, said[1:], said[2:], strict=False), *zip(turned, turned[1:], turned[2:], strict=False)}
    own = list(zip(tokens, tokens[1:], tokens[2:], strict=False))
    return bool(own) and sum(run in runs for run in own) > 0.7 * len(own)


_FEW = ["i", "you", "my", "your", "we", "our", "am", "are", "lamp", "broke", "the", "was"]
_WORDS = st.lists(st.sampled_from(_FEW), max_size=14)


@settings(max_examples=400, deadline=None)
@given(_WORDS, _WORDS, st.integers(0, 12))
def test_echoes(said: list[str], tokens: list[str], kept: int) -> None:
    """An early no is a no."""
    tokens = said[:kept] + tokens[: 12 - kept]
    customer = Customer(" ".join(said))
    assert customer.echoes(tokens) == _echoes(tokens, said)
    assert customer.holds(tokens) == (f" {' '.join(tokens)} " in f" {' '.join(said)} ")


@settings(max_examples=300, deadline=None)
@given(_TEXT)
def test_quotes(text: str) -> None:
    """The look for an apostrophe that opens a quotation loses none."""
    reading = Reading(Exchange("", (Turn("customer", "a"),), text))
    spans = [
        m.span()
        for m in re.finditer(r"\"[^\"\n]{1,400}\"|(?:(?<=[\s(:])|^)'[^'\n]{3,160}'(?=[\s.,;:!?)])", reading.text)
    ]
    assert reading.quoted == ([] if sum(e - s for s, e in spans) > 0.8 * len(reading.text) else spans)
