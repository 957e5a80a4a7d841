"""Telephone numbers by the numbering plans of the countries (extra ``contribute``: phonenumbers).

What ``phones`` finds by form stays found. Here a run of digits counts as well if it is a valid number of a country
(ITU-T E.164 and the national plans, as the package has them) *and* the text gives a reason to read it as a telephone
number: a +, a word near it that says so, or groups as the country writes them. A valid number alone is no reason:
many an order number of ten digits is valid somewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from amends.checks.phones import DATE, fictional, is_reference, phones

COUNTRIES = ("US", "GB", "DE", "FR", "ES", "IT", "NL", "AU", "IN", "BR")
"""Countries whose national numbers are looked for where neither an option nor the text names one."""

_RUN = re.compile(r"(?<![\w.,/#@-])(?:\+[ ]?|\()?\d(?:[ \u00a0().\-–/]{0,3}\d){6,17}(?![\w@]|[.,]\d)")
_SAYS = re.compile(
    r"(?i)(?<![^\W_])(?:phone|phoned?|tel|telephone|call|calls|ring|rung|mobile|mob|cell|cellphone|whatsapp|sms|text me"
    r"|reach|landline|hotline|dial|contact|number|hold of|voicemail|telefon\w*|handy\w*|mobil|nummer|t[ée]l"
    r"|t[ée]l[ée]phone|portable|tel[ée]fono|m[óo]vil|cellulare|telefone|celular|bel(?:len)?|ruf\w*|anruf\w*|appel\w*|ll[áa]m\w*"
    r"|chiam\w*|ligu?\w{0,3})(?![^\W_])[^.!?\n\d]{0,40}\Z"
)
_NO_PHONE = re.compile(
    r"(?i)(?<![^\W_])(?:order|ref|reference|case|ticket|invoice|tracking|booking|policy|account|claim|parcel|serial"
    r"|receipt|confirmation|reservation|imei|sku|item|model|meter|customer|member(?:ship)?|card|contract|batch|vat"
    r"|passport|licen[cs]e|postcode|zip|isbn|barcode|article|file|job|consignment|shipment|refund|amount|sort code"
    r"|bestellung|kunden\w*|rechnung|commande|pedido|ordine|bestelling)[^.!?\n]{0,30}\Z"
)
_PAIRS = re.compile(r"0[1-9]([ .-])\d\d(?:\1\d\d){3}\Z")
"""A French number, which begins like a date."""
_HINTS = {
    "US": r"U\.?S\.?A?|United States|New York|Chicago|Texas|California|Boston|Florida",
    "GB": r"UK|England|Scotland|Wales|London|Leeds|Manchester|Glasgow|Birmingham",
    "DE": r"Germany|Deutschland|Berlin|Hamburg|München|Munich|Köln|Frankfurt|und|nicht|bitte|ist",
    "FR": r"France|Paris|Lyon|Marseille|Toulouse|est|vous|merci|bonjour|le|les",
    "ES": r"Spain|España|Madrid|Barcelona|Sevilla|Valencia|gracias|hola|mi|por favor|el",
    "IT": r"Italy|Italia|Milano|Milan|Roma|Rome|Torino|grazie|il mio|buongiorno",
    "NL": r"Netherlands|Nederland|Amsterdam|Rotterdam|Utrecht|het|een|graag|mijn",
    "AU": r"Australia|Sydney|Melbourne|Brisbane|Perth|Adelaide|NSW|Queensland",
    "IN": r"India|Mumbai|Delhi|Bengaluru|Bangalore|Chennai|Pune|Hyderabad|Kolkata|lakh|rupees?|₹",
    "BR": r"Brazil|Brasil|São Paulo|Rio de Janeiro|Brasília|você|obrigad[oa]|não|meu|R\$",
}
_HINT = {country: re.compile(rf"(?<!\w)(?:{words})(?!\w)") for country, words in _HINTS.items()}
_LEAST_HINTS = {"DE": 2, "FR": 2, "ES": 2, "IT": 1, "NL": 2}
"""Words of a language count from the second on: a lone "el" is no Spaniard."""
_NAMED = 1
_USUAL = {
    "US": ((3, 3, 4), (1, 3, 3, 4)),
    "GB": ((5, 6), (5, 3, 3), (3, 4, 4), (4, 3, 4), (4, 4, 3), (4, 7), (5, 2, 4)),
    "DE": ((4, 7), (4, 8), (4, 3, 4), (4, 4, 4), (5, 7), (3, 8), (3, 7), (3, 4, 4), (3, 3, 2, 3), (4, 2, 2, 2, 2)),
    "FR": ((2, 2, 2, 2, 2),),
    "ES": ((3, 2, 2, 2), (3, 3, 3)),
    "IT": ((3, 7), (3, 3, 4), (2, 8), (2, 4, 4), (3, 3, 2, 2), (3, 2, 2, 3)),
    "NL": ((2, 8), (3, 7), (2, 4, 4), (2, 2, 2, 2, 2), (3, 3, 4), (3, 3, 2, 2)),
    "AU": ((4, 3, 3), (2, 4, 4), (2, 8)),
    "IN": ((5, 5), (1, 5, 5), (4, 3, 3), (3, 4, 4), (3, 8)),
    "BR": ((2, 5, 4), (2, 4, 4), (3, 5, 4), (2, 9)),
}
"""Sizes of the groups in which a country's numbers are written, the leading 0 counted."""
_LEAST_DIGITS = 9
"""Shorter ones are valid somewhere too, and mostly something else."""
_ALONE = {"FR", "US", "IN", "BR"}
"""Where those groups are reason enough; a 3-3-3 is as often an amount."""


def numbers(text: str, fiction: bool = False, country: str | None = None) -> Iterator[tuple[int, int]]:
    """Spans of telephone numbers, in order: by form, and with the extra by the numbering plans.

    Args:
        text: of any kind; offsets are of its code points.
        fiction: count numbers that regulators keep for fiction as well.
        country: two letters (ISO 3166-1) of where the text was written; None: the text may tell.
    """
    found = list(phones(text, fiction))
    package = _package() if any(_RUN.finditer(text)) else None
    for m in _RUN.finditer(text) if package is not None else ():
        if all(m.end() <= a or m.start() >= b for a, b in found) and _dialled(package, text, m, fiction, country):
            found.append(m.span())
    yield from sorted(found)


@cache
def _package() -> Any:
    """The package, or None without the extra."""
    try:
        import phonenumbers
    except ImportError:
        return None
    return phonenumbers


def told(text: str) -> tuple[str, ...]:
    """Countries that a text names, by itself, a town, or words of its language."""
    return tuple([c for c, hint in _HINT.items() if len(set(hint.findall(text))) >= _LEAST_HINTS.get(c, _NAMED)])


def _dialled(package: Any, text: str, m: re.Match[str], fiction: bool, country: str | None) -> bool:
    written, before = m[0], text[max(0, m.start() - 60) : m.start()]
    digits = re.sub(r"\D", "", written)
    if len(digits) < _LEAST_DIGITS or len(set(digits)) <= 2 or (not fiction and fictional(digits)):
        return False
    if written.startswith("+") or (digits.startswith("00") and re.match(r"00[1-9]", written)):
        abroad = digits.removeprefix("00") if not written.startswith("+") else digits
        return not is_reference(before) and _valid(package, f"+{abroad}", None)
    date = DATE.match(written) is not None and not _PAIRS.match(written)
    if is_reference(before) or _NO_PHONE.search(before) or date:
        return False
    named = (country,) if country else told(text)
    says = _SAYS.search(before) is not None
    groups = tuple([len(group) for group in re.findall(r"\d+", written)])
    for region in named or COUNTRIES:
        usual = groups in _USUAL.get(region, ()) and (len(groups) > 1)
        reason = (
            says
            or (usual and (region in named or region in _ALONE))
            or (bool(country) and (written[0] == "0" or len(groups) > 1))
        )
        if reason and _valid(package, written, region):
            return True
    return False


def _valid(package: Any, number: str, region: str | None) -> bool:
    try:
        return bool(package.is_valid_number(package.parse(number, region)))
    except package.NumberParseException:
        return False
