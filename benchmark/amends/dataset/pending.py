"""Contributions that wait in ``pending/``: files of examples that nobody else has labeled yet.

They are in no configuration, no version and no manifest, and nothing is trained or measured on them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from amends.dataset.folder import DataFolder, read_records
from amends.errors import Problem, unknown_name
from amends.records import Author, Context, Exchange, Json, Scenario, turns_of
from amends.terminal import plain

PENDING = "pending"
"""The folder below a data folder."""

KIND = "contribution"


_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


def pending_names(folder: DataFolder) -> list[str]:
    """Names of the contributions that wait; what ``stranger`` refuses is none."""
    return sorted(path.stem for path in (folder.path / PENDING).glob("*.jsonl") if stranger(path) is None)


def stranger(path: Path) -> Problem | None:
    """Why a path in pending/ is no contribution, whatever stands in it; None for a plain file with a plain name.

    A link could lead out of the folder, to be read or mended there.

    Args:
        path: that ends in .jsonl.
    """
    if path.is_symlink() or not path.is_file():
        found = "a link" if path.is_symlink() else "no plain file"
        return Problem(plain(str(path)), None, "$", found, "a file", "hand in the file itself")
    if not _NAME.fullmatch(path.stem):
        expected = "a name of 1 to 100 of a-z, A-Z, 0-9, dot, dash and underscore, a letter or digit first"
        return Problem(plain(str(path)), None, "$", f"the name {plain(path.name)}", expected, "rename the file")
    return None


def pending_file(folder: DataFolder, name: str) -> Path:
    """Where a contribution waits.

    Args:
        folder: of the dataset.
        name: the file's name without ``.jsonl``.

    Raises:
        UsageError: none of that name waits.
    """
    known = pending_names(folder)
    if name not in known:
        raise unknown_name("contribution", name, known)
    return folder.path / PENDING / f"{name}.jsonl"


def read_pending(path: Path) -> list[tuple[int, Json]]:
    """Examples of a contribution file, each with its line.

    Raises:
        InputError: with every problem of the file.
    """
    return read_records(path, KIND)


def author_of(example: Json) -> Author:
    """Who wrote an example's reply, as a reply's ``author`` has it: a model by its own name, a person by the credit."""
    if example["written"] == "model":
        return Author("model", str(example["model"]), str(example["consent"]["day"])[:7])
    return Author("person", str(example["credit"]), "1")


def writer_of(example: Json) -> str:
    """Who wrote it, in words: the credit, and which model helped or wrote."""
    credit = str(example["credit"])
    if example["written"] == "person_with_model":
        return f"{credit}, with the help of {example['model']}"
    return f"{credit}, by {example['model']}" if example["written"] == "model" else credit


def exchange_of(example: Json, scenarios: Mapping[str, Scenario]) -> Exchange | None:
    """An example as an exchange; its labels and consent stay behind.

    Args:
        example: passed ``contribution.schema.json``.
        scenarios: released ones by id.

    Returns:
        None where it answers a scenario that is not among them.
    """
    own = example.get("scenario")
    if own is not None:
        return Exchange(
            example["id"], turns_of(own), example["reply"], Context.from_dict(own), author=author_of(example)
        )
    known = scenarios.get(example["scenario_id"])
    if known is None:
        return None
    return Exchange(
        example["id"], known.turns, example["reply"], known.context, known.id, split=known.split,
        author=author_of(example),
    )  # fmt: skip


def row_of(example: Json, exchange: Exchange) -> Json:
    """An example as a row of ``load``: the exchange, who wrote it, and the contributor's own labels."""
    labels = example.get("labels") or {}
    levels = labels.get("levels") or {}
    spans = [{"strength": 1.0} | span for span in labels.get("behaviours") or ()]
    return {
        "id": exchange.id,
        "scenario_id": exchange.scenario_id,
        **exchange.context.to_dict(),
        "turns": [{"role": turn.role, "text": turn.text} for turn in exchange.turns],
        "reply": exchange.reply,
        "author": author_of(example).to_dict(),
        "credit": example["credit"],
        "written": example["written"],
        "model": example.get("model"),
        "licence": example["consent"]["licence"],
        "labels": {
            **{d: levels.get(d) for d in ("empathy", "depersonalization", "excuse_avoidance")},
            "behaviours": spans,
            "reason": labels.get("reason"),
        },
    }
