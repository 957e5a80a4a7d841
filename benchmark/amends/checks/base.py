"""What a contribution is compared with: the current texts of a data folder, prepared once and asked often."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from amends.checks.prints import normal_words
from amends.checks.reworded import Index
from amends.dataset.folder import DataFolder, read_records
from amends.records import Json

HELD_OUT = ("validation", "test")
RUN = 13
"""Words in a row that no two people write by chance; from here on a text quotes another (Brown et al. 2020, app. C)."""


@dataclass(frozen=True, slots=True)
class Known:
    """A text that a contribution must not repeat."""

    id: str
    kind: str
    """``scenario`` (what the customer says) or ``reply``."""
    split: str | None
    text: str


def customer_text(record: Json) -> str:
    """What the customer says in all turns, one a line."""
    return "\n".join([turn["text"] for turn in record["turns"] if turn["role"] == "customer"])


def exchange_text(record: Json) -> str:
    """What an exchange is compared with others by: customer and reply together."""
    return f"{customer_text(record)}\n{record['reply']}"


class Base:
    """Texts of a dataset. Thread-safe once used: nothing changes after the first question of each kind."""

    def __init__(self, scenarios: Iterable[Json], replies: Iterable[Json]) -> None:
        """Take the records in.

        Args:
            scenarios: records of scenarios that passed their schema, superseded ones too.
            replies: records of replies, the same.
        """
        scenarios, replies = list(scenarios), list(replies)
        self.ids = {
            "scenario": frozenset(r["id"] for r in scenarios),
            "reply": frozenset(r["id"] for r in replies),
        }
        """Ids that are taken, of either kind."""
        gone = {r["supersedes"] for r in [*scenarios, *replies] if r.get("supersedes")}
        self.splits: dict[str, str | None] = {r["id"]: r.get("split") for r in scenarios}
        """Scenario to its split."""
        self.companies = {r["id"]: names_of(r) for r in scenarios}
        """Scenario to the names of companies in it."""
        customers = [Known(r["id"], "scenario", r.get("split"), customer_text(r)) for r in scenarios]
        answers = [Known(r["id"], "reply", self.splits.get(r["scenario_id"]), r["text"]) for r in replies]
        self.texts: dict[str, tuple[Known, ...]] = {
            "scenario": tuple(k for k in customers if k.id not in gone),
            "reply": tuple(k for k in answers if k.id not in gone),
        }
        """Current texts of either kind."""

    @classmethod
    def read(cls, folder: DataFolder, beside: Sequence[Path] = ()) -> Base:
        """Read a data folder.

        Args:
            folder: with scenarios.jsonl and replies.jsonl.
            beside: more files of scenarios or replies (those in ``pending/``), told apart by their fields.

        Raises:
            InputError: a record of it breaks its schema, or a file is missing.
        """
        scenarios = [record for _, record in read_records(folder.path / "scenarios.jsonl", "scenario")]
        replies = [record for _, record in read_records(folder.path / "replies.jsonl", "reply")]
        for file in beside:
            kind = "replies" if "replies" in file.name else "scenarios"
            records = [r for _, r in read_records(file, "reply" if kind == "replies" else "scenario")]
            (replies if kind == "replies" else scenarios).extend(records)
        return cls(scenarios, replies)

    def index(self, kind: str) -> Index:
        """The index of reworded texts of a kind.

        Args:
            kind: ``scenario`` or ``reply``.
        """
        return self._scenarios if kind == "scenario" else self._replies

    @cached_property
    def _scenarios(self) -> Index:
        return Index([known.text for known in self.texts["scenario"]])

    @cached_property
    def _replies(self) -> Index:
        return Index([known.text for known in self.texts["reply"]])

    @cached_property
    def held_runs(self) -> dict[tuple[str, ...], Known]:
        """Runs of words of held-out texts that stand in no text of train, each with its first text."""
        every = [*self.texts["scenario"], *self.texts["reply"]]
        common = {run for known in every if known.split not in HELD_OUT for run in runs(known.text)}
        found: dict[tuple[str, ...], Known] = {}
        for known in every:
            if known.split in HELD_OUT:
                for run in runs(known.text):
                    if run not in common:
                        found.setdefault(run, known)
        return found


def names_of(record: Json) -> tuple[str, ...]:
    """Names of companies in a scenario."""
    return tuple([name for key in ("company", "customer_org") if (name := record.get(key))])


def runs(text: str) -> Iterable[tuple[str, ...]]:
    """Runs of ``RUN`` words of a text, in order."""
    words = normal_words(text)
    return zip(*[words[i:] for i in range(RUN)], strict=False)
