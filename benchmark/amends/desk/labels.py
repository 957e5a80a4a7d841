"""One person's labels: a journal that only grows, and the annotations that follow from it.

``labels.jsonl`` holds consent and every action in their order, each on the disk before the page says so; an action
holds only what it changed. ``annotations.jsonl`` holds what is finished, each reply once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from amends.desk.journal import Journal, Lines, no_link, now
from amends.desk.standing import Standing, lacks
from amends.errors import UsageError
from amends.jsonl import dumps
from amends.logs.draw import DRAW
from amends.records import DIMENSIONS, UNSURE, Annotation, Annotator, Behaviour, Exchange, Json

JOURNAL = "labels.jsonl"
"""A person's journal."""
HINT = 0.3
"""Strength of a passing hint; a plain case has 1."""

CONSENT = (
    "I agree that my labels, the reasons that I write, and the seconds I spend on each reply are stored under the name "
    "that I choose here, in files of whoever runs this desk. They may be compared with other people's labels and with "
    "those of programs, and passed on with the benchmark. I write no names or data of real people."
)
"""What a person agrees to before the first reply; stored word for word."""


class Outdated(Exception):
    """The reply was labeled in another window after this one had read it."""


class Final(Exception):
    """The label stays as it is: the person has seen the gold, or how it agrees with others'."""


class Lacking(Exception):
    """The label is not whole; the message says what it lacks."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Under what the labels of a desk are made; it stands in every record."""

    guideline: str
    """Its version."""
    seed: int
    """Of the order."""
    training: bool = False
    """Whether the gold is shown after each."""


class Labels:
    """What one person has labeled so far, on disk and in memory."""

    def __init__(self, folder: Path, exchanges: Mapping[str, Exchange], order: Sequence[str], terms: Terms) -> None:
        """Take up what stands in a folder: cut a torn line, mend the annotations file.

        Args:
            folder: the person's own; made where it is missing.
            exchanges: everything that the desk is about, by id.
            order: ids of what this person is asked for, in their order.
            terms: of the desk.

        Raises:
            InputError: a line of the journal was changed by hand and cannot be read.
            UsageError: there are annotations without their journal, or a link in place of a file.
        """
        self.order = order
        self.exchanges = exchanges
        self.name: str | None = None
        """The pseudonym; None before consent."""
        self._terms = terms
        self._place = {item: number for number, item in enumerate(order, start=1)}
        self._standing: dict[str, Standing] = {}
        self.events = 0
        """How many the journal holds: another number means other labels."""
        no_link(folder)
        folder.mkdir(parents=True, exist_ok=True)
        self._file = Lines(folder / "annotations.jsonl")
        self._journal = Journal(folder / JOURNAL)
        if self._journal.empty and self._file.size:
            raise UsageError(
                f"{self._file.path} holds annotations, and {JOURNAL}, from which the desk would write that file anew, "
                "is missing or empty; put it back, or name another folder with -o"
            )
        self._journal.replay(self._take)
        self._write()

    def consent(self, name: str) -> None:
        """Store that the person agreed, and the name; only the first time counts.

        Args:
            name: passed ``people.fit``.
        """
        if self.name is None:
            self._say({"event": "consent", "at": now(), "name": name, "text": CONSENT})

    def stands(self, item: str) -> Standing:
        """What stands for a reply, by its id."""
        return self._standing.get(item, Standing())

    def asks_for(self, item: str) -> bool:
        """Whether the person is asked for a reply."""
        return item in self._place

    def states(self) -> list[str]:
        """``open``, ``done`` or ``skip`` for each reply that is asked for."""
        return [self.stands(item).state for item in self.order]

    @property
    def finished(self) -> bool:
        """Nothing that is asked for is open."""
        return all(self.stands(item).state != "open" for item in self.order)

    @property
    def looked(self) -> bool:
        """The person has finished everything and then asked how it agrees with others' labels."""
        return bool(self.order) and all(self.stands(item).final for item in self.order)

    def look(self) -> None:
        """Make everything final, so that agreement may be shown.

        Raises:
            Lacking: something is open.
        """
        if not self.finished:
            raise Lacking("Agreement is shown when everything is done or skipped.")
        if not self.looked:
            self._say({"event": "looked", "at": now(), "items": list(self.order)})

    def label(self, item: str, label: Json, seconds: float, revision: int) -> int:
        """Save a label as it stands after an action.

        Args:
            item: id.
            label: of the form of ``blank``, its fields checked; marks in the order of their place.
            seconds: spent so far.
            revision: that the action followed.

        Returns:
            The new revision; the old one where just this stands already (a page that asks twice).

        Raises:
            Outdated: something else was saved since.
            Final: it can no longer be changed.
        """
        before = self.stands(item)
        changed = {name: value for name, value in label.items() if value != before.label[name]}
        if not changed:
            self._mend(before)
            return before.revision
        self._may_change(before, revision)
        self._say({"event": "label", "at": now(), "item": item, "set": changed, "seconds": seconds})
        self._follow(item, before)
        return revision + 1

    def done(self, item: str, seconds: float, revision: int) -> int:
        """Save that the person has finished a reply. As ``label``.

        Raises:
            Lacking: the label is not whole.
        """
        before = self.stands(item)
        if before.state == "done":
            self._mend(before)
            return before.revision
        self._may_change(before, revision)
        if lacking := lacks(before.label):
            raise Lacking(lacking)
        place = self._place.get(item, 0)
        self._say({"event": "done", "at": now(), "item": item, "position": place, "seconds": seconds})
        self._follow(item, before)
        return revision + 1

    def skip(self, item: str, why: str, seconds: float, revision: int) -> int:
        """Save that a reply is passed over; a finished label is withdrawn. As ``label``."""
        before = self.stands(item)
        if (before.state, before.why) == ("skip", why):
            self._mend(before)
            return before.revision
        self._may_change(before, revision)
        self._say({"event": "skip", "at": now(), "item": item, "text": why, "seconds": seconds})
        self._follow(item, before)
        return revision + 1

    def annotations(self) -> list[Annotation]:
        """What is finished, in the order of the ids."""
        return [self._annotation(item) for item in sorted(self._standing) if self._standing[item].state == "done"]

    def _may_change(self, before: Standing, revision: int) -> None:
        if before.final:
            raise Final
        if revision != before.revision:
            raise Outdated

    def _say(self, event: Json) -> None:
        self._journal.write(event)
        self._take(event)

    def _take(self, event: Json) -> None:
        """Follow an event; the same at the moment when it is said and when it is read again."""
        kind = event["event"]
        self.events += 1
        if kind == "consent":
            self.name = event["name"]
        elif kind == "looked":
            for item in event["items"]:
                self._standing[item] = replace(self.stands(item), final=True)
        else:
            item, before = event["item"], self.stands(event["item"])
            if item not in self.exchanges:
                raise KeyError(item)
            told = replace(before, seconds=event["seconds"], revision=before.revision + 1)
            self._standing[item] = self._after(kind, event, told)

    def _after(self, kind: str, event: Json, told: Standing) -> Standing:
        if kind == "label":
            label = told.label | event["set"]
            # a finished one stays finished as long as it is whole
            state = "done" if told.state == "done" and not lacks(label) else "open"
            return replace(told, label=label, state=state, why="")
        if kind == "done":
            place, final = event["position"], self._terms.training
            return replace(told, state="done", at=event["at"], position=place, why="", final=final)
        if kind == "skip":
            return replace(told, state="skip", at=event["at"], why=event["text"])
        raise ValueError(kind)

    def _follow(self, item: str, before: Standing) -> None:
        """Let the annotations file follow; only a first finishing adds to its end."""
        state = self._standing[item].state
        if before.state != "done" and state == "done" and not self._file.touched:
            self._file.append(dumps(self._annotation(item).to_dict()))
        elif "done" in (before.state, state):
            self._write()

    def _mend(self, stands: Standing) -> None:
        """Write the annotations again: it may be what failed when the page asked first."""
        if stands.state == "done":
            self._write()

    def _write(self) -> None:
        lines = b"".join(dumps(annotation.to_dict()) for annotation in self.annotations())
        there = self._file.path.read_bytes() if self._file.path.exists() else b""
        if sorted(there.splitlines()) != sorted(lines.splitlines()):
            self._file.replace(lines)

    def _annotation(self, item: str) -> Annotation:
        stands, exchange = self._standing[item], self.exchanges[item]
        label, unsure = stands.label, set(stands.label["unsure"])
        meta: Json = {
            "seconds": stands.seconds,
            "training": self._terms.training,
            "order": {"seed": self._terms.seed, "position": stands.position},
        }
        if DRAW in exchange.meta:
            meta[DRAW] = exchange.meta[DRAW]
        return Annotation(
            item,
            exchange.scenario_id,
            Annotator("annotator", "person", self.name or "", "1", "holistic", self._terms.guideline),
            {dimension: label["levels"][dimension] for dimension in DIMENSIONS},
            tuple(Behaviour(**mark) for mark in label["behaviours"]),
            tuple(label["flags"]),
            label["reason"].strip() or None,
            confidence={d: UNSURE if d in unsure else None for d in DIMENSIONS} if unsure else None,
            created=stands.at[:10],
            meta=meta,
        )
