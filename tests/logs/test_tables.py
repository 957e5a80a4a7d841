"""CSV and Parquet: columns to fields, bad rows named, every good row given."""

from __future__ import annotations

import csv
import datetime
import io
import tempfile
import tracemalloc
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.errors import InputError, Problem, UsageError
from amends.jsonl import dumps
from amends.logs.tables import parse_columns, read_csv, read_parquet

FUZZ = settings(derandomize=True, deadline=None, max_examples=150)


def rows(folder: Path, data: bytes, columns: Mapping[str, str] | None = None, max_line: int = 10_000) -> list[Any]:
    """(number, record) of a CSV file; a Problem as ``path: found``."""
    path = folder / "f.csv"
    path.write_bytes(data)
    return [
        (number, f"{item.path}: {item.found}" if isinstance(item, Problem) else item)
        for number, item in read_csv(str(path), columns or {}, max_line)
    ]


def said(text: str) -> list[dict[str, str]]:
    return [{"role": "customer", "text": text}]


def x(id_: str, customer: str, reply: str, **more: Any) -> dict[str, Any]:
    return {"id": id_, "reply": reply, "turns": said(customer)} | more


ONE = x("1", "Where?", "Here.")
HEAD = b"id,customer,reply\n"
CSV = [
    (HEAD + b"1,Where?,Here.\n", [(2, ONE)], "commas"),
    (b"id;customer;reply\n1;Where?;Here, there.\n", [(2, x("1", "Where?", "Here, there."))], "semicolons"),
    (b"id\tcustomer\treply\n1\tWhere?\tHere.\n", [(2, ONE)], "tabs"),
    (b"reply,id,customer\nHere.,1,Where?", [(2, ONE)], "any order, no last line end"),
    (b"\xef\xbb\xbf" + HEAD + b"1,Where?,Here.\n", [(2, ONE)], "a mark at the start (Excel)"),
    (b"id,customer,reply\r\n1,Where?,Here.\r\n", [(2, ONE)], "Windows line ends"),
    (b"\n\r\n" + HEAD + b"\n1,Where?,Here.\n\n,,\n", [(5, ONE)], "blank lines, and rows of blank cells (Excel)"),
    (HEAD + b'1,"Where,\n\nsince?","He said ""here""."\n2,a,b\n',
     [(2, x("1", "Where,\n\nsince?", 'He said "here".')), (5, x("2", "a", "b"))],
     "line ends, blank lines, commas and quotes in quotes; a row is numbered by its first line"),
    (HEAD + b'1,"a\r\nb",c\r\n', [(2, x("1", "a\r\nb", "c"))], "a Windows line end in a cell stays as it is"),
    (b'"id","customer","reply"\n1,Where?,Here.\n', [(2, ONE)], "a quoted header"),
    (HEAD + b"1,Where?\n2,a,b\n3,a,b,c\n", [(2, "$: 2 cells"), (3, x("2", "a", "b")), (4, "$: 4 cells")],
     "unequal cells"),
    (HEAD + b'1,a,b\n2,"a,b\n3,a,b\n4,a,b\n',
     [(2, x("1", "a", "b")), (3, "$: broken CSV (unexpected end of data)"), (4, x("3", "a", "b")),
      (5, x("4", "a", "b"))], "a quote that is not closed costs its own line alone"),
    (HEAD + b'1,"a,b\n2,"c, d",e\n3,a,b\n',
     [(2, "$: broken CSV (',' expected after '\"')"), (3, x("2", "c, d", "e")), (4, x("3", "a", "b"))],
     "a quote that is not closed, and one behind it that is"),
    (HEAD + b'1,a"b,c\n', [(2, x("1", 'a"b', "c"))], "a quote inside a cell is a character"),
    (HEAD + b"1,caf\xe9,b\n2,a,b\n", [(2, "$: a byte that is not UTF-8 at position 5 (0xe9)"), (3, x("2", "a", "b"))],
     "latin-1"),
    (HEAD + b'1,caf\xe9,"b\n2,a,b\n', [(2, "$: a byte that is not UTF-8 at position 5 (0xe9)"), (3, x("2", "a", "b"))],
     "latin-1 and a quote that is not closed: the next row does not inherit it"),
    (HEAD + b'1,"a\n\xe9",b\n2,a,b\n', [(2, "$: a byte that is not UTF-8 at position 0 (0xe9)"), (4, x("2", "a", "b"))],
     "latin-1 in the second line of a row"),
    (HEAD + b"1,a\x00b,c\n", [(2, x("1", "a\x00b", "c"))], "a NUL byte in a text is a character like another"),
    (HEAD + b"1,a,b\rc\n2,a,b\n", [(2, "$: a carriage return inside the row"), (3, x("2", "a", "b"))],
     "an old Mac line end"),
    (HEAD + b"1,a," + b"x" * 20_000 + b"\n2,a,b\n", [(2, "$: a line of more than 10,000 bytes"),
     (3, x("2", "a", "b"))], "a line that is too long"),
    (HEAD + b'1,"a' + b"\nxxxxxxxxx" * 1500 + b"\n2,a,b\n",
     [(2, "$: broken CSV (a row of more than 10,000 characters)"), *[(n, "$: 1 cells") for n in range(3, 1503)],
      (1503, x("2", "a", "b"))], "a row of many lines that is too long: its lines are judged one by one"),
    (HEAD + b"1,a,\n", [(2, x("1", "a", ""))], "an empty reply is a reply"),
    (HEAD + b",a,b\n", [(2, {"reply": "b", "turns": said("a")})], "an empty id is no id; the schema names it"),
    (HEAD + b"1,,b\n", [(2, x("1", "", "b"))], "an empty customer; the schema names it"),
    (b"id,customer,reply,intensity,channel,company\n1,a,b,4,email,\n",
     [(2, x("1", "a", "b", intensity=4, channel="email"))], "context columns are fields, an empty one is unknown"),
    (b"id,customer,reply,intensity\n1,a,b,high\n2,a,b,2.5\n3,a,b,99999999999999999999\n",
     [(2, x("1", "a", "b", intensity="high")), (3, x("2", "a", "b", intensity="2.5")),
      (4, x("3", "a", "b", intensity="99999999999999999999"))], "an intensity that is no whole number stays text"),
    (b"id,customer,reply,team,csat\n1,a,b,north,\n", [(2, x("1", "a", "b", meta={"team": "north", "csat": ""}))],
     "other columns go to meta"),
    (b"id,customer,reply,,\n1,a,b,c,d\n", [(2, x("1", "a", "b", meta={"column 4": "c", "column 5": "d"}))],
     "columns without a name keep their cells apart"),
    (b"id,customer,reply,scenario_id\n1,a,b,s\n", [(2, x("1", "a", "b", meta={"scenario_id": "s"}))],
     "a scenario id beside a reply of one's own is meta"),
    (b"id,customer,reply,scenario_id,sample,split,author.name\n1,a,b,s,0,train,c\n",
     [(2, x("1", "a", "b", scenario_id="s", sample=0, split="train", meta={"author.name": "c"}))],
     "the dataset's exchanges as `data export` writes them are clustered by their scenario"),
    (b'id,turns,reply\n1,"[{""role"":""customer"",""text"":""a""}]",b\n', [(2, x("1", "a", "b"))], "turns as JSON"),
    (b"id,turns,reply\n1,[oops,b\n2,,b\n",
     [(2, "$.turns: broken JSON (unexpected character, expected a JSON value: line 1 column 2 (char 1))"),
      (3, x("2", "", "b"))], "turns that are no JSON; no turns"),
    (b"id,turns,reply\n1," + b"[" * 300 + b"]" * 300 + b",b\n",
     [(2, "$.turns: broken JSON (nested more than 200 deep: line 1 column 1 (char 0))")], "turns too deep"),
    (b'id,turns,customer,reply\n1,"[{""role"":""customer"",""text"":""t""}]",c,b\n', [(2, x("1", "t", "b"))],
     "turns win over customer"),
    (b"id,scenario_id,text,team\n1,s,t,n\n2,,t,n\n",
     [(2, {"id": "1", "scenario_id": "s", "text": "t", "meta": {"team": "n"}}),
      (3, {"id": "2", "text": "t", "meta": {"team": "n"}})], "replies; one without its scenario stays a reply"),
    (b"id,scenario_id,text,sample\n1,s,,2\n", [(2, {"id": "1", "scenario_id": "s", "text": "", "sample": 2})],
     "a reply with a sample and no text"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "expected", "why"), CSV, ids=[why for *_, why in CSV])
def test_csv(data: bytes, expected: list[Any], why: str, tmp_path: Path) -> None:
    assert rows(tmp_path, data) == expected, why


WHOLE = [
    (b"", "an empty file", "nothing"),
    (b"\n\n\r\n", "an empty file", "blanks"),
    (b"\xef\xbb\xbf\n", "an empty file", "a mark"),
    (HEAD, "a header and no rows", "a header only"),
    (HEAD + b"\n,,\n", "a header and no rows", "a header and blanks"),
    (b"id,customer,answer\n1,a,b\n", "the columns id, customer, answer", "no reply"),
    (b"customer,reply\na,b\n", "the columns customer, reply", "no id"),
    (b"id,reply\n1,b\n", "the columns id, reply", "no customer"),
    (b"id,customer,reply,reply\n1,a,b,c\n", "two columns named 'reply'", "a name twice"),
    (b"id,customer,reply,note,note\n1,a,b,c,d\n", "two columns named 'note'", "a name of meta twice"),
    (b"caf\xe9,id\n1,2\n", "a byte that is not UTF-8 at position 3 (0xe9)", "a header in latin-1"),
    (b'id,customer,reply,"note\n1,a,b,c\n', "broken CSV (unexpected end of data)", "a header with an open quote"),
    (b"id,customer,reply\r1,a,b\r2,a,b\r", "a carriage return inside the row", "old Mac line ends throughout"),
    (b"x" * 20_000 + b"\n1,a,b\n", "a line of more than 10,000 bytes", "a header that is too long"),
    ("id,customer,reply\n1,a,b\n".encode("utf-16"), "UTF-16 text", "UTF-16"),
    ("id,customer,reply\n1,a,b\n".encode("utf-32"), "UTF-32 text", "UTF-32"),
]


@pytest.mark.parametrize(("data", "found", "why"), WHOLE, ids=[why for *_, why in WHOLE])
def test_csv_files_that_fail_as_a_whole(data: bytes, found: str, why: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as raised:
        rows(tmp_path, data)
    [problem] = raised.value.problems
    assert (problem.line, problem.found) == (None, found), why
    assert problem.remedy


MAPPED = [
    (b"nr,message,body\n1,a,b\n", {"id": "nr", "customer": "message", "reply": "body"}, [(2, x("1", "a", "b"))],
     "every column by another name"),
    (b"id,customer,reply,body\n1,a,old,b\n", {"reply": "body"}, [(2, x("1", "a", "b", meta={"reply": "old"}))],
     "a column whose field is taken goes to meta"),
    (b"nr,s,body\n1,s1,b\n", {"id": "nr", "scenario_id": "s", "text": "body"},
     [(2, {"id": "1", "scenario_id": "s1", "text": "b"})], "replies by other names"),
    (b"id,customer,reply,case\n1,a,b,s1\n", {"scenario_id": "case"}, [(2, x("1", "a", "b", scenario_id="s1"))],
     "a scenario id asked for by name; the customer is not lost"),
    (b"id,customer,reply,level of anger\n1,a,b,5\n", {"intensity": "level of anger"},
     [(2, x("1", "a", "b", intensity=5))], "a context field by a name with blanks"),
    (b"id,text,scenario_id,answer\n1,hello,s,b\n", {"reply": "answer", "customer": "text"},
     [(2, x("1", "hello", "b", meta={"scenario_id": "s"}))], "what looked like replies are exchanges"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "columns", "expected", "why"), MAPPED, ids=[why for *_, why in MAPPED])
def test_columns(data: bytes, columns: dict[str, str], expected: list[Any], why: str, tmp_path: Path) -> None:
    assert rows(tmp_path, data, columns) == expected, why
    header, *cells = (line.split(",") for line in data.decode().splitlines())
    assert parquet(
        tmp_path, pa.table(dict(zip(header, map(list, zip(*cells, strict=True)), strict=True))), columns
    ) == [(number - 1, record) for number, record in expected], "Parquet alike"


def test_columns_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"--columns reply=body: .*f\.csv has the columns id, customer, text"):
        rows(tmp_path, b"id,customer,text\n1,a,b\n", {"reply": "body"})


def test_parse_columns() -> None:
    assert parse_columns(["reply=body,customer=message", " id = nr "]) == {
        "reply": "body", "customer": "message", "id": "nr"
    }  # fmt: skip
    assert parse_columns(["reply=a=b"]) == {"reply": "a=b"}
    assert parse_columns([]) == {}
    for wrong, words in [("reply", "FIELD=COLUMN"), ("reply=", "FIELD=COLUMN"), ("repyl=b", "Did you mean reply")]:
        with pytest.raises(UsageError, match=words):
            parse_columns([wrong])


def test_every_problem_of_a_row_has_a_remedy(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_bytes(HEAD + b'1\n2,\xe9,b\n3,a\r,b\n4,"a,b\n')
    found = [item for _, item in read_csv(str(path), {}, 100)]
    assert [str(item).split("; ")[1] for item in found] == [
        "put cells that hold the delimiter into quotes",
        "save this line as UTF-8",
        "save the file with ordinary line ends",
        "close its quotes, or double them",
    ]


def test_an_open_quote_is_not_read_into_memory(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_bytes(HEAD + b'0,"a,b\n' + b"".join(b"%d,aaaaaaaaaaaaaaaaaaaa,b\n" % n for n in range(1, 20_001)))
    tracemalloc.start()
    try:
        good = sum(isinstance(item, dict) for _, item in read_csv(str(path), {}, 30_000))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert good == 20_000
    assert peak < 2_000_000


# ---- Parquet --------------------------------------------------------------------------------------------------


def parquet(folder: Path, table: pa.Table, columns: Mapping[str, str] | None = None) -> list[Any]:
    path = folder / "f.parquet"
    pq.write_table(table, path)
    return [
        (number, f"{item.path}: {item.found}" if isinstance(item, Problem) else item)
        for number, item in read_parquet(str(path), columns or {})
    ]


BASE = {"id": ["1"], "customer": ["a"], "reply": ["b"]}
WHEN = datetime.datetime(2026, 11, 22, 10, 30)
STRUCTS = pa.array([said("a")], pa.list_(pa.struct([("role", pa.string()), ("text", pa.string())])))
AB = x("1", "a", "b")
WHO = {"kind": "person", "name": "Ann", "version": "1"}
GOLD = {"levels": {"empathy": None}, "n": 2}
OF_DATASET = {"scenario_id": ["s"], "sample": [1], "split": ["train"], "author": [WHO],
              "gold": [{"person": None, "model": GOLD}]}  # fmt: skip
OURS = {"scenario_id": "s", "sample": 1, "split": "train", "author": WHO, "gold": {"model": GOLD}}
PARQUET = [
    (BASE, AB, "plain"),
    ({"id": ["1"], "turns": ['[{"role":"customer","text":"a"}]'], "reply": ["b"]}, AB, "turns as JSON text"),
    ({"id": ["1"], "turns": STRUCTS, "reply": ["b"]}, AB, "turns as a list of structs"),
    ({"id": ["1"], "turns": ["{"], "reply": ["b"]},
     "$.turns: broken JSON (unexpected end of data: line 1 column 2 (char 1))", "broken turns"),
    (BASE | {"id": [17]}, x("17", "a", "b"), "whole numbers as ids"),
    (BASE | {"reply": [None]}, x("1", "a", ""), "no reply is an empty reply"),
    (BASE | {"customer": [None]}, x("1", "", "b"), "no customer; the schema names it"),
    (BASE | {"id": pa.array([None], pa.string())}, {"reply": "b", "turns": said("a")}, "no id; the schema names it"),
    (BASE | {"intensity": pa.array([None], pa.int64()), "channel": pa.nulls(1)}, AB, "null context is unknown"),
    (BASE | {"intensity": [4], "emotion": ["anger"]}, AB | {"intensity": 4, "emotion": "anger"}, "context"),
    (BASE | {"intensity": pa.array([float("nan")])}, AB, "a context that is no number (pandas) is unknown"),
    (BASE | {"sent": pa.array([WHEN])}, AB | {"meta": {"sent": "2026-11-22 10:30:00"}}, "moments into meta"),
    (BASE | {"sent": pa.array([WHEN.date()]), "cost": pa.array([Decimal("1.50")])},
     AB | {"meta": {"sent": "2026-11-22", "cost": "1.50"}}, "dates and decimals into meta"),
    (BASE | {"n": [3], "f": [0.5], "b": [True], "z": pa.nulls(1), "nan": [float("nan")]},
     AB | {"meta": {"n": 3, "f": 0.5, "b": True, "z": None, "nan": None}}, "numbers into meta as they are"),
    (BASE | {"deep": pa.array([[{"when": WHEN, "raw": b"\xff"}]])},
     AB | {"meta": {"deep": [{"when": "2026-11-22 10:30:00", "raw": "ff"}]}}, "moments and bytes inside lists"),
    (BASE | {"map": pa.array([[("k", 1)]], pa.map_(pa.string(), pa.int64()))}, AB | {"meta": {"map": [["k", 1]]}},
     "maps into meta"),
    (BASE | {"reply": [b"caf\xc3\xa9"]}, x("1", "a", "café"), "bytes that are UTF-8 are a text"),
    (BASE | {"reply": [b"caf\xe9"]}, "$: a byte that is not UTF-8 at position 3 (0xe9)", "bytes that are not"),
    (BASE | {"picture": [b"\x89PNG"]}, AB | {"meta": {"picture": "89504e47"}}, "other bytes as hexadecimal"),
    (BASE | {"domain": pa.array([WHEN])}, AB | {"domain": "2026-11-22 10:30:00"}, "a moment where a text should be"),
    (BASE | {"channel": pa.array(["email"]).dictionary_encode()}, AB | {"channel": "email"}, "categories (pandas)"),
    ({"id": ["1"], "scenario_id": ["s"], "text": ["t"], "sample": [2]},
     {"id": "1", "scenario_id": "s", "text": "t", "sample": 2}, "replies"),
    (BASE | {"meta": [{"team": "n", "csat": None}]}, AB | {"meta": {"team": "n"}},
     "meta that is an object is the record's own; keys of other rows alone are none of its"),
    (BASE | {"meta": [{"team": "n"}], "team": ["s"], "csat": [4]}, AB | {"meta": {"team": "s", "csat": 4}},
     "meta beside columns, which win"),
    (BASE | {"meta": ["n"]}, AB | {"meta": {"meta": "n"}}, "meta that is a text is a column as any other"),
    (BASE | OF_DATASET, AB | OURS, "an exchange of the dataset keeps its scenario, author and gold"),
    (BASE | OF_DATASET | {"author": ["Ann"], "gold": pa.nulls(1)},
     AB | {name: OURS[name] for name in ("scenario_id", "sample", "split")} | {"meta": {"author": "Ann"}},
     "an author who is a text is meta, no gold is none"),
    (BASE | {"author": [WHO], "scenario_id": ["s"], "split": ["train"]},
     AB | {"meta": {"author": WHO, "scenario_id": "s", "split": "train"}}, "one's own exchange with like columns"),
    ({"id": ["1"], "scenario_id": ["s"], "text": ["t"], "author": [WHO]},
     {"id": "1", "scenario_id": "s", "text": "t", "author": WHO}, "who wrote a reply"),
    ({"id": ["1"], "scenario_id": ["s"], "text": ["t"], "author": ["Ann"]},
     {"id": "1", "scenario_id": "s", "text": "t", "meta": {"author": "Ann"}}, "a reply's author who is a text"),
    ({"id": ["1"], "scenario_id": ["s"], "text": ["t"], "author": [{"name": "Ann"}], "gold": [{"model": GOLD}]},
     {"id": "1", "scenario_id": "s", "text": "t", "meta": {"author": {"name": "Ann"}, "gold": {"model": GOLD}}},
     "an author of another form is one's own; a reply has no gold"),
    (BASE | OF_DATASET | {"author": [{"first": "Ann"}], "gold": [{"n": 1}]},
     AB | {name: OURS[name] for name in ("scenario_id", "sample", "split")}
     | {"meta": {"author": {"first": "Ann"}, "gold": {"n": 1}}}, "objects of another form are one's own"),
]  # fmt: skip


@pytest.mark.parametrize(("columns", "expected", "why"), PARQUET, ids=[why for *_, why in PARQUET])
def test_parquet(columns: dict[str, Any], expected: Any, why: str, tmp_path: Path) -> None:
    found = parquet(tmp_path, pa.table(columns))
    assert found == [(1, expected)], why
    dumps(found[0][1])  # can be written


def test_parquet_rows_are_numbered_over_batches(tmp_path: Path) -> None:
    count = 3000
    table = pa.table({"id": list(range(count)), "customer": ["a"] * count, "reply": ["b"] * count})
    found = parquet(tmp_path, table)
    assert [number for number, _ in found] == list(range(1, count + 1))
    assert [record["id"] for _, record in found] == [str(n) for n in range(count)]


def parquet_bytes(table: pa.Table) -> bytes:
    stream = io.BytesIO()
    pq.write_table(table, stream)
    return stream.getvalue()


SOUND = parquet_bytes(pa.table({"id": ["1", "2"], "customer": ["a", "b"], "reply": ["c", "d"]}))
PARQUET_WHOLE = [
    (b"", "no readable Parquet", "nothing"),
    (b"id,customer,reply\n1,a,b\n", "no readable Parquet", "a CSV file by another name"),
    (SOUND[:-10], "no readable Parquet", "cut off"),
    (SOUND[:4] + bytes(40) + SOUND[44:], "no readable Parquet", "overwritten"),
    (parquet_bytes(pa.table(BASE).slice(0, 0)), "no rows", "zero rows"),
    (parquet_bytes(pa.table({"id": ["1"], "reply": ["b"]})), "the columns id, reply", "no customer"),
    (parquet_bytes(pa.table([["1"], ["a"], ["b"], ["c"]], names=["id", "customer", "reply", "reply"])),
     "no readable Parquet (two columns are named 'reply')", "a name twice"),
    (parquet_bytes(pa.table(BASE | {"t": pa.array([10**13], pa.timestamp("s"))})), "no readable Parquet (date value",
     "a year that no calendar has"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "found", "why"), PARQUET_WHOLE, ids=[why for *_, why in PARQUET_WHOLE])
def test_parquet_files_that_fail_as_a_whole(data: bytes, found: str, why: str, tmp_path: Path) -> None:
    path = tmp_path / "f.parquet"
    path.write_bytes(data)
    with pytest.raises(InputError) as raised:
        list(read_parquet(str(path), {}))
    [problem] = raised.value.problems
    assert problem.line is None
    assert problem.found.startswith(found), why
    assert problem.remedy


def test_a_folder_and_a_missing_file(tmp_path: Path) -> None:
    for name, words in ((tmp_path, "a folder"), (tmp_path / "none.parquet", "no such file")):
        with pytest.raises(InputError, match=words):
            list(read_parquet(str(name), {}))
        with pytest.raises(InputError, match=words):
            list(read_csv(str(name), {}, 100))


# ---- fuzz -----------------------------------------------------------------------------------------------------

BITS = st.sampled_from([b'"', b'""', b",", b";", b"\t", b"\n", b"\r\n", b"\r", b"\x00", b"\xff", b"\xef\xbb\xbf", b"a",
                        b"id", b"customer", b"reply", b"1,a,b\n", b'2,"a\nb",c\n', b"[{", b"turns"])  # fmt: skip
ANYTHING = st.lists(st.one_of(BITS, st.binary(max_size=4)), max_size=40).map(b"".join)
SOME_COLUMNS = st.sampled_from([{}, {"reply": "a"}, {"intensity": "reply"}])


@FUZZ
@given(st.sampled_from([b"", HEAD, b"id;turns;reply;intensity\n", b"id,scenario_id,text\n"]), ANYTHING, SOME_COLUMNS,
       st.integers(15, 60))  # fmt: skip
def test_fuzz_csv(head: bytes, data: bytes, columns: dict[str, str], max_line: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "f.csv"
        path.write_bytes(head + data)
        try:
            last = 0
            for number, item in read_csv(str(path), columns, max_line):
                assert number > last, "a line begins one row"
                last = number
                if isinstance(item, Problem):
                    assert item.line == number and item.remedy
                else:
                    dumps(item)
        except InputError as error:
            assert error.problems
        except UsageError:
            assert columns


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=12)
ROWS = st.lists(st.tuples(CELLS.filter(lambda cell: cell.strip()), CELLS, CELLS), min_size=1, max_size=6)


@FUZZ
@given(ROWS, st.sampled_from(",;\t"), st.sampled_from(["\n", "\r\n"]))
def test_fuzz_what_the_csv_module_writes_is_read(table: list[tuple[str, str, str]], delimiter: str, end: str) -> None:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=delimiter, lineterminator=end)
    writer.writerows([("id", "customer", "reply"), *table])
    with tempfile.TemporaryDirectory() as folder:
        found = rows(Path(folder), stream.getvalue().encode())
    assert [record for _, record in found] == [x(*row) for row in table]


@FUZZ
@given(ROWS.map(lambda table: [tuple(c.replace('"', "").replace("\n", "") for c in row) for row in table]), st.data())
def test_fuzz_good_rows_among_bad_ones_are_all_found(table: list[tuple[str, ...]], draw: st.DataObject) -> None:
    bad = st.sampled_from([b"one cell", b"\xff,a,b", b'7,"open,b', b'8,"a"b,c', b"y" * 300, b"a,b,c,d", b"1,a\rb,c"])
    lines: list[bytes] = []
    for id_, customer, reply in table:
        lines += draw.draw(st.lists(bad, max_size=2))
        lines.append(",".join(f'"{cell}"' for cell in (f"id {id_}", customer, reply)).encode())
    with tempfile.TemporaryDirectory() as folder:
        found = rows(Path(folder), HEAD + b"\n".join(lines), max_line=200)
    good = [record for _, record in found if isinstance(record, dict)]
    assert [record for record in good if record["id"].startswith("id ")] == [
        x(f"id {id_}", customer, reply) for id_, customer, reply in table
    ]


@FUZZ
@given(st.integers(0, len(SOUND)), st.binary(max_size=6), st.integers(0, 6))
def test_fuzz_damaged_parquet(at: int, put: bytes, over: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "f.parquet"
        path.write_bytes(SOUND[:at] + put + SOUND[at + over :])
        try:
            for _, item in read_parquet(str(path), {}):
                assert isinstance(item, dict | Problem)
        except InputError as error:
            assert error.problems


TYPED = st.sampled_from(
    [pa.array(["a"]), pa.array([b"\xff"]), pa.array([WHEN]), pa.array([WHEN.date()]), pa.array([Decimal("1.5")]),
     pa.array([1]), pa.array([1.0]), pa.array([float("inf")]), pa.array([True]), pa.array([[1]]), pa.array([{"a": 1}]),
     pa.nulls(1), pa.array([datetime.timedelta(1)]), pa.array([datetime.time(1)]), pa.array([said("a")]), STRUCTS,
     pa.array([2**64 - 1], pa.uint64()), pa.array(["[]"]), pa.array(["[" * 500]), pa.array(["\x00"])]
)  # fmt: skip


@FUZZ
@given(st.dictionaries(st.sampled_from(["customer", "turns", "intensity", "domain", "note", "sample", "text",
                                        "scenario_id"]), TYPED), TYPED, TYPED)  # fmt: skip
def test_fuzz_parquet_columns_of_any_type(columns: dict[str, pa.Array], id_: pa.Array, reply: pa.Array) -> None:
    with tempfile.TemporaryDirectory() as folder:
        table = pa.table({"id": id_, "reply": reply, "customer": ["a"]} | columns)
        for _, item in parquet(Path(folder), table):
            dumps(item)
