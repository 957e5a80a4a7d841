"""One person's answers on disk: nothing is lost, nothing stands twice, whatever moment the process dies at."""

from __future__ import annotations

import errno
import json
import subprocess
import sys
from pathlib import Path

import pytest

from amends.desk.journal import Lines, name_in
from amends.desk.work import JOURNAL, Outdated, TypedElsewhere, Window, Work
from amends.errors import InputError, UsageError
from amends.generators import load_generator
from amends.records import Scenario, Turn
from amends.schema import problems

SCENARIOS = [Scenario(f"s{number}", (Turn("customer", f"Case {number}."),), "train") for number in (1, 2, 3)]


def work(folder: Path, name: str = "heron") -> Work:
    made = Work(folder, SCENARIOS)
    if name:
        made.consent(name)
    return made


def lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def test_replies_are_what_generators_give(tmp_path: Path) -> None:
    made = work(tmp_path)
    made.answer(1, "Two.", 7.5, 0)
    made.answer(0, "One.", 3.0, 0)
    file = tmp_path / "replies.jsonl"
    for number, record in enumerate(lines(file), start=1):
        assert problems(record, "reply", "f", number) == []
    assert lines(file)[0]["author"] == {"kind": "person", "name": "heron", "version": "1"}
    assert {k: v for k, v in lines(file)[0]["meta"].items() if k != "answered"} == {"seconds": 7.5, "saved": 1}
    told: list[object] = []
    replies = list(load_generator(str(file)).generate(SCENARIOS, report=told.append))
    assert {(r.scenario_id, r.text) for r in replies} == {("s1", "One."), ("s2", "Two.")}
    assert len(told) == 1, "s3, which nobody answered"
    Work(tmp_path, SCENARIOS)
    assert [record["scenario_id"] for record in lines(file)] == ["s1", "s2"], "in order when it is taken up"


def test_there_is_no_file_of_replies_before_the_first(tmp_path: Path) -> None:
    work(tmp_path)
    assert not (tmp_path / "replies.jsonl").exists()


def test_a_changed_reply_stands_once_and_a_skipped_one_not_at_all(tmp_path: Path) -> None:
    made = work(tmp_path)
    assert made.answer(0, "One.", 1, 0) == 1
    assert made.answer(0, "Better.", 2, 1) == 2
    assert [record["text"] for record in lines(tmp_path / "replies.jsonl")] == ["Better."]
    assert made.skip(0, "no", 3, 2) == 3
    assert lines(tmp_path / "replies.jsonl") == []
    assert made.states() == ["skip", "open", "open"]
    assert made.answer(0, "After all.", 4, 3) == 4
    assert made.states()[0] == "answer"
    assert len(lines(tmp_path / "work.jsonl")) == 5, "the journal keeps all: consent and four"


def test_a_page_that_asks_twice_changes_nothing(tmp_path: Path) -> None:
    """The answer of the server was lost on its way, and the page asks again."""
    made = work(tmp_path)
    made.answer(0, "One.", 1, 0)
    before = (tmp_path / "work.jsonl").read_bytes()
    assert made.answer(0, "One.", 9, 0) == 1
    assert (tmp_path / "work.jsonl").read_bytes() == before


@pytest.mark.parametrize("call", ["answer", "skip", "draft"])
def test_what_another_window_saved_is_not_overwritten(tmp_path: Path, call: str) -> None:
    made = work(tmp_path)
    made.answer(0, "One.", 1, 0)
    with pytest.raises(Outdated):
        getattr(made, call)(0, "Two.", 1, 0)
    assert made.stands(0)["text"] == "One."


def test_drafts(tmp_path: Path) -> None:
    made = work(tmp_path)
    made.draft(0, "hal", 2, 0)
    again = work(tmp_path)
    assert (again.stands(0)["text"], again.stands(0)["seconds"], again.stands(0)["unsaved"]) == ("hal", 2, True)
    assert again.states() == ["open"] * 3
    again.answer(0, "half", 5, 0)
    assert list((tmp_path / "drafts").iterdir()) == []
    assert again.stands(0)["unsaved"] is False


def test_a_draft_that_was_left_beside_its_answer_is_none(tmp_path: Path) -> None:
    """Killed between the journal and the draft's end; an older draft must not come back over the answer."""
    made = work(tmp_path)
    made.draft(0, "hal", 2, 0)
    draft = (tmp_path / "drafts" / "1.json").read_bytes()
    made.answer(0, "half", 5, 0)
    (tmp_path / "drafts" / "1.json").write_bytes(draft)
    assert work(tmp_path).stands(0)["text"] == "half"


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b"{}", b"\xff", b'{"text": "x", "seconds": 1'])
def test_a_damaged_draft_is_none(tmp_path: Path, damage: bytes) -> None:
    made = work(tmp_path)
    made.answer(0, "One.", 1, 0)
    (tmp_path / "drafts" / "1.json").write_bytes(damage)
    assert work(tmp_path).stands(0)["text"] == "One."


def test_killed_at_every_byte(tmp_path: Path) -> None:
    """The journal cut anywhere: what was whole stands, in both files; what was torn is gone; work goes on."""
    whole = tmp_path / "whole"
    made = work(whole)
    made.answer(0, "Ünïcode 💥.", 1, 0)
    made.skip(1, "no", 1, 0)
    made.answer(0, "Better.", 2, 1)
    journal = (whole / "work.jsonl").read_bytes()
    replies = (whole / "replies.jsonl").read_bytes()
    for end in range(len(journal) + 1):
        folder = tmp_path / str(end)
        folder.mkdir()
        (folder / "work.jsonl").write_bytes(journal[:end])
        # and the replies file torn as well: it follows from the journal, and begins after its first line
        torn = replies[: end % (len(replies) + 1)] if b"\n" in journal[:end] else b""
        (folder / "replies.jsonl").write_bytes(torn)
        taken = Work(folder, SCENARIOS)
        events = [json.loads(line) for line in journal[:end].split(b"\n")[:-1]]
        texts = {e["scenario_id"]: e["text"] for e in events if e["event"] == "answer"}
        assert {r["scenario_id"]: r["text"] for r in lines(folder / "replies.jsonl")} == texts
        assert taken.name == ("heron" if events else None)
        taken.consent("heron")
        taken.answer(2, "On.", 1, 0)
        assert len(lines(folder / "work.jsonl")) == max(len(events), 1) + 1


def test_a_full_disk_leaves_no_half_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = work(tmp_path)
    made.answer(0, "One.", 1, 0)
    before = (tmp_path / "work.jsonl").read_bytes()
    real = Path.open

    class Full:
        def __init__(self, stream):
            self.stream = stream

        def __enter__(self):
            return self

        def __exit__(self, *_):
            self.stream.close()

        def write(self, data):
            return self.stream.write(data[:5])

    def short(self, *args, **kwargs):
        stream = real(self, *args, **kwargs)
        return Full(stream) if args[:1] == ("ab",) else stream

    with monkeypatch.context() as patched:
        patched.setattr(Path, "open", short)
        with pytest.raises(OSError) as raised:
            made.answer(1, "Two.", 1, 0)
    assert raised.value.errno == errno.ENOSPC
    assert (tmp_path / "work.jsonl").read_bytes() == before
    assert made.states() == ["answer", "open", "open"], "not said to be saved"
    assert made.answer(1, "Two.", 1, 0) == 1


def test_a_replies_file_that_failed_is_mended_when_the_page_asks_again(tmp_path: Path, monkeypatch) -> None:
    made = work(tmp_path)
    real = Lines.append

    def fails(self, data):
        if self.path.name == "replies.jsonl":
            raise OSError(errno.ENOSPC, "full")
        real(self, data)

    with monkeypatch.context() as patched:
        patched.setattr(Lines, "append", fails)
        with pytest.raises(OSError):
            made.answer(0, "One.", 1, 0)
    assert made.answer(0, "One.", 1, 0) == 1
    assert [record["text"] for record in lines(tmp_path / "replies.jsonl")] == ["One."]


@pytest.mark.parametrize(
    "line",
    [b"no json\n", b"[]\n", b'{"event": "answer"}\n', b"1\n", b'{"scenario_id": "s1"}\n', b"\xff\n"],
)
def test_a_journal_that_was_changed_by_hand_is_refused_not_thrown_away(tmp_path: Path, line: bytes) -> None:
    made = work(tmp_path)
    made.answer(0, "One.", 1, 0)
    journal = tmp_path / "work.jsonl"
    broken = line + journal.read_bytes()
    journal.write_bytes(broken)
    with pytest.raises(InputError, match="work.jsonl"):
        Work(tmp_path, SCENARIOS)
    assert journal.read_bytes() == broken


def test_fewer_scenarios_than_before_hide_nothing_that_was_written(tmp_path: Path) -> None:
    made = work(tmp_path)
    made.answer(2, "Three.", 1, 0)
    fewer = Work(tmp_path, SCENARIOS[:1])
    assert fewer.states() == ["open"]
    assert [record["text"] for record in lines(tmp_path / "replies.jsonl")] == ["Three."]
    assert Work(tmp_path, SCENARIOS).states() == ["open", "open", "answer"]


def test_consent_is_stored_once_word_for_word(tmp_path: Path) -> None:
    made = work(tmp_path, "heron")
    made.consent("otter")
    (said,) = lines(tmp_path / "work.jsonl")
    assert made.name == said["name"] == "heron"
    assert said["text"].startswith("I agree")
    assert Work(tmp_path, SCENARIOS).name == "heron"


# ---- two windows of one person


def test_an_idle_window_does_not_wipe_out_what_another_typed(tmp_path: Path) -> None:
    made = work(tmp_path)
    assert made.draft(0, "a long text", 9, 0, Window("a", 1, 0)) == 1
    with pytest.raises(TypedElsewhere):
        made.draft(0, "", 3, 0, Window("b", 1, 0))
    assert (made.stands(0)["text"], made.stands(0)["draft"]) == ("a long text", 1)
    assert work(tmp_path).draft(0, "a longer text", 10, 0, Window("a", 2, 1)) == 2, "after a start too"
    with pytest.raises(TypedElsewhere):
        made.draft(0, "", 3, 0, Window("b", 2, 1))
    assert made.draft(0, "mine", 3, 0, Window("b", 3, 2)) == 3, "once it has seen it, it may"


def test_a_window_whose_answer_was_lost_is_not_another(tmp_path: Path) -> None:
    made = work(tmp_path)
    made.draft(0, "one", 1, 0, Window("a", 1, 0))
    assert made.draft(0, "one two", 2, 0, Window("a", 2, 0)) == 2
    assert made.draft(0, "one two", 2, 0, Window("b", 1, 0)) == 2, "and the same text is no conflict"


def test_a_draft_that_comes_late_is_passed_over(tmp_path: Path) -> None:
    """A page that goes away sends its last draft beside one that is on its way."""
    made = work(tmp_path)
    assert made.draft(0, "newer", 2, 0, Window("a", 2, 0)) == 1
    assert made.draft(0, "older", 1, 0, Window("a", 1, 0)) == 1
    assert made.stands(0)["text"] == "newer"


def test_a_draft_of_an_older_version_of_the_desk_is_taken_up(tmp_path: Path) -> None:
    made = work(tmp_path)
    (tmp_path / "drafts" / "1.json").write_text('{"text": "hal", "seconds": 2, "revision": 0}')
    assert (made.stands(0)["text"], made.stands(0)["draft"]) == ("hal", 1)


# ---- files that are not as they were left


def test_a_journal_that_was_removed_while_the_desk_stands(tmp_path: Path) -> None:
    """A new one would lack what stood there, and the next start would follow it."""
    made = work(tmp_path)
    made.answer(0, "One.", 1, 0)
    journal = tmp_path / "work.jsonl"
    there = journal.read_bytes()
    journal.unlink()
    with pytest.raises(OSError, match=r"work.jsonl was removed or changed"):
        made.answer(1, "Two.", 1, 0)
    assert not journal.exists()
    assert made.states()[1] == "open"
    journal.write_bytes(there)
    assert made.answer(1, "Two.", 1, 0) == 1


def test_replies_that_were_removed_while_the_desk_stands_are_written_anew(tmp_path: Path) -> None:
    made = work(tmp_path)
    made.answer(0, "One.", 1, 0)
    (tmp_path / "replies.jsonl").unlink()
    made.answer(1, "Two.", 1, 0)
    assert [record["text"] for record in lines(tmp_path / "replies.jsonl")] == ["One.", "Two."]


@pytest.mark.parametrize("empty", [True, False], ids=["an empty journal", "no journal"])
def test_replies_without_a_journal_are_not_thrown_away(tmp_path: Path, empty: bool) -> None:
    (tmp_path / "replies.jsonl").write_bytes(b"{}\n")
    if empty:
        (tmp_path / "work.jsonl").write_bytes(b"")
    with pytest.raises(UsageError, match=r"work.jsonl"):
        Work(tmp_path, SCENARIOS)
    assert (tmp_path / "replies.jsonl").read_bytes() == b"{}\n"


def test_half_a_line_that_could_not_be_cut_is_cut_before_the_next(tmp_path: Path, monkeypatch) -> None:
    made = work(tmp_path)
    made.answer(0, "One.", 1, 0)
    journal = tmp_path / "work.jsonl"
    before = journal.read_bytes()

    def fails(*_):
        raise OSError(errno.EIO, "the disk fails")

    def torn(descriptor):
        journal.write_bytes(before + b'{"event":"ans')
        fails()

    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", torn)
        patched.setattr("os.truncate", fails)
        with pytest.raises(OSError, match="fails"):
            made.answer(1, "Two.", 1, 0)
    assert made.states()[1] == "open"
    assert made.answer(1, "Two.", 1, 0) == 1
    assert Work(tmp_path, SCENARIOS).states() == ["answer", "answer", "open"], "and the journal can be read"


def test_a_disk_that_is_full_for_good(tmp_path: Path) -> None:
    """A real limit of the system, in a process of its own: nothing torn, and what was said to be saved stands."""
    pytest.importorskip("resource")
    script = """
import pathlib, resource, sys
from amends.desk.work import Work
from amends.records import Scenario, Turn
asked = [Scenario(f"s{n}", (Turn("customer", "x"),), "train") for n in range(50)]
made = Work(pathlib.Path(sys.argv[1]), asked)
made.consent("heron")
resource.setrlimit(resource.RLIMIT_FSIZE, (4000, 4000))
for number in range(50):
    try:
        made.answer(number, "a" * 300, 1, 0)
        print("saved", number)
    except OSError as error:
        print("refused", number, error.strerror)
"""
    said = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    saved = [line for line in said if line.startswith("saved")]
    assert 5 < len(saved) < 20, said
    assert len(said) == 50, "refused every time, and none of them ended it"
    assert Work(tmp_path, [Scenario(f"s{n}", SCENARIOS[0].turns, "train") for n in range(50)]).states().count(
        "answer"
    ) >= len(saved)
    lines(tmp_path / "work.jsonl")
    lines(tmp_path / "replies.jsonl")


def test_the_name_of_an_earlier_start(tmp_path: Path) -> None:
    journal = tmp_path / JOURNAL
    assert name_in(journal) is None
    work(tmp_path / "a")
    assert name_in(tmp_path / "a" / JOURNAL) == "heron"
    journal.write_bytes(b"{")
    assert name_in(journal) is None
