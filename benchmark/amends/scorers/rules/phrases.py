"""Searching with google-re2 where its wheel is installed, with ``re`` where it is not."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Sequence
from typing import Any

from amends.text.literals import re2

Find = Callable[[bytes, int, int], Sequence[tuple[int, int]]]
"""First match in data between two offsets as a list that begins with its (start, end); (-1, -1) if there is none."""

Present = Callable[[bytes], Sequence[int] | None]
"""Numbers of the expressions of a set that occur in data; None or empty if there is none."""


def present(made: Any) -> Present:
    """The look of a compiled ``re2.Set`` into data: the extension's own where it is to be had, as for ``finder``.

    Args:
        made: the set.
    """
    inner = getattr(made, "_set", made)
    found: Present = inner.Match
    return found


def finder(expression: Any) -> Find:
    """The search of an expression of re2: the extension's own where it is to be had; the wrapper's costs double.

    Args:
        expression: compiled by re2.
    """
    try:
        return functools.partial(expression._regexp.Match, re2._Anchor.UNANCHORED)
    except AttributeError:
        return functools.partial(wrapped, expression)


def wrapped(expression: Any, data: bytes, at: int, size: int) -> Sequence[tuple[int, int]]:
    """The same by the wrapper."""
    found = expression.search(data, at, size)
    return [found.span() if found else (-1, -1)]


class Phrase:
    """Tells whether an expression occurs in a folded text.

    ``re`` tries each of its alternatives at each place, re2 reads the text once: over a whole reply it is ten times as
    fast. Both see the same, as long as the expression keeps to what re2 has (no look-around).
    """

    def __init__(self, expression: str, engine: str = "auto") -> None:
        """Compile the expression.

        Args:
            expression: for folded text.
            engine: ``re2``, ``plain``, or ``auto`` (re2 where it is installed).
        """
        self.expression = expression
        self._find: Find | None = None
        if engine == "plain" or (engine == "auto" and re2 is None):
            self._plain = re.compile(expression)
        else:
            options = re2.Options()
            options.never_capture = True
            self._find = finder(re2.compile(expression.encode("ascii"), options))

    def occurs(self, text: str) -> bool:
        """Tell whether the expression occurs.

        Args:
            text: folded, so ASCII.
        """
        if self._find is None:
            return self._plain.search(text) is not None
        return self._find(text.encode("ascii"), 0, len(text))[0][0] >= 0
