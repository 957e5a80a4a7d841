"""score, report, compare and draw on what a help desk exports."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from amends.signature import parse


def ticket(number: int, *said: str, agent: int = 21) -> dict[str, Any]:
    """Comments by turns: the customer's first."""
    comments = [
        {
            "id": 100 * number + i,
            "author_id": 11 if i % 2 == 0 else agent,
            "body": body,
            "public": True,
            "created_at": f"2026-03-02T{9 + i:02}:00:00Z",
        }
        for i, body in enumerate(said)
    ]
    return {"id": number, "requester_id": 11, "group_id": agent % 2, "comments": comments}


TICKETS = [
    ticket(
        n,
        f"Parcel {n} is three weeks late, I am furious.",
        "I am sorry your parcel is three weeks late.",
        "It did not come!",
        "That is not our fault, please be patient.",
        agent=21 + n % 2,
    )
    for n in range(1, 9)
]


@pytest.fixture
def tickets(tmp_path: Path) -> Path:
    path = tmp_path / "tickets.jsonl"
    note = {"id": 5, "author_id": 21, "body": "grumpy", "public": False, "created_at": "2026-03-02T09:30:00Z"}
    TICKETS[0]["comments"] = [*TICKETS[0]["comments"][:4], note]
    path.write_text("".join(json.dumps(one) + "\n" for one in TICKETS))
    return path


UNITS = [("every", 16, 0), ("first", 8, 8), ("last", 8, 8)]


@pytest.mark.parametrize(("unit", "replies", "passed"), UNITS, ids=[unit for unit, *_ in UNITS])
def test_score_counts_units_and_what_was_dropped(amends, tickets: Path, unit: str, replies: int, passed: int) -> None:
    called = amends("score", tickets, "--unit", unit, "--scorer", "rules", "--json")
    assert called.code == 0
    document = json.loads(called.out)
    assert parse(document["signature"])["unit"] == unit
    assert parse(document["signature"])["n"] == f"{replies}/8", "replies of one conversation are one cluster"
    (log,) = document["logs"]
    assert (log["exchanges"], log["passed_over"], log["dropped"]["note"]) == (replies, passed, 1)
    assert "dropped, note: 1 internal notes" in called.err


def test_annotations_know_their_conversation(amends, tickets: Path) -> None:
    amends("score", tickets, "--scorer", "rules", "-o", "out.jsonl")
    lines = [json.loads(line) for line in Path("out.jsonl").read_text().splitlines()]
    assert [line["reply_id"] for line in lines[:3]] == ["1#1", "1#2", "2#1"]
    assert {line["meta"]["conversation"] for line in lines} == {str(n) for n in range(1, 9)}
    assert parse(amends("report", "out.jsonl").out.splitlines()[-1])["n"] == "16/8"


def test_a_run_with_another_unit_is_another_run(amends, tickets: Path) -> None:
    assert amends("score", tickets, "--scorer", "rules", "-o", "out.jsonl", "--unit", "first").code == 0
    refused = amends("score", tickets, "--scorer", "rules", "-o", "out.jsonl")
    assert refused.code == 2
    assert "log" in refused.err
    assert "--fresh" in refused.err
    assert parse(amends("report", "out.jsonl").out.splitlines()[-1])["unit"] == "first"


def test_compare_takes_conversations_whole(amends, tickets: Path) -> None:
    called = amends(
        "compare", tickets, tickets, "--unit", "last", "--cluster", "meta.agent", "--scorer", "rules", "--json"
    )
    assert called.code == 0
    document = json.loads(called.out)
    assert parse(document["signature"])["unit"] == "last"
    assert [log["exchanges"] for log in document["logs"]] == [8], "one file, told once"
    plain = json.loads(amends("compare", tickets, tickets, "--scorer", "rules", "--json").out)
    assert parse(plain["signature"])["n"] == "32/16", "eight conversations a side"


def test_draw_keeps_what_a_label_needs(amends, tickets: Path) -> None:
    drawn = amends("draw", tickets, "--n", 4, "--stratify", "meta.team", "--unit", "first")
    assert drawn.code == 0
    lines = [json.loads(line) for line in drawn.out.splitlines()]
    assert len(lines) == 4
    assert all(line["meta"]["conversation"] == line["id"].removesuffix("#1") for line in lines)


WRONG = [
    (["score", "x.jsonl", "--unit", "first"], "holds replies or exchanges", "units are for conversations"),
    (["score", "x.jsonl", "--keep", "note"], "holds replies or exchanges", "so are rules"),
    (["score", "x.jsonl", "--keep", "nots"], "Did you mean note", "a rule that is none"),
    (["score", "x.csv", "--from", "zendesk"], "is a table", "a table is no Zendesk export"),
    (["score", "box.mbox"], "--agent-domain", "nobody says who the agents are"),
    (["score", "t.jsonl", "--columns", "reply=body"], "--columns is for", "columns are a table's"),
]


@pytest.mark.parametrize(("args", "said", "why"), WRONG, ids=[why for *_, why in WRONG])
def test_wrong_use_says_what_to_do(amends, args: list[str], said: str, why: str) -> None:
    one = {"id": "1", "turns": [{"role": "customer", "text": "Where?"}], "reply": "Here."}
    Path("x.jsonl").write_text(json.dumps(one) + "\n")
    Path("x.csv").write_text("id,customer,reply\n1,Where?,Here.\n")
    Path("box.mbox").write_text("From x\nFrom: a@b.example\n\nx\n")
    Path("t.jsonl").write_text(json.dumps(TICKETS[1]) + "\n")
    called = amends(*args, "--scorer", "rules")
    assert called.code == 2, why
    assert said in called.err


def test_a_log_without_one_exchange_says_why(amends) -> None:
    Path("m.csv").write_text("conversation,role,text\n7,customer,Where?\n")
    called = amends("score", "m.csv", "--scorer", "rules")
    assert "no line could be scored" in called.err
    assert "1 conversation gave no exchange" in called.err


def test_a_formula_in_a_log_never_runs_in_a_sheet(amends) -> None:
    with Path("m.csv").open("w", newline="") as stream:
        rows = [["conversation", "role", "text", "case"]]
        for n in range(3):
            rows += [[n, "customer", "=HYPERLINK(1)", n], [n, "agent", "@SUM(A1)", n]]
        csv.writer(stream).writerows(rows)
    Path("n.csv").write_text(Path("m.csv").read_text().replace("@SUM(A1)", "+1+1"))
    called = amends("compare", "m.csv", "n.csv", "--pair-by", "meta.case", "--sheet", "s.csv", "--scorer", "rules")
    assert called.code == 0
    cells = [cell for row in csv.reader(Path("s.csv").read_text(encoding="utf-8-sig").splitlines()) for cell in row]
    assert any("HYPERLINK" in cell for cell in cells)
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)


def test_keep_is_part_of_the_signature(amends, tickets: Path) -> None:
    called = amends("score", tickets, "--keep", "note,bot", "--scorer", "rules")
    assert parse(called.out.splitlines()[-1])["unit"] == "every+keep-bot+keep-note"
    assert "kept, note: 1" in called.err


def test_annotations_find_their_texts_in_the_log(amends) -> None:
    with Path("m.csv").open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["ticket", "from", "body", "group"])
        for n in range(6):
            writer.writerows([[n, "client", "Where is it?", ""], [n, "staff", "I am sorry, it is late.", f"G{n % 2}"]])
    columns = ["--columns", "conversation=ticket,role=from,text=body,team=group"]
    assert amends("score", "m.csv", *columns, "--scorer", "rules", "-o", "out.jsonl").code == 0
    called = amends("report", "out.jsonl", "--source", "m.csv", *columns, "--by", "meta.team", "--json")
    assert called.code == 0
    assert json.loads(called.out)["by"]["replies"] == {"G0": 3, "G1": 3}
    bare = amends("report", "out.jsonl", "--by", "meta.team")
    assert bare.code == 2
    assert "--source" in bare.err


def test_people_come_only_on_request_and_behind_thirty_replies(amends, tickets: Path) -> None:
    assert "agent" not in json.loads(amends("report", tickets, "--scorer", "rules", "--json").out).get("by", {})
    called = amends("report", tickets, "--scorer", "rules", "--by", "meta.agent")
    assert called.code == 0
    assert "2 with under 30 replies (16 in all) are hidden" in " ".join(called.out.split())
    assert "not for decisions about single employees" in " ".join(called.out.split())


def test_missing_context_is_one_line(amends, tickets: Path) -> None:
    called = amends("score", tickets, "--scorer", "rules")
    (line,) = [line for line in called.err.splitlines() if line.startswith("context unknown")]
    assert "fault in all 16" in line
