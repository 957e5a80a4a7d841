"""A language model at an OpenAI-compatible endpoint as a generator: ``openai:MODEL``.

Scenarios are read as they are asked for, at most twice as many replies are under way as requests may be in
flight, and a reply is handed over as soon as it is there: memory does not grow with the texts of a run, only
with the ids of its scenarios.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from amends.endpoint.cache import Cache
from amends.endpoint.client import Endpoint, Settings
from amends.endpoint.protocol import Answer, EndpointError, Request
from amends.endpoint.retry import Backoff
from amends.endpoint.usage import Usage
from amends.errors import AmendsError, GeneratorError, UsageError
from amends.generators.base import Failure, Key, Report, digest, has_surrogates, ignore, reply_id, wanted
from amends.generators.options import ModelOptions, checked_model
from amends.generators.prompt import SystemPrompt, chat
from amends.generators.tally import Tally
from amends.jsonl import canonical
from amends.records import Author, Json, Reply, Scenario

RETRIES = 8
"""Tries after the first. With every fifth request lost, one reply in two million fails for it (0.2 ^ 9)."""
LEAST_DOWN = 16
"""So many replies in a row, or twice those under way, that fail for what may pass: the endpoint is down."""


class Asked(Protocol):
    """What answers requests: ``Endpoint``, or whatever a test puts in its place."""

    base_url: str

    def ask(self, request: Request, stop: threading.Event | None = None) -> Answer:
        """See ``Endpoint.ask``."""
        ...

    @property
    def usage(self) -> Usage:
        """What was asked so far."""
        ...

    @property
    def without(self) -> tuple[str, ...]:
        """Parameters that were left out."""
        ...


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What came of one reply that was asked for."""

    key: Key
    answer: Answer | None = None
    failed: Exception | None = None


def load_endpoint(model: str, options: ModelOptions) -> EndpointGenerator:
    """The generator ``openai:MODEL``.

    Args:
        model: as the endpoint names it.
        options: how it is asked.

    Raises:
        UsageError: the model's name or the base URL is none, or the system prompt has an unknown slot.
        InputError: the file of the system prompt cannot be read.
    """
    asked = Settings(
        checked_model("openai", model),
        options.base_url,
        options.timeout,
        options.concurrency,
        Backoff(retries=RETRIES),
        options.rate,
    )
    return EndpointGenerator(model, options, Endpoint(asked, Cache()))


class EndpointGenerator:
    """Asks a language model for every reply; several at once."""

    def __init__(self, model: str, options: ModelOptions, endpoint: Asked) -> None:
        """Name the model; nothing is asked yet.

        Args:
            model: as the endpoint names it.
            options: how it is asked.
            endpoint: whom to ask.

        Raises:
            InputError: the file of the system prompt cannot be read.
            UsageError: the system prompt has an unknown slot.
        """
        self._options, self._endpoint = options, endpoint
        self._system = SystemPrompt(options.system)
        self.settings: Json = {
            "base_url": endpoint.base_url,
            "system_sha256": self._system.sha256,
            "temperature": options.temperature,
            "max_tokens": options.max_tokens,
        }
        """What the replies depend on, field by field: another value is another run."""
        about = {"name": model, "kind": "model", "generator": "openai"} | self.settings
        self.name: str = model
        self.version: str = digest(canonical(about))[:8]
        self.author: Author | None = Author("model", self.name, self.version)
        self.card: Json = about | {"version": self.version}
        asked = {"temperature": options.temperature, "max_tokens": options.max_tokens}
        self._parameters: dict[str, Any] = {name: value for name, value in asked.items() if value is not None}
        self._tally = Tally(f"openai:{model}")

    def usage(self) -> Json:
        """Counts of ``Usage`` so far, and ``cost`` in the currency of the prices (None: unknown)."""
        used = self._endpoint.usage
        return used.to_dict() | {"cost": used.cost(self._options.prices)}

    def report(self) -> str:
        """What was asked and what came of it, for a person."""
        return self._tally.lines(self._endpoint.usage, self._options.prices, self._endpoint.without)

    def generate(
        self,
        scenarios: Iterable[Scenario],
        samples: int = 1,
        *,
        done: Collection[Key] = frozenset(),
        report: Report = ignore,
        log: Path | None = None,
    ) -> Iterator[Reply]:
        """Ask for every reply, several at once; see ``Generator.generate``.

        A refusal or an empty answer is a reply. What failed for good is reported, and is asked for again by the next
        run.

        Raises:
            GeneratorError: the endpoint has stopped answering. What was under way has been handed over.
            UsageError: no request can succeed (key, model, address, credit), or a scenario id stands twice.
        """
        todo = wanted(scenarios, samples, done)
        stop = threading.Event()
        pool = ThreadPoolExecutor(self._options.concurrency, thread_name_prefix="amends-openai")
        try:
            yield from self._replies(_Flights(pool, self._ask, stop, 2 * self._options.concurrency), todo, report)
        finally:
            stop.set()
            pool.shutdown(cancel_futures=True)

    def _replies(self, flights: _Flights, todo: Iterator[tuple[Scenario, int]], report: Report) -> Iterator[Reply]:
        """Replies as they come; after what ends the run, only what is under way."""
        fatal: AmendsError | None = None
        down = 0
        for outcome in flights.outcomes(todo):
            error = outcome.failed
            if outcome.answer is not None:
                down = 0
                yield self._reply(outcome.key, outcome.answer)
                continue
            if isinstance(error, UsageError):
                fatal = error if fatal is None or isinstance(fatal, GeneratorError) else fatal
            elif not (isinstance(error, EndpointError) and error.kind == "stopped"):
                self._tally.failure(error)
                report(Failure(*outcome.key, f"no reply: {_said(error)}"))
                down = down + 1 if isinstance(error, EndpointError) and error.passing else 0
                if fatal is None and down >= max(LEAST_DOWN, 2 * self._options.concurrency):
                    fatal = GeneratorError(
                        f"the endpoint has stopped answering: {down} replies in a row failed, the last for: {error}. "
                        "What was answered is kept; run the same command again to go on"
                    )
            if fatal is not None:
                flights.stop.set()
        if fatal is not None:
            raise fatal

    def _ask(self, scenario: Scenario, sample: int, stop: threading.Event) -> _Outcome:
        """Ask for one reply, in a thread."""
        key = (scenario.id, sample)
        try:
            request = Request(chat(scenario, self._system), None, self._parameters, sample)
            answer = self._endpoint.ask(request, stop)
            if has_surrogates(_text(answer)):
                raise EndpointError("no text", "the answer holds a lone surrogate, which is no character")
        except Exception as error:  # one reply's failure, whatever it is, must not lose the others
            return _Outcome(key, None, error)
        return _Outcome(key, answer)

    def _reply(self, key: Key, answer: Answer) -> Reply:
        text = _text(answer)
        self._tally.reply(answer, text)
        meta: Json = {"model": answer.model, "finish": answer.finish}
        if answer.prompt_tokens is not None and answer.completion_tokens is not None:
            meta["tokens"] = {"prompt": answer.prompt_tokens, "completion": answer.completion_tokens}
        if answer.refusal:
            meta["refusal"] = True
        if answer.without:
            meta["without"] = list(answer.without)
        return Reply(reply_id(key[0], self.name, key[1]), key[0], text, key[1], self.author, meta)


def _text(answer: Answer) -> str:
    """What the customer would read: a refusal's words too; nothing is an empty reply."""
    return answer.content or answer.refusal or ""


def _said(error: Exception | None) -> str:
    said = " ".join(str(error).split())
    return said if isinstance(error, AmendsError) else f"{type(error).__name__}: {said}"


class _Flights:
    """Requests under way, never more than a few: what is not asked yet is not read yet."""

    def __init__(
        self,
        pool: ThreadPoolExecutor,
        ask: Callable[[Scenario, int, threading.Event], _Outcome],
        stop: threading.Event,
        most: int,
    ) -> None:
        self.stop = stop
        self._pool, self._ask, self._most = pool, ask, most
        self._landed: queue.SimpleQueue[_Outcome] = queue.SimpleQueue()

    def outcomes(self, todo: Iterator[tuple[Scenario, int]]) -> Iterator[_Outcome]:
        """What came of each, as it comes; once ``stop`` is set, only of what is under way."""
        flying = 0
        while True:
            while flying < self._most and not self.stop.is_set():
                following = next(todo, None)
                if following is None:
                    break
                self._pool.submit(self._fly, *following)
                flying += 1
            if not flying:
                return
            yield self._landed.get()
            flying -= 1

    def _fly(self, scenario: Scenario, sample: int) -> None:
        if self.stop.is_set():
            stopped = EndpointError("stopped", "stopped before it was asked")
            self._landed.put(_Outcome((scenario.id, sample), None, stopped))
        else:
            self._landed.put(self._ask(scenario, sample, self.stop))
