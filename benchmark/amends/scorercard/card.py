"""``validity``: the scorer card of a scorer, from a data folder or from a user's own exchanges with labels."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from amends.dataset.folder import SPLITS, released, released_scenarios
from amends.errors import UsageError, unknown_name
from amends.records import PAIR_TEXTS, Annotation, Exchange
from amends.resources import in_checkout
from amends.rubric.definitions import version
from amends.runs.scoring import weights_of
from amends.scorercard.calibration import calibration
from amends.scorercard.confidence import confidence
from amends.scorercard.contrast import contrast, scored_pairs
from amends.scorercard.detection import detection
from amends.scorercard.floors import floors
from amends.scorercard.items import Item, against_gold, gold_kind, items_of, scored_by, without_context
from amends.scorercard.likewise import like_with_like
from amends.scorercard.material import Material, read_folder, read_own
from amends.scorercard.once import Once
from amends.scorercard.record import record_test_use
from amends.scorercard.robustness import degenerate, gaming, invariance, scored_sides
from amends.scorercard.sections import Card, Contrast, Degenerate, Gaming, Invariance, Speed, Systems
from amends.scorercard.slices import context_cost, slices
from amends.scorercard.standin import stand_in
from amends.scorercard.systems import systems
from amends.scorers import scorer_of
from amends.scorers.base import Scorer
from amends.signature import SEED, digest, scorer_tag, signature
from amends.statistics.clusters import METHODS
from amends.statistics.groups import SUPERIORITY_METHOD
from amends.statistics.percentile import METHOD

FilePath = str | os.PathLike[str]


def validity(
    scorer: str | Scorer,
    *,
    data: FilePath | None = None,
    split: str = "validation",
    on: FilePath | None = None,
    labels: FilePath | None = None,
) -> Card:
    """The scorer card.

    Args:
        scorer: a scorer, or the name of one.
        data: a folder with files of the forms of data/; None for the dataset that ships. Absent files are named.
        split: train, validation or test. Of the dataset that ships, in a checkout, a use of test is written into
            data/TEST_USE.md.
        on: a user's own exchanges, to be judged instead of the split's.
        labels: annotations of them, by people or models.

    Returns:
        Every number with n, interval and the signature.

    Raises:
        UsageError: an unknown scorer or split; ``on`` without ``labels`` or with the test split; nothing to judge.
        InputError: with every problem of a file.
    """
    if split not in SPLITS:
        raise unknown_name("split", split, SPLITS)
    if (on is None) != (labels is None):
        raise UsageError("--on FILE and --labels FILE go together: your exchanges, and annotations of them")
    if on is not None and split == "test":
        raise UsageError("--on takes your own exchanges; leave --split test out")
    chosen = scorer_of(scorer)
    folder = released().path if data is None else Path(data)
    if on is not None and labels is not None:
        material = read_own(Path(on), Path(labels), folder, split)
    else:
        material = read_folder(folder, split)
    card = card_of(chosen, material)
    if split == "test" and in_checkout() and folder.resolve() == released().path.resolve():
        record_test_use(card, folder)
    return card


def card_of(scorer: Scorer, material: Material, seed: int = SEED) -> Card:
    """Score everything and compute every section.

    Args:
        scorer: any scorer; it sees turns, replies and context only.
        material: what was read.
        seed: of every draw.
    """
    kind = gold_kind(material.exchanges)
    once = Once(scorer)
    scored, speed = _timed(scorer, once, material.exchanges)
    items = items_of(material.exchanges, scored, material.annotations, kind)
    found, pairs = against_gold(items, seed)
    own = material.name == "train" and material.split == "train"
    blank = scored_by(once, without_context(material.exchanges))
    seen = None if material.train is None else frozenset(e.context.domain for e in material.train if e.context.domain)
    return Card(
        {"name": scorer.name, "version": scorer.version, "weights": weights_of(scorer)},
        _set(scorer, material, items),
        kind or "none",
        tuple(sorted({name for item in items for name in item.annotators})),
        _signature(scorer, material, items, kind, seed),
        _counts(items),
        material.absent,
        pairs,
        found,
        floors(items, material.train, own, pairs, seed),
        like_with_like(items, seed),
        detection(items, seed),
        _systems(once, material, items, seed),
        *_tests(once, material, seed),
        slices(items, seen, material.plan, seed),
        context_cost(items, blank, seed),
        calibration(items, seed),
        confidence(items, seed),
        stand_in(items, kind, seed),
        speed,
    )


def _timed(scorer: Scorer, once: Once, exchanges: Sequence[Exchange]) -> tuple[list[Annotation], Speed | None]:
    """Score, and measure how fast; what a scorer loads at its first reply is not counted."""
    if not exchanges:
        return [], None
    scored_by(scorer, exchanges[:1])
    started = time.perf_counter()
    scored = scored_by(once, exchanges)
    return scored, Speed(once.asked, time.perf_counter() - started)


def _tests(scorer: Scorer, material: Material, seed: int) -> tuple[Contrast, Gaming, Invariance, Degenerate]:
    pairs = None if material.contrast is None else scored_pairs(scorer, material.contrast)
    tricks, variants = (
        None if records is None else scored_sides(scorer, records, PAIR_TEXTS[kind])
        for kind, records in (("gaming", material.gaming), ("invariance", material.invariance))
    )
    return (
        contrast(pairs, f"contrast/{material.split}.jsonl", seed),
        gaming(tricks, "robustness/gaming.jsonl"),
        invariance(variants, "robustness/invariance.jsonl", seed),
        degenerate(scorer, material.degenerate, "robustness/degenerate.jsonl"),
    )


def _systems(scorer: Scorer, material: Material, items: Sequence[Item], seed: int) -> Systems:
    """Of replies of whole generators where there are some, else of the split's own replies by their authors."""
    kind = gold_kind(material.systems or material.exchanges)
    if material.systems:
        items = items_of(material.systems, scored_by(scorer, material.systems), {}, kind)
    return systems(items, kind or "none", seed)


def _set(scorer: Scorer, material: Material, items: Sequence[Item]) -> Mapping[str, Any]:
    found = {
        "name": material.name,
        "split": material.split,
        "digest": material.digest(),
        "replies": len(items),
        "scenarios": len({item.cluster for item in items}),
    }
    return found | {"fitted": True} if _fitted(scorer, material.name, material.exchanges) else found


def _fitted(scorer: Scorer, name: str, exchanges: Sequence[Exchange]) -> bool:
    """Whether a scorer was fitted on these replies: a calibration names its records, other scorers the split."""
    fit = getattr(getattr(scorer, "calibration", None), "fitted", None)
    if fit is not None and fit.digest == digest(exchange.to_dict() for exchange in exchanges):
        return True
    split = getattr(scorer, "fitted_on", None)
    return split == name and any(exchange.scenario_id in released_scenarios() for exchange in exchanges)


def _counts(items: Sequence[Item]) -> Mapping[str, Any]:
    reasons: dict[str, int] = {}
    for item in items:
        if any(level is None for level in item.scored.levels.values()):
            why = item.scored.flags[0] if item.scored.flags else "null_level"
            reasons[why] = reasons.get(why, 0) + 1
    return {
        "replies": len(items),
        "with_gold": sum(item.gold is not None for item in items),
        "not_judged": dict(sorted(reasons.items())),
    }


def _signature(scorer: Scorer, material: Material, items: Sequence[Item], kind: str | None, seed: int) -> str:
    return signature(
        {
            "data": f"{material.name}@{material.digest()}",
            "n": f"{len(items)}/{len({item.cluster for item in items})}",
            "missing": sum(any(v is None for v in item.scored.levels.values()) for item in items),
            "gold": kind or "none",
            "rubric": version(),
            "scorer": scorer_tag(scorer.name, scorer.version, weights_of(scorer)),
            "unit": "every",
            "ci": f"{METHODS}+{METHOD}+{SUPERIORITY_METHOD}",
            "seed": seed,
        }
    )
