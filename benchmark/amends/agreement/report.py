"""What the annotations of some replies come to: everything in which annotators can agree or not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from amends.agreement.alpha import alpha_estimate
from amends.agreement.behaviours import BehaviourAgreement, behaviour_agreement, presence
from amends.agreement.bias import biases
from amends.agreement.interval import METHOD
from amends.agreement.kappa import PairKappa, kappas
from amends.agreement.mtmm import Mtmm, mtmm
from amends.agreement.spans import SpanAgreement, pairs, span_agreement
from amends.agreement.table import before_adjudication, naming, scenarios, table
from amends.records import DIMENSIONS, Annotation, Json
from amends.rubric.definitions import version
from amends.signature import SEED, digest, signature
from amends.statistics.clusters import METHODS
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
    kappa: tuple[PairKappa, ...]
    """Every pair of annotators; none where there is one annotator only."""
    bias: Mapping[str, Mapping[str, Estimate]]
    """Annotator to dimension to its bias against the others."""
    behaviours: Mapping[str, BehaviourAgreement]
    """Code to agreement on its presence."""
    spans: Mapping[str, SpanAgreement]
    """``all`` and each code to agreement on the words."""
    signature: str

    @property
    def what_it_is(self) -> str:
        """What may be called agreement between people and what may not."""
        if len(self.annotators) < 2:
            return f"{'one annotator' if self.annotators else 'no annotator'}: there is no agreement to measure"
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
            "mtmm": self.matrix.to_dict(),
            "kappa": [pair.to_dict() for pair in self.kappa],
            "bias": {name: {d: e.to_dict() for d, e in own.items()} for name, own in self.bias.items()},
            "behaviours": {code: one.to_dict() for code, one in self.behaviours.items()},
            "spans": {code: one.to_dict() for code, one in self.spans.items()},
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
        annotations: of any annotators, people, models and scorers; adjudications are left out.
        name: what these replies are called.
        keep: which replies count, by id.
        seed: of the resampling.

    Raises:
        UsageError: a reply stands under two scenarios.
    """
    judged = [a for a in before_adjudication(annotations) if keep(a.reply_id)]
    named = naming(judged)
    tables = {d: table(judged, d, named) for d in DIMENSIONS}
    methods = {d: table(judged, d, lambda a: a.annotator.method or named(a)) for d in DIMENSIONS}
    middles = {}
    for dimension, whole in tables.items():
        inside = {u for u, m in zip(whole.units, whole.medians(), strict=True) if MIDDLE[0] <= m <= MIDDLE[1]}
        middles[dimension] = whole.where(inside.__contains__)
    return Agreement(
        name,
        tuple(sorted({named(a) for a in judged})),
        tuple(sorted({a.annotator.kind for a in judged})),
        {d: alpha_estimate(t, seed) for d, t in tables.items()},
        {d: alpha_estimate(t, seed) for d, t in middles.items()},
        mtmm(methods, seed),
        kappas(tables, seed),
        biases(tables, seed),
        behaviour_agreement(presence(judged, named), seed),
        span_agreement(pairs(judged, named), seed),
        signed(judged, seed),
    )


def signed(judged: Sequence[Annotation], seed: int = SEED) -> str:
    """The signature of figures over annotations.

    Args:
        judged: every annotation that the figures rest on.
        seed: of the resampling.
    """
    cluster = scenarios(judged)
    return signature(
        {
            "data": f"annotations@{digest(a.to_dict() for a in judged)}",
            "n": f"{len(cluster)}/{len(set(cluster.values()))}",
            "rubric": version(),
            "ci": f"{METHOD}+{METHODS}",
            "seed": seed,
        }
    )
