"""Records on disk instead of in memory: written once in order, read back by number."""

from __future__ import annotations

import tempfile
import weakref
import zlib
from array import array
from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from amends.jsonl import canonical
from amends.records import Exchange

_TOGETHER = 32
"""Records that are packed together: what is read for one."""


class Spool:
    """JSON values in a file without a name, packed; 0.25 bytes a value stay in memory.

    The file lies where the system keeps temporary ones (TMPDIR) and goes with the process.
    """

    def __init__(self) -> None:
        """Nothing written."""
        self._file: Any = None
        self._starts = array("Q", [0])
        self._waiting: list[bytes] = []
        self._count = 0
        self._at: tuple[int, list[bytes]] = (-1, [])

    def __len__(self) -> int:
        """Values written."""
        return self._count

    def add(self, value: Any) -> None:
        """Write one value.

        Args:
            value: of JSON.
        """
        self._waiting.append(canonical(value))
        self._count += 1
        if len(self._waiting) == _TOGETHER:
            packed = zlib.compress(b"\n".join(self._waiting), 1)
            self._waiting = []
            if self._file is None:
                self._file = tempfile.TemporaryFile()  # noqa: SIM115
                weakref.finalize(self, self._file.close)
            self._file.seek(self._starts[-1])
            self._file.write(packed)
            self._starts.append(self._starts[-1] + len(packed))

    def __getitem__(self, number: int) -> Any:
        """A value by its number from 0; values that stand near one another cost one reading."""
        if not 0 <= number < self._count:
            raise IndexError(number)
        block, place = divmod(number, _TOGETHER)
        if block == len(self._starts) - 1:
            return orjson.loads(self._waiting[place])
        if self._at[0] != block:
            self._file.seek(self._starts[block])
            packed = self._file.read(self._starts[block + 1] - self._starts[block])
            self._at = block, zlib.decompress(packed).split(b"\n")
        return orjson.loads(self._at[1][place])


class SpooledExchanges(Mapping[str, Exchange]):
    """Exchanges by id, of which only the ids are in memory."""

    def __init__(self) -> None:
        """None yet."""
        self._places: dict[str, int] = {}
        self._spool = Spool()

    def add(self, exchange: Exchange) -> None:
        """Take one; of equal ids the last counts.

        Args:
            exchange: any.
        """
        self._places[exchange.id] = len(self._spool)
        self._spool.add(exchange.to_dict())

    def __getitem__(self, name: str) -> Exchange:
        """One by its id."""
        return Exchange.from_dict(self._spool[self._places[name]])

    def __iter__(self) -> Iterator[str]:
        """Ids."""
        return iter(self._places)

    def __len__(self) -> int:
        """How many."""
        return len(self._places)
