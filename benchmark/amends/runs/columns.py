"""What a Result needs of judged replies, as numbers in columns: 86 bytes a reply, whatever its text."""

from __future__ import annotations

import functools
import hashlib
import operator
from collections.abc import Sequence
from typing import Any

import numpy as np

from amends.columns import JUDGED, Table, flag_bit, judged
from amends.jsonl import canonical
from amends.records import CONTEXT_FIELDS, DIMENSIONS, Annotation, Exchange, Json
from amends.results import cluster_of, row_of
from amends.runs.seen import keys_of

__all__ = ["ASKED", "JUDGED", "Table", "asked", "digest_of", "entered", "flag_bit", "is_calm", "judged"]

CALM = "none"
"""``emotion`` of a customer who is not upset."""

ASKED = np.dtype(
    [
        ("cluster", "u8", (2,)),
        ("record", "S32"),
        ("missing", "u2"),
        ("supported", "?"),
        ("calm", "?"),
        ("own", "?"),
        ("unknown", "?"),
    ]
)
"""Of the exchange: key of its cluster, SHA-256 of its canonical record, bits of the context fields that it lacks."""


def is_calm(exchange: Exchange) -> bool:
    """Whether a user's own exchange says that its customer is not upset; a released scenario's set is fixed.

    Args:
        exchange: any.
    """
    return exchange.scenario_id is None and (exchange.context.emotion or "").strip().lower() == CALM


def asked(exchanges: Sequence[Exchange]) -> Table:
    """Columns of exchanges, of dtype ``ASKED``.

    Args:
        exchanges: as they were scored.
    """
    table = np.empty(len(exchanges), dtype=ASKED)
    if not len(table):
        return table
    table["cluster"] = keys_of([cluster_of(e.scenario_id, e.meta, e.id) for e in exchanges])
    table["record"] = _hashes([e.to_dict() for e in exchanges])
    table["missing"] = [_missing(e) for e in exchanges]
    table["supported"] = [_supported(e.context.language) for e in exchanges]
    table["calm"] = [is_calm(e) for e in exchanges]
    table["own"] = [e.scenario_id is None for e in exchanges]
    table["unknown"] = [e.scenario_id is None and e.context.emotion is None for e in exchanges]
    return table


def entered(annotations: Sequence[Annotation], clusters: Sequence[str], languages: Sequence[str | None]) -> Table:
    """Columns of replies of which the annotation alone is at hand, of dtype ``ASKED``.

    Args:
        annotations: which are then what the digest names.
        clusters: as ``results.cluster_of`` gives them.
        languages: of the scenarios, where they are known.
    """
    table = np.zeros(len(annotations), dtype=ASKED)
    if len(table):
        table["cluster"] = keys_of(clusters)
        table["record"] = _hashes([a.to_dict() for a in annotations])
        table["supported"] = [_supported(language) for language in languages]
    return table


def _hashes(records: Sequence[Json]) -> Table:
    digests = b"".join([hashlib.sha256(canonical(record)).digest() for record in records])
    return np.frombuffer(digests, dtype="S32")


_CONTEXT = operator.attrgetter(*CONTEXT_FIELDS)
_PLACES = [1 << place for place in range(len(CONTEXT_FIELDS))]


def _missing(exchange: Exchange) -> int:
    if exchange.scenario_id is not None:
        return 0
    return sum([bit for bit, value in zip(_PLACES, _CONTEXT(exchange.context), strict=True) if value is None])


@functools.lru_cache(maxsize=1024)
def _supported(language: str | None) -> bool:
    """Whether the flag unsupported_language means that no reply was given: ``results.row_of`` is asked."""
    who: Any = None
    bare = Annotation("", None, who, dict.fromkeys(DIMENSIONS), flags=("unsupported_language",))
    return not row_of(bare, "", language).given


def digest_of(records: Sequence[Table]) -> str:
    """What ``signature.Digest`` says of the same records: 12 hex, whatever their order.

    Args:
        records: columns ``record``.
    """
    hashes: Any = np.concatenate(records) if records else np.empty(0, dtype="S32")
    hashes.sort()
    return hashlib.sha256(memoryview(hashes)).hexdigest()[:12]
