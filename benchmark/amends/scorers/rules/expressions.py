"""What a pattern's expression tells about its matches."""

from __future__ import annotations

import importlib
import re
from typing import Any

_GAP = re.compile(r"(?:\]|\\[wds])\{\d+,(\d+)\}(?:\)?[^()|]{0,4}\)\{\d+,(\d+)\})?")
"""A repeated class, and how often the group that ends behind it may stand (``(?:\\w{1,9} ){0,3}``)."""
_WIDE = 4
"""Characters of any kind, of which a gap has more."""


def gaps(expression: str) -> int:
    """Stretches of any letters in an expression, each counted as often as it may stand.

    By the written form: the parsed one takes a hundred times as long, at the start of every process.

    Args:
        expression: of a pattern.
    """
    return sum(int(times or 1) for most, times in _GAP.findall(expression) if int(most) > _WIDE)


def required_literals(expression: str) -> frozenset[str]:
    """Strings of which at least one occurs in every match; empty if none can be said."""
    return _literals(importlib.import_module("re._parser").parse(expression))


def _literals(tree: Any) -> frozenset[str]:
    """The choice with the longest shortest string among the parts of a parsed sequence."""
    best: frozenset[str] = frozenset()
    run = ""
    for operator, argument in [*tree, ("END", None)]:
        if str(operator) == "LITERAL":
            run += chr(argument)
            continue
        candidates = [frozenset({run})] if run else []
        run = ""
        if str(operator) == "SUBPATTERN":
            candidates.append(_literals(argument[-1]))
        elif str(operator) == "MAX_REPEAT" and argument[0] > 0:
            candidates.append(_literals(argument[2]))
        elif str(operator) == "BRANCH":
            parts = [_literals(part) for part in argument[1]]
            candidates.append(frozenset().union(*parts) if all(parts) else frozenset())
        for candidate in candidates:
            if candidate and _worth(candidate) > _worth(best):
                best = candidate
    return best


def _worth(literals: frozenset[str]) -> tuple[int, int]:
    return (min(map(len, literals)), -len(literals)) if literals else (0, 0)
