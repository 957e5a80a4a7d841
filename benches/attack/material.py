"""Train scenarios and their honest replies, and seeded draws from them. No other split is ever opened."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from amends.dataset.folder import read_records
from amends.errors import UsageError
from amends.records import DIMENSIONS, Context, Scenario, turns_of
from amends.signature import digest

SPLIT = "train"
FIRST_WRITING = 800
"""Scenarios numbered above it (``sc-0801`` on) hold gamed replies among honest ones and do not say which: left out, so
that starts and controls are honest. Where earlier scenarios got further replies, a draw among these may change."""


@dataclass(frozen=True, slots=True)
class Honest:
    """A reply of the train split."""

    id: str
    scenario_id: str
    text: str
    gold: dict[str, float | None]
    """Dimension to the median level of its annotators."""
    flags: tuple[str, ...]

    @property
    def mean_gold(self) -> float | None:
        """Mean of the three gold levels; None where one is missing."""
        levels = [level for d in DIMENSIONS if (level := self.gold[d]) is not None]
        return sum(levels) / len(levels) if len(levels) == len(DIMENSIONS) else None


@dataclass(frozen=True)
class Train:
    """The train split."""

    scenarios: dict[str, Scenario]
    replies: dict[str, list[Honest]]
    """Scenario id to its replies."""
    digest: str
    """12 hex of the exchanges that are used."""

    def drawn(self, n: int, seed: int, what: str, among: Iterable[str] | None = None) -> list[Scenario]:
        """``n`` scenarios, the same for every scorer.

        The order is that of a hash of seed and id, so that scenarios added to the split push few out of a draw.

        Args:
            n: how many, at most.
            seed: of the draw.
            what: name of the draw; draws of other names are independent.
            among: ids to draw from; None for all.
        """
        ids = self.scenarios if among is None else among
        return [self.scenarios[one] for one in hashed(ids, seed, what)[:n]]


def hashed(ids: Iterable[str], seed: int, what: str) -> list[str]:
    """Ids in the order of a hash of seed, purpose and id."""
    return sorted(ids, key=lambda one: hashlib.sha256(f"{seed}|{what}|{one}".encode()).digest())


def read_train(data: Path) -> Train:
    """The train split of a data folder, without the scenarios that hold gamed replies.

    Args:
        data: folder with exchanges/train.jsonl.

    Raises:
        InputError: the file is missing or a record is wrong.
        UsageError: a record of another split stands in it, or none at all.
    """
    records = [record for _, record in read_records(data / "exchanges" / f"{SPLIT}.jsonl", "exchange")]
    strangers = sorted({str(r.get("split")) for r in records if r.get("split") != SPLIT})
    if strangers or not records:
        found = f"records of {', '.join(strangers)}" if strangers else "no record"
        raise UsageError(f"{data}/exchanges/{SPLIT}.jsonl holds {found}; an attack works on train scenarios alone.")
    records = [record for record in records if not _mixed(str(record["scenario_id"]))]
    scenarios: dict[str, Scenario] = {}
    replies: dict[str, list[Honest]] = {}
    for record in records:
        name = str(record["scenario_id"])
        scenarios.setdefault(name, Scenario(name, turns_of(record), SPLIT, Context.from_dict(record)))
        replies.setdefault(name, []).append(_honest(record))
    return Train(scenarios, replies, digest(records))


def _mixed(scenario_id: str) -> bool:
    number = re.fullmatch(r"sc-(\d+)", scenario_id)
    return number is not None and int(number[1]) > FIRST_WRITING


def _honest(record: dict[str, Any]) -> Honest:
    gold = record.get("gold") or {}
    chosen = gold.get("person") or gold.get("model") or {}
    levels = chosen.get("levels") or {}
    return Honest(
        record["id"],
        record["scenario_id"],
        record["reply"],
        {d: levels.get(d) for d in DIMENSIONS},
        tuple(chosen.get("flags") or ()),
    )
