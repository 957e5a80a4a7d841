"""score and report over files of any size, from the command line: forms of OUT, engines, memory that holds no texts."""

import io
import json
import os
import threading
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest

TURNS = [{"role": "customer", "text": "The lamp came in pieces and nobody answers."}]


@pytest.fixture
def log(amends: Any) -> str:
    """After ``amends``, which goes to a folder of its own."""
    replies = ["I am sorry the lamp came in pieces.", "We will send another lamp by Friday.", "Calm down."]
    rows = [{"id": f"e{n}", "turns": TURNS, "reply": replies[n % 3], "meta": {"conversation": n % 4}} for n in range(8)]
    Path("log.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return "log.jsonl"


def test_an_output_says_by_its_name_what_it_is(amends: Any, log: str) -> None:
    for name in ("out.jsonl", "out.jsonl.gz", "out.jsonl.zst", "out.parquet"):
        called = amends("score", log, "--scorer", "rules", "-o", name)
        assert called.code == 0, called.err
    lines = Path("out.jsonl").read_bytes()
    assert Path("out.jsonl.gz").read_bytes()[:2] == b"\x1f\x8b"
    assert Path("out.jsonl.zst").read_bytes()[:4] == b"\x28\xb5\x2f\xfd"
    rows = pyarrow.parquet.read_table("out.parquet").to_pylist()
    assert [row["reply_id"] for row in rows] == [json.loads(line)["reply_id"] for line in lines.splitlines()]
    tables = {amends("report", name).out for name in ("out.jsonl", "out.jsonl.gz", "out.jsonl.zst")}
    assert len({table.replace(".gz", "").replace(".zst", "") for table in tables}) == 1


def test_other_settings_are_refused_for_every_form(amends: Any, log: str) -> None:
    amends("score", log, "--scorer", "rules", "-o", "out.parquet")
    before = Path("out.parquet").read_bytes()
    Path(log).write_text(Path(log).read_text().replace("Friday", "Monday"))
    called = amends("score", log, "--scorer", "rules", "-o", "out.parquet")
    assert called.code == 2
    assert "input: there" in called.err
    assert Path("out.parquet").read_bytes() == before
    assert amends("score", log, "--scorer", "rules", "-o", "out.parquet", "--fresh").code == 0
    assert Path("out.parquet").read_bytes() != before


def test_an_engine_that_is_not_installed_says_what_to_install(
    amends: Any, log: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "ray", None)
    called = amends("score", log, "--scorer", "rules", "--engine", "ray", "-o", "out.jsonl")
    assert called.code == 2
    assert "pip install 'amends[ray]'" in called.err
    assert not Path("out.jsonl").exists()


def test_a_report_is_the_same_with_texts_in_memory_and_without(amends: Any, log: str) -> None:
    bare = amends("report", log, "--scorer", "rules", "--json", "--jobs", "1")
    with_page = amends("report", log, "--scorer", "rules", "--json", "--html", "page.html")
    assert bare.out == with_page.out
    assert "Calm down" in Path("page.html").read_text()


def piped(path: str) -> str:
    """A file as the shell's ``<(cat FILE)`` names it: its bytes come once."""
    end, begin = os.pipe()

    def write() -> None:
        with os.fdopen(begin, "wb") as stream:
            stream.write(Path(path).read_bytes())

    threading.Thread(target=write, daemon=True).start()
    return f"/dev/fd/{end}"


@pytest.mark.parametrize("judged", [False, True])
def test_a_pipe_is_reported_and_compared_whole(amends: Any, log: str, judged: bool) -> None:
    """Whoever looks at its first line for its kind gives back what was read: more than one buffer is in it."""
    rows = [json.loads(line) for line in Path(log).read_text().splitlines()]
    many = [rows[n % 8] | {"id": f"e{n}", "meta": {"note": "x" * 200}} for n in range(2000)]
    Path(log).write_text("".join(json.dumps(row) + "\n" for row in many))
    if judged:
        amends("score", log, "--scorer", "rules", "-o", "judged.jsonl")
        log = "judged.jsonl"
    rules = ("--scorer", "rules", "--json")
    from_file, from_pipe = (json.loads(amends("report", one, *rules).out) for one in (log, piped(log)))
    assert from_pipe["counts"]["replies"] == 2000
    assert from_pipe["dimensions"] == from_file["dimensions"]
    assert from_pipe["set"]["digest"] == from_file["set"]["digest"]
    called = amends("compare", piped(log), log, *rules)
    assert (called.code, called.err) == (0, "")
    assert json.loads(called.out)["dimensions"]["empathy"]["better"]["n"] == 4000


@pytest.mark.parametrize("judged", [False, True])
def test_standard_input_is_told_its_kind_too(
    amends: Any, log: str, judged: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if judged:
        amends("score", log, "--scorer", "rules", "-o", "judged.jsonl")
        log = "judged.jsonl"
    stdin = io.TextIOWrapper(io.BytesIO(Path(log).read_bytes()))
    monkeypatch.setattr("sys.stdin", stdin)
    found = json.loads(amends("report", "-", "--scorer", "rules", "--json").out)
    assert (found["set"]["name"], found["counts"]["replies"]) == ("stdin", 8)
    again = amends("compare", "-", "-", "--scorer", "rules")
    assert again.code == 1
    assert "standard input, which was read already" in again.err


@pytest.mark.parametrize(("out", "why"), [(".", "is a folder"), ("sub", "is a folder"), ("out.csv", "no rows of CSV")])
def test_an_output_that_cannot_be_is_refused(amends: Any, log: str, out: str, why: str) -> None:
    Path("sub").mkdir()
    called = amends("score", log, "--scorer", "rules", "-o", out)
    assert (called.code, why in called.err) == (2, True), called.err
    assert sorted(path.name for path in Path().iterdir()) == [log, "sub"]
