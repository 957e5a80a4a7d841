"""Personal data out of exchanges, as typed placeholders, before anything is scored or written.

Masked are what ``personal`` finds (e-mail, card, IBAN, telephone, IP and web addresses, street addresses), numbers of
orders and the like, and names: those that the export gives, those that the text itself puts after a greeting, a title
or into a sign-off, and both of them wherever else they stand in the exchange. Agents become ``agent-1`` ... in the
order in which they come. Nothing of it can be turned back: what stood for what is kept in memory while a command runs
and is never written.

A mask by patterns finds what has a form. A nickname in the middle of a sentence, an illness, a place of work stay.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from amends.checks import personal
from amends.checks.names import ALSO_WORDS, is_word, names
from amends.checks.phones import phones
from amends.checks.streets import addresses_of_houses
from amends.logs.fields import names_people
from amends.records import Author, Context, Exchange, Json, Turn

Spans = Iterator[tuple[int, int]]

_WORDED = re.compile(
    r"\b(?i:order|ticket|case|invoice|booking|reservation|tracking|track|parcel|consignment|shipment|reference|ref"
    r"|account|customer|policy|claim|contract|serial|confirmation|membership|meter|imei|receipt|purchase|delivery)"
    r"(?i:(?:[ ](?:number|no\b\.?|nr\b\.?|num\b|id|code|ref\b|reference))?(?:[ ](?:is|was))?)[ ]?[:#.]{0,2}[ ]?#?"
    r"((?:[A-Z0-9]{1,12}[-/. ]?)?[A-Za-z]{0,4}[-/]?\d[A-Z0-9/-]{2,24})(?![\w])"
)
_HASH = re.compile(r"(?<![\w&])#[ ]?([A-Za-z]{0,4}-?\d[\w-]{2,24})")
_CODE = re.compile(
    r"(?<![\w.,])(?=[A-Z0-9-]{8,40}(?!\w))(?=(?:[A-Z-]*\d){4})(?=[\d-]*[A-Z])[A-Z0-9]+(?:-[A-Z0-9]+)*(?!\w)"
)
_DIGITS = re.compile(r"(?<![\w.,])\+?\d(?:[ .()/-]{0,2}\d){7,}(?!\w)")
_LEAST_DIGITS = 3
_HOUSE = re.compile(
    r"(?<![\w.,#])\d{1,5}[A-Za-z]?,?[ ](?:[A-Z][a-z'’-]{1,20}[ ]){1,3}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr"
    r"|Close|Court|Crescent|Terrace|Boulevard|Blvd|Gardens|Square|Place|Grove|Parade)\b\.?"
)
_PATH = re.compile(r"[/?#:][^\s<>\"\]]*")
_PERSON = re.compile(
    r"(?i)(?:^|[^a-z])(?:(?:first|last|full|sur|user|vor|nach|kunden)?names?|customer|requester|sender|contact|client"
    r"|author|kundin|kunde|absender|absenderin|besteller|bestellerin|ansprechpartner|ansprechpartnerin)(?:$|[^a-z])"
)
_IS_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|['’.,-]){1,30}(?: (?:[^\W\d_]|['’.,-]){1,30}){0,4}")
_MOMENT = re.compile(r"[\dT :.,+Z/-]{4,40}|\w{3,9},? [\w ,:+/-]{4,36}\d")
_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s\d[A-Z]{2}\b")


def _nobody(domain: str) -> bool:
    return False


def _links(text: str) -> Spans:
    """Web addresses with their paths: a path may name a person or an order."""
    for start, end in personal.urls(text, _nobody):
        rest = _PATH.match(text, end)
        yield start, rest.end() if rest else end


def _references(text: str) -> Spans:
    """Numbers of orders, tickets, parcels: by the word before, a hash, or their length."""
    for pattern in (_WORDED, _HASH):
        for m in pattern.finditer(text):
            if sum(c.isdigit() for c in m[1]) >= _LEAST_DIGITS:
                yield m.span(1)
    yield from (m.span() for m in _CODE.finditer(text))
    yield from (m.span() for m in _DIGITS.finditer(text))


def _streets(text: str) -> Spans:
    """Street addresses; here without a town as well, and British postcodes."""
    yield from addresses_of_houses(text)
    for pattern in (_HOUSE, _POSTCODE):
        yield from (m.span() for m in pattern.finditer(text))


KINDS: tuple[tuple[str, Callable[[str], Spans]], ...] = (
    ("⟨e-mail⟩", lambda text: personal.emails(text, _nobody)),
    ("⟨card⟩", personal.cards),
    ("⟨account⟩", personal.ibans),
    ("⟨phone⟩", lambda text: phones(text, fiction=True)),
    ("⟨address⟩", personal.addresses_of_machines),
    ("⟨link⟩", _links),
    ("⟨address⟩", _streets),
    ("⟨reference⟩", _references),
)
"""Placeholder to its finder; the first that takes a place has it.

Angle brackets, since nobody writes them: a reply that begins and ends with a mask in square ones looks like a machine's
output to a scorer, and ⟨name⟩ moves levels least of the six forms that were tried."""

NAME = "⟨name⟩"


class Masks:
    """Masks exchanges one by one; one object serves a command, so that agents keep their numbers over its files."""

    def __init__(self) -> None:
        """Nobody seen yet."""
        self._agents: dict[str, str] = {}
        self._ids: dict[str, str] = {}

    def __call__(self, exchange: Exchange, people: tuple[str, ...] = ()) -> Exchange:
        """The exchange without personal data.

        Args:
            exchange: as it was read.
            people: names that the export gives.
        """
        texts = [turn.text for turn in exchange.turns] + [exchange.reply]
        # "ingrid halvorsen" as a form gave it is Ingrid wherever a sentence has her
        written = [name.title() for name in people if name.islower() and " " in name]
        known = _Names([*people, *written, *_people_of(exchange.meta)], texts)
        meta = {key: self._meta(key, value, known) for key, value in exchange.meta.items()}
        reply = masked(exchange.reply, known)
        author = exchange.author
        if author is not None and author.kind == "person":
            author = Author(author.kind, self._agent(author.name), author.version)
        return replace(
            exchange,
            id=self._id(exchange, known),
            turns=tuple([Turn(turn.role, masked(turn.text, known)) for turn in exchange.turns]),
            reply=reply,
            context=_context(exchange.context, known),
            author=author,
            # its spans are of the text before
            gold=exchange.gold if reply == exchange.reply else None,
            meta=meta,
        )

    def _agent(self, name: str) -> str:
        return self._agents.setdefault(name, f"agent-{len(self._agents) + 1}")

    def _named(self, name: str, known: _Names) -> str:
        """An id; one that holds personal data becomes a number."""
        if all(next(finder(name), None) is None for mark, finder in KINDS if mark != "⟨reference⟩") and not any(
            True for _ in known.spans(name)
        ):
            return name
        return self._ids.setdefault(name, f"masked-{len(self._ids) + 1}")

    def _id(self, exchange: Exchange, known: _Names) -> str:
        talk = exchange.meta.get("conversation")
        if isinstance(talk, str) and talk and exchange.id.startswith(talk):
            return self._named(talk, known) + exchange.id[len(talk) :]
        return self._named(exchange.id, known)

    def _meta(self, key: str, value: Any, known: _Names) -> Any:
        if key == "agent" and isinstance(value, str | int) and value != "":
            return self._agent(str(value))
        if names_people(key) and isinstance(value, str) and _is_name(value):
            return self._agent(value)  # told apart still: whoever clusters by this column takes agents whole
        if key == "conversation" and isinstance(value, str):
            return self._named(value, known)
        # a digit string of a moment looks like a telephone; anything but a moment is a text like any other
        is_moment = key == "time" and (not isinstance(value, str) or _MOMENT.fullmatch(value) is not None)
        return value if is_moment else _deep(value, known)


def _people_of(meta: Json) -> Iterator[str]:
    """Names in fields that are called so: a table's column ``customer_name``, an agent's name."""
    for key, value in meta.items():
        if isinstance(value, str) and (names_people(key) or _PERSON.search(key)) and _is_name(value):
            yield value


def _is_name(value: str) -> bool:
    """Whether a cell holds a name; one small word is more often a desk ("billing") than a person."""
    return _IS_NAME.fullmatch(value.strip()) is not None and (" " in value.strip() or not value.islower())


def _deep(value: Any, known: _Names) -> Any:
    """Every text inside a JSON value masked; a whole number of eight digits or more is one as well."""
    if isinstance(value, str):
        return masked(value, known)
    if isinstance(value, dict):
        return {masked(str(name), known): _deep(one, known) for name, one in value.items()}
    if isinstance(value, list):
        return [_deep(one, known) for one in value]
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**7:
        return masked(str(value), known)
    return value


def _context(context: Context, known: _Names) -> Context:
    free = ("domain", "company", "customer_org", "emotion", "authority")
    changed: Json = {name: masked(v, known) for name in free if (v := getattr(context, name)) is not None}
    return replace(context, **changed)


def masked(text: str, known: _Names | None = None) -> str:
    """A text with placeholders for personal data.

    Args:
        text: of any kind.
        known: names that stand in it or near it; None: those that it tells itself.
    """
    known = known if known is not None else _Names((), [text])
    taken: list[tuple[int, int, str]] = []
    for mark, finder in KINDS:
        _take(taken, finder(text), mark)
    _take(taken, known.spans(text), NAME)
    for start, end, mark in sorted(taken, reverse=True):
        text = text[:start] + mark + text[end:]
    return text


def _take(taken: list[tuple[int, int, str]], spans: Iterable[tuple[int, int]], mark: str) -> None:
    for start, end in spans:
        if start < end and all(end <= a or start >= b for a, b, _ in taken):
            taken.append((start, end, mark))


class _Names:
    """Names known in one exchange, to be found wherever they stand in it."""

    def __init__(self, given: Iterable[str], texts: Iterable[str]) -> None:
        whole = {" ".join(name.split()) for name in given}
        words = {word for name in whole for word in re.findall(r"[^\W\d_][\w'’-]+", name)}
        for text in texts:
            for start, end in names(text):
                whole.add(text[start:end])
                words |= set(re.findall(r"[^\W\d_][\w'’-]+", text[start:end]))
        capital = {w for w in words if w[0].isupper() and len(w) > 1 and not is_word(w)}
        # a customer who shouts, and a name that stands in capitals in the export
        capital |= {
            form for w in capital if len(w) > 2 and w.lower() not in ALSO_WORDS for form in (w.upper(), w.title())
        }
        sure = {w for w in whole if len(w) > 1 and not is_word(w) and w.lower() not in ALSO_WORDS}
        self._sure = _alternatives(sure, re.IGNORECASE)
        self._words = _alternatives({w for w in capital if w.lower() not in ALSO_WORDS}, 0)
        doubtful = _source({w for w in capital if w.lower() in ALSO_WORDS})
        self._doubtful = re.compile(rf"(?<=[a-zß-ÿ,][ ])(?:{doubtful})(?!\w)") if doubtful else None

    def spans(self, text: str) -> Spans:
        """Where they stand, longest names first; then what the text itself gives as a name."""
        for pattern in (self._sure, self._words, self._doubtful):
            if pattern is not None:
                yield from (m.span() for m in pattern.finditer(text))
        yield from names(text)


def _source(words: set[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=lambda w: (-len(w), w)))


def _alternatives(words: set[str], flags: int) -> re.Pattern[str] | None:
    return re.compile(rf"(?<!\w)(?:{_source(words)})(?!\w)", flags) if words else None
