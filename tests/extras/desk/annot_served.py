"""A desk for labelling that a test serves."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tests.extras.desk.served import POISON, Answer, Browser

from amends.desk.labelling import Labelling
from amends.desk.labels import Labels, Terms
from amends.desk.people import ALONE, Person, team
from amends.desk.server import Desk, Place
from amends.desk.standing import blank
from amends.records import Author, Context, Exchange, Json, Turn

TERMS = Terms("1.1", 7)
LEVELS = {"empathy": 3, "depersonalization": 4, "excuse_avoidance": None}


def exchange(number: int, reply: str = "", *texts: str) -> Exchange:
    """An exchange of which everything that must not be seen says so."""
    said = texts or (f"Parcel {number} never came.",)
    turns = tuple(Turn("customer" if (len(said) - i) % 2 else "agent", text) for i, text in enumerate(said))
    context = Context("en", "parcels", "email", "company", "new", "Acme", None, f"emotion-{POISON}", 5, "May refund.")
    gold = {"model": {"levels": {"empathy": POISON}, "behaviours": [POISON], "flags": [], "n": 3}}
    return Exchange(
        f"id-{POISON}-{number}", turns, reply or f"We are sorry that parcel {number} is late, it comes by Friday.",
        context, f"scenario-{POISON}-{number}", 0, f"split-{POISON}", Author("model", f"author-{POISON}", "1"), gold,
        {"plan": POISON, "writer": POISON, "scorer": {"levels": POISON}},
    )  # fmt: skip


EXCHANGES = [exchange(number) for number in range(1, 4)]
GOLD: Json = {
    "model": {
        "levels": {"empathy": 2.0, "depersonalization": 4.5, "excuse_avoidance": None},
        "distribution": {},
        "behaviours": [{"code": "E3", "start": 7, "end": 12, "quote": "sorry", "strength": 1.0}],
        "flags": ["truncated"],
        "n": 2,
    }
}


@dataclass
class Annotator(Browser):
    """Requests as the page for labelling makes them."""

    def names(self) -> list[str]:
        """Keys of the replies, in this person's order."""
        return [key for key, _ in self.get("/api/state").json["items"]]

    def label(self, key: str, revision: int = 0, **said: Any) -> Answer:
        label = blank() | {"levels": LEVELS} | said
        return self.post(f"/api/items/{key}/label", label | {"seconds": 5, "revision": revision})

    def done(self, key: str, revision: int = 1) -> Answer:
        return self.post(f"/api/items/{key}/done", {"seconds": 6, "revision": revision})

    def skipped(self, key: str, revision: int = 0, reason: str = "no") -> Answer:
        return self.post(f"/api/items/{key}/skip", {"reason": reason, "seconds": 7, "revision": revision})

    def agreement(self) -> Answer:
        """The figures, once they are there."""
        while (told := self.post("/api/agreement", {})).status == 200 and told.json["pending"]:
            time.sleep(0.02)
        return told


@dataclass
class Labelled:
    """A desk for labelling that runs in this process."""

    desk: Desk
    folder: Path
    people: list[Person]
    labels: dict[str, Labels]

    @property
    def port(self) -> int:
        return self.desk.port

    def link(self, which: int = 0) -> str:
        return self.desk.link(self.people[which])

    def browser(self, which: int = 0, name: str = "") -> Annotator:
        """Somebody who is in, and has agreed where a name is given."""
        made = Annotator(self.port)
        assert made.enter(self.link(which)).status == 200
        if name:
            assert made.agree(name).status == 200
        return made

    def records(self, which: int = 0) -> list[dict[str, Any]]:
        return self._lines("annotations.jsonl", which)

    def events(self, which: int = 0) -> list[dict[str, Any]]:
        return self._lines("labels.jsonl", which)

    def _lines(self, name: str, which: int) -> list[dict[str, Any]]:
        path = self.folder / self.people[which].folder / name
        return [json.loads(line) for line in path.read_bytes().splitlines()] if path.exists() else []


@contextlib.contextmanager
def labelled(
    folder: Path,
    exchanges: Sequence[Exchange] = EXCHANGES,
    people: Sequence[str] = (),
    port: int = 0,
    training: bool = False,
) -> Iterator[Labelled]:
    """Serve a desk until the block ends; replies stand in the order in which they are given."""
    folder.mkdir(parents=True, exist_ok=True)
    comers = team(people) if people else [ALONE]
    known = {one.id: one for one in exchanges}
    terms = replace(TERMS, training=training)
    labels = {p.folder: Labels(folder / p.folder, known, list(known), terms) for p in comers}
    gold = dict.fromkeys(known, GOLD) if training else None
    task = Labelling(labels, "salt", gold=gold).task()
    desk = Desk(Place(port=port), comers, task, folder / "sessions.json")
    thread = threading.Thread(target=desk.run, daemon=True)
    thread.start()
    try:
        until = time.monotonic() + 20
        while not desk.server.started and time.monotonic() < until:
            time.sleep(0.01)
        assert desk.server.started
        yield Labelled(desk, folder, comers, labels)
    finally:
        desk.server.should_exit = True
        thread.join(20)
        assert not thread.is_alive()
