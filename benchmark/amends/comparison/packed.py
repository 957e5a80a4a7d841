"""Names and levels of very many replies in few bytes: what ``units`` holds them in."""

from __future__ import annotations

import ast
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from amends.records import DIMENSIONS
from amends.runs.seen import Keys, keys_of
from amends.statistics.resampling import Floats

TOGETHER = 1024
"""Replies that are put into columns at once."""
_MOST_LEVELS = 4096
"""Levels that are numbered; more that differ are kept as they are."""


class Strings(Sequence[str]):
    """Texts as bytes one after the other, in blocks: two bytes each beside their own, unless they are long."""

    def __init__(self) -> None:
        """None yet."""
        self._blocks: list[tuple[bytes, NDArray[Any]]] = []
        self._waiting: list[bytes] = []

    def append(self, text: str) -> None:
        """Add one at the end."""
        self._waiting.append(text.encode("utf-8", "surrogatepass"))
        if len(self._waiting) == TOGETHER:
            ends = np.cumsum([0, *map(len, self._waiting)])
            self._blocks.append((b"".join(self._waiting), ends.astype(np.min_scalar_type(int(ends[-1])))))
            self._waiting = []

    def __len__(self) -> int:
        """How many."""
        return len(self._blocks) * TOGETHER + len(self._waiting)

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[str]: ...
    def __getitem__(self, place: int | slice) -> str | Sequence[str]:
        """One by its place from 0, or several."""
        if isinstance(place, slice):
            return [self[i] for i in range(*place.indices(len(self)))]
        if not 0 <= place < len(self):
            raise IndexError(place)
        block, own = divmod(place, TOGETHER)
        if block == len(self._blocks):
            return self._waiting[own].decode("utf-8", "surrogatepass")
        whole, ends = self._blocks[block]
        return whole[ends[own] : ends[own + 1]].decode("utf-8", "surrogatepass")

    def keys(self) -> Keys:
        """128 bits that stand for each, made anew: shape (n, 2)."""
        keys = np.empty((len(self), 2), dtype=np.uint64)
        for start in range(0, len(self), TOGETHER):
            some = self[start : start + TOGETHER]
            keys[start : start + len(some)] = keys_of(some)
        return keys


@dataclass(frozen=True, slots=True)
class Names:
    """Labels of replies: to be told apart by the million, and by name where one is asked for."""

    names: Strings
    """Each as Python writes it."""

    @property
    def keys(self) -> Keys:
        """Shape (n, 2); equal labels have equal keys."""
        return self.names.keys()

    def name(self, place: int) -> Hashable:
        """The label of a reply."""
        found: Hashable = ast.literal_eval(self.names[place])
        return found


class Levels:
    """Levels on each dimension: by the numbers of those that occur, a byte or two, or as they are where all differ."""

    def __init__(self) -> None:
        """None yet."""
        self._known: dict[float, int] = {}
        self._parts: list[NDArray[Any]] = []
        self._closed: NDArray[Any] | None = None

    def add(self, levels: Floats) -> None:
        """Take some replies.

        Args:
            levels: shape (n, dimensions), NaN where there is none.
        """
        if len(self._known) > _MOST_LEVELS:
            self._parts.append(levels)
            return
        values, place = np.unique(levels, return_inverse=True)
        numbers = [0 if v != v else self._known.setdefault(v, len(self._known) + 1) for v in values.tolist()]
        self._parts.append(np.array(numbers, dtype=np.uint16)[place].reshape(levels.shape))
        if len(self._known) > _MOST_LEVELS:
            values = self._values()
            self._parts = [values[part] for part in self._parts]

    def _values(self) -> Floats:
        return np.array([np.nan, *self._known])

    def close(self) -> None:
        """All are here."""
        whole = joined(self._parts, np.float64, (len(DIMENSIONS),))
        if whole.dtype == np.uint16:
            whole = whole.astype(np.min_scalar_type(len(self._known)))
        self._closed = whole

    def column(self, place: int) -> Floats:
        """Those of a dimension, shape (n,), made anew."""
        return self._of(place)

    def row(self, row: int) -> list[float]:
        """Those of a reply."""
        return [float(level) for level in self._of(row, 0)]

    def _of(self, place: int, axis: int = 1) -> Floats:
        if self._closed is None:
            raise RuntimeError("levels are read before they are whole")
        own = self._closed.take(place, axis=axis)
        return np.asarray(own if own.dtype == np.float64 else self._values()[own], dtype=np.float64)


def joined(parts: list[Any], kind: Any, shape: tuple[int, ...] = ()) -> Any:
    """Parts as one, of which they are emptied.

    Args:
        parts: arrays that differ in their length alone.
        kind: dtype where there is none.
        shape: of a row.
    """
    whole = np.concatenate(parts) if parts else np.zeros((0, *shape), dtype=kind)
    parts.clear()
    return whole
