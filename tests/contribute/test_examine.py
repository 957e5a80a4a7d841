"""What is said of a contribution, and what is mended of it."""

from __future__ import annotations

import copy
import gzip
import io
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.checks.conftest import REPLIES, write
from tests.contribute.cases import EXAMPLES, OWN, SCENARIO, TO_RELEASED, data_folder, example

from amends.checks.base import Base
from amends.checks.spans import fits
from amends.contribute.examine import Item, base_of, examined
from amends.contribute.mend import mend_file, mended_example
from amends.dataset.folder import DataFolder
from amends.schema import problems as schema_problems

QUOTE = "that is our stitching"
AT = OWN["reply"].index(QUOTE)


def span(start: int, quote: str = QUOTE) -> dict[str, Any]:
    return {"code": "X2", "start": start, "end": start + len(quote), "quote": quote}


def said(text: str) -> dict[str, Any]:
    return SCENARIO | {"turns": [{"role": "customer", "text": text}]}


def found(folder: DataFolder, *examples: dict[str, Any]) -> list[str]:
    items = [Item(one, "f.jsonl", i) for i, one in enumerate(examples, start=1)]
    return [str(problem) for problem in examined(items, base_of(folder, "heron")).problems]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> DataFolder:
    return data_folder(tmp_path_factory.mktemp("examined") / "data")


def test_sound_examples_have_no_problem(folder: DataFolder) -> None:
    assert found(folder, *EXAMPLES) == []


PROBLEMS = [
    ("a text of train", {"scenario": said("My blue kettle arrived with a crack right down the spout and I had guests "
     "coming for tea.")}, 'f.jsonl:1 $.scenario.turns: found the same words as "s1" of the dataset'),
    ("a text of test", {"scenario": said("Nobody told me that the night bus was cancelled, so I stood in the rain "
     "until three today.")}, "expected no text of test"),
    ("a reply of validation", {"reply": REPLIES["r5"][1]}, "f.jsonl:1 $.reply: found the same words as"),
    ("a mail address", {"reply": "Write to lena.kruse@gmail.com today and we will mend the sail that we stitched."},
     "$.reply: found an e-mail address"),
    ("a person's name", {"reply": "Burst on the first gust, Marlene: that is ours, and a new sail leaves on Tuesday."},
     "$.names: found what may be names: Marlene"),
    ("too short", {"reply": "Sorry."}, "$.reply: found 1 word, expected 4 to 400 words"),
    ("a quote elsewhere", {"labels": {"behaviours": [span(0)]}}, f"stands at start {AT}, end {AT + len(QUOTE)}"),
    ("a quote nowhere", {"labels": {"behaviours": [span(0, "never said")]}}, "copy the quote from the reply"),
    ("no consent", {"consent": {"licence": "CC BY 4.0", "agreed": False, "day": "2026-11-22"}}, "$.consent.agreed"),
    ("an unknown field", {"gold": 1}, "$.gold: found the unknown field"),
    ("a held-out scenario", {"scenario": None, "scenario_id": "s4"}, 'found "s4", which is held out (test)'),
    ("no such scenario", {"scenario": None, "scenario_id": "s9"}, 'found "s9", expected the id of a released'),
]  # fmt: skip


@pytest.mark.parametrize(("more", "words"), [case[1:] for case in PROBLEMS], ids=[case[0] for case in PROBLEMS])
def test_a_problem_with_its_field_and_remedy(folder: DataFolder, more: dict[str, Any], words: str) -> None:
    told = found(folder, example(**more))
    assert any(words in line for line in told), told


def test_confirmed_names_are_no_problem(folder: DataFolder) -> None:
    reply = "Burst on the first gust, Marlene: that is ours, and a new sail leaves on Tuesday."
    assert found(folder, example(reply=reply, labels=None, names=["Marlene"])) == []


def test_all_problems_of_all_lines_at_once(folder: DataFolder) -> None:
    wrong = [more for _, more, _ in PROBLEMS]
    told = found(folder, *[example(**more) | {"id": f"h{i}"} for i, more in enumerate(wrong)])
    assert {line.split(" ")[0] for line in told} == {f"f.jsonl:{i}" for i in range(1, len(wrong) + 1)}


def test_a_broken_example_keeps_no_other_from_being_looked_at(folder: DataFolder) -> None:
    hopeless: list[Any] = [{}, {"id": 5, "names": 3, "meta": [], "scenario": {"turns": "x"}, "reply": 1, "labels": []}]
    told = found(folder, *hopeless, example(reply="Sorry."))
    assert any(line.startswith("f.jsonl:3 $.reply: found 1 word") for line in told)


def test_the_same_text_twice_in_a_batch(folder: DataFolder) -> None:
    told = found(folder, OWN, OWN | {"id": "heron-9"})
    assert sum('"heron-1" (f.jsonl:1)' in line for line in told) == 2, "scenario and reply"
    assert any('"heron-1" again' in line for line in found(folder, OWN, TO_RELEASED | {"id": "heron-1"}))


def test_what_others_have_pending_is_not_handed_in_again(tmp_path: Path) -> None:
    folder = data_folder(tmp_path / "data", [OWN], "wren")
    items = [Item(OWN, "f.jsonl", 1)]
    assert any("wren:heron-1" in str(p) for p in examined(items, base_of(folder)).problems)
    assert examined(items, base_of(folder, "wren")).problems == ()


def test_check_finds_contributions_in_pending_and_in_files(amends, tmp_path: Path) -> None:
    folder = data_folder(tmp_path / "data", [*EXAMPLES, example(id="heron-3", reply="Sorry.", scenario_id="s4")])
    told = amends("check", folder.path)
    assert told.code == 1
    assert "heron.jsonl:3 $.reply: found 1 word" in told.out and "held out" not in told.err
    write(folder.path / "pending" / "heron.jsonl", EXAMPLES)
    assert amends("check", folder.path).code == 0, "what waits is in no manifest"


def test_fix_mends_what_is_safe_and_shows_it(amends, tmp_path: Path) -> None:
    wrong = example(id=None, reply=f"  {OWN['reply']}\n", credit=" heron ", labels={"behaviours": [span(3)]})
    (tmp_path / "f.jsonl").write_bytes(orjson.dumps(wrong) + b"\n{broken\n")
    told = amends("check", "--fix", "f.jsonl")
    assert told.code == 1 and "f.jsonl:2" in told.out, "what cannot be mended is named"
    assert 'f.jsonl:1 $.credit: " heron " -> "heron"' in told.out
    assert '$.id: nothing -> "f-1"' in told.out
    lines = (tmp_path / "f.jsonl").read_bytes().splitlines()
    mended = orjson.loads(lines[0])
    assert mended["reply"] == OWN["reply"] and mended["id"] == "f-1"
    assert mended["labels"]["behaviours"] == [span(AT)]
    assert lines[1] == b"{broken"


MENDS = [
    ("an offset before the blanks went", f"  {OWN['reply']}", span(AT + 2), span(AT)),
    ("white space changed on the way", OWN["reply"], span(0, "that  is\nour stitching"), span(AT)),
    ("blanks at the ends of a quote", OWN["reply"], span(0, f" {QUOTE}  "), span(AT)),
    ("in two places: nobody can tell", "Sorry. Sorry.", span(3, "Sorry"), span(3, "Sorry")),
    ("nowhere", OWN["reply"], span(3, "never"), span(3, "never")),
    ("right already", OWN["reply"], span(AT), span(AT)),
]


@pytest.mark.parametrize(("reply", "before", "after"), [c[1:] for c in MENDS], ids=[c[0] for c in MENDS])
def test_spans_are_mended(reply: str, before: dict[str, Any], after: dict[str, Any]) -> None:
    made, _ = mended_example(example(reply=reply, labels={"behaviours": [before]}), set(), "f")
    assert made["labels"]["behaviours"] == [after]


@pytest.mark.parametrize("path", ["handed", "f.jsonl.gz"])
def test_a_contribution_is_one_in_a_folder_and_packed(amends, tmp_path: Path, path: str) -> None:
    (tmp_path / "handed").mkdir()
    write(tmp_path / "handed" / "f.jsonl", [OWN | {"reply": "Sorry."}])
    packed = gzip.compress((tmp_path / "handed" / "f.jsonl").read_bytes())
    (tmp_path / "f.jsonl.gz").write_bytes(packed)
    told = amends("check", "--fix", path)
    assert told.code == 1 and "$.reply: found 1 word" in told.out, "it was said to have no problem"
    assert (tmp_path / "f.jsonl.gz").read_bytes() == packed
    assert "1 record in 1 file, 1 problem" in told.out


def test_a_contribution_on_standard_input_is_not_said_to_be_compared(
    amends, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = io.TextIOWrapper(io.BytesIO(orjson.dumps(OWN) + b"\n"))
    monkeypatch.setattr("sys.stdin", body)
    assert "not compared with the dataset; save it and name the file" in amends("check", "-").err


LOST = [
    (b'{"pad":"' + b"x" * 10_100_000 + b'"}\n', "a line too long to be read became an empty one, and so no problem"),
    (b'{"id":"a","credit":" heron ","credit":" wren "}\n', "of a key that stands twice one value was dropped"),
]


@pytest.mark.parametrize(("line", "why"), LOST, ids=["long", "twice"])
def test_mending_loses_no_line(tmp_path: Path, line: bytes, why: str) -> None:
    (tmp_path / "f.jsonl").write_bytes(line)
    write(tmp_path / "g.jsonl", [OWN | {"credit": " heron "}])
    (tmp_path / "f.jsonl").write_bytes(line + (tmp_path / "g.jsonl").read_bytes())
    mend_file(str(tmp_path / "f.jsonl"))
    assert (tmp_path / "f.jsonl").read_bytes().startswith(line), why


@pytest.mark.parametrize("first", ["{broken", '{"id": "a", '])
def test_a_broken_first_line_hides_nothing_of_the_others(amends, tmp_path: Path, first: str) -> None:
    write(tmp_path / "f.jsonl", [OWN | {"reply": "Sorry."}])
    (tmp_path / "f.jsonl").write_text(
        f"{first}\n{(tmp_path / 'f.jsonl').read_text(encoding='utf-8')}", encoding="utf-8"
    )
    told = amends("check", "f.jsonl")
    assert told.code == 1 and "f.jsonl:1 $: found broken JSON" in told.out
    assert "f.jsonl:2 $.reply: found 1 word" in told.out, "all problems at once"


def test_nothing_is_written_where_nothing_is_mended(tmp_path: Path) -> None:
    file = tmp_path / "f.jsonl"
    write(file, EXAMPLES)
    before = file.stat().st_mtime_ns
    assert mend_file(str(file)) == []
    assert file.stat().st_mtime_ns == before


words = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=40)


@given(words, words, words, st.integers(0, 60))
def test_mending_is_whole_and_keeps_the_words(before: str, quote: str, after: str, start: int) -> None:
    reply = f"{before}{quote}{after}"
    made = example(reply=reply, labels={"behaviours": [span(start, quote)]})
    mended, changes = mended_example(copy.deepcopy(made), set(), "f")
    again, more = mended_example(copy.deepcopy(mended), set(), "f")
    assert more == [] and again == mended, "mended once, mended for good"
    assert mended["reply"] == (reply.strip() or reply)
    one = mended["labels"]["behaviours"][0]
    if changes and one != made["labels"]["behaviours"][0]:
        assert fits(one, mended["reply"]) and one["quote"].split() == quote.split()


_BASE = Base([], [])
fields = st.sampled_from([*OWN, "turns", "levels"])
leaves = st.none() | st.booleans() | st.integers(-9, 9) | words
json = st.recursive(leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(fields, inner, max_size=4))


@given(st.dictionaries(st.sampled_from([*OWN, "names", "meta", "scenario_id", "model"]), json, max_size=8))
def test_no_shape_of_a_record_is_too_odd(record: dict[str, Any]) -> None:
    mended, _ = mended_example(copy.deepcopy(record), set(), "f")
    assert isinstance(mended, dict)
    examined([Item(record, "f", 1)], _BASE)
    schema_problems(record, "contribution", "f", 1)


HELD = "Standing in that rain for hours must have felt endless. Our notice went up too late, I am sorry."


def agent(text: str) -> dict[str, Any]:
    turns = [{"role": "customer", "text": "My sail?"}, {"role": "agent", "text": text}, *SCENARIO["turns"]]
    return SCENARIO | {"turns": turns}


AROUND = [
    ("a reply of test as an agent's turn", {"scenario": agent(HELD)}, "$.scenario.turns[1].text"),
    ("the same, reworded", {"scenario": agent(HELD.replace("must have", "surely"))}, "$.scenario.turns[1].text"),
    ("a text of test as authority", {"scenario": SCENARIO | {"authority": HELD}}, "$.scenario.authority"),
    ("a text of test as reason", {"labels": {"reason": HELD}}, "$.labels.reason"),
    ("a mail address as reason", {"labels": {"reason": "as lena.kruse@gmail.com said"}}, "$.labels.reason"),
    ("a mail address as credit", {"credit": "lena.kruse@gmail.com"}, "$.credit"),
    ("a credit that turns the line", {"credit": "heron\u202eliame"}, "$.credit"),
    ("a model that hides", {"written": "model", "model": "m\u200b1"}, "$.model"),
    ("a reply that turns the line", {"reply": OWN["reply"] + "\u202e"}, "$.reply"),
    ("another language", {"scenario": SCENARIO | {"language": "de"}}, "$.scenario.language"),
    ("words of two million letters", {"reply": " ".join(["a" * 500_000] * 4)}, "$.reply"),
    ("a whole book as authority", {"scenario": SCENARIO | {"authority": "may " * 1000}}, "$.scenario.authority"),
    ("an agent who says a book", {"scenario": agent("word " * 9000)}, "$.scenario.turns[1].text"),
    ("names without end", {"names": [f"Name{i}" for i in range(300)]}, "$.names"),
    ("the scenario of another that waits", {"scenario": None, "scenario_id": "wren:w-1 (pending)"}, "$.scenario_id"),
]  # fmt: skip


@pytest.mark.parametrize(("more", "path"), [case[1:] for case in AROUND], ids=[case[0] for case in AROUND])
def test_what_stands_around_is_looked_at_too(tmp_path: Path, more: dict[str, Any], path: str) -> None:
    folder = data_folder(tmp_path / "data")
    turns = [{"role": "customer", "text": "The oven that you fitted bakes only its left half and the dough waits."}]
    write(folder.path / "pending" / "wren.jsonl", [example(id="w-1", scenario=SCENARIO | {"turns": turns})])
    told = found(folder, example(**more))
    assert any(f" {path}: " in one for one in told), told
    assert HELD[:25] not in "".join(told), "held-out texts are never shown"


def test_a_superseded_scenario_is_none_to_answer(tmp_path: Path) -> None:
    folder = data_folder(tmp_path / "data")
    file = folder.path / "scenarios.jsonl"
    records = [orjson.loads(line) for line in file.read_bytes().splitlines()]
    new = next(r for r in records if r["id"] == "s2") | {"id": "s2.v2", "supersedes": "s2"}
    write(file, [*records, new])
    assert any("$.scenario_id" in one for one in found(folder, TO_RELEASED))
    assert found(folder, TO_RELEASED | {"scenario_id": "s2.v2"}) == []


@pytest.mark.parametrize("name", ["link", "folder", "bad name", "-rf", "h\u202eeron", "n" * 150])
def test_what_is_no_plain_file_in_pending_is_named_and_left_alone(amends, tmp_path: Path, name: str) -> None:
    folder = data_folder(tmp_path / "data")
    outside = tmp_path / "outside.jsonl"
    write(outside, [OWN | {"id": " heron-9 "}])
    before, file = outside.read_bytes(), folder.path / "pending" / f"{name}.jsonl"
    if name == "link":
        file.symlink_to(outside)
    elif name == "folder":
        file.mkdir()
    else:
        file.write_bytes(before)
    told = amends("check", folder.path, "--fix")
    assert told.code == 1 and ("found a link" in told.out or "no plain file" in told.out or "the name" in told.out)
    assert outside.read_bytes() == before and "\u202e" not in told.out
    assert examined([Item(OWN, "f", 1)], base_of(folder, "heron")).problems == (), "others are not disturbed"
