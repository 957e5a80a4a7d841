"""Many ids as 64 bits each, where a set of them would take ten times the memory.

The bits are Python's own hash, which has a secret key in every process, so that nobody can make two ids alike; of a
hundred million two are by chance with a probability of 1 in 4,000. They leave no repeated and no missing id out of
sight that there is; what is repeated is looked up by its text before it is told.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Hashed:
    """Hashes of ids."""

    values: NDArray[np.int64]
    """In ascending order."""

    def __len__(self) -> int:
        """Ids, those counted again that came again."""
        return len(self.values)

    def twice(self) -> frozenset[int]:
        """Hashes that came more than once."""
        return frozenset(self.values[1:][self.values[1:] == self.values[:-1]].tolist())

    def without(self, known: Hashed) -> frozenset[int]:
        """Hashes of ids that are not among others.

        Args:
            known: the others.
        """
        if not len(known):
            return frozenset(self.values.tolist())
        places = np.minimum(np.searchsorted(known.values, self.values), len(known) - 1)
        return frozenset(self.values[known.values[places] != self.values].tolist())


def hashed(ids: Iterable[Hashable]) -> Hashed:
    """Ids as 64 bits each.

    Args:
        ids: in any order, taken one by one.
    """
    values = np.fromiter(map(hash, ids), dtype=np.int64)
    values.sort()
    return Hashed(values)
