"""The server: where it listens, to which names it answers, how many connections it holds and how long it waits.

The only user of uvicorn; it loads when a desk is opened.
"""

from __future__ import annotations

import contextlib
import ipaddress
import os
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from amends.desk.app import Entry, Task, application, missing_extra
from amends.desk.doors import Doors
from amends.desk.guard import Guard
from amends.desk.people import Person
from amends.errors import UsageError

if TYPE_CHECKING:
    import uvicorn

PORT = 8377
HEADER_SECONDS = 10.0
"""Within which the head of a request must have come, and before that the first byte."""
IDLE_SECONDS = 30
"""For which a connection is kept between two requests."""
MAX_HEAD = 16_384
"""Bytes of a request's head."""
CONNECTIONS_A_PERSON = 16
"""A browser opens six; the rest is for a second one and for those that are closing."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a desk stands."""

    host: str = "127.0.0.1"
    """The address or name by which people reach it."""
    port: int = PORT
    """0 takes any that is free."""
    cert: Path | None = None
    """TLS certificate, PEM."""
    key: Path | None = None
    """Its key, PEM."""

    @property
    def scheme(self) -> str:
        """Scheme of its addresses, http or https."""
        return "https" if self.cert else "http"

    @property
    def on_loopback(self) -> bool:
        """Whether only this machine reaches it."""
        return self.host.casefold() == "localhost" or _address(self.host, "is_loopback")


def _address(host: str, test: str) -> bool:
    with contextlib.suppress(ValueError):
        return bool(getattr(ipaddress.ip_address(host), test))
    return False


def bound(place: Place) -> socket.socket:
    """A listening socket.

    Raises:
        UsageError: certificate without key, an address that stands for all, one that is not this machine's, or a port
            that is taken.
    """
    if (place.cert is None) != (place.key is None):
        raise UsageError("--cert and --key go together")
    if _address(place.host, "is_unspecified"):
        raise UsageError(
            f"--host {place.host} stands for every address, and the desk must know the names that it answers to; "
            "name the address or the name by which people reach this machine"
        )
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family, kind, protocol)
        with contextlib.ExitStack() as undo:
            undo.callback(listening.close)
            if os.name != "nt":  # there it would let another program listen beside us
                listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind(address)
            listening.listen(1024)
            undo.pop_all()
        return listening
    except (OSError, UnicodeError) as error:
        raise UsageError(
            f"cannot listen on {place.host} port {place.port} ({getattr(error, 'strerror', None) or error}); "
            "name another with --host or --port, or stop the desk that stands there"
        ) from None


class Desk:
    """A server that is bound and ready to run."""

    def __init__(self, place: Place, people: list[Person], task: Task, file: Path) -> None:
        """Bind it.

        Args:
            place: where.
            people: who may come in.
            task: what they do.
            file: where hashes of sessions lie.

        Raises:
            UsageError: the extra ``desk`` is missing, or the place cannot be had.
        """
        self.entered: Callable[[Person], None] = lambda person: None
        """Told when somebody used a link."""
        self._place = place
        self.doors = Doors(people, file)
        self._socket = bound(place)
        with contextlib.ExitStack() as undo:
            undo.callback(self._socket.close)
            self.port: int = self._socket.getsockname()[1]
            self.server = self._server(task, len(people))
            undo.pop_all()

    def link(self, person: Person) -> str:
        """A new link of a person. The code stands behind the #: browsers do not send that part, so no log holds it."""
        return f"{self._origin(self._place.host)}/enter#{self.doors.link(person)}"

    def run(self) -> None:
        """Serve until the process is told to stop.

        Raises:
            KeyboardInterrupt: it was told by Ctrl+C.
        """
        self.server.run(sockets=[self._socket])

    def _origin(self, host: str) -> str:
        return f"{self._place.scheme}://{self._name(host)}:{self.port}"

    @staticmethod
    def _name(host: str) -> str:
        return f"[{host}]" if ":" in host else host

    def hosts(self) -> set[str]:
        """What a Host header may say: the name that was given, on loopback also localhost."""
        names = {self._place.host, *(("localhost", "127.0.0.1") if self._place.on_loopback else ())}
        names = {self._name(name) for name in names}
        own_port = 443 if self._place.cert else 80
        return {f"{name}:{self.port}" for name in names} | (names if self.port == own_port else set())

    def _server(self, task: Task, people: int) -> uvicorn.Server:
        try:
            import uvicorn
        except ImportError:
            raise missing_extra() from None
        secure = self._place.cert is not None
        # cookies know no ports: the name does, so that two desks on one machine do not take each other's
        cookie = f"{'__Host-' if secure else ''}amends_desk_{self.port}"
        entry = Entry(self.doors, cookie, secure, lambda person: self.entered(person))
        config = uvicorn.Config(
            Guard(application(entry, task), self.hosts(), self._place.scheme),
            http=_limited(CONNECTIONS_A_PERSON * (people + 3)),
            ws="none", lifespan="off", loop="asyncio", log_config=None, access_log=False, proxy_headers=False,
            server_header=False, h11_max_incomplete_event_size=MAX_HEAD, timeout_keep_alive=IDLE_SECONDS,
            timeout_graceful_shutdown=3, ssl_certfile=self._place.cert, ssl_keyfile=self._place.key,
        )  # fmt: skip
        try:
            config.load()
        except (OSError, ssl.SSLError) as error:
            raise UsageError(f"--cert {self._place.cert}, --key {self._place.key}: {error}") from None
        return uvicorn.Server(config)


def _limited(most: int) -> type[Any]:
    """The protocol of uvicorn with the two limits that it lacks: connections, and time for the head of a request."""
    import h11
    from uvicorn.protocols.http.h11_impl import H11Protocol

    class Limited(H11Protocol):  # type: ignore[misc]
        _late: Any = None

        def connection_made(self, transport: Any) -> None:
            if len(self.connections) >= most:
                self.transport = transport
                transport.abort()
                return
            super().connection_made(transport)
            self._wait()

        def connection_lost(self, exc: Exception | None) -> None:
            self._come()
            super().connection_lost(exc)

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            if self.conn.their_state is not h11.IDLE:
                self._come()
            elif self._late is None:
                self._wait()

        def _wait(self) -> None:
            self._late = self.loop.call_later(HEADER_SECONDS, self.transport.abort)

        def _come(self) -> None:
            if self._late is not None:
                self._late.cancel()
                self._late = None

    return Limited
