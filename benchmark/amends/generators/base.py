"""What a generator is, what can go wrong with one reply, and the ledger that says so for every kind.

A generator turns scenarios into replies. Replies stream out as soon as they are there, so that the caller
can write each to disk at once; whatever went wrong is told through ``report`` as a ``Failure`` and never
takes good replies with it. Only a generator that fails as a whole (it does not start) raises
``GeneratorError``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Protocol

from amends.errors import UsageError
from amends.records import Author, Json, Reply, Scenario

Key = tuple[str, int]
"""(scenario_id, sample): what a run resumes by."""

_LONGEST_ID = 1000


@dataclass(frozen=True, slots=True)
class Failure:
    """One thing that went wrong while replies were made."""

    scenario_id: str | None
    """The scenario it is about; None for the generator as a whole, or for a line that names none."""
    sample: int | None
    """The sample it is about; None where it is about all of them or cannot be known."""
    what: str
    """What went wrong, as the end of a sentence."""

    def __str__(self) -> str:
        """``scenario s1, sample 0: no reply``."""
        if self.scenario_id is None:
            return self.what
        sample = "" if self.sample is None else f", sample {self.sample}"
        return f"scenario {self.scenario_id}{sample}: {self.what}"


Report = Callable[[Failure], None]
"""Where failures go; ``list.append`` will do."""


def ignore(failure: Failure) -> None:
    """The report of a caller who does not ask."""


class Generator(Protocol):
    """Whoever or whatever answers scenarios."""

    name: str
    version: str
    author: Author | None
    """Who stands in the replies; None for a bare replies file, whose lines say it themselves, or do not."""
    card: Json
    """Everything that the replies depend on and that is known beforehand; its hash goes into run.json."""

    def generate(
        self,
        scenarios: Iterable[Scenario],
        samples: int = 1,
        *,
        done: Collection[Key] = frozenset(),
        report: Report = ignore,
        log: Path | None = None,
    ) -> Iterator[Reply]:
        """Answer scenarios; each reply comes as soon as it is there, in any order.

        Closing the iterator early stops whatever runs behind it.

        Args:
            scenarios: what to answer, ids unique.
            samples: how many replies each scenario gets, numbered from 0.
            done: keys that are not wanted (they are there from a run before, or outside a limit).
            report: told of every failure; each scenario without a reply is named at least once.
            log: file to which diagnostic output is appended; without one it is dropped.

        Raises:
            GeneratorError: it failed as a whole, before its first reply.
        """
        ...


def reply_id(scenario_id: str, name: str, sample: int) -> str:
    """``<scenario_id>.<name>.<sample>``; a scenario id too long for that is cut and marked by its hash."""
    tail = f".{name}.{sample}"
    if len(scenario_id) + len(tail) > _LONGEST_ID:
        mark = "~" + hashlib.sha256(scenario_id.encode()).hexdigest()[:12]
        scenario_id = scenario_id[: _LONGEST_ID - len(tail) - len(mark)] + mark
    return scenario_id + tail


def wanted(scenarios: Iterable[Scenario], samples: int, done: Collection[Key]) -> Iterator[tuple[Scenario, int]]:
    """What is to be asked, scenario by scenario, read as it is used; only the ids that went by are held.

    Args:
        scenarios: what is asked.
        samples: how many replies each scenario gets.
        done: keys that are not wanted.

    Raises:
        UsageError: fewer than one sample, or (when it is reached) a scenario id that stood before.
    """
    if samples < 1:
        raise UsageError(f"samples must be at least 1, not {samples}")
    return _wanted(scenarios, samples, done)


def _wanted(scenarios: Iterable[Scenario], samples: int, done: Collection[Key]) -> Iterator[tuple[Scenario, int]]:
    seen: set[str] = set()
    for scenario in scenarios:
        if scenario.id in seen:
            raise UsageError(f"the scenario id {scenario.id!r} stands twice in the set to answer")
        seen.add(scenario.id)
        for sample in range(samples):
            if (scenario.id, sample) not in done:
                yield scenario, sample


def digest(data: bytes) -> str:
    """SHA-256 of some bytes, in hex."""
    return hashlib.sha256(data).hexdigest()


def source(module: ModuleType | None) -> bytes:
    """A module's source, or nothing where it has none (built in, or typed at a prompt).

    Args:
        module: of a function or class; None where Python knows none.
    """
    file = getattr(module, "__file__", None)
    return Path(file).read_bytes() if file and Path(file).is_file() else b""


class Ledger:
    """What was asked for, what has come and what is missing; decides alike for every kind of generator."""

    def __init__(
        self,
        generator: Generator,
        scenarios: Iterable[Scenario],
        samples: int,
        done: Collection[Key],
        report: Report,
    ) -> None:
        """Open a ledger.

        Args:
            generator: whose replies these are.
            scenarios: what is asked.
            samples: how many replies each scenario gets.
            done: keys that are not wanted.
            report: told of every failure.

        Raises:
            UsageError: fewer than one sample, or a scenario id twice.
        """
        if samples < 1:
            raise UsageError(f"samples must be at least 1, not {samples}")
        self._generator = generator
        self._samples = samples
        self._done = frozenset(done)
        self._report = report
        self._answered: set[Key] = set()
        self._named: set[Key] = set()
        self._scenarios: dict[str, Scenario] = {}
        for scenario in scenarios:
            if scenario.id in self._scenarios:
                raise UsageError(f"the scenario id {scenario.id!r} stands twice in the set to answer")
            self._scenarios[scenario.id] = scenario
        self._open = sum(len(self.wanted(sample)) for sample in range(samples))

    def wanted(self, sample: int) -> list[Scenario]:
        """Scenarios whose reply with this number is wanted and has not come."""
        return [s for s in self._scenarios.values() if self._is_open((s.id, sample))]

    def complete(self) -> bool:
        """Tell whether every wanted reply has come."""
        return self._open == 0

    def answered(self, key: Key) -> bool:
        """Tell whether this reply has come or was not wanted any more."""
        return key in self._answered or key in self._done

    def _is_open(self, key: Key) -> bool:
        return key not in self._answered and key not in self._done

    def admit(self, key: Key, text: str, where: str = "") -> bool:
        """Take note of a reply that has come.

        Args:
            key: what it answers.
            text: its text.
            where: where it stands (``replies.jsonl:17``), for the report.

        Returns:
            Whether it counts; if it does not, the reason was reported, save for a key that is not wanted.
        """
        scenario_id, sample = key
        prefix = f"{where}: " if where else ""
        if scenario_id not in self._scenarios:
            self.fail(scenario_id, sample, f"{prefix}no scenario of this id was asked")
        elif sample >= self._samples:
            self.fail(scenario_id, sample, f"{prefix}this sample was not asked for (samples: {self._samples})")
        elif key in self._done:
            return False
        elif key in self._answered:
            self.fail(scenario_id, sample, f"{prefix}answered a second time; the first reply counts")
        elif has_surrogates(text):
            self.fail(scenario_id, sample, f"{prefix}the text holds a lone surrogate, which is no character")
        else:
            self._answered.add(key)
            self._open -= 1
            return True
        return False

    def reply(self, key: Key, text: str, meta: Json | None = None) -> Reply:
        """The record of a reply that was admitted."""
        scenario_id, sample = key
        name = reply_id(scenario_id, self._generator.name, sample)
        return Reply(name, scenario_id, text, sample, self._generator.author, meta or {})

    def fail(self, scenario_id: str | None, sample: int | None, what: str) -> None:
        """Report a failure."""
        if scenario_id is not None and sample is not None:
            self._named.add((scenario_id, sample))
        self._report(Failure(scenario_id, sample, what))

    def close(self, sample: int, why: str) -> int:
        """Name every scenario that is still without this reply and was not named before.

        Args:
            sample: the reply's number.
            why: the reason, as far as it is known.

        Returns:
            How many wanted replies are missing, named now or before.
        """
        missing = [(scenario.id, sample) for scenario in self.wanted(sample)]
        for key in missing:
            if key not in self._named:
                self.fail(*key, f"no reply: {why}")
        return len(missing)


def has_surrogates(text: str) -> bool:
    """Tell whether a text holds half a character, which no file can."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False
