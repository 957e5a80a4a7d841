"""``compare``: what it prints, what it refuses, and what it answers with."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from amends.signature import parse

TEXTS = [
    "Sorry for the inconvenience.",
    "I am sorry that your evening was lost. We sent the wrong part; a new one leaves today and is with you by Friday.",
    "You should have read the terms.",
    "It is our mistake. I refund the 40 pounds now, and you have them by Tuesday. Does that suit you?",
    "Calm down.",
    "Thank you for your message.",
]


def exchanges(name: str, texts: list[str], agents: int = 6, **more: object) -> None:
    lines = []
    for i, text in enumerate(texts):
        record = {
            "id": f"{name}-{i}",
            "turns": [{"role": "customer", "text": f"Where is my order {i}?"}],
            "reply": text,
            "channel": "email" if i % 2 else "chat",
            "meta": {"agent": f"{more.get('prefix', '')}{i % agents}", "case": i},
        }
        lines.append(json.dumps(record) + "\n")
    Path(name).write_text("".join(lines), encoding="utf-8")


@pytest.fixture
def logs(amends) -> None:
    exchanges("a.jsonl", TEXTS * 4)
    exchanges("b.jsonl", (TEXTS[1:] + TEXTS[:1]) * 4)


@pytest.mark.usefixtures("logs")
def test_it_leads_with_how_often_b_is_better_and_ends_with_the_signature(amends) -> None:
    called = amends("compare", "a.jsonl", "b.jsonl", "--pair-by", "meta.case")
    assert called.code == 0, called.err
    assert called.out.index("How often B's reply is better") < called.out.index("Change from A to B")
    parts = parse(called.out.strip().splitlines()[-1])
    assert parts["n"] == "24/24"
    assert "a scorer that errs differently on A" in " ".join(called.out.split())
    assert max(map(len, called.out.splitlines()[:-1])) <= 100


@pytest.mark.usefixtures("logs")
def test_json_holds_the_same_numbers(amends) -> None:
    found = json.loads(amends("compare", "a.jsonl", "b.jsonl", "--pair-by", "meta.case", "--json").out)
    back = json.loads(amends("compare", "b.jsonl", "a.jsonl", "--pair-by", "meta.case", "--json").out)
    for dimension, effect in found["dimensions"].items():
        assert effect["better"]["value"] == pytest.approx(1 - back["dimensions"][dimension]["better"]["value"])
        assert effect["better"]["low"] <= effect["better"]["value"] <= effect["better"]["high"]
    assert len(found["examples"][0]["b"]["reply"]) > 0


@pytest.mark.usefixtures("logs")
def test_without_a_common_key_it_says_that_nothing_is_paired(amends) -> None:
    called = amends("compare", "a.jsonl", "b.jsonl", "--cluster", "meta.agent")
    assert "unpaired: 6 clusters of A, 6 of B, 6 of them in both" in called.out
    assert "standardised over channel" in called.out


BOTH = [
    (lambda a, b: a[:5] + b, 5, "an export of April that holds what was changed in April, March's tickets too"),
    (lambda a, b: b, 0, "two periods"),
    (lambda a, b: [{**one, "id": a[i]["id"]} for i, one in enumerate(b)], 0, "each numbered from 1: other texts"),
    (lambda a, b: [{**one, "reply": a[i]["reply"]} for i, one in enumerate(b)], 0, "one template, other tickets"),
]


@pytest.mark.usefixtures("logs")
@pytest.mark.parametrize(("mixed", "count", "why"), BOTH, ids=[why for *_, why in BOTH])
def test_replies_that_stand_on_both_sides_are_said(amends, mixed, count: int, why: str) -> None:
    a, b = ([json.loads(line) for line in Path(n).read_text().splitlines()] for n in ("a.jsonl", "b.jsonl"))
    Path("b.jsonl").write_text("".join(json.dumps(one) + "\n" for one in mixed(a, b)))
    notes = json.loads(amends("compare", "a.jsonl", "b.jsonl", "--scorer", "rules", "--json").out)["notes"]
    assert [note.split()[0] for note in notes if "on both sides" in note] == [str(count)] * bool(count), why


def test_run_folders_pair_by_scenario_and_missing_replies_count(amends) -> None:
    for name in ("courtesy", "excuses", "seven-steps"):
        assert amends("run", name, "--split", "train", "--limit", 20, "-o", name).code == 0
    two = json.loads(amends("compare", "courtesy", "seven-steps", "--json").out)
    assert (two["design"]["design"], two["design"]["pairs"]) == ("paired", 20)
    assert two["dimensions"]["empathy"]["better"]["value"] > 0.5
    several = amends("compare", "courtesy", "excuses", "seven-steps")
    assert several.code == 0, several.err
    assert "tiers, best first" in several.out


def test_a_reply_that_a_run_lacks_counts_as_not_given(amends) -> None:
    lines = [{"id": f"r{i}", "scenario_id": f"sc-{i:04d}", "text": "We refund it by Friday."} for i in range(1, 7)]
    Path("six.jsonl").write_text("".join(json.dumps(r) + "\n" for r in lines), encoding="utf-8")
    assert amends("run", "six.jsonl", "--split", "train", "--limit", 8, "-o", "six").code in (0, 1)
    assert amends("run", "courtesy", "--split", "train", "--limit", 8, "-o", "whole").code == 0
    found = json.loads(amends("compare", "whole", "six", "--json").out)
    assert found["design"]["missing"] == [0, 2]
    assert found["dimensions"]["empathy"]["better"]["n"] == 8


def test_difference_in_differences(amends) -> None:
    for name, texts, prefix in (
        ("tb", TEXTS * 4, "t"),
        ("ta", (TEXTS[1:] + TEXTS[:1]) * 4, "t"),
        ("cb", TEXTS * 4, "c"),
        ("ca", TEXTS * 4, "c"),
    ):
        exchanges(f"{name}.jsonl", texts, prefix=prefix)
    wanted = ("compare", "tb.jsonl", "ta.jsonl", "--control", "cb.jsonl", "ca.jsonl", "--cluster", "meta.agent")
    called = amends(*wanted)
    assert called.code == 0, called.err
    assert "Nobody said how the groups were chosen" in called.out
    assert "before, treated - control" in called.out
    by_lot = amends(*wanted, "--assignment", "random")
    assert "Nobody said" not in by_lot.out
    found = json.loads(amends(*wanted, "--json").out)
    # the control group did not change, so the effect is the treated group's own change
    empathy = found["dimensions"]["empathy"]
    assert empathy["changes"]["mean"]["value"] == pytest.approx(empathy["treated"]["value"])


@pytest.mark.parametrize(
    ("args", "why"),
    [
        (["a.jsonl"], "takes two or more"),
        (
            ["a.jsonl", "b.jsonl", "--cluster", "meta.agnt"],
            "no reply of a.jsonl has meta.agnt; fields of its own: meta.a",
        ),
        (["a.jsonl", "b.jsonl", "--pair-by", "agent"], "unknown field 'agent'"),
        (["a.jsonl", "b.jsonl", "--pair-by", "id"], "no value of id stands on both sides"),
        (["a.jsonl", "b.jsonl", "--control", "a.jsonl", "b.jsonl"], "--control needs --cluster"),
        (["a.jsonl", "b.jsonl", "a.jsonl", "--margin", "1"], "exactly two sides"),
        (["a.jsonl", "nowhere.jsonl"], "nowhere.jsonl"),
    ],
)
@pytest.mark.usefixtures("logs")
def test_wrong_use_says_what_to_do(amends, args: list[str], why: str) -> None:
    called = amends("compare", *args)
    assert called.code in (1, 2)
    assert why in called.err


@pytest.mark.usefixtures("logs")
def test_a_bad_line_is_named_and_the_others_are_compared(amends) -> None:
    with Path("b.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"id": "x"}\n')
    called = amends("compare", "a.jsonl", "b.jsonl", "--pair-by", "meta.case")
    assert called.code == 1
    assert "b.jsonl:25" in called.err
    assert "24 pairs" in called.out


def test_tables_name_their_columns(amends) -> None:
    for name, shift in (("a", 0), ("b", 1)):
        rows = [f"{name}{i},Where is it {i}?,{TEXTS[(i + shift) % 6]!r},{i}" for i in range(12)]
        rows = [row.replace("'", '"') for row in rows]
        Path(f"{name}.csv").write_text("ticket,question,answer,case\n" + "\n".join(rows) + "\n", encoding="utf-8")
    wanted = ("--columns", "id=ticket,customer=question,reply=answer")
    called = amends("compare", "a.csv", "b.csv", "--pair-by", "meta.case", *wanted, "--json")
    assert called.code == 0, called.err
    assert json.loads(called.out)["design"]["pairs"] == 12
    assert amends("report", "a.csv", *wanted).code == 0
    assert amends("plan", "a.csv", "b.csv", "--pair-by", "meta.case", *wanted).code == 0


def test_empty_cells_pair_nothing_and_numbers_pair_with_their_texts(amends) -> None:
    exchanges("a.jsonl", TEXTS)
    head = "id,customer,reply,case\n"
    rows = [f'b{i},Where?,"{TEXTS[i]}",{i}' for i in range(6)] + ["x,Where?,Thanks.,", "y,Where?,Thanks.,"]
    Path("b.csv").write_text(head + "\n".join(rows) + "\n", encoding="utf-8")
    found = json.loads(amends("compare", "a.jsonl", "b.csv", "--pair-by", "meta.case", "--json").out)
    assert (found["design"]["pairs"], found["design"]["without_counterpart"]) == (6, [0, 2])


@pytest.mark.parametrize("content", ["[1, 2]", "{}", '{"pairs": {}}', "no json"])
@pytest.mark.usefixtures("logs")
def test_what_is_no_key_is_named(amends, content: str) -> None:
    Path("k.json").write_text(content, encoding="utf-8")
    Path("s.csv").write_text("pair,empathy,depersonalization,excuse avoidance\n1,1,1,1\n", encoding="utf-8")
    called = amends(
        "compare", "a.jsonl", "b.jsonl", "--pair-by", "meta.case", "--ratings", "s.csv", "--key", "k.json"
    )  # fmt: skip
    assert (called.code, "is no key of a sheet" in called.err) == (2, True), called.err


@pytest.mark.parametrize(
    ("more", "why"),
    [
        (["--margin", "nan"], "--margin must be a number"),
        (["--assignment", "random"], "is not given"),
        (["--sheet", "s.csv", "--margin", "1"], "go without"),
        (["--control", "a.jsonl", "b.jsonl", "--cluster", "meta.agent", "--margin", "1"], "not for --control"),
    ],
)
@pytest.mark.usefixtures("logs")
def test_options_that_do_not_go_together_are_refused(amends, more: list[str], why: str) -> None:
    called = amends("compare", "a.jsonl", "b.jsonl", *more)
    assert (called.code, why in called.err) == (2, True), called.err


def test_annotations_alone_keep_their_conversations_and_ask_for_the_rest(amends) -> None:
    turns = [{"role": "customer", "text": "Where is it?"}]
    records = [
        {
            "id": f"r{i}",
            "turns": turns,
            "reply": TEXTS[i % 6],
            "meta": {"conversation": f"c{i // 4}", "agent": f"g{i % 5}"},
        }
        for i in range(24)
    ]
    Path("log.jsonl").write_text("".join(json.dumps(r) + "\n" for r in records), encoding="utf-8")
    amends("score", "log.jsonl", "-o", "judged.jsonl")
    clusters = "unpaired: 6 clusters of A, 6 of B"
    assert clusters in amends("compare", "log.jsonl", "log.jsonl").out
    assert clusters in amends("compare", "judged.jsonl", "judged.jsonl").out, "intervals as with the exchanges"
    refused = amends("compare", "judged.jsonl", "judged.jsonl", "--cluster", "meta.agent")
    assert refused.code == 2
    assert "name those with --source FILE" in refused.err
    called = amends("compare", "judged.jsonl", "judged.jsonl", "--cluster", "meta.agent", "--source", "log.jsonl")
    assert "unpaired: 5 clusters of A, 5 of B" in called.out
