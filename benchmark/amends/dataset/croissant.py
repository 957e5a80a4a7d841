"""``croissant.json``: the dataset described in MLCommons' Croissant 1.0 (Akhtar et al. 2024), from card and files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TypeGuard

import orjson

from amends.dataset.card import read_card
from amends.records import Json

CONFORMS_TO = "http://mlcommons.org/croissant/1.0"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"

_CONTEXT: Json = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
_TYPES = {"string": "sc:Text", "int64": "sc:Integer", "float64": "sc:Float"}

ABOUT = (
    "Replies to upset customers, labeled from 1 to 5 on empathy, depersonalization and excuse avoidance, with the "
    "behaviours and their spans. Labels by language-model annotators of one family under a written guideline, not yet "
    "by people: observers' judgement of wording in English, not the customer's experience, satisfaction, truth or "
    "resolution. Not for decisions about single employees."
)
_CONTRIBUTED = "<!-- contributed -->"
"""In the card of a dataset with contributions."""
_NOT_YET = "under a written guideline, not yet by people"
_SINCE = "under a written guideline, those of contributed replies by others"


def describable(path: Path) -> bool:
    """Whether a folder's card says enough to describe it: configurations, their features, the day of publication.

    Args:
        path: the folder.

    Returns:
        False too where a configuration's ``data_files`` are no list of split and path (of JSON Lines below the
        folder), or a feature has a type that the released dataset does not use.

    Raises:
        InputError: the card begins with front matter that cannot be read.
    """
    card = path / "README.md"
    if not card.is_file() or not card.read_text(encoding="utf-8").startswith("---\n"):
        return False
    head, _ = read_card(card)
    about, configs, infos = head.get("amends"), head.get("configs"), head.get("dataset_info")
    if not (isinstance(about, dict) and about.get("published") and _objects(configs) and _objects(infos)):
        return False
    described = _features(infos)
    return all(str(one.get("config_name")) in described and _placed(one.get("data_files")) for one in configs)


def _objects(value: object) -> TypeGuard[list[Json]]:
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) for one in value)


def _features(infos: Sequence[Json]) -> dict[str, list[Json]]:
    """Features by configuration, of those whose every feature can be described."""
    return {str(one.get("config_name")): one["features"] for one in infos if _typed(one.get("features"))}


def _placed(files: object) -> bool:
    """Whether ``data_files`` is a list of {split, path}, each path of JSON Lines below the folder."""
    return _objects(files) and all(
        isinstance(one.get("split"), str) and isinstance(one.get("path"), str) and _below_folder(one["path"])
        for one in files
    )


def _below_folder(name: str) -> bool:
    parts = PurePosixPath(name).parts
    globbed = all("**" not in part or part == "**" for part in parts)  # what Path.glob of Python 3.11 takes
    return name.endswith(".jsonl") and not name.startswith("/") and ".." not in parts and globbed


def _typed(features: object) -> bool:
    """Whether every feature has a name, and a type that ``_leaves`` knows."""
    return _objects(features) and all(isinstance(one.get("name"), str) and _known(one) for one in features)


def _known(feature: Json) -> bool:
    inner = feature.get("list")
    if inner is not None:
        return inner in _TYPES if isinstance(inner, str) else _typed(inner)
    return _typed(feature["struct"]) if "struct" in feature else str(feature.get("dtype")) in _TYPES


def croissant(path: Path, version: str) -> Json:
    """The description of a data folder whose card declares configurations and features.

    Args:
        path: the folder, built.
        version: of the dataset.

    Returns:
        A JSON-LD document: one file object (or set) a configuration and split with its SHA-256, and one record set a
        configuration with its values.

    Raises:
        InputError: the folder has no card, or one whose front matter cannot be read.
    """
    head, text = read_card(path / "README.md")
    features = _features(head["dataset_info"])
    distribution: list[Json] = []
    sets: list[Json] = []
    for config in head["configs"]:
        name = str(config["config_name"])
        for one in config["data_files"]:
            for file in sorted(path.glob(one["path"])):
                distribution.append(_file(path, file))
                sets.append(_record_set(name, one["split"], file.relative_to(path), path, features[name]))
    return {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "name": "amends",
        "description": ABOUT.replace(_NOT_YET, _SINCE) if _CONTRIBUTED in text else ABOUT,
        "conformsTo": CONFORMS_TO,
        "license": LICENCE,
        "version": version,
        "datePublished": str(head["amends"]["published"]),
        "citeAs": f"@misc{{amends, title={{amends: replies to upset customers}}, version={{{version}}}}}",
        "creator": {"@type": "sc:Organization", "name": "The amends maintainers"},
        "keywords": head.get("tags") or [],
        "inLanguage": "en",
        "isLiveDataset": False,
        "distribution": distribution,
        "recordSet": sets,
    }


def _file(path: Path, file: Path) -> Json:
    relative = file.relative_to(path).as_posix()
    return {
        "@type": "cr:FileObject",
        "@id": relative,
        "name": relative,
        "contentUrl": relative,
        "contentSize": f"{file.stat().st_size} B",
        "encodingFormat": "application/jsonlines",
        "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
    }


def _record_set(name: str, split: str, file: Path, path: Path, features: Sequence[Json]) -> Json:
    """Of one file: Croissant has no set of files that lie in a folder, only in an archive."""
    several = file.parts[0] == name and len(file.parts) > 2
    key = f"{name}/{split}/{file.parts[1]}" if several else f"{name}/{split}"
    place = {"fileObject": {"@id": file.as_posix()}}
    there = _columns(path / file)
    leaves = [leaf for one in features if one["name"] in there for leaf in _leaves(one)]
    return {
        "@type": "cr:RecordSet",
        "@id": key,
        "name": key,
        "key": {"@id": f"{key}/id"},
        "field": [_field(key, place, leaf) for leaf in leaves],
    }


def _columns(file: Path) -> set[str]:
    """Fields that some record of a file has: a reader of Croissant stops at a column that is nowhere."""
    return {name for line in file.read_bytes().splitlines() for name in orjson.loads(line)}


@dataclass(frozen=True, slots=True)
class _Leaf:
    """A value within a column."""

    column: str
    path: str
    """Within the column (or within each of its elements); empty for the whole."""
    kind: str
    repeated: bool


def _leaves(feature: Json) -> Iterator[_Leaf]:
    """What Croissant 1.0 can say of a feature; a list below a struct has no expression and is left to the file."""
    column, inner = feature["name"], feature.get("list")
    if isinstance(inner, str):
        yield _Leaf(column, "", _TYPES[inner], True)
    elif isinstance(inner, list):
        yield from (_Leaf(column, one["name"], _TYPES[one["dtype"]], True) for one in inner if "dtype" in one)
    elif "struct" in feature:
        yield from (_Leaf(column, path, kind, repeated) for path, kind, repeated in _below(feature["struct"]))
    else:
        yield _Leaf(column, "", _TYPES[feature["dtype"]], False)


def _below(struct: Sequence[Json], prefix: str = "") -> Iterator[tuple[str, str, bool]]:
    for one in struct:
        path = f"{prefix}{one['name']}"
        if "struct" in one:
            yield from _below(one["struct"], f"{path}.")
        elif isinstance(one.get("list"), str):
            yield path, _TYPES[one["list"]], True
        elif "dtype" in one:
            yield path, _TYPES[one["dtype"]], False


def _field(key: str, place: Json, leaf: _Leaf) -> Json:
    name = f"{key}/{leaf.column}" + (f".{leaf.path}" if leaf.path else "")
    source: Json = {**place, "extract": {"column": leaf.column}}
    if leaf.path:
        source["transform"] = {"jsonPath": leaf.path}
    field = {"@type": "cr:Field", "@id": name, "name": name, "dataType": leaf.kind, "source": source}
    return {**field, "repeated": True} if leaf.repeated else field
