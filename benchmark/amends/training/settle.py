"""What is fitted after the networks: n-grams, where spans are cut, the odds of levels, how sure they may be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from amends.records import DIMENSIONS
from amends.scorers.trained.decode import Marks, Spans, by_word, clauses, stretches
from amends.scorers.trained.levels import Odds
from amends.scorers.trained.ngrams import Grams, grams
from amends.scorers.trained.pieces import parts
from amends.scorers.trained.relevance import COLUMNS, Relevance, overlap
from amends.training.losses import RISE, apart_by
from amends.training.material import CODES, Array, Item
from amends.training.pairs import Rows, owed
from amends.training.variants import good_words

_RARE = 3
"""A run of words in fewer replies is not counted."""
_RIDGE = 2.0
_CONSTANT = 0.3
"""Replies that would fit any complaint, per reply that is asked for its relevance."""
_FREE, _HELD_WORDS, _HELD_CODES, _HELD_COUNTS, _OTHERS = 0.01, 0.1, 0.2, 5.0, 50.0
"""Ridges of columns, chosen by contrast pairs and levels out of fold."""
_COUNTS = ("shared", "echo", "distinct", "function", "questions", "sentence")
_LETTERS = dict(zip(DIMENSIONS, "EDX", strict=True))
_GAPS = 2.0
"""How much a difference of levels that is not the annotators' costs beside one in the wrong direction."""


@dataclass(frozen=True, slots=True)
class Runs:
    """The tables of ``Grams``."""

    runs: list[str]
    rarity: Array
    weights: Array
    base: Array

    def grams(self) -> Grams:
        """As the scorer reads them."""
        return Grams(self.runs, self.rarity, self.weights, self.base)


def fit_runs(items: Sequence[Item]) -> Runs:
    """Ridge regression (Hoerl and Kennard 1970) of gold levels on tf-idf of word runs, in its dual form.

    Args:
        items: with gold.
    """
    counted = [grams(item.words) for item in items]
    spread = Counter(run for own in counted for run in own)
    runs = sorted(run for run, n in spread.items() if n >= _RARE)
    place = {run: number for number, run in enumerate(runs)}
    rarity = np.array([np.log((1 + len(items)) / (1 + spread[run])) + 1 for run in runs])
    table = np.zeros((len(items), len(runs)), np.float32)
    for number, own in enumerate(counted):
        for run, n in own.items():
            if run in place:
                table[number, place[run]] = (1 + np.log(n)) * rarity[place[run]]
    table /= np.maximum(np.linalg.norm(table, axis=1, keepdims=True), 1e-9)
    gold = np.array([item.gold for item in items])
    base = gold.mean(0)
    inner = (table @ table.T).astype(np.float64)
    dual = np.linalg.solve(inner + _RIDGE * np.eye(len(items)), gold - base)
    # the mean of the prediction over the items is kept at the mean of gold
    shift = (inner @ dual).mean(0)
    weights = (table.T @ dual.astype(np.float32)).astype(np.float16)
    return Runs(runs, rarity.astype(np.float32), weights, (base - shift).astype(np.float32))


def fit_relevance(items: Sequence[Item], grams: Grams, seed: int) -> Relevance:
    """Logistic regression by Newton's method: replies to their own scenario against the same to another.

    Replies in good words that would fit any complaint stand with those to another.

    Args:
        items: replies with gold; only those of level 3 or more on average are asked, as poor ones name little.
        grams: for the rarity of words.
        seed: of the draw of the other scenario.
    """
    random = np.random.default_rng(seed)
    asked = [item for item in items if np.mean(item.gold) >= 3]
    rows, answers = [], []
    for item in asked:
        other = asked[int(random.integers(len(asked)))]
        rows.append(overlap(item.words, item.stems, grams.rarity))
        answers.append(0.0)
        if random.random() < _CONSTANT:
            rows.append(overlap(parts(good_words(random)), item.stems, grams.rarity))
            answers.append(1.0)
        if other.scenario != item.scenario:
            rows.append(overlap(item.words, other.stems, grams.rarity))
            answers.append(1.0)
    x, y = np.array(rows), np.array(answers)
    weights = np.zeros(COLUMNS)
    for _ in range(30):
        p = 1 / (1 + np.exp(-np.clip(x @ weights, -30, 30)))
        bent = (x * (p * (1 - p))[:, None]).T @ x + 1e-2 * np.eye(COLUMNS)
        weights = weights + np.linalg.solve(bent, x.T @ (y - p) - 1e-2 * weights)
    return Relevance(weights)


def ridge_of(columns: Sequence[str]) -> Array:
    """The ridge of each column by dimension, dimensions by columns.

    What the clauses of a dimension do not ask for is held back hardest (the scores, levels and codes of the others),
    then counts of words; the codes' own and the n-grams' columns are held back as they move for more than one reason.

    Args:
        columns: their names; those after ``features.NAMES`` are codes.
    """
    return np.array([[_ridge(column, dimension) for column in columns] for dimension in DIMENSIONS])


def _ridge(column: str, dimension: str) -> float:
    kind, _, rest = column.partition(" ")
    if column in CODES:
        asked = column[0] == _LETTERS[dimension] or (dimension == "excuse_avoidance" and column == "D6")
        return _HELD_CODES if asked else _OTHERS
    if rest in DIMENSIONS:
        return _OTHERS if rest != dimension else _HELD_WORDS if kind == "words" else _FREE
    return _HELD_COUNTS if column in _COUNTS else _FREE


def fit_odds(rows: Array, targets: Array, pairs: Sequence[Rows], ridge: Array) -> Odds:
    """Proportional odds with a ridge, on rows of replies that no network learnt from.

    Args:
        rows: replies by columns (``features.whole``).
        targets: replies by dimensions by five: shares; NaN where levels are not known.
        pairs: where their sides stand among the rows, and what they owe each other.
        ridge: of each column, for all dimensions or by dimension.
    """
    import torch

    mean, scale = rows.mean(0), rows.std(0) + 1e-6
    x = torch.tensor((rows - mean) / scale)
    known = ~np.isnan(targets).any((1, 2))
    above = torch.tensor(np.nan_to_num(targets[:, :, ::-1].cumsum(2)[:, :, ::-1][:, :, 1:]).copy())
    here = torch.tensor(np.flatnonzero(known))
    better, worse = (torch.tensor([getattr(p, side) for p in pairs], dtype=torch.long) for side in ("better", "worse"))
    moved = torch.tensor([p.pair.moved for p in pairs], dtype=torch.long).reshape(-1, 3)
    gap = torch.tensor(owed(pairs).astype(np.float64))
    weights = torch.zeros(3, rows.shape[1], dtype=torch.float64, requires_grad=True)
    low = torch.full((3, 1), -2.0, dtype=torch.float64, requires_grad=True)
    steps = torch.full((3, 3), 1.0, dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.LBFGS([weights, low, steps], max_iter=300, line_search_fn="strong_wolfe")
    softplus = torch.nn.functional.softplus

    def thetas() -> torch.Tensor:
        return torch.cat([low, softplus(steps) + 0.02], 1).cumsum(1)

    def cost() -> torch.Tensor:
        score = x @ weights.T
        logits = score[here][:, :, None] - thetas()
        lost = torch.nn.functional.binary_cross_entropy_with_logits(logits, above[here], reduction="none")
        total = lost.sum((1, 2)).mean() + (torch.tensor(ridge) * weights**2).sum()
        if len(pairs):
            rise = softplus(RISE - (score[better] - score[worse])) * (moved == 1)
            level = torch.sigmoid(score[:, :, None] - thetas()).sum(2)
            apart = apart_by(level[better] - level[worse], torch.nan_to_num(gap)) * ~torch.isnan(gap)
            total = total + len(pairs) / len(here) * (rise + _GAPS * apart).sum(1).mean()
        return total

    def closure() -> torch.Tensor:
        optimiser.zero_grad()
        value = cost()
        value.backward()
        return value

    optimiser.step(closure)
    plain = weights.detach().numpy() / scale
    return Odds(plain, thetas().detach().numpy() + (plain @ mean)[:, None], np.ones(3))


def fit_slopes(odds: Odds, rows: Array, targets: Array) -> Odds:
    """Choose each dimension's slope for the least log loss on replies that nothing was fitted on.

    Args:
        odds: with slopes of 1.
        rows: of the replies.
        targets: replies by dimensions by five: shares.
    """
    grid = np.geomspace(0.4, 2.5, 43)
    lost = np.zeros((len(grid), 3))
    for number, slope in enumerate(grid):
        tried = Odds(odds.weights, odds.thetas, np.full(3, slope))
        found = np.stack([tried.probabilities(row) for row in rows])
        lost[number] = -(targets * np.log(np.maximum(found, 1e-6))).sum(2).mean(0)
    return Odds(odds.weights, odds.thetas, grid[lost.argmin(0)])


def fit_shown(shown: Array, targets: Array, weight: Array) -> Array:
    """Per code the logit from which it is given: the highest soft F1.

    Args:
        shown: replies by codes, logits.
        targets: replies by codes, 0..1 (a half where annotators differ); NaN is left out.
        weight: of each reply.
    """
    cuts = np.zeros(len(CODES), np.float32)
    for number in range(len(CODES)):
        known = ~np.isnan(targets[:, number])
        logits, target, own = shown[known, number], targets[known, number], weight[known]
        grid = np.linspace(-4, 3, 71)
        best = [2 * (own * target * (logits >= cut)).sum() / max(1e-9, (own * ((logits >= cut) + target)).sum())
                for cut in grid]  # fmt: skip
        near = np.convolve(np.pad(best, 2, mode="edge"), np.ones(5) / 5, "valid")
        cuts[number] = grid[int(near.argmax())]
    return cuts


def fit_spans(marks: Sequence[Marks], items: Sequence[Item], cuts: Array) -> Spans:
    """Choose where spans are cut: the highest overlap F1 of words on codes that both sides have.

    Args:
        marks: of the networks.
        items: with their words' marks.
        cuts: from ``fit_shown``.
    """
    best, chosen = -1.0, Spans(cuts, np.zeros(len(CODES), np.float32), 1.0, 0.5)
    words = [by_word(own) if len(own.words) else None for own in marks]
    parted = [clauses(item.words) for item in items]
    for inner in (-0.5, 0.0, 0.5, 1.0):
        for reach in (1.0, 1.5, 2.0):
            for share in (0.35, 0.5):
                tried = Spans(cuts, np.full(len(CODES), inner, np.float32), reach, share)
                found = [
                    _overlap(w, own.shown, item, (tried, own_parts))
                    for w, own, item, own_parts in zip(words, marks, items, parted, strict=True)
                    if w is not None
                ]
                value = float(np.mean([f for some in found for f in some] or [0.0]))
                if value > best:
                    best, chosen = value, tried
    return chosen


def _overlap(words: Array, shown: Array, item: Item, cut: tuple[Spans, list[tuple[int, int]]]) -> list[float]:
    """F1 of words for each code that gold and the marks share."""
    made = []
    spans, parted = cut
    for number in np.flatnonzero((shown >= spans.shown) & (item.shown >= 1)).tolist():
        found = stretches(words[:, number], item.words, parted, spans, number)
        mine = {w for first, last in found for w in range(first, last + 1)}
        theirs = set(np.flatnonzero(item.marks[:, number] >= 1).tolist())
        made.append(2 * len(mine & theirs) / max(1, len(mine) + len(theirs)))
    return made
