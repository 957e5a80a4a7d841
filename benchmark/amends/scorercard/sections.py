"""What a scorer card consists of: plain records with Estimates in them, as they stand in its JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from amends.records import Json
from amends.scorercard import codec
from amends.statistics.estimate import Estimate

Measures = Mapping[str, Estimate]
"""Name of a measure to its estimate."""

ByDimension = Mapping[str, Measures]
"""Dimension to its measures."""

MEASURES = ("spearman", "pairs", "ordered", "kappa", "error", "auc", "upper")
"""Against gold: Spearman's rho; pairs right (acc_eq) and ordered right (statistics/pairwise.py); quadratic weighted
kappa; mean absolute error in levels; AUC for breach (gold < 2.5); Spearman's rho within gold levels 3 to 5."""

LIKE_WITH_LIKE = ("spearman", "kappa", "error")
"""Measures that a scorer and an annotator can be compared on pairwise."""


@dataclass(frozen=True, slots=True)
class Floors:
    """What costs nothing, on the same replies: a scorer that does not beat these has learned nothing."""

    why: str | None
    """Why there are none; else None."""
    fitted: str
    """What they were fitted on."""
    table: Mapping[str, ByDimension]
    """constant, length, sentiment, words."""
    gain: Mapping[str, ByDimension]
    """The scorer minus each of them on the same replies, for LIKE_WITH_LIKE: what the scorer adds."""


@dataclass(frozen=True, slots=True)
class Peer:
    """One annotator and the scorer against the same reference: the median of the other annotators."""

    dimension: str
    left_out: str
    """The annotator, by method (people: by name)."""
    others: int
    """Annotators whose median is the reference."""
    annotator: Measures
    scorer: Measures
    difference: Measures
    """Scorer minus annotator."""


@dataclass(frozen=True, slots=True)
class LikeWithLike:
    """Each annotator and the scorer against the other annotators."""

    why: str | None
    rows: tuple[Peer, ...]


@dataclass(frozen=True, slots=True)
class Detection:
    """How well one behaviour is found, reply by reply; passing hints count."""

    precision: Estimate
    """Over replies that the scorer marks."""
    recall: Estimate
    """Over replies that gold marks."""
    f1: Estimate
    gold: int
    """Replies that gold marks."""
    found: int
    """Replies that the scorer marks."""
    both: int


@dataclass(frozen=True, slots=True)
class SystemDimension:
    """Generators on one dimension."""

    ordered: Estimate
    """Share of generator pairs ordered as by gold; n counts pairs, clusters scenarios."""
    soft: Estimate
    """Soft pairwise accuracy."""
    gold: Mapping[str, float]
    """Mean gold level of each generator on the common scenarios."""
    scored: Mapping[str, float]
    bias: Mapping[str, Estimate]
    """Mean of scorer minus gold."""
    largest: Estimate
    """The largest difference in bias between two generators; chosen after seeing, which the interval does not know."""
    between: tuple[str, ...]
    """The two: the one that the scorer favours first."""


@dataclass(frozen=True, slots=True)
class Systems:
    """Generators compared by the scorer and by gold."""

    why: str | None
    gold: str
    """Whose gold: person, model or none."""
    generators: tuple[str, ...]
    scenarios: int
    """Scenarios that all of them answered."""
    dimensions: Mapping[str, SystemDimension]
    silent: tuple[str, ...] = ()
    """Generators left out, since most of what they give is no reply: it has no level."""


@dataclass(frozen=True, slots=True)
class PairScore:
    """Contrast pairs."""

    behaviour: Estimate
    """Share with the behaviour in the right reply alone."""
    level: Estimate
    """Share (pair by dimension that owes a difference) with the better reply higher; a tie is half."""
    leakage: Estimate
    """Share (pair by dimension that owes none) whose level moves by more than 0.25."""
    ties: int
    """Ties among those of ``level``."""


@dataclass(frozen=True, slots=True)
class Contrast:
    """Replies that differ in one behaviour."""

    why: str | None
    whole: PairScore | None
    by_kind: Mapping[str, PairScore]
    by_behaviour: Mapping[str, PairScore]
    not_judged: int
    """Pairs with a level that the scorer could not give; left out where it is missing."""


@dataclass(frozen=True, slots=True)
class Gaming:
    """Honest replies beside ones that play a trick."""

    why: str | None
    every: Estimate | None
    """Share of pairs in which the honest reply wins on every dimension named."""
    dimensions: Mapping[str, Estimate]
    by_trick: Mapping[str, Estimate]
    not_judged: int


@dataclass(frozen=True, slots=True)
class Steadiness:
    """Variants that owe no change."""

    unchanged: Estimate
    """Share with every level within 0.25."""
    shift: Estimate
    """Mean absolute shift in levels, over the dimensions judged on both sides."""


@dataclass(frozen=True, slots=True)
class Lean:
    """Which way a scorer moves for one group of a family of changes."""

    shift: Measures
    """Dimension to the mean of variant minus reply, in levels."""


@dataclass(frozen=True, slots=True)
class Family:
    """Two groups of a family, on the same replies."""

    largest: Measures
    """Dimension to the largest difference between two groups; chosen after seeing, which the interval does not know."""
    between: Mapping[str, tuple[str, ...]]
    """Dimension to the two groups, the one that is read higher first; empty where no two differ in any reply."""


@dataclass(frozen=True, slots=True)
class Invariance:
    """Replies and variants of them that owe no change of level."""

    why: str | None
    whole: Steadiness | None
    by_change: Mapping[str, Steadiness]
    by_family: Mapping[str, Steadiness]
    """Changes of form and wording, names, regional and second-language English: each as one."""
    lean: Mapping[str, Mapping[str, Lean]]
    """Family to group to its shifts; families of groups alone."""
    farthest: Mapping[str, Family]
    """Family to its two groups farthest apart, where the groups stand on the same replies."""


@dataclass(frozen=True, slots=True)
class Failure:
    """One degenerate input that did not get what it is owed."""

    id: str
    case: str
    expected: str
    found: str


@dataclass(frozen=True, slots=True)
class Degenerate:
    """What arrives where a reply should be."""

    why: str | None
    met: Estimate | None
    """Share that gets what ``expect`` says."""
    failures: tuple[Failure, ...]


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of the replies: Spearman's rho and the mean absolute error."""

    by: str
    """domain, channel, fault, length, writing."""
    value: str
    dimensions: ByDimension


@dataclass(frozen=True, slots=True)
class ContextCost:
    """The same replies with every context field blank."""

    why: str | None
    blank: ByDimension
    difference: ByDimension
    """With context minus without, for LIKE_WITH_LIKE."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """Whether the scorer's probabilities keep their word."""

    why: str | None
    dimensions: ByDimension
    """top (expected calibration error of the likeliest level), breach (of level < 2.5), rps."""


@dataclass(frozen=True, slots=True)
class Confidence:
    """Whether the scorer is nearer to gold where it says that it is surer."""

    why: str | None
    dimensions: ByDimension
    """half, four_fifths, all: mean absolute error on so many of the replies, surest first."""


@dataclass(frozen=True, slots=True)
class PersonStand:
    """The scorer against one person, both held to the other people."""

    advantage: Estimate
    """Share of replies on which the scorer is as near to the others as the person, or nearer."""
    person: Estimate
    """The same the other way round."""
    p: float
    """Of no advantage beyond what a person costs, adjusted."""


@dataclass(frozen=True, slots=True)
class Stand:
    """The alternative annotator test on one dimension."""

    winning_rate: float
    """Share of people whose hypothesis is rejected; a count of tests, so it has no interval."""
    advantage: Estimate
    """Mean of the people's."""
    passed: bool
    persons: Mapping[str, PersonStand]


@dataclass(frozen=True, slots=True)
class StandIn:
    """May the scorer stand in for a person?"""

    why: str | None
    epsilon: float
    dimensions: Mapping[str, Stand]


@dataclass(frozen=True, slots=True)
class Speed:
    """A measurement of the moment on one machine; in no JSON."""

    replies: int
    """Texts that were scored: a reply that stands in the set twice is scored once."""
    seconds: float

    @property
    def per_second(self) -> float:
        """Replies a second."""
        return self.replies / self.seconds if self.seconds > 0 else float("inf")


@dataclass(frozen=True, slots=True)
class Card:
    """The scorer card."""

    scorer: Mapping[str, Any]
    """name, version, weights (or null)."""
    set: Mapping[str, Any]
    """name, split, digest, replies, scenarios."""
    gold: str
    """Kind of the annotators that gold comes from: person or model; none where there is no gold."""
    annotators: tuple[str, ...]
    signature: str
    counts: Mapping[str, Any]
    """replies, with_gold, not_judged {reason: n}."""
    absent: tuple[str, ...]
    """Files that were looked for and are not there."""
    pairs: str
    """Which pairs ``pairs`` and ``ordered`` are over: within scenarios, or all."""
    items: ByDimension
    floors: Floors
    like_with_like: LikeWithLike
    behaviours: Mapping[str, Detection]
    systems: Systems
    contrast: Contrast
    gaming: Gaming
    invariance: Invariance
    degenerate: Degenerate
    slices: tuple[Slice, ...]
    context: ContextCost
    calibration: Calibration
    confidence: Confidence
    stand_in: StandIn
    speed: Speed | None = field(default=None, compare=False)
    """Of this run; left out of ``to_dict``."""

    def to_dict(self) -> Json:
        """As JSON, the same on every run: without the speed."""
        raw: Json = codec.plain(self)
        del raw["speed"]
        return raw

    @staticmethod
    def from_dict(raw: Mapping[str, Any]) -> Card:
        """Read it back; the speed is gone."""
        card: Card = codec.made(Card, {**raw, "speed": None})
        return card
