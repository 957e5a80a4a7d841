"""Texts of replies by id, on the disk where they are many: in memory stay 16 bytes of each."""

from __future__ import annotations

import contextlib
import tempfile
import weakref
from array import array
from typing import Any

import numpy as np
from numpy.typing import NDArray

from amends.checks.hashed import Hashed
from amends.errors import UsageError

_IN_MEMORY = 32_000_000
"""Bytes of texts from which they go to a file without a name, where the system keeps temporary ones (TMPDIR)."""
_END = b"\xff"
"""Stands in no UTF-8."""


class Texts:
    """Texts under ids; several may stand under one."""

    def __init__(self) -> None:
        """None yet."""
        self._file: Any = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115
        weakref.finalize(self, _close, self._file)
        self._hashes = array("q")
        self._starts = array("Q", [0])
        self._order: tuple[NDArray[np.int64], NDArray[np.intp], frozenset[int]] | None = None
        """Hashes in ascending order, the text of each, and those that came more than once."""
        self._next = 0
        """The text behind the one that was asked for last: most ask in the order in which the texts came."""

    def __len__(self) -> int:
        """Texts."""
        return len(self._hashes)

    def add(self, key: str, text: str) -> None:
        """Take one.

        Args:
            key: id of the reply.
            text: its text.

        Raises:
            UsageError: there is no room on the disk.
        """
        whole = key.encode("utf-8", "surrogatepass") + _END + text.encode("utf-8", "surrogatepass")
        try:
            if self._order is not None:
                self._file.seek(self._starts[-1])
                self._order = None
            self._file.write(whole)
        except OSError as error:
            raise _no_room(error) from None
        self._hashes.append(hash(key))
        self._starts.append(self._starts[-1] + len(whole))

    def get(self, key: str) -> list[str]:
        """Texts under an id, in the order in which they came; none under an id that is not there.

        Args:
            key: any id.
        """
        wanted = key.encode("utf-8", "surrogatepass")
        found: list[str] = []
        for at in self._places(hash(key)):
            self._next = at + 1
            self._file.seek(self._starts[at])
            own, _, text = self._file.read(self._starts[at + 1] - self._starts[at]).partition(_END)
            if own == wanted:  # a hash is no id
                found.append(text.decode("utf-8", "surrogatepass"))
        return found

    def _places(self, wanted: int) -> list[int]:
        """Texts whose id has a hash."""
        if self._order is None:
            try:
                self._file.flush()
            except OSError as error:
                raise _no_room(error) from None
            hashes = np.array(self._hashes, dtype=np.int64)
            order = np.argsort(hashes, kind="stable")
            self._order = hashes[order], order, Hashed(hashes[order]).twice()
        hashes, order, twice = self._order
        guess = self._next
        if guess < len(self) and self._hashes[guess] == wanted and wanted not in twice:
            return [guess]
        start, end = np.searchsorted(hashes, wanted, "left"), np.searchsorted(hashes, wanted, "right")
        found: list[int] = order[start:end].tolist()
        return found


def _close(file: Any) -> None:
    with contextlib.suppress(OSError):  # of a full disk that was told already
        file.close()


def _no_room(error: OSError) -> UsageError:
    return UsageError(
        f"texts of the replies do not fit into the folder of temporary files ({error}); "
        "name one with more room in the environment variable TMPDIR"
    )
