"""Program generators: pipes that fill, replies in any order, and every way to go wrong half way."""

from __future__ import annotations

import json
import os
import textwrap
import threading
from pathlib import Path

import pytest

from amends.errors import GeneratorError
from amends.generators import Failure, child, program
from amends.generators.program import load_folder
from amends.records import Author, Context, Reply, Scenario, Turn

READ_ALL = "import json, sys\nscenarios = [json.loads(line) for line in sys.stdin.buffer]\n"
SAY = "def say(name, text='ok', **more): print(json.dumps({'scenario_id': name, 'text': text, **more}), flush=True)\n"


def make(folder: Path, source: str, **card: object) -> Path:
    """A program's folder."""
    folder.mkdir(exist_ok=True)
    fields = {"name": "probe", "version": "1", "kind": "program", "command": ["{python}", "generate.py"]}
    (folder / "generator.json").write_text(json.dumps(fields | card))
    (folder / "generate.py").write_text(textwrap.dedent(source))
    return folder


def ask(folder: Path, ids: list[str], **how: object) -> tuple[list[Reply], list[Failure]]:
    """Everything that comes of it."""
    failures: list[Failure] = []
    generator = load_folder(folder)
    replies = list(generator.generate([scenario(i) for i in ids], report=failures.append, **how))  # type: ignore[arg-type]
    return replies, failures


def scenario(name: str, text: str = "Where is it?") -> Scenario:
    """A scenario with everything that a generator must not see."""
    context = Context(company="Testco", fault="company", emotion="anger", intensity=5)
    return Scenario(name, (Turn("customer", text),), "test", context, {"secret": "meta"})


@pytest.fixture(autouse=True)
def short_closing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "DRAIN_SECONDS", 0.3)


def test_a_megabyte_out_before_a_megabyte_in_does_not_deadlock(tmp_path: Path) -> None:
    # both pipes hold 64 KB: with one-after-the-other reading and writing this never ends
    source = """
        import json, sys
        for i in range(16):
            print(json.dumps({"scenario_id": f"s{i}", "text": "x" * 65536}))
        sys.stdout.flush()
        assert len(sys.stdin.buffer.read()) > 1_000_000
    """
    folder = make(tmp_path / "p", source)
    failures: list[Failure] = []
    given = [scenario(f"s{i}", "y" * 65536) for i in range(16)]
    replies = list(load_folder(folder).generate(given, report=failures.append))
    assert [len(reply.text) for reply in replies] == [65536] * 16
    assert failures == []


def test_what_a_program_is_given_and_what_becomes_of_its_lines(tmp_path: Path) -> None:
    source = READ_ALL + SAY + "say(scenarios[0]['id'], json.dumps(scenarios[0]), meta={'seen': 1})\n"
    [reply], failures = ask(make(tmp_path / "p", source), ["s1"])
    assert set(json.loads(reply.text)) == {
        "id", "language", "domain", "channel", "relationship", "company", "customer_org", "authority", "turns",
    }  # fmt: skip
    assert (reply.id, reply.sample, reply.meta) == ("s1.probe.0", 0, {"seen": 1})
    assert reply.author == Author("program", "probe", "1")
    assert failures == []


# (what the program does after reading all, replies as id list, failures as (id, words in it), why)
HALF = "[say(s['id']) for s in scenarios[:2]]\n"
TABLE = [
    ("[say(s['id']) for s in reversed(scenarios)]", ["c", "b", "a"], [], "any order"),
    ("say('a'); say('c')", ["a", "c"], [("b", "no reply")], "missing is named"),
    ("say('a'); say('a', 'other'); say('b'); say('c')", ["a", "b", "c"], [("a", "second")], "the first counts"),
    ("say('zz'); [say(s['id']) for s in scenarios]", ["a", "b", "c"], [("zz", "no scenario")], "unknown"),
    (HALF + "sys.exit(3)", ["a", "b"], [("c", "exit code 3")], "half is kept, the cause named"),
    (HALF + "say('c'); sys.exit(3)", ["a", "b", "c"], [(None, "exit code 3")], "all there, yet not in order"),
    (HALF + "import os, signal; os.kill(os.getpid(), signal.SIGKILL)", ["a", "b"], [("c", "SIGKILL")], "killed"),
    (HALF + "print('no json', flush=True); say('c')", ["a", "b", "c"], [(None, "line 3")], "garbage line"),
    (HALF + "print('[1]'); say('c')", ["a", "b", "c"], [(None, "expected an object")], "JSON, but no object"),
    (HALF + "print('\\n\\n'); say('c')", ["a", "b", "c"], [], "blank lines mean nothing"),
    (HALF + "print('{\"scenario_id\": \"c\"}')", ["a", "b"], [("c", "$.text")], "bad line names its scenario, once"),
    (HALF + "say('c', None); say('c')", ["a", "b", "c"], [("c", "$.text")], "a good line after a bad one counts"),
    (HALF + "say('c', x=1)", ["a", "b"], [("c", "$.x")], "unknown fields are refused"),
    (HALF + "say('c', sample=1)", ["a", "b"], [("c", "not asked"), ("c", "no reply")], "a sample too many"),
    (HALF + "say('c', sample=0.0)", ["a", "b", "c"], [], "0.0 is a whole number to JSON Schema"),
    (HALF + "print('{\"scenario_id\": \"c\", \"text\": \"\\\\ud800\"}')",
     ["a", "b"], [(None, "no JSON"), ("c", "no reply")], "half a surrogate pair is no text"),
    (HALF + "sys.stdout.buffer.write(b'\\xff\\n'); say('c')", ["a", "b", "c"], [(None, "0xff")], "not UTF-8"),
    (HALF + "sys.stdout.write(json.dumps({'scenario_id': 'c', 'text': ''}))", ["a", "b", "c"], [],
     "no line end on the last line, and an empty text is a reply"),
    (HALF + "print('x' * 3000); say('c')", ["a", "b", "c"], [(None, "longer")], "a line above the limit"),
    ("print('noise', file=sys.stderr); [say(s['id']) for s in scenarios]", ["a", "b", "c"], [], "stderr is free"),
    ("pass", [], [("a", "no reply"), ("b", "no reply"), ("c", "no reply")], "nothing at all"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "answered", "failed", "why"), TABLE, ids=[row[3] for row in TABLE])
def test_lines(
    source: str,
    answered: list[str],
    failed: list[tuple[str | None, str]],
    why: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(child, "MAX_LINE", 2000)
    replies, failures = ask(make(tmp_path / "p", READ_ALL + SAY + source), ["a", "b", "c"])
    assert [reply.scenario_id for reply in replies] == answered, why
    assert [failure.scenario_id for failure in failures] == [name for name, _ in failed], why
    for failure, (_, words) in zip(failures, failed, strict=True):
        assert words in str(failure), why


def test_stdin_closed_early_is_no_failure(tmp_path: Path) -> None:
    source = SAY + "sys.stdin.close(); [say(f's{i}') for i in range(40)]"
    ids = [f"s{i}" for i in range(40)]
    folder = make(tmp_path / "p", "import json, sys\n" + source)
    failures: list[Failure] = []
    given = [scenario(i, "y" * 65536) for i in ids]
    replies = list(load_folder(folder).generate(given, report=failures.append))
    assert [reply.scenario_id for reply in replies] == ids
    assert failures == []


@pytest.fixture
def budgets(monkeypatch: pytest.MonkeyPatch) -> list[child.Budget]:
    """The budgets that were given out, so that a test can spend one when it likes: no race with the start."""
    given: list[child.Budget] = []

    class Noted(child.Budget):
        def __init__(self, seconds: float) -> None:
            super().__init__(seconds)
            given.append(self)

    monkeypatch.setattr(program, "Budget", Noted)
    return given


def test_time_out_keeps_good_replies_and_names_the_rest(tmp_path: Path, budgets: list[child.Budget]) -> None:
    source = READ_ALL + SAY + "say('a')\nimport time\ntime.sleep(600)"
    failures: list[Failure] = []
    folder = make(tmp_path / "p", source)
    replies = load_folder(folder).generate([scenario("a"), scenario("b")], report=failures.append)
    assert next(replies).scenario_id == "a"
    budgets[0].shorten(0.25)
    assert list(replies) == []
    assert [(f.scenario_id, f.sample) for f in failures] == [("b", 0)]
    assert "stopped after 0.25 seconds" in failures[0].what


def test_the_budget_grows_with_the_scenarios(tmp_path: Path, budgets: list[child.Budget]) -> None:
    # nobody answers, so that the closing time does not shorten it
    folder = make(tmp_path / "p", "", seconds_per_reply=20)
    ask(folder, ["a"])
    ask(folder, ["a", "b"])
    assert [budget.seconds for budget in budgets] == [30.0, 40.0]


def test_the_clock_stands_still_while_the_caller_is_busy() -> None:
    budget = child.Budget(1000.0)
    with budget.paused():
        budget._end -= 500.0  # as if the caller had taken long
    assert budget.left() < 501.0
    before = budget._end
    with budget.paused():
        threading.Event().wait(0.01)
    assert budget._end > before


def test_a_program_that_does_not_end_after_its_last_reply(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program, "CLOSING_SECONDS", 0.2)
    source = READ_ALL + SAY + "say('a')\nimport time\ntime.sleep(600)"
    replies, [failure] = ask(make(tmp_path / "p", source), ["a"])
    assert len(replies) == 1
    assert failure.scenario_id is None
    assert "every reply came" in failure.what


def test_output_without_end_is_cut_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program, "MOST_BAD_LINES", 20)
    source = READ_ALL + SAY + "say('a')\nwhile True: print('again and again')"
    replies, failures = ask(make(tmp_path / "p", source), ["a", "b"])
    assert [reply.scenario_id for reply in replies] == ["a"]
    assert len(failures) == 22  # 21 bad lines and the scenario without a reply
    assert failures[-1].scenario_id == "b"


GRANDCHILD = """
import subprocess
print(subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]).pid, file=sys.stderr, flush=True)
"""


def gone(pid: int) -> bool:
    """Whether a process has ended (a zombie that nobody reaps has)."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return True
    return state in "ZX"


def wait_gone(pid: int) -> bool:
    """Death after SIGKILL is not instant; the loop has an end, not a promise of speed."""
    return any(gone(pid) or threading.Event().wait(0.05) for _ in range(400))


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks processes up in /proc")
@pytest.mark.parametrize("how", ["end", "time-out", "close"])
def test_nothing_is_left_running(how: str, tmp_path: Path, budgets: list[child.Budget]) -> None:
    # the grandchild holds the output pipe, so that neither end of output nor the exit alone is enough
    last = "" if how == "end" else "\nimport time\ntime.sleep(600)"
    folder = make(tmp_path / "p", READ_ALL + SAY + GRANDCHILD + "say('a')" + last)
    log = tmp_path / "generator.log"
    failures: list[Failure] = []
    replies = load_folder(folder).generate([scenario("a"), scenario("b")], report=failures.append, log=log)
    assert next(replies).scenario_id == "a"
    if how == "time-out":
        budgets[0].shorten(0.25)
    if how == "close":
        replies.close()  # type: ignore[attr-defined]
        assert failures == []
    else:
        assert list(replies) == []
        assert [failure.scenario_id for failure in failures] == ["b"]
    assert wait_gone(int(log.read_text().split()[0]))


def test_standard_error_is_appended_to_the_log(tmp_path: Path) -> None:
    log = tmp_path / "deep" / "generator.log"
    folder = make(tmp_path / "p", READ_ALL + SAY + "say('a'); print('loud', file=sys.stderr)")
    ask(folder, ["a"], log=log)
    ask(folder, ["a"], log=log)
    assert log.read_text().split() == ["loud", "loud"]


COUNT = "open('runs', 'a').write('x')\n"
K = "import os\nk = int(os.environ['AMENDS_SAMPLE'])\n"
ALL = "[say(s['id'], f't{j}', sample=j) for j in range(int(os.environ['AMENDS_SAMPLES'])) for s in scenarios]"
SAMPLES = [
    (K + "[say(s['id'], f't{k}') for s in scenarios]", 3, set(), "once for each number"),
    (K + ALL, 1, set(), "all at once: one run"),
    (K + "[say(s['id'], f't{k}') for s in scenarios]", 2, {("a", 1), ("b", 1)}, "a number that is all there"),
    (K + "assert len(scenarios) == (1 if k == 0 else 2)\n[say(s['id'], f't{k}') for s in scenarios]", 3,
     {("a", 0)}, "what is there is not asked again"),
    (K + ALL, 2, {("a", 0)}, "a is first asked in the second run; what is there comes again and is passed over"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "runs", "done", "why"), SAMPLES, ids=[row[3] for row in SAMPLES])
def test_samples(source: str, runs: int, done: set[tuple[str, int]], why: str, tmp_path: Path) -> None:
    folder = make(tmp_path / "p", READ_ALL + SAY + COUNT + source)
    replies, failures = ask(folder, ["a", "b"], samples=3, done=done)
    assert failures == [], why
    assert sorted(reply.key for reply in replies) == sorted({(i, k) for i in "ab" for k in range(3)} - done), why
    assert all(reply.text == f"t{reply.sample}" for reply in replies), why
    assert len({reply.id for reply in replies}) == len(replies), why
    assert len((folder / "runs").read_text()) == runs, why


def test_nothing_wanted_starts_nothing(tmp_path: Path) -> None:
    folder = make(tmp_path / "p", COUNT)
    assert ask(folder, ["a"], done={("a", 0)}) == ([], [])
    assert ask(folder, []) == ([], [])
    assert not (folder / "runs").exists()


def test_runs_in_its_folder_with_the_data_named_and_no_shell(tmp_path: Path) -> None:
    source = READ_ALL + SAY + "import os\nsay('a', json.dumps([os.getcwd(), os.environ['AMENDS_DATA'], sys.argv]))"
    folder = make(tmp_path / "p", source, command=["{python}", "generate.py", "$HOME; echo no"])
    [reply], _ = ask(folder, ["a"])
    here, data, arguments = json.loads(reply.text)
    assert Path(here) == folder.resolve()
    assert Path(data).name == "data"
    assert arguments[1] == "$HOME; echo no"
    assert not (folder / "__pycache__").exists()


def test_a_program_that_does_not_start_fails_as_a_whole(tmp_path: Path) -> None:
    folder = make(tmp_path / "p", "", command=["./there-is-no-such-program"])
    with pytest.raises(GeneratorError, match="does not start"):
        ask(folder, ["a"])


def test_signals_reach_nobody_else(tmp_path: Path) -> None:
    # the group that is killed must be the child's own, never that of the tests
    source = READ_ALL + SAY + "import os\nsay('a', str(os.getpgid(0)))"
    [reply], _ = ask(make(tmp_path / "p", source), ["a"])
    assert int(reply.text) != os.getpgid(0)
