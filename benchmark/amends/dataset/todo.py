"""``data todo``: what is not labeled yet, so that the work can go on from any point.

Wanted: three methods on every reply of validation and test and an adjudication where they lie two or more apart;
two methods on train, and the third where those two lie two or more apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from amends.dataset.folder import DataFolder
from amends.dataset.gold import ADJUDICATION, WIDE, spread
from amends.records import DIMENSIONS, Annotation

METHODS = ("holistic", "checklist", "comparative")
"""The three methods of annotation."""

WANTED = {"train": 2, "validation": 3, "test": 3}
"""Methods wanted on each reply, by split."""


@dataclass(frozen=True, slots=True)
class Todo:
    """One reply that needs something."""

    reply_id: str
    split: str
    needs: str
    """"annotation" (and how many methods are there), "third method" or "adjudication"."""
    have: tuple[str, ...]
    """Methods that judged it already."""


def todo(folder: DataFolder) -> list[Todo]:
    """Everything that is still to be labeled, in the order of the reply ids."""
    split = {s.id: s.split or "" for s in folder.scenarios()}
    judged: dict[str, list[Annotation]] = {}
    for annotation in folder.annotations():
        judged.setdefault(annotation.reply_id, []).append(annotation)
    found = []
    for reply in folder.replies():
        where = split.get(reply.scenario_id, "")
        needs = _needs(where, judged.get(reply.id, []))
        if needs:
            have = sorted({a.annotator.method or a.annotator.name for a in judged.get(reply.id, [])})
            found.append(Todo(reply.id, where, needs, tuple(have)))
    return found


def _needs(split: str, annotations: Sequence[Annotation]) -> str | None:
    first = [a for a in annotations if a.annotator.method != ADJUDICATION]
    # a person is an annotator of their own; one model is one for each method
    methods = {a.annotator.method if a.annotator.kind == "model" else a.annotator.name for a in first}
    if len(methods) < WANTED.get(split, 2):
        return "annotation"
    if not any(spread(first, d) >= WIDE for d in DIMENSIONS):
        return None
    if split == "train":
        return "third method" if len(methods) < len(METHODS) else None
    return None if len(first) < len(annotations) else ADJUDICATION
