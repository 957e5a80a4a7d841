"""The only tokenisation that scorers use: folding with a map back to the stored text, sentences, words, masks.

``fold`` turns a stored text into plain lower-case ASCII with single spaces, one character for one, and drops
what a reader does not see; ``Folded.span`` maps a stretch of it back to the stored text, in Unicode code
points. ``hidden_spans`` finds what is in the stored text and not part of the reply: quoted mail, signatures and
footers, markup, fabricated turns, instructions to whoever judges. Everything here runs in linear time.
"""

from __future__ import annotations

import re

from amends.text.folding import CONTEMPT, OTHER, Folded, fold, plain
from amends.text.hidden import hidden_spans

__all__ = ["CONTEMPT", "OTHER", "Folded", "fold", "hidden_spans", "plain", "sentences", "words"]

_WORD_CHARS = b"abcdefghijklmnopqrstuvwxyz0123456789'$"
_APART = bytes(code if code in _WORD_CHARS else 32 for code in range(256))
"""Everything that is in no word becomes a blank."""
_ABBREVIATION = re.compile(r"(?:\b(?:mr|mrs|ms|dr|st|no|approx|ref|e\.g|i\.e|etc|vs|tel|ext|ave|inc|ltd)|\b[a-z])\Z")
_ABBREVIATED = ("mr", "mrs", "ms", "dr", "st", "no", "approx", "ref", "e.g", "i.e", "etc", "vs", "tel", "ext", "ave",
                "inc", "ltd")  # fmt: skip


def words(folded: str) -> list[str]:
    """The words and numbers of a folded text, in order: a letter, digit or ``$``, then letters, digits, apostrophes."""
    data = folded.encode("ascii", "replace").translate(_APART)
    if b"$" in data:
        data = data.replace(b"$", b" $")
    found = data.decode("ascii").split()
    if b" '" in data or data[:1] == b"'":
        found = [word for word in [word.lstrip("'") for word in found] if word]
    return found


def sentences(folded: str) -> list[tuple[int, int]]:
    """The sentences of a folded text as (start, end); paragraph breaks end one, abbreviations do not.

    Args:
        folded: ``Folded.text``.
    """
    found: list[tuple[int, int]] = []
    start = 0
    for at, end in _stops(folded):
        if end - at == 1 and folded[at] == "." and _abbreviated(folded, start, at):
            continue
        if not folded[start:end].isspace():
            found.append((start, end))
        start = end
    rest = folded[start:]
    if rest and not rest.isspace():
        found.append((start, len(folded)))
    return found


def _stops(folded: str) -> list[tuple[int, int]]:
    """Line breaks, and marks (one or more, with the quotes and brackets that close after them) before a blank."""
    marks: list[int] = []
    for mark in "\n.!?":
        at = folded.find(mark)
        while at >= 0:
            marks.append(at)
            at = folded.find(mark, at + 1)
    marks.sort()
    size = len(folded)
    found: list[tuple[int, int]] = []
    done = 0
    for at in marks:
        if at < done:
            continue
        end = at + 1
        if folded[at] != "\n":
            while end < size and folded[end] in ".!?":
                end += 1
            done = end
            while end < size and folded[end] in "\"')]":
                end += 1
            if end == size or folded[end] not in " \n":
                continue
        done = end
        found.append((at, end))
    return found


def _abbreviated(folded: str, start: int, at: int) -> bool:
    """Tell whether the full stop at ``at`` belongs to an abbreviation or an initial."""
    if folded[at - 2 : at - 1].isalnum() and not folded.endswith(_ABBREVIATED, start, at):
        return False
    return _ABBREVIATION.search(folded, max(start, at - 8), at) is not None
