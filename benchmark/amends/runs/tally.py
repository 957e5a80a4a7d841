"""What a Result over a file needs, gathered as annotations go by: upset customers, and the others apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from amends.logs.reader import Source
from amends.records import CONTEXT_FIELDS, Annotation, Exchange, Json
from amends.results import About, Result, Row, cluster_of, row_of, summarise
from amends.signature import Digest

CALM = "none"
"""``emotion`` of a customer who is not upset."""


def is_calm(exchange: Exchange) -> bool:
    """Whether a user's own exchange says that its customer is not upset; a released scenario's set is fixed.

    Args:
        exchange: any.
    """
    return exchange.scenario_id is None and (exchange.context.emotion or "").strip().lower() == CALM


@dataclass(frozen=True, slots=True)
class Customers:
    """Who wrote: the rubric is about customers who are upset, and only a field can say who is not."""

    upset: int
    """Replies to customers whose emotion is known and is not ``none``."""
    calm: int
    """Replies to customers who are not upset: no part of the Result."""
    unknown: int
    """Replies to customers of unknown emotion: part of the Result, since nobody can tell them apart."""
    rest: Result | None
    """The Result over the replies to customers who are not upset."""

    def to_dict(self) -> dict[str, Any]:
        """As ``--json`` prints it."""
        return {
            "upset": self.upset,
            "not_upset": self.calm,
            "unknown": self.unknown,
            "rest": self.rest.to_dict() if self.rest else None,
        }


@dataclass(slots=True)
class _Part:
    rows: list[Row] = field(default_factory=list)
    digest: Digest = field(default_factory=Digest)


@dataclass(slots=True)
class Tally:
    """Rows and digests; texts are not kept."""

    seed: int
    _main: _Part = field(default_factory=_Part)
    _rest: _Part = field(default_factory=_Part)
    _unknown: int = 0
    _own: int = 0
    missing: Counter[str] = field(default_factory=Counter)
    """Context field to the replies of the user's own exchanges that do not have it."""

    @property
    def own(self) -> int:
        """Replies of the user's own exchanges: those of the released scenarios have every field."""
        return self._own

    def add(self, exchange: Exchange, annotation: Annotation) -> None:
        """Take one judged exchange.

        Args:
            exchange: as it was scored.
            annotation: its.
        """
        own = exchange.scenario_id is None
        part = self._rest if is_calm(exchange) else self._main
        part.digest.add(exchange.to_dict())
        cluster = cluster_of(exchange.scenario_id, exchange.meta, exchange.id)
        part.rows.append(row_of(annotation, cluster, exchange.context.language))
        if own:
            self._own += 1
            self._unknown += exchange.context.emotion is None
            self.missing.update(name for name in CONTEXT_FIELDS if getattr(exchange.context, name) is None)

    def result(self, source: Source, scorer: Json) -> Result | None:
        """The Result over customers who are upset or of whom nobody knows; None where there is no reply at all.

        Where no customer is upset it covers all.

        Args:
            source: the file.
            scorer: name, version and weights.
        """
        part = self._main if self._main.rows else self._rest
        return self._summed(part, source, scorer) if part.rows else None

    def customers(self, source: Source, scorer: Json) -> Customers | None:
        """Who wrote; None where every reply is to a released scenario, whose emotion is known.

        Args:
            source: the file.
            scorer: name, version and weights.
        """
        if not self._own:
            return None
        calm = len(self._rest.rows)
        rest = self._summed(self._rest, source, scorer) if calm and self._main.rows else None
        return Customers(self._own - calm - self._unknown, calm, self._unknown, rest)

    def _summed(self, part: _Part, source: Source, scorer: Mapping[str, Any]) -> Result:
        name = "stdin" if source.file == "-" else Path(source.file).name.replace("|", "_")
        unit = source.log.tag if source.file in source.log.tallies else "every"
        generator = {"kind": "file", "name": name, "version": None}
        return summarise(part.rows, About(generator, name, part.digest.hex(), scorer, self.seed, unit))
