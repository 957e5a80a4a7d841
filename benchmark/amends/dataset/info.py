"""``data info``: what a data folder holds, in numbers that say what they count."""

from __future__ import annotations

from collections import Counter
from typing import Any

from amends.dataset.build import joined, manifest
from amends.dataset.folder import SPLITS, DataFolder
from amends.dataset.versions import current_records
from amends.records import DIMENSIONS, Exchange, Json

_TESTS = ("contrast", "gaming", "invariance", "degenerate", "judgements", "system_replies", "system_annotations")
"""Parts of the folder that scorers are tested on, as a version lists them."""


def describe(folder: DataFolder) -> Json:
    """Counts of a data folder.

    Returns:
        version, folder, replies not labeled yet; by split: scenarios, replies, domains, and for each annotator
        kind the number of replies at each rounded gold level of each dimension; annotators with how many replies
        each judged; records of the parts that scorers are tested on.
    """
    records = current_records(folder)
    exchanges = joined(records, str(folder.path))
    annotators = Counter(
        (a["annotator"]["name"], a["annotator"]["kind"], a["annotator"].get("method")) for a in records["annotations"]
    )
    authors = Counter((r.get("author") or {}).get("kind", "unknown") for r in records["replies"])
    return {
        "version": manifest(folder).get("version"),
        "folder": str(folder.path),
        "splits": {split: _split([e for e in exchanges if e.split == split]) for split in SPLITS},
        "replies_not_labeled_yet": len(records["replies"]) - len(exchanges),
        "reply_authors": dict(sorted(authors.items())),
        "annotators": [
            {"name": name, "kind": kind, "method": method, "replies": count}
            for (name, kind, method), count in sorted(annotators.items(), key=str)
        ],
        "tests_of_scorers": {part: len(records[part]) for part in _TESTS if records[part]},
        "people_among_annotators": any(kind == "person" for _, kind, _ in annotators),
    }


def _split(exchanges: list[Exchange]) -> Json:
    return {
        "scenarios": len({e.scenario_id for e in exchanges}),
        "replies": len(exchanges),
        "domains": len({e.context.domain for e in exchanges}),
        "gold": {
            kind: _levels(exchanges, kind)
            for kind in ("person", "model")
            if any(kind in (e.gold or {}) for e in exchanges)
        },
    }


def _levels(exchanges: list[Exchange], kind: str) -> Json:
    """Replies at each gold level, a mean of two rounded half up; those without a level under ``null``."""
    counted: Json = {}
    for dimension in DIMENSIONS:
        found: Counter[str] = Counter()
        for exchange in exchanges:
            if kind in (exchange.gold or {}):
                level = (exchange.gold or {})[kind]["levels"][dimension]
                found["null" if level is None else str(int(level + 0.5))] += 1
        counted[dimension] = dict(sorted(found.items()))
    return counted


def lines(described: Json) -> list[str]:
    """The same for a person to read."""
    out = [f"amends dataset {described['version']} in {described['folder']}", ""]
    for split, part in described["splits"].items():
        out.append(f"{split}: {part['scenarios']} scenarios, {part['replies']} replies, {part['domains']} domains")
        for kind, levels in part["gold"].items():
            out.extend(_gold_lines(kind, levels))
    written = ", ".join(f"{count} by a {kind}" for kind, count in described["reply_authors"].items())
    waiting = described["replies_not_labeled_yet"]
    out += ["", f"replies written: {written}" + (f"; {waiting} wait for labels (data todo)" if waiting else "")]
    out.append("judged by:")
    out += [f"  {a['name']} ({a['kind']}, {a['method']}): {a['replies']} replies" for a in described["annotators"]]
    if described["tests_of_scorers"]:
        counted = described["tests_of_scorers"].items()
        out += ["", "tests of scorers: " + ", ".join(f"{n:,} {part.replace('_', ' ')}" for part, n in counted)]
    if not described["people_among_annotators"]:
        out += [
            "",
            "No label here is by a person: every annotator is a language model under a written guideline.",
        ]
    return out


def _gold_lines(kind: str, levels: dict[str, Any]) -> list[str]:
    return [
        f"  gold ({kind}) {dimension}: " + ", ".join(f"level {level}: {n}" for level, n in found.items())
        for dimension, found in levels.items()
    ]
