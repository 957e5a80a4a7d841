"""Which patterns occur in folded texts, and the spans of those that do.

google-re2's ``Set`` says which patterns occur, some of them in one pass; only those that do are located. Where the
wheel is missing, each pattern's required literals are looked for first and ``re`` does the rest; ``lint`` keeps the
patterns within what both engines read alike.
"""

from __future__ import annotations

import functools
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from amends.scorers.rules.expressions import gaps, required_literals
from amends.scorers.rules.phrases import Find, Present, finder, present
from amends.text.literals import re2

_FOLDER = Path(__file__).parent
PATTERN_FILES = ("empathy.json", "depersonalization.json", "excuse_avoidance.json", "frames.json")
"""Patterns by dimension; ``frames.json`` holds the parts that only combination rules use."""
_MEMORY = 16 << 20
"""Most memory of one automaton, in bytes; a tenth of it is what most take. With 4 MB they forget on varied text."""
_TOGETHER = 60
"""Patterns of one automaton, each counted once and once for each of its gaps. States are made when a text first needs
them, and patterns multiply each other's: one automaton of all 322 needed new ones for every reply it had not seen, 4 ms
each, where the thirty that this gives take 0.12 ms (benches/RULES.md)."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """One row of a pattern file."""

    id: str
    code: str
    """A behaviour, or the name of a frame (it begins with ``_``)."""
    strength: float
    """0..1; under 0.5 a passing hint."""
    expression: str
    """For folded text, macros written out."""
    example: str
    """A text in which it must be found."""
    counter: str | None
    """A text in which it must not be found."""
    why: str


class Hit(NamedTuple):
    """A pattern found in a folded text, or what a combination rule makes of some."""

    start: int
    end: int
    code: str
    """A behaviour or a frame."""
    strength: float
    id: str = ""
    """Of the pattern; empty for what a rule made."""


class Matcher(Protocol):
    """Finds all patterns in a folded text."""

    def hits(self, folded: str) -> list[Hit]:
        """Every occurrence, ordered by place, then by pattern."""
        ...

    def hits_many(self, folded: Sequence[str]) -> list[list[Hit]]:
        """``hits`` of each text; much faster than text by text."""
        ...


def expand(expression: str, macros: dict[str, str]) -> str:
    """Write out the macros of an expression: ``@{name}`` stands for a group."""
    while "@{" in expression:
        expression = re.sub(r"@\{(\w+)\}", lambda m: f"(?:{macros[m[1]]})", expression)
    return expression


@functools.cache
def load_patterns() -> tuple[Pattern, ...]:
    """The shipped patterns, in file order."""
    macros: dict[str, str] = json.loads((_FOLDER / "macros.json").read_text("utf-8"))
    found: list[Pattern] = []
    for name in PATTERN_FILES:
        for row in json.loads((_FOLDER / name).read_text("utf-8"))["patterns"]:
            found.append(
                Pattern(
                    row["id"],
                    row["code"],
                    row.get("strength", 1.0),
                    expand(row["pattern"], macros),
                    row["example"],
                    row.get("not"),
                    row["why"],
                )
            )
    return tuple(found)


def _located(pattern: Pattern, expression: Any, data: bytes) -> Iterable[Hit]:
    for found in expression.finditer(data):
        start, end = found.span()
        yield Hit(start, end, pattern.code, pattern.strength, pattern.id)


def _ordered(hits: list[Hit]) -> list[Hit]:
    return sorted(hits, key=lambda hit: (hit.start, hit.end, hit.id))


_PARTNERS = {
    "_ROUTE": frozenset({"D9"}),
    "_EXPERIENCE": frozenset({"E5"}),
    "_NOEXCUSE": frozenset({"X8"}),
    "_WHEN": frozenset({"X3"}),
    "_CAUSE": frozenset({"_CHANGE", "X4"}),
    "_CHANGE": frozenset({"X2"}),
}
"""Frames that no rule asks for unless one of these was hit too: locating them would be for nothing."""


def _idle(present: set[str], all_codes: frozenset[str]) -> set[str]:
    """Frames of a matcher whose partners are absent from a text (a matcher without partners keeps its frames)."""
    return {frame for frame, partners in _PARTNERS.items() if partners & all_codes and partners.isdisjoint(present)}


def _anchored(expression: str) -> bool:
    """Tell whether an expression asks for the beginning of the text: joined texts have only one."""
    return "^" in expression.replace("[^", "") or r"\A" in expression


class Re2Matcher:
    """A ``re2.Set`` for every so many patterns; a pattern's own expression is compiled when it first hits."""

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        """Compile the sets."""
        # In the order of their ids, so that places sort by number and a number says which pattern it was.
        self._patterns = tuple(sorted(patterns, key=lambda pattern: pattern.id))
        self._rows = [(p.code, p.strength, p.id) for p in self._patterns]
        self._options = re2.Options()
        self._options.max_mem = _MEMORY
        self._options.never_capture = True
        self._options.log_errors = False
        self._sets = [(first, self._set(some)) for first, some in _bundles(self._patterns)]
        self._finders: list[Find | None] = [None] * len(self._patterns)
        self._partners = self._frames()
        self._anchored = frozenset(i for i, p in enumerate(self._patterns) if _anchored(p.expression))

    def _set(self, patterns: Sequence[Pattern]) -> Present:
        made = re2.Set.SearchSet(self._options)
        for pattern in patterns:
            made.Add(pattern.expression)
        made.Compile()
        return present(made)

    def _frames(self) -> dict[int, frozenset[int]]:
        """For a frame that may be idle: the patterns of which one must be present."""
        found: dict[int, frozenset[int]] = {}
        for index, pattern in enumerate(self._patterns):
            partners = _PARTNERS.get(pattern.code, frozenset())
            others = frozenset(i for i, other in enumerate(self._patterns) if other.code in partners)
            if others:
                found[index] = others
        return found

    def _compiled(self, index: int) -> Find:
        found = finder(re2.compile(self._patterns[index].expression.encode("ascii"), self._options))
        self._finders[index] = found
        return found

    def hits(self, folded: str) -> list[Hit]:
        """Every occurrence, ordered by place, then by pattern."""
        return self.hits_many([folded])[0]

    def hits_many(self, folded: Sequence[str]) -> list[list[Hit]]:
        """``hits`` of each text.

        Pattern by pattern over all texts: an automaton that was just used is still in the processor's cache, and
        one that was not costs four times as much.
        """
        # Folded text is ASCII: offsets in the bytes are offsets in the text, and re2 need not map them back.
        data = [text.encode("ascii") for text in folded]
        places: list[list[tuple[int, int, int]]] = [[] for _ in data]
        for index, texts in self._present(data).items():
            find = self._finders[index] or self._compiled(index)
            if index in self._anchored:
                for at in texts:
                    _locate(find, index, data, [at], places)
            else:
                _locate(find, index, data, texts, places)
        rows = self._rows
        return [[Hit(start, end, *rows[index]) for start, end, index in sorted(some)] for some in places]

    def _present(self, data: Sequence[bytes]) -> dict[int, list[int]]:
        """Patterns with the texts in which they occur, idle frames left out."""
        wanted: defaultdict[int, list[int]] = defaultdict(list)
        # Set by set, as with the places: its automaton stays in the processor's cache.
        for first, match in self._sets:
            for at, text in enumerate(data):
                for index in match(text) or ():
                    wanted[first + index].append(at)
        beside = {
            frame: set().union(*(wanted.get(index, ()) for index in needed))
            for frame, needed in self._partners.items()
            if frame in wanted
        }
        for frame, places in beside.items():
            wanted[frame] = [at for at in wanted[frame] if at in places]
        return {index: texts for index, texts in wanted.items() if texts}


def _bundles(patterns: Sequence[Pattern]) -> Iterator[tuple[int, Sequence[Pattern]]]:
    """Patterns in a row that share an automaton, with the place of the first: a family has states in common."""
    start = weight = 0
    for at, pattern in enumerate(patterns):
        own = 1 + gaps(pattern.expression)
        if at > start and weight + own > _TOGETHER:
            yield start, patterns[start:at]
            start, weight = at, 0
        weight += own
    if patterns:
        yield start, patterns[start:]


_SEPARATOR = b"\xff"
"""No character in UTF-8, so that no expression matches it: what is found in joined texts lies within one of them."""


def _locate(
    find: Find, index: int, data: Sequence[bytes], texts: Sequence[int], places: list[list[tuple[int, int, int]]]
) -> None:
    """Add the places of one pattern in some texts, which are searched as one: a call for each match, one to end."""
    joined = _SEPARATOR.join([data[at] for at in texts]) if len(texts) > 1 else data[texts[0]]
    size = len(joined)
    nth = low = 0
    own, high = places[texts[0]], len(data[texts[0]])
    start, end = find(joined, 0, size)[0]
    while start >= 0:
        while start > high:
            nth += 1
            low = high + 1
            own, high = places[texts[nth]], low + len(data[texts[nth]])
        own.append((start - low, end - low, index))
        start, end = find(joined, end if end > start else end + 1, size)[0]


class PlainMatcher:
    """The same with ``re`` alone: patterns whose required literals are absent are not tried."""

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        """Work out the required literals."""
        self._codes = frozenset(p.code for p in patterns)
        self._rows = [
            (p, required_literals(p.expression), re.compile(p.expression.encode("ascii"), re.ASCII)) for p in patterns
        ]

    def hits(self, folded: str) -> list[Hit]:
        """Every occurrence, ordered by place, then by pattern."""
        data = folded.encode("ascii")
        found: list[Hit] = []
        for pattern, literals, expression in self._rows:
            if not literals or any(literal in folded for literal in literals):
                found += _located(pattern, expression, data)
        idle = _idle({hit.code for hit in found}, self._codes)
        return _ordered([hit for hit in found if hit.code not in idle])

    def hits_many(self, folded: Sequence[str]) -> list[list[Hit]]:
        """``hits`` of each text."""
        return [self.hits(text) for text in folded]


def compile_matcher(patterns: Sequence[Pattern], engine: str = "auto") -> Matcher:
    """A matcher for these patterns.

    Args:
        patterns: what to find.
        engine: ``re2``, ``plain``, or ``auto`` (re2 where it is installed).
    """
    if engine == "plain" or (engine == "auto" and re2 is None):
        return PlainMatcher(patterns)
    return Re2Matcher(patterns)


@functools.cache
def shipped_matcher() -> Matcher:
    """The matcher of the shipped patterns, compiled once in a process."""
    return compile_matcher(load_patterns())
