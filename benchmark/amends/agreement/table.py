"""Annotations laid out as a reliability table: annotators by replies, one table a dimension."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from amends.dataset.gold import ADJUDICATION
from amends.errors import UsageError
from amends.records import Annotation

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Table:
    """Levels of one dimension."""

    annotators: tuple[str, ...]
    """Rows."""
    units: tuple[str, ...]
    """Columns: reply ids."""
    clusters: tuple[str, ...]
    """The scenario of each unit (its own id where there is none)."""
    levels: Floats
    """Shape (annotators, units); NaN where an annotator gave no level."""

    def where(self, keep: Callable[[str], bool]) -> Table:
        """The table of the units that ``keep`` says yes to, by reply id."""
        chosen = [i for i, unit in enumerate(self.units) if keep(unit)]
        return self.columns(chosen)

    def columns(self, chosen: Sequence[int]) -> Table:
        """The table of some columns."""
        return Table(
            self.annotators,
            tuple(self.units[i] for i in chosen),
            tuple(self.clusters[i] for i in chosen),
            self.levels[:, list(chosen)],
        )

    def judged_twice(self) -> Table:
        """The table of the units that two annotators or more gave a level."""
        twice = (~np.isnan(self.levels)).sum(axis=0) >= 2
        return self.columns([int(i) for i in np.flatnonzero(twice)])

    def medians(self) -> Floats:
        """Median level of each unit; NaN where nobody gave one."""
        out = np.full(len(self.units), np.nan)
        judged = ~np.isnan(self.levels).all(axis=0)
        if judged.any():
            out[judged] = np.nanmedian(self.levels[:, judged], axis=0)
        return out


def by_name(annotation: Annotation) -> str:
    """The row of an annotation: its annotator's name."""
    return annotation.annotator.name


def by_method(annotation: Annotation) -> str:
    """The row of an annotation: its method, else its annotator's name."""
    return annotation.annotator.method or annotation.annotator.name


def naming(annotations: Sequence[Annotation]) -> Callable[[Annotation], str]:
    """What to call each annotator: its name, and more where two share it.

    Two versions of one scorer are two annotators ("rules.1", "rules.2"); so are a person and a model of one name.
    A person or a language model stays one annotator whatever the guideline's version.

    Args:
        annotations: all that are looked at together.
    """
    sharing: dict[str, set[tuple[str, ...]]] = {}
    for annotation in annotations:
        sharing.setdefault(by_name(annotation), set()).add(_identity(annotation))

    def name(annotation: Annotation) -> str:
        who = annotation.annotator
        if len(sharing[who.name]) == 1:
            return who.name
        return f"{who.name}.{who.version}" if who.role == "scorer" else f"{who.name} ({who.kind})"

    return name


def _identity(annotation: Annotation) -> tuple[str, ...]:
    who = annotation.annotator
    return (who.role, who.kind, who.name, *([who.version] if who.role == "scorer" else []))


def before_adjudication(annotations: Sequence[Annotation]) -> list[Annotation]:
    """What agreement is computed of: all annotations but adjudications."""
    return [a for a in annotations if a.annotator.method != ADJUDICATION]


def scenarios(annotations: Sequence[Annotation]) -> dict[str, str]:
    """Each reply's cluster, replies in the order of their ids.

    The scenario's id where any annotation of the reply knows it, else the reply's own (users' own exchanges have
    no scenario).

    Raises:
        UsageError: a reply stands under two scenarios: then one id names two replies.
    """
    known: dict[str, str] = {}
    for annotation in annotations:
        reply, scenario = annotation.reply_id, annotation.scenario_id
        if scenario is not None and known.setdefault(reply, scenario) != scenario:
            raise UsageError(
                f"reply {reply!r} belongs to scenario {known[reply]!r} in one annotation and to {scenario!r} in "
                "another; an id must name one reply throughout: give each file's replies ids of their own"
            )
    return {reply: known.get(reply, reply) for reply in sorted({a.reply_id for a in annotations})}


def table(annotations: Sequence[Annotation], dimension: str, row: Callable[[Annotation], str] = by_name) -> Table:
    """Lay out one dimension; adjudications are left out (agreement is computed before them).

    Args:
        annotations: of any annotators. Of two by one annotator in one row on one reply the last counts; where
            several annotators share a row (a method), its level is their mean.
        dimension: one of DIMENSIONS.
        row: which row an annotation belongs to.

    Raises:
        UsageError: a reply stands under two scenarios.
    """
    judged = before_adjudication(annotations)
    last = {(row(a), a.reply_id, _identity(a)): a.levels[dimension] for a in judged}
    cells: dict[tuple[str, str], list[float]] = {}
    for (name, reply, _), level in last.items():
        if level is not None:
            cells.setdefault((name, reply), []).append(level)
    rows = sorted({name for name, _, _ in last})
    cluster = scenarios(judged)
    row_of, column_of = ({key: i for i, key in enumerate(keys)} for keys in (rows, cluster))
    levels = np.full((len(rows), len(cluster)), np.nan)
    for (name, reply), given in cells.items():
        levels[row_of[name], column_of[reply]] = sum(given) / len(given)
    return Table(tuple(rows), tuple(cluster), tuple(cluster.values()), levels)
