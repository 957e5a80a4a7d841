"""Many people at once on one desk: every reply of everybody, once, in an own file.

AMENDS_PEOPLE sets how many: 5 in ``make test-extras``, 50 in ``make soak``.
"""

from __future__ import annotations

import http.client
import json
import os
import sys
import threading
import time

from tests.extras.desk.served import Browser, Served, scenario, served

PEOPLE = int(os.environ.get("AMENDS_PEOPLE", "5"))
EACH = 8
DRAFTS = 4


def test_many_people_at_once_lose_nothing(tmp_path) -> None:
    asked = [scenario(number) for number in range(1, EACH + 1)]
    labels = [f"Person {number}" for number in range(PEOPLE)]
    wrong: list[str] = []
    waits: list[float] = []
    with served(tmp_path / "desk", asked, labels) as desk:
        browsers = [desk.browser(which) for which in range(PEOPLE)]
        gate = threading.Barrier(PEOPLE)
        threads = [
            threading.Thread(target=one, args=(desk, browser, which, gate, wrong, waits))
            for which, browser in enumerate(browsers)
        ]
        started = time.monotonic()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(300)
        took = time.monotonic() - started
        assert not any(thread.is_alive() for thread in threads)
        assert wrong == []
        assert len(waits) == PEOPLE * (1 + EACH * (DRAFTS + 3)), "every request was made"
        ids: set[str] = set()
        for which in range(PEOPLE):
            replies = desk.replies(which)
            wanted = {asked[n].id: final(which, n + 1) for n in range(EACH)}
            assert {reply["scenario_id"]: reply["text"] for reply in replies} == wanted
            assert len(replies) == EACH, "each once"
            assert {reply["author"]["name"] for reply in replies} == {f"name-{which}"}
            ids |= {reply["id"] for reply in replies}
            assert list((desk.folder / desk.people[which].folder / "drafts").iterdir()) == []
        assert len(ids) == PEOPLE * EACH, "and no two share an id"
    waits.sort()
    shown = f"median {waits[len(waits) // 2] * 1000:.0f} ms, longest {waits[-1] * 1000:.0f} ms"
    sys.stdout.write(f"\nsoak: {PEOPLE} people, {len(waits):,} requests in {took:.1f} s, {shown}\n")


def first(which: int, number: int) -> str:
    return f"first of {which} to {number}"


def final(which: int, number: int) -> str:
    return f"final of {which} to {number}: " + "wörds 💬 " * 50


def one(
    desk: Served, browser: Browser, which: int, gate: threading.Barrier, wrong: list[str], waits: list[float]
) -> None:
    """One person, on one kept connection as a browser has it: agrees, types, saves, changes."""
    line = http.client.HTTPConnection("127.0.0.1", desk.port, timeout=60)
    headers = {"Cookie": browser.cookie, "Sec-Fetch-Site": "same-origin"}
    changing = headers | {"Origin": f"http://127.0.0.1:{desk.port}", "Content-Type": "application/json"}

    def ask(path: str, body: dict | None = None) -> dict:
        before = time.monotonic()
        sent = None if body is None else json.dumps(body)
        line.request("GET" if body is None else "POST", f"/api{path}", sent, headers if body is None else changing)
        got = line.getresponse()
        told = json.loads(got.read())
        waits.append(time.monotonic() - before)
        if got.status != 200:
            wrong.append(f"{which} {path}: {got.status} {told}")
        return told

    try:
        gate.wait(60)
        ask("/consent", {"name": f"name-{which}", "agreed": True})
        for number in range(1, EACH + 1):
            place = f"/scenarios/{number}"
            if ask(place)["text"]:
                wrong.append(f"{which} finds a text at {number}")
            for part in range(DRAFTS):
                text = final(which, number)[: 20 * (part + 1)]
                ask(f"{place}/draft", {"text": text, "seconds": part, "revision": 0})
            ask(f"{place}/answer", {"text": first(which, number), "seconds": 9, "revision": 0})
            ask(f"{place}/answer", {"text": final(which, number), "seconds": 10, "revision": 1})
    except Exception as error:
        wrong.append(f"{which}: {error!r}")
    finally:
        line.close()
