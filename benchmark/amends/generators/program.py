"""A folder with a card: a program that reads scenarios and writes replies, or somebody's replies file.

The contract of a program (``generator.json`` with ``command``):

- It runs in its folder, without a shell; ``{python}`` in the command is the Python that runs amends.
- Standard input: one scenario a line (``Scenario.for_generator``), then the end. Standard output: one line
  ``{"scenario_id", "text"[, "sample", "meta"]}`` for each, in any order, before or after the end of input.
- Environment: ``AMENDS_DATA`` (the data folder), ``AMENDS_SAMPLE`` and ``AMENDS_SAMPLES``.
- Several samples: it runs once for each number k, with ``AMENDS_SAMPLE=k``; a line without ``sample`` is of
  that number. A program may write other numbers too; a later run is asked only for what is still missing, and
  falls away when nothing is. So a program that writes all samples at once runs once.
- Time: one budget for a whole run, ``seconds_per_reply`` times the scenarios of the run, at least
  ``LEAST_SECONDS``. It counts while the program is waited for, not while the caller is busy with a reply.
  It is no limit of silence: a program that loads a model for a minute and then answers quickly is welcome.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any

import orjson

from amends import schema
from amends.errors import InputError, Problem
from amends.generators.base import Generator, Key, Ledger, Report, digest, ignore
from amends.generators.child import Budget, Child, OutOfTimeError
from amends.generators.replies_file import RepliesFileGenerator
from amends.jsonl import dumps, whole_file
from amends.records import Author, Json, Reply, Scenario
from amends.resources import shipped

LEAST_SECONDS = 30.0
"""A run's budget is never below this, so that a program may take its time to start."""
CLOSING_SECONDS = 10.0
"""Seconds to end in, once every reply has come."""
SECONDS_PER_REPLY = 10.0
"""Where the card does not say."""
MOST_BAD_LINES = 1000
"""Lines that count for nothing before a run is given up: output without end is cut off."""

CARD = "generator.json"


def read_card(folder: Path) -> Json:
    """The card of a generator's folder.

    Raises:
        InputError: there is none, or it breaks its schema.
    """
    path = folder / CARD
    file = str(path)
    try:
        card = orjson.loads(path.read_bytes())
    except OSError as error:
        found = "no such file" if isinstance(error, FileNotFoundError) else str(error)
        raise whole_file(file, found, "the card of a generator", "add it, or name another folder") from None
    except orjson.JSONDecodeError as error:
        raise whole_file(file, f"broken JSON ({error})", "one JSON object", "mend it") from None
    found_problems = schema.problems(card, "generator", file, None)
    if not found_problems and "command" in card and "replies" in card:
        found_problems = [Problem(file, None, "$.replies", "both command and replies", "one of the two", "drop one")]
    if found_problems:
        raise InputError(found_problems)
    return dict(card)


def load_folder(folder: Path) -> Generator:
    """The generator of a folder with a card.

    Raises:
        InputError: the card is missing or wrong, or names a replies file that is not in the folder.
    """
    card = read_card(folder)
    author = Author(card["kind"], card["name"], card["version"])
    if "replies" not in card:
        return ProgramGenerator(folder, card)
    file = folder / card["replies"]
    if not file.resolve().is_relative_to(folder.resolve()):
        problem = Problem(
            str(folder / CARD),
            None,
            "$.replies",
            f"{card['replies']!r}, which lies outside the folder",
            "a file in the folder",
            "move the file",
        )
        raise InputError([problem])
    return RepliesFileGenerator(str(file), author, card)


def _source_digest(folder: Path, command: Iterable[str]) -> str:
    """Hash of the code: the Python files of the folder and the files that the command names.

    Not of everything: weights may be huge, and a program may keep a cache beside itself.
    """
    named = (folder / part for part in command)
    files = {path for path in [*folder.glob("*.py"), *named] if path.is_file()}
    inside = sorted(path for path in files if path.is_relative_to(folder))
    parts = (f"{path.relative_to(folder)} {digest(path.read_bytes())}\n" for path in inside)
    return digest("".join(parts).encode())


class ProgramGenerator:
    """A program, run as a child process; the contract stands at the top of this module."""

    def __init__(self, folder: Path, card: Json) -> None:
        """Take a folder and its card.

        Args:
            folder: where the program is and runs.
            card: a card that passed its schema and has a ``command``.
        """
        self.name: str = card["name"]
        self.version: str = card["version"]
        self.author: Author | None = Author(card["kind"], self.name, self.version)
        self.card: Json = card | {"source_sha256": _source_digest(folder, card["command"])}
        self._folder = folder.resolve()
        self._command = [part.replace("{python}", sys.executable) for part in card["command"]]
        self._seconds = float(card.get("seconds_per_reply", SECONDS_PER_REPLY))

    def generate(
        self,
        scenarios: Iterable[Scenario],
        samples: int = 1,
        *,
        done: Collection[Key] = frozenset(),
        report: Report = ignore,
        log: Path | None = None,
    ) -> Iterator[Reply]:
        """Run the program, once for each sample that is still wanted; see ``Generator.generate``."""
        ledger = Ledger(self, scenarios, samples, done, report)
        for sample in range(samples):
            given = list(_encoded(ledger, sample))
            if given:
                environment = self._environment(sample, samples)
                with Child(self._command, self._folder, environment, log) as child:
                    yield from self._run(ledger, sample, child, given)
            ledger.close(sample, "it could not be asked")

    def _environment(self, sample: int, samples: int) -> dict[str, str]:
        return os.environ | {
            "AMENDS_DATA": str(shipped("data")),
            "AMENDS_SAMPLE": str(sample),
            "AMENDS_SAMPLES": str(samples),
            # a Python program reads and writes UTF-8 whatever the locale, and leaves nothing in its folder
            "PYTHONUTF8": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    def _run(self, ledger: Ledger, sample: int, child: Child, given: list[bytes]) -> Iterator[Reply]:
        """One run for one sample: replies as they come, then whatever is missing and why."""
        budget = Budget(max(LEAST_SECONDS, self._seconds * len(given)))
        reading = _Reading(ledger, sample)
        why = ""
        try:
            for number, body in child.lines(given, budget):
                reply = reading.take(number, body)
                if reply is not None:
                    with budget.paused():
                        yield reply
                    if ledger.complete():
                        budget.shorten(CLOSING_SECONDS)
                elif reading.bad > MOST_BAD_LINES:
                    why = f"stopped after {MOST_BAD_LINES:,} lines that are no replies"
                    break
        except OutOfTimeError:
            why = f"stopped after {budget.seconds:g} seconds"
        why = why or child.ending()
        missing = ledger.close(sample, f"the program ended without it{f' ({why})' if why else ''}")
        if why and not missing:
            ledger.fail(None, sample, f"every reply came, but the program was not in order: {why}")


def _encoded(ledger: Ledger, sample: int) -> Iterator[bytes]:
    for scenario in ledger.wanted(sample):
        try:
            yield dumps(scenario.for_generator())
        except ValueError as error:
            ledger.fail(scenario.id, sample, f"the scenario cannot be written as JSON ({error})")


class _Reading:
    """The lines of one run."""

    def __init__(self, ledger: Ledger, sample: int) -> None:
        self._ledger = ledger
        self._sample = sample
        self._here: set[Key] = set()
        self.bad = 0

    def take(self, number: int, body: bytes | None) -> Reply | None:
        """The reply on a line, or None for a blank line and for one that counts for nothing."""
        if body is not None and not body.strip():
            return None
        where = f"line {number} of its output"
        record, wrong = _decode(body)
        if not wrong:
            wrong = "; ".join(
                f"{p.path}: found {p.found}, expected {p.expected}"
                for p in schema.problems(record, "output", "output", number)
            )
        if wrong:
            self.bad += 1
            self._ledger.fail(*self._meant(record), f"{where}: {wrong}")
            return None
        # 1.0 is a whole number to JSON Schema
        key = (record["scenario_id"], int(record.get("sample", self._sample)))
        if self._ledger.answered(key) and key not in self._here:
            # a program that writes all samples in every run gives again what an earlier run gave
            return None
        if not self._ledger.admit(key, record["text"], where):
            self.bad += 1
            return None
        self._here.add(key)
        return self._ledger.reply(key, record["text"], record.get("meta"))

    def _meant(self, record: Any) -> tuple[str | None, int | None]:
        """The scenario that a bad line is about, where it says so."""
        name = record.get("scenario_id") if isinstance(record, dict) else None
        known = {scenario.id for scenario in self._ledger.wanted(self._sample)}
        return (name, self._sample) if isinstance(name, str) and name in known else (None, self._sample)


def _decode(body: bytes | None) -> tuple[Any, str]:
    """A line's JSON value, and what is wrong with it."""
    if body is None:
        return None, "longer than a line may be"
    try:
        body.decode()
        return orjson.loads(body), ""
    except UnicodeDecodeError as error:
        return None, f"a byte that is not UTF-8 at position {error.start} (0x{body[error.start]:02x})"
    except orjson.JSONDecodeError as error:
        return None, f"no JSON ({error.msg}, column {error.colno})"
