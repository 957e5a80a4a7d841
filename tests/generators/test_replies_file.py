"""Replies files: every line judged on its own, every scenario accounted for."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from amends.errors import InputError, UsageError
from amends.generators import Failure, load_generator
from amends.records import Author, Reply, Scenario, Turn
from amends.schema import problems

GOOD = [{"id": f"r-{name}", "scenario_id": name, "text": f"reply to {name}", "meta": {"n": 1}} for name in "abc"]


def scenarios(ids: str = "abc") -> list[Scenario]:
    """A few scenarios."""
    return [Scenario(name, (Turn("customer", "Where is it?"),)) for name in ids]


def ask(file: Path | str, **how: object) -> tuple[list[Reply], list[Failure]]:
    """Everything that comes of it."""
    failures: list[Failure] = []
    generator = load_generator(str(file))
    return list(generator.generate(scenarios(), report=failures.append, **how)), failures  # type: ignore[arg-type]


def written(path: Path, lines: Sequence[object]) -> Path:
    """A file of JSON lines; bytes stand as they are."""
    path.write_bytes(
        b"".join((line if isinstance(line, bytes) else json.dumps(line).encode()) + b"\n" for line in lines)
    )
    return path


ID, TEXT, S = "id", "text", "scenario_id"
TABLE = [
    (GOOD, "abc", [], "all good"),
    ([GOOD[0], GOOD[2]], "ac", ["scenario b, sample 0: no reply"], "missing is named"),
    ([*GOOD, {ID: "x", S: "zz", TEXT: "t"}], "abc", ["r.jsonl:4: no scenario of this id"], "unknown scenario"),
    ([*GOOD, {ID: "x", S: "a", TEXT: "t"}], "abc", ["r.jsonl:4: answered a second time"], "duplicate"),
    ([*GOOD, {ID: "x", S: "a", "sample": 1, TEXT: "t"}], "abc", ["r.jsonl:4: this sample was not asked"],
     "a sample too many is named, not dropped"),
    ([GOOD[0], GOOD[1], {**GOOD[2], ID: "r-a"}], "ab", ["the id 'r-a' was used above"], "an id twice"),
    ([GOOD[0], b"{nonsense", GOOD[1], GOOD[2]], "abc", ["r.jsonl:2 $: found broken JSON"], "broken line"),
    ([GOOD[0], b"\xff", GOOD[1], GOOD[2]], "abc", ["r.jsonl:2 $: found a byte that is not UTF-8"], "not UTF-8"),
    ([GOOD[0], {S: "b", "reply": "t"}, GOOD[2]], "ac", ["r.jsonl:2 $.id", "r.jsonl:2 $.reply", "r.jsonl:2 $.text",
     "scenario b"], "all problems of a line, then the missing reply"),
    ([GOOD[0], GOOD[1], {**GOOD[2], "sample": 0.0}], "abc", [], "0.0 is a whole number to JSON Schema"),
    ([{**GOOD[0], TEXT: ""}, *GOOD[1:]], "abc", [], "an empty text is a reply"),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "answered", "said", "why"), TABLE, ids=[row[3] for row in TABLE])
def test_lines(lines: Sequence[object], answered: str, said: list[str], why: str, tmp_path: Path) -> None:
    replies, failures = ask(written(tmp_path / "r.jsonl", lines))
    assert "".join(reply.scenario_id for reply in replies) == answered, why
    assert len(failures) == len(said), why
    for failure, words in zip(failures, said, strict=True):
        assert words in str(failure), why
    for reply in replies:
        assert problems(reply.to_dict(), "reply", "-", 1) == [], why


def test_ids_texts_meta_and_authors_stay(tmp_path: Path) -> None:
    author = {"kind": "person", "name": "ada", "version": "1"}
    lines = [{**GOOD[0], "author": author, "text": " é\u2028 "}, GOOD[1], GOOD[2]]
    replies, _ = ask(written(tmp_path / "r.jsonl", lines))
    assert replies[0] == Reply("r-a", "a", " é\u2028 ", 0, Author("person", "ada", "1"), {"n": 1})
    assert replies[1].author is None  # nobody is named where the file names nobody


def test_done_is_passed_over_in_silence(tmp_path: Path) -> None:
    replies, failures = ask(written(tmp_path / "r.jsonl", [GOOD[0], GOOD[1]]), done={("a", 0), ("c", 0)})
    assert [reply.scenario_id for reply in replies] == ["b"]
    assert failures == []


def test_samples(tmp_path: Path) -> None:
    lines = [{ID: f"{s}{k}", S: s, "sample": k, TEXT: "t"} for k in (1, 0) for s in "cba"]
    replies, failures = ask(written(tmp_path / "r.jsonl", lines[1:]), samples=2)
    assert len(replies) == 5
    assert [(f.scenario_id, f.sample) for f in failures] == [("c", 1)]
    with pytest.raises(UsageError, match="at least 1"):
        ask(tmp_path / "r.jsonl", samples=0)


def test_a_scenario_twice_is_wrong_use(tmp_path: Path) -> None:
    generator = load_generator(str(written(tmp_path / "r.jsonl", GOOD)))
    with pytest.raises(UsageError, match="stands twice"):
        list(generator.generate(scenarios("aa")))


def test_compressed(tmp_path: Path) -> None:
    plain = written(tmp_path / "r.jsonl", GOOD)
    packed = tmp_path / "r.jsonl.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert ask(packed) == ask(plain)
    assert load_generator(str(packed)).name == "r"


def test_a_person_is_a_folder_with_a_replies_file(tmp_path: Path) -> None:
    card = {"name": "ada", "version": "3", "kind": "person", "replies": "mine.jsonl"}
    (tmp_path / "generator.json").write_text(json.dumps(card))
    written(tmp_path / "mine.jsonl", GOOD)
    generator = load_generator(str(tmp_path))
    replies = list(generator.generate(scenarios()))
    assert {reply.author for reply in replies} == {Author("person", "ada", "3")}
    assert (generator.name, generator.version) == ("ada", "3")


def test_the_card_changes_with_the_file(tmp_path: Path) -> None:
    before = load_generator(str(written(tmp_path / "r.jsonl", GOOD))).card
    assert load_generator(str(written(tmp_path / "r.jsonl", GOOD))).card == before
    assert load_generator(str(written(tmp_path / "r.jsonl", GOOD[:2]))).card != before


@pytest.mark.parametrize(("data", "words"), [(b"", "empty"), (b"\xff\xfea\x00", "UTF-16"), (b"\xe9\n", "no line")])
def test_files_that_fail_as_a_whole_give_nothing(data: bytes, words: str, tmp_path: Path) -> None:
    (tmp_path / "r.jsonl").write_bytes(data)
    with pytest.raises(InputError, match=words):
        ask(tmp_path / "r.jsonl")
