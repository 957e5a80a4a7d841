"""Requests a minute: evenly apart, whichever thread asks, and moments that nobody took are lost."""

from __future__ import annotations

import threading

import pytest

from amends.endpoint.pace import Pace


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_even() -> None:
    pace = Pace(30, Clock())
    # 30 a minute are 2 seconds apart
    assert [pace.reserve() for _ in range(4)] == [0.0, 2.0, 4.0, 6.0]


def test_no_burst_after_a_pause() -> None:
    clock = Clock()
    pace = Pace(60, clock)
    pace.reserve()
    clock.now += 0.25
    assert pace.reserve() == 0.75
    clock.now += 600
    assert [pace.reserve(), pace.reserve()] == [0.0, 1.0], "ten idle minutes are no 600 requests at once"


def test_no_limit() -> None:
    pace = Pace(None, Clock())
    assert {pace.reserve() for _ in range(100)} == {0.0}


def test_threads_get_moments_of_their_own() -> None:
    pace, found, lock = Pace(60, Clock()), [], threading.Lock()

    def take() -> None:
        for _ in range(50):
            moment = pace.reserve()
            with lock:
                found.append(moment)

    threads = [threading.Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == pytest.approx([float(n) for n in range(400)])
