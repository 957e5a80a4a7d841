"""Error by confidence, by hand."""

from dataclasses import replace

import pytest
from tests.scorercard.cases import Told, annotation, exchange, text

from amends.records import DIMENSIONS
from amends.scorercard.confidence import confidence
from amends.scorercard.items import items_of
from amends.signature import SEED


class Sure(Told):
    """Told, with a confidence for each reply."""

    def __init__(self, sure):
        super().__init__()
        self._sure = sure

    def annotate(self, exchanges):
        return [
            replace(a, confidence=None if s is None else dict.fromkeys(DIMENSIONS, s))
            for a, s in zip(super().annotate(exchanges), self._sure, strict=True)
        ]


def found(rows):
    """Of rows (gold, level, confidence), a scenario each."""
    made = [
        exchange(f"v{i}.r", text([level, level, level]), [annotation(f"v{i}.r", [gold] * 3)] if gold else [])
        for i, (gold, level, _) in enumerate(rows)
    ]
    return confidence(items_of(made, Sure([sure for *_, sure in rows]).annotate(made), {}, "model"), SEED)


def test_the_surer_half_by_hand():
    # surest first: errors 0, 0, 1, | 1, 2 (four fifths of 6 are 4.8, so 5), | 2
    rows = [(3, 3, 0.9), (4, 4, 0.8), (4, 3, 0.7), (2, 3, 0.6), (1, 3, 0.5), (5, 3, 0.4)]
    some = found(rows).dimensions["empathy"]
    assert [(some[k].value, some[k].n) for k in ("half", "four_fifths", "all")] == [
        (pytest.approx(1 / 3), 3), (pytest.approx(4 / 5), 5), (pytest.approx(1), 6),
    ]  # fmt: skip
    assert some["all"].clusters == 6
    assert some["all"].low <= 1 <= some["all"].high


CASES = [
    ([(3, 3, 0.9), (3, 4, 0.8), (3, 5, 0.8), (3, 1, 0.1)], [(1.0, 3), (1.25, 4), (1.25, 4)],
     "those that are as sure as the last are taken with it: no order among equals"),
    ([(3, 3, 0.5), (3, 4, 0.5)], [(0.5, 2)] * 3, "all equally sure"),
    ([(3, 3, 0.5), (3, 5, None), (None, 5, 0.9), (3, None, 0.9)], [(0.0, 1)] * 3,
     "without a confidence, gold or a level a reply does not count"),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "expected", "why"), CASES, ids=[why for *_, why in CASES])
def test_which_replies_count(rows, expected, why):
    some = found(rows).dimensions["empathy"]
    assert [(some[k].value, some[k].n) for k in ("half", "four_fifths", "all")] == expected, why


def test_without_confidence_there_is_no_number_and_the_reason_is_said():
    none = found([(3, 3, None), (4, 4, None)])
    assert none.why == "no confidence: this scorer gives none"
    assert none.dimensions == {}


def test_without_gold_there_is_no_number_and_the_reason_is_said():
    some = found([(None, 3, 0.5)]).dimensions["empathy"]
    assert {(one.value, one.n) for one in some.values()} == {(None, 0)}
    assert all(one.note for one in some.values())
