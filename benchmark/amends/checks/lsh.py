"""Which of very many texts may have a near-duplicate at all, by MinHash and bands (extra ``contribute``: rensa).

A text's signature are the least values of 192 hash functions over its 3-word runs (Broder 1997); two texts agree in
one value with the probability of their Jaccard similarity J. Texts that agree in a whole band of three values share a
bucket: with 64 bands ``1 - (1 - J^3)^64``, which is 0.9998 at J = 0.5 and 0.0005 at J = 0.02 (Leskovec, Rajaraman &
Ullman 2014, section 3.4). Texts alone in every bucket are left out of the exact join, which decides on the others as
ever: it can miss a pair (2 in 10,000 at the threshold), and never adds one.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from importlib.util import find_spec

import numpy as np
from numpy.typing import NDArray

_VALUES = 192
_BANDS = 64
_SEED = 20261122
_RUN = 3
_ODD = tuple(np.uint64(n) for n in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9))


def installed() -> bool:
    """Whether the extra is there."""
    return find_spec("rensa") is not None


def may_match(coded: Sequence[array[int]]) -> NDArray[np.bool_] | None:
    """Which texts may be near-duplicates of another.

    Args:
        coded: texts as numbers, one a word; equal numbers are equal words.

    Returns:
        One truth value a text, always true of texts of fewer than three words; None without the extra.
    """
    try:
        import rensa
    except ImportError:
        return None
    if not coded:
        return np.zeros(0, dtype=np.bool_)
    lengths = np.array([len(words) for words in coded], dtype=np.int64)
    tokens, offsets = hashed_runs(coded)
    matrix = rensa.RMinHash.digest_matrix_from_flat_token_hashes(tokens, offsets, _VALUES, _SEED)
    flags = rensa.RMinHashLSH(0.5, _VALUES, _BANDS).query_duplicate_flags_matrix_one_shot(matrix)
    return np.asarray(flags, dtype=np.bool_) | (lengths < _RUN)


def hashed_runs(coded: Sequence[array[int]], shortest: int = 0) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Hashes of all 3-word runs, text after text, and where each text's begin and the last one's end.

    Args:
        coded: texts as numbers, one a word.
        shortest: texts of fewer words than this count as one run, which is like no longer one; 0: they have none.
    """
    lengths = np.array([len(words) for words in coded], dtype=np.int64)
    flat = np.concatenate([np.frombuffer(words, dtype=f"u{words.itemsize}") for words in coded]).astype(np.uint64)
    flat = np.concatenate([flat, np.zeros(_RUN - 1, dtype=np.uint64)]) + np.uint64(1)
    hashed = np.zeros(len(flat) - _RUN + 1, dtype=np.uint64)
    # places of each word in its text, and words that are left from there on
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    left = np.repeat(starts + lengths, lengths) - np.arange(len(hashed))
    for i, odd in enumerate(_ODD):
        # a run ends with its text: what stands behind a short text is no part of it
        part = np.where(left > i, flat[i : len(hashed) + i], np.uint64(0)) * odd
        part ^= part >> np.uint64(29)
        hashed = (hashed ^ part) * _ODD[(i + 1) % _RUN]
        hashed ^= hashed >> np.uint64(32)
    short = (lengths < min(shortest, _RUN)) & (lengths > 0)
    inside = left >= _RUN
    inside[starts[short]] = True
    counts = np.maximum(lengths - _RUN + 1, short)
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.uint64)
    return np.ascontiguousarray(hashed[inside]), offsets
