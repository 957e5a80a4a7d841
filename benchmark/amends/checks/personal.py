"""Personal data, by patterns and check digits: what can name or reach a person who is real.

Addresses, numbers and domains that are kept for documentation and fiction are fine, and the remedies name them.
Precision comes before recall: an order number, a date or an amount is no telephone number. Names are no matter of
patterns; a person looks for them (``people``). The extra ``contribute`` adds telephone numbers by the countries'
plans (``dialled``) and e-mail addresses of rare forms (``mail``).
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from amends.checks import mail
from amends.checks.dialled import numbers
from amends.checks.files import File, Group, Line, shown, step
from amends.checks.streets import addresses_of_houses, digits_in
from amends.errors import Problem

Spans = Iterator[tuple[int, int]]

_URL = re.compile(r"(?i)(?:\bhttps?://(?:[^\s/@]{1,64}@)?|\bwww\.)((?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24})(?![\w-])")
_BARE = re.compile(
    r"(?i)(?<![\w@./-])((?:[a-z0-9-]{1,63}\.){1,8}(?:(?:com|org|net|edu|gov|eu|(?:co|org|ac|gov)\.uk|com\.au|co\.nz|co\.za)"
    r"(?![\w-]|\.\w)|(?:com|org|net|co|io|ly|gl|me|tv|info|uk|de|fr|nl|app|shop|store|online)(?=/\w)))"
)
"""A domain without http: of few endings, or more with a path, since "came.it was late" is a missing blank."""

_DOT_INSIDE = re.compile(r"\.(?<=[\w-]\.)\w")
_ENDING = re.compile(r"(?i)\.(?:com|org|net|edu|gov|eu|co|ac|io|ly|gl|me|tv|info|uk|de|fr|nl|app|shop|store|online)")

_RESERVED = re.compile(r"(?i)(?:.*\.)?(?:example\.(?:com|net|org)|[^.]+\.(?:example|test|invalid|localhost))\Z")

_CARD = re.compile(
    r"(?<![\w.,+-])(?:\d{13,19}|\d{4}(?:[ -]\d{4}){3}(?:[ -]\d{1,3})?|\d{4}[ -]\d{6}[ -]\d{4,5})(?![\w-])"
)
_ISSUER = re.compile(r"(?:4(?:\d{12}|\d{15}|\d{18})|(?:5[1-5]|2[2-7]|35|6\d)\d{14,17}|3[47]\d{13}|3[068]\d{12})\Z")
_PARCEL = re.compile(
    r"(?i)(?:order|tracking|parcel|consignment|shipment|reference|ref|imei|barcode)"
    r"(?:[ ](?:number|no|code|id))?(?:[ ]is)?[ .:#]{0,3}\Z"
)

_IBAN = re.compile(r"(?i)(?<![\w])[a-z]{2}\d{2}(?:[ ]?[a-z0-9]{1,4}){3,8}")
_IBAN_START = re.compile(r"(?i)\d\d(?<=[a-z]{2}\d\d)")
_COUNTRIES = (
    "NO15 BE16 DK18 FI18 FO18 GL18 NL18 MK19 SI19 AT20 BA20 EE20 KZ20 LT20 LU20 XK20 CH21 HR21 LI21 LV21 BG22 BH22 "
    "CR22 DE22 GB22 GE22 IE22 ME22 RS22 AE23 GI23 IL23 TL23 AD24 CZ24 ES24 MD24 PK24 RO24 SA24 SE24 SK24 TN24 PT25 "
    "IS26 TR26 FR27 GR27 IT27 MC27 SM27 AL28 AZ28 CY28 DO28 GT28 HU28 LB28 PL28 BR29 EG29 PS29 QA29 UA29 JO30 KW30 "
    "MU30 MT31 SC31"
)
_IBAN_LENGTHS = {country[:2]: int(country[2:]) for country in _COUNTRIES.split()}
"""Country to the length of its account numbers (SWIFT IBAN Registry)."""

_IPV4 = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w]|\.\d)")
_IPV6 = re.compile(r"(?i)(?<![\w:])(?:[0-9a-f]{0,4}:){3,7}[0-9a-f]{1,4}(?![\w:])")
_COLONS = 3
"""Colons, or dots, of an address at least."""
_VERSION = re.compile(r"(?i)(?:\bv|version|firmware|build|release|section|clause|update|software)[ .:]{0,2}\Z")


def reserved(domain: str) -> bool:
    """Tell whether a domain is kept for documentation and tests (RFC 2606, RFC 6761)."""
    return _RESERVED.match(domain.strip(".")) is not None


def luhn(digits: str) -> bool:
    """Check digit of payment cards: double every second digit from the right; the digit sum is a multiple of 10."""
    total = 0
    for i, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + i % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def iban(compact: str) -> bool:
    """Check digits of an IBAN: the country's length, and 1 modulo 97 with the first four behind and letters as 10..35.

    Args:
        compact: upper case, without blanks.
    """
    if _IBAN_LENGTHS.get(compact[:2]) != len(compact):
        return False
    try:
        return int("".join(str(int(c, 36)) for c in compact[4:] + compact[:4])) % 97 == 1
    except ValueError:
        return False  # [a-z] without case also finds the sign of kelvin, and a dotted capital I


def emails(text: str, spared: Callable[[str], bool] = reserved) -> Spans:
    """Spans of e-mail addresses at domains that may be real, spelled-out ones too.

    Args:
        text: of any kind.
        spared: domains that are nobody's.
    """
    yield from mail.emails(text, spared)


def urls(text: str, spared: Callable[[str], bool] = reserved) -> Spans:
    """Spans of web addresses at domains that may be real.

    Args:
        text: of any kind.
        spared: domains that are nobody's.
    """
    if _DOT_INSIDE.search(text):
        patterns = [_URL] if "://" in text or "www." in text.lower() else []
        patterns += [_BARE] if _ENDING.search(text) else []
        found = [m for pattern in patterns for m in pattern.finditer(text) if not spared(m[1])]
        starts = sorted({m.end(): m.start() for m in reversed(found)}.items())
        yield from ((start, end) for end, start in starts)


def cards(text: str) -> Spans:
    """Spans of payment card numbers."""
    for m in _CARD.finditer(text):
        digits = re.sub(r"\D", "", m[0])
        grouped = len(digits) < len(m[0])
        # one in ten long order numbers passes the check digit by chance
        parcel = not grouped and _PARCEL.search(text[max(0, m.start() - 40) : m.start()])
        if _ISSUER.match(digits) and luhn(digits) and len(set(digits)) > 1 and not parcel:
            yield m.span()


def ibans(text: str) -> Spans:
    """Spans of bank account numbers."""
    for m in _IBAN.finditer(text) if _IBAN_START.search(text) else ():
        want = _IBAN_LENGTHS.get(m[0][:2].upper())
        at = [i for i, char in enumerate(m[0]) if char != " "]
        if want and len(at) >= want and iban("".join(m[0][i] for i in at[:want]).upper()):
            yield m.start(), m.start() + at[want - 1] + 1


def addresses_of_machines(text: str) -> Spans:
    """Spans of public IP addresses; versions, private and documentation ranges are none."""
    for pattern, mark in ((_IPV4, "."), (_IPV6, ":")):
        possible = text.count(mark) >= _COLONS and (mark == ":" or digits_in(text) > 3)
        for m in pattern.finditer(text) if possible else ():
            try:
                address = ipaddress.ip_address(m[0])
            except ValueError:
                continue
            if address.is_global and not _VERSION.search(text[max(0, m.start() - 20) : m.start()]):
                yield m.span()


FINDERS: dict[str, tuple[Callable[[str], Spans], str, str]] = {
    "an e-mail address": (emails, "none, or one at example.com", "write [e-mail], or an address at example.com"),
    "a payment card number": (cards, "none", "write [card], or only its last four digits"),
    "a bank account number (IBAN)": (ibans, "none", "write [account]"),
    "a telephone number": (
        numbers,
        "none, or one kept for fiction",
        "write [phone], or a number such as 212-555-0142 or 07700 900123",
    ),
    "an IP address": (addresses_of_machines, "none, or one of 192.0.2.0/24", "write [address], or 192.0.2.1"),
    "a web address": (urls, "none, or one at example.com", "write [link], or an address at example.com"),
    "a street address": (addresses_of_houses, "none, or a street without its town", "write [address]"),
}
"""Kind of personal data to its finder, what is expected, and the remedy."""

_LEAST_DIGITS = {
    "a payment card number": 13,
    "a bank account number (IBAN)": 2,
    "a telephone number": 7,
    "a street address": 1,
}
"""Digits that a text has at least in which there can be one."""
_WORD = 16
"""Characters up to which a text is most often a word that stands in every record: a role, a code."""
_SHORTEST = 7
"""Characters of the shortest thing with a digit that is found: 1.1.1.1, or a telephone number without a gap."""
_NOT_TEXT = frozenset({"id", "scenario_id", "reply_id", "supersedes", "quote", "created"})
"""Fields that hold no text of their own: ids, dates, and quotes of a text that is read already."""


def problems(group: Group) -> Iterator[Problem]:
    """Personal data in every text of the group's records."""
    for file in group.files:
        yield from file.each("personal data", of_line)


def of_line(file: File, line: Line) -> Iterator[Problem]:
    """Personal data in every text of one record of a file.

    Args:
        file: where it stands.
        line: the record.
    """
    if not file.built:
        yield from in_record(line.record, (file.name, line.number))


def in_record(record: Any, where: tuple[str, int | None], country: str | None = None) -> Iterator[Problem]:
    """Personal data in every text of one record.

    Args:
        record: of any kind.
        where: file and line.
        country: two letters of where it was written, for national telephone numbers (extra ``contribute``).
    """
    if _is_clear(record):
        return
    for path, text in _strings(record):
        if _may_tell(text):
            yield from _in_text(text, path, where, country)


def _is_clear(record: Any) -> bool:
    """Whether no text of a record can hold what a finder looks for; most have none that can."""
    waiting: list[Any] = [record]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            if _may_tell(value):
                return False
        elif isinstance(value, dict):
            waiting += [inner for key, inner in value.items() if key not in _NOT_TEXT]
        elif isinstance(value, list):
            waiting += value
    return True


def _may_tell(text: str) -> bool:
    """What every finder needs: digits, an @ or the word for it, the ending of a domain, or the colons of an address."""
    return _of_word(text) if len(text) <= _WORD else _looks_telling(text)


def _looks_telling(text: str) -> bool:
    return (
        (len(text) >= _SHORTEST and digits_in(text) > 0)
        or "@" in text
        or ("." in text and _DOT_INSIDE.search(text) is not None and _may_be_domain(text))
        or text.count(":") >= _COLONS
        or mail.may_be_spelled(text)
    )


_of_word = lru_cache(maxsize=4096)(_looks_telling)


def _may_be_domain(text: str) -> bool:
    return "://" in text or "www." in text.lower() or _ENDING.search(text) is not None


def _strings(record: Any) -> Iterator[tuple[str, str]]:
    """Texts of a record with their paths, in order."""
    waiting: list[tuple[str, Any]] = [("$", record)]
    while waiting:  # no recursion: a record may be nested as deep as JSON allows
        path, value = waiting.pop()
        if isinstance(value, str):
            yield path, value
        elif isinstance(value, dict):
            waiting += [(step(path, k), v) for k, v in reversed(value.items()) if k not in _NOT_TEXT]
        elif isinstance(value, list):
            waiting += [(step(path, i), v) for i, v in reversed(list(enumerate(value)))]


def _in_text(text: str, path: str, where: tuple[str, int | None], country: str | None) -> Iterator[Problem]:
    taken: list[tuple[int, int]] = []
    digits = digits_in(text)
    for what, (finder, expected, remedy) in FINDERS.items():
        if digits < _LEAST_DIGITS.get(what, 0):
            continue
        for start, end in numbers(text, country=country) if finder is numbers else finder(text):
            if all(end <= a or start >= b for a, b in taken):  # a card number is no telephone number as well
                taken.append((start, end))
                found = f"{what} at {start} to {end} ({shown(_masked(text[start:end]))})"
                yield Problem(*where, path, found, expected, remedy)


def _masked(text: str) -> str:
    """First two and last two characters: a report must not spread what it finds."""
    return f"{text[:2]}...{text[-2:]}"
