"""When a request is made again, and after how long."""

from __future__ import annotations

import email.utils
import math
import random
import time
from collections.abc import Mapping
from dataclasses import dataclass


def retry_after(headers: Mapping[str, str], now: float | None = None) -> float | None:
    """Seconds that a response asks to wait, or None where it does not say.

    Args:
        headers: of the response, names in lower case: ``retry-after-ms``, or ``retry-after`` in seconds or as a
            date (RFC 9110, 10.2.3).
        now: seconds since the epoch, for a date; None for the clock.
    """
    for name, unit in (("retry-after-ms", 1000.0), ("retry-after", 1.0)):
        try:
            seconds = float(headers.get(name, "")) / unit
        except ValueError:
            continue
        if math.isfinite(seconds):
            return max(0.0, seconds)
    try:
        moment = email.utils.parsedate_to_datetime(headers.get("retry-after", ""))
    except (TypeError, ValueError):
        return None
    return max(0.0, moment.timestamp() - (time.time() if now is None else now))


@dataclass(frozen=True, slots=True)
class Backoff:
    """Exponential backoff with jitter: the wait before try k + 1 is drawn from [d/2, d], d = min(most, first 2^k)."""

    retries: int = 5
    """Tries after the first."""
    first: float = 1.0
    """Seconds of the first wait at most."""
    most: float = 60.0
    """Seconds of any wait at most, unless the response asks for more."""
    patience: float = 300.0
    """A response that asks for more seconds than this is not waited for."""
    seed: int = 12345

    def wait(self, key: str, attempt: int, asked: float | None) -> float | None:
        """Seconds to wait before the next try, or None to give up.

        Args:
            key: of the request: the same request waits the same in every run, two requests do not keep step.
            attempt: tries made and failed, less one: 0 after the first.
            asked: seconds that the response asks for.
        """
        if attempt >= self.retries or (asked is not None and asked > self.patience):
            return None
        ceiling = min(self.most, self.first * 2.0**attempt)
        jittered = ceiling * (0.5 + 0.5 * random.Random(f"{self.seed}:{key}:{attempt}").random())
        return jittered if asked is None else max(asked, jittered)
