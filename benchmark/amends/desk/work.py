"""One person's answers: a journal that only grows, the replies file that follows from it, and drafts.

``work.jsonl`` holds consent, answers and skips in their order; the last event of a scenario counts. Each is on disk
before the page says so. ``replies.jsonl`` is what generators give, each reply once. A draft is a file of its own until
its answer is saved.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from amends.desk.journal import Journal, Lines, no_link, now
from amends.errors import UsageError
from amends.generators.base import reply_id
from amends.jsonl import dumps, parse, write_whole
from amends.records import Author, Json, Reply, Scenario

JOURNAL = "work.jsonl"
"""A person's journal."""
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


class TypedElsewhere(Outdated):
    """Another window keeps a draft of the scenario that this one has not seen."""


@dataclass(frozen=True, slots=True)
class Window:
    """Which window types: two of one person do not wipe out each other's drafts."""

    name: str
    """Made up by the page."""
    step: int
    """Grows with every draft that it sends: one that comes late, as a page goes away, is passed over."""
    seen: int
    """Number of the draft that it last saw; 0 for none."""


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


class Work:
    """What one person has done so far, on disk and in memory."""

    def __init__(self, folder: Path, scenarios: Sequence[Scenario]) -> None:
        """Take up what stands in a folder: cut a torn line, mend the replies file, drop drafts that became answers.

        Args:
            folder: the person's own.
            scenarios: what is to be answered, in their order.

        Raises:
            InputError: a line of the journal was changed by hand and cannot be read.
            UsageError: there are replies without their journal, or a link in place of a file.
        """
        self.scenarios = scenarios
        self.name: str | None = None
        """The pseudonym; None before consent."""
        self._drafts = folder / "drafts"
        self._last: dict[str, Last] = {}
        for path in (folder, self._drafts):
            no_link(path)
        self._journal = Journal(folder / JOURNAL)
        self._replies = Lines(folder / "replies.jsonl")
        if self._journal.empty and self._replies.size:
            raise UsageError(
                f"{self._replies.path} holds replies, and {JOURNAL}, from which the desk would write that file anew, "
                "is missing or empty; put it back, or name another folder with -o"
            )
        self._drafts.mkdir(parents=True, exist_ok=True)
        self._journal.replay(self._take)
        self._write_replies()

    def consent(self, name: str) -> None:
        """Store that the person agreed, and the name; only the first time counts.

        Args:
            name: passed ``people.fit``.
        """
        if self.name is None:
            self._say({"event": "consent", "at": now(), "name": name, "text": CONSENT})

    def states(self) -> list[str]:
        """``open``, ``answer`` or ``skip`` for each scenario."""
        return [self._last[s.id].event if s.id in self._last else "open" for s in self.scenarios]

    def stands(self, number: int) -> Json:
        """What stands for a scenario: state, revision, text (a draft before an answer) and the draft's number.

        With them reason, seconds, unsaved.
        """
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
            "draft": draft["number"] if draft else 0,
        }

    def draft(self, number: int, text: str, seconds: float, revision: int, window: Window | None = None) -> int:
        """Keep what is being typed.

        Args:
            number: index of the scenario.
            text: what stands in the window.
            seconds: spent on the scenario.
            revision: of the scenario, as the window has it.
            window: who asks; None takes the place of whatever another window keeps.

        Returns:
            The draft's number; another text has another.

        Raises:
            Outdated: the scenario was saved since.
            TypedElsewhere: another window keeps another text that this one has not seen.
        """
        self._current(number, revision)
        before = self._draft(number, revision)
        count = before["number"] if before else 0
        if window and before:
            if before["window"] == window.name and before["step"] >= window.step:
                return int(count)
            if before["window"] != window.name and before["text"] != text and count != window.seen:
                raise TypedElsewhere
        count += not before or before["text"] != text
        typed = {"text": text, "seconds": seconds, "revision": revision, "number": count}
        by = {"window": window.name, "step": window.step} if window else {"window": "", "step": 0}
        write_whole(self._draft_path(number), dumps(typed | by))
        return int(count)

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
        self._say({"event": event, "at": now(), "scenario_id": scenario_id, "text": text, "seconds": seconds})
        if event == "answer" and last is None and not self._replies.touched:
            self._replies.append(dumps(self._reply(scenario_id).to_dict()))
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
        path = self._replies.path
        if (path.read_bytes() if path.exists() else b"") != lines:
            self._replies.replace(lines)

    def _say(self, event: Json) -> None:
        self._journal.write(event)
        self._take(event)

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
            return {"number": 1, "window": "", "step": 0} | draft if draft["revision"] == revision else None
        except (OSError, ValueError, KeyError, TypeError):
            return None
