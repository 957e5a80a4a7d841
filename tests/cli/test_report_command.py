"""``report``, ``run``, ``generate``, ``demo`` and ``data``: what they print, write and answer with."""

import json
import re
from pathlib import Path

import pytest

from amends.resources import shipped

ROOT = Path(__file__).resolve().parents[2]
SCENARIO = "sc-0001"
REPLY = {"id": "r1", "scenario_id": SCENARIO, "text": "I am sorry about the suit. We will refund it by Friday."}


def write(name: str, *records: object) -> None:
    Path(name).write_text("".join(json.dumps(r) + "\n" for r in records), encoding="utf-8")


def body(name: str) -> str:
    """What a reader sees, without the marks around spans."""
    return re.sub(r"<[^>]*>", "", Path(name).read_text(encoding="utf-8").split("</style>")[1])


def test_a_run_folder_is_reported_as_it_was_run(amends) -> None:
    ran = amends("run", "courtesy", "--limit", 6, "-o", "run", "--json")
    assert ran.code == 0, ran.err
    again = amends("report", "run", "--json", "--html", "again.html")
    assert json.loads(again.out) == json.loads(ran.out)
    assert Path("again.html").read_bytes() == Path("run/report.html").read_bytes()


def test_replies_are_scored_on_the_way(amends) -> None:
    write("replies.jsonl", REPLY)
    reported = amends("report", "replies.jsonl", "--json")
    scored = amends("score", "replies.jsonl", "--json")
    assert reported.code == scored.code == 0
    assert json.loads(reported.out) == json.loads(scored.out)


def test_annotations_take_their_texts_from_the_source_or_say_that_there_are_none(amends) -> None:
    write("replies.jsonl", REPLY)
    assert amends("score", "replies.jsonl", "-o", "judged.jsonl").code == 0
    assert amends("report", "judged.jsonl", "--source", "replies.jsonl", "--html", "with.html").code == 0
    assert amends("report", "judged.jsonl", "--html", "without.html").code == 0
    assert "about the suit" in body("with.html")
    assert "about the suit" not in body("without.html")
    assert "This report was given no texts" in body("without.html")


def test_annotations_with_their_source_are_reported_as_they_were_scored(amends) -> None:
    """Who was not upset stands apart, as ``score`` had it; the same replies would have two breach shares else."""
    turns = [{"role": "customer", "text": "Where is my suit?"}]
    emotions = ["none", "anger", None, "anger", "none", "anger", "anger"]
    own = [{"id": f"r{i}", "turns": turns, "reply": REPLY["text"], "emotion": e} for i, e in enumerate(emotions)]
    write("own.jsonl", *own)
    scored = json.loads(amends("score", "own.jsonl", "--json").out)
    amends("score", "own.jsonl", "-o", "judged.jsonl")
    found = json.loads(amends("report", "judged.jsonl", "--source", "own.jsonl", "--json").out)
    assert (found["counts"], found["dimensions"]) == (scored["counts"], scored["dimensions"])
    for name in ("upset", "not_upset", "unknown"):
        assert found["customers"][name] == scored["customers"][name]
    assert found["customers"]["rest"]["dimensions"] == scored["customers"]["rest"]["dimensions"]


def test_an_annotator_is_named_as_what_it_is(amends) -> None:
    shown = amends("report", shipped("data", "annotations", "claude-holistic", "validation.jsonl"))
    assert shown.code == 0
    assert "annotator, model, holistic" in shown.out


def test_one_page_takes_one_result(amends) -> None:
    write("replies.jsonl", REPLY)
    called = amends("report", "replies.jsonl", "replies.jsonl", "--html", "x.html")
    assert (called.code, "one Result" in called.err) == (2, True)
    assert not Path("x.html").exists()


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        pytest.param(["report", "nosuch.jsonl"], 1, "no such file", id="a missing file"),
        pytest.param(["report", "."], 2, "no run folder", id="a folder that is no run"),
        pytest.param(["run", "nosuch.jsonl"], 1, "no such file", id="a missing replies file"),
        pytest.param(["data", "build"], 2, "checkout", id="an installed dataset is not built"),
    ],
)
def test_what_is_not_there(amends, monkeypatch, args: list[str], code: int, said: str) -> None:
    monkeypatch.setattr("amends.cli.data.in_checkout", lambda: False)
    called = amends(*args)
    assert (called.code, said in called.err) == (code, True), called.err


def test_clusters_that_would_change_nothing_are_refused(amends) -> None:
    """Its intervals took replies one by one, and whoever named agents believed that they took agents whole."""
    line = {"turns": [{"role": "customer", "text": "Where?"}], "reply": "Sorry.", "meta": {"agent": "a"}}
    write("log.jsonl", *[{"id": str(i), **line} for i in range(3)])
    called = amends("report", "log.jsonl", "--scorer", "rules", "--cluster", "meta.agent")
    assert called.code == 2
    assert "--cluster is for --labels and --outcome" in called.err


EMOTIONS = [
    (["anger", "none", None, "none", "worry"], 3, 2, 1, "the calm stand apart, the unknown are covered"),
    (["none"] * 3, 3, 3, 0, "no customer is upset: then all are covered, and it is said"),
    (["anger"] * 1024, 1024, 0, 0, "as many as are put into columns at once"),
]


@pytest.mark.parametrize(("emotions", "main", "calm", "unknown", "why"), EMOTIONS, ids=[why for *_, why in EMOTIONS])
def test_annotations_cover_whom_their_exchanges_cover(
    amends, emotions: list[str | None], main: int, calm: int, unknown: int, why: str
) -> None:
    """The way of the README: scored first, reported from the annotations. It mixed in who is not upset."""
    texts = ["I am sorry about the lamp. A new one leaves today.", "Calm down."]
    turns = [{"role": "customer", "text": "Where is it?"}]
    lines = [{"id": f"r{i}", "turns": turns, "reply": texts[e == "none"], "emotion": e} for i, e in enumerate(emotions)]
    write("log.jsonl", *lines)
    scored = json.loads(amends("score", "log.jsonl", "--scorer", "rules", "-o", "judged.jsonl", "--json").out)
    found = json.loads(amends("report", "judged.jsonl", "--source", "log.jsonl", "--json").out)
    assert found["dimensions"] == scored["dimensions"], why
    assert found["counts"]["replies"] == main
    assert (found["customers"]["not_upset"], found["customers"]["unknown"]) == (calm, unknown)
    rests = [one["customers"]["rest"] and one["customers"]["rest"]["dimensions"] for one in (found, scored)]
    assert rests[0] == rests[1]
    alone = amends("report", "judged.jsonl")
    said = " ".join(alone.out.split())
    assert f"unknown in {len(emotions):,} of {len(emotions):,} replies" in said, "nobody can tell them apart"


def test_other_settings_are_refused_and_the_run_stays(amends) -> None:
    assert amends("run", "courtesy", "--limit", 3, "-o", "run").code == 0
    before = Path("run/replies.jsonl").read_bytes()
    called = amends("run", "courtesy", "--limit", 4, "-o", "run")
    assert (called.code, "limit: there 3, asked for 4" in called.err) == (2, True)
    assert Path("run/replies.jsonl").read_bytes() == before


def test_generate_writes_replies_that_score_and_run_take(amends) -> None:
    assert amends("generate", "excuses", "--limit", 4, "--samples", 2, "-o", "made.jsonl").code == 0
    records = [json.loads(line) for line in Path("made.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [r["sample"] for r in records] == [0, 1] * 4
    assert amends("score", "made.jsonl", "-o", "judged.jsonl").code == 0
    assert amends("run", "made.jsonl", "--limit", 4, "--samples", 2, "-o", "run").code == 0
    assert Path("run/replies.jsonl").read_bytes() == Path("made.jsonl").read_bytes()


def test_a_generator_that_fails_keeps_what_is_good_and_says_what_is_missing(amends, tmp_path: Path) -> None:
    (tmp_path / "shaky.py").write_text(
        "def reply(scenario):\n"
        "    if scenario['id'].endswith('4'):\n"
        "        raise RuntimeError('no idea')\n"
        "    return 'We are sorry.'\n",
        encoding="utf-8",
    )
    called = amends("run", "python:shaky:reply", "--limit", 6, "-o", "run", "--json")
    result = json.loads(called.out)
    assert called.code == 1
    assert "no idea" in called.err and "asks for the missing ones again" in called.err
    missing = result["counts"]["no_reply"]
    assert 0 < missing < 6
    for dimension in result["dimensions"].values():
        assert dimension["breach"]["value"] >= missing / 6
        assert dimension["bounds"], "the mean shows what the missing ones could have made of it"


def test_replies_that_are_too_many_are_not_called_missing(amends) -> None:
    write("replies.jsonl", REPLY, {**REPLY, "id": "r2", "text": "A second answer."})
    called = amends("run", "replies.jsonl", "--split", "train", "--limit", 1, "--scorer", "rules", "-o", "run")
    assert called.code == 1
    assert "answered a second time" in called.err
    assert "missing" not in called.err
    assert "all 1 replies are there" in called.err


def test_the_demo_ends_with_a_table_a_signature_and_a_report(amends) -> None:
    called = amends("demo")
    assert called.code == 0
    lines = called.out.strip().splitlines()
    [signature] = [line for line in lines if line.startswith("amends|data:test@")]
    assert f"\n{signature}\n" in (ROOT / "README.md").read_text(encoding="utf-8"), "the README shows the demo's"
    page = Path(lines[-1].removeprefix("report: "))
    assert page.is_file()
    assert amends("demo").out == called.out


def test_data_todo_lists_or_is_done(amends) -> None:
    called = amends("data", "todo", "--json")
    assert called.code == 0
    assert all({"reply_id", "split", "needs", "have"} <= set(one) for one in json.loads(called.out))
