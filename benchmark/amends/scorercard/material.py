"""What a card is computed from: a data folder, or a user's own exchanges with labels; absent files are named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from amends.checks.files import kind_by_keys
from amends.dataset.folder import current, read_records
from amends.dataset.gold import KINDS, gold_of
from amends.errors import InputError, Problem, UsageError
from amends.jsonl import read
from amends.logs.annotations import read_annotations
from amends.logs.reader import Source, read_exchanges
from amends.records import Annotation, Exchange, Json, Reply, Scenario
from amends.schema import problems
from amends.signature import digest

_SPLITS = ("train", "validation", "test")
_ROBUSTNESS = ("gaming", "invariance", "degenerate")


@dataclass(frozen=True, slots=True)
class Material:
    """Everything read, nothing scored yet. None stands for a file that is absent."""

    name: str
    """As in the signature: the split, or the name of the user's file."""
    split: str
    exchanges: Sequence[Exchange]
    """With gold where they have it."""
    annotations: Mapping[str, Sequence[Annotation]]
    """By reply id, of every annotator."""
    train: Sequence[Exchange] | None
    """For the floors, and for which domains are seen."""
    contrast: Sequence[Json] | None
    gaming: Sequence[Json] | None
    invariance: Sequence[Json] | None
    degenerate: Sequence[Json] | None
    plan: Mapping[str, str] | None
    """Reply id to planned or ordinary; never shown to a scorer."""
    systems: Sequence[Exchange]
    """Replies of whole generators, with gold."""
    absent: tuple[str, ...]

    def digest(self) -> str:
        """Of every record that a number of the card rests on, 12 hex."""
        exchanges = [*self.exchanges, *self.systems, *(self.train or ())]
        tests = [r for some in (self.contrast, self.gaming, self.invariance, self.degenerate) for r in some or ()]
        annotations = [a.to_dict() for some in self.annotations.values() for a in some]
        return digest([*[e.to_dict() for e in exchanges], *annotations, *tests])


class _Folder:
    """Reads files of a folder and remembers which are absent."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.absent: list[str] = []

    def records(self, name: str, kind: str) -> list[Json] | None:
        path = self.path / name
        if not path.is_file():
            self.absent.append(name)
            return None
        return current([record for _, record in read_records(path, kind)])

    def exchanges(self, split: str) -> list[Exchange] | None:
        found = self.records(f"exchanges/{split}.jsonl", "exchange")
        return None if found is None else [Exchange.from_dict(record) for record in found]

    def contrast(self, split: str) -> list[Json] | None:
        """Pairs of the split, as built or, where nothing is built, among all pairs."""
        if (self.path / "contrast").is_dir() or not (self.path / "contrast.jsonl").is_file():
            return self.records(f"contrast/{split}.jsonl", "contrast")
        pairs = [pair for pair in self.records("contrast.jsonl", "contrast") or () if pair["split"] == split]
        if not pairs:
            self.absent.append(f"pairs of {split} in contrast.jsonl")
        return pairs or None

    def annotations(self, split: str) -> list[Annotation]:
        """Of every annotator; shards that are named after another split stay unread."""
        files = [
            file
            for file in sorted((self.path / "annotations").rglob("*.jsonl"))
            if file.stem == split or file.stem not in _SPLITS
        ]
        if not files:
            self.absent.append("annotations/")
        raw = [record for file in files for _, record in read_records(file, "annotation")]
        return [Annotation.from_dict(record) for record in current(raw)]

    def systems(self, split: str, annotations: Sequence[Annotation]) -> list[Exchange]:
        """Replies under systems/ to scenarios of the split, with gold from systems/ and annotations/."""
        files = sorted((self.path / "systems").rglob("*.jsonl"))
        if not files:
            self.absent.append("systems/")
            return []
        scenarios = {
            str(raw["id"]): Scenario.from_dict(raw)
            for raw in self.records("scenarios.jsonl", "scenario") or ()
            if raw["split"] == split
        }
        held, own = _sorted_out(files)
        judged = _by_reply([*annotations, *own])
        replies = [reply for reply in held if reply.scenario_id in scenarios]
        return [
            replace(Exchange.pair(scenarios[r.scenario_id], r), gold=gold_of(r.text, judged.get(r.id, [])))
            for r in replies
        ]


def _sorted_out(files: Iterable[Path]) -> tuple[list[Reply], list[Annotation]]:
    """Replies and annotations of files that may hold either.

    Raises:
        InputError: with every problem.
    """
    replies: list[Reply] = []
    annotations: list[Annotation] = []
    wrong: list[Problem] = []
    for file in files:
        for line, record in read(str(file)):
            kind = kind_by_keys(record)
            if kind == "comparison":
                continue  # rankings are read by the audit alone
            kind = "annotation" if kind == "annotation" else "reply"
            found = [record] if isinstance(record, Problem) else problems(record, kind, str(file), line)
            wrong.extend(found)
            if not found and kind == "annotation":
                annotations.append(Annotation.from_dict(record))
            elif not found:
                replies.append(Reply.from_dict(record))
    if wrong:
        raise InputError(wrong)
    return replies, annotations


def _by_reply(annotations: Iterable[Annotation]) -> dict[str, list[Annotation]]:
    found: dict[str, list[Annotation]] = {}
    for annotation in annotations:
        found.setdefault(annotation.reply_id, []).append(annotation)
    return found


def read_folder(path: Path, split: str) -> Material:
    """Read a data folder, or one with files of the same forms.

    Args:
        path: the folder; what it lacks is named in ``absent``.
        split: train, validation or test.

    Raises:
        UsageError: it is no folder, or holds no file that a card can be made of.
        InputError: with every problem of a file that is there.
    """
    if not path.is_dir():
        raise UsageError(f"--data {path}: no such folder; expected one with exchanges/, contrast/ or robustness/")
    folder = _Folder(path)
    exchanges = folder.exchanges(split)
    judged = folder.annotations(split)
    found = _with_rest(folder, split, exchanges or [], judged)
    tests = (found.contrast, found.gaming, found.invariance, found.degenerate)
    if exchanges is None and all(part is None for part in tests):
        looked = ", ".join(folder.absent)
        raise UsageError(f"{path} holds nothing to judge a scorer on: looked for {looked}")
    return found


def _with_rest(folder: _Folder, split: str, exchanges: Sequence[Exchange], judged: Sequence[Annotation]) -> Material:
    known = {e.id for e in exchanges}
    plan = folder.records("plan.jsonl", "plan")
    train = exchanges if split == "train" and exchanges else folder.exchanges("train")
    contrast = folder.contrast(split)
    gaming, invariance, degenerate = (folder.records(f"robustness/{name}.jsonl", name) for name in _ROBUSTNESS)
    systems = folder.systems(split, judged)
    return Material(
        split,
        split,
        exchanges,
        _by_reply(a for a in judged if a.reply_id in known),
        train,
        contrast,
        gaming,
        invariance,
        degenerate,
        None if plan is None else {str(record["reply_id"]): str(record["kind"]) for record in plan},
        systems,
        tuple(dict.fromkeys(folder.absent)),
    )


def read_own(on: Path, labels: Path, path: Path, split: str) -> Material:
    """A user's exchanges with their labels; tests, training texts and the rest come from the data folder.

    Args:
        on: exchanges, or replies to the dataset's scenarios, as ``score`` takes them.
        labels: annotations of them, JSON Lines.
        path: the data folder.
        split: whose contrast pairs are taken.

    Raises:
        InputError: with every problem of both files.
        UsageError: the labels hold no annotation by a person or a model.
    """
    base = _Folder(path)
    scenarios = {str(r["id"]): Scenario.from_dict(r) for r in base.records("scenarios.jsonl", "scenario") or ()}
    base.absent.clear()
    wrong: list[Problem] = []
    exchanges: list[Exchange] = []
    for _, item in read_exchanges(Source(str(on)), lambda: scenarios):
        wrong.append(item) if isinstance(item, Problem) else exchanges.append(item)
    judged = _labels(labels, {e.id for e in exchanges}, wrong)
    if wrong:
        raise InputError(wrong)
    if not any(a.annotator.role == "annotator" and a.annotator.kind in KINDS for a in judged):
        raise UsageError(f"{labels} holds no annotation by an annotator of kind person or model: there is no gold")
    by_reply = _by_reply(judged)
    own = [replace(e, gold=gold_of(e.reply, by_reply.get(e.id, []))) for e in exchanges]
    rest = _with_rest(base, split, [], [])
    name = on.name.replace("|", "_")
    return replace(
        rest,
        name=name,
        exchanges=own,
        annotations=by_reply,
        train=base.exchanges("train"),
        plan=None,
        systems=(),
        absent=tuple(a for a in dict.fromkeys(base.absent) if a not in ("plan.jsonl", "systems/")),
    )


def _labels(file: Path, known: set[str], wrong: list[Problem]) -> list[Annotation]:
    good: list[Annotation] = []
    for item in read_annotations(str(file)):
        if isinstance(item, Problem):
            wrong.append(item)
        elif item.reply_id not in known:
            expected = "the id of an exchange of --on"
            wrong.append(Problem(str(file), None, "$.reply_id", f'"{item.reply_id}"', expected, "mend or remove it"))
        else:
            good.append(item)
    return good
