"""Postal addresses of nine countries, by their form: number, street, and town or postcode.

A street alone is nobody's address, and many a text names one. The town or the code behind it must stand as the
country writes it; what stands in another order, or on a form's separate lines without a code, is not found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_SEP = r"(?:,[ ]?\n?|[ ]?\n|[ ][-–][ ]|[ ])"
_UP = r"[A-ZÀ-ÖØ-Þ]"
_LOW = r"[a-zß-öø-ÿ]"
_PROPER = rf"{_UP}[\wß-öø-ÿ'’.-]{{1,24}}"
_KIND = (
    r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Close|Court|Ct|Crescent|Cres|Terrace|Boulevard|Blvd|Gardens"
    r"|Square|Place|Pl|Way|Grove|Hill|Row|Parade|Parkway|Pkwy|Highway|Hwy|Circle|Cir|Trail|Mews)\b\.?"
)
_UNIT = r"(?:(?:Apt|Apartment|Unit|Suite|Ste|Flat)\.?[ ]#?|#)[ ]?\w{1,6}"
_POSTCODE = r"(?:[A-Z]{1,2}\d[A-Z\d]?[ ]?\d[A-Z]{2}|[A-Z]{2,3}[ ]\d{5}(?:-\d{4})?|[A-Z]{2,3}[ ]\d{4}|\d{4,6})\b"
_DAYS = (
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July|August|September|October"
    r"|November|December"
)
_TOWN = rf"(?!(?:{_DAYS})\b){_UP}{_LOW}{{2,20}}(?:[ -](?:upon-|on-)?{_UP}{_LOW}{{2,20}}){{0,2}}"

_ENGLISH = re.compile(
    rf"(?<![\w.,#])(?:{_UNIT},?[ ])?\d{{1,5}}[A-Za-z]?,?\s(?:[NSEW]\.?[ ])?(?:{_UP}[a-z'’-]{{1,20}}\s){{1,3}}{_KIND}"
    rf"(?:{_SEP}{_UNIT})?"
    rf"(?:,?\s{_POSTCODE}|(?:,\s|\n){_TOWN}(?:,?\s{_POSTCODE}|(?=[,.;\n]|\Z)))"
)
_BOX = re.compile(rf"\bP\.?[ ]?O\.?[ ]?Box[ ]\d{{1,6}}{_SEP}{_TOWN},?[ ]{_POSTCODE}")
_INDIAN = re.compile(
    rf"(?<![\w.,#])\d{{1,4}}(?:[/-]\w{{1,4}})?{_SEP}(?:(?:[A-Z]{{1,3}}|{_PROPER}|\d{{1,2}}(?:st|nd|rd|th))[ ]){{1,3}}"
    rf"(?:Road|Rd|Marg|Nagar|Street|Cross|Main|Layout|Colony|Lane|Chowk)\b\.?,?\s(?:[^\n]{{0,45}}?[ ])??{_PROPER}"
    rf"(?:[ ]?[-–]?[ ]?)\d{{3}}[ ]?\d{{3}}\b"
)
_GERMAN = re.compile(
    rf"(?<!\w)(?:{_UP}[\wß-öø-ÿ-]{{0,30}}(?:stra(?:ß|ss)e|str\.|weg|platz|allee|gasse|ring|damm|ufer|hof)"
    rf"|(?:{_UP}[\wß-öø-ÿ-]{{1,20}}[ ]){{1,2}}(?:Stra(?:ß|ss)e|Str\.|Weg|Platz|Allee|Ring|Damm|Ufer))"
    rf"[ ]\d{{1,4}}[ ]?[a-z]?{_SEP}(?:in[ ])?(?:D-|A-|CH-)?\d{{4,5}}[ ]{_UP}[\wß-öø-ÿ-]{{1,30}}"
)
_FRENCH = re.compile(
    rf"(?i:(?<![\w.,])\d{{1,4}}(?:[ ]?(?:bis|ter|[a-d]\b))?,?[ ](?:rue|avenue|av\.|boulevard|bd\.?|place|chemin|impasse"
    rf"|all[ée]e|quai|route|cours|square|passage)[ ])[^,\n\d]{{2,40}}?{_SEP}(?:F-)?\d{{5}}[ ]{_UP}[\w'’À-ÿ-]{{1,30}}"
)
_SPANISH = re.compile(
    rf"(?<!\w)(?:Calle|C/|C\.|Avenida|Avda\.?|Av\.|Plaza|Pza\.?|Paseo|P\.º|Carrer|Ronda|Camino)"
    rf"[ ]?[^,\n\d]{{2,40}}?,?[ ]"
    rf"(?:n[.º°]*[ ]?)?\d{{1,4}}(?:{_SEP}\d{{1,2}}[.ºª°]{{1,2}}[ ]?\w{{0,8}})?{_SEP}\d{{5}}[ ]{_UP}[\wÀ-ÿ'’-]{{1,30}}"
)
_ITALIAN = re.compile(
    rf"(?<!\w)(?:Via|Viale|Piazza|P\.za|Corso|Largo|Vicolo|Strada)[ ][^,\n\d]{{2,40}}?,?[ ](?:n\.?[ ]?)?\d{{1,4}}"
    rf"(?:[/ ]?[a-zA-Z]\b)?{_SEP}(?:I-)?\d{{5}}[ ]{_UP}[\wÀ-ÿ'’-]{{1,30}}"
)
_DUTCH = re.compile(
    rf"(?<!\w){_UP}[\w'’ß-öø-ÿ-]{{2,30}}(?:[ ][\w'’ß-öø-ÿ-]{{2,20}}){{0,2}}[ ]\d{{1,4}}(?:[ -]?[a-zA-Z0-9]{{1,3}})?"
    rf"{_SEP}\d{{4}}[ ]?[A-Z]{{2}}(?:(?:,)?[ ]{_UP}[\w'’-]{{1,30}}|\b)"
)
_BRAZILIAN = re.compile(
    rf"(?<!\w)(?:Rua|R\.|Avenida|Av\.|Travessa|Alameda|Praça|Rodovia|Estrada)[ ][^,\n\d]{{2,40}},?[ ](?:n[.º°]*[ ]?)?"
    rf"\d{{1,5}}(?!\d)[^\n]{{0,50}}?(?:\n[^\n]{{0,40}}?)?(?:{_SEP}|[ ]?-[ ]?)(?:CEP:?[ ]?)?\d{{5}}-?\d{{3}}\b"
)

_COUNTRIES: tuple[tuple[re.Pattern[str], re.Pattern[str] | None], ...] = (
    (_ENGLISH, re.compile(rf"\d[A-Za-z]?,?\s{_UP}")),
    (_BOX, re.compile(r"\bBox\b")),
    (_INDIAN, re.compile(r"\b\d{3}[ ]?\d{3}\b")),
    (_GERMAN, re.compile(r"\d{4,5}[ ]\w")),
    (_FRENCH, re.compile(r"\b\d{5}[ ]\w")),
    (_SPANISH, re.compile(r"\b\d{5}[ ]\w")),
    (_ITALIAN, re.compile(r"\b\d{5}[ ]\w")),
    (_DUTCH, re.compile(r"\b\d{4}[ ]?[A-Z]{2}\b")),
    (_BRAZILIAN, re.compile(r"\d{5}-?\d{3}\b")),
)
"""A country's form, and what a text must hold for it to be looked for."""


_DIGITS = "0123456789"
_DIGIT = re.compile(r"\d")


def digits_in(text: str) -> int:
    """How many digits a text has, in whatever script.

    Args:
        text: of any kind.
    """
    return sum(map(text.count, _DIGITS)) if text.isascii() else len(_DIGIT.findall(text))


def addresses_of_houses(text: str) -> Iterator[tuple[int, int]]:
    """Spans of postal addresses: number, street and town or postcode; a street alone is nobody's address.

    Args:
        text: of any kind; offsets are of its code points.
    """
    if not digits_in(text):
        return
    taken: list[tuple[int, int]] = []
    for pattern, needed in _COUNTRIES:
        if needed is not None and not needed.search(text):
            continue
        for m in pattern.finditer(text):
            if all(m.end() <= a or m.start() >= b for a, b in taken):
                taken.append(m.span())
                yield m.span()
