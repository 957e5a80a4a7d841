"""Everything that is wrong with a contribution, at once: its form, its quotes, its texts against the dataset.

The checks of texts are those of ``checks.contribution``; here examples become the scenarios and replies that it looks
at, and what it finds is said at the example's own fields.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from amends.checks.base import HELD_OUT, Base
from amends.checks.contribution import Entry, Person, examine
from amends.checks.spans import fits, places
from amends.contribute.around import around
from amends.dataset.folder import DataFolder, read_records
from amends.dataset.pending import KIND, PENDING, pending_names, read_pending
from amends.errors import InputError, Problem
from amends.jsonl import read
from amends.records import CONTEXT_FIELDS, Json
from amends.schema import problems as schema_problems
from amends.schema import valid

_SHOWN = 8
_PENDING = " (pending)"
_SOURCES = {"scenarios.jsonl": "scenario", "replies.jsonl": "reply"}
_CONTEXT = tuple(f"$.{name}" for name in CONTEXT_FIELDS)


@dataclass(frozen=True, slots=True)
class Item:
    """An example and where it stands."""

    example: Json
    file: str = "-"
    line: int | None = None
    """Line or row from 1; None where a form is being filled in."""


@dataclass(frozen=True, slots=True)
class Examined:
    """What came of a batch."""

    problems: tuple[Problem, ...]
    """By line, then by path."""
    names: Mapping[int, tuple[str, ...]]
    """Index of an example to what may be names in its texts and is not confirmed as invented."""


def base_of(folder: DataFolder, without: str | None = None) -> Base:
    """What contributions to a data folder are compared with: its texts, and those that wait in pending/.

    Args:
        folder: of the dataset.
        without: name of a contribution that is left out, being the one that is looked at.

    Raises:
        InputError: a record of the folder breaks its schema.
    """
    scenarios, replies = (_listed(folder, file, kind) for file, kind in _SOURCES.items())
    for name in pending_names(folder):
        if name != without:
            for line, example in _waiting(folder, name):
                entries = list(entries_of(Item(example, name, line), f"{name}:{example['id']}{_PENDING}"))
                scenarios += [entry.record for entry in entries if "turns" in entry.record]
                replies += [entry.record for entry in entries if "text" in entry.record]
    return Base(scenarios, replies)


def _listed(folder: DataFolder, file: str, kind: str) -> list[Json]:
    """Records that were not withdrawn, superseded ones too."""
    gone = folder.withdrawn(kind)
    return [record for _, record in read_records(folder.path / file, kind) if record["id"] not in gone]


def name_in(folder: DataFolder, file: Path) -> str | None:
    """The name of a file that waits in the folder itself, and so is not to be compared with itself; else None."""
    waiting = (folder.path / PENDING).resolve()
    return file.stem if file.resolve().parent == waiting else None


def _waiting(folder: DataFolder, name: str) -> list[tuple[int, Json]]:
    try:
        return read_pending(folder.path / PENDING / f"{name}.jsonl")
    except InputError:
        return []  # what is wrong with another contribution is its own affair


def read_items(file: str) -> tuple[list[Item], list[Problem]]:
    """Examples of a file, good or not, and the lines that are no JSON object.

    Raises:
        InputError: the file fails as a whole.
    """
    items: list[Item] = []
    wrong: list[Problem] = []
    for line, record in read(file):
        if isinstance(record, Problem):
            wrong.append(record)
        elif isinstance(record, dict):
            items.append(Item(record, file, line))
        else:
            wrong.extend(schema_problems(record, KIND, file, line))
    return items, wrong


def entries_of(item: Item, key: str) -> Iterator[Entry]:
    """The scenario (where it is the contributor's own) and the reply of an example, as records of the dataset.

    Args:
        item: the example; of one that is not whole, what is there.
        key: the id of both.
    """
    example = item.example
    own = example.get("scenario")
    if isinstance(own, dict) and valid({"id": key, "turns": own.get("turns")}, "scenario"):
        known = {name: own[name] for name in CONTEXT_FIELDS if name in own}
        yield Entry({"id": key, "split": "train", **known, "turns": own["turns"]}, item.file, item.line)
    if isinstance(example.get("reply"), str):
        answers = example.get("scenario_id")
        record: Json = {
            "id": key,
            "scenario_id": answers if isinstance(answers, str) else key,
            "text": example["reply"],
        }
        if isinstance(example.get("credit"), str) and example["credit"].strip():
            record["author"] = {"kind": "person", "name": example["credit"], "version": "1"}
        if isinstance(example.get("meta"), dict):
            record["meta"] = example["meta"]
        yield Entry(record, item.file, item.line)


def examined(items: Sequence[Item], base: Base) -> Examined:
    """Look at whole examples.

    Args:
        items: of one file or of several.
        base: as ``base_of`` gives it.
    """
    found: list[Problem] = []
    sound: list[Item] = []
    for item in items:
        wrong = schema_problems(item.example, KIND, item.file, item.line)
        found += wrong
        if not wrong:
            sound.append(item)
    found += _ids(items)
    listed = {known.id for known in base.texts["scenario"] if not known.id.endswith(_PENDING)}
    for item in sound:
        found += [*_scenario(item, base, listed), *_quotes(item)]
        found += around(item.example, (item.file, item.line), base)
    texts, names = of_texts(items, base)
    found += texts
    found += [_unconfirmed(items[i], own) for i, own in names.items()]
    return Examined(_sorted(found), names)


def of_texts(items: Sequence[Item], base: Base) -> tuple[list[Problem], dict[int, tuple[str, ...]]]:
    """Near-duplicates, leakage, personal data and length of the texts that are there, and names to be confirmed.

    Args:
        items: whole, or being written: one without a scenario to answer may have a reply all the same.
        base: as ``base_of`` gives it.
    """
    taken = base.ids["scenario"] | base.ids["reply"]
    entries: list[Entry] = []
    at: dict[tuple[str, int], int] = {}
    for i, item in enumerate(items):
        key = item.example.get("id")
        key = key if isinstance(key, str) and key.isprintable() and key else f"line {item.line or i + 1}"
        numbered = Item(item.example, item.file, i + 1)  # a line of ours, so that every finding leads back
        at[(item.file, i + 1)] = i
        entries += entries_of(numbered, f"{key} (yours)" if key in taken else key)
    answered = {e.record["id"] for e in entries if "turns" in e.record} | base.ids["scenario"]
    whole = [e for e in entries if "turns" in e.record or e.record["scenario_id"] in answered]
    looked = examine([*whole, *_alone(entries, whole)], base)
    problems = []
    for one in looked.found:
        item = items[at[(one.problem.file, one.problem.line or 0)]]
        if one.check not in ("schema", "ids", "references"):
            problems.append(_placed(one.problem, item, items))
    return problems, _names(looked.people, items, at)


def _alone(entries: Sequence[Entry], whole: Sequence[Entry]) -> Iterator[Entry]:
    """Replies whose scenario is not there yet, with one that says nothing to anybody."""
    for entry in entries:
        if entry not in whole:
            yield Entry(entry.record | {"scenario_id": entry.record["id"]}, entry.file, entry.line)


def _placed(problem: Problem, item: Item, items: Sequence[Item]) -> Problem:
    """What was found in a record of ours, said at the field of the example; other lines by their own numbers."""
    path = problem.path
    if path.startswith("$.turns") or path.startswith(_CONTEXT):
        path = path.replace("$", "$.scenario", 1)
    elif path.startswith("$.text"):
        path = path.replace("$.text", "$.reply", 1)
    elif path.startswith("$.author"):
        path = "$.credit"
    found = problem.found
    head, mark, tail = found.rpartition(f"({item.file}:")
    if mark and tail.rstrip(")").isdigit():
        other = items[int(tail.rstrip(")")) - 1]
        found = f"{head}({other.file}{f':{other.line}' if other.line else ''})"
    return Problem(item.file, item.line, path, found, problem.expected, problem.remedy)


def _names(
    people: Iterable[Person], items: Sequence[Item], at: Mapping[tuple[str, int], int]
) -> dict[int, tuple[str, ...]]:
    found: dict[int, dict[str, None]] = {}
    for person in people:
        i = at[(person.file, person.line or 0)]
        confirmed = items[i].example.get("names")
        said = {str(name).casefold() for name in confirmed} if isinstance(confirmed, list) else set()
        if person.candidate.name.casefold() not in said:
            found.setdefault(i, {})[person.candidate.name] = None
    return {i: tuple(names) for i, names in sorted(found.items())}


def _unconfirmed(item: Item, names: Sequence[str]) -> Problem:
    shown = ", ".join(names[:_SHOWN]) + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")
    remedy = "add them to names if they are invented, otherwise invent others"
    return Problem(
        item.file, item.line, "$.names", f"what may be names: {shown}", "names that you say are invented", remedy
    )


def _ids(items: Sequence[Item]) -> Iterator[Problem]:
    first: dict[tuple[str, str], int | None] = {}
    for item in items:
        key = item.example.get("id")
        if isinstance(key, str):
            before = first.setdefault((item.file, key), item.line)
            if before != item.line:
                found = f'"{key}" again (first at {item.file}:{before})'
                yield Problem(item.file, item.line, "$.id", found, "an id used once", "give it a new id")


def _scenario(item: Item, base: Base, listed: Collection[str]) -> Iterator[Problem]:
    """A released scenario must be one of train: others are held out."""
    key = item.example.get("scenario_id")
    if key is None:
        return
    split = base.splits.get(key)
    expected = "the id of a released scenario of train"
    if split in HELD_OUT:
        remedy = "answer one of train, or write a scenario of your own"
        yield Problem(item.file, item.line, "$.scenario_id", f'"{key}", which is held out ({split})', expected, remedy)
    elif split is None or key not in listed:
        remedy = "mend the id, or write a scenario of your own"
        yield Problem(item.file, item.line, "$.scenario_id", f'"{key}"', expected, remedy)


def _quotes(item: Item) -> Iterator[Problem]:
    text = item.example["reply"]
    for i, span in enumerate((item.example.get("labels") or {}).get("behaviours") or ()):
        if fits(span, text):
            continue
        at = places(span["quote"], text)
        where = " or ".join(f"start {start}, end {start + len(span['quote'])}" for start in at)
        remedy = f"the quote stands at {where}" if at else "copy the quote from the reply"
        if len(at) == 1:
            remedy += " (amends check --fix does it)"
        found = f'"{span["quote"][:60]}" at {span["start"]} to {span["end"]}'
        path = f"$.labels.behaviours[{i}].quote"
        yield Problem(item.file, item.line, path, found, "quote == reply[start:end]", remedy)


def _sorted(found: Iterable[Problem]) -> tuple[Problem, ...]:
    unique = dict.fromkeys(found)
    return tuple(sorted(unique, key=lambda p: (p.file, p.line or 0, p.path, p.found)))
