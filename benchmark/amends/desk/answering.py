"""Answering scenarios: what the page may ask for. Every call is about the work of the one person who is in."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from amends.desk.app import Refused, Task, number_field, only_fields, text_field
from amends.desk.consent import chosen_name
from amends.desk.people import MAX_NAME, Person
from amends.desk.wording import shown
from amends.desk.work import (
    CONSENT,
    MAX_REASON,
    MAX_SECONDS,
    MAX_TEXT,
    Outdated,
    TypedElsewhere,
    Window,
    Work,
)
from amends.records import Json

_SAVED_ELSEWHERE = (
    "This scenario was saved in another window. What you see here is not saved: "
    "save again to replace what stands there."
)
_TYPED_ELSEWHERE = (
    "More was typed to this scenario in another window. What you see here is not kept: "
    "reload to see that text, or go on here to replace it."
)
_MOST_SAVES = 1e9
_LONGEST_WINDOW = 40
_LONGEST_NUMBER = 10


class Answering:
    """The people of a desk and their work."""

    def __init__(self, works: Mapping[str, Work], offered: str = "", taken: Collection[str] = ()) -> None:
        """Take the work of each person.

        Args:
            works: by the person's folder.
            offered: the name that the page proposes.
            taken: names of people who are not asked this time, and whose replies lie in the same folder.
        """
        self._taken = taken
        self._works = works
        self._offered = offered

    def task(self) -> Task:
        """The page and its calls."""
        return Task(
            "answer.html",
            {
                ("GET", "/state"): self.state,
                ("POST", "/consent"): self.consent,
                ("GET", "/scenarios/{number}"): self.scenario,
                ("POST", "/scenarios/{number}/draft"): self.draft,
                ("POST", "/scenarios/{number}/answer"): self.answer,
                ("POST", "/scenarios/{number}/skip"): self.skip,
            },
        )

    def state(self, person: Person, parts: Mapping[str, str], body: Json) -> Json:
        """How far the person is, and the limits that the page keeps."""
        work = self._works[person.folder]
        limits = {"text": MAX_TEXT, "reason": MAX_REASON, "name": MAX_NAME}
        told = {"name": work.name, "states": work.states(), "limits": limits}
        return told if work.name else told | {"consent": CONSENT, "offered": self._offered}

    def consent(self, person: Person, parts: Mapping[str, str], body: Json) -> Json:
        """Take the name, once; two people of a desk cannot have the same one, or their replies would share ids."""
        others = [work.name for folder, work in self._works.items() if folder != person.folder]
        self._works[person.folder].consent(chosen_name(body, (*others, *self._taken)))
        return self.state(person, parts, {})

    def scenario(self, person: Person, parts: Mapping[str, str], body: Json) -> Json:
        """One scenario in words, with what the person wrote so far."""
        work, number = self._at(person, parts)
        return shown(work.scenarios[number]) | work.stands(number)

    def draft(self, person: Person, parts: Mapping[str, str], body: Json) -> Json:
        """Keep what is being typed."""
        only_fields(body, "text", "seconds", "revision", "window", "step", "seen")
        work, number = self._at(person, parts)
        text, seconds, revision = _typed(body, "text", MAX_TEXT)
        window = None
        if "window" in body:
            name = text_field(body, "window", _LONGEST_WINDOW)
            window = Window(name, _whole(body, "step"), _whole(body, "seen"))
        try:
            return {"saved": True, "revision": revision, "draft": work.draft(number, text, seconds, revision, window)}
        except Outdated as error:
            raise _outdated(work, number, error) from None

    def answer(self, person: Person, parts: Mapping[str, str], body: Json) -> Json:
        """Save a reply."""
        only_fields(body, "text", "seconds", "revision")
        work, number = self._at(person, parts)
        text, seconds, revision = _typed(body, "text", MAX_TEXT)
        if not text.strip():
            raise Refused(400, "There is no reply yet: write one, or skip the scenario.")
        try:
            return self._saved(work, work.answer(number, text, seconds, revision))
        except Outdated as error:
            raise _outdated(work, number, error) from None

    def skip(self, person: Person, parts: Mapping[str, str], body: Json) -> Json:
        """Save that a scenario is passed over, and why."""
        only_fields(body, "reason", "seconds", "revision")
        work, number = self._at(person, parts)
        reason, seconds, revision = _typed(body, "reason", MAX_REASON)
        if not reason.strip():
            raise Refused(400, "Say in a word or two why you skip it.")
        try:
            return self._saved(work, work.skip(number, reason.strip(), seconds, revision))
        except Outdated as error:
            raise _outdated(work, number, error) from None

    def _saved(self, work: Work, revision: int) -> Json:
        return {"saved": True, "revision": revision, "states": work.states()}

    def _at(self, person: Person, parts: Mapping[str, str]) -> tuple[Work, int]:
        """The person's work and the index of a scenario; none before consent."""
        work = self._works[person.folder]
        if not work.name:
            raise Refused(403, "Choose a name and agree first.")
        number = parts["number"]
        right = number.isascii() and number.isdecimal() and len(number) < _LONGEST_NUMBER
        if not (right and number == str(int(number)) and 1 <= int(number) <= len(work.scenarios)):
            raise Refused(404, "There is no such scenario.")
        return work, int(number) - 1


def _typed(body: Json, name: str, most: int) -> tuple[str, float, int]:
    text, seconds = text_field(body, name, most), number_field(body, "seconds", MAX_SECONDS)
    return text, round(seconds, 1), _whole(body, "revision")


def _whole(body: Json, name: str) -> int:
    value = number_field(body, name, _MOST_SAVES)
    if value != int(value):
        raise Refused(400, f"{name} must be a whole number")
    return int(value)


def _outdated(work: Work, number: int, error: Outdated) -> Refused:
    """What stands there now, so that the page may replace it, once the person has been told."""
    now = work.stands(number)
    words = _TYPED_ELSEWHERE if isinstance(error, TypedElsewhere) else _SAVED_ELSEWHERE
    return Refused(409, words, revision=now["revision"], draft=now["draft"])
