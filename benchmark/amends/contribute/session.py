"""A contribution that is being written: finished examples in the file, the one at hand in a draft beside it.

Each answer is on the disk before the next question; whoever comes back goes on there. An example is finished, and the
official scorers may be asked, once it stands in the file.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from amends.checks.base import Base
from amends.contribute.around import around
from amends.contribute.examine import Item, examined, of_texts, read_items
from amends.contribute.form import ABOUT, LABELS, Known, Step, Unclear, example_of, steps
from amends.contribute.pull import slug
from amends.dataset.pending import KIND
from amends.errors import InputError, Problem, UsageError
from amends.jsonl import Appender, cut_torn_line, dumps, parse, write_whole
from amends.records import Json
from amends.schema import problems as schema_problems


class Session:
    """One contributor's file and draft."""

    def __init__(self, file: Path, known: Known, base: Base, day: str) -> None:
        """Take up what stands there.

        Args:
            file: of the finished examples; may be missing.
            known: what answers are read against.
            base: what texts are compared with.
            day: today, ISO.

        Raises:
            InputError: the file or the draft was changed so that it cannot be read.
        """
        self.file = file
        self._draft = file.with_name(f".{file.name}.draft.json")
        self.known = known
        self.base, self._day = base, day
        self._steps = {step.name: step for step in steps()}
        self.examples: list[Json] = []
        _end_line(file, self._draft.is_file())
        if file.is_file() and file.stat().st_size:
            items, wrong = read_items(str(file))
            if wrong:
                raise InputError(wrong)
            self.examples = [item.example for item in items]
        self.answers: dict[str, Any] = {}
        self.order: list[str] = []
        """Names of the answered steps, as they came."""
        self.day = day
        self.typed: dict[str, str] = {}
        """What stands in the fields of the page, read or not."""
        self.revision = 0
        """How often the page's fields were saved."""
        self._read()

    def _read(self) -> None:
        if not self._draft.is_file():
            self._about()
            return
        try:
            draft = parse(self._draft.read_bytes())
            self.answers, self.order, key = dict(draft["answers"]), list(draft["order"]), str(draft["id"])
            self.day = str(draft.get("day") or self._day)
            self.typed, self.revision = dict(draft.get("typed") or {}), int(draft.get("revision") or 0)
        except (ValueError, KeyError, TypeError, AttributeError):
            raise UsageError(f"{self._draft} is damaged; remove it, and the example at hand begins anew") from None
        if any(example.get("id") == key for example in self.examples):
            self._next()  # killed after the example was saved and before the draft was

    def _about(self) -> None:
        """What the last example says of who wrote it, so that it is asked once."""
        if self.examples and (last := self.examples[-1]).get("consent"):
            self.answers = {name: last[name] for name in ("credit", "written", "model") if last.get(name)}
            self.answers["agreed"] = True
            self.day = str(last["consent"]["day"])
            self.order = [name for name in ABOUT if name in self.answers]

    @property
    def key(self) -> str:
        """Id of the example at hand."""
        stem = slug(str(self.answers.get("credit") or "example"))
        taken = {example.get("id") for example in self.examples}
        return next(f"{stem}-{n}" for n in range(1, len(taken) + 2) if f"{stem}-{n}" not in taken)

    @property
    def example(self) -> Json:
        """The example at hand, as far as it goes."""
        return example_of(self.key, self.answers, self.day)

    @property
    def step(self) -> Step | None:
        """The next question; None when all are answered."""
        for name, step in self._steps.items():
            if name not in self.order and step.when(self.answers):
                return step
        return None

    def answer(self, typed: str) -> None:
        """Read an answer to the next question, and save it.

        Raises:
            Unclear: it cannot be read.
        """
        step = self.step
        if step is None:
            raise Unclear("everything is answered")
        if any("\ud800" <= char <= "\udfff" for char in typed):
            raise Unclear("there are bytes in it that are no UTF-8; type it again, or set the terminal to UTF-8")
        value = self.answers[step.name] = step.read(typed, self.answers, self.known)
        self.order.append(step.name)
        # whoever goes on on the page finds it in its fields, which take choices in full
        kept = typed if isinstance(value, bool | list) else value
        self.typed[step.name] = "" if kept is None else str(kept)
        if step.name == "agreed":
            self.day = self._day
        self.save()

    def confirm(self, names: list[str]) -> None:
        """Keep that names are invented."""
        self.answers["names"] = [*dict.fromkeys([*self.answers.get("names", []), *names])]
        self.save()

    def back(self) -> bool:
        """Forget the last answer; False where there is none."""
        if not self.order:
            return False
        name = self.order.pop()
        self.answers.pop(name, None)
        self.typed.pop(name, None)
        if name in ("turns", "reply"):
            self.answers.pop("names", None)
        self.save()
        return True

    def take(self, typed: Mapping[str, str]) -> None:
        """Take all fields of a page as they stand, and save them.

        Args:
            typed: step to what was typed; what is missing was not touched yet.
        """
        names = self.answers.get("names")
        self.typed = dict(typed)
        self.revision += 1
        self.answers, self.order = ({"names": names} if names else {}), []
        for name, step in self._steps.items():
            if name in typed and self._asked(step):
                try:
                    self.answers[name] = step.read(typed[name], self.answers, self.known)
                except (Unclear, KeyError):  # or it rests on a field that is not there yet
                    continue
                self.order.append(name)
        self.save()

    def unclear(self) -> dict[str, str]:
        """Of each field that is asked and not answered why; in the order of the questions."""
        found = {}
        for name, step in self._steps.items():
            if name not in self.order and self._asked(step):
                try:
                    step.read(self.typed.get(name, ""), self.answers, self.known)
                except Unclear as error:
                    found[name] = str(error)
                except KeyError:  # rests on a field that is not there yet
                    continue
        return found

    def _asked(self, step: Step) -> bool:
        try:
            return step.when(self.answers)
        except KeyError:
            return False

    def save(self) -> None:
        """Write the draft."""
        draft: Json = {"id": self.key, "answers": self.answers, "order": self.order, "day": self.day}
        draft |= {"typed": self.typed, "revision": self.revision}
        write_whole(self._draft, dumps(draft))

    def live(self) -> tuple[list[Problem], tuple[str, ...]]:
        """What is wrong with the texts at hand, and names that are not confirmed."""
        others = [Item(example, str(self.file), i) for i, example in enumerate(self.examples, start=1)]
        problems, names = of_texts([*others, Item(self.example, "this example")], self.base)
        own = [problem for problem in problems if problem.file == "this example"]
        if not schema_problems(self.example, KIND, "this example", None):
            own += around(self.example, ("this example", None), self.base)
        return own, names.get(len(others), ())

    def problems(self) -> tuple[Problem, ...]:
        """Everything that is wrong with the example at hand as a whole."""
        return tuple(p for p in examined([Item(self.example, "this example")], self.base).problems)

    def finish(self) -> Json:
        """Put the example into the file and begin the next one.

        Raises:
            InputError: something of it is missing or breaks the schema. Other problems may be mended in the file.
        """
        example = self.example
        if broken := schema_problems(example, KIND, "this example", None):
            raise InputError(broken)
        _end_line(self.file, drafted=False)  # somebody may have mended it meanwhile
        with Appender(self.file) as out:
            out.write(example)
        with self.file.open("rb") as stream:
            os.fsync(stream.fileno())
        self.examples.append(example)
        self._next()
        return example

    def _next(self) -> None:
        self.typed = {name: text for name, text in self.typed.items() if name in ABOUT}
        self.answers, self.order, self.revision = {}, [], self.revision + 1
        self._about()
        self._draft.unlink(missing_ok=True)


def _end_line(file: Path, drafted: bool) -> None:
    """Cut a last line that a kill left half written, and give any other its end: editors may leave it out.

    Args:
        file: of the finished examples; may be missing.
        drafted: a draft stands beside it, as it does until its example is written whole.
    """
    last = file.read_bytes().rpartition(b"\n")[2].removeprefix(b"\xef\xbb\xbf") if file.is_file() else b""
    try:
        torn = drafted and not isinstance(parse(last), dict)
    except ValueError:
        torn = drafted
    if last and torn:
        cut_torn_line(file)
    elif last:
        with file.open("ab") as stream:
            stream.write(b"\n")


__all__ = ["LABELS", "Session"]
