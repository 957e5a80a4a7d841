"""What stands for one reply that somebody labels, and what it lacks."""

from __future__ import annotations

from dataclasses import dataclass, field

from amends.records import DIMENSIONS, Json
from amends.rubric.levels import OFF_TOPIC, UNSCORED_FLAGS


def blank() -> Json:
    """A label in which nothing was said: a dimension is absent from ``levels`` until a level, or null, was given."""
    return {"levels": {}, "behaviours": [], "flags": [], "reason": "", "unsure": []}


def lacks(label: Json) -> str:
    """What stands in the way of a label's being finished, in words; empty where nothing does."""
    levels, flags = label["levels"], label["flags"]
    missing = [dimension.replace("_", " ") for dimension in DIMENSIONS if dimension not in levels]
    if missing:
        return f"No level yet, and not said that it cannot be judged: {', '.join(missing)}."
    unscored = sorted(UNSCORED_FLAGS.intersection(flags))
    if unscored and any(level is not None for level in levels.values()):
        named = " and ".join(flag.replace("_", " ") for flag in unscored)
        return f"A reply with the flag {named} gets no levels: say “cannot be judged” on all three, or take it off."
    if OFF_TOPIC in flags and any(level is not None and level > 3 for level in levels.values()):
        return "A reply that is off topic gets at most 3 on each dimension: change the level, or take the flag off."
    return ""


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands for one reply."""

    label: Json = field(default_factory=blank)
    state: str = "open"
    """open, done or skip."""
    revision: int = 0
    """How often something of it was saved."""
    seconds: float = 0.0
    at: str = ""
    """When it was finished or skipped."""
    position: int = 0
    """In the person's order, from 1, when it was finished."""
    why: str = ""
    """Reason of a skip."""
    final: bool = False
