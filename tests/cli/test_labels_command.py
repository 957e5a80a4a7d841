"""``draw``, and ``report`` and ``compare`` with ``--labels``: the whole way, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

TEXTS = [
    "I am sorry that your evening was lost. We sent the wrong part; a new one leaves today and is with you by Friday.",
    "You should have read the terms.",
    "It is our mistake. I refund the 40 pounds now, and you have them by Tuesday. Does that suit you?",
    "Calm down.",
    "Thank you for your message.",
]


def log(name: str, n: int = 60) -> None:
    lines = [
        json.dumps(
            {
                "id": f"{name}-{i}",
                "turns": [{"role": "customer", "text": f"Where is order {i}?"}],
                "reply": TEXTS[i % len(TEXTS)],
                "channel": "email" if i % 3 else "chat",
            }
        )
        for i in range(n)
    ]
    Path(f"{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


def label(drawn: str, out: str, *, kind: str = "person", role: str = "annotator", **more: object) -> None:
    lines = []
    for i, line in enumerate(Path(drawn).read_text(encoding="utf-8").splitlines()):
        level = 1 + i % 5
        record = {
            "reply_id": json.loads(line)["id"],
            "scenario_id": None,
            "annotator": {
                "role": role,
                "kind": kind,
                "name": "ann",
                "version": "1",
                "method": None,
                "guideline": "1.1",
            },
            "levels": {"empathy": level, "depersonalization": level, "excuse_avoidance": level},
            "confidence": None,
            "behaviours": [],
            "flags": [],
            "reason": None,
            **more,
        }
        lines.append(json.dumps(record) + "\n")
    Path(out).write_text("".join(lines), encoding="utf-8")


def test_labels_and_what_was_drawn_may_be_tables(amends) -> None:
    """As somebody's notebook writes them: they were read as JSON lines, and held "no label"."""
    log("a")
    amends("draw", "a.jsonl", "--n", 30, "-o", "drawn.jsonl")
    label("drawn.jsonl", "labels.jsonl")
    for name in ("drawn", "labels"):
        rows = [json.loads(line) for line in Path(f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
        pq.write_table(pa.Table.from_pylist(rows), f"{name}.parquet")
    found = [
        amends("report", "a.jsonl", "--labels", f"labels.{form}", "--labels", f"drawn.{form}", "--json")
        for form in ("jsonl", "parquet")
    ]
    assert [called.code for called in found] == [0, 0], found[1].err
    assert json.loads(found[0].out)["corrected"] == json.loads(found[1].out)["corrected"]


def test_draw_label_report(amends) -> None:
    log("a")
    assert amends("draw", "a.jsonl", "--n", 30, "--stratify", "channel", "-o", "drawn.jsonl").code == 0
    label("drawn.jsonl", "labels.jsonl")
    called = amends("report", "a.jsonl", "--labels", "labels.jsonl", "--labels", "drawn.jsonl", "--json")
    assert called.code == 0, called.err
    corrected = json.loads(called.out)["corrected"]
    assert (corrected["labeled"], corrected["makers"]) == (30, ["person"])
    mean = corrected["dimensions"]["empathy"]["mean"]
    assert mean["labels_only"]["n"] == 30
    assert mean["estimate"]["low"] < mean["estimate"]["value"] < mean["estimate"]["high"]
    assert "gold:person.30" in corrected["signature"]
    shown = amends("report", "a.jsonl", "--labels", "labels.jsonl", "--labels", "drawn.jsonl")
    assert "Corrected by 30 labels of people" in shown.out


def test_draw_writes_exchanges_that_score_takes(amends) -> None:
    log("a")
    drawn = amends("draw", "a.jsonl", "--n", 5)
    lines = [json.loads(line) for line in drawn.out.splitlines()]
    assert [line["meta"]["draw"]["probability"] for line in lines] == [5 / 60] * 5
    Path("drawn.jsonl").write_text(drawn.out, encoding="utf-8")
    assert amends("score", "drawn.jsonl").code == 0


def test_labels_of_unknown_selection_are_refused_unless_assumed_random(amends) -> None:
    log("a")
    amends("draw", "a.jsonl", "--n", 20, "-o", "drawn.jsonl")
    label("drawn.jsonl", "labels.jsonl")
    refused = amends("report", "a.jsonl", "--labels", "labels.jsonl")
    assert refused.code == 2
    assert "--assume-random" in refused.err
    assumed = amends("report", "a.jsonl", "--labels", "labels.jsonl", "--assume-random", "--json")
    assert assumed.code == 0
    told = amends("report", "a.jsonl", "--labels", "labels.jsonl", "--labels", "drawn.jsonl", "--json")
    # drawn by lot from one stratum: assuming so and knowing so are the same number
    assert json.loads(assumed.out)["corrected"] == json.loads(told.out)["corrected"] | {"unanswered": 0}


def test_compare_with_labels_of_both_sides(amends) -> None:
    log("a")
    log("b")
    for name in "ab":
        amends("draw", f"{name}.jsonl", "--n", 30, "-o", f"drawn-{name}.jsonl")
        label(f"drawn-{name}.jsonl", f"labels-{name}.jsonl")
    files = [x for name in "ab" for f in ("labels", "drawn") for x in ("--labels", f"{f}-{name}.jsonl")]
    called = amends("compare", "a.jsonl", "b.jsonl", *files, "--json")
    assert called.code == 0, called.err
    change = json.loads(called.out)["corrected"]["changes"]["empathy"]["mean"]
    assert change["low"] < change["value"] < change["high"]
    assert [one["unmatched"] for one in json.loads(called.out)["corrected"]["sides"]] == [0, 0], "each fits one side"
    stray = Path("labels-a.jsonl").read_text(encoding="utf-8").splitlines()[0].replace('"a-', '"z-')
    Path("labels-a.jsonl").write_text(stray + "\n" + Path("labels-a.jsonl").read_text(encoding="utf-8"))
    again = json.loads(amends("compare", "a.jsonl", "b.jsonl", *files, "--json").out)
    assert [one["unmatched"] for one in again["corrected"]["sides"]] == [1, 1], "of neither side"
    one_side = amends("compare", "a.jsonl", "b.jsonl", *files[:4])
    assert one_side.code == 2
    assert "no label is of a reply of b.jsonl" in one_side.err


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"kind": "program", "role": "scorer"}, "no label in them"),  # a scorer is not a label
        ({"kind": "model"}, None),
    ],
)
def test_whose_labels_count(amends, more: dict[str, str], why: str | None) -> None:
    log("a")
    amends("draw", "a.jsonl", "--n", 20, "-o", "drawn.jsonl")
    label("drawn.jsonl", "labels.jsonl", **more)
    called = amends("report", "a.jsonl", "--labels", "labels.jsonl", "--labels", "drawn.jsonl")
    if why is not None:
        assert (called.code, why in called.err) == (2, True)
    else:
        assert "not people's" in called.out


def test_people_count_alone_where_they_labeled(amends) -> None:
    log("a")
    amends("draw", "a.jsonl", "--n", 20, "-o", "drawn.jsonl")
    label("drawn.jsonl", "people.jsonl")
    label("drawn.jsonl", "models.jsonl", kind="model", levels=dict.fromkeys(
        ("empathy", "depersonalization", "excuse_avoidance"), 5))  # fmt: skip
    args = ("report", "a.jsonl", "--labels", "people.jsonl", "--labels", "drawn.jsonl", "--json")
    both = json.loads(amends(*args, "--labels", "models.jsonl").out)
    assert both["corrected"] == json.loads(amends(*args).out)["corrected"]


def test_a_bad_label_is_named_and_the_others_count(amends) -> None:
    log("a")
    amends("draw", "a.jsonl", "--n", 20, "-o", "drawn.jsonl")
    label("drawn.jsonl", "labels.jsonl")
    with Path("labels.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"reply_id": "a-1"}\n')
    called = amends("report", "a.jsonl", "--labels", "labels.jsonl", "--labels", "drawn.jsonl")
    assert called.code == 1
    assert "labels.jsonl:21" in called.err
    assert "Corrected by 20 labels" in called.out


def test_numbers_that_cover_every_reply_say_so(amends) -> None:
    """The scorer's table covers the upset; what labels correct, and outcomes, cover all: n alone would be missed."""
    log("log")
    lines = [json.loads(line) for line in Path("log.jsonl").read_text(encoding="utf-8").splitlines()]
    for i, line in enumerate(lines):
        line["emotion"] = "none" if i % 4 == 0 else "anger"
        line["meta"] = {"csat": i % 5}
    Path("log.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    amends("draw", "log.jsonl", "--n", 30, "-o", "drawn.jsonl")
    label("drawn.jsonl", "labels.jsonl")
    said = "the 15 to customers who are not upset as well"
    for more in (["--labels", "labels.jsonl", "--labels", "drawn.jsonl"], ["--outcome", "meta.csat"]):
        called = amends("report", "log.jsonl", "--scorer", "rules", *more, "--html", "page.html")
        assert called.code == 0
        assert said in " ".join(called.out.split())
        assert called.out.splitlines()[-1].startswith("amends|"), "a signature ends every output"
        page = Path("page.html").read_text(encoding="utf-8")
        assert "15 replies to customers who are not upset" in page
        assert "of 45 replies on each dimension" in " ".join(page.split()), "examples are of whom the page covers"
    assert said not in " ".join(amends("report", "log.jsonl", "--scorer", "rules").out.split())
