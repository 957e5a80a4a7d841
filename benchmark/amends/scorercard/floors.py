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
from collections.abc import Callable, Sequence
from dataclasses import dataclass

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
"""Rows, levels and clusters of train to a function that predicts levels."""


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
    level = float(np.median(levels))
    return lambda new: np.full(len(new.length), level)


def _line(x: Floats, y: Floats) -> tuple[float, float]:
    spread = float(((x - x.mean()) ** 2).sum())
    slope = float(((x - x.mean()) * (y - y.mean())).sum()) / spread if spread > 0 else 0.0
    return slope, float(y.mean()) - slope * float(x.mean())


def _length(rows: _Rows, levels: Floats, clusters: Sequence[str]) -> Callable[[_Rows], Floats]:
    slope, intercept = _line(rows.length, levels)
    return lambda new: _clipped(slope * new.length + intercept)


def _sentiment(rows: _Rows, levels: Floats, clusters: Sequence[str]) -> Callable[[_Rows], Floats]:
    slope, intercept = _line(rows.sentiment, levels)
    return lambda new: _clipped(slope * new.sentiment + intercept)


def _words(rows: _Rows, levels: Floats, clusters: Sequence[str]) -> Callable[[_Rows], Floats]:
    gram = rows.bag @ rows.bag.T
    folds = _folds(clusters)

    def error(penalty: float) -> float:
        squares = 0.0
        for number in set(folds.tolist()):
            inside, outside = np.flatnonzero(folds == number), np.flatnonzero(folds != number)
            own, cross = gram[np.ix_(outside, outside)], gram[np.ix_(inside, outside)]
            guess = _clipped(ridge_predicted(own, levels[outside], cross, penalty))
            squares += float(((guess - levels[inside]) ** 2).sum())
        return squares

    best = min(PENALTIES, key=error)
    return lambda new: _clipped(ridge_predicted(gram, levels, new.bag @ rows.bag.T, best))


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
    out = np.empty(len(levels))
    for number in sorted(set(folds.tolist())):
        inside, outside = np.flatnonzero(folds == number), np.flatnonzero(folds != number)
        predict = fit(rows.at(outside), levels[outside], [clusters[i] for i in outside.tolist()])
        out[inside] = predict(rows.at(inside))
    return out


@dataclass(frozen=True, slots=True)
class _Ground:
    """Train replies with gold on one dimension."""

    ids: tuple[str, ...]
    rows: _Rows
    levels: Floats
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
    grounds = {d: _ground(train, rows, kind, d) for d in DIMENSIONS}
    fewest = min(len(g.ids) for g in grounds.values())
    if fewest < LEAST or min(len(set(g.clusters)) for g in grounds.values()) < FOLDS:
        few = f"not applicable: {fewest} train replies with gold; {LEAST} in {FOLDS} scenarios are needed"
        return Floors(few, "", {}, {})
    theirs = rows if same else _rows([i.exchange.reply for i in items])
    own = {d: column(items, d, of_scorer(d)) for d in DIMENSIONS}
    table: dict[str, ByDimension] = {}
    gain: dict[str, ByDimension] = {}
    for name, fit in FLOORS.items():
        found = {d: _column(fit, grounds[d], items, None if same else theirs, d) for d in DIMENSIONS}
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
    for dimension in DIMENSIONS:
        fitted = _ground(train, rows, kind, dimension)
        wanted = _ground(exchanges, theirs, own, dimension)
        resampling = Resampling.of(wanted.clusters, seed)
        for name, fit in FLOORS.items():
            guess = fit(fitted.rows, fitted.levels, fitted.clusters)(wanted.rows)
            found[name][dimension] = spearman_drawn(guess, wanted.levels, resampling).estimate()
    return found


def _ground(train: Sequence[Exchange], rows: _Rows, kind: str, dimension: str) -> _Ground:
    levels = [(e.gold or {}).get(kind, {}).get("levels", {}).get(dimension) for e in train]
    at = np.array([i for i, level in enumerate(levels) if level is not None], dtype=np.intp)
    return _Ground(
        tuple(train[i].id for i in at),
        rows.at(at),
        np.array([float(level) for level in levels if level is not None]),
        tuple(train[i].scenario_id or train[i].id for i in at),
    )


def _column(fit: Fit, ground: _Ground, items: Sequence[Item], theirs: _Rows | None, dimension: str) -> Column:
    """Gold beside a floor's guesses; ``theirs`` is None where the items are the train replies themselves."""
    if theirs is None:
        out = _out_of_fold(fit, ground.rows, ground.levels, ground.clusters)
        guess = dict(zip(ground.ids, out.tolist(), strict=True))
    else:
        predicted = fit(ground.rows, ground.levels, ground.clusters)(theirs)
        guess = dict(zip((i.exchange.id for i in items), predicted.tolist(), strict=True))
    return column(items, dimension, lambda i: None if i.scored.levels[dimension] is None else guess.get(i.exchange.id))
