"""The scorer ``trained``: an encoder with heads, word runs and the rubric's clauses, settled by fitted odds.

Of the scorer ``rules`` it takes the flags alone, so that a change of patterns moves no level.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from amends.records import DIMENSIONS, Annotation, Annotator, Behaviour, Exchange
from amends.rubric.levels import OFF_TOPIC, UNSCORED_FLAGS
from amends.scorers.rules.flags import WHY_NOT
from amends.scorers.rules.reading import Reading
from amends.scorers.rules.scorer import Rules
from amends.scorers.trained import decode, features, levels
from amends.scorers.trained.inputs import Tokens, assembled, context_words, is_telling, kinds_of, said_of, words_of
from amends.scorers.trained.reader import read, side_by_side
from amends.scorers.trained.relevance import capped, overlap
from amends.scorers.trained.weights import FOLDER, Weights, checksum, load

_ANNOTATOR = Annotator("scorer", "program", "trained", "2")
_CHUNK = 256
"""Replies that are held in memory together."""


class Trained:
    """Levels, probabilities and behaviours as fitted on the train split of the dataset."""

    name = "trained"
    version = 2
    fitted_on = "train"
    """The split of the dataset that it knows, which a card on it must say."""

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
            UsageError: the weights are not what their manifest says.
        """
        loaded = load(self._folder)
        judged: list[Annotation] = []
        for start in range(0, len(exchanges), _CHUNK):
            judged += self._chunk(exchanges[start : start + _CHUNK], loaded)
        return judged

    def _chunk(self, exchanges: Sequence[Exchange], loaded: Weights) -> list[Annotation]:
        def one(flagged: tuple[Reading, tuple[str, ...]]) -> Annotation:
            reading, flags = flagged
            why = UNSCORED_FLAGS.intersection(flags)
            return _null(reading, flags, WHY_NOT[next(iter(why))]) if why else _annotation(reading, flags, loaded)

        return side_by_side(one, list(self._rules.flagged(exchanges)))


def tokens_of(reading: Reading, loaded: Weights) -> Tokens:
    """A reply with its scenario as the encoder reads it."""
    found = words_of(reading)
    said = (said_of(reading), loaded.said)
    return assembled(found, kinds_of(found, reading), context_words(reading.exchange.context), loaded.pieces, said)


def _null(reading: Reading, flags: tuple[str, ...], why: str) -> Annotation:
    """No levels, for the reason that the flag gives."""
    own = reading.exchange
    nothing: dict[str, float | None] = dict.fromkeys(DIMENSIONS)
    return Annotation(own.id, own.scenario_id, _ANNOTATOR, nothing, (), flags, reason=why)


def _annotation(reading: Reading, flags: tuple[str, ...], loaded: Weights) -> Annotation:
    tokens = tokens_of(reading, loaded)
    marks, score = read(loaded, tokens)
    shown = decode.behaviours(marks, loaded.spans, reading.folded, loaded.codes)
    own = features.row(reading, marks, tokens.part_kinds, flags, shown, loaded.spans)
    row = features.whole(own, score, loaded.grams.levels(marks.parts), marks.shown)
    customer = reading.customer
    telling = len({word for word, _, _ in marks.parts if is_telling(word)}) if customer.stems else 0
    aside = loaded.relevance.aside(overlap(marks.parts, customer.stems, loaded.grams.rarity), telling)
    aside = 1.0 if OFF_TOPIC in flags else aside
    spread = [levels.rounded(some) for some in capped(loaded.odds.probabilities(row), aside)]
    given = [levels.level_of(some, levels.POWER) for some in spread]
    sure = [levels.confidence_of(some, level) for some, level in zip(spread, given, strict=True)]
    return Annotation(
        reading.exchange.id,
        reading.exchange.scenario_id,
        _ANNOTATOR,
        levels.by_dimension(given),
        shown,
        flags,
        reason=_reason(given, shown),
        probabilities=dict(zip(DIMENSIONS, spread, strict=True)),
        confidence=levels.by_dimension(sure),
    )


def _reason(given: Sequence[float], shown: Sequence[Behaviour]) -> str:
    said = ", ".join(f"{d.replace('_', ' ')} {level:g}" for d, level in zip(DIMENSIONS, given, strict=True))
    return f"{said}; seen: {', '.join(sorted({b.code for b in shown})) or 'no behaviour'}."
