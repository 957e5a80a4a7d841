"""What the encoder reads: the context in a few words, the reply's pieces, and which of them are the customer's."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass

from amends.records import Context, Turn
from amends.scorers.rules.reading import Reading
from amends.scorers.rules.stems import stem
from amends.scorers.trained.names import NEUTRAL, masked, name_spans, names_in
from amends.scorers.trained.pieces import Part, Pieces, parts
from amends.text import fold, plain

PLAIN, SHARED, ECHO, SAID = 0, 1, 2, 3
"""Kinds of piece: of the reply, a content word that the customer used too, part of a run of the customer's words,
and the customer's own text."""
_RUN = 5
"""So many words in a row as the customer wrote them are an echo."""
_HEAD, _TAIL = 256, 96
"""Pieces read at the beginning and at the end of a long reply."""
_COMMON = frozenset(
    (  # noqa: SIM905
        "a about after again all also am an and any are as at be because been before but by can could did do does"
        " done for from get go got had has have he her here him his how i if in is it its just know let like ll m"
        " make me more my need no not now of off on one only or our out over please re s see she so some sorry still"
        " t than thank thanks that the their them then there they this to today too up us ve very want was we were"
        " what when where which who will with would yes you your d don didn isn won hi hello dear"
    ).split()
) | {NEUTRAL}


@dataclass(frozen=True, slots=True)
class Tokens:
    """A reply as the encoder reads it."""

    ids: list[int]
    """Vocabulary entries: start, context, end, reply, end, customer, end."""
    kinds: list[int]
    """Kind of each piece."""
    first: int
    """Place of the first piece of the reply."""
    words: list[int]
    """For each piece of the reply the number of its part."""
    parts: list[Part]
    """Words and marks of the folded reply."""
    part_kinds: list[int]
    """Kind of each of them."""


def context_words(context: Context) -> str:
    """What the encoder is told of the case; what is unknown is left out.

    Args:
        context: of the exchange.
    """
    upset = {None: "", "none": "calm"}.get(context.emotion, "upset")
    return " ".join(w for w in (context.channel or "", context.fault or "", upset) if w).replace("_", " ")


def words_of(reading: Reading) -> list[Part]:
    """The words and marks of a reply, names out of sight.

    Args:
        reading: of the exchange.
    """
    company = plain(reading.exchange.context.company or "")
    known = names_in(reading.exchange.turns, company)
    return masked(parts(reading.text), name_spans(reading.folded, known, company))


def said_of(reading: Reading) -> str:
    """What the customer said, folded, names out of sight.

    Args:
        reading: of the exchange.
    """
    return _said(reading.exchange.turns, plain(reading.exchange.context.company or ""))


@functools.lru_cache(maxsize=256)
def _said(turns: tuple[Turn, ...], company: str) -> str:
    folded = fold("\n\n".join([turn.text for turn in turns if turn.role == "customer"]), hide=False)
    made, at = [], 0
    for start, end in name_spans(folded, names_in(turns, company), company):
        made += [folded.text[at:start], NEUTRAL]
        at = end
    return "".join([*made, folded.text[at:]])


def kinds_of(found: list[Part], reading: Reading) -> list[int]:
    """The kind of each word of a reply.

    Args:
        found: from ``words_of``.
        reading: of the exchange.
    """
    return shared_kinds([word for word, _, _ in found], said_of(reading), reading.customer.stems)


def is_telling(word: str) -> bool:
    """Tell whether a word of a reply names something: a word of three letters or more that is not common."""
    return len(word) > 2 and word.isalpha() and word not in _COMMON and stem(word) != ""


def shared_kinds(words: list[str], said: str, stems: set[str]) -> list[int]:
    """The kind of each word, by what the customer said.

    Args:
        words: words and marks of a reply.
        said: the customer's turns, from ``said_of``.
        stems: of the customer's words.
    """
    kinds = [SHARED if w not in _COMMON and w.isalnum() and stem(w) in stems else PLAIN for w in words]
    places = [at for at, w in enumerate(words) if w.isalnum()]
    spoken = [words[at] for at in places]
    theirs = _runs(said)
    for at, run in enumerate(_in_row(spoken)):
        if run in theirs:
            for place in places[at : at + _RUN]:
                kinds[place] = ECHO
    return kinds


def _in_row(spoken: list[str]) -> Iterator[tuple[str, ...]]:
    """Every run of so many words."""
    return zip(*(spoken[at:] for at in range(_RUN)), strict=False)


@functools.lru_cache(maxsize=256)
def _runs(said: str) -> frozenset[tuple[str, ...]]:
    """The customer's runs of words: many replies answer the same turns."""
    return frozenset(_in_row([word for word, _, _ in parts(said) if word.isalnum()]))


def assembled(found: list[Part], kinds: list[int], context: str, pieces: Pieces, said: tuple[str, int]) -> Tokens:
    """Put the parts of the input together.

    Args:
        found: words and marks of the folded reply.
        kinds: of each.
        context: from ``context_words``.
        pieces: the vocabulary.
        said: the customer's turns, folded, and how many of their pieces are read.
    """
    ids = [pieces.start]
    for word, _, _ in parts(plain(context)):
        ids += pieces.of(word)
    ids.append(pieces.end)
    first = len(ids)
    reply: list[tuple[int, int, int]] = []
    for number, (word, _, _) in enumerate(found):
        reply += [(entry, kinds[number], number) for entry in pieces.of(word)]
    if len(reply) > _HEAD + _TAIL:
        reply = reply[:_HEAD] + reply[-_TAIL:]
    ids += [entry for entry, _, _ in reply]
    marks = [PLAIN] * first + [kind for _, kind, _ in reply]
    ids.append(pieces.end)
    marks.append(PLAIN)
    text, limit = said
    if limit:
        theirs = [entry for word, _, _ in parts(text) for entry in pieces.of(word)][-limit:]
        ids += [*theirs, pieces.end]
        marks += [SAID] * (len(theirs) + 1)
    return Tokens(ids, marks, first, [number for _, _, number in reply], found, kinds)
