"""Fitting: folds, patterns of members, what is left out, and what out of fold means."""

import json
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from tests.calibration.cases import Noisy, folder

from amends.calibration import fit
from amends.calibration.fit import FOLDS, Case, calibrate, fitted_odds, folds_of, out_of_fold, signature_of
from amends.errors import InputError, UsageError
from amends.records import DIMENSIONS, Annotation, Annotator, Behaviour
from amends.schema import problems
from amends.scorers.calibrated.document import Calibration, Member
from amends.signature import parse
from amends.statistics.calibration import gold_masses
from amends.statistics.estimate import Estimate
from amends.statistics.ordinal import fit_odds

SHARP, BLUNT, QUIET = Noisy("sharp", 0.5), Noisy("blunt", 1.5), Noisy("quiet", 0.8, silent=0.3)


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return folder(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def pair(data) -> Calibration:
    return calibrate({"sharp": SHARP, "quiet": QUIET}, data=data)


def test_twice_gives_the_same(pair, data):
    assert calibrate({"sharp": SHARP, "quiet": QUIET}, data=data).to_dict() == pair.to_dict()


def test_the_document_passes_its_schema_and_comes_back(pair):
    assert problems(pair.to_dict(), "calibration", "-", None) == []
    assert Calibration.from_dict(json.loads(json.dumps(pair.to_dict()))) == pair


def test_it_says_what_it_was_fitted_on(pair, data):
    found = pair.fitted
    assert (found.split, found.gold, found.version, found.seed, found.folds) == ("validation", "model", None, 12345, 5)
    assert found.replies + found.missing == 60
    assert found.scenarios == 12
    (data / "manifest.json").write_text('{"version": "9.8.7"}')
    assert calibrate({"sharp": SHARP}, data=data).fitted.version == "9.8.7"
    (data / "manifest.json").unlink()
    parts = parse(signature_of(pair))
    assert parts["data"] == f"validation@{found.digest}"
    assert parts["n"] == f"{found.replies}/12"
    assert parts["scorer"] == f"calibrated.1@{pair.checksum()[:12]}"


def test_the_members_are_named_with_version_weights_and_whether_they_mark_behaviours(pair, data):
    class Marking(Noisy):
        weights = "0a1b2c"

        def annotate(self, exchanges):
            mark = (Behaviour("E1", 0, 1, "1"),)
            return [replace(a, behaviours=mark if i == 1 else ()) for i, a in enumerate(super().annotate(exchanges))]

    assert pair.members == (Member("sharp", "sharp", 1, None, False), Member("quiet", "quiet", 1, None, False))
    made = calibrate({"as:loaded": Marking("marking", 0.5)}, data=data)
    assert made.members == (Member("as:loaded", "marking", 1, "0a1b2c", True),)


def test_every_pattern_of_members_has_odds_of_its_own(pair):
    for d in DIMENSIONS:
        assert [tuple(one.weights) for one in pair.odds[d]] == [("sharp", "quiet"), ("sharp",), ("quiet",)]
        both, sharp, quiet = pair.odds[d]
        assert both.n == quiet.n < sharp.n == pair.fitted.replies
        assert both.weights["sharp"] < sharp.weights["sharp"], "beside another it says less that is new"


def test_the_odds_of_one_member_are_those_of_that_member_alone(pair, data):
    """So a level that another member did not give was not made up."""
    alone = calibrate({"sharp": SHARP}, data=data)
    for d in DIMENSIONS:
        found, expected = pair.pattern(d, ["sharp"]), alone.pattern(d, ["sharp"])
        assert found.thresholds == pytest.approx(expected.thresholds)
        assert found.weights == pytest.approx(expected.weights)


def case(number, gold, scenario, **levels):
    from amends.records import Exchange

    who = Annotator("scorer", "program", "x", "1")
    given = {
        name: Annotation("", None, who, dict.fromkeys(DIMENSIONS, level if level != "flag" else None), (),
                         ("not_a_reply",) if level == "flag" else ())
        for name, level in levels.items()
    }  # fmt: skip
    return Case(Exchange(str(number), (), "", scenario_id=scenario), dict.fromkeys(DIMENSIONS, gold), given)


CASES = [
    case(0, 1, "s0", a=1.0, b=2.0),
    case(1, 3, "s0", a=2.0, b=None),
    case(2, 4, "s1", a=4.0, b=3.0),
    case(3, 5, "s1", a=5.0, b=4.5),
    case(4, 2, "s2", a=None, b=1.0),
    case(5, None, "s2", a=3.0, b=3.0),
    case(6, 1, "s3", a="flag", b=5.0),
    case(7, 2.5, "s3", a=2.5, b=2.0),
]
USED = {
    ("a", "b"): [(1, 1, 2), (4, 4, 3), (5, 5, 4.5), (2.5, 2.5, 2)],
    ("a",): [(1, 1), (3, 2), (4, 4), (5, 5), (2.5, 2.5)],
    ("b",): [(1, 2), (4, 3), (5, 4.5), (2, 1), (2.5, 2)],
}
"""Pattern to gold and levels of the replies that its odds rest on: not the one without gold, nor the flagged one."""


@pytest.mark.parametrize("pattern", USED, ids="+".join)
def test_which_replies_the_odds_of_a_pattern_rest_on(pattern):
    found = next(o for o in fitted_odds(CASES, "empathy", ["a", "b"], 1) if tuple(o.weights) == pattern)
    rows = np.array(USED[pattern], dtype=float)
    assert found.n == len(rows)
    assert list(found.centre.values()) == pytest.approx(rows[:, 1:].mean(axis=0).tolist())
    expected = fit_odds(rows[:, 1:] - rows[:, 1:].mean(axis=0), gold_masses(rows[:, 0]), fit.RIDGE, fit.PRIOR)
    assert list(found.weights.values()) == pytest.approx(expected.weights.tolist())
    assert found.thresholds == pytest.approx(expected.thetas.tolist())


def test_a_pattern_with_too_few_replies_has_no_odds():
    assert [tuple(o.weights) for o in fitted_odds(CASES, "empathy", ["a", "b"], 5)] == [("a",), ("b",)]
    assert fitted_odds(CASES, "empathy", ["a", "b"], 6) == ()


def test_folds_hold_whole_scenarios_and_are_even():
    clusters = [f"s{i % 13}" for i in range(80)]
    folds = folds_of(clusters, 7)
    by_scenario = {c: {f for cc, f in zip(clusters, folds, strict=True) if cc == c} for c in set(clusters)}
    assert all(len(some) == 1 for some in by_scenario.values())
    sizes = Counter(next(iter(some)) for some in by_scenario.values())
    assert sorted(sizes.values()) == [2, 2, 3, 3, 3]
    turned = folds_of(clusters[::-1], 7)
    assert turned[::-1] == folds, "the order of the replies does not matter"
    assert folds_of(clusters, 8) != folds


def test_no_reply_is_judged_by_odds_that_saw_its_scenario(pair, data):
    """Gold of one fold turned round: its own out-of-fold levels stay, those of every other fold move."""
    exchanges = fit._exchanges(data, "validation")
    given = {"sharp": fit.scored_by(SHARP, exchanges), "quiet": fit.scored_by(QUIET, exchanges)}
    cases = [
        Case(e, e.gold["model"]["levels"], {name: some[i] for name, some in given.items()})
        for i, e in enumerate(exchanges)
    ]
    folds = folds_of([c.cluster for c in cases], 7)
    turned = [
        replace(c, levels={d: 6 - level for d, level in c.levels.items()}) if fold == 2 else c
        for c, fold in zip(cases, folds, strict=True)
    ]
    before, after = out_of_fold(pair, cases, folds), out_of_fold(pair, turned, folds)
    assert list(before) == ["sharp", "quiet", "calibrated:sharp", "calibrated:quiet", "ensemble"]
    for name in ("calibrated:sharp", "ensemble"):
        judged = [(fold, a, b) for fold, a, b in zip(folds, before[name], after[name], strict=True)
                  if a.levels["empathy"] is not None]  # fmt: skip
        assert all(a == b for fold, a, b in judged if fold == 2)
        for other in (0, 1, 3, 4):
            assert any(a.levels != b.levels for fold, a, b in judged if fold == other)


def estimates(found):
    for by_dimension in found.values():
        for some in by_dimension.values():
            yield from (Estimate.from_dict(one) for one in some.values())


def test_every_number_has_n_and_an_interval_or_says_why(pair):
    found = [*estimates(pair.measured["levels"]), *estimates(pair.measured["gains"])]
    assert len(found) == 5 * 3 * 4 + 4 * 3 * 3
    for one in found:
        assert (one.low is None) == (one.note is not None)
        assert one.value is None or one.n > 0


def test_a_biased_scorer_is_set_right(data):
    """One that lies a level too high: the error out of fold falls, the order stays."""

    class High(Noisy):
        def annotate(self, exchanges):
            return [
                replace(a, levels={d: v and min(5.0, v + 1.2) for d, v in a.levels.items()})
                for a in super().annotate(exchanges)
            ]

    made = calibrate({"high": High("sharp", 0.4)}, data=data)
    gain = Estimate.from_dict(made.measured["gains"]["high"]["empathy"]["error"])
    assert gain.high < -0.1
    assert gain.n == made.measured["levels"]["high"]["empathy"]["error"]["n"]


def test_an_ensemble_of_two_errs_less_than_either(data):
    made = calibrate({"one": Noisy("one", 1.0), "two": Noisy("two", 1.0)}, data=data)
    for name in ("calibrated:one", "calibrated:two"):
        assert Estimate.from_dict(made.measured["gains"][name]["empathy"]["rps"]).value < 0


REFUSED = [
    ({}, {}, "1 to 6 scorers", "nobody"),
    ({str(i): SHARP for i in range(7)}, {}, "1 to 6 scorers, not 7", "too many: every pattern is fitted"),
    ({"sharp": SHARP}, {"split": "test"}, "test measures, nothing is fitted on it", "the test split"),
    ({"sharp": SHARP}, {"split": "train"}, "no train.jsonl", "a file that is not there"),
    ({"never": Noisy("never", 1, silent=1.0)}, {}, "no 20 replies with gold and a level", "a scorer without levels"),
    ({"ensemble": SHARP}, {}, "'ensemble' names the members together", "its numbers would stand for the whole's"),
]


@pytest.mark.parametrize(("scorers", "more", "words", "why"), REFUSED, ids=[why for *_, why in REFUSED])
def test_what_cannot_be_fitted_is_refused(data, scorers, more, words, why):
    with pytest.raises(UsageError, match=words):
        calibrate(scorers, data=data, **more)


def test_too_few_scenarios_for_the_folds_are_refused(tmp_path):
    asked = []

    class Paid(Noisy):
        def annotate(self, exchanges):
            asked.extend(exchanges)
            return super().annotate(exchanges)

    with pytest.raises(UsageError, match=f"{tmp_path}: validation .* replies to 4 scenarios, expected {FOLDS} or more"):
        calibrate({"paid": Paid("sharp", 0.5)}, data=folder(tmp_path, scenarios=4, replies=10))
    assert asked == [], "nobody is paid for what cannot be fitted"


def test_records_of_another_split_are_refused_by_line(tmp_path):
    """A file of test under the name of validation."""
    path = folder(tmp_path) / "exchanges" / "validation.jsonl"
    records = [json.loads(line) for line in path.read_text().splitlines()]
    records[2]["split"] = "test"
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    with pytest.raises(InputError, match=r"validation\.jsonl:3 \$\.split: found test, expected validation"):
        calibrate({"sharp": SHARP}, data=tmp_path)


@pytest.mark.parametrize("text", ["{broken", "[1]", ""])
def test_a_manifest_that_is_none_is_named(tmp_path, text):
    (folder(tmp_path) / "manifest.json").write_text(text)
    with pytest.raises(InputError, match=r"manifest\.json \$: found no JSON object, expected a manifest"):
        calibrate({"sharp": SHARP}, data=tmp_path)


def test_out_of_fold_a_reply_has_a_level_where_the_calibration_would_give_it_one(tmp_path):
    """Rare judged 12 replies, five of them alone: no odds hold it, so out of fold it gives no level either."""

    class Part(Noisy):
        def __init__(self, name, first, last):
            super().__init__(name, 0.5)
            self._judged = range(first, last)

        def annotate(self, exchanges):
            return [
                a if int(e.reply.split(":")[0]) in self._judged else replace(a, levels=dict.fromkeys(DIMENSIONS))
                for e, a in zip(exchanges, super().annotate(exchanges), strict=True)
            ]

    scorers = {"most": Part("most", 5, 60), "rare": Part("rare", 0, 12)}
    made = calibrate(scorers, data=folder(tmp_path))
    assert [tuple(o.weights) for o in made.odds["empathy"]] == [("most",)]
    levels = made.measured["levels"]
    assert levels["calibrated:rare"]["empathy"]["error"]["n"] == 0
    assert levels["rare"]["empathy"]["error"]["n"] > 0
    # where both judged, 5 to 11, there are no odds for both, and so no level of the whole
    assert levels["ensemble"]["empathy"]["error"]["n"] == levels["most"]["empathy"]["error"]["n"] - 7 == 48


def test_a_member_alone_is_measured_as_it_would_be_alone(tmp_path):
    """Another member calls half of the replies none: that decides for the whole, not for what the first is worth."""

    class Strict(Noisy):
        def annotate(self, exchanges):
            return [
                replace(a, flags=("not_a_reply",), levels=dict.fromkeys(DIMENSIONS))
                if int(e.reply.split(":")[0]) % 2
                else a
                for e, a in zip(exchanges, super().annotate(exchanges), strict=True)
            ]

    data = folder(tmp_path)
    alone = calibrate({"sharp": SHARP}, data=data).measured["levels"]
    beside = calibrate({"sharp": SHARP, "strict": Strict("strict", 0.5)}, data=data).measured["levels"]
    assert beside["calibrated:sharp"] == alone["calibrated:sharp"]
    assert beside["ensemble"]["empathy"]["error"]["n"] < alone["calibrated:sharp"]["empathy"]["error"]["n"]
