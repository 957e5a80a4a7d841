"""``amends annotate`` as it is called, and that every command takes what people label as it is."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.contribute.cases import TO_RELEASED
from tests.extras.desk.annot_served import LEVELS, Annotator
from tests.extras.desk.test_command import ended, free_port, port_of

from amends.dataset.folder import released
from amends.desk.items import released_replies


@contextlib.contextmanager
def running(folder: Path, *options: object, links: int = 1) -> Iterator[tuple[subprocess.Popen, list[str]]]:
    """The command as a process, once it has printed its links; killed at the end if it still runs."""
    command = [sys.executable, "-m", "amends", "annotate", "--no-browser", *map(str, options)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, cwd=folder, text=True, **pipes) as process:
        dog = threading.Timer(120, process.kill)
        dog.start()
        try:
            lines = [process.stdout.readline().strip() for _ in range(links)]
            if not all("/enter#" in line for line in lines):
                process.kill()
                pytest.fail(process.stderr.read())
            yield process, lines
        finally:
            dog.cancel()
            if process.poll() is None:
                process.kill()


def come(link: str, name: str = "heron") -> Annotator:
    browser = Annotator(port_of(link))
    assert browser.enter(link).status == 200
    assert browser.agree(name).status == 200
    return browser


def label_all(browser: Annotator, shift: int = 0) -> None:
    """Finish everything, with levels that follow the text of the reply."""
    for key in browser.names():
        item = browser.get(f"/api/items/{key}").json
        level = 1 + (len(item["reply"]) + shift) % 5
        quote = item["reply"].split()[0]
        start = item["reply"].index(quote)
        marks = [{"code": "D2", "start": start, "end": start + len(quote), "quote": quote, "strength": 1.0}]
        assert browser.label(key, levels=dict.fromkeys(LEVELS, level), behaviours=marks).status == 200
        assert browser.done(key).status == 200


def lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def own_log(path: Path, n: int = 40, prefix: str = "t") -> Path:
    """Exchanges of somebody's own, as JSON lines."""
    with path.open("w", encoding="utf-8") as stream:
        for number in range(n):
            turns = [{"role": "customer", "text": f"Parcel {number} is late and I am furious."}]
            reply = f"{'Sorry' if number % 3 else 'We are sorry'} about parcel {number}. It comes by Friday 💬."
            record = {
                "id": f"{prefix}{number}",
                "turns": turns,
                "reply": reply,
                "meta": {"agent": f"{prefix}{number % 9}"},
            }
            stream.write(json.dumps(record) + "\n")
    return path


def test_killed_in_the_middle_and_taken_up_with_another_limit(tmp_path) -> None:
    port = free_port()
    options = ("-o", "work", "--split", "train", "--port", port)
    with running(tmp_path, *options, "--limit", 3) as (process, (link,)):
        browser = come(link)
        first, second, third = browser.names()
        browser.label(first)
        browser.done(first)
        browser.label(second, reason="half")
        process.kill()
    with (tmp_path / "work" / "labels.jsonl").open("ab") as stream:
        stream.write(b'{"event":"label","at":"2026')
    with running(tmp_path, *options, "--limit", 4) as (process, _):
        told = dict(browser.get("/api/state").json["items"])
        assert len(told) == 4
        assert [told[key] for key in (first, second, third)] == ["done", "open", "open"], (
            "keys and cookie are still good"
        )
        assert browser.get(f"/api/items/{second}").json["label"]["reason"] == "half"
        assert browser.done(second).status == 200
        said = ended(process)
    assert "2 of 4 done, 0 skipped: work/annotations.jsonl" in said
    assert len(lines(tmp_path / "work" / "annotations.jsonl")) == 2


def test_the_released_replies_and_what_every_command_makes_of_the_labels(tmp_path, amends) -> None:
    options = ("-o", "team", "--limit", 12, "--port", 0, "--person", "Ana", "--person", "Bo")
    with running(tmp_path, *options, links=2) as (process, links):
        browsers = [come(line.split(": ", 1)[1], f"name-{which}") for which, line in enumerate(links)]
        assert browsers[0].names() != browsers[1].names(), "an order each"
        for shift, browser in enumerate(browsers):
            label_all(browser, shift)
        told = browsers[0].agreement().json
        assert {row["with"] for row in told["people"]["rows"]} == {"name-1"}
        assert {"claude-holistic", "claude-checklist"} <= {row["with"] for row in told["models"]["rows"]}
        assert all(row["n"].startswith("12 (") for row in told["people"]["rows"])
        ended(process)
    files = [f"team/person-{name}/annotations.jsonl" for name in ("ana", "bo")]
    records = lines(tmp_path / files[0])
    asked = released_replies("validation")[:12]
    assert sorted(record["reply_id"] for record in records) == sorted(one.id for one in asked)
    assert {record["annotator"]["guideline"] for record in records} == {"1.1"}
    assert sorted(record["meta"]["order"]["position"] for record in records) == list(range(1, 13))
    checked = amends("check", *files)
    assert checked.code == 0, checked.out
    models = str(released().path / "annotations" / "claude-holistic" / "validation.jsonl")
    called = amends("agreement", *files, "--json")
    assert called.code == 0, called.err
    found = json.loads(called.out)[0] if called.out.startswith("[") else json.loads(called.out)
    assert (found["what_it_is"], found["annotators"]) == ("agreement between people", ["name-0", "name-1"])
    assert amends("agreement", files[0], models).code == 0
    source = released().path / "exchanges" / "validation.jsonl"
    called = amends("report", files[0], "--source", source, "--json")
    assert called.code == 0, called.err
    assert json.loads(called.out)["counts"]["replies"] == 12


def test_what_was_drawn_by_lot_keeps_its_probability_and_corrects_report_and_compare(tmp_path, amends) -> None:
    logs = [own_log(tmp_path / f"{name}.jsonl", 40, name) for name in ("before", "after")]
    for log in logs:
        assert amends("draw", log, "--n", 20, "-o", f"drawn-{log.stem}.jsonl").code == 0
        options = (f"drawn-{log.stem}.jsonl", "-o", log.stem, "--port", 0)
        with running(tmp_path, *options) as (process, (link,)):
            browser = come(link)
            label_all(browser, len(log.stem))
            assert browser.agreement().json["models"]["rows"] == [], "nobody's dataset"
            ended(process)
    files = [f"{log.stem}/annotations.jsonl" for log in logs]
    records = lines(tmp_path / files[0])
    assert len(records) == 20
    assert {record["meta"]["draw"]["probability"] for record in records} == {0.5}
    assert {record["scenario_id"] for record in records} == {None}
    assert all(set(record["meta"]) == {"seconds", "training", "order", "draw"} for record in records)
    checked = json.loads(amends("check", files[0], logs[0], "--json").out)
    assert [p for p in checked["problems"] if "annotations" in p["file"]] == [], "ids and spans fit the texts"
    assert not [note for note in checked["notes"] if "not compared" in note]
    called = amends("report", logs[0], "--labels", files[0], "--json", "--scorer", "rules")
    assert called.code == 0, called.err
    assert json.loads(called.out)["corrected"]
    labels = ("--labels", files[0], "--labels", files[1])
    called = amends("compare", *logs, *labels, "--cluster", "meta.agent", "--scorer", "rules")
    assert called.code == 0, called.err
    assert "person" in called.out


def test_replies_tables_and_bad_lines(tmp_path, amends) -> None:
    scenarios = released().scenarios("train")[:2]
    with (tmp_path / "replies.jsonl").open("w", encoding="utf-8") as stream:
        for number, scenario in enumerate(scenarios):
            stream.write(json.dumps({"id": f"mine-{number}", "scenario_id": scenario.id, "text": "Sorry."}) + "\n")
        stream.write('{"id": "bad", "scenario_id": "no such", "text": "x"}\nno json\n')
    with running(tmp_path, "replies.jsonl", "-o", "work", "--port", 0) as (process, (link,)):
        browser = come(link)
        item = browser.get(f"/api/items/{browser.names()[0]}").json
        assert ("At fault" in dict(item["context"]), item["reply"], len(browser.names())) == (True, "Sorry.", 2)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
        assert process.returncode == 1, "the input had problems"
    assert "replies.jsonl:3" in said
    assert "replies.jsonl:4" in said
    (tmp_path / "log.csv").write_text("ticket,message,body\n1,Late!,Sorry.\n2,Broken!,No.\n")
    columns = "id=ticket,customer=message,reply=body"
    with running(tmp_path, "log.csv", "-o", "sheet", "--port", 0, "--columns", columns) as (process, (link,)):
        assert len(come(link).names()) == 2
        ended(process)


def test_training_shows_released_gold_and_keeps_its_folder_apart(tmp_path, amends) -> None:
    options = ("-o", "work", "--limit", 2, "--port", 0)
    with running(tmp_path, *options, "--training") as (process, (link,)):
        browser = come(link)
        key = browser.names()[0]
        browser.label(key)
        gold = browser.done(key).json["gold"]
        assert set(gold) == {"model"}
        assert set(gold["model"]["levels"]) == set(LEVELS)
        ended(process)
    assert lines(tmp_path / "work" / "annotations.jsonl")[0]["meta"]["training"] is True
    assert json.loads((tmp_path / "work" / "desk.json").read_bytes())["settings"]["training"] is True
    called = amends("annotate", *options, "--no-browser", "--split", "train")
    assert (called.code, "in training mode" in called.err) == (2, True)


def test_files_are_for_this_account_and_a_name_in_the_folder_is_taken(tmp_path) -> None:
    (tmp_path / "work").mkdir(mode=0o755)
    options = ("-o", "work", "--limit", 1, "--port", 0)
    with running(tmp_path, *options, "--person", "Ana") as (process, (line,)):
        label_all(come(line.split(": ", 1)[1]))
        ended(process)
    files = [path for path in (tmp_path / "work").rglob("*") if path.is_file()]
    assert len(files) >= 4
    assert {path.stat().st_mode & 0o077 for path in files} == {0}
    with running(tmp_path, *options, "--person", "Bo") as (process, (line,)):
        browser = Annotator(port_of(line))
        browser.enter(line.split(": ", 1)[1])
        assert browser.agree("HERON").status == 409, "Ana has it, though she is not asked this time"
        ended(process)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--training", "--split", "validation"), "released train split"),
        (("log.jsonl", "--training"), "released train split"),
        (("log.jsonl", "--split", "train"), "with FILE leave it out"),
        (("missing.jsonl",), "missing.jsonl"),
        (("--columns", "a=b"), "--columns is for a FILE"),
        (("--name", "a\nb"), "visible characters"),
        (("--name", "a", "--person", "b"), "for one person"),
        (("--host", "0.0.0.0"), "names that it answers to"),
        (("--limit", "0"), "--limit"),
    ],
)
def test_wrong_use(tmp_path, amends, options, said) -> None:
    own_log(tmp_path / "log.jsonl", 2)
    called = amends("annotate", "-o", "work", "--no-browser", "--port", 0, *options)
    assert called.code in (1, 2)
    assert said in called.err
    assert "Traceback" not in called.err
    assert not (tmp_path / "work" / "desk.json").exists() or "--host" in options


def test_more_than_anybody_labels_is_refused_with_a_way_out(tmp_path, amends, monkeypatch) -> None:
    monkeypatch.setattr("amends.cli.annotate.MOST_ITEMS", 3)
    own_log(tmp_path / "log.jsonl", 4)
    called = amends("annotate", "log.jsonl", "-o", "work", "--no-browser", "--port", 0)
    assert (called.code, "amends draw" in called.err) == (2, True)


def test_a_contribution_of_which_nothing_can_be_labeled_opens_no_empty_desk(tmp_path, amends) -> None:
    (tmp_path / "new.jsonl").write_text(json.dumps(TO_RELEASED | {"scenario_id": "sc-nowhere"}) + "\n")
    called = amends("annotate", "new.jsonl", "-o", "work", "--no-browser", "--port", 0)
    assert called.code == 2
    assert "1 left out: no released scenario" in called.err
    assert "new.jsonl holds nothing that can be labeled" in called.err


def test_one_desk_at_a_time_in_a_folder(tmp_path, amends) -> None:
    with running(tmp_path, "-o", "work", "--limit", 1, "--port", 0):
        called = amends("annotate", "-o", "work", "--no-browser", "--port", 0)
    assert called.code == 2
    assert "desk.lock" in called.err
