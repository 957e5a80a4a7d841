"""When a request is made again, and after how long."""

from __future__ import annotations

import pytest

from amends.endpoint.retry import Backoff, retry_after

NOON = 1_795_348_800.0
"""2026-11-22 12:00:00 UTC."""


@pytest.mark.parametrize(
    ("headers", "expected", "why"),
    [
        ({}, None, "nothing said"),
        ({"retry-after": "7"}, 7.0, "seconds"),
        ({"retry-after": "0.5"}, 0.5, "a fraction, as some send"),
        ({"retry-after": "-3"}, 0.0, "no wait into the past"),
        ({"retry-after": "Sun, 22 Nov 2026 12:00:30 GMT"}, 30.0, "a date (RFC 9110)"),
        ({"retry-after": "Sun, 22 Nov 2026 11:00:00 GMT"}, 0.0, "a date gone by"),
        ({"retry-after": "soon"}, None, "neither"),
        ({"retry-after": "nan"}, None, "no number"),
        ({"retry-after": "inf"}, None, "no number"),
        ({"retry-after-ms": "1500", "retry-after": "9"}, 1.5, "OpenAI's finer header goes first"),
        ({"retry-after-ms": "x", "retry-after": "9"}, 9.0, "unless it is broken"),
    ],
)
def test_what_a_response_asks(headers: dict[str, str], expected: float | None, why: str) -> None:
    assert retry_after(headers, NOON) == expected, why


def test_waits_double_within_their_jitter_up_to_the_most() -> None:
    backoff = Backoff(retries=9, first=1.0, most=60.0)
    for attempt, ceiling in enumerate([1, 2, 4, 8, 16, 32, 60, 60, 60]):  # 2^k, at most 60
        wait = backoff.wait("k", attempt, None)
        assert wait is not None
        assert ceiling / 2 <= wait <= ceiling
    assert backoff.wait("k", 9, None) is None, "nine tries after the first, no tenth"


def test_the_same_request_waits_the_same_and_two_do_not_keep_step() -> None:
    backoff = Backoff()
    assert backoff.wait("a", 0, None) == Backoff().wait("a", 0, None)
    assert len({backoff.wait(key, 0, None) for key in "abcdefgh"}) == 8
    assert Backoff(seed=1).wait("a", 0, None) != backoff.wait("a", 0, None)


def test_what_is_asked_for_is_honoured_up_to_patience() -> None:
    backoff = Backoff(patience=100.0)
    assert backoff.wait("k", 0, 90.0) == 90.0
    assert backoff.wait("k", 0, 101.0) is None, "an hour's wait is the user's to decide"
    short = backoff.wait("k", 3, 0.0)
    assert short is not None
    assert short >= 4.0, "asked for less than the backoff: the backoff stands"
