"""score over files of every form: same bytes from one core and several, from lines, gzip, Zstandard and Parquet, and
after a kill at any byte; blocks of lines are the lines."""

import gzip
import importlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.errors import InputError, Problem
from amends.jsonl import read
from amends.logs.reader import Source
from amends.runs.blocks import blocks, decoded
from amends.runs.engine import POOL_FROM, Local, in_order
from amends.runs.output import lines_of
from amends.runs.score import Output, Scored, score_file

# a name that a pool's processes find: some package of the environment may install a "tests" of its own
sys.path.insert(0, str(Path(__file__).parent))
Length: Any = importlib.import_module("lengths").Length


def exchange(number: int, size: int = 1500) -> dict[str, Any]:
    turns = [{"role": "customer", "text": f"The lamp {number} came in pieces. " + "é" * (number % size)}]
    # few clusters, so that the intervals cost nothing
    meta = {"conversation": f"c{number % 30}"}
    return {"id": f"e{number}", "turns": turns, "reply": "Sorry. " * (number % 40), "meta": meta}


def lines(count: int) -> list[bytes]:
    """Good lines with some bad ones: an id again (near by and far off), broken JSON, no UTF-8, a wrong field."""
    made = [json.dumps(exchange(n), ensure_ascii=False).encode() for n in range(count)]
    for place in range(7, count, 401):
        made[place] = [made[place - 1], made[2], b"{", b'"\xff"', json.dumps(exchange(place) | {"x": 1}).encode()][
            place // 401 % 5
        ]
    return made


def scored(file: Path | str, out: Path | None, scorer: Length, jobs: int = 1) -> tuple[Scored, list[str]]:
    told: list[Problem] = []
    target = Output(out) if out is not None else None
    found = score_file(Source(str(file)), scorer, out=target, tell=told.append, engine=Local(jobs))
    return found, [str(problem).replace(str(file), "FILE") for problem in told]


def document(found: Scored) -> dict[str, Any]:
    assert found.result is not None
    raw = found.result.to_dict() | {"generator": None, "set": found.result.set["digest"]}
    return raw | {"signature": raw["signature"].split("@")[1], "missing": found.missing, "problems": found.problems}


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Enough for a pool: more than POOL_FROM blocks."""
    path = tmp_path_factory.mktemp("in") / "in.jsonl"
    path.write_bytes(b"\n".join(lines(2300)))
    assert len(list(blocks(str(path)))) > POOL_FROM
    return path


@pytest.fixture(scope="module")
def alone(file: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, dict[str, Any], list[str]]:
    """What one process makes of it."""
    out = tmp_path_factory.mktemp("out") / "out.jsonl"
    found, told = scored(file, out, Length())
    assert found.problems == len(told) == 6
    return out.read_bytes(), document(found), told


def test_the_lines_are_those_of_the_good_ids_in_order(file: Path, alone: Any) -> None:
    good = [value["id"] for _, value in read(str(file)) if not isinstance(value, Problem) and "x" not in value]
    assert [json.loads(line)["reply_id"] for line in alone[0].splitlines()] == list(dict.fromkeys(good))
    assert any("again (first in line 3)" in one for one in alone[2]), "an id from another block"


def test_several_cores_make_the_same(file: Path, alone: Any, tmp_path: Path) -> None:
    found, told = scored(file, tmp_path / "out.jsonl", Length(), jobs=2)
    assert ((tmp_path / "out.jsonl").read_bytes(), document(found), told) == alone


@pytest.mark.parametrize("suffix", ["gz", "zst"])
def test_compressed_lines_in_and_out(suffix: str, file: Path, alone: Any, tmp_path: Path) -> None:
    packed = tmp_path / f"in.jsonl.{suffix}"
    data = file.read_bytes()
    packed.write_bytes(gzip.compress(data) if suffix == "gz" else pyarrow.compress(data, "zstd", asbytes=True))
    out = tmp_path / f"out.jsonl.{suffix}"
    found, told = scored(packed, out, Length())
    assert (document(found), told) == alone[1:]
    assert [value for _, value in read(str(out))] == [json.loads(line) for line in alone[0].splitlines()]
    first = out.read_bytes()
    again = Length()
    assert document(scored(packed, out, again)[0]) == alone[1], "a finished output gives its table"
    assert again.asked == 0
    assert out.read_bytes() == first
    assert not lines_of(out).exists()


def test_parquet_in_and_out(tmp_path: Path) -> None:
    rows = [
        {"id": f"e{n}", "customer": "Hm?", "reply": "Sorry. " * (n % 9), "conversation": f"c{n % 20}"}
        for n in range(3000)
    ]
    rows[1700] |= {"id": "e4"}
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), tmp_path / "in.parquet", row_group_size=1100)
    out = tmp_path / "out.parquet"
    scorer = Length()
    found, told = scored(tmp_path / "in.parquet", out, scorer, jobs=2)
    assert told == [
        'FILE:1701 $.id: found "e4" again (first in line 5), expected an id used once in the file; rename or remove it'
    ]
    plain, _ = scored(tmp_path / "in.parquet", tmp_path / "out.jsonl", scorer)
    assert document(plain) == document(found)
    made = pyarrow.parquet.read_table(out).to_pylist()
    wanted = [json.loads(line) for line in (tmp_path / "out.jsonl").read_bytes().splitlines()]
    assert [m["reply_id"] for m in made] == [w["reply_id"] for w in wanted]
    assert [(m["levels"], m["behaviours"], m["flags"]) for m in made] == [
        (w["levels"], w["behaviours"], w["flags"]) for w in wanted
    ]
    again = Length()
    assert document(scored(tmp_path / "in.parquet", out, again)[0]) == document(found)
    assert again.asked == 0


def test_cut_anywhere_and_gone_on_with(file: Path, alone: Any, tmp_path: Path) -> None:
    """At the start, in a line, at its end, in the block with a repeated id, one line before the end, at the end."""
    data, total = alone[0], alone[0].count(b"\n")
    out = tmp_path / "out.jsonl"
    scored(file, out, Length())
    for cut in (0, 1, 400, len(data) // 3, data.index(b"e1612") + 200, len(data) - 2, len(data)):
        out.write_bytes(data[:cut])
        scorer = Length()
        found, told = scored(file, out, scorer, jobs=2 if cut == 400 else 1)
        assert (out.read_bytes(), document(found), told) == alone, cut
        if cut != 400:  # a pool counts elsewhere
            # an id that is not new may be asked about once more, where it stands in the block that was cut
            assert 0 <= scorer.asked - (total - data[:cut].count(b"\n")) <= 6, cut


def test_lines_of_a_packed_output_are_gone_on_with(file: Path, alone: Any, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl.gz"
    scored(file, out, Length())
    whole = out.read_bytes()
    out.unlink()
    lines_of(out).write_bytes(alone[0][: len(alone[0]) // 2])
    scored(file, out, Length())
    assert out.read_bytes() == whole
    lines_of(out).write_bytes(b"left by a kill between the two")
    scored(file, out, Length())
    assert out.read_bytes() == whole
    assert not lines_of(out).exists()


DAMAGED = [
    (lambda ls: [ls[1], ls[0], *ls[2:]], ":1 ", "another reply", "not in the order of the input"),
    (lambda ls: [ls[0], b'{"levels": 3}\n', *ls[2:]], ":2 ", "not an annotation", "something else"),
    (lambda ls: [ls[0], b"{\n", *ls[2:]], ":2 ", "broken JSON", "damaged"),
    (lambda ls: [*ls, ls[0]], "", "more annotations", "longer than the input"),
]


@pytest.mark.parametrize(("damage", "where", "said", "why"), DAMAGED, ids=[d[-1] for d in DAMAGED])
def test_what_no_run_left_is_refused(damage: Any, where: str, said: str, why: str, tmp_path: Path) -> None:
    file, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    file.write_text("".join(json.dumps(exchange(n)) + "\n" for n in range(20)))
    scored(file, out, Length())
    out.write_bytes(b"".join(damage(out.read_bytes().splitlines(keepends=True))))
    with pytest.raises(InputError, match=f"out.jsonl{where}.*{said}.*--fresh"):
        scored(file, out, Length())


def test_an_input_without_a_good_line_leaves_no_output(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text('{"id": "a"}\n{\n')
    found, told = scored(tmp_path / "in.jsonl", tmp_path / "out.jsonl", Length())
    assert (found.result, len(told)) == (None, 2)
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is a POSIX signal")
def test_killed_with_a_pool_at_work(file: Path, tmp_path: Path) -> None:
    def command(out: str) -> list[str]:
        return [sys.executable, "-m", "amends", "score", str(file), "--scorer", "rules", "--jobs", "2", "-o", out]

    subprocess.run(command("whole.jsonl"), cwd=tmp_path, capture_output=True)
    out = tmp_path / "out.jsonl"
    with subprocess.Popen(command("out.jsonl"), cwd=tmp_path, stdout=-3, stderr=-3, start_new_session=True) as process:
        while process.poll() is None and not (out.exists() and out.stat().st_size):
            time.sleep(0.005)
        os.killpg(process.pid, signal.SIGKILL)
    partial = out.stat().st_size
    done = subprocess.run(command("out.jsonl"), cwd=tmp_path, capture_output=True)
    assert done.returncode == 1, done.stderr
    assert out.read_bytes() == (tmp_path / "whole.jsonl").read_bytes()
    assert 0 < partial < out.stat().st_size, "the kill fell after the end: the test shows nothing"


def test_a_pool_takes_no_more_than_it_can_hold() -> None:
    taken = 0

    def items() -> Any:
        nonlocal taken
        while taken < 200:
            taken += 1
            yield taken

    results = in_order(abs, items(), 2)
    assert [next(results) for _ in range(3)] == [1, 2, 3]
    assert taken <= POOL_FROM + 3 * 2 + 3
    results.close()  # type: ignore[attr-defined]


texts = st.lists(st.binary(max_size=12).map(lambda b: b.replace(b"\n", b" ")), max_size=12)


@given(texts, st.integers(1, 9), st.integers(8, 30), st.sampled_from([b"\n", b"\r\n"]), st.booleans(), st.booleans())
@settings(max_examples=150, deadline=None)
def test_blocks_hold_what_reading_line_by_line_gives(
    tmp_path_factory: Any, bodies: list[bytes], longest: int, size: int, end: bytes, last: bool, mark: bool
) -> None:
    path = tmp_path_factory.getbasetemp() / "blocks.jsonl"
    # a first line that is UTF-8 and JSON, so that the file does not fail as a whole
    path.write_bytes(b"\xef\xbb\xbf" * mark + end.join([b"1", *bodies]) + end * last)
    ours = [item for block in blocks(str(path), longest, size) for item in decoded(str(path), block, longest)]
    assert ours == list(read(str(path), longest))


def test_a_line_without_end_is_never_held(tmp_path: Path) -> None:
    path = tmp_path / "long.jsonl"
    path.write_bytes(b"1\n" + b"x" * 5000 + b"\n2\n" + b"y" * 5000)
    found = list(blocks(str(path), 100, 64))
    assert [(block.first, block.body) for block in found] == [(1, b"1\n"), (2, None), (3, b"2\n"), (4, None)]
    assert all(isinstance(next(decoded("f", block, 100))[1], Problem) for block in found if block.body is None)


def test_a_scorer_that_counts_its_work_stays_in_this_process(file: Path) -> None:
    class Counting(Length):
        def report(self) -> str:
            return f"{self.asked} asked"

    scorer = Counting()
    found, _ = scored(file, None, scorer, jobs=2)
    assert found.result is not None
    assert scorer.asked >= found.result.counts["replies"]


def test_standard_input_is_read_once(file: Path, alone: Any) -> None:
    command = [sys.executable, "-m", "amends", "score", "-", "--scorer", "rules", "--jobs", "1", "-o", "-"]
    done = subprocess.run(command, input=file.read_bytes(), capture_output=True)
    assert done.returncode == 1
    ids = [[json.loads(line)["reply_id"] for line in lines.splitlines()] for lines in (done.stdout, alone[0])]
    assert ids[0] == ids[1]
