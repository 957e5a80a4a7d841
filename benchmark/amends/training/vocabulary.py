"""A smaller vocabulary out of an encoder's: what train texts use, all inner pieces, the commonest words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from amends.scorers.trained.pieces import END, PAD, START, UNKNOWN, Pieces
from amends.training.material import Item

SIZE = 14_000
"""Entries kept at most."""


def kept_entries(whole: Sequence[str], items: Iterable[Item]) -> list[int]:
    """Ids of the entries to keep, in their old order.

    Args:
        whole: the encoder's vocabulary, words in falling frequency.
        items: whose words must stay whole where the encoder knows them.
    """
    pieces = Pieces(whole)
    used = {entry for item in items for word, _, _ in item.words for entry in pieces.of(word)}
    used |= {entry for item in items for word in item.said.split() for entry in pieces.of(word)}
    used |= {number for number, entry in enumerate(whole) if entry in (UNKNOWN, START, END, PAD)}
    used |= {n for n, entry in enumerate(whole) if entry.isascii() and (len(entry.removeprefix("##")) < 3)}
    for inner in (True, False):
        for number, entry in enumerate(whole):
            plain = entry.removeprefix("##")
            if len(used) >= SIZE:
                break
            if entry.startswith("##") == inner and plain.isascii() and plain.isalpha():
                used.add(number)
    return sorted(used)
