"""Gold: what a reply's annotations come to, computed and never typed in.

Per annotator kind, never pooled; scorers never count. A level is the median of the non-null levels (of two: their
mean), null where most are null. A behaviour counts by more than half of the annotators; its spans are joined
and widened to words. An adjudication (``method: adjudication``) replaces the median of each dimension in which
the earlier levels lie two or more apart; it is in no count and no distribution.
"""

from __future__ import annotations

import statistics
import unicodedata
from collections.abc import Iterable, Sequence

from amends.records import DIMENSIONS, Annotation, Behaviour, Json

ADJUDICATION = "adjudication"
_APOSTROPHES = "'\u2019\u02bc\u200c\u200d\u00ad"
"""Apostrophes, and the joiners and soft hyphen that stand inside words too."""

KINDS = ("person", "model")
"""Annotator kinds that make gold; a person's counts where it stands on enough replies (``kind_that_counts``)."""

SHARE = 0.5
"""Share of the replies with gold from which on people's gold is what a set is measured on."""

WIDE = 2
"""Levels this far apart are adjudicated."""


def kind_that_counts(golds: Iterable[Json | None]) -> str | None:
    """The one kind of gold that a set of replies is measured on: kinds are never mixed.

    People's, where at least ``SHARE`` of the replies with gold have theirs; else models', so that a handful of labels
    does not become what everything is measured on. The replies without gold of that kind are then not measured.

    Args:
        golds: of each reply of the set, as ``gold_of`` makes it.
    """
    having = [gold for gold in golds if gold]
    if not having:
        return None
    people = sum("person" in gold for gold in having)
    return "person" if people >= SHARE * len(having) else "model"


def whole_levels(annotations: Sequence[Annotation], dimension: str) -> list[int]:
    """The non-null levels that annotators gave a dimension."""
    return [int(level) for a in annotations if (level := a.levels[dimension]) is not None]


def spread(annotations: Sequence[Annotation], dimension: str) -> int:
    """Range of the levels that annotators gave a dimension; 0 with fewer than two."""
    levels = whole_levels(annotations, dimension)
    return max(levels) - min(levels) if levels else 0


def gold_of(text: str, annotations: Sequence[Annotation]) -> Json:
    """Gold of one reply.

    Args:
        text: the reply's text.
        annotations: all of them, of any role and kind.

    Returns:
        ``{kind: {levels, distribution, behaviours, flags, n}}`` for each annotator kind that judged the reply.
    """
    gold: Json = {}
    for kind in KINDS:
        own = [a for a in annotations if a.annotator.role == "annotator" and a.annotator.kind == kind]
        judged = sorted((a for a in own if a.annotator.method != ADJUDICATION), key=lambda a: a.annotator.name)
        if judged:
            gold[kind] = _gold(text, judged, [a for a in own if a.annotator.method == ADJUDICATION])
    return gold


def _gold(text: str, judged: Sequence[Annotation], adjudications: Sequence[Annotation]) -> Json:
    return {
        "levels": {d: _level(judged, adjudications, d) for d in DIMENSIONS},
        "distribution": {d: [whole_levels(judged, d).count(level) for level in (1, 2, 3, 4, 5)] for d in DIMENSIONS},
        "behaviours": [b.to_dict() for b in joined_behaviours(text, judged)],
        "flags": _flags(judged),
        "n": len(judged),
    }


def _level(judged: Sequence[Annotation], adjudications: Sequence[Annotation], dimension: str) -> float | None:
    if adjudications and spread(judged, dimension) >= WIDE:
        level = adjudications[-1].levels[dimension]
        return None if level is None else float(level)
    levels = whole_levels(judged, dimension)
    if 2 * len(levels) < len(judged) or not levels:
        return None
    return float(statistics.median(levels))


def _flags(judged: Sequence[Annotation]) -> list[str]:
    counts: dict[str, int] = {}
    for annotation in judged:
        for flag in annotation.flags:
            counts[flag] = counts.get(flag, 0) + 1
    return sorted(flag for flag, count in counts.items() if 2 * count > len(judged))


def joined_behaviours(text: str, judged: Sequence[Annotation]) -> list[Behaviour]:
    """Behaviours marked by more than half of the annotators, overlapping spans joined and widened to words.

    Args:
        text: the reply's text.
        judged: one annotation of it by each annotator.

    Returns:
        In the order of start and code; strength is the mean over the annotators' marks of that code.
    """
    marks: dict[str, list[list[Behaviour]]] = {}
    for annotation in judged:
        own: dict[str, list[Behaviour]] = {}
        for behaviour in annotation.behaviours:
            own.setdefault(behaviour.code, []).append(behaviour)
        for code, spans in own.items():
            marks.setdefault(code, []).append(spans)
    found = [
        Behaviour(code, start, end, text[start:end], _strength(spans))
        for code, spans in marks.items()
        if 2 * len(spans) > len(judged)
        for start, end in _join(text, [span for own in spans for span in own])
    ]
    return sorted(found, key=lambda b: (b.start, b.code))


def _strength(spans: Sequence[Sequence[Behaviour]]) -> float:
    strongest = [max(span.strength for span in own) for own in spans]
    return round(sum(strongest) / len(strongest), 2)


def _join(text: str, spans: Sequence[Behaviour]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(_widen(text, span) for span in spans):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _widen(text: str, span: Behaviour) -> tuple[int, int]:
    start, end = span.start, span.end
    while start > 0 and _in_word(text, start - 1) and _in_word(text, start):
        start -= 1
    while end < len(text) and _in_word(text, end) and _in_word(text, end - 1):
        end += 1
    return start, end


def _in_word(text: str, at: int) -> bool:
    """Whether a character belongs to a word: letters, digits, marks on them, an apostrophe between two."""
    if text[at] in _APOSTROPHES:
        return 0 < at < len(text) - 1 and _is_letter(text[at - 1]) and _is_letter(text[at + 1])
    return _is_letter(text[at])


def _is_letter(char: str) -> bool:
    return char.isalnum() or unicodedata.category(char)[0] == "M"
