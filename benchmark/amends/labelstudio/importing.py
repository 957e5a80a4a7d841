"""An export of Label Studio as annotations of people, and every problem of it."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from amends.errors import Problem
from amends.labelstudio import form
from amends.labelstudio.export_file import Task, read_tasks, where
from amends.labelstudio.people import Who, pseudonyms, who
from amends.labelstudio.results import Judged, Reader, displayed, spans_of
from amends.labelstudio.shown import POINTS, UNITS, readings, shown
from amends.labelstudio.tasks import shown_turns, text_digest
from amends.logs.draw import DRAW
from amends.records import DIMENSIONS, UNSURE, Annotation, Annotator, Exchange, Json
from amends.schema import problems

METHOD = "holistic"
"""Of the guideline's methods the one that the interface asks for: the reply once, levels, behaviours."""
_LONGEST_ID = 1000
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?=T|\Z)")


@dataclass(slots=True)
class Imported:
    """What an export came to."""

    annotations: list[Annotation] = field(default_factory=list)
    """In the order of the export."""
    people: dict[str, str] = field(default_factory=dict)
    """Pseudonym to the user, as the terminal may name them."""
    counts: dict[str, int] = field(default_factory=dict)
    """What was passed over, and what had to be looked for, in words."""

    def count(self, what: str, n: int = 1) -> None:
        """Count what was passed over."""
        if n:
            self.counts[what] = self.counts.get(what, 0) + n


CANCELLED = "cancelled annotations passed over"
PREDICTIONS = "predictions passed over"
DRAFTS = "drafts passed over"
EARLIER = "earlier annotations of a reply by the same person passed over"
UNLABELLED = "tasks without an annotation"
SOUGHT = "spans found by their words, their offsets led elsewhere"


def imported(
    file: str, source: str, exchanges: Mapping[str, Exchange], names: Mapping[str, str], tell: Callable[[Problem], None]
) -> Imported:
    """Read an export against the exchanges that it was made from.

    Args:
        file: the export.
        source: the name of the exchanges' file, for problems.
        exchanges: by id.
        names: e-mail address, number or user name to pseudonym (``people.parse_names``).
        tell: told of each problem; an annotation with one is left out, all others stay.

    Raises:
        InputError: the export fails as a whole.
        UsageError: a name belongs to nobody of the export.
    """
    found = Imported()
    tasks: list[tuple[Task, Exchange]] = []
    everybody: list[Who] = []
    for item in read_tasks(file):
        if isinstance(item, Problem):
            tell(item)
            continue
        found.count(PREDICTIONS, item.predictions)
        found.count(DRAFTS, item.drafts)
        found.count(UNLABELLED, not item.annotations)
        everybody += [p for a in item.annotations if isinstance(a, dict) and (p := who(a.get("completed_by")))]
        exchange = _own(file, source, item, exchanges, tell)
        if exchange is not None:
            tasks.append((item, exchange))
    chosen = pseudonyms(everybody, names)
    shown_as = {one.key: one.shown for one in everybody}
    found.people = {name: shown_as[key] for key, name in chosen.items()}
    reading = _Import(file, chosen, _counted(tasks), tell, found)
    for task, exchange in tasks:
        reading.task(task, exchange)
    found.annotations = [annotation for _, annotation in reading.latest.values()]
    return found


def _own(
    file: str, source: str, task: Task, exchanges: Mapping[str, Exchange], tell: Callable[[Problem], None]
) -> Exchange | None:
    """The exchange of a task, if it is still the same in Label Studio and in the source."""

    def wrong(path: str, found: str, expected: str, remedy: str) -> None:
        tell(Problem(file, None, where(task.id, path), found, expected, remedy))

    key = task.data.get(form.KEY)
    reply_id = key.get("reply_id") if isinstance(key, dict) else None
    if not isinstance(key, dict) or not isinstance(reply_id, str):
        expected = "the id of its reply, as amends label-studio export writes it"
        wrong(f"$.data.{form.KEY}.reply_id", displayed(reply_id), expected, "import the tasks.json that amends wrote")
        return None
    exchange = exchanges.get(reply_id)
    if exchange is None:
        wrong(f"$.data.{form.KEY}.reply_id", displayed(reply_id), f"a reply of {source}", "name its file with --source")
        return None
    if key.get("digest") != text_digest(exchange):
        found = f"{displayed(key.get('digest'))}: reply {displayed(reply_id)} or its turns changed in {source}"
        remedy = "give the file that the tasks were made from, or label the changed text anew"
        wrong(f"$.data.{form.KEY}.digest", found, text_digest(exchange), remedy)
        return None
    for name, now in ((form.REPLY, shown(exchange.reply).text), (form.TURNS, shown_turns(exchange))):
        if task.data.get(name) != now:
            found = f"{displayed(task.data.get(name))}, changed in Label Studio"
            wrong(f"$.data.{name}", found, f"what {source} holds", "put the text back, and label it again")
            return None
    return exchange


def _counted(tasks: list[tuple[Task, Exchange]]) -> str | None:
    """How an export counts offsets, where its spans tell and none says otherwise."""
    ways = set()
    for task, exchange in tasks:
        text = shown(exchange.reply).text
        if text.isascii():
            continue
        for annotation in task.annotations:
            for span in spans_of(annotation.get("result") if isinstance(annotation, dict) else None):
                found = readings(text, span)
                if span.text is not None and len(found) == 1:
                    ways |= set(found)
    only = ways & {POINTS, UNITS}
    return only.pop() if len(only) == 1 else None


class _Import:
    """Annotations as they are read, the latest of each person and reply."""

    def __init__(
        self,
        file: str,
        names: Mapping[str, str],
        counted: str | None,
        tell: Callable[[Problem], None],
        found: Imported,
    ) -> None:
        self.latest: dict[tuple[str, str], tuple[str, Annotation]] = {}
        self._file, self._names, self._counted, self._tell, self._found = file, names, counted, tell, found

    def task(self, task: Task, exchange: Exchange) -> None:
        for j, one in enumerate(task.annotations):
            if isinstance(one, dict) and (one.get("was_cancelled") or one.get("skipped")):
                self._found.count(CANCELLED)
                continue
            annotation = self._annotation(task, exchange, j, one)
            if annotation is None:
                continue
            key = (exchange.id, annotation.annotator.name)
            at = str(one.get("updated_at") or one.get("created_at") or "")
            if key in self.latest:
                self._found.count(EARLIER)
                if at < self.latest[key][0]:
                    continue
            self.latest[key] = (at, annotation)

    def _annotation(self, task: Task, exchange: Exchange, j: int, one: Any) -> Annotation | None:
        wrong: list[Problem] = []

        def tell(path: str, found: str, expected: str, remedy: str) -> None:
            place = where(task.id, path if task.minimal else path.replace("$", f"$.annotations[{j}]", 1))
            wrong.append(Problem(self._file, None, place, found, expected, remedy))

        if j in task.lost:
            wrong.append(task.lost[j])
        if not isinstance(one, dict):
            tell("$", displayed(one), "an object", "export the project again as JSON")
            one = {}
        person = who(one.get("completed_by"))
        if person is None:
            tell("$.completed_by", displayed(one.get("completed_by")), "who labelled", "export it with its annotators")
        day = one.get("created_at")
        if day is not None and not _is_day(day):
            tell("$.created_at", displayed(day), "a moment such as 2026-11-20T09:30:00Z", "export the project again")
        reader = Reader(exchange.reply, shown(exchange.reply), self._counted, tell)
        judged = reader.read(one.get("result"))
        if not wrong and person is not None:
            made = self._made(task, exchange, one, self._names[person.key], judged)
            found = problems(made.to_dict(), "annotation", self._file, None)
            wrong += [replace(problem, path=where(task.id, problem.path)) for problem in found]
            if not wrong:
                self._found.count(SOUGHT, judged.sought)
                return made
        for problem in wrong:
            self._tell(problem)
        return None

    @staticmethod
    def _made(task: Task, exchange: Exchange, one: Json, name: str, judged: Judged) -> Annotation:
        key = task.data[form.KEY]
        guideline = key.get("guideline")
        own = f"{exchange.id}.{name}"
        day = one.get("created_at")
        return Annotation(
            exchange.id,
            exchange.scenario_id,
            Annotator("annotator", "person", name, "1", METHOD, guideline if isinstance(guideline, str) else None),
            {dimension: judged.levels[dimension] for dimension in DIMENSIONS},
            tuple(judged.behaviours),
            tuple(judged.flags),
            judged.reason,
            confidence={d: UNSURE if d in judged.unsure else None for d in DIMENSIONS} if judged.unsure else None,
            created=day[:10] if day else None,
            id=own if len(own) <= _LONGEST_ID else None,
            meta=_meta(task, exchange, one, judged),
        )


def _is_day(moment: Any) -> bool:
    """Whether a moment begins with a day that there is."""
    if not isinstance(moment, str) or not _DAY.match(moment):
        return False
    try:
        datetime.date.fromisoformat(moment[:10])
    except ValueError:
        return False
    return True


def _meta(task: Task, exchange: Exchange, one: Json, judged: Judged) -> Json:
    """Time, where it came from, and how the reply was drawn."""
    own = one.get("id")
    meta: Json = {"label_studio": {"task": task.id, "annotation": str(own) if isinstance(own, int | str) else None}}
    seconds = one.get("lead_time")
    if isinstance(seconds, int | float) and not isinstance(seconds, bool) and math.isfinite(seconds) and seconds >= 0:
        meta["seconds"] = seconds
    if one.get("ground_truth") is True:
        meta["ground_truth"] = True
    if isinstance(exchange.meta.get(DRAW), dict):
        meta[DRAW] = exchange.meta[DRAW]
    return meta
