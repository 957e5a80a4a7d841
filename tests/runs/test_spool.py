"""Records on disk come back as they went, in any order."""

import random

import pytest

from amends.records import Context, Exchange, Turn
from amends.runs.spool import Spool, SpooledExchanges


def test_values_come_back_by_their_number() -> None:
    spool = Spool()
    values = [{"n": i, "text": "line\nend \u2028 \U0001f600" * (i % 5)} for i in range(100)]
    for i, value in enumerate(values):
        spool.add(value)
        assert spool[i] == value, "what is not packed yet is there too"
    places = list(range(100))
    random.Random(1).shuffle(places)
    assert [spool[i] for i in places] == [values[i] for i in places]
    assert len(spool) == 100
    for place in (-1, 100):
        with pytest.raises(IndexError):
            spool[place]


def test_exchanges_come_back_by_id_and_the_last_of_an_id_counts() -> None:
    made = [
        Exchange(f"e{i % 40}", (Turn("customer", "Hm."),), f"reply {i}", Context(channel="chat"), meta={"a": [i]})
        for i in range(70)
    ]
    spooled = SpooledExchanges()
    assert not spooled
    for one in made:
        spooled.add(one)
    assert dict(spooled) == {one.id: one for one in made}
    assert spooled.get("none") is None
