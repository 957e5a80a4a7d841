"""``fit``: a data folder in, a folder of weights out."""

from __future__ import annotations

import platform
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from amends.errors import UsageError
from amends.scorers.trained.decode import Spans
from amends.scorers.trained.features import NAMES
from amends.scorers.trained.levels import Odds
from amends.scorers.trained.pieces import Pieces
from amends.scorers.trained.relevance import Relevance
from amends.training import loop, settle
from amends.training.encoder import Published, build_encoder, published
from amends.training.material import CODES, Array, Item, exchange_items, read_lines
from amends.training.network import build
from amends.training.pairs import judgements_of, pair_items, pairs_in
from amends.training.rows import Held, held, joined, table, tricks_of
from amends.training.vocabulary import kept_entries
from amends.training.write import write

FOLDS = 3
TRICKS = 0.35
"""Tricked replies per held reply when levels are settled."""
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Material:
    """What one fit learns from and is settled on."""

    train: list[Item]
    pairs: list[Item]
    validation: list[Item]


@dataclass(frozen=True, slots=True)
class Settled:
    """Everything after the networks."""

    spans: Spans
    odds: Odds
    relevance: Relevance


def material(data: Path) -> Material:
    """Read what is learnt from.

    Args:
        data: a folder of the form of ``data/`` with exchanges and annotations of train and validation, and, where
            there are some, contrast pairs of train (``contrast/train.jsonl``) and their ``judgements``.

    Raises:
        UsageError: there is no train or validation split with gold.
    """
    train, validation = exchange_items(data, "train"), exchange_items(data, "validation")
    if not train or not validation:
        raise UsageError(
            f"{data}: nothing to learn from; expected exchanges/train.jsonl and validation.jsonl with gold."
        )
    pairs = pair_items(read_lines(data / "contrast" / "train.jsonl"), judgements_of(data))
    return Material(train, pairs, validation)


def folds_of(items: Sequence[Item], count: int, seed: int) -> list[int]:
    """The fold of each item: replies of one writer lie in one fold, and so do those of one scenario.

    Args:
        items: with writers (each scenario has one).
        count: how many folds.
        seed: of the draw.
    """
    writers = sorted({item.writer for item in items})
    drawn = np.random.default_rng(seed).permutation(len(writers))
    place = {writer: int(n) % count for writer, n in zip(writers, drawn, strict=True)}
    return [place[item.writer] for item in items]


def fitted(found: Published, kept: Sequence[int], items: Sequence[Item], plan: loop.Plan, say: Say | None) -> Any:
    """A network fitted on items, from the published encoder.

    Args:
        found: the published encoder.
        kept: entries of its vocabulary.
        items: to learn from.
        plan: how.
        say: told of each epoch.
    """
    import torch

    torch.manual_seed(plan.seed)
    network = build(build_encoder(found, kept))
    loop.fit_network(network, items, Pieces([found.vocabulary[n] for n in kept]), plan, say)
    return network


def out_of_fold(
    found: Published, kept: Sequence[int], given: Material, plan: loop.Plan, fold: int, say: Say | None = None
) -> tuple[Held, Held]:
    """What a network and n-grams fitted without a fold say of it, and of tricks made from it.

    Args:
        found: the published encoder.
        kept: entries of its vocabulary.
        given: train and pairs are parted by writer.
        plan: how.
        fold: which is held out, 0..FOLDS-1.
        say: told of each epoch.

    Returns:
        Replies and pairs of the fold; tricks.
    """
    train_fold, pair_fold = folds_of(given.train, FOLDS, plan.seed), folds_of(given.pairs, FOLDS, plan.seed)
    learnt = [item for item, n in zip(given.train, train_fold, strict=True) if n != fold]
    learnt_pairs = [item for item, n in zip(given.pairs, pair_fold, strict=True) if n != fold]
    own = [item for item, n in zip(given.train, train_fold, strict=True) if n == fold]
    own_pairs = [item for item, n in zip(given.pairs, pair_fold, strict=True) if n == fold]
    network = fitted(found, kept, learnt + learnt_pairs, plan, say)
    pieces = Pieces([found.vocabulary[n] for n in kept])
    grams = settle.fit_runs(learnt).grams()
    tricks = tricks_of(own, TRICKS, plan.seed + fold)
    return (
        held(network, grams, own + own_pairs, pieces, plan.said),
        held(network, grams, tricks, pieces, plan.said),
    )


def settled(own: Held, tricks: Held, validation: Held, relevance: Relevance) -> Settled:
    """Thresholds, spans and odds from replies that no network learnt from; slopes from validation.

    Args:
        own: out of fold: replies and pairs.
        tricks: out of fold.
        validation: by the network that ships.
        relevance: fitted on train.
    """
    both = joined([own, validation])
    weight = np.array([2.0 if item.split == "validation" else 1.0 for item in both.items])
    targets = np.stack([item.shown for item in both.items])
    targets[weight == 2.0] = targets[weight == 2.0] >= 1
    cuts = settle.fit_shown(both.shown, targets, weight)
    spans = settle.fit_spans(validation.marks, validation.items, cuts)
    every = joined([own, tricks])
    ridge = settle.ridge_of([*NAMES, *CODES])
    odds = settle.fit_odds(table(every, spans), levels_of(every.items), pairs_in(every.items), ridge)
    return Settled(spans, settle.fit_slopes(odds, table(validation, spans), levels_of(validation.items)), relevance)


def levels_of(items: Sequence[Item]) -> Array:
    """Shares of levels: replies by dimensions by five."""
    return np.stack([item.levels for item in items])


def fit(data: Path, out: Path, seed: int, plan: loop.Plan | None = None, say: Say | None = None) -> None:
    """Fit the scorer ``trained`` and write its weights with their manifest.

    Up to three networks, each without a third of the writers, say what is expected of replies that were not learnt
    from; on those the odds of levels are settled. The network that ships learns from the whole train split; validation
    chooses thresholds and slopes and nothing else.

    Args:
        data: a folder of the form of ``data/``.
        out: the folder of weights, made if need be.
        seed: of every draw; with ``Plan(fast=False)`` and one thread two fits are equal to the bit.
        plan: how long and how fast; the seed is put into it.
        say: told of what is done.

    Raises:
        UsageError: there is nothing to learn from, no encoder to start from, or no such number of folds.
    """
    plan = replace(plan or loop.Plan(), seed=seed)
    if not 1 <= plan.folds_run <= FOLDS:
        raise UsageError(f"{plan.folds_run} folds to run; there are {FOLDS}, and one at least must be held out.")
    given, found = material(data), published()
    kept = kept_entries(found.vocabulary, given.train)
    parts = [out_of_fold(found, kept, given, plan, fold, say) for fold in range(plan.folds_run)]
    network = fitted(found, kept, given.train + given.pairs, plan, say)
    runs = settle.fit_runs(given.train)
    pieces = Pieces([found.vocabulary[n] for n in kept])
    relevance = settle.fit_relevance(given.train, runs.grams(), seed)
    validation = held(network, runs.grams(), given.validation, pieces, plan.said)
    last = settled(joined([p for p, _ in parts]), joined([t for _, t in parts]), validation, relevance)
    write(out, network, [found.vocabulary[n] for n in kept], runs, last, about(data, given, plan))


def command(data: Path, plan: loop.Plan) -> str:
    """The command that makes the same weights, but for where they are put.

    Args:
        data: the folder it learnt from.
        plan: how.
    """
    options = f"--seed {plan.seed} --epochs {plan.epochs} --folds {plan.folds_run}"
    return f"amends train --data {data.name} {options}{' --fast' if plan.fast else ''} -o weights"


def about(data: Path, given: Material, plan: loop.Plan) -> dict[str, Any]:
    """What the manifest says of a fit beside checksums.

    Args:
        data: the folder it learnt from.
        given: what was in it.
        plan: how.
    """
    listed = data / "manifest.json"
    return {
        "data": str(orjson.loads(listed.read_bytes())["version"]) if listed.is_file() else data.name,
        "seed": plan.seed,
        "command": command(data, plan),
        "python": platform.python_version(),
        "replies": len(given.train),
        "pairs": len(given.pairs) // 2,
        "said": plan.said,
        "plan": asdict(plan),
    }
