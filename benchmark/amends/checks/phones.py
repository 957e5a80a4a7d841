"""Telephone numbers in running text, told apart from order numbers, dates and amounts.

A number counts as a telephone number by its form (a leading + or 0 and 9 to 15 digits, or the North American
3-3-4 with separators), or by a word before it that says so ("call me on 2125550134"). Numbers from the ranges that
regulators keep for fiction are fine.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_RUN = re.compile(r"(?<![\w.,/#-])(?:\+\s?|\()?\d(?:[ ().\-/]{0,3}\d){6,24}(?![\w])")
"""A longest run of digits and of what stands between the groups of a telephone number."""

_REFERENCE = re.compile(
    r"(?i)(?:order|reference|ticket|invoice|tracking|track|booking|policy|account|claim|parcel|serial|receipt"
    r"|confirmation|reservation|customer|client|member|membership|contract|imei|meter|numbered"
    r"|(?<![^\W\d_])(?:ref|case|sku|item|model|po|id|code))"
    r"(?:[ ]?(?:number|no|nr|num|id|code|is|was|ref))?[ .:#]{0,3}\Z"
)
_CODE = re.compile(r"\b(?:[A-Z]+\d|\d+[A-Z])\w*[ ]\Z")
"""A group of letters and digits: what follows is more of the same code ("1Z 999 AA1 01 2345 6784")."""

_CALLING = re.compile(
    r"(?i)(?:phone|tel|telephone|call|calls|ring|mobile|cell|cellphone|whatsapp|sms|text|reach|fax|landline|hotline"
    r"|helpline)(?:[ ](?:me|us|them|him|her|is|on|at|to|number|no|line|my|our|the|back)){0,4}[ .:(]{0,3}\Z"
)
_BEFORE = 40

DATE = re.compile(r"(?:\d{1,2}[./-]\d{1,2}[./-](?:19|20)?\d\d|(?:19|20)\d\d[./-]\d{1,2}[./-]\d{1,2})(?!\d)")
"""How dates are written in digits."""
_NORTH_AMERICAN = re.compile(r"(?:1[ .-]?)?\(?[2-9]\d\d\)?[ .-]{1,2}[2-9]\d\d[ .-]\d{4}\Z")
_WITH_CODE = re.compile(r"\(0\d{1,4}\)")

_FICTION = re.compile(
    r"(?:"
    r"1?\d{3}555(?:01\d\d)"  # North America: 555-0100 to 555-0199 in any area
    r"|(?:0|44|440)(?:1632\d{6}|7700900\d{3}|2079460\d{3}|1(?:1[3-8]|[2-6]1)4960\d{3}|1914980\d{3}"
    r"|2896496\d{3}|2920180\d{3}|8081570\d{3}|9098790\d{3}|3069990\d{3})"  # Ofcom's numbers for drama
    r"|(?:0|61)(?:[2378](?:5550|7010)\d{4}|49157\d{4})"  # Australia (ACMA)
    r"|(?:0|33)(?:199|261|353|465|536|639)\d{6}"  # France (ARCEP), with the pairs checked by their first three
    r"|(?:0|49)(?:3023125\d{3}|4066969\d{3}|6990009\d{3}|8999998\d{3}|2214710\d{3})"  # Germany (BNetzA)
    r"|(?:0|353)2091\d{5}"  # Ireland (ComReg)
    r")\Z"
)


def fictional(digits: str) -> bool:
    """Tell whether a number, its digits alone, is of a range that a regulator keeps for fiction."""
    return _FICTION.match(digits) is not None or _FICTION.match(digits.removeprefix("00")) is not None


def is_reference(before: str) -> bool:
    """Tell whether the text before a number says that it is one of an order, a ticket or the like."""
    return _REFERENCE.search(before) is not None or _CODE.search(before) is not None


def phones(text: str, fiction: bool = False) -> Iterator[tuple[int, int]]:
    """Spans of telephone numbers of real ranges, in order.

    Args:
        text: of any kind; offsets are of its code points.
        fiction: count numbers that regulators keep for fiction as well.
    """
    for run in _RUN.finditer(text):
        start = run.start()
        end = _number_end(text, start, run.end())
        before = text[max(0, start - _BEFORE) : start]
        if end is not None and _is_phone(text[start:end], before, fiction):
            yield start, end


def _number_end(text: str, start: int, end: int) -> int | None:
    """Where the number ends: a short group after a blank may belong to the next words ("020 7946 0958 24 hours")."""
    while (digits := sum(c.isdigit() for c in text[start:end])) > 15 or (digits > 11 and text[start] == "0"):
        cut = text.rfind(" ", start, end)
        if cut < 0 or end - cut > 3:
            return None
        end = cut
    return end


def _is_phone(number: str, before: str, fiction: bool) -> bool:
    digits = re.sub(r"\D", "", number)
    if len(set(digits)) <= 2:
        return False
    if not fiction and fictional(digits):
        return False
    if number.startswith("+"):
        return 8 <= len(digits) <= 15
    if is_reference(before) or DATE.match(number):
        return False
    if _CALLING.search(before):
        return 7 <= len(digits) <= 15 and len(re.split(r"\D+", number)) <= 5
    if _NORTH_AMERICAN.match(number):
        return True
    if not (number.startswith("0") or _WITH_CODE.match(number)) or not 9 <= len(digits) <= 11 or digits[:2] == "00":
        return False
    # without a gap only the 11 digits of a British number are form enough: other long numbers start with 0 too
    return number != digits or (len(digits) == 11 and digits[1] in "1237")
