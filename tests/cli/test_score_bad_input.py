"""Bad input to ``score``: the line and the remedy are named, every good line is scored, nothing is lost."""

import gzip
import json
from pathlib import Path

import pyarrow as pa
import pytest

CUSTOMER = [{"role": "customer", "text": "The lamp came in pieces and nobody answers."}]
GOOD = {"id": "good-1", "turns": CUSTOMER, "reply": "I am sorry the lamp came in pieces."}
LAST = {"id": "good-2", "turns": CUSTOMER, "reply": "We will send another lamp by Friday."}
REPLY = {"id": "r-1", "scenario_id": "sc-0001", "text": "We will send another one."}


def line(record: object) -> bytes:
    return json.dumps(record).encode() + b"\n"


def changed(**fields: object) -> bytes:
    return line({**GOOD, "id": "bad", **fields})


BAD_LINES = [
    # the bad line, what the message must say (place, found, remedy), why it is here
    pytest.param(changed(tone="warm"), ["in.jsonl:2 $.tone", "unknown field 'tone'", "meta"], id="an unknown field"),
    pytest.param(changed(reply=7), ["in.jsonl:2 $.reply", "found 7", "a text"], id="a wrong type"),
    pytest.param(line({"turns": CUSTOMER, "reply": "x"}), ["in.jsonl:2 $.id", "add it"], id="no id"),
    pytest.param(changed(id=""), ["in.jsonl:2 $.id"], id="an empty id"),
    pytest.param(changed(id="a\nb"), ["in.jsonl:2 $.id", "control characters"], id="a control character in the id"),
    pytest.param(changed(id="good-1"), ["in.jsonl:2 $.id", "first in line 1"], id="a duplicate id"),
    pytest.param(b'{"id": "bad", "turns": [\n', ["in.jsonl:2 $", "broken JSON", "mend or remove"], id="broken JSON"),
    pytest.param(b'{"id": "b\xe9d"}\n', ["in.jsonl:2 $", "not UTF-8", "0xe9"], id="a line in Latin-1"),
    pytest.param(b'{"id": "b\x00d"}\n', ["in.jsonl:2 $", "broken JSON"], id="a raw NUL byte"),
    pytest.param(changed(id="b\x00d"), ["in.jsonl:2 $.id", "control"], id="an escaped NUL in the id"),
    pytest.param(b'{"id": "bad", "reply": "\\ud800"}\n', ["in.jsonl:2 $", "broken JSON"], id="a lone surrogate"),
    pytest.param(changed(turns=[]), ["in.jsonl:2 $.turns"], id="no turns"),
    pytest.param(
        changed(turns=[*CUSTOMER, {"role": "agent", "text": "Hello"}]),
        ["in.jsonl:2 $.turns[1].role", "customer", "into the reply"],
        id="turns that end with the agent",
    ),
    pytest.param(
        changed(turns=[{"role": "bot", "text": "Hi"}]), ["in.jsonl:2 $.turns[0].role", '"bot"'], id="an unknown role"
    ),
    pytest.param(line(REPLY), ["in.jsonl:2 $", "a reply", "two files"], id="a mixed file"),
    pytest.param(b"[1, 2]\n", ["in.jsonl:2 $", "object"], id="no object"),
    pytest.param(b"null\n", ["in.jsonl:2 $"], id="a null"),
    pytest.param(changed(reply=None), ["in.jsonl:2 $.reply", "null"], id="a null reply"),
    pytest.param(
        line({"id": "bad", "reply": "x" * 5000, "turns": CUSTOMER}),
        ["in.jsonl:2 $", "4,000 bytes", "--max-line"],
        id="a line that is too long",
    ),
    pytest.param(changed(intensity=9), ["in.jsonl:2 $.intensity", "1 to 5"], id="a number out of its range"),
    pytest.param(changed(channel="fax"), ["in.jsonl:2 $.channel", "email, chat"], id="a word out of its list"),
]


@pytest.mark.parametrize(("bad", "said"), BAD_LINES)
def test_a_bad_line_is_named_and_every_good_one_scored(amends, tmp_path: Path, bad: bytes, said: list[str]) -> None:
    Path("in.jsonl").write_bytes(line(GOOD) + bad + line(LAST))
    called = amends("score", "in.jsonl", "-o", "out.jsonl", "--max-line", 4000)
    assert called.code == 1
    for words in said:
        assert words in called.err
    scored = [json.loads(row)["reply_id"] for row in Path("out.jsonl").read_text().splitlines()]
    assert scored == ["good-1", "good-2"]


ODD_FORMS = [
    pytest.param(b"\xef\xbb\xbf" + line(GOOD) + line(LAST), id="a BOM"),
    pytest.param((line(GOOD) + line(LAST)).replace(b"\n", b"\r\n"), id="Windows line ends"),
    pytest.param(line(GOOD) + b"\n   \n" + line(LAST), id="blank lines"),
    pytest.param(line(GOOD) + line(LAST).rstrip(b"\n"), id="no last line end"),
]


@pytest.mark.parametrize("data", ODD_FORMS)
def test_odd_forms_are_read(amends, data: bytes) -> None:
    Path("in.jsonl").write_bytes(data)
    called = amends("score", "in.jsonl", "-o", "out.jsonl")
    assert called.code == 0, called.err
    assert len(Path("out.jsonl").read_text().splitlines()) == 2


WHOLE = [
    pytest.param(None, "no such file", id="a missing file"),
    pytest.param(b"", "an empty file", id="an empty file"),
    pytest.param(b"\n\n", "an empty file", id="nothing but blank lines"),
    pytest.param((json.dumps(GOOD) + "\n").encode("utf-16"), "UTF-16", id="UTF-16"),
    pytest.param(b"\xff\xfe\x00\x00" + b"{\x00\x00\x00", "UTF-32", id="UTF-32"),
    pytest.param(b"\xe9\xe8\n\xe0\n", "no line that is UTF-8", id="no line in UTF-8"),
]


@pytest.mark.parametrize(("data", "said"), WHOLE)
def test_a_file_that_fails_as_a_whole_writes_nothing(amends, tmp_path: Path, data: bytes | None, said: str) -> None:
    if data is not None:
        Path("in.jsonl").write_bytes(data)
    called = amends("score", "in.jsonl", "-o", "out.jsonl")
    assert called.code == 1
    assert said in called.err
    assert "Traceback" not in called.err
    assert sorted(p.name for p in tmp_path.iterdir()) == ([] if data is None else ["in.jsonl"])


def test_a_folder_is_no_file(amends, tmp_path: Path) -> None:
    Path("folder.jsonl").mkdir()
    called = amends("score", "folder.jsonl", "-o", "out.jsonl")
    assert (called.code, "a folder" in called.err) == (1, True)
    assert not Path("out.jsonl").exists()


def test_a_file_of_bad_lines_only(amends) -> None:
    Path("in.jsonl").write_bytes(b"{\n" + changed(reply=7))
    called = amends("score", "in.jsonl", "-o", "out.jsonl")
    assert called.code == 1
    assert "in.jsonl:1" in called.err and "in.jsonl:2" in called.err
    assert not Path("out.jsonl").exists()


def test_an_unknown_scenario_is_named_with_a_close_one(amends) -> None:
    Path("in.jsonl").write_bytes(line(REPLY) + line({**REPLY, "id": "r-2", "scenario_id": "sc-00001"}))
    called = amends("score", "in.jsonl", "-o", "-")
    assert called.code == 1
    assert "in.jsonl:2 $.scenario_id" in called.err and "sc-0001" in called.err
    assert [json.loads(row)["reply_id"] for row in called.out.splitlines()] == ["r-1"]


def test_what_is_no_reply_is_no_input_error(amends) -> None:
    texts = {"empty": "", "blank": " \n\t", "emoji": "\U0001f600\U0001f600", "german": (
        "Es tut uns sehr leid, dass die Lampe zerbrochen ist, wir schicken Ihnen eine neue."
    )}  # fmt: skip
    Path("in.jsonl").write_bytes(b"".join(line({**GOOD, "id": i, "reply": t}) for i, t in texts.items()))
    called = amends("score", "in.jsonl", "-o", "-")
    assert called.code == 0, called.err
    judged = {row["reply_id"]: row for row in map(json.loads, called.out.splitlines())}
    flags = {i: row["flags"] for i, row in judged.items()}
    assert flags == {
        "empty": ["empty"],
        "blank": ["empty"],
        "emoji": ["not_a_reply"],
        "german": ["unsupported_language"],
    }
    assert all(level is None for row in judged.values() for level in row["levels"].values())


def test_nothing_written_is_lost_when_the_input_changes(amends) -> None:
    Path("in.jsonl").write_bytes(line(GOOD))
    assert amends("score", "in.jsonl", "-o", "out.jsonl").code == 0
    before = Path("out.jsonl").read_bytes()
    Path("in.jsonl").write_bytes(line(LAST))
    called = amends("score", "in.jsonl", "-o", "out.jsonl")
    assert (called.code, "input: there" in called.err, "--fresh" in called.err) == (2, True, True)
    assert Path("out.jsonl").read_bytes() == before
    assert amends("score", "in.jsonl", "-o", "out.jsonl", "--fresh").code == 0
    assert json.loads(Path("out.jsonl").read_text())["reply_id"] == "good-2"


def test_a_cut_output_is_completed(amends) -> None:
    records = [line({**GOOD, "id": f"e{n}", "reply": f"Sorry about lamp number {n}."}) for n in range(20)]
    Path("in.jsonl").write_bytes(b"".join(records))
    assert amends("score", "in.jsonl", "-o", "out.jsonl").code == 0
    whole = Path("out.jsonl").read_bytes()
    for cut in range(0, len(whole), len(whole) // 7):
        Path("out.jsonl").write_bytes(whole[:cut])
        assert amends("score", "in.jsonl", "-o", "out.jsonl").code == 0
        assert Path("out.jsonl").read_bytes() == whole


def test_every_input_form_gives_the_same_levels(amends) -> None:
    import pyarrow
    import pyarrow.parquet

    rows = [{"id": f"e{n}", "customer": CUSTOMER[0]["text"], "reply": f"Sorry about lamp {n}."} for n in range(3)]
    exchanges = b"".join(line({"id": r["id"], "turns": CUSTOMER, "reply": r["reply"]}) for r in rows)
    Path("a.jsonl").write_bytes(exchanges)
    Path("a.jsonl.gz").write_bytes(gzip.compress(exchanges))
    with pyarrow.output_stream("a.jsonl.zst", compression="zstd") as stream:
        stream.write(exchanges)
    header = "ticket;message;body\n" + "".join(f"{r['id']};{r['customer']};{r['reply']}\n" for r in rows)
    Path("a.csv").write_text(header, encoding="utf-8")
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), "a.parquet")
    plain = amends("score", "a.jsonl", "-o", "-").out
    assert len(plain.splitlines()) == 3
    assert amends("score", "a.jsonl.gz", "-o", "-").out == plain
    assert amends("score", "a.jsonl.zst", "-o", "-").out == plain
    assert amends("score", "a.parquet", "-o", "-").out == plain
    columns = "id=ticket,customer=message,reply=body"
    assert amends("score", "a.csv", "--columns", columns, "-o", "-").out == plain


@pytest.mark.parametrize(
    ("args", "said"),
    [
        pytest.param(["score", "a.jsonl", "--scorer", "ruels"], "Did you mean rules", id="an unknown scorer"),
        pytest.param(["score", "a.jsonl", "-o", "-", "--json"], "standard output", id="two owners of stdout"),
        pytest.param(["score", "a.jsonl", "--columns", "reply=body"], ".csv", id="columns of JSON"),
        pytest.param(["scroe", "a.jsonl"], "Did you mean score", id="an unknown command"),
        pytest.param(["run", "courtesi"], "Did you mean courtesy", id="an unknown generator"),
        pytest.param(["run", "courtesy", "--split", "dev"], "dev", id="an unknown split"),
    ],
)
def test_wrong_use_is_exit_code_2(amends, args: list[str], said: str) -> None:
    Path("a.jsonl").write_bytes(line(GOOD))
    called = amends(*args)
    assert called.code == 2
    assert said in called.err


OTHER_TABLES = [
    ("log.xlsx", "save it as CSV UTF-8", "was no UTF-8, which no Excel file is"),
    ("log.XLS", "save it as CSV UTF-8", "an ending in capitals"),
    ("log.tsv", "give it the ending .csv: tabs are read as well", "each line was broken JSON"),
    ("log.csv.gz", "unpack it", "JSON lines may be packed, tables may not"),
    ("log.csv.zst", "unpack it", "the same"),
]


@pytest.mark.parametrize(("name", "remedy", "why"), OTHER_TABLES, ids=[name for name, *_ in OTHER_TABLES])
def test_a_table_of_another_form_is_named_once(amends, tmp_path: Path, name: str, remedy: str, why: str) -> None:
    table = b"id\tcustomer\treply\n1\tWhere?\tSorry.\n"
    packed = {".gz": gzip.compress, ".zst": lambda data: pa.Codec("zstd").compress(data).to_pybytes()}
    (tmp_path / name).write_bytes(packed.get(Path(name).suffix, bytes)(table))
    for command in (["score", name], ["report", name], ["compare", name, name], ["draw", name, "--n", "1"]):
        called = amends(*command)
        assert called.code == 1, why
        assert called.err.strip() == (
            f"amends: {name} $: found a table of another form, expected a table that ends in .csv or .parquet; {remedy}"
        )


def test_a_list_of_exchanges_is_told_to_be_lines(amends, tmp_path: Path) -> None:
    (tmp_path / "log.json").write_text(json.dumps([GOOD, LAST]))
    assert "give each record a line of its own" in amends("score", "log.json").err
