"""What check refuses, each with its reason; what it recomputes; what it lets stand and renders harmless elsewhere."""

# ruff: noqa: E501  (tables read best a row a line)
from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.leaderboard.cases import HELD, SYSTEM, TRAIN, Board, lines, restamped, shown

from amends.leaderboard.check import Checker, check_entries
from amends.leaderboard.project import Project


def test_a_good_entry_is_written_and_then_stands_as_recomputed(board: Board) -> None:
    board.good()
    found = board.check()
    assert found.good and not found.written and not found.problems and not found.differences
    assert found.results["rules"].counts["replies"] == 10
    assert found.unranked is None


def test_check_without_write_changes_nothing(board: Board) -> None:
    path = board.good()
    (path / "result.json").unlink()
    before = {p: p.read_bytes() for p in path.rglob("*") if p.is_file()}
    assert not board.check().good
    assert {p: p.read_bytes() for p in path.rglob("*") if p.is_file()} == before


def test_the_same_bytes_twice(board: Board) -> None:
    path = board.good()
    before = {p: p.read_bytes() for p in path.rglob("*") if p.is_file()}
    assert board.check(write=True).written
    assert {p: p.read_bytes() for p in path.rglob("*") if p.is_file()} == before


def replies(edit: Callable[[list[dict[str, Any]]], object]) -> Callable[[Board], Path]:
    def make(board: Board) -> Path:
        own = board.replies()
        edit(own)
        return board.entry(replies=own)

    return make


LONG = "word " * 20_001
MODEL = {"model": "m", "temperature": 0.7, "system_prompt": "Be kind."}


def twice(board: Board, name: str, old: str, new: str) -> Path:
    path = board.entry()
    text = (path / name).read_text()
    assert old in text
    (path / name).write_text(text.replace(old, new, 1))
    return path


def shuffled(held: str, own: str, at: int) -> str:
    return f"{own} {held} " + " ".join(f"own{at}x{i}" for i in range(60))


@pytest.mark.parametrize(
    ("make", "words", "why"),
    [
        (replies(lambda r: r.__delitem__(slice(3))), "7 of 10 replies", "most of the set is not the set"),
        (replies(lambda r: r[0].update(scenario_id="train0")), "a scenario of test", "a scenario of another split"),
        (replies(lambda r: r[0].update(scenario_id="t1")), "as in line", "a sample twice"),
        (replies(lambda r: r[0].update(id="1.0")), "an id of its own", "an id twice"),
        (replies(lambda r: r[0].update(text=LONG)), "100,005 characters", "longer than a reply may be"),
        (replies(lambda r: r[0].update(text=7)), "a text", "a reply is a text"),
        (replies(lambda r: r[0].update(score=5)), "unknown field 'score'", "no field for a score"),
        (replies(lambda r: r[0].update(sample=20)), "0 to 19", "more samples than are taken"),
        (replies(lambda r: [x.update(sample=1) for x in r]), "no reply with sample 0", "samples without a beginning"),
        (replies(lambda r: r[0].update(supersedes="x")), "a correction", "a correction of a reply"),
        (replies(lambda r: r[0].update(id="a\u202eb")), "U+202E", "a bidi override in an id"),
        (replies(lambda r: r[0].update(author={"kind": "person", "name": "x", "version": "1"})), "kind of the entry", "a person's reply under a program"),
        (replies(lambda r: r[0].update(author={"kind": "program", "name": "x\u200b", "version": "1"})), "U+200B", "a hidden character in a name"),
        (replies(lambda r: r[0].update(text=HELD)), "the words of a released reply", "a validation reply"),
        (replies(lambda r: r[0].update(text=HELD.upper() + " \u200b")), "the words of a released reply", "dressed up"),
        (replies(lambda r: r[0].update(text=f"{SYSTEM} Number 3.")), "the words of a released reply", "a systems reply"),
        (replies(lambda r: r[0].update(text="Please calm down about it.")), "the words of a released reply", "a test reply of five words"),
        (replies(lambda r: r[0].update(text=f"Dear Sir, {HELD} Yours, the shop.")), "8-word sequences", "a near-copy"),
        (lambda b: b.entry(dataset="1.0.0"), "'9.9.9'", "another version of the data"),
        (lambda b: b.entry(data="0" * 12), "the scenarios of test", "other scenarios"),
        (lambda b: b.entry(set="validation", data="0" * 12, replies=b.replies()), "one of test, systems", "no table for it"),
        (lambda b: b.entry(verified=True), "unknown field 'verified'", "an entry does not verify itself"),
        (lambda b: b.entry(contamination={"seen": "no"}), "$.contamination.statement", "no statement"),
        (lambda b: b.entry(contamination={"seen": "perhaps", "statement": "I do not remember."}), "one of no, yes, unknown", "one of three"),
        (lambda b: b.entry(submitted="yesterday"), "a date", "no day"),
        (lambda b: b.entry(credit="Cl\u0430ude"), "one script", "mixed scripts in the credit"),
        (lambda b: b.entry(credit="two\nlines"), "one line", "a credit of two lines"),
        (lambda b: b.entry(credit="\u202egpj"), "U+202E", "a bidi override in the credit"),
        (lambda b: b.entry(settings={"samples": 3}), "no reply with sample 1", "more samples said than sent"),
        (lambda b: b.entry(settings={"samples": 1}, replies=b.replies(samples=2)), "$.settings.samples", "more sent than said"),
        (lambda b: b.entry(settings={"seed": "undisclosed"}), "settings are not hidden", "a hidden setting"),
        (lambda b: b.entry(settings={"seed": "***"}), "settings are not hidden", "a masked setting"),
        (lambda b: b.entry(kind="model"), "$.settings.model", "a model without its settings"),
        (lambda b: b.entry(kind="model", settings=MODEL | {"temperature": "warm"}), "$.settings.temperature", "no number"),
        (lambda b: b.entry(kind="model", settings=MODEL | {"system_prompt": "proprietary"}), "$.settings.system_prompt", "a hidden prompt"),
        (lambda b: b.entry(kind="model", settings=MODEL | {"system_sha256": "0" * 64}), "SHA-256", "not the prompt that was used"),
        (lambda b: b.entry(kind="person", settings={"people": 0, "instructions": "Write."} | {"people": -3}), "$.settings.people", "minus three people"),
        (lambda b: b.entry(kind="model", settings=MODEL | {"temperature": 1e300}), "$.settings.temperature", "a number that nobody meant"),
        (lambda b: twice(b, "entry.json", '"name"', '"name": "rules", "name"'), "the field 'name' twice", "one reader sees another name"),
        (lambda b: twice(b, "generator.json", '"kind"', '"kind" :"person" , "kind"'), "the field 'kind' twice", "in the card, with blanks"),
        (lambda b: twice(b, "replies.jsonl", '"text"', '"text": "We are \\"sorry\\": you see", "text"'), "the field 'text' twice", "in a reply, with a text like a key"),
        (lambda b: b.entry(replies=[r | {"text": shuffled(HELD, r["text"], i)} for i, r in enumerate(b.replies())]), "of the 8-word sequences of one released reply", "a whole held-out reply, and more of its own"),
        (lambda b: b.entry(kind="person"), "$.settings.people", "people without what they were told"),
        (lambda b: b.entry(card={"kind": "model"}), "as in generator.json", "card and entry disagree"),
        (lambda b: b.entry(card={"name": "seven-steps\u200b"}), "U+200B", "a hidden character in the card"),
        (lambda b: b.entry(card={"name": "RuIes"}), "reads like 'rules'", "a scorer's name with a capital I"),
        (lambda b: b.entry(card={"name": "rules"}), "reads like 'rules'", "a scorer's name"),
        (lambda b: b.entry(card={"description": "x" + "\u0300" * 9}), "U+0300", "a stack of marks"),
        (lambda b: b.entry(card={"code": "import os"}), "unknown field 'code'", "a card has no such field"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_refused(board: Board, make: Callable[[Board], Path], words: str, why: str) -> None:
    make(board)
    found = board.check(write=True)
    assert words in shown(found), why
    assert found.problems and not found.good and not found.written, why
    assert not (board.entries / "honest-clerk" / "result.json").exists(), "nothing is computed of what is refused"


def test_all_problems_at_once(board: Board) -> None:
    own = board.replies()
    own[2]["text"], own[4]["scenario_id"] = HELD, "nowhere"
    path = board.entry(replies=own, dataset="1", credit="a\u200bb", card={"name": "rules"})
    (path / "extra.sh").write_text("")
    told = shown(board.check())
    for words in (
        "extra.sh",
        "$.dataset",
        "U+200B",
        "reads like 'rules'",
        "replies.jsonl:5 $.scenario_id",
        "replies.jsonl:3 $.text",
    ):
        assert words in told


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"credit": "<script>alert(1)</script>"}, "HTML is text"),
        ({"credit": "=HYPERLINK(\"http://x\",\"y\")"}, "a formula is text"),
        ({"card": {"command": ["sh", "-c", "touch ran"], "description": "../../etc/passwd"}}, "a command is shown, not run"),
        ({"card": {"command": ["{python}", "-m", "pickle"], "version": "$(touch ran)"}}, "nor is a version"),
        ({"meta": {"url": "javascript:alert(1)", "path": "../../x"}}, "meta is kept"),
        ({"settings": {"stop": ["\n"], "seed": 0}}, "settings of any form"),
        ({"credit": "O\u2019Neill & S\u00f8n"}, "letters and apostrophes as people write them"),
    ],
)  # fmt: skip
def test_kept_as_text(board: Board, changes: dict[str, Any], why: str) -> None:
    path = board.good(**changes)
    assert board.check().good, why
    assert not list(board.folder.rglob("ran")) and not Path("ran").exists()
    assert json.loads((path / "entry.json").read_text(encoding="utf-8"))["name"] == "honest-clerk"


def test_tricks_in_replies_are_kept_as_they_came(board: Board) -> None:
    own = board.replies()
    own[0]["text"] += "\u202eevil\u202c <script>alert(1)</script> \u200b=1+1"
    path = board.good(replies=own)
    kept = json.loads((path / "replies.jsonl").read_bytes().splitlines()[0])
    assert kept["text"] == own[0]["text"]


def test_the_project_may_hold_released_replies(board: Board) -> None:
    own = board.replies()
    own[0]["text"] = HELD
    board.own = frozenset({"honest-clerk"})
    board.good(replies=own)


def test_words_of_train_are_counted_not_refused(board: Board) -> None:
    own = board.replies()
    for i, reply in enumerate(own):
        reply["text"] = f"{TRAIN} Number {i}."
    board.good(replies=own)
    found = board.check()
    assert found.unranked == "retrieval"
    # 22 words, 15 runs of eight, all in train; "number" ends one more that all share, each number one of its own
    assert found.overlap is not None and (found.overlap.found, found.overlap.sequences) == (15, 15 + 1 + 10)


@pytest.mark.parametrize(
    ("gone", "unranked"),
    [(0, None), (1, "5.0% without a reply"), (3, "15.0% without a reply")],
)
def test_more_than_two_in_a_hundred_without_a_reply_is_unranked(board: Board, gone: int, unranked: str | None) -> None:
    own = board.replies(samples=2)
    board.good(replies=own[gone:])
    found = board.check()
    assert found.unranked == unranked
    assert found.results["rules"].counts["replies"] == 20, "a reply that is not there was asked for"
    assert found.results["rules"].counts["no_reply"] == gone


def test_a_cheat_of_the_project_stands_in_no_tier_whatever_a_scorer_makes_of_it(board: Board) -> None:
    for name in ("plain-clerk", "trick-clerk"):
        board.good(name)
    project = Project(("rules",), frozenset({"trick-clerk"}), frozenset({"trick-clerk"}))
    found = Checker(replace(board.how(), project=project)).check("trick-clerk")
    assert (found.good, found.unranked) == (True, "a cheat")
    assert Checker(replace(board.how(), project=project)).check("plain-clerk").unranked is None


def test_an_empty_reply_is_none(board: Board) -> None:
    own = board.replies()
    own[0]["text"] = " \n"
    board.good(replies=own)
    assert board.check().unranked == "10.0% without a reply"


@pytest.mark.parametrize("text", ["\u200b", "\u3164", "-", "\u043d\u0435\u0442 " * 30])
def test_what_is_no_reply_to_a_scorer_is_none(board: Board, text: str) -> None:
    """Its mean leaves such replies out: whoever says "-" to what is hard may not stand in the tiers."""
    replies = board.replies()
    replies[3]["text"] = text
    path = board.entry(replies=replies)
    assert board.check(write=True).unranked == "10.0% without a reply"
    assert json.loads((path / "check.json").read_bytes())["without"] == 1


def test_two_in_a_hundred_is_ranked(board: Board) -> None:
    own = board.replies(samples=10)
    board.good(replies=own[2:])
    assert board.check().unranked is None


def test_the_systems_set_is_judged_within_itself(board: Board) -> None:
    board.good(set="systems")
    found = board.check()
    assert found.set == "systems" and found.results["rules"].counts["replies"] == 6
    board.entry("other", replies=board.replies(), set="systems")
    assert "a scenario of systems" in shown(board.check("other"))


def edited(path: Path, edit: Callable[[Any], object]) -> None:
    raw = json.loads(path.read_bytes())
    edit(raw)
    path.write_text(json.dumps(raw))


def level(by: float, many: int = 1) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        file = path / "annotations" / "rules.jsonl"
        records = [json.loads(line) for line in file.read_bytes().splitlines()]
        for record in records[:many]:
            record["levels"]["empathy"] = min(5, round(record["levels"]["empathy"] + by, 2))
        file.write_bytes(lines(records))
        restamped(path)

    return change


def estimate(by: float, which: str = "mean") -> Callable[[Path], None]:
    def change(path: Path) -> None:
        def add(raw: Any) -> None:
            raw["rules"]["dimensions"]["empathy"][which]["value"] += by

        edited(path / "result.json", add)
        restamped(path)

    return change


@pytest.mark.parametrize(
    ("spoil", "words", "why"),
    [
        (level(0.04), None, "a reply within 0.05"),
        (level(0.04, 10), "$.levels.empathy: found levels +0.040 on average", "every reply a little better: every tie is won"),
        (level(-0.06), "$.levels.empathy", "a reply beyond it"),
        (level(1), "$.levels.empathy", "a better level"),
        (estimate(0.009), None, "an estimate within 0.01"),
        (estimate(0.011), "$.rules.dimensions.empathy.mean.value", "beyond it"),
        (estimate(-0.02, "breach"), "breach.value", "a smaller breach"),
        (lambda p: (p / "result.json").unlink(), "result.json", "no result"),
        (lambda p: (p / "annotations" / "rules.jsonl").unlink(), "annotations by rules", "no annotations"),
        (lambda p: (p / "check.json").write_text("[]"), "check.json", "something else"),
        (lambda p: (p / "result.json").write_text('{"rules": '), "broken JSON", "half a file"),
        (lambda p: edited(p / "result.json", lambda r: r.update(total=5)), "$.total", "a total"),
        (lambda p: edited(p / "result.json", lambda r: r["rules"]["scorer"].update(version=2)), "scorer.version", "an old scorer"),
        (lambda p: edited(p / "check.json", lambda r: r["overlap"].update(found=9)), "$.overlap.found", "another overlap"),
        (lambda p: edited(p / "check.json", lambda r: r["slices"]["rules"]["channel"]["email"]["empathy"]["full"].update(value=1.0, low=0.9)), "$.slices", "a better slice"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_submitted_scores_are_recomputed(
    board: Board, spoil: Callable[[Path], None], words: str | None, why: str
) -> None:
    path = board.good()
    right = {name: (path / name).read_bytes() for name in ("result.json", "annotations/rules.jsonl")}
    spoil(path)
    found = board.check()
    assert found.good is (words is None), (why, shown(found))
    assert words is None or (words in shown(found) and not found.problems), why
    assert board.check(write=True).good
    assert {name: (path / name).read_bytes() for name in right} == right, "the recomputed ones stand there again"


def test_annotations_of_other_replies_are_told(board: Board) -> None:
    path = board.good()
    file = path / "annotations" / "rules.jsonl"
    records = [json.loads(line) for line in file.read_bytes().splitlines()]
    records[0]["reply_id"] = "nobody's"
    records[1]["annotator"]["version"] = "1"
    records.append(records[2])
    file.write_bytes(lines(records))
    told = shown(board.check())
    for words in ("nobody's", "a second annotation of '2.0'", "rules 1, expected rules 3", "no annotation of '0.0'"):
        assert words in told


def test_many_differences_are_told_briefly(board: Board) -> None:
    path = board.good()
    file = path / "annotations" / "rules.jsonl"
    records = [json.loads(line) for line in file.read_bytes().splitlines()]
    for record in records:
        record["levels"] = dict.fromkeys(record["levels"], 1.5)
    file.write_bytes(lines(records))
    told = [p for p in board.check().differences if "annotations" in p.file]
    assert len(told) == 6 and "more such lines" in str(told[-1])


def test_annotations_of_a_scorer_that_is_not_official_go(board: Board) -> None:
    path = board.good()
    (path / "annotations" / "trained.jsonl").write_text("not even read\n")
    assert board.check(write=True).good
    assert not (path / "annotations" / "trained.jsonl").exists()


def test_an_entry_is_refused_that_reads_like_another(board: Board) -> None:
    board.good("model-one")
    board.entry("rnodel-one")
    assert "reads like the entry 'model-one'" in shown(board.check("rnodel-one"))


@pytest.mark.parametrize("name", ["rules", "official-clerk", "Clerk", "con"])
def test_an_entry_is_refused_by_its_name(board: Board, name: str) -> None:
    board.entry(name)
    assert "$.name" in shown(board.check(name))


def test_a_folder_and_its_entry_have_one_name(board: Board) -> None:
    board.entry().rename(board.entries / "other-clerk")
    assert "the name of the folder" in shown(board.check("other-clerk"))


def test_a_hostile_folder_name_is_told_in_visible_characters(board: Board) -> None:
    (board.entries / "a\x1b[31mb").mkdir()
    told = shown(board.check("a\x1b[31mb"))
    assert told.isprintable() or "\x1b" not in told


def test_no_entry_at_all(board: Board) -> None:
    assert "nothing" in shown(board.check("nobody"))


def test_several_processes_find_what_one_finds(board: Board) -> None:
    for i in range(4):
        board.good(f"clerk-{'abcd'[i]}")
    (board.entries / "clerk-b" / "extra").write_text("")
    names = ["clerk-a", "clerk-b", "clerk-c", "clerk-d"]
    one, two = (list(check_entries(names, board.how(), jobs)) for jobs in (1, 2))
    assert [(c.name, shown(c), c.good) for c in one] == [(c.name, shown(c), c.good) for c in two]
    assert [c.good for c in one] == [True, False, True, True]
    assert one[0].results == two[0].results
