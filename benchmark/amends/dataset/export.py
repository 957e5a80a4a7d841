"""``data export``: the released dataset in the forms that other tools read."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from amends.dataset.card import card_text, read_card
from amends.dataset.convokit import corpus
from amends.dataset.folder import SPLITS, released
from amends.dataset.load import CONFIGURATIONS, load
from amends.errors import UsageError, unknown_name
from amends.jsonl import write_whole

if TYPE_CHECKING:
    from datasets import Dataset

_BESIDE = ("LICENSE", "GUIDELINE.md", "CONSTRUCTS.md", "AUDIT.md", "rubric.json", "audit/*.svg")
"""What goes with the records into every export: terms, how labels were made, what they are worth."""

Parts = Mapping[str, Mapping[str, "Dataset"]]
"""Configuration to split to rows."""


def export(form: str, into: Path, names: tuple[str, ...] = CONFIGURATIONS, version: str | None = None) -> list[str]:
    """Write the released dataset in another form.

    Args:
        form: parquet (a folder that ``load_dataset`` and the Hugging Face hub take), csv (nested fields become
            columns with dotted names, lists JSON text), datasetdict (``datasets.load_from_disk``), or convokit (a
            ConvoKit corpus of the exchanges and systems).
        into: a folder that does not exist yet or is empty.
        names: configurations.
        version: of the dataset; None for the one that ships. Older versions hold exchanges only.

    Returns:
        The files written, below the folder.

    Raises:
        UsageError: an unknown form, configuration or version; a folder with files in it.
    """
    if form not in FORMS:
        raise unknown_name("form", form, tuple(FORMS))
    if into.exists() and (not into.is_dir() or any(into.iterdir())):
        raise UsageError(f"{into} is there and not empty; name a new folder, so that nothing of yours is written over")
    parts = {name: _parts(name, version) for name in names}
    into.mkdir(parents=True, exist_ok=True)
    FORMS[form](parts, into)
    _beside(into)
    return sorted(path.relative_to(into).as_posix() for path in into.rglob("*") if path.is_file())


def _parts(name: str, version: str | None) -> Mapping[str, Dataset]:
    loaded = load(name, version=version)
    return dict(loaded.items())


def _beside(into: Path) -> None:
    root = released().path
    for pattern in _BESIDE:
        for path in sorted(root.glob(pattern)):
            target = into / path.relative_to(root)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    if not (into / "README.md").exists():
        shutil.copyfile(root / "README.md", into / "README.md")


def _parquet(parts: Parts, into: Path) -> None:
    for name, split, rows in _each(parts):
        rows.to_parquet(into / name / f"{split}.parquet")
    head, body = read_card(released().path / "README.md")
    head["configs"] = [
        {**one, "data_files": [{"split": s, "path": f"{name}/{s}.parquet"} for s in parts[name]]}
        for one in head["configs"]
        if (name := one["config_name"]) in parts
    ]
    head["dataset_info"] = [one for one in head["dataset_info"] if one["config_name"] in parts]
    write_whole(into / "README.md", card_text(head, body).encode())


def _csv(parts: Parts, into: Path) -> None:
    for name, split, rows in _each(parts):
        flat = [dict(_flat(row)) for row in rows]
        columns = list(dict.fromkeys(column for row in flat for column in row))
        (into / name).mkdir(exist_ok=True)
        with (into / name / f"{split}.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, columns, restval="")
            writer.writeheader()
            writer.writerows(flat)


def _flat(row: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Columns of a row: structs by dotted names, lists as JSON text, what is missing as an empty cell."""
    for key, value in row.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        elif isinstance(value, list):
            yield f"{prefix}{key}", json.dumps(value, ensure_ascii=False)
        else:
            yield f"{prefix}{key}", "" if value is None else value


def _datasetdict(parts: Parts, into: Path) -> None:
    for name, split, rows in _each(parts):
        rows.save_to_disk(into / name / split)
    for name, of in parts.items():
        write_whole(into / name / "dataset_dict.json", json.dumps({"splits": list(of)}).encode())


def _convokit(parts: Parts, into: Path) -> None:
    rows = [row for name in ("exchanges", "systems") for split in parts.get(name, {}).values() for row in split]
    if not rows:
        raise UsageError("a ConvoKit corpus holds conversations: export the configuration exchanges, systems, or both")
    for name, data in corpus(rows).items():
        write_whole(into / name, data)


def _each(parts: Parts) -> Iterator[tuple[str, str, Dataset]]:
    return ((name, split, of[split]) for name, of in parts.items() for split in (*SPLITS,) if split in of)


FORMS: Mapping[str, Callable[[Parts, Path], None]] = {
    "parquet": _parquet,
    "csv": _csv,
    "datasetdict": _datasetdict,
    "convokit": _convokit,
}
"""Name to what writes it."""
