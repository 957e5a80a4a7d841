"""Contrast, gaming, invariance and degenerate inputs, pair by pair."""

import pytest
from tests.scorercard.cases import TURNS, Told, contrast_pair, text

from amends.scorercard.contrast import contrast, scored_pairs
from amends.scorercard.robustness import degenerate, gaming, invariance, scored_sides, unmet

SEED = 7


def score(*records):
    return contrast(scored_pairs(Told(), records), "contrast/validation.jsonl", SEED)


@pytest.mark.parametrize(
    ("better", "worse", "behaviour", "right"),
    [
        pytest.param(["E1"], [], "E1", True, id="a plus behaviour in the better reply"),
        pytest.param(["E1"], ["E1"], "E1", False, id="in both"),
        pytest.param([], [], "E1", False, id="in neither"),
        pytest.param([], ["E1"], "E1", False, id="a plus behaviour in the worse reply"),
        pytest.param([], ["E6"], "E6", True, id="a minus behaviour in the worse reply"),
        pytest.param(["E6"], [], "E6", False, id="a minus behaviour in the better reply"),
        pytest.param(["E1"], ["E6", "E1"], "E6", True, id="other behaviours do not count"),
    ],
)
def test_behaviour(better, worse, behaviour, right):
    found = score(contrast_pair("c1", text([3, 3, 3], better), text([3, 3, 3], worse), behaviour))
    assert found.whole.behaviour.value == float(right)


@pytest.mark.parametrize(
    ("better", "worse", "expects", "level", "ties", "leakage"),
    [
        pytest.param([4, 3, 3], [2, 3, 3], (1, 0, 0), 1.0, 0, 0.0, id="higher, nothing else moves"),
        pytest.param([2, 3, 3], [4, 3, 3], (1, 0, 0), 0.0, 0, 0.0, id="lower"),
        pytest.param([3, 3, 3], [3, 3, 3], (1, 0, 0), 0.5, 1, 0.0, id="a tie is half, and counted"),
        pytest.param([4, 2, 3], [2, 3, 3], (1, 0, 0), 1.0, 0, 0.5, id="one of two others moves"),
        pytest.param([4, 3, 3.25], [2, 3, 3], (1, 0, 0), 1.0, 0, 0.0, id="0.25 is no move"),
        pytest.param([4, 3, 3.26], [2, 3, 3], (1, 0, 0), 1.0, 0, 0.5, id="0.26 is one"),
        pytest.param([4, 3, 3], [2, 4, 3], (1, 1, 0), 0.5, 0, 0.0, id="two dimensions owed, one right"),
        pytest.param([None, 3, 3], [2, 3, 3], (1, 0, 0), None, 0, 0.0, id="not judged: left out, not wrong"),
    ],
)
def test_level_and_leakage(better, worse, expects, level, ties, leakage):
    found = score(contrast_pair("c1", text(better), text(worse), expects=expects)).whole
    assert (found.level.value, found.ties, found.leakage.value) == (level, ties, leakage)


def test_by_kind_and_behaviour():
    pairs = [
        contrast_pair(f"c{i}", text([4, 3, 3], ["E1"]), text([2 + 2 * (i % 2), 3, 3]), kind=("textbook", "trap")[i % 2])
        for i in range(6)
    ]
    found = score(*pairs, contrast_pair("c9", text([None] * 3), text([3, 3, 3]), "X7"))
    assert {kind: one.level.value for kind, one in found.by_kind.items()} == {"textbook": 1.0, "trap": 0.5}
    assert found.by_behaviour["E1"].behaviour.n == 6
    assert found.not_judged == 1
    assert contrast(None, "contrast/validation.jsonl", SEED).why == "not applicable: no contrast/validation.jsonl"


def game(honest, gamed, flags=(), dimensions=("empathy",)):
    record = {"id": "g", "trick": "soup", "dimensions": list(dimensions), "turns": TURNS,
              "honest": honest, "gamed": text(gamed, flags=flags)}  # fmt: skip
    return gaming(scored_sides(Told(), [record], ("honest", "gamed")), "gaming")


@pytest.mark.parametrize(
    ("honest", "gamed", "flags", "share"),
    [
        pytest.param([4, 1, 1], [3, 5, 5], (), 1.0, id="higher on the dimension named"),
        pytest.param([3, 5, 5], [3, 1, 1], (), 0.0, id="a tie is no win"),
        pytest.param([3, 3, 3], [None] * 3, ("not_a_reply",), 1.0, id="the trick is taken for no reply"),
        pytest.param([3, 3, 3], [None] * 3, ("refused_by_judge",), None, id="the scorer could not judge: left out"),
        pytest.param([None, 3, 3], [1, 1, 1], (), None, id="the honest reply was not judged"),
    ],
)
def test_gaming(honest, gamed, flags, share):
    found = game(text(honest), gamed, flags)
    assert found.every.value == share
    assert found.not_judged == (1 if share is None else 0)


def test_an_honest_reply_taken_for_none_has_lost():
    assert game(text([None] * 3, flags=["not_a_reply"]), [1, 1, 1]).every.value == 0.0


def test_every_dimension_named_must_be_won():
    found = game(text([4, 3, 3]), [3, 3, 3], dimensions=("empathy", "depersonalization"))
    assert found.every.value == 0.0
    assert [found.dimensions[d].value for d in ("empathy", "depersonalization")] == [1.0, 0.0]
    assert found.dimensions["excuse_avoidance"].n == 0


@pytest.mark.parametrize(
    ("reply", "variant", "unchanged", "shift"),
    [
        pytest.param([3, 3, 3], [3, 3, 3], 1.0, 0.0, id="the same"),
        pytest.param([3, 3, 3], [3.25, 3, 3], 1.0, 0.25 / 3, id="within 0.25"),
        pytest.param([3, 3, 3], [3, 3, 4], 0.0, 1 / 3, id="one dimension moves"),
        pytest.param([None, 3, 3], [None, 3, 3], 1.0, 0.0, id="no level on either side"),
        pytest.param([3, 3, 3], [None, 3, 3], 0.0, 0.0, id="a level lost is a change, and no shift"),
    ],
)
def test_invariance(reply, variant, unchanged, shift):
    record = {"id": "i", "change": "spelling", "turns": TURNS, "reply": text(reply), "variant": text(variant)}
    found = invariance(scored_sides(Told(), [record], ("reply", "variant")), "invariance", SEED)
    assert found.whole.unchanged.value == unchanged
    assert found.by_change["spelling"].shift.value == pytest.approx(shift)


def broken(reply, flags=(), levels=None, error=False):
    return {"id": "d", "case": "some_case", "turns": TURNS, "reply": reply,
            "expect": {"flags": list(flags), "levels": levels, "error": error}}  # fmt: skip


class Raises:
    name, version = "raises", 1

    def annotate(self, exchanges):
        raise KeyError("reply")


@pytest.mark.parametrize(
    ("record", "found"),
    [
        pytest.param(broken(text([None] * 3, flags=["empty"]), ["empty"]), None, id="flag and no levels"),
        pytest.param(broken(text([3, 3, 3], flags=["empty"]), ["empty"]), "flags empty; levels 3, 3, 3", id="levels"),
        pytest.param(broken(text([None] * 3), ["empty"]), "flags none; levels null, null, null", id="no flag"),
        pytest.param(broken(text([3, 2, 3], flags=["off_topic"]), ["off_topic"], 3), None, id="at most 3"),
        pytest.param(broken(text([3, 4, 3]), [], 3), "flags none; levels 3, 4, 3", id="above the highest"),
        pytest.param(broken(42, error=True), None, id="an error owed and given"),
        pytest.param(broken({"a": []}, error=True), None, id="any JSON value"),
        pytest.param(broken(42), "an input error at $.reply", id="an error that is not owed"),
        pytest.param(broken("words", error=True), "no input error", id="an error owed and not given"),
    ],
)
def test_degenerate(record, found):
    assert unmet(Told(), record) == found


def test_a_scorer_that_raises_has_failed_and_is_named():
    found = degenerate(Raises(), [broken("words", levels=5.0)], "degenerate")
    assert found.met.value == 0.0
    assert [(f.id, f.case, f.found) for f in found.failures] == [("d", "some_case", "the scorer raised KeyError")]
    assert found.failures[0].expected == "flags none owed; no level above 5"


def test_absent_files_are_named():
    assert gaming(None, "x").why == invariance(None, "x", SEED).why == degenerate(Told(), None, "x").why
    assert gaming(None, "x").why == "not applicable: no x"
