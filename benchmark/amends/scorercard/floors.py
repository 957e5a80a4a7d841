"""Floors: what a scorer must beat. Each is fitted on the train split and never reads what the customer said.

- *constant*: the median train level, whatever the reply.
- *length*: least squares of the level on log(1 + words).
- *sentiment*: least squares on (kind words - harsh words) / sqrt(words), by the word lists below.
- *words*: ridge regression on the reply's words (unigrams hashed into 2,048 columns, 1 + log of the count, scaled to
  length 1) and its length: a reader that never sees the scenario. The penalty is chosen on train by
  cross-validation over scenarios.

On the train split itself every floor is predicted out of fold, scenarios kept whole.
"""

from __future__ import annotations

import math
import zlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from amends.records import DIMENSIONS, Exchange
from amends.scorercard.items import Column, Item, column, difference, gold_kind, measures, of_scorer
from amends.scorercard.sections import ByDimension, Floors
from amends.statistics.estimate import Estimate
from amends.statistics.percentile import Resampling, spearman_drawn
from amends.statistics.resampling import Floats
from amends.statistics.ridge import ridge_predicted
from amends.text import fold, words

COLUMNS = 2048
FOLDS = 5
PENALTIES = (0.3, 1.0, 3.0, 10.0, 30.0)
LEAST = 20
"""Fewer train replies with gold than this fit nothing."""


def _word_list(text: str) -> frozenset[str]:
    return frozenset(text.split())


KIND = _word_list(
    """apologies apologise apologize appreciate awful believe care comfort correct deserve deserved distressing
    exhausting fair feel fix forward frustrating gladly glad grateful happy hard heartbreaking hear help helpful hope
    horrible hurt kind kindly listen loss miserable mistake painful patience pleased proper promise refund relief
    repair replace responsibility resolve right sad safe sincerely sorry stressful support terrible thank thanks
    together trust understand unfair upset upsetting warm welcome willing worry worried worrying wrong"""
)
"""Words of a kind reply, as a quick reader would count them; written for this."""

HARSH = _word_list(
    """absurd abusive accuse aggressive annoying blame calm cannot careless claim clearly complain complaining
    complaints demand deny dramatic drama failed fault hardly hysterical ignore ignored impossible insult liable lie
    lying must negligence never nonsense obviously overreacting policy pointless refuse refused regardless reject
    relax rejected ridiculous rude shame should silly simply stupid terms threat threaten threats twice unacceptable
    unreasonable unable unfortunately useless waste whatever whining yourself"""
)
"""Words of a harsh or curt one."""


@dataclass(frozen=True, slots=True)
class _Rows:
    """Train or other replies as numbers."""

    length: Floats
    sentiment: Floats
    bag: Floats
    """Shape (n, COLUMNS + 1); the last column is the length."""

    def at(self, chosen: np.ndarray[tuple[int], np.dtype[np.intp]]) -> _Rows:
        return _Rows(self.length[chosen], self.sentiment[chosen], self.bag[chosen])


Fit = Callable[[_Rows, Floats, Sequence[str]], Callable[[_Rows], Floats]]
"""Rows, levels of shape (n, dimensions) and clusters of train to a function that predicts levels of that shape."""


def _rows(replies: Sequence[str]) -> _Rows:
    counted = [Counter(words(fold(reply).text)) for reply in replies]
    sizes = np.array([float(sum(c.values())) for c in counted])
    length = np.log1p(sizes)
    tone = np.array([float(sum(n * ((w in KIND) - (w in HARSH)) for w, n in c.items())) for c in counted])
    bag = np.zeros((len(replies), COLUMNS + 1))
    for row, count in zip(bag, counted, strict=True):
        for word, n in count.items():
            row[zlib.crc32(word.encode()) % COLUMNS] += 1 + math.log(n)
        row /= max(float(np.linalg.norm(row)), 1.0)
    bag[:, COLUMNS] = length / 5
    return _Rows(length, tone / np.sqrt(np.maximum(sizes, 1.0)), bag)


def _constant(rows: _Rows, levels: Floats, clusters: Sequence[str]) -> Callable[[_Rows], Floats]:
    middle = np.median(levels, axis=0)
    return lambda new: np.tile(middle, (len(new.length), 1))


def _lines(x: Floats, levels: Floats) -> Callable[[Floats], Floats]:
    lines = [_line(x, y) for y in np.ascontiguousarray(levels.T)]
    return lambda new: _clipped(np.column_stack([slope * new + intercept for slope, intercept in lines]))


def _line(x: Floats, y: Floats) -> tuple[float, float]:
    spread = float(((x - x.mean()) ** 2).sum())
    slope = float(((x - x.mean()) * (y - y.mean())).sum()) / spread if spread > 0 else 0.0
    return slope, float(y.mean()) - slope * float(x.mean())


def _length(rows: _Rows, levels: Floats, clusters: Sequence[str]) -> Callable[[_Rows], Floats]:
    line = _lines(rows.length, levels)
    return lambda new: line(new.length)


def _sentiment(rows: _Rows, levels: Floats, clusters: Sequence[str]) -> Callable[[_Rows], Floats]:
    line = _lines(rows.sentiment, levels)
    return lambda new: line(new.sentiment)


def _words(rows: _Rows, levels: Floats, clusters: Sequence[str]) -> Callable[[_Rows], Floats]:
    gram = rows.bag @ rows.bag.T
    folds = _folds(clusters)
    squares = np.zeros((len(PENALTIES), levels.shape[1]))
    for number in sorted(set(folds.tolist())):
        inside, outside = np.flatnonzero(folds == number), np.flatnonzero(folds != number)
        own, cross = gram[np.ix_(outside, outside)], gram[np.ix_(inside, outside)]
        guesses = _clipped(ridge_predicted(own, levels[outside], cross, PENALTIES))
        squares += ((guesses - levels[inside]) ** 2).sum(axis=1)
    best = squares.argmin(axis=0).tolist()
    used = sorted(set(best))

    def predict(new: _Rows) -> Floats:
        found = ridge_predicted(gram, levels, new.bag @ rows.bag.T, [PENALTIES[one] for one in used])
        return _clipped(np.column_stack([found[used.index(one), :, column] for column, one in enumerate(best)]))

    return predict


def _clipped(levels: Floats) -> Floats:
    """To 1..5 and two digits, as a scorer's levels are."""
    return np.asarray(np.round(np.clip(levels, 1.0, 5.0), 2), dtype=np.float64)


FLOORS: dict[str, Fit] = {"constant": _constant, "length": _length, "sentiment": _sentiment, "words": _words}
"""Name to what fits it, in the order in which everything prints them."""


def _folds(clusters: Sequence[str]) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """The fold of each reply; scenarios go round the folds by name."""
    fold_of = {name: i % FOLDS for i, name in enumerate(sorted(set(clusters)))}
    return np.array([fold_of[c] for c in clusters], dtype=np.intp)


def _out_of_fold(fit: Fit, rows: _Rows, levels: Floats, clusters: Sequence[str]) -> Floats:
    """Each reply predicted by a fit on the scenarios of the other folds."""
    folds = _folds(clusters)
    out = np.empty(levels.shape)
    for number in sorted(set(folds.tolist())):
        inside, outside = np.flatnonzero(folds == number), np.flatnonzero(folds != number)
        predict = fit(rows.at(outside), levels[outside], [clusters[i] for i in outside.tolist()])
        out[inside] = predict(rows.at(inside))
    return out


@dataclass(frozen=True, slots=True)
class _Ground:
    """Train replies with gold on some dimensions: what is fitted on the same replies is fitted together."""

    dimensions: tuple[str, ...]
    ids: tuple[str, ...]
    rows: _Rows
    levels: Floats
    """Shape (n, dimensions)."""
    clusters: tuple[str, ...]


def floors(items: Sequence[Item], train: Sequence[Exchange] | None, same: bool, pairs: str, seed: int) -> Floors:
    """All floors on the replies that the scorer was measured on.

    Args:
        items: scored items; only those with gold and a level of the scorer count, as in its own row.
        train: exchanges of the train split with gold; None where the file is absent.
        same: the items are those of the train split, so that floors are predicted out of fold.
        pairs: which pairs the scorer's own row is over.
        seed: of the resampling.
    """
    kind = gold_kind(train or ())
    if train is None or kind is None:
        return Floors("not applicable: no exchanges/train.jsonl with gold to fit them on", "", {}, {})
    rows = _rows([e.reply for e in train])
    grounds = _grounds(train, rows, kind)
    fewest = min(len(g.ids) for g in grounds)
    if fewest < LEAST or min(len(set(g.clusters)) for g in grounds) < FOLDS:
        few = f"not applicable: {fewest} train replies with gold; {LEAST} in {FOLDS} scenarios are needed"
        return Floors(few, "", {}, {})
    theirs = rows if same else _rows([i.exchange.reply for i in items])
    own = {d: column(items, d, of_scorer(d)) for d in DIMENSIONS}
    table: dict[str, ByDimension] = {}
    gain: dict[str, ByDimension] = {}
    for name, fit in FLOORS.items():
        columns = [_columns(fit, ground, items, None if same else theirs) for ground in grounds]
        found = {d: one[d] for d in DIMENSIONS for one in columns if d in one}
        table[name] = {d: measures(one, seed, pairs)[0] for d, one in found.items()}
        gain[name] = {d: difference(own[d], one, seed) for d, one in found.items()}
    fitted = f"the {len(train):,} replies of the train split, gold of kind {kind}"
    return Floors(None, f"{fitted}; predicted out of fold, scenarios whole" if same else fitted, table, gain)


def floor_correlations(
    exchanges: Sequence[Exchange], train: Sequence[Exchange], seed: int
) -> dict[str, dict[str, Estimate]]:
    """Spearman's rho of each floor, fitted on train, with the gold of other replies.

    Args:
        exchanges: with gold, of another split.
        train: with gold.
        seed: of the resampling.

    Returns:
        Floor to dimension to rho; empty where train holds too little gold.
    """
    kind, own = gold_kind(train), gold_kind(exchanges)
    if kind is None or own is None or len(train) < LEAST:
        return {}
    rows, theirs = _rows([e.reply for e in train]), _rows([e.reply for e in exchanges])
    found: dict[str, dict[str, Estimate]] = {name: {} for name in FLOORS}
    fitted, wanted = _grounds(train, rows, kind), _grounds(exchanges, theirs, own)
    for name, fit in FLOORS.items():
        for ground in fitted:
            predict = fit(ground.rows, ground.levels, ground.clusters)
            for judged in wanted:
                both = [d for d in ground.dimensions if d in judged.dimensions]
                if not both:
                    continue
                guesses, resampling = predict(judged.rows), Resampling.of(judged.clusters, seed)
                for d in both:
                    guess = np.ascontiguousarray(guesses[:, ground.dimensions.index(d)])
                    level = np.ascontiguousarray(judged.levels[:, judged.dimensions.index(d)])
                    found[name][d] = spearman_drawn(guess, level, resampling).estimate()
    return {name: {d: one[d] for d in DIMENSIONS} for name, one in found.items()}


def _grounds(exchanges: Sequence[Exchange], rows: _Rows, kind: str) -> list[_Ground]:
    """Every dimension in one of them."""
    levels = {d: [(e.gold or {}).get(kind, {}).get("levels", {}).get(d) for e in exchanges] for d in DIMENSIONS}
    together: dict[tuple[int, ...], list[str]] = {}
    for d in DIMENSIONS:
        together.setdefault(tuple(i for i, level in enumerate(levels[d]) if level is not None), []).append(d)
    return [
        _Ground(
            tuple(dimensions),
            tuple(exchanges[i].id for i in at),
            rows.at(np.array(at, dtype=np.intp)),
            np.array([[float(levels[d][i]) for d in dimensions] for i in at]).reshape(len(at), len(dimensions)),
            tuple(exchanges[i].scenario_id or exchanges[i].id for i in at),
        )
        for at, dimensions in together.items()
    ]


def _columns(fit: Fit, ground: _Ground, items: Sequence[Item], theirs: _Rows | None) -> dict[str, Column]:
    """Gold beside a floor's guesses; ``theirs`` is None where the items are the train replies themselves."""
    if theirs is None:
        ids, out = ground.ids, _out_of_fold(fit, ground.rows, ground.levels, ground.clusters)
    else:
        ids, out = tuple(i.exchange.id for i in items), fit(ground.rows, ground.levels, ground.clusters)(theirs)
    made = {}
    for d, guess in zip(ground.dimensions, out.T.tolist(), strict=True):
        made[d] = column(items, d, partial(_guessed, dict(zip(ids, guess, strict=True)), d))
    return made


def _guessed(guess: Mapping[str, float], dimension: str, item: Item) -> float | None:
    """Of the replies that the scorer gave a level."""
    return None if item.scored.levels[dimension] is None else guess.get(item.exchange.id)
