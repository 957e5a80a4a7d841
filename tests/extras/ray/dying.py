"""A scorer whose process is killed once, in the middle of its work."""

import os
import signal
from collections.abc import Sequence
from pathlib import Path

from tests.runs.lengths import Length

from amends.records import Annotation, Exchange


class Dying(Length):
    name = "length"

    def __init__(self, marker: Path, word: str) -> None:
        super().__init__()
        self.marker = marker
        self.word = word

    def annotate(self, exchanges: Sequence[Exchange]) -> list[Annotation]:
        if not self.marker.exists() and any(self.word in e.turns[0].text for e in exchanges):
            self.marker.write_text(str(os.getpid()))
            os.kill(os.getpid(), signal.SIGKILL)
        return super().annotate(exchanges)
