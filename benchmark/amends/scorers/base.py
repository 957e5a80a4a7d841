"""What every scorer is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from amends.records import Annotation, Exchange


@runtime_checkable
class Scorer(Protocol):
    """An annotator that is a program.

    A scorer sees turns, reply text and context and nothing else; every context field may be None. It answers
    a batch in order, one annotation for each exchange, keeps no state between calls, raises on no text, and
    can be pickled: the same object serves processes and Ray.
    """

    name: str
    version: int
    """A change of rules, weights or prompt is a new version."""

    def annotate(self, exchanges: Sequence[Exchange]) -> list[Annotation]:
        """Judge a batch of blinded exchanges, in order."""
        ...
