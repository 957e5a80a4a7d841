"""The cache of annotations: what makes a key, and that nothing that lies in it can end a check or get past a look."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from amends.leaderboard.cache import Cache, key_of, packed, taken
from amends.leaderboard.judged import judge
from amends.records import DIMENSIONS, Annotation, Annotator, Behaviour, Context, Exchange, Turn

REPLY = "I am sorry that it broke."
EXCHANGE = Exchange("r1", (Turn("customer", "It broke."),), REPLY, Context(channel="email"), "t1")
WHO = Annotator("scorer", "program", "slow", "1")


class Slow:
    """A scorer with weights that counts how often it is asked."""

    name, version, weights = "slow", 1, "abc"

    def __init__(self) -> None:
        self.asked = 0

    def annotate(self, exchanges: list[Exchange]) -> list[Annotation]:
        self.asked += len(exchanges)
        return [annotation(e.reply) for e in exchanges]


def annotation(text: str) -> Annotation:
    span = Behaviour("E2", 0, 4, text[:4]) if len(text) > 4 else None
    return Annotation("", None, WHO, dict.fromkeys(DIMENSIONS, 3.25), (span,) if span else ())


def test_a_reply_is_judged_once(tmp_path: Path) -> None:
    scorer, cache = Slow(), Cache(tmp_path)
    first = judge(scorer, [EXCHANGE], cache)
    again = judge(scorer, [replace(EXCHANGE, id="other", scenario_id="t1")], cache)
    assert scorer.asked == 1
    assert again[0] == replace(first[0], reply_id="other")
    assert judge(scorer, [EXCHANGE], None) == first and scorer.asked == 2, "no cache asks again"


@pytest.mark.parametrize(
    ("other", "same", "why"),
    [
        (replace(EXCHANGE, id="x", scenario_id="y", meta={"a": 1}), True, "a scorer does not see these"),
        (replace(EXCHANGE, reply=REPLY + " "), False, "another text"),
        (replace(EXCHANGE, turns=(Turn("customer", "It broke!"),)), False, "another customer"),
        (replace(EXCHANGE, context=Context(channel="chat")), False, "another context"),
    ],
)
def test_keys(other: Exchange, same: bool, why: str) -> None:
    assert (key_of(EXCHANGE, "slow.1@abc") == key_of(other, "slow.1@abc")) is same, why


def test_weights_make_another_key() -> None:
    assert key_of(EXCHANGE, "slow.1@abc") != key_of(EXCHANGE, "slow.1@abd")
    assert key_of(EXCHANGE, "slow.1@abc") != key_of(EXCHANGE, "slow.2@abc")


GOOD = packed(replace(annotation(REPLY), reply_id="-"))


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (b"", "nothing"),
        (b"\x80\x04cposix\nsystem\n", "a pickle"),
        (b"null", "no object"),
        (b"[" * 100_000, "deep JSON"),
        (GOOD[:-3], "cut"),
        (GOOD.replace(b"3.25", b"9"), "a level that there is not"),
        (GOOD.replace(b"3.25", b'"5"'), "a text for a level"),
        (GOOD.replace(b'"I am"', b'"evil"'), "a span that does not quote the reply"),
        (GOOD.replace(b'"end":4', b'"end":400'), "a span beyond the reply"),
        (GOOD.replace(b'"slow"', b'"other"'), "another scorer's"),
        (GOOD.replace(b'"version":"1"', b'"version":"2"'), "another version's"),
        (GOOD.replace(b'"role":"scorer"', b'"role":"annotator"'), "not a scorer's"),
        (GOOD.replace(b'"flags":[]', b'"flags":["fine"]'), "a flag that there is not"),
    ],
)
def test_a_poisoned_value_is_made_anew(tmp_path: Path, value: bytes, why: str) -> None:
    assert value != GOOD
    assert taken(value, EXCHANGE, "slow", "1") is None, why
    scorer, cache = Slow(), Cache(tmp_path)
    assert cache.put({key_of(EXCHANGE, "slow.1@abc"): value})
    assert judge(scorer, [EXCHANGE], cache)[0].levels["empathy"] == 3.25 and scorer.asked == 1, why
    assert judge(scorer, [EXCHANGE], cache) and scorer.asked == 1, "and kept in its place"


def test_a_good_value_is_taken() -> None:
    assert taken(GOOD, EXCHANGE, "slow", "1") == replace(annotation(REPLY), reply_id="r1", scenario_id="t1")


@pytest.mark.parametrize("content", [b"", b"not a database at all, but long enough to be looked at" * 100])
def test_a_damaged_file_is_started_over(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "annotations.sqlite").write_bytes(content)
    scorer, cache = Slow(), Cache(tmp_path)
    judge(scorer, [EXCHANGE], cache)
    judge(scorer, [EXCHANGE], cache)
    assert scorer.asked == 1


def test_a_table_of_another_form_is_no_end(tmp_path: Path) -> None:
    base = sqlite3.connect(tmp_path / "annotations.sqlite")
    base.execute("CREATE TABLE annotation (key INTEGER)")
    base.commit()
    base.close()
    scorer = Slow()
    assert judge(scorer, [EXCHANGE], Cache(tmp_path)) and scorer.asked == 1


def test_a_cache_that_cannot_be_written_is_no_end(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    scorer = Slow()
    assert judge(scorer, [EXCHANGE], Cache(tmp_path / "file" / "below")) and scorer.asked == 1


def test_values_that_are_no_bytes_or_too_long_are_left(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.put({b"k": b"v"})
    with sqlite3.connect(tmp_path / "annotations.sqlite") as base:
        base.execute("UPDATE annotation SET value = 7")
    assert cache.get([b"k"]) == {}
    cache.put({b"k": bytes(10_000_000)})
    assert cache.get([b"k"]) == {}
