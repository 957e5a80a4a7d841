"""Faults of pairs, of their judgements, and of what systems answer, each planted alone into a good data folder."""

# ruff: noqa: E501 - a row of the table is a line, so that it can be read down

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.checks.conftest import AUTHOR, annotation, fill, read, turns, write

from amends.checks import check, pairs, references
from amends.checks.reading import read_groups
from amends.dataset.build import build
from amends.dataset.folder import DataFolder, released
from amends.errors import Problem

Json = dict[str, Any]
Records = list[Json]
Fault = Callable[[Records], object]

LATE = "The florist sent lilies to the funeral home a whole day late."
TRAM = "Your tram app ate my ticket and the inspector would not hear a word of it."
CO, GA, IN = "contrast.jsonl", "robustness/gaming.jsonl", "robustness/invariance.jsonl"
A_TRAIN, A_TEST = "judgements/a/train.jsonl", "judgements/a/test.jsonl"
B_TRAIN, B_TEST = "judgements/b/train.jsonl", "judgements/b/test.jsonl"
S_REPLIES, S_LABELS = "systems/replies.jsonl", "systems/annotations/ann.jsonl"


def contrast(key: str, split: str, customer: str, **more: Any) -> Json:
    """A sound contrast pair that owes empathy alone."""
    return {
        "id": key,
        "split": split,
        "behaviour": "E1",
        "dimension": "empathy",
        "kind": "textbook",
        "turns": turns(customer),
        "better": f"That hurts, and it should not have happened ({key}).",
        "worse": f"It should not have happened ({key}).",
        "expects": {"empathy": 1, "depersonalization": 0, "excuse_avoidance": 0},
        "meta": {"writer": f"w-{split}"},
        **more,
    }


def side(empathy: int | None, excuse: int | None = 3) -> Json:
    """Levels of one text."""
    return {"levels": {"empathy": empathy, "depersonalization": 3, "excuse_avoidance": excuse}, "only": []}


def judgement(pair: str, name: str, **more: Any) -> Json:
    """One annotator's judgement: higher on empathy, equal elsewhere."""
    return {
        "id": f"{pair}.{name}",
        "pair_id": pair,
        "annotator": {"role": "annotator", "kind": "person", "name": name, "version": "1", "method": "pairs"},
        "first": side(4),
        "second": side(2),
        **more,
    }


def by(name: str, method: str) -> Json:
    """An annotator who works by another method."""
    return {"role": "annotator", "kind": "person", "name": name, "version": "1", "method": method}


def reply(key: str, scenario: str, **more: Any) -> Json:
    """A reply of a whole generator."""
    return {"id": key, "scenario_id": scenario, "sample": 0, "text": "We will look into it.", "author": AUTHOR, **more}


def label(scenario: str, **more: Any) -> Json:
    """An annotation of the generator's reply."""
    return {
        **annotation("r6", "ann"),
        "id": "y1.ann",
        "reply_id": "y1",
        "scenario_id": scenario,
        "behaviours": [],
        **more,
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A built data folder whose pairs are judged by two, and that holds replies of a system."""
    root = tmp_path / "data"
    fill(root)
    train = ("c1", "train", "The cake came without candles.")
    write(root / CO, [contrast(*train), contrast("c2", "test", LATE), contrast("c3", "validation", TRAM)])
    invariant = {
        "id": "i1",
        "change": "typo",
        "turns": turns("Where is it?"),
        "reply": "At the depot.",
        "variant": "At teh depot.",
    }
    write(root / IN, [invariant])
    for name in ("a", "b"):
        write(root / "judgements" / name / "train.jsonl", [judgement("c1", name)])
        write(root / "judgements" / name / "test.jsonl", [judgement(key, name) for key in ("c2", "g1", "i1")])
        write(root / "judgements" / name / "validation.jsonl", [judgement("c3", name)])
    write(root / S_REPLIES, [reply("y1", "s4")])
    write(root / S_LABELS, [label("s4")])
    build(DataFolder(root), "1.0.0")
    return root


def change(root: Path, faults: dict[str, Fault]) -> None:
    """Change files in place; a file that is left without records goes."""
    for name, fault in faults.items():
        records = read(root / name)
        fault(records)
        write(root / name, records)
        if not records:
            (root / name).unlink()


def plant(root: Path, faults: dict[str, Fault]) -> list[Problem]:
    """Change files in place, build, and check."""
    change(root, faults)
    for version in (root / "versions").glob("*.json"):
        version.unlink()
    build(DataFolder(root), "1.0.0")
    return list(check([str(root)]).problems)


def add(*records: Json) -> Fault:
    """A fault that appends records."""
    return lambda there: there.extend(records)


def put(index: int, **fields: Any) -> Fault:
    """A fault that sets fields of one record."""
    return lambda there: there[index].update(fields)


def out(index: int) -> Fault:
    """A fault that takes a record away."""
    return lambda there: there.pop(index)


NEW = contrast("c4", "train", "Nobody came to fix the lift.")
BOTH = {A_TRAIN: add(judgement("c4", "a")), B_TRAIN: add(judgement("c4", "b"))}
TALK = [{"role": "customer", "text": "Hello?"}, {"role": "agent", "text": "Hello."}]

BAD = [
    ({B_TRAIN: out(0)}, CO, 1, "$.id", '"a" alone', "have it judged blind", "one judged it"),
    ({A_TRAIN: out(0), B_TRAIN: out(0)}, CO, 1, "$.id", "nobody", "<annotator>/train.jsonl", "nobody judged it"),
    ({CO: add(NEW)}, CO, 4, "$.id", "nobody", "judged blind", "a new pair that nobody judged"),
    ({B_TRAIN: put(0, annotator=by("b", "adjudication"))}, CO, 1, "$.id", '"a" alone', "judged blind", "an adjudication is no second judgement"),
    ({B_TRAIN: put(0, annotator=by("a", "again"))}, CO, 1, "$.id", '"a" alone', "judged blind", "one annotator by two methods"),
    ({A_TRAIN: put(0, second=side(4))}, CO, 1, "$.expects.empathy", "a saw 4 against 4", "supersedes this one", "equal where higher is owed"),
    ({B_TEST: put(0, second=side(5))}, CO, 2, "$.expects.empathy", "b saw 4 against 5", "supersedes this one", "lower where higher is owed"),
    ({B_TRAIN: put(0, second=side(2, 2))}, CO, 1, "$.expects.excuse_avoidance", "b saw 3 against 2", "supersedes this one", "higher where equal is owed"),
    ({B_TRAIN: put(0, second=side(2, 4))}, CO, 1, "$.expects.excuse_avoidance", "b saw 3 against 4", "supersedes this one", "lower where equal is owed"),
    ({B_TRAIN: put(0, second=side(2, None))}, CO, 1, "$.expects.excuse_avoidance", "3 against null", "supersedes this one", "no level on one side where equal is owed"),
    ({B_TRAIN: put(0, second=side(None))}, CO, 1, "$.expects.empathy", "4 against null", "supersedes this one", "no level on one side where higher is owed"),
    ({CO: put(0, expects={"empathy": 1, "depersonalization": 1, "excuse_avoidance": 0})}, CO, 1, "$.expects.depersonalization", "1, but a saw 3 against 3", "supersedes this one", "the pair expects what nobody saw"),
    ({CO: add({**NEW, "supersedes": "c1"}), **BOTH}, A_TRAIN, 1, "$.pair_id", '"c1", superseded by "c4"', 'names "c4"', "judgement of a superseded contrast pair"),
    ({IN: add({"id": "i2", "change": "typo", "turns": turns("And now?"), "reply": "On it.", "variant": "On its.", "supersedes": "i1"})}, B_TEST, 3, "$.pair_id", '"i1", superseded by "i2"', 'names "i2"', "judgement of a superseded invariance pair"),
    ({GA: add({"id": "g2", "trick": "soup", "dimensions": ["empathy"], "turns": turns("And now?"), "honest": "On it.", "gamed": "Sorry.", "supersedes": "g1"})}, A_TEST, 2, "$.pair_id", '"g1", superseded by "g2"', 'names "g2"', "judgement of a superseded gaming pair"),
    ({A_TRAIN: out(0), A_TEST: add(judgement("c1", "a"))}, A_TEST, 4, "$.pair_id", '"c1", a pair of train, in test.jsonl', "move the line to train.jsonl", "judgement of train among those of test"),
    ({A_TEST: out(0), A_TRAIN: add(judgement("c2", "a"))}, A_TRAIN, 2, "$.pair_id", "a pair of test", "move the line to test.jsonl", "judgement of test among those of train"),
    ({A_TEST: out(1), A_TRAIN: add(judgement("g1", "a"))}, A_TRAIN, 2, "$.pair_id", "a pair of test", "move the line to test.jsonl", "judgement of a gaming pair in train"),
    ({A_TEST: out(2), A_TRAIN: add(judgement("i1", "a"))}, A_TRAIN, 2, "$.pair_id", "a pair of test", "move the line to test.jsonl", "judgement of an invariance pair in train"),
    ({A_TRAIN: add(judgement("c1", "a", id="new"))}, A_TRAIN, 2, "$.pair_id", "a second judgement", "let it supersede the first", "one annotator judges a pair twice"),
    ({B_TEST: add(judgement("i1", "a", id="new"))}, B_TEST, 4, "$.pair_id", "a second judgement", "let it supersede the first", "twice, the second in another's file"),
    ({CO: put(0, worse="That hurts, and it should not have happened (c1).")}, CO, 1, "$.worse", "the same text as $.better", "mend one of the two", "contrast with itself"),
    ({CO: put(0, worse="That hurts,\nand it should not  have happened (c1). ")}, CO, 1, "$.worse", "the same text as $.better", "mend one of the two", "contrast in blanks alone"),
    ({GA: put(0, gamed="A roofer comes at two.")}, GA, 1, "$.gamed", "the same text as $.honest", "mend one of the two", "a trick that was not played"),
    ({IN: put(0, variant="At the depot.")}, IN, 1, "$.variant", "the same text as $.reply", "mend one of the two", "a variant that varies nothing"),
    ({CO: put(0, turns=turns(LATE))}, CO, 1, "$.turns", '"c2" of test', "into one split", "turns of a test pair in train"),
    ({CO: put(0, turns=turns(TRAM))}, CO, 1, "$.turns", '"c3" of validation', "into one split", "turns of a validation pair in train"),
    ({CO: put(0, turns=turns(LATE.upper()))}, CO, 1, "$.turns", '"c2" of test', "into one split", "turns of a test pair in other case"),
    ({CO: put(0, turns=[*TALK, *turns(LATE)])}, CO, 1, "$.turns[2].text", '"c2" of test', "into one split", "one turn of a test pair in train"),
    ({CO: put(0, meta={"writer": "w-test"})}, CO, 1, "$.meta.writer", '"w-test" of "c2" of test', "into one split", "a writer of train and test"),
    ({CO: put(2, meta={"writer": "w-train"})}, CO, 1, "$.meta.writer", '"w-train" of "c3" of validation', "into one split", "a writer of train and validation"),
    ({S_REPLIES: add(reply("y2", "s1"))}, S_REPLIES, 2, "$.scenario_id", 'scenario "s1" of train', "take the line out", "a system answers train"),
    ({S_REPLIES: add(reply("y2", "s3"))}, S_REPLIES, 2, "$.scenario_id", 'scenario "s3" of validation', "take the line out", "a system answers validation"),
    ({S_LABELS: put(0, scenario_id="s1")}, S_LABELS, 1, "$.scenario_id", 'scenario "s1" of train', "take the line out", "a system's reply annotated for train"),
    ({S_REPLIES: put(0, scenario_id="s2"), S_LABELS: put(0, scenario_id=None)}, S_LABELS, 1, "$.reply_id", 'scenario "s2" of train', "take the line out", "an annotation of a system's reply to train"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("faults", "name", "line", "path", "found", "remedy", "why"), BAD, ids=[row[-1] for row in BAD]
)
def test_each_fault_is_named_once(
    folder: Path, faults: dict[str, Fault], name: str, line: int, path: str, found: str, remedy: str, why: str
) -> None:
    problems = plant(folder, faults)
    hits = [p for p in problems if (p.file, p.line, p.path) == (str(folder / name), line, path) and found in p.found]
    assert len(hits) == 1, f"{why}: {[str(p) for p in problems]}"
    assert remedy in hits[0].remedy
    assert hits[0].expected


SOUND = [
    ({}, "the folder as it stands"),
    ({CO: add(NEW), **BOTH}, "a new pair that two judged"),
    ({CO: add({**NEW, "supersedes": "c1"}), A_TRAIN: put(0, pair_id="c4"), B_TRAIN: put(0, pair_id="c4")}, "a superseded pair needs no judgement"),
    ({CO: lambda there: there.extend([{**NEW, "supersedes": "c1"}, {**there.pop(0), "turns": turns(LATE), "worse": there[0]["better"], "better": there[0]["better"]}]), A_TRAIN: put(0, pair_id="c4"), B_TRAIN: put(0, pair_id="c4")}, "faults of a superseded pair"),
    ({A_TRAIN: add(judgement("c1", "a", id="new", supersedes="c1.a"))}, "a second judgement that supersedes the first"),
    ({A_TRAIN: lambda there: there.extend([judgement("c1", "a", id="new", supersedes="c1.a"), there.pop() | {"second": side(5)}])}, "what a superseded judgement saw"),
    ({CO: add({**NEW, "supersedes": "c1"}), A_TRAIN: add(judgement("c4", "a", supersedes="c1.a")), B_TRAIN: add(judgement("c4", "b", supersedes="c1.b"))}, "a superseded judgement names a superseded pair"),
    ({A_TRAIN: add(judgement("c1", "a", id="new", annotator=by("a", "again")))}, "one annotator by two methods, beside another"),
    ({A_TRAIN: add(judgement("c1", "z", annotator=by("z", "adjudication"), second=side(4)))}, "what an adjudication saw"),
    ({A_TRAIN: put(0, first=side(4, None), second=side(2, None))}, "no level on either side is equal"),
    ({A_TEST: put(1, second=side(4)), B_TEST: put(2, second=side(4))}, "gaming and invariance pairs expect nothing of each judgement"),
    ({CO: lambda there: [there[i].update(turns=[*TALK, *turns(there[i]["id"])]) for i in (0, 1)]}, "short turns may repeat themselves"),
    ({CO: lambda there: [there[i].pop("meta") for i in (0, 1, 2)]}, "pairs without a writer"),
    ({CO: put(2, turns=turns(LATE), meta={"writer": "w-test"})}, "validation and test may share"),
    ({GA: put(0, gamed="A roofer\u200b comes at two."), IN: put(0, variant="At the  depot.")}, "an invisible trick and a change of blanks"),
    ({S_REPLIES: add(reply("y2", "s1"), reply("y3", "s4", supersedes="y2"))}, "a superseded reply of a system"),
]  # fmt: skip


@pytest.mark.parametrize(("faults", "why"), SOUND, ids=[row[-1] for row in SOUND])
def test_what_is_in_order_is_left_alone(folder: Path, faults: dict[str, Fault], why: str) -> None:
    assert plant(folder, faults) == [], why


def test_a_folder_without_judgements_owes_none(folder: Path) -> None:
    for file in (folder / "judgements").rglob("*.jsonl"):
        file.unlink()
    assert plant(folder, {}) == []


def test_a_broken_judgement_is_one_problem(folder: Path) -> None:
    change(folder, {B_TRAIN: put(0, first={})})
    (group,) = read_groups([str(folder)])
    assert [line.good for file, line in group.lines("judgement") if file.name == str(folder / B_TRAIN)] == [False]
    assert list(pairs.problems(group)) == [], "the schema is what is named, not a pair that one alone judged"


def test_only_data_folders_are_looked_at(tmp_path: Path) -> None:
    pair = contrast("c1", "train", LATE)
    write(tmp_path / "a.jsonl", [{**pair, "worse": pair["better"]}])
    assert check([str(tmp_path)]).problems == ()


def test_the_released_folder_passes() -> None:
    (group,) = read_groups([str(released().path)])
    assert sum(1 for _ in group.good("judgement")) > 2000, "there is something to look at"
    assert list(pairs.problems(group)) == []
    assert list(references.problems(group)) == []
