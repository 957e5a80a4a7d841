"""Writing contributions: the questions, the terminal, tables, and the words of the pull request."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.checks.conftest import read, write
from tests.contribute.cases import EXAMPLES, OWN, data_folder

from amends.checks.base import Base
from amends.contribute import reading
from amends.contribute.form import Known, Unclear, read_behaviours, read_turns, search, steps
from amends.contribute.pull import pull_request, slug
from amends.contribute.session import Session
from amends.contribute.table import COLUMNS, parse_columns, read_table, write_template
from amends.errors import InputError, UsageError
from amends.logs.sheets import Sheet, write_sheet
from amends.records import Context, Scenario, Turn
from amends.schema import problems as schema_problems

ANSWERS = [
    "yes", "heron", "1", "new", "kite repair", "Spindrift Kites", "chat", "company", "new", "", "anger", "4", "",
    "You stitched my sail with fishing line and it burst on the first gust of today.\n.",
    "Burst on the first gust: that is our stitching. A new sail leaves our bench on Tuesday, free of charge.\n.",
    "3", "", "5", "X2 that is our stitching\n.", "It owns the fault.",
]  # fmt: skip
NO_MORE = ["", ""]
"""No reading, no other example."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return data_folder(tmp_path / "data", []).path


@pytest.fixture
def typed(amends, folder: Path, monkeypatch: pytest.MonkeyPatch):
    """``typed(answers)``: the terminal with these answers."""
    (folder / "pending" / "heron.jsonl").unlink()

    def call(*answers: str, out: str = "my.jsonl"):
        monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{answer}\n" for answer in answers)))
        return amends("contribute", "-o", out, "--data", folder)

    return call


def test_one_example_from_the_first_question_to_the_pull_request(typed, tmp_path: Path) -> None:
    told = typed(*ANSWERS, *NO_MORE)
    assert told.code == 0, told.err
    example = read(tmp_path / "my.jsonl")[0]
    assert schema_problems(example, "contribution", "f", 1) == []
    assert example["labels"]["levels"] == {"empathy": 3, "excuse_avoidance": 5}
    assert example["labels"]["behaviours"][0]["quote"] == "that is our stitching"
    assert "1 example, 0 problems" in told.err and "git push" in told.out
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "my.jsonl"], "no draft is left"


@pytest.mark.parametrize("stop", range(1, len(ANSWERS)))
def test_it_goes_on_after_any_answer(typed, tmp_path: Path, stop: int) -> None:
    assert typed(*ANSWERS[:stop]).code == 130
    assert not (tmp_path / "my.jsonl").exists()
    told = typed(*ANSWERS[stop:], *NO_MORE)
    assert told.code == 0, told.out + told.err
    assert read(tmp_path / "my.jsonl")[0]["reply"].startswith("Burst")


def test_a_question_is_explained_and_taken_back(typed, tmp_path: Path) -> None:
    told = typed("yes", "?", "wren", "<", "heron", *ANSWERS[2:], *NO_MORE)
    assert told.code == 0 and "made-up name" in told.out
    assert read(tmp_path / "my.jsonl")[0]["credit"] == "heron"


def test_back_before_the_first_question(typed) -> None:
    assert "nothing before this" in typed("<", *ANSWERS, *NO_MORE).out


def test_who_writes_is_asked_once(typed, tmp_path: Path) -> None:
    second = ["s1", "A cracked spout before the guests: the next kettle is on its way, and it is with you by noon.\n.",
              "", "", "", ".", ""]  # fmt: skip
    told = typed(*ANSWERS, "", "yes", *second, *NO_MORE)
    assert told.code == 0, told.out + told.err
    one, two = read(tmp_path / "my.jsonl")
    assert (two["id"], two["scenario_id"], two["credit"], two["consent"]) == ("heron-2", "s1", "heron", one["consent"])
    assert "labels" not in two


def test_no_reading_stands_on_the_terminal_before_the_labels_are_saved(
    typed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    class Poisoned:
        name, version = "poisoned", 9

        def annotate(self, exchanges: list[Any]) -> list[Any]:
            asked.append(len(read(tmp_path / "my.jsonl")))
            return []

    monkeypatch.setattr(reading, "load_scorer", lambda name: Poisoned())
    with pytest.raises(IndexError):
        typed(*ANSWERS, "yes")
    assert asked == [1], "the example, with its labels, is in the file by then"


def test_live_checks_name_what_is_wrong_at_once(typed, tmp_path: Path) -> None:
    leak = "Nobody told me that the night bus was cancelled, so I stood in the rain until three.\n."
    told = typed(*ANSWERS[:13], leak, "<", *ANSWERS[13:], *NO_MORE)
    assert told.code == 0, told.out + told.err
    assert '"s4" of the dataset (test)' in told.out and "went up too late" not in told.out
    assert "gust of today" in read(tmp_path / "my.jsonl")[0]["scenario"]["turns"][0]["text"]


def test_a_line_that_goes_back_is_no_line_of_the_text(typed, tmp_path: Path) -> None:
    told = typed(*ANSWERS[:13], "You stitched it with string.\n<", *ANSWERS[13:], *NO_MORE)
    assert told.code == 0 and "What you typed is dropped" in told.out
    assert "<" not in (text := read(tmp_path / "my.jsonl")[0]["scenario"]["turns"][0]["text"]) and "string" not in text


@pytest.mark.parametrize("stop", [0, 1])
def test_the_end_between_two_examples_says_how_the_file_stands(typed, tmp_path: Path, stop: int) -> None:
    told = typed(*ANSWERS, *NO_MORE[:stop])
    assert told.code == 0 and "git push" in told.out, "Ctrl+D or Ctrl+C at the last questions left the words unsaid"
    told = typed()
    assert told.code == 0 and "git push" in told.out, "and whoever came for them had to write another example"
    assert typed("new").code == 130, "the next one has begun"


def test_names_that_were_not_confirmed_are_asked_for_before_it_is_saved(typed, tmp_path: Path) -> None:
    reply = "Burst on the first gust, Marlene: that is our stitching. A new sail leaves on Tuesday, free.\n."
    assert typed(*ANSWERS[:14], reply).code == 130
    told = typed(*ANSWERS[15:], "yes", *NO_MORE)
    assert told.code == 0 and "git push" in told.out, told.err
    assert read(tmp_path / "my.jsonl")[0]["names"] == ["Marlene"]


def test_what_arrow_keys_leave_is_told_at_once(typed, tmp_path: Path) -> None:
    told = typed(*ANSWERS[:4], "kite\x1b[D repair", *ANSWERS[4:13], "It\x1b[A burst.\n.", *ANSWERS[13:14],
                 "Mended\x1b[C.\n.", *ANSWERS[14:], *NO_MORE)  # fmt: skip
    assert told.code == 0 and told.out.count("such as arrow keys leave") == 3, told.out
    assert "\\u001b" not in (tmp_path / "my.jsonl").read_text(encoding="utf-8"), "only the end said so, six answers on"


def test_a_line_that_the_terminal_cut_is_told(typed, monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(io, "StringIO", Terminal)
    told = typed(*ANSWERS[:14], "word " * 819 + "\n.")
    assert "took 4,095 characters of this line, and cut" in told.out


def test_what_was_answered_on_the_terminal_stands_in_the_fields_of_the_page(tmp_path: Path) -> None:
    session = Session(tmp_path / "my.jsonl", Known({}), Base([], []), "2026-11-22")
    for answer in [*ANSWERS[:6], "ch", *ANSWERS[7:13], *ANSWERS[13:15], "-"]:
        session.answer(answer.removesuffix("\n."))
    page = Session(tmp_path / "my.jsonl", Known({}), Base([], []), "2026-11-22")
    fields = page.typed
    assert (fields["agreed"], fields["written"], fields["channel"], fields["empathy"]) == ("yes", "person", "chat", "")
    before = page.example
    page.take(fields)
    assert page.example == before, "the page's first save wiped all of it"
    page.back()
    assert "empathy" not in page.typed


def test_names_are_confirmed_by_a_person(typed, tmp_path: Path) -> None:
    reply = "Burst on the first gust, Marlene: that is our stitching. A new sail leaves on Tuesday, free.\n."
    told = typed(*ANSWERS[:14], reply, "yes", *ANSWERS[15:], *NO_MORE)
    assert told.code == 0 and "These may be names: Marlene" in told.out
    assert read(tmp_path / "my.jsonl")[0]["names"] == ["Marlene"]


def test_an_example_with_problems_is_not_saved_without_a_word(typed, tmp_path: Path) -> None:
    told = typed(*ANSWERS[:14], "Sorry.\n.", "", "", "", ".", "", "<", "a reason", "", *NO_MORE)
    assert "found 1 word" in told.out and "Nothing saves it as it is" in told.out
    assert "1 problem\n" in told.err and "git push" not in told.out
    assert read(tmp_path / "my.jsonl")[0]["labels"] == {"reason": "a reason"}


def test_held_out_scenarios_cannot_be_chosen_or_found(typed) -> None:
    told = typed(*ANSWERS[:3], "s4", "night bus", "gym", "kettle")
    assert told.out.count("no train scenario has these words") == 3
    assert "s1  " in told.out and "rain until three" not in told.out


def test_wanted_shows_some_of_each_thin_domain() -> None:
    said = (Turn("customer", "x"),)
    scenarios = {f"s{i}": Scenario(f"s{i}", said, "train", Context(domain="ab"[i % 2])) for i in range(9)}
    found = search("wanted", Known(scenarios, ["b", "a"]), 4)
    assert [s.id for s in found] == ["s1", "s0", "s3", "s2"]


def test_killed_between_file_and_draft_the_example_stands_once(tmp_path: Path) -> None:
    session = Session(tmp_path / "my.jsonl", Known({}), Base([], []), "2026-11-22")
    for answer in ANSWERS:
        session.answer(answer.removesuffix("\n."))
    draft = (tmp_path / ".my.jsonl.draft.json").read_bytes()
    session.finish()
    (tmp_path / ".my.jsonl.draft.json").write_bytes(draft)  # as if the process had died before it was removed
    again = Session(tmp_path / "my.jsonl", Known({}), Base([], []), "2026-11-22")
    assert len(again.examples) == 1 and again.step is not None and again.step.name == "scenario"


TORN = '{"id": "heron-3", "scen'
LAST = [
    ("an editor that ends no last line: its example was cut", lambda text: text.rstrip("\n"), False, 2),
    ("the same where one is being written", lambda text: text.rstrip("\n"), True, 2),
    ("a single line with a mark before it", lambda text: "\ufeff" + text.splitlines()[0], True, 1),
    ("killed half way, with the draft still there", lambda text: text + TORN, True, 2),
]


@pytest.mark.parametrize(("left", "drafted", "count"), [case[1:] for case in LAST], ids=[case[0] for case in LAST])
def test_a_last_line_is_cut_only_where_it_is_torn(tmp_path: Path, left: Any, drafted: bool, count: int) -> None:
    write(tmp_path / "my.jsonl", EXAMPLES)
    (tmp_path / "my.jsonl").write_text(left((tmp_path / "my.jsonl").read_text(encoding="utf-8")), encoding="utf-8")
    if drafted:
        (tmp_path / ".my.jsonl.draft.json").write_text('{"id": "heron-3", "answers": {}, "order": []}\n')
    session = Session(tmp_path / "my.jsonl", Known({}), Base([], []), "2026-11-22")
    assert len(session.examples) == count
    assert (tmp_path / "my.jsonl").read_bytes().endswith(b"}\n"), "the next one begins on a line of its own"


def test_a_line_that_is_no_draft_of_ours_is_named_and_stays(tmp_path: Path) -> None:
    write(tmp_path / "my.jsonl", EXAMPLES)
    with (tmp_path / "my.jsonl").open("a", encoding="utf-8") as out:
        out.write(TORN)
    with pytest.raises(InputError, match="my.jsonl:3"):
        Session(tmp_path / "my.jsonl", Known({}), Base([], []), "2026-11-22")
    assert TORN in (tmp_path / "my.jsonl").read_text(encoding="utf-8")


def test_what_an_editor_left_meanwhile_is_not_cut_by_the_next_example(tmp_path: Path) -> None:
    session = Session(tmp_path / "my.jsonl", Known({}), Base([], []), "2026-11-22")
    for answer in ANSWERS:
        session.answer(answer.removesuffix("\n."))
    write(tmp_path / "my.jsonl", EXAMPLES)
    (tmp_path / "my.jsonl").write_bytes((tmp_path / "my.jsonl").read_bytes().rstrip())
    session.finish()
    assert len(read(tmp_path / "my.jsonl")) == 3


def test_a_damaged_draft_is_named(tmp_path: Path) -> None:
    (tmp_path / ".my.jsonl.draft.json").write_text("{")
    with pytest.raises(UsageError, match="damaged"):
        Session(tmp_path / "my.jsonl", Known({}), Base([], []), "2026-11-22")


WRONG_USE = [
    ((), "name the file"),
    (("-o", "my.csv"), "must end in .jsonl"),
    (("-o", "my.jsonl", "--agree"), "go with --from-file"),
    (("--from-file", "none.csv"), "is not there"),
    (("-o", "x.jsonl", "gate", "heron", "--labels", "x"), "do not go with gate"),
    (("gate", "nobody", "--labels", "x.jsonl"), "contribution"),
    (("--template", "t.doc"), "must end in .xlsx or .csv"),
]


@pytest.mark.parametrize(("args", "words"), WRONG_USE, ids=[str(args) for args, _ in WRONG_USE])
def test_wrong_use(amends, args: tuple[str, ...], words: str) -> None:
    told = amends("contribute", *args)
    assert told.code == 2 and words in told.err, told.err


# ---- what is typed


TURNS = [
    ("My kite burst.", [("customer", "My kite burst.")]),
    ("My kite\nburst.\n", [("customer", "My kite\nburst.")]),
    ("Customer: a\nAgent: b\nagent: c\nCUSTOMER: d\ne", [("customer", "a"), ("agent", "b"), ("agent", "c"),
     ("customer", "d\ne")]),
    ("Agent: Hello?\nCustomer: At last.", [("agent", "Hello?"), ("customer", "At last.")]),
    ("I asked the agent: why?", [("customer", "I asked the agent: why?")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "turns"), TURNS)
def test_turns(text: str, turns: list[tuple[str, str]]) -> None:
    assert [(turn["role"], turn["text"]) for turn in read_turns(text)] == turns


@pytest.mark.parametrize("text", ["", " \n", "Customer: a\nAgent: b", "Customer:"])
def test_no_turns(text: str) -> None:
    with pytest.raises(Unclear):
        read_turns(text)


@pytest.mark.parametrize(
    "text",
    ["Z1 that", "that is", "X2", "X2 never said", "X2 e"],
    ids=["code", "no code", "no words", "nowhere", "often"],
)
def test_behaviours_that_cannot_be_read(text: str) -> None:
    with pytest.raises(Unclear):
        read_behaviours(text, OWN["reply"])


@given(st.text(min_size=1, max_size=30), st.text(max_size=20), st.text(max_size=20))
def test_a_behaviour_is_found_where_it_stands(quote: str, before: str, after: str) -> None:
    reply = f"{before}{quote}{after}"
    try:
        found = read_behaviours(f"~x2: {quote}", reply)
    except Unclear:
        return
    for one in found:
        assert reply[one["start"] : one["end"]] == one["quote"] and one["strength"] == 0.3


def test_every_question_explains_itself() -> None:
    for step in steps():
        assert step.ask and step.explain


# ---- tables

FULL = [
    {"id": "h1", "customer": "=SUM(1) burst.", "reply": OWN["reply"], "empathy": "3",
     "behaviours": "X2: that is our stitching", "credit": "heron", "written": "person", "agreed": "yes"},
    {"turns": "Agent: Hello?\nCustomer: At last.", "reply": "A reply, with a comma", "intensity": "4.0", "agreed": "Y",
     "credit": "heron", "written": "model", "model": "m"},
    {"scenario_id": "s1", "reply": "Third", "credit": "heron", "written": "person", "agreed": "no"},
]  # fmt: skip


def table(path: Path, rows: list[dict[str, str]], columns: tuple[str, ...] = COLUMNS) -> Path:
    write_sheet(path, Sheet(columns, [[row.get(name, "") for name in columns] for row in rows]))
    return path


def test_rows_become_examples(tmp_path: Path) -> None:
    items, wrong = read_table(table(tmp_path / "t.csv", FULL[1:]), {}, {}, "2026-11-22")
    assert wrong == []
    assert [item.line for item in items] == [2, 3]
    one, two = (item.example for item in items)
    assert one["id"] == "t-2" and [turn["role"] for turn in one["scenario"]["turns"]] == ["agent", "customer"]
    assert one["scenario"]["intensity"] == 4 and one["scenario"]["language"] == "en"
    assert schema_problems(one, "contribution", "f", 1) == []
    assert two["scenario_id"] == "s1" and two["consent"]["agreed"] is False


def test_what_holds_for_all_rows(tmp_path: Path) -> None:
    path = table(tmp_path / "t.csv", [{"Body": "Reply", "Message": "Hm"}], ("Body", "Message"))
    columns = parse_columns(["reply=Body,customer=Message"])
    items, wrong = read_table(path, columns, {"credit": "heron", "written": "person", "agreed": "yes"}, "2026-11-22")
    assert wrong == [] and schema_problems(items[0].example, "contribution", "f", 1) == []


def test_cells_that_cannot_be_read_are_all_named(tmp_path: Path) -> None:
    row = FULL[0] | {"empathy": "good", "behaviours": "X2 never said", "turns": "Agent: bye", "intensity": "4.5"}
    paths = {"$.empathy", "$.behaviours", "$.customer", "$.turns", "$.intensity"}
    _, wrong = read_table(table(tmp_path / "t.csv", [row]), {}, {}, "2026-11-22")
    assert {problem.path for problem in wrong} == paths, "two texts of the customer are one too many"
    assert {problem.line for problem in wrong} == {2}


BAD_CELLS = [
    ({"intensity": "inf"}, "$.intensity", "an infinite number was a traceback"),
    ({"empathy": "1e999"}, "$.empathy", "so was one that is too large"),
    ({"empathy": "nan"}, "$.empathy", "no number"),
    (
        {"turns": "Customer: My kite burst."},
        "$.customer",
        "beside turns the customer's text was dropped without a word",
    ),
]


@pytest.mark.parametrize(("cells", "path", "why"), BAD_CELLS)
def test_cells_that_are_not_dropped(tmp_path: Path, cells: dict[str, str], path: str, why: str) -> None:
    row = {"customer": "My kite burst.", "reply": OWN["reply"]} | cells
    _, wrong = read_table(table(tmp_path / "t.csv", [row]), {}, {}, "2026-11-22")
    assert [problem.path for problem in wrong] == [path], why


@pytest.mark.parametrize("typed", ["Ana; Bo", "Ana, Bo", "Ana\nBo", " Ana;,Bo "])
def test_names_are_told_apart_as_people_write_them(tmp_path: Path, typed: str) -> None:
    row = {"customer": "My kite burst.", "reply": OWN["reply"], "names": typed}
    items, _ = read_table(table(tmp_path / "t.csv", [row]), {}, {}, "2026-11-22")
    assert items[0].example["names"] == ["Ana", "Bo"]


@pytest.mark.parametrize("columns", ["reply", "text=x", "reply="])
def test_columns_that_name_nothing(columns: str) -> None:
    with pytest.raises(UsageError):
        parse_columns([columns])


def test_a_table_without_the_columns(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--template"):
        read_table(table(tmp_path / "t.csv", [{"a": "1"}], ("a",)), {}, {}, "2026-11-22")
    with pytest.raises(UsageError, match="reply=b"):
        read_table(tmp_path / "t.csv", {"reply": "b"}, {}, "2026-11-22")


def own_row(template: Path) -> None:
    """Overwrite the example row's reply."""
    text = template.read_text(encoding="utf-8")
    template.write_text(text.replace("leaves our bench", "is with you"), encoding="utf-8")


def test_the_example_row_beside_others_is_named_and_left_out(amends, tmp_path: Path, folder: Path) -> None:
    assert amends("contribute", "--template", "t.csv").code == 0
    text = (tmp_path / "t.csv").read_text(encoding="utf-8")
    own_row(tmp_path / "t.csv")
    own = (tmp_path / "t.csv").read_text(encoding="utf-8").splitlines()[1]
    (tmp_path / "t.csv").write_text(f"{text}{own}\n", encoding="utf-8")
    told = amends("contribute", "--from-file", "t.csv", "--data", folder)
    assert told.code == 1 and "t.csv:2 $: found the example row of the template" in told.err
    assert "remove t.jsonl and read the table again" in told.err and len(read(tmp_path / "t.jsonl")) == 1


def test_the_template_is_a_contribution(amends, tmp_path: Path, folder: Path) -> None:
    assert amends("contribute", "--template", "t.csv").code == 0
    told = amends("contribute", "--from-file", "t.csv", "--data", folder)
    assert told.code == 2 and "no row of your own" in told.err, "the example row is nobody's contribution"
    own_row(tmp_path / "t.csv")
    told = amends("contribute", "--from-file", "t.csv", "--data", folder)
    assert told.code == 0, told.err
    assert read(tmp_path / "t.jsonl")[0]["id"] == "heron-1" and "git push" in told.out
    assert amends("contribute", "--from-file", "t.csv", "--data", folder).code == 2, "nothing is written over"
    with pytest.raises(UsageError, match="already"):
        write_template(tmp_path / "t.csv")


def test_problems_of_a_table_are_named_by_row(amends, tmp_path: Path, folder: Path) -> None:
    table(tmp_path / "t.csv", [FULL[1], FULL[2]])
    told = amends("contribute", "--from-file", "t.csv", "--data", folder, "-o", "o.jsonl")
    assert told.code == 1
    assert "t.csv:3 $.consent.agreed" in told.err and "t.csv:3 $.reply: found 1 word" in told.err
    assert len(read(tmp_path / "o.jsonl")) == 2 and "git" not in told.out


plain_text = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=60)


@given(plain_text.filter(lambda t: t.strip() and t[0] not in "=+-@"), plain_text.filter(lambda t: t.strip()))
def test_texts_come_through_a_table_as_they_are(customer: str, domain: str) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as where:
        row = {"customer": customer, "reply": customer, "domain": f"a{domain}", "agreed": "yes"}
        items, wrong = read_table(table(Path(where) / "t.csv", [row]), {}, {}, "2026-11-22")
    assert wrong == []
    example = items[0].example
    assert example["reply"] == customer.strip() == example["scenario"]["turns"][0]["text"]
    assert example["scenario"]["domain"] == f"a{domain}".strip()


# ---- the words of the pull request


SLUGS = [("Ana Silva", "ana-silva"), ("Éva", "eva"), ("李", "contribution"), ("a;rm", "a-rm")]


@pytest.mark.parametrize(("text", "name"), SLUGS)
def test_names_of_files(text: str, name: str) -> None:
    assert slug(text) == name


def test_the_words_say_who_wrote_and_which_file_goes_where(tmp_path: Path) -> None:
    made = pull_request(tmp_path / "my file; rm.jsonl", EXAMPLES)
    assert made.goes_to == "data/pending/my-file-rm.jsonl"
    assert "a model: 1" in made.body and "a person: 1" in made.body and "some-model 2" in made.body
    assert any(f"cp '{tmp_path}/my file; rm.jsonl' data/pending/my-file-rm.jsonl" in line for line in made.commands)
    write(tmp_path / "data" / "pending" / "heron.jsonl", EXAMPLES)
    there = pull_request(tmp_path / "data" / "pending" / "heron.jsonl", EXAMPLES)
    assert not any("cp " in command for command in there.commands)


def test_the_file_is_found_from_a_checkout_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert f"cp {tmp_path}/my.jsonl " in "\n".join(pull_request(Path("my.jsonl"), EXAMPLES).commands)


def test_hostile_names_do_not_leave_their_quotes(tmp_path: Path) -> None:
    made = pull_request(tmp_path / "x.jsonl", [OWN | {"credit": "'; rm -rf . #"}])
    assert orjson.dumps(made.title)
    import shlex

    for command in made.commands:
        assert "rm" not in shlex.split(command)


def test_bytes_that_are_no_utf_8_are_asked_again(typed, tmp_path: Path) -> None:
    told = typed(*ANSWERS[:13], "My sail burst on the first gust \udcff of today.\n.", *ANSWERS[13:], *NO_MORE)
    assert told.code == 0 and "no UTF-8" in told.out, told.err
    assert read(tmp_path / "my.jsonl")[0]["scenario"]["turns"][0]["text"].startswith("You stitched")


def test_input_in_another_encoding_ends_in_words(amends, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "pending" / "heron.jsonl").unlink()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"yes\ncaf\xe9\n"), "utf-8"))
    told = amends("contribute", "-o", "my.jsonl", "--data", folder)
    assert told.code == 2 and "not UTF-8" in told.err and "Traceback" not in told.err


def test_two_terminals_do_not_write_one_file(typed, tmp_path: Path) -> None:
    from amends.runs.settings import locked

    with locked(tmp_path / ".my.jsonl.lock"):
        told = typed(*ANSWERS, *NO_MORE)
    assert told.code == 2 and ".my.jsonl.lock" in told.err
    assert not (tmp_path / "my.jsonl").exists()
