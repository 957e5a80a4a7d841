"""Scorers are blind to everything but turns, reply and context; order holds on one core and on several."""

from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from typing import Any

import numpy as np
import orjson
import pytest

from amends.errors import ScorerError
from amends.jsonl import dumps
from amends.records import DIMENSIONS, Annotation, Annotator, Author, Context, Exchange, Turn
from amends.runs.scoring import POOL_FROM, annotate, annotated
from amends.scorers import load_scorer

TURNS = (Turn("customer", "The lamp came in pieces, I am furious."),)


class Nosy:
    """Keeps what it was shown."""

    name = "nosy"
    version = 1

    def __init__(self) -> None:
        self.seen: list[Exchange] = []

    def annotate(self, exchanges: Sequence[Exchange]) -> list[Annotation]:
        self.seen.extend(exchanges)
        who = Annotator("scorer", "program", self.name, "1")
        return [Annotation(e.id, e.scenario_id, who, dict.fromkeys(DIMENSIONS, 3.0)) for e in exchanges]


class Gives(Nosy):
    """Makes something else of what it should give."""

    def __init__(self, change: Callable[[list[Annotation]], Any]) -> None:
        super().__init__()
        self.change = change

    def annotate(self, exchanges: Sequence[Exchange]) -> Any:
        return self.change(super().annotate(exchanges))


def levels(value: Any) -> Callable[[list[Annotation]], list[Annotation]]:
    return lambda given: [replace(one, levels=dict.fromkeys(DIMENSIONS, value)) for one in given]


def poisoned(reply: str) -> Exchange:
    return Exchange(
        "gold-empathy-5",
        TURNS,
        reply,
        Context(language="en"),
        "sc-1",
        3,
        "test",
        Author("model", "level-5", "1"),
        {"model": {"levels": {"empathy": 5}}},
        {"plan": {"empathy": 5}},
    )


def test_a_scorer_sees_turns_reply_and_context_only() -> None:
    nosy = Nosy()
    [judged] = annotate(nosy, [poisoned("Sorry.")])
    [seen] = nosy.seen
    clean = Exchange("", TURNS, "Sorry.", Context(language="en"))
    for field in fields(Exchange):
        assert getattr(seen, field.name) == getattr(clean, field.name), field.name
    assert (judged.reply_id, judged.scenario_id) == ("gold-empathy-5", "sc-1")


def test_poison_does_not_change_what_rules_says() -> None:
    reply = "I am sorry the lamp came in pieces. We will send another one by Friday."
    scorer = load_scorer("rules")
    [poison] = annotate(scorer, [poisoned(reply)])
    [plain] = annotate(scorer, [Exchange("x", TURNS, reply, Context(language="en"))])
    assert poison.levels == plain.levels
    assert (poison.behaviours, poison.flags, poison.reason) == (plain.behaviours, plain.flags, plain.reason)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        pytest.param(lambda given: given[1:], "it gave 1 for 2", id="one is lost"),
        pytest.param(lambda given: given * 2, "it gave 4 for 2", id="too many"),
        pytest.param(lambda given: None, "it gave a NoneType", id="nothing is returned"),
        pytest.param(lambda given: [one.to_dict() for one in given], "it gave a dict", id="records"),
        pytest.param(levels(0.7), "empathy is 0.7", id="another scale: all would be breaches"),
        pytest.param(levels(7), "empathy is 7", id="another scale: a mean of 7 on one from 1 to 5"),
        pytest.param(
            lambda given: [replace(one, levels={"empathy": 3.0}) for one in given],
            "depersonalization is nothing",
            id="a dimension is missing",
        ),
    ],
)
def test_a_scorer_that_gives_something_else_is_told(change: Callable[[list[Annotation]], Any], told: str) -> None:
    with pytest.raises(ScorerError, match=f"the scorer nosy: .*{told}"):
        annotate(Gives(change), [poisoned("a"), poisoned("b")])


@pytest.mark.parametrize("level", [None, 1, 5.0, np.float64(3.2), np.float32(3.2), np.int64(4), float("nan")], ids=repr)
def test_levels_that_a_scorer_may_give(level: Any) -> None:
    made = annotate(Gives(lambda given: iter(levels(level)(given))), [poisoned("a")])
    written = orjson.loads(dumps(made[0].to_dict()))["levels"]["empathy"]
    assert written == (None if level is None or level != level else pytest.approx(level))


def test_a_pool_gives_the_same_in_the_same_order() -> None:
    texts = ["Sorry about that.", "We will send another lamp by Friday.", "Calm down, it is only a lamp.", ""]
    stream = [Exchange(f"e{n}", TURNS, f"{texts[n % 4]} {n}") for n in range(POOL_FROM + 700)]
    scorer = load_scorer("rules")
    alone = [a.to_dict() for _, a in annotated(scorer, stream, 1)]
    pooled = [a.to_dict() for _, a in annotated(scorer, iter(stream), 2)]
    assert pooled == alone
    assert [a["reply_id"] for a in pooled] == [e.id for e in stream]
