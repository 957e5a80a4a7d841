"""A scorer that looks at a reply's length and nothing else: what is left of a run's time is not scoring."""

from __future__ import annotations

from collections.abc import Sequence

from amends.records import DIMENSIONS, Annotation, Annotator, Exchange

_WHO = Annotator("scorer", "program", "trivial", "1")


class Trivial:
    name = "trivial"
    version = 1

    def annotate(self, exchanges: Sequence[Exchange]) -> list[Annotation]:
        return [
            Annotation(e.id, e.scenario_id, _WHO, dict.fromkeys(DIMENSIONS, 1 + len(e.reply) % 401 / 100))
            for e in exchanges
        ]
