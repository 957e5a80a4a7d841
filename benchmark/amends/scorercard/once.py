"""A scorer that is asked about each text once."""

from __future__ import annotations

from collections.abc import Sequence

from amends.records import Annotation, Context, Exchange, Turn
from amends.scorers.base import Scorer

_Seen = tuple[tuple[Turn, ...], str, Context]
"""All that a scorer reads of an exchange."""


class Once:
    """Remembers what a scorer said: a reply stands in many pairs, and may have no context to leave out.

    A scorer keeps no state between calls, so that asking again would give the same; one whose answers change from call
    to call (a judge) is held to its first.
    """

    def __init__(self, scorer: Scorer) -> None:
        """Nothing is asked yet.

        Args:
            scorer: any.
        """
        self.name, self.version = scorer.name, scorer.version
        self._scorer = scorer
        self._said: dict[_Seen, Annotation] = {}

    @property
    def asked(self) -> int:
        """Texts that the scorer was given."""
        return len(self._said)

    def annotate(self, exchanges: Sequence[Exchange]) -> list[Annotation]:
        """Judge a batch, in order; what was judged before is not judged again.

        Args:
            exchanges: blinded.

        Raises:
            ValueError: the scorer gave another number of annotations than it got exchanges.
        """
        keys = [(exchange.turns, exchange.reply, exchange.context) for exchange in exchanges]
        new = {key: exchange for key, exchange in zip(keys, exchanges, strict=True) if key not in self._said}
        if new:
            self._said.update(zip(new, self._scorer.annotate(list(new.values())), strict=True))
        return [self._said[key] for key in keys]
