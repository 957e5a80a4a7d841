"""What an audit reads of a data folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from amends.dataset.build import joined, manifest, systems_of
from amends.dataset.folder import SPLITS, DataFolder, current, read_records
from amends.dataset.gold import kind_that_counts
from amends.dataset.versions import current_records
from amends.records import PAIR_TEXTS, Annotation, Exchange, Json, Scenario
from amends.signature import digest


@dataclass(frozen=True, slots=True)
class Material:
    """Records of a data folder, current ones only."""

    version: str
    digest: str
    """Of the exchanges, the systems and the pairs, 12 hex."""
    scenarios: Sequence[Scenario]
    exchanges: Sequence[Exchange]
    """With gold, in the order of their ids."""
    annotations: Sequence[Annotation]
    plan: Mapping[str, Json]
    """Reply id to what its writer aimed at."""
    comparisons: Sequence[Json]
    """Rankings."""
    pairs: Mapping[str, Sequence[Json]]
    """contrast, gaming, invariance: their pairs."""
    judgements: Mapping[str, Sequence[Json]]
    """Pair id to its judgements, in the order of the annotators' names."""
    degenerate: Sequence[Json]
    systems: Sequence[Exchange]
    """Replies of whole generators, with gold."""
    system_annotations: Sequence[Annotation] = ()

    def of(self, split: str) -> list[Exchange]:
        """Exchanges of one split.

        Args:
            split: train, validation or test.
        """
        return [e for e in self.exchanges if e.split == split]

    def kind(self, reply_id: str) -> str:
        """Planned or ordinary.

        Args:
            reply_id: of a reply of the folder.
        """
        return str(self.plan.get(reply_id, {}).get("kind", "ordinary"))


def read_material(folder: DataFolder) -> Material:
    """Read a folder.

    Args:
        folder: of the form of data/.

    Raises:
        InputError: with every problem of a file.
    """
    records = current_records(folder)
    exchanges = sorted(joined(records, str(folder.path)), key=lambda e: e.id)

    def optional(name: str, kind: str) -> list[Json]:
        path = folder.path / name
        return current([record for _, record in read_records(path, kind)]) if path.is_file() else []

    judgements: dict[str, list[Json]] = {}
    for record in sorted(records["judgements"], key=lambda r: str(r["annotator"]["name"])):
        judgements.setdefault(record["pair_id"], []).append(record)
    tests = {part: records[part] for part in (*PAIR_TEXTS, "degenerate", "judgements")}
    systems = systems_of(records, str(folder.path))
    kind = kind_that_counts(exchange.gold for exchange in exchanges)
    rests_on = [e.to_dict() for e in (*exchanges, *systems)] + [r for some in tests.values() for r in some]
    return Material(
        str(manifest(folder).get("version")),
        digest(rests_on),
        [Scenario.from_dict(record) for record in records["scenarios"]],
        _of_kind(exchanges, kind),
        [a for a in map(Annotation.from_dict, records["annotations"]) if kind in (None, a.annotator.kind)],
        {record["reply_id"]: record for record in optional("plan.jsonl", "plan")},
        optional("comparisons.jsonl", "comparison"),
        {kind: tests[kind] for kind in PAIR_TEXTS},
        judgements,
        tests["degenerate"],
        systems,
        [Annotation.from_dict(record) for record in records["system_annotations"]],
    )


def _of_kind(exchanges: Sequence[Exchange], kind: str | None) -> list[Exchange]:
    """The same with gold of one kind alone: people's and models' are in no figure together."""
    return [replace(e, gold={k: v for k, v in (e.gold or {}).items() if k == kind} or None) for e in exchanges]


def level(exchange: Exchange, dimension: str) -> float | None:
    """Gold level of the one kind that ``read_material`` leaves.

    Args:
        exchange: with gold.
        dimension: one of DIMENSIONS.
    """
    gold = exchange.gold or {}
    kind = "person" if "person" in gold else "model"
    value: float | None = gold[kind]["levels"][dimension] if kind in gold else None
    return value


def shown(exchange: Exchange) -> set[str]:
    """Behaviours in gold, of the one kind that ``read_material`` leaves.

    Args:
        exchange: with gold.
    """
    gold = exchange.gold or {}
    kind = "person" if "person" in gold else "model"
    return {b["code"] for b in gold[kind]["behaviours"]} if kind in gold else set()


__all__ = ["SPLITS", "Material", "level", "read_material", "shown"]
