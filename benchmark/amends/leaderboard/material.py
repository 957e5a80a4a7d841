"""What entries are checked against: scenarios of the two sets and the released replies, read once a process."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from amends.dataset.build import manifest
from amends.dataset.folder import DataFolder, current, read_records, released
from amends.errors import UsageError
from amends.leaderboard.copies import Released
from amends.records import Scenario
from amends.runs.execute import data_digest

SETS = ("test", "systems")
"""The sets that entries may be about."""
SYSTEM_REPLIES = ("systems", "replies.jsonl")
"""Where the replies of the systems set stand in a data folder."""


@dataclass(frozen=True, slots=True)
class Material:
    """A data folder as the leaderboard needs it."""

    version: str
    """Of the dataset."""
    sets: Mapping[str, Mapping[str, Scenario]]
    """Set to its scenarios by id, in the order of their ids."""
    digests: Mapping[str, str]
    """Set to the digest of its scenarios."""
    released: Released


def read_sets(data: Path | None) -> tuple[str, dict[str, dict[str, Scenario]], dict[str, str]]:
    """Version, scenarios and digests alone, which need no look at a reply's text.

    Args:
        data: a data folder; None for the released one.

    Raises:
        InputError: the folder is damaged.
        UsageError: the folder has no test scenario.
    """
    folder = released() if data is None else DataFolder(data)
    test = {scenario.id: scenario for scenario in folder.scenarios("test")}
    if not test:
        raise UsageError(f"{folder.path} has no test scenario")
    systems = folder.path.joinpath(*SYSTEM_REPLIES)
    asked = {record["scenario_id"] for _, record in read_records(systems, "reply")} if systems.is_file() else set()
    sets = {"test": test, "systems": {name: one for name, one in test.items() if name in asked}}
    return manifest(folder)["version"], sets, {name: data_digest(some.values()) for name, some in sets.items()}


@functools.lru_cache(maxsize=2)
def read_material(data: Path | None) -> Material:
    """Read a data folder.

    Args:
        data: None for the released one.

    Raises:
        InputError: the folder is damaged.
    """
    folder = released() if data is None else DataFolder(data)
    version, sets, digests = read_sets(data)
    scenarios = folder.scenarios()
    split = {scenario.id: scenario.split for scenario in scenarios}
    turns = [turn.text for scenario in scenarios for turn in scenario.turns]
    replies = folder.replies()
    systems = folder.path.joinpath(*SYSTEM_REPLIES)
    written = current([r for _, r in read_records(systems, "reply")]) if systems.is_file() else []
    held_out = [(r.text, r.scenario_id) for r in replies if split.get(r.scenario_id) in ("validation", "test")]
    held_out += [(r["text"], r["scenario_id"]) for r in written]
    train = [r.text for r in replies if split.get(r.scenario_id) == "train"]
    texts, answered = [text for text, _ in held_out], [scenario for _, scenario in held_out]
    return Material(version, sets, digests, Released(train, texts, turns, answered))
