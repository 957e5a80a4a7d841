"""The command killed while five people save: whatever it said was saved stands, after every kill.

AMENDS_KILLS sets how often: 3 in ``make test-extras``, 30 by hand.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import threading
import time

from tests.extras.desk.served import Browser
from tests.extras.desk.test_command import ended, free_port, running

KILLS = int(os.environ.get("AMENDS_KILLS", "3"))
PEOPLE = 5
SCENARIOS = 4


class Writer:
    """Saves one scenario after the other, with no pause, and remembers what it was told."""

    def __init__(self, browser: Browser, name: str) -> None:
        self.browser = browser
        self.name = name
        self.revisions = dict.fromkeys(range(1, SCENARIOS + 1), 0)
        self.may: dict[int, set[str]] = {number: {""} for number in self.revisions}
        """What may stand of each scenario: what was said to be saved last, and what was sent since."""
        self.count = 0
        self.wrong: list[str] = []

    def write(self) -> None:
        """Until the desk is gone."""
        while True:
            number = self.count % SCENARIOS + 1
            self.count += 1
            text = f"{self.name} {self.count} 💬"
            self.may[number].add(text)
            try:
                self.browser.save(number, text[:5], self.revisions[number], "draft")
                got = self.browser.save(number, text, self.revisions[number])
            except (OSError, http.client.HTTPException):
                return
            if got.status != 200:
                self.wrong.append(f"{self.name} {number}: {got.status} {got.body!r}")
                return
            self.may[number] = {text}
            self.revisions[number] = got.json["revision"]

    def look(self) -> None:
        """What stands there after a start."""
        for number, may in self.may.items():
            stands = self.browser.get(f"/api/scenarios/{number}").json
            self.revisions[number] = stands["revision"]
            if stands["text"] not in may | {text[:5] for text in may}:
                self.wrong.append(f"{self.name} {number}: {stands}, not {may}")


def test_killed_while_five_people_save(tmp_path) -> None:
    moments = random.Random(7)
    port = free_port()
    people = [f"Person {which}" for which in range(PEOPLE)]
    options = ["-o", "work", "--limit", SCENARIOS, "--port", port]
    options += [part for label in people for part in ("--person", label)]
    writers: list[Writer] = []
    for _ in range(KILLS):
        with running(tmp_path, *options, links=PEOPLE) as (process, lines):
            if not writers:
                for which, line in enumerate(lines):
                    browser = Browser(port)
                    assert browser.enter(line.partition(": ")[2]).status == 200
                    assert browser.agree(f"name-{which}").status == 200
                    writers.append(Writer(browser, f"name-{which}"))
            for writer in writers:
                writer.look()
            threads = [threading.Thread(target=writer.write) for writer in writers]
            for thread in threads:
                thread.start()
            time.sleep(moments.uniform(0.05, 0.6))
            process.kill()
            for thread in threads:
                thread.join(60)
        check(tmp_path, writers)
    with running(tmp_path, *options, links=PEOPLE) as (process, _):
        for writer in writers:
            writer.look()
        ended(process)
    check(tmp_path, writers, replies=True)
    assert sum(writer.count for writer in writers) > KILLS * PEOPLE, "something was written between the kills"


def check(folder, writers: list[Writer], replies: bool = False) -> None:
    """The last of each scenario on the disk is what was told, or what was asked for when the desk was killed."""
    for which, writer in enumerate(writers):
        assert writer.wrong == []
        own = folder / "work" / f"person-person-{which}"
        name = "replies.jsonl" if replies else "work.jsonl"
        lines = (own / name).read_bytes().split(b"\n")[:-1]
        events = [event for event in map(json.loads, lines) if event.get("event", "answer") == "answer"]
        last = {event["scenario_id"]: event["text"] for event in events}
        # each text says which scenario it is for, by its count
        stand = {(int(text.split()[1]) - 1) % SCENARIOS + 1: text for text in last.values()}
        assert len(stand) == len(last), "no text in another's place"
        for number, may in writer.may.items():
            assert stand.get(number, "") in may
        if replies:
            assert len(events) == len(last), "each once"
