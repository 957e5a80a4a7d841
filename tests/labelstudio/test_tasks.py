"""What goes to Label Studio: the interface, the tasks, and what must not be in them."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET

import pytest
from tests.labelstudio.studio import Interface

from amends.labelstudio.config import config
from amends.labelstudio.form import SPANS, code_of, flag_of, guideline_version, level_of, person_flags
from amends.labelstudio.tasks import shuffled, sidecar, task, text_digest
from amends.labelstudio.wording import context_words
from amends.records import DIMENSIONS, Author, Context, Exchange, Turn
from amends.rubric.definitions import behaviours, flag_codes

HOSTILE = '<script>alert(1)</script> $reply ${reply} "quoted" & </Text> s3://bucket/key {{x}} \u202eabc'
POISON = "POISON"


def exchange(reply: str = "We are sorry.", **more) -> Exchange:
    return Exchange(
        "e1", (Turn("customer", "Where is it?"), Turn("agent", "Sent."), Turn("customer", "No.")), reply, **more
    )


def test_the_interface_asks_for_everything_that_a_person_may_say() -> None:
    made = Interface(config())
    assert sorted(code_of(v) for control in SPANS for v in made.values(control)) == sorted(behaviours())
    for control, dimension in SPANS.items():
        assert {behaviours()[code_of(v)].dimension for v in made.values(control)} == {dimension}
    for dimension in DIMENSIONS:
        assert [level_of(v) for v in made.values(dimension)] == [1, 2, 3, 4, 5, None]
        assert made.controls[dimension].get("required") == "true"
    assert [flag_of(v) for v in made.values("flags")] == [f for f in flag_codes() if f != "refused_by_judge"]
    assert list(person_flags()) == [f for f in flag_codes() if f != "refused_by_judge"]
    assert made.controls["strength"].get("perRegion") == "true"
    assert f"Guideline {guideline_version()}" in config()


def test_every_control_belongs_to_the_reply_and_every_value_to_a_field_of_the_tasks() -> None:
    root = ET.fromstring(config())
    names = [tag.get("name") for tag in root.iter() if tag.get("name")]
    assert len(set(names)) == len(names)
    assert {tag.get("toName") for tag in root.iter()} - {None} == {"reply"}
    # a dollar sign in any attribute would be replaced by a field of the task
    dollars = {v for tag in root.iter() for v in tag.attrib.values() if "$" in v}
    assert dollars == {"$context", "$turns", "$reply"}
    assert {d[1:] for d in dollars} <= set(task(exchange())["data"])
    for group in root.iter("Choices"):
        values = [choice.get("value") for choice in group]
        assert len(set(values)) == len(values)


def test_nothing_of_an_exchange_is_in_the_interface_and_a_task_holds_texts_as_they_are() -> None:
    made = task(exchange(HOSTILE, context=Context(authority=HOSTILE)))
    assert made["data"]["reply"] == HOSTILE
    assert HOSTILE in made["data"]["context"]
    assert "script" not in config()
    assert json.loads(json.dumps(made)) == made


def test_a_task_is_blind() -> None:
    context = Context(
        "en", POISON, "chat", "customer", "new", POISON, POISON, POISON, 4, "A refund up to 50 euros."
    )  # fmt: skip
    told = exchange(
        context=context,
        scenario_id=POISON,
        split=POISON,
        author=Author("model", POISON, POISON),
        gold={"model": {"levels": POISON}},
        meta={"draw": {"stratum": POISON}, "plan": POISON},
    )
    made = task(told)
    assert POISON not in json.dumps(made)
    assert set(made) == {"data"}
    assert set(made["data"]) == {"context", "turns", "reply", "amends"}
    assert set(made["data"]["amends"]) == {"reply_id", "digest", "guideline"}
    assert made["data"]["context"].splitlines() == [
        "At fault: the customer",
        "The customer is: a new customer",
        "Channel: live chat",
        "The agent may and may not: A refund up to 50 euros.",
    ]


@pytest.mark.parametrize("context", [Context(), Context(fault="", channel="pigeon")])
def test_what_is_not_known_says_so(context: Context) -> None:
    assert context_words(context).count("not stated") == 4


def test_the_digest_changes_with_turns_and_reply_and_with_nothing_else() -> None:
    same = exchange(meta={"a": 1}, context=Context(channel="chat"))
    assert text_digest(exchange()) == text_digest(same)
    others = [exchange("We are sorry!"), Exchange("e1", (Turn("customer", "Where is it?"),), "We are sorry.")]
    assert len({text_digest(one) for one in [exchange(), *others]}) == 3
    assert re.fullmatch("[0-9a-f]{12}", text_digest(exchange()))


def test_the_order_is_drawn_and_written_down() -> None:
    many = [Exchange(f"e{i}", (Turn("customer", "x"),), "y") for i in range(50)]
    ids = [[e.id for e in shuffled(many, seed)] for seed in (1, 1, 2)]
    assert ids[0] == ids[1] != ids[2]
    assert sorted(ids[0]) == sorted(e.id for e in many)
    beside = sidecar(shuffled(many, 1), "x.jsonl", 1)
    assert (beside["seed"], beside["order"], beside["source"]) == (1, ids[0], "x.jsonl")
    assert beside["data"] == sidecar(many, "x.jsonl", 1)["data"]
