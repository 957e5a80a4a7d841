"""JSON Lines: every bad line is named, every good one is read, nothing half written is kept."""

from __future__ import annotations

import gzip
import io
import json
import os
import random
import sys
import tempfile
import tracemalloc
from pathlib import Path
from typing import Any

import orjson
import pyarrow
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amends import jsonl
from amends.errors import InputError, Problem
from amends.jsonl import Appender, canonical, cut_torn_line, dumps, parse, pretty, read, write_whole

A, B = b'{"a":1}', b'{"b":2}'
FUZZ = settings(derandomize=True, deadline=None, max_examples=150)


def written(folder: Path, data: bytes, name: str = "f.jsonl") -> str:
    path = folder / name
    path.write_bytes(data)
    return str(path)


def shown(file: str, **how: int) -> list[tuple[int, Any]]:
    """Items with a Problem as the text of what was found."""
    return [(number, item.found if isinstance(item, Problem) else item) for number, item in read(file, **how)]


GOOD, LATER = {"a": 1}, {"b": 2}
LINES = [
    (A + b"\n" + B + b"\n", [(1, GOOD), (2, LATER)], "two lines"),
    (A + b"\n" + B, [(1, GOOD), (2, LATER)], "no line end at the end"),
    (b"\xef\xbb\xbf" + A + b"\n" + B, [(1, GOOD), (2, LATER)], "a UTF-8 mark at the start"),
    (A + b"\r\n" + B + b"\r\n", [(1, GOOD), (2, LATER)], "Windows line ends"),
    (b"\n \r\n\t\n" + A + b"\n\n\n" + B + b"\n\n", [(4, GOOD), (7, LATER)], "blank lines count, and are passed over"),
    (b"\xef\xbb\xbf\n" + A, [(2, GOOD)], "a first line that is a mark alone"),
    (A + b"\n{nonsense\n" + B, [(1, GOOD), (2, "broken JSON (unexpected character, "), (3, LATER)], "broken"),
    (b"{nonsense\n" + A, [(1, "broken JSON (unexpected character, "), (2, GOOD)], "the first line broken"),
    (A + b"\n" + A + B + b"\n", [(1, GOOD), (2, "broken JSON (")], "two records in one line"),
    (A + b'\n{"a":\n1}\n', [(1, GOOD), (2, "broken JSON ("), (3, "broken JSON (")], "a record over two lines"),
    (A + b"\n\xe9\n" + B, [(1, GOOD), (2, "a byte that is not UTF-8 at position 0 (0xe9)"), (3, LATER)], "latin-1"),
    (b"\xe9\n\xff\n" + A, [(1, "a byte that is not UTF-8 at position 0 (0xe9)"),
     (2, "a byte that is not UTF-8 at position 0 (0xff)"), (3, GOOD)], "not UTF-8 before the first good line"),
    (A + b'\n{"a":"\xed\xa0\x80"}\n' + B, [(1, GOOD), (2, "a byte that is not UTF-8 at position 6 (0xed)"),
     (3, LATER)], "a surrogate in bytes"),
    (A + b'\n{"a":"\\ud800"}\n' + B, [(1, GOOD), (2, "broken JSON ("), (3, LATER)], "a lone surrogate escape"),
    (b'{"a":"\\ud83d\\ude21"}', [(1, {"a": "😡"})], "a pair of surrogate escapes is a character"),
    (A + b"\n\x00\n" + B, [(1, GOOD), (2, "broken JSON ("), (3, LATER)], "a NUL byte for a line"),
    (b'{"a":"x\x00y"}\n' + A, [(1, "broken JSON ("), (2, GOOD)], "a NUL byte in a string"),
    (b'{"a":"x\\u0000y"}', [(1, {"a": "x\x00y"})], "an escaped NUL is a character like another"),
    (A + b"\n\xef\xbb\xbf" + B, [(1, GOOD), (2, "broken JSON (")], "a mark that is not at the start"),
    (b"1\n[2]\nnull\n\"x\"\n", [(1, 1), (2, [2]), (3, None), (4, "x")], "any JSON value; schemas say the rest"),
    (b'{"a":1,"a":2}', [(1, {"a": 2})], "of a key given twice the last counts"),
    (b'{"a":NaN}\n{"a":1e999}\n' + A, [(1, "broken JSON ("), (2, "broken JSON ("), (3, GOOD)], "no JSON numbers"),
    (b'{"a":123456789012345678901234567890}', [(1, {"a": 1.2345678901234568e29})], "huge whole numbers are floats"),
    (b'{"a":"\xe2\x80\xa8\xc2\x85"}\n' + A, [(1, {"a": "\u2028\x85"}), (2, GOOD)], "only a line feed ends a line"),
    (b"[" * 200 + b"]" * 200, [(1, parse(b"[" * 200 + b"]" * 200))], "deep, and can be written again"),
    (b"[" * 202 + b"]" * 202 + b"\n" + A, [(1, "broken JSON (nested more than 200 deep"), (2, GOOD)], "too deep"),
    (b"[" * 100_000 + b"\n" + A, [(1, "broken JSON ("), (2, GOOD)], "a nest that would break a parser"),
    (b"[" + b'{"a":[]},' * 300 + b"1]", [(1, [{"a": []}] * 300 + [1])], "many brackets are not a deep nest"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "expected", "why"), LINES, ids=[why for *_, why in LINES])
def test_lines(data: bytes, expected: list[tuple[int, Any]], why: str, tmp_path: Path) -> None:
    found = shown(written(tmp_path, data))
    assert [number for number, _ in found] == [number for number, _ in expected], why
    for (_, item), (_, wanted) in zip(found, expected, strict=True):
        assert item == wanted or (isinstance(wanted, str) and item.startswith(wanted)), why


def test_a_problem_names_file_line_and_remedy(tmp_path: Path) -> None:
    file = written(tmp_path, A + b"\n{\n\xff\n")
    problems = [str(item) for _, item in read(file) if isinstance(item, Problem)]
    assert problems == [
        f"{file}:2 $: found broken JSON (unexpected end of data, column 2), expected one JSON object; "
        "mend or remove this line",
        f"{file}:3 $: found a byte that is not UTF-8 at position 0 (0xff), expected UTF-8 text; "
        "save this line as UTF-8",
    ]


WHOLE = [
    (b"", "an empty file", "nothing at all"),
    (b"\n\n \r\n", "an empty file", "blanks only"),
    (b"\xef\xbb\xbf", "an empty file", "a mark only"),
    (b"\xe9\n\xff\n", "no line that is UTF-8", "nothing in it is UTF-8"),
    (b"\n\xe9", "no line that is UTF-8", "nothing but blanks is"),
    ('{"a":1}\n'.encode("utf-16"), "UTF-16 text", "UTF-16, little end first"),
    (b"\xfe\xff" + '{"a":1}\n'.encode("utf-16-be"), "UTF-16 text", "UTF-16, big end first"),
    ('{"a":1}\n'.encode("utf-32"), "UTF-32 text", "UTF-32, whose mark starts as that of UTF-16"),
    (b"\x00\x00\xfe\xff" + '{"a":1}\n'.encode("utf-32-be"), "UTF-32 text", "UTF-32, big end first"),
    (b"\xff\xfe" + b"x\x00" * 500, "UTF-16 text", "UTF-16 in a line that is also too long"),
]


@pytest.mark.parametrize(("data", "found", "why"), WHOLE, ids=[why for *_, why in WHOLE])
def test_files_that_fail_as_a_whole(data: bytes, found: str, why: str, tmp_path: Path) -> None:
    items = []
    with pytest.raises(InputError) as raised:
        items.extend(read(written(tmp_path, data), max_line=100))
    assert items == [], why
    [problem] = raised.value.problems
    assert (problem.line, problem.found) == (None, found), why
    assert problem.remedy


def test_a_folder_and_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="a folder, expected a file of records; name a file inside it"):
        list(read(str(tmp_path)))
    with pytest.raises(InputError, match="no such file, expected a file of records; check the path"):
        list(read(str(tmp_path / "none.jsonl")))


def test_a_file_that_does_not_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = written(tmp_path, A)

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(InputError, match="does not open .*check its rights"):
        list(read(file))


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xef\xbb\xbf" + A + b"\n{")))
    assert shown("-") == [(1, GOOD), (2, "broken JSON (unexpected end of data, column 2)")]


LONG = [
    (b"", b"\n", 0, True, "exactly at the limit"),
    (b"", b"\r\n", 0, True, "at the limit; a Windows line end is no part of it"),
    (b"", b"", 0, True, "at the limit, the last line without an end"),
    (b"\xef\xbb\xbf", b"\n", 0, True, "at the limit; the mark is no part of it"),
    (b"", b"\n", 1, False, "one too many"),
    (b"", b"\r\n", 1, False, "one too many before a Windows line end"),
    (b"", b"", 1, False, "one too many without a line end"),
    (b"\xef\xbb\xbf", b"\n", 1, False, "one too many behind a mark"),
    (b"", b"\n", 2, False, "two too many"),
    (b"", b"\n", 5, False, "as many as a mark and an end would take"),
    (b"", b"\n", 5000, False, "far too long"),
]


@pytest.mark.parametrize(("before", "end", "over", "fits", "why"), LONG, ids=[why for *_, why in LONG])
def test_the_limit_of_a_line(before: bytes, end: bytes, over: int, fits: bool, why: str, tmp_path: Path) -> None:
    body = b'{"a":"' + b"x" * (50 - 8 + over) + b'"}'
    assert len(body) == 50 + over
    follows = [(2, GOOD)] if end else []
    found = shown(written(tmp_path, before + body + end + (A if end else b"")), max_line=50)
    assert found == [(1, json.loads(body) if fits else "a line of more than 50 bytes"), *follows], why


def test_long_lines_among_good_ones(tmp_path: Path) -> None:
    long = b'"' + b"x" * 3_000_000 + b'"'
    file = written(tmp_path, b"\n".join([A, long, long, B, long]))
    found = shown(file, max_line=1000)
    assert found == [(1, GOOD), *[(n, "a line of more than 1,000 bytes") for n in (2, 3)], (4, LATER),
                     (5, "a line of more than 1,000 bytes")]  # fmt: skip


def test_a_line_of_200_mb_is_passed_over_in_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "long.jsonl"
    with path.open("wb") as stream:
        stream.write(A + b"\n")
        stream.seek(200_000_000, io.SEEK_CUR)  # a hole: NUL bytes that take no room on the disk
        stream.write(b"\n" + B + b"\n")
    tracemalloc.start()
    try:
        found = shown(str(path), max_line=100_000)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert found == [(1, GOOD), (2, "a line of more than 100,000 bytes"), (3, LATER)]
    assert peak < 8_000_000


def test_many_lines_that_are_not_utf8_are_not_kept(tmp_path: Path) -> None:
    file = written(tmp_path, (b"\xff" * 50_000 + b"\n") * 400 + A)
    tracemalloc.start()
    try:
        numbers = [number for number, _ in read(file)]
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert numbers == list(range(1, 402))
    assert peak < 4_000_000  # the file has 20 MB


# ---- compressed -----------------------------------------------------------------------------------------------


def zstd(data: bytes) -> bytes:
    return bytes(pyarrow.compress(data, codec="zstd", asbytes=True))


PACKED = b"\xef\xbb\xbf" + A + b"\r\n\n{\n" + B
UNPACKED = [(1, GOOD), (3, "broken JSON (unexpected end of data, column 2)"), (4, LATER)]


COMPRESSED = [
    ("f.jsonl.gz", gzip.compress(PACKED), "gzip"),
    ("f.jsonl.zst", zstd(PACKED), "Zstandard"),
    ("F.JSONL.GZ", gzip.compress(PACKED), "a name in capitals"),
    ("f.jsonl.gz", gzip.compress(PACKED[:9]) + gzip.compress(PACKED[9:]), "two gzip members, cut in a line"),
    ("f.jsonl.zst", zstd(PACKED[:9]) + zstd(PACKED[9:]), "two Zstandard frames"),
]


@pytest.mark.parametrize(("name", "data", "why"), COMPRESSED, ids=[why for *_, why in COMPRESSED])
def test_compressed(name: str, data: bytes, why: str, tmp_path: Path) -> None:
    assert shown(written(tmp_path, data, name)) == UNPACKED, why


def test_a_compressed_stream_keeps_long_lines_out(tmp_path: Path) -> None:
    data = A + b"\n" + b"x" * 5_000_000 + b"\n" + B
    for name, packed in (("f.jsonl.gz", gzip.compress(data)), ("f.jsonl.zst", zstd(data))):
        found = shown(written(tmp_path, packed, name), max_line=1000)
        assert found == [(1, GOOD), (2, "a line of more than 1,000 bytes"), (3, LATER)]


def noise(count: int) -> bytes:
    """Lines that do not compress away, so that a cut falls among them."""
    draw = random.Random(1)
    return b"".join(dumps({"n": n, "x": draw.randbytes(40).hex()}) for n in range(count))


DAMAGED = [
    ("f.jsonl.gz", gzip.compress(noise(2000))[:-4000], "gzip cut off"),
    ("f.jsonl.gz", gzip.compress(noise(10))[:-3], "gzip cut in its trailer"),
    ("f.jsonl.gz", gzip.compress(noise(10))[:-8] + b"\x00" * 8, "gzip with another checksum"),
    ("f.jsonl.gz", noise(10), "no gzip at all"),
    ("f.jsonl.gz", gzip.compress(noise(10))[:15] + b"\xff" * 300, "gzip overwritten"),
    ("f.jsonl.gz", gzip.compress(noise(10)) + b"junk", "junk behind gzip"),
    ("f.jsonl.zst", zstd(noise(2000))[:-4000], "Zstandard cut off"),
    ("f.jsonl.zst", noise(10), "no Zstandard at all"),
    ("f.jsonl.zst", zstd(noise(10)) + b"junk", "junk behind Zstandard"),
]


@pytest.mark.parametrize(("name", "data", "why"), DAMAGED, ids=[why for *_, why in DAMAGED])
def test_damaged_compression(name: str, data: bytes, why: str, tmp_path: Path) -> None:
    got = []
    with pytest.raises(InputError, match="a damaged or cut file .*copy or compress it again"):
        for number, item in read(written(tmp_path, data, name)):
            got.append((number, item))
    assert all(item["n"] == number - 1 for number, item in got if not isinstance(item, Problem)), why


def test_an_empty_compressed_file(tmp_path: Path) -> None:
    for name, data in (("f.jsonl.gz", gzip.compress(b"")), ("f.jsonl.zst", zstd(b"")), ("g.jsonl.gz", b"")):
        with pytest.raises(InputError, match="an empty file"):
            list(read(written(tmp_path, data, name)))


# ---- fuzz -----------------------------------------------------------------------------------------------------

BITS = st.sampled_from(
    [b"\n", b"\r\n", b"\r", b"\xef\xbb\xbf", b"\xff\xfe", b"\x00", b"{", b"}", b"[", b'"', b"\\ud800", b":", b",",
     A, B, b" ", b"\xe9", b"null", b"1e999", b"[" * 300]
)  # fmt: skip
ANYTHING = st.one_of(
    st.binary(max_size=200), st.lists(st.one_of(BITS, st.binary(max_size=5)), max_size=30).map(b"".join)
)


def check_items(file: str, max_line: int) -> None:
    """Items in the order of their lines, Problems of their own line, or InputError: never anything else."""
    last = 0
    try:
        for number, item in read(file, max_line=max_line):
            assert number > last
            last = number
            if isinstance(item, Problem):
                assert (item.file, item.line) == (file, number)
                assert item.remedy
            else:
                assert parse(dumps(item)) == item, "what was read can be written"
    except InputError as error:
        assert error.problems and last == 0 or not file.endswith(".jsonl")


@FUZZ
@given(ANYTHING, st.integers(1, 60))
def test_fuzz_any_bytes(data: bytes, max_line: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        check_items(written(Path(folder), data), max_line)


@FUZZ
@given(ANYTHING, st.data(), st.sampled_from(["gz", "zst"]))
def test_fuzz_damaged_compression(data: bytes, draw: st.DataObject, suffix: str) -> None:
    packed = gzip.compress(data) if suffix == "gz" else zstd(data)
    cut = draw.draw(st.integers(0, len(packed)))
    packed = packed[:cut] + draw.draw(st.binary(max_size=4)) + packed[cut + draw.draw(st.integers(0, 4)) :]
    with tempfile.TemporaryDirectory() as folder:
        check_items(written(Path(folder), packed, f"f.jsonl.{suffix}"), 60)


TEXTS = st.text(st.characters(codec="utf-8"), max_size=20)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**63), 2**64 - 1), st.floats(allow_nan=False,
              allow_infinity=False), TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXTS, inner, max_size=4)),
    max_leaves=8,
)  # fmt: skip
JUNK = st.one_of(
    st.binary(min_size=1, max_size=20).map(lambda b: b"{" + b.replace(b"\n", b"")),
    st.sampled_from([b"\xff", b"\x00", b"{", b'"\\ud800"', b"x" * 5000, b"", b"  "]),
)


@FUZZ
@given(st.lists(st.one_of(VALUES.map(lambda v: (True, v)), JUNK.map(lambda b: (False, b))), max_size=12),
       st.sampled_from([b"\n", b"\r\n"]))  # fmt: skip
def test_fuzz_good_lines_among_bad_ones_are_all_found(lines: list[tuple[bool, Any]], end: bytes) -> None:
    wanted = {number: value for number, (good, value) in enumerate(lines, start=1) if good}
    body = end.join(orjson.dumps(value) if good else value for good, value in lines)
    with tempfile.TemporaryDirectory() as folder:
        # the line in front keeps the file from failing as a whole
        found = dict(read(written(Path(folder), b"{}" + end + body), max_line=4000))
    assert {n - 1: value for n, value in found.items() if n > 1 and n - 1 in wanted} == wanted
    assert all(isinstance(value, Problem) for n, value in found.items() if n > 1 and n - 1 not in wanted)


# ---- writing --------------------------------------------------------------------------------------------------


@FUZZ
@given(VALUES)
def test_what_is_written_is_read(value: Any) -> None:
    line = dumps(value)
    assert line.endswith(b"\n") and line.count(b"\n") == 1
    assert parse(line) == value


@FUZZ
@given(st.dictionaries(TEXTS, VALUES, max_size=6), st.randoms(use_true_random=False))
def test_canonical_does_not_know_the_order_of_keys(record: dict[str, Any], order: random.Random) -> None:
    names = list(record)
    order.shuffle(names)
    assert canonical({name: record[name] for name in names}) == canonical(record)
    assert parse(canonical(record)) == record


def test_canonical_bytes() -> None:
    assert canonical({"b": {"z": 1, "a": [1.5, "é"]}, "a": None}) == '{"a":null,"b":{"a":[1.5,"é"],"z":1}}'.encode()
    assert pretty({"b": 1, "a": []}) == b'{\n  "b": 1,\n  "a": []\n}\n'
    assert dumps({"b": 1, "a": 2}) == b'{"b":1,"a":2}\n', "keys in the order given"
    assert dumps([float("nan"), float("inf")]) == b"[null,null]\n"


@pytest.mark.parametrize("value", ["\ud800", 2**64, {1, 2}, b"x"])
def test_what_json_does_not_have_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        dumps({"a": value})


def test_an_appender_cuts_a_torn_line_wherever_it_was_torn(tmp_path: Path) -> None:
    lines = [dumps({"n": n, "t": "é😡\r"}) for n in range(3)]
    whole = b"".join(lines)
    ends = [0, *(len(b"".join(lines[: n + 1])) for n in range(3))]
    for cut in range(len(whole) + 1):
        path = tmp_path / f"{cut}.jsonl"
        path.write_bytes(whole[:cut])
        with Appender(path) as out:
            out.write({"n": "next"})
        kept = max(end for end in ends if end <= cut)
        assert path.read_bytes() == whole[:kept] + b'{"n":"next"}\n'


@FUZZ
@given(st.binary(max_size=60), st.integers(1, 8))
def test_cut_torn_line_keeps_whole_lines_alone(data: bytes, block: int) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(jsonl, "_SKIP", block)  # read backwards in small blocks
        path = Path(folder) / "f"
        path.write_bytes(data)
        cut_torn_line(path)
        assert path.read_bytes() == data[: data.rfind(b"\n") + 1]
        cut_torn_line(path)
        assert path.read_bytes() == data[: data.rfind(b"\n") + 1], "a second time changes nothing"


def test_cut_torn_line_of_no_file(tmp_path: Path) -> None:
    cut_torn_line(tmp_path / "none.jsonl")
    assert not (tmp_path / "none.jsonl").exists()


def test_an_appender_flushes_whole_lines(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "f.jsonl"
    with Appender(path) as out:
        out.write({"a": 1}, {"b": 2})
        assert path.read_bytes() == A + b"\n" + B + b"\n", "on the disk before it closes"
        with pytest.raises(ValueError, match="surrogates"):
            out.write({"c": 3}, {"c": "\ud800"})
        assert path.read_bytes() == A + b"\n" + B + b"\n", "all records of a call or none"
    with Appender(path) as out:
        out.write()
    assert path.read_bytes() == A + b"\n" + B + b"\n", "what was there stays"


def test_write_whole(tmp_path: Path) -> None:
    path = tmp_path / "new" / "f.json"
    write_whole(path, b"old")
    write_whole(path, b"new")
    assert path.read_bytes() == b"new"
    assert [p.name for p in path.parent.iterdir()] == ["f.json"], "nothing lies beside it"


def test_a_pipe_stays_what_it_is(tmp_path: Path) -> None:
    """As root, --html /dev/null made a file of /dev/null; /dev/stdout became one that nobody saw."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    taker = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    write_whole(pipe, b"one")
    assert os.read(taker, 9) == b"one"
    assert pipe.is_fifo()
    os.close(taker)
    taker, giver = os.pipe()
    write_whole(Path(f"/dev/fd/{giver}"), [b"o", b"ne"])
    assert os.read(taker, 9) == b"one"
    os.close(taker)
    os.close(giver)


@pytest.mark.parametrize("broken", ["fsync", "replace"])
def test_write_whole_leaves_the_old_file_when_it_fails(
    broken: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "f.json"
    write_whole(path, b"old")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    if broken == "fsync":
        monkeypatch.setattr("os.fsync", fail)
    else:
        monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="No space"):
        write_whole(path, b"new, and much longer")
    assert path.read_bytes() == b"old"
    with pytest.raises(OSError, match="No space"):
        write_whole(tmp_path / "other.json", b"x")
    assert not (tmp_path / "other.json").exists(), "whole or not at all"
    assert [p.name for p in tmp_path.iterdir()] == ["f.json"], "half a file took the room that the next try needs"
