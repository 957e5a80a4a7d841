"""The scorer ``trained``: an encoder with heads, word runs and the rubric's clauses, settled by fitted odds.

Of the scorer ``rules`` it takes the flags alone, so that a change of patterns moves no level.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from amends.records import DIMENSIONS, Annotation, Annotator, Behaviour, Exchange
from amends.rubric.levels import UNSCORED_FLAGS
from amends.scorers.rules.reading import Reading
from amends.scorers.rules.scorer import Rules
from amends.scorers.trained import decode, features, levels
from amends.scorers.trained.decode import Array, Marks
from amends.scorers.trained.inputs import Tokens, assembled, context_words, is_telling, kinds_of
from amends.scorers.trained.pieces import parts
from amends.scorers.trained.reader import read_all
from amends.scorers.trained.relevance import capped, overlap
from amends.scorers.trained.weights import FOLDER, Weights, checksum, load

_ANNOTATOR = Annotator("scorer", "program", "trained", "1")
_CHUNK = 256
"""Replies that are held in memory together."""


class Trained:
    """Levels, probabilities and behaviours as fitted on the train split of the dataset."""

    name = "trained"
    version = 1

    def __init__(self, folder: Path = FOLDER) -> None:
        """Name the weights; they are read at the first reply.

        Args:
            folder: of weights, with its manifest.

        Raises:
            UsageError: the folder has no manifest.
        """
        self._folder = folder
        self.weights = checksum(folder)
        self._rules = Rules()

    def annotate(self, exchanges: Sequence[Exchange]) -> list[Annotation]:
        """Judge a batch of blinded exchanges, in order.

        Args:
            exchanges: only turns, reply and context are read; ids are passed through.

        Raises:
            UsageError: the weights are not what their manifest says, or onnxruntime is not installed.
        """
        loaded = load(self._folder)
        judged: list[Annotation] = []
        for start in range(0, len(exchanges), _CHUNK):
            judged += self._chunk(exchanges[start : start + _CHUNK], loaded)
        return judged

    def _chunk(self, exchanges: Sequence[Exchange], loaded: Weights) -> list[Annotation]:
        ruled = list(self._rules.read(exchanges))
        tokens = [tokens_of(reading, loaded) for reading, rules in ruled if not _unscored(rules)]
        read = iter(zip(tokens, read_all(loaded, tokens), strict=True))
        return [
            _null(rules) if _unscored(rules) else _annotation(reading, rules, next(read), loaded)
            for reading, rules in ruled
        ]


def tokens_of(reading: Reading, loaded: Weights) -> Tokens:
    """A reply with its scenario as the encoder reads it."""
    found = parts(reading.text)
    said = (reading.customer.text, loaded.said)
    return assembled(found, kinds_of(found, reading), context_words(reading.exchange.context), loaded.pieces, said)


def _unscored(annotation: Annotation) -> bool:
    return not UNSCORED_FLAGS.isdisjoint(annotation.flags)


def _null(rules: Annotation) -> Annotation:
    """No levels, for the reason that the rules give."""
    return Annotation(rules.reply_id, rules.scenario_id, _ANNOTATOR, rules.levels, (), rules.flags, reason=rules.reason)


def _annotation(
    reading: Reading, rules: Annotation, read: tuple[Tokens, tuple[Marks, Array]], loaded: Weights
) -> Annotation:
    tokens, (marks, score) = read
    shown = decode.behaviours(marks, loaded.spans, reading.folded, loaded.codes)
    own = features.row(reading, marks.parts, tokens.part_kinds, rules.flags, shown)
    row = features.whole(own, score, loaded.grams.levels(marks.parts), marks.shown)
    customer = reading.customer
    telling = len({word for word, _, _ in marks.parts if is_telling(word)}) if customer.stems else 0
    aside = loaded.relevance.aside(overlap(marks.parts, customer.stems, loaded.grams.rarity), telling)
    spread = [levels.rounded(some) for some in capped(loaded.odds.probabilities(row), aside)]
    given = [levels.level_of(some) for some in spread]
    sure = [levels.confidence_of(some, level) for some, level in zip(spread, given, strict=True)]
    return Annotation(
        rules.reply_id,
        rules.scenario_id,
        _ANNOTATOR,
        levels.by_dimension(given),
        shown,
        rules.flags,
        reason=_reason(given, shown),
        probabilities=dict(zip(DIMENSIONS, spread, strict=True)),
        confidence=levels.by_dimension(sure),
    )


def _reason(given: Sequence[float], shown: Sequence[Behaviour]) -> str:
    said = ", ".join(f"{d.replace('_', ' ')} {level:g}" for d, level in zip(DIMENSIONS, given, strict=True))
    return f"{said}; seen: {', '.join(sorted({b.code for b in shown})) or 'no behaviour'}."
