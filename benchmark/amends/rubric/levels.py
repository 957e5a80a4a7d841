"""Levels from behaviours: every clause of the rubric in one readable table.

For each dimension exactly one *base* clause holds (what the plus behaviours earn; their conditions exclude one
another by construction: the first that holds is the base), any number of *caps* may hold (what a minus
behaviour or a flag costs), and a *floor* may lift the base where a flag says that nothing was owed. The level
is ``min(max(base, floor), caps...)``, so no order of reading can give two levels for one mix.

Behaviours under strength 0.5 are the rubric's passing hints and count neither way.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from amends.records import DIMENSIONS, Behaviour

HINT = 0.5
"""Strength under which a behaviour is a passing hint."""

UNSCORED_FLAGS = frozenset({"empty", "not_a_reply", "unsupported_language", "refused_by_judge"})
"""Flags under which a reply gets no levels."""
OFF_TOPIC = "off_topic"
"""Flag of a reply that answers somebody else's problem."""
OFF_TOPIC_MOST = 3
"""Level that such a reply reaches at most, on each dimension."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What the clauses look at: the codes that count, the flags, the fault, and whether empathy returns."""

    codes: frozenset[str]
    flags: frozenset[str]
    fault: str | None
    returns: bool
    """Feeling or sympathy (E1, E3) stands again after the handling of the issue (D2, D3, X3) that followed it."""

    def any(self, *codes: str) -> bool:
        """At least one of the codes is shown."""
        return not self.codes.isdisjoint(codes)

    def all(self, *codes: str) -> bool:
        """All of the codes are shown."""
        return self.codes.issuperset(codes)

    @property
    def acknowledges(self) -> bool:
        """E1, E2 or E3."""
        return self.any("E1", "E2", "E3")

    @property
    def specific(self) -> bool:
        """The feeling (E1) and this customer's own situation (E2)."""
        return self.all("E1", "E2")

    @property
    def owns(self) -> bool:
        """Impact (X1) or responsibility (X2; X4 explains under ownership and so carries it)."""
        return self.any("X1", "X2", "X4")

    @property
    def remedies(self) -> bool:
        """A concrete remedy (X3) or, not concrete, a change to the cause (X4)."""
        return self.any("X3", "X4")


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause of the rubric."""

    id: str
    dimension: str
    kind: str
    """base, floor or cap."""
    level: int
    text: str
    """The clause in words, as the rubric page prints it."""
    holds: Callable[[Shown], bool]


@dataclass(frozen=True, slots=True)
class Decision:
    """A level with the clause that decided it."""

    level: int
    clause: str


_E, _D, _X = DIMENSIONS

BASES = (
    Clause(
        "E-5",
        _E,
        "base",
        5,
        "Feeling (E1) and own situation (E2), and it stays: an invitation (E4), or a return to the empathy "
        "after the handling.",
        lambda s: s.specific and (s.any("E4") or s.returns),
    ),
    Clause("E-4", _E, "base", 4, "Feeling (E1) and own situation (E2).", lambda s: s.specific),
    Clause(
        "E-3a",
        _E,
        "base",
        3,
        "Feeling (E1) or sympathy (E3) in general words, or the situation (E2) with sympathy but no feeling.",
        lambda s: s.any("E1", "E3"),
    ),
    Clause(
        "E-3b",
        _E,
        "base",
        3,
        "An invitation (E4) lifts a 2 without a minus behaviour to 3.",
        lambda s: s.any("E4") and not s.any("E5", "E6", "E7", "E8"),
    ),
    Clause("E-2a", _E, "base", 2, "The situation played back as bare fact (E2).", lambda s: s.any("E2")),
    Clause("E-2b", _E, "base", 2, "Absent: no empathy, or a stock phrase only (E8).", lambda s: True),
    Clause(
        "D-5",
        _D,
        "base",
        5,
        "The issue stated in neutral terms (D1), expectations set (D3) and confirmed or open to correction (D4).",
        lambda s: s.all("D1", "D3", "D4"),
    ),
    Clause("D-4a", _D, "base", 4, "Clear expectations are set (D3).", lambda s: s.any("D3")),
    Clause(
        "D-4b",
        _D,
        "base",
        4,
        "The issue stated in neutral terms: company, order, account, organisation as the actors (D1).",
        lambda s: s.any("D1"),
    ),
    Clause(
        "D-3",
        _D,
        "base",
        3,
        "No personal conflict, but the issue (at most facts between I and you, D2) and what happens next stay vague.",
        lambda s: True,
    ),
    Clause(
        "X-5",
        _X,
        "base",
        5,
        "Impact (X1), responsibility (X2 or X4) and a concrete remedy (X3).",
        lambda s: s.all("X1", "X3") and s.any("X2", "X4"),
    ),
    Clause(
        "X-4a",
        _X,
        "base",
        4,
        "Impact or responsibility, and a concrete remedy (X3).",
        lambda s: s.owns and s.any("X3"),
    ),
    Clause(
        "X-4b",
        _X,
        "base",
        4,
        "Ownership with a change to the cause alone (X4): a remedy that is not concrete.",
        lambda s: s.any("X4"),
    ),
    Clause(
        "X-3a",
        _X,
        "base",
        3,
        "A bare remedy (X3) with neither impact nor responsibility.",
        lambda s: s.any("X3"),
    ),
    Clause(
        "X-3b",
        _X,
        "base",
        3,
        "No excuse; no remedy, whether impact or responsibility is owned or not.",
        lambda s: True,
    ),
)

FLOORS = (
    Clause(
        "E-not-upset",
        _E,
        "floor",
        3,
        "A customer who is not upset (flag not_upset): passing over a feeling that is not there is no fault.",
        lambda s: "not_upset" in s.flags,
    ),
)

CAPS = (
    Clause(
        "E-cap-1",
        _E,
        "cap",
        1,
        "Minimises (E6) or judges the feeling (E7) with no acknowledgement (E1, E2, E3) beside it.",
        lambda s: s.any("E6", "E7") and not s.acknowledges,
    ),
    Clause(
        "E-cap-2a",
        _E,
        "cap",
        2,
        "Minimises (E6) or judges the feeling (E7) beside an acknowledgement.",
        lambda s: s.any("E6", "E7") and s.acknowledges,
    ),
    Clause(
        "E-cap-2b",
        _E,
        "cap",
        2,
        "Claims to know the feeling (E5) without specific empathy (E1 and E2) beside it.",
        lambda s: s.any("E5") and not s.specific,
    ),
    Clause(
        "E-cap-3",
        _E,
        "cap",
        3,
        "Claims to know the feeling (E5) beside specific empathy (E1 and E2).",
        lambda s: s.any("E5") and s.specific,
    ),
    Clause("D-cap-1", _D, "cap", 1, "Counter-attacks (D8).", lambda s: s.any("D8")),
    Clause("D-cap-2a", _D, "cap", 2, "Accuses the customer (D6).", lambda s: s.any("D6")),
    Clause("D-cap-2b", _D, "cap", 2, "Takes it personally (D7).", lambda s: s.any("D7")),
    Clause("D-cap-2c", _D, "cap", 2, "Stonewalls (D9).", lambda s: s.any("D9")),
    Clause(
        "X-cap-1",
        _X,
        "cap",
        1,
        "Deflects (X6) or justifies (X8), and nothing is put right (no X3, no X4).",
        lambda s: s.any("X6", "X8") and not s.remedies,
    ),
    Clause(
        "X-cap-2a",
        _X,
        "cap",
        2,
        "Deflects (X6) or justifies (X8) beside a remedy.",
        lambda s: s.any("X6", "X8") and s.remedies,
    ),
    Clause("X-cap-2b", _X, "cap", 2, "Pleads intent (X5).", lambda s: s.any("X5")),
    Clause("X-cap-2c", _X, "cap", 2, "Hedges the apology (X7).", lambda s: s.any("X7")),
    Clause(
        "X-cap-4",
        _X,
        "cap",
        4,
        "Accuses (D6) a customer who is at fault.",
        lambda s: s.any("D6") and s.fault == "customer",
    ),
    *[
        Clause(
            f"{letter}-off-topic",
            d,
            "cap",
            OFF_TOPIC_MOST,
            "Answers somebody else's problem (flag off_topic).",
            lambda s: OFF_TOPIC in s.flags,
        )
        for letter, d in zip("EDX", DIMENSIONS, strict=True)
    ],
)


def clauses() -> tuple[Clause, ...]:
    """All clauses, bases first, as the rubric page prints them."""
    return BASES + FLOORS + CAPS


def _returns(behaviours: Sequence[Behaviour]) -> bool:
    """Feeling or sympathy (E1, E3), then handling (D2, D3, X3), then E1 or E3 again."""
    felt = [b.start for b in behaviours if b.code in ("E1", "E3")]
    if len(felt) < 2:
        return False
    first = min(felt)
    handled = [b.start for b in behaviours if b.code in ("D2", "D3", "X3") and b.start > first]
    return bool(handled) and max(felt) > min(handled)


def deciding(shown: Shown, dimension: str) -> Clause:
    """The clause that decides a dimension: the lowest cap that bites, else the floor that lifts, else the base."""
    decided = next(c for c in BASES if c.dimension == dimension and c.holds(shown))
    for floor in FLOORS:
        if floor.dimension == dimension and floor.level > decided.level and floor.holds(shown):
            decided = floor
    for cap in CAPS:
        if cap.dimension == dimension and cap.level < decided.level and cap.holds(shown):
            decided = cap
    return decided


_LOOKS_AT = {
    _E: frozenset(f"E{number}" for number in range(1, 9)),
    _D: frozenset(f"D{number}" for number in range(1, 10)),
    _X: frozenset([*(f"X{number}" for number in range(1, 9)), "D6"]),
}
"""The codes that the clauses of a dimension ask for: the others change nothing in it."""


@functools.lru_cache(maxsize=8192)
def _decided(
    dimension: str, codes: frozenset[str], flags: frozenset[str], fault: str | None, returns: bool
) -> Decision:
    """All that decides a dimension is in these, and few mixes of them are met: each is read once."""
    clause = deciding(Shown(codes, flags, fault, returns), dimension)
    return Decision(clause.level, clause.id)


def decide(
    behaviours: Sequence[Behaviour], flags: Collection[str] = (), fault: str | None = None
) -> dict[str, Decision]:
    """Levels of a reply from the behaviours it shows.

    Args:
        behaviours: with spans; those under strength 0.5 do not count.
        flags: of the reply; one of ``UNSCORED_FLAGS`` means that there is no level to decide, so the caller
            gives null levels and does not ask.
        fault: company, customer, third_party, unclear or None (unknown).

    Returns:
        Dimension to its ``Decision`` (level 1..5 and the id of the deciding clause), in the order of DIMENSIONS.
    """
    counted = [b for b in behaviours if b.strength >= HINT]
    codes = frozenset([b.code for b in counted])
    raised = frozenset(flags)
    returns = _returns(counted)
    return {d: _decided(d, codes & looked_at, raised, fault, returns) for d, looked_at in _LOOKS_AT.items()}
