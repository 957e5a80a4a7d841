"""Speed of the leaderboard: entries made up, checked from their replies, read as a board.

Run with ``python benches/bench_leaderboard.py [ENTRIES] [--scorer rules] [--keep DIR]``. Replies are seeded
recombinations of sentences, half of them of train with other details, to the 100 scenarios of test, 5 samples each;
entries differ in how often they choose good sentences, so that there are tiers. With ``--scorer trained`` entries draw
from 2,000 replies that they share, so that the cache, not the scorer, is measured: the first pass fills it.
``write_entries`` is for others who need a board of synthetic entries.
"""

from __future__ import annotations

import argparse
import datetime
import os
import random
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benches import natural

from amends.cli.shared import cores
from amends.jsonl import dumps, pretty, write_whole
from amends.leaderboard.board import read_board
from amends.leaderboard.check import How, check_entries
from amends.leaderboard.material import read_sets
from amends.leaderboard.project import Project, entry_names, read_project

SAMPLES = 5
POOL = 20
"""Replies to a scenario that entries share, where they share any."""

_GOOD = (
    "I am sorry that you were left without the {thing} for {n} days.",
    "Being told nothing about the {thing} since {month} is maddening, and you had every reason to write.",
    "That is our mistake: the {thing} was booked to {place} by us.",
    "I have refunded £{n} to the card that ends {n}.",
    "A new {thing} will be with you by {day} at {n} o'clock; does that suit you?",
    "{other} at the {place} branch has your name on it and rings you on {day} before noon.",
    "Tell me if I have understood any part of the {thing} wrongly, and I will put it right today.",
)
_BAD = (
    "We are sorry for any inconvenience caused.",
    "You should have read the label on the {thing}.",
    "It is only a {thing}, {name}.",
    "The courier in {place} is to blame, not us, and {month} is always busy.",
    "There is nothing more we can do about the {thing}.",
    "We will look into the {thing} and come back to you.",
    "As our terms of {month} say on page {n}, a {thing} from {place} is not covered.",
)
_FILL = {
    key: words.split()
    for key, words in {
        "name": "Maureen Anton Ingrid Piet Sunniva Bilal Carys Hector Moira Joan Olu Farah Denise Tomasz Aiko Rhys",
        "other": "Nadia Bram Sile Kofi Petra Juan Meike Idris Tove Larissa",
        "thing": "parcel boiler piano chair sofa cake tent meter policy ticket camera dress oven lamp keyboard",
        "place": "Porto Hallowick Leeds Tallinn Skerrow Ghent Malmo Cardiff Turin Lagos Perth Quito Osaka",
        "day": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
        "month": "January February March April May June July August September October",
    }.items()
}


def text(draw: random.Random, skill: float) -> str:
    """A reply of about 80 words; with ``skill`` 1 all of its sentences are good ones."""
    sentences = [draw.choice(_GOOD if draw.random() < skill else _BAD) for _ in range(3)]
    filled = [s.format(n=draw.randint(2, 99), **{k: draw.choice(v) for k, v in _FILL.items()}) for s in sentences]
    name, other = draw.choice(_FILL["name"]), draw.choice(_FILL["other"])
    body = f"{' '.join(filled)} {natural.reply(draw, 40)}"
    return f"Dear {name},\n\n{body}\n\nKind regards,\n{other} of {draw.choice(_FILL['place'])}"


def write_entries(folder: Path, many: int, official: Sequence[str] = ("rules",), shared: bool = False) -> list[str]:
    """Write synthetic entries without annotations or results: ``check --write`` makes those.

    Args:
        folder: of the leaderboard.
        many: entries.
        official: scorers of its project.json.
        shared: replies come from a pool that all entries share.

    Returns:
        Their names.
    """
    version, sets, digests = read_sets(None)
    write_whole(folder / "project.json", pretty({"official": list(official), "project": [], "verified": {}}))
    names = [f"made-up-{k:03d}x" for k in range(many)]
    for k, name in enumerate(names):
        skill = 0.15 + 0.7 * k / max(1, many - 1)
        lines = []
        for scenario in sets["test"]:
            for sample in range(SAMPLES):
                seed = f"{scenario}/{random.Random(f'{k}/{sample}').randrange(POOL)}" if shared else f"{k}/{sample}"
                said = text(random.Random(f"{scenario}/{seed}"), 0.5 if shared else skill)
                lines.append({"id": f"{scenario}.{sample}", "scenario_id": scenario, "sample": sample, "text": said})
        card = {"name": f"synthetic {k}", "version": "1", "kind": "program", "command": ["{python}", "generate.py"]}
        entry = {
            "schema": 1,
            "name": name,
            "set": "test",
            "dataset": version,
            "data": digests["test"],
            "kind": "program",
            "submitted": "2026-11-22",
            "credit": None,
            "contamination": {"seen": "no", "statement": "Made up by benches/bench_leaderboard.py."},
            "settings": {"samples": SAMPLES},
            "meta": {},
        }
        write_whole(folder / "entries" / name / "entry.json", pretty(entry))
        write_whole(folder / "entries" / name / "generator.json", pretty(card))
        write_whole(folder / "entries" / name / "replies.jsonl", b"".join(map(dumps, lines)))
    return names


def _timed(what: str, call: object) -> object:
    before = [sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    start = time.perf_counter()
    result = call()  # type: ignore[operator]
    wall = time.perf_counter() - start
    after = [sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    used = sum(after) - sum(before)
    print(f"{what:44} {wall:7.1f} s, of processors {used:7.1f} s, load {os.getloadavg()[0]:.1f}", flush=True)
    return result


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("entries", nargs="?", type=int, default=200)
    parser.add_argument("--scorer", default="rules")
    parser.add_argument("--jobs", type=int, default=None)
    parser.add_argument("--keep", type=Path, default=None, help="leave the entries in this folder")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.keep or Path(temporary)
        os.environ.setdefault("AMENDS_CACHE", str(Path(temporary) / "cache"))
        print(f"{datetime.date.today()}, {asked.entries} entries x 500 replies, {asked.scorer}, {cores(None)} cores")
        write_entries(folder, asked.entries, (asked.scorer,), shared=asked.scorer != "rules")
        project: Project = read_project(folder / "project.json")
        entries = folder / "entries"
        names, jobs = entry_names(entries), cores(asked.jobs)
        for what, write in (("check --all --write (nothing stands there)", True), ("check --all", False)):
            found = _timed(what, lambda w=write: list(check_entries(names, How(entries, project, write=w), jobs)))
            refused = [str(problem) for one in found for problem in one.problems]  # type: ignore[attr-defined]
            if refused:
                raise SystemExit("\n".join(refused[:5]))
        board = _timed("read_board (rows, tiers)", lambda: read_board(folder))
        tiers = board.tables["test"].tiers[asked.scorer]  # type: ignore[attr-defined]
        print("tiers:", {dimension: len(some) for dimension, some in tiers.items()})


if __name__ == "__main__":
    main()
