"""Labels for some replies of a log, with how those replies were chosen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from amends.errors import Problem, UsageError
from amends.logs.annotations import annotation_records, hold_annotations
from amends.logs.cells import is_table, table_names
from amends.logs.draw import DRAW
from amends.logs.reader import Source, kind_of, records
from amends.records import DIMENSIONS, Annotation
from amends.schema import problems


@dataclass(frozen=True, slots=True)
class LabelFile:
    """What files of labels hold."""

    levels: Mapping[str, Mapping[str, float]]
    """Reply id to dimension to the median level of its annotators; a dimension that nobody judged is absent."""
    probabilities: Mapping[str, float]
    """Reply id to the probability with which it was drawn."""
    makers: tuple[str, ...]
    """Kinds of the annotators whose labels count: person, or model where no person labeled."""
    drawn: int
    """Replies that were drawn, where the files say so: those without a label did not answer."""
    problems: tuple[Problem, ...]

    def weights(self, ids: Sequence[str], assume_random: bool, population: int) -> dict[str, float]:
        """Inclusion probability of each labeled reply.

        Args:
            ids: labeled replies of the log.
            assume_random: replies of unknown selection count as drawn by lot from the whole log.
            population: replies of the log.

        Raises:
            UsageError: the selection of some is unknown and ``assume_random`` is not given.
        """
        unknown = [i for i in ids if i not in self.probabilities]
        if unknown and not assume_random:
            raise UsageError(
                f"{len(unknown):,} labeled replies have no meta.draw, e.g. {unknown[0]!r}: how they were chosen is "
                "unknown, and labels of replies that somebody picked say nothing about the rest. Draw replies with "
                "`amends draw` and give its output beside the labels (--labels LABELS --labels DRAWN), or say "
                "--assume-random if they were drawn by lot."
            )
        known = {i: self.probabilities[i] for i in ids if i in self.probabilities}
        return known | {i: len(unknown) / population for i in unknown}


def read_labels(files: Sequence[str]) -> LabelFile:
    """Read labels: annotations, and the output of ``draw`` where the annotations do not carry ``meta.draw``.

    People's labels count alone wherever there are any; else language models'. A scorer's never do.

    Args:
        files: as ``score`` takes exchanges and writes annotations.

    Raises:
        InputError: a file fails as a whole.
        UsageError: no label in any of them.
    """
    wrong: list[Problem] = []
    judged: list[Annotation] = []
    probabilities: dict[str, float] = {}
    for file in files:
        for item, record in _records(file):
            if isinstance(item, Problem):
                wrong.append(item)
                continue
            drawn = (record.get("meta") or {}).get(DRAW)
            chance = drawn.get("probability") if isinstance(drawn, dict) else None
            name = record["id"] if item is None else item.reply_id
            if isinstance(chance, (int, float)) and not isinstance(chance, bool) and 0 < chance <= 1:
                probabilities[name] = float(chance)
            if item is not None and item.annotator.role == "annotator":
                judged.append(item)
    kinds = {a.annotator.kind for a in judged}
    kept = [a for a in judged if a.annotator.kind == "person" or "person" not in kinds]
    if not kept:
        raise UsageError(f"{', '.join(files)}: no label in them (annotations whose annotator has the role annotator)")
    return LabelFile(
        _medians(kept),
        probabilities,
        tuple(sorted({a.annotator.kind for a in kept})),
        len(probabilities),
        tuple(wrong),
    )


def _records(file: str) -> Iterator[tuple[Annotation | Problem | None, dict[str, Any]]]:
    """Annotations, problems, and None for an exchange (a drawn reply), each with its record."""
    for line, record in _values(file):
        kind = "exchange" if kind_of(record) == "exchange" else "annotation"
        wrong = [record] if isinstance(record, Problem) else problems(record, kind, file, line)
        for problem in wrong:
            yield problem, {}
        if not wrong:
            yield None if kind == "exchange" else Annotation.from_dict(record), record


def _values(file: str) -> Iterator[tuple[int, Any]]:
    if is_table(file) and not hold_annotations(table_names(file)):
        return records(Source(file))
    return annotation_records(file)


def _medians(judged: Sequence[Annotation]) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, list[float]]] = {}
    for annotation in judged:
        own = found.setdefault(annotation.reply_id, {d: [] for d in DIMENSIONS})
        for dimension in DIMENSIONS:
            level = annotation.levels[dimension]
            if level is not None:
                own[dimension].append(level)
    return {i: {d: float(np.median(v)) for d, v in own.items() if v} for i, own in found.items()}
