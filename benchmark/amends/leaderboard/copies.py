"""Which replies stand in the released sets already: sequences of eight words, and equality of short replies.

Words are runs of letters and digits of the folded text (case, width, accents, look-alikes and characters that are not
seen make no difference), as ``text.folding`` folds it for the scorers. A sequence is eight of them in a row.

- *A copy* of a reply of validation, test or the systems set: every word the same (from five words on: "We are so
  sorry." is nobody's), or at least half of its distinct sequences, and eight or more, stand in those replies taken
  together: a reply that is stitched from two of them is a copy as well. So is one that holds half of the sequences of
  one released reply, and eight or more, however long the rest of it is; and one that has seven of ten words in common
  with a released reply to the same scenario, in any order, of both: every fourth word replaced, or the sentences in
  another order, leaves no sequence. There a letter that no folding knows may be any letter. (Of 5,532 pairs of
  released replies to one scenario, by different makers, none has more than 65% in common, and that one is of one
  language model under two prompts.) Sequences that stand in train too, or in the words of a customer, count for none
  of these.
- *Overlap with train*: distinct sequences of all replies of an entry that stand in a reply of train. Brown et al.
  (2020, appendix C) look for 13-grams between a test set and its training texts; replies here have 80 words and
  templates fewer, so eight.

Sequences are compared by 64-bit polynomial hashes of mixed word numbers; with the 3,000 released replies and a board
of 200 entries an accidental equality is expected once in some ten million boards.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from amends.leaderboard.rows import RETRIEVAL_ABOVE, Overlap
from amends.text.folding import OTHER, plain

RUN = 8
"""Words in a sequence."""
FEWEST_WORDS = 5
"""Under so many words an equal reply is no copy."""
FEWEST_FOUND = 8
"""Under so many sequences found a reply is no near-copy."""
COPIED = 0.5
"""Share of a reply's sequences from which it is a near-copy."""
REWORDED = 0.7
"""Share of the words of both that a reworded reply has in common with a released one to the same scenario."""
FEWEST_REWORDED = 20
"""Words under which words in common say nothing."""

_WORD = re.compile(f"{OTHER}*[a-z0-9][a-z0-9{OTHER}]*")
_STRANGE = re.compile(r"[^\x00-\x7d]")
_BASE = np.uint64(0x9E3779B97F4A7C15)

Hashes = NDArray[np.uint64]


def words_of(text: str) -> list[str]:
    """Words of a text, folded.

    Args:
        text: as stored.
    """
    strange = set(_STRANGE.findall(text))
    # a letter that no folding knows stays as OTHER, which may be any letter; a sign parts words
    signs = {ord(char): " " for char in strange if not char.isalpha() and plain(char) == OTHER}
    return _WORD.findall(plain(text.translate(signs) if signs else text).replace("'", ""))


class Sequences:
    """Numbers the words that it meets, so that a sequence is one number."""

    def __init__(self) -> None:
        """No word met yet."""
        self._numbers: dict[str, int] = {}
        self._mixed: Hashes = np.zeros(0, dtype=np.uint64)
        # modulo 2^64, as wanted
        powers = [pow(int(_BASE), k, 2**64) for k in range(RUN)]
        self._powers = np.array(powers, dtype=np.uint64)

    def of(self, words: Sequence[str]) -> Hashes:
        """Distinct sequences of a text's words, as sorted numbers.

        Args:
            words: in order.
        """
        if len(words) < RUN:
            return np.zeros(0, dtype=np.uint64)
        numbers = self._numbers
        own = np.fromiter((numbers.setdefault(word, len(numbers)) for word in words), dtype=np.int64, count=len(words))
        if len(numbers) > len(self._mixed):
            self._mixed = _mix(np.arange(2 * len(numbers), dtype=np.uint64))
        mixed = self._mixed[own]
        ends = len(words) - RUN + 1
        total = np.zeros(ends, dtype=np.uint64)
        for k in range(RUN):
            total += mixed[k : k + ends] * self._powers[k]
        return np.unique(_mix(total))


def _mix(numbers: Hashes) -> Hashes:
    """SplitMix64's finaliser (Steele, Lea & Flood 2014)."""
    z = numbers + np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


@dataclass(frozen=True, slots=True)
class Copy:
    """A reply that stands in the released sets already."""

    share: float | None
    """Of what ``how`` says, 0.5..1; None where it is the same word for word."""
    how: str
    """Of what the share is: "of its 8-word sequences in released replies", say."""


_SAME = Copy(None, "the words of a released reply")
_OWN = "of its 8-word sequences in released replies"
_WHOLE = "of the 8-word sequences of one released reply"
_WORDS = "of its words in one released reply to the same scenario"


class _Answers:
    """The released replies to one scenario as counts of words."""

    def __init__(self, replies: Sequence[Sequence[str]]) -> None:
        self._place: dict[str, int] = {}
        for words in replies:
            for word in words:
                self._place.setdefault(word, len(self._place))
        self._counts = np.zeros((len(replies), len(self._place)), dtype=np.int32)
        for own, words in zip(self._counts, replies, strict=True):
            for word, many in Counter(words).items():
                own[self._place[word]] = many
        self._lengths = self._counts.sum(axis=1)
        self._longest = int(self._lengths.max())
        self._alike: dict[int, list[str]] = {}
        for word in self._place:
            self._alike.setdefault(len(word), []).append(word)

    def common(self, words: Sequence[str]) -> float:
        """The largest share of words in common with one of them: of the longer of the two."""
        if REWORDED * len(words) > self._longest:
            return 0.0
        own = np.zeros(len(self._place), dtype=np.int32)
        for word, many in Counter(words).items():
            place = self._place.get(self._seen_as(word) if OTHER in word else word)
            if place is not None:
                own[place] += many
        shared = np.minimum(self._counts, own).sum(axis=1)
        return float((shared / np.maximum(self._lengths, len(words))).max())

    def _seen_as(self, word: str) -> str:
        """The first word of theirs that it may be taken for."""
        looks = re.compile(word.replace(OTHER, "."))
        return next((known for known in self._alike.get(len(word), ()) if looks.fullmatch(known)), word)


class Released:
    """What of the released replies entries are held to."""

    def __init__(
        self,
        train: Iterable[str],
        held_out: Iterable[str],
        free: Iterable[str] = (),
        scenarios: Iterable[str | None] | None = None,
    ) -> None:
        """Read them once.

        What stands in train or in ``free`` is nobody's secret and makes no copy, though a held-out reply has it too:
        the systems set holds a baseline that gives train replies, and one that echoes the customer.

        Args:
            train: replies of the train split.
            held_out: replies of validation, test and the systems set.
            free: what every generator is given: turns of scenarios.
            scenarios: that the held-out replies answer, in their order; None: not known.
        """
        self._sequences = Sequences()
        known = [words_of(text) for text in train]
        given = [words_of(text) for text in free]
        held = [words_of(text) for text in held_out]
        self._train = self._union(known)
        open_to_all = np.union1d(self._train, self._union(given))
        short = {tuple(words) for words in (*known, *given) if len(words) < RUN}
        self._held = np.setdiff1d(self._union(held), open_to_all)
        self._equal = frozenset(
            tuple(words)
            for words in held
            if len(words) >= FEWEST_WORDS
            and (
                _among(self._sequences.of(words), self._held).any() if len(words) >= RUN else tuple(words) not in short
            )
        )

        self._owned, self._owners, self._sizes = self._by_reply(held)
        self._answers = self._by_scenario(held, scenarios or (None,) * len(held))

    def _union(self, texts: Sequence[Sequence[str]]) -> Hashes:
        parts = [self._sequences.of(words) for words in texts]
        return np.unique(np.concatenate(parts)) if parts else np.zeros(0, dtype=np.uint64)

    def _by_reply(self, held: Sequence[Sequence[str]]) -> tuple[Hashes, NDArray[np.int64], NDArray[np.int64]]:
        """Own sequences of the held-out replies, sorted; whose each is; how many each reply has."""
        parts = [own[_among(own, self._held)] for own in map(self._sequences.of, held)]
        sizes = np.array([len(part) for part in parts], dtype=np.int64)
        hashes = np.concatenate([np.zeros(0, dtype=np.uint64), *parts])
        order = np.argsort(hashes, kind="stable")
        return hashes[order], np.repeat(np.arange(len(parts)), sizes)[order], sizes

    def _by_scenario(self, held: Sequence[list[str]], scenarios: Iterable[str | None]) -> dict[str, _Answers]:
        answers: dict[str, list[list[str]]] = {}
        for scenario, words, size in zip(scenarios, held, self._sizes, strict=True):
            # one that is mostly train's words, or the customer's, is nobody's secret
            if scenario is not None and len(words) >= FEWEST_REWORDED and 2 * size >= len(words) - RUN + 1:
                answers.setdefault(scenario, []).append(words)
        return {scenario: _Answers(some) for scenario, some in answers.items()}

    def look(
        self, texts: Sequence[str], scenarios: Sequence[str | None] | None = None
    ) -> tuple[Overlap, dict[int, Copy]]:
        """Overlap of an entry with train, and the replies that are copies.

        Args:
            texts: all its replies.
            scenarios: that they answer, in their order; None: not known.

        Returns:
            The overlap, and the index of each copy.
        """
        parts: list[Hashes] = []
        copies: dict[int, Copy] = {}
        long = retrieved = 0
        for i, (text, scenario) in enumerate(zip(texts, scenarios or (None,) * len(texts), strict=True)):
            words = words_of(text)
            own = self._sequences.of(words)
            parts.append(own)
            copy = self._copy(words, own, scenario)
            if copy is not None:
                copies[i] = copy
            long += bool(len(own))
            retrieved += bool(_among(own, self._train).sum() > RETRIEVAL_ABOVE * len(own))
        distinct = np.unique(np.concatenate(parts)) if parts else np.zeros(0, dtype=np.uint64)
        found = int(_among(distinct, self._train).sum())
        return Overlap(len(distinct), found, long, retrieved), copies

    def _copy(self, words: Sequence[str], own: Hashes, scenario: str | None) -> Copy | None:
        if tuple(words) in self._equal:
            return _SAME
        theirs = own[_among(own, self._held)]
        if len(theirs) >= FEWEST_FOUND:
            if len(theirs) >= COPIED * len(own):
                return Copy(len(theirs) / len(own), _OWN)
            first, last = (np.searchsorted(self._owned, theirs, side=side) for side in ("left", "right"))
            owners = np.concatenate([self._owners[a:b] for a, b in zip(first, last, strict=True)])
            many = np.bincount(owners, minlength=len(self._sizes))
            shares = np.where(many >= FEWEST_FOUND, many / np.maximum(self._sizes, 1), 0.0)
            if shares.max() >= COPIED:
                return Copy(float(shares.max()), _WHOLE)
        if scenario in self._answers and len(words) >= FEWEST_REWORDED:
            common = self._answers[scenario].common(words)
            if common >= REWORDED:
                return Copy(common, _WORDS)
        return None


def _among(numbers: Hashes, known: Hashes) -> NDArray[np.bool_]:
    """Which of sorted numbers stand among sorted ones."""
    if not len(known):
        return np.zeros(len(numbers), dtype=np.bool_)
    at = np.searchsorted(known, numbers)
    at[at == len(known)] = 0
    return np.asarray(known[at] == numbers)
