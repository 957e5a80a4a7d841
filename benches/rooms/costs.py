"""From measured rates to what many replies cost: arithmetic alone, every price and size an assumption with its day."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benches.rooms import checking, reporting, scorers, statistics
from benches.rooms.measuring import Row, marginal, of

WORDS = 80


@dataclass(frozen=True, slots=True)
class Assumed:
    """What is not measured here. Prices are round ones of public lists; put yours in their place."""

    day: str = "2026-11-22"
    replies: int = 100_000_000
    core_hour: float = 0.045
    """USD for an hour of one virtual core, on demand, general-purpose."""
    gb_month: float = 0.08
    """USD for a GB of block storage in a month."""
    token_in: float = 0.40
    """USD for a million tokens that a small hosted model is sent."""
    token_out: float = 1.60
    """USD for a million tokens that it writes."""
    characters: float = 4.0
    """A token, of English; 10 to 15% off for such texts."""
    in_flight: int = 8
    """Requests at once: the default of ``judge``."""
    answer: float = 3.0
    """Seconds until an answer is there."""
    machines: tuple[int, ...] = (2, 16, 64)
    """Cores of one machine."""
    cluster: int = 256
    """Cores that score, with one more for the process that writes."""
    memory: int = 64
    """GB of one machine."""


@dataclass(frozen=True, slots=True)
class Each:
    """Processor seconds of one reply more."""

    workers: float
    writer: float
    """Of the one process that cuts the file, puts into order and writes."""

    @property
    def whole(self) -> float:
        return self.workers + self.writer

    def hours(self, replies: int, cores: int) -> float:
        """On one machine, where the writer shares the cores, if they are as quick as those measured."""
        return max(self.whole * replies / cores, self.writer * replies) / 3600

    def cluster_hours(self, replies: int, cores: int) -> float:
        """On so many cores and one for the writer."""
        return max(self.workers * replies / cores, self.writer * replies) / 3600

    @property
    def fed(self) -> int:
        """Cores that one writer can keep busy."""
        return round(self.workers / self.writer)


def own(rows: Sequence[Row], scorer: str) -> float:
    """Processor seconds that a scorer itself takes for a reply of 80 words: of the most replies measured."""
    last = of(rows, "scorers", scorers.part(scorer, WORDS))[-1]
    return float(last["cpu"] / last["size"])


def slope_of(rows: Sequence[Row], room: str, part: str, key: str = "cpu") -> float:
    """What one more costs, between the two largest sizes of a part.

    Raises:
        ValueError: it was measured at one size alone, or the larger one took less.
    """
    found = marginal(of(rows, room, part), key)
    if found is None or found <= 0:
        raise ValueError(f"{room}, {part}: no growth of {key} between two sizes; measure again on a quieter machine")
    return found


def each(rows: Sequence[Row], scorer: str) -> Each:
    """One reply of 80 words more through ``score``.

    ``rules`` is measured as it is. ``trained`` is too slow for files of a size: what the command adds to ``rules``
    (at least what it adds to a scorer that does nothing) and what ``trained`` itself takes.
    """
    writer = slope_of(rows, "score", "rules", "parent_cpu")
    rules = slope_of(rows, "score", "rules")
    if scorer == "rules":
        return Each(rules - writer, writer)
    added = max(rules - own(rows, "rules"), slope_of(rows, "score", "trivial"))
    return Each(added - writer + own(rows, scorer), writer)


def tokens(judge: Mapping[str, float], assumed: Assumed) -> tuple[float, float]:
    """Tokens in and out of one reply."""
    sent = (judge["system_characters"] + judge["user_characters"]) / assumed.characters
    return sent, judge["answer_characters"] / assumed.characters


def judge_usd(judge: Mapping[str, float], assumed: Assumed) -> tuple[float, float]:
    """What all replies cost, for tokens in and for tokens out."""
    sent, written = tokens(judge, assumed)
    millions = assumed.replies / 1e6
    return sent * millions * assumed.token_in, written * millions * assumed.token_out


def judge_hours(assumed: Assumed) -> float:
    return assumed.replies / assumed.in_flight * assumed.answer / 3600


_NUMBERS = ("exchanges", "file_mb", "seconds", "rate", "x_wall", "cpu", "us_each", "x_cpu", "parent_mb", "worker_mb")
_LINE = re.compile(r"^(trivial|rules)\s+([\d,]+(?:\.\d+)?(?:\s+[\d,]+(?:\.\d+)?){9})\b", re.MULTILINE)


def scale_table(readme: str) -> list[Row]:
    """The rows of ``bench_scale`` as its table stands in benches/README.md.

    Raises:
        ValueError: there is no such row.
    """
    found = [
        {"scorer": name, **dict(zip(_NUMBERS, (float(n.replace(",", "")) for n in numbers.split()), strict=True))}
        for name, numbers in _LINE.findall(readme)
    ]
    if not found:
        raise ValueError("no table of bench_scale in the text: its form has changed")
    return found


def kept(files: Sequence[Row], scorer: str = "rules") -> float:
    """Bytes that the process that writes holds for a reply more, between the two largest files."""
    mine = [{**row, "size": row["exchanges"]} for row in files if row["scorer"] == scorer]
    found = marginal(mine, "parent_mb")
    if found is None or found <= 0:
        raise ValueError(f"no growth of memory in the table of bench_scale for {scorer}")
    return found * 2**20


@dataclass(frozen=True, slots=True)
class Limit:
    """Something that grows with what it is given."""

    what: str
    unit: str
    grows: str
    measured_to: int
    """The largest size measured."""
    cpu: float
    """Processor seconds of one more, on one core."""
    held: float | None
    """Bytes of one more; None where memory did not grow between the two largest sizes."""

    def fits(self, assumed: Assumed) -> float:
        """How many fit into the memory of one machine; without end where it did not grow."""
        return assumed.memory * 2**30 / self.held if self.held else math.inf

    def a_day(self) -> float:
        """How many one core does in a day."""
        return 86_400 / self.cpu


def limits(document: Mapping[str, Any]) -> list[Limit]:
    """What grows, in the order in which it breaks: by memory or by a day of one core, whichever comes first."""
    rows = document["rows"]
    check = checking.PART

    def of_part(what: str, room: str, part: str, grows: str) -> Limit:
        mine = of(rows, room, part)
        grown = marginal(mine, "peak_mb")
        held = grown * 2**20 if grown and grown > 0 else None
        return Limit(what, mine[-1]["unit"], grows, mine[-1]["size"], slope_of(rows, room, part), held)

    largest = int(max(row["exchanges"] for row in document["files"] if row["scorer"] == "rules"))
    writer = each(rows, "rules").writer
    found = [
        Limit("score", "reply", "the writer's columns and ids", largest, writer, kept(document["files"])),
        of_part("check", "check", check, "ids, and runs of the first 100,000 texts"),
        of_part("compare", "statistics", statistics.COMPARE, "both sides' judgements"),
        of_part("agreement", "statistics", statistics.AGREEMENT, "every annotation"),
        of_part("report --html", "report", reporting.PAGE, "replies of which the page may show some"),
    ]
    return sorted(found, key=lambda one: min(one.fits(ASSUMED), one.a_day()))


ASSUMED = Assumed()
