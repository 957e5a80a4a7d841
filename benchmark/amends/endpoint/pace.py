"""No more requests a minute than an endpoint grants, spread evenly."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Pace:
    """Gives each request its moment: N a minute are 60/N seconds apart, whichever thread asks."""

    def __init__(self, per_minute: float | None, clock: Callable[[], float] = time.monotonic) -> None:
        """Start; the first request goes at once.

        Args:
            per_minute: requests a minute at most, above 0; None for no limit.
            clock: seconds.
        """
        self._apart = 60.0 / per_minute if per_minute else 0.0
        self._clock, self._lock = clock, threading.Lock()
        self._next = clock()

    def reserve(self) -> float:
        """Take the next free moment: seconds to wait until it, 0 for now. Moments that nobody took are lost."""
        with self._lock:
            now = self._clock()
            moment = max(now, self._next)
            self._next = moment + self._apart
            return moment - now
