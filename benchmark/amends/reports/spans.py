"""A text cut where behaviours begin and end, and at characters that a reader would not see.

Spans overlap and nest. Cutting at every boundary gives segments that do not, each with the behaviours it lies
in, so that a page can mark them and the segments joined are the text again. Characters that are invisible or
turn the direction of the text get a label; a text cannot hide a word or dress up its surroundings.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from amends.records import Behaviour
from amends.reports.wording import signed
from amends.rubric.definitions import behaviours as definitions
from amends.rubric.levels import HINT

_BLANK_LETTERS = frozenset("\u034f\u115f\u1160\u2800\u3164\uffa0")
"""Letters and marks that no font draws."""
_JOINERS = frozenset("\u200c\u200d")
_JOINABLE = frozenset({"Lo", "Lm", "Mn", "Mc", "So", "Sk", "Sm", "Po"})
_UNWRITABLE = "\ufffd"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that is shown as it is, or one that is not seen and has a label instead."""

    text: str
    hidden: bool = False
    label: str = ""
    """Code point and repetitions ("U+200B", "U+200B×3"); empty for the half of a line end."""
    name: str = ""
    """The character's name in Unicode."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch between two boundaries."""

    pieces: tuple[Piece, ...]
    codes: tuple[str, ...] = ()
    """Signed codes of the behaviours that it lies in."""
    kind: str = ""
    """plus, minus or both; empty outside every behaviour."""
    hint: bool = False
    """Every behaviour here is a passing hint."""
    opens: bool = False
    """A behaviour begins here."""
    closes: tuple[str, ...] = ()
    """Signed codes of the behaviours that end here."""


def found(text: str, behaviour: Behaviour) -> bool:
    """Tell whether a behaviour stands in the text where it says: others are named, never drawn."""
    start, end = behaviour.start, behaviour.end
    known = behaviour.code in definitions()
    return known and 0 <= start < end <= len(text) and text[start:end] == behaviour.quote


def segments(text: str, shown: Sequence[Behaviour]) -> list[Segment]:
    """Cut a text at the boundaries of its behaviours.

    Args:
        text: as stored.
        shown: the behaviours; those whose quote does not stand at their offsets are passed over.

    Returns:
        Segments in order; their pieces joined are the text (with U+FFFD for what no file can hold).
    """
    placed = [b for b in shown if found(text, b)]
    begins: dict[int, list[Behaviour]] = defaultdict(list)
    ends: dict[int, list[Behaviour]] = defaultdict(list)
    for behaviour in placed:
        begins[behaviour.start].append(behaviour)
        ends[behaviour.end].append(behaviour)
    cuts = sorted({0, len(text), *begins, *ends})
    marks = _concealed(text)
    open_now: list[Behaviour] = []
    cut: list[Segment] = []
    for start, end in zip(cuts, cuts[1:], strict=False):
        open_now = [b for b in open_now if b.end > start] + begins[start]
        pieces = _pieces(text, marks, start, end)
        cut.append(_segment(pieces, open_now, bool(begins[start]), ends[end]))
    return cut


def _segment(pieces: tuple[Piece, ...], inside: list[Behaviour], opens: bool, closing: list[Behaviour]) -> Segment:
    if not inside:
        return Segment(pieces)
    known = definitions()
    signs = {known[b.code].positive for b in inside}
    return Segment(
        pieces,
        _labels(inside),
        "both" if len(signs) == 2 else ("plus" if signs == {True} else "minus"),
        all(b.strength < HINT for b in inside),
        opens,
        _labels(closing),
    )


def _labels(chosen: list[Behaviour]) -> tuple[str, ...]:
    known = definitions()
    return tuple(dict.fromkeys(signed(known[b.code]) for b in chosen))


def pieces(text: str) -> tuple[Piece, ...]:
    """A text without behaviours, its unseen characters labelled."""
    return _pieces(text, _concealed(text), 0, len(text))


def _pieces(text: str, marks: list[int], start: int, end: int) -> tuple[Piece, ...]:
    """Pieces of a stretch; a run of one unseen character is one piece."""
    made: list[Piece] = []
    at = start
    inside = marks[bisect_left(marks, start) : bisect_left(marks, end)]
    position = 0
    while position < len(inside):
        first = inside[position]
        run = 1
        while inside[position + run : position + run + 1] == [first + run] and text[first + run] == text[first]:
            run += 1
        if first > at:
            made.append(Piece(text[at:first]))
        made.append(_hidden(text[first], run, text[first : first + 2] == "\r\n"))
        at = first + run
        position += run
    if at < end:
        made.append(Piece(text[at:end]))
    return tuple(made)


def _hidden(char: str, run: int, line_end: bool) -> Piece:
    writable = _UNWRITABLE if char == "\x00" or unicodedata.category(char) == "Cs" else char
    if line_end:
        return Piece(char, True)
    label = f"U+{ord(char):04X}" + (f"×{run}" if run > 1 else "")
    return Piece(writable * run, True, label, unicodedata.name(char, "control character").lower())


def _concealed(text: str) -> list[int]:
    """Offsets of the characters that a reader would not see or that turn the direction of the text."""
    # Most texts have none, and an ASCII text is settled without a look at each character.
    if text.isascii() and text.replace("\n", "").replace("\t", "").isprintable():
        return []
    return [at for at, char in enumerate(text) if _conceals(text, at, char)]


def _conceals(text: str, at: int, char: str) -> bool:
    if char in "\n\t":
        return False
    if char in _JOINERS:
        return not (_joins(text, at - 1) and _joins(text, at + 1))
    if "\ufe00" <= char <= "\ufe0f":
        return not (_joins(text, at - 1) or text[at - 1 : at] in tuple("0123456789#*")) or _selector(text, at - 1)
    if _selector(text, at) or char in _BLANK_LETTERS:
        return True
    return unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp")


def _joins(text: str, at: int) -> bool:
    """Tell whether the character belongs to a script or an emoji in which joiners have a meaning."""
    return 0 <= at < len(text) and not text[at].isascii() and unicodedata.category(text[at]) in _JOINABLE


def _selector(text: str, at: int) -> bool:
    """Tell whether a variation selector stands there."""
    return 0 <= at < len(text) and ("\ufe00" <= text[at] <= "\ufe0f" or "\U000e0100" <= text[at] <= "\U000e01ef")
