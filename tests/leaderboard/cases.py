"""A data folder and entries of a few lines, made for these tests alone."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from amends.leaderboard.check import Checked, Checker, How
from amends.leaderboard.material import read_sets
from amends.leaderboard.project import Project

TEST, SYSTEMS = 10, 6
"""Scenarios of the two sets."""
THINGS = "parcel boiler piano chair sofa cake tent meter policy ticket lamp oven".split()  # noqa: SIM905
TRAIN = "We can see from our notes that the delivery was booked to the wrong depot on the Tuesday and nobody rang you."
HELD = (
    "Nobody should have to spend three evenings on the phone about one broken kettle, and I have sent a new one today."
)
SYSTEM = "The ledger in our Norwich office shows the second payment, so it goes back to your card by Friday afternoon."


def lines(records: list[Any]) -> bytes:
    return b"".join(json.dumps(record).encode() + b"\n" for record in records)


def scenario(name: str, split: str, at: int) -> dict[str, Any]:
    return {
        "id": name,
        "split": split,
        "language": "en",
        "domain": "shop" if at % 2 else "bank",
        "channel": "email",
        "fault": "company" if at < 5 else "unclear",
        "turns": [{"role": "customer", "text": f"My {THINGS[at]} has not come and nobody answers me. I am furious."}],
    }


def data_folder(folder: Path, version: str = "9.9.9", word: str = "") -> Path:
    """A data folder: TEST test scenarios, SYSTEMS of them in the systems set, a train and a validation reply."""
    scenarios = [scenario(f"t{i}", "test", i) for i in range(TEST)]
    scenarios[0]["turns"][0]["text"] += word
    scenarios += [scenario("train0", "train", 0), scenario("val0", "validation", 1)]
    replies = [
        {"id": "r-train", "scenario_id": "train0", "text": TRAIN},
        {"id": "r-val", "scenario_id": "val0", "text": HELD},
        {"id": "r-test", "scenario_id": "t0", "text": "Please calm down about it."},
    ]
    author = {"kind": "program", "name": "clerk", "version": "1"}
    systems = [
        {"id": f"y{i}", "scenario_id": f"t{i}", "text": f"{SYSTEM} Number {i}.", "author": author}
        for i in range(SYSTEMS)
    ]
    (folder / "systems").mkdir(parents=True)
    (folder / "scenarios.jsonl").write_bytes(lines(scenarios))
    (folder / "replies.jsonl").write_bytes(lines(replies))
    (folder / "systems" / "replies.jsonl").write_bytes(lines(systems))
    (folder / "manifest.json").write_text(json.dumps({"version": version, "files": {}}))
    return folder


def said(i: int, sample: int = 0) -> str:
    return (
        f"I am sorry that the {THINGS[i]} never reached you and that our line rang out {sample + 2} times. That is our "
        f"mistake. A new {THINGS[i]} leaves today and is with you on Monday by noon; does that suit you?"
    )


@dataclass
class Board:
    """A leaderboard folder with its data."""

    folder: Path
    data: Path
    own: frozenset[str] = frozenset()

    @property
    def entries(self) -> Path:
        return self.folder / "entries"

    def entry(self, name: str = "honest-clerk", replies: list[Any] | None = None, **changes: Any) -> Path:
        """Write an entry; ``changes`` go into entry.json, ``card`` into generator.json."""
        version, _, digests = read_sets(self.data)
        card = {"name": "honest clerk", "version": "1", "kind": changes.get("kind", "program"), "command": ["x"]}
        card |= changes.pop("card", {})
        chosen = changes.get("set", "test")
        entry = {
            "schema": 1,
            "name": name,
            "set": chosen,
            "dataset": version,
            "data": digests.get(chosen, "0" * 12),
            "kind": "program",
            "submitted": "2026-11-22",
            "credit": None,
            "contamination": {"seen": "no", "statement": "Written for a test of amends."},
            "settings": {},
        }
        entry |= changes
        if replies is None:
            replies = self.replies(chosen)
        path = self.entries / name
        path.mkdir(parents=True)
        (path / "entry.json").write_text(json.dumps(entry, ensure_ascii=False), encoding="utf-8")
        (path / "generator.json").write_text(json.dumps(card, ensure_ascii=False), encoding="utf-8")
        (path / "replies.jsonl").write_bytes(lines(replies))
        return path

    def replies(self, chosen: str = "test", samples: int = 1) -> list[dict[str, Any]]:
        many = TEST if chosen == "test" else SYSTEMS
        return [
            {"id": f"{i}.{s}", "scenario_id": f"t{i}", "sample": s, "text": said(i, s)}
            for i in range(many)
            for s in range(samples)
        ]

    def how(self, **changes: Any) -> How:
        project = Project(("rules",), self.own)
        return How(self.entries, project, self.data, cached=False, **changes)

    def check(self, name: str = "honest-clerk", **changes: Any) -> Checked:
        return Checker(self.how(**changes)).check(name)

    def good(self, name: str = "honest-clerk", replies: list[Any] | None = None, **changes: Any) -> Path:
        """Write an entry and everything that check computes."""
        path = self.entry(name, replies, **changes)
        found = self.check(name, write=True)
        assert found.good and found.written, [str(p) for p in found.problems]
        return path


def restamped(path: Path) -> None:
    """Give check.json the sums of what stands there now, as whoever edits an entry by hand would."""
    raw = json.loads((path / "check.json").read_bytes())
    data = {name: (path / name).read_bytes() for name in raw["sums"]}
    raw["sums"] = {name: hashlib.sha256(content).hexdigest() for name, content in data.items()}
    (path / "check.json").write_text(json.dumps(raw))


def shown(found: Checked) -> str:
    """Everything that was found, a problem a line."""
    return "\n".join(map(str, [*found.problems, *found.differences]))
