"""A desk that a test serves, and a browser's requests without a browser."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from amends.desk.answering import Answering
from amends.desk.people import ALONE, Person, team
from amends.desk.server import Desk, Place
from amends.desk.work import Work
from amends.records import Context, Scenario, Turn

POISON = "poisoned-gold-and-plan"
"""Stands wherever a page must not look."""


def scenario(number: int, *texts: str) -> Scenario:
    """A scenario whose hidden fields all say so."""
    said = texts or (f"Parcel {number} never came.",)
    turns = tuple(Turn("customer" if (len(said) - i) % 2 else "agent", text) for i, text in enumerate(said))
    context = Context(
        "en",
        "parcels",
        "email",
        f"fault-{POISON}",
        "new",
        "Acme",
        None,
        f"emotion-{POISON}",
        5,
        "May refund 20 pounds.",
    )
    meta = {"plan": POISON, "gold": {"model": {"levels": POISON}}, "writer": POISON}
    return Scenario(f"id-{POISON}-{number}", turns, "train", context, meta)


SCENARIOS = [scenario(number) for number in range(1, 4)]


@dataclass
class Answer:
    """What the server said."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Browser:
    """Requests as a page of the desk makes them; ``headers`` of None leave one out."""

    port: int
    cookie: str = ""
    host: str = "127.0.0.1"

    def ask(self, method: str, path: str, body: Any = None, **headers: str | None) -> Answer:
        sent: dict[str, str | None] = {"Host": f"{self.host}:{self.port}", "Sec-Fetch-Site": "same-origin"}
        data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        if method == "POST":
            sent |= {"Origin": f"http://{self.host}:{self.port}", "Content-Type": "application/json"}
        if self.cookie:
            sent["Cookie"] = self.cookie
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            line.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in sent.items():
                if value is not None:
                    line.putheader(name, value)
            if data is not None and "Content_Length" not in headers:
                line.putheader("Content-Length", str(len(data)))
            line.endheaders(data)
            got = line.getresponse()
            return Answer(got.status, {k.lower(): v for k, v in got.getheaders()}, got.read())
        finally:
            line.close()

    def get(self, path: str, **headers: str | None) -> Answer:
        return self.ask("GET", path, **headers)

    def post(self, path: str, body: Any, **headers: str | None) -> Answer:
        return self.ask("POST", path, body, **headers)

    def enter(self, link: str) -> Answer:
        got = self.post("/api/enter", {"code": link.partition("#")[2]})
        if got.status == 200:
            self.cookie = got.headers["set-cookie"].partition(";")[0]
        return got

    def agree(self, name: str) -> Answer:
        return self.post("/api/consent", {"name": name, "agreed": True})

    def save(self, number: int, text: str, revision: int = 0, what: str = "answer") -> Answer:
        return self.post(f"/api/scenarios/{number}/{what}", {"text": text, "seconds": 5, "revision": revision})


@dataclass
class Served:
    """A desk that runs in this process."""

    desk: Desk
    folder: Path
    people: list[Person]

    @property
    def port(self) -> int:
        return self.desk.port

    def link(self, which: int = 0) -> str:
        return self.desk.link(self.people[which])

    def browser(self, which: int = 0, name: str = "") -> Browser:
        """Somebody who is in, and has agreed where a name is given."""
        made = Browser(self.port)
        assert made.enter(self.link(which)).status == 200
        if name:
            assert made.agree(name).status == 200
        return made

    def replies(self, which: int = 0) -> list[dict[str, Any]]:
        path = self.folder / self.people[which].folder / "replies.jsonl"
        return [json.loads(line) for line in path.read_bytes().splitlines()] if path.exists() else []


@contextlib.contextmanager
def served(
    folder: Path,
    scenarios: Sequence[Scenario] = SCENARIOS,
    people: Sequence[str] = (),
    port: int = 0,
    host: str = "127.0.0.1",
    **tls: Path,
) -> Iterator[Served]:
    """Serve a desk until the block ends."""
    folder.mkdir(parents=True, exist_ok=True)
    comers = team(people) if people else [ALONE]
    works = {person.folder: Work(folder / person.folder, scenarios) for person in comers}
    desk = Desk(Place(host, port, **tls), comers, Answering(works).task(), folder / "sessions.json")
    thread = threading.Thread(target=desk.run, daemon=True)
    thread.start()
    try:
        until = time.monotonic() + 20
        while not desk.server.started and time.monotonic() < until:
            time.sleep(0.01)
        assert desk.server.started
        yield Served(desk, folder, comers)
    finally:
        desk.server.should_exit = True
        thread.join(20)
        assert not thread.is_alive()


def raw(port: int, data: bytes, wait: float = 10.0) -> bytes:
    """What comes back for bytes, until the server closes or ``wait`` seconds are over."""
    with socket.create_connection(("127.0.0.1", port), timeout=wait) as line:
        line.sendall(data)
        got = b""
        with contextlib.suppress(TimeoutError, ConnectionError):
            while part := line.recv(65536):
                got += part
        return got


def closed(line: socket.socket, data: bytes = b"") -> bool:
    """Whether the other side hangs up before the socket's own time-out."""
    try:
        if data:
            line.sendall(data)
        while line.recv(65536):
            pass
        return True
    except TimeoutError:
        return False
    except ConnectionError:
        return True


PATHS = ["/", "/enter", "/static/answer.js", "/api/state", "/api/scenarios/1", "/nowhere"]
"""Addresses of every kind."""
