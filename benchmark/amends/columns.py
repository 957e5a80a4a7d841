"""What a Result counts of a judgement, as numbers in columns: levels, and bits of behaviours, flags and steps."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from amends.records import DIMENSIONS, Behaviour
from amends.rubric.definitions import behaviours, flag_codes
from amends.rubric.steps import step_coverage

JUDGED = np.dtype(
    [
        ("levels", "f8", (len(DIMENSIONS),)),
        ("behaviours", "u8"),
        ("flags", "u2"),
        ("steps", "u1"),
        ("in_order", "?"),
    ]
)
"""Of the annotation: levels (NaN where null), bits of behaviours, flags and steps by their place in the rubric."""

Table = NDArray[Any]
"""Records of ``JUDGED``."""


class Judgement(Protocol):
    """What an Annotation has, and a row of a Result."""

    @property
    def levels(self) -> Mapping[str, float | None]:
        """Dimension to its level."""

    @property
    def behaviours(self) -> tuple[Behaviour, ...]:
        """Marked spans."""

    @property
    def flags(self) -> tuple[str, ...]:
        """Of the rubric's closed list."""


def judged(annotations: Sequence[Judgement]) -> Table:
    """Columns of annotations, of dtype ``JUDGED``.

    Args:
        annotations: of any annotator, or rows of a Result.
    """
    table = np.empty(len(annotations), dtype=JUDGED)
    if not len(table):
        return table
    table["levels"] = [[np.nan if (x := a.levels[d]) is None else x for d in DIMENSIONS] for a in annotations]
    shown, flags = behaviour_bits(), _flag_bits()
    table["behaviours"] = [_bits({b.code for b in a.behaviours}, shown) for a in annotations]
    table["flags"] = [_bits(set(a.flags), flags) if a.flags else 0 for a in annotations]
    taken = [_steps(a.behaviours) for a in annotations]
    table["steps"] = [bits for bits, _ in taken]
    table["in_order"] = [ordered for _, ordered in taken]
    return table


def _bits(names: Iterable[str], places: Mapping[str, int]) -> int:
    return sum([places.get(name, 0) for name in names])


@functools.cache
def behaviour_bits() -> dict[str, int]:
    """Code of each behaviour to its bit."""
    return {code: 1 << place for place, code in enumerate(behaviours())}


@functools.cache
def _flag_bits() -> dict[str, int]:
    return {code: 1 << place for place, code in enumerate(flag_codes())}


def flag_bit(flag: str) -> int:
    """The bit of a flag in the column ``flags``.

    Args:
        flag: of the rubric's closed list.
    """
    return _flag_bits()[flag]


def _steps(shown: tuple[Behaviour, ...]) -> tuple[int, bool]:
    if not shown:
        return 0, True
    coverage = step_coverage([shown])
    return sum(1 << number for number in coverage.order), coverage.in_order
