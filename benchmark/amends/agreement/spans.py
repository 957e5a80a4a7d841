"""Agreement on the words that show a behaviour: how far the spans of two annotators overlap.

A pair is two annotators who both marked one code on one reply (who did not both mark it disagree on its presence;
that is alpha's). Of each, the characters of all its spans of the code are taken together, A and B: Jaccard's (1901)
index is |A and B| / |A or B|. Pairs of one scenario are taken whole.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from amends.agreement.behaviours import is_read
from amends.agreement.table import before_adjudication, by_name, scenarios
from amends.records import Annotation, Behaviour, Json
from amends.rubric.definitions import behaviours
from amends.statistics.clusters import mean_estimate, share_estimate
from amends.statistics.estimate import Estimate

Spans = tuple[tuple[int, int], ...]
"""Start and end (exclusive) in code points, in order, none touching the next."""


@dataclass(frozen=True, slots=True)
class SpanAgreement:
    """Agreement on the spans of one code, or of all."""

    jaccard: Estimate
    """Mean index of the pairs, 0..1; n is pairs."""
    overlapping: Estimate
    """Share of the pairs that have a character in common; n is pairs."""
    replies: int
    """Replies with a pair."""

    def to_dict(self) -> Json:
        """As JSON."""
        return {
            "jaccard": self.jaccard.to_dict(),
            "overlapping": self.overlapping.to_dict(),
            "pairs": self.jaccard.n,
            "replies": self.replies,
        }


@dataclass(frozen=True, slots=True)
class Pair:
    """Two annotators' spans of one code on one reply."""

    code: str
    reply: str
    cluster: str
    jaccard: float


def joined(spans: Iterable[tuple[int, int]]) -> Spans:
    """The characters of several spans; those that hold none (end not after start) fall out.

    Args:
        spans: start and end (exclusive) of each, in any order.
    """
    out: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if end <= start:
            continue
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((start, end))
    return tuple(out)


def jaccard(first: Spans, second: Spans) -> float:
    """Jaccard's index of the characters.

    Args:
        first: of one annotator, as ``joined`` gives them.
        second: of the other; not both are empty.

    Returns:
        0..1: 1 for the same characters, 0 where none is common.
    """
    common, i, j = 0, 0, 0
    while i < len(first) and j < len(second):
        common += max(0, min(first[i][1], second[j][1]) - max(first[i][0], second[j][0]))
        if first[i][1] < second[j][1]:
            i += 1
        else:
            j += 1
    either = sum(end - start for start, end in (*first, *second)) - common
    return common / either


def pairs(annotations: Sequence[Annotation], row: Callable[[Annotation], str] = by_name) -> list[Pair]:
    """Every pair, in the order of reply, code and annotators; adjudications are left out.

    Args:
        annotations: of any annotators; the last of two in one row on one reply counts.
        row: which row an annotation belongs to.

    Raises:
        UsageError: a reply stands under two scenarios.
    """
    judged = before_adjudication(annotations)
    last = {(a.reply_id, row(a)): a for a in judged}
    marks: dict[tuple[str, str], dict[str, Spans]] = {}
    for (reply, name), annotation in sorted(last.items()):
        for code, spans in _by_code(annotation.behaviours if is_read(annotation) else ()).items():
            marks.setdefault((reply, code), {})[name] = spans
    cluster = scenarios(judged)
    return [
        Pair(code, reply, cluster[reply], jaccard(one, other))
        for (reply, code), own in sorted(marks.items())
        for one, other in itertools.combinations(own.values(), 2)
    ]


def _by_code(marked: Iterable[Behaviour]) -> dict[str, Spans]:
    every: dict[str, list[tuple[int, int]]] = {}
    for behaviour in marked:
        every.setdefault(behaviour.code, []).append((behaviour.start, behaviour.end))
    return {code: spans for code, own in every.items() if (spans := joined(own))}


def span_agreement(found: Sequence[Pair], seed: int) -> dict[str, SpanAgreement]:
    """Overlap over all pairs and code by code, with intervals over whole scenarios.

    Args:
        found: the pairs.
        seed: of the resampling.

    Returns:
        ``all``, then every code of the rubric, to agreement.
    """
    chosen = {"all": list(found), **{code: [p for p in found if p.code == code] for code in behaviours()}}
    return {name: _agreement(some, seed) for name, some in chosen.items()}


def _agreement(some: Sequence[Pair], seed: int) -> SpanAgreement:
    clusters = [pair.cluster for pair in some]
    estimates = (
        mean_estimate([pair.jaccard for pair in some], clusters, (0.0, 1.0), seed),
        share_estimate([pair.jaccard > 0 for pair in some], clusters),
    )
    if not some:
        estimates = (replace(estimates[0], note=_NONE), replace(estimates[1], note=_NONE))
    return SpanAgreement(*estimates, len({pair.reply for pair in some}))


_NONE = "no two annotators marked it on one reply"
