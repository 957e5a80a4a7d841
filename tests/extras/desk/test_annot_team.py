"""Many people label at once on one desk: every label of everybody, once, in an own file.

AMENDS_PEOPLE sets how many: 5 in ``make test-extras``, 50 in ``make soak``.
"""

from __future__ import annotations

import http.client
import json
import os
import sys
import threading
import time

from tests.extras.desk.annot_served import Annotator, Labelled, exchange, labelled

from amends.desk.standing import blank
from amends.records import DIMENSIONS
from amends.schema import problems

PEOPLE = int(os.environ.get("AMENDS_PEOPLE", "5"))
EACH = 8
ACTIONS = 5


def test_many_people_at_once_lose_nothing(tmp_path) -> None:
    exchanges = [exchange(number) for number in range(1, EACH + 1)]
    labels = [f"Person {number}" for number in range(PEOPLE)]
    wrong: list[str] = []
    waits: list[float] = []
    with labelled(tmp_path / "desk", exchanges, labels) as desk:
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
        assert len(waits) >= PEOPLE * (3 + EACH * (ACTIONS + 2)), "every request was made"
        for which in range(PEOPLE):
            records = desk.records(which)
            assert sorted(record["reply_id"] for record in records) == sorted(e.id for e in exchanges), "each once"
            assert {record["annotator"]["name"] for record in records} == {f"name-{which}"}
            assert {record["reason"] for record in records} == {f"wörds 💬 of {which}, {ACTIONS - 1}"}
            assert {tuple(record["levels"].values()) for record in records} == {tuple(final(which).values())}
            assert [p for n, record in enumerate(records) for p in problems(record, "annotation", "f", n)] == []
            assert len(desk.events(which)) == 1 + EACH * (ACTIONS + 1) + 1, "consent, every action, looked"
    waits.sort()
    told = f"median {waits[len(waits) // 2] * 1000:.0f} ms, longest {waits[-1] * 1000:.0f} ms"
    sys.stdout.write(f"\nsoak: {PEOPLE} people label, {len(waits):,} requests in {took:.1f} s, {told}\n")


def final(which: int) -> dict:
    return {dimension: 1 + (which + place) % 5 for place, dimension in enumerate(DIMENSIONS)}


def one(
    desk: Labelled, browser: Annotator, which: int, gate: threading.Barrier, wrong: list[str], waits: list[float]
) -> None:
    """One person, on one kept connection as a browser has it: agrees, acts, finishes, looks at the figures."""
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
        names = [key for key, _ in ask("/consent", {"name": f"name-{which}", "agreed": True})["items"]]
        for key in names:
            if ask(f"/items/{key}")["revision"]:
                wrong.append(f"{which} finds a label at {key}")
            for action in range(ACTIONS):
                levels = final(which) if action > 1 else {"empathy": 1 + action}
                label = blank() | {"levels": levels, "reason": f"wörds 💬 of {which}, {action}"}
                ask(f"/items/{key}/label", label | {"seconds": action, "revision": action})
            ask(f"/items/{key}/done", {"seconds": 9, "revision": ACTIONS})
        while ask("/agreement", {}).get("pending"):
            time.sleep(0.1)
        if any(state != "done" for _, state in ask("/state")["items"]):
            wrong.append(f"{which}: something is open")
    except Exception as error:
        wrong.append(f"{which}: {error!r}")
    finally:
        line.close()
