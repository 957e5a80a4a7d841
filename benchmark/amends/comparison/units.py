"""Replies of a side: one by one for those who look at texts, in columns for those who count millions.

Of a reply some 40 bytes stay in memory, whatever its text: its id, its key and its clusters by name, and its levels and
behaviours as small numbers. Texts and judgements lie on disk (``runs.spool``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from amends.columns import behaviour_bits
from amends.comparison.packed import TOGETHER, Levels, Names, Strings, joined
from amends.records import DIMENSIONS, Annotation, Exchange
from amends.runs.estimates import codes_of
from amends.runs.seen import Keys
from amends.statistics.influence import Codes
from amends.statistics.resampling import Floats

Mask = NDArray[np.bool_]
Item = tuple[Exchange, Annotation]


@dataclass(frozen=True, slots=True)
class Unit:
    """One reply that was asked for."""

    id: str
    key: Hashable
    """What pairs it with replies of the other side; None where it has none."""
    clusters: tuple[Hashable, ...]
    """Its label in each grouping; empty where none was named."""
    stratum: tuple[Any, ...]
    """Its values of ``sides.STRATA``."""
    levels: Mapping[str, float | None]
    behaviours: frozenset[str]
    given: bool
    """False where the generator gave no reply."""
    item: Item | None
    """Text and judgement, for the examples."""
    conversation: str | None = None
    """Of a help desk: replies in one are alike."""


class Units(Sequence[Unit]):
    """Columns, a row a reply; as a sequence, the replies one by one with their texts."""

    def __init__(self, rows: Rows, unit: Callable[[int], Unit] | None = None) -> None:
        """Close the columns.

        Args:
            rows: all replies.
            unit: gives a reply by its row; None makes it from the columns.
        """
        rows.settle()
        self._unit = unit or self._made
        self._items = rows.items
        self._kinds = list(rows.kinds)
        self.ids = rows.ids
        self.key = Names(rows.key_names)
        """What pairs each reply; of no meaning where ``keyed`` is not."""
        self._owns = rows.owns or rows.ids
        self.clusters = [Names(names) for names in rows.labels]
        """Label in each grouping."""
        self.keyed: Mask = joined(rows.keyed, np.bool_)
        """False where a reply has no key."""
        self._levels = rows.levels
        self._levels.close()
        self.shown: NDArray[Any] = joined(rows.shown, _bits_type())
        """Bits of behaviours (``columns.behaviour_bits``)."""
        self.given: Mask = joined(rows.given, np.bool_)
        self.texts: NDArray[np.uint64] = joined(rows.texts, np.uint64)
        """What stands for its text: equal texts have equal numbers; 0 where there is none."""
        strata = joined(rows.strata, np.int32)
        self.stratum: NDArray[Any] = strata.astype(np.min_scalar_type(len(self._kinds)))
        """Number of its values in ``kinds``."""
        self.read: Mask = self._read()
        """Where the scorer judged some dimension, so that "no behaviour" means none."""

    def _read(self) -> Mask:
        judged = np.zeros(len(self.given), dtype=np.bool_)
        for dimension in DIMENSIONS:
            judged |= ~np.isnan(self.level(dimension))
        return np.asarray(self.given & judged)

    @property
    def own(self) -> Keys:
        """Key of each reply's conversation, else of itself; made anew, shape (n, 2)."""
        return self._owns.keys()

    @staticmethod
    def of(units: Sequence[Unit]) -> Units:
        """Columns of replies that are at hand one by one.

        Args:
            units: any; columns are given back as they are.
        """
        if isinstance(units, Units):
            return units
        rows = Rows(len(units[0].clusters) if units else 0)
        for unit in units:
            text = unit.item[0].reply if unit.item else ""
            rows.add(unit, text)
        return Units(rows, units.__getitem__)

    @property
    def kinds(self) -> Sequence[tuple[Any, ...]]:
        """Values of ``sides.STRATA`` that occur together."""
        return self._kinds

    def judged(self, dimension: str) -> Mask:
        """Where a reply counts on a dimension: a level, or no reply given at all."""
        return np.asarray(~self.given | ~np.isnan(self.level(dimension)))

    def level(self, dimension: str) -> Floats:
        """Level on a dimension, NaN where there is none."""
        return self._levels.column(DIMENSIONS.index(dimension))

    def shows(self, code: str) -> Mask:
        """Where a behaviour is shown."""
        return np.asarray((self.shown & self.shown.dtype.type(behaviour_bits().get(code, 0))) != 0)

    def rows_of(self, names: Collection[str]) -> dict[str, int]:
        """Rows of some ids; of equal ones the last.

        Args:
            names: ids, of other sides too.
        """
        return {name: row for row, name in enumerate(self.ids) if name in names}

    def __len__(self) -> int:
        """Replies."""
        return len(self.given)

    def __iter__(self) -> Iterator[Unit]:
        """One by one."""
        return (self._unit(row) for row in range(len(self)))

    @overload
    def __getitem__(self, row: int) -> Unit: ...
    @overload
    def __getitem__(self, row: slice) -> Sequence[Unit]: ...
    def __getitem__(self, row: int | slice) -> Unit | Sequence[Unit]:
        """One by its row from 0, or several."""
        if isinstance(row, slice):
            return [self._unit(i) for i in range(*row.indices(len(self)))]
        if not 0 <= row < len(self):
            raise IndexError(row)
        return self._unit(row)

    def _made(self, row: int) -> Unit:
        item = self._items(row) if self._items else None
        talk = item[0].meta.get("conversation") if item else None
        bits = int(self.shown[row])
        levels = [None if np.isnan(level) else level for level in self._levels.row(row)]
        return Unit(
            self.ids[row],
            self.key.name(row) if self.keyed[row] else None,
            tuple([names.name(row) for names in self.clusters]),
            self._kinds[self.stratum[row]],
            dict(zip(DIMENSIONS, levels, strict=True)),
            frozenset([code for code, bit in behaviour_bits().items() if bits & bit]),
            bool(self.given[row]),
            item if self.texts[row] else None,
            talk if isinstance(talk, str) else None,
        )


class Rows:
    """Columns that grow."""

    def __init__(self, groupings: int, items: Callable[[int], Item | None] | None = None) -> None:
        """Nothing yet.

        Args:
            groupings: labels that each reply has.
            items: gives text and judgement by row.
        """
        self.items = items
        self.ids, self.key_names = Strings(), Strings()
        self.labels = [Strings() for _ in range(groupings)]
        self.kinds: dict[tuple[Any, ...], int] = {}
        self.owns: Strings | None = None
        """Conversation of each reply, else its id; None where no reply has one."""
        self.levels = Levels()
        self.keyed: list[Any] = []
        self.shown: list[Any] = []
        self.given: list[Any] = []
        self.texts: list[Any] = []
        self.strata: list[Any] = []
        self._waiting: list[tuple[Unit, str]] = []

    def add(self, unit: Unit, text: str) -> None:
        """Take one reply; its ``item`` is not kept.

        Args:
            unit: the reply.
            text: empty where it is not at hand.
        """
        self._waiting.append((unit, text))
        if len(self._waiting) == TOGETHER:
            self.settle()

    def settle(self) -> None:
        """Put what waits into columns."""
        units, texts = [u for u, _ in self._waiting], [t for _, t in self._waiting]
        self._waiting = []
        if not units:
            return
        bits = behaviour_bits()
        for unit in units:
            if unit.conversation and self.owns is None:
                self.owns = Strings()
                for name in self.ids:
                    self.owns.append(name)
            self.ids.append(unit.id)
            if self.owns is not None:
                self.owns.append(unit.conversation or unit.id)
            self.key_names.append("" if unit.key is None else repr(unit.key))
            for label, names in zip(unit.clusters, self.labels, strict=True):
                names.append(repr(label))
        self.keyed.append(np.array([u.key is not None for u in units]))
        self.levels.add(np.array([[u.levels[d] for d in DIMENSIONS] for u in units], dtype=np.float64))
        shown = [sum([bits.get(code, 0) for code in u.behaviours]) for u in units]
        self.shown.append(np.array(shown, dtype=_bits_type()))
        self.given.append(np.array([u.given for u in units]))
        self.texts.append(np.array([_number(text) for text in texts], dtype=np.uint64))
        strata = [self.kinds.setdefault(u.stratum, len(self.kinds)) for u in units]
        self.strata.append(np.array(strata, dtype=np.int32))


def _bits_type() -> Any:
    return np.min_scalar_type(sum(behaviour_bits().values()))


def _number(text: str) -> int:
    """64 bits that stand for a text; 0 for none."""
    if not text:
        return 0
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little") or 1


def common_codes(columns: Iterable[Keys]) -> list[Codes]:
    """Numbers for keys of several sides: equal keys have one number, in the order of their first replies.

    Args:
        columns: keys of each side, which are not held on to.
    """
    parts = list(columns)
    ends = np.cumsum([len(keys) for keys in parts])[:-1]
    return np.split(codes_of(joined(parts, np.uint64, (2,))), ends)
