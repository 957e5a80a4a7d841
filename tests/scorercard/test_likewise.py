"""Like with like, and behaviours."""

import pytest
from tests.scorercard.cases import Told, annotation, exchange, text

from amends.scorercard.detection import detection
from amends.scorercard.items import items_of, scored_by
from amends.scorercard.likewise import like_with_like

SEED = 7


def items(rows):
    """From (reply id, {method: level}, the scorer's level)."""
    exchanges, given = [], {}
    for key, methods, told in rows:
        given[key] = [annotation(key, [level, 3, 3], method) for method, level in methods.items()]
        exchanges.append(exchange(key, text([told, 3, 3]), given[key]))
    return items_of(exchanges, scored_by(Told(), exchanges), given, "model")


def test_each_is_held_to_the_median_of_the_others():
    rows = [
        ("a.r1", {"x": 1, "y": 2, "z": 3}, 2),
        ("b.r1", {"x": 5, "y": 4, "z": 4}, 1),
        ("c.r1", {"x": 3, "y": 3}, 3),
    ]
    found = {row.left_out: row for row in like_with_like(items(rows), SEED).rows if row.dimension == "empathy"}
    # x against the median of y and z: |1 - 2.5|, |5 - 4|, |3 - 3|
    assert found["x"].annotator["error"].value == pytest.approx(2.5 / 3)
    # the scorer against the same: |2 - 2.5|, |1 - 4|, |3 - 3|
    assert found["x"].scorer["error"].value == pytest.approx(3.5 / 3)
    assert found["x"].difference["error"].value == pytest.approx(1 / 3)
    # z judged two of the three
    assert (found["z"].annotator["error"].n, found["z"].scorer["error"].n, found["z"].others) == (2, 2, 2)


def test_the_scorer_is_left_out_with_the_annotator_where_one_of_them_gave_no_level():
    rows = [("a.r1", {"x": 1, "y": 2}, None), ("b.r1", {"x": 5, "y": 4}, 4)]
    found = [row for row in like_with_like(items(rows), SEED).rows if row.dimension == "empathy"]
    assert [(row.annotator["error"].n, row.scorer["error"].n) for row in found] == [(1, 1), (1, 1)]


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        pytest.param([("a.r1", {"x": 1}, 2)], "found only x", id="one annotator"),
        pytest.param([], "found none", id="none"),
        pytest.param([("a.r1", {"x": 1}, 2), ("b.r1", {"y": 1}, 2)], "no reply was judged by two", id="no overlap"),
    ],
)
def test_what_has_no_others_says_so(rows, why):
    assert why in like_with_like(items(rows), SEED).why


def test_behaviours_by_hand():
    # gold marks E1 in 4 of 8, the scorer in 3 of which 2 are gold's: precision 2/3, recall 2/4, F1 4/7
    gold = ["E1", "E1", "E1", "E1", "", "", "", ""]
    told = ["E1", "E1", "", "", "E1", "", "", ""]
    exchanges = [
        exchange(
            f"s{i}.r1", text([3, 3, 3], [t] if t else []), [annotation(f"s{i}.r1", [3, 3, 3], codes=[g] if g else [])]
        )
        for i, (g, t) in enumerate(zip(gold, told, strict=True))
    ]
    # a reply that the scorer could not judge at all counts nowhere
    exchanges.append(exchange("s9.r1", text([None] * 3), [annotation("s9.r1", [3, 3, 3], codes=["E1"])]))
    found = detection(items_of(exchanges, scored_by(Told(), exchanges), {}, "model"), SEED)
    one = found["E1"]
    assert (one.gold, one.found, one.both) == (4, 3, 2)
    assert one.precision.value == pytest.approx(2 / 3)
    assert (one.recall.value, one.recall.n) == (0.5, 4)
    assert one.f1.value == pytest.approx(4 / 7)
    assert one.f1.low is not None
    assert len(found) == 25
    assert found["X1"].precision.note == "the scorer never marks it"
    assert found["X1"].recall.note == "gold never marks it"
    assert found["X1"].f1.value is None
