"""The gate: what blind annotators say of a contribution, how they agree, what is open, and what the batch would add.

The contributor's own labels never count, nor do a scorer's. Every example needs ``WANTED`` annotators who did not write
it; where their levels lie ``WIDE`` or more apart on a dimension, a third annotator or an adjudication decides.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from amends.agreement.alpha import alpha_estimate
from amends.agreement.report import signed
from amends.agreement.table import before_adjudication, naming, table
from amends.checks.spans import fits
from amends.contribute.wanted import Adds, Counts, adds, counts_of
from amends.dataset.gold import ADJUDICATION, KINDS, WIDE, gold_of, spread
from amends.errors import Problem
from amends.records import DIMENSIONS, Annotation, Annotator, Json, Scenario
from amends.scorers import SCORERS
from amends.signature import SEED
from amends.statistics.estimate import Estimate
from amends.terminal import plain as plain_line
from amends.text.folding import plain

WANTED = {"train": 2, "validation": 3}
"""Independent annotators that an example needs, by the split that it goes to."""

_LONGEST = 100

Placed = tuple[str, int, Annotation]
"""File, line, and what stands there."""


@dataclass(frozen=True, slots=True)
class Need:
    """What an example still lacks."""

    example: str
    needs: str
    """In words: ``a second label``, ``an adjudication`` ..."""
    levels: Json
    """Dimension to the levels given, where they lie too far apart."""


@dataclass(frozen=True, slots=True)
class Gate:
    """What came of a batch at the gate."""

    name: str
    examples: tuple[Json, ...]
    annotators: tuple[str, ...]
    kinds: tuple[str, ...]
    judged: Mapping[str, tuple[Annotation, ...]]
    """Example id to the labels that count."""
    problems: tuple[Problem, ...]
    """Labels that do not count, and why."""
    needs: tuple[Need, ...]
    alpha: Mapping[str, Estimate]
    """Dimension to ordinal alpha of the batch, before adjudication."""
    own: Mapping[str, Estimate]
    """The same of the dataset's train split."""
    adds: Adds
    signature: str

    @property
    def open(self) -> bool:
        """Something is missing or wrong."""
        return bool(self.problems or self.needs)

    @property
    def what_it_is(self) -> str:
        """Whose agreement it is."""
        if len(self.annotators) < 2:
            return "fewer than two annotators: there is no agreement to measure"
        if self.kinds == ("person",):
            return "agreement between people"
        if self.kinds == ("model",):
            return "consistency of language-model annotators; not agreement between people"
        return f"agreement between annotators of the kinds {', '.join(self.kinds)}"

    def to_dict(self) -> Json:
        """As JSON."""
        return {
            "contribution": self.name,
            "examples": len(self.examples),
            "open": self.open,
            "annotators": list(self.annotators),
            "what_it_is": self.what_it_is,
            "alpha": {d: e.to_dict() for d, e in self.alpha.items()},
            "alpha_of_the_dataset": {d: e.to_dict() for d, e in self.own.items()},
            "needs": [{"example": n.example, "needs": n.needs, "levels": n.levels} for n in self.needs],
            "problems": [str(problem) for problem in self.problems],
            "adds": self.adds.to_dict(),
            "signature": self.signature,
        }


@dataclass(frozen=True, slots=True)
class Dataset:
    """What the gate compares with."""

    scenarios: Mapping[str, Scenario]
    annotations: Sequence[Annotation]
    """Of the train split."""
    counts: Counts


def gate(name: str, examples: Sequence[Json], labels: Sequence[Placed], dataset: Dataset, split: str = "train") -> Gate:
    """Measure the labels of a contribution.

    Args:
        name: of the contribution.
        examples: records that passed ``contribution.schema.json``.
        labels: annotations of any files.
        dataset: what is there already.
        split: where new scenarios are to go.

    Raises:
        UsageError: a reply stands under two scenarios in the labels.
    """
    known = {str(example["id"]): example for example in examples}
    problems: list[Problem] = []
    judged: dict[str, list[Annotation]] = {key: [] for key in known}
    for file, line, annotation in labels:
        wrong = list(_refused(annotation, known, judged, dataset, (file, line)))
        problems += wrong
        if not wrong:
            judged[annotation.reply_id].append(annotation)
    every = [annotation for own in judged.values() for annotation in own]
    first = before_adjudication(every)
    named = naming(first)
    return Gate(
        name,
        tuple(examples),
        tuple(sorted({named(a) for a in first})),
        tuple(sorted({a.annotator.kind for a in first})),
        {key: tuple(own) for key, own in judged.items()},
        tuple(problems),
        tuple(need for key, own in judged.items() for need in _needs(key, own, _split(known[key], dataset, split))),
        _alpha(first),
        _alpha(before_adjudication(dataset.annotations)),
        adds(dataset.counts, counts_of(_golds(known, judged, dataset))),
        signed(first),
    )


def split_of(example: Json, scenarios_by_id: Mapping[str, Scenario], split: str) -> str:
    """Where an example goes: a reply to a released scenario stays in that scenario's split."""
    known = scenarios_by_id.get(str(example.get("scenario_id")))
    return (known.split or split) if known is not None else split


def _split(example: Json, dataset: Dataset, split: str) -> str:
    return split_of(example, dataset.scenarios, split)


def _refused(
    annotation: Annotation,
    known: Mapping[str, Json],
    judged: Mapping[str, Sequence[Annotation]],
    dataset: Dataset,
    where: tuple[str, int],
) -> Iterator[Problem]:
    """Why a label does not count."""
    who, example = annotation.annotator, known.get(annotation.reply_id)
    if example is None:
        yield Problem(*where, "$.reply_id", annotation.reply_id, "the id of an example of it", "name the right file")
        return
    if who.role != "annotator" or who.kind not in KINDS:
        expected = "labels by people or language models as annotators"
        remedy = "leave it out: a scorer is measured on these labels and never makes them"
        yield Problem(*where, "$.annotator", f"the {who.kind} {who.name} as a {who.role}", expected, remedy)
    yield from _posing(annotation, where)
    if looks(who.name) == looks(str(example["credit"])) or _wrote(who, str(example.get("model") or "")):
        remedy = "have somebody else label it; the contributor's own labels are kept as such"
        yield Problem(*where, "$.annotator.name", who.name, "somebody who did not write the example", remedy)
    if annotation.scenario_id not in (None, example.get("scenario_id")):
        expected, remedy = "the scenario that the example answers", "name the file that was made from the contribution"
        yield Problem(*where, "$.scenario_id", str(annotation.scenario_id), expected, remedy)
    if annotation.meta.get("training"):
        yield Problem(*where, "$.meta.training", "true", "blind labels", "label without --training")
    if any(_same(annotation, other) for other in judged[annotation.reply_id]):
        remedy = "take one out; who labels first does not adjudicate"
        yield Problem(*where, "$.reply_id", f"a second label by {who.name}", "one an annotator", remedy)
    if any(level is not None and level != int(level) for level in annotation.levels.values()):
        yield Problem(*where, "$.levels", "levels between two", "whole levels", "label anew")
    if not all(fits(b.to_dict(), example["reply"]) for b in annotation.behaviours):
        expected = "quotes of the reply as it is now"
        yield Problem(*where, "$.behaviours", "a quote that the reply does not say", expected, "label it anew")
    if any(looks(a.annotator.name) == looks(who.name) and _other(a.annotator, who) for a in dataset.annotations):
        expected = "a name of their own"
        yield Problem(*where, "$.annotator.name", f"{who.name}, who is another in the dataset", expected, "rename it")


def _posing(annotation: Annotation, where: tuple[str, int]) -> Iterator[Problem]:
    """What no annotator's label has: a scorer's name or figures, or a word about other records."""
    name = annotation.annotator.name
    remedy = "leave it out: a scorer is measured on these labels and never makes them"
    if len(name) > _LONGEST or plain_line(name) != name:
        expected = f"at most {_LONGEST} characters, all of them seen"
        yield Problem(*where, "$.annotator.name", plain_line(name[:_LONGEST]), expected, "label under a plain name")
    if annotation.annotator.role == "annotator" and looks(name) in {looks(scorer) for scorer in SCORERS}:
        yield Problem(*where, "$.annotator.name", f"{name}, which is a scorer's", "an annotator's name", remedy)
    if annotation.probabilities is not None:
        yield Problem(*where, "$.probabilities", "probabilities of levels, as scorers give", "levels alone", remedy)
    if annotation.supersedes is not None:
        remedy = "take it out: a contribution takes nothing of the dataset away"
        yield Problem(*where, "$.supersedes", annotation.supersedes, "no supersedes", remedy)


def _wrote(who: Annotator, model: str) -> bool:
    """Whether an annotator is the model that wrote: contributors name it with its version, annotators beside it."""
    if not model.strip():
        return False
    if who.kind != "model":
        return looks(who.name) == looks(model)
    names = {looks(who.name), looks(f"{who.name} {who.version}")}
    return bool(names & _heads(model)) or looks(model) in _heads(who.name)


def _heads(name: str) -> set[str]:
    """What a name's first words look like, from the first alone to all of them."""
    words = name.split()
    return {looks(" ".join(words[:n])) for n in range(1, len(words) + 1)}


def looks(name: str) -> str:
    """What a name looks like: names that look the same are one person's.

    Args:
        name: of an annotator or a contributor.
    """
    flat = "".join(char for char in plain(name).casefold() if char.isalnum())
    return flat or name.casefold()


def _other(one: Annotator, two: Annotator) -> bool:
    return one.kind != two.kind or one.name != two.name


def _same(one: Annotation, other: Annotation) -> bool:
    return looks(one.annotator.name) == looks(other.annotator.name)


def _needs(key: str, judged: Sequence[Annotation], split: str) -> Iterator[Need]:
    """What is open, kind by kind: people's and models' labels are never pooled, nor does one settle the other."""
    first = before_adjudication(judged)
    wanted = WANTED.get(split, 2)
    by_kind = {kind: own for kind in KINDS if (own := [a for a in first if a.annotator.kind == kind])}
    most = max(map(len, by_kind.values()), default=0)
    if len(first) < wanted:
        yield Need(key, _more(wanted - len(first)), {})
    elif most < wanted:
        yield Need(key, f"{_more(wanted - most)} of one kind: people's and models' labels are never pooled", {})
    for kind, own in by_kind.items():
        if most >= wanted > len(own):
            yield Need(key, f"{_more(wanted - len(own))} by a {kind}, or none: the kinds are never pooled", {})
        elif len(own) >= wanted:
            yield from _apart(key, own, [a for a in judged if a.annotator.kind == kind], wanted, split)


def _more(count: int) -> str:
    return f"{count} more independent label{'s' if count > 1 else ''}"


def _apart(
    key: str, first: Sequence[Annotation], every: Sequence[Annotation], wanted: int, split: str
) -> Iterator[Need]:
    wide = {d: [a.levels[d] for a in first] for d in DIMENSIONS if spread(first, d) >= WIDE}
    settled = len(every) > len(first) or (split == "train" and len(first) > wanted)
    if wide and not settled:
        yield Need(key, "an adjudication" + (" or a third label" if split == "train" else ""), wide)


def _alpha(first: Sequence[Annotation]) -> dict[str, Estimate]:
    named = naming(first)
    return {d: alpha_estimate(table(first, d, named), SEED) for d in DIMENSIONS}


def _golds(
    known: Mapping[str, Json], judged: Mapping[str, Sequence[Annotation]], dataset: Dataset
) -> Iterator[tuple[str | None, Json]]:
    for key, own in judged.items():
        example = known[key]
        gold = gold_of(example["reply"], own)
        kind = next((kind for kind in KINDS if kind in gold), None)
        if kind is not None:
            scenario = dataset.scenarios.get(str(example.get("scenario_id")))
            domain = scenario.context.domain if scenario else (example.get("scenario") or {}).get("domain")
            yield domain, gold[kind]


def as_adjudication(annotation: Annotation) -> Annotation:
    """A label that decides where others lie apart."""
    return dataclasses.replace(annotation, annotator=dataclasses.replace(annotation.annotator, method=ADJUDICATION))


__all__ = ["WANTED", "Dataset", "Gate", "Need", "Placed", "as_adjudication", "gate", "looks", "split_of"]
