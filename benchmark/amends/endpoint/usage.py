"""What asking an endpoint came to: requests, retries, tokens, cost."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass

from amends.records import Json


@dataclass(frozen=True, slots=True)
class Prices:
    """What a million tokens cost, in whatever currency the user thinks in."""

    prompt: float
    completion: float

    @staticmethod
    def read(text: str) -> Prices:
        """Prices as a user writes them: ``in,out``.

        Raises:
            ValueError: not two numbers from 0.
        """
        prices = [float(part) for part in text.split(",")]
        if len(prices) != 2 or not all(math.isfinite(price) and price >= 0 for price in prices):
            raise ValueError("not two prices, in,out")
        return Prices(*prices)


@dataclass(frozen=True, slots=True)
class Usage:
    """Counts of one endpoint object in one process; answers from the cache cost nothing and are only in ``cached``."""

    requests: int = 0
    """Sent, tries that failed among them."""
    retries: int = 0
    answers: int = 0
    """Given by the endpoint."""
    cached: int = 0
    """Taken from the cache."""
    prompt_tokens: int = 0
    """Of the answers that say so."""
    completion_tokens: int = 0
    untold: int = 0
    """Answers that do not say how many tokens they took."""
    unsaved: int = 0
    """Answers that the cache could not keep."""

    def to_dict(self) -> Json:
        """The counts by name."""
        return asdict(self)

    def cost(self, prices: Prices | None) -> float | None:
        """(prompt tokens x prompt price + completion tokens x completion price) / 1,000,000.

        Args:
            prices: None where they are unknown.

        Returns:
            None where prices or tokens are unknown; 0.0 where nothing was answered, whatever the prices. Tries that
            failed are not in it, though an endpoint may charge for a time-out.
        """
        if not (self.prompt_tokens or self.completion_tokens or self.untold):
            return 0.0
        if prices is None or self.untold:
            return None
        return (self.prompt_tokens * prices.prompt + self.completion_tokens * prices.completion) / 1e6
