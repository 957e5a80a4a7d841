"""The names that labelling interface and export share: controls, their choices, and what a choice says."""

from __future__ import annotations

import functools
import re

from amends.records import DIMENSIONS
from amends.resources import shipped
from amends.rubric.definitions import behaviours, flag_codes, rubric

REPLY = "reply"
"""The task field, and the tag, that spans are marked in."""
TURNS = "turns"
CONTEXT = "context"
KEY = "amends"
"""The task field that leads back to the reply: ``reply_id``, ``digest``, ``guideline``."""

SPANS = {f"{dimension}_behaviours": dimension for dimension in DIMENSIONS}
"""Control of the labels of each dimension's behaviours."""
STRENGTH = "strength"
FLAGS = "flags"
REASON = "reason"
UNSURE = "unsure"

NOT_JUDGED = "cannot be judged"
HINT = "passing hint"
HINT_STRENGTH = 0.3
"""What a passing hint is worth; everything under 0.5 does not count (rubric.json, passing_hint)."""

_LEVEL = re.compile(r"([1-5])(?!\w)")


@functools.cache
def guideline_version() -> str:
    """The version that stands in the heading of data/GUIDELINE.md."""
    heading = shipped("data", "GUIDELINE.md").read_text(encoding="utf-8").split("\n", 1)[0]
    return heading.rsplit(" ", 1)[-1]


def level_choices(dimension: str) -> list[str]:
    """What a person chooses from: each level with its name and anchor, and that it cannot be judged.

    Args:
        dimension: one of DIMENSIONS.
    """
    levels = next(d["levels"] for d in rubric()["dimensions"] if d["code"] == dimension)
    return [f"{one['level']} {one['name']}: {one['anchor']}" for one in levels] + [NOT_JUDGED]


def level_of(choice: str) -> int | None:
    """The level that a choice says; None for the one that says it cannot be judged.

    Raises:
        ValueError: it says neither.
    """
    if choice.strip().lower() == NOT_JUDGED:
        return None
    found = _LEVEL.match(choice.strip())
    if found is None:
        raise ValueError(choice)
    return int(found[1])


def code_of(label: str) -> str:
    """The behaviour that a label names: its first word.

    Raises:
        ValueError: that is no code.
    """
    code = label.strip().split(" ", 1)[0]
    if code not in behaviours():
        raise ValueError(label)
    return code


def person_flags() -> dict[str, str]:
    """Flags that a person may set, with their meaning; a refusal is a model's."""
    return {f["code"]: f["meaning"] for f in rubric()["flags"] if f["code"] != "refused_by_judge"}


def flag_of(choice: str) -> str:
    """The flag that a choice names: what stands before its colon.

    Raises:
        ValueError: that is no flag.
    """
    code = choice.split(":", 1)[0].strip()
    if code not in flag_codes():
        raise ValueError(choice)
    return code


def dimension_of(choice: str) -> str:
    """The dimension that a choice names, by its code.

    Raises:
        ValueError: that is none.
    """
    if choice.strip() not in DIMENSIONS:
        raise ValueError(choice)
    return choice.strip()
