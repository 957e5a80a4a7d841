"""``amends answer`` as it is called: the link on the terminal, a kill in the middle, TLS, a team, wrong use."""

from __future__ import annotations

import contextlib
import http.client
import json
import queue
import re
import signal
import socket
import ssl
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.extras.desk.served import Browser

from amends.dataset.folder import released
from amends.desk.server import Place
from amends.generators import load_generator


@contextlib.contextmanager
def running(folder: Path, *options: object, links: int = 1) -> Iterator[tuple[subprocess.Popen, list[str]]]:
    """The command as a process, once it has printed its links; killed at the end if it still runs."""
    command = [sys.executable, "-m", "amends", "answer", "--split", "train", "--no-browser", *map(str, options)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, cwd=folder, text=True, **pipes) as process:
        dog = threading.Timer(120, process.kill)
        dog.start()
        try:
            lines = [process.stdout.readline().strip() for _ in range(links)]
            if not all("/enter#" in line for line in lines):
                process.kill()
                pytest.fail(process.stderr.read())
            yield process, lines
        finally:
            dog.cancel()
            if process.poll() is None:
                process.kill()


def ended(process: subprocess.Popen) -> str:
    """What it says at the end, after Ctrl+C."""
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 0, said
    return said


def port_of(link: str) -> int:
    return int(re.search(r":(\d+)/enter#", link)[1])


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return found.getsockname()[1]


def test_killed_in_the_middle_and_taken_up(tmp_path) -> None:
    port = free_port()
    options = ("-o", "work", "--limit", 3, "--port", port)
    with running(tmp_path, *options) as (process, (link,)):
        browser = Browser(port)
        assert browser.enter(link).status == 200
        assert "/enter#" in process.stdout.readline(), "a new link takes the place of the used one"
        browser.agree("heron")
        assert browser.save(1, "One.").status == 200
        assert browser.save(2, "hal", what="draft").status == 200
        process.kill()
    assert stat.S_IMODE((tmp_path / "work").stat().st_mode) == 0o700
    journal = tmp_path / "work" / "work.jsonl"
    with journal.open("ab") as stream:
        stream.write(b'{"event":"answer","at":"2026')
    with running(tmp_path, *options) as (process, _):
        assert browser.get("/api/state").json["states"] == ["answer", "open", "open"], "the old cookie is still good"
        assert browser.get("/api/scenarios/2").json["text"] == "hal"
        assert browser.save(2, "half").status == 200
        assert "2 of 3 answered, 0 skipped: work/replies.jsonl" in ended(process)
    replies = [json.loads(line) for line in (tmp_path / "work" / "replies.jsonl").read_bytes().splitlines()]
    assert [reply["text"] for reply in replies] == ["One.", "half"]
    asked = released().scenarios("train")[:3]
    assert [reply["scenario_id"] for reply in replies] == [scenario.id for scenario in asked[:2]]
    given = list(load_generator(str(tmp_path / "work" / "replies.jsonl")).generate(asked))
    assert [reply.author.kind for reply in given] == ["person", "person"]


def test_run_and_generate_take_the_replies_as_they_are(tmp_path, amends) -> None:
    with running(tmp_path, "-o", "work", "--limit", 2, "--port", 0) as (process, (link,)):
        browser = Browser(port_of(link))
        browser.enter(link)
        browser.agree("heron")
        for number in (1, 2):
            assert browser.save(number, f"I am sorry. Reply {number} comes today.").status == 200
        ended(process)
    options = ("--split", "train", "--limit", 2)
    assert amends("generate", "work/replies.jsonl", "-o", "out.jsonl", *options).code == 0
    assert (tmp_path / "out.jsonl").read_bytes() == (tmp_path / "work" / "replies.jsonl").read_bytes()
    called = amends("run", "work/replies.jsonl", *options, "--scorer", "rules", "-o", "run", "--jobs", 1, "--json")
    assert called.code == 0, called.err
    assert json.loads(called.out)["counts"]["replies"] == 2


def test_a_team_has_a_link_and_a_file_each(tmp_path) -> None:
    (tmp_path / "people.txt").write_text("# us\nAna Silva\nBo\n", encoding="utf-8")
    options = ("-o", "work", "--limit", 1, "--port", 0, "--people", "people.txt", "--person", "Cy")
    with running(tmp_path, *options, links=3) as (process, lines):
        links = dict(line.split(": ", 1) for line in lines)
        assert set(links) == {"Ana Silva", "Bo", "Cy"}
        for label, link in links.items():
            browser = Browser(port_of(link))
            assert browser.enter(link).status == 200
            assert browser.agree(f"{label}-x").status == 200
            assert browser.save(1, f"From {label}.").status == 200
        said = ended(process)
    for label, folder in (("Ana Silva", "person-ana-silva"), ("Bo", "person-bo"), ("Cy", "person-cy")):
        assert f"{label}: 1 of 1 answered, 0 skipped: work/{folder}/replies.jsonl" in said
        (line,) = (tmp_path / "work" / folder / "replies.jsonl").read_bytes().splitlines()
        assert json.loads(line)["text"] == f"From {label}."


def test_one_desk_at_a_time_in_a_folder(tmp_path, amends) -> None:
    with running(tmp_path, "-o", "work", "--limit", 1, "--port", 0):
        called = amends("answer", "-o", "work", "--split", "train", "--no-browser", "--port", 0)
    assert called.code == 2
    assert "desk.lock" in called.err


def test_no_code_is_logged(tmp_path) -> None:
    """Neither by us nor by the server, not even of a request that fails."""
    with running(tmp_path, "-o", "work", "--limit", 1, "--port", 0) as (process, (link,)):
        browser = Browser(port_of(link))
        browser.enter(link)
        browser.enter(link)
        browser.get("/api/state", Host="evil.example")
        process.stdout.readline()
        said = ended(process)
    assert link.partition("#")[2] not in said
    assert browser.cookie.partition("=")[2] not in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--name", "a\nb"), "visible characters"),
        (("--name", "a", "--person", "b"), "for one person"),
        (("--person", "a", "--person", "A"), "share the folder"),
        (("--people", "missing.txt"), "missing.txt"),
        (("--host", "0.0.0.0"), "names that it answers to"),
        (("--host", "no.such.host.invalid"), "cannot listen"),
        (("--cert", "a.pem"), "go together"),
    ],
)
def test_wrong_use(amends, options, said) -> None:
    called = amends("answer", "-o", "work", "--split", "train", "--no-browser", "--port", 0, *options)
    assert called.code in (1, 2)
    assert said in called.err
    assert "Traceback" not in called.err


def test_another_split_in_the_same_folder_is_refused(tmp_path, amends) -> None:
    with running(tmp_path, "-o", "work", "--port", 0) as (process, (link,)):
        Browser(port_of(link)).get("/enter")  # before it serves, a shell's background job ignores Ctrl+C
        ended(process)
    called = amends("answer", "-o", "work", "--split", "validation", "--no-browser", "--port", 0)
    assert (called.code, "split: there 'train'" in called.err) == (2, True)


def test_without_the_extra_it_says_what_to_install(amends, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "starlette.applications", None)
    called = amends("answer", "-o", "work", "--split", "train", "--no-browser", "--port", 0)
    assert (called.code, "pip install 'amends[desk]'" in called.err) == (2, True)


@pytest.mark.parametrize(
    ("options", "opens"),
    [((), True), (("--no-browser",), False), (("--person", "Bo"), False)],
    ids=["alone", "told not to", "a team"],
)
def test_the_browser_opens_the_link_of_a_person_alone(amends, monkeypatch, options, opens) -> None:
    opened: queue.Queue[str] = queue.Queue()
    monkeypatch.setattr("webbrowser.open", opened.put)

    def run(desk) -> None:
        if opens:
            opened.put(opened.get(timeout=20))
        desk._socket.close()
        raise KeyboardInterrupt

    monkeypatch.setattr("amends.desk.server.Desk.run", run)
    called = amends("answer", "-o", "work", "--split", "train", "--port", 0, *options)
    assert called.code == 0
    assert opened.qsize() == opens
    if opens:
        assert opened.get() == called.out.strip()


# ---- off loopback


@pytest.mark.parametrize(
    ("host", "loopback"),
    [("127.0.0.1", True), ("localhost", True), ("::1", True), ("127.0.0.2", True), ("10.0.0.5", False),
     ("desk.example", False), ("127.0.0.1.example", False), ("0.0.0.0", False)],
)  # fmt: skip
def test_what_loopback_is(host, loopback) -> None:
    assert Place(host).on_loopback is loopback


def other_address() -> str:
    """An address of this machine that is not loopback; the name is asked for, nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        try:
            line.connect(("192.0.2.1", 9))
        except OSError:
            return ""
        return line.getsockname()[0]


def test_off_loopback_it_warns(tmp_path) -> None:
    address = other_address()
    if not address or Place(address).on_loopback:
        pytest.skip("this machine has no address but loopback")
    with running(tmp_path, "-o", "work", "--limit", 1, "--port", 0, "--host", address) as (process, (link,)):
        assert link.startswith(f"http://{address}:")
        line = http.client.HTTPConnection(address, port_of(link), timeout=10)
        line.request("GET", "/enter")
        got = line.getresponse()
        assert (got.status, b"Opening" in got.read()) == (200, True)
        line.request("GET", "/enter", headers={"Host": f"127.0.0.1:{port_of(link)}"})
        assert line.getresponse().status == 421, "only the name that it was given"
        line.close()
        said = ended(process)
    assert "WARNING" in said
    assert "nothing is encrypted" in said


def test_with_a_certificate(tmp_path, certificate) -> None:
    cert, key = certificate
    options = ("-o", "work", "--limit", 1, "--port", 0, "--cert", cert, "--key", key)
    with running(tmp_path, *options) as (process, (link,)):
        origin = link.partition("/enter")[0]
        assert origin.startswith("https://")
        line = http.client.HTTPSConnection(
            "127.0.0.1", port_of(link), timeout=10, context=ssl.create_default_context(cafile=str(cert))
        )
        body = json.dumps({"code": link.partition("#")[2]})
        sent = {"Origin": origin.replace("https", "http"), "Content-Type": "application/json"}
        line.request("POST", "/api/enter", body, sent)
        assert line.getresponse().status == 403, "the page of the unencrypted address is another origin"
        line.close()
        line.request("POST", "/api/enter", body, sent | {"Origin": origin})
        got = line.getresponse()
        assert got.status == 200
        said = got.getheader("set-cookie")
        assert said.startswith(f"__Host-amends_desk_{port_of(link)}=")
        assert {"secure", "httponly", "samesite=strict", "path=/"} <= {part.strip().lower() for part in said.split(";")}
        line.close()
        plain = http.client.HTTPConnection("127.0.0.1", port_of(link), timeout=10)
        with pytest.raises((http.client.HTTPException, OSError)):
            plain.request("GET", "/enter")
            plain.getresponse()
        plain.close()
        assert "WARNING" not in ended(process)


def test_a_key_with_a_passphrase_is_refused_and_not_asked_for(tmp_path, amends, certificate) -> None:
    cert, key = certificate
    locked = tmp_path / "locked.pem"
    command = ["openssl", "rsa", "-aes256", "-passout", "pass:secret", "-in", str(key), "-out", str(locked)]
    subprocess.run(command, check=True, capture_output=True)
    called = amends("answer", "-o", "work", "--split", "train", "--port", 0, "--cert", cert, "--key", locked)
    assert (called.code, "passphrase" in called.err) == (2, True)


# ---- the folder


def come(line: str, name: str) -> tuple[Browser, int]:
    """Somebody of a team who opens the link that the terminal shows, and what the desk says to the name."""
    link = line.partition(": ")[2]
    browser = Browser(port_of(link))
    assert browser.enter(link).status == 200
    return browser, browser.agree(name).status


def test_files_are_for_this_account_alone_in_a_folder_that_others_open(tmp_path) -> None:
    (tmp_path / "work").mkdir(mode=0o755)
    with running(tmp_path, "-o", "work", "--limit", 2, "--port", 0, "--person", "Bo") as (process, (line,)):
        browser, _ = come(line, "otter")
        browser.save(1, "One.")
        browser.save(2, "half", what="draft")
        ended(process)
    made = list((tmp_path / "work").rglob("*"))
    assert {path.name for path in made} >= {"work.jsonl", "replies.jsonl", "2.json", "desk.json", "sessions.json"}
    assert [path.name for path in made if stat.S_IMODE(path.stat().st_mode) & 0o077] == []


@pytest.mark.parametrize("name", ["work.jsonl", "replies.jsonl", "drafts", "desk.json"])
def test_a_link_in_the_folder_is_not_followed(tmp_path, amends, name) -> None:
    (tmp_path / "work").mkdir()
    (tmp_path / "elsewhere").write_bytes(b"")
    (tmp_path / "work" / name).symlink_to(tmp_path / "elsewhere")
    called = amends("answer", "-o", "work", "--split", "train", "--no-browser", "--port", 0)
    assert (called.code, "is a link" in called.err) == (2, True)
    assert (tmp_path / "elsewhere").read_bytes() == b""


def test_a_persons_folder_that_is_a_link_is_not_followed(tmp_path, amends) -> None:
    (tmp_path / "work").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "work" / "person-bo").symlink_to(tmp_path / "elsewhere")
    called = amends("answer", "-o", "work", "--split", "train", "--no-browser", "--port", 0, "--person", "Bo")
    assert (called.code, "is a link" in called.err) == (2, True)
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_replies_without_their_journal_are_not_thrown_away(tmp_path, amends) -> None:
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "replies.jsonl").write_bytes(b"of somebody\n")
    called = amends("answer", "-o", "work", "--split", "train", "--no-browser", "--port", 0)
    assert (called.code, "work.jsonl" in called.err) == (2, True)
    assert (tmp_path / "work" / "replies.jsonl").read_bytes() == b"of somebody\n"


def test_a_name_of_an_earlier_start_is_taken(tmp_path) -> None:
    """Or two people's replies would share their ids."""
    options = ("-o", "work", "--limit", 1, "--port", 0, "--person")
    for person, name, status in (("Ana", "heron", 200), ("Bo", "Heron", 409)):
        with running(tmp_path, *options, person) as (process, (line,)):
            assert come(line, name)[1] == status
            ended(process)


def test_told_to_end_with_a_request_half_way_it_ends_and_keeps_what_was_saved(tmp_path) -> None:
    with running(tmp_path, "-o", "work", "--limit", 2, "--port", 0) as (process, (link,)):
        port = port_of(link)
        browser = Browser(port)
        browser.enter(link)
        browser.agree("heron")
        assert browser.save(1, "One.").status == 200
        head = (
            f"POST /api/scenarios/2/answer HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {browser.cookie}\r\n"
            f"Origin: http://127.0.0.1:{port}\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n"
        )
        with socket.create_connection(("127.0.0.1", port)) as line:
            line.sendall(head.encode() + b"{")
            process.send_signal(signal.SIGTERM)
            _, said = process.communicate(timeout=30)
        assert "Traceback" not in said
    (reply,) = (tmp_path / "work" / "replies.jsonl").read_bytes().splitlines()
    assert json.loads(reply)["text"] == "One."
