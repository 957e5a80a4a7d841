"""Who comes in, attacked: links, cookies, sessions."""

from __future__ import annotations

import stat
import threading

import pytest
from tests.extras.desk.served import Browser

from amends.desk.doors import LASTS, MOST_SESSIONS, Doors
from amends.desk.people import ALONE, team


@pytest.mark.parametrize("path", ["/", "/api/state", "/api/scenarios/1"])
@pytest.mark.parametrize("cookie", ["", "amends_desk_{port}=", "amends_desk_{port}=guess", "other=1", "; ;=;"])
def test_without_the_cookie_there_is_nothing_to_see(standing, path, cookie) -> None:
    got = Browser(standing.port, cookie.format(port=standing.port)).get(path)
    assert got.status == 401
    assert b"Parcel" not in got.body


def test_a_link_opens_once(desk) -> None:
    link = desk.link()
    first, second = Browser(desk.port), Browser(desk.port)
    assert first.enter(link).status == 200
    assert second.enter(link).status == 403
    assert second.cookie == ""
    assert second.get("/api/state").status == 401
    assert first.get("/api/state").status == 200


def test_a_link_is_used_once_when_two_try_at_the_same_moment(desk) -> None:
    link = desk.link()
    came: list[int] = []
    threads = [threading.Thread(target=lambda: came.append(Browser(desk.port).enter(link).status)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(came) == [200] + [403] * 7


def test_a_new_link_makes_the_unused_one_void(desk) -> None:
    old, new = desk.link(), desk.link()
    assert old != new
    assert Browser(desk.port).enter(old).status == 403
    assert Browser(desk.port).enter(new).status == 200


@pytest.mark.parametrize("code", ["", "x", "\x00", "💥", None, 7, ["a"], {"a": 1}, "a" * 201])
def test_a_code_that_is_none(desk, code) -> None:
    assert Browser(desk.port).post("/api/enter", {"code": code}).status in (400, 403, 413)


def test_the_code_travels_in_no_address_and_is_long_enough(desk) -> None:
    link = desk.link()
    address, _, code = link.partition("#")
    assert address == f"http://127.0.0.1:{desk.port}/enter"
    assert len(code) >= 43, "256 bits in base64"
    assert len({desk.link() for _ in range(50)}) == 50


def test_opening_the_page_of_the_link_uses_nothing_up(desk) -> None:
    """Chats fetch links for a preview."""
    link = desk.link()
    for _ in range(3):
        assert Browser(desk.port).get("/enter").status == 200
    assert Browser(desk.port).enter(link).status == 200


def test_the_cookie_is_out_of_reach(desk) -> None:
    said = Browser(desk.port).enter(desk.link()).headers["set-cookie"]
    parts = {part.strip().lower() for part in said.split(";")[1:]}
    assert {"httponly", "samesite=strict", "path=/"} <= parts
    assert not any(part.startswith("domain") for part in parts)
    assert said.startswith(f"amends_desk_{desk.port}=")


def test_no_secret_lies_on_the_disk(desk) -> None:
    link = desk.link()
    browser = Browser(desk.port)
    browser.enter(link)
    file = desk.folder / "sessions.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    everything = b"".join(path.read_bytes() for path in desk.folder.rglob("*") if path.is_file())
    assert browser.cookie.partition("=")[2].encode() not in everything
    assert link.partition("#")[2].encode() not in everything


def test_sessions_end(tmp_path) -> None:
    now = [1000.0]
    doors = Doors([ALONE], tmp_path / "s.json", lambda: now[0])
    secrets = [doors.enter(doors.link(ALONE))[1] for _ in range(MOST_SESSIONS + 1)]
    assert doors.who([secrets[0]]) is None, "one more browser sends the oldest out"
    assert doors.who(["x", secrets[1]]) == ALONE
    again = Doors([ALONE], tmp_path / "s.json", lambda: now[0])
    assert again.who([secrets[-1]]) == ALONE, "a start later"
    others = Doors(team(["Bo"]), tmp_path / "s.json", lambda: now[0])
    assert others.who([secrets[-1]]) is None, "not for somebody who is no longer asked"
    now[0] += LASTS + 1
    assert again.who([secrets[-1]]) is None


@pytest.mark.parametrize("damage", [b"", b"{", b"[1]", b'{"a": 1}', b'{"a": ["", "x"]}', b"\xff"])
def test_a_damaged_list_of_sessions_lets_nobody_in(tmp_path, damage) -> None:
    (tmp_path / "s.json").write_bytes(damage)
    assert Doors([ALONE], tmp_path / "s.json").who(["a", ""]) is None


def test_a_cookie_of_another_beside_ones_own_is_no_way_in(pair) -> None:
    """A server on another port of the host sets it, so that what the one writes is kept as the other's."""
    ana, bo = pair.browser(0, "heron"), pair.browser(1, "otter")
    for cookies in (f"{ana.cookie}; {bo.cookie}", f"{bo.cookie}; {ana.cookie}"):
        tossed = Browser(pair.port, cookies)
        assert tossed.get("/api/state").status == 401
        assert tossed.save(1, "whose?").status == 401
    own = pair.browser(0)
    assert Browser(pair.port, f"{ana.cookie}; {own.cookie}").get("/api/state").status == 200, "two of one person"
    useless = f"{ana.cookie}; {ana.cookie.partition('=')[0]}=guess"
    assert Browser(pair.port, useless).get("/api/state").status == 200, "one that opens nothing"
    assert pair.replies(0) == pair.replies(1) == []


def test_a_page_never_writes_into_the_work_of_who_came_in_after(pair) -> None:
    """Bo opens a link in the browser in which Ana's page stands."""
    ana, bo = pair.browser(0, "heron"), pair.browser(1, "otter")
    mark = ana.get("/api/state").headers["desk-person"]
    assert mark != bo.get("/api/state").headers["desk-person"]
    shared = Browser(pair.port, bo.cookie)
    body = {"text": "Ana's", "seconds": 1, "revision": 0}
    for call in ("draft", "answer"):
        assert shared.post(f"/api/scenarios/1/{call}", body, Desk_Person=mark).status == 401
    assert shared.get("/api/scenarios/1", Desk_Person=mark).status == 401
    assert ana.post("/api/scenarios/1/answer", body, Desk_Person=mark).status == 200
    assert pair.replies(1) == []


def test_a_page_of_another_desk_is_told_from_one_of_this(tmp_path) -> None:
    marks = [Doors([ALONE], tmp_path / folder / "sessions.json").mark(ALONE) for folder in ("a", "b", "a")]
    assert marks[0] == marks[2] != marks[1], "the same after a start, another elsewhere"


def test_a_terminal_that_is_gone_keeps_nobody_out(desk) -> None:
    """`amends answer | head -1`: the next link cannot be printed, and this one is used up."""

    def gone(person) -> None:
        raise BrokenPipeError(32, "Broken pipe")

    desk.desk.entered = gone
    browser = Browser(desk.port)
    assert browser.enter(desk.link()).status == 200
    assert browser.get("/api/state").status == 200
