"""The statistics: the table of a Result from columns; two sides compared, and agreement, of files of annotations."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from benches.rooms.commands import command
from benches.rooms.material import annotation, write_lines
from benches.rooms.measuring import Case, Clock, Room

SUMMARISE, COMPARE, AGREEMENT = "table of a Result", "compare two sides", "agreement of three"
_FILES = {SUMMARISE: ("a",), COMPARE: ("a", "b"), AGREEMENT: ("a", "b", "c")}
PARSED = 20_000
"""Annotations at most that the reference of a table parses; beyond, it is scaled: the table itself reads no file."""
SAMPLES = 6
"""Replies to one scenario, of which agreement resamples the scenarios."""
_TEXT = "a reply of no words in particular, as long as the spans that are marked in it " * 6


def _paths(folder: Path, case: Case) -> list[Path]:
    size = min(case.size, PARSED) if case.part == SUMMARISE else case.size
    each = "many" if case.part == AGREEMENT else "one"
    return [folder / f"{each}-{name}-{size}.jsonl" for name in _FILES[case.part]]


def _annotations(name: str, size: int, samples: int) -> Iterator[dict[str, Any]]:
    draw = random.Random(name)
    for n in range(size):
        yield annotation(draw, f"x{n}", _TEXT, name) | {"scenario_id": f"s{n // samples}"}


def prepare(folder: Path, case: Case) -> list[Path]:
    """A file for each side or annotator; in a comparison each reply is of a scenario of its own, which pairs it."""
    samples = SAMPLES if case.part == AGREEMENT else 1
    size = min(case.size, PARSED) if case.part == SUMMARISE else case.size
    return [
        write_lines(path, _annotations(name, size, samples))
        for name, path in zip(_FILES[case.part], _paths(folder, case), strict=True)
    ]


def work(folder: Path, case: Case, clock: Clock) -> Mapping[str, Any]:
    if case.part == SUMMARISE:
        return _summarise(case.size, clock)
    with clock:
        command("compare" if case.part == COMPARE else "agreement", *_paths(folder, case))
    return {}


def _summarise(size: int, clock: Clock) -> Mapping[str, Any]:
    """What ``score`` does when the last reply has gone by: digest, clusters, every estimate."""
    import numpy as np

    from amends.runs.columns import ASKED, JUDGED
    from amends.runs.tally import Tally
    from amends.signature import SEED

    def tally(count: int) -> Tally:
        draw = np.random.default_rng(1)
        asked, judged = np.zeros(count, dtype=ASKED), np.zeros(count, dtype=JUDGED)
        asked["cluster"] = draw.integers(0, 1 << 63, (count, 2), dtype=np.uint64)
        asked["record"] = np.frombuffer(draw.bytes(32 * count), dtype="S32")
        judged["levels"] = np.round(1 + 4 * draw.random((count, 3)), 2)
        judged["behaviours"] = draw.integers(0, 1 << 25, count, dtype=np.uint64)
        judged["steps"] = draw.integers(0, 128, count) * 2
        made = Tally(SEED)
        made.extend(asked, judged)
        return made

    told = "made-up.jsonl", "every", {"name": "rules", "version": 3, "weights": None}
    tally(60).result(*told)  # what is imported, and what scipy sets up, at the first call
    held = tally(size)
    with clock:
        held.result(*told)
    return {}


_SIZES = {
    SUMMARISE: (1_000, 10_000, 100_000, 1_000_000),
    COMPARE: (1_000, 30_000, 100_000),
    AGREEMENT: (1_000, 3_000, 10_000),
}
_QUICK = {SUMMARISE: (1_000, 30_000, 100_000), COMPARE: (1_000, 25_000, 50_000), AGREEMENT: (300, 1_000)}


def _cases(sizes: Mapping[str, tuple[int, ...]]) -> list[Case]:
    return [Case(part, size, size if part == SUMMARISE else 0) for part, several in sizes.items() for size in several]


ROOM = Room("statistics", "reply", _cases(_SIZES), _cases(_QUICK), prepare, work)
