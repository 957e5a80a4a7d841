"""The server: where it listens, to which names it answers, how many connections it holds and how long it waits.

The only user of uvicorn; it loads when a desk is opened.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import ipaddress
import os
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from amends.desk.app import Entry, Task, application, cookies, missing_extra
from amends.desk.doors import Doors
from amends.desk.guard import Guard
from amends.desk.people import Person
from amends.errors import UsageError

if TYPE_CHECKING:
    import uvicorn

PORT = 8377
HEADER_SECONDS = 10.0
"""Within which the head of a request must have come, before that the first byte, and with TLS the handshake."""
WRITE_SECONDS = 30.0
"""Within which what was written must have been taken."""
IDLE_SECONDS = 30
"""For which a connection is kept between two requests."""
MAX_HEAD = 16_384
"""Bytes of a request's head."""
CONNECTIONS_A_PERSON = 16
"""A browser opens six; the rest is for a second one and for those that are closing."""
OTHER_FILES = 128
"""Open files that connections leave to everything else, the saving of replies first."""


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
    def name(self) -> str:
        """The host as a browser writes it: 127.1 is 127.0.0.1, 0:0::1 is ::1, names in small letters of ASCII."""
        with contextlib.suppress(ValueError):
            return ipaddress.ip_address(self.host).compressed
        with contextlib.suppress(OSError, UnicodeError):
            return socket.inet_ntoa(socket.inet_aton(self.host))
        with contextlib.suppress(UnicodeError):
            return self.host.encode("idna").decode("ascii").lower()
        return self.host.lower()

    @property
    def on_loopback(self) -> bool:
        """Whether only this machine reaches it."""
        return self.name == "localhost" or _address(self.name, "is_loopback")


def _address(host: str, test: str) -> bool:
    with contextlib.suppress(ValueError):
        address = ipaddress.ip_address(host)
        return bool(getattr(getattr(address, "ipv4_mapped", None) or address, test))
    return False


def bound(place: Place) -> _Listening:
    """A listening socket.

    Raises:
        UsageError: certificate without key, an address that stands for all, one that is not this machine's, or a port
            that is taken.
    """
    if (place.cert is None) != (place.key is None):
        raise UsageError("--cert and --key go together")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(place.name, place.port, type=socket.SOCK_STREAM)[0]
        if _address(str(address[0]), "is_unspecified"):  # 0 and 0x0 do as well as 0.0.0.0, and so does a name
            raise UsageError(
                f"--host {place.host} stands for every address, and the desk must know the names that it answers to; "
                "name the address or the name by which people reach this machine"
            )
        listening = _Listening(family, kind, protocol)
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


class _Listening(socket.socket):
    """Hangs up at once where too many connections are open, those that have not shaken hands among them."""

    most = CONNECTIONS_A_PERSON

    def accept(self) -> tuple[socket.socket, Any]:
        """Take a connection.

        Raises:
            ConnectionAbortedError: it was one too many.
        """
        line, address = super().accept()
        # closed sockets have no number
        self._open = [held for held in getattr(self, "_open", ()) if held.fileno() >= 0]
        if len(self._open) >= self.most:
            line.close()
            raise ConnectionAbortedError
        self._open.append(line)
        return line, address


def _room(most: int) -> int:
    """How many connections may be open, so that files can still be opened: the process is allowed only so many."""
    try:
        import resource
    except ImportError:  # Windows counts otherwise
        return most
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = most + OTHER_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        most = max(CONNECTIONS_A_PERSON, min(most, resource.getrlimit(resource.RLIMIT_NOFILE)[0] - OTHER_FILES))
    return most


def patient_loop() -> asyncio.AbstractEventLoop:
    """An event loop that waits for a handshake of TLS no longer than for the head of a request."""
    loop = asyncio.new_event_loop()
    served = functools.partial(loop.create_server, ssl_handshake_timeout=HEADER_SECONDS)
    loop.create_server = served  # type: ignore[method-assign]
    return loop


def _fitting(cert: Path, key: Path) -> None:
    """Refuse a certificate and a key that cannot be used.

    Raises:
        UsageError: with what is wrong.
    """

    def asked() -> NoReturn:
        raise ValueError("the key has a passphrase; write it without one, readable by you alone")

    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(cert, key, asked)
    except (OSError, ValueError) as error:
        raise UsageError(f"--cert {cert}, --key {key}: {error}") from None


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
        return f"{self._origin(self._place.name)}/enter#{self.doors.link(person)}"

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
        names = {self._place.name, *(("localhost", "127.0.0.1") if self._place.on_loopback else ())}
        names = {self._name(name) for name in names}
        own_port = 443 if self._place.cert else 80
        return {f"{name}:{self.port}" for name in names} | (names if self.port == own_port else set())

    def _server(self, task: Task, people: int) -> uvicorn.Server:
        try:
            import uvicorn
        except ImportError:
            raise missing_extra() from None
        secure = self._place.cert is not None
        if self._place.cert and self._place.key:
            _fitting(self._place.cert, self._place.key)
        self._socket.most = most = _room(CONNECTIONS_A_PERSON * (people + 3))
        # cookies know no ports: the name does, so that two desks on one machine do not take each other's
        cookie = f"{'__Host-' if secure else ''}amends_desk_{self.port}"
        entry = Entry(self.doors, cookie, secure, lambda person: self.entered(person))
        guard = Guard(
            application(entry, task), self.hosts(), self._place.scheme,
            lambda scope: scope["path"] != "/api/enter" and self.doors.who(cookies(scope, cookie)) is not None,
        )  # fmt: skip
        config = uvicorn.Config(
            guard, http=_limited(most), loop=f"{__name__}:patient_loop" if secure else "asyncio",
            # what strangers send wrong is no news for the terminal that holds the links
            ws="none", lifespan="off", log_config=None, log_level="error", access_log=False, proxy_headers=False,
            server_header=False, h11_max_incomplete_event_size=MAX_HEAD, timeout_keep_alive=IDLE_SECONDS,
            timeout_graceful_shutdown=3, ssl_certfile=self._place.cert, ssl_keyfile=self._place.key,
        )  # fmt: skip
        config.load()
        return uvicorn.Server(config)


class _Reading:
    """Part of a protocol: hangs up on who does not take what was written."""

    loop: asyncio.AbstractEventLoop
    transport: asyncio.Transport
    _unread: asyncio.TimerHandle | None = None

    def pause_writing(self) -> None:
        super().pause_writing()  # type: ignore[misc]
        if self._unread is None:
            self._unread = self.loop.call_later(WRITE_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        self._taken()
        super().resume_writing()  # type: ignore[misc]

    def _taken(self) -> None:
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None


def _limited(most: int) -> type[Any]:
    """The protocol of uvicorn with the limits that it lacks: connections, and time for a head and for an answer."""
    import h11
    from uvicorn.protocols.http.h11_impl import H11Protocol

    class Limited(_Reading, H11Protocol):  # type: ignore[misc]
        _late: Any = None

        def connection_made(self, transport: Any) -> None:
            if len(self.connections) >= most:
                self.transport = transport
                transport.abort()
                return
            super().connection_made(transport)
            transport.set_write_buffer_limits(1, 0)  # so that whatever is not taken is told of
            self._wait()

        def connection_lost(self, exc: Exception | None) -> None:
            self._come()
            self._taken()
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
