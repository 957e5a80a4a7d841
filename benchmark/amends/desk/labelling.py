"""Labelling replies: what the page may ask for. Every call is about the labels of the one person who is in.

Nothing that others said of a reply leaves here before the person has finished: in training mode the gold of one reply
after that reply, elsewhere figures of agreement after all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from amends.desk.app import Refused, Task, number_field, only_fields, text_field
from amends.desk.consent import chosen_name
from amends.desk.figures import figures
from amends.desk.guideline import blocks, dimensions, flags, version
from amends.desk.items import keys, released_annotations, shown, those_released
from amends.desk.labels import CONSENT, HINT, Final, Labels, Lacking, Outdated
from amends.desk.people import MAX_NAME, Person
from amends.records import DIMENSIONS, Annotation, Json
from amends.rubric.definitions import behaviours

MAX_REASON = 2_000
MAX_WHY = 500
MAX_MARKS = 300
MAX_SECONDS = 7 * 24 * 3600.0
_MOST = 1e9
_STRENGTHS = (1.0, HINT)
_FIELDS = ("levels", "behaviours", "flags", "reason", "unsure")

_ELSEWHERE = "This reply was labeled in another window. What you see here is not saved."
_FINAL = "This one is final: you have seen what others said of it, or how you agree with them."


class Labelling:
    """The people of a desk and their labels."""

    def __init__(
        self,
        labels: Mapping[str, Labels],
        salt: str,
        offered: str = "",
        gold: Mapping[str, Json] | None = None,
        taken: Collection[str] = (),
    ) -> None:
        """Take the labels of each person.

        Args:
            labels: by the person's folder; all of the same exchanges.
            salt: of the folder.
            offered: the name that the page proposes.
            gold: of each reply, by id, in training mode; None outside it.
            taken: names of people who are not asked this time, and whose labels lie in the same folder.
        """
        self._taken = taken
        self._labels = labels
        self._offered = offered
        self._gold = gold
        ids = next(iter(labels.values())).exchanges if labels else {}
        self._ids = keys(ids, salt)
        self._keys = {item: key for key, item in self._ids.items()}
        self._codes, self._flags = frozenset(behaviours()), frozenset(flag["code"] for flag in flags())
        self._models: list[Annotation] | None = None
        self._counting = ThreadPoolExecutor(1, "figures")
        self._counted: dict[str, tuple[object, Future[Json]]] = {}

    def task(self) -> Task:
        """The page and its calls."""
        return Task(
            "annotate.html",
            {
                ("GET", "/state"): self.state,
                ("POST", "/consent"): self.consent,
                ("GET", "/guideline"): self.guideline,
                ("GET", "/items/{key}"): self.item,
                ("POST", "/items/{key}/label"): self.label,
                ("POST", "/items/{key}/done"): self.done,
                ("POST", "/items/{key}/skip"): self.skip,
                ("POST", "/agreement"): self.agreement,
            },
        )

    def state(self, person: Person, parts: Mapping[str, str], body: Json) -> Json:
        """How far the person is, and the limits that the page keeps."""
        labels = self._labels[person.folder]
        told: Json = {
            "name": labels.name,
            "items": [[self._keys[i], s] for i, s in zip(labels.order, labels.states(), strict=True)],
            "looked": labels.looked,
            "training": self._gold is not None,
            "limits": {"reason": MAX_REASON, "why": MAX_WHY, "name": MAX_NAME, "marks": MAX_MARKS},
        }
        return told if labels.name else told | {"consent": CONSENT, "offered": self._offered}

    def guideline(self, person: Person, parts: Mapping[str, str], body: Json) -> Json:
        """The guideline, whole and by dimension, and the flags."""
        return {"version": version(), "dimensions": dimensions(), "flags": flags(), "whole": blocks()}

    def consent(self, person: Person, parts: Mapping[str, str], body: Json) -> Json:
        """Take the name, once; two people of a desk cannot have the same one, or they would be one annotator."""
        others = [labels.name for folder, labels in self._labels.items() if folder != person.folder]
        self._labels[person.folder].consent(chosen_name(body, (*others, *self._taken)))
        return self.state(person, parts, {})

    def item(self, person: Person, parts: Mapping[str, str], body: Json) -> Json:
        """One reply in words, with what the person said of it so far."""
        labels, item = self._at(person, parts)
        stands = labels.stands(item)
        told = {"label": stands.label, "why": stands.why, "seconds": stands.seconds}
        return shown(labels.exchanges[item]) | told | self._now(labels, item)

    def label(self, person: Person, parts: Mapping[str, str], body: Json) -> Json:
        """Save what stands after an action."""
        only_fields(body, *_FIELDS, "seconds", "revision")
        labels, item = self._at(person, parts)
        said, seconds, revision = self._label(body, labels.exchanges[item].reply), _seconds(body), _revision(body)
        return self._saved(labels, item, lambda: labels.label(item, said, seconds, revision))

    def done(self, person: Person, parts: Mapping[str, str], body: Json) -> Json:
        """Save that a reply is finished."""
        only_fields(body, "seconds", "revision")
        labels, item = self._at(person, parts)
        seconds, revision = _seconds(body), _revision(body)
        return self._saved(labels, item, lambda: labels.done(item, seconds, revision))

    def skip(self, person: Person, parts: Mapping[str, str], body: Json) -> Json:
        """Save that a reply is passed over, and why."""
        only_fields(body, "reason", "seconds", "revision")
        labels, item = self._at(person, parts)
        why, seconds, revision = text_field(body, "reason", MAX_WHY).strip(), _seconds(body), _revision(body)
        if not why:
            raise Refused(400, "Say in a word or two why you skip it.")
        return self._saved(labels, item, lambda: labels.skip(item, why, seconds, revision))

    def agreement(self, person: Person, parts: Mapping[str, str], body: Json) -> Json:
        """Make everything of the person final and give the figures, or say that they are being computed."""
        only_fields(body)
        labels = self._labels[person.folder]
        try:
            labels.look()
        except Lacking as error:
            raise Refused(403, str(error)) from None
        people = [other for other in self._labels.values() if other is not labels and other.finished and other.name]
        # a step of the figures at one change of another would tell that label: they follow at the other's last one
        asked = (labels.events, [(one.name, one.looked) for one in people])
        counted = self._counted.get(person.folder)
        if counted is None or counted[0] != asked:
            others = [own for other in people if (own := other.annotations())]
            counted = (asked, self._counting.submit(self._figures, labels.annotations(), others))
            self._counted[person.folder] = counted
        future = counted[1]
        if not future.done():
            return {"pending": True}
        if (wrong := future.exception()) is not None:
            raise Refused(500, f"The figures could not be computed: {wrong}")
        return {"pending": False} | future.result()

    def _figures(self, own: Sequence[Annotation], people: Sequence[Sequence[Annotation]]) -> Json:
        if self._models is None:
            exchanges = next(iter(self._labels.values())).exchanges
            splits = those_released(exchanges.values())
            self._models = released_annotations(splits) if splits else []
        return figures(own, people, self._models)

    def _saved(self, labels: Labels, item: str, save: Callable[[], int]) -> Json:
        try:
            save()
        except Outdated:
            raise Refused(409, _ELSEWHERE, revision=labels.stands(item).revision) from None
        except Final:
            raise Refused(403, _FINAL, final=True) from None
        except Lacking as error:
            raise Refused(400, str(error)) from None
        return {"saved": True} | self._now(labels, item)

    def _now(self, labels: Labels, item: str) -> Json:
        stands = labels.stands(item)
        told: Json = {"state": stands.state, "revision": stands.revision, "final": stands.final}
        if self._gold is not None and stands.state == "done":
            told["gold"] = self._gold.get(item)
        return told

    def _at(self, person: Person, parts: Mapping[str, str]) -> tuple[Labels, str]:
        """The person's labels and the id of a reply; none before consent, and none that is not asked for."""
        labels = self._labels[person.folder]
        if not labels.name:
            raise Refused(403, "Choose a name and agree first.")
        item = self._ids.get(parts["key"])
        if item is None or not labels.asks_for(item):
            raise Refused(404, "There is no such reply at this desk; open its page anew.")
        return labels, item

    def _label(self, body: Json, reply: str) -> Json:
        return {
            "levels": _levels(body.get("levels")),
            "behaviours": self._marks(body.get("behaviours"), reply),
            "flags": _some(body, "flags", self._flags),
            "reason": text_field(body, "reason", MAX_REASON),
            "unsure": _some(body, "unsure", frozenset(DIMENSIONS)),
        }

    def _marks(self, marks: object, reply: str) -> list[Json]:
        if not isinstance(marks, list):
            raise Refused(400, "behaviours is missing or is no list")
        if len(marks) > MAX_MARKS:
            raise Refused(413, f"{len(marks):,} marks are too many: at most {MAX_MARKS}")
        read = [self._mark(mark, reply) for mark in marks]
        places = [(mark["start"], mark["end"], mark["code"]) for mark in read]
        if len(set(places)) < len(places):
            raise Refused(400, "One behaviour is marked twice on the same words")
        return [mark for _, mark in sorted(zip(places, read, strict=True), key=lambda pair: pair[0])]

    def _mark(self, mark: object, reply: str) -> Json:
        if not isinstance(mark, dict):
            raise Refused(400, "A mark is no object")
        only_fields(mark, "code", "start", "end", "quote", "strength")
        code, quote = text_field(mark, "code", 2), text_field(mark, "quote", len(reply))
        start, end = (_whole(mark, name) for name in ("start", "end"))
        strength = number_field(mark, "strength", 1.0)
        if code not in self._codes:
            raise Refused(400, "There is no behaviour of that code")
        if strength not in _STRENGTHS:
            raise Refused(400, f"strength is 1 for a plain case or {HINT} for a passing hint")
        if not start < end <= len(reply):
            raise Refused(400, "A mark lies outside the reply")
        if reply[start:end] != quote:
            raise Refused(400, "The words of a mark are not those of the reply in its place")
        if not quote.strip():
            raise Refused(400, "A mark without a visible character shows nothing")
        return {"code": code, "start": start, "end": end, "quote": quote, "strength": float(strength)}


def _levels(levels: object) -> Json:
    if not isinstance(levels, dict):
        raise Refused(400, "levels is missing or is no object")
    only_fields(levels, *DIMENSIONS)
    for level in levels.values():
        if level is not None and (isinstance(level, bool) or not isinstance(level, int) or not 1 <= level <= 5):
            raise Refused(400, "A level is a whole number from 1 to 5, or null where it cannot be judged")
    return {dimension: levels[dimension] for dimension in DIMENSIONS if dimension in levels}


def _some(body: Json, name: str, known: frozenset[str]) -> list[str]:
    """A list of names out of a closed list, each once, sorted."""
    value = body.get(name)
    if not isinstance(value, list) or len(value) > len(known):
        raise Refused(400, f"{name} is missing or is no list of known names")
    if not all(isinstance(one, str) and one in known for one in value) or len(set(value)) < len(value):
        raise Refused(400, f"{name} holds something that is not known, or one thing twice")
    return sorted(value)


def _whole(body: Json, name: str) -> int:
    value = number_field(body, name, _MOST)
    if value != int(value) or isinstance(body[name], float):
        raise Refused(400, f"{name} must be a whole number")
    return int(value)


def _seconds(body: Json) -> float:
    return round(number_field(body, "seconds", MAX_SECONDS), 1)


def _revision(body: Json) -> int:
    return _whole(body, "revision")
