"""Which of very many texts may have a near-duplicate at all, by MinHash and bands (extra ``contribute``: rensa).

A text's signature are the least values of 192 hash functions over its 3-word runs (Broder 1997); two texts agree in
one value with the probability of their Jaccard similarity J. Texts that agree in a whole band of three values share a
bucket: with 64 bands ``1 - (1 - J^3)^64``, which is 0.9998 at J = 0.5 and 0.0005 at J = 0.02 (Leskovec, Rajaraman &
Ullman 2014, section 3.4). Texts alone in every bucket are left out of the exact join, which decides on the others as
ever: it can miss a pair (2 in 10,000 at the threshold), and never adds one.
"""

from __future__ import annotations

from importlib.util import find_spec

import numpy as np
from numpy.typing import NDArray

_VALUES = 192
_BANDS = 64
_SEED = 20261122


def installed() -> bool:
    """Whether the extra is there."""
    return find_spec("rensa") is not None


def may_match(runs: NDArray[np.uint64], sizes: NDArray[np.int64]) -> NDArray[np.bool_] | None:
    """Which texts may be near-duplicates of another.

    Args:
        runs: hashes of the texts' runs, text after text.
        sizes: runs of each text, at least one.

    Returns:
        One truth value a text; None without the extra.
    """
    try:
        import rensa
    except ImportError:
        return None
    if not len(sizes):
        return np.zeros(0, dtype=np.bool_)
    offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.uint64)
    matrix = rensa.RMinHash.digest_matrix_from_flat_token_hashes(np.ascontiguousarray(runs), offsets, _VALUES, _SEED)
    flags = rensa.RMinHashLSH(0.5, _VALUES, _BANDS).query_duplicate_flags_matrix_one_shot(matrix)
    return np.asarray(flags, dtype=np.bool_)
