"""How a judge is set up: its model by name, everything else by the environment."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from amends.endpoint.usage import Prices
from amends.errors import UsageError

_SAMPLED_AT = 0.7
"""Temperature of several samples where none is given."""
_T = TypeVar("_T")
_D = TypeVar("_D")


@dataclass(frozen=True, slots=True)
class JudgeSettings:
    """Which model judges, and how it is asked."""

    model: str
    base_url: str | None = None
    """None: OPENAI_BASE_URL, else the openai package's default."""
    samples: int = 1
    """Answers for each reply, 1..50."""
    temperature: float | None = None
    """0..2; None: 0 for one sample, 0.7 for several."""
    concurrency: int = 8
    """Requests in flight at most, 1..256."""
    timeout: float = 60.0
    """Seconds until a try is given up."""
    prices: Prices | None = None
    """Per million tokens; None: the cost is not known."""

    @property
    def heat(self) -> float:
        """The temperature that is asked for."""
        if self.temperature is not None:
            return self.temperature
        return 0.0 if self.samples == 1 else _SAMPLED_AT


def from_environment(model: str, environ: Mapping[str, str] = os.environ) -> JudgeSettings:
    """Settings of ``judge:MODEL``.

    Args:
        model: as the endpoint names it.
        environ: AMENDS_JUDGE_BASE_URL, _SAMPLES, _TEMPERATURE, _CONCURRENCY, _TIMEOUT (seconds) and _PRICES
            (``in,out``); what is unset or empty keeps its default.

    Raises:
        UsageError: every bad value, all in one message.
    """
    wrong: list[str] = []
    if not model or any(char.isspace() or not char.isprintable() or char == "|" for char in model):
        wrong.append(f"the model is {model!r}: write judge:MODEL, without blanks or '|', such as judge:gpt-4.1-mini")

    def value(name: str, read: Callable[[str], _T], expected: str, default: _D) -> _T | _D:
        text = environ.get(f"AMENDS_JUDGE_{name}", "").strip()
        if not text:
            return default
        try:
            return read(text)
        except ValueError:
            wrong.append(f"AMENDS_JUDGE_{name} is {text!r}: expected {expected}")
            return default

    made = JudgeSettings(
        model,
        value("BASE_URL", _address, "an http or https address", None),
        value("SAMPLES", _whole(1, 50), "a whole number from 1 to 50", 1),
        value("TEMPERATURE", _number(0.0, 2.0), "a number from 0 to 2", None),
        value("CONCURRENCY", _whole(1, 256), "a whole number from 1 to 256", 8),
        value("TIMEOUT", _number(0.1, 3600.0), "seconds from 0.1 to 3600", 60.0),
        value("PRICES", Prices.read, "two prices per million tokens, in,out, such as 0.40,1.60", None),
    )
    if made.samples > 1 and made.temperature == 0.0:
        wrong.append("AMENDS_JUDGE_TEMPERATURE is 0 with several samples: they would all be the same answer")
    if wrong:
        raise UsageError("the judge cannot be set up: " + "; ".join(wrong) + ".")
    return made


def _address(text: str) -> str:
    if not text.startswith(("http://", "https://")):
        raise ValueError
    return text


def _whole(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not text.isascii() or not text.isdigit() or len(text) > 4 or not least <= int(text) <= most:
            raise ValueError
        return int(text)

    return read


def _number(least: float, most: float) -> Callable[[str], float]:
    def read(text: str) -> float:
        number = float(text)
        if not least <= number <= most:  # NaN is in no range
            raise ValueError
        return number

    return read
