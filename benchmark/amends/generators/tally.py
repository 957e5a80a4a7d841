"""What came of asking a language model for replies, counted and said."""

from __future__ import annotations

from collections import Counter

from amends.endpoint.protocol import Answer, EndpointError
from amends.endpoint.usage import Prices, Usage


class Tally:
    """Counts of one generator object; used by one thread."""

    def __init__(self, name: str) -> None:
        """Nothing yet.

        Args:
            name: of the generator, as it was asked for.
        """
        self._name = name
        self._replies = 0
        self._odd: Counter[str] = Counter()
        self._failed: Counter[str] = Counter()
        self._models: Counter[str] = Counter()

    def reply(self, answer: Answer, text: str) -> None:
        """One more reply.

        Args:
            answer: as it came.
            text: what was made of it.
        """
        self._replies += 1
        self._models[answer.model or "a model without a name"] += 1
        cut = {"length": "cut at the most tokens", "content_filter": "cut by a filter"}
        signs = {"empty": not text.strip(), "refused": bool(answer.refusal), cut.get(answer.finish or "", ""): True}
        self._odd.update(sign for sign, holds in signs.items() if sign and holds)

    def failure(self, error: Exception | None) -> None:
        """One more that failed for good."""
        self._failed[error.kind if isinstance(error, EndpointError) else type(error).__name__] += 1

    def lines(self, used: Usage, prices: Prices | None, without: tuple[str, ...]) -> str:
        """For a person, two lines or more.

        Args:
            used: of the endpoint.
            prices: None where they are unknown.
            without: parameters that the endpoint does not take.
        """
        cost = used.cost(prices)
        told = f"{used.prompt_tokens:,} + {used.completion_tokens:,} tokens (prompts + replies)"
        if used.untold:
            told += f", {used.untold:,} answers do not say"
        lines = [
            f"{self._name}: {self._replies:,} replies; {used.requests:,} requests ({used.retries:,} retries), "
            f"{used.cached:,} answers from the cache",
            f"{told}; cost {'unknown' if cost is None else f'{cost:.4f}'}",
        ]
        for what, counts in (
            ("of the replies", self._odd),
            ("without a reply", self._failed),
            ("answered by", self._models),
        ):
            if counts:
                lines.append(f"{what}: {', '.join(f'{name} {n:,}' for name, n in counts.most_common(9))}")
        if without:
            lines.append(f"left out, the endpoint does not take it: {', '.join(without)}")
        if used.unsaved:
            lines.append(f"{used.unsaved:,} answers could not be kept in the cache")
        return "\n".join(lines)
