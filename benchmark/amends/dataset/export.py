"""``data export``: the released dataset in the forms that other tools read."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from amends.dataset.build import manifest
from amends.dataset.card import card_text, read_card
from amends.dataset.convokit import corpus
from amends.dataset.folder import SPLITS, released
from amends.dataset.load import CONFIGURATIONS, load
from amends.errors import UsageError, unknown_name
from amends.jsonl import canonical, write_whole
from amends.records import Json

if TYPE_CHECKING:
    from datasets import Dataset

_BESIDE = ("LICENSE", "GUIDELINE.md", "CONSTRUCTS.md", "rubric.json")
"""What goes with the records into every export: terms, and how labels were made."""

_AUDIT = ("AUDIT.md", "CHANGES.md", "audit/*.svg")
"""What the labels are worth: computed from the newest version, so it goes with no other."""

_CONVERSATIONS = ("exchanges", "systems")
"""Configurations that a ConvoKit corpus can hold."""

_LOADABLE = ("parquet", "csv")
"""Forms that ``load_dataset`` takes; the name is the suffix of their files."""

Parts = Mapping[str, Mapping[str, "Dataset"]]
"""Configuration to split to rows."""


def export(form: str, into: Path, names: tuple[str, ...] = (), version: str | None = None) -> list[str]:
    """Write the released dataset in another form.

    Args:
        form: parquet (a folder that ``load_dataset`` and the Hugging Face hub take), csv (nested fields become
            columns with dotted names, lists JSON text; ``load_dataset`` takes it too), datasetdict (a folder for each
            configuration, for ``datasets.load_from_disk``), or convokit (a ConvoKit corpus of the exchanges and
            systems).
        into: a folder that does not exist yet or is empty.
        names: configurations. None named means all that the form and the version hold: convokit holds exchanges and
            systems, an older version exchanges alone.
        version: of the dataset; None for the one that ships.

    Returns:
        The files written, below the folder.

    Raises:
        UsageError: an unknown form, configuration or version; a configuration that the form or the version does not
            hold; a folder with files in it. No folder is made then.
        OSError: the folder cannot be made or written to.
    """
    if form not in FORMS:
        raise unknown_name("form", form, tuple(FORMS))
    if into.exists() and (not into.is_dir() or any(into.iterdir())):
        raise UsageError(f"{into} is there and not empty; name a new folder, so that nothing of yours is written over")
    newest = str(manifest(released())["version"])
    version = newest if version is None else version
    parts = {name: _parts(name, version) for name in _chosen(form, names, version == newest)}
    into.mkdir(parents=True, exist_ok=True)
    FORMS[form](parts, into)
    stamp = f"amends {version}, export {_digest(into)}"
    _beside(into, _BESIDE + _AUDIT if version == newest else _BESIDE)
    head, body = read_card(released().path / "README.md")
    text = body if version == newest else _warning(version, newest) + body
    write_whole(into / "README.md", card_text(_declared(head, form, parts, stamp), text).encode())
    return sorted(path.relative_to(into).as_posix() for path in into.rglob("*") if path.is_file())


def _chosen(form: str, names: tuple[str, ...], newest: bool) -> tuple[str, ...]:
    """Configurations to write: those named, or all that the form and the version hold."""
    held = _CONVERSATIONS if form == "convokit" else CONFIGURATIONS
    for name in names:
        if name not in CONFIGURATIONS:
            raise unknown_name("configuration", name, CONFIGURATIONS)
        if name not in held:
            raise UsageError(
                f"a ConvoKit corpus holds conversations, and {name} has none; "
                "export the configuration exchanges, systems, or both"
            )
    return names or (held if newest else ("exchanges",))


def _parts(name: str, version: str) -> Mapping[str, Dataset]:
    loaded = load(name, version=version)
    return dict(loaded.items())


def _digest(into: Path) -> str:
    """12 hex of a SHA-256 over the names and contents of the files written so far, which are the data alone."""
    files = {
        path.relative_to(into).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in into.rglob("*")
        if path.is_file()
    }
    return hashlib.sha256(canonical(files)).hexdigest()[:12]


def _beside(into: Path, patterns: tuple[str, ...]) -> None:
    root = released().path
    for pattern in patterns:
        for path in sorted(root.glob(pattern)):
            target = into / path.relative_to(root)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)


def _warning(version: str, newest: str) -> str:
    return (
        f"\n**This export holds the exchanges of version {version}. The counts below are those of the newest version "
        f"({newest}) and not of this export**; the audit, which is of the newest version too, is left out.\n"
    )


def _declared(head: Json, form: str, parts: Parts, stamp: str) -> Json:
    """The card's front matter with the configurations that ``load_dataset`` finds in this export.

    ``load_dataset`` names its cache of a local folder by what the card declares and not by the files: the stamp keeps
    an earlier export to the same path from being read back as this one. Features are declared of Parquet alone, since
    lists are text in CSV; there the stamp stands in the configuration itself.
    """
    kept = {key: value for key, value in head.items() if key not in ("configs", "dataset_info")}
    if form not in _LOADABLE:
        return kept
    configs = [
        {**one, "data_files": [{"split": split, "path": f"{name}/{split}.{form}"} for split in _splits(parts[name])]}
        for one in head["configs"]
        if (name := one["config_name"]) in parts
    ]
    if form == "csv":
        return kept | {"configs": [{**one, "description": stamp} for one in configs]}
    infos = [{**one, "description": stamp} for one in head["dataset_info"] if one["config_name"] in parts]
    return kept | {"configs": configs, "dataset_info": infos}


def _parquet(parts: Parts, into: Path) -> None:
    for name, split, rows in _each(parts):
        rows.to_parquet(into / name / f"{split}.parquet")


def _csv(parts: Parts, into: Path) -> None:
    for name, of in parts.items():
        flat = {split: [dict(_flat(row)) for row in of[split]] for split in _splits(of)}
        # load_dataset wants the same columns in every split of a configuration
        columns = list(dict.fromkeys(column for rows in flat.values() for row in rows for column in row))
        (into / name).mkdir(exist_ok=True)
        for split, rows in flat.items():
            with (into / name / f"{split}.csv").open("w", encoding="utf-8", newline="") as stream:
                writer = csv.DictWriter(stream, columns, restval="")
                writer.writeheader()
                writer.writerows(rows)


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
    for name, data in corpus([row for _, _, rows in _each(parts) for row in rows]).items():
        write_whole(into / name, data)


def _splits(of: Mapping[str, Dataset]) -> list[str]:
    return [split for split in SPLITS if split in of]


def _each(parts: Parts) -> Iterator[tuple[str, str, Dataset]]:
    return ((name, split, of[split]) for name, of in parts.items() for split in _splits(of))


FORMS: Mapping[str, Callable[[Parts, Path], None]] = {
    "parquet": _parquet,
    "csv": _csv,
    "datasetdict": _datasetdict,
    "convokit": _convokit,
}
"""Name to what writes it."""
