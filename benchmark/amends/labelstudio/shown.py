"""A text as Label Studio shows it, and the way back from its offsets to those of the stored text."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

_MOST = 20
"""Places at which words are looked for: two already say nothing."""
_REPLACED = re.compile("\r\n|\r|\x00")


@dataclass(frozen=True, slots=True)
class Shown:
    """A text with one kind of line end and without NUL.

    A browser would count a carriage return as it likes, and PostgreSQL keeps no NUL in JSON.
    """

    text: str
    """Goes into the task."""
    places: tuple[int, ...]
    """Offset in the stored text of each character of ``text``, and its length last."""

    def stored(self, start: int, end: int) -> tuple[int, int]:
        """The offsets in the stored text of a span of the shown one, in code points, end exclusive."""
        return self.places[start], self.places[end]


def shown(text: str) -> Shown:
    """Make a text fit for a task.

    Args:
        text: as stored.
    """
    if not _REPLACED.search(text):
        return Shown(text, tuple(range(len(text) + 1)))
    parts, places, done = [], [], 0
    for found in _REPLACED.finditer(text):
        parts += [text[done : found.start()], "\ufffd" if found[0] == "\x00" else "\n"]
        places += [*range(done, found.start()), found.start()]
        done = found.end()
    return Shown("".join([*parts, text[done:]]), (*places, *range(done, len(text) + 1)))


POINTS, UNITS = "code points", "UTF-16 units"
"""How a version of Label Studio counts: code points since 2021, UTF-16 code units before (its pull request 1559)."""


class Lost(ValueError):
    """Where a span stands cannot be told; the message says why."""


@dataclass(frozen=True, slots=True)
class Span:
    """A span as an export gives it."""

    start: int
    end: int
    """Exclusive."""
    text: str | None
    """The words that were marked; None where the interface did not save them."""


def readings(text: str, span: Span) -> dict[str, tuple[int, int]]:
    """Each way of counting under which the offsets lead to the words that were marked, with the span in code points.

    Args:
        text: as shown.
        span: of an export.
    """
    found = {POINTS: _inside(text, span.start, span.end), UNITS: _from_units(text, span.start, span.end)}
    places = {way: place for way, place in found.items() if place is not None}
    if span.text is None:
        return places
    exact = {way: (s, e) for way, (s, e) in places.items() if text[s:e] == span.text}
    if exact:
        return exact
    folded = _folded(span.text)
    return {way: (s, e) for way, (s, e) in places.items() if folded and _folded(text[s:e]) == folded}


def anchored(text: str, span: Span, counted: str | None) -> tuple[tuple[int, int], bool]:
    """The span in code points of the shown text, and whether it had to be looked for by its words.

    Args:
        text: as shown.
        span: of an export.
        counted: how the export counts, where other spans of it tell.

    Raises:
        Lost: its offsets and words lead nowhere, or to several places.
    """
    found = readings(text, span)
    if len(set(found.values())) == 1:
        return next(iter(found.values())), False
    if found:
        if counted in found:
            return found[counted], False
        raise Lost(f"{span.start} to {span.end}, which leads to two places: counted in {POINTS} and in {UNITS}")
    if span.text is None:
        raise Lost(f"{span.start} to {span.end}, outside the reply of {len(text):,} characters")
    there = _occurrences(text, span.text)
    if len(there) == 1:
        return there[0], True
    many = f"{_MOST} places or more" if len(there) == _MOST else f"{len(there)} places"
    where = f"stands at {many}" if there else "does not stand in the reply"
    raise Lost(f"{span.start} to {span.end} with {_cut(span.text)}, which is not there and {where}")


def _inside(text: str, start: int, end: int) -> tuple[int, int] | None:
    return (start, end) if 0 <= start < end <= len(text) else None


def _from_units(text: str, start: int, end: int) -> tuple[int, int] | None:
    """From UTF-16 code units to code points; None outside the text, or within a character."""
    places = _unit_places(text)
    return _inside(text, places.get(start, -1), places.get(end, -1))


@functools.lru_cache(maxsize=8)
def _unit_places(text: str) -> dict[int, int]:
    places, units = {0: 0}, 0
    for i, character in enumerate(text, start=1):
        units += 2 if ord(character) > 0xFFFF else 1
        places[units] = i
    return places


def _folded(text: str) -> str:
    """Blanks as one blank: browsers fold them, and Label Studio writes a line end as a backslash and an n."""
    return " ".join(text.replace("\\n", "\n").split())


def _occurrences(text: str, words: str) -> list[tuple[int, int]]:
    """Where words stand: exactly, else with other blanks between them; ``_MOST`` places at most.

    Without a regular expression: whoever labels also sends the words, and may send such as take it hours.
    """
    there = [(start, start + len(words)) for start in _finds(text, words)]
    if there:
        return there
    folded, places = _with_one_blank(text)
    pieces = _folded(words)
    return [(places[start], places[start + len(pieces) - 1] + 1) for start in _finds(folded, pieces)]


def _finds(text: str, words: str) -> list[int]:
    """Looked for from every place: words may overlap themselves."""
    found: list[int] = []
    start = text.find(words) if words else -1
    while start >= 0 and len(found) < _MOST:
        found.append(start)
        start = text.find(words, start + 1)
    return found


@functools.lru_cache(maxsize=8)
def _with_one_blank(text: str) -> tuple[str, tuple[int, ...]]:
    """The text with each run of blanks as one, and where each of its characters stands."""
    parts: list[str] = []
    places: list[int] = []
    for found in re.finditer(r"\s+|\S+", text):
        blank = found[0].isspace()
        parts.append(" " if blank else found[0])
        places += [found.start()] if blank else range(found.start(), found.end())
    return "".join(parts), tuple(places)


def _cut(words: str, longest: int = 60) -> str:
    return f'"{words}"' if len(words) <= longest else f'"{words[:longest]}..."'
