"""The fit: batches by length, losses, variants drawn anew each epoch."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from amends.scorers.trained.inputs import Tokens, assembled
from amends.scorers.trained.pieces import Pieces
from amends.training.compose import composed
from amends.training.losses import Batch, losses
from amends.training.material import CODES, Array, Item
from amends.training.pairs import pairs_in
from amends.training.variants import HARMLESS, tricked

_STEP = 16
"""Batches are padded to multiples of so many pieces: a shape that was seen before is read faster."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how fast."""

    epochs: int = 6
    batch: int = 16
    rate: float = 1.2e-4
    """Of the encoder; heads learn ten times as fast."""
    said: int = 0
    """Pieces of the customer's text that are read."""
    composed: float = 0.45
    """Share of replies that are put together anew."""
    tricks: float = 0.28
    """Tricked replies per reply and epoch."""
    harmless: float = 0.35
    """Share of replies that are changed harmlessly."""
    forget: float = 0.15
    """Share of replies whose context is withheld."""
    folds_run: int = 3
    """Folds of three that are fitted to settle the odds: each costs two thirds of the whole fit."""
    fast: bool = True
    """Half precision where the processor has it; off for a fit that is equal to the bit."""
    seed: int = 12345


def tokens_for(item: Item, pieces: Pieces, said: int, context: bool = True) -> Tokens:
    """An item as the encoder reads it."""
    return assembled(item.words, item.kinds, item.context if context else "", pieces, (item.said, said))


def collate(items: Sequence[Item], tokens: Sequence[Tokens]) -> Batch:
    """Pad and stack."""
    import torch

    size, longest = len(items), -(-max(len(t.ids) for t in tokens) // _STEP) * _STEP
    ids, kinds = np.zeros((size, longest), np.int64), np.zeros((size, longest), np.int64)
    seen, reply = np.zeros((size, longest), np.float32), np.zeros((size, longest), np.float32)
    marks = np.full((size, longest, len(CODES)), np.nan, np.float32)
    for row, (item, own) in enumerate(zip(items, tokens, strict=True)):
        ids[row, : len(own.ids)], kinds[row, : len(own.ids)] = own.ids, own.kinds
        seen[row, : len(own.ids)] = 1
        last = own.first + len(own.words)
        reply[row, own.first : last] = 1
        if own.words:
            marks[row, own.first : last] = item.marks[own.words]
    pairs = pairs_in(items)
    return Batch(
        ids=torch.from_numpy(ids),
        kinds=torch.from_numpy(kinds),
        seen=torch.from_numpy(seen),
        reply=torch.from_numpy(reply),
        marks=torch.from_numpy(marks),
        shown=torch.from_numpy(np.stack([item.shown for item in items])),
        levels=torch.from_numpy(np.stack([item.levels for item in items])),
        weight=torch.tensor([item.weight for item in items]),
        pairs=pairs,
        common=[_common(rows.pair.common, tokens[rows.better], tokens[rows.worse]) for rows in pairs],
    )


def _common(words: tuple[int, int], better: Tokens, worse: Tokens) -> tuple[slice, slice, slice, slice]:
    """Pieces that both sides of a pair share, of the better and the worse in turn: at the beginning, at the end."""
    made = []
    for own in (better, worse):
        low = sum(word < words[0] for word in own.words)
        high = sum(word >= len(own.parts) - words[1] for word in own.words)
        made.append((own.first, low, own.first + len(own.words), high))
    low, high = (min(own[n] for own in made) for n in (1, 3))
    (start, _, end, _), (start2, _, end2, _) = made
    return slice(start, start + low), slice(start2, start2 + low), slice(end - high, end), slice(end2 - high, end2)


def units(items: Sequence[Item], plan: Plan, random: np.random.Generator) -> list[list[Item]]:
    """What one epoch reads: single replies, pairs side by side, tricked replies."""
    single = [item for item in items if item.pair is None]
    paired = [item for item in items if item.pair is not None]
    drawn: list[list[Item]] = []
    mates: dict[str, list[Item]] = {}
    for item in single:
        mates.setdefault(item.scenario, []).append(item)
    for item in single:
        if random.random() < plan.composed:
            item = composed(item, [mate for mate in mates[item.scenario] if mate is not item], single, random)
        if random.random() < plan.harmless:
            item = HARMLESS[int(random.integers(len(HARMLESS)))](item, random)
        drawn.append([item])
    for one, two in zip(paired[::2], paired[1::2], strict=True):
        drawn.append([one, two])
    for number in random.permutation(len(single))[: int(plan.tricks * len(single))]:
        other = single[int(random.integers(len(single)))]
        drawn.append([tricked(single[int(number)], other, random)])
    return [unit for unit in drawn if all(item.words for item in unit)]


def batches(drawn: list[list[Item]], pieces: Pieces, plan: Plan, random: np.random.Generator) -> list[list[Any]]:
    """Units of like length together, batches in random order."""
    read = [
        [(item, tokens_for(item, pieces, plan.said, bool(random.random() >= plan.forget))) for item in unit]
        for unit in drawn
    ]
    noise = random.random(len(read)) * 25
    order = np.argsort([max(len(t.ids) for _, t in unit) + noise[n] for n, unit in enumerate(read)], kind="stable")
    made: list[list[Any]] = []
    for number in order:
        if not made or len(made[-1]) >= plan.batch:
            made.append([])
        made[-1] += read[int(number)]
    return [made[int(number)] for number in random.permutation(len(made))]


def fit_network(
    network: Any, items: Sequence[Item], pieces: Pieces, plan: Plan, say: Callable[[str], None] | None = None
) -> None:
    """Fit a network in place.

    Args:
        network: from ``network.build``.
        items: to learn from; contrast pairs stand side by side.
        pieces: the vocabulary.
        plan: how.
        say: told of each epoch.
    """
    import torch

    torch.manual_seed(plan.seed)
    random = np.random.default_rng(plan.seed)
    encoder = list(network.encoder.parameters())
    known = {id(p) for p in encoder}
    heads = [p for p in network.parameters() if id(p) not in known]
    optimiser = torch.optim.AdamW(
        [{"params": encoder, "lr": plan.rate}, {"params": heads, "lr": plan.rate * 10}], weight_decay=0.01
    )
    steps = 0
    whole = max(1, plan.epochs * len(batches(units(items, plan, np.random.default_rng(0)), pieces, plan, random)))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / (0.08 * whole + 1), max(0.02, (whole - step) / whole))
    )
    network.train()
    for epoch in range(plan.epochs):
        began, lost = time.monotonic(), 0.0
        todo = batches(units(items, plan, random), pieces, plan, random)
        for some in todo:
            batch = collate([item for item, _ in some], [t for _, t in some])
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=plan.fast):
                out = network(network.embed(batch.ids, batch.kinds), batch.seen, batch.reply)
            loss = losses(network, batch, out)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            steps += 1
            lost += float(loss.detach())
        if say:
            say(f"epoch {epoch + 1}: loss {lost / len(todo):.4f}, {len(todo)} steps, {time.monotonic() - began:.0f} s")
    network.eval()


def predict(network: Any, items: Sequence[Item], pieces: Pieces, said: int = 0) -> tuple[list[Array], Array, Array]:
    """Marks of the words' pieces (by item), shown logits, scores."""
    import torch

    tokens = [tokens_for(item, pieces, said) for item in items]
    order = np.argsort([len(t.ids) for t in tokens], kind="stable")
    marks: list[Array] = [np.zeros(0)] * len(items)
    shown, score = np.zeros((len(items), len(CODES)), np.float32), np.zeros((len(items), 3), np.float32)
    network.eval()
    with torch.no_grad():
        for at in range(0, len(order), 32):
            rows = [int(n) for n in order[at : at + 32]]
            batch = collate([items[n] for n in rows], [tokens[n] for n in rows])
            with torch.autocast("cpu", dtype=torch.bfloat16):
                out = network(network.embed(batch.ids, batch.kinds), batch.seen, batch.reply)
            for place, n in enumerate(rows):
                own = tokens[n]
                marks[n] = out[0][place, own.first : own.first + len(own.words)].float().numpy()
                shown[n], score[n] = out[1][place].float().numpy(), out[2][place].float().numpy()
    return marks, shown, score
