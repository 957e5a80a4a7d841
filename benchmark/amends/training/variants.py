"""Variants of replies made from train texts: harmless changes that keep levels, and tricks that must not lift them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from amends.scorers.trained.inputs import shared_kinds
from amends.scorers.trained.names import NEUTRAL
from amends.scorers.trained.pieces import Part, parts
from amends.training.material import CODES, Array, Item
from amends.training.phrases import (
    ABSURD,
    ACTING,
    APOLOGIES,
    ASKING,
    FEELING,
    GENERIC,
    GOOD_WORDS,
    NOTES,
    OWNING,
    SPELLINGS,
    WARM,
    rubric_lines,
)

Random = np.random.Generator
_LOW = (1, 2)


def _levels(*each: Sequence[float]) -> Array:
    return np.array(each, np.float32)


_BARE = _levels([0.35, 0.65, 0, 0, 0], [0.25, 0.4, 0.35, 0, 0], [0.4, 0.4, 0.2, 0, 0])
"""Of a text that says nothing to this customer."""
_STOCK = _levels([0.15, 0.8, 0.05, 0, 0], [0, 0.15, 0.85, 0, 0], [0.05, 0.2, 0.75, 0, 0])
"""Of stock phrases alone."""
_CONSTANT = _levels([0.05, 0.45, 0.5, 0, 0], [0, 0.3, 0.7, 0, 0], [0, 0.3, 0.7, 0, 0])
"""Of a reply in good words that would fit any complaint."""
_IN_GOOD_WORDS = ("E1", "E3", "E4", "E8", "D1", "D3", "D4", "X1", "X2", "X3", "X4")
"""Codes that good words for any complaint may be said to show."""


def renewed(item: Item, found: list[Part], rows: list[int]) -> Item:
    """An item with other words; each takes the marks of the row it comes from (-1: none).

    Args:
        item: as it was.
        found: its new words.
        rows: for each, the number of the old word.
    """
    marks = np.zeros((len(found), len(CODES)), np.float32)
    for number, row in enumerate(rows):
        if row >= 0:
            marks[number] = item.marks[row]
    kinds = shared_kinds([word for word, _, _ in found], item.said, item.stems)
    return replace(item, words=found, kinds=kinds, marks=marks)


def _rewritten(item: Item, change: Callable[[str, int], str]) -> Item:
    """Every word through a change; a word may become several."""
    found: list[Part] = []
    rows: list[int] = []
    for number, (word, start, end) in enumerate(item.words):
        for part, _, _ in parts(change(word, number)):
            found.append((part, start, end))
            rows.append(number)
    return renewed(item, found, rows)


def typos(item: Item, random: Random) -> Item:
    """Letters swapped, doubled or dropped in about one word of fifteen."""

    def change(word: str, _: int) -> str:
        if len(word) < 4 or not word.isalpha() or random.random() > 0.07:
            return word
        at = int(random.integers(1, len(word) - 1))
        kind = random.integers(3)
        if kind == 0:
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :] if at + 1 < len(word) else word
        return word[:at] + word[at + 1 :] if kind == 1 else word[:at] + word[at] + word[at:]

    return _rewritten(item, change)


def respelled(item: Item, random: Random) -> Item:
    """British for American spelling and the reverse; contractions opened or closed."""
    return _rewritten(item, lambda word, _: SPELLINGS.get(word, word))


def bare_marks(item: Item, random: Random) -> Item:
    """Without apostrophes, commas or full stops here and there; or a greeting in front."""
    drop = str(random.choice(["'", ",", "!", '"']))
    keep = [number for number, (word, _, _) in enumerate(item.words) if word[0] != drop]
    found = [item.words[number] for number in keep]
    lead = parts(str(random.choice(("", "hi,", "hello there!", f"hi {NEUTRAL},", "dear customer,"))))
    return renewed(item, lead + found, [-1] * len(lead) + keep)


HARMLESS = (typos, respelled, bare_marks)
"""Changes that keep marks and levels."""


def padded(item: Item, text: str, before: bool) -> Item:
    """A text that shows nothing put before or after a reply."""
    extra = parts(text)
    rows = list(range(len(item.words)))
    none = [-1] * len(extra)
    return renewed(item, extra + item.words if before else item.words + extra, none + rows if before else rows + none)


def _some(pool: Sequence[str], low: int, high: int, random: Random) -> str:
    count = min(int(random.integers(low, high + 1)), len(pool))
    return " ".join(str(pool[number]) for number in random.permutation(len(pool))[:count])


def alone(item: Item, text: str, levels: Array) -> Item:
    """A text in the place of the reply that shows no behaviour (what it shows of stock phrases is not said)."""
    found = parts(text)[:300]
    made = renewed(item, found, [-1] * len(found))
    shown = np.zeros(len(CODES), np.float32)
    shown[CODES.index("E8")] = np.nan
    made.marks[:, CODES.index("E8")] = np.nan
    return replace(made, shown=shown, levels=levels, gold=(), pair=None)


def tricked(item: Item, other: Item, random: Random) -> Item:
    """One trick, drawn at random.

    Args:
        item: a reply.
        other: a reply to another scenario.
        random: of the fit.
    """
    poor = bool(np.nanmax((item.levels * np.arange(1, 6)).sum(1)) < 3.6)
    kind = int(random.integers(13))
    if kind >= 9:
        return _inserted(item, random) if poor and kind >= 11 else _constant(item, random)
    if kind == 0:
        return alone(item, _salad(item, other, random), _BARE)
    if kind == 1:
        return alone(item, _parroted(item, random), _BARE)
    if kind == 2:
        return alone(item, _some(GENERIC + WARM, 2, 6, random), _STOCK)
    if kind == 3:
        return _beside(item, _some(APOLOGIES, 2, 5, random), random) if poor else _off_topic(item, other)
    if kind == 4:
        return _beside(item, _some(WARM, 2, 4, random), random) if poor else _off_topic(item, other)
    if kind == 5:
        return padded(item, _some([*NOTES, *rubric_lines()], 1, 4, random), bool(random.random() < 0.3))
    if kind == 6:
        return alone(item, _some(rubric_lines(), 2, 6, random), _BARE)
    if kind == 7:
        return alone(item, _some(ABSURD, 1, 2, random) + " " + _some(GENERIC + WARM, 1, 3, random), _STOCK)
    return _off_topic(item, other)


def good_words(random: Random) -> str:
    """A reply in good words that takes up nothing of the customer's: it would fit any complaint."""
    drawn = [_some(pool, 0, 2, random) for pool in (FEELING, OWNING, ACTING)]
    return " ".join([_some(GENERIC, 0, 1, random), *drawn, _some(OWNING + ACTING, 1, 2, random),
                     _some(ASKING, 0, 1, random)]).strip()  # fmt: skip


def _constant(item: Item, random: Random) -> Item:
    made = alone(item, good_words(random), _CONSTANT)
    shown = made.shown.copy()
    for code in _IN_GOOD_WORDS:
        shown[CODES.index(code)] = np.nan
        made.marks[:, CODES.index(code)] = np.nan
    return replace(made, shown=shown)


def _inserted(item: Item, random: Random) -> Item:
    """Good words for any complaint between the sentences of a poor reply: its levels stay."""
    found, rows = list(item.words), list(range(len(item.words)))
    for _ in range(int(random.integers(1, 4))):
        extra = parts(_some(FEELING + OWNING + ACTING + ASKING, 1, 2, random))
        ends = [0, *(n + 1 for n, (word, _, _) in enumerate(found) if word[0] in ".!?"), len(found)]
        at = ends[int(random.integers(len(ends)))]
        found, rows = found[:at] + extra + found[at:], rows[:at] + [-1] * len(extra) + rows[at:]
    made = renewed(item, found, rows)
    shown = made.shown.copy()
    new = np.array(rows) < 0
    for code in _IN_GOOD_WORDS:
        place = CODES.index(code)
        made.marks[new, place] = np.nan
        shown[place] = shown[place] if shown[place] >= 1 else np.nan
    return replace(made, shown=shown, pair=None)


def _beside(item: Item, text: str, random: Random) -> Item:
    """Warm words around a poor reply: what it shows of empathy is not said, its levels stay, empathy at most 3."""
    made = padded(item, text, bool(random.random() < 0.6))
    shown, marks, levels = made.shown.copy(), made.marks, made.levels.copy()
    for code in ("E1", "E3", "E8"):
        shown[CODES.index(code)] = np.nan
        marks[:, CODES.index(code)] = np.nan
    return replace(made, shown=shown, marks=marks, levels=levels)


def _salad(item: Item, other: Item, random: Random) -> str:
    words = [w for w, _, _ in other.words] if random.random() < 0.5 else GOOD_WORDS + [w for w, _, _ in item.words[:15]]
    chosen = [words[number] for number in random.permutation(len(words))[: int(random.integers(10, 70))]]
    return (" " if random.random() < 0.5 else ", ").join(chosen)


def _parroted(item: Item, random: Random) -> str:
    lead = str(
        random.choice(["", "so ", "i hear that ", "you say: ", "we understand that ", "thank you for telling us. "])
    )
    words = item.said.split()
    if random.random() < 0.5:
        turn = {"i": "you", "my": "your", "me": "you", "am": "are", "i'm": "you're", "your": "our", "you": "we"}
        words = [turn.get(word, word) for word in words]
    start = int(random.integers(0, max(1, len(words) // 2)))
    return lead + " ".join(words[start : start + 120])


def _off_topic(item: Item, other: Item) -> Item:
    """The reply to another scenario: its levels, with what lies above 3 moved to 3 and below."""
    made = renewed(replace(other, said=item.said, context=item.context, stems=item.stems), other.words,
                   list(range(len(other.words))))  # fmt: skip
    levels = other.levels.copy()
    high = levels[:, 3:].sum(1)
    levels[:, 3:] = 0
    levels[:, 2] += high * 0.6
    levels[:, 1] += high * 0.4
    shown, marks = made.shown.copy(), made.marks
    for code in ("E2", "X1", "D1", "D2"):
        shown[CODES.index(code)] = np.nan
        marks[:, CODES.index(code)] = np.nan
    return replace(made, shown=shown, marks=marks, levels=levels, gold=(), pair=None, key="")
