"""What stands for a text where many are compared: a digest of its words, and 64-bit hashes of its runs of three words.

Words are told by BLAKE2b, so that every process gives a word the same number. Among a hundred million hashes of 64 bits
two are one by chance with a probability of 1 in 4,000; what is found by them is held to the texts before it is told.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RUN = 3
"""Words of a run."""
DIGEST = 16
"""Bytes of a digest."""

_WORD = re.compile(r"[^\W_]+")
_BLANKS = str.maketrans({chr(i): " " for i in range(128) if not chr(i).isalnum()})
_WORDS_KNOWN = 1 << 19
"""Words of which the number is remembered at most: some 60 MB."""
_ODD = tuple(np.uint64(n) for n in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9))


def normal_words(text: str) -> list[str]:
    """Words of a text without case, punctuation, width and the kind of apostrophe."""
    if text.isascii():
        return text.lower().translate(_BLANKS).split()
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


@dataclass(frozen=True, slots=True)
class Prints:
    """What stands for some texts, in their order."""

    digests: bytes
    """``DIGEST`` bytes a text, of its words in order; equal for texts that are word for word the same."""
    sizes: NDArray[np.int64]
    """Different runs of each text; 0 for a text without a word."""
    runs: NDArray[np.uint64]
    """Those runs, text after text, each text's in ascending order."""

    def __len__(self) -> int:
        """Texts."""
        return len(self.sizes)

    def only(self, chosen: NDArray[np.bool_]) -> Prints:
        """Those of some of the texts.

        Args:
            chosen: one truth value a text.
        """
        if chosen.all():
            return self
        digests = np.frombuffer(self.digests, dtype=f"V{DIGEST}")[chosen].tobytes()
        return Prints(digests, self.sizes[chosen], self.runs[np.repeat(chosen, self.sizes)])


class _Numbers(dict[str, int]):
    """Words and their 64 bits."""

    def __missing__(self, word: str) -> int:
        if len(self) >= _WORDS_KNOWN:
            self.clear()
        whole = hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        number = self[word] = int.from_bytes(whole, "little")
        return number


_numbers = _Numbers()


def prints(texts: Iterable[str]) -> Prints:
    """What stands for texts.

    Args:
        texts: some hundred, which are hashed together.
    """
    digests, lengths, flat = [], [], array("Q")
    for text in texts:
        words = normal_words(text)
        digests.append(hashlib.blake2b(" ".join(words).encode("utf-8", "surrogatepass"), digest_size=DIGEST).digest())
        lengths.append(len(words))
        flat.extend(map(_numbers.__getitem__, words))
    runs, sizes = _different(*hashed_runs(np.frombuffer(flat, dtype=np.uint64), np.array(lengths, dtype=np.int64)))
    return Prints(b"".join(digests), sizes, runs)


def hashed_runs(words: NDArray[np.uint64], lengths: NDArray[np.int64]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Hashes of all runs, text after text, and how many each text has.

    Args:
        words: numbers of the words, text after text.
        lengths: words of each text; one with fewer than ``RUN`` is one run, which is like no longer one.
    """
    flat = np.concatenate([words, np.zeros(RUN - 1, dtype=np.uint64)]) + np.uint64(1)
    hashed = np.zeros(len(words), dtype=np.uint64)
    # places of each text's first word, and words that are left from each word on
    starts = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths)[:-1]]) if len(lengths) else lengths
    left = np.repeat(starts + lengths, lengths) - np.arange(len(hashed))
    for i, odd in enumerate(_ODD):
        # a run ends with its text: what stands behind a short text is no part of it
        part = np.where(left > i, flat[i : len(hashed) + i], np.uint64(0)) * odd
        part ^= part >> np.uint64(29)
        hashed = (hashed ^ part) * _ODD[(i + 1) % RUN]
        hashed ^= hashed >> np.uint64(32)
    short = (lengths < RUN) & (lengths > 0)
    inside = left >= RUN
    inside[starts[short]] = True
    return hashed[inside], np.where(short, 1, np.maximum(lengths - RUN + 1, 0))


def _different(hashed: NDArray[np.uint64], counts: NDArray[np.int64]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Each text's runs in ascending order, each once, and how many they are."""
    ends = np.cumsum(counts).tolist()
    start = 0
    for end in ends:
        hashed[start:end].sort()
        start = end
    new = np.ones(len(hashed), dtype=bool)
    new[1:] = hashed[1:] != hashed[:-1]
    # a text's first run is its own, whatever ended the text before
    new[[start for start, count in zip([0, *ends], counts.tolist(), strict=False) if count]] = True
    of = np.repeat(np.arange(len(counts)), counts)
    return hashed[new], np.bincount(of[new], minlength=len(counts))


def similarity(a: Sequence[str], b: Sequence[str]) -> float:
    """Jaccard similarity of the runs of two texts, by the words themselves.

    Args:
        a: words of one.
        b: words of the other.
    """
    one, two = word_runs(a), word_runs(b)
    common = len(one & two)
    return common / (len(one) + len(two) - common) if common else 0.0


def word_runs(words: Sequence[str]) -> set[tuple[str, ...]]:
    """Runs of three words; of a shorter text the one run that it is; none of an empty one."""
    if len(words) < RUN:
        return {tuple(words)} if words else set()
    return set(zip(words, words[1:], words[2:], strict=False))
