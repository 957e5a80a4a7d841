"""What the annotations of some replies come to: alpha for each dimension, and the MTMM matrix over methods."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

from amends.agreement.alpha import METHOD, alpha_estimate
from amends.agreement.mtmm import Mtmm, mtmm
from amends.agreement.table import by_method, by_name, table
from amends.dataset.gold import ADJUDICATION
from amends.records import DIMENSIONS, Annotation, Json
from amends.rubric.definitions import version
from amends.signature import SEED, digest, signature
from amends.statistics.estimate import Estimate

MIDDLE = (2.0, 4.0)
"""Levels 2 to 4: where annotators have to tell apart what is close."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement over one set of annotations."""

    name: str
    """Which replies ("all", "planned", "ordinary")."""
    annotators: tuple[str, ...]
    kinds: tuple[str, ...]
    """Kinds of the annotators: person, model, program."""
    alpha: dict[str, Estimate]
    """Dimension to ordinal alpha of the raw levels."""
    alpha_middle: dict[str, Estimate]
    """The same over the replies whose median level lies within 2 to 4."""
    matrix: Mtmm
    signature: str

    @property
    def what_it_is(self) -> str:
        """What may be called agreement between people and what may not."""
        if self.kinds == ("person",):
            return "agreement between people"
        if self.kinds == ("model",):
            return "consistency of language-model annotators across methods; not agreement between people"
        return f"agreement between annotators of the kinds {', '.join(self.kinds)}"

    def to_dict(self) -> Json:
        """As JSON."""
        return {
            "name": self.name,
            "what_it_is": self.what_it_is,
            "annotators": list(self.annotators),
            "alpha": {d: e.to_dict() for d, e in self.alpha.items()},
            "alpha_levels_2_to_4": {d: e.to_dict() for d, e in self.alpha_middle.items()},
            "mtmm": {
                "smallest_convergent": self.matrix.smallest_convergent,
                "largest_discriminant": self.matrix.largest_discriminant,
                "holds": self.matrix.holds,
                "cells": [asdict(cell) for cell in self.matrix.cells],
            },
            "signature": self.signature,
        }


def agreement(
    annotations: Sequence[Annotation],
    name: str = "all",
    keep: Callable[[str], bool] = lambda reply_id: True,
    seed: int = SEED,
) -> Agreement:
    """Agreement of annotators on the replies that ``keep`` says yes to.

    Args:
        annotations: of any annotators; adjudications are left out.
        name: what these replies are called.
        keep: which replies count, by id.
        seed: of the resampling.
    """
    judged = [a for a in annotations if keep(a.reply_id) and a.annotator.method != ADJUDICATION]
    tables = {d: table(judged, d, by_name) for d in DIMENSIONS}
    middles = {}
    for dimension, whole in tables.items():
        inside = {u for u, m in zip(whole.units, whole.medians(), strict=True) if MIDDLE[0] <= m <= MIDDLE[1]}
        middles[dimension] = whole.where(inside.__contains__)
    return Agreement(
        name,
        tuple(sorted({a.annotator.name for a in judged})),
        tuple(sorted({a.annotator.kind for a in judged})),
        {d: alpha_estimate(t, seed) for d, t in tables.items()},
        {d: alpha_estimate(t, seed) for d, t in middles.items()},
        mtmm({d: table(judged, d, by_method) for d in DIMENSIONS}),
        _signature(judged, seed),
    )


def _signature(judged: Sequence[Annotation], seed: int) -> str:
    replies, scenarios = len({a.reply_id for a in judged}), len({a.scenario_id or a.reply_id for a in judged})
    return signature(
        {
            "data": f"annotations@{digest(a.to_dict() for a in judged)}",
            "n": f"{replies}/{scenarios}",
            "rubric": version(),
            "ci": METHOD,
            "seed": seed,
        }
    )
