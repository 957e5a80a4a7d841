"""One reply through the encoder, and replies side by side on the cores that there are."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import numpy as np

from amends.scorers.trained.decode import Array, Marks
from amends.scorers.trained.inputs import Tokens
from amends.scorers.trained.weights import Weights

Given = TypeVar("Given")
Made = TypeVar("Made")
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


def side_by_side(one: Callable[[Given], Made], many: Sequence[Given]) -> list[Made]:
    """Do one thing for each of many on the cores that there are; answers in order.

    The encoder lets other threads run, so that one thread's words are counted while another's reply is read.

    Args:
        one: what is done.
        many: for what.
    """
    threads = min(_THREADS, os.cpu_count() or 1)
    if threads == 1 or len(many) < 2:
        return [one(some) for some in many]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(one, many))
