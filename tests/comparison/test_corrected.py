"""Labels, replies that were not given, and drawn replies that nobody labeled."""

from __future__ import annotations

import numpy as np
import pytest
from tests.comparison.conftest import MISSING, side

from amends.comparison.corrected import corrected_side
from amends.logs.labels import LabelFile
from amends.records import DIMENSIONS


def test_unanswered_draws_do_not_shift_the_weight_of_replies_that_were_not_given() -> None:
    """30 of 100 replies were not given (breaches), the others breach in half: the truth is 65%. 40 were drawn, half of
    them labeled, evenly: the labels say 50% of the given, whatever share of the drawn answered."""
    levels: list[object] = [MISSING] * 30 + [2, 4] * 35
    log = side("a", levels)
    drawn = [u.id for u in log.units if u.given][:40]
    labels = {i: dict.fromkeys(DIMENSIONS, 2.0 if k % 2 else 4.0) for k, i in enumerate(drawn[:20])}
    found = corrected_side(log, LabelFile(labels, dict.fromkeys(drawn, 40 / 70), ("person",), 40, ()), False)
    breach = found.dimensions["empathy"]["breach"]
    assert breach.labels_only.value == pytest.approx(0.3 + 0.7 * 0.5)
    assert found.unanswered == 20


def test_the_correction_is_unbiased_over_many_draws() -> None:
    random = np.random.default_rng(3)
    truth, estimates = [], []
    for _ in range(60):
        own = random.integers(1, 6, 120).astype(float)
        gone = random.random(120) < 0.3
        log = side("a", [MISSING if g else min(5.0, x + 1) for g, x in zip(gone, own, strict=True)])
        given = [i for i in range(120) if not gone[i]]
        answered = [i for i in random.choice(given, 60, replace=False) if random.random() < 0.5]
        labels = {log.units[i].id: dict.fromkeys(DIMENSIONS, own[i]) for i in answered}
        chances = dict.fromkeys(labels, 60 / len(given))
        found = corrected_side(log, LabelFile(labels, chances, ("person",), 60, ()), False)
        estimates.append(found.dimensions["empathy"]["breach"].estimate.value)
        truth.append(np.where(gone, 1.0, own < 2.5).mean())
    gap = np.array(estimates, float) - np.array(truth)
    assert abs(gap.mean()) < 3 * gap.std(ddof=1) / 60**0.5
