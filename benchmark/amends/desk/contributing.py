"""Contributing examples: what the page may ask for.

The official scorers are asked only about examples that stand in the file with their labels: no answer before holds
anything of theirs. Scenarios that are shown are those of train.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from amends.contribute.examine import Item
from amends.contribute.form import ABOUT, CONSENT, search, steps
from amends.contribute.pull import pull_request
from amends.contribute.reading import reading
from amends.contribute.session import Session
from amends.dataset.pending import exchange_of
from amends.desk.app import Refused, Task, number_field, only_fields, text_field
from amends.desk.people import Person
from amends.errors import InputError, Problem
from amends.records import Exchange, Json

MAX_TEXT = 20_000
MAX_SEARCH = 200
_MOST_NAMES = 200
_MOST_SAVES = 1e9

_MEND = "Not saved yet: mend what stands below the reply, or say that the names are invented."
_ELSEWHERE = "This example was changed in another window. What you see here is not saved; load the page again."


class Contributing:
    """One contributor's session on a page."""

    def __init__(
        self,
        session: Session,
        wanted: Sequence[str],
        checked: Callable[[Sequence[Item]], Sequence[Problem]],
        read: Callable[[Exchange], list[Json]] = reading,
    ) -> None:
        """Take the session.

        Args:
            session: the file at hand and its draft.
            wanted: what the dataset has little of, a line each.
            checked: all problems of finished examples.
            read: what the official scorers make of an exchange.
        """
        self._session, self._wanted = session, wanted
        self._checked, self._reading = checked, read
        self._names = [step.name for step in steps()]

    def task(self) -> Task:
        """The page and its calls."""
        return Task(
            "contribute.html",
            {
                ("GET", "/state"): self.state,
                ("POST", "/draft"): self.draft,
                ("POST", "/check"): self.check,
                ("POST", "/names"): self.names,
                ("POST", "/search"): self.search,
                ("POST", "/finish"): self.finish,
                ("POST", "/reading"): self.reading,
                ("GET", "/pull"): self.pull,
            },
        )

    def state(self, person: Person, parts: Mapping[str, str], body: Json) -> Json:
        """The fields as they stand, the words of the questions, and what is finished."""
        session = self._session
        answers = {name: str(session.answers[name]) for name in ABOUT if session.answers.get(name)}
        about = {name: "yes" if name == "agreed" else text for name, text in answers.items()}
        return {
            "typed": about | session.typed,
            "revision": session.revision,
            "questions": {s.name: {"ask": s.ask, "explain": s.explain} for s in steps()},
            "consent": CONSENT,
            "wanted": list(self._wanted),
            "finished": [str(example.get("id")) for example in session.examples],
            "file": session.file.name,
            "limits": {"text": MAX_TEXT},
        }

    def draft(self, person: Person, parts: Mapping[str, str], body: Json) -> Json:
        """Save what stands in the fields."""
        only_fields(body, "typed", "revision")
        typed = body.get("typed")
        if not isinstance(typed, dict):
            raise Refused(400, "typed is missing or is no object")
        only_fields(typed, *self._names)
        read = {name: text_field(typed, name, MAX_TEXT) for name in typed}
        self._current(body)
        self._session.take(read)
        return {"saved": True, "revision": self._session.revision}

    def check(self, person: Person, parts: Mapping[str, str], body: Json) -> Json:
        """What is wrong with the example as it stands, and names to be confirmed."""
        only_fields(body)
        problems, names = self._session.live()
        return {
            "unclear": self._session.unclear(),
            "problems": [_told(problem) for problem in problems],
            "names": list(names),
        }

    def names(self, person: Person, parts: Mapping[str, str], body: Json) -> Json:
        """Keep that names are invented."""
        only_fields(body, "names")
        names = body.get("names")
        if not isinstance(names, list) or len(names) > _MOST_NAMES or not all(isinstance(n, str) for n in names):
            raise Refused(400, "names is missing or is no list of names")
        if set(names) - set(self._session.live()[1]):
            raise Refused(400, "There is a name in it that does not stand in the texts")
        self._session.confirm(names)
        return {"saved": True}

    def search(self, person: Person, parts: Mapping[str, str], body: Json) -> Json:
        """Train scenarios by id or by words."""
        only_fields(body, "text")
        text, known = text_field(body, "text", MAX_SEARCH).strip(), self._session.known
        found = [known.scenarios[text]] if text in known.scenarios else search(text, known)
        return {
            "scenarios": [
                {
                    "id": scenario.id,
                    "domain": scenario.context.domain or "",
                    "company": scenario.context.company or "",
                    "authority": scenario.context.authority or "",
                    "turns": [{"role": turn.role, "text": turn.text} for turn in scenario.turns],
                }
                for scenario in found
            ]
        }

    def finish(self, person: Person, parts: Mapping[str, str], body: Json) -> Json:
        """Put the example, with its labels, into the file."""
        only_fields(body, "revision")
        self._current(body)
        if unclear := self._session.unclear():
            raise Refused(400, "Something is missing yet.", unclear=unclear)
        problems, names = self._session.live()
        if problems or names:
            told = [_told(problem) for problem in problems]
            raise Refused(400, _MEND, unclear={}, problems=told, names=list(names))
        try:
            example = self._session.finish()
        except InputError as error:
            raise Refused(400, " ".join(_told(problem)["words"] for problem in error.problems)) from None
        count = len(self._session.examples)
        return {"saved": True, "id": example["id"], "revision": self._session.revision, "count": count}

    def reading(self, person: Person, parts: Mapping[str, str], body: Json) -> Json:
        """What the official scorers make of a finished example."""
        only_fields(body, "id")
        key = text_field(body, "id", MAX_SEARCH)
        example = next((e for e in self._session.examples if e.get("id") == key), None)
        if example is None:
            raise Refused(403, "The scorers are asked when the example and its labels are saved.")
        exchange = exchange_of(example, self._session.known.scenarios)
        if exchange is None:
            raise Refused(404, "Its scenario is none of train.")
        return {"readings": self._reading(exchange)}

    def pull(self, person: Person, parts: Mapping[str, str], body: Json) -> Json:
        """How the file stands: its problems, or the words for the pull request."""
        session = self._session
        if not session.examples:
            raise Refused(404, "Nothing is finished yet.")
        items = [Item(example, session.file.name, i) for i, example in enumerate(session.examples, start=1)]
        found = [str(problem) for problem in self._checked(items)]
        words = "" if found else pull_request(session.file, session.examples).text()
        return {"problems": found, "words": words}

    def _current(self, body: Json) -> None:
        if int(number_field(body, "revision", _MOST_SAVES)) != self._session.revision:
            raise Refused(409, _ELSEWHERE, revision=self._session.revision)


def _told(problem: Problem) -> Json:
    words = f"Found {problem.found}; expected {problem.expected}: {problem.remedy}."
    return {"field": problem.path, "words": words}
