"""One row a message: CSV, Parquet and JSON lines, rows in any order, bad rows by name, flat memory."""

import csv
import json
import random
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.logs.imports.memory import growth

from amends.checks.masking import Masks
from amends.errors import InputError, Problem, UsageError
from amends.logs.reader import Source, read_exchanges
from amends.logs.units import Log
from amends.records import Exchange

HEADER = ["conversation", "role", "text", "time", "agent", "team", "public", "channel", "csat"]
ROWS = [
    ["7", "customer", "Where is it?", "2026-03-02T09:00:00", "", "", "", "chat", ""],
    ["8", "customer", "=cmd|' /C calc'!A0", "2026-03-02T09:01:00", "", "", "true", "email", ""],
    ["7", "agent", "On the van.", "2026-03-02T09:02:00", "tom", "East", "yes", "chat", "2"],
    ["7", "agent", "he is cross", "2026-03-02T09:03:00", "tom", "East", "no", "chat", ""],
    ["8", "Bot", "Hello, I am a bot.", "2026-03-02T09:03:00", "", "", "1", "email", ""],
    ["8", "support", "Sorry, Ada.", "2026-03-02T09:04:00", "mia", "West", "1", "email", "4"],
]


def write(path: Path, header: list[str], rows: list[list[str]]) -> Path:
    if path.suffix == ".csv":
        with path.open("w", newline="", encoding="utf-8") as stream:
            csv.writer(stream).writerows([header, *rows])
    elif path.suffix == ".parquet":
        pq.write_table(pa.table({n: [r[i] for r in rows] for i, n in enumerate(header)}), path)
    else:
        path.write_text("".join(json.dumps(dict(zip(header, r, strict=True))) + "\n" for r in rows))
    return path


def read(path: Path, columns: dict[str, str] | None = None, log: Log | None = None) -> Any:
    log = log or Log()
    items = [item for _, item in read_exchanges(Source(str(path), columns or {}, log=log), dict)]
    good = [item for item in items if isinstance(item, Exchange)]
    return good, [item for item in items if isinstance(item, Problem)], log


@pytest.mark.parametrize("name", ["m.csv", "m.parquet", "m.jsonl"])
def test_every_form_gives_the_same_exchanges(name: str, tmp_path: Path) -> None:
    found, wrong, log = read(write(tmp_path / name, HEADER, ROWS))
    assert not wrong
    by_id = {one.id: one for one in found}
    assert {i: e.reply for i, e in by_id.items()} == {"7#1": "On the van.", "8#1": "Sorry, Ada."}
    assert by_id["7#1"].meta == {
        "csat": "2",
        "conversation": "7",
        "agent": "tom",
        "team": "East",
        "time": "2026-03-02T09:02:00",
    }
    assert by_id["8#1"].context.channel == "email"
    assert by_id["8#1"].turns[0].text == "=cmd|' /C calc'!A0", "a formula is a text: nothing here runs it"
    (tally,) = log.tallies.values()
    assert dict(tally.dropped) == {"note": 1, "bot": 1}
    assert tally.form == "messages"


def test_columns_are_named(tmp_path: Path) -> None:
    own = ["ticket", "von", "body", "when", "wer", "gruppe", "sichtbar", "weg", "csat"]
    path = write(tmp_path / "m.csv", own, ROWS)
    columns = {
        "conversation": "ticket",
        "role": "von",
        "text": "body",
        "time": "when",
        "agent": "wer",
        "team": "gruppe",
        "public": "sichtbar",
        "channel": "weg",
    }
    assert read(path, columns)[0] == read(write(tmp_path / "n.csv", HEADER, ROWS))[0]
    with pytest.raises(InputError, match=r"a column for role, text"):
        read(path, {"conversation": "ticket"})
    with pytest.raises(UsageError, match="has the columns"):
        read(path, columns | {"text": "nowhere"})


def test_a_table_of_exchanges_is_none_of_messages(tmp_path: Path) -> None:
    """A table that has a reply column is one of exchanges, whatever else it has, unless --from says otherwise."""
    header = ["id", "customer", "reply", "conversation", "role", "text"]
    path = write(tmp_path / "x.csv", header, [["1", "Where?", "Here.", "7", "agent", "x"]])
    (one,), _, log = read(path)
    assert (one.id, log.tallies) == ("1", {})
    assert read(path, log=Log(form="messages"))[2].tallies


BAD = [
    (["7", "boss", "x"], "$.role", "customer, agent, bot or note", "an unknown role"),
    (["7", "", "x"], "$.role", "nothing", "no role"),
    (["", "agent", "x"], "$.conversation", "fill it in", "no conversation"),
    (["a\x01b", "agent", "x"], "$.conversation", "the id of the conversation", "a control character"),
]


@pytest.mark.parametrize(("row", "path", "words", "why"), BAD, ids=[why for *_, why in BAD])
def test_bad_rows_are_named_and_good_ones_kept(row: list[str], path: str, words: str, why: str, tmp_path: Path) -> None:
    rows = [["7", "customer", "Where?"], row, ["7", "agent", "Here."]]
    (one,), (problem,), _ = read(write(tmp_path / "m.csv", HEADER[:3], rows))
    assert (problem.line, problem.path) == (3, path), why
    assert words in str(problem)
    assert one.reply == "Here."


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("public", "perhaps", "true or false"),
        ("channel", "fax", "email, chat"),
        ("intensity", "9", "1 to 5"),
        ("intensity", "x", "1 to 5"),
        ("fault", "theirs", "third_party"),
    ],
)
def test_values_that_a_field_does_not_take(column: str, value: str, words: str, tmp_path: Path) -> None:
    header = ["conversation", "role", "text", column]
    rows = [["7", "customer", "Where?", ""], ["7", "agent", "Here.", value], ["7", "agent", "Here!", ""]]
    (one,), (problem,), _ = read(write(tmp_path / "m.csv", header, rows))
    assert (problem.path, words in str(problem)) == (f"$.{column}", True)
    assert one.reply == "Here!"


def test_rows_are_put_in_order_by_their_times(tmp_path: Path) -> None:
    rows = [["7", "agent", "second", "2026-03-02T10:00:00+01:00"], ["7", "customer", "first", "2026-03-02T08:30:00Z"]]
    (one,), _, _ = read(write(tmp_path / "m.csv", HEADER[:4], rows))
    assert one.reply == "second", "10:00+01:00 is 9:00 in UTC, after 8:30"
    without = [[*row[:3], ""] for row in rows]
    assert read(write(tmp_path / "m.csv", HEADER[:4], without))[0] == [], "without times the rows stand in order"


TIMES = [
    (
        "02.03.2026 09:0{}",
        1,
        "German Excel: with the newest on top a reply stood before its question",
    ),
    ("03/02/2026 09:0{} AM", 1, "American Excel"),
    ("177244000000{}", 1, "milliseconds since 1970"),
    ("2026-03-02 09:0{}", 0, "ISO 8601"),
    ("", 0, "no times at all: the rows are all that there is, and the docs say so"),
]


@pytest.mark.parametrize(("form", "told", "why"), TIMES, ids=[why for *_, why in TIMES])
@pytest.mark.parametrize("name", ["m.csv", "m.jsonl"])
def test_times_that_cannot_be_read_are_counted(name: str, form: str, told: int, why: str, tmp_path: Path) -> None:
    rows = [["1", "agent", "On the van.", form.format(2)], ["1", "customer", "Where is it?", form.format(1)]]
    found, _, log = read(write(tmp_path / name, HEADER[:4], rows))
    (tally,) = log.tallies.values()
    assert len(found) == (form == "2026-03-02 09:0{}"), why
    assert sum(count for note, count in tally.notes.items() if "cannot be read" in note) == told, why


def test_one_time_that_is_missing_is_said_too(tmp_path: Path) -> None:
    rows = [["1", "customer", "Where is it?", "2026-03-02T09:00"], ["1", "agent", "On the van.", ""]]
    _, _, log = read(write(tmp_path / "m.csv", HEADER[:4], rows))
    (tally,) = log.tallies.values()
    assert any("missing" in line and line.startswith("  1 ") for line in tally.lines())


@given(st.integers(0, 10**6))
def test_the_order_of_conversations_in_the_file_changes_nothing(seed: int) -> None:
    """Rows of several conversations mixed in any way that keeps each one's own order."""
    import tempfile

    source = random.Random(seed)
    queues = {
        str(c): [[str(c), "customer" if i % 2 == 0 else "agent", f"{c}-{i}"] for i in range(source.randint(1, 6))]
        for c in range(5)
    }
    apart = [row for rows in queues.values() for row in rows]
    mixed, left = [], {name: list(rows) for name, rows in queues.items()}
    while left:
        name = source.choice(sorted(left))
        mixed.append(left[name].pop(0))
        if not left[name]:
            del left[name]
    with tempfile.TemporaryDirectory() as folder:
        a, b = (write(Path(folder) / n, HEADER[:3], rows) for n, rows in (("a.csv", apart), ("b.csv", mixed)))
        by_id = [{e.id: e for e in read(path)[0]} for path in (a, b)]
    assert by_id[0] == by_id[1]


def long_log(path: Path, talks: int) -> Path:
    """Four messages a conversation, five conversations at a time."""
    filler = "The parcel came in pieces and nobody answers. " * 11
    with path.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEADER[:3])
        for start in range(0, talks, 5):
            for turn in range(4):
                for talk in range(start, start + 5):
                    writer.writerow([talk, "customer" if turn % 2 == 0 else "agent", f"{talk} {turn} {filler}"])
    return path


@pytest.mark.skipif(sys.platform == "win32", reason="the operating system does not tell the most memory held")
def test_a_long_log_is_read_in_flat_memory(tmp_path: Path) -> None:
    """50,000 messages, 26 MB of text: held are ids and counts of 12,500 conversations, and the few that are open."""
    small, large = long_log(tmp_path / "small.csv", 100), long_log(tmp_path / "long.csv", 12_500)
    assert large.stat().st_size > 25_000_000
    count, grown = growth(small, large)
    assert count == 25_000
    assert grown < 10_000_000


def test_standard_input_is_read_once(amends: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import io

    body = write(tmp_path / "m.jsonl", HEADER, ROWS).read_bytes()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(body)))
    called = amends("score", "-", "--scorer", "rules")
    assert called.code == 0
    assert "2 exchanges" in called.err


def test_agents_that_go_by_a_name_are_masked_in_every_turn(tmp_path: Path) -> None:
    header = ["conversation", "role", "text", "agent"]
    rows = [["1", "customer", "and it is Torvald who lied", ""], ["1", "agent", "we see", "Mia Aas"]]
    rows += [["1", "customer", "as Mia knows", ""], ["1", "agent", "yes", "Torvald Ek"]]
    found, *_ = read(write(tmp_path / "m.csv", header, rows), log=Log(mask=Masks()))
    assert [t.text for t in found[-1].turns] == ["and it is ⟨name⟩ who lied", "we see", "as ⟨name⟩ knows"]
