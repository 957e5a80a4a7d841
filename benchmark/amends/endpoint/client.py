"""The endpoint: asks, waits, asks again, remembers. The only user of the openai package."""

from __future__ import annotations

import contextlib
import os
import re
import threading
import urllib.parse
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from amends.endpoint.cache import Cache, key_of
from amends.endpoint.pace import Pace
from amends.endpoint.protocol import (
    FORMS,
    Answer,
    EndpointError,
    EndpointRefused,
    Request,
    failure,
    message_of,
    read_body,
)
from amends.endpoint.retry import Backoff, retry_after
from amends.endpoint.usage import Prices, Usage
from amends.errors import UsageError
from amends.records import Json

DEFAULT_URL = "https://api.openai.com/v1"
"""Where the openai package asks unless told otherwise."""

_RENAMED = {"max_tokens": "max_completion_tokens"}
"""Parameters that newer models take by another name. They bound what is paid for and are never left out."""
_KNOCKS = 3
"""Tries after the first to reach an endpoint that has not answered anything: its address may be wrong."""
_OF_THE_TEXT = re.compile(
    "context.?length|content.?filter|content.?policy|too long|too many tokens|moderat", re.IGNORECASE
)
_OF_THE_FORM = re.compile("response_format|json_schema|json_object|structured.?output|guided|schema", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Settings:
    """Which endpoint, and how it is asked."""

    model: str
    base_url: str | None = None
    """None: OPENAI_BASE_URL, else the openai package's default."""
    timeout: float = 60.0
    """Seconds until a try is given up."""
    concurrency: int = 8
    """Requests in flight at most."""
    backoff: Backoff = Backoff()
    rate: float | None = None
    """Requests a minute at most, tries that fail among them; None for no limit."""


@dataclass(frozen=True, slots=True)
class _Manner:
    """What an endpoint was found to take."""

    form: str = FORMS[0]
    without: frozenset[str] = frozenset()
    """Parameters that it does not take."""


class Endpoint:
    """One model at one endpoint. Safe for threads; pickled without client, counts and what it has learnt."""

    def __init__(
        self, settings: Settings, cache: Cache | None = None, sleep: Callable[[float], object] | None = None
    ) -> None:
        """Name the endpoint; nothing is imported or asked yet.

        Args:
            settings: which, and how.
            cache: where answers are kept; None keeps none.
            sleep: waits between tries; None for a wait that the ``stop`` of ``ask`` ends.

        Raises:
            UsageError: the base URL is none.
        """
        self.settings = settings
        self.base_url = _url(settings.base_url or os.environ.get("OPENAI_BASE_URL") or DEFAULT_URL)
        self._cache, self._sleep = cache, sleep
        self._usage, self._manner, self._proven = Usage(), _Manner(), False
        self._pace = Pace(settings.rate)
        self._lock, self._slots = threading.Lock(), threading.BoundedSemaphore(settings.concurrency)
        self._turns: dict[str, tuple[threading.Lock, int]] = {}
        self._made: Any = None

    def __getstate__(self) -> tuple[Settings, Cache | None, Callable[[float], object] | None]:
        """Each process makes its own client."""
        return replace(self.settings, base_url=self.base_url), self._cache, self._sleep

    def __setstate__(self, state: tuple[Settings, Cache | None, Callable[[float], object] | None]) -> None:
        """As new."""
        Endpoint.__init__(self, *state)

    @property
    def usage(self) -> Usage:
        """What was asked so far."""
        return self._usage

    @property
    def without(self) -> tuple[str, ...]:
        """Parameters that the endpoint was found not to take, and that were left out."""
        return tuple(sorted(self._manner.without.difference(_RENAMED)))

    def cost(self, prices: Prices | None) -> float | None:
        """``Usage.cost`` so far."""
        return self._usage.cost(prices)

    def ask(self, request: Request, stop: threading.Event | None = None) -> Answer:
        """Ask, or take the answer that was kept; the same thing asked twice at once is asked once.

        Args:
            request: what to ask.
            stop: once it is set, a try that fails is the last one.

        Returns:
            The answer, whatever it says: a refusal or half a JSON object is one too.

        Raises:
            EndpointError: no answer to this request, after all tries.
            EndpointRefused: no request to this endpoint will succeed.
            UsageError: the extra ``judge`` or the key is missing, or a proxy of the environment is none.
        """
        key = self.key(request)
        with self._turn(key):
            kept = self._cache.get(key) if self._cache else None
            answer = Answer.from_kept(kept) if kept else None
            if answer is not None:
                self._count(cached=1)
                return answer
            answer = self._asked(request, key, stop or threading.Event())
            if self._cache and answer.is_worth_keeping and not self._cache.put(key, answer.kept()):
                self._count(unsaved=1)
            return answer

    def key(self, request: Request) -> str:
        """64 hex under which the answer is kept; the key of the endpoint is no part of it."""
        return key_of(
            {
                "model": self.settings.model,
                "base_url": self.base_url,
                "messages": [dict(message) for message in request.messages],
                "schema": request.schema,
                "parameters": dict(request.parameters),
                "sample": request.sample,
            }
        )

    @contextlib.contextmanager
    def _turn(self, key: str) -> Iterator[None]:
        """One at a time for each key."""
        with self._lock:
            lock, waiting = self._turns.get(key, (threading.Lock(), 0))
            self._turns[key] = (lock, waiting + 1)
        try:
            with lock:
                yield
        finally:
            with self._lock:
                lock, waiting = self._turns.pop(key)
                if waiting > 1:
                    self._turns[key] = (lock, waiting - 1)

    def _count(self, **more: int) -> None:
        with self._lock:
            self._usage = replace(self._usage, **{name: getattr(self._usage, name) + n for name, n in more.items()})

    def _asked(self, request: Request, key: str, stop: threading.Event) -> Answer:
        """Ask in the manner that the endpoint takes; where that is not known yet, ask for less until it does."""
        manner = self._manner
        first: EndpointError | None = None
        while True:
            try:
                answer = self._tried(request, manner, key, stop)
            except EndpointError as error:
                first = first or error
                less = self._less(manner, request, error)
                if less is None:
                    raise first from None
                manner = less
                continue
            with self._lock:
                self._manner, self._proven = manner, True
            return answer

    def _less(self, manner: _Manner, request: Request, error: EndpointError) -> _Manner | None:
        """A manner that asks for less, where the endpoint seems to refuse the manner and not the text."""
        said = str(error)
        if error.status not in (400, 422) or _OF_THE_TEXT.search(said):
            return None
        sent = set(_parameters(request.parameters, manner.without)).difference(_RENAMED.values())
        named = [name for name in sent if re.search(rf"\b{re.escape(name)}\b", said)]
        if named:
            return replace(manner, without=manner.without.union(named))
        if request.schema is None or manner.form == FORMS[-1] or (self._proven and not _OF_THE_FORM.search(said)):
            return None
        return replace(manner, form=FORMS[FORMS.index(manner.form) + 1])

    def _tried(self, request: Request, manner: _Manner, key: str, stop: threading.Event) -> Answer:
        """Try, and again after what may pass."""
        attempt = 0
        while True:
            try:
                self._await_turn(stop)
                return self._once(request, manner)
            except EndpointError as error:
                wait = self.settings.backoff.wait(key, attempt, error.wait) if error.passing else None
                absent = error.kind == "connection" and attempt >= _KNOCKS and not self._usage.answers
                if wait is None or absent or stop.is_set():
                    raise self._last(error, attempt + 1) from None
            attempt += 1
            self._count(retries=1)
            self._rest(wait, stop)

    def _await_turn(self, stop: threading.Event) -> None:
        """Wait until the rate allows one more request."""
        wait = self._pace.reserve()
        self._rest(wait, stop)
        if wait > 0 and stop.is_set():
            raise EndpointError("stopped", "stopped before it was asked")

    def _rest(self, seconds: float, stop: threading.Event) -> None:
        if seconds > 0:
            (stop.wait if self._sleep is None else self._sleep)(seconds)

    def _last(self, error: EndpointError, tries: int) -> Exception:
        """The error that is passed on; one that no request has got past is about the endpoint."""
        if error.kind in ("connection", "no completion") and not self._usage.answers:
            return EndpointRefused(f"{error}; is {self.base_url} the right base URL (most end in /v1), and up?")
        if not error.passing:
            return error
        asked = f", and asks to wait {error.wait:.0f} s" if error.wait else ""
        tried = f"{tries} tries" if tries > 1 else "1 try"
        return EndpointError(error.kind, f"{error} ({tried}{asked})", error.status, error.wait)

    def _once(self, request: Request, manner: _Manner) -> Answer:
        """One request."""
        openai, client = self._client()
        body = _parameters(request.parameters, manner.without)
        form = manner.form if request.schema is not None else FORMS[-1]
        if wanted := _response_format(form, request.schema):
            body["response_format"] = wanted
        with self._slots:
            self._count(requests=1)
            try:
                raw = client.chat.completions.with_raw_response.create(
                    model=self.settings.model, messages=list(map(dict, request.messages)), extra_body=body
                )
                data = bytes(raw.content)
            except openai.APIStatusError as error:
                message, code = message_of(error.body, self._hidden)
                wait = retry_after(error.response.headers)
                known = self._usage.answers + self._usage.cached > 0
                raise failure(error.status_code, message, code, wait, known) from None
            except openai.APITimeoutError:
                raise EndpointError("time-out", f"no answer within {self.settings.timeout:g} s") from None
            except openai.APIConnectionError as error:
                cause = self._hidden(str(error.__cause__ or error))
                raise EndpointError("connection", f"no connection: {cause}") from None
            except openai.OpenAIError as error:
                raise EndpointError("bad request", self._hidden(str(error))) from None
        answer = replace(
            read_body(data, form, self._usage.answers > 0, self._hidden),
            without=tuple(sorted(manner.without.intersection(request.parameters).difference(_RENAMED))),
        )
        told = answer.prompt_tokens is not None and answer.completion_tokens is not None
        prompt, completion = answer.prompt_tokens or 0, answer.completion_tokens or 0
        self._count(answers=1, prompt_tokens=prompt, completion_tokens=completion, untold=not told)
        return answer

    def _hidden(self, message: str) -> str:
        """A message without the key, which some endpoints repeat."""
        key = _key()
        return message.replace(key, "***") if key else message

    def _client(self) -> tuple[Any, Any]:
        """The openai package and a client of this process."""
        try:
            import openai
        except ImportError:
            raise UsageError("language models need the extra judge: pip install 'amends[judge]'.") from None
        with self._lock:
            if self._made is None:
                key = _key()
                if key is None and self.base_url == DEFAULT_URL:
                    raise UsageError(
                        "OPENAI_API_KEY is not set; set it, or name an endpoint of your own with OPENAI_BASE_URL."
                    )
                if key is not None and not (key.isascii() and key.isprintable()):
                    raise UsageError("OPENAI_API_KEY holds a character that no key has; copy it again.")
                # An endpoint of one's own often wants no key, but the client does not start without one.
                try:
                    self._made = openai.OpenAI(
                        api_key=key or "none", base_url=self.base_url, timeout=self.settings.timeout, max_retries=0
                    )
                except Exception as error:  # of httpx, which reads proxies and certificates from the environment
                    said = self._hidden(" ".join(str(error).split()))
                    raise UsageError(
                        f"no client for {self.base_url}: {said}; check the proxies and certificates in the environment."
                    ) from None
            return openai, self._made


def _key() -> str | None:
    return (os.environ.get("OPENAI_API_KEY") or "").strip() or None


def _url(given: str) -> str:
    """The base URL in one spelling, as it is asked, shown and hashed.

    Raises:
        UsageError: it is no http or https address, or holds what may be a secret: a password, or parameters (which
            the openai package would put before the rest of the path).
    """
    try:
        parts = urllib.parse.urlsplit(given.strip())
        host, port = parts.hostname, parts.port
        (host or "").encode("idna")
    except ValueError:
        host, port, parts = None, None, urllib.parse.urlsplit("")
    right = parts.scheme in ("http", "https") and bool(host)
    # what is refused for another reason may hold a password too, and would be shown
    if "@" in (parts.netloc if right else given):
        raise UsageError("the base URL holds a user name or password; the only key that is sent is OPENAI_API_KEY.")
    if "?" in given:
        raise UsageError("the base URL holds parameters (after '?'), which cannot be sent; write it without them.")
    if not right or host is None:
        raise UsageError(f"the base URL {given!r} is no http or https address; write it like {DEFAULT_URL}.")
    place = (f"[{host}]" if ":" in host else host) + (f":{port}" if port else "")
    return urllib.parse.urlunsplit((parts.scheme, place, parts.path.rstrip("/"), "", ""))


def _parameters(asked: Mapping[str, Any], without: Iterable[str]) -> dict[str, Any]:
    """What is sent of the parameters: a refused one by its other name, or not at all."""
    names = {name: _RENAMED.get(name) if name in without else name for name in asked}
    return {sent: asked[name] for name, sent in names.items() if sent is not None}


def _response_format(form: str, schema: Json | None) -> Json | None:
    if form == "json_schema":
        return {"type": "json_schema", "json_schema": {"name": "answer", "strict": True, "schema": schema}}
    return {"type": "json_object"} if form == "json_object" else None
