"""Replies drawn for labeling: by lot, with the chance that each had."""

from __future__ import annotations

import collections

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amends.errors import UsageError
from amends.logs.draw import allocate, draw
from amends.records import Context, Exchange, Turn


def log(n: int, channels: str = "email") -> list[Exchange]:
    names = channels.split()
    turns = (Turn("customer", "hello"),)
    return [Exchange(f"e{i}", turns, "hi", Context(channel=names[i % len(names)])) for i in range(n)]


def test_every_reply_has_the_chance_that_is_written_down() -> None:
    counts: collections.Counter[str] = collections.Counter()
    for seed in range(2000):
        for exchange in draw(log(20), 5, None, seed):
            counts[exchange.id] += 1
            assert exchange.meta["draw"]["probability"] == 0.25
    # 2,000 draws of 1 in 4: mean 500, standard deviation 19.4; five of them cover twenty replies
    assert len(counts) == 20
    assert all(abs(n - 500) < 97 for n in counts.values())


def test_the_same_seed_draws_the_same_replies_and_another_does_not() -> None:
    ids = [[e.id for e in draw(log(200), 20, None, seed)] for seed in (1, 1, 2)]
    assert ids[0] == ids[1] != ids[2]


def test_strata_get_their_share_and_at_least_one() -> None:
    # 90 email, 9 chat, 1 phone; of 10: 9, 0.9, 0.1 by proportion -> one each, the rest to email
    exchanges = [*log(90), *log(9, "chat"), *log(1, "phone")]
    exchanges = [Exchange(f"x{i}", e.turns, e.reply, e.context) for i, e in enumerate(exchanges)]
    drawn = draw(exchanges, 10, "channel", 3)
    by_channel = collections.Counter(e.context.channel for e in drawn)
    assert by_channel == {"email": 8, "chat": 1, "phone": 1}
    chance = {e.context.channel: e.meta["draw"]["probability"] for e in drawn}
    assert chance == {"email": 8 / 90, "chat": 1 / 9, "phone": 1.0}


@given(st.dictionaries(st.text(min_size=1), st.integers(1, 50), min_size=1, max_size=8), st.floats(0, 1))
def test_allocation_gives_all_and_never_more_than_there_are(sizes: dict[str, int], part: float) -> None:
    n = len(sizes) + round(part * (sum(sizes.values()) - len(sizes)))
    shares = allocate(dict(sizes), n)
    assert sum(shares.values()) == n
    assert all(1 <= shares[name] <= sizes[name] for name in sizes)


@pytest.mark.parametrize(
    ("n", "stratify", "why"),
    [
        (0, None, "between 1 and the 10"),
        (11, None, "between 1 and the 10"),
        (1, "channel", "2 values of channel need 2 replies"),
        (5, "chanel", "unknown field 'chanel'"),
    ],
)
def test_what_cannot_be_drawn_is_refused(n: int, stratify: str | None, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        draw(log(10, "email chat"), n, stratify, 1)
