"""The adaptive attack on a scorer: a constant reply, the best of 32, greedy insertion; 2,000 scorer calls each.

Usage: attack.py --scorer trained|rules [--data data] [--calls 2000] [--seed 12345] [-o DIR]

DIR (benches/attack/runs/<scorer>) gets winners.jsonl, trace.csv, baselines.jsonl (what the honest baselines come to on
the scenarios on which the constant is measured) and run.json. All but the times in run.json follow from the seed.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import orjson

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from benches.attack import best_of, constant, honest, insertion  # noqa: E402
from benches.attack.budget import Counted  # noqa: E402
from benches.attack.material import SPLIT, Train, read_train  # noqa: E402
from benches.attack.records import (  # noqa: E402
    ATTACKS,
    BASELINES,
    RUN,
    Step,
    Winner,
    winner_id,
    write_lines,
    write_trace,
    write_winners,
)

from amends.errors import UsageError  # noqa: E402
from amends.records import Scenario  # noqa: E402
from amends.resources import shipped  # noqa: E402
from amends.runs.scoring import weights_of  # noqa: E402
from amends.scorers import load_scorer  # noqa: E402
from amends.scorers.base import Scorer  # noqa: E402
from amends.signature import SEED, package_version, scorer_tag  # noqa: E402

CALLS = 2000
UNSEEN = 100
"""Scenarios outside the panel on which the constant reply is measured, with calls of their own."""
BEST_OF, INSERTION = 60, 20
"""Scenarios of the other two attacks."""


class Attack:
    """One scorer under the three attacks."""

    def __init__(self, scorer: Scorer, train: Train, calls: int, seed: int) -> None:
        """Name what is attacked, on what, with how many calls an attack."""
        self.scorer, self.train, self.limit, self.seed = scorer, train, calls, seed
        self.about = {"name": scorer.name, "version": scorer.version, "weights": weights_of(scorer)}
        self.tag = scorer_tag(scorer.name, scorer.version, weights_of(scorer))
        self.winners: list[Winner] = []
        self.steps: list[Step] = []
        self.calls: dict[str, int] = {}
        self.found: constant.Found | None = None

    def _counted(self) -> Counted:
        return Counted(self.scorer, self.limit)

    def _win(self, attack: str, scenario: Scenario, text: str, score: Any, start: Any, calls: int) -> None:
        name = winner_id(self.tag, attack, scenario.id, text)
        self.winners.append(Winner(name, attack, self.about, scenario.id, SPLIT, text, score, start, calls))

    def constant(self) -> list[dict[str, Any]]:
        """Seek the constant, measure it on unseen scenarios, and the honest baselines beside it.

        Returns:
            Records of the baselines; none where the budget did not pay for a single reply.
        """
        order = self.train.drawn(constant.HEATS[-1] + UNSEEN, self.seed, "constant")
        panel, unseen = order[: constant.HEATS[-1]], order[constant.HEATS[-1] :]
        counted = self._counted()
        self.found = constant.search(counted, panel, self.seed)
        self.calls[ATTACKS[0]] = counted.calls
        if self.found is None:
            return []
        self.steps += self.found.steps
        text = self.found.text
        measured = Counted(self.scorer, len(unseen) * (1 + len(honest.honest_baselines())))
        for scenario, levels in zip(unseen, measured.levels([(s, text) for s in unseen]), strict=True):
            self._win(ATTACKS[0], scenario, text, levels, None, self.found.calls)
        return honest.scored(measured, unseen)

    def best_of(self) -> None:
        """Best of 32 on each of 60 scenarios."""
        counted = self._counted()
        for kept in best_of.search(counted, self.train.drawn(BEST_OF, self.seed, "best-of"), self.seed):
            self._win(ATTACKS[1], kept.scenario, kept.text, kept.levels, None, kept.calls)
            self.steps += kept.steps
        self.calls[ATTACKS[1]] = counted.calls

    def insertion(self) -> None:
        """Greedy insertion into one honest reply of each of 20 scenarios."""
        counted = self._counted()
        for grown in insertion.search(counted, insertion.starts(self.train, INSERTION, self.seed)):
            start = {"id": grown.start.id, "score": grown.start_levels, "gold": grown.start.gold}
            self._win(ATTACKS[2], grown.scenario, grown.text, grown.levels, start, grown.calls)
            self.steps += grown.steps
        self.calls[ATTACKS[2]] = counted.calls

    def told(self) -> dict[str, Any]:
        """How it was run, without times."""
        found = self.found
        return {
            "scorer": self.about,
            "amends": package_version(),
            "data": self.train.digest,
            "seed": self.seed,
            "limit": self.limit,
            "calls": self.calls,
            "constant": None if found is None else {"text": found.text, "panel": found.best, "calls": found.calls},
        }


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the attacks and write what they found."""
    asked = _parser().parse_args(arguments)
    if asked.o is None and not asked.scorer.isidentifier():
        raise UsageError(f"{asked.scorer!r} is no name of a folder; give -o DIR, and name DIR to report.py.")
    folder: Path = asked.o or HERE / "runs" / asked.scorer
    folder.mkdir(parents=True, exist_ok=True)
    attack = Attack(load_scorer(asked.scorer), read_train(asked.data), asked.calls, asked.seed)
    seconds: dict[str, float] = {}
    baselines: list[dict[str, Any]] = []
    for name, run in zip(ATTACKS, (attack.constant, attack.best_of, attack.insertion), strict=True):
        started = time.perf_counter()
        baselines += run() or []
        seconds[name] = round(time.perf_counter() - started, 1)
        print(f"{name}: {attack.calls[name]:,} calls, {seconds[name]:.0f} s")
    write_winners(folder, attack.winners)
    write_trace(folder, attack.steps)
    write_lines(folder / BASELINES, baselines)
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    told = attack.told() | {"seconds": seconds, "date": str(date.today()), "machine": machine}
    (folder / RUN).write_bytes(orjson.dumps(told, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    print(f"{folder}: {len(attack.winners)} winners")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--scorer", required=True, help="name of a scorer: trained, rules")
    parser.add_argument("--data", type=Path, default=shipped("data"), help="folder with exchanges/train.jsonl")
    parser.add_argument("--calls", type=int, default=CALLS, help="scorer calls an attack may make")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("-o", type=Path, help="folder for the winners; benches/attack/runs/<scorer>")
    return parser


if __name__ == "__main__":
    main()
