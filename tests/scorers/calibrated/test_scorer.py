"""The scorer calibrated:FILE: how it is loaded, what it refuses, and what every scorer owes."""

import pickle
from dataclasses import replace

import pytest
from tests.scorercard.cases import Told, exchange, text
from tests.scorers.calibrated.cases import A_ALONE, BOTH, THRESHOLDS, calibration, member

import amends.scorers
from amends import schema
from amends.errors import UsageError
from amends.jsonl import write_whole
from amends.records import Annotation, Context
from amends.runs.scoring import annotate, weights_of
from amends.scorers import load_scorer
from amends.scorers.base import Scorer
from amends.scorers.calibrated.odds import Odds
from amends.scorers.calibrated.scorer import Calibrated
from amends.scorers.rules.scorer import Rules
from amends.signature import parse, scorer_tag, signature

RULED = Odds({"rules": 1.0}, {"rules": 3.0}, THRESHOLDS, 30, 10)
RULES = calibration([member("rules", Rules.version, told="rules")], (RULED,))


@pytest.fixture
def file(tmp_path, monkeypatch):
    """Where a calibration of ``a`` and ``b``, which say what the reply tells them to, is written."""
    for name in "ab":
        monkeypatch.setitem(amends.scorers.SCORERS, name, "tests.scorercard.cases:Told")

    def write(made):
        import orjson

        path = tmp_path / "c.json"
        write_whole(path, orjson.dumps(made.to_dict()))
        return f"calibrated:{path}"

    return write


def test_it_is_a_scorer_whose_signature_names_the_file_by_its_content(file):
    made = calibration()
    scorer = load_scorer(file(made))
    assert isinstance(scorer, Scorer)
    assert weights_of(scorer) == made.checksum()[:12]
    line = signature({"scorer": scorer_tag(scorer.name, scorer.version, weights_of(scorer))})
    assert parse(line)["scorer"] == f"calibrated.1@{made.checksum()[:12]}"


def test_it_runs_its_members_and_its_annotations_pass_their_schema(file):
    scorer = load_scorer(file(calibration()))
    batch = [exchange("s1.r1", text([3, 3, 3])), exchange("s1.r2", text([None] * 3, flags=["not_a_reply"]))]
    first, second = annotate(scorer, batch)
    # a and b both 3, their centres: 1 + 4/5 + 2/3 + 1/2 + 1/3
    assert first.levels["empathy"] == 3.3
    assert second.flags == ("not_a_reply",)
    for one in (first, second):
        assert schema.problems(one.to_dict(), "annotation", "-", None) == []
        assert (one.annotator.role, one.annotator.kind, one.annotator.name) == ("scorer", "program", "calibrated")
        assert one.annotator.version == f"1@{weights_of(scorer)}"
    assert Annotation.from_dict(first.to_dict()) == first


OTHERS = [
    (member("a", version=4), "a: fitted with told.4, here it is told.3", "another version"),
    (member("a", weights="0123"), "a: fitted with told.3@0123, here it is told.3", "other weights"),
    (member("a", told="other"), "a: fitted with other.3, here it is told.3", "another scorer of that name"),
]


@pytest.mark.parametrize(("one", "words", "why"), OTHERS, ids=[why for *_, why in OTHERS])
def test_members_that_are_no_longer_those_of_the_fit_are_refused(file, one, words, why):
    name = file(calibration([one, "b"], amends="0.2.9"))
    with pytest.raises(UsageError) as error:
        load_scorer(name)
    assert words in str(error.value)
    assert "amends calibrate a b -o FILE" in str(error.value)
    assert "use amends 0.2.9" in str(error.value)


CODE = [
    ("os:getcwd", "unknown member", "data names no code: module:object would be imported and called"),
    ("calibrated:other.json", "is a calibration already", "no calibration of calibrations"),
    ("nobody", "unknown member", "no such scorer"),
    ("judge", "unknown member", "a judge without a model"),
]


@pytest.mark.parametrize(("name", "words", "why"), CODE, ids=[why for *_, why in CODE])
def test_what_may_be_a_member(file, name, words, why):
    odds = Odds({name: 1.0}, {name: 3.0}, THRESHOLDS, 30, 10)
    with pytest.raises(UsageError, match=words):
        load_scorer(file(calibration([member(name)], (odds,))))


def test_a_file_must_be_named():
    for name in ("calibrated", "calibrated:"):
        with pytest.raises(UsageError, match=r"calibrated needs a file: calibrated:FILE"):
            load_scorer(name)
    with pytest.raises(UsageError, match="calibrated:FILE"):
        load_scorer("calibrate")


def test_another_rubric_is_said_in_the_report_and_in_every_reason():
    same, other = (Calibrated(calibration(["a"], (A_ALONE,), **more), [Told()]) for more in ({}, {"rubric": "0.9"}))
    batch = [exchange("s1.r1", text([3, 3, 3]))]
    assert same.remark is None
    assert "rubric" not in same.report() + str(annotate(same, batch)[0].reason)
    assert "fitted to levels of rubric 0.9, the rubric here is" in other.report()
    assert "rubric 0.9" in str(annotate(other, batch)[0].reason)


def test_the_report_says_what_it_is_made_of_and_passes_on_the_members_reports():
    class Judge(Told):
        def report(self):
            return "12 requests"

    told = Calibrated(calibration(odds=(BOTH,)), [Told(), Judge()]).report().splitlines()
    assert told[0].endswith(
        "told.3 + told.3, fitted to model gold of validation@0123456789ab (40 replies, 12 scenarios)"
    )
    assert told[1:] == ["12 requests"]


def test_a_model_among_the_members_makes_it_a_model():
    class Model(Told):
        def annotate(self, exchanges):
            return [replace(a, annotator=replace(a.annotator, kind="model")) for a in super().annotate(exchanges)]

    found = Calibrated(calibration(odds=(BOTH,)), [Told(), Model()]).annotate([exchange("s.r", text([3, 3, 3]))])
    assert found[0].annotator.kind == "model"


TEXTS = [
    "I'm sorry that your cot never came; that was our mistake. A new one goes out tomorrow before noon.",
    "You should have read the terms. There is nothing that we can do.",
    "Es tut mir sehr leid, dass Ihr Bett nicht gekommen ist.",
    "",
    "Thank you.",
]


def test_batches_order_and_processes_make_no_difference():
    batch = [exchange(f"s{i}.r", reply) for i, reply in enumerate(TEXTS)]
    scorer = Calibrated(RULES, [Rules()])
    whole = annotate(scorer, batch)
    assert [annotate(scorer, [one])[0] for one in batch] == whole
    assert annotate(scorer, batch[::-1])[::-1] == whole
    assert annotate(pickle.loads(pickle.dumps(scorer)), batch) == whole
    assert annotate(scorer, []) == []
    assert {a.flags for a in whole} >= {("empty",), ("unsupported_language",), ()}


def test_it_takes_no_notice_of_what_a_scorer_may_not_see():
    """Ids, author, gold, split and meta are poisoned; context is all unknown."""
    scorer = Calibrated(RULES, [Rules()])
    plain = [exchange(f"s{i}.r", reply) for i, reply in enumerate(TEXTS)]
    poisoned = [
        replace(one, gold={"model": {"levels": {"empathy": 5}}}, split="test", meta={"level": 5}, author=None)
        for one in plain
    ]
    found = scorer.annotate(poisoned)
    assert [a.levels for a in found] == [a.levels for a in scorer.annotate(plain)]
    assert scorer.annotate([replace(one, context=Context()) for one in plain])[0].levels
