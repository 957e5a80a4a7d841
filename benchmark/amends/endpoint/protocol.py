"""What is asked and answered in the chat-completions protocol, and what a failure is called."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import orjson

from amends.errors import AmendsError, UsageError
from amends.jsonl import parse
from amends.records import Json

FORMS = ("json_schema", "json_object", "plain")
"""Ways to ask for JSON, the strictest first."""


@dataclass(frozen=True, slots=True)
class Request:
    """One thing to ask."""

    messages: tuple[Mapping[str, str], ...]
    """``{"role": ..., "content": ...}`` in order."""
    schema: Json | None = None
    """JSON Schema of the answer; None for free text."""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    """What else goes into the request's body, such as ``temperature``."""
    sample: int = 0
    """0, 1, ... where the same thing is asked several times."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    content: str | None
    refusal: str | None
    finish: str | None
    """``finish_reason``: stop, length, content_filter ..."""
    model: str | None
    """The model as the endpoint names it, often more exactly than it was asked for."""
    prompt_tokens: int | None
    """None where the endpoint does not say."""
    completion_tokens: int | None
    form: str
    """Of ``FORMS``: how JSON was asked for."""
    day: str
    """ISO date (UTC) on which it was given."""
    without: tuple[str, ...] = ()
    """Parameters of the request that were left out because the endpoint does not take them."""
    cached: bool = False

    def kept(self) -> Json:
        """As in the cache."""
        raw = asdict(self)
        del raw["cached"]
        return raw

    @staticmethod
    def from_kept(raw: Json) -> Answer | None:
        """From the cache; None where it is no answer."""
        texts = ("content", "refusal", "finish", "model")
        counts = ("prompt_tokens", "completion_tokens")
        try:
            answer = Answer(**raw | {"without": tuple(raw["without"])})
        except (TypeError, KeyError):
            return None
        right = (
            all(isinstance(raw[name], str | None) for name in texts)
            and all(raw[name] is None or type(raw[name]) is int for name in counts)
            and raw["form"] in FORMS
            and all(isinstance(text, str) for text in (raw["day"], *raw["without"]))
        )
        return replace(answer, cached=True) if right else None

    @property
    def is_worth_keeping(self) -> bool:
        """An answer of nothing at all is a hiccup; one that a filter emptied would come again."""
        said = bool((self.content or "").strip()) or bool(self.refusal)
        return said or self.finish == "content_filter"


class EndpointError(AmendsError):
    """One request failed, and not for a reason that every other request would fail for."""

    exit_code = 1

    def __init__(self, kind: str, message: str, status: int | None = None, wait: float | None = None) -> None:
        """Say what went wrong.

        Args:
            kind: in two words or so ("time-out", "rate limit"): what failures are counted by.
            message: of the endpoint or the client.
            status: of HTTP, where there was one.
            wait: seconds that the response asks to wait.
        """
        super().__init__(message)
        self.kind = kind
        self.status = status
        self.wait = wait

    @property
    def passing(self) -> bool:
        """The same request may succeed later."""
        return self.kind in ("time-out", "connection", "rate limit", "busy", "server error", "cut answer")


class EndpointRefused(UsageError):
    """Every request to this endpoint would fail: a wrong key, address or model name, or no credit."""


_KINDS = {408: "time-out", 409: "busy", 429: "rate limit"}
_REMEDIES = {
    401: "check OPENAI_API_KEY: the endpoint does not take it",
    402: "the account has no credit left; answers so far are kept: run again to go on",
    403: "the key may not use this model or endpoint: check its rights",
    404: "check the model's name and the base URL (most end in /v1)",
}
_NO_CREDIT = ("insufficient_quota", "billing_hard_limit_reached")


def failure(status: int, message: str, code: str | None, wait: float | None, answered: bool) -> AmendsError:
    """The error for a response that is none.

    Args:
        status: of HTTP.
        message: what the endpoint says.
        code: the endpoint's own code for it.
        wait: seconds that the response asks to wait.
        answered: whether the endpoint has answered any request. A 403 before that is about the key; after it, about
            one text (some endpoints moderate so).
    """
    said = f"the endpoint answers {status}: {message}"
    if status == 429 and code in _NO_CREDIT:
        status = 402
    if status in (401, 402, 404) or (status == 403 and not answered):
        return EndpointRefused(f"{said}; {_REMEDIES[status]}.")
    if status in _KINDS or status >= 500:
        return EndpointError(_KINDS.get(status, "server error"), said, status, wait)
    kind = "forbidden" if status == 403 else "bad request"
    remedy = "the text, its length or a parameter is not taken: see the message"
    return EndpointError(kind, f"{said}; {remedy}.", status)


def message_of(body: Any, hide: Callable[[str], str] = str) -> tuple[str, str | None]:
    """What an error's body says, in one line, and its code.

    Args:
        body: decoded JSON, of whatever shape; OpenAI's is ``{"error": {"message", "code", "param"}}``.
        hide: takes out of a text what nobody may see.
    """
    inner = body.get("error", body) if isinstance(body, dict) else body
    if not isinstance(inner, dict):
        return _line(inner, hide), None
    code = inner.get("code")
    said = inner.get("message") or inner.get("detail") or inner
    param = inner.get("param")
    named = f" (parameter {param})" if isinstance(param, str) and param not in str(said) else ""
    return _line(said, hide) + named, code if isinstance(code, str) else None


def _line(said: Any, hide: Callable[[str], str]) -> str:
    text = said if isinstance(said, str) else repr(said) if said is not None else "no message"
    # hidden before it is cut: half a key is one too
    return " ".join(hide(text).split())[:500]


def read_body(data: bytes, form: str, answered: bool, hide: Callable[[str], str] = str) -> Answer:
    """The answer in a response's body.

    Args:
        data: as it came, with status 200.
        form: how JSON was asked for.
        answered: whether the endpoint has answered any request.
        hide: takes out of a text what nobody may see, before it is part of an error.

    Raises:
        EndpointError: it is no chat completion; some endpoints send an error with status 200.
        EndpointRefused: likewise, and of a kind that would come every time.
    """
    try:
        body = parse(data)
    except orjson.JSONDecodeError:
        if data.lstrip().startswith(b"{"):
            ends = _line(hide(data.decode("utf-8", "replace"))[-80:], hide)
            raise EndpointError("cut answer", f"the endpoint's answer breaks off: it ends {ends!r}", 200) from None
        body = None
    if isinstance(body, dict) and body.get("error") and not body.get("choices"):
        words, code = message_of(body, hide)
        status = body["error"].get("code") if isinstance(body["error"], dict) else None
        raise failure(status if type(status) is int and status >= 400 else 500, words, code, None, answered)
    choices = body.get("choices") if isinstance(body, dict) else None
    first = choices[0] if isinstance(choices, list) and choices else None
    message = first.get("message") if isinstance(first, dict) else None
    if not isinstance(first, dict) or not isinstance(message, dict) or not isinstance(body, dict):
        shown = _line(hide(data.decode("utf-8", "replace"))[:80], hide)
        raise EndpointError("no completion", f"the endpoint's answer is no chat completion: it begins {shown!r}", 200)
    usage = body.get("usage")
    usage = usage if isinstance(usage, dict) else {}
    return Answer(
        _text(message.get("content")),
        _text(message.get("refusal")),
        _text(first.get("finish_reason")),
        _text(body.get("model")),
        _count(usage.get("prompt_tokens")),
        _count(usage.get("completion_tokens")),
        form,
        datetime.datetime.now(datetime.UTC).date().isoformat(),
    )


def _text(value: Any) -> str | None:
    if isinstance(value, list):  # content in parts
        value = "".join(p["text"] for p in value if isinstance(p, dict) and isinstance(p.get("text"), str))
    return value if isinstance(value, str) else None


def _count(value: Any) -> int | None:
    return value if type(value) is int and value >= 0 else None
