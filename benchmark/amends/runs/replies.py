"""The replies of a run: asked for where they are missing, on disk at once, and put in order without being held.

Of the replies only keys and places in the file are in memory; the texts stay on disk.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from amends.generators.base import Generator, Key, Report
from amends.jsonl import Appender, cut_torn_line, write_whole
from amends.records import Reply, Scenario
from amends.runs.lines import places

Step = Callable[[str, int, int], None]
"""Told of progress: what is being done, how many steps were just done, of how many."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Replies that are asked for."""

    generator: Generator
    scenarios: Iterable[Scenario]
    """Read several times, and never held; ids unique."""
    samples: int = 1


def generated(wanted: Wanted, path: Path, log: Path, report: Report, step: Step) -> tuple[int, int]:
    """Ask for the replies that are not in the file yet; each is on disk as soon as it is there.

    Args:
        wanted: which replies, and of whom.
        path: the replies file; finished, it is in the order of the scenarios.
        log: where a program's standard error goes.
        report: told of every failure.
        step: told of progress.

    Returns:
        Replies in the file, and replies asked for.

    Raises:
        InputError: a line of the file was damaged.
        GeneratorError: the generator failed as a whole; what came before is in the file.
    """
    cut_torn_line(path)
    done = frozenset(_places(path))
    asked = sum(1 for _ in wanted.scenarios) * wanted.samples
    step("replies", len(done), asked)
    if len(done) < asked:
        replies = wanted.generator.generate(wanted.scenarios, wanted.samples, done=done, report=report, log=log)
        # an interrupt between two replies must stop what runs behind them before the run is counted and unlocked
        with Appender(path) as lines, contextlib.ExitStack() as closing:
            if close := getattr(replies, "close", None):
                closing.callback(close)
            for reply in replies:
                lines.write(reply.to_dict())
                step("replies", 1, asked)
    there = _places(path)
    write_whole(path, _in_order(path, there, expected_keys(wanted.scenarios, wanted.samples)))
    return len(there), asked


def expected_keys(scenarios: Iterable[Scenario], samples: int) -> Iterator[Key]:
    """Every reply that is asked for, in the order of a finished file."""
    return ((scenario.id, sample) for scenario in scenarios for sample in range(samples))


def _places(path: Path) -> dict[Key, int]:
    return {reply.key: place for reply, place in places(path, Reply.from_dict, "a reply")}


def _in_order(path: Path, there: Mapping[Key, int], keys: Iterable[Key]) -> Iterator[bytes]:
    """Lines of a file by their places; an absent file has none."""
    if not there:
        return
    with path.open("rb") as stream:
        for key in keys:
            if key in there:
                stream.seek(there[key])
                yield stream.readline()
