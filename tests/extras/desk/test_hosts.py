"""To which names the server answers, and where it listens: attacked over real sockets."""

from __future__ import annotations

import http.client
import socket
from urllib.parse import urlsplit

import pytest
from tests.extras.desk.served import PATHS, Browser, raw, served

from amends.desk import server
from amends.desk.people import ALONE
from amends.desk.server import Desk, Place, bound
from amends.errors import UsageError

# ---- to which names it answers (DNS rebinding)


@pytest.mark.parametrize(
    "host",
    [
        pytest.param("evil.example:{port}", id="a name that was pointed at this machine"),
        pytest.param("evil.example", id="the same without the port"),
        pytest.param("127.0.0.1", id="without the port"),
        pytest.param("127.0.0.1:1", id="another port"),
        pytest.param("127.0.0.1.evil.example:{port}", id="begins like ours"),
        pytest.param("evil.example@127.0.0.1:{port}", id="a user before the name"),
        pytest.param("localhost.:{port}", id="a dot at the end"),
        pytest.param("0.0.0.0:{port}", id="the address that stands for all"),
        pytest.param("[::1]:{port}", id="an address where it does not listen"),
        pytest.param("", id="empty"),
    ],
)
@pytest.mark.parametrize("path", PATHS)
def test_another_host_gets_nothing(standing, host, path) -> None:
    port = standing.port
    got = standing.get(path, Host=host.format(port=port), X_Forwarded_Host=f"127.0.0.1:{port}")
    assert got.status == 421
    assert list(got.json) == ["error"]


def test_a_foreign_host_cannot_use_a_link_up_or_save(desk) -> None:
    link = desk.link()
    evil = f"evil.example:{desk.port}"
    stranger = Browser(desk.port)
    assert (
        stranger.post("/api/enter", {"code": link.partition("#")[2]}, Host=evil, Origin=f"http://{evil}").status == 421
    )
    assert stranger.enter(link).status == 200, "and the link is still good"


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "LOCALHOST"])
def test_its_own_names_are_answered(desk, name) -> None:
    assert Browser(desk.port).get("/enter", Host=f"{name}:{desk.port}").status == 200


def test_two_hosts_or_none_are_refused(desk) -> None:
    good = f"Host: 127.0.0.1:{desk.port}\r\n".encode()
    two = raw(desk.port, b"GET /enter HTTP/1.1\r\n" + good + b"Host: evil.example\r\nConnection: close\r\n\r\n")
    none = raw(desk.port, b"GET /enter HTTP/1.1\r\nConnection: close\r\n\r\n")
    old = raw(desk.port, b"GET /enter HTTP/1.0\r\n\r\n")
    assert [got.split()[1] for got in (two, none, old)] == [b"400", b"400", b"421"]


# ---- where it listens


def test_it_listens_on_loopback_alone(desk) -> None:
    assert desk.desk._socket.getsockname()[0] == "127.0.0.1"
    assert Place().on_loopback


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_no_address_that_stands_for_all(host) -> None:
    with pytest.raises(UsageError, match="names that it answers to"):
        bound(Place(host, 0))


def test_a_port_that_is_taken_is_named(desk) -> None:
    with pytest.raises(UsageError, match=f"port {desk.port}"):
        bound(Place(port=desk.port))


@pytest.mark.parametrize(("cert", "key"), [("a.pem", None), (None, "a.pem")])
def test_half_of_tls_is_refused(cert, key) -> None:
    with pytest.raises(UsageError, match="go together"):
        bound(Place(port=0, cert=cert and server.Path(cert), key=key and server.Path(key)))


def test_a_certificate_that_is_none(tmp_path) -> None:
    (tmp_path / "a.pem").write_text("no certificate")
    place = Place(port=0, cert=tmp_path / "a.pem", key=tmp_path / "a.pem")
    from amends.desk.answering import Answering

    with pytest.raises(UsageError, match="--cert"):
        Desk(place, [ALONE], Answering({}).task(), tmp_path / "s.json")


@pytest.mark.parametrize("host", ["0", "0x0", "0.0", "::0", "0:0:0:0:0:0:0:0", "::ffff:0.0.0.0"])
def test_no_other_spelling_of_it_either(host) -> None:
    with pytest.raises(UsageError, match="names that it answers to"):
        bound(Place(host, 0)).close()


def test_no_name_that_leads_to_it(monkeypatch) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("0.0.0.0", 0))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    with pytest.raises(UsageError, match="names that it answers to"):
        bound(Place("everything.example", 0)).close()


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("127.1", "127.0.0.1"),
        ("0x7f000001", "127.0.0.1"),
        ("0:0:0:0:0:0:0:1", "::1"),
        ("FE80::00AB", "fe80::ab"),
        ("Desk.Example", "desk.example"),
        ("Bücher.example", "xn--bcher-kva.example"),
    ],
)
def test_a_host_is_written_as_browsers_write_it(given, name) -> None:
    """Or the desk would answer to a name that no browser ever sends."""
    place = Place(given)
    assert (place.name, place.on_loopback) == (name, name in ("127.0.0.1", "::1"))


@pytest.mark.parametrize("host", ["127.1", "::1", "0:0:0:0:0:0:0:1"])
def test_it_is_reached_by_the_link_of_another_spelling(tmp_path, host) -> None:
    with served(tmp_path / "desk", host=host) as desk:
        at = urlsplit(desk.link())
        line = http.client.HTTPConnection(at.hostname, at.port, timeout=10)
        line.request("GET", "/enter", headers={"Host": at.netloc})
        assert line.getresponse().status == 200
        line.close()


@pytest.mark.parametrize("target", ["http://evil.example/api/state", "http://127.0.0.1/enter", "//evil.example/enter"])
def test_the_name_of_another_in_the_address_leads_nowhere(standing, target) -> None:
    assert standing.get(target).status == 404
