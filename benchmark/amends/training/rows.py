"""Rows for the last step: what networks say of replies that they did not learn from, with counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from amends.records import Exchange
from amends.scorers.rules.scorer import Rules
from amends.scorers.trained import decode, features
from amends.scorers.trained.decode import Marks, Spans
from amends.scorers.trained.ngrams import Grams
from amends.scorers.trained.pieces import Pieces
from amends.training.loop import predict, tokens_for
from amends.training.material import CODES, Array, Item, bare
from amends.training.variants import tricked


@dataclass(frozen=True, slots=True)
class Held:
    """Items with what a network that did not learn from them says, and the n-grams' levels."""

    items: list[Item]
    marks: list[Marks]
    shown: Array
    score: Array
    words: Array


def held(network: Any, grams: Grams, items: Sequence[Item], pieces: Pieces, said: int) -> Held:
    """Read items with a network.

    Args:
        network: fitted on other replies.
        grams: fitted on other replies.
        items: to read.
        pieces: the vocabulary.
        said: pieces of the customer's turns that the network reads.
    """
    found, shown, score = predict(network, items, pieces, said)
    marks = [
        Marks(item.words, tokens_for(item, pieces, said).words, own, logits)
        for item, own, logits in zip(items, found, shown, strict=True)
    ]
    words = np.array([grams.levels(item.words) for item in items])
    return Held(list(items), marks, shown, score, words)


def joined(parts: Sequence[Held]) -> Held:
    """Several as one, in order."""
    return Held(
        [item for part in parts for item in part.items],
        [own for part in parts for own in part.marks],
        *(np.concatenate([getattr(part, name) for part in parts]) for name in ("shown", "score", "words")),
    )


def tricks_of(items: Sequence[Item], share: float, seed: int) -> list[Item]:
    """Tricked replies made from items, as texts that are read anew; of marks nothing is said.

    Args:
        items: replies with levels.
        share: of them per item.
        seed: of the draw.
    """
    random = np.random.default_rng(seed)
    made: list[Item] = []
    for number in random.permutation(len(items))[: int(share * len(items))]:
        item, other = items[int(number)], items[int(random.integers(len(items)))]
        trick = tricked(item, other, random)
        if not trick.key:
            # a reply to another scenario is a matter of relevance, not of the odds
            continue
        fresh = bare(item.record, " ".join(word for word, _, _ in trick.words))
        made.append(replace(fresh, levels=trick.levels, writer=item.writer, split="trick"))
    return [item for item in made if item.words]


def table(read: Held, cut: Spans) -> Array:
    """One row a reply, as the scorer makes it.

    Args:
        read: the replies.
        cut: where spans are cut.
    """
    exchanges = [Exchange.from_dict({**item.record, "id": "", "reply": item.text}) for item in read.items]
    flagged = Rules().flagged([exchange.blinded() for exchange in exchanges])
    made = []
    for n, (item, (reading, flags)) in enumerate(zip(read.items, flagged, strict=True)):
        shown = decode.behaviours(read.marks[n], cut, reading.folded, CODES)
        own = features.row(reading, read.marks[n], item.kinds, flags, shown, cut)
        made.append(features.whole(own, read.score[n], read.words[n], read.shown[n]))
    return np.stack(made)
