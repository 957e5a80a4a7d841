"""Pipes are read once, a file that breaks off gives what stood before it, and no pool hangs or outlives its parent."""

import gzip
import importlib
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from amends.errors import InputError, WorkerError
from amends.jsonl import whole_file
from amends.runs.engine import POOL_FROM, in_order
from amends.runs.pool import itself, pool_of

posix = pytest.mark.skipif(sys.platform == "win32", reason="pipes with a path, and SIGKILL, are of POSIX")
SCORE = [sys.executable, "-m", "amends", "score"]


def exchange(number: int) -> dict[str, Any]:
    turns = [{"role": "customer", "text": f"Lamp {number} came in pieces."}]
    return {"id": f"e{number}", "turns": turns, "reply": "Sorry. " * 30, "meta": {"conversation": f"c{number % 9}"}}


def through(pipe: Path, data: bytes) -> threading.Thread:
    os.mkfifo(pipe)
    thread = threading.Thread(target=lambda: pipe.write_bytes(data), daemon=True)
    thread.start()
    return thread


@posix
@pytest.mark.parametrize("out", [[], ["-o", "out.jsonl"]], ids=["table", "annotations"])
def test_a_named_pipe_loses_no_line(out: list[str], tmp_path: Path) -> None:
    through(tmp_path / "pipe", b"".join(json.dumps(exchange(n)).encode() + b"\n" for n in range(3000)))
    done = subprocess.run(
        [*SCORE, "pipe", "--scorer", "rules", "--jobs", "1", "--json", *out],
        cwd=tmp_path,
        capture_output=True,
        timeout=60,
    )
    assert json.loads(done.stdout)["counts"]["replies"] == 3000, done.stderr
    if out:
        assert (tmp_path / "out.jsonl").read_bytes().count(b"\n") == 3000


def test_an_export_on_standard_input_is_read_once(tmp_path: Path) -> None:
    def comments(n: int) -> list[dict[str, Any]]:
        said = [(1, "My lamp is broken!"), (2, "Sorry to hear that.")]
        return [
            {"id": 10 * n + w, "author_id": w, "body": t, "created_at": f"2024-01-01T0{w}:00:00Z", "public": True}
            for w, t in said
        ]

    users = [{"id": 1, "role": "end-user", "name": "A"}, {"id": 2, "role": "agent", "name": "B"}]
    tickets = [{"id": n, "requester_id": 1, "comments": comments(n)} for n in range(1, 600)]
    command = [*SCORE, "-", "--from", "zendesk", "--scorer", "rules", "--json"]
    body = json.dumps({"tickets": tickets, "users": users}).encode()
    done = subprocess.run(command, input=body, capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["counts"]["replies"] == 599


@pytest.mark.parametrize("good", [3, POOL_FROM + 5])
@pytest.mark.parametrize("jobs", [1, 2])
def test_what_stands_before_a_break_is_given(good: int, jobs: int) -> None:
    def items() -> Any:
        yield from range(good)
        raise whole_file("in.gz", "a cut file", "a whole file", "copy it again")

    given: list[int] = []
    with pytest.raises(InputError, match="a cut file"):
        given.extend(in_order(abs, items(), jobs))
    given = []
    stream = in_order(abs, items(), jobs)
    with pytest.raises(InputError):
        while True:
            given.append(next(stream))
    assert given == list(range(good))


def test_a_cut_gzip_tells_its_problems_on_several_cores(tmp_path: Path) -> None:
    made = [json.dumps(exchange(n) | {"reply": os.urandom(200).hex()}).encode() for n in range(8000)]
    made[3000] = b"{"
    data = gzip.compress(b"\n".join(made))
    (tmp_path / "in.jsonl.gz").write_bytes(data[: len(data) * 4 // 5])
    told = []
    for jobs in "12":
        command = [*SCORE, "in.jsonl.gz", "--scorer", "rules", "--jobs", jobs, "-o", f"{jobs}.jsonl"]
        told.append(subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=120).stderr)
    assert told[0] == told[1]
    assert b"in.jsonl.gz:3001 " in told[0]
    assert (tmp_path / "1.jsonl").read_bytes() == (tmp_path / "2.jsonl").read_bytes()


@posix
def test_a_worker_that_dies_ends_the_run_with_a_word() -> None:
    with pytest.raises(WorkerError, match="a worker process died"):
        list(in_order(os._exit, iter([3] * (POOL_FROM + 1)), 2))


FUNCTIONS = """
import os

def long_answer(_):
    return bytes(1 << 25)

def leave(_):
    os._exit(3)

class Stubborn(Exception):
    def __init__(self, place, why):
        super().__init__(f"{place}: {why}")

def bad(item):
    if item == 5:
        raise LookupError("the fifth")
    if item == 7:
        raise Stubborn("seven", "is no good")
    return item

def made_badly(_):
    raise LookupError("no weights here")

def unsent(_):
    return lambda: None
"""


@pytest.fixture(scope="module")
def functions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A module that worker processes find too, which they do not find this one."""
    folder = tmp_path_factory.mktemp("functions")
    (folder / "pooled.py").write_text(FUNCTIONS)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))
        yield importlib.import_module("pooled")


@posix
@pytest.mark.parametrize("after", [1, 3, 6])
def test_a_worker_killed_in_the_middle_of_an_answer_ends_the_run(after: int, functions: Any) -> None:
    """A pipe takes 64 kB at once: these workers do little else than stand in the middle of an answer."""
    given = 0
    with pytest.raises(WorkerError, match="a worker process died"), pool_of(2, itself, functions.long_answer) as pool:
        for _ in pool.map(iter(range(60))):
            given += 1
            if given == after:
                multiprocessing.active_children()[0].kill()
    assert given >= after


def test_calls_longer_than_a_pipe_end_with_the_worker(functions: Any) -> None:
    """Before Python 3.11.5 the pool of the standard library waits for ever to hand them on."""
    with pytest.raises(WorkerError, match="a worker process died"), pool_of(2, itself, functions.leave) as pool:
        list(pool.map(bytes(1 << 20) for _ in range(9)))


@pytest.mark.parametrize(
    ("items", "error", "told", "before"),
    [
        pytest.param(range(9), LookupError, "the fifth", 5, id="the exception itself, as in one process"),
        pytest.param((1, 7), WorkerError, "seven: is no good", 1, id="in words, if it cannot travel"),
    ],
)
def test_an_exception_of_a_worker_says_where(
    items: Any, error: type[Exception], told: str, before: int, functions: Any
) -> None:
    given: list[int] = []
    with pytest.raises(error, match=told) as caught, pool_of(2, itself, functions.bad) as pool:
        given.extend(pool.map(iter(items)))
    assert given == list(items)[:before]
    assert "in bad" in str(caught.value) + "".join(getattr(caught.value, "__notes__", []))


def test_a_worker_that_cannot_begin_says_why(functions: Any) -> None:
    with pytest.raises(LookupError, match="no weights here"), pool_of(2, functions.made_badly, None) as pool:
        list(pool.map(iter(range(3))))


def test_what_cannot_travel_is_told(functions: Any) -> None:
    with pytest.raises(WorkerError, match="what pickle can take"), pool_of(2, itself, lambda item: item) as pool:
        list(pool.map(iter(range(3))))
    with pytest.raises(AttributeError, match="pickle"), pool_of(2, itself, functions.unsent) as pool:
        list(pool.map(iter(range(3))))


def test_processes_start_with_work_and_end_with_the_block() -> None:
    with pool_of(4, itself, abs) as pool:
        assert multiprocessing.active_children() == []
        assert list(pool.map(iter([-1]))) == [1]
        assert len(multiprocessing.active_children()) == 1
    assert multiprocessing.active_children() == []


UNGUARDED = """
import amends
items = [
    {"id": str(n), "turns": [{"role": "customer", "text": "Hm"}], "reply": "Sorry. " * (n % 9)} for n in range(4200)
]
amends.score(items, "rules", jobs=2)
"""


def test_a_script_without_a_main_guard_is_told(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(UNGUARDED)
    done = subprocess.run([sys.executable, "mine.py"], cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode == 1
    assert "WorkerError: a worker process died" in done.stderr
    assert "if __name__ == '__main__':" in done.stderr


HEAVY = """
import amends
from amends.records import DIMENSIONS, Annotation, Annotator

class Mine:
    name, version, weights = "mine", 1, "0"

    def __init__(self):
        self.state = bytes(1 << 20)

    def annotate(self, exchanges):
        who = Annotator("scorer", "program", "mine", "1")
        return [Annotation("", None, who, dict.fromkeys(DIMENSIONS, 3.0)) for _ in exchanges]

turns = [{"role": "customer", "text": "Hm"}]
amends.score([{"id": str(n), "turns": turns, "reply": "Sorry."} for n in range(4200)], Mine(), jobs=2)
"""


@pytest.mark.parametrize(
    ("how", "told"),
    [
        pytest.param(["mine.py"], "a worker process died", id="a script without a main guard"),
        pytest.param(["-"], "so it must be a file", id="a script on standard input"),
        pytest.param(["-c", HEAVY], "not in a notebook", id="a prompt, where workers find no class"),
    ],
)
def test_a_scorer_with_weights_and_workers_that_cannot_begin(how: list[str], told: str, tmp_path: Path) -> None:
    """More than a pipe takes at once: the process that starts them must not wait for ever for one that died."""
    (tmp_path / "mine.py").write_text(HEAVY)
    command = [sys.executable, *how]
    done = subprocess.run(command, cwd=tmp_path, input=HEAVY, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "WorkerError" in done.stderr
    assert told in done.stderr


WORKING = """
import multiprocessing, time
from amends.runs.engine import in_order
if __name__ == "__main__":
    results = in_order(time.sleep, iter([0.01] * 12 + [60] * 4), 2)
    for _ in range(3): next(results)
    print(*[p.pid for p in multiprocessing.active_children()], flush=True)
    time.sleep(60)
"""


@posix
def test_a_killed_parent_leaves_no_workers(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(WORKING)
    with subprocess.Popen([sys.executable, "mine.py"], cwd=tmp_path, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        workers = [int(pid) for pid in process.stdout.readline().split()]
        assert len(workers) == 2
        process.send_signal(signal.SIGKILL)
        process.wait()
    deadline = time.monotonic() + 10
    while (left := [pid for pid in workers if is_running(pid)]) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not left


LEAVING = """
import multiprocessing, sys, time
from amends.runs.engine import in_order
if __name__ == "__main__":
    results = in_order(time.sleep, iter([0] + [60] * 12), 2)
    next(results)
    print("working", flush=True)
    if sys.argv[1:]: results.close()
    else: next(results)
    assert not multiprocessing.active_children()
"""


@posix
@pytest.mark.parametrize("closed", [["closed"], []], ids=["nobody takes the rest", "Ctrl+C"])
def test_who_leaves_does_not_wait_for_what_is_worked_on(closed: list[str], tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(LEAVING)
    command = [sys.executable, "mine.py", *closed]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "working\n"
        if not closed:
            process.send_signal(signal.SIGINT)
        try:
            told = process.communicate(timeout=30)[1]
        finally:
            process.kill()
    assert told.rstrip().endswith("" if closed else "KeyboardInterrupt")
    assert process.returncode == (0 if closed else -signal.SIGINT)


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # one that ended and that nobody asked about stays in the table
    state = Path(f"/proc/{pid}/stat")
    try:
        return not state.exists() or state.read_text().rpartition(")")[2].split()[0] != "Z"
    except ProcessLookupError:
        return False


HELD = """
from amends.runs.engine import in_order

held = in_order(abs, iter(range(100)), 2)
if __name__ == "__main__":
    next(held)
    raise OSError("full")
"""


def test_a_stream_that_is_held_when_python_ends_keeps_no_process_waiting(tmp_path: Path) -> None:
    """Python waits for its processes before it lets go of what an exception, or a module, holds."""
    (tmp_path / "mine.py").write_text(HELD)
    done = subprocess.run([sys.executable, "mine.py"], cwd=tmp_path, capture_output=True, text=True, timeout=30)
    assert done.returncode == 1 and done.stderr.endswith("OSError: full\n"), done.stderr
