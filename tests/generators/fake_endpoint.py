"""A language model in this process: what ``Endpoint`` is to a generator, without the openai package."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

from amends.endpoint.protocol import Answer, Request
from amends.endpoint.usage import Usage
from amends.generators.endpoint import EndpointGenerator
from amends.generators.options import ModelOptions
from amends.records import Context, Scenario, Turn

Says = Callable[[Request, int], str | Answer | Exception]


def answer(content: str | None, finish: str = "stop", refusal: str | None = None, **more: object) -> Answer:
    """What an endpoint gives."""
    fields = {"model": "m-1", "prompt_tokens": 50, "completion_tokens": 10} | more
    return Answer(content, refusal, finish, form="plain", day="2026-11-22", **fields)


class Fake:
    """Says what a test tells it to; counts as an endpoint does."""

    def __init__(self, says: Says) -> None:
        self.base_url = "http://fake/v1"
        self.without: tuple[str, ...] = ()
        self.asked = 0
        self.seen: list[Request] = []
        self.usage = Usage()
        self._says, self._lock = says, threading.Lock()

    def ask(self, request: Request, stop: threading.Event | None = None) -> Answer:
        with self._lock:
            number, self.asked = self.asked, self.asked + 1
            self.seen.append(request)
        said = self._says(request, number)
        if isinstance(said, Exception):
            raise said
        given = answer(said) if isinstance(said, str) else said
        with self._lock:
            was = self.usage
            self.usage = Usage(
                was.requests + 1,
                was.retries,
                was.answers + 1,
                0,
                was.prompt_tokens + (given.prompt_tokens or 0),
                was.completion_tokens + (given.completion_tokens or 0),
            )
        return given


class Forgetful(Fake):
    """Keeps nothing of what it was asked."""

    def ask(self, request: Request, stop: threading.Event | None = None) -> Answer:
        found = super().ask(request, stop)
        self.seen.clear()
        return found


def generator(
    says: Says = lambda request, number: "We are sorry.", **options: object
) -> tuple[EndpointGenerator, Fake]:
    """``openai:m`` with a model of this process behind it."""
    fake = Fake(says)
    return EndpointGenerator("m", ModelOptions(**options), fake), fake


def scenario(name: str, text: str = "Where is it?", **context: object) -> Scenario:
    """One scenario with one turn."""
    return Scenario(name, (Turn("customer", text),), "test", Context(**context))


class Stream:
    """Scenarios that are made as they are read, and counted."""

    def __init__(self, n: int, size: int = 10) -> None:
        self.n, self.size, self.read = n, size, 0

    def __iter__(self) -> Iterator[Scenario]:
        for number in range(self.n):
            self.read += 1
            yield scenario(f"s{number:06d}", f"{number:06d}" + "x" * self.size)
