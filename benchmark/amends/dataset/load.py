"""The dataset as Hugging Face ``datasets`` objects: the only user of that package, loaded inside the functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amends.dataset.build import joined, manifest
from amends.dataset.folder import SPLITS, released
from amends.dataset.versions import known_versions, records_of
from amends.errors import UsageError, unknown_name

if TYPE_CHECKING:
    from datasets import Dataset, DatasetDict

CONFIGURATIONS = ("exchanges", "annotations", "contrast", "gaming", "invariance", "judgements", "systems")
"""Configurations of the released folder, as ``load_dataset`` names them."""


def load(name: str = "exchanges", split: str | None = None, *, version: str | None = None) -> Dataset | DatasetDict:
    """Load the released dataset, offline.

    Args:
        name: a configuration (one of ``CONFIGURATIONS``), or one of the splits train, validation, test, which then
            means that split of the exchanges.
        split: one split; None for all of them.
        version: of the dataset (x.y.z); None for the one that ships. Older versions hold exchanges only.

    Returns:
        A ``Dataset`` for one split, a ``DatasetDict`` by split otherwise.

    Raises:
        UsageError: an unknown configuration, split or version.
    """
    if name in SPLITS and split is None:
        name, split = "exchanges", name
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


def _shipped(name: str, split: str | None) -> Dataset | DatasetDict:
    import datasets

    loaded = datasets.load_dataset(str(released().path), name)
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
