"""Keeps the pattern files within what both engines read alike, and true to their own examples."""

from __future__ import annotations

import importlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from amends.scorers.rules.engine import Pattern, compile_matcher
from amends.scorers.rules.expressions import required_literals
from amends.text import fold

LONGEST = 40
"""The most that one repeat may ask for; bounded repeats keep ``re`` linear in the text."""
_CODE = re.compile(r"[ED][1-9]|X[1-8]|_[A-Z]+")
_REFUSED = {
    "ASSERT": "look-around",
    "ASSERT_NOT": "look-around",
    "GROUPREF": "a back-reference",
    "GROUPREF_EXISTS": "a conditional group",
    "MIN_REPEAT": "a lazy repeat (spans would depend on the engine)",
    "POSSESSIVE_REPEAT": "a possessive repeat",
    "ATOMIC_GROUP": "an atomic group",
    "ANY": "a bare dot (say which characters)",
}


def problems(patterns: Iterable[Pattern]) -> list[str]:
    """Everything wrong with these patterns, one line each.

    Args:
        patterns: as loaded, macros written out.
    """
    rows = list(patterns)
    found = [f"{name}: the id is used {n} times" for name, n in Counter(p.id for p in rows).items() if n > 1]
    for pattern in rows:
        found += [f"{pattern.id}: {what}" for what in _wrong_with(pattern)]
    return found


def _wrong_with(pattern: Pattern) -> Iterator[str]:
    if not _CODE.fullmatch(pattern.code):
        yield f"unknown code {pattern.code}"
    if not 0 < pattern.strength <= 1:
        yield f"strength {pattern.strength} is not in (0, 1]"
    if not pattern.why or not pattern.example:
        yield "why and example are needed"
    if not pattern.expression.isascii() or re.search(r"(?<!\\)[A-Z]", pattern.expression):
        yield "folded text is lower-case ASCII"
    try:
        tree = importlib.import_module("re._parser").parse(pattern.expression)
    except re.error as error:
        yield f"does not compile: {error}"
        return
    trouble = list(_wrong_in(tree))
    yield from trouble
    if not required_literals(pattern.expression):
        yield "no literal is required: the fallback would try it on every text"
    if not trouble:
        # Only what both engines can read is tried out.
        yield from _wrong_examples(pattern)


def _wrong_examples(pattern: Pattern) -> Iterator[str]:
    for engine in ("plain", "auto"):
        matcher = compile_matcher([pattern], engine)
        if not matcher.hits(fold(pattern.example).text):
            yield f"does not match its example ({engine})"
        if pattern.counter is not None and matcher.hits(fold(pattern.counter).text):
            yield f"matches its counter-example ({engine})"


def _wrong_in(tree: Any) -> Iterator[str]:
    """Walk a parsed expression for what one of the engines cannot do or does differently."""
    for operator, argument in tree:
        name = str(operator)
        if name in _REFUSED:
            yield f"holds {_REFUSED[name]}"
        elif name == "AT" and str(argument) in ("AT_END", "AT_END_STRING"):
            yield "holds an end anchor (folded text ends with a line break: match that)"
        elif name == "MAX_REPEAT":
            if argument[1] > LONGEST:
                yield f"repeats up to {argument[1]} times, more than {LONGEST}"
            yield from _wrong_in(argument[2])
        elif name == "SUBPATTERN":
            yield from _wrong_in(argument[-1])
        elif name == "BRANCH":
            for part in argument[1]:
                yield from _wrong_in(part)
