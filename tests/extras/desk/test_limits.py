"""Sizes and times: requests that are too large, too slow, too many, or none."""

from __future__ import annotations

import contextlib
import socket
import time
from urllib.parse import quote

import pytest
from tests.extras.desk.served import Browser, closed, raw, served

from amends.desk import guard, server


def test_a_body_over_one_megabyte_is_refused_before_it_is_read(desk) -> None:
    browser = desk.browser(name="ana")
    assert browser.ask("POST", "/api/scenarios/1/answer", b"", Content_Length=str(guard.MAX_BODY + 1)).status == 413
    assert browser.ask("POST", "/api/scenarios/1/answer", b"", Content_Length="9" * 30).status in (400, 413)


def test_a_body_that_does_not_say_its_size_is_cut_off(desk) -> None:
    browser = desk.browser(name="ana")
    head = (
        f"POST /api/scenarios/1/answer HTTP/1.1\r\nHost: 127.0.0.1:{desk.port}\r\nCookie: {browser.cookie}\r\n"
        f"Origin: http://127.0.0.1:{desk.port}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", desk.port), timeout=10) as line:
        line.sendall(head.encode())
        chunk = b"10000\r\n" + b"a" * 0x10000 + b"\r\n"
        sent = 0
        try:
            while sent < 64:
                line.sendall(chunk)
                sent += 1
            got = line.recv(65536)
        except ConnectionError:
            got = b""
    assert got.startswith(b"HTTP/1.1 413") or 16 <= sent < 64, "refused, or hung up on"
    assert desk.replies() == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        pytest.param(b"", 400, id="nothing"),
        pytest.param(b"{", 400, id="broken"),
        pytest.param(b"[]", 400, id="no object"),
        pytest.param(b"\xff", 400, id="not UTF-8"),
        pytest.param(b'{"text": "\\ud800", "seconds": 1, "revision": 0}', 400, id="half a character"),
        pytest.param(b"[" * 100000, 400, id="deeply nested"),
        pytest.param({"text": 1, "seconds": 1, "revision": 0}, 400, id="a number for a text"),
        pytest.param({"text": "a", "seconds": "1", "revision": 0}, 400, id="a text for a number"),
        pytest.param({"text": "a", "seconds": -1, "revision": 0}, 400, id="less than no time"),
        pytest.param({"text": "a", "seconds": 1e300, "revision": 0}, 400, id="more than a week"),
        pytest.param(b'{"text": "a", "seconds": NaN, "revision": 0}', 400, id="not a number"),
        pytest.param({"text": "a", "seconds": True, "revision": 0}, 400, id="true for a number"),
        pytest.param({"text": "a", "seconds": 1}, 400, id="a field short"),
        pytest.param({"text": "a", "seconds": 1, "revision": 0, "author": {}}, 400, id="a field too many"),
        pytest.param({"text": " \n\t", "seconds": 1, "revision": 0}, 400, id="blank"),
        pytest.param({"text": "a" * 100_001, "seconds": 1, "revision": 0}, 413, id="a character too many"),
    ],
)  # fmt: skip
def test_a_wrong_body_saves_nothing(standing, body, status) -> None:
    got = standing.post("/api/scenarios/1/answer", body)
    assert (got.status, list(got.json)) == (status, ["error"])
    assert standing.get("/api/state").json["states"] == ["open"] * 3


@pytest.mark.parametrize("number", ["0", "4", "-1", "1.0", "１", "99999999999999999999", "a", "%00"])
def test_a_scenario_that_is_none(standing, number) -> None:
    assert standing.get(f"/api/scenarios/{quote(number, safe='%')}").status == 404


@pytest.mark.parametrize("name", ["", "  ", "a" * 61, "a\nb", "a\x00b", "\u202eana", 5, None])
def test_a_name_that_is_none(desk, name) -> None:
    browser = desk.browser()
    assert browser.post("/api/consent", {"name": name, "agreed": True}).status in (400, 413)
    assert browser.get("/api/state").json["name"] is None


@pytest.mark.parametrize("agreed", [False, None, "yes", 1])
def test_nothing_starts_without_consent(desk, agreed) -> None:
    browser = desk.browser()
    assert browser.post("/api/consent", {"name": "ana", "agreed": agreed}).status == 400
    for got in (browser.get("/api/scenarios/1"), browser.save(1, "x"), browser.save(1, "x", what="draft")):
        assert got.status == 403


def test_a_head_that_is_too_long_is_refused(desk) -> None:
    head = f"GET /enter HTTP/1.1\r\nHost: 127.0.0.1:{desk.port}\r\nX-Long: ".encode() + b"a" * 70_000
    got = raw(desk.port, head, 5)
    assert got == b"" or got.startswith(b"HTTP/1.1 4")


@pytest.mark.parametrize(
    "start", [pytest.param(b"", id="says nothing"), pytest.param(b"GET / HTTP/1.1\r\nHost: x\r\n", id="half a head")]
)
def test_who_does_not_finish_the_head_is_hung_up_on(tmp_path, monkeypatch, start) -> None:
    monkeypatch.setattr(server, "HEADER_SECONDS", 0.3)
    with served(tmp_path / "desk") as desk:
        with socket.create_connection(("127.0.0.1", desk.port), timeout=10) as line:
            line.sendall(start)
            assert closed(line)
        good = Browser(desk.port)
        assert good.get("/enter").status == 200


def test_a_trickle_of_headers_wins_no_time(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(server, "HEADER_SECONDS", 0.5)
    with served(tmp_path / "desk") as desk, socket.create_connection(("127.0.0.1", desk.port), timeout=10) as line:
        line.sendall(b"GET / HTTP/1.1\r\n")
        for _ in range(200):
            time.sleep(0.02)
            try:
                line.sendall(b"A: b\r\n")
            except ConnectionError:
                return
        pytest.fail("still open after four seconds")


def test_a_second_request_has_to_finish_its_head_too(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(server, "HEADER_SECONDS", 0.3)
    with served(tmp_path / "desk") as desk, socket.create_connection(("127.0.0.1", desk.port), timeout=10) as line:
        line.sendall(f"GET /enter HTTP/1.1\r\nHost: 127.0.0.1:{desk.port}\r\n\r\n".encode())
        assert line.recv(100).startswith(b"HTTP/1.1 200")
        line.sendall(b"GET /enter HT")
        assert closed(line)


def test_a_body_that_does_not_come_is_not_waited_for(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(guard, "BODY_SECONDS", 0.3)
    with served(tmp_path / "desk") as desk:
        head = (
            f"POST /api/enter HTTP/1.1\r\nHost: 127.0.0.1:{desk.port}\r\nOrigin: http://127.0.0.1:{desk.port}\r\n"
            "Content-Type: application/json\r\nContent-Length: 50\r\n\r\n{"
        )
        assert raw(desk.port, head.encode()).startswith(b"HTTP/1.1 408")


def test_connections_are_counted(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(server, "CONNECTIONS_A_PERSON", 2)
    most = 2 * (1 + 3)
    with served(tmp_path / "desk") as desk:
        held = [socket.create_connection(("127.0.0.1", desk.port), timeout=10) for _ in range(most)]
        head = f"GET /enter HTTP/1.1\r\nHost: 127.0.0.1:{desk.port}\r\n\r\n".encode()
        for line in held:
            line.sendall(head)
            assert line.recv(100).startswith(b"HTTP/1.1 200")
        with socket.create_connection(("127.0.0.1", desk.port), timeout=10) as more:
            assert closed(more, head)
        held.pop().close()
        until = time.monotonic() + 10
        while time.monotonic() < until and not raw(desk.port, head, 0.5).startswith(b"HTTP/1.1 200"):
            pass
        assert time.monotonic() < until, "room again when one has left"
        for line in held:
            line.close()


@pytest.mark.parametrize(
    "head",
    [
        pytest.param("GET /enter HTTP/1.1\r\n{host}Content-Length: 100000\r\n\r\n", id="a length"),
        pytest.param("GET /enter HTTP/1.1\r\n{host}Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n", id="chunks"),
        pytest.param("HEAD /enter HTTP/1.1\r\n{host}Content-Length: 100000\r\n\r\n", id="HEAD"),
    ],
)
def test_a_trickle_of_a_body_that_nobody_reads_wins_no_time(desk, head) -> None:
    with socket.create_connection(("127.0.0.1", desk.port), timeout=10) as line:
        line.sendall(head.format(host=f"Host: 127.0.0.1:{desk.port}\r\n").encode())
        assert line.recv(100).startswith(b"HTTP/1.1 400")
        assert closed(line)


def test_who_does_not_read_is_hung_up_on(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(server, "WRITE_SECONDS", 0.5)
    with served(tmp_path / "desk") as desk, socket.socket() as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line.settimeout(1)
        line.connect(("127.0.0.1", desk.port))
        asked = f"GET /static/answer.js HTTP/1.1\r\nHost: 127.0.0.1:{desk.port}\r\n\r\n".encode()
        with contextlib.suppress(TimeoutError, ConnectionError):
            line.sendall(asked * 3000)
        held = desk.desk.server.server_state.connections
        until = time.monotonic() + 10
        while held and time.monotonic() < until:
            time.sleep(0.05)
        assert not held


def test_two_lengths_are_none(desk) -> None:
    """A program in between that reads the other one would see another request than the desk."""
    head = (
        f"POST /api/enter HTTP/1.1\r\nHost: 127.0.0.1:{desk.port}\r\nOrigin: http://127.0.0.1:{desk.port}\r\n"
        "Content-Type: application/json\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
        f"GET /enter HTTP/1.1\r\nHost: 127.0.0.1:{desk.port}\r\n\r\n"
    )
    got = raw(desk.port, head.encode(), 3)
    assert (got.count(b"HTTP/1.1"), got[:12]) == (1, b"HTTP/1.1 400")


def test_what_follows_a_refused_request_is_not_read_as_one(desk) -> None:
    host = f"Host: 127.0.0.1:{desk.port}\r\n"
    inside = f"GET /enter HTTP/1.1\r\n{host}\r\n"
    got = raw(desk.port, f"POST /api/enter HTTP/1.1\r\n{host}Content-Length: {len(inside)}\r\n\r\n{inside}".encode(), 3)
    assert (got.count(b"HTTP/1.1"), got[:12]) == (1, b"HTTP/1.1 403")


def test_of_a_stranger_no_large_body_is_held(desk, monkeypatch) -> None:
    held: list[int] = []
    real = guard._replay
    monkeypatch.setattr(guard, "_replay", lambda body, receive: (held.append(len(body)), real(body, receive))[1])
    large = {"text": "a" * 90_000, "seconds": 1, "revision": 0}
    for path in ("/api/scenarios/1/answer", "/api/enter"):
        got = Browser(desk.port).post(path, large)
        assert (got.status, "not in" in got.json["error"]) == (401, True), "an answer, not a connection that breaks"
    assert held == []
    assert desk.browser(name="ana").post("/api/scenarios/1/answer", large).status == 200
    assert max(held) > 90_000


@pytest.mark.parametrize("number", ["01", "0000000012", "+1", " 1", "1_0", "1e0"])
def test_a_number_is_written_in_one_way(standing, number) -> None:
    assert standing.get(f"/api/scenarios/{quote(number)}").status == 404


@pytest.mark.parametrize("field", ["revision", "step", "seen"])
def test_a_half_is_no_revision(standing, field) -> None:
    body = {"text": "a", "seconds": 1, "revision": 0, "window": "w", "step": 1, "seen": 0}
    assert standing.post("/api/scenarios/1/draft", body | {field: 0.5}).status == 400


def test_connections_leave_files_to_the_saving() -> None:
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (256, before[1]))
        assert server._room(300) == 300, "raised, where that is allowed"
        assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] == 300 + server.OTHER_FILES
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_connections_leave_files_where_no_more_are_allowed(monkeypatch) -> None:
    resource = pytest.importorskip("resource")
    monkeypatch.setattr(resource, "getrlimit", lambda _: (1024, 1024))
    monkeypatch.setattr(resource, "setrlimit", lambda *_: None)
    assert server._room(8048) == 1024 - server.OTHER_FILES
    assert server._room(64) == 64


def test_a_handshake_that_does_not_come_counts_and_is_not_waited_for(tmp_path, monkeypatch, certificate) -> None:
    monkeypatch.setattr(server, "HEADER_SECONDS", 1.0)
    monkeypatch.setattr(server, "CONNECTIONS_A_PERSON", 2)
    cert, key = certificate
    with served(tmp_path / "desk", cert=cert, key=key) as desk:
        held = [socket.create_connection(("127.0.0.1", desk.port), timeout=5) for _ in range(8)]
        time.sleep(0.3)
        with socket.create_connection(("127.0.0.1", desk.port), timeout=0.5) as more:
            assert closed(more), "one too many, though none has shaken hands"
        assert all(closed(line) for line in held), "hung up on long before the minute that asyncio waits"
        for line in held:
            line.close()


def test_what_strangers_send_wrong_is_not_told_to_the_terminal(desk, caplog) -> None:
    host = f"Host: 127.0.0.1:{desk.port}\r\n"
    raw(desk.port, b"\xff\r\n\r\n", 1)
    upgrade = f"GET / HTTP/1.1\r\n{host}Connection: Upgrade, close\r\nUpgrade: websocket\r\n\r\n"
    assert raw(desk.port, upgrade.encode(), 1).startswith(b"HTTP/1.1 401"), "as any request"
    assert caplog.records == []
