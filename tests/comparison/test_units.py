"""Replies in columns say what replies one by one say."""

from pathlib import Path

import numpy as np
import orjson
from tests.comparison.conftest import MISSING, side

from amends.comparison.sides import Fields, Unit, load_side
from amends.comparison.two import Asked, compare_two
from amends.comparison.units import Units, common_codes
from amends.records import DIMENSIONS
from amends.scorers import load_scorer


def test_columns_say_what_the_replies_say() -> None:
    made = side("a", [1, None, MISSING, 4.5], clusters=[["x", "y", "x", None]], codes=("E1",))
    table = Units.of(made.units)
    assert list(table) == list(made.units) and table[1:3] == list(made.units[1:3])
    assert table.level(DIMENSIONS[0]).tolist()[::3] == [1.0, 4.5]
    assert table.given.tolist() == [True, True, False, True]
    assert table.read.tolist() == [True, False, False, True]
    assert table.judged(DIMENSIONS[0]).tolist() == [True, False, True, True]
    assert table.shows("E1").tolist() == [True] * 4 and not table.shows("E2").any()
    assert (table.texts != 0).tolist() == [True, True, False, True], "a reply that never came has no text"
    assert common_codes([table.clusters[0].keys])[0].tolist() == [0, 1, 0, 2]
    assert table.rows_of({"1.1", "7"}) == {"1.1": 1}
    assert Units.of(table) is table


def write(path: Path, name: str, count: int) -> str:
    turns = [{"role": "customer", "text": "My lamp came broken."}]
    lines = []
    for i in range(count):
        meta = {"agent": f"a{i % 5}", "ticket": i, "tags": ["x", i % 2], "conversation": f"c{i // 2}"}
        reply = f"I am sorry for lamp {i}." if (i + len(name)) % 3 else "It is your own fault, read the manual."
        lines.append({"id": f"{name}{i}", "turns": turns, "channel": "chat", "reply": reply, "meta": meta})
    path.write_bytes(b"".join(orjson.dumps(line) + b"\n" for line in lines))
    return str(path)


def test_a_loaded_side_gives_its_replies_one_by_one_too(tmp_path) -> None:
    fields = Fields("meta.ticket", ("meta.agent", "meta.tags"))
    told: list[object] = []
    what = write(tmp_path / "a.jsonl", "a", 50), write(tmp_path / "bb.jsonl", "bb", 45)
    a, b = (load_side(one, load_scorer("rules"), None, fields, told.append) for one in what)
    assert not told and len(a.units) == 50
    unit = a.units[43]
    assert isinstance(unit, Unit) and unit.item is not None
    assert (unit.id, unit.key, unit.clusters, unit.conversation) == ("a43", "43", ("a3", "['x', 1]"), "c21")
    assert unit.item[0].reply == "I am sorry for lamp 43." and unit.item[1].reply_id == "a43"
    assert unit.levels == unit.item[1].levels and unit.stratum == ("chat", None, None, None)
    plain = [type(one)(one.name, list(one.units), one.judge, one.digest, one.samples) for one in (a, b)]
    asked = Asked("meta.ticket", ("meta.agent", "meta.tags"))
    assert compare_two(a, b, asked) == compare_two(plain[0], plain[1], asked), "columns from disk or from replies"


def test_examples_read_the_texts_that_are_shown_alone(tmp_path, monkeypatch) -> None:
    fields = Fields("meta.ticket")
    what = write(tmp_path / "a.jsonl", "a", 60), write(tmp_path / "bb.jsonl", "bb", 60)
    a, b = (load_side(one, load_scorer("rules"), None, fields, print) for one in what)
    read: list[int] = []
    for one in (a, b):
        table = one.table
        made = table._made
        monkeypatch.setattr(table, "_unit", lambda row, made=made: (read.append(row), made(row))[1])
    found = compare_two(a, b, Asked("meta.ticket"))
    assert found.examples and len(read) == 2 * len(found.examples)
    assert np.isfinite([e.difference for e in found.examples]).all()
