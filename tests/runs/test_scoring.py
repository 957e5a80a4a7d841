"""Scorers are blind to everything but turns, reply and context; order holds on one core and on several."""

from collections.abc import Sequence
from dataclasses import fields

import pytest

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


class Short(Nosy):
    """Loses one."""

    def annotate(self, exchanges: Sequence[Exchange]) -> list[Annotation]:
        return super().annotate(exchanges)[1:]


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


def test_a_scorer_that_loses_replies_is_caught() -> None:
    with pytest.raises(ValueError, match="zip"):
        annotate(Short(), [poisoned("a"), poisoned("b")])


def test_a_pool_gives_the_same_in_the_same_order() -> None:
    texts = ["Sorry about that.", "We will send another lamp by Friday.", "Calm down, it is only a lamp.", ""]
    stream = [Exchange(f"e{n}", TURNS, f"{texts[n % 4]} {n}") for n in range(POOL_FROM + 700)]
    scorer = load_scorer("rules")
    alone = [a.to_dict() for _, a in annotated(scorer, stream, 1)]
    pooled = [a.to_dict() for _, a in annotated(scorer, iter(stream), 2)]
    assert pooled == alone
    assert [a["reply_id"] for a in pooled] == [e.id for e in stream]
