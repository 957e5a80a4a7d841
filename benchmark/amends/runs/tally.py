"""What a Result over a file needs, gathered as annotations go by: upset customers, and the others apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from amends.records import CONTEXT_FIELDS, Annotation, Exchange, Json
from amends.results import About, Mask, Result, summed
from amends.runs.columns import Table, asked, digest_of, is_calm, judged
from amends.runs.estimates import codes_of
from amends.runs.summary import judged_of

__all__ = ["Customers", "Tally", "covered", "is_calm"]

_TOGETHER = 1024


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


def covered(items: Sequence[tuple[Exchange, Annotation]]) -> Sequence[tuple[Exchange, Annotation]]:
    """The judged exchanges that a Result covers: without customers who are not upset, where others are.

    Args:
        items: judged exchanges.
    """
    return [item for item in items if not is_calm(item[0])] or items


@dataclass(slots=True)
class Tally:
    """Columns; neither texts nor records are kept."""

    seed: int
    _asked: list[Table] = field(default_factory=list)
    _judged: list[Table] = field(default_factory=list)
    _waiting: list[tuple[Exchange, Annotation]] = field(default_factory=list)

    def add(self, exchange: Exchange, annotation: Annotation) -> None:
        """Take one judged exchange.

        Args:
            exchange: as it was scored.
            annotation: its.
        """
        self._waiting.append((exchange, annotation))
        if len(self._waiting) == _TOGETHER:
            self._settle()

    def extend(self, of_exchanges: Table, of_annotations: Table) -> None:
        """Take columns of several.

        Args:
            of_exchanges: as ``columns.asked`` makes them.
            of_annotations: as ``columns.judged`` makes them, of the same replies.
        """
        self._settle()
        if len(of_exchanges):
            self._asked.append(of_exchanges)
            self._judged.append(of_annotations)

    def _settle(self) -> None:
        if self._waiting:
            pairs, self._waiting = self._waiting, []
            self._asked.append(asked([exchange for exchange, _ in pairs]))
            self._judged.append(judged([annotation for _, annotation in pairs]))

    def _column(self, name: str) -> Any:
        self._settle()
        return np.concatenate([table[name] for table in self._asked]) if self._asked else np.zeros(0, dtype=bool)

    @property
    def own(self) -> int:
        """Replies of the user's own exchanges: those of the released scenarios have every field."""
        return int(self._column("own").sum())

    @property
    def missing(self) -> Counter[str]:
        """Context field to the replies of the user's own exchanges that do not have it."""
        bits = self._column("missing").astype(np.uint16)
        found = {name: int(((bits & (1 << place)) != 0).sum()) for place, name in enumerate(CONTEXT_FIELDS)}
        return Counter({name: count for name, count in found.items() if count})

    def result(self, file: str, unit: str, scorer: Json) -> Result | None:
        """The Result over customers who are upset or of whom nobody knows; None where there is no reply at all.

        Where no customer is upset it covers all.

        Args:
            file: that the replies, or their annotations, were read from; ``-`` for standard input.
            unit: which replies of a conversation.
            scorer: name, version and weights.
        """
        calm = self._column("calm")
        if not len(calm):
            return None
        return self._summed(calm if calm.all() else ~calm, file, unit, scorer)

    def customers(self, file: str, unit: str, scorer: Json) -> Customers | None:
        """Who wrote; None where every reply is to a released scenario, whose emotion is known.

        Args:
            file: as of ``result``.
            unit: which replies of a conversation.
            scorer: name, version and weights.
        """
        own = self.own
        if not own:
            return None
        calm = self._column("calm")
        count, unknown = int(calm.sum()), int(self._column("unknown").sum())
        rest = self._summed(calm, file, unit, scorer) if 0 < count < len(calm) else None
        return Customers(own - count - unknown, count, unknown, rest)

    def _summed(self, chosen: Mask, file: str, unit: str, scorer: Mapping[str, Any]) -> Result:
        name = "stdin" if file == "-" else Path(file).name.replace("|", "_")
        generator = {"kind": "file", "name": name, "version": None}
        # a mask that leaves nothing out would only copy every column
        rows = slice(None) if chosen.all() else chosen
        digest = digest_of([self._column("record")[rows]])
        codes = codes_of(self._column("cluster")[rows])
        if len(self._judged) > 1:
            # in the place of its parts, which would be held beside it while the table is made
            self._judged = [np.concatenate(self._judged)]
        replies = judged_of(self._judged[0][rows], codes, self._supported()[rows])
        return summed(replies, About(generator, name, digest, scorer, self.seed, unit))

    def _supported(self) -> Mask:
        return np.asarray(self._column("supported"), dtype=bool)
