"""``contribute accept``: a contribution that passed the gate becomes records, gold and a new version of the dataset."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from amends.audit.material import read_material
from amends.audit.page import audit
from amends.checks import check
from amends.contribute.card import add_change, said, update_card
from amends.contribute.examine import Item, base_of, examined
from amends.contribute.gate import Dataset, Gate, Placed, gate, split_of
from amends.contribute.pull import slug
from amends.contribute.swap import changed
from amends.contribute.wanted import train_counts
from amends.dataset.build import build, manifest
from amends.dataset.folder import DataFolder, read_records
from amends.dataset.pending import PENDING, author_of, pending_file, read_pending, writer_of
from amends.errors import InputError, Problem, UsageError
from amends.jsonl import dumps, write_whole
from amends.records import CONTEXT_FIELDS, Annotation, Json, Scenario

SPLITS = ("train", "validation")
"""Where new scenarios can go: test is frozen."""

_KEPT = ("labels", "consent", "credit", "written", "model", "names")

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Terms:
    """How a contribution is taken in."""

    day: str
    """Today, ISO."""
    split: str = "train"
    """Of new scenarios, train or validation."""
    leave_out: frozenset[str] = frozenset()
    """Ids of examples that go on waiting."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """What a new version came to."""

    version: str
    before: str
    ids: Mapping[str, str]
    """Example id to the reply's new id."""
    scenarios: int
    left: tuple[str, ...]
    """Examples that still wait."""
    notes: tuple[str, ...]
    change: str
    """The sentence for CHANGELOG.md."""


def next_version(version: str) -> str:
    """x.y.z to x.(y+1).0.

    Raises:
        UsageError: it is no such version.
    """
    parts = version.split(".")
    if len(parts) != 3 or not all(part.isdecimal() for part in parts):
        raise UsageError(f"{version!r} is no version of the form x.y.z")
    return f"{parts[0]}.{int(parts[1]) + 1}.0"


def dataset_of(folder: DataFolder) -> Dataset:
    """What the gate compares with.

    Raises:
        InputError: the folder's records have problems.
    """
    scenarios = {scenario.id: scenario for scenario in folder.scenarios()}
    train = {reply.id for reply in folder.replies() if (s := scenarios.get(reply.scenario_id)) and s.split == "train"}
    annotations = [a for a in folder.annotations() if a.reply_id in train and a.annotator.role == "annotator"]
    return Dataset(scenarios, annotations, train_counts(folder))


def accept(
    folder: DataFolder, name: str, labels: Sequence[Placed], terms: Terms, tell: Progress = lambda words: None
) -> Accepted:
    """Take a contribution into a data folder, as a whole or not at all.

    Args:
        folder: of the dataset, built.
        name: of the contribution in its pending/.
        labels: the annotators' labels.
        terms: how.
        tell: told what is being done.

    Raises:
        UsageError: an unknown contribution, example or split, or examples that the gate keeps.
        InputError: problems of the contribution, of its labels, or of the folder that would come of it.
    """
    if terms.split not in SPLITS:
        raise UsageError(f"new examples go to {' or '.join(SPLITS)}; test is frozen")
    taken, left = _chosen(folder, name, terms.leave_out)
    tell("checking the texts")
    _check_texts(folder, name, taken, terms.day)
    tell("measuring the labels")
    kept = {str(item.example["id"]) for item in left}
    counted = [placed for placed in labels if placed[2].reply_id not in kept]
    found = gate(name, [item.example for item in taken], counted, dataset_of(folder), terms.split)
    _passed(found)
    with changed(folder.path) as copy:
        new = DataFolder(copy)
        before = str(manifest(new)["version"])
        version = next_version(before)
        made = _Merge(new, found, terms, version)
        tell(f"writing version {version}")
        made.write()
        _leave(copy / PENDING / f"{name}.jsonl", left)
        finish(new, version, terms.day, [made.sentence], tell)
        sentence = f"Dataset {version}: {made.sentence}"
        return Accepted(
            version, before, made.ids, made.new_scenarios, tuple(sorted(kept)), made.notes(), sentence
        )  # fmt: skip


def _chosen(folder: DataFolder, name: str, leave_out: Collection[str]) -> tuple[list[Item], list[Item]]:
    path = pending_file(folder, name)
    items = [Item(example, str(path), line) for line, example in read_pending(path)]
    known = {str(item.example["id"]) for item in items}
    if unknown := sorted(set(leave_out) - known):
        raise UsageError(f"{name} has no example {', '.join(unknown)}; it has {', '.join(sorted(known))}")
    taken = [item for item in items if item.example["id"] not in leave_out]
    if not taken:
        raise UsageError(f"nothing of {name} is left to be accepted")
    return taken, [item for item in items if item.example["id"] in leave_out]


def _check_texts(folder: DataFolder, name: str, taken: Sequence[Item], day: str) -> None:
    """Refuse what has a problem; so nothing that is near a held-out text ever goes to train, or the other way."""
    base = base_of(folder, without=name)
    wrong = [*examined(taken, base).problems]
    for item in taken:
        if (agreed := str(item.example["consent"]["day"])) > day:
            expected, remedy = f"a day until today ({day})", "ask whoever wrote the texts when they agreed"
            wrong.append(Problem(item.file, item.line, "$.consent.day", agreed, expected, remedy))
    if wrong:
        raise InputError(wrong)


def _passed(found: Gate) -> None:
    if found.problems:
        raise InputError(found.problems)
    if found.needs:
        open_ones = "\n".join(f"  {need.example}: {need.needs}" for need in found.needs)
        raise UsageError(
            f"{len(found.needs)} of {len(found.examples)} examples do not pass the gate:\n{open_ones}\n"
            f"`amends contribute gate {found.name}` shows it all; --leave-out ID takes the others in"
        )


def _leave(path: Path, left: Sequence[Item]) -> None:
    if left:
        write_whole(path, b"".join(dumps(item.example) for item in left))
    else:
        path.unlink()


def finish(folder: DataFolder, version: str, day: str, lines: list[str], tell: Progress) -> None:
    """Everything that follows from the records of a new version: gold, card, audit, changes, manifest; and the checks.

    Args:
        folder: the copy that is worked on.
        version: new.
        day: ISO.
        lines: of the list of changes.
        tell: told what is being done.

    Raises:
        InputError: with every problem that ``amends check`` finds in what would be the dataset.
    """
    add_change(folder.path, version, day, lines)
    build(folder, version)
    update_card(folder, version)
    tell("computing AUDIT.md")
    made = audit(read_material(folder))
    write_whole(folder.path / "AUDIT.md", made.page.encode())
    for name, text in made.pictures.items():
        write_whole(folder.path / "audit" / name, text.encode())
    build(folder, version)
    tell("checking the new version")
    report = check([str(folder.path)])
    if report.problems:
        raise InputError(report.problems)


class _Merge:
    """Examples as records of the dataset, with ids of its own."""

    def __init__(self, folder: DataFolder, found: Gate, terms: Terms, version: str) -> None:
        self._folder, self._gate, self._version = folder, found, version
        self._split, self._day = terms.split, terms.day
        self._scenarios = [r for _, r in read_records(folder.path / "scenarios.jsonl", "scenario")]
        self._replies = [r for _, r in read_records(folder.path / "replies.jsonl", "reply")]
        self._known = {r["id"]: Scenario.from_dict(r) for r in self._scenarios}
        self.ids: dict[str, str] = {}
        self.new_scenarios = 0
        self._labels: dict[Path, list[Json]] = {}
        self._from: list[Json] = []
        self._people = 0

    @property
    def sentence(self) -> str:
        """What changed, for whoever uses the data."""
        credits = sorted({str(e["credit"]) for e in self._gate.examples}, key=str.casefold)
        by = sorted({a.annotator.name for own in self._gate.judged.values() for a in own})
        scenarios = f"{self.new_scenarios} scenario{'' if self.new_scenarios == 1 else 's'}"
        count = f"{len(self.ids)} repl{'y' if len(self.ids) == 1 else 'ies'}"
        return (
            f"{count} and {scenarios} contributed by {', '.join(map(said, credits))} (contribution {self._gate.name}); "
            f"labels by {', '.join(map(said, by))}; test is unchanged."
        )

    def notes(self) -> tuple[str, ...]:
        """What only a person can mend afterwards."""
        told = []
        if self._people:
            told.append("labels by people came in: see whether README.md of the repository still says what is true")
        return tuple(told)

    def write(self) -> None:
        """Write the records into the folder."""
        for example in self._gate.examples:
            self._take(example)
        path = self._folder.path
        _put(path / "scenarios.jsonl", self._scenarios)
        _put(path / "replies.jsonl", self._replies)
        for file, records in self._labels.items():
            there = [r for _, r in read_records(file, "annotation")] if file.is_file() else []
            _put(file, [*there, *records])
        ledger = path / "contributed.jsonl"
        there = [r for _, r in read_records(ledger, "contributed")] if ledger.is_file() else []
        _put(ledger, [*there, *self._from])

    def _take(self, example: Json) -> None:
        scenario = example.get("scenario_id") or self._new_scenario(example)
        taken = {r["id"] for r in self._replies}
        reply = next(key for n in range(1, len(taken) + 2) if (key := f"{scenario}.c{n}") not in taken)
        author, meta = author_of(example).to_dict(), {"writer": writer_of(example)}
        record = {"id": reply, "scenario_id": scenario, "sample": 0, "text": example["reply"]}
        self._replies.append(record | {"author": author, "meta": meta})
        self.ids[str(example["id"])] = reply
        split = split_of(example, self._known, self._split)
        for annotation in self._gate.judged[str(example["id"])]:
            self._label(annotation, reply, scenario, split)
        kept: Json = {key: example[key] for key in _KEPT if key in example}
        self._from.append(
            {
                "id": reply,
                "scenario_id": scenario,
                "new_scenario": "scenario" in example,
                "contribution": self._gate.name,
                "example": example["id"],
                **kept,
                "version": self._version,
                "accepted": self._day,
            }
        )

    def _new_scenario(self, example: Json) -> str:
        """A scenario with an id that no scenario ever had."""
        numbers = [int(m[1]) for r in self._scenarios if (m := re.fullmatch(r"sc-(\d+)", r["id"]))]
        key = f"sc-{max(numbers, default=0) + 1:04d}"
        own = example["scenario"]
        context = {name: own.get(name) for name in CONTEXT_FIELDS}
        record = {"id": key, "split": self._split, **context, "turns": own["turns"]}
        self._scenarios.append(record | {"meta": {"writer": writer_of(example)}})
        self.new_scenarios += 1
        return key

    def _label(self, annotation: Annotation, reply: str, scenario: str, split: str) -> None:
        who = annotation.annotator
        self._people += who.kind == "person"
        key = f"{reply}.{who.name}" + (f".{who.method}" if who.method == "adjudication" else "")
        record = annotation.to_dict() | {"id": key, "reply_id": reply, "scenario_id": scenario}
        # the card declares two texts in meta: another field there would break load_dataset
        note = dumps(annotation.meta).decode().strip() if annotation.meta else None
        record["meta"] = {"context": f"contribution {self._gate.name}", "note": note}
        record = {"id": key, **{name: value for name, value in record.items() if name != "id"}}
        file = self._folder.path / "annotations" / _own_folder(who.name) / f"{split}.jsonl"
        self._labels.setdefault(file, []).append(record)


def _own_folder(name: str) -> str:
    """An annotator's folder: no two names share one."""
    plain = slug(name)
    return plain if plain == name else f"{plain}-{hashlib.sha256(name.encode()).hexdigest()[:6]}"


def _put(path: Path, records: Sequence[Json]) -> None:
    """Records in the order of their ids, as the files of the dataset stand."""
    write_whole(path, b"".join(dumps(record) for record in sorted(records, key=lambda r: str(r["id"]))))


__all__ = ["SPLITS", "Accepted", "accept", "dataset_of", "finish", "next_version"]
