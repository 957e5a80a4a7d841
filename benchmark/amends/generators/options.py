"""How a language model is asked for replies, whichever way it is reached."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from pathlib import Path

from amends.endpoint.usage import Prices
from amends.errors import UsageError

OPTIONS = {
    "base_url": "--base-url",
    "system": "--system",
    "temperature": "--temperature",
    "max_tokens": "--max-tokens",
    "concurrency": "--concurrency",
    "rate": "--rate",
    "timeout": "--timeout",
    "prices": "--price",
}
"""Fields of ``ModelOptions`` to the options that set them."""


@dataclass(frozen=True, slots=True)
class ModelOptions:
    """Options of generators that are language models."""

    base_url: str | None = None
    """None: OPENAI_BASE_URL, else the openai package's default."""
    system: Path | None = None
    """A system prompt of one's own; None for the built-in one."""
    temperature: float | None = None
    """From 0; None leaves it to the model."""
    max_tokens: int | None = None
    """Tokens of a reply at most; None leaves it to the model."""
    concurrency: int = 8
    """Requests in flight at most, 1..256."""
    rate: float | None = None
    """Requests a minute at most; None for no limit."""
    timeout: float = 120.0
    """Seconds until a try is given up."""
    prices: Prices | None = None
    """Per million tokens; None: the cost is not known."""

    def __post_init__(self) -> None:
        """Hold the numbers to their ranges.

        Raises:
            UsageError: one lies outside.
        """
        heat = self.temperature
        right = {
            "temperature": heat is None or (math.isfinite(heat) and heat >= 0),
            "max_tokens": self.max_tokens is None or self.max_tokens >= 1,
            "concurrency": 1 <= self.concurrency <= 256,
            "rate": self.rate is None or (math.isfinite(self.rate) and self.rate > 0),
            "timeout": math.isfinite(self.timeout) and self.timeout > 0,
        }
        if wrong := [name for name, holds in right.items() if not holds]:
            raise UsageError(f"{OPTIONS[wrong[0]]} cannot be {getattr(self, wrong[0])!r}: see amends run --help")
        if heat is not None:  # 0, 0.0 and -0.0 are one setting, and have one hash
            object.__setattr__(self, "temperature", float(heat) + 0.0)

    def only(self, taken: tuple[str, ...], generator: str) -> None:
        """Refuse what a generator does not take.

        Args:
            taken: fields that it takes.
            generator: what it is called in the message.

        Raises:
            UsageError: another field is set.
        """
        unset = ModelOptions()
        names = [one.name for one in fields(self) if getattr(self, one.name) != getattr(unset, one.name)]
        if wrong := [OPTIONS[name] for name in names if name not in taken]:
            raise UsageError(f"{generator} does not take {', '.join(wrong)}: leave it out")


def checked_model(kind: str, model: str) -> str:
    """A model's name that can stand in ids and messages.

    Raises:
        UsageError: it is empty, or holds blanks, control characters or ``|``.
    """
    if not model or any(char.isspace() or not char.isprintable() or char == "|" for char in model):
        raise UsageError(f"the model is {model!r}: write {kind}:MODEL, without blanks or '|', such as {kind}:my-model")
    return model
