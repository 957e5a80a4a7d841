"""What a run leaves: winners, traces and how it was run, as files that are equal byte for byte at the same seed."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benches.attack.budget import Levels

from amends.errors import InputError, Problem
from amends.jsonl import read

ATTACKS = ("constant", "best-of-32", "insertion")
"""The attacks, in the order in which everything prints them."""

WINNERS, TRACE, BASELINES, RUN = "winners.jsonl", "trace.csv", "baselines.jsonl", "run.json"
TRACE_FIELDS = ("attack", "scenario_id", "calls", "best")


@dataclass(frozen=True, slots=True)
class Winner:
    """The best reply that an attack found for a scenario."""

    id: str
    attack: str
    scorer: dict[str, Any]
    """name, version, weights (checksum or None)."""
    scenario_id: str
    split: str
    text: str
    score: Levels
    start: dict[str, Any] | None
    """Of an insertion: the honest reply's ``id``, its ``score`` and its ``gold``."""
    calls: int
    """Calls that the attack had made when it had this text."""


@dataclass(frozen=True, slots=True)
class Step:
    """A point of a trace."""

    attack: str
    scenario_id: str
    """Empty for the constant, which is sought over a panel of scenarios."""
    calls: int
    """Made on this search so far: for this scenario, where it is sought scenario by scenario."""
    best: float
    """What the attack maximises, of the best so far."""


def winner_id(tag: str, attack: str, scenario_id: str, text: str) -> str:
    """An id that names scorer, attack, scenario and, by eight hex, the text: labels never pass to another text."""
    return f"{tag}:{attack}:{scenario_id}:{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def write_lines(path: Path, records: Iterable[Mapping[str, Any]]) -> None:
    """JSON lines in the order given."""
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records), encoding="utf-8")


def read_lines(path: Path) -> list[dict[str, Any]]:
    """Objects of a file of JSON lines; none of an empty file.

    Raises:
        InputError: the file is missing, or with every line that is no JSON object.
    """
    if path.is_file() and not path.stat().st_size:
        return []
    found = [
        one if isinstance(one, dict | Problem) else Problem(str(path), line, "$", "no object", "an object", "mend it")
        for line, one in read(str(path))
    ]
    wrong = [one for one in found if isinstance(one, Problem)]
    if wrong:
        raise InputError(wrong)
    return [one for one in found if isinstance(one, dict)]


def write_winners(folder: Path, winners: Iterable[Winner]) -> None:
    """DIR/winners.jsonl."""
    write_lines(folder / WINNERS, [asdict(winner) for winner in winners])


def read_winners(folder: Path) -> list[Winner]:
    """Winners of a run folder."""
    return [Winner(**record) for record in read_lines(folder / WINNERS)]


def write_trace(folder: Path, steps: Iterable[Step]) -> None:
    """DIR/trace.csv."""
    with (folder / TRACE).open("w", newline="", encoding="utf-8") as out:
        rows = csv.writer(out, lineterminator="\n")
        rows.writerow(TRACE_FIELDS)
        rows.writerows([s.attack, s.scenario_id, s.calls, f"{s.best:.4f}"] for s in steps)


def read_trace(folder: Path) -> list[Step]:
    """Steps of a run folder."""
    with (folder / TRACE).open(newline="", encoding="utf-8") as file:
        return [Step(r["attack"], r["scenario_id"], int(r["calls"]), float(r["best"])) for r in csv.DictReader(file)]
