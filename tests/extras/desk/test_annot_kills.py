"""``amends annotate`` killed while a team labels: whatever it said was saved stands, after every kill.

AMENDS_KILLS sets how often: 3 in ``make test-extras``, 20 and more by hand.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import threading
import time
from pathlib import Path

from tests.extras.desk.annot_served import LEVELS, Annotator
from tests.extras.desk.test_annot_command import ended, lines, own_log, running
from tests.extras.desk.test_command import free_port

KILLS = int(os.environ.get("AMENDS_KILLS", "3"))
PEOPLE = 3
ITEMS = 4


class Judge:
    """Labels one reply after the other, with no pause, and remembers what it was told."""

    def __init__(self, browser: Annotator, name: str) -> None:
        self.browser = browser
        self.name = name
        self.keys = browser.names()
        self.revisions = dict.fromkeys(self.keys, 0)
        self.may: dict[str, set[str]] = {key: {""} for key in self.keys}
        """What may stand as reason of each: what was said to be saved last, and what was sent since."""
        self.finished: set[str] = set()
        """Replies that the desk said to be done."""
        self.count = 0
        self.wrong: list[str] = []

    def judge(self) -> None:
        """Until the desk is gone."""
        while not self.wrong:
            key = self.keys[self.count % ITEMS]
            self.count += 1
            reason = f"{self.name} {self.count} 💬"
            self.may[key].add(reason)
            try:
                level = 1 + self.count % 5
                self.follow(
                    key,
                    self.browser.label(key, self.revisions[key], levels=dict.fromkeys(LEVELS, level), reason=reason),
                )
                self.may[key] = {reason}
                self.follow(key, self.browser.done(key, self.revisions[key]))
                self.finished.add(key)
            except (OSError, http.client.HTTPException):
                return

    def follow(self, key, got) -> None:
        if got.status == 200:
            self.revisions[key] = got.json["revision"]
        else:
            self.wrong.append(f"{self.name} {key}: {got.status} {got.body!r}")

    def look(self) -> None:
        """What stands there after a start."""
        for key, may in self.may.items():
            item = self.browser.get(f"/api/items/{key}").json
            self.revisions[key] = item["revision"]
            if item["label"]["reason"] not in may or (key in self.finished and item["state"] != "done"):
                self.wrong.append(f"{self.name} {key}: {item['label']} {item['state']}, not {may}")


def reasons(path: Path) -> dict[str, str]:
    """By reply; each stands there once."""
    records = lines(path) if path.exists() else []
    assert len({record["reply_id"] for record in records}) == len(records), path
    return {record["reply_id"]: record["reason"] for record in records}


def test_killed_while_a_team_labels(tmp_path) -> None:
    moments = random.Random(7)
    port = free_port()
    own_log(tmp_path / "log.jsonl", ITEMS)
    options = ["log.jsonl", "-o", "work", "--port", port]
    options += [part for which in range(PEOPLE) for part in ("--person", f"Person {which}")]
    judges: list[Judge] = []
    for _ in range(KILLS):
        with running(tmp_path, *options, links=PEOPLE) as (process, links):
            if not judges:
                for which, line in enumerate(links):
                    browser = Annotator(port)
                    assert browser.enter(line.partition(": ")[2]).status == 200
                    assert browser.agree(f"name-{which}").status == 200
                    judges.append(Judge(browser, f"name-{which}"))
            for judge in judges:
                judge.look()
            threads = [threading.Thread(target=judge.judge) for judge in judges]
            for thread in threads:
                thread.start()
            time.sleep(moments.uniform(0.0, 0.8))
            process.kill()
            for thread in threads:
                thread.join(60)
    with running(tmp_path, *options, links=PEOPLE) as (process, _):
        for judge in judges:
            judge.look()
        said = ended(process)
    assert [judge.wrong for judge in judges] == [[]] * PEOPLE
    for which, judge in enumerate(judges):
        folder = tmp_path / "work" / f"person-person-{which}"
        json.loads((folder / "labels.jsonl").read_bytes().splitlines()[-1])
        assert len(reasons(folder / "annotations.jsonl")) >= len(judge.finished)
        assert f"Person {which}: " in said
    assert sum(judge.count for judge in judges) > KILLS, "they did label"
