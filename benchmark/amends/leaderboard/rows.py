"""What the pages show: a board of tables, a table of rows, a row an entry.

Everything here is computed by this package from an entry's replies (``amends leaderboard check``); nothing that a
submission says about its own scores, or about being verified, gets in. There is no total over the dimensions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from amends.results import DimensionResult, Result

Slices = Mapping[str, Mapping[str, Mapping[str, Mapping[str, DimensionResult]]]]
"""Field (domain, channel, fault) to its value, to an official scorer, to a dimension."""


RETRIEVAL_ABOVE = 0.5
"""Share in train, of an entry's sequences or of its replies, above which the entry is ``retrieval``."""
UNRANKED_ABOVE = 0.02
"""Share without a reply above which an entry stands outside the tiers."""


@dataclass(frozen=True, slots=True)
class Overlap:
    """How much of an entry's replies stands word for word in replies of the train split."""

    sequences: int
    """Distinct sequences of eight words in the replies (of letters and digits, case folded)."""
    found: int
    """Those of them that occur in a reply of train."""
    replies: int = 0
    """Replies of eight words or more."""
    retrieved: int = 0
    """Those of them of whose own sequences more than half occur in a reply of train."""

    @property
    def retrieval(self) -> bool:
        """Whether over half of the sequences, or over half of the replies, are train's.

        By replies too: one reply of 20,000 words of its own would thin out 99 that were looked up.
        """
        return (self.share or 0.0) > RETRIEVAL_ABOVE or self.retrieved > RETRIEVAL_ABOVE * self.replies

    @property
    def share(self) -> float | None:
        """Found of all, 0..1; None where no reply has eight words."""
        return self.found / self.sequences if self.sequences else None


CHEAT = "a cheat"
"""Why an entry of ``Project.cheats`` stands outside the tiers."""


def unranked(overlap: Overlap, without: int, asked: int, cheat: bool = False) -> str | None:
    """Why an entry stands outside the tiers, or None.

    Args:
        overlap: with train.
        without: replies that were asked for and are not there, or are no reply to whichever scorer finds most of them.
        asked: replies that were asked for.
        cheat: whether the project made it to fool scorers.
    """
    if cheat:
        return CHEAT
    if overlap.retrieval:
        return "retrieval"
    share = without / asked
    return f"{100 * share:.1f}% without a reply" if share > UNRANKED_ABOVE else None


@dataclass(frozen=True, slots=True)
class Row:
    """One entry."""

    name: str
    kind: str
    """program, model or person."""
    entry: Mapping[str, Any]
    """entry.json: what the submitter says (contamination statement, settings, credit); untrusted text."""
    card: Mapping[str, Any]
    """generator.json: the generator card; its command is shown, never run; untrusted text."""
    verified: Mapping[str, str] | None
    """by, date, how; from ``leaderboard/project.json`` alone. None: unverified."""
    project: bool
    """Whether it is the project's own, and so may hold replies of the released sets."""
    overlap: Overlap
    retrieval: bool
    """``overlap.retrieval``: outside the tiers."""
    unranked: str | None
    """Why it stands outside the tiers ("retrieval", "3.0% without a reply"); None where it is ranked."""
    results: Mapping[str, Result]
    """Official scorer to what it made of the entry."""
    slices: Slices


@dataclass(frozen=True, slots=True)
class Table:
    """The entries of one set; tables never mix sets."""

    set: str
    """test or systems."""
    rows: tuple[Row, ...]
    """By name."""
    tiers: Mapping[str, Mapping[str, tuple[tuple[str, ...], ...]]]
    """Scorer to dimension to tiers, best first; within a tier the names in the order of the alphabet."""
    notes: tuple[str, ...]
    """What a reader of the tiers must know."""
    signatures: Mapping[str, str]
    """Scorer to the signature of the tiers."""


@dataclass(frozen=True, slots=True)
class Board:
    """All tables."""

    tables: Mapping[str, Table]
    """Set to its table; only sets that have entries."""
    scorers: tuple[Mapping[str, Any], ...]
    """The official ones: name, version, weights (or null); first the one that is shown first."""
    dataset: str
    """Version of the dataset."""
    version: str
    """Version of the package that read it."""
