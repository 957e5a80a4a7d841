"""The dataset as Hugging Face ``datasets`` objects: the only user of that package, loaded inside the functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amends.dataset.build import joined, manifest
from amends.dataset.folder import SPLITS, released, released_scenarios
from amends.dataset.pending import PENDING, exchange_of, pending_file, read_pending, row_of
from amends.dataset.versions import known_versions, records_of
from amends.errors import UsageError, unknown_name
from amends.records import CONTEXT_FIELDS, DIMENSIONS

if TYPE_CHECKING:
    from datasets import Dataset, DatasetDict

CONFIGURATIONS = ("exchanges", "annotations", "contrast", "gaming", "invariance", "judgements", "systems")
"""Configurations of the released folder, as ``load_dataset`` names them."""


def load(name: str = "exchanges", split: str | None = None, *, version: str | None = None) -> Dataset | DatasetDict:
    """Load the released dataset, offline.

    Args:
        name: a configuration (one of ``CONFIGURATIONS``), or one of the splits train, validation, test, which then
            means that split of the exchanges; or ``pending:NAME``, a contribution that waits in pending/.
        split: one split; None for all of them. With ``pending`` the contribution's name.
        version: of the dataset (x.y.z); None for the one that ships. Older versions hold exchanges only.

    Returns:
        A ``Dataset`` for one split, a ``DatasetDict`` by split otherwise.

    Raises:
        UsageError: an unknown configuration, split, version or contribution.
    """
    if name == PENDING or name.startswith(f"{PENDING}:"):
        return _pending(name.partition(":")[2], split, version)
    if name in SPLITS and split is None:
        name, split = "exchanges", name
    if name in SPLITS:
        raise UsageError(f"{name} is a split, and {split} is asked for too; name one, or a configuration and a split")
    if name not in CONFIGURATIONS:
        raise unknown_name("configuration", name, (*CONFIGURATIONS, *SPLITS))
    if version is not None and version != manifest(released())["version"]:
        if name != "exchanges":
            if version not in known_versions(released()):
                raise unknown_name("version", version, known_versions(released()))
            raise UsageError(
                f"only the exchanges of version {version} can be loaded, {name} ships with the newest version alone; "
                "leave the version out, or take `--config exchanges`"
            )
        return _older(version, split)
    return _shipped(name, split)


def _pending(name: str, split: str | None, version: str | None) -> Dataset:
    import datasets

    if version is not None or (name and split is not None):
        raise UsageError("a contribution that waits has no versions and no splits; leave them out")
    path = pending_file(released(), name or split or "")
    pairs = [(example, exchange_of(example, released_scenarios())) for _, example in read_pending(path)]
    rows = [row_of(example, exchange) for example, exchange in pairs if exchange is not None]
    text, whole = datasets.Value("string"), datasets.Value("int64")
    span = {"code": text, "start": whole, "end": whole, "quote": text, "strength": datasets.Value("float64")}
    labels = dict.fromkeys(DIMENSIONS, whole) | {"behaviours": [span], "reason": text}
    features = {
        **dict.fromkeys(("id", "scenario_id", *CONTEXT_FIELDS), text),
        "intensity": whole,
        "turns": [{"role": text, "text": text}],
        "reply": text,
        "author": {"kind": text, "name": text, "version": text},
        **dict.fromkeys(("credit", "written", "model", "licence"), text),
        "labels": labels,
    }
    return datasets.Dataset.from_list(rows, features=datasets.Features(features))


def _shipped(name: str, split: str | None) -> Dataset | DatasetDict:
    import datasets

    path, day = str(released().path), "created"
    features = datasets.load_dataset_builder(path, name).info.features
    if day in features:
        # the reader of JSON takes a date for a moment and would write it with its time, which no record has
        dated = datasets.Features(features | {day: datasets.Value("date32")})
        loaded = datasets.load_dataset(path, name, features=dated).cast_column(day, features[day])
    else:
        loaded = datasets.load_dataset(path, name)
    if split is None:
        return loaded
    if split not in loaded:
        raise unknown_name("split", split, list(loaded))
    return loaded[split]


def _older(version: str, split: str | None) -> Dataset | DatasetDict:
    import datasets

    features = datasets.load_dataset_builder(str(released().path), "exchanges").info.features
    exchanges = joined(records_of(released(), version))
    if split is not None and split not in SPLITS:
        raise unknown_name("split", split, SPLITS)
    parts = {
        one: datasets.Dataset.from_list([e.to_dict() for e in exchanges if e.split == one], features=features)
        for one in SPLITS
        if split in (None, one)
    }
    return parts[split] if split is not None else datasets.DatasetDict(parts)
