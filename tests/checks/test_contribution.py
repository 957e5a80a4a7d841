"""A contribution: everything that is wrong with it at once, against a dataset and within the batch."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.checks.conftest import CUSTOMERS, REPLIES, reply_record, turns, write

from amends.checks import check
from amends.checks.base import Base
from amends.checks.contribution import CHECKS, Entry, examine
from amends.dataset.folder import DataFolder

NEW = "The florist on our corner sold me lilies that had dropped all their petals before the funeral began."
ANSWER = "Bare stems at a funeral are a sad sight. Fresh lilies go out this evening and the money comes back too."


@pytest.fixture
def base(folder: Path) -> Base:
    return Base.read(DataFolder(folder))


def scenario(text: str = NEW, **more: Any) -> Entry:
    return Entry({"id": "n1", "turns": turns(text), **more}, "new.jsonl", 1)


def answer(text: str = ANSWER, **more: Any) -> Entry:
    return Entry({"id": "n1.r1", "scenario_id": "n1", "text": text, **more}, "new.jsonl", 2)


def found(base: Base, *entries: Entry) -> list[tuple[str, int | None, str]]:
    return [(one.check, one.problem.line, one.problem.path) for one in examine(entries, base).found]


def test_a_sound_example_has_no_problem(base: Base) -> None:
    assert found(base, scenario(), answer()) == []
    assert found(base, Entry({"id": "n2", "scenario_id": "s1", "text": ANSWER})) == [], "it may answer a known scenario"


HELD = CUSTOMERS["s4"][1]
TEST_REPLY = REPLIES["r6"][1]
WRONG = [
    ([scenario(CUSTOMERS["s1"][1])], ("near-duplicates", 1, "$.turns"), "word for word"),
    ([scenario(CUSTOMERS["s1"][1].replace("kettle", "teapot"))], ("near-duplicates", 1, "$.turns"), "one word changed"),
    (
        [scenario("I had guests comming for tea. My bleu kettle arived with a crack right dwon teh spout.")],
        ("near-duplicates", 1, "$.turns"),
        "reordered and misspelt: no third of the 3-word runs is left",
    ),
    ([scenario(), answer(REPLIES["r1"][1] + " Bye.")], ("near-duplicates", 2, "$.text"), "a reply of the dataset"),
    ([scenario(HELD)], ("leakage", 1, "$.turns"), "a text of test"),
    ([scenario(), answer(TEST_REPLY)], ("leakage", 2, "$.text"), "a reply of test"),
    (
        [scenario(), answer(f"{ANSWER} {ANSWER[::-1]} {TEST_REPLY}")],
        ("leakage", 2, "$.text"),
        "a reply of test inside a longer text",
    ),
    ([scenario(split="tests")], ("schema", 1, "$.split"), "schema"),
    ([scenario(), answer(scenario_id="n9")], ("references", 2, "$.scenario_id"), "a scenario that nobody has"),
    ([scenario(supersedes="s9")], ("references", 1, "$.supersedes"), "nothing to correct"),
    ([scenario(), answer(id="r1")], ("ids", 2, "$.id"), "an id that is taken"),
    ([scenario(), answer("Noted.")], ("length", 2, "$.text"), "one word"),
    ([scenario("petal " * 600)], ("length", 1, "$.turns"), "a book"),
    ([scenario(), answer(meta={"gold": 3})], ("leakage", 2, "$.meta.gold"), "a label in meta"),
    ([scenario(), answer(f"{ANSWER} empathy: 5")], ("leakage", 2, "$.text"), "a label in the text"),
    ([scenario(f"{NEW} jo@gmail.com")], ("personal data", 1, "$.turns[0].text"), "an e-mail address"),
    ([Entry({"kettle": 1}, "new.jsonl", 7)], ("schema", 7, "$"), "a record of no kind"),
]


@pytest.mark.parametrize(("entries", "wanted", "why"), WRONG, ids=[row[-1] for row in WRONG])
def test_what_is_wrong_is_one_problem(base: Base, entries: list[Entry], wanted: Any, why: str) -> None:
    assert found(base, *entries) == [wanted], why


def test_all_problems_come_at_once_in_the_order_of_the_checks(base: Base) -> None:
    bad = [scenario(f"{NEW} jo@gmail.com", supersedes="s9"), answer("No.", id="r1", meta={"plan": 1})]
    names = [name for name, *_ in found(base, *bad)]
    assert sorted(names, key=CHECKS.index) == names
    assert set(names) == {"ids", "references", "leakage", "personal data", "length"}


def test_two_of_a_batch_are_alike(base: Base) -> None:
    moved = (
        "Before the funeral began they had droped all their petals, the lilies that the florist on our corner sold me."
    )
    second = Entry({"id": "n2", "turns": turns(moved)}, "new.jsonl", 2)
    examined = examine([scenario(), second], base)
    assert [(f.check, f.problem.line) for f in examined.found] == [("near-duplicates", 2)]
    assert '"n1" (new.jsonl:1)' in examined.problems[0].found


def test_a_correction_may_be_like_what_it_corrects(base: Base) -> None:
    same = Entry({"id": "s1b", "supersedes": "s1", "turns": turns(CUSTOMERS["s1"][1] + " Please.")})
    assert found(base, same) == []


def test_a_form_without_lines_gives_problems_without_lines(base: Base) -> None:
    form = [Entry({**scenario().record}), Entry({**answer("No.").record, "id": "r1"})]
    assert {p.line for p in examine(form, base).problems} == {None}


def test_held_out_texts_are_not_spread(base: Base) -> None:
    said = " ".join(map(str, examine([scenario(HELD)], base).problems))
    assert '"s4" of the dataset (test)' in said
    assert "night bus" not in said


def test_names_are_candidates_and_no_problems(base: Base) -> None:
    texts = [
        scenario(f"{NEW} I told Maryam so.", company="Fernlea Flowers"),
        answer(f"Hi Bo, {ANSWER} Fernlea is sorry."),
    ]
    examined = examine(texts, base)
    assert examined.found == ()
    assert [(p.line, p.candidate.name) for p in examined.people] == [(1, "Maryam"), (2, "Bo"), (2, "Bare")]
    # "Bare" has a capital inside a sentence: candidates are too many rather than too few
    assert not [p for p in examined.people if "Fernlea" in p.candidate.name]


def test_an_empty_dataset_and_an_empty_batch() -> None:
    empty = Base([], [])
    assert examine([], empty).found == ()
    assert found(empty, scenario(), answer()) == []


def test_check_compares_files_with_a_dataset_if_it_is_given_one(base: Base, folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "mine" / "replies.jsonl"
    write(file, [{**reply_record("r1"), "id": "n1", "scenario_id": "sc-0001"}])
    assert check([str(file)]).problems == ()
    assert [p.path for p in check([str(file)], base=base).problems] == ["$.scenario_id", "$.text"]
    assert check([str(folder)], base=base).problems == (), "a data folder is not compared with itself"


def test_files_beside_belong_to_the_base(folder: Path, tmp_path: Path) -> None:
    write(tmp_path / "pending-scenarios.jsonl", [scenario().record])
    write(tmp_path / "pending-replies.jsonl", [answer().record])
    beside = [tmp_path / "pending-scenarios.jsonl", tmp_path / "pending-replies.jsonl"]
    wider = Base.read(DataFolder(folder), beside)
    assert [name for name, *_ in found(wider, scenario(id="n7"))] == ["near-duplicates"]
