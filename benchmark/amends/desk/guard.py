"""What the server lets in: asked of every request before anything reads it, and what every answer forbids.

Against a page of another site (DNS rebinding, forged requests, framing), against texts that would be scripts, and
against requests that are too large or too slow. Plain ASGI: nothing behind it can forget it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, MutableMapping
from typing import Any

import orjson

MAX_BODY = 1_000_000
"""Bytes of a request's body."""
STRANGER_BODY = 4_096
"""Bytes that are held of a body before it is known who sends it: enough for the code of a link."""
BODY_SECONDS = 20.0
"""Within which a body must have come."""

HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
"""Of every answer."""

OUTSIDE = "This browser is not in: open a new link of the desk, then come back to this page."

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]
Refusal = tuple[int, str]
"""Status and words."""


def _refused(status: int, words: str) -> tuple[Message, Message]:
    body = orjson.dumps({"error": words})
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    # what follows of the request is not read, so the connection cannot be used again
    start = {"type": "http.response.start", "status": status, "headers": [*headers, (b"connection", b"close")]}
    return start, {"type": "http.response.body", "body": body}


class Guard:
    """Stands before an application."""

    def __init__(
        self,
        app: App,
        hosts: Collection[str],
        scheme: str = "http",
        known: Callable[[MutableMapping[str, Any]], bool] = lambda scope: True,
    ) -> None:
        """Guard ``app``.

        Args:
            app: what is guarded.
            hosts: what a Host header may say, as ``name:port``, and without the port where it is the scheme's own.
            scheme: http or https.
            known: whether a request's head is of somebody who is in; bodies of others are not held in memory.
        """
        self._app = app
        self._known = known
        self._hosts = frozenset(host.lower() for host in hosts)
        self._origins = frozenset(f"{scheme}://{host}" for host in self._hosts)

    def refusal(self, scope: MutableMapping[str, Any]) -> Refusal | None:
        """Why a request is not let in, by its head alone; None if it is."""
        headers: dict[str, list[str]] = {}
        for name, value in scope["headers"]:
            headers.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1").strip())
        hosts = headers.get("host", [])
        if len(hosts) != 1 or hosts[0].lower() not in self._hosts:
            return 421, "This desk does not answer to that name; open the link that the terminal shows"
        if scope["method"] not in ("GET", "HEAD", "POST"):
            return 405, "Only GET and POST"
        if "transfer-encoding" in headers and "content-length" in headers:
            return 400, "A body has one length"  # two readers of such a request see two requests
        site = headers.get("sec-fetch-site", [])
        if scope["method"] == "POST":
            return self._change_refused(headers, hosts[0], site)
        if "transfer-encoding" in headers or headers.get("content-length", ["0"]) != ["0"]:
            return 400, "Only a POST has a body"  # nobody would wait for its end
        if scope["path"].startswith("/api/") and site and site != ["same-origin"]:
            return 403, "Only pages of this desk may ask"
        return None

    def _change_refused(self, headers: dict[str, list[str]], host: str, site: list[str]) -> Refusal | None:
        origins = [origin.lower() for origin in headers.get("origin", [])]
        if len(origins) != 1 or origins[0] not in self._origins or origins[0].partition("://")[2] != host.lower():
            return 403, "Only a page of this desk may change anything"
        if site and site != ["same-origin"]:
            return 403, "Only a page of this desk may change anything"
        kinds = headers.get("content-type", [])
        if len(kinds) != 1 or kinds[0].casefold().replace(" ", "") not in _JSON:
            return 415, "Only application/json"
        if "content-encoding" in headers:
            return 415, "Only a body that is not compressed"
        length = headers.get("content-length", ["0"])[0]
        if not length.isdecimal() or int(length[:20]) > MAX_BODY:
            return 413, f"At most {MAX_BODY:,} bytes"
        return None

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = {name.encode(): value.encode() for name, value in HEADERS.items()}
                kept = [(name, value) for name, value in message["headers"] if name.lower() not in own]
                message["headers"] = [*kept, *own.items()]
            await send(message)

        refused = self.refusal(scope)
        if refused is None and scope["method"] == "POST":
            body = await _body(receive, MAX_BODY if self._known(scope) else STRANGER_BODY)
            if isinstance(body, bytes):
                await self._app(scope, _replay(body, receive), marked)
                return
            refused = body
        if refused is None:
            await self._app(scope, receive, marked)
            return
        for message in _refused(*refused):
            await marked(message)


_JSON = ("application/json", "application/json;charset=utf-8")


async def _body(receive: Receive, held: int) -> bytes | Refusal:
    """A body whole, or why not.

    Of one with more than ``held`` bytes none stays in memory; it is read to its end all the same, because a browser
    whose words are not taken sees a broken connection and no answer.
    """
    parts: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(BODY_SECONDS):
            while True:
                message = await receive()
                if message["type"] != "http.request":
                    return 400, "The request broke off"
                parts.append(message.get("body", b""))
                size += len(parts[-1])
                if size > MAX_BODY:
                    return 413, f"At most {MAX_BODY:,} bytes"
                if size > held:
                    parts.clear()
                if not message.get("more_body"):
                    return b"".join(parts) if size <= held else (401, OUTSIDE)
    except TimeoutError:
        return 408, f"The request did not come within {BODY_SECONDS:.0f} seconds"


def _replay(body: bytes, receive: Receive) -> Receive:
    """Give the application the body that was read, then what follows it."""
    held: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return held.pop() if held else await receive()

    return again
