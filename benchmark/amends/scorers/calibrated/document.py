"""The file of a calibration: which scorers, fitted on what, with which odds; checked whole before it is used."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import orjson

from amends.errors import Problem, UsageError
from amends.jsonl import canonical, check_path, parse
from amends.records import DIMENSIONS, Json
from amends.schema import problems
from amends.scorers.calibrated.odds import Odds

FORMAT = 1
"""Of the file; another one is refused."""
_AGAIN = "fit it again with `amends calibrate`"


@dataclass(frozen=True, slots=True)
class Member:
    """One scorer of a calibration."""

    scorer: str
    """The name by which it is loaded."""
    name: str
    version: int
    weights: str | None
    """Checksum of its weights, where it has some."""
    behaviours: bool
    """Whether it marked any behaviour where the odds were fitted; one that never does has no vote on them."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """What the odds were fitted on, and how."""

    version: str | None
    """Of the data, from its manifest; None where the folder has none."""
    split: str
    digest: str
    """Of the split's exchanges, 12 hex."""
    gold: str
    """Kind of its annotators: person or model."""
    replies: int
    """With gold and with a level of a member."""
    scenarios: int
    missing: int
    """Replies with gold on which nothing could be fitted: a member says that they are none, or none gave a level."""
    rubric: str
    amends: str
    """Version of the package."""
    seed: int
    """Of the folds and the resampling."""
    folds: int
    ridge: float
    prior: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """Everything that a file holds."""

    members: tuple[Member, ...]
    fitted: Fitted
    odds: Mapping[str, tuple[Odds, ...]]
    """Dimension to the odds of each pattern of members that judged."""
    measured: Mapping[str, Any]
    """Out-of-fold numbers, as Estimates in JSON: ``levels`` {scorer: {dimension: {measure: estimate}}} and ``gains``
    {scorer: {dimension: {measure: estimate}}} of the calibration minus that scorer, on the same replies."""

    def pattern(self, dimension: str, judged: Sequence[str]) -> Odds | None:
        """The odds that were fitted for these members and no other; None where there were too few such replies."""
        return next((one for one in self.odds[dimension] if set(one.weights) == set(judged)), None)

    def checksum(self) -> str:
        """SHA-256 of the canonical form, without the checksum that stands in the file."""
        return hashlib.sha256(canonical(self._body())).hexdigest()

    def to_dict(self) -> Json:
        """As in the file."""
        return self._body() | {"checksum": self.checksum()}

    def _body(self) -> Json:
        odds = {
            d: [asdict(one) | {"thresholds": list(one.thresholds)} for one in some] for d, some in self.odds.items()
        }
        return {
            "format": FORMAT,
            "members": [asdict(member) for member in self.members],
            "fitted": asdict(self.fitted),
            "odds": odds,
            "measured": dict(self.measured),
        }

    @staticmethod
    def from_dict(raw: Mapping[str, Any]) -> Calibration:
        """Read a document that passed ``calibration.schema.json``."""
        return Calibration(
            tuple(Member(**member) for member in raw["members"]),
            Fitted(**raw["fitted"]),
            {
                d: tuple(Odds(**{**one, "thresholds": tuple(one["thresholds"])}) for one in raw["odds"][d])
                for d in DIMENSIONS
            },
            raw["measured"],
        )


def read(path: Path) -> Calibration:
    """Read and check a file.

    Raises:
        InputError: there is no such file.
        UsageError: it is no calibration, or not as it was written; with every problem.
    """
    check_path(str(path))
    try:
        raw = parse(path.read_bytes())
    except orjson.JSONDecodeError as error:
        raise UsageError(f"{path}: broken JSON ({error}); {_AGAIN}") from None
    found = problems(raw, "calibration", str(path), None) or list(_beyond(raw, str(path)))
    if found:
        listed = "\n".join(map(str, found))
        raise UsageError(f"{path} is no calibration that `amends calibrate` wrote:\n{listed}")
    made = Calibration.from_dict(raw)
    if made.checksum() != raw["checksum"]:
        raise UsageError(
            f"{path} was changed after it was written: its content has checksum {made.checksum()[:12]}, "
            f"it says {raw['checksum'][:12]}; take the file as it was, or {_AGAIN}"
        )
    return made


def _beyond(raw: Json, file: str) -> Iterator[Problem]:
    """What the schema cannot say: names that fit, thresholds that rise, each pattern once."""
    names = [member["scorer"] for member in raw["members"]]
    if len(set(names)) < len(names):
        yield Problem(file, None, "$.members", ", ".join(names), "each scorer once", _AGAIN)
    for dimension, some in raw["odds"].items():
        seen: set[frozenset[str]] = set()
        for number, one in enumerate(some):
            path = f"$.odds.{dimension}[{number}]"
            own = frozenset(one["weights"])
            if own - set(names) or own != set(one["centre"]) or own in seen:
                found, wanted = (
                    ", ".join(sorted(own)) or "nothing",
                    f"weights and centres of some of {', '.join(names)}",
                )
                yield Problem(file, None, path, found, f"{wanted}, each pattern once", _AGAIN)
            seen.add(own)
            thresholds = one["thresholds"]
            if any(a >= b for a, b in zip(thresholds, thresholds[1:], strict=False)):
                yield Problem(file, None, f"{path}.thresholds", str(thresholds), "numbers that rise", _AGAIN)
