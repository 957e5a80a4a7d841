"""What would raise a level: the fewest changes of behaviour that the rubric rewards, and what a coach says of each.

A *change* takes one minus behaviour out or puts one plus behaviour in. For a dimension the search asks the rubric's own
clauses (``levels.decide``) of every set of one change, then of two, then of three, and keeps the first size that lifts
the level: no advice is given that the rubric would not honour.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from amends.records import DIMENSIONS, Behaviour
from amends.rubric.definitions import behaviours as definitions
from amends.rubric.levels import HINT, UNSCORED_FLAGS, decide

MOST_CHANGES = 3
MOST_WAYS = 3
"""So many ways are told for a dimension; of equals the one that puts less in comes first."""

ADVICE = {
    "E1": "name what the customer feels, in words that fit this case and not any other",
    "E2": "say back what happened to this customer: two facts of the case, or what followed from it",
    "E3": "say that you are sorry for what the customer is going through, and say what that is",
    "E4": "ask what would help, or invite the customer to say more",
    "D1": "state what happened to which thing, with the order, the process or the company as the actor",
    "D3": "say what will happen and by when, at a moment the customer can place",
    "D4": "ask whether the plan suits, or leave it open to correction",
    "X1": "say what the failure did to the customer",
    "X2": "own the failure in so many words; where it was not yours, own seeing it through",
    "X3": "commit to a thing, an act or an amount that puts it right",
    "X4": "say how it happened, own it, and say what changes so that it does not happen again",
    "E5": "do not claim to know the feeling; name it and ask",
    "E6": "do not play the trouble down",
    "E7": "do not judge the feeling or ask for another one",
    "E8": "put this customer's case in the place of the formula",
    "D6": "do not say what the customer should have done; give the fact, if it is needed, without reproach",
    "D7": "leave out the feelings, effort and merit of staff and firm",
    "D8": "leave out what is said against the person",
    "D9": "name a way forward: an alternative, an appeal, who can help",
    "X5": "do not plead the intention; say what happened",
    "X6": "do not put the blame on anybody else; stay in charge",
    "X7": "make the apology whole, without if and but",
    "X8": "do not give a circumstance as the reason; own it and say what changes",
}
"""What a coach says: of a plus behaviour that is missing, or of a minus behaviour that is there."""

_PLUS = {
    DIMENSIONS[0]: ("E1", "E2", "E4", "E3"),
    DIMENSIONS[1]: ("D1", "D3", "D4"),
    DIMENSIONS[2]: ("X3", "X2", "X1", "X4"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """One change of behaviour."""

    code: str
    takes_out: bool
    """A minus behaviour that is there; else a plus behaviour to put in."""
    quotes: tuple[str, ...]
    """The words that show it now; empty for what is put in."""

    @property
    def advice(self) -> str:
        """What a coach says."""
        return ADVICE[self.code]


@dataclass(frozen=True, slots=True)
class Way:
    """Changes that together lift a level."""

    changes: tuple[Change, ...]
    level: int
    """The level that the rubric then gives."""


@dataclass(frozen=True, slots=True)
class Raise:
    """One dimension."""

    level: int
    """The level that the rubric gives for the behaviours as they are."""
    clause: str
    """Id of the deciding clause."""
    ways: tuple[Way, ...]
    """The fewest changes that lift it; empty at level 5, or where a flag stands in the way."""


def raising(behaviours: Sequence[Behaviour], flags: Collection[str] = (), fault: str | None = None) -> dict[str, Raise]:
    """What would raise each level.

    Args:
        behaviours: of a reply, with spans; those under strength 0.5 count as absent.
        flags: of the reply.
        fault: company, customer, third_party, unclear or None (unknown).

    Returns:
        Dimension to its ``Raise``; empty where a flag says that there are no levels.
    """
    if UNSCORED_FLAGS & set(flags):
        return {}
    shown = [b for b in behaviours if b.strength >= HINT]
    decided = decide(shown, flags, fault)
    return {
        d: Raise(decided[d].level, decided[d].clause, tuple(_ways(shown, flags, fault, d))[:MOST_WAYS])
        for d in DIMENSIONS
    }


def _ways(shown: Sequence[Behaviour], flags: Collection[str], fault: str | None, dimension: str) -> list[Way]:
    now = decide(shown, flags, fault)[dimension].level
    if now == 5:
        return []
    changes = list(_changes(shown, dimension))
    for size in range(1, MOST_CHANGES + 1):
        found = []
        for some in itertools.combinations(changes, size):
            level = decide(_changed(shown, some), flags, fault)[dimension].level
            if level > now:
                found.append(Way(some, level))
        if found:
            return sorted(found, key=lambda way: (-way.level, sum(not c.takes_out for c in way.changes)))
    return []


def _changes(shown: Sequence[Behaviour], dimension: str) -> Iterator[Change]:
    """Minus behaviours that are there (D6 also costs excuse avoidance), then plus behaviours that are not."""
    there = {b.code for b in shown}
    known = definitions()
    for code in sorted(there):
        counts = known[code].dimension == dimension or (code == "D6" and dimension == DIMENSIONS[2])
        if counts and not known[code].positive:
            yield Change(code, True, tuple(b.quote for b in shown if b.code == code))
    for code in _PLUS[dimension]:
        if code not in there:
            yield Change(code, False, ())


def _changed(shown: Sequence[Behaviour], changes: Sequence[Change]) -> list[Behaviour]:
    gone = {c.code for c in changes if c.takes_out}
    kept = [b for b in shown if b.code not in gone]
    end = max((b.end for b in shown), default=0)
    return kept + [Behaviour(c.code, end, end, "", 1.0) for c in changes if not c.takes_out]
