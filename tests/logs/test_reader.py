"""Any file that score and run take: its kind, its bad lines by name, every good line as an exchange."""

from __future__ import annotations

import gzip
import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.dataset.folder import released
from amends.errors import InputError, Problem, UsageError
from amends.logs.reader import SUFFIXES, Source, kind_of, read_exchanges, records
from amends.records import Author, Context, Exchange, Scenario, Turn

FUZZ = settings(derandomize=True, deadline=None, max_examples=150)
SCENARIOS = {
    name: Scenario(name, (Turn("customer", "Where is it?"),), "test", Context(language="en"))
    for name in ("late-parcel", "lost-suit")
}
T = [{"role": "customer", "text": "Where is it?"}]
R = {"id": "r", "scenario_id": "late-parcel", "text": "Here."}
X = {"id": "x", "turns": T, "reply": "Here."}


def scenarios() -> Mapping[str, Scenario]:
    return SCENARIOS


def never() -> Mapping[str, Scenario]:
    raise AssertionError("scenarios are read for replies alone")


def encoded(lines: list[Any]) -> bytes:
    return b"".join((line if isinstance(line, bytes) else json.dumps(line).encode()) + b"\n" for line in lines)


def shown(folder: Path, lines: list[Any]) -> list[str]:
    """``line id`` of an exchange, ``line path: found`` of a problem."""
    path = folder / "f.jsonl"
    path.write_bytes(encoded(lines))
    return [
        f"{number} {item.path}: {item.found}" if isinstance(item, Problem) else f"{number} {item.id}"
        for number, item in read_exchanges(Source(str(path)), scenarios)
    ]


def turns(*roles: str) -> list[dict[str, str]]:
    return [{"role": role, "text": "x"} for role in roles]


R2, X2 = R | {"id": "r2"}, X | {"id": "x2"}
LINES = [
    ([R, R2], ["1 r", "2 r2"], "replies"),
    ([X, X2], ["1 x", "2 x2"], "exchanges"),
    ([R | {"text": ""}, X2], ["1 r", "2 $: an exchange (turns, reply)"], "mixed, replies first; an empty text is one"),
    ([X, R2, X2], ["1 x", "2 $: a reply (scenario_id, text)", "3 x2"], "mixed, exchanges first"),
    ([{"id": "?"}, X, R2], ["1 $: an object with id", "2 x", "3 $: a reply (scenario_id, text)"],
     "the first good line decides"),
    ([R | {"scenario_id": "nowhere"}, X2], ['1 $.scenario_id: "nowhere"', "2 $: an exchange (turns, reply)"],
     "a reply to no scenario is a reply none the less"),
    ([R | {"scenario_id": "late-parcels"}, R2], ['1 $.scenario_id: "late-parcels"', "2 r2"], "unknown scenario"),
    ([R, R | {"text": "Again."}, R2], ["1 r", '2 $.id: "r" again (first in line 1)', "3 r2"], "an id twice"),
    ([b"", X, b"", X], ["2 x", '4 $.id: "x" again (first in line 2)'], "an id twice among blank lines"),
    ([X | {"turns": []}, X], ["1 $.turns: nothing in it", "2 x"], "an id in a bad line is still free"),
    ([{"turns": T, "reply": "a"}, X], ["1 $.id: nothing", "2 x"], "no id"),
    ([X | {"id": ""}, X | {"id": 7}, X], ["1 $.id: nothing in it", "2 $.id: 7", "3 x"], "an empty id; a number"),
    ([X | {"id": "a\nb"}, X], ['1 $.id: "a\\nb"', "2 x"], "a line end in an id"),
    ([{"id": "x", "reply": "a"}, X], ["1 $.turns: nothing", "2 x"], "no turns"),
    ([{"id": "x", "turns": T}, X], ["1 $.reply: nothing", "2 x"], "no reply"),
    ([{"id": "r", "text": "a"}, R], ["1 $.scenario_id: nothing", "2 r"], "no scenario"),
    ([{"id": "r", "scenario_id": "late-parcel"}, R], ["1 $.text: nothing", "2 r"], "no text"),
    ([X, {"id": "y"}], ["1 x", "2 $.reply: nothing", "2 $.turns: nothing"], "neither; the lines before say what"),
    ([X | {"turns": []}, X2], ["1 $.turns: nothing in it", "2 x2"], "an empty list of turns"),
    ([X | {"turns": turns("customer", "agent")}, X2], ['1 $.turns[1].role: "agent"', "2 x2"], "the agent ends"),
    ([X | {"turns": turns("customer", "bot", "customer")}, X2], ['1 $.turns[1].role: "bot"', "2 x2"], "unknown role"),
    ([X | {"turns": turns("agent", "customer")}, X2], ["1 x", "2 x2"], "the agent may begin"),
    ([X | {"turns": "Where?"}, X2], ['1 $.turns: "Where?"', "2 x2"], "turns as text"),
    ([X | {"reply": None}, X2], ["1 $.reply: null", "2 x2"], "a null reply"),
    ([X | {"answer": 1, "meta": {"answer": 1}}, X2], ["1 $.answer: the unknown field 'answer'", "2 x2"],
     "an unknown field is refused; meta takes it"),
    ([X | {"scenario_id": "late-parcel", "sample": 1, "gold": None}], ["1 x"], "the dataset's own form"),
    ([R | {"turns": T, "reply": "a"}], ["1 $.text: the unknown field 'text'"], "everything at once is an exchange"),
    ([[1], "x", None, 5, True, {}, X],
     ["1 $: a list, no object", "2 $: a text, no object", "3 $: null, no object", "4 $: a number, no object",
      "5 $: true or false, no object", "6 $: an object with no fields", "7 x"], "records that are no objects"),
    ([X, [1], X2], ["1 x", "2 $: [1]", "3 x2"], "a list among exchanges"),
    ([b"{nonsense", X, b"\xff", X2], ["1 $: broken JSON (unexpected character, expected an object key or '}' or so)",
     "2 x", "3 $: a byte that is not UTF-8 at position 0 (0xff)", "4 x2"], "broken lines"),
    ([X | {"reply": "", "intensity": 3.0}, X2 | {"reply": " \u0000 "}], ["1 x", "2 x2"], "no reply is still a reply"),
    ([X | {"meta": {"\ud83d": 1}}, X2], ["1 $: broken JSON (", "2 x2"], "a lone surrogate in a key"),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "expected", "why"), LINES, ids=[why for *_, why in LINES])
def test_lines(lines: list[Any], expected: list[str], why: str, tmp_path: Path) -> None:
    found = shown(tmp_path, lines)
    assert len(found) == len(expected), (why, found)
    for item, wanted in zip(found, expected, strict=True):
        # the parser's own words are not held
        assert item == wanted or ("broken JSON (" in wanted and item.startswith(wanted.partition("(")[0])), why


KINDS = [
    (X, "exchange", "turns and reply"),
    (R, "reply", "scenario_id and text"),
    (R | X, "exchange", "all of them"),
    (X | {"scenario_id": "s"}, "exchange", "an exchange of the dataset"),
    ({"turns": T}, None, "turns alone"),
    ({"text": "x", "turns": T}, None, "one of each"),
    ({}, None, "nothing"),
    ([], None, "a list"),
    ("turns reply", None, "a text"),
    (None, None, "null"),
]


@pytest.mark.parametrize(("record", "kind", "why"), KINDS, ids=[why for *_, why in KINDS])
def test_kind_of(record: Any, kind: str | None, why: str) -> None:
    assert kind_of(record) == kind, why


def the_problem(folder: Path, lines: list[Any]) -> Problem:
    path = folder / "f.jsonl"
    path.write_bytes(encoded(lines))
    [problem] = [item for _, item in read_exchanges(Source(str(path)), scenarios) if isinstance(item, Problem)]
    return problem


def test_remedies(tmp_path: Path) -> None:
    close = the_problem(tmp_path, [R | {"scenario_id": "late_parcel"}])
    assert (close.expected, close.remedy) == ("one of the 2 known scenarios", "perhaps late-parcel is meant")
    far = the_problem(tmp_path, [R | {"scenario_id": "7"}])
    assert far.remedy == "use an id of data/scenarios.jsonl, or give turns and reply"
    mixed = the_problem(tmp_path, [X, R])
    assert mixed.expected == "an exchange (turns, reply) as in the lines before"
    assert mixed.remedy == "put the two kinds into two files"
    unclear = the_problem(tmp_path, [{"id": "x", "body": "y"}])
    assert (unclear.found, unclear.remedy) == ("an object with id, body", "rename its fields")
    many = the_problem(tmp_path, [{f"field {n}": n for n in range(1000)}])
    assert len(many.found) < 150, "as much as fits a line"
    twice = the_problem(tmp_path, [X, X])
    assert (twice.line, twice.path, twice.remedy) == (2, "$.id", "rename or remove it")


def test_a_reply_comes_beside_its_scenario(tmp_path: Path) -> None:
    path = tmp_path / "f.jsonl"
    author = {"kind": "person", "name": "ada", "version": "1"}
    path.write_bytes(encoded([R | {"sample": 1.0, "author": author, "meta": {"a": 1}}]))
    [(_, exchange)] = read_exchanges(Source(str(path)), scenarios)
    assert exchange == Exchange(
        "r", (Turn("customer", "Where is it?"),), "Here.", Context(language="en"), "late-parcel", 1, "test",
        Author("person", "ada", "1"), None, {"a": 1},
    )  # fmt: skip
    assert isinstance(exchange, Exchange)
    assert type(exchange.sample) is int, "1.0 is a whole number to JSON Schema; here it is an int"


def test_scenarios_are_read_for_replies_alone(tmp_path: Path) -> None:
    path = tmp_path / "f.jsonl"
    path.write_bytes(encoded([X, {"id": "?"}, R]))
    assert len(list(read_exchanges(Source(str(path)), never))) == 4
    path.write_bytes(encoded([R]))
    with pytest.raises(AssertionError, match="for replies alone"):
        list(read_exchanges(Source(str(path)), never))


def test_every_form_gives_the_same_exchanges(tmp_path: Path) -> None:
    lines = encoded([X | {"channel": "email", "meta": {"team": "n"}}, X2 | {"channel": "chat", "meta": {"team": "s"}}])
    cells = {"id": ["x", "x2"], "customer": ["Where is it?"] * 2, "reply": ["Here."] * 2, "channel": ["email", "chat"],
             "team": ["n", "s"]}  # fmt: skip
    table = "\n".join(",".join(row) for row in [tuple(cells), *zip(*cells.values(), strict=True)])
    (tmp_path / "f.jsonl").write_bytes(lines)
    (tmp_path / "f.jsonl.gz").write_bytes(gzip.compress(lines))
    (tmp_path / "f.jsonl.zst").write_bytes(pa.compress(lines, codec="zstd", asbytes=True))
    (tmp_path / "f.csv").write_text(table)
    (tmp_path / "CAPITALS.CSV").write_text(table)
    pq.write_table(pa.table(cells), tmp_path / "f.parquet")
    forms = [tmp_path / f"f{suffix}" for suffix in SUFFIXES] + [tmp_path / "CAPITALS.CSV"]
    read = [[item for _, item in read_exchanges(Source(str(path)), never)] for path in forms]
    assert [item.id for item in read[0] if isinstance(item, Exchange)] == ["x", "x2"]
    assert all(items == read[0] for items in read)


def test_bad_rows_of_tables_are_named_and_the_good_ones_given(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text("id,customer,reply,intensity\n1,a,b,high\n2,,b,1\n3,a,b,5\n3,a,b,5\n,a,b,1\n4,a,,\n5,a\n6,a,b,\n")
    found = [
        f"{number} {item.path}: {item.found}" if isinstance(item, Problem) else f"{number} {item.id}"
        for number, item in read_exchanges(Source(str(path)), never)
    ]
    assert found == [
        '2 $.intensity: "high"',
        '3 $.turns[0].text: blank text ""',
        "4 3",
        '5 $.id: "3" again (first in line 4)',
        "6 $.id: nothing",
        "7 4",
        "8 $: 2 cells",
        "9 6",
    ]


def test_a_reply_row_without_its_scenario(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text("id,scenario_id,text\n1,,Here.\n2,lost-suit,Here.\n")
    found = [str(item) if isinstance(item, Problem) else item.id for _, item in
             read_exchanges(Source(str(path)), scenarios)]  # fmt: skip
    assert found == [f"{path}:2 $.scenario_id: found nothing, expected the field 'scenario_id'; add it", "2"]


def test_wrong_use_and_files_that_fail_as_a_whole(tmp_path: Path) -> None:
    (tmp_path / "f.jsonl").write_bytes(encoded([X]))
    with pytest.raises(UsageError, match=r"--columns is for \.csv and \.parquet"):
        list(records(Source(str(tmp_path / "f.jsonl"), {"reply": "body"})))
    for name in ("none.jsonl", "none.csv", "none.parquet", "", "none.jsonl.gz", "none.jsonl.zst"):
        with pytest.raises(InputError):
            list(read_exchanges(Source(str(tmp_path / name)), never))


def test_max_line_reaches_every_form(tmp_path: Path) -> None:
    (tmp_path / "f.jsonl").write_bytes(encoded([X, X | {"id": "y" * 200}]))
    (tmp_path / "f.csv").write_text("id,customer,reply\n1,a,b\n2,a," + "y" * 200 + "\n")
    for name in ("f.jsonl", "f.csv"):
        found = list(read_exchanges(Source(str(tmp_path / name), max_line=120), never))
        assert [isinstance(item, Exchange) for _, item in found] == [True, False]
        assert "more than 120 bytes" in str(found[1][1])


def test_every_exchange_of_the_dataset_is_read() -> None:
    for path in sorted((released().path / "exchanges").glob("*.jsonl")):
        items = [item for _, item in read_exchanges(Source(str(path)), never)]
        assert all(isinstance(item, Exchange) and item.gold for item in items)
        lines = path.read_bytes().splitlines()
        assert [item.to_dict() for item in items if isinstance(item, Exchange)] == [orjson.loads(one) for one in lines]


# ---- fuzz -----------------------------------------------------------------------------------------------------

VALUE = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-1, 6), st.floats(allow_nan=False, allow_infinity=False),
              st.text(st.characters(codec="utf-8"), max_size=4), st.sampled_from(["customer", "agent", "email"])),
    lambda inner: st.one_of(st.lists(inner, max_size=3),
                            st.dictionaries(st.sampled_from(["role", "text", "x"]), inner)),
    max_leaves=5,
)  # fmt: skip
FIELDS = st.sampled_from(["id", "turns", "reply", "scenario_id", "text", "sample", "author", "meta", "channel", "gold",
                          "intensity", "odd"])  # fmt: skip
CHANGED = st.tuples(st.sampled_from([R, X]), st.dictionaries(FIELDS, VALUE, max_size=3), st.lists(FIELDS, max_size=2))
LINE = st.one_of(
    CHANGED.map(lambda c: json.dumps({k: v for k, v in (c[0] | c[1]).items() if k not in c[2]}).encode()),
    VALUE.map(lambda v: json.dumps(v).encode()),
    st.binary(max_size=20),
)


@FUZZ
@given(st.lists(LINE, max_size=8), st.sampled_from([b"\n", b"\r\n"]))
def test_fuzz_json_lines(lines: list[bytes], end: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "f.jsonl"
        path.write_bytes(end.join(lines))
        try:
            items = list(read_exchanges(Source(str(path), max_line=2000), scenarios))
        except InputError as error:
            assert error.problems
            return
    assert [number for number, _ in items] == sorted(number for number, _ in items)
    ids = [item.id for _, item in items if isinstance(item, Exchange)]
    assert len(set(ids)) == len(ids)
    for number, item in items:
        if isinstance(item, Problem):
            assert (item.file, item.line) == (str(path), number)
            assert item.found and item.expected and item.remedy and "\n" not in str(item)
        else:
            assert item.turns[-1].role == "customer"
            assert all(turn.text.strip() for turn in item.turns)


@FUZZ
@given(st.lists(st.one_of(st.just(None), LINE), max_size=12), st.sampled_from([R, X]))
def test_fuzz_good_lines_among_bad_ones_are_all_given(lines: list[bytes | None], good: dict[str, Any]) -> None:
    body, wanted = [json.dumps(good | {"id": "first"}).encode()], ["first"]
    for line in lines:
        if line is None:
            wanted.append(f"good {len(wanted)}")
            body.append(json.dumps(good | {"id": wanted[-1]}).encode())
        else:
            body.append(line)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "f.jsonl"
        path.write_bytes(b"\n".join(body))
        items = [item for _, item in read_exchanges(Source(str(path)), scenarios)]
    ids = [item.id for item in items if isinstance(item, Exchange)]
    assert [id_ for id_ in ids if id_ == "first" or id_.startswith("good ")] == wanted


@FUZZ
@given(st.sampled_from(["id,customer,reply,intensity\n", "id;turns;reply;channel\n", "id,scenario_id,text,sample\n"]),
       st.lists(st.lists(st.one_of(st.text(st.characters(codec="utf-8"), max_size=6),
                                   st.sampled_from(["1", "late-parcel", '"', "[]", json.dumps(T)])), max_size=5),
                max_size=6))  # fmt: skip
def test_fuzz_csv(head: str, table: list[list[str]]) -> None:
    delimiter = ";" if ";" in head else ","
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "f.csv"
        path.write_bytes((head + "\n".join(map(delimiter.join, table))).encode())
        try:
            for number, item in read_exchanges(Source(str(path)), scenarios):
                assert isinstance(item, Exchange) or (item.line == number and item.remedy)
        except InputError as error:
            assert error.problems
