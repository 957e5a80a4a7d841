"""``data build``: sources joined into exchanges with gold and sorted into splits, byte for byte the same."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from amends.dataset.croissant import croissant, describable
from amends.dataset.folder import SPLITS, DataFolder
from amends.dataset.gold import gold_of
from amends.dataset.pending import PENDING
from amends.dataset.versions import Records, current_records, write_version
from amends.errors import InputError, Problem
from amends.jsonl import canonical, dumps, pretty, write_whole
from amends.records import Annotation, Exchange, Json, Reply, Scenario

SYSTEMS = "exchanges/systems.jsonl"
"""Replies of whole generators, joined as the others are; in no split's file."""

_STAMP = re.compile(r"^( +description: )amends .*$", re.MULTILINE)
_LISTED = ("*.json", "*.jsonl", "*.md", "*.svg", "LICENSE")
_UNLISTED = ("manifest.json", "TEST_USE.md")
_WAITING = f"{PENDING}/"


def joined(records: Records, file: str = "data") -> list[Exchange]:
    """Exchanges with gold, in the order of their ids; replies that nobody judged yet are left out.

    Args:
        records: scenarios, replies and annotations.
        file: the folder's name, for the problems.

    Raises:
        InputError: a reply names no scenario, an annotation no reply, or a span quotes what the reply does not say.
    """
    scenarios = {s.id: s for s in map(Scenario.from_dict, records["scenarios"])}
    texts = {str(r["id"]): str(r["text"]) for r in records["replies"]}
    judged: dict[str, list[Annotation]] = {key: [] for key in texts}
    wrong = [
        Problem(
            f"{file}/replies.jsonl",
            None,
            f"$.{r['id']}.scenario_id",
            r["scenario_id"],
            "a scenario's id",
            "mend it",
        )
        for r in records["replies"]
        if r["scenario_id"] not in scenarios
    ]
    for annotation in map(Annotation.from_dict, records["annotations"]):
        if annotation.reply_id in judged:
            judged[annotation.reply_id].append(annotation)
            wrong.extend(_misquoted(annotation, texts[annotation.reply_id], f"{file}/annotations"))
        else:
            place = f"$.{annotation.id}.reply_id"
            expected = "the id of a current reply"
            remedy = "mend it; what judges a superseded reply is superseded with it"
            wrong.append(Problem(f"{file}/annotations", None, place, annotation.reply_id, expected, remedy))
    if wrong:
        raise InputError(wrong)
    return [
        _with_gold(scenarios[reply.scenario_id], reply, judged[reply.id])
        for reply in map(Reply.from_dict, records["replies"])
        if judged[reply.id]
    ]


def _misquoted(annotation: Annotation, text: str, file: str) -> list[Problem]:
    """Spans whose quote does not stand at their offsets."""
    return [
        Problem(
            file,
            None,
            f"$.{annotation.id}.behaviours[{i}]",
            f"the quote {b.quote!r} at {b.start}",
            "quote == text[start:end], counted in Unicode code points",
            "count again",
        )
        for i, b in enumerate(annotation.behaviours)
        if text[b.start : b.end] != b.quote
    ]


def _with_gold(scenario: Scenario, reply: Reply, annotations: list[Annotation]) -> Exchange:
    pair = Exchange.pair(scenario, reply)
    gold = gold_of(reply.text, annotations)
    return Exchange(
        pair.id,
        pair.turns,
        pair.reply,
        pair.context,
        scenario.id,
        pair.sample,
        pair.split,
        pair.author,
        gold,
        pair.meta,
    )


def build(folder: DataFolder, version: str) -> Mapping[str, Any]:
    """Write exchanges/, contrast/, versions/ and the manifest of a data folder.

    Args:
        folder: the data folder; its records are checked as they are read.
        version: the dataset version (x.y.z) that the result bears.

    Returns:
        The manifest.

    Raises:
        InputError: records break their schemas, do not join, or differ from the version that stands.
    """
    records = current_records(folder)
    exchanges = joined(records, str(folder.path))
    write_version(folder, version, records)
    for name, lines in built(records, exchanges, str(folder.path)).items():
        write_whole(folder.path / name, b"".join(lines))
    _stamp_card(folder, version)
    if describable(folder.path):
        write_whole(folder.path / "croissant.json", pretty(croissant(folder.path, version)))
    manifest = manifest_of(folder, version)
    write_whole(folder.path / "manifest.json", pretty(manifest))
    return manifest


def built(records: Records, exchanges: Sequence[Exchange], file: str = "data") -> dict[str, list[bytes]]:
    """What a build writes beside version and manifest: the forms in which ``load_dataset`` wants splits.

    Args:
        records: of the folder, current ones only.
        exchanges: its replies, joined.
        file: the folder's name, for the problems.

    Returns:
        Path below the folder to the lines of the file.

    Raises:
        InputError: replies of systems do not join.
    """
    files = {f"exchanges/{s}.jsonl": [dumps(e.to_dict()) for e in exchanges if e.split == s] for s in SPLITS}
    systems = systems_of(records, file)
    if systems:
        files[SYSTEMS] = [dumps(e.to_dict()) for e in systems]
    pairs = records["contrast"]
    for split in sorted({str(pair["split"]) for pair in pairs}):
        files[f"contrast/{split}.jsonl"] = [dumps(pair) for pair in pairs if pair["split"] == split]
    return files


def systems_of(records: Records, file: str = "data") -> list[Exchange]:
    """Replies of whole generators with gold, in the order of their ids.

    Args:
        records: of the folder, current ones only.
        file: the folder's name, for the problems.

    Raises:
        InputError: as ``joined``.
    """
    parts = {"replies": records["system_replies"], "annotations": records["system_annotations"]}
    return joined({"scenarios": records["scenarios"], **parts}, f"{file}/systems")


def _stamp_card(folder: DataFolder, version: str) -> None:
    """Write the version and a digest of the files into the card's YAML.

    ``load_dataset`` names its cache of a local folder by the card and not by the files: without this, whoever
    loaded an earlier version would go on getting it.
    """
    card = folder.path / "README.md"
    if not card.is_file():
        return
    files = manifest_of(folder, version)["files"]
    files.pop("README.md")
    files.pop("croissant.json", None)
    stamp = f"amends {version}, files {hashlib.sha256(canonical(files)).hexdigest()[:12]}"
    text = card.read_text(encoding="utf-8")
    write_whole(card, _STAMP.sub(rf"\g<1>{stamp}", text).encode())


def manifest_of(folder: DataFolder, version: str) -> Json:
    """Version, and for each file its SHA-256 and, of JSON Lines, its number of records."""
    files: Json = {}
    paths = {path for pattern in _LISTED for path in folder.path.rglob(pattern)}
    for path in sorted(paths):
        name = path.relative_to(folder.path).as_posix()
        if name in _UNLISTED or name.startswith(_WAITING):
            continue
        data = path.read_bytes()
        files[name] = {"sha256": hashlib.sha256(data).hexdigest()}
        if name.endswith(".jsonl"):
            files[name]["records"] = data.count(b"\n")
    return {"version": version, "files": files}


def manifest(folder: DataFolder) -> Json:
    """The manifest as it stands.

    Raises:
        InputError: there is none.
    """
    path = folder.path / "manifest.json"
    if not path.is_file():
        raise InputError([Problem(str(path), None, "$", "nothing", "a manifest", "run amends data build")])
    loaded: Json = orjson.loads(path.read_bytes())
    return loaded
