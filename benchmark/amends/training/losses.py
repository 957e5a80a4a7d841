"""What a step is held to: marks, behaviours and levels of each reply, and what the sides of a pair owe each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from amends.training.pairs import Rows, owed

RISE = 2.0
"""How far the better side's score must stand above the worse one's where a dimension moves, in logits."""
RISES, GAPS, ALIKE, PLACES = 1.0, 0.75, 0.15, 0.15
"""What a wrong direction costs, and differences of levels, of behaviours and of marks that are not the annotators'."""
_ENOUGH = 4
"""Pairs in a batch from which they count in full."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Tensors of one step."""

    ids: Any
    kinds: Any
    seen: Any
    reply: Any
    marks: Any
    shown: Any
    levels: Any
    weight: Any
    pairs: list[Rows]
    common: list[tuple[slice, slice, slice, slice]]
    """For each pair the pieces that both sides share: the beginning of the better and of the worse, the ends."""


def losses(network: Any, batch: Batch, out: tuple[Any, Any, Any]) -> Any:
    """Marks, behaviours, levels and pairs in one number.

    Args:
        network: for the thresholds of its levels.
        batch: what was read.
        out: what the network says of it.
    """
    marks, shown, score = (part.float() for part in out)
    weight = batch.weight
    lost, count = _masked(marks, batch.marks, 2.0)
    total = (lost / count * weight).mean() * 8
    lost, count = _masked(shown, batch.shown, 1.5)
    total = total + (lost / count * weight).mean() * 4
    thetas = network.thetas()
    above = batch.levels.flip(2).cumsum(2).flip(2)[:, :, 1:]
    lost, count = _masked(score.unsqueeze(2) - thetas, above, 1.0)
    total = total + (lost / count * weight).mean() * 4
    if batch.pairs:
        total = total + pair_losses(batch, (marks, shown, score), thetas) * min(1.0, len(batch.pairs) / _ENOUGH)
    return total


def _masked(logits: Any, target: Any, push: float) -> tuple[Any, Any]:
    """Cross entropy by reply over what is known, and how much is."""
    import torch

    known = ~torch.isnan(target)
    lost = torch.nn.functional.binary_cross_entropy_with_logits(
        logits, torch.nan_to_num(target), reduction="none", pos_weight=torch.tensor(push)
    )
    return (lost * known).flatten(1).sum(1), known.flatten(1).sum(1).clamp(min=1)


def pair_losses(batch: Batch, out: tuple[Any, Any, Any], thetas: Any) -> Any:
    """What the two sides of contrast pairs owe each other, a mean over the pairs.

    A dimension that moves rises by ``RISE`` or more; levels differ by as much as the annotators' do; codes that
    nobody names for one side alone are shown alike; words that both sides share carry the same marks for them.

    Args:
        batch: what was read.
        out: what the network says of it.
        thetas: its thresholds, dimensions by four.
    """
    import torch

    marks, shown, score = out
    better, worse = ([getattr(rows, side) for rows in batch.pairs] for side in ("better", "worse"))
    moved = torch.tensor([rows.pair.moved for rows in batch.pairs])
    gap = torch.from_numpy(owed(batch.pairs))
    equal = torch.tensor([rows.pair.equal for rows in batch.pairs]).float()
    rise = torch.nn.functional.softplus(RISE - (score[better] - score[worse])) * (moved == 1)
    level = torch.sigmoid(score.unsqueeze(2) - thetas).sum(2)
    gaps = apart_by(level[better] - level[worse], torch.nan_to_num(gap)) * ~torch.isnan(gap)
    chance = torch.sigmoid(shown)
    alike = apart_by(chance[better], chance[worse]) * equal
    total = RISES * rise.sum(1) + GAPS * gaps.sum(1) + ALIKE * alike.sum(1)
    return (total + PLACES * _same_marks(batch, torch.sigmoid(marks), equal)).mean()


def apart_by(one: Any, other: Any) -> Any:
    """Huber's loss (1964) of each difference: square below a quarter, straight above."""
    import torch

    return torch.nn.functional.smooth_l1_loss(one, other, reduction="none", beta=0.25)


def _same_marks(batch: Batch, chance: Any, equal: Any) -> Any:
    """How far marks differ on pieces that both sides of a pair share: codes summed, pieces in the mean."""
    import torch

    made = []
    for rows, cut, codes in zip(batch.pairs, batch.common, equal, strict=True):
        one = torch.cat([chance[rows.better, cut[0]], chance[rows.better, cut[2]]])
        other = torch.cat([chance[rows.worse, cut[1]], chance[rows.worse, cut[3]]])
        made.append((apart_by(one, other) * codes).sum() / max(1, len(one)))
    return torch.stack(made)
