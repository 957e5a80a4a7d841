"""Where in a reply the words stand that a judge quotes."""

from __future__ import annotations

import functools

from amends.text import Folded, fold

_EDGES = " \t\r\n"


def located(reply: str, quote: str, occurrence: int = 1) -> tuple[int, int] | None:
    """The span of a quotation.

    It is looked for as it stands, then with quotation marks, dashes, blanks, invisible characters and case folded
    on both sides (``amends.text.fold``, with the offsets mapped back).

    Args:
        reply: the stored text.
        quote: as the judge copied it.
        occurrence: which of the places where it stands, from 1; anything less counts as 1.

    Returns:
        (start, end) in Unicode code points of the reply, without blanks at the ends; None where it does not stand
        there (so often).
    """
    wanted = quote.strip(_EDGES)
    if not wanted:
        return None
    start = _nth(reply, wanted, occurrence)
    if start is not None:
        return start, start + len(wanted)
    if wanted in reply:
        return None
    folded, like = _folded(reply), _flat(_folded(wanted))
    if not any(char.isalnum() for char in like):
        return None
    at = _nth(folded.text.replace("\n", " "), like, occurrence)
    if at is None:
        return None
    start, end = folded.span(at, at + len(like))
    return (start, end) if start < end else None


def _nth(text: str, wanted: str, occurrence: int) -> int | None:
    """Start of the n-th place; places may overlap."""
    at = -1
    for _ in range(max(1, occurrence)):
        at = text.find(wanted, at + 1)
        if at < 0:
            return None
    return at


@functools.lru_cache(maxsize=64)
def _folded(text: str) -> Folded:
    return fold(text, hide=False)


def _flat(folded: Folded) -> str:
    return folded.text.replace("\n", " ").strip()
