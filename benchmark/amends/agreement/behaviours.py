"""Agreement on which behaviours a reply shows: nominal alpha of shown or not, code by code.

A code counts as shown where it is marked at all, passing hints (strength under 0.5) included, as in a Result. An
annotator who gave a reply no level on any dimension says nothing of its behaviours, not even that there is none.

Krippendorff's (2019, ch. 12) alpha of two values needs three sums only. With unit u marked by s_u of its m_u
annotators, o = sum_u s_u (m_u - s_u) / (m_u - 1), n_1 = sum_u s_u and n = sum_u m_u,

    alpha = 1 - (n - 1) o / (n_1 (n - n_1)).

It is our own because these are sums over scenarios: the resamples of all codes are one product of matrices, where
the ``krippendorff`` package (to which the tests hold it) would be called 25,000 times.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from amends.agreement.interval import no_interval, numbered, percentile_estimate, weights
from amends.agreement.table import Floats, before_adjudication, by_name, scenarios
from amends.records import DIMENSIONS, Annotation, Json
from amends.rubric.definitions import behaviours
from amends.statistics.clusters import MIN_CLUSTERS
from amends.statistics.estimate import Estimate


@dataclass(frozen=True, slots=True)
class Presence:
    """Which codes each annotator marked on each reply."""

    codes: tuple[str, ...]
    annotators: tuple[str, ...]
    units: tuple[str, ...]
    """Reply ids."""
    clusters: tuple[str, ...]
    """The scenario of each unit (its own id where there is none)."""
    shown: Floats
    """Shape (codes, annotators, units): 1 shown, 0 not; NaN where an annotator did not judge the reply."""


@dataclass(frozen=True, slots=True)
class BehaviourAgreement:
    """Agreement on one behaviour."""

    alpha: Estimate
    """Nominal alpha; n is the replies that two annotators or more judged."""
    marked: int
    """Replies, of those, on which anyone marked it."""

    def to_dict(self) -> Json:
        """As JSON."""
        return {"alpha": self.alpha.to_dict(), "marked": self.marked}


def is_read(annotation: Annotation) -> bool:
    """Whether an annotator judged the reply on some dimension, and so can be held to what it marked and left."""
    return any(annotation.levels[d] is not None for d in DIMENSIONS)


def presence(annotations: Sequence[Annotation], row: Callable[[Annotation], str] = by_name) -> Presence:
    """Lay out the marks of all codes of the rubric; adjudications are left out.

    Args:
        annotations: of any annotators; the last of two in one row on one reply counts.
        row: which row an annotation belongs to.

    Raises:
        UsageError: a reply stands under two scenarios.
    """
    judged = before_adjudication(annotations)
    codes, rows, cluster = tuple(behaviours()), sorted({row(a) for a in judged}), scenarios(judged)
    code_of, row_of, column_of = ({key: i for i, key in enumerate(keys)} for keys in (codes, rows, cluster))
    shown = np.full((len(codes), len(rows), len(cluster)), np.nan)
    for annotation in judged:
        i, j = row_of[row(annotation)], column_of[annotation.reply_id]
        shown[:, i, j] = 0.0 if is_read(annotation) else np.nan
        if is_read(annotation):
            shown[[code_of[b.code] for b in annotation.behaviours], i, j] = 1.0
    return Presence(codes, tuple(rows), tuple(cluster), tuple(cluster.values()), shown)


def behaviour_agreement(marks: Presence, seed: int) -> dict[str, BehaviourAgreement]:
    """Nominal alpha of every code with an interval over whole scenarios.

    Args:
        marks: of all annotators.
        seed: of the resampling.

    Returns:
        Code to agreement, in the rubric's order. Where all say one thing there is nothing to agree on: no alpha.
    """
    m = (~np.isnan(marks.shown[0])).sum(axis=0)
    twice = m >= 2
    clusters = [c for c, used in zip(marks.clusters, twice, strict=True) if used]
    code = numbered(clusters)
    size, s = m[twice].astype(np.float64), np.nansum(marks.shown[:, :, twice], axis=1)
    groups = int(code.max()) + 1 if clusters else 0
    # shape (3, codes, G): apart, shown and all judgements of each scenario
    sums = np.zeros((3, len(marks.codes), groups))
    for total, values in zip(sums, (s * (size - s) / (size - 1), s, np.broadcast_to(size, s.shape)), strict=True):
        np.add.at(total.T, code, values.T)
    drawn = nominal_alphas(*(weights(groups, seed) @ total.T for total in sums)) if groups else sums[0].T
    found = {}
    for i, name in enumerate(marks.codes):
        estimate = _estimate(sums[:, i], drawn[:, i], len(clusters), len(marks.annotators))
        found[name] = BehaviourAgreement(estimate, int((s[i] > 0).sum()))
    return found


def nominal_alphas(apart: Floats, shown: Floats, judgements: Floats) -> Floats:
    """Nominal alpha of two values from its sums (module docstring), arrays of one shape.

    Args:
        apart: o.
        shown: n_1.
        judgements: n.

    Returns:
        At most 1; NaN where all judgements are one.
    """
    chance = shown * (judgements - shown)
    ratio = np.divide((judgements - 1) * apart, chance, out=np.full(chance.shape, np.nan), where=chance > 0)
    return np.asarray(1 - ratio)


def _estimate(sums: Floats, drawn: Floats, n: int, annotators: int) -> Estimate:
    """One code's estimate from its sums by scenario, shape (3, G)."""
    apart, shown, judgements = sums
    groups = sums.shape[1]
    why = _why_not(shown, judgements, annotators)
    if why:
        return Estimate(None, None, None, n, groups, None, why)
    value = float(nominal_alphas(*sums.sum(axis=1)))
    why = no_interval(groups, int((apart > 0).sum())) or _too_rare(shown > 0, shown < judgements)
    if why:
        return Estimate(value, None, None, n, groups, None, why)
    return percentile_estimate(value, drawn, n, groups)


def _why_not(shown: Floats, judgements: Floats, annotators: int) -> str | None:
    if annotators < 2:
        return "one annotator only" if annotators else "no annotator"
    if not judgements.size:
        return "no reply was judged by two annotators"
    if not shown.any():
        return "nobody marked it"
    return "everybody marked it on every reply" if (shown == judgements).all() else None


def _too_rare(marked: NDArray[np.bool_], unmarked: NDArray[np.bool_]) -> str | None:
    """Why resamples say nothing of a code: what is rarer, shown or not shown, lies in too few scenarios."""
    for word, where in (("marked", marked), ("left unmarked", unmarked)):
        if where.sum() < MIN_CLUSTERS:
            return f"no interval: {word} in {int(where.sum())} of {len(where)} clusters"
    return None
