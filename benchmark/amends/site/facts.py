"""What a scorer is worth, under every table that it made: its bias, and what tricks win from it.

Read from a small file that is committed beside the entries (``leaderboard/scorers.json``), or from a whole card as
``amends validity SCORER --split test --json`` writes it. Facts of another version of a scorer are not shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from amends.errors import InputError, Problem
from amends.jsonl import parse
from amends.records import DIMENSIONS
from amends.rubric.definitions import dimension_names
from amends.signature import scorer_tag
from amends.site.shown import Cell, cell
from amends.statistics.estimate import Estimate

FILE = "scorers.json"
"""In the folder of the leaderboard."""
_MOST = 5_000_000
"""Bytes of such a file."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One number with what it says."""

    name: str
    cell: Cell
    detail: str


@dataclass(frozen=True, slots=True)
class Facts:
    """A scorer's."""

    tag: str
    """name.version@weights."""
    raw: Mapping[str, Any]
    """As read, for leaderboard.json."""
    bias: list[Fact]
    """Dimension: the largest difference in bias between two generators."""
    gaming: list[Fact]
    """Pairs that the honest reply wins."""
    attack: list[Fact]
    """Score minus gold of replies that were sought for their score."""
    gold: str
    """Kind of annotators."""
    source: str
    signatures: tuple[str, ...]


def read(path: Path) -> dict[str, Facts]:
    """Facts by scorer tag.

    Args:
        path: ``scorers.json``, or a whole card.

    Raises:
        InputError: no file, too large, or not of either form.
    """
    if not path.is_file() or path.stat().st_size > _MOST:
        found = "no such file" if not path.is_file() else f"{path.stat().st_size:,} bytes"
        raise _refused(path, found)
    try:
        raw = parse(path.read_bytes())
        listed: Iterable[Any] = [_of_card(raw)] if "items" in raw else raw["scorers"]
        made = [_made(one) for one in listed]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _refused(path, f"{type(error).__name__}: {error}") from error
    return {facts.tag: facts for facts in made}


def _refused(path: Path, found: str) -> InputError:
    expected = "facts of scorers, or a card of `amends validity SCORER --split test --json`"
    return InputError([Problem(str(path), None, "$", found, expected, "see leaderboard/README.md")])


def _of_card(card: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of a whole card."""
    systems, gaming = card["systems"]["dimensions"], card["gaming"]
    every = {"every": gaming["every"], **gaming["dimensions"]} if gaming["every"] else {}
    return {
        "scorer": card["scorer"],
        "gold": card["gold"],
        "source": "its scorer card",
        "signatures": [card["signature"]],
        "bias": {d: {"largest": one["largest"], "between": one["between"]} for d, one in systems.items()},
        "gaming": every,
        "attack": {},
    }


def _made(raw: Mapping[str, Any]) -> Facts:
    names = dimension_names()
    scorer = raw["scorer"]
    bias = [
        Fact(names[d], _cell(raw["bias"][d]["largest"], "delta"), " over ".join(raw["bias"][d]["between"]))
        for d in DIMENSIONS
        if d in raw["bias"]
    ]
    told = {"every": "every dimension named"} | names
    gaming = [Fact(told[key], _cell(raw["gaming"][key], "share"), "") for key in told if key in raw["gaming"]]
    attack = [Fact(names[d], _cell(raw["attack"][d], "delta"), "") for d in DIMENSIONS if d in raw["attack"]]
    tag = scorer_tag(scorer["name"], scorer["version"], scorer.get("weights"))
    lines = tuple(str(line) for line in raw["signatures"])
    return Facts(tag, raw, bias, gaming, attack, str(raw["gold"]), str(raw["source"]), lines)


def _cell(raw: Mapping[str, Any], unit: str) -> Cell:
    return cell("fact", Estimate.from_dict(raw), unit)
