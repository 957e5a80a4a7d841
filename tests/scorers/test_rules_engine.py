"""The engine of ``rules``: two engines agree, patterns are linted, nothing raises, work grows with the text."""

from __future__ import annotations

import pickle
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.errors import UsageError
from amends.records import Context, Exchange, Turn
from amends.scorers import base, load_scorer
from amends.scorers.rules import engine, expressions, lint
from amends.scorers.rules.scorer import Rules
from amends.text import fold

PATTERNS = engine.load_patterns()
PLAIN = engine.compile_matcher(PATTERNS, "plain")
needs_re2 = pytest.mark.skipif(engine.re2 is None, reason="google-re2 is not installed")

_SENTENCES = sorted({text for p in PATTERNS for text in (p.example, p.counter) if text})


def _texts(count: int, seed: int = 11) -> list[str]:
    """Examples and counter-examples shuffled, joined, cut and upper-cased."""
    rng = random.Random(seed)
    made = list(_SENTENCES)
    while len(made) < count:
        text = rng.choice((" ", "\n\n", ", ")).join(rng.sample(_SENTENCES, rng.randint(2, 6)))
        cut = rng.randint(0, 30)
        made.append((text.upper() if rng.random() < 0.2 else text)[cut:])
    return made


def _exchange(reply: str, *turns: Turn) -> Exchange:
    return Exchange("", turns, reply, Context())


def test_lint() -> None:
    """Every pattern is within both engines' means, matches its example and not its counter-example."""
    assert lint.problems(PATTERNS) == []


def test_every_behaviour_has_patterns() -> None:
    """All 25 behaviours can be seen."""
    codes = {p.code for p in PATTERNS if not p.code.startswith("_")}
    assert len(codes) == 25


@pytest.mark.parametrize(
    ("expression", "what"),
    [
        (r"\bsorry(?= you)", "look-around"),
        (r"\b(sorry) \1", "back-reference"),
        (r"\bsorry.{0,3}you", "bare dot"),
        (r"\bsorry \w+ you", "repeats up to"),
        (r"\bsorry \w{1,90} you", "repeats up to"),
        (r"\bsorry you$", "end anchor"),
        (r"\bsorry (?:to )??you", "lazy"),
        (r"\bSorry you", "lower-case"),
        (r"\b\w{2,5}\b", "no literal"),
        (r"\bsorry (you", "does not compile"),
        (r"\bcalm down", "does not match its example"),
    ],
)
def test_lint_refuses(expression: str, what: str) -> None:
    """Each kind of trouble is named."""
    pattern = engine.Pattern("e3-x", "E3", 1.0, expression, "sorry you", None, "a test")
    assert any(what in line for line in lint.problems([pattern]))


@needs_re2
def test_engines_agree() -> None:
    """re2 and the fallback give the same hits at the same places."""
    both = engine.shipped_matcher()
    hits = 0
    for text in _texts(900):
        folded = fold(text).text
        found = both.hits(folded)
        assert found == PLAIN.hits(folded)
        hits += len(found)
    assert hits > 900


@needs_re2
@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(_SENTENCES + ["\n", "🙏", "“", "<b>", "not ", "if "]), max_size=6).map(" ".join))
def test_engines_agree_on_mixtures(text: str) -> None:
    """The same on mixtures that nobody wrote."""
    folded = fold(text).text
    assert engine.shipped_matcher().hits(folded) == PLAIN.hits(folded)


def test_fallback_annotates_alike() -> None:
    """The scorer gives the same annotations without re2."""
    exchanges = [_exchange(text, Turn("customer", "My lamp broke twice.")) for text in _texts(400)[-120:]]
    assert Rules(PLAIN).annotate(exchanges) == Rules().annotate(exchanges)


def test_required_literals() -> None:
    """The fallback's prefilter: at least one of the strings is in every match."""
    assert expressions.required_literals(r"\bcalm (?:down|yourself)\b") == {
        "yourself",
        "down",
    } or expressions.required_literals(r"\bcalm (?:down|yourself)\b") == {"calm "}
    assert expressions.required_literals(r"\w{1,3}") == frozenset()
    for pattern in PATTERNS:
        literals = expressions.required_literals(pattern.expression)
        assert any(literal in fold(pattern.example).text for literal in literals), pattern.id


def test_pickled() -> None:
    """A scorer travels to another process and says the same; its matchers are rebuilt there."""
    scorer = Rules()
    exchanges = [_exchange(text) for text in _texts(30)]
    before = scorer.annotate(exchanges)
    again = pickle.loads(pickle.dumps(scorer))
    assert again.annotate(exchanges) == before
    assert len(pickle.dumps(Rules(PLAIN))) < 500
    assert isinstance(scorer, base.Scorer)


def test_batches_do_not_matter() -> None:
    """One by one, or all at once: the same, in order, every time."""
    scorer = Rules()
    exchanges = [_exchange(text) for text in _texts(60)]
    assert [scorer.annotate([one])[0] for one in exchanges] == scorer.annotate(exchanges)
    assert scorer.annotate([]) == []


_HOSTILE = st.one_of(
    st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=400),
    st.lists(
        st.sampled_from(
            [
                *_SENTENCES[:60],
                "\x00",
                "\u202e",
                "\u200d",
                "🙄",
                "İ",
                "ﬁ",
                "> ",
                "\n\n",
                "<!--",
                "'",
                '"',
                "sorry ",
                "Customer: ",
            ]
        ),
        max_size=12,
    ).map("".join),
)


@settings(max_examples=250, deadline=None)
@given(_HOSTILE, _HOSTILE)
def test_any_text(reply: str, customer: str) -> None:
    """No text raises; every span quotes the stored text; behaviours are ordered and do not overlap in one code."""
    found = Rules().annotate([_exchange(reply, Turn("customer", customer)), _exchange(reply)])[0]
    last: dict[str, int] = {}
    for b in found.behaviours:
        assert 0 <= b.start < b.end <= len(reply)
        assert b.quote == reply[b.start : b.end]
        assert b.start >= last.get(b.code, 0)
        last[b.code] = b.end
    assert [(b.start, b.code) for b in found.behaviours] == sorted((b.start, b.code) for b in found.behaviours)
    assert all(level is None or 1 <= level <= 5 for level in found.levels.values())
    assert found.reason


@pytest.mark.parametrize(
    "piece",
    [
        "sorry ",
        "we have ",
        "a",
        "you should have ",
        '"',
        "'",
        "(",
        "it was the ",
        "\n",
        "not ",
        "by friday ",
        "<b>",
        "5 ",
    ],
)
def test_work_grows_with_the_text(piece: str) -> None:
    """Hits, sentences and behaviours of a repeated piece grow at most in step with it; nothing runs away."""
    scorer = Rules()
    sizes = []
    for count in (400, 4000):
        reply = piece * count
        hits = engine.shipped_matcher().hits(fold(reply).text)
        found = scorer.annotate([_exchange(reply, Turn("customer", reply))])[0]
        sizes.append((len(hits), len(found.behaviours)))
    assert sizes[1][0] <= 12 * sizes[0][0] + 40
    assert sizes[1][1] <= 12 * sizes[0][1] + 40


def test_names() -> None:
    """Unknown names say what exists; what is no scorer is refused."""
    with pytest.raises(UsageError, match="rules"):
        load_scorer("rule")
    with pytest.raises(UsageError, match="cannot be imported"):
        load_scorer("amends.nowhere:Thing")
    with pytest.raises(UsageError, match="no scorer"):
        load_scorer("amends.records:DIMENSIONS")


def test_clash_with_a_built_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """A plug-in may not take a built-in name."""
    from importlib.metadata import EntryPoint

    import amends.scorers as scorers

    monkeypatch.setattr(scorers, "entry_points", lambda group: [EntryPoint("rules", "x:y", group)])
    with pytest.raises(UsageError, match="built-in"):
        load_scorer("rules")


@pytest.mark.parametrize(
    ("expression", "count", "why"),
    [
        (r"\bsorry (?:for|that)\b", 0, "only words that are named"),
        (r"\bsorry \w{1,12} you", 1, "one word of any letters"),
        (r"\bsorry \w{1,3} you", 0, "a few letters open no gap worth counting"),
        (r"\bsorry (?:\w{1,12} ){0,3}you", 3, "up to three words"),
        (r"\bsorry (?:(?:[\w'-]{1,24}),? ){0,6}you", 6, "as the macros write it"),
        (r"\bnever(?: \w{2,8}){0,2} (?:again|a \w{3,9})\b", 3, "two words, and one in an alternative"),
    ],
)
def test_gaps(expression: str, count: int, why: str) -> None:
    """What a pattern counts when patterns are put together in one automaton."""
    assert expressions.gaps(expression) == count, why


@needs_re2
def test_no_automaton_has_too_many_patterns() -> None:
    """Each pattern is in one automaton, in order, and none is crowded unless it holds one pattern alone."""
    bundles = list(engine._bundles(PATTERNS))
    assert [pattern for _, some in bundles for pattern in some] == list(PATTERNS)
    assert [first for first, _ in bundles] == [sum(len(some) for _, some in bundles[:at]) for at in range(len(bundles))]
    for _, some in bundles:
        assert len(some) == 1 or sum(1 + expressions.gaps(p.expression) for p in some) <= engine._TOGETHER
    assert 20 < len(bundles) < 45, "by this number their speed on varied text was measured (benches/RULES.md)"
