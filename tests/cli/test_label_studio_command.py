"""``label-studio export`` and ``import`` as a team uses them, and what takes the annotations afterwards."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.labelstudio import studio

from amends.records import Annotation, Annotator, Behaviour

TEXTS = [
    "I am sorry that your evening was lost. \U0001f622 We sent the wrong part; a new one is with you by Friday.",
    "You should have read the terms.",
    "It is our mistake.\r\nI refund the 40 pounds now, and you have them by Tuesday. Does that suit you?",
    "Calm down.",
    "Thank you for your message.",
]


def log(name: str, n: int = 40) -> None:
    turns = [{"role": "customer", "text": "Where is my order? <script>alert(1)</script> $reply"}]
    lines = [
        json.dumps({"id": f"{name}-{i}", "turns": turns, "reply": TEXTS[i % 5], "meta": {"agent": "kim"}})
        for i in range(n)
    ]
    Path(f"{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


def labelled(folder: str, export: str, source: str, people: tuple = (7, 9), minimal: bool = False) -> None:
    """Everybody labels every task, each a little otherwise."""
    interface = studio.Interface(Path(folder, "config.xml").read_text(encoding="utf-8"))
    texts = {r["id"]: r["reply"] for line in Path(source).read_text().splitlines() for r in [json.loads(line)]}
    tasks = []
    for number, task in enumerate(json.loads(Path(folder, "tasks.json").read_bytes()), start=1):
        reply_id = task["data"]["amends"]["reply_id"]
        text = texts[reply_id]
        results = []
        for k, person in enumerate(people):
            level = 1 + (number + (k if number % 3 == 0 else 0)) % 5
            levels = {"empathy": level, "depersonalization": 6 - level, "excuse_avoidance": None if k else level}
            who = Annotator("annotator", "person", "x", "1")
            marked = (Behaviour("E3", 0, len(text), text),)
            said = Annotation(reply_id, None, who, levels, marked, reason="unsure" if k else None)
            results.append((person, studio.result(interface, task, text, said)))
        made = studio.annotated(task, number, results)
        tasks += studio.minimal(made) if minimal else [made]
    Path(export).write_text(json.dumps(tasks), encoding="utf-8")


def read(file: str) -> list[dict]:
    return [json.loads(line) for line in Path(file).read_text(encoding="utf-8").splitlines()]


def test_from_a_draw_to_a_corrected_report(amends) -> None:
    log("a")
    assert amends("draw", "a.jsonl", "--n", 20, "-o", "drawn.jsonl").code == 0
    out = amends("label-studio", "export", "drawn.jsonl", "-o", "ls", "--seed", 3)
    assert out.code == 0, out.err
    assert "20 tasks (seed 3)" in out.err
    beside = json.loads(Path("ls/tasks.json.run.json").read_bytes())
    tasks = json.loads(Path("ls/tasks.json").read_bytes())
    assert beside["seed"] == 3
    assert beside["order"] == [t["data"]["amends"]["reply_id"] for t in tasks]
    assert beside["order"] != [r["id"] for r in read("drawn.jsonl")]
    assert Path("ls/GUIDELINE.md").read_text(encoding="utf-8").startswith("# Annotation guideline")
    labelled("ls", "export.json", "drawn.jsonl")
    back = amends("label-studio", "import", "export.json", "--source", "drawn.jsonl", "-o", "labels.jsonl")
    assert back.code == 0, back.err
    assert "40 annotations of 20 replies" in back.err
    assert "person-1 (user 7): 20" in back.err
    found = read("labels.jsonl")
    assert {r["annotator"]["kind"] for r in found} == {"person"}
    # how each reply was drawn comes along, so that the labels alone are enough
    assert {r["meta"]["draw"]["probability"] for r in found} == {0.5}
    report = amends("report", "a.jsonl", "--labels", "labels.jsonl", "--json")
    assert report.code == 0, report.err
    corrected = json.loads(report.out)["corrected"]
    assert (corrected["labeled"], corrected["makers"]) == (20, ["person"])


def test_agreement_check_report_and_compare_take_what_came_back(amends) -> None:
    for name in "ab":
        log(name)
        amends("draw", f"{name}.jsonl", "--n", 20, "-o", f"drawn-{name}.jsonl")
        amends("label-studio", "export", f"drawn-{name}.jsonl", "-o", f"ls-{name}")
        labelled(f"ls-{name}", f"export-{name}.json", f"drawn-{name}.jsonl")
        args = ("--source", f"drawn-{name}.jsonl", "-o", f"labels-{name}.jsonl", "--name", "7=anna")
        assert amends("label-studio", "import", f"export-{name}.json", *args).code == 0
    agreement = amends("agreement", "labels-a.jsonl", "--json")
    assert agreement.code == 0, agreement.err
    made = json.loads(agreement.out)[0]
    assert made["annotators"] == ["anna", "person-1"]
    assert made["alpha"]["empathy"]["n"] == 20
    assert amends("check", "labels-a.jsonl").code == 0
    # the log repeats its five texts, which check rightly says; of the labels and their spans it says nothing
    checked = amends("check", "labels-a.jsonl", "drawn-a.jsonl")
    assert "60 records in 2 files" in checked.out
    assert "labels-a.jsonl" not in checked.out
    report = amends("report", "labels-a.jsonl", "--source", "drawn-a.jsonl")
    assert report.code == 0, report.err
    assert "anna" in report.out
    files = ("--labels", "labels-a.jsonl", "--labels", "labels-b.jsonl")
    compared = amends("compare", "a.jsonl", "b.jsonl", *files, "--json")
    assert compared.code == 0, compared.err
    corrected = json.loads(compared.out)["corrected"]
    change = corrected["changes"]["empathy"]["mean"]
    assert change["low"] < change["value"] < change["high"]


def test_replies_to_released_scenarios_and_tables(amends) -> None:
    Path("replies.jsonl").write_text('{"id": "r1", "scenario_id": "sc-0001", "text": "We are sorry."}\n')
    Path("t.csv").write_text("id,customer,body\n1,Where is it?,Calm down.\n", encoding="utf-8")
    assert amends("label-studio", "export", "replies.jsonl", "-o", "r").code == 0
    labelled_text = json.loads(Path("r/tasks.json").read_bytes())[0]["data"]
    assert labelled_text["reply"] == "We are sorry."
    assert amends("label-studio", "export", "t.csv", "-o", "t", "--columns", "reply=body").code == 0
    interface = studio.Interface(Path("t/config.xml").read_text())
    (task,) = json.loads(Path("t/tasks.json").read_bytes())
    levels = dict.fromkeys(("empathy", "depersonalization", "excuse_avoidance"), 2)
    said = Annotation("1", None, Annotator("annotator", "person", "x", "1"), levels)
    export = studio.annotated(task, 1, [(7, studio.result(interface, task, "Calm down.", said))])
    Path("e.json").write_text(json.dumps([export]))
    back = amends("label-studio", "import", "e.json", "--source", "t.csv", "--columns", "reply=body", "-o", "-")
    assert back.code == 0, back.err
    assert json.loads(back.out)["levels"] == levels


def test_what_is_wrong_is_named_good_annotations_are_kept_and_the_code_is_1(amends) -> None:
    log("a", 3)
    amends("label-studio", "export", "a.jsonl", "-o", "ls")
    labelled("ls", "export.json", "a.jsonl", people=({"id": 4, "email": "ann@example.org"},))
    tasks = json.loads(Path("export.json").read_bytes())
    tasks[0]["data"]["reply"] += "!"
    tasks[1]["annotations"][0]["was_cancelled"] = True
    Path("export.json").write_text(json.dumps(tasks))
    back = amends("label-studio", "import", "export.json", "--source", "a.jsonl", "-o", "labels.jsonl")
    assert back.code == 1
    assert "task 1: $.data.reply" in back.err
    assert "cancelled annotations passed over: 1" in back.err
    assert "1 problem in the input; every good annotation is kept" in back.err
    assert len(read("labels.jsonl")) == 1
    assert "example.org" not in Path("labels.jsonl").read_text() + back.err


def test_bad_lines_of_the_file_are_named_and_the_others_exported(amends) -> None:
    log("a", 3)
    with Path("a.jsonl").open("a") as stream:
        stream.write('{"id": "x", "turns": []}\n')
    out = amends("label-studio", "export", "a.jsonl", "-o", "ls", "--limit", 9)
    assert out.code == 1
    assert "a.jsonl:4" in out.err
    assert len(json.loads(Path("ls/tasks.json").read_bytes())) == 3
    assert amends("label-studio", "export", "a.jsonl", "-o", "two", "--limit", 2).code == 0
    assert len(json.loads(Path("two/tasks.json").read_bytes())) == 2


def test_json_min_of_the_command(amends) -> None:
    log("a", 5)
    amends("label-studio", "export", "a.jsonl", "-o", "ls")
    labelled("ls", "export.json", "a.jsonl")
    labelled("ls", "min.json", "a.jsonl", minimal=True)
    for name in ("export", "min"):
        assert amends("label-studio", "import", f"{name}.json", "--source", "a.jsonl", "-o", f"{name}.jsonl").code == 0
    assert read("export.jsonl") == read("min.jsonl")


@pytest.mark.parametrize(
    ("args", "code", "why"),
    [
        (("export", "none.jsonl", "-o", "ls"), 1, "no such file"),
        (("export", "a.jsonl"), 2, "-o"),
        (("export", "a.jsonl", "-o", "ls", "--limit", "0"), 2, "--limit"),
        (("export", "a.jsonl", "-o", "ls", "--seed", "-1"), 2, "--seed"),
        (("export", "a.jsonl", "-o", "ls", "--columns", "reply=x"), 2, "--columns"),
        (("import", "e.json", "-o", "x"), 2, "--source"),
        (("import", "none.json", "--source", "a.jsonl", "-o", "x"), 1, "no such file"),
        (("import", "a.jsonl", "--source", "a.jsonl", "-o", "x"), 1, "an export of Label Studio"),
        (("import", "ls/tasks.json", "--source", "a.jsonl", "-o", "x"), 1, "an export of Label Studio"),
        (("import", "e.json", "--source", "a.jsonl", "-o", "x", "--name", "8=anna"), 2, "nobody of this export"),
        (("import", "e.json", "--source", "a.jsonl", "-o", "x", "--name", "anna"), 2, "EMAIL_OR_ID=PSEUDONYM"),
        (("import", "e.json", "--source", "b.jsonl", "-o", "x"), 1, "a reply of b.jsonl"),
    ],
)
def test_wrong_use(amends, args: tuple[str, ...], code: int, why: str) -> None:
    log("a", 2)
    log("b", 2)
    amends("label-studio", "export", "a.jsonl", "-o", "ls")
    labelled("ls", "e.json", "a.jsonl")
    called = amends("label-studio", *args)
    assert called.code == code, called.err
    assert why in called.err
    assert not Path("x").exists()
