"""What the dataset has, counted by domain, level and behaviour: what is still wanted, and what a batch adds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from amends.dataset.folder import DataFolder, read_records
from amends.dataset.gold import KINDS
from amends.records import DIMENSIONS, Json
from amends.rubric.definitions import behaviours, dimension_names

_FEW = 5


@dataclass(frozen=True, slots=True)
class Counts:
    """Replies by what they are and show; a reply without a gold level counts in no level."""

    replies: int = 0
    domains: Counter[str] = field(default_factory=Counter)
    levels: Counter[tuple[str, int]] = field(default_factory=Counter)
    """(dimension, level 1..5); a mean of two is rounded half up."""
    behaviours: Counter[str] = field(default_factory=Counter)
    cells: Counter[tuple[str, str, int]] = field(default_factory=Counter)
    """(domain, dimension, level)."""
    shown: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(domain, behaviour)."""


def counts_of(exchanges: Iterable[tuple[str | None, Json]]) -> Counts:
    """Count.

    Args:
        exchanges: of each its domain, and its gold of one annotator kind (``levels``, ``behaviours``).
    """
    made = Counts(replies=0)
    total = 0
    for domain, gold in exchanges:
        total += 1
        domain = domain or "unknown"
        made.domains[domain] += 1
        for dimension in DIMENSIONS:
            level = gold["levels"].get(dimension)
            if level is not None:
                made.levels[dimension, int(level + 0.5)] += 1
                made.cells[domain, dimension, int(level + 0.5)] += 1
        for code in {span["code"] for span in gold["behaviours"]}:
            made.behaviours[code] += 1
            made.shown[domain, code] += 1
    return Counts(total, made.domains, made.levels, made.behaviours, made.cells, made.shown)


def train_counts(folder: DataFolder) -> Counts:
    """What the train split of a built data folder holds, by people's gold where there is any.

    Raises:
        InputError: the folder is not built, or its exchanges are broken.
    """
    path = folder.path / "exchanges" / "train.jsonl"
    if path.is_file() and not path.stat().st_size:
        return Counts()
    found = []
    for _, record in read_records(path, "exchange"):
        gold = record.get("gold") or {}
        kind = next((kind for kind in KINDS if kind in gold), None)
        if kind is not None:
            found.append((record.get("domain"), gold[kind]))
    return counts_of(found)


def wanted_lines(counts: Counts) -> list[str]:
    """What is thinnest in train, for whoever wonders what to write."""
    names = dimension_names()
    domains = sorted(counts.domains.items(), key=lambda pair: (pair[1], pair[0]))[:_FEW]
    levels = [(counts.levels[d, level], names[d], level) for d in DIMENSIONS for level in (1, 2, 3, 4, 5)]
    codes = sorted((counts.behaviours[code], code, one.name) for code, one in behaviours().items())[:_FEW]
    lines = [f"domains: any of your own, or {', '.join(f'{d} ({n})' for d, n in domains)}"] if domains else []
    lines.append("levels: " + ", ".join(f"{name} {level} ({n})" for n, name, level in sorted(levels)[:_FEW]))
    lines.append("behaviours: " + ", ".join(f"{code} {name.replace('_', ' ')} ({n})" for n, code, name in codes))
    return lines


@dataclass(frozen=True, slots=True)
class Adds:
    """What a batch brings that was rare or missing."""

    domains: Sequence[tuple[str, int, int]]
    """Domain, replies before, replies added; new ones first."""
    levels: Sequence[tuple[str, int, int, int]]
    """Dimension, level, before, added."""
    behaviours: Sequence[tuple[str, int, int]]
    """Code, before, added."""
    new_cells: int
    """Cells of domain x dimension x level and of domain x behaviour that were empty before."""
    cells: int
    """Cells that the batch touches."""

    def to_dict(self) -> Json:
        """As JSON."""
        return {
            "domains": [{"domain": d, "before": b, "added": a} for d, b, a in self.domains],
            "levels": [{"dimension": d, "level": x, "before": b, "added": a} for d, x, b, a in self.levels],
            "behaviours": [{"code": c, "before": b, "added": a} for c, b, a in self.behaviours],
            "cells": self.cells,
            "cells_that_were_empty": self.new_cells,
        }


def adds(before: Counts, batch: Counts) -> Adds:
    """Compare a batch with what is there."""
    touched = [(before.cells[cell], n) for cell, n in batch.cells.items()]
    touched += [(before.shown[cell], n) for cell, n in batch.shown.items()]
    return Adds(
        sorted(((d, before.domains[d], n) for d, n in batch.domains.items()), key=lambda x: (x[1], x[0])),
        [
            (d, x, before.levels[d, x], batch.levels[d, x])
            for d in DIMENSIONS
            for x in range(1, 6)
            if batch.levels[d, x]
        ],
        sorted(
            ((code, before.behaviours[code], n) for code, n in batch.behaviours.items()), key=lambda x: (x[1], x[0])
        ),
        sum(not was for was, _ in touched),
        len(touched),
    )
