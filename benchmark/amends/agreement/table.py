"""Annotations laid out as a reliability table: annotators by replies, one table a dimension."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from amends.dataset.gold import ADJUDICATION
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


def table(annotations: Sequence[Annotation], dimension: str, row: Callable[[Annotation], str] = by_name) -> Table:
    """Lay out one dimension; adjudications are left out (agreement is computed before them).

    Args:
        annotations: of any annotators; the last of two by one row on one reply counts.
        dimension: one of DIMENSIONS.
        row: which row an annotation belongs to.
    """
    judged = [a for a in annotations if a.annotator.method != ADJUDICATION]
    rows = sorted({row(a) for a in judged})
    cluster = {a.reply_id: a.scenario_id or a.reply_id for a in judged}
    units = sorted(cluster)
    at = {unit: i for i, unit in enumerate(units)}
    levels = np.full((len(rows), len(units)), np.nan)
    for annotation in judged:
        level = annotation.levels[dimension]
        if level is not None:
            levels[rows.index(row(annotation)), at[annotation.reply_id]] = level
    return Table(tuple(rows), tuple(units), tuple(cluster[u] for u in units), levels)
