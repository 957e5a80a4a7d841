"""The same report in one process and in several, from memory and from the disk, in every form of file."""

from __future__ import annotations

import gzip
import importlib
import itertools
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import orjson
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.checks.conftest import annotation, spoil, turns, write

from amends.arrow import batch_rows, parquet_batches
from amends.checks import check, chunks, duplicates, near, reading
from amends.checks.reading import Spread
from amends.checks.scan import Outcome, Task
from amends.cli import check as check_command
from amends.cli.check import command
from amends.errors import InputError, WorkerError
from amends.runs.engine import in_order

Json = dict[str, Any]


@pytest.fixture(scope="module")
def pool() -> Iterator[ProcessPoolExecutor]:
    """Three processes for all examples: starting them takes longer than an example."""
    with ProcessPoolExecutor(3, mp_context=get_context("spawn")) as started:
        yield started


def spread_over(pool: ProcessPoolExecutor, jobs: int) -> Spread:
    """As many chunks at work as there would be processes, and some that wait."""

    def spread(function: Callable[[Task], Outcome], tasks: Iterator[Task]) -> Iterator[Outcome]:
        waiting: deque[Any] = deque()
        for task in tasks:
            waiting.append(pool.submit(function, task))
            if len(waiting) > jobs:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

    return spread


IDS = st.sampled_from(["a", "b", "c", "ä", ""])
TEXTS = st.one_of(
    st.lists(st.sampled_from(["kettle", "tea", "rain", "late", "bus", "now"]), max_size=9).map(" ".join),
    st.sampled_from(
        ["Mail jane@gmail.com or call 020 7123 4567.", "DE89 3704 0044 0532 0130 00", "empathy: 5", "ÄÖ 3"]
    ),
)
SPANS = st.builds(
    lambda start, quote: {"code": "E1", "start": start, "end": start + len(quote), "quote": quote, "strength": 1.0},
    st.integers(0, 6),
    st.sampled_from(["tea", "rain late", "x"]),
)
GOLD = st.fixed_dictionaries(
    {
        "levels": st.just({"empathy": 3, "depersonalization": 3, "excuse_avoidance": 3}),
        "behaviours": st.lists(SPANS, max_size=1),
        "flags": st.just([]),
        "n": st.just(2),
    }
)
EXCHANGES = st.fixed_dictionaries(
    {"id": IDS, "turns": TEXTS.map(turns), "reply": TEXTS},
    optional={
        "split": st.sampled_from(["train", "test", "other"]),
        "scenario_id": IDS,
        "supersedes": IDS,
        "gold": st.dictionaries(st.just("model"), GOLD, max_size=1),
        "meta": st.dictionaries(st.sampled_from(["plan_id", "note"]), TEXTS, max_size=1),
        "wrong": st.just(1),
    },
)
ANNOTATIONS = st.builds(
    lambda key, scenario, spans: {
        **annotation("r1", "me"),
        "id": None if key == "ä" else f"{key}.me",
        "reply_id": key,
        "scenario_id": scenario,
        "behaviours": spans,
    },
    IDS,
    st.none() | IDS,
    st.lists(SPANS, max_size=2),
)
REPLY = st.fixed_dictionaries({"id": IDS, "scenario_id": IDS, "text": TEXTS})
BROKEN = st.sampled_from([b"", b"  ", b"{", b"[1]", b"\xff\xfe", b'{"id": 1}', b"null"])


def lines(*records: st.SearchStrategy[Json]) -> st.SearchStrategy[bytes]:
    """A file, now and then with lines that are no records."""
    good = st.one_of(*records).map(orjson.dumps)
    return st.lists(st.one_of(good, good, good, good, BROKEN), max_size=12).map(b"\n".join)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines(EXCHANGES), lines(ANNOTATIONS), lines(EXCHANGES, REPLY), st.integers(1, 900))
def test_the_report_is_the_same_for_any_number_of_processes(
    tmp_path_factory: pytest.TempPathFactory,
    pool: ProcessPoolExecutor,
    exchanges: bytes,
    judged: bytes,
    mixed: bytes,
    size: int,
) -> None:
    folder = tmp_path_factory.mktemp("files")
    (folder / "exchanges.jsonl").write_bytes(exchanges)
    (folder / "judged.jsonl").write_bytes(judged)
    (folder / "mixed.jsonl.gz").write_bytes(gzip.compress(mixed))
    paths = [str(folder), str(folder / "none.jsonl")]
    whole = check(paths)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chunks, "BYTES", size)
        for jobs, large in itertools.product((1, 2, 3), (1, reading.LARGE)):
            patch.setattr(reading, "LARGE", large)
            assert check(paths, spread=spread_over(pool, jobs) if jobs > 1 else map) == whole


WORDS = ["kettle", "tea", "rain", "late", "bus", "now", "lamp", "door", "sofa", "cup"]


def exchange(i: int) -> Json:
    """One of many that differ, of which every fifth nearly repeats the one before and every seventh has an address."""
    number = i - 1 if i % 5 == 4 else i
    text = " ".join([WORDS[(number * 7 + k * k * (number % 11 + 1)) % 10] + str(number * k % 13) for k in range(14)])
    more = " Write to jane@gmail.com." if i % 7 == 3 else ""
    return {"id": f"x{i % 190}", "turns": turns(text), "reply": f"{text} again{more}"}


def files(folder: Path, form: str) -> list[str]:
    """200 exchanges in a form, and annotations of some of them with a span that does not fit."""
    path = folder / f"exchanges{form}"
    records = [exchange(i) for i in range(200)]
    if form == ".csv":
        rows = [f"{r['id']},{r['turns'][0]['text']},{r['reply']}" for r in records]
        path.write_text("\n".join(["id,customer,reply", *rows]))
    elif form == ".parquet":
        pyarrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
        columns = {"id": [r["id"] for r in records], "reply": [r["reply"] for r in records]}
        columns["customer"] = [r["turns"][0]["text"] for r in records]
        parquet.write_table(pyarrow.table(columns), path)
    else:
        write(folder / "plain.jsonl", records)
        body = (folder / "plain.jsonl").read_bytes()
        (folder / "plain.jsonl").unlink()
        if form.endswith(".gz"):
            body = gzip.compress(body)
        elif form.endswith(".zst"):
            body = pytest.importorskip("pyarrow").compress(body, codec="zstd", asbytes=True)
        path.write_bytes(body)
    judged = [{**annotation("r1", "me"), "id": str(i), "reply_id": f"x{i}", "scenario_id": None} for i in range(40)]
    write(folder / "judged.jsonl", judged)
    return [str(path), str(folder / "judged.jsonl")]


@pytest.mark.parametrize("form", [".jsonl", ".jsonl.gz", ".jsonl.zst", ".csv", ".parquet"])
def test_every_form_says_the_same(
    tmp_path: Path, pool: ProcessPoolExecutor, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    paths = files(tmp_path, form)
    whole = check(paths)
    found = [p.found for p in whole.problems]
    assert sum("again (first at" in one for one in found) == 10
    assert sum("an e-mail address" in one for one in found) == 29
    assert sum(p.path.startswith("$.behaviours[0]") for p in whole.problems) == 40
    assert sum("3-word runs shared" in one or "the same words" in one for one in found) >= 40
    for bytes_, rows, large in ((1_000, 7, 1), (1_000, 7, reading.LARGE), (chunks.BYTES, chunks.ROWS, 1)):
        monkeypatch.setattr(chunks, "BYTES", bytes_)
        monkeypatch.setattr(chunks, "ROWS", rows)
        monkeypatch.setattr(reading, "LARGE", large)
        for jobs in (1, 2, 3):
            assert check(paths, spread=spread_over(pool, jobs)) == whole
            monkeypatch.setattr(near, "MOST", 50)
            few = check(paths)
            assert check(paths, spread=spread_over(pool, jobs)) == few
            assert len(few.notes) == 1
            monkeypatch.setattr(near, "MOST", 100_000)
        monkeypatch.setattr(duplicates, "_TOGETHER", 3)


def test_a_file_that_breaks_off_is_told_once_and_counts_up_to_there(
    tmp_path: Path, pool: ProcessPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = files(tmp_path, ".jsonl.gz")
    body = Path(paths[0]).read_bytes()
    Path(paths[0]).write_bytes(body[: len(body) * 3 // 4])
    monkeypatch.setattr(chunks, "BYTES", 1_000)
    whole = check(paths)
    assert sum("a damaged or cut file" in p.found for p in whole.problems) == 1
    assert 50 < whole.records[paths[0]] < 200
    assert sum("an e-mail address" in p.found for p in whole.problems) > 5
    monkeypatch.setattr(reading, "LARGE", 1)
    assert check(paths) == check(paths, spread=spread_over(pool, 2)) == whole


def test_a_small_file_that_breaks_off_counts_up_to_there(tmp_path: Path) -> None:
    # less than one chunk of 256 KB stands before the break
    paths = files(tmp_path, ".jsonl.gz")
    body = Path(paths[0]).read_bytes()
    Path(paths[0]).write_bytes(body[: len(body) * 3 // 4])
    report = check(paths)
    assert 50 < report.records[paths[0]] < 200
    assert sum("a damaged or cut file" in p.found for p in report.problems) == 1
    assert sum("an e-mail address" in p.found for p in report.problems) > 5


def test_rows_are_grouped_up_to_where_they_break_off() -> None:
    def broken() -> Iterator[tuple[int, Any]]:
        yield from enumerate("abc", start=1)
        raise InputError([])

    got = []
    with pytest.raises(InputError):
        for one in chunks.grouped(broken()):
            got += one.items
    assert got == [(1, "a"), (2, "b"), (3, "c")]


def test_rows_of_a_dictionary_column_keep_their_numbers(tmp_path: Path, pool: ProcessPoolExecutor) -> None:
    # Arrow gives a batch a row group, however few rows that has, where a column is a dictionary (a category of pandas)
    pyarrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    ids = [f"x{i}" for i in range(20)] + ["x3"]
    columns = {"id": ids, "reply": [f"Write to {i}" for i in ids], "customer": pyarrow.array(ids).dictionary_encode()}
    path = tmp_path / "exchanges.parquet"
    parquet.write_table(pyarrow.table(columns), path, row_group_size=7)
    for spread in (map, spread_over(pool, 2)):
        told = check([str(path)], spread=spread).problems
        assert [p.line for p in told if "again (first at" in p.found] == [21]
        assert any(f"({path}:4)" in p.found for p in told)


@pytest.mark.parametrize("size", [1, 6, 7, 8, 20, 21, 50])
def test_parquet_batches_are_full(tmp_path: Path, size: int) -> None:
    pyarrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    table = pyarrow.table({"a": pyarrow.array([f"x{i % 5}" for i in range(21)]).dictionary_encode(), "b": range(21)})
    parquet.write_table(table, tmp_path / "t.parquet", row_group_size=7)
    parts = [batch_rows(body) for body in parquet_batches(str(tmp_path / "t.parquet"), size)]
    assert list(itertools.chain(*parts)) == table.to_pylist()
    assert all(len(part) == size for part in parts[:-1])


@pytest.mark.parametrize("now", [None, b"", b"[1]\n" * 300, b'{"scenario_id": "s", "text": "t"}\n' * 300, b"\xff" * 90])
def test_a_file_that_changes_while_it_is_checked_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, now: bytes | None
) -> None:
    paths = files(tmp_path, ".jsonl")
    monkeypatch.setattr(reading, "LARGE", 1)
    read = reading.read_groups

    def and_then_changed(*given: Any) -> Any:
        groups = read(*given)
        if now is None:
            Path(paths[0]).unlink()
        else:
            Path(paths[0]).write_bytes(now)
        return groups

    monkeypatch.setattr("amends.checks.read_groups", and_then_changed)
    with pytest.raises(InputError, match="a file that changed while it was checked"):
        check(paths)


def test_a_data_folder_says_the_same(folder: Path, pool: ProcessPoolExecutor, monkeypatch: pytest.MonkeyPatch) -> None:
    spoil(folder, "replies.jsonl", lambda records: records[1].update(text="Write to jane@gmail.com, plan_levels: 3."))
    spoil(folder, "annotations/ann-1.jsonl", lambda records: records[2]["behaviours"][0].update(start=0))
    write(folder / "systems" / "one.jsonl", [{"id": "z", "scenario_id": "s1", "text": "Thank you."}])
    whole = check([str(folder)])
    assert len(whole.problems) > 3
    monkeypatch.setattr(chunks, "BYTES", 300)
    for jobs, large in itertools.product((1, 2, 3), (1, reading.LARGE)):
        monkeypatch.setattr(reading, "LARGE", large)
        assert check([str(folder)], spread=spread_over(pool, jobs)) == whole


def test_the_command_prints_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = files(tmp_path, ".jsonl")
    monkeypatch.setattr(chunks, "BYTES", 3_000)  # enough chunks for a pool
    monkeypatch.setattr(check_command, "POOL_FROM", 1)
    said = {
        (jobs, form): CliRunner().invoke(command, [*paths, "--jobs", str(jobs), *form])
        for jobs in (1, 2)
        for form in ((), ("--json",))
    }
    for form in ((), ("--json",)):
        one, two = said[1, form], said[2, form]
        assert one.exit_code == two.exit_code == 1
        assert one.stdout == two.stdout
        assert one.stderr == two.stderr
    assert len(said[1, ()].stdout.splitlines()) > 100
    assert CliRunner().invoke(command, [*paths, "--jobs", "0"]).exit_code == 2


@pytest.mark.parametrize("form", [".jsonl", ".csv", ".parquet"])
def test_a_few_megabytes_start_no_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    def refuse(*given: object) -> None:
        raise ZeroDivisionError("a pool was started")

    paths = files(tmp_path, form)
    monkeypatch.setattr("amends.runs.engine.pool_of", refuse)
    monkeypatch.setattr(chunks, "BYTES", 3_000)
    monkeypatch.setattr(chunks, "ROWS", 10)
    assert CliRunner().invoke(command, [*paths, "--jobs", "2"]).exit_code == 1
    monkeypatch.setattr(check_command, "POOL_FROM", 1_000)
    with pytest.raises(ZeroDivisionError):
        CliRunner().invoke(command, [*paths, "--jobs", "2"], catch_exceptions=False)


def test_a_process_that_dies_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = files(tmp_path, ".jsonl")
    (tmp_path / "dying.py").write_text("import os\ndef die(task): os._exit(3)")
    monkeypatch.syspath_prepend(str(tmp_path))
    die = importlib.import_module("dying").die
    monkeypatch.setattr(chunks, "BYTES", 1_000)

    def spread(function: Callable[[Task], Outcome], tasks: Iterator[Task]) -> Iterator[Outcome]:
        return in_order(die, tasks, 2)

    with pytest.raises(WorkerError, match="a worker process died"):
        check(paths, spread=spread)


def test_standard_input_in_several_processes(tmp_path: Path) -> None:
    paths = files(tmp_path, ".jsonl")
    code = (
        "import sys; from amends.checks import chunks; chunks.ROWS = 5; from amends.cli import check, main; "
        "check.POOL_FROM = 1; "
        "sys.argv = ['amends', 'check', '-', '--jobs', sys.argv[1]]; "
        "main()"
    )
    body = Path(paths[0]).read_bytes()
    done = [subprocess.run([sys.executable, "-c", code, jobs], input=body, capture_output=True) for jobs in "12"]
    assert [one.returncode for one in done] == [1, 1]
    assert done[0].stdout == done[1].stdout
    assert b"200 records in 1 file" in done[0].stdout


def test_what_travels_can_be_pickled(folder: Path) -> None:
    def spread(function: Callable[[Task], Outcome], tasks: Iterator[Task]) -> Iterator[Outcome]:
        for task in tasks:
            yield pickle.loads(pickle.dumps(function(pickle.loads(pickle.dumps(task)))))

    assert check([str(folder)], spread=spread) == check([str(folder)])
