"""A text that stands in several places is scored once, and every place gets its annotation."""

from dataclasses import replace

import pytest
from tests.scorercard.cases import Told, exchange, text

from amends.records import DIMENSIONS, Context
from amends.scorercard.items import scored_by
from amends.scorercard.once import Once

FOUR, TWO = text([4, 3, 3]), text([2, 3, 3])


def test_each_text_is_asked_about_once_and_answered_in_every_place():
    told = Told()
    once = Once(told)
    first = scored_by(once, [exchange("a", FOUR), exchange("b", TWO), exchange("c", FOUR)])
    second = scored_by(once, [exchange("d", TWO), exchange("e", text([5, 5, 5]))])
    assert [e.reply for e in told.seen] == [FOUR, TWO, text([5, 5, 5])]
    assert [a.reply_id for a in [*first, *second]] == ["a", "b", "c", "d", "e"]
    assert [a.levels["empathy"] for a in [*first, *second]] == [4, 2, 4, 2, 5]
    assert once.asked == 3


@pytest.mark.parametrize(
    ("changed", "asked"),
    [
        pytest.param({"reply": TWO}, 2, id="another reply"),
        pytest.param({"turns": exchange("a", FOUR).turns * 2}, 2, id="other turns"),
        pytest.param({"context": Context(fault="company")}, 2, id="another context"),
        pytest.param({"id": "z", "scenario_id": "y", "split": "train"}, 1, id="what no scorer sees"),
    ],
)
def test_what_makes_another_text(changed, asked):
    told = Told()
    own = exchange("a", FOUR)
    scored_by(Once(told), [own, replace(own, **changed)])
    assert len(told.seen) == asked


def test_it_is_the_scorer_by_name():
    assert (Once(Told()).name, Once(Told()).version) == ("told", 3)


def test_a_scorer_that_leaves_one_out_is_an_error():
    class Short(Told):
        def annotate(self, exchanges):
            return super().annotate(exchanges)[:-1]

    with pytest.raises(ValueError, match="shorter"):
        scored_by(Once(Short()), [exchange("a", FOUR), exchange("b", TWO)])


def test_after_an_error_it_asks_again():
    class Moody(Told):
        def annotate(self, exchanges):
            if not self.seen:
                self.seen += exchanges
                raise RuntimeError("not now")
            return super().annotate(exchanges)

    once = Once(Moody())
    with pytest.raises(RuntimeError):
        scored_by(once, [exchange("a", FOUR)])
    (found,) = scored_by(once, [exchange("a", FOUR)])
    assert found.levels == dict(zip(DIMENSIONS, [4, 3, 3], strict=True))
