"""What a reader sees stays in the folded text, and what looks like a letter is one."""

# ruff: noqa: E501  (tables read best a row a line)
from __future__ import annotations

import pytest

from amends.text import fold, hidden_spans


@pytest.mark.parametrize(
    ("text", "shown", "gone", "why"),
    [
        ("What is due:\n\n| item | refund |\n| --- | --- |\n| lamp | paid today |\n", "paid today", "", "a row of a table is seen"),
        ("| lamp | 20 |", "lamp", "", "a table of one row"),
        ("  | lamp | 20", "lamp", "", "a row without its last bar"),
        ("Hello.\n| my lamp is broken\n| and so am I\nWe will pay.", "we will pay", "my lamp", "one bar at the start quotes a line"),
        ("Hello.\n> my lamp | is broken\nWe will pay.", "we will pay", "my lamp", "a bar within a quoted line shows nothing"),
        ("We take f\u03c5ll responsibility.", "full responsibility", "", "Greek upsilon looks like u"),
        ("calm \u03c5p", "calm up", "", "at the start of a word"),
    ],
    ids=lambda value: value[:30] if isinstance(value, str) else None,
)  # fmt: skip
def test_folds(text: str, shown: str, gone: str, why: str) -> None:
    """Shown is there, gone is not, and the way back leads to the stored words."""
    folded = fold(text)
    assert shown in folded.text, why
    assert not gone or gone not in folded.text, why
    at = folded.text.index(shown)
    start, end = folded.span(at, at + len(shown))
    assert len(text[start:end]) == len(shown)


def test_rows_of_bars_are_read_once() -> None:
    """A long row of bars is no quotation and costs a look at each."""
    assert hidden_spans("| " * 100_000 + "x") == []
