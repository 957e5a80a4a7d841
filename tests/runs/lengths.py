"""A scorer for tests that other processes can import."""

from collections.abc import Sequence

from amends.records import DIMENSIONS, Annotation, Annotator, Behaviour, Exchange

WHO = Annotator("scorer", "program", "length", "1")


class Length:
    """A level by the length of the reply; counts what it was asked."""

    name = "length"
    version = 1

    def __init__(self) -> None:
        self.asked = 0

    def annotate(self, exchanges: Sequence[Exchange]) -> list[Annotation]:
        self.asked += len(exchanges)
        return [
            Annotation(
                e.id,
                e.scenario_id,
                WHO,
                dict.fromkeys(DIMENSIONS, 1 + len(e.reply) % 401 / 100),
                (Behaviour("E1", 0, 1, e.reply[:1], 1.0),) if e.reply else (),
                () if e.reply else ("empty",),
            )
            for e in exchanges
        ]
