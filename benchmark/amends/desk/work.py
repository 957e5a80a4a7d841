"""One person's answers: a journal that only grows, the replies file that follows from it, and drafts.

``work.jsonl`` holds consent, answers and skips in their order; the last event of a scenario counts. Each is on disk
before the page says so. ``replies.jsonl`` is what generators give, each reply once. A draft is a file of its own until
its answer is saved.
"""

from __future__ import annotations

import datetime
import errno
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from amends.errors import InputError, Problem
from amends.generators.base import reply_id
from amends.jsonl import cut_torn_line, dumps, parse, read, write_whole
from amends.records import Author, Json, Reply, Scenario

MAX_TEXT = 100_000
"""Characters of a reply, as Unicode code points."""
MAX_REASON = 500
MAX_SECONDS = 7 * 24 * 3600.0

CONSENT = (
    "I agree that my replies, the reasons why I skip a scenario, and the seconds I spend on each are stored under the "
    "name that I choose here, in files of whoever runs this desk. They may be scored, compared with other replies, and "
    "passed on with the benchmark. I write no names or data of real people."
)
"""What a person agrees to before the first scenario; stored word for word."""


class Outdated(Exception):
    """The scenario was saved in another window after this one had read it."""


@dataclass(frozen=True, slots=True)
class Last:
    """What counts of one scenario."""

    event: str
    """answer or skip."""
    text: str
    """The reply, or the reason."""
    seconds: float
    at: str
    revision: int
    """How often the scenario was saved, this time among them."""


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")


class Work:
    """What one person has done so far, on disk and in memory."""

    def __init__(self, folder: Path, scenarios: Sequence[Scenario]) -> None:
        """Take up what stands in a folder: cut a torn line, mend the replies file, drop drafts that became answers.

        Args:
            folder: the person's own.
            scenarios: what is to be answered, in their order.

        Raises:
            InputError: a line of the journal was changed by hand and cannot be read.
        """
        self.scenarios = scenarios
        self.name: str | None = None
        """The pseudonym; None before consent."""
        self._journal = folder / "work.jsonl"
        self._replies = folder / "replies.jsonl"
        self._drafts = folder / "drafts"
        self._last: dict[str, Last] = {}
        self._drafts.mkdir(parents=True, exist_ok=True)
        cut_torn_line(self._journal)
        self._read()
        self._write_replies()

    def consent(self, name: str) -> None:
        """Store that the person agreed, and the name; only the first time counts.

        Args:
            name: passed ``people.fit``.
        """
        if self.name is None:
            self._append(self._journal, {"event": "consent", "at": _now(), "name": name, "text": CONSENT})
            self.name = name

    def states(self) -> list[str]:
        """``open``, ``answer`` or ``skip`` for each scenario."""
        return [self._last[s.id].event if s.id in self._last else "open" for s in self.scenarios]

    def stands(self, number: int) -> Json:
        """What stands for a scenario: state, revision, text (a draft before an answer), reason, seconds, unsaved."""
        last = self._last.get(self.scenarios[number].id)
        draft = self._draft(number, last.revision if last else 0)
        answer = last.text if last and last.event == "answer" else ""
        return {
            "state": last.event if last else "open",
            "revision": last.revision if last else 0,
            "text": draft["text"] if draft else answer,
            "reason": last.text if last and last.event == "skip" else "",
            "seconds": draft["seconds"] if draft else last.seconds if last else 0.0,
            "unsaved": bool(draft and draft["text"] != answer),
        }

    def draft(self, number: int, text: str, seconds: float, revision: int) -> None:
        """Keep what is being typed.

        Raises:
            Outdated: the scenario was saved since.
        """
        self._current(number, revision)
        path = self._draft_path(number)
        write_whole(path, dumps({"text": text, "seconds": seconds, "revision": revision}))

    def answer(self, number: int, text: str, seconds: float, revision: int) -> int:
        """Save a reply, for the first time or anew.

        Returns:
            The new revision; the old one where just this stands already (a page that asks twice).

        Raises:
            Outdated: something else was saved since.
        """
        return self._save(number, "answer", text, seconds, revision)

    def skip(self, number: int, reason: str, seconds: float, revision: int) -> int:
        """Save that a scenario is passed over; a reply that stood there is withdrawn. As ``answer``."""
        return self._save(number, "skip", reason, seconds, revision)

    def _save(self, number: int, event: str, text: str, seconds: float, revision: int) -> int:
        scenario_id = self.scenarios[number].id
        last = self._last.get(scenario_id)
        if last and (last.event, last.text) == (event, text):
            self._write_replies()  # it may be what failed when the page asked first
            self._draft_path(number).unlink(missing_ok=True)
            return last.revision
        self._current(number, revision)
        said = {"event": event, "at": _now(), "scenario_id": scenario_id, "text": text, "seconds": seconds}
        self._append(self._journal, said)
        self._take(said)
        if event == "answer" and last is None:
            self._append(self._replies, self._reply(scenario_id).to_dict())
        else:
            self._write_replies()
        self._draft_path(number).unlink(missing_ok=True)
        return revision + 1

    def _current(self, number: int, revision: int) -> None:
        last = self._last.get(self.scenarios[number].id)
        if revision != (last.revision if last else 0):
            raise Outdated

    def _reply(self, scenario_id: str) -> Reply:
        last, name = self._last[scenario_id], self.name or ""
        meta = {"seconds": last.seconds, "answered": last.at, "saved": last.revision}
        author = Author("person", name, "1")
        return Reply(reply_id(scenario_id, name, 0), scenario_id, last.text, 0, author, meta)

    def _write_replies(self) -> None:
        """The replies file as it follows from the journal, in the order of the scenarios' ids."""
        answered = sorted(scenario_id for scenario_id, last in self._last.items() if last.event == "answer")
        lines = b"".join(dumps(self._reply(scenario_id).to_dict()) for scenario_id in answered)
        there = self._replies.read_bytes() if self._replies.exists() else b""
        if there != lines:
            write_whole(self._replies, lines)

    def _append(self, path: Path, record: Json) -> None:
        """One line, whole and on the disk, or none."""
        data = dumps(record)
        before = path.stat().st_size if path.exists() else 0
        try:
            with path.open("ab", buffering=0) as stream:
                if stream.write(data) != len(data):
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
                os.fsync(stream.fileno())
        except OSError:
            if path.exists():
                os.truncate(path, before)
            raise

    def _read(self) -> None:
        if not self._journal.exists() or not self._journal.stat().st_size:
            return
        for number, item in read(str(self._journal)):
            try:
                if isinstance(item, Problem):
                    raise InputError([item])
                self._take(item)
            except (KeyError, TypeError):
                wrong = Problem(
                    str(self._journal), number, "$", "a line that the desk did not write", "an event of the desk",
                    "put the line back as it was, or name another folder with -o",
                )  # fmt: skip
                raise InputError([wrong]) from None

    def _take(self, said: Mapping[str, Any]) -> None:
        if said["event"] == "consent":
            self.name = said["name"]
            return
        scenario_id = said["scenario_id"]
        before = self._last.get(scenario_id)
        revision = before.revision + 1 if before else 1
        self._last[scenario_id] = Last(said["event"], said["text"], said["seconds"], said["at"], revision)

    def _draft_path(self, number: int) -> Path:
        return self._drafts / f"{number + 1}.json"

    def _draft(self, number: int, revision: int) -> Json | None:
        """The draft of a scenario; one older than what was saved, or that cannot be read, is none."""
        try:
            draft: Json = parse(self._draft_path(number).read_bytes())
            return draft if draft["revision"] == revision else None
        except (OSError, ValueError, KeyError, TypeError):
            return None
