"""The gate: which labels count, how they agree, what is open, what the batch adds."""

from __future__ import annotations

import random
from typing import Any

import orjson
import pytest
from tests.checks.conftest import write
from tests.contribute.cases import EXAMPLES, LABELS, OWN, label

from amends.contribute.accept import dataset_of
from amends.contribute.gate import Gate, as_adjudication, gate
from amends.contribute.wanted import counts_of, train_counts, wanted_lines
from amends.dataset.folder import DataFolder
from amends.records import Annotation


def passed(folder: DataFolder, labels: list[dict[str, Any]], examples: list[Any] | None = None, **more: Any) -> Gate:
    placed = [("labels.jsonl", i, Annotation.from_dict(one)) for i, one in enumerate(labels, start=1)]
    return gate("heron", EXAMPLES if examples is None else examples, placed, dataset_of(folder), **more)


def model(name: str) -> dict[str, Any]:
    return {"kind": "model", "name": name}


NEEDS = [
    ("two agree", [label("heron-1", "ana"), label("heron-1", "bo")], None),
    ("nobody", [], "2 more independent labels"),
    ("one alone", [label("heron-1", "ana")], "1 more independent label"),
    ("a person and a model: never pooled", [label("heron-1", "ana"), label("heron-1", "m", annotator=model("m"))],
     "1 more independent label of one kind"),
    ("two people and one model", [label("heron-1", "ana"), label("heron-1", "bo"), label("heron-1", "m",
     annotator=model("m"))], "1 more independent label by a model, or none"),
    ("two people apart, two models that agree", [label("heron-1", "ana", (2, 3, 3)), label("heron-1", "bo", (4, 3, 3)),
     *[label("heron-1", n, annotator=model(n)) for n in ("m", "n")]], "an adjudication"),
    ("two people apart, a model adjudicates", [label("heron-1", "ana", (2, 3, 3)), label("heron-1", "bo", (4, 3, 3)),
     label("heron-1", "m", annotator=model("m") | {"method": "adjudication"})], "an adjudication"),
    ("two models", [label("heron-1", n, annotator=model(n)) for n in ("m", "n")], None),
    ("one apart is no quarrel", [label("heron-1", "ana", (3, 3, 3)), label("heron-1", "bo", (4, 4, 4))], None),
    ("two apart", [label("heron-1", "ana", (2, 3, 3)), label("heron-1", "bo", (4, 3, 3))], "an adjudication"),
    ("two apart, a third on train", [label("heron-1", "ana", (2, 3, 3)), label("heron-1", "bo", (4, 3, 3)),
     label("heron-1", "cy", (3, 3, 3))], None),
    ("two apart, adjudicated", [label("heron-1", "ana", (2, 3, 3)), label("heron-1", "bo", (4, 3, 3)),
     label("heron-1", "cy", (4, 3, 3), annotator={"method": "adjudication"})], None),
    ("one could not judge", [label("heron-1", "ana", (None, 3, 3)), label("heron-1", "bo", (4, 3, 3))], None),
]  # fmt: skip


@pytest.mark.parametrize(("labels", "words"), [case[1:] for case in NEEDS], ids=[case[0] for case in NEEDS])
def test_what_an_example_needs(folder: DataFolder, labels: list[Any], words: str | None) -> None:
    made = passed(folder, labels, [OWN])
    assert made.problems == ()
    if words is None:
        assert not made.open
    else:
        assert made.open and [words in need.needs for need in made.needs] == [True]


def test_validation_wants_three_of_one_kind(folder: DataFolder) -> None:
    mixed = [label("heron-1", "ana"), label("heron-1", "bo"), label("heron-1", "m", annotator=model("m"))]
    made = passed(folder, mixed, [OWN], split="validation")
    assert made.open and "1 more independent label of one kind" in made.needs[0].needs


NO_LABEL = [
    ("kills a record of the dataset", label("heron-1", "cy", supersedes="r1.model-a"), "$.supersedes"),
    ("a scorer as a person", label("heron-1", "Rules"), "$.annotator.name"),
    ("figures of a scorer", label("heron-1", "cy", probabilities={"empathy": [0, 0, 1, 0, 0]}), "$.probabilities"),
    ("the contributor in other letters", label("heron-1", "hero\uff4e"), "$.annotator.name"),
    ("the contributor in Cyrillic", label("heron-1", "h\u0435r\u043en"), "$.annotator.name"),
    ("the contributor with blanks and case", label("heron-1", " H-e R.o_n"), "$.annotator.name"),
    ("a label of another reply with the same id", label("heron-1", "cy", scenario_id="s1"), "$.scenario_id"),
    ("a name that hides something", label("heron-1", "cy\u202e"), "$.annotator.name"),
    ("a name as long as a page", label("heron-1", "cy" * 500), "$.annotator.name"),
    ("an annotator twice under look-alike names", label("heron-1", "An\u0430 "), "$.reply_id"),
    ("who labeled first adjudicates", label("heron-1", "ana", annotator={"method": "adjudication"}), "$.reply_id"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "path"), [case[1:] for case in NO_LABEL], ids=[case[0] for case in NO_LABEL])
def test_what_is_no_independent_label(folder: DataFolder, one: dict[str, Any], path: str) -> None:
    made = passed(folder, [*LABELS, one])
    assert [problem.path for problem in made.problems] == [path] and made.open
    assert len(made.judged["heron-1"]) == 2


WRITERS = [
    ("claude 4.1", "claude", "4.1", True, "the contributor's words hold the version, an annotator's name does not"),
    ("Claude-4.1", "claude", "4.1", True, "in one word"),
    ("claude", "claude 4.1", "1", True, "the other way about"),
    ("Claude Opus 4.1 (2026)", "claude opus", "4", True, "the first words of several"),
    ("gpt-4o-mini 2026-07", "gpt-4o", "2026-07", False, "another model whose name begins alike"),
    ("some-model 2", "m", "1", False, "another model"),
]


@pytest.mark.parametrize(("wrote", "name", "version", "refused", "why"), WRITERS)
def test_the_model_that_wrote_does_not_label(
    folder: DataFolder, wrote: str, name: str, version: str, refused: bool, why: str
) -> None:
    one = label("heron-1", name, annotator=model(name) | {"version": version})
    made = passed(folder, [one], [OWN | {"written": "model", "model": wrote}])
    assert [problem.path for problem in made.problems] == ["$.annotator.name"] * refused, why


def test_where_levels_lie_apart_is_said_by_dimension(folder: DataFolder) -> None:
    made = passed(folder, [label("heron-1", "ana", (2, 3, 1)), label("heron-1", "bo", (4, 3, 5))], [OWN])
    assert made.needs[0].levels == {"empathy": [2, 4], "excuse_avoidance": [1, 5]}


def test_validation_wants_three_and_no_third_label_in_place_of_an_adjudication(folder: DataFolder) -> None:
    three = [label("heron-1", who, (level, 3, 3)) for who, level in (("ana", 2), ("bo", 3), ("cy", 4))]
    made = passed(folder, three, [OWN], split="validation")
    assert [need.needs for need in made.needs] == ["an adjudication"]
    settled = [*three, label("heron-1", "di", annotator={"method": "adjudication"})]
    assert not passed(folder, settled, [OWN], split="validation").open


def test_agreement_of_the_batch_stands_beside_the_datasets(folder: DataFolder) -> None:
    # ana and bo on n replies: bo is ana, one level up for every third
    drawn = random.Random(1)
    examples = [OWN | {"id": f"h{i}"} for i in range(30)]
    labels = []
    for i in range(30):
        level = drawn.randint(1, 4)
        labels += [label(f"h{i}", "ana", (level, level, level)), label(f"h{i}", "bo", (level + (i % 3 == 0),) * 3)]
    made = passed(folder, labels, examples)
    alpha = made.alpha["empathy"]
    assert alpha.value is not None and alpha.low is not None and alpha.high is not None
    assert 0.5 < alpha.low < alpha.value < alpha.high <= 1 and alpha.n == 30
    assert made.own["empathy"].value is None and made.own["empathy"].note, "all levels of the small folder are 3"
    assert made.what_it_is == "agreement between people"
    assert made.signature.startswith("amends|data:annotations@")
    assert (
        "not agreement between people"
        in passed(folder, [label("heron-1", n, annotator=model(n)) for n in ("m", "n")], [OWN]).what_it_is
    )


def test_scorers_and_the_contributor_are_in_no_number(folder: DataFolder) -> None:
    scorer = label("heron-1", "rules", (1, 1, 1), annotator={"role": "scorer", "kind": "program"})
    own = label("heron-1", "HERON", (5, 5, 5))
    clean, mixed = passed(folder, LABELS), passed(folder, [*LABELS, scorer, own])
    assert len(mixed.problems) == 2 and mixed.open
    assert (mixed.annotators, mixed.alpha, mixed.judged, mixed.signature) == (
        clean.annotators, clean.alpha, clean.judged, clean.signature
    )  # fmt: skip


def test_what_the_batch_adds(folder: DataFolder) -> None:
    spans = [{"code": "X2", "start": 0, "end": 5, "quote": "Burst", "strength": 1.0}]
    labels = [label("heron-1", who, (4, 4, 5), behaviours=spans) for who in ("ana", "bo")]
    made = passed(folder, labels, [OWN]).adds
    assert made.domains == [("kite repair", 0, 1)]
    assert ("empathy", 4, 0, 1) in made.levels and made.behaviours == [("X2", 0, 1)]
    assert (made.new_cells, made.cells) == (4, 4), "three levels and a behaviour of a domain that is new"


def test_counts_are_of_gold_in_train_alone(folder: DataFolder) -> None:
    counts = train_counts(folder)
    assert counts.replies == 4 and counts.levels["empathy", 3] == 4
    assert counts.behaviours["X3"] == 2 and counts.behaviours["E1"] == 0, "E1 stands in test alone"


def test_a_missing_level_counts_as_none() -> None:
    counts = counts_of([("x", {"levels": {"empathy": None, "depersonalization": 2.5}, "behaviours": []})])
    assert dict(counts.levels) == {("depersonalization", 3): 1}


def test_what_is_wanted_begins_with_the_rarest(folder: DataFolder) -> None:
    told = "\n".join(wanted_lines(train_counts(folder)))
    assert "Depersonalization 1 (0)" in told and "D1 invites views (0)" not in told.split("behaviours")[0]
    assert "D3 sets expectations (0)" in told and "X3" not in told, "X3 stands in two replies"


def test_a_label_becomes_an_adjudication() -> None:
    assert as_adjudication(Annotation.from_dict(LABELS[0])).annotator.method == "adjudication"


# ---- the command


def test_gate_accept_and_withdraw_as_commands(amends, folder: DataFolder, tmp_path) -> None:
    for who in ("ana", "bo"):
        write(tmp_path / f"{who}.jsonl", [one for one in LABELS if one["annotator"]["name"] == who])
    half = amends("contribute", "gate", "heron", "--labels", "ana.jsonl", "--data", folder.path)
    assert half.code == 1 and "1 more independent label" in half.out and "Something is open." in half.out
    both = ("--labels", "ana.jsonl", "--labels", "bo.jsonl", "--data", folder.path)
    told = amends("contribute", "gate", "heron", *both)
    assert told.code == 0 and "kite repair: 0, 1" in told.out and "It passes" in told.out
    assert orjson.loads(amends("contribute", "gate", "heron", *both, "--json").out)["open"] is False
    taken = amends("contribute", "accept", "heron", *both)
    assert taken.code == 0, taken.err
    assert "version 1.2.0 -> 1.3.0" in taken.out and "for CHANGELOG.md: Dataset 1.3.0:" in taken.out
    back = amends("contribute", "withdraw", "s2.c1", "--data", folder.path, "--json")
    assert back.code == 0 and "no erasure" in back.err
    assert orjson.loads(back.out)["version"] == "1.4.0"


def test_a_scorers_file_is_refused_by_line(amends, folder: DataFolder, tmp_path) -> None:
    scorer = label("heron-1", "trained", (1.5, 2, 3), annotator={"role": "scorer", "kind": "program"})
    write(tmp_path / "scored.jsonl", [scorer])
    told = amends("contribute", "gate", "heron", "--labels", "scored.jsonl", "--data", folder.path)
    assert told.code == 1 and "scored.jsonl:1 $.annotator: found the program trained as a scorer" in told.out


def test_annotators_are_blind_to_the_contributors_labels(folder: DataFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    from amends.cli import annotate
    from amends.cli.shared import ProblemPrinter

    monkeypatch.setattr(annotate, "released_scenarios", lambda: {s.id: s for s in folder.scenarios()})
    file = folder.path / "pending" / "heron.jsonl"
    shown = annotate._exchanges(str(file), None, False, (), ProblemPrinter())
    assert [exchange.id for exchange in shown] == ["heron-1", "heron-2"]
    assert all(exchange.gold is None and not exchange.meta for exchange in shown)
