"""An endpoint that loses a fifth of what it is asked, in five ways, by seeded draws."""

from __future__ import annotations

import contextlib
import http.server
import json
import random
import socket
import threading
from collections import Counter
from collections.abc import Iterator

FAULTS = ("429", "500", "time-out", "half JSON", "dropped")


class Faulty(http.server.ThreadingHTTPServer):
    """Each whole answer has a number of its own: two replies that share one, or a number that is lost, would show."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, share: float, hang: float = 0.0, pause: float = 0.0, seed: int = 12345) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.share, self.hang, self.pause, self.seed = share, hang, pause, seed
        self.lock = threading.Lock()
        self.ended = threading.Event()
        self.asked = 0
        self.answered: list[str] = []
        self.faults: Counter[str] = Counter()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"

    def draw(self) -> tuple[int, str | None]:
        with self.lock:
            number, self.asked = self.asked, self.asked + 1
            dice = random.Random(f"{self.seed}:{number}")
            fault = dice.choice(FAULTS) if dice.random() < self.share else None
            if fault:
                self.faults[fault] += 1
            return number, fault

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that has given up is no news."""


@contextlib.contextmanager
def faulty(share: float, **how: float) -> Iterator[Faulty]:
    """A server in threads of its own."""
    with Faulty(share, **how) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.ended.set()
            server.shutdown()
            thread.join()


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Faulty

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        number, fault = self.server.draw()
        if fault == "time-out":
            self.server.ended.wait(self.server.hang)
            self.close_connection = True
        elif fault == "dropped":
            with contextlib.suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True
        elif fault in ("429", "500"):
            error = {"error": {"message": "not now", "type": "e", "param": None, "code": None}}
            self._send(int(fault), json.dumps(error).encode(), {"Retry-After": "0.02"} if fault == "429" else {})
        else:
            self._answer(number, half=fault is not None)

    def _answer(self, number: int, half: bool) -> None:
        self.server.ended.wait(self.server.pause)
        text = f"answer {number}: we are sorry, and it is on its way."
        message = {"role": "assistant", "content": text}
        body = json.dumps(
            {
                "id": f"c-{number}",
                "object": "chat.completion",
                "created": 1,
                "model": "m-2026",
                "choices": [{"index": 0, "finish_reason": "stop", "message": message}],
                "usage": {"prompt_tokens": 400, "completion_tokens": 20, "total_tokens": 420},
            }
        ).encode()
        if not half:
            with self.server.lock:
                self.server.answered.append(text)
        self._send(200, body[: len(body) // 2] if half else body, {})

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """A tenth of a million lines are read by nobody."""
