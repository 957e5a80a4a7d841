"""How one person's labels agree with those of others: figures alone, never a single label.

Agreement with the language-model annotators of the released dataset stands apart, and is never called agreement
between people.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from amends.agreement.alpha import alpha_estimate
from amends.agreement.kappa import kappas
from amends.agreement.report import signed
from amends.agreement.table import naming, table
from amends.records import DIMENSIONS, Annotation, Json
from amends.rubric.definitions import dimension_names
from amends.signature import SEED
from amends.statistics.estimate import Estimate

FEWEST = 5
"""Replies that two must have judged both: a figure of fewer would tell what the other said of one."""

PEOPLE = "agreement between people"
MODELS = "how close you are to the language-model annotators of the dataset; not agreement between people"


def figures(own: Sequence[Annotation], people: Sequence[Sequence[Annotation]], models: Sequence[Annotation]) -> Json:
    """Agreement of one person with others.

    Args:
        own: the person's finished labels.
        people: finished labels of others of the team, a list for each.
        models: labels of language models on the same replies.

    Returns:
        ``people`` and ``models``: each ``what``, ``rows`` and ``left_out`` (how many others have too few replies in
        common); ``signature``, or None where there is nothing to compare.
    """
    mine = {annotation.reply_id for annotation in own}
    by_model: dict[str, list[Annotation]] = {}
    for annotation in models:
        by_model.setdefault(annotation.annotator.name, []).append(annotation)
    used = list(own)
    parts: Json = {}
    for kind, what, groups in (("people", PEOPLE, people), ("models", MODELS, list(by_model.values()))):
        common = [kept for group in groups if len(kept := [a for a in group if a.reply_id in mine]) >= FEWEST]
        left = len(groups) - len(common)
        rows = _together(own, common) if kind == "people" and len(common) > 1 else []
        rows += [row for group in common for row in _pair(own, group)]
        parts[kind] = {"what": what, "rows": rows, "left_out": left}
        used += [annotation for group in common for annotation in group]
    return parts | {"fewest": FEWEST, "signature": signed(used) if len(used) > len(own) else None}


def _together(own: Sequence[Annotation], groups: Iterable[Sequence[Annotation]]) -> list[Json]:
    judged = [*own, *[annotation for group in groups for annotation in group]]
    name, titles = naming(judged), dimension_names()
    return [
        {"with": "all of them together", "dimension": titles[d], "measure": "alpha",
         **_words(alpha_estimate(table(judged, d, name), SEED))}
        for d in DIMENSIONS
    ]  # fmt: skip


def _pair(own: Sequence[Annotation], group: Sequence[Annotation]) -> list[Json]:
    judged = [*own, *group]
    name, titles = naming(judged), dimension_names()
    tables = {d: table(judged, d, name) for d in DIMENSIONS}
    (pair,) = kappas(tables, SEED)
    rows = []
    for d in DIMENSIONS:
        for measure, estimate in (("alpha", alpha_estimate(tables[d], SEED)), ("kappa", pair.kappa[d])):
            told = {"with": name(group[0]), "dimension": titles[d], "measure": measure}
            rows.append(told | _words(estimate))
    return rows


def _words(estimate: Estimate) -> Json:
    """A number with its interval and n; a number that cannot be computed says why."""
    n = f"{estimate.n:,} ({estimate.clusters:,})"
    if estimate.value is None:
        return {"value": "not computable", "interval": estimate.note or "", "n": n}
    interval = (
        f"[{estimate.low:.2f}, {estimate.high:.2f}]"
        if estimate.low is not None and estimate.high is not None
        else estimate.note or "no interval"
    )
    return {"value": f"{estimate.value:.2f}", "interval": interval, "n": n}
