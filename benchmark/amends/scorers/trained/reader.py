"""One reply through the encoder; replies side by side on the cores that there are."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from amends.scorers.trained.decode import Array, Marks
from amends.scorers.trained.inputs import Tokens
from amends.scorers.trained.weights import Weights

_THREADS = 2
"""At most: each reply is read alone, so that neither order nor size of a batch changes a number."""


def read(weights: Weights, tokens: Tokens) -> tuple[Marks, Array]:
    """Marks and scores of one reply.

    Args:
        weights: from ``weights.load``.
        tokens: from ``inputs.tokens_of``.
    """
    ids = np.array(tokens.ids)
    vectors = weights.words[ids] * weights.scales[ids][:, None] + weights.kinds[np.array(tokens.kinds)]
    seen = np.ones((1, len(ids)), np.float32)
    reply = np.zeros((1, len(ids)), np.float32)
    last = tokens.first + len(tokens.words)
    reply[0, tokens.first : last] = 1
    given = {"vectors": vectors[None].astype(np.float32), "seen": seen, "reply": reply}
    marks, shown, score = weights.session.run(None, given)
    return Marks(tokens.parts, tokens.words, marks[0, tokens.first : last], shown[0]), score[0]


def read_all(weights: Weights, tokens: Sequence[Tokens]) -> list[tuple[Marks, Array]]:
    """Marks and scores of many replies, in order."""

    def one(some: Tokens) -> tuple[Marks, Array]:
        return read(weights, some)

    threads = min(_THREADS, os.cpu_count() or 1)
    if threads == 1 or len(tokens) < 2:
        return [one(some) for some in tokens]
    return _spread(one, tokens, threads)


def _spread(
    one: Callable[[Tokens], tuple[Marks, Array]], tokens: Sequence[Tokens], threads: int
) -> list[tuple[Marks, Array]]:
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(one, tokens))
