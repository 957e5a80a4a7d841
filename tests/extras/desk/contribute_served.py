"""A page of contributions that a test serves, over a small data folder."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from tests.contribute.cases import data_folder
from tests.extras.desk.served import Browser

from amends.contribute.examine import base_of, examined
from amends.contribute.form import Known
from amends.contribute.session import Session
from amends.dataset.folder import DataFolder
from amends.desk.contributing import Contributing
from amends.desk.people import ALONE
from amends.desk.server import Desk, Place
from amends.records import Exchange

TYPED = {
    "agreed": "yes",
    "credit": "heron",
    "written": "person",
    "scenario": "new",
    "domain": "kite repair",
    "company": "Spindrift Kites",
    "channel": "chat",
    "turns": "You stitched my sail with fishing line and it burst on the first gust of today.",
    "reply": "Burst on the first gust: that is our stitching. A new sail leaves our bench on Tuesday, free of charge.",
    "empathy": "3",
    "behaviours": "X2 that is our stitching",
}
READING = [{"scorer": "poisoned 9", "levels": {"empathy": 1.23, "depersonalization": None, "excuse_avoidance": 4.56},
            "behaviours": [{"code": "X2", "quote": "our stitching"}], "flags": []}]  # fmt: skip


@dataclass
class Contributed:
    """A page that runs in this process."""

    desk: Desk
    file: Path
    read: list[Exchange]
    """What the scorers were asked about."""

    def link(self) -> str:
        return self.desk.link(ALONE)

    def browser(self) -> Browser:
        made = Browser(self.desk.port)
        assert made.enter(self.link()).status == 200
        return made

    def examples(self) -> list[dict[str, Any]]:
        return [orjson.loads(line) for line in self.file.read_bytes().splitlines()] if self.file.exists() else []


def small_folder(root: Path) -> DataFolder:
    return data_folder(root / "data", [])


@contextlib.contextmanager
def contributing(root: Path, folder: DataFolder | None = None, port: int = 0) -> Iterator[Contributed]:
    """Serve until the block ends; what stands below ``root`` goes on."""
    folder = folder or (DataFolder(root / "data") if (root / "data").is_dir() else small_folder(root))
    (folder.path / "pending" / "heron.jsonl").unlink(missing_ok=True)
    base = base_of(folder)
    session = Session(root / "my.jsonl", Known({s.id: s for s in folder.scenarios("train")}), base, "2026-11-22")
    asked: list[Exchange] = []

    def read(exchange: Exchange) -> list[Any]:
        asked.append(exchange)
        return READING

    task = Contributing(session, ["domains: any"], lambda items: examined(items, base).problems, read).task()
    desk = Desk(Place(port=port), [ALONE], task, root / "sessions.json")
    thread = threading.Thread(target=desk.run, daemon=True)
    thread.start()
    try:
        until = time.monotonic() + 20
        while not desk.server.started and time.monotonic() < until:
            time.sleep(0.01)
        assert desk.server.started
        yield Contributed(desk, root / "my.jsonl", asked)
    finally:
        desk.server.should_exit = True
        thread.join(20)
        assert not thread.is_alive()
