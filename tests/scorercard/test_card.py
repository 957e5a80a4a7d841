"""The whole card: from a folder, from a user's own files, and what it writes down."""

import datetime
import json
from pathlib import Path

import pytest
from tests.scorercard.cases import TURNS, Told, annotation, contrast_pair, exchange, folder, text, write

from amends.errors import InputError, UsageError
from amends.records import DIMENSIONS
from amends.scorercard import card as module
from amends.scorercard.card import validity
from amends.scorercard.material import read_folder
from amends.scorercard.once import Once
from amends.scorercard.record import record_test_use
from amends.scorercard.sections import Card
from amends.signature import parse


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    path = folder(tmp_path_factory.mktemp("data"))
    write(path / "contrast" / "validation.jsonl", contrast_pair("c1", text([4, 3, 3], ["E1"]), text([2, 3, 3])))
    return path


@pytest.fixture(scope="module")
def card(data) -> Card:
    return validity(Told(), data=data)


def test_it_comes_back_from_json_as_it_was(card):
    assert Card.from_dict(json.loads(json.dumps(card.to_dict()))) == card
    assert "speed" not in card.to_dict()


def test_twice_gives_the_same(card, data):
    assert validity(Told(), data=data).to_dict() == card.to_dict()


def test_a_text_that_stands_in_several_places_is_scored_once_and_nothing_else_changes(tmp_path, monkeypatch):
    path = folder(tmp_path / "data")
    sides = {"turns": TURNS, "reply": text([3, 3, 3])}
    write(
        path / "robustness" / "invariance.jsonl",
        {"id": "i", "change": "case", **sides, "variant": text([3, 3, 4])},
        {"id": "j", "change": "typo", **sides, "variant": text([4, 3, 4])},
    )
    told, again = Told(), Told()
    card = validity(told, data=path)
    # the first reply is read once more, before the clock starts
    assert len(told.seen) == len({(e.turns, e.reply, e.context) for e in told.seen}) + 1

    class Forgetful(Once):
        def annotate(self, exchanges):
            found = []
            for one in exchanges:
                self._said.clear()
                found += super().annotate([one])
            return found

    monkeypatch.setattr(module, "Once", Forgetful)
    assert validity(again, data=path).to_dict() == card.to_dict()
    assert len(again.seen) > len(told.seen)


def test_the_signature_says_whose_gold_it_is(card):
    parts = parse(card.signature)
    assert parts["gold"] == "model"
    assert parts["n"] == "24/6"
    assert parts["scorer"] == "told.3"
    assert parts["data"] == f"validation@{card.set['digest']}"
    assert parts["missing"] == "0"


def test_what_is_there_and_what_is_not(card):
    assert card.counts == {"replies": 24, "with_gold": 24, "not_judged": {}}
    assert card.annotators == ("checklist", "comparative", "holistic")
    assert card.contrast.whole.behaviour.value == 1.0
    assert card.floors.why is None
    assert {row.left_out for row in card.like_with_like.rows} == set(card.annotators)
    assert set(card.absent) == {
        "plan.jsonl", "robustness/gaming.jsonl", "robustness/invariance.jsonl", "robustness/degenerate.jsonl",
        "systems/",
    }  # fmt: skip
    assert card.gaming.why == "not applicable: no robustness/gaming.jsonl"
    assert card.stand_in.why == "not applicable: annotators are models; the test is about people"
    assert card.systems.why.startswith("not applicable: one generator (claude)")
    assert card.speed.replies == 24


def test_every_number_has_n_and_what_lacks_an_interval_says_why(card):
    def estimates(value):
        if isinstance(value, dict) and {"value", "low", "note", "n"} <= set(value):
            yield value
        elif isinstance(value, dict | list):
            for one in value.values() if isinstance(value, dict) else value:
                yield from estimates(one)

    found = list(estimates(card.to_dict()))
    assert len(found) > 300
    for one in found:
        assert (one["low"] is None) == (one["note"] is not None), one
        assert one["value"] is None or one["n"] > 0


def test_other_labels_are_another_digest(card, tmp_path, data):
    path = folder(tmp_path / "data")
    shards = path / "annotations" / "model" / "validation.jsonl"
    lines = shards.read_text(encoding="utf-8").splitlines()
    shards.write_text("\n".join(lines[:-1]) + "\n", encoding="utf-8")
    assert validity(Told(), data=path).set["digest"] != card.set["digest"]


def test_the_train_split_is_held_to_floors_that_have_not_seen_it(data):
    found = validity(Told(), data=data, split="train")
    assert "out of fold" in found.floors.fitted
    assert found.set["name"] == "train"


def test_a_folder_with_tests_alone(tmp_path):
    record = {"id": "i", "change": "case", "turns": TURNS, "reply": text([3, 3, 3]), "variant": text([3, 3, 4])}
    write(tmp_path / "robustness" / "invariance.jsonl", record)
    found = validity(Told(), data=tmp_path)
    assert found.invariance.whole.unchanged.value == 0.0
    assert (found.gold, found.counts["replies"], found.speed) == ("none", 0, None)
    assert found.items["empathy"]["spearman"].note == "no reply has both gold and a level"
    assert "exchanges/validation.jsonl" in found.absent
    assert Card.from_dict(found.to_dict()) == found


def test_replies_of_whole_generators(tmp_path):
    path = folder(tmp_path / "data")
    scenarios = [f"va-{s}" for s in range(6)]
    write(path / "scenarios.jsonl", *[_scenario(s, "validation") for s in scenarios], _scenario("te-1", "test"))
    for name, level in (("low", 2), ("high", 4)):
        author = {"kind": "program", "name": name, "version": "1"}
        replies = [
            {"id": f"{s}.{name}", "scenario_id": s, "text": text([level, 3, 3]), "author": author}
            for s in [*scenarios, "te-1"]
        ]
        judged = [annotation(f"{s}.{name}", [level, 3, 3]).to_dict() for s in scenarios]
        write(path / "systems" / name / "replies.jsonl", *replies)
        write(path / "systems" / name / "annotations.jsonl", *judged)
    found = validity(Told(), data=path).systems
    assert (found.generators, found.scenarios) == (("high", "low"), 6)
    assert found.dimensions["empathy"].ordered.value == 1.0
    assert len(read_folder(path, "validation").systems) == 12


def _scenario(key, split):
    return {"id": key, "split": split, "language": "en", "domain": "d", "channel": "email", "fault": "company",
            "relationship": "new", "company": "C", "customer_org": None, "emotion": "anger", "intensity": 3,
            "authority": None, "turns": TURNS}  # fmt: skip


def test_annotations_of_other_splits_stay_unread(tmp_path):
    path = folder(tmp_path / "data")
    (path / "annotations" / "model" / "test.jsonl").write_text("no JSON at all\n", encoding="utf-8")
    assert read_folder(path, "validation").annotations


def _own(tmp_path, judged=True):
    exchanges = [{"id": f"u{i}", "turns": TURNS, "reply": text([1 + i % 5, 3, 3]), "channel": "chat"} for i in range(8)]
    labels = [
        annotation(f"u{i}", [1 + i % 5, 3, 3], "desk", "person", name=name).to_dict() | {"scenario_id": None}
        for i in range(7)
        for name in ("Ada", "Bo")
    ]
    write(tmp_path / "own.jsonl", *exchanges)
    write(tmp_path / "labels.jsonl", *(labels if judged else [labels[0] | {"reply_id": "nobody"}]))
    return tmp_path / "own.jsonl", tmp_path / "labels.jsonl"


def test_a_user_s_own_exchanges_with_labels(tmp_path, data):
    on, labels = _own(tmp_path)
    found = validity(Told(), data=data, on=on, labels=labels)
    assert found.gold == "person"
    assert found.annotators == ("Ada", "Bo")
    assert found.counts["with_gold"] == 7
    assert found.pairs == "all"
    assert found.items["empathy"]["spearman"].value == pytest.approx(1.0)
    assert found.items["empathy"]["spearman"].clusters == 7
    assert found.contrast.whole is not None
    assert found.floors.why is None
    assert parse(found.signature)["data"].startswith("own.jsonl@")
    assert "2 people; 3 are needed" in found.stand_in.why


def test_labels_of_nobody_are_a_problem(tmp_path, data):
    on, labels = _own(tmp_path, judged=False)
    with pytest.raises(InputError, match="the id of an exchange of --on"):
        validity(Told(), data=data, on=on, labels=labels)


def test_labels_by_a_scorer_make_no_gold(tmp_path, data):
    on, labels = _own(tmp_path)
    raw = [json.loads(line) for line in labels.read_text(encoding="utf-8").splitlines()]
    write(labels, *[r | {"annotator": r["annotator"] | {"role": "scorer", "kind": "program"}} for r in raw])
    with pytest.raises((UsageError, InputError)):
        validity(Told(), data=data, on=on, labels=labels)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        pytest.param({"split": "dev"}, "unknown split 'dev'", id="no such split"),
        pytest.param({"on": "x.jsonl"}, "go together", id="exchanges without labels"),
        pytest.param({"labels": "x.jsonl"}, "go together", id="labels without exchanges"),
        pytest.param({"on": "x", "labels": "y", "split": "test"}, "leave --split test out", id="own and test"),
        pytest.param({"data": "nowhere"}, "no such folder", id="no folder"),
        pytest.param({"data": "."}, "nothing to judge a scorer on", id="an empty folder"),
    ],
)
def test_wrong_use(asked, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match=message):
        validity(Told(), **asked)


class _Released:
    def __init__(self, path):
        self.path = path


@pytest.mark.parametrize(
    ("split", "checkout", "given", "written"),
    [
        pytest.param("test", True, False, 1, id="the dataset's test split in a checkout"),
        pytest.param("validation", True, False, 0, id="another split"),
        pytest.param("test", False, False, 0, id="no checkout"),
        pytest.param("test", True, True, 0, id="somebody else's folder"),
    ],
)
def test_a_use_of_test_is_written_down(tmp_path, monkeypatch, split, checkout, given, written):
    path = folder(tmp_path / "data", 2, split)
    other = folder(tmp_path / "other", 2, split)
    monkeypatch.setattr(module, "released", lambda: _Released(path))
    monkeypatch.setattr(module, "in_checkout", lambda: checkout)
    validity(Told(), split=split, data=other if given else None)
    uses = path / "TEST_USE.md"
    assert uses.is_file() == bool(written)
    assert not (other / "TEST_USE.md").exists()
    if written:
        validity(Told(), split=split)
        rows = [line for line in uses.read_text(encoding="utf-8").splitlines() if line.startswith("| 2")]
        assert len(rows) == 2
        assert "| told.3 |" in rows[0]


def test_the_line_holds_date_scorer_weights_and_results(tmp_path, card):
    from dataclasses import replace

    weighty = replace(card, scorer={"name": "told", "version": 3, "weights": "c0ffee"})
    path = record_test_use(weighty, tmp_path, datetime.date(2026, 11, 22))
    head, row = path.read_text(encoding="utf-8").rsplit("\n", 2)[:2]
    assert head.startswith("# Uses of the test split")
    cells = row.replace("\\|", "/").split("|")
    assert [cell.strip() for cell in cells[1:3]] == ["2026-11-22", "told.3@c0ffee"]
    for cell, d in zip(cells[3:6], DIMENSIONS, strict=True):
        assert f"rho {card.items[d]['spearman'].value:.3f} [" in cell
        assert "n 24 (6)" in cell
    assert card.signature.replace("|", "/") in cells[6]


def test_the_scorer_is_shown_no_gold_and_no_plan(tmp_path):
    path = folder(tmp_path / "data")
    told = Told()
    validity(told, data=path)
    assert all(e.gold is None and e.author is None and e.id == "" and not e.meta for e in told.seen)


def test_an_exchange_of_cases_is_what_its_gold_says():
    made = exchange("a.r1", text([1, 2, 3]), [annotation("a.r1", [1, 2, 3])])
    assert made.gold["model"]["levels"] == {"empathy": 1.0, "depersonalization": 2.0, "excuse_avoidance": 3.0}


@pytest.mark.parametrize(
    ("names", "expected", "absent", "why"),
    [
        (("contrast.jsonl",), ["c1"], None, "an outsider's file, of which the split counts"),
        (("contrast.jsonl", "contrast/validation.jsonl"), ["c1", "c2"], None, "what is built goes first"),
        (("contrast.jsonl", "contrast/test.jsonl"), None, "contrast/validation.jsonl", "built, without the split"),
        ((), None, "contrast/validation.jsonl", "none"),
    ],
)
def test_contrast_pairs_need_not_be_built(
    names: tuple[str, ...], expected: list[str] | None, absent: str | None, why: str, tmp_path: Path
) -> None:
    pair = contrast_pair("c1", text([4, 3, 3], ["E1"]), text([2, 3, 3]))
    others = [pair | {"id": "c2", "split": "test"}]
    owed = {"flags": ["empty"], "levels": None, "error": False}
    broken = {"id": "d1", "case": "empty", "turns": TURNS, "reply": "", "expect": owed}
    write(tmp_path / "robustness" / "degenerate.jsonl", broken)
    for name in names:
        write(tmp_path / name, pair, *others)
    found = read_folder(tmp_path, "validation")
    assert (found.contrast and [one["id"] for one in found.contrast]) == expected, why
    assert absent is None or absent in found.absent


def test_pairs_of_another_split_are_named(tmp_path: Path) -> None:
    pair = contrast_pair("c1", text([4, 3, 3], ["E1"]), text([2, 3, 3]))
    write(tmp_path / "contrast.jsonl", pair | {"split": "test"})
    with pytest.raises(UsageError, match="pairs of validation in contrast"):
        read_folder(tmp_path, "validation")
    assert read_folder(tmp_path, "test").contrast
