"""No pattern of ``rules`` may hold a phrase that only the test split has: the scorer is measured there."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import orjson
import pytest

from amends.scorers.rules import engine
from amends.text import plain, words

DATA = Path(__file__).parents[2] / "data"
LONG = 4
"""Words from which on a literal counts as a phrase that could have been copied."""
_NOT_LITERAL = re.compile(r"\\[bwds]|\\n|\(\?:|[a-z]\?|\[[^\]]*\]|\{\d+(?:,\d+)?\}|[()|^$*+?\x7f]")


def phrases(expression: str) -> set[str]:
    """The literals of four words or more that stand in an expression, macros written out."""
    runs = (run.replace("\\", "") for run in _NOT_LITERAL.split(expression))
    return {" ".join(found) for run in runs if len(found := words(run)) >= LONG}


def texts(*names: str) -> str:
    """Replies, pairs and turns of some files as one folded text of words, a stroke between texts."""
    said: list[str] = []
    for name in names:
        for line in (DATA / name).read_bytes().splitlines():
            row = orjson.loads(line)
            said += [row[key] for key in ("reply", "better", "worse") if key in row]
            said += [turn["text"] for turn in row["turns"]]
    return " | ".join(f" {' '.join(words(plain(text)))} " for text in said)


def unseen(expressions: Iterable[tuple[str, str]], test: str, open_texts: str) -> list[str]:
    """Ids of the patterns with a phrase that is in ``test`` and not in ``open_texts``."""
    return [
        name
        for name, expression in expressions
        if any(f" {phrase} " in test and f" {phrase} " not in open_texts for phrase in phrases(expression))
    ]


@pytest.mark.parametrize(
    ("expression", "found", "why"),
    [
        (r"\b(?:sorry|so we left it in the wet)\b", {"so we left it in the wet"}, "an alternative is a literal"),
        (r"\bwe left it\b", set(), "three words are nobody's own"),
        (r"\b(?:on the house|at no cost)\b", set(), "alternatives are not read as one"),
        (r"\bas far as i(?: can see)?\b", {"as far as i"}, "a group ends a literal"),
        (r"\bthe (?:\w{3,10} )?van came\b", set(), "a gap ends a literal"),
    ],
)
def test_phrases(expression: str, found: set[str], why: str) -> None:
    """What counts as a literal of an expression."""
    assert phrases(expression) == found, why


def test_planted() -> None:
    """A phrase of the test texts alone is found; one that others hold too is not."""
    rows = [("x2-planted", r"\bso we left it in\b"), ("x2-known", r"\bthat is on us alone\b")]
    assert unseen(rows, " so we left it in | that is on us alone ", " that is on us alone ") == ["x2-planted"]


def test_no_phrase_of_test_alone() -> None:
    """Only ids are told, so that a failure shows nothing of the test split."""
    rows = [(p.id, p.expression) for p in engine.load_patterns()]
    assert any(phrases(expression) for _, expression in rows)
    test = texts("exchanges/test.jsonl", "contrast/test.jsonl")
    known = texts("exchanges/train.jsonl", "exchanges/validation.jsonl", "contrast/train.jsonl")
    assert unseen(rows, test, known) == []
