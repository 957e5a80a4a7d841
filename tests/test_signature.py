"""The citable line, and the digest that names the data behind it."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amends.signature import KEYS, PREFIX, SEED, Digest, digest, package_version, parse, signature

VERSION = importlib.metadata.version("amends")

# parts, line, why
LINES = [
    ({}, f"amends|v:{VERSION}", "the version always stands"),
    (
        {"seed": 0, "missing": 0},
        f"amends|missing:0|seed:0|v:{VERSION}",
        "zero is a value: the seed written is the seed used",
    ),
    ({"gold": None, "unit": "every"}, f"amends|unit:every|v:{VERSION}", "None is left out"),
    ({"seed": 1, "data": "test@0"}, f"amends|data:test@0|seed:1|v:{VERSION}", "in the fixed order, however given"),
    ({"data": "a:b.csv@0"}, f"amends|data:a:b.csv@0|v:{VERSION}", "a colon in a value stays"),
    (
        {
            "data": "test@9f3c12aa01bc",
            "n": "500/100",
            "missing": 3,
            "gold": "model",
            "rubric": "1.0",
            "scorer": "rules.1",
            "unit": "every",
            "ci": "cluster-t.10000+korn-graubard",
            "seed": 12345,
        },
        "amends|data:test@9f3c12aa01bc|n:500/100|missing:3|gold:model|rubric:1.0|scorer:rules.1|unit:every"
        f"|ci:cluster-t.10000+korn-graubard|seed:12345|v:{VERSION}",
        "all keys",
    ),
]


@pytest.mark.parametrize(("parts", "line", "why"), LINES, ids=[row[2] for row in LINES])
def test_lines(parts: dict[str, Any], line: str, why: str) -> None:
    assert signature(parts) == line, why
    assert parse(line) == {k: str(v) for k, v in parts.items() if v is not None} | {"v": VERSION}


def test_keys_are_unique_and_the_version_is_last() -> None:
    assert len(set(KEYS)) == len(KEYS)
    assert KEYS[-1] == "v"
    assert (PREFIX, SEED, package_version()) == ("amends", 12345, VERSION)


@pytest.mark.parametrize(
    ("parts", "found", "why"),
    [
        ({"colour": "red"}, "colour", "an unknown key"),
        ({"v": "9"}, "unknown", "the version is the package's own"),
        ({"data": "a|b"}, "separator", "a value that would read as two parts"),
    ],
)
def test_what_cannot_be_signed(parts: dict[str, str | int | None], found: str, why: str) -> None:
    with pytest.raises(ValueError, match=found):
        signature(parts)
    assert why


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("", "nothing"),
        ("amends", "no version"),
        ("amends|n:1/1", "no version"),
        ("amended|v:1", "another prefix"),
        ("amends|v:1|seed:2", "the version is last"),
        ("amends|seed:2|n:1/1|v:1", "another order"),
        ("amends|seed:2|seed:2|v:1", "a key twice"),
        ("amends|colour:red|v:1", "an unknown key"),
        ("amends|seed|v:1", "a key without a value"),
        ("amends|seed:|v:1", "an empty value"),
        ("amends||v:1", "an empty part"),
        ("amends|v:", "an empty version"),
    ],
)
def test_what_is_no_signature(line: str, why: str) -> None:
    with pytest.raises(ValueError, match="no signature"):
        parse(line)
    assert why


values = st.one_of(st.integers(), st.text(st.characters(exclude_characters="|"), min_size=1))


@settings(derandomize=True, deadline=None, max_examples=100)
@given(st.dictionaries(st.sampled_from(KEYS[:-1]), values))
def test_any_signature_parses(parts: dict[str, str | int | None]) -> None:
    assert parse(signature(parts)) == {key: str(value) for key, value in parts.items()} | {"v": VERSION}


RECORDS: list[dict[str, Any]] = [{"id": "a", "n": 1}, {"id": "b", "text": "é\n"}, {"id": "a", "n": 1}]


def test_digest_by_hand() -> None:
    hashes = sorted(
        hashlib.sha256(json.dumps(r, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()).digest()
        for r in RECORDS
    )
    assert digest(RECORDS) == hashlib.sha256(b"".join(hashes)).hexdigest()[:12]


def test_the_order_of_records_and_of_keys_changes_no_digest() -> None:
    assert digest(RECORDS) == digest(RECORDS[::-1])
    assert digest([{"a": 1, "b": 2}]) == digest([{"b": 2, "a": 1}])


def test_what_changes_a_digest() -> None:
    others = [[], RECORDS[:1], RECORDS[:2], [{"id": "a", "n": 2}], [{"id": "a", "n": "1"}], [{"id": "a", "n": None}]]
    assert len({digest(records) for records in [RECORDS, *others]}) == len(others) + 1


def test_a_digest_grows_with_its_stream() -> None:
    stream = Digest()
    for record in RECORDS:
        stream.add(record)
    assert stream.hex() == stream.hex() == digest(iter(RECORDS))
