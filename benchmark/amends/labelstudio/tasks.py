"""Exchanges as Label Studio tasks: what an annotator may see, and what leads back to the reply."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from amends.labelstudio.form import CONTEXT, KEY, REPLY, TURNS, guideline_version
from amends.labelstudio.shown import shown
from amends.labelstudio.wording import context_words
from amends.records import Exchange, Json
from amends.rubric.definitions import version
from amends.signature import digest, package_version

_ROLES = {"customer": "Customer", "agent": "Agent"}


def text_digest(exchange: Exchange) -> str:
    """12 hex that change with any character of the turns or the reply."""
    turns = [{"role": turn.role, "text": turn.text} for turn in exchange.turns]
    return digest([{"turns": turns, "reply": exchange.reply}])


def shown_turns(exchange: Exchange) -> list[Json]:
    """The turns as the page shows them."""
    return [{"author": _ROLES[turn.role], "text": shown(turn.text).text} for turn in exchange.turns]


def task(exchange: Exchange) -> Json:
    """One task in Label Studio's import form: no gold, no author, no emotion, nothing of ``meta``.

    Args:
        exchange: turns, reply, id, and of the context what an annotator is told.
    """
    return {
        "data": {
            CONTEXT: shown(context_words(exchange.context)).text,
            TURNS: shown_turns(exchange),
            REPLY: shown(exchange.reply).text,
            KEY: {"reply_id": exchange.id, "digest": text_digest(exchange), "guideline": guideline_version()},
        }
    }


def shuffled(exchanges: Sequence[Exchange], seed: int) -> list[Exchange]:
    """The exchanges in an order drawn by lot.

    Args:
        exchanges: in the order of their file.
        seed: of the lot, 0 or more.
    """
    order = np.random.default_rng(seed).permutation(len(exchanges))
    return [exchanges[int(i)] for i in order]


def sidecar(exchanges: Sequence[Exchange], file: str, seed: int) -> Json:
    """What ``tasks.json`` was made of, to stand beside it.

    Args:
        exchanges: in the order of the tasks.
        file: where they came from.
        seed: of the order.
    """
    return {
        "amends": package_version(),
        "source": file,
        "data": digest(exchange.to_dict() for exchange in exchanges),
        "seed": seed,
        "guideline": guideline_version(),
        "rubric": version(),
        "order": [exchange.id for exchange in exchanges],
    }
